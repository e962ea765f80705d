"""Decision tables: read from CSV, checked, decided, turned into SQL, and explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhuoli.core.feel.decide import Decision, decider
from zhuoli.core.feel.gaps import gaps_and_overlaps
from zhuoli.core.feel.rules import LIST_POLICIES, HitPolicy, Rule, Rules
from zhuoli.core.feel.sql import Dialect
from zhuoli.core.feel.table_reader import read_rules
from zhuoli.core.feel.table_sql import fired_rule, output_expressions
from zhuoli.core.feel.tree import names_in
from zhuoli.core.feel.types import Type, choice, number
from zhuoli.core.feel.words import Labels, constant_in_words, joined, tests_in_words
from zhuoli.core.text import Mistake, Text


class Table:
    """A decision table. ``decide`` is a generated function, made when the table is read."""

    __slots__ = ("decide", "names", "outputs", "rules")

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        """The table as it was read."""
        self.names: frozenset[str] = frozenset(name for each in rules.inputs for name in names_in(each.node))
        """The names that the table depends on."""
        self.outputs: Mapping[str, Type] = {
            output.name: _outcome_type(rules.policy, output.type, output.order) for output in rules.outputs
        }
        """The type of every output. A list policy (R, O, C) gives a tuple of values of that type."""
        self.decide: Callable[[Mapping[str, Any]], Decision] = decider(rules)
        """Give the decision for values keyed by full dotted name.

        A rule's cells are asked from left to right and ``-`` asks nothing, so an answer may be missing where no cell
        that still matters looks at it. FIRST asks rules from top to bottom until one fits; other policies ask all.

        Raises:
            MissingAnswer: an answer that is needed is absent or ``None``.
            WrongValue: a value does not belong to its declared type.
            NoRule: no rule fits and there is no else row (not for R, O, C, C#).
            ManyRules: two rules fit under U, or rules that disagree fit under A.
        """

    @property
    def file(self) -> str:
        """The file's name, for messages."""
        return self.rules.file

    @property
    def policy(self) -> HitPolicy:
        """The hit policy; ``HIT_POLICIES`` says in words what each means."""
        return self.rules.policy

    @property
    def gives_lists(self) -> bool:
        """Tell whether outcomes are tuples of values."""
        return self.policy in LIST_POLICIES

    def sql(self, columns: Mapping[str, str], dialect: Dialect = "duckdb") -> dict[str, str]:
        """Return one SQL expression per output, equal to ``decide``; the query fails where ``decide`` raises.

        ``columns`` maps each name to ``column`` or ``alias.column``; see ``Condition.sql`` for their types.

        Raises:
            FeelErrors: a name has no column (``no_column``), or the policy gives lists (``no_sql_for_lists``).
        """
        return output_expressions(self.rules, columns, dialect)

    def sql_rule(self, columns: Mapping[str, str], dialect: Dialect = "duckdb") -> str:
        """Return the SQL expression for the number of the rule that fired (0: the else row); for U, F and P only.

        Raises:
            FeelErrors: a name has no column, or more than one rule can fire (``no_sql_for_lists``).
        """
        return fired_rule(self.rules, columns, dialect)

    def gaps_and_overlaps(self, labels: Labels | None = None) -> list[Mistake]:
        """Return what no rule covers, what several rules claim, and rules that can never fire, each with an example."""
        return gaps_and_overlaps(self.rules, labels or {})

    def rule_in_words(self, number: int, labels: Labels | None = None, *, only_known: bool = False) -> Text:
        """Say a rule in words: its conditions and its outcome; 0 is the else row.

        ``only_known`` leaves out outputs that ``labels`` has no words for, instead of giving their raw names.

        Raises:
            KeyError: there is no rule with this number.
        """
        said = labels or {}
        rule = self._rule(number)
        conditions = [
            tests_in_words(each.node, cell.tests, cell.negated, said)
            for each, cell in zip(self.rules.inputs, rule.cells, strict=False)
            if cell.tests
        ]
        outcomes = []
        for output, value in zip(self.rules.outputs, rule.outputs, strict=True):
            raw = output.name not in said or (isinstance(value, str) and f"{output.name}={value}" not in said)
            if only_known and raw:
                continue
            label = said.get(output.name, Text(output.name, output.name))
            kind = output.type.kind
            outcome = constant_in_words(
                value, output.name, said, days=kind == "days", instant=kind == "datetime"
            )
            outcomes.append(Text(f"{label.zh}为{outcome.zh.strip()}", f"{label.en} is {outcome.en}"))
        then = Text("，".join(item.zh for item in outcomes), " and ".join(item.en for item in outcomes))
        when = joined(conditions, Text("并且", " and ")) if conditions else None
        if not outcomes:
            return _without_outcome(number, when)
        if number == 0:
            return Text(f"其他情况下，{then.zh}", f"otherwise {then.en}")
        if when is None:
            return Text(f"任何情况下，{then.zh}", f"in any case {then.en}")
        return Text(f"如果{when.zh}，则{then.zh}", f"if {when.en}, then {then.en}")

    def _rule(self, number: int) -> Rule:
        if number == 0 and self.rules.otherwise is not None:
            return self.rules.otherwise
        for rule in self.rules.rules:
            if rule.number == number:
                return rule
        raise KeyError(number)

    def __repr__(self) -> str:
        return f"Table({self.file!r}, {self.policy}, {len(self.rules.rules)} rules)"


def read_table(
    csv_text: str,
    inputs: Mapping[str, Type],
    outputs: Mapping[str, Type] | None = None,
    file: str = "",
) -> Table:
    """Return the decision table in a CSV text (``decode_csv`` turns the bytes of a file into text).

    ``inputs`` are the names that headings may use; ``outputs``, where given, the outputs that the table must have.
    The layout is in docs/authors/expressions.md.

    Raises:
        FeelErrors: every mistake in the sheet, with ``line`` (row), ``column``, text and remedy.
    """
    return Table(read_rules(csv_text, inputs, outputs, file))


def _outcome_type(policy: HitPolicy, kind: Type, order: tuple[Any, ...]) -> Type:
    if policy == "C#":
        return number(low=0, whole=True)
    if kind.kind == "text" and order:
        return choice([str(value) for value in order])
    return kind


def _without_outcome(number: int, when: Text | None) -> Text:
    """Say only when a rule holds."""
    if number == 0:
        return Text("没有列出的其他情况", "any case that is not listed")
    return when or Text("任何情况", "any case")
