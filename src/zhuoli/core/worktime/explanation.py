"""An explained time limit, as data: it can be stored, shown and, by ``in_sentences``, told in words."""

from __future__ import annotations

from datetime import date
from typing import Literal

import msgspec

from zhuoli.core.text import Text
from zhuoli.core.worktime.limit import Limit

StepKind = Literal["event", "run", "count", "skip", "pause", "last_day", "roll"]
Effect = Literal["exact", "days", "none", "last_day", "open", "too_late"]


class Step(msgspec.Struct, frozen=True):
    """One stretch of time on the way to the end of a limit, from ``begins`` to ``ends`` (ms UTC).

    ``event`` is the day of the event when it does not count, ``run`` time that counts in a limit of minutes or
    hours, ``count`` days that count, ``skip`` days off, ``pause`` time or days during which the clock was stopped,
    ``last_day`` the wait for the day of resumption when the clock was stopped on the last day, and ``roll`` days
    off after the last day. ``days`` is the number of days of the stretch (0 for ``run`` and its pauses).
    """

    kind: StepKind
    begins: int
    ends: int
    days: int
    reason: Text | None = None


class NamedDay(msgspec.Struct, frozen=True):
    """A day and what makes it special, such as 国庆节 / National Day."""

    date: date
    reason: Text


class StoppedClock(msgspec.Struct, frozen=True):
    """A pause (ms UTC, ``ends`` None while open) and what it cost.

    ``effect`` is ``exact`` (minutes and hours moved by its length), ``days`` (``days`` days of the limit's unit not
    counted), ``none`` (it cost no day), ``last_day`` (stopped on the last day, which moves to the date
    ``last_day``), ``open`` (no due time now) or ``too_late`` (it began when the limit had already passed).
    """

    begins: int
    ends: int | None
    effect: Effect
    days: int = 0
    last_day: date | None = None


class Explanation(msgspec.Struct, frozen=True):
    """How a limit was counted. ``due`` equals ``due_at``; None while the clock is stopped.

    ``skipped`` are the days off that a limit in working days passed over, ``worked`` the weekends that counted
    because they are worked (调休), ``rolled`` the days off after the last day. ``calendar`` is the version, empty
    when no calendar was asked. ``notices`` must be shown with the date.
    """

    limit: Limit
    start: int
    due: int | None
    steps: tuple[Step, ...]
    pauses: tuple[StoppedClock, ...]
    skipped: tuple[NamedDay, ...]
    worked: tuple[NamedDay, ...]
    rolled: tuple[NamedDay, ...]
    calendar: str
    notices: tuple[Text, ...]
