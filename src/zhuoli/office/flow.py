"""The flow of a day: what came in, was settled, ran out of time, by the hour, against the same weekday of other weeks."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import quantiles
from typing import Any, Literal

import msgspec
from django.db.models import BigIntegerField, Case, Count, F, IntegerField, Min, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from zhuoli.core.worktime import Calendar
from zhuoli.core.worktime.instants import DAY, HOUR, day_begins, day_of
from zhuoli.store.models import CaseRecord

Series = Literal["raised", "settled", "late"]
SERIES: tuple[Series, ...] = ("raised", "settled", "late")
WEEKS = 8
"""So many weeks back are looked at for what is usual."""
ENOUGH = 3
"""Fewer like days than this say nothing about what is usual."""
HOURS = 24


class Usual(msgspec.Struct, frozen=True):
    """What had happened by the end of each hour of like days: the lower quartile, the median, the upper quartile."""

    low: tuple[float, ...]
    middle: tuple[float, ...]
    high: tuple[float, ...]


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """Today by the hour for each series; ``usual`` is None while there are fewer than ``ENOUGH`` like days.

    ``by_hour`` has the counts of the 24 hours (those to come are 0), ``days`` says how many like days there were.
    """

    by_hour: dict[Series, tuple[int, ...]]
    usual: dict[Series, Usual] | None
    days: int


def today(cases: QuerySet[CaseRecord], now: int) -> dict[Series, tuple[int, ...]]:
    """Count the local day of ``now`` by the hour, in one statement for each series."""
    start = day_begins(day_of(now))
    return {series: _hours(cases, series, (start,))[start] for series in SERIES}


def like_days(now: int, calendar: Calendar, first: int | None) -> list[int]:
    """Return the beginnings of the same weekdays before today that are working days as today is (or as it is not).

    None lies before the day after ``first``, the instant of the oldest case: the first day is not a whole one.
    """
    own = day_of(now)
    known = calendar.is_known(own)
    found = []
    for week in range(1, WEEKS + 1):
        day = own - 7 * week
        if first is None or day <= day_of(first):
            break
        if not known or not calendar.is_known(day) or calendar.is_working(day) == calendar.is_working(own):
            found.append(day_begins(day))
    return found


def usual(
    cases: QuerySet[CaseRecord], now: int, calendar: Calendar
) -> tuple[dict[Series, Usual] | None, int]:
    """Return what is usual on days like today and from how many of them that follows; four statements at most."""
    first = cases.aggregate(first=Min("opened"))["first"]
    starts = like_days(now, calendar, first)
    if len(starts) < ENOUGH:
        return None, len(starts)
    found = {}
    for series in SERIES:
        by_day = _hours(cases, series, starts)
        grown = [running(by_day[start]) for start in starts]
        bands = [quantiles([day[hour] for day in grown], n=4, method="inclusive") for hour in range(HOURS)]
        low, middle, high = (tuple(band[part] for band in bands) for part in range(3))
        found[series] = Usual(low, middle, high)
    return found, len(starts)


def running(hours: Sequence[int]) -> tuple[int, ...]:
    """Return how many there were by the end of each hour."""
    total = 0
    found = []
    for number in hours:
        total += number
        found.append(total)
    return tuple(found)


def _hours(cases: QuerySet[CaseRecord], series: Series, starts: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """Count one series by the hour for the days that begin at ``starts``, in one statement."""
    instant, which = _SERIES[series]
    found: QuerySet[CaseRecord, Any] = cases.filter(which).annotate(instant=instant)
    within = Q()
    for start in starts:
        within |= Q(instant__gte=start, instant__lt=start + DAY)
    day = Case(
        *(
            When(instant__gte=start, instant__lt=start + DAY, then=Value(number))
            for number, start in enumerate(starts)
        ),
        output_field=IntegerField(),
    )
    # Local days begin on a whole hour UTC, so hours since the epoch can be told apart by division.
    counted = (
        found.filter(within)
        .annotate(day=day, hour=F("instant") / HOUR)
        .values_list("day", "hour")
        .annotate(number=Count("id"))
        .order_by()
    )
    hours = {start: [0] * HOURS for start in starts}
    for number, hour, count in counted:
        start = starts[number]
        hours[start][int(hour) - start // HOUR] += count
    return {start: tuple(counts) for start, counts in hours.items()}


_SERIES: dict[Series, tuple[Any, Q]] = {
    "raised": (F("opened"), Q()),
    "settled": (F("ended"), Q(status="settled")),
    # A limit that has passed stays passed; a stopped clock has no instant and is left out.
    "late": (Coalesce("promised", "due", output_field=BigIntegerField()), Q(late=True)),
}
