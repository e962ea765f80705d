"""Public figures from the rows of cases: what was raised, what became of it, how long it took, how it was rated.

Cases are counted in the month in which they were raised, so that every share has one denominator. Each table
takes two statements (counts, and hours to closing for the median). Counts from 1 to 4 are not published, and all others
are rounded to multiples of five, each by itself: so the same cell says the same in every table, and nothing that is hidden
in one follows from subtracting others (docs/decisions/0012-rounded-figures.md).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, Literal, TypeVar

import msgspec
from django.core.cache import cache
from django.db.models import Avg, Case, Count, F, IntegerField, Q, QuerySet, Value, When

from zhuoli.core.worktime import instant_of, local
from zhuoli.store.models import CaseRecord

By = Literal["month", "scenario", "place"]
HOUR = 3_600_000
SMALLEST = 5
"""Smaller counts are not published."""
BASE = 5
"""Counts are rounded to multiples of this."""
MONTHS = 12
COUNTS = ("raised", "accepted", "closed", "settled", "unconfirmed", "refused", "rated")

_T = TypeVar("_T")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a table. None is “not published” for counts, which are rounded, and “not known” for the rest.

    ``on_time`` is a share (0 to 1) of the closed, ``median_hours`` from raising to the first answer's hour that
    half of the closed had not passed, ``satisfaction`` the mean of 1 to 5.
    """

    key: str
    raised: int | None
    accepted: int | None
    closed: int | None
    settled: int | None
    unconfirmed: int | None
    refused: int | None
    rated: int | None
    on_time: float | None
    median_hours: int | None
    satisfaction: float | None


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A breakdown with its total; ``at`` is the instant (ms UTC) of counting, ``since`` the first one counted."""

    by: By
    since: int
    at: int
    rows: tuple[Row, ...]
    total: Row


class Today(msgspec.Struct, frozen=True, kw_only=True):
    """The quiet line of the home page; ``on_time`` in whole per cent of what was answered today."""

    raised: int
    settled: int
    on_time: int | None


def today(now: int) -> Today:
    """Count the local day of ``now``."""
    start = instant_of(local(now).replace(hour=0, minute=0, second=0, microsecond=0))

    def count() -> Today:
        found = CaseRecord.city_cases.filter(
            Q(opened__gte=start) | Q(closed__gte=start) | Q(ended__gte=start)
        ).aggregate(
            raised=Count("id", filter=Q(opened__gte=start)),
            settled=Count("id", filter=Q(status="settled", ended__gte=start)),
            answered=Count("id", filter=Q(closed__gte=start)),
            punctual=Count("id", filter=Q(closed__gte=start, late=False)),
        )
        share = round(100 * found["punctual"] / found["answered"]) if found["answered"] else None
        return Today(raised=found["raised"], settled=found["settled"], on_time=share)

    return remembered(f"today.{start}", count)


def table(by: By, now: int, *, place: str = "", scenario: str = "") -> Table:
    """Count the last twelve months, this one included; ``place`` is a prefix of 4 or 6 digits."""
    return remembered(f"table.{by}.{place}.{scenario}", lambda: _count(by, now, place, scenario))


def month_starts(now: int) -> list[int]:
    """Return the first instants of the last twelve local months, oldest first."""
    year, month = local(now).year, local(now).month
    starts: list[int] = []
    for _ in range(MONTHS):
        starts.append(
            instant_of(
                local(now).replace(year=year, month=month, day=1, hour=0, minute=0, second=0, microsecond=0)
            )
        )
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return starts[::-1]


def _count(by: By, now: int, place: str, scenario: str) -> Table:
    starts = month_starts(now)
    cases = CaseRecord.city_cases.filter(opened__gte=starts[0])
    if place:
        cases = cases.filter(**{"city" if len(place) == 4 else "county": place})
    if scenario:
        cases = cases.filter(scenario=scenario)
    keyed = _keyed(cases, by, starts, place)
    found = {
        str(row["key"]): row
        for row in keyed.values("key").annotate(  # type: ignore[misc]
            raised=Count("id"),
            accepted_=Count("id", filter=Q(accepted__isnull=False)),
            closed_=Count("id", filter=Q(closed__isnull=False)),
            settled=Count("id", filter=Q(status="settled")),
            unconfirmed=Count("id", filter=Q(status="unconfirmed")),
            refused=Count("id", filter=Q(status="refused")),
            rated=Count("score"),
            punctual=Count("id", filter=Q(closed__isnull=False, late=False)),
            satisfaction=Avg("score"),
        )
    }
    hours: dict[str, dict[int, int]] = {}
    closed = keyed.filter(closed__isnull=False)
    spread = closed.values("key").annotate(hours=(F("closed") - F("opened")) / HOUR)  # type: ignore[misc]
    for row in spread.values_list("key", "hours").annotate(n=Count("id")):
        bucket = hours.setdefault(str(row[0]), {})
        bucket[int(row[1])] = bucket.get(int(row[1]), 0) + row[2]
    keys = _keys(by, found, starts)
    rows = tuple(_published(_row(key, found.get(key), hours.get(key, {}))) for key in keys)
    total = _published(_total(found.values(), hours.values()))
    return Table(by=by, since=starts[0], at=now, rows=rows, total=total)


def _keyed(cases: QuerySet[CaseRecord], by: By, starts: list[int], place: str) -> QuerySet[CaseRecord, Any]:
    if by == "scenario":
        return cases.annotate(key=F("scenario"))
    if by == "place":
        return cases.annotate(key=F("county" if place else "city") if len(place) < 6 else F("town"))
    months = [
        When(opened__gte=start, then=Value(number)) for number, start in reversed(list(enumerate(starts)))
    ]
    return cases.annotate(key=Case(*months, default=Value(0), output_field=IntegerField()))


def _keys(by: By, found: Iterable[str], starts: list[int]) -> list[str]:
    if by == "month":
        return [str(number) for number in range(len(starts))]
    return sorted(found)


def _row(key: str, found: dict[str, Any] | None, hours: dict[int, int]) -> Row:
    if found is None:
        return _EMPTY(key)
    closed = found["closed_"]
    rating = found["satisfaction"]
    return Row(
        key=key,
        raised=found["raised"],
        accepted=found["accepted_"],
        closed=closed,
        settled=found["settled"],
        unconfirmed=found["unconfirmed"],
        refused=found["refused"],
        rated=found["rated"],
        on_time=round(found["punctual"] / closed, 2) if closed >= SMALLEST else None,
        median_hours=median(hours) if closed >= SMALLEST else None,
        satisfaction=round(float(rating), 1) if rating is not None and found["rated"] >= SMALLEST else None,
    )


def _EMPTY(key: str) -> Row:
    return Row(
        key=key,
        raised=0,
        accepted=0,
        closed=0,
        settled=0,
        unconfirmed=0,
        refused=0,
        rated=0,
        on_time=None,
        median_hours=None,
        satisfaction=None,
    )


def _total(found: Iterable[dict[str, Any]], hours: Iterable[dict[int, int]]) -> Row:
    rows = list(found)
    merged: dict[int, int] = {}
    for each in hours:
        for hour, number in each.items():
            merged[hour] = merged.get(hour, 0) + number
    rated = sum(row["rated"] for row in rows)
    stars = sum(float(row["satisfaction"]) * row["rated"] for row in rows if row["satisfaction"] is not None)
    summed: dict[str, Any] = {
        name: sum(row[name] for row in rows)
        for name in (
            "raised",
            "accepted_",
            "closed_",
            "settled",
            "unconfirmed",
            "refused",
            "rated",
            "punctual",
        )
    }
    summed["satisfaction"] = stars / rated if rated else None
    return _row("total", summed, merged)


def median(hours: dict[int, int]) -> int | None:
    """Return the median of whole hours given as hour → how many (the lower one of two)."""
    half = (sum(hours.values()) + 1) // 2
    for hour in sorted(hours):
        half -= hours[hour]
        if half <= 0:
            return hour
    return None


def published(count: int) -> int | None:
    """Return a count as it may be told: 0 as it is, 1 to 4 not at all (None), others to the nearest multiple of five."""
    if 0 < count < SMALLEST:
        return None
    return BASE * ((count + BASE // 2) // BASE)


def _published(row: Row) -> Row:
    return msgspec.structs.replace(row, **{name: published(getattr(row, name)) for name in COUNTS})


def remembered(key: str, count: Callable[[], _T], *, at_least: float = 0) -> _T:
    """Keep a result for fifty times as long as it took to count, at most five minutes: small is always fresh.

    What cannot change before ``at_least`` seconds is kept so long.
    """
    kept = cache.get(f"figures.{key}")
    if kept is not None:
        return kept  # type: ignore[no-any-return]
    begun = time.perf_counter()
    found = count()
    seconds = max(at_least, min(300.0, 50 * (time.perf_counter() - begun)))
    if seconds >= 5:
        cache.set(f"figures.{key}", found, seconds)
    return found
