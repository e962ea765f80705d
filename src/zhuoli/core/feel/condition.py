"""Conditions and calculations as an author writes them, checked and made ready to run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Generic, TypeVar

from zhuoli.core.feel.check import check, check_boolean
from zhuoli.core.feel.constant import constant_outcome
from zhuoli.core.feel.errors import FeelErrors, RunError
from zhuoli.core.feel.measure import digits
from zhuoli.core.feel.parser import parse
from zhuoli.core.feel.python import function_of
from zhuoli.core.feel.sql import Dialect, expression
from zhuoli.core.feel.tree import Node, names_in, type_of
from zhuoli.core.feel.types import BOOLEAN, DECIMALS, Type
from zhuoli.core.feel.words import in_words
from zhuoli.core.text import Mistake, Text

Outcome = TypeVar("Outcome")


class _Expression(Generic[Outcome]):
    """What conditions and calculations have in common."""

    __slots__ = ("evaluate", "names", "text", "tree")

    def __init__(self, text: str, tree: Node, evaluate: Callable[[Mapping[str, Any]], Outcome]) -> None:
        self.text = text
        """The expression as it was written."""
        self.tree = tree
        self.names: frozenset[str] = frozenset(names_in(tree))
        """The names that it depends on."""
        self.evaluate = evaluate
        """Give the outcome for values keyed by full dotted name.

        Raises:
            MissingAnswer: a name that is needed is absent or ``None``.
            WrongValue: a value does not belong to its declared type.
        """

    def sql(self, columns: Mapping[str, str], dialect: Dialect = "duckdb") -> str:
        """Return the same expression in SQL; ``columns`` maps each name to ``column`` or ``alias.column``.

        The columns hold VARCHAR for text and choices, an integer or DECIMAL (6 decimals at most) for numbers, BOOLEAN,
        DATE, BIGINT milliseconds for points in time, BIGINT for days, VARCHAR[] for many. The query fails
        (``error``, ``raise_error``) where ``evaluate`` raises.

        Raises:
            FeelErrors: a name has no column.
        """
        return expression(self.tree, columns, dialect)

    def in_words(self, labels: Mapping[str, Text] | None = None) -> Text:
        """Say the expression in words; ``labels`` maps names, and ``name=choice``, to their labels."""
        return in_words(self.tree, labels or {})

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.text!r})"


class Condition(_Expression[bool]):
    """Something that holds or does not hold for given values."""

    __slots__ = ()

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether it holds as far as can be told now: what has no answer yet, or none for these values, does not hold yet."""
        try:
            return self.evaluate(values)
        except RunError:
            return False

    def constant(self) -> bool | None:
        """Return ``True`` or ``False`` if the outcome is the same whatever is answered, else ``None``.

        ``None`` is also the answer where this cannot be told: calculations, comparisons between two names, or too many
        combinations.
        """
        return constant_outcome(self.tree)


class Value(_Expression[Any]):
    """A calculation; numbers come out as ``int`` where they are whole, else as ``Decimal``."""

    __slots__ = ("type",)

    def __init__(
        self, text: str, tree: Node, evaluate: Callable[[Mapping[str, Any]], Any], kind: Type
    ) -> None:
        super().__init__(text, tree, evaluate)
        self.type = kind
        """The type of the outcome."""

    def sql(self, columns: Mapping[str, str], dialect: Dialect = "duckdb") -> str:
        """Return the same calculation in SQL, a number as DECIMAL(18,6); see ``Condition.sql``.

        Raises:
            FeelErrors: a name has no column.
        """
        found = super().sql(columns, dialect)
        return f"CAST({found} AS DECIMAL(18,6))" if self.type.kind == "number" else found


def compile_condition(text: str, names: Mapping[str, Type]) -> Condition:
    """Return the condition that ``text`` states about ``names``.

    Raises:
        FeelErrors: the text holds mistakes; all that could be found are listed.
    """
    return _condition(text, frozenset(names.items()))


@lru_cache(maxsize=2_048)
def _condition(text: str, named: frozenset[tuple[str, Type]]) -> Condition:
    """Thousands of scenarios share their life cycles, and with them their conditions: compiled once."""
    tree = _tree(text, dict(named), condition=True)
    return Condition(text, tree, function_of(tree))


def compile_value(text: str, names: Mapping[str, Type]) -> Value:
    """Return the calculation that ``text`` states; its ``type`` follows from the names.

    Raises:
        FeelErrors: the text holds mistakes; all that could be found are listed.
    """
    tree = _tree(text, names, condition=False)
    return Value(text, tree, function_of(tree, value=True), type_of(tree) or BOOLEAN)


def _tree(text: str, names: Mapping[str, Type], *, condition: bool) -> Node:
    mistakes: list[Mistake] = []
    tree = parse(text, mistakes, frozenset(names))
    if tree is not None:
        tree = check(tree, names, mistakes)
        if condition:
            check_boolean(tree, mistakes)
        else:
            _check_decimals(tree, mistakes)
    if mistakes or tree is None:
        raise FeelErrors([mistake.at(line=1) for mistake in dict.fromkeys(mistakes)])
    return tree


def _check_decimals(tree: Node, mistakes: list[Mistake]) -> None:
    kind = type_of(tree)
    if kind is not None and kind.kind == "number" and digits(tree)[1] > DECIMALS:
        mistakes.append(
            Mistake(
                code="too_many_decimals",
                message=Text(
                    f"结果可能超过 {DECIMALS} 位小数", f"the outcome can have more than {DECIMALS} decimals"
                ),
                remedy=Text("请用 round(…, 2) 四舍五入", "round it, such as round(…, 2)"),
                column=tree.at,
            )
        )
