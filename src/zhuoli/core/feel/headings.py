"""The first row of a decision table: hit policy, inputs, outputs, notes."""

from __future__ import annotations

import re
from collections.abc import Mapping

from zhuoli.core.feel.check import check
from zhuoli.core.feel.hints import suggestion, unknown_name
from zhuoli.core.feel.measure import plain
from zhuoli.core.feel.parser import parse
from zhuoli.core.feel.rules import HIT_POLICIES, Input
from zhuoli.core.feel.sheet import Pad
from zhuoli.core.feel.tokens import tokenize
from zhuoli.core.feel.tree import type_of
from zhuoli.core.feel.types import Type
from zhuoli.core.text import Mistake, Text

_HEADING = re.compile(r"(when|then|note|当|则|注)[ \t\u3000]+(.+)", re.DOTALL)
_ROLES = {"when": "when", "then": "then", "note": "note", "当": "when", "则": "then", "注": "note"}


class Headings:
    """The columns by their role, keyed by their place from 0; what is wrong goes to the pad."""

    def __init__(self, pad: Pad, names: Mapping[str, Type], wanted: Mapping[str, Type] | None) -> None:
        self.pad = pad
        self.names = names
        self.wanted = wanted
        self.inputs: dict[int, Input] = {}
        self.outputs: dict[int, tuple[str, Type | None]] = {}
        self.notes: dict[int, str] = {}
        self.broken: list[
            int
        ] = []  # columns whose heading has mistakes, so that cells are only read, not checked
        self.policy = self._policy()
        self._headings()
        self._note_languages()

    def _policy(self) -> str:
        written = self.pad.cell(0, 0)
        if written in HIT_POLICIES:
            return written
        near = suggestion(written.upper().replace(" ", ""), HIT_POLICIES)
        shown = ", ".join(HIT_POLICIES)
        self.pad.add(
            "bad_hit_policy",
            1,
            1,
            Text("左上角应是命中策略", "the first cell must be the hit policy"),
            Text(f"请写 {near} 或其他：{shown}", f"write {near} or another of {shown}")
            if near
            else Text(f"请写其中之一：{shown}", f"write one of {shown}"),
        )
        return "U"

    def _headings(self) -> None:
        for column in range(1, max(len(row) for row in self.pad.rows)):
            heading = self.pad.cell(0, column)
            if not heading:
                if any(self.pad.cell(row, column) for row in range(len(self.pad.rows))):
                    self._bad_heading(column, heading)
                continue
            found = _HEADING.fullmatch(heading)
            if found is None:
                self._bad_heading(column, heading)
                if heading in self.names:
                    self._input(column, heading)
                continue
            role, rest = _ROLES[found[1]], found[2]
            if "\u3000" in heading[: found.start(2)]:
                self._bad_heading(column, heading)
            elif role == "when":
                self._input(column, rest)
            elif role == "then":
                self._output(column, rest)
            else:
                if rest in self.notes.values():
                    self._twice(column)
                self.notes[column] = rest
        for role, found_columns in (("when", self.inputs), ("then", self.outputs)):
            if not found_columns and not self.pad.mistakes:
                self.pad.add(
                    "no_columns",
                    1,
                    1,
                    Text(f"表中没有 {role} 列", f"the table has no {role} column"),
                    Text(f"请加一列，标题如 {role} 名称", f"add a column headed {role} and a name"),
                )
        if self.wanted is not None:
            present = {name for name, _ in self.outputs.values()}
            for name in self.wanted:
                if name not in present:
                    self.pad.add(
                        "missing_output",
                        1,
                        0,
                        Text(f"缺少结论列“{name}”", f'there is no output column "{name}"'),
                        Text(f"请加一列，标题为 then {name}", f"add a column headed then {name}"),
                    )

    def _bad_heading(self, column: int, heading: str) -> None:
        near = heading if heading in self.names else None
        self.pad.add(
            "bad_heading",
            1,
            column + 1,
            Text(
                "列的标题应以 when（当）、then（则）或 note（注）开头",
                "a heading starts with when, then or note",
            ),
            Text(f"请写成 when {near}", f"write when {near}")
            if near
            else Text(
                "条件列写 when 名称，结论列写 then 名称，说明列写 note 名称",
                "write when name, then name or note name",
            ),
        )

    def _twice(self, column: int) -> None:
        self.pad.add(
            "duplicate_column",
            1,
            column + 1,
            Text("这一列出现了两次", "this column is there twice"),
            Text("请合并成一列", "make it one column"),
        )

    def _input(self, column: int, text: str) -> None:
        found: list[Mistake] = []
        tree = parse(text, found, frozenset(self.names))
        if tree is not None:
            tree = check(tree, self.names, found)
        self.pad.cell_mistakes(0, column, found)
        kind = None if tree is None else type_of(tree)
        if found or tree is None or kind is None:
            self.broken.append(column)
            return
        if any(plain(tree) == plain(other.node) for other in self.inputs.values()):
            self._twice(column)
        self.inputs[column] = Input(text, tree, kind)

    def _output(self, column: int, name: str) -> None:
        found: list[Mistake] = []
        tokens = tokenize(name, found)
        if found or len(tokens) != 2 or tokens[0].kind != "name":
            self.pad.cell_mistakes(0, column, found)
            if not found:
                self.pad.add(
                    "bad_name",
                    1,
                    column + 1,
                    Text(f"“{name}”不能作名称", f'"{name}" cannot be a name'),
                    Text(
                        "名称由字母、汉字、数字、下划线和点组成",
                        "a name is made of letters, digits, _ and dots",
                    ),
                )
            return
        if any(name == other for other, _ in self.outputs.values()):
            self._twice(column)
        kind = None if self.wanted is None else self.wanted.get(name)
        if self.wanted is not None and kind is None:
            self.pad.cell_mistakes(0, column, [unknown_name(name, self.wanted, 1)])
        self.outputs[column] = (name, kind)

    def _note_languages(self) -> None:
        names = set(self.notes.values())
        for column, name in self.notes.items():
            for this, other in ((".zh", ".en"), (".en", ".zh")):
                twin = name.removesuffix(this) + other
                if name.endswith(this) and twin not in names:
                    self.pad.add(
                        "missing_language",
                        1,
                        column + 1,
                        Text(f"说明“{name}”缺少另一种语言", f'the note "{name}" lacks its other language'),
                        Text(f"请加一列 note {twin}", f"add a column note {twin}"),
                    )
