"""A notice is a Markdown file in both languages, with places to be filled in.

# 受理回执 | Receipt

您好，您的诉求 {{case.receipt}} 已受理。 {{form.name or form.plate}} is the first of both that is filled in.
{{findings.term | lower}} is what a choice is called within a sentence: “fifteen days”, not “Fifteen days”.

---en---

Your request {{case.receipt}} has been accepted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from zhuoli.core.scenario.catalog import LANGUAGES, mistake
from zhuoli.core.scenario.model import Notice
from zhuoli.core.text import Mistake, Text

_HEADING = re.compile(r"#\s+(?P<zh>[^|\uff5c]*[^|\uff5c\s])\s*[|\uff5c]\s*(?P<en>\S.*?)\s*\Z")
_ENGLISH = re.compile(r"^---en---[ \t]*$", re.MULTILINE)
_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_OR = re.compile(r"\s+or\s+")
_MARKS = re.compile(r"(?m)^([ \t]*\d{0,3})([#*+\-.、])")


NOTICE_NAMES: dict[str, Text] = {
    "case.receipt": Text("回执号", "the receipt number"),
    "case.title": Text("事项名称", "the matter"),
    "case.unit": Text("责任单位", "the responsible unit"),
    "case.unit_phone": Text("责任单位电话", "the responsible unit's phone number"),
    "case.due": Text("法定时限", "the statutory date"),
    "case.promised": Text("承诺时限", "the promised date"),
    "case.opened": Text("提出时间", "when it was raised"),
    "case.accepted": Text("受理时间", "when it was accepted"),
    "case.closed": Text("答复时间", "when it was answered"),
    "case.result": Text("办理结果", "the result"),
    "case.answer": Text("答复内容", "the answer"),
    "case.today": Text("今天", "today"),
    "case.sketch": Text("画好的现场图（单独成一段）", "the sketch of what happened (a paragraph of its own)"),
    "case.seal": Text("公章（单独成一段）", "the official seal (a paragraph of its own)"),
    "case.appointment_with": Text("约了谁", "with whom the appointment is"),
    "case.appointment_at": Text("约在什么时候", "when the appointment is"),
    "case.appointment_where": Text(
        "约在哪里（名录里的地址和电话）", "where the appointment is (address and phone of the directory)"
    ),
}
"""What a notice can say of its case beside the names of expressions; filled in as words in its language."""


LOWER = "lower"
"""The form of a place within an English sentence; see ``lowered``."""

_FIRST_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


class Slot(NamedTuple):
    """One ``{{name}}`` or ``{{name | form}}`` of a body and where it stands (line and column from 1, within that body)."""

    name: str
    line: int
    column: int
    form: str = ""


def read_notice(text: str, file: str) -> tuple[Notice | None, list[Mistake]]:
    """Take a notice apart; gives nothing and the reasons when it has not both languages."""
    lines = text.lstrip("\ufeff").split("\n")
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    heading = _HEADING.match(lines[start].strip())
    if heading is None:
        return None, [mistake("notice_heading", (file, start + 1, 1))]
    rest = "\n".join(lines[start + 1 :])
    parts = _ENGLISH.split(rest, maxsplit=1)
    if len(parts) < 2:
        return None, [mistake("notice_english", (file, text.rstrip().count("\n") + 1, 1))]
    bodies = dict(zip(LANGUAGES, (part.strip() for part in parts), strict=True))
    empty = [language for language, body in bodies.items() if not body]
    found = [mistake("notice_empty", (file, start + 1, 1), language=LANGUAGES[one]) for one in empty]
    if found:
        return None, found
    return Notice(title=Text(heading["zh"], heading["en"]), body=Text(bodies["zh"], bodies["en"])), []


def slots(body: str) -> list[Slot]:
    """The places of a body, in order."""
    found = []
    for match in _PLACE.finditer(body):
        line = body.count("\n", 0, match.start()) + 1
        column = match.start() - (body.rfind("\n", 0, match.start()) + 1) + 1
        names, form = _taken_apart(match[1])
        found += [Slot(name, line, column, form) for name in names]
    return found


def _taken_apart(place: str) -> tuple[list[str], str]:
    """The names of a place and its form (empty: none)."""
    names, _, form = place.partition("|")
    return _OR.split(names.strip()), form.strip()


def lowered(label: str) -> str:
    """A label as it stands within an English sentence: its first letter is small, unless its first word is one with
    capitals of its own (SMS, iPhone) or the word “I”.
    """
    word = _FIRST_WORD.match(label)
    if (
        word is None
        or word[0] == "I"
        or word[0].startswith(("I'", "I’"))
        or word[0][1:] != word[0][1:].lower()
    ):
        return label
    return label[0].lower() + label[1:]


def fill(body: str, values: dict[str, str], nothing: str = "", low: Mapping[str, str] | None = None) -> str:
    """Put ``values`` into the places of ``body``; of several names joined by ``or``, the first that is not ``nothing``.

    ``low`` has the values of places that ask for the form ``lower``; where it lacks a name, its value stands as it is.

    Raises:
        KeyError: a place has no value; the checker makes sure that it has a name.
    """

    def said(match: re.Match[str]) -> str:
        names, form = _taken_apart(match[1])
        words = {**values, **(low or {})} if form == LOWER else values
        found = [words[name] for name in names]
        return next((value for value in found if value != nothing), nothing)

    return _PLACE.sub(said, body)


def without_marks(value: str) -> str:
    """Take the marks in what somebody has written their meaning, so that no answer can look like a part of the notice.

    Signs at the beginning of a line that Markdown would take for a heading, a list or a rule get a backslash.
    """
    return _MARKS.sub(lambda match: match[1] + "\\" + match[2], value.replace("**", r"\*\*"))
