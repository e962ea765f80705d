"""A folder as a workbook: which sheets it has and what stands in them."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

import yaml

from zhuoli.channels.workbook import records, words
from zhuoli.channels.workbook.leaves import leaves
from zhuoli.channels.workbook.model import Book, Column, Row, Sheet, SheetKind
from zhuoli.channels.workbook.process import EXAMPLES, example_sheets, process_sheets
from zhuoli.channels.workbook.tables import NOTICE_KEYS, notice_cells, records_of
from zhuoli.core.scenario.labels import labels_of
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.shapes import file_shapes
from zhuoli.core.scenario.source import MAIN, NOTICES, Files
from zhuoli.core.scenario.yamledit import meant, plain
from zhuoli.core.scenario.yamltree import compose
from zhuoli.core.text import Text

T = Text
FORM, INDICATORS, QUERY, SERVINGS = "form.yaml", "indicators.yaml", "query.yaml", "servings.csv"
LEAVES = {MAIN: frozenset({"stages"}), QUERY: frozenset({"parameters", "evidence"})}
"""Files whose words and sentences stand one by one, and what of them has a sheet of its own or belongs to the query."""


def book_of(files: Files, scenario: Scenario) -> Book:
    """The workbook of a sound folder."""
    texts = {name: decoded(data) for name, data in files.items() if not name.endswith(".sql")}
    trees = {name: root for name in file_shapes() if name in texts and (root := tree_of(texts[name], name))}
    sheets = [*_leaf_sheets(trees), *_form_sheets(trees, scenario)]
    if INDICATORS in trees:
        rows = _mapping_rows(plain(trees[INDICATORS]), records.INDICATOR, "indicator")
        sheets.append(
            _sheet(
                "indicators",
                INDICATORS,
                [_id("indicator", 18), *records.columns("Indicator", records.INDICATOR)],
                rows,
            )
        )
    if QUERY in trees and plain(trees[QUERY]).get("parameters"):
        rows = _mapping_rows(plain(trees[QUERY])["parameters"], records.PARAMETER, "parameter")
        made = [_id("parameter", 18), *records.columns("QueryParameter", records.PARAMETER)]
        sheets.append(_sheet("parameters", QUERY, made, rows))
    if MAIN in trees:
        sheets += process_sheets(meant(trees[MAIN]))
    if EXAMPLES in trees:
        sheets += example_sheets(meant(trees[EXAMPLES]))
    sheets += _table_sheets(texts, scenario)
    sheets += _notice_sheets(texts)
    return Book(
        scenario=scenario.scenario, version=scenario.version, title=scenario.title, sheets=tuple(sheets)
    )


def decoded(data: bytes) -> str:
    """A file's text with line feeds only, and without a mark at its beginning."""
    return data.decode("utf-8-sig").replace("\r\n", "\n")


def tree_of(text: str, name: str) -> yaml.Node | None:
    """A YAML file's root; None where it cannot be read."""
    root, _ = compose(text, name)
    return root


def _id(key: str, width: int, title: Text | None = None, note: Text | None = None) -> Column:
    return Column(
        key=key,
        title=title or T("编号", "Id"),
        note=note
        or T(
            "小写字母、数字、下划线；别处按它引用",
            "lower-case letters, digits, underscores; others refer to it",
        ),
        width=width,
        id=True,
    )


def _sheet(
    kind: SheetKind, file: str, columns: list[Column], rows: list[Row], *, fixed: bool = False
) -> Sheet:
    name, about = words.SHEETS[kind]
    return Sheet(
        name=name, kind=kind, file=file, about=about, columns=tuple(columns), rows=tuple(rows), fixed=fixed
    )


def _leaf_sheets(trees: dict[str, yaml.Node]) -> list[Sheet]:
    said: list[Row] = []
    single: list[Row] = []
    for file, skip in LEAVES.items():
        if file not in trees:
            continue
        tops: dict[int, str] = {}
        for leaf in leaves(trees[file], file_shapes()[file], skip):
            rows = said if leaf.kind == "text" else single
            top = leaf.where.zh.split(" › ")[0] or words.SHEETS["matter"][0]
            if tops.get(id(rows)) != top:
                tops[id(rows)] = top
                rows.append(Row(cells={"where": top}, head=True))
            about = {"key": f"{file}/{leaf.key}", "where": leaf.where.zh, "meaning": leaf.meaning.zh}
            if leaf.kind == "text":
                rows.append(Row(cells={**about, "zh": leaf.zh, "en": leaf.en}))
            else:
                cells = {**about, "value": leaf.value, "hint": leaf.hint.zh if leaf.hint else ""}
                rows.append(Row(cells=cells, choices={"value": leaf.choices} if leaf.choices else {}))
    where, meaning, key = _LOCKED
    return [
        _sheet("texts", MAIN, [where, meaning, *_SENTENCE, key], said, fixed=True),
        _sheet("settings", MAIN, [where, meaning, *_VALUE, key], single, fixed=True),
    ]


_LOCKED = (
    Column(key="where", title=T("在哪里", "Part"), note=T("属于哪一部分", "of what it is a part"), width=34, locked=True),
    Column(key="meaning", title=T("这是什么", "What it is"), note=Text("", ""), width=28, locked=True),
    Column(key="key", title=T("位置", "Place"), note=T("在文件里的位置，不要改", "where it stands; leave it"), width=44, locked=True),
)  # fmt: skip
_SENTENCE = (
    Column(key="zh", title=T("中文", "Chinese"), note=T("给人看的中文", "what people read"), width=56),
    Column(key="en", title=T("英文", "English"), note=T("给人看的英文", "what people read"), width=56),
)
_VALUE = (
    Column(key="value", title=T("值", "Value"), note=T("改这一列；清空就是不写", "change this; empty: not written"), width=44),
    Column(key="hint", title=T("怎么写", "How to write it"), note=Text("", ""), width=40, locked=True),
)  # fmt: skip


def _form_sheets(trees: dict[str, yaml.Node], scenario: Scenario) -> list[Sheet]:
    if FORM not in trees:
        return []
    forms: dict[str, Any] = plain(trees[FORM])
    asked, chosen = [], []
    for form, body in forms.items():
        asked.append(records.row_of({"title": body.get("title", {})}, records.QUESTION, {"form": form}))
        asked[-1] = Row(cells=asked[-1].cells, head=True)
        for name, question in body.get("questions", {}).items():
            asked.append(records.row_of(question, records.QUESTION, {"form": form, "question": name}))
            for choice, what in question.get("choices", {}).items():
                ids = {"form": form, "question": name, "choice": choice}
                chosen.append(records.row_of(what, records.CHOICE, ids))
    return [
        _sheet("questions", FORM, question_columns(scenario.parties), asked),
        _sheet("choices", FORM, choice_columns(), chosen),
    ]


def question_columns(parties: dict[str, Any]) -> list[Column]:
    """The columns of the sheet of questions."""
    owners = (*(words.offered(role, getattr(one, "title", None)) for role, one in parties.items()), "self")
    form = _id("form", 14, T("表单", "Form"), T("受理表是 intake", "the intake form is intake"))
    question = _id(
        "question",
        20,
        T("问题编号", "Question"),
        T("空着的一行是表单的名称", "a row without it names the form"),
    )
    return [form, question, *records.columns("Question", records.QUESTION, {"personal": owners})]


def choice_columns() -> list[Column]:
    """The columns of the sheet of choices."""
    form, question = _id("form", 14, T("表单", "Form")), _id("question", 20, T("问题编号", "Question"))
    return [
        form,
        question,
        _id("choice", 18, T("选项编号", "Choice")),
        *records.columns("Choice", records.CHOICE),
    ]


def _mapping_rows(tree: dict[str, Any], parts: tuple[records.Part, ...], key: str) -> list[Row]:
    return [records.row_of(one, parts, {key: name}) for name, one in tree.items()]


def _table_sheets(texts: dict[str, str], scenario: Scenario) -> list[Sheet]:
    labels = labels_of(scenario)
    sheets = []
    for name, text in texts.items():
        if not name.endswith(".csv"):
            continue
        records_ = records_of(text)
        heads = records_[0] if records_ else []
        width = max((len(row) for row in records_), default=0)
        columns = tuple(
            _table_column(number, heads[number] if number < len(heads) else "", name, scenario, labels)
            for number in range(width)
        )
        rows = tuple(
            Row(cells={str(number): cell for number, cell in enumerate(row) if cell}) for row in records_[1:]
        )
        stem = PurePosixPath(name).stem
        serving = name == SERVINGS
        sheets.append(
            Sheet(
                name=words.SERVINGS if serving else f"{words.TABLE}{stem}"[:31],
                kind="table",
                file=name,
                about=_about_table(serving),
                columns=columns,
                rows=rows,
            )
        )
    return sheets


def _about_table(serving: bool) -> Text:
    if serving:
        return T(
            "一行一套上架参数：编号、名称、辖区（区划代码的开头，空着是全省）、各个参数。",
            "One serving a row: id, title, territory (digits that codes begin with; empty: the province), parameters.",
        )
    return T(
        "决策表：一行一条规则。左上角是命中策略；when 列是条件，then 列是结论，note 列是给人看的理由。“-”是都可以。",
        "A decision table, one rule a row. Upper left the hit policy; when: conditions, then: conclusions, note: the reason. “-”: any.",
    )


def _table_column(number: int, head: str, file: str, scenario: Scenario, labels: dict[str, Text]) -> Column:
    role, _, name = head.partition(" ")
    note = Text("", "")
    choices: tuple[str, ...] = ()
    if file == SERVINGS:
        note = _serving_note(head, scenario)
    elif number == 0:
        note = T(
            "规则编号；命中策略 U 恰一条、F 第一条",
            "number of the rule; hit policy U: one only, F: the first",
        )
    elif role in ("when", "当"):
        note = labels.get(name, Text(f"条件：{name}", f"condition: {name}"))
        choices = _choices_of(name, labels)
    elif role in ("then", "则"):
        note = Text(f"结论：{name}", f"conclusion: {name}")
    elif role in ("note", "注"):
        note = (
            T("给人看的理由（中文）", "the reason in Chinese")
            if name.endswith("zh")
            else T("给人看的理由（英文）", "the reason in English")
            if name.endswith("en")
            else note
        )
    wide = 40 if role in ("note", "注") or head.startswith("title.") else 10 if number == 0 else 22
    return Column(key=str(number), title=Text(head, ""), note=note, width=wide, choices=choices, free=True)


def _choices_of(name: str, labels: dict[str, Text]) -> tuple[str, ...]:
    found = [key.partition("=")[2] for key in labels if key.startswith(f"{name}=")]
    return ("-", *found) if found else ()


def _serving_note(head: str, scenario: Scenario) -> Text:
    parameter = scenario.query.parameters.get(head) if scenario.query else None
    if parameter is not None:
        least, most, title = parameter.minimum, parameter.maximum, parameter.title
        return Text(
            f"{title.zh}，{least} 到 {most}；空着用 {parameter.default}",
            f"{title.en}, {least} to {most}; empty: {parameter.default}",
        )
    return {
        "serving": T("编号", "its id"),
        "title.zh": T("名称（中文）", "its title in Chinese"),
        "title.en": T("名称（英文）", "its title in English"),
        "territory": T("辖区", "its territory"),
    }.get(head, Text("", ""))


def _notice_sheets(texts: dict[str, str]) -> list[Sheet]:
    rows = []
    for name, text in texts.items():
        if name.startswith(f"{NOTICES}/"):
            cells = notice_cells(text, name)
            if cells is not None:
                rows.append(Row(cells={"notice": PurePosixPath(name).stem, **cells}))
    return [notice_sheet(rows)] if rows else []


def notice_sheet(rows: list[Row]) -> Sheet:
    """The sheet of notices and papers."""
    titles = (
        T("标题（中文）", "Title (Chinese)"),
        T("标题（英文）", "Title (English)"),
        T("正文（中文）", "Text (Chinese)"),
        T("正文（英文）", "Text (English)"),
    )
    columns = [_id("notice", 18)]
    for key, title in zip(NOTICE_KEYS, titles, strict=True):
        columns.append(
            Column(key=key, title=title, note=Text("", ""), width=60 if key.startswith("body") else 20)
        )
    return _sheet("notices", NOTICES, columns, rows)
