"""Working time: limits in minutes, hours, calendar days, statutory working days and months.

Every due date explains itself: which days were counted, which were skipped and why, when the clock stood still.
Nothing here reads a clock; instants are milliseconds since the epoch, UTC, and local time is Asia/Shanghai.
"""

from zhuoli.core.worktime.calendars import Calendar, CalendarData, Day, build_calendar, statutory_calendar
from zhuoli.core.worktime.clock import Colour, Remaining, amber_at, clock, remaining
from zhuoli.core.worktime.due import Pause, due_at
from zhuoli.core.worktime.duration import UNITS, BadDuration, Duration, Unit, parse_duration
from zhuoli.core.worktime.explain import explain
from zhuoli.core.worktime.explanation import Explanation, NamedDay, Step, StoppedClock
from zhuoli.core.worktime.instants import instant_of, local
from zhuoli.core.worktime.limit import BadLimit, Limit
from zhuoli.core.worktime.record import CannotRecompute, DueRecord, recompute, record_due
from zhuoli.core.worktime.sentences import in_sentences
from zhuoli.core.worktime.words import date_text, format_instant, in_words, instant_text

__all__ = [
    "UNITS",
    "BadDuration",
    "BadLimit",
    "Calendar",
    "CalendarData",
    "CannotRecompute",
    "Colour",
    "Day",
    "DueRecord",
    "Duration",
    "Explanation",
    "Limit",
    "NamedDay",
    "Pause",
    "Remaining",
    "Step",
    "StoppedClock",
    "Unit",
    "amber_at",
    "build_calendar",
    "clock",
    "date_text",
    "due_at",
    "explain",
    "format_instant",
    "in_sentences",
    "in_words",
    "instant_of",
    "instant_text",
    "local",
    "parse_duration",
    "recompute",
    "record_due",
    "remaining",
    "statutory_calendar",
]
