"""Whoever tells what has happened in a case: what a sentence is made of, and for whom."""

from __future__ import annotations

from typing import Literal

import msgspec

from zhuoli.core.case.facts import Directory
from zhuoli.core.case.plan import Plan
from zhuoli.core.text import Text

Audience = Literal["party", "office"]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence of a story. ``words`` are the free text that belongs to it, as somebody wrote it.

    ``tone`` lets a page set weight: ``milestone`` for what the requester waits for, ``late`` for passed
    limits, ``plain`` else.
    """

    at: int
    text: Text
    words: str = ""
    tone: Literal["plain", "milestone", "late"] = "plain"


class Teller:
    """Whoever tells: it knows the scenario, the directory, the moment and the audience."""

    def __init__(self, plan: Plan, directory: Directory, at: int, audience: Audience) -> None:
        self.plan = plan
        self.directory = directory
        self.at = at
        self.audience = audience

    @property
    def office(self) -> bool:
        """Whether everything is told."""
        return self.audience == "office"

    def unit(self, unit: str) -> Text:
        """Return a unit's name."""
        return self.directory.name(unit) or Text(unit or "系统", unit or "the system")

    def line(
        self,
        zh: str,
        en: str,
        words: str = "",
        tone: Literal["plain", "milestone", "late"] = "plain",
        **values: object,
    ) -> Line:
        """Return a sentence with its places filled in."""
        return Line(at=self.at, text=Text(zh, en).format(**values), words=words, tone=tone)


CHANNELS: dict[str, Text] = {
    "web": Text("网上", "online"),
    "phone": Text("电话", "by phone"),
    "window": Text("窗口", "at a window"),
    "proxy": Text("代办", "by proxy"),
    "guardian": Text("监护人代为", "by a guardian"),
    "partner": Text("协作单位", "from a partner body"),
    "field": Text("走访", "from the field"),
    "discovery": Text("单位发现", "found by an office"),
    "model": Text("模型发现", "found by a model"),
    "handover": Text("由另一件事转来", "handed on by another matter"),
}
"""How a matter can come in."""
