"""Instants, local days and local clock times as plain integers.

An instant is milliseconds since the epoch, UTC. A *day* is the number of the local day since 1970-01-01
(day 0). Local time is Asia/Shanghai, eight hours ahead of UTC without summer time since September 1991;
for instants before that, summer time (1986 to 1991) is not considered.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
OFFSET = 8 * HOUR
SHANGHAI = timezone(timedelta(milliseconds=OFFSET), "Asia/Shanghai")

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def local(instant: int) -> datetime:
    """Return the local date and time of an instant (milliseconds UTC), with its zone."""
    return (_EPOCH + timedelta(milliseconds=instant)).astimezone(SHANGHAI)


def instant_of(moment: datetime) -> int:
    """Return the instant (milliseconds UTC) of a date and time; without a zone it is taken as local."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SHANGHAI)
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def day_of(instant: int) -> int:
    """Return the number of the local day in which an instant lies; midnight belongs to the new day."""
    return (instant + OFFSET) // DAY


def day_begins(day: int) -> int:
    """Return the instant of 00:00 local time of a day."""
    return day * DAY - OFFSET


def day_from_date(value: date) -> int:
    """Return the day number of a date."""
    return value.toordinal() - _EPOCH_ORDINAL


def date_from_day(day: int) -> date:
    """Return the date of a day number."""
    return date.fromordinal(day + _EPOCH_ORDINAL)


@lru_cache(maxsize=512)
def iso_date(day: int) -> str:
    """Return the date of a day number as ISO text."""
    return date_from_day(day).isoformat()


def add_months(day: int, months: int) -> int:
    """Return the day with the same number ``months`` later, or the last day of that month if it has none.

    Source: 民法典 art. 202 (a period in months ends on the corresponding day of the last month; without a
    corresponding day, on the last day of that month).
    """
    origin = date.fromordinal(day + _EPOCH_ORDINAL)
    years, month = divmod(origin.month - 1 + months, 12)
    year, month = origin.year + years, month + 1
    number = origin.day
    if number > 28:
        number = min(number, monthrange(year, month)[1])
    return date(year, month, number).toordinal() - _EPOCH_ORDINAL
