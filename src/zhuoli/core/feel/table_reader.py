"""From a CSV sheet to a decision table; every bad cell is refused with its place, its text and a remedy.

    U | when channel          | when form.amount | then liability | note article
    1 | joint_online          | < 50000          | "full"         | …
    2 | not("joint_online")   | -                | "shared"       | …

The first cell is the hit policy; below it stand the numbers of the rules. ``when`` (当) heads an input: a name or a
calculation. ``then`` (则) heads an output, ``note`` (注) a remark, ``note reason.zh`` and ``note reason.en`` one remark
in two languages. A row ``values`` (取值) lists the allowed outcomes, the most important first; a row ``else`` (否则)
holds the outcome where no rule fits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from zhuoli.core.feel.check import check
from zhuoli.core.feel.errors import FeelErrors
from zhuoli.core.feel.headings import Headings
from zhuoli.core.feel.parser import parse_cell
from zhuoli.core.feel.rules import (
    RANKED_POLICIES,
    ZERO_POLICIES,
    HitPolicy,
    Output,
    Rule,
    Rules,
)
from zhuoli.core.feel.sheet import Pad, read_sheet
from zhuoli.core.feel.tree import Constant, Exactly, Literal, Name, Node, Within
from zhuoli.core.feel.types import BOOLEAN, NUMBER, TEXT, WHOLE, Type, choice
from zhuoli.core.text import Mistake, Text

MAX_RULES = 2000
MAX_COLUMNS = 100

_VALUES = frozenset({"values", "取值"})
_ELSE = frozenset({"else", "否则"})
_YES = {
    "是": "true",
    "否": "false",
    "yes": "true",
    "no": "false",
    "Y": "true",
    "N": "false",
    "√": "true",
    "×": "false",
}


def read_rules(
    csv_text: str, inputs: Mapping[str, Type], outputs: Mapping[str, Type] | None = None, file: str = ""
) -> Rules:
    """Return the decision table in ``csv_text``.

    Raises:
        FeelErrors: with every mistake of the sheet, each with row (``line``), column and cell.
    """
    return _Reader(Pad(read_sheet(csv_text, file), file), inputs, outputs).read()


class _Reader:
    def __init__(self, pad: Pad, names: Mapping[str, Type], wanted: Mapping[str, Type] | None) -> None:
        self.pad = pad
        self.names = names
        self.wanted = wanted
        self.orders: dict[int, tuple[Constant, ...]] = {}
        self.seen: dict[int, set[Type]] = {}  # the types of outcomes in columns without a declared type

    def read(self) -> Rules:
        if not self.pad.rows or len(self.pad.rows) > MAX_RULES + 3 or len(self.pad.rows[0]) > MAX_COLUMNS:
            self.pad.add(
                "bad_size",
                1,
                1,
                Text("表是空的，或者太大", "the table is empty, or too large"),
                Text(
                    f"最多 {MAX_RULES} 条规则、{MAX_COLUMNS} 列",
                    f"at most {MAX_RULES} rules and {MAX_COLUMNS} columns",
                ),
            )
            raise FeelErrors(self.pad.mistakes)
        headings = Headings(self.pad, self.names, self.wanted)
        policy, self.inputs, self.outputs = headings.policy, headings.inputs, headings.outputs
        self.notes, self.broken = headings.notes, headings.broken
        first = 1
        if len(self.pad.rows) > 1 and self.pad.cell(1, 0) in _VALUES:
            self._values_row()
            first = 2
        elif policy in RANKED_POLICIES:
            self.pad.add(
                "no_values_row",
                2,
                1,
                Text(f"{policy} 表缺少“取值”行", f"a {policy} table needs a row of values"),
                Text(
                    "请在标题下加一行 values，按优先顺序列出结论",
                    "add a row values below the headings, most important first",
                ),
            )
        rules, otherwise = self._rules(first)
        outputs = self._output_types(policy)
        if not rules and not self.pad.mistakes:
            self.pad.add(
                "no_rules",
                1,
                1,
                Text("表中没有规则", "the table has no rules"),
                Text("请至少写一条规则", "add a rule"),
            )
        if otherwise is not None and policy in ZERO_POLICIES:
            self.pad.add(
                "else_not_needed",
                otherwise.line,
                1,
                Text(
                    f"{policy} 表没有规则适用时得到空的结果，不用 else 行",
                    f"a {policy} table needs no else row",
                ),
                Text("请删去这一行", "take this row out"),
            )
        if any(mistake.severity == "error" for mistake in self.pad.mistakes):
            found = dict.fromkeys(self.pad.mistakes)
            raise FeelErrors(sorted(found, key=lambda mistake: (mistake.line, mistake.column)))
        columns = sorted(self.inputs)
        return Rules(
            file=self.pad.file,
            policy=cast(HitPolicy, policy),
            inputs=tuple(self.inputs[column] for column in columns),
            outputs=tuple(outputs),
            rules=tuple(rules),
            otherwise=otherwise,
        )

    def _values_row(self) -> None:
        for column, (name, kind) in list(self.outputs.items()):
            text = self.pad.cell(1, column)
            if not text:
                continue
            found: list[Mistake] = []
            cell = parse_cell(text, Name(1, name, kind), found)
            values: list[Constant] = []
            if cell is not None and not found:
                checked = check(cell, {name: kind}, found, cell=True) if kind else _untyped(cell, found)
                if isinstance(checked, Within) and not checked.negated:
                    for test in checked.tests:
                        if isinstance(test, Exactly) and isinstance(test.value, Literal):
                            values.append(test.value.value)
                if not found and (
                    not values or len(values) != len(cell.tests) or len(set(values)) != len(values)
                ):
                    found.append(
                        Mistake(
                            code="bad_values",
                            message=Text("应是一列不同的值", "a list of different values is needed"),
                            remedy=Text('例如 "高", "中", "低"', 'such as "high", "medium", "low"'),
                        )
                    )
            self.pad.cell_mistakes(1, column, found)
            if not found:
                self.orders[column] = tuple(values)
                if kind is None and all(isinstance(value, str) for value in values):
                    self.outputs[column] = (name, choice([str(value) for value in values]))

    def _rules(self, first: int) -> tuple[list[Rule], Rule | None]:
        rules: list[Rule] = []
        otherwise: Rule | None = None
        numbers: set[int] = set()
        for row in range(first, len(self.pad.rows)):
            if not any(self.pad.rows[row]):
                continue
            label = self.pad.cell(row, 0)
            if label in _ELSE:
                if otherwise is not None:
                    self._bad_number(row, Text("else 行只能有一行", "there can be one else row only"))
                otherwise = self._rule(row, 0)
                continue
            if not re.fullmatch(r"[1-9][0-9]{0,5}", label) or int(label) in numbers:
                self._bad_number(
                    row,
                    Text(
                        "第一列应是不重复的规则编号",
                        "the first column holds the number of the rule, each once",
                    ),
                )
                number = 0
            else:
                number = int(label)
                numbers.add(number)
            rule = self._rule(row, number)
            if rule is not None:
                rules.append(rule)
        return rules, otherwise

    def _bad_number(self, row: int, message: Text) -> None:
        self.pad.add(
            "bad_rule_number",
            row + 1,
            1,
            message,
            Text("请写 1、2、3……；最后一行可写 else", "write 1, 2, 3 …; the last row may be else"),
        )

    def _rule(self, row: int, number: int) -> Rule | None:
        before = len(self.pad.mistakes)
        otherwise = self.pad.cell(row, 0) in _ELSE
        cells = [
            cell
            for column in sorted(self.inputs)
            if (cell := self._input_cell(row, column, otherwise)) is not None
        ]
        for column in self.broken:
            unchecked: list[Mistake] = []
            parse_cell(self.pad.cell(row, column), Name(1, ""), unchecked)
            self.pad.cell_mistakes(row, column, [each for each in unchecked if each.code != "empty"])
        outputs = [self._output_cell(row, column) for column in sorted(self.outputs)]
        notes: dict[str, Text] = {}
        for column, name in self.notes.items():
            text = self.pad.cell(row, column)
            if name.endswith((".zh", ".en")):
                stem, language = name[:-3], name[-2:]
                known = notes.get(stem, Text("", ""))
                notes[stem] = Text(text, known.en) if language == "zh" else Text(known.zh, text)
            else:
                notes[name] = Text(text, text)
        for name, note in notes.items():
            if bool(note.zh) != bool(note.en) and {f"{name}.zh", f"{name}.en"} <= set(self.notes.values()):
                self.pad.add(
                    "missing_language",
                    row + 1,
                    0,
                    Text(f"说明“{name}”只写了一种语言", f'the note "{name}" is there in one language only'),
                    Text("请两种语言都写", "write it in both"),
                )
        if len(self.pad.mistakes) > before:
            return None
        return Rule(
            number,
            row + 1,
            () if otherwise else tuple(cells),
            tuple(value for value in outputs if value is not None),
            {name: note for name, note in notes.items() if note.zh},
        )

    def _input_cell(self, row: int, column: int, otherwise: bool) -> Within | None:
        text, heading = self.pad.cell(row, column), self.inputs[column]
        if otherwise and text in ("", "-"):
            return None
        found: list[Mistake] = []
        tree: Node | None = None
        if otherwise or not text:
            found.append(
                Mistake(
                    code="empty_cell" if not text else "else_with_condition",
                    message=Text("空的单元格", "an empty cell")
                    if not text
                    else Text("else 行没有条件", "the else row has no conditions"),
                    remedy=Text("不限请写 -", "write - for anything"),
                )
            )
        elif heading.type == BOOLEAN and text in _YES:
            found.append(
                Mistake(
                    code="wrong_word",
                    message=Text("是与否写成 true 与 false", "yes and no are written true and false"),
                    remedy=Text(f"请写 {_YES[text]}", f"write {_YES[text]}"),
                )
            )
        else:
            tree = parse_cell(text, heading.node, found, frozenset(heading.type.values))
            if tree is not None:
                tree = check(tree, self.names, found, cell=True)
        self.pad.cell_mistakes(row, column, found)
        return tree if isinstance(tree, Within) and not found else None

    def _output_cell(self, row: int, column: int) -> Constant | None:
        name, kind = self.outputs[column]
        text = self.pad.cell(row, column)
        found: list[Mistake] = []
        cell = parse_cell(text, Name(1, name, kind), found, frozenset(kind.values) if kind else frozenset())
        checked: Node | None = None
        if cell is not None and not found:
            checked = check(cell, {name: kind}, found, cell=True) if kind else _untyped(cell, found)
        value: Constant | None = None
        if isinstance(checked, Within) and len(checked.tests) == 1 and not checked.negated:
            test = checked.tests[0]
            if isinstance(test, Exactly) and isinstance(test.value, Literal):
                value = test.value.value
                if kind is None and test.value.type is not None:
                    self.seen.setdefault(column, set()).add(test.value.type)
        if not found and value is None:
            found.append(
                Mistake(
                    code="bad_outcome",
                    message=Text("结论应是一个固定的值", "an outcome is one fixed value"),
                    remedy=Text('请写一个值，例如 "全部责任"', 'write one value, such as "full"'),
                )
            )
        order = self.orders.get(column)
        if not found and order is not None and value not in order:
            shown = ", ".join(_shown(item) for item in order)
            found.append(
                Mistake(
                    code="unknown_choice",
                    message=Text("结论不在“取值”行中", "the outcome is not in the row of values"),
                    remedy=Text(f"可选的值：{shown}", f"the values are {shown}"),
                )
            )
        self.pad.cell_mistakes(row, column, found)
        return value if not found else Literal(1, "").value

    def _output_types(self, policy: str) -> list[Output]:
        outputs: list[Output] = []
        for column in sorted(self.outputs):
            name, kind = self.outputs[column]
            if kind is None:
                kinds = self.seen.get(column, set())
                if kinds == {WHOLE, NUMBER}:
                    kinds = {NUMBER}
                if len(kinds) > 1:
                    self.pad.add(
                        "mixed_outcomes",
                        1,
                        column + 1,
                        Text(f"结论列“{name}”混有不同类型的值", f'the output column "{name}" mixes types'),
                        Text("请统一为一种类型；文字要加引号", "use one type; put texts in quotes"),
                    )
                kind = kinds.pop() if kinds else TEXT
            allowed = {"C+": {"number"}, "C<": _ORDERED, "C>": _ORDERED}.get(policy)
            if (allowed is not None and kind.kind not in allowed) or kind.kind == "many":
                self.pad.add(
                    "type_mismatch",
                    1,
                    column + 1,
                    Text(
                        f"{policy} 表的结论不能是{kind.in_words().zh}",
                        f"the outcome of a {policy} table cannot be {kind.in_words().en}",
                    ),
                    Text("请写数字", "use numbers")
                    if policy == "C+"
                    else Text("请写数字或日期", "use numbers or dates"),
                )
            outputs.append(Output(name, kind, self.orders.get(column, ())))
            if (
                policy in RANKED_POLICIES
                and not self.pad.cell(1, column)
                and len(self.pad.rows) > 1
                and self.pad.cell(1, 0) in _VALUES
            ):
                self.pad.add(
                    "no_values_row",
                    2,
                    column + 1,
                    Text(f"“{name}”没有列出取值", f'the values of "{name}" are not listed'),
                    Text("请按优先顺序列出，最重要的在前", "list them, the most important first"),
                )
        return outputs


_ORDERED = {"number", "date", "datetime", "days"}


def _untyped(cell: Within, found: list[Mistake]) -> Within:
    """Check the values of an output whose type is not declared: they say themselves what they are."""
    tests: list[Exactly] = []
    for test in cell.tests:
        if not isinstance(test, Exactly):
            continue
        if isinstance(test.value, Name):
            word = test.value.name
            found.append(
                Mistake(
                    code="name_in_cell",
                    message=Text(f"这里不能写名称“{word}”", f'a name such as "{word}" cannot stand here'),
                    remedy=Text(f'文字请加引号："{word}"', f'put a text in quotes: "{word}"'),
                )
            )
        else:
            tests.append(Exactly(test.at, check(test.value, {}, found)))
    return Within(cell.at, cell.value, tuple(tests), cell.negated)


def _shown(value: Constant) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
