"""The rule of a time limit: how long, whether the day of the event counts, where it ends."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

import msgspec

from zhuoli.core.text import Mistake, Text
from zhuoli.core.worktime.duration import Duration
from zhuoli.core.worktime.instants import DAY, HOUR, MINUTE

_CLOCK_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")


class BadLimit(ValueError):
    """A time limit that cannot be used; ``mistake`` says why and what to write instead."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(f"{mistake.message.en} {mistake.remedy.en}")
        self.mistake = mistake


class Limit(msgspec.Struct, frozen=True):
    """A time limit as a rule, before anything has happened.

    ``day_of_event`` matters for days and months only. ``excluded`` (the law's way) starts counting on the
    day after the event. ``included`` counts the day of the event as the first day; what arrives at or after
    ``day_ends`` (in working days: or on a day off) then counts as having arrived on the next day. Minutes and hours run on at once: art. 35
    would not count the hour of the event either, and we do not make use of that favour.

    ``roll_over`` moves a limit in calendar days or months whose last day is a day off to the next working
    day. Say false where the law forbids it, as for a period during which a person is held. Limits in working
    days end on a working day anyway. Minutes and hours do not roll over unless ``hours_roll`` is said; then
    an end on a day off moves to the end of the next working day.

    ``day_ends`` (``HH:MM`` local, at latest ``24:00``) is when the last day is over: 24:00 for limits set by
    law, the closing hour for promises. Minutes and hours use it only when they roll over.

    Source: 公安机关办理行政案件程序规定 art. 35 (day of the event not counted; a period whose last day is a
    holiday ends on the first day after it, but never for a period during which a person is held).

    Raises:
        BadLimit: ``day_ends`` is not a clock time from 00:01 to 24:00 (code ``bad_clock_time``).
    """

    duration: Duration
    day_of_event: Literal["excluded", "included"] = "excluded"
    roll_over: bool = True
    day_ends: str = "24:00"
    hours_roll: bool = False

    def __post_init__(self) -> None:
        if not _CLOCK_TIME.fullmatch(self.day_ends) or self.day_ends == "00:00":
            raise BadLimit(
                Mistake(
                    code="bad_clock_time",
                    message=Text(
                        f"“{self.day_ends}”不是一天结束的时刻。",
                        f"“{self.day_ends}” is not a clock time at which a day can end.",
                    ),
                    remedy=Text(
                        "请写 00:01 至 24:00 之间的时刻，例如“17:30”；整天请写“24:00”。",
                        "Write a time from 00:01 to 24:00, such as “17:30”; for the whole day write “24:00”.",
                    ),
                )
            )

    @property
    def in_days(self) -> bool:
        """Whether the limit is counted in days or months, not in minutes or hours."""
        return self.duration.unit not in ("minutes", "hours")

    @property
    def rolls(self) -> bool:
        """Whether the end of the limit is moved from a day off to the next working day."""
        unit = self.duration.unit
        if unit == "working_days":
            return True
        if unit in ("minutes", "hours"):
            return self.hours_roll
        return self.roll_over

    @property
    def closing(self) -> int:
        """Return ``day_ends`` as milliseconds after local midnight."""
        return _closing(self.day_ends)


@lru_cache(maxsize=1500)
def _closing(day_ends: str) -> int:
    if day_ends == "24:00":
        return DAY
    return int(day_ends[:2]) * HOUR + int(day_ends[3:]) * MINUTE
