"""Decision tables in SQL. Rules are asked as in Python: cells from left to right, all rules except under FIRST."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhuoli.core.feel.decide import in_order
from zhuoli.core.feel.errors import FeelErrors
from zhuoli.core.feel.rules import LIST_POLICIES, Rule, Rules
from zhuoli.core.feel.sql import Dialect, Emitter, calculates, require_columns
from zhuoli.core.feel.tree import Constant, names_in
from zhuoli.core.text import Mistake, Text


def output_expressions(table: Rules, columns: Mapping[str, str], dialect: Dialect) -> dict[str, str]:
    """Return an SQL expression for each output.

    Raises:
        FeelErrors: a name has no column, or the policy gives lists.
    """
    if table.policy in LIST_POLICIES:
        raise FeelErrors([_lists(table)])
    writer = _Writer(table, columns, dialect)
    return {output.name: writer.output(index) for index, output in enumerate(table.outputs)}


def fired_rule(table: Rules, columns: Mapping[str, str], dialect: Dialect) -> str:
    """Return an SQL expression for the number of the rule that fired.

    Raises:
        FeelErrors: a name has no column, or more than one rule can fire.
    """
    if table.policy not in ("U", "F", "P"):
        raise FeelErrors([_lists(table)])
    otherwise = None if table.otherwise is None else 0
    return _Writer(table, columns, dialect).single([rule.number for rule in table.rules], otherwise)


class _Writer:
    def __init__(self, table: Rules, columns: Mapping[str, str], dialect: Dialect) -> None:
        used = [
            each.node
            for index, each in enumerate(table.inputs)
            if any(rule.cells[index].tests for rule in table.rules)
        ]
        require_columns(list(dict.fromkeys(name for node in used for name in names_in(node))), columns)
        self.table = table
        self.sql = Emitter(columns, dialect, wide=any(calculates(node) for node in used))
        self.spark = dialect == "spark"
        self.conditions = [self._condition(rule) for rule in table.rules]

    def _condition(self, rule: Rule) -> str:
        return self.sql.all([self.sql.node(cell) for cell in rule.cells if cell.tests])

    def output(self, index: int) -> str:
        values = [rule.outputs[index] for rule in self.table.rules]
        match self.table.policy:
            case "C+" | "C<" | "C>" | "C#":
                return self._aggregate(values, index)
            case _:
                otherwise = self.table.otherwise
                return self.single(values, None if otherwise is None else otherwise.outputs[index])

    def single(self, values: Sequence[Constant], otherwise: Constant | None) -> str:
        """Return the one value among ``values``, one for each rule from top to bottom, that the policy picks."""
        none = self._none(otherwise)
        if self.table.policy == "F":
            tests = zip(self.conditions, values, strict=True)
            cases = " ".join(f"WHEN {test} THEN {self.sql.literal(value)}" for test, value in tests)
            return f"(CASE {cases} ELSE {none} END)"
        places, outcomes = self._places(values)
        hits = self.sql.array(
            [
                f"CASE WHEN {test} THEN {place} END"
                for test, place in zip(self.conditions, places, strict=True)
            ]
        )
        chosen = self.sql.array([self.sql.literal(value) for value in outcomes])
        least, most = ("array_min", "array_max") if self.spark else ("list_min", "list_max")
        pick = f"element_at({chosen}, {least}({{0}}))" if self.spark else f"({chosen})[{least}({{0}})]"
        clash = (
            "" if self.table.policy == "P" else f" WHEN {least}({{0}}) <> {most}({{0}}) THEN {self._many()}"
        )
        pattern = f"(CASE WHEN {least}({{0}}) IS NULL THEN {none}{clash} ELSE {pick} END)"
        return self.sql.let(hits, lambda word: pattern.replace("{0}", word), always=True)

    def _places(self, values: Sequence[Constant]) -> tuple[list[int], list[Constant]]:
        """Return for each rule the place of its value in a list of values, from 1."""
        rules = self.table.rules
        if self.table.policy == "P":
            ranked = in_order(self.table)
            by_line = {rule.line: value for rule, value in zip(rules, values, strict=True)}
            place = {rule.line: index for index, rule in enumerate(ranked, 1)}
            return [place[rule.line] for rule in rules], [by_line[rule.line] for rule in ranked]
        if self.table.policy == "A":
            outcomes: dict[tuple[Constant, ...], int] = {}
            picked: list[Constant] = []
            places = []
            for rule, value in zip(rules, values, strict=True):
                if rule.outputs not in outcomes:
                    outcomes[rule.outputs] = len(outcomes) + 1
                    picked.append(value)
                places.append(outcomes[rule.outputs])
            return places, picked
        return list(range(1, len(rules) + 1)), list(values)

    def _aggregate(self, values: Sequence[Constant], index: int) -> str:
        policy, otherwise = self.table.policy, self.table.otherwise
        none = "0" if policy == "C#" else self._none(None if otherwise is None else otherwise.outputs[index])
        count = "size(filter({0}, e -> e IS NOT NULL))" if self.spark else "list_count({0})"
        match policy:
            case "C<":
                result = "array_min({0})" if self.spark else "list_min({0})"
            case "C>":
                result = "array_max({0})" if self.spark else "list_max({0})"
            case "C#":
                result = count
            case _ if self.spark:
                zero = "CAST(0 AS DECIMAL(38,6))"
                added = "CAST(total + e AS DECIMAL(38,6))"
                result = f"aggregate(filter({{0}}, e -> e IS NOT NULL), {zero}, (total, e) -> {added})"
            case _:
                result = "list_sum({0})"
        number = policy in ("C+", "C<", "C>") and self.table.outputs[index].type.kind == "number"
        shown = [
            f"CAST({self.sql.literal(value)} AS DECIMAL(18,6))" if number else self.sql.literal(value)
            for value in values
        ]
        hits = self.sql.array(
            [f"CASE WHEN {test} THEN {value} END" for test, value in zip(self.conditions, shown, strict=True)]
        )
        pattern = f"(CASE WHEN {count} = 0 THEN {none} ELSE {result} END)"
        return self.sql.let(hits, lambda word: pattern.replace("{0}", word), always=True)

    def _none(self, otherwise: Constant | None) -> str:
        if otherwise is None:
            return self.sql.error(f"no_rule: {self.table.file}")
        return self.sql.literal(otherwise)

    def _many(self) -> str:
        return self.sql.error(f"many_rules: {self.table.file}")


def _lists(table: Rules) -> Mistake:
    return Mistake(
        code="no_sql_for_lists",
        message=Text(
            f"命中策略 {table.policy} 会有几条规则同时命中，不能写成 SQL",
            f"under the hit policy {table.policy} several rules fire, which SQL cannot hold in one value",
        ),
        remedy=Text("请改用 U、A、F、P 或 C+、C<、C>、C#", "use U, A, F, P or C+, C<, C>, C#"),
        file=table.file,
        line=1,
        column=1,
    )
