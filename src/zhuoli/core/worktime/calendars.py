"""Which days are worked: the statutory calendar with its holidays and shifted weekends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from itertools import accumulate
from typing import Literal

import chinese_calendar  # type: ignore[import-untyped]
import msgspec

from zhuoli.core.text import Text
from zhuoli.core.worktime.instants import date_from_day, day_from_date

WEEKEND = Text("周末", "weekend")
WORKDAY = Text("工作日", "working day")

# The library's labels with the customary full names; a name that is not here is used as the library has it.
_NAMES = {
    "New Year's Day": Text("元旦", "New Year's Day"),
    "Spring Festival": Text("春节", "Spring Festival"),
    "Tomb-sweeping Day": Text("清明节", "Tomb-Sweeping Day"),
    "Labour Day": Text("劳动节", "Labour Day"),
    "Dragon Boat Festival": Text("端午节", "Dragon Boat Festival"),
    "National Day": Text("国庆节", "National Day"),
    "Mid-autumn Festival": Text("中秋节", "Mid-Autumn Festival"),
    "Anti-Fascist 70th Day": Text("抗战胜利70周年纪念日", "70th Victory Day"),
}


class Day(msgspec.Struct, frozen=True):
    """One day of a calendar: whether it is worked, and why.

    ``kind`` is ``workday`` or ``shifted`` (a weekend worked in exchange for a holiday, 调休) for worked days,
    ``weekend`` or ``holiday`` for days off. ``reason`` names it. ``known`` is false outside the years for
    which the arrangements are published.
    """

    date: date
    working: bool
    kind: Literal["workday", "shifted", "weekend", "holiday"]
    reason: Text
    known: bool


class CalendarData(msgspec.Struct, frozen=True):
    """What a calendar is made from; plain data that can be stored with the ledger.

    ``off`` holds days off with the holiday's name, ``worked`` weekends that are worked with the name of the
    holiday in exchange for which they are. All other days follow the five-day week. Both may only speak of
    days from ``known_from`` to ``known_until``.
    """

    version: str
    known_from: date
    known_until: date
    off: dict[date, Text]
    worked: dict[date, Text]


class Calendar(msgspec.Struct, frozen=True):
    """A working calendar, frozen and versioned; make one by ``build_calendar`` or ``statutory_calendar``.

    Questions are asked by day number (days since 1970-01-01, local). Inside the known years answers come
    from tables of running counts; outside, the plain five-day week holds, and explanations say so.
    """

    data: CalendarData
    first: int
    last: int
    through: tuple[int, ...]
    nth: tuple[int, ...]

    def __repr__(self) -> str:
        return f"Calendar({self.version!r}, {self.known_from} to {self.known_until})"

    def __hash__(self) -> int:
        return hash((self.version, self.first, self.last))

    @property
    def version(self) -> str:
        """Name of this calendar's version, such as ``cn-2026-1.11.0``."""
        return self.data.version

    @property
    def known_from(self) -> date:
        """First date for which the arrangements are known."""
        return self.data.known_from

    @property
    def known_until(self) -> date:
        """Last date for which the arrangements are known; later dates follow the plain five-day week."""
        return self.data.known_until

    def count(self, day: int) -> int:
        """Return the running number of working days up to and including ``day`` (0 before the first known).

        The difference of two counts is the number of working days after the one day up to the other.
        """
        index = day - self.first
        if index < 0:
            return _weekdays(day) - _weekdays(self.first - 1)
        if day > self.last:
            return len(self.nth) + _weekdays(day) - _weekdays(self.last)
        return self.through[index]

    def working_day(self, number: int) -> int:
        """Return the day whose running number (see ``count``) is ``number``."""
        if number < 1:
            return _nth_weekday(_weekdays(self.first - 1) + number)
        if number > len(self.nth):
            return _nth_weekday(_weekdays(self.last) + number - len(self.nth))
        return self.nth[number - 1]

    def is_working(self, day: int) -> bool:
        """Whether ``day`` is worked."""
        return self.count(day) != self.count(day - 1)

    def next_working(self, day: int) -> int:
        """Return ``day`` if it is worked, else the first worked day after it."""
        return self.working_day(self.count(day - 1) + 1)

    def last_working(self, day: int) -> int:
        """Return ``day`` if it is worked, else the last worked day before it."""
        return self.working_day(self.count(day))

    def is_known(self, day: int) -> bool:
        """Whether the arrangements for ``day`` are published in this version."""
        return self.first <= day <= self.last

    def day(self, day: int) -> Day:
        """Return a day with the reason for being worked or not."""
        value, known = date_from_day(day), self.is_known(day)
        if value in self.data.off:
            return Day(value, False, "holiday", self.data.off[value], known)
        if value in self.data.worked:
            return Day(value, True, "shifted", self.data.worked[value], known)
        if value.weekday() >= 5:
            return Day(value, False, "weekend", WEEKEND, known)
        return Day(value, True, "workday", WORKDAY, known)


@cache
def statutory_calendar() -> Calendar:
    """Return the statutory working calendar of China with its shifted weekends, 2004 to the last known year.

    Source: the yearly notices of the State Council's General Office on holidays, as collected in the package
    chinesecalendar. The version names the last known year and the package's version.
    """
    last_year = max(chinese_calendar.holidays).year
    return build_calendar(
        CalendarData(
            version=f"cn-{last_year}-{chinese_calendar.__version__}",
            known_from=date(min(chinese_calendar.holidays).year, 1, 1),
            known_until=date(last_year, 12, 31),
            off=_named(chinese_calendar.holidays),
            worked=_named(chinese_calendar.workdays),
        )
    )


def build_calendar(data: CalendarData) -> Calendar:
    """Make a calendar from its data, for tests, for an archived version or for arrangements of one's own.

    Raises:
        ValueError: the version is empty, the years are the wrong way round, a day lies outside them, or a
            day is both off and worked.
    """
    if not data.version or data.known_from > data.known_until:
        raise ValueError("a calendar needs a version and a first day that is not after its last")
    named = [*data.off, *data.worked]
    if any(not data.known_from <= value <= data.known_until for value in named):
        raise ValueError("a named day lies outside the known years")
    if data.off.keys() & data.worked.keys():
        raise ValueError("a day cannot be both off and worked")
    first, last = day_from_date(data.known_from), day_from_date(data.known_until)
    off = {day_from_date(value) for value in data.off}
    worked = {day_from_date(value) for value in data.worked}
    nth = tuple(
        day for day in range(first, last + 1) if day in worked or ((day + 3) % 7 < 5 and day not in off)
    )
    members = frozenset(nth)
    through = tuple(accumulate(int(day in members) for day in range(first, last + 1)))
    return Calendar(data, first, last, through, nth)


def _named(days: Mapping[date, str]) -> dict[date, Text]:
    labels = {item.value: Text(item.chinese, item.value) for item in chinese_calendar.Holiday}
    return {value: _NAMES.get(label, labels[label]) for value, label in sorted(days.items())}


def _weekdays(day: int) -> int:
    """Return the number of Mondays to Fridays from Monday 1969-12-29 up to and including ``day``."""
    weeks, weekday = divmod(day + 3, 7)
    return weeks * 5 + min(weekday + 1, 5)


def _nth_weekday(number: int) -> int:
    """Return the day of the ``number``-th Monday to Friday since 1969-12-29: the inverse of ``_weekdays``."""
    weeks, weekday = divmod(number - 1, 5)
    return weeks * 7 + weekday - 3
