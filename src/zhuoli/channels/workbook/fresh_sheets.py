"""The workbook of a new scenario, before anybody has filled it in: what is asked for, and what stands in it already."""

from __future__ import annotations

from typing import Any

import msgspec

from zhuoli.channels.workbook import words
from zhuoli.channels.workbook.book import FORM, choice_columns, notice_sheet, question_columns
from zhuoli.channels.workbook.model import Book, Column, Row, Sheet
from zhuoli.channels.workbook.process import example_sheets
from zhuoli.channels.workbook.words import YES, offered
from zhuoli.core.scenario.directory_words import COMPETENCES
from zhuoli.core.scenario.model import PartyRole
from zhuoli.core.scenario.source import MAIN
from zhuoli.core.text import Text

T = Text
FIELDS: tuple[tuple[str, Text, str, str, str], ...] = (
    ("id", T("编号，也是文件夹名", "Its id, also the folder's name"), "", "", "小写英文，如 street_lamp"),
    ("title", T("事项叫什么", "What it is called"), "", "", "中英文都写"),
    ("purpose", T("一两句话：帮谁、怎么帮", "Who is helped, and how"), "", "", "中英文都写"),
    ("audience", T("谁提出", "Who raises it"), offered("resident"), "", "从列表里选"),
    ("competence", T("归哪项职能", "Which competence is responsible"), "", "", "从列表里选"),
    ("days", T("承诺几个工作日答复", "Working days promised"), "5", "", "整数"),
    ("rows", T("对应任务书的哪几行", "Which rows of the mission"), "S5", "", "几个之间用“；”隔开"),
    ("law", T("法律依据：法名", "The law it rests on"), "", "", "没有就空着"),
    ("version", T("法律依据：哪一版", "Which version of it"), "", "", "如 2024-01-01"),
    ("articles", T("法律依据：哪几条", "Which articles"), "", "", "照原文写，如 第二十条"),
    ("retention", T("办结后保存多久", "How long it is kept"), "24 months", "", "如 24 months"),
)
LISTS = {
    "audience": tuple(offered(code) for code in ("resident", "enterprise")),
    "competence": tuple(offered(code) for code in COMPETENCES),
}
MUST = ("id", "title", "purpose", "audience", "competence", "days", "rows", "retention")
BOTH = ("title", "purpose")
_ASKED: tuple[dict[str, str], ...] = (
    {"question": "place", "type": offered("place"), "title.zh": "在哪里", "title.en": "Where is it", "required": YES, "sample": "620102001000"},
    {"question": "story", "type": offered("long_text"), "title.zh": "什么事", "title.en": "What is it about", "required": YES, "max_length": "1000", "personal": "requester", "why.zh": "了解情况", "why.en": "To understand the matter", "sample": "一件小事"},
    {"question": "phone", "type": offered("phone"), "title.zh": "联系电话", "title.en": "Phone number", "required": YES, "personal": "requester", "why.zh": "告诉您进展", "why.en": "To tell you how it goes", "sample": "13900000000"},
)  # fmt: skip


_WITHDRAWN: dict[str, Any] = {
    "withdrawn": {
        "title": {"zh": "提出后自己撤回", "en": "Taken back by whoever raised it"},
        "start": "2026-03-02 09:00",
        "steps": [
            {"as": "requester", "do": "open", "with": {"channel": "web"}, "expect": {"status": "received"}},
            {
                "as": "requester",
                "do": "withdraw",
                "after": "1 hours",
                "with": {"reason": "已经解决了"},
                "expect": {"status": "withdrawn"},
            },
        ],
    }
}
_RECEIPT = {
    "notice": "receipt",
    "title.zh": "受理回执",
    "title.en": "Receipt",
    "body.zh": "您提出的事（{{case.receipt}}）已由 {{case.unit}} 受理，{{case.promised}} 前答复您。",
    "body.en": "Your request ({{case.receipt}}) has been accepted by {{case.unit}}. You will have an answer by {{case.promised}}.",
}


def fresh_book() -> Book:
    """The workbook from which a new scenario is made; three usual questions stand in it already."""
    return Book(
        scenario="",
        version="",
        title=T("新场景", "A new scenario"),
        sheets=(_matter(), _stages(), _questions(), _choices(), *_examples(), _notices()),
    )


def _matter() -> Sheet:
    columns = (
        Column(key="key", title=T("项目", "Field"), note=T("不要改", "leave it"), width=14, locked=True),
        Column(key="meaning", title=T("这是什么", "What it is"), note=T("", ""), width=34, locked=True),
        Column(
            key="value",
            title=T("值（中文）", "Value (Chinese)"),
            note=T("填这一列", "fill this in"),
            width=50,
        ),
        Column(
            key="en",
            title=T("英文", "English"),
            note=T("给人看的话要有英文", "sentences need English"),
            width=50,
        ),
        Column(key="hint", title=T("怎么写", "How to write it"), note=T("", ""), width=26, locked=True),
    )
    rows = tuple(
        Row(
            cells={"key": key, "meaning": f"{said.zh}\n{said.en}", "value": value, "en": en, "hint": hint},
            choices={"value": LISTS[key]} if key in LISTS else {},
        )
        for key, said, value, en, hint in FIELDS
    )
    name, about = words.SHEETS["matter"]
    return Sheet(name=name, kind="matter", file=MAIN, about=about, columns=columns, rows=rows, fixed=True)


def _stages() -> Sheet:
    columns = (
        Column(
            key="zh",
            title=T("阶段（中文）", "Stage (Chinese)"),
            note=T("如 核实、办理", "such as 核实"),
            width=30,
        ),
        Column(
            key="en",
            title=T("阶段（英文）", "Stage (English)"),
            note=T("如 Check", "such as Check"),
            width=30,
        ),
        Column(
            key="days",
            title=T("几个工作日", "Working days"),
            note=T("这一步最多几天", "at most for this step"),
            width=14,
        ),
    )
    name, about = words.SHEETS["stages"]
    rows = (Row(cells={"zh": "办理", "en": "Handling", "days": "3"}),)
    return Sheet(name=name, kind="stages", file=MAIN, about=about, columns=columns, rows=rows)


def _questions() -> Sheet:
    sample = Column(
        key="sample",
        title=T("示例回答", "Sample answer"),
        note=T(
            "必答的都要写；多选用“；”隔开，是否写 是/否，选项写编号",
            "for each that must be answered; ids of choices",
        ),
        width=24,
    )
    parties = {"requester": PartyRole(title=T("申请人", "Requester"))}
    columns = (*question_columns(parties), sample)
    head = Row(cells={"form": "intake", "title.zh": "受理表", "title.en": "Intake form"}, head=True)
    rows = (head, *(Row(cells={"form": "intake", **cells}) for cells in _ASKED))
    name, about = words.SHEETS["questions"]
    return Sheet(name=name, kind="questions", file=FORM, about=about, columns=columns, rows=rows)


def _choices() -> Sheet:
    name, about = words.SHEETS["choices"]
    return Sheet(name=name, kind="choices", file=FORM, about=about, columns=tuple(choice_columns()), rows=())


def _examples() -> list[Sheet]:
    """One example stands there already; it holds for whatever is asked, because what it does not answer is a sample answer."""
    heads, steps = example_sheets(_WITHDRAWN)
    return [
        msgspec.structs.replace(
            heads,
            about=T(
                "“表单”里的示例回答自成一个示例（settled：从提出到销号）。别的在这里写：一行一个，步骤写在“示例步骤”。",
                "The sample answers make an example of their own (settled). Write others here, a row each, their steps in the next sheet.",
            ),
        ),
        msgspec.structs.replace(
            steps,
            about=T(
                "一步一行，从上到下。open 没写的回答用示例回答；答得不同写 answers/问题 = 回答，不答写 answers/问题 = null。",
                "A step a row. What open does not answer is a sample answer; else answers/question = …, or = null for no answer.",
            ),
        ),
    ]


def _notices() -> Sheet:
    sheet = notice_sheet([Row(cells=_RECEIPT)])
    about = T(
        "受理后发给提出人的回执。{{case.receipt}} 这样的地方由系统填；删去这一行，就用现成的。",
        "The receipt for the requester. Places such as {{case.receipt}} are filled in; without this row there is a usual one.",
    )
    return msgspec.structs.replace(sheet, about=about)
