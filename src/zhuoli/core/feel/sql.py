"""From a checked tree to SQL for DuckDB or Spark, with the outcomes, and the refusals, of the Python form.

``and`` and ``or`` become CASE, which asks from left to right and stops, so that a missing answer is an error exactly
where it is one in Python. Names and values are quoted here; nothing an author wrote gets into the SQL unquoted.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal as OneOf

from zhuoli.core.feel.errors import FeelErrors
from zhuoli.core.feel.measure import digits
from zhuoli.core.feel.tree import (
    And,
    Call,
    Compare,
    Exactly,
    Literal,
    Name,
    Node,
    Not,
    Or,
    Product,
    Sum,
    Test,
    Within,
    children,
    names_in,
    parts_of,
    type_of,
)
from zhuoli.core.feel.types import Type, written
from zhuoli.core.text import Mistake, Text

Dialect = OneOf["duckdb", "spark"]

MAX_REPEATED = 4
"""A column is written out so many times before it gets a word of its own, which costs the engine a list per row."""


def expression(node: Node, columns: Mapping[str, str], dialect: Dialect = "duckdb") -> str:
    """Return the SQL expression of a checked tree; ``columns`` maps names to ``column`` or ``alias.column``.

    Raises:
        FeelErrors: a name has no column.
    """
    require_columns(names_in(node), columns)
    return Emitter(columns, dialect, wide=calculates(node)).node(node)


def require_columns(names: Sequence[str], columns: Mapping[str, str]) -> None:
    """Refuse names that have no column.

    Raises:
        FeelErrors: with one mistake for every such name.
    """
    missing = [name for name in names if name not in columns]
    if missing:
        raise FeelErrors(
            [
                Mistake(
                    code="no_column",
                    message=Text(f"“{name}”没有对应的列", f'"{name}" has no column'),
                    remedy=Text("请给出它的列名", "say which column holds it"),
                )
                for name in missing
            ]
        )


class Emitter:
    """Writes nodes as SQL. ``wide``: numbers are calculated, so they are widened until sums and products fit."""

    def __init__(self, columns: Mapping[str, str], dialect: Dialect, *, wide: bool = False) -> None:
        self.columns = columns
        self.spark = dialect == "spark"
        self.wide = wide
        self.lets = 0
        self.let_word = "let"
        while any(self.let_word in column.lower() for column in columns.values()):
            self.let_word += "_"

    def node(self, node: Node) -> str:
        """Return the SQL of a node."""
        match node:
            case Literal(value=value):
                return self._number(node) if _kind(node) in ("number", "days") else self.literal(value)
            case Name(name=name, type=kind) if kind is not None:
                return self.name(name, kind)
            case Sum():
                return self._sum(node)
            case Product(factors=factors):
                return f"({' * '.join(self.node(factor) for factor in factors)})"
            case Call():
                return self._call(node)
            case Compare(operator=operator, left=left, right=right):
                return f"({self.node(left)} {'<>' if operator == '!=' else operator} {self.node(right)})"
            case Within():
                return self._within(node)
            case Not(item=item):
                return f"(NOT {self.node(item)})"
            case And(items=items):
                return self.all(self.node(item) for item in items)
            case Or(items=items):
                return self.any([self.node(item) for item in items])
        raise AssertionError(node)  # pragma: no cover - the check leaves nothing else

    def all(self, parts: Iterable[str]) -> str:
        """Join conditions so that a later one is only asked if the earlier ones hold."""
        items = list(parts)
        if not items:
            return "TRUE"
        if len(items) == 1:
            return items[0]
        tests = " ".join(f"WHEN NOT {item} THEN FALSE" for item in items[:-1])
        return f"(CASE {tests} ELSE {items[-1]} END)"

    def any(self, items: Sequence[str]) -> str:
        """Join conditions so that a later one is only asked if the earlier ones do not hold."""
        if len(items) == 1:
            return items[0]
        tests = " ".join(f"WHEN {item} THEN TRUE" for item in items[:-1])
        return f"(CASE {tests} ELSE {items[-1]} END)"

    def literal(self, value: object) -> str:
        """Return a constant."""
        match value:
            case bool():
                return "TRUE" if value else "FALSE"
            case str():
                return self.text(value)
            case datetime.date():
                return f"DATE '{value.isoformat()}'"
            case int() | Decimal():
                return written(value) if value >= 0 else f"({written(value)})"
        raise AssertionError(value)  # pragma: no cover - there are no other constants

    def text(self, value: str) -> str:
        """Return a text constant; Spark reads a backslash as an escape, DuckDB does not."""
        escaped = value.replace("\\", "\\\\").replace("'", "\\'") if self.spark else value.replace("'", "''")
        return f"'{escaped}'"

    def error(self, message: str) -> str:
        """Return an expression that makes the query fail."""
        return f"{'raise_error' if self.spark else 'error'}({self.text(message)})"

    def array(self, items: Sequence[str]) -> str:
        """Return an array."""
        return f"array({', '.join(items)})" if self.spark else f"[{', '.join(items)}]"

    def let(self, value: str, body: Callable[[str], str], *, always: bool = False) -> str:
        """Return ``body`` with a short word for ``value``, so that SQL does not grow with every use of it."""
        if len(value) <= 40 and not always:
            return body(value)
        self.lets += 1
        word = f"{self.let_word}{self.lets}"
        if self.spark:
            return f"transform(array({value}), {word} -> {body(word)})[0]"
        return f"list_transform([{value}], lambda {word}: {body(word)})[1]"

    def column(self, name: str) -> str:
        """Return the quoted column of a name."""
        quote = "`" if self.spark else '"'
        parts = self.columns[name].split(".")
        return ".".join(quote + part.replace(quote, quote * 2) + quote for part in parts)

    def name(self, name: str, kind: Type) -> str:
        """Return a name's value, or the failure that Python raises for a missing or a wrong one."""
        column = self.column(name)
        missing = self.error(f"missing_answer: {name}")
        wrong = self.error(f"wrong_value: {name}")
        value = column
        checks = ""
        match kind.kind:
            case "choice":
                values = ", ".join(self.text(item) for item in kind.values)
                checks = f" WHEN {column} NOT IN ({values}) THEN {wrong}"
            case "many":
                items = [self.text(item) for item in kind.values]
                checks = f" WHEN {self._strange(column, items)} THEN {wrong}"
            case "number":
                value = f"CAST({column} AS DECIMAL(18,6))"
                if kind.whole:
                    checks = f" WHEN {value} <> round({value}, 0) THEN {wrong}"
                    value = f"CAST({column} AS DECIMAL(18,0))"
                if self.wide and not self.spark:
                    value = f"CAST({value} AS DECIMAL(38,{0 if kind.whole else 6}))"
            case _:
                pass
        return f"(CASE WHEN {column} IS NULL THEN {missing}{checks} ELSE {value} END)"

    def _number(self, node: Literal) -> str:
        """Return a number; where numbers are calculated, as a DECIMAL or BIGINT that does not overflow as INT does."""
        found = self.literal(node.value)
        if _kind(node) == "days":
            return f"CAST({found} AS BIGINT)"
        if not self.wide:
            return found
        before, after = digits(node)
        return f"CAST({found} AS DECIMAL({max(before + after, 1) if self.spark else 38},{after}))"

    def _strange(self, column: str, items: Sequence[str]) -> str:
        if self.spark:
            return f"size(array_except({column}, {self.array(items)})) > 0"
        return f"len(list_filter({column}, lambda e: e IS NULL OR e NOT IN ({', '.join(items)}))) > 0"

    def _sum(self, node: Sum) -> str:
        code, kind = "", ""
        for index, (sign, term) in enumerate(node.terms):
            part, this = self.node(term), _kind(term)
            if index == 0:
                code, kind = part if sign > 0 else f"(- {part})", this
            elif kind == "date" and this == "date":
                code, kind = self._between(code, part), "days"
            elif kind == "date":
                code = self._shift(code, part if sign > 0 else f"(- {part})")
            elif this == "date":
                code, kind = self._shift(part, f"({code})"), "date"
            else:
                code = f"{code} {'+' if sign > 0 else '-'} {part}"
        return f"({code})"

    def _between(self, later: str, earlier: str) -> str:
        return f"datediff({later}, {earlier})" if self.spark else f"({later} - {earlier})"

    def _shift(self, day: str, days: str) -> str:
        wrong = self.error("wrong_value: date ± days")

        def moved(d: str, n: str) -> str:
            first, last = self._between("DATE '0001-01-01'", d), self._between("DATE '9999-12-31'", d)
            after = f"date_add({d}, CAST({n} AS INT))" if self.spark else f"({d} + CAST({n} AS INTEGER))"
            return f"(CASE WHEN {n} < {first} OR {n} > {last} THEN {wrong} ELSE {after} END)"

        return self.let(day, lambda d: self.let(days, lambda n: moved(d, n)))

    def _call(self, node: Call) -> str:
        first = node.arguments[0]
        if node.function == "answered" and isinstance(first, Name):
            return f"({self.column(first.name)} IS NOT NULL)"
        parts = [self.node(item) for item in node.arguments]
        match node.function:
            case "contains":
                return f"{'array_contains' if self.spark else 'list_contains'}({parts[0]}, {parts[1]})"
            case "count":
                return self._small(f"{'size' if self.spark else 'len'}({parts[0]})")
            case "date" if self.spark:
                return f"to_date(from_utc_timestamp(timestamp_millis({parts[0]}), 'Asia/Shanghai'))"
            case "date":
                return f"CAST(epoch_ms({parts[0]}) AT TIME ZONE 'UTC' AT TIME ZONE 'Asia/Shanghai' AS DATE)"
            case "days":
                return f"CAST({parts[0]} AS BIGINT)"
            case "datetime":
                return parts[0]
            case "round":
                places = node.arguments[1]
                return f"round({parts[0]}, {places.value if isinstance(places, Literal) else 0})"
            case _:
                return self._small(self._age(parts[0], parts[1]))

    def _small(self, count: str) -> str:
        if not self.wide:
            return count
        return f"CAST({count} AS DECIMAL({6 if self.spark else 38},0))"

    def _age(self, birth: str, on: str) -> str:
        wrong = self.error("wrong_value: age")

        def years(b: str, o: str) -> str:
            before = f"month({o}) * 100 + day({o}) < month({b}) * 100 + day({b})"
            whole = f"year({o}) - year({b}) - CASE WHEN {before} THEN 1 ELSE 0 END"
            return f"(CASE WHEN {o} < {b} THEN {wrong} ELSE {whole} END)"

        return self.let(birth, lambda b: self.let(on, lambda o: years(b, o)))

    def _within(self, node: Within) -> str:
        if not node.tests:
            return "TRUE"
        value = self.node(node.value)
        same = [
            self.node(test.value)
            for test in node.tests
            if isinstance(test, Exactly) and isinstance(test.value, Literal)
        ]
        if _kind(node.value) == "many":
            overlap = "arrays_overlap" if self.spark else "list_has_any"
            inside = f"{overlap}({value}, {self.array(same)})"
        elif len(same) == len(node.tests):
            inside = f"({value} IN ({', '.join(same)}))"
        else:
            inside = self._tests(node, value)
        return f"(NOT {inside})" if node.negated else inside

    def _tests(self, node: Within, value: str) -> str:
        def each(word: str) -> str:
            return self.any([self._test(word, test) for test in node.tests])

        uses = sum(len(parts_of(test)) for test in node.tests)
        direct = uses == 1 or (uses <= MAX_REPEATED and isinstance(node.value, Name))
        return each(value) if direct else self.let(value, each)

    def _test(self, value: str, test: Test) -> str:
        if isinstance(test, Exactly):
            return f"({value} = {self.node(test.value)})"
        parts = []
        if test.low is not None:
            parts.append(f"({value} {'>=' if test.low_closed else '>'} {self.node(test.low)})")
        if test.high is not None:
            parts.append(f"({value} {'<=' if test.high_closed else '<'} {self.node(test.high)})")
        return self.all(parts)


def _kind(node: Node) -> str:
    found = type_of(node)
    return found.kind if found is not None else ""


def calculates(node: Node) -> bool:
    """Tell whether the node adds or multiplies numbers."""
    if isinstance(node, Sum | Product) and _kind(node) == "number":
        return True
    return any(calculates(child) for child in children(node))
