"""How a campaign goes on: its cases by wave and place, how many reached each step, and where those stand that are late.

A scenario says what its waves and steps are (``progress`` in its file); this module names none. What a case counts for is told by
the scenario's own indicators, over its state as it is now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import OPEN_STATUS
from zhuoli.core.scenario.model import Progress
from zhuoli.core.text import Text
from zhuoli.office import measures
from zhuoli.office.board import Column
from zhuoli.office.measures import Gauge
from zhuoli.store.models import CaseRecord, StateRecord, TaskRecord

_CHUNK = 500


class Count(msgspec.Struct, kw_only=True):
    """Cases, how many of them reached each step, how many are open, and how many of those are late."""

    cases: int = 0
    steps: list[int]
    open: int = 0
    late: int = 0

    def add(self, other: Count) -> None:
        """Add another count."""
        self.cases += other.cases
        self.steps = [mine + theirs for mine, theirs in zip(self.steps, other.steps, strict=True)]
        self.open += other.open
        self.late += other.late


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a campaign stands: counts by wave (the choice's id; empty where it is not answered) and place, late ones by stage.

    ``stages`` has for each stage how many open cases stand there, and how many of them are late.
    """

    by: dict[tuple[str, str], Count]
    stages: dict[str, tuple[int, int]]

    def total(self, wave: str | None = None, place: str | None = None) -> Count:
        """Return the sum over a wave, over a place, or over all."""
        found = Count(steps=[0] * len(next(iter(self.by.values())).steps)) if self.by else Count(steps=[])
        for (one, where), count in self.by.items():
            if wave in (None, one) and place in (None, where):
                found.add(count)
        return found


def standing(
    cases: QuerySet[CaseRecord],
    progress: Progress,
    column: Column,
    now: int,
    pinned: Callable[[str, str], Plan],
) -> Standing:
    """Count a campaign's cases as of ``now`` (ms UTC); ``pinned`` gives the plan of a version, which knows its indicators."""
    late = overdue(cases, now)
    stands = dict(cases.filter(status__in=sorted(OPEN_STATUS)).values_list("id", "stage"))
    by: dict[tuple[str, str], Count] = {}
    gauges: dict[str, dict[str, Gauge]] = {}
    for case, scenario, version, place, state in _states(cases, column):
        if version not in gauges:
            gauges[version] = {one.key: one for one in measures.gauges(pinned(version, scenario))}
        seen = measures.seen(state)
        values = measures.indicator_values(seen)
        count = Count(cases=1, steps=list(_reached(values, gauges[version], progress.steps)))
        if case in stands:
            count.open = 1
            count.late = int(case in late)
        key = (str(values.get(progress.by, "")), place)
        if key in by:
            by[key].add(count)
        else:
            by[key] = count
    stages: dict[str, tuple[int, int]] = {}
    for case, stage in stands.items():
        here, behind = stages.get(stage or "", (0, 0))
        stages[stage or ""] = (here + 1, behind + (case in late))
    return Standing(by=by, stages=stages)


def overdue(cases: QuerySet[CaseRecord], now: int) -> dict[int, tuple[str, int]]:
    """Open cases with something that a unit should have done by now: what it is, and since when (ms UTC), the oldest first.

    That is narrower than the colour of a case, whose own clock may have weeks to go while a second look is long due.
    """
    tasks = (
        TaskRecord.objects.filter(case_id__in=cases.values("id"), state="active", stopped=False)
        .exclude(unit="")
        .annotate(until=Coalesce("promised", "due"))
        .filter(until__lt=now)
        .order_by("until", "case_id")
        .values_list("case_id", "item", "until")
    )
    found: dict[int, tuple[str, int]] = {}
    for case, item, until in tasks:
        found.setdefault(case, (item, until))
    return found


def campaigns(plans: Iterable[Plan]) -> list[Plan]:
    """The scenarios that say how their progress is counted."""
    return [plan for plan in plans if plan.scenario.progress is not None]


def steps_of(plan: Plan) -> list[Text]:
    """What the steps of a campaign are called."""
    progress, indicators = plan.scenario.progress, plan.scenario.indicators
    return [indicators[step].title for step in progress.steps] if progress else []


def _reached(values: dict[str, Any], gauges: dict[str, Gauge], steps: Iterable[str]) -> Iterator[int]:
    for step in steps:
        gauge = gauges.get(f"indicator.{step}")
        inside, counted, _ = gauge.take(values) if gauge is not None else (False, False, None)
        yield int(inside and counted)


def _states(
    cases: QuerySet[CaseRecord], column: Column
) -> Iterator[tuple[int, str, str, str, bytes | memoryview]]:
    """Each case with its scenario, version, place and state, in statements of some hundred cases each."""
    rows = list(cases.order_by("id").values_list("id", "scenario", "version", column))
    for start in range(0, len(rows), _CHUNK):
        some = rows[start : start + _CHUNK]
        found = dict(
            StateRecord.objects.filter(case_id__in=[row[0] for row in some]).values_list("case_id", "state")
        )
        for case, scenario, version, place in some:
            if case in found:
                yield case, scenario, version, place or "", found[case]
