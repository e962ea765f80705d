"""A due date with all that is needed to explain it again later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from zhuoli.core.text import Mistake, Text
from zhuoli.core.worktime.calendars import Calendar
from zhuoli.core.worktime.due import Pause, due_at
from zhuoli.core.worktime.explain import explain
from zhuoli.core.worktime.explanation import Explanation
from zhuoli.core.worktime.limit import Limit


class DueRecord(msgspec.Struct, frozen=True):
    """A decided due date for an event to keep: rule, start, pauses, version of the calendar, and the date.

    Instants are ms UTC; ``due`` is None when the clock was stopped.
    """

    limit: Limit
    start: int
    pauses: tuple[Pause, ...]
    calendar: str
    due: int | None


class CannotRecompute(Exception):
    """A stored due date cannot be explained again; ``mistake`` says why and what to do."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(f"{mistake.message.en} {mistake.remedy.en}")
        self.mistake = mistake


def record_due(limit: Limit, start: int, pauses: Sequence[Pause], calendar: Calendar) -> DueRecord:
    """Return the due date of a limit together with what it was computed from.

    Raises:
        ValueError: a pause ends before it begins.
    """
    kept = tuple((stopped, resumed) for stopped, resumed in pauses)
    return DueRecord(limit, start, kept, calendar.version, due_at(limit, start, kept, calendar))


def recompute(record: DueRecord, calendars: Mapping[str, Calendar]) -> Explanation:
    """Explain a stored due date with the calendar version that it was decided by.

    ``calendars`` are by version; an old version is made from its archived data by ``build_calendar``.

    Raises:
        CannotRecompute: the version is not there (code ``unknown_calendar``), or the result differs from what
            was stored (code ``due_differs``), so that the explanation would not be that of the decision.
    """
    calendar = calendars.get(record.calendar)
    if calendar is None:
        known = ", ".join(sorted(calendars)) or "-"
        raise CannotRecompute(
            Mistake(
                code="unknown_calendar",
                message=Text(
                    f"没有工作日历“{record.calendar}”；现有：{known}。",
                    f"There is no working calendar “{record.calendar}”; there are: {known}.",
                ),
                remedy=Text(
                    "请从存档恢复这一版日历；不能用另一版代替，否则日期可能不同。",
                    "Restore this version from the archive; another version could give another date.",
                ),
            )
        )
    told = explain(record.limit, record.start, record.pauses, calendar)
    if told.due != record.due:
        raise CannotRecompute(
            Mistake(
                code="due_differs",
                message=Text(
                    f"重新计算的到期时间（{told.due}）与存档（{record.due}）不同。",
                    f"The recomputed due time ({told.due}) differs from the stored one ({record.due}).",
                ),
                remedy=Text(
                    f"请检查存档的日历“{record.calendar}”和程序版本；以存档的时间为准。",
                    f"Check the archived calendar “{record.calendar}” and the program's version; "
                    "the stored time stands.",
                ),
            )
        )
    return told
