"""The quiet line of the first page, and keeping for a while what took long to count."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import msgspec
from django.core.cache import cache
from django.db.models import Count, Q

from zhuoli.core.worktime import instant_of, local
from zhuoli.store.models import CaseRecord
from zhuoli.web import door

_T = TypeVar("_T")


class Today(msgspec.Struct, frozen=True, kw_only=True):
    """The quiet line of the home page; ``on_time`` in whole per cent of what was answered today.

    ``raised`` is what people brought, ``found`` what models have found before anybody had to.
    """

    raised: int
    found: int
    settled: int
    on_time: int | None


def today(now: int) -> Today:
    """Count the local day of ``now``."""
    start = instant_of(local(now).replace(hour=0, minute=0, second=0, microsecond=0))

    def count() -> Today:
        found = (
            CaseRecord.city_cases.exclude(scenario__in=door.own_work())
            .filter(Q(opened__gte=start) | Q(closed__gte=start) | Q(ended__gte=start))
            .aggregate(
                raised=Count("id", filter=Q(opened__gte=start)),
                settled=Count("id", filter=Q(status="settled", ended__gte=start)),
                answered=Count("id", filter=Q(closed__gte=start)),
                punctual=Count("id", filter=Q(closed__gte=start, late=False)),
            )
        )
        by_models = CaseRecord.city_cases.filter(channel="model", opened__gte=start).count()
        share = round(100 * found["punctual"] / found["answered"]) if found["answered"] else None
        return Today(raised=found["raised"], found=by_models, settled=found["settled"], on_time=share)

    return remembered(f"today.{start}", count)


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
