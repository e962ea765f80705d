"""Why a limit ends when it ends: every day counted, skipped or stopped, one after the other.

The explanation walks through the days by itself; it does not ask ``due_at``, whose arithmetic it therefore
checks (a property test holds the two equal).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from zhuoli.core.text import Text
from zhuoli.core.worktime.calendars import Calendar, Day
from zhuoli.core.worktime.due import (
    Pause,
    begins_at,
    day_before_counting,
    day_open_after,
    length_of,
    merge_pauses,
    months_end,
    rolled,
)
from zhuoli.core.worktime.explanation import Explanation, NamedDay, Step, StepKind, StoppedClock
from zhuoli.core.worktime.instants import date_from_day, day_begins, day_of
from zhuoli.core.worktime.limit import Limit
from zhuoli.core.worktime.words import plain_date


def explain(limit: Limit, start: int, pauses: Sequence[Pause], calendar: Calendar) -> Explanation:
    """Return how the end of a limit comes about; the rules are those of ``due_at``. Instants are ms UTC.

    Raises:
        ValueError: a pause ends before it begins.
    """
    walk = _Walk(limit, start, merge_pauses(pauses, begins_at(limit, start, calendar)), calendar)
    due = walk.days() if limit.in_days else walk.length()
    return Explanation(
        limit=limit,
        start=start,
        due=due,
        steps=tuple(walk.steps),
        pauses=tuple(walk.told),
        skipped=tuple(walk.skipped),
        worked=tuple(walk.worked),
        rolled=tuple(walk.rolled),
        calendar=calendar.version if walk.asked else "",
        notices=_notices(calendar, walk.asked),
    )


class _Walk:
    """One walk through a limit, gathering what it meets."""

    def __init__(self, limit: Limit, start: int, stops: Sequence[Pause], calendar: Calendar) -> None:
        self.limit, self.start, self.stops, self.calendar = limit, start, stops, calendar
        self.steps: list[Step] = []
        self.told: list[StoppedClock] = []
        self.skipped: list[NamedDay] = []
        self.worked: list[NamedDay] = []
        self.rolled: list[NamedDay] = []
        self.asked: set[int] = set()  # days for which the calendar was asked
        self.cost: Counter[int] = Counter()  # days not counted, by the place of the pause in stops

    def days(self) -> int | None:
        """Walk a limit in days or months, day by day, and return its end."""
        limit = self.limit
        day = uncounted = day_before_counting(limit, self.start)
        if day == day_of(self.start):
            self._add("event", day, day)
        wanted = limit.duration.amount
        if limit.duration.unit == "months":
            wanted = months_end(limit, uncounted) - uncounted
        stopped_days = self._stopped_days()
        while wanted:
            day += 1
            if self.stops and self.stops[-1][1] is None and day > day_of(self.stops[-1][0]):
                self._still_open(0)
                return None
            known = self._ask(day) if limit.duration.unit == "working_days" else None
            if known and not known.working:
                self._add("skip", day, day, known.reason)
                self.skipped.append(NamedDay(known.date, known.reason))
            elif day in stopped_days:
                self._add("pause", day, day)
                self.cost[stopped_days[day]] += 1
            else:
                self._add("count", day, day)
                if known and known.kind == "shifted":
                    self.worked.append(NamedDay(known.date, known.reason))
                wanted -= 1
        return self._finish(day, 0)

    def length(self) -> int | None:
        """Walk a limit in minutes or hours and return its end."""
        at, left = self.start, length_of(self.limit)
        for stopped, resumed in self.stops:
            if stopped >= at + left:
                break
            self._run(at, stopped)
            if resumed is None:
                self.told.append(StoppedClock(stopped, None, "open"))
                return None
            self.steps.append(Step("pause", stopped, resumed, 0))
            self.told.append(StoppedClock(stopped, resumed, "exact"))
            at, left = resumed, left - (stopped - at)
        self._run(at, at + left)
        day = day_of(at + left - 1)
        if self.limit.rolls and not self._ask(day).working:
            return self._finish(day, len(self.told))
        self.told.extend(StoppedClock(*stop, "too_late") for stop in self.stops[len(self.told) :])
        return at + left

    def _finish(self, day: int, place: int) -> int | None:
        """From the last counted day to the end: stopped on the last day, days off, and the end itself.

        The pauses before ``place`` are told already.
        """
        for stopped, resumed in self.stops[place:]:
            if stopped >= self._closing(day):
                break
            if resumed is None:
                self._still_open(place)
                return None
            resumption = day_open_after(self.limit, resumed)
            if self._closing(resumption) > self._closing(day):
                self._add("last_day", day + 1, resumption)
                day = resumption
                last = date_from_day(day)
                self.told.append(StoppedClock(stopped, resumed, "last_day", self.cost[place], last))
            else:
                self._tell(place)
            place += 1
        self.told.extend(StoppedClock(*stop, "too_late") for stop in self.stops[place:])
        if self.limit.rolls:
            self._roll(day)
        return self._closing(day)

    def _roll(self, day: int) -> None:
        """Note the days off that move the end from ``day`` to the next working day."""
        last, first = day, self._ask(day)
        known = first
        while not known.working:
            self.rolled.append(NamedDay(known.date, known.reason))
            last += 1
            known = self._ask(last)
        if last > day:
            self._add("roll", day + 1, last, first.reason)

    def _still_open(self, place: int) -> None:
        """Tell the pauses from ``place`` on; the last of them is open and ends the walk."""
        for finished in range(place, len(self.stops) - 1):
            self._tell(finished)
        self.told.append(StoppedClock(self.stops[-1][0], None, "open"))

    def _tell(self, place: int) -> None:
        """Note what a finished pause cost in days."""
        days = self.cost[place]
        self.told.append(StoppedClock(*self.stops[place], "days" if days else "none", days))

    def _stopped_days(self) -> dict[int, int]:
        """Return the days that are not counted, each with the place of its pause in ``stops``."""
        return {
            day: place
            for place, (stopped, resumed) in enumerate(self.stops)
            if resumed is not None
            for day in range(day_of(stopped) + 1, day_of(resumed) + 1)
        }

    def _closing(self, day: int) -> int:
        return day_begins(rolled(self.limit, day, self.calendar)) + self.limit.closing

    def _ask(self, day: int) -> Day:
        self.asked.add(day)
        return self.calendar.day(day)

    def _run(self, begins: int, ends: int) -> None:
        if ends > begins:
            self.steps.append(Step("run", begins, ends, 0))

    def _add(self, kind: StepKind, first: int, last: int, reason: Text | None = None) -> None:
        """Add whole days, joining them to the step before if that is of the same kind and reason."""
        begins, ends, days = day_begins(first), day_begins(last + 1), last - first + 1
        if self.steps:
            step = self.steps[-1]
            if step.kind == kind and step.reason == reason and step.ends == begins:
                self.steps[-1] = Step(kind, step.begins, ends, step.days + days, reason)
                return
        self.steps.append(Step(kind, begins, ends, days, reason))


_NOT_YET_KNOWN = Text(
    "{date}以后的放假安排尚未公布，暂按每周工作五天计算；公布后日期可能改变。",
    "Holidays after {date} are not published yet. A plain five-day week is assumed, so the date may change.",
)
_BEFORE_KNOWN = Text(
    "{date}以前的放假安排不在日历中，按每周工作五天计算。",
    "The calendar does not know the holidays before {date}. A plain five-day week is assumed.",
)


def _notices(calendar: Calendar, asked: set[int]) -> tuple[Text, ...]:
    """Return a warning for days whose arrangements this calendar does not know."""
    notices = []
    if any(day > calendar.last for day in asked):
        notices.append(_NOT_YET_KNOWN.format(date=plain_date(calendar.known_until)))
    if any(day < calendar.first for day in asked):
        notices.append(_BEFORE_KNOWN.format(date=plain_date(calendar.known_from)))
    return tuple(notices)
