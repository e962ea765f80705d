"""What is left of a limit now, and the colour of its clock."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from zhuoli.core.worktime.calendars import Calendar
from zhuoli.core.worktime.due import Pause, begins_at, due_at, length_of, merge_pauses
from zhuoli.core.worktime.duration import Unit
from zhuoli.core.worktime.instants import HOUR, MINUTE, day_begins, day_of
from zhuoli.core.worktime.limit import Limit

Colour = Literal["green", "amber", "red", "stopped"]


class Remaining(msgspec.Struct, frozen=True):
    """What is left of a limit: ``amount`` whole units and the exact ``ms``; negative when late.

    Minutes and hours are rounded towards zero. Days are the days after today up to the last day, so 0 means
    that today is the last day (or, with ``ms`` negative, that the limit passed less than one counted day
    ago). Limits in months tell what is left in calendar days. ``stopped`` says that the clock does not run;
    the figures are those of the moment of stopping.
    """

    amount: int
    unit: Unit
    ms: int
    stopped: bool = False


def remaining(limit: Limit, start: int, pauses: Sequence[Pause], calendar: Calendar, now: int) -> Remaining:
    """Return what was left of a limit at ``now`` (ms UTC), with the pauses as they stood then.

    Pauses that begin after ``now`` are unknown then, and one that is resumed after ``now`` is still open.

    Raises:
        ValueError: a pause ends before it begins.
    """
    known = [
        (stopped, None if resumed is None or resumed > now else resumed)
        for stopped, resumed in pauses
        if stopped <= now
    ]
    due = due_at(limit, start, known, calendar)
    if due is None:
        # Stopped: what is left is what there was when the clock stopped. Merged, the open pause is the last.
        *finished, (stopped_at, _) = merge_pauses(known, begins_at(limit, start, calendar))
        due = due_at(limit, start, finished, calendar)
        assert due is not None  # noqa: S101 - no other pause is open
        return _left(limit, due, stopped_at, calendar, stopped=True)
    return _left(limit, due, now, calendar, stopped=False)


def clock(due: int | None, started: int, now: int, amber_from: int | None = None) -> Colour:
    """Return the colour of a clock: ``stopped`` without a due time, ``red`` after it, ``amber`` shortly before.

    ``amber_from`` is the instant from ``amber_at``; without it amber is the last quarter of the time from
    ``started`` to ``due``. All in ms UTC.
    """
    if due is None:
        return "stopped"
    if now > due:
        return "red"
    if amber_from is None:
        amber_from = due - max(0, due - started) // 4
    return "amber" if now >= amber_from else "green"


def amber_at(limit: Limit, start: int, pauses: Sequence[Pause], calendar: Calendar) -> int | None:
    """Return the instant (ms UTC) from which a limit shows amber, or None while its clock is stopped.

    Minutes and hours: the last quarter. Days and months: the last quarter of the time without pauses, and at
    the latest from 00:00 of the last working day before the end, so that somebody is at work to see it. Never
    before ``start``.
    """
    due = due_at(limit, start, pauses, calendar)
    if due is None:
        return None
    if not limit.in_days:
        return max(start, due - length_of(limit) // 4)
    stopped = sum(
        min(due, resumed) - begun
        for begun, resumed in merge_pauses(pauses, begins_at(limit, start, calendar))
        if begun < due and resumed is not None
    )
    quarter = (due - start - stopped) // 4
    last_working = day_begins(calendar.last_working(day_of(due - 1)))
    return max(start, min(due - quarter, last_working))


def _left(limit: Limit, due: int, now: int, calendar: Calendar, *, stopped: bool) -> Remaining:
    """Return what lies between ``now`` and ``due`` in the unit of the limit."""
    ms = due - now
    unit = limit.duration.unit
    if unit in ("minutes", "hours"):
        size = HOUR if unit == "hours" else MINUTE
        return Remaining(ms // size if ms >= 0 else -(-ms // size), unit, ms, stopped)
    last = day_of(due - 1)  # an end at 24:00 belongs to the day that it closes, and so does its last moment
    today = min(day_of(now), last) if ms >= 0 else day_of(now)
    if unit == "working_days":
        return Remaining(calendar.count(last) - calendar.count(today), unit, ms, stopped)
    return Remaining(last - today, "calendar_days", ms, stopped)
