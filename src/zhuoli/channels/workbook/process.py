"""The life cycle and the worked examples as sheets: 办理过程, 结果, 示例, 示例步骤.

A row of 办理过程 is a stage, or something that is done in it; a row of 示例步骤 is a step of an example, from top to bottom.
What has parts of its own stands in one cell, a line for each (see ``lines``).
"""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

import msgspec

from zhuoli.channels.workbook import lines
from zhuoli.channels.workbook.model import Column, Line, Row, Sheet, SheetKind
from zhuoli.channels.workbook.words import NO, SHEETS, YES, code_of, offered
from zhuoli.core.scenario.source import MAIN
from zhuoli.core.text import Text

T = Text
EXAMPLES = "examples.yaml"
KINDS: dict[str, Text] = {
    "human_tasks": T("人来办", "done by people"),
    "service_tasks": T("软件来办", "done by the software"),
    "decision_tasks": T("按决策表判定", "decided by a table"),
    "timers": T("计时", "a timer"),
    "milestones": T("里程碑", "a milestone"),
}


class Part(msgspec.Struct, frozen=True):
    """One column: the key in the file, how it is written, its heading, an explanation, its width."""

    key: str
    kind: str
    title: Text
    note: Text
    width: int = 20


_LINES = T("一行一项：名称 = 值", "one line each: name = value")
ITEM = (
    Part("title", "text", T("名称", "Title"), T("给人看的名称", "what people read"), 26),
    Part("help", "text", T("怎么办", "Help"), T("给办的人的提示", "a hint for whoever does it"), 30),
    Part("candidates", "word", T("谁来办", "Who"), T("空着是责任单位", "empty: the responsible unit"), 20),
    Part("form", "word", T("填哪张表", "Form"), T("表单编号", "id of a form"), 14),
    Part("table", "word", T("哪张决策表", "Table"), T("决策表编号", "id of a table"), 14),
    Part("call", "word", T("软件做什么", "Call"), T("能力的名称", "name of a capability"), 16),
    Part("after", "word", T("多久以后", "After"), T("计时：时长", "of a timer: how long"), 18),
    Part("required", "boolean", T("必办", "Required"), T("空着是必办", "empty: yes"), 8),
    Part("repeat", "boolean", T("可重复", "Repeat"), T("空着是一次", "empty: once"), 8),
    Part("entry", "lines", T("什么时候开始", "Begins"), T("on = 哪些事件，if = 条件；几种情况写 #1/on、#2/on", "on = events, if = condition; several: #1/on, #2/on"), 36),
    Part("exit", "lines", T("什么时候不用办了", "Ends"), T("写法同上", "written alike"), 30),
    Part("due", "lines", T("时限", "Due"), T("一个时限，或 promised = …", "a limit, or promised = …"), 28),
)  # fmt: skip
MORE = Part("*", "lines", T("其他", "More"), _LINES, 36)
OUTCOME = (
    Part("title", "text", T("名称", "Title"), T("给人看的名称", "what people read"), 36),
    Part("reason", "boolean", T("要写理由", "Reason"), T("空着是不用", "empty: no"), 10),
)
EXAMPLE = (
    Part("title", "text", T("名称", "Title"), T("这个例子说明什么", "what it shows"), 44),
    Part("start", "word", T("开始时间", "Start"), T("如 2026-03-02 09:00", "such as 2026-03-02 09:00"), 18),
)
STEP = (
    Part("as", "word", T("谁", "Who"), T("当事人、lead 责任单位、system 软件……", "a party, lead, system …"), 16),
    Part("do", "word", T("做什么", "Does"), T("命令；open 提出，complete 完成任务，wait 等", "a command: open, complete, wait"), 16),
    Part("at", "word", T("什么时候", "At"), T("如 2026-03-03 10:00；空着是一分钟后", "empty: a minute later"), 18),
    Part("after", "word", T("过多久", "After"), T("或写过多久", "or how long after"), 14),
    Part("with", "lines", T("内容", "With"), T("task = 任务，outcome = 结果，answers/问题 = 回答", "task =, outcome =, answers/question ="), 52),
    Part("refused", "word", T("应被拒绝", "Refused"), T("拒绝的代码；空着是应当成功", "code of the refusal; empty: it is granted"), 16),
    Part("expect", "lines", T("之后应当", "Expect"), T("status、stage、tasks、answers/……", "status, stage, tasks, answers/…"), 52),
    Part("say", "text", T("怎么说", "Story"), T("故事里的话", "words of the story"), 30),
)  # fmt: skip
_LANGUAGES = (("zh", T("（中文）", " (Chinese)")), ("en", T("（英文）", " (English)")))
_PARTS: dict[str, tuple[Part, ...]] = {
    "process": (*ITEM, MORE),
    "outcomes": (*OUTCOME, MORE),
    "examples": (*EXAMPLE, MORE),
    "steps": (*STEP, MORE),
}
IDS: dict[str, tuple[tuple[str, Text], ...]] = {
    "process": (("stage", T("阶段", "Stage")), ("item", T("事项编号", "Item"))),
    "outcomes": (("stage", T("阶段", "Stage")), ("item", T("事项编号", "Item")), ("outcome", T("结果编号", "Outcome"))),
    "examples": (("example", T("示例编号", "Example")),),
    "steps": (("example", T("示例编号", "Example")),),
}  # fmt: skip


def parts_of(kind: str) -> tuple[Part, ...]:
    """The columns of one of these sheets that are not ids."""
    return _PARTS[kind]


def process_sheets(main: dict[str, Any]) -> list[Sheet]:
    """The life cycle of a scenario that has stages of its own."""
    stages: dict[str, Any] = main.get("stages") or {}
    if not stages:
        return []
    rows: list[Row] = []
    outcomes: list[Row] = []
    for stage, body in stages.items():
        cells = {"stage": stage, **cells_of(body, "process", skip=frozenset(KINDS))}
        rows.append(Row(cells=cells, head=True))
        for kind in (key for key in body if key in KINDS):
            for item, what in body[kind].items():
                ids = {"stage": stage, "item": item, "kind": offered(kind, KINDS[kind])}
                rows.append(Row(cells=ids | cells_of(what, "process", skip=frozenset({"outcomes"}))))
                for outcome, said in (what.get("outcomes") or {}).items():
                    ids = {"stage": stage, "item": item, "outcome": outcome}
                    outcomes.append(Row(cells=ids | cells_of(_whole(said), "outcomes")))
    return [_sheet("process", MAIN, rows), _sheet("outcomes", MAIN, outcomes)]


def example_sheets(tree: dict[str, Any]) -> list[Sheet]:
    """The worked examples of a scenario."""
    heads = [
        Row(cells={"example": name} | cells_of(one, "examples", skip=frozenset({"steps"})))
        for name, one in tree.items()
    ]
    steps = [
        Row(cells={"example": name} | cells_of(step, "steps"))
        for name, one in tree.items()
        for step in one["steps"]
    ]
    return [_sheet("examples", EXAMPLES, heads), _sheet("steps", EXAMPLES, steps)]


def _sheet(kind: SheetKind, file: str, rows: list[Row]) -> Sheet:
    name, about = SHEETS[kind]
    columns = [
        Column(
            key=key,
            title=title,
            note=T("小写字母、数字、下划线", "lower-case letters, digits, underscores"),
            width=18,
            id=True,
        )
        for key, title in IDS[kind]
    ]
    if kind == "process":
        kinds = tuple(offered(code, title) for code, title in KINDS.items())
        note = T("空着的一行是阶段本身", "empty in the row of the stage itself")
        columns.append(Column(key="kind", title=T("哪一种", "Kind"), note=note, width=22, choices=kinds))
    for part in _PARTS[kind]:
        if part.kind == "text":
            columns += [
                Column(
                    key=f"{part.key}.{language}",
                    title=Text(part.title.zh + mark.zh, part.title.en + mark.en),
                    note=part.note,
                    width=part.width,
                )
                for language, mark in _LANGUAGES
            ]
        else:
            choices = (YES, NO) if part.kind == "boolean" else ()
            columns.append(
                Column(key=part.key, title=part.title, note=part.note, width=part.width, choices=choices)
            )
    return Sheet(name=name, kind=kind, file=file, about=about, columns=tuple(columns), rows=tuple(rows))


def cells_of(record: dict[str, Any], kind: str, skip: frozenset[str] = frozenset()) -> dict[str, str]:
    """The cells of a record; what has no column of its own stands under “more”."""
    cells: dict[str, str] = {}
    named = {part.key: part for part in _PARTS[kind]}
    more = {key: value for key, value in record.items() if key not in named and key not in skip}
    for key, part in named.items():
        value = more if key == "*" else record.get(key)
        if value is None or (key == "*" and not more):
            continue
        if part.kind == "text":
            said = value if isinstance(value, dict) else {"zh": str(value)}
            cells |= {f"{key}.{language}": str(words).strip() for language, words in said.items()}
        elif part.kind == "boolean":
            cells[key] = {"True": YES, "False": NO}.get(str(value), str(value))
        else:
            cells[key] = lines.shown(value).strip() if part.kind == "lines" else str(value).strip()
    return {key: said for key, said in cells.items() if said}


def record_of(
    before: dict[str, Any] | None, kind: str, line: Line, skip: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The record that a row means: what was not changed, and what has no place in the sheet, stays as it was.

    Raises:
        lines.Unreadable: a cell cannot be read; the second argument is its column.
    """
    old = before or {}
    shown = cells_of(old, kind, skip)
    made = dict(old)
    named = {part.key for part in _PARTS[kind]}
    for part in _PARTS[kind]:
        if part.kind == "text":
            _put_text(made, part.key, line, shown)
            continue
        written = line[part.key]
        if written == shown.get(part.key, ""):
            continue
        if part.key == "*":
            more = {key: value for key, value in old.items() if key not in named and key not in skip}
            fresh = _read(written, more, part.key) if written else {}
            if not isinstance(fresh, dict):
                raise lines.Unreadable(written, part.key)
            for key in [key for key in more if key not in fresh]:
                del made[key]
            made |= fresh
        elif not written:
            made.pop(part.key, None)
        elif part.kind == "lines":
            made[part.key] = _read(written, old.get(part.key), part.key)
        elif part.kind == "boolean":
            made[part.key] = {YES: True, NO: False, "true": True, "false": False}.get(written, written)
        else:
            made[part.key] = code_of(written)
    return made


def _read(written: str, before: Any, key: str) -> Any:
    try:
        return lines.read(written, before)
    except lines.Unreadable as error:
        raise lines.Unreadable(str(error), key) from None


def _put_text(made: dict[str, Any], key: str, line: Line, shown: dict[str, str]) -> None:
    said = dict(made.get(key) or {})
    for language, _ in _LANGUAGES:
        name = f"{key}.{language}"
        if line[name] == shown.get(name, ""):
            continue
        if line[name]:
            said[language] = line[name]
        else:
            said.pop(language, None)
    if said:
        made[key] = said
    else:
        made.pop(key, None)


def _whole(outcome: Any) -> dict[str, Any]:
    """An outcome that is nothing but its title, as a record."""
    return {"title": outcome} if set(outcome) <= {"zh", "en"} else outcome


def outcome_of(before: Any, line: Line) -> dict[str, Any]:
    """The outcome that a row means, as short as it was."""
    made = record_of(_whole(before) if before else None, "outcomes", line)
    brief = before is None or set(before) <= {"zh", "en"}
    return dict(made["title"]) if brief and set(made) == {"title"} else made


def paired(before: list[dict[str, Any]], rows: list[Line]) -> list[dict[str, Any] | None]:
    """For each row of an example the step that it was: the same cells first, then those between in their order."""
    old = [tuple(sorted(cells_of(step, "steps").items())) for step in before]
    new = [tuple(sorted((key, said) for key, said in row.cells.items() if key != "example")) for row in rows]
    found: list[dict[str, Any] | None] = [None] * len(rows)
    for what, start, end, begin, stop in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if what in ("equal", "replace"):
            for at, to in zip(range(start, end), range(begin, stop), strict=False):
                found[to] = before[at]
    return found
