"""When a time limit ends, with pauses. Integers only, because every task asks."""

from __future__ import annotations

from collections.abc import Sequence

from zhuoli.core.worktime.calendars import Calendar
from zhuoli.core.worktime.instants import DAY, HOUR, MINUTE, OFFSET, add_months
from zhuoli.core.worktime.limit import Limit

Pause = tuple[int, int | None]


def due_at(limit: Limit, start: int, pauses: Sequence[Pause], calendar: Calendar) -> int | None:
    """Return the instant at which a limit that began at ``start`` ends, or None while its clock is stopped.

    All instants are milliseconds UTC. A pause is (stopped, resumed), with None while it is still open.
    ``now <= due`` is in time. How pauses count:

    - Overlapping pauses are one pause; what lies before ``start`` does not count.
    - Minutes and hours: the end moves by the exact length of the pause.
    - Days and months: the day of stopping is used up; the days after it, up to and including the day of
      resumption, are not counted, just as the day of the event is not. So a pause within one day costs
      nothing. Calendar days and months move by that number of calendar days; working days by the working
      days among them.
    - Last day: a limit never ends during a pause, nor before the end of the day on which the clock resumes;
      who was stopped on the last day has the day of resumption for the rest.
    - A pause that begins at or after the end changes nothing, even while it is open: what is late stays late.

    A longer or added pause never makes the end earlier, a larger amount never either. A later start never
    does, with two exceptions that lie in the rules: months with a pause (28 to 31 days), and minutes or
    hours with ``hours_roll`` (there a longer or added pause can make the end earlier, too).

    Source: 公安机关办理行政案件程序规定 art. 35 (counting), arts. 112 and 165 (time for expert examination is
    not counted).

    Raises:
        ValueError: a pause ends before it begins.
    """
    stops = merge_pauses(pauses, begins_at(limit, start, calendar)) if pauses else ()
    if not limit.in_days:
        return _after_length(limit, start, stops, calendar)

    # From here on: `uncounted` is the last day before counting, `ends` the last counted day.
    duration = limit.duration
    uncounted = day_before_counting(limit, start)
    number: int | None = None
    if duration.unit == "working_days":
        number = calendar.count(uncounted) + duration.amount
        ends = calendar.working_day(number)
    elif duration.unit == "calendar_days":
        ends = uncounted + duration.amount
    else:
        ends = months_end(limit, uncounted)
    if not stops:
        return _closing(limit, ends, calendar)

    latest = ends
    for stopped, resumed in stops:
        if stopped >= _closing(limit, latest, calendar):
            break
        if resumed is None:
            return None
        # Stopped on or after the last counted day, this leaves `ends` at or before the day of resumption.
        first, last = (stopped + OFFSET) // DAY, (resumed + OFFSET) // DAY
        if number is not None:
            number += calendar.count(last) - calendar.count(first)
            ends = calendar.working_day(number)
        else:
            ends += last - first
        latest = max(latest, ends, day_open_after(limit, resumed))
    return _closing(limit, latest, calendar)


def merge_pauses(pauses: Sequence[Pause], start: int) -> list[Pause]:
    """Return the pauses in order, cut off before ``start``, overlapping and touching ones made one.

    Raises:
        ValueError: a pause ends before it begins.
    """
    merged: list[Pause] = []
    for stopped, resumed in sorted(pauses, key=_by_beginning):
        if resumed is not None:
            if resumed < stopped:
                raise ValueError(f"pause ends at {resumed}, before it begins at {stopped}")
            if resumed <= start or resumed == stopped:
                continue
        stopped = max(stopped, start)
        if merged:
            before, until = merged[-1]
            if until is None:
                continue
            if stopped <= until:
                merged[-1] = (before, None if resumed is None else max(until, resumed))
                continue
        merged.append((stopped, resumed))
    return merged


def day_before_counting(limit: Limit, start: int) -> int:
    """Return the last day that is not counted: the day of the event, or the day before if it is included."""
    day = (start + OFFSET) // DAY
    if limit.day_of_event == "excluded":
        return day
    return day_open_after(limit, start) - 1


def begins_at(limit: Limit, start: int, calendar: Calendar) -> int:
    """Return the instant before which a pause stops nothing: the start, or 00:00 of the day as which it counts."""
    if not limit.in_days or limit.day_of_event == "excluded":
        return start
    first = day_before_counting(limit, start) + 1
    if limit.duration.unit == "working_days":
        first = calendar.next_working(first)
    return max(start, first * DAY - OFFSET)


def months_end(limit: Limit, uncounted: int) -> int:
    """Return the last day of a limit in months, without pauses or roll-over."""
    if limit.day_of_event == "excluded":
        return add_months(uncounted, limit.duration.amount)
    # Counting 15 January as the first day, one month is over on 14 February.
    return add_months(uncounted + 1, limit.duration.amount) - 1


def day_open_after(limit: Limit, instant: int) -> int:
    """Return the first day that, by ``day_ends``, is not yet over at ``instant``."""
    day, clock = divmod(instant + OFFSET, DAY)
    return day + 1 if clock >= limit.closing else day


def rolled(limit: Limit, day: int, calendar: Calendar) -> int:
    """Return the day on which a limit ends whose counting ends on ``day``."""
    return calendar.next_working(day) if limit.rolls else day


def _closing(limit: Limit, day: int, calendar: Calendar) -> int:
    """Return the instant at which the limit ends if its last counted day is ``day``."""
    return rolled(limit, day, calendar) * DAY - OFFSET + limit.closing


def length_of(limit: Limit) -> int:
    """Return the length in milliseconds of a limit in minutes or hours."""
    return limit.duration.amount * (HOUR if limit.duration.unit == "hours" else MINUTE)


def _after_length(limit: Limit, start: int, stops: Sequence[Pause], calendar: Calendar) -> int | None:
    """Return the end of a limit in minutes or hours."""
    due = start + length_of(limit)
    for index, (stopped, resumed) in enumerate(stops):
        if stopped >= due:
            return _roll_length(limit, due, stops[index:], calendar)
        if resumed is None:
            return None
        due += resumed - stopped
    return _roll_length(limit, due, (), calendar)


def _roll_length(limit: Limit, due: int, stops: Sequence[Pause], calendar: Calendar) -> int | None:
    """Move an end in minutes or hours to the next working day, if the limit says so.

    ``stops`` begin at or after ``due``, so only a limit that was moved can still meet one.
    """
    day = (due - 1 + OFFSET) // DAY  # an end at 24:00 belongs to the day that it closes
    if not limit.rolls or calendar.is_working(day):
        return due
    latest = day
    for stopped, resumed in stops:
        if stopped >= _closing(limit, latest, calendar):
            break
        if resumed is None:
            return None
        latest = max(latest, day_open_after(limit, resumed))
    return _closing(limit, latest, calendar)


def _by_beginning(pause: Pause) -> int:
    return pause[0]
