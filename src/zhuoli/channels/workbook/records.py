"""Entries of a YAML file that are rows of a sheet: questions and their choices, indicators, parameters of a query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args

import msgspec

from zhuoli.channels.workbook.leaves import Kind, typed
from zhuoli.channels.workbook.model import Column, Row
from zhuoli.channels.workbook.words import CONDITION, NO, YES, offered
from zhuoli.core.scenario.model import QuestionType
from zhuoli.core.scenario.reference import KEYS
from zhuoli.core.text import Text


class Part(msgspec.Struct, frozen=True):
    """One column of such a sheet: the key of the record, what it holds, how wide, what is offered."""

    key: str
    kind: Kind
    width: int = 22
    choices: tuple[str, ...] = ()
    free: bool = False


TYPES = tuple(offered(code) for code in get_args(QuestionType))
QUESTION = (
    Part("type", "word", 20, TYPES),
    Part("title", "text", 34),
    Part("required", "boolean", 8, (YES, NO)),
    Part("required_if", "word", 26),
    Part("hint", "text", 30),
    Part("relevant", "word", 26),
    Part("constraint", "word", 26),
    Part("constraint_message", "text", 26),
    Part("calculate", "word", 26),
    Part("choices_from", "word", 18),
    Part("personal", "word", 16, (), True),
    Part("why", "text", 26),
    Part("min", "word", 10),
    Part("max", "word", 10),
    Part("max_length", "integer", 10),
    Part("group", "text", 20),
)
PART_TITLE = Part("title", "text", 34)
CHOICE = (Part("title", "text", 36), Part("hint", "text", 36), Part("picture", "word", 18))
INDICATOR = (
    Part("title", "text", 28),
    Part("unit", "word", 14, tuple(offered(code) for code in ("share", "count", "hours", "days", "score"))),
    Part("of", "word", 34),
    Part("count", "word", 34),
    Part("measure", "word", 24),
    Part("direction", "word", 16, tuple(offered(code) for code in ("up", "down"))),
    Part("base", "word", 10),
    Part("base_period", "word", 10),
    Part("target", "word", 10),
    Part("source", "text", 30),
    Part("suppress_below", "integer", 10),
)
PARAMETER = (
    Part("title", "text", 28),
    Part("default", "integer", 12),
    Part("minimum", "integer", 12),
    Part("maximum", "integer", 12),
    Part("unit", "text", 14),
)
_SHORT = {
    "required_if": Text("什么情况必答", "Mandatory if"),
    "relevant": Text("什么情况才问", "Asked only if"),
    "constraint": Text("答案须满足", "Must hold"),
    "constraint_message": Text("不满足时怎么说", "Said if not"),
    "choices_from": Text("选项取自", "Choices from"),
    "personal": Text("个人信息归谁", "Whose data"),
    "why": Text("为什么要问", "Why it is asked"),
    "max_length": Text("最多几个字", "Longest"),
    "group": Text("分组标题", "Group heading"),
    "of": Text("在哪些案件中", "Among which"),
    "count": Text("数哪些案件", "Which are counted"),
    "direction": Text("高好还是低好", "Better"),
    "base": Text("基期数值", "Base"),
    "base_period": Text("基期", "Base period"),
    "suppress_below": Text("少于几件不公布", "Suppress below"),
    "source": Text("出处", "Source"),
    "picture": Text("示意图", "Picture"),
}
_CONDITIONS = {"relevant", "required_if", "constraint", "calculate", "of", "count", "measure"}
_LANGUAGES = (("zh", Text("（中文）", " (Chinese)")), ("en", Text("（英文）", " (English)")))


def columns(
    record: str, parts: Iterable[Part], offers: dict[str, tuple[str, ...]] | None = None
) -> list[Column]:
    """The columns of a record; ``offers`` are lists that depend on the scenario, by key."""
    found: list[Column] = []
    for part in parts:
        said = KEYS[record][part.key]
        name = _SHORT.get(part.key) or _short(said)
        choices = (offers or {}).get(part.key, part.choices)
        if part.kind == "text":
            found += [
                Column(
                    key=f"{part.key}.{language}",
                    title=Text(name.zh + mark.zh, name.en + mark.en),
                    note=said,
                    width=part.width,
                )
                for language, mark in _LANGUAGES
            ]
            continue
        note = said
        if part.key in _CONDITIONS:
            note = Text(f"{said.zh}。{CONDITION.zh}", f"{said.en}; {CONDITION.en}")
        found.append(
            Column(key=part.key, title=name, note=note, width=part.width, choices=choices, free=part.free)
        )
    return found


def _short(said: Text) -> Text:
    """The heading: what stands before the first comma or bracket of an explanation."""
    zh, en = said.zh, said.en
    for sign in "，（；。":
        zh = zh.partition(sign)[0]
    for sign in (" (", ",", ";", ":"):
        en = en.partition(sign)[0]
    return Text(zh, en)


def row_of(record: Any, parts: Iterable[Part], ids: dict[str, str]) -> Row:
    """The cells of a record given as a plain tree."""
    plain = {"title": record} if _is_text(record) else record
    cells = dict(ids)
    for part in parts:
        value = plain.get(part.key)
        if value is None:
            continue
        if part.kind == "text":
            cells |= {f"{part.key}.{one}": str(said).strip() for one, said in value.items()}
        else:
            cells[part.key] = _shown(part, str(value).strip())
    return Row(cells={key: said for key, said in cells.items() if said})


def _shown(part: Part, value: str) -> str:
    if part.kind == "boolean":
        return {"true": YES, "false": NO}.get(value, value)
    return next((one for one in part.choices if one.partition(" · ")[0] == value), value)


def _is_text(record: Any) -> bool:
    return isinstance(record, dict) and bool(record) and set(record) <= {"zh", "en"}


def merged(record: Any, parts: Iterable[Part], cells: dict[str, str], *, short: bool = False) -> Any:
    """The record as a plain tree after what stands in the cells; what is not carried, and its order, is kept.

    ``short`` records may be written as nothing but their title.
    """
    brief = short and (record is None or _is_text(record))
    before = {"title": record} if _is_text(record) else dict(record or {})
    shown = row_of(before, parts, {}).cells if before else {}
    after = {key: dict(value) if isinstance(value, dict) else value for key, value in before.items()}
    for part in parts:
        if part.kind == "text":
            _merge_text(after, part.key, cells, shown)
        elif cells.get(part.key, "") != shown.get(part.key, ""):
            written = cells.get(part.key, "")
            if written and not (part.kind == "boolean" and written == NO and part.key not in before):
                after[part.key] = typed(part.kind, written, part.choices)
            else:
                after.pop(part.key, None)
    return after["title"] if brief and set(after) == {"title"} else after


def _merge_text(after: dict[str, Any], key: str, cells: dict[str, str], shown: dict[str, str]) -> None:
    said = dict(after.get(key, {}))
    for language in ("zh", "en"):
        name = f"{key}.{language}"
        new = cells.get(name, "")
        if new == shown.get(name, ""):
            continue
        if new:
            said[language] = new
        else:
            said.pop(language, None)
    if said:
        after[key] = said
    else:
        after.pop(key, None)
