"""What is doubtful about evidence when what it says of itself is held against what is known. Pure.

A doubt is a reason to ask, never a finding: clocks of cameras are set wrong every day, and a message service that passes a
video on rewrites it. Whoever decides sees it beside the picture.
"""

from __future__ import annotations

import msgspec

from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_text
from zhuoli.evidence.kinds import Facts

MINUTE = 60_000
EARLY = 10 * MINUTE
"""How much before the stated instant (ms) a recording may begin: a dashcam writes pieces of a few minutes."""
LATE = 24 * 60 * MINUTE
"""How long after the stated instant (ms) pictures of the scene are still plausible."""
AHEAD = 5 * MINUTE
"""By how much a camera's clock may run ahead of ours (ms)."""
_REWRITERS = (
    "lavf",
    "lavc",
    "handbrake",
    "premiere",
    "final cut",
    "imovie",
    "photoshop",
    "gimp",
    "capcut",
    "剪映",
    "snapseed",
)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What is known otherwise: when it happened as stated and when it was received (ms UTC); the same bytes came twice."""

    occurred: int | None
    received: int
    twice: bool = False


class Doubt(msgspec.Struct, frozen=True):
    """One doubt: a code, and the sentence in both languages."""

    code: str
    zh: str
    en: str

    @property
    def text(self) -> Text:
        """The sentence."""
        return Text(self.zh, self.en)


def doubts(facts: Facts, told: Told) -> tuple[Doubt, ...]:
    """Return what is doubtful, the gravest first; empty when nothing is."""
    found: list[Doubt] = []
    if facts.recorded is not None:
        found += _of_time(facts.recorded, told)
    if facts.cut_off:
        found.append(
            Doubt(
                "cut_off",
                "比它自己写的短：后面有一段缺了",
                "It is shorter than it says: a part at the end is missing",
            )
        )
    if any(word in facts.software.lower() for word in _REWRITERS):
        found.append(
            Doubt(
                "rewritten",
                f"不是相机直接写的，经过软件处理（{facts.software}）：可能只是转发，也可能剪过",
                f"Not written by a camera but by software ({facts.software}): passed on, or cut",
            )
        )
    if told.twice:
        found.append(Doubt("twice", "同样的文件交来过两次", "The same file was brought twice"))
    if facts.recorded is None:
        found.append(Doubt("no_time", "文件里没有写拍摄时间", "The file does not say when it was recorded"))
    return tuple(found)


def _of_time(recorded: int, told: Told) -> list[Doubt]:
    said = instant_text(recorded)
    found: list[Doubt] = []
    if recorded > told.received + AHEAD:
        found.append(
            Doubt(
                "ahead",
                f"写的拍摄时间（{said.zh}）比我们收到它还晚：相机的时钟不准，或者改过",
                f"It says it was recorded ({said.en}) after we had received it: the camera's clock is wrong, or it was altered",
            )
        )
    elif told.occurred is not None and recorded < told.occurred - EARLY:
        found.append(
            Doubt(
                "before",
                f"写的拍摄时间（{said.zh}）在事故之前：相机的时钟不准，或者不是这次拍的",
                f"It says it was recorded ({said.en}) before it happened: the camera's clock is wrong, or it shows something else",
            )
        )
    elif told.occurred is not None and recorded > told.occurred + LATE:
        found.append(
            Doubt(
                "long_after",
                f"写的拍摄时间（{said.zh}）在事故一天以后",
                f"It says it was recorded ({said.en}) more than a day after it happened",
            )
        )
    return found
