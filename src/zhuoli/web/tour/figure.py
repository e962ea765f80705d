"""The numbers that a chapter ends in: the city's, and the same with the visitor's own case counted in.

Cases of stories stay out of the city's figures (decision 0011), so that visitors do not change what others see. Here one
is counted in by the same rules: settled is what the person confirmed, on time what was answered before its date passed.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import get_args

import msgspec
from django.db.models import QuerySet

from zhuoli.core.scenario.model import Example
from zhuoli.core.text import Text
from zhuoli.demo.tourbook import Chapter, Measure, OfSteps, OfVerdicts
from zhuoli.lake.precision import Precision, counted
from zhuoli.office.found import ends_of_models
from zhuoli.office.progress import standing
from zhuoli.store.models import CaseRecord
from zhuoli.web import door, when

DAY = 24 * 3_600_000

_COLUMNS = ("status", "closed", "opened", "late", "score", "level", "channel")
_Rows = list[dict[str, object]]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One number before and after; ``after`` is None where the visitor has no case of their own."""

    measure: Measure
    before: Text
    after: Text | None
    changed: bool


def lines(chapter: Chapter, case: int) -> tuple[Line, ...]:
    """Count a chapter's numbers over all cases of its scenario, without and with the case of the visitor (0: none)."""
    city: QuerySet[CaseRecord] = CaseRecord.city_cases.filter(scenario=chapter.scenario)
    own: QuerySet[CaseRecord] = CaseRecord.objects.filter(id=case, scenario=chapter.scenario)
    count = _counter(chapter, city, own if case else CaseRecord.objects.none())
    there = bool(case) and own.exists()
    found = []
    for measure in chapter.figure.counts:
        before = count(measure, False)
        after = count(measure, True) if there else None
        found.append(
            Line(measure=measure, before=before, after=after, changed=after is not None and after != before)
        )
    return tuple(found)


def _counter(
    chapter: Chapter, city: QuerySet[CaseRecord], own: QuerySet[CaseRecord]
) -> Callable[[Measure, bool], Text]:
    """Return what counts one measure of a chapter, without the visitor's own case or with it."""
    asked = set(chapter.figure.counts)
    rows: tuple[_Rows, _Rows] = ([], [])
    if asked.intersection(_COUNT):
        rows = (list(city.values(*_COLUMNS)), list(own.values(*_COLUMNS)))
    verdicts = (Precision(), Precision())
    query = door.scenarios()[chapter.scenario].query
    if query is not None and asked.intersection(get_args(OfVerdicts)):
        ends = ends_of_models((chapter.scenario,)).get(chapter.scenario, [])
        mine = [(status, result, 1) for status, result in own.values_list("status", "result")]
        verdicts = (counted(query, ends), counted(query, [*ends, *mine]))
    steps: tuple[dict[str, int], dict[str, int]] = ({}, {})
    if asked.intersection(get_args(OfSteps)):
        # The page of a campaign is of one city: that of the chapter's own place.
        place = str(_example(chapter).steps[0].give.get("answers", {}).get("place", ""))[:4]
        steps = (_steps(chapter.scenario, city.filter(city__startswith=place)), _steps(chapter.scenario, own))

    def count(measure: Measure, with_own: bool) -> Text:
        if measure in _COUNT:
            return _COUNT[measure](rows[0] + rows[1] if with_own else rows[0])
        if measure in get_args(OfVerdicts):
            return _judged(measure, verdicts[with_own])
        return _plain(steps[0].get(measure, 0) + (steps[1].get(measure, 0) if with_own else 0))

    return count


def _example(chapter: Chapter) -> Example:
    return door.scenarios()[chapter.scenario].examples[chapter.example]


def _judged(measure: str, precision: Precision) -> Text:
    if measure != "precision":
        return _plain(precision.confirmed if measure == "confirmed" else precision.not_so)
    if precision.share is None:
        return _NOTHING
    share = f"{100 * precision.share:.1f}%"
    right, judged = f"{precision.confirmed:,}", f"{precision.judged:,}"
    return Text(f"{share}（{judged} 次里 {right} 次）", f"{share} ({right} of {judged})")


def _steps(scenario: str, cases: QuerySet[CaseRecord]) -> dict[str, int]:
    """Return how many cases of a campaign reached each of its steps."""
    library = door.office().library
    plan = library.current(scenario)
    if plan.scenario.progress is None:
        return {}
    stands = standing(cases, plan.scenario.progress, "city", when.now(), library.pinned)
    return dict(zip(plan.scenario.progress.steps, stands.total().steps, strict=False))


def _settled(rows: _Rows) -> Text:
    return _plain(sum(row["status"] == "settled" for row in rows))


def _unconfirmed(rows: _Rows) -> Text:
    return _plain(sum(row["status"] == "unconfirmed" for row in rows))


def _went_up(rows: _Rows) -> Text:
    return _plain(sum(bool(row["level"]) for row in rows))


def _by_phone(rows: _Rows) -> Text:
    return _plain(sum(row["channel"] == "phone" for row in rows))


def _on_time(rows: _Rows) -> Text:
    answered = [row for row in rows if row["closed"] is not None]
    if not answered:
        return _NOTHING
    punctual = sum(not row["late"] for row in answered)
    share = f"{100 * punctual / len(answered):.1f}%"
    return Text(
        f"{share}（{len(answered):,} 件里 {punctual:,} 件）", f"{share} ({punctual:,} of {len(answered):,})"
    )


def _satisfaction(rows: _Rows) -> Text:
    scores = [int(str(row["score"])) for row in rows if row["score"] is not None]
    if not scores:
        return _NOTHING
    mean = f"{sum(scores) / len(scores):.2f}"
    return Text(f"{mean} 分（{len(scores):,} 人打分）", f"{mean} of 5 ({len(scores):,} ratings)")


def _median_days(rows: _Rows) -> Text:
    days = [
        (int(str(row["closed"])) - int(str(row["opened"]))) / DAY for row in rows if row["closed"] is not None
    ]
    if not days:
        return _NOTHING
    middle = f"{median(days):.1f}"
    return Text(f"{middle} 天（{len(days):,} 件）", f"{middle} days ({len(days):,} answered)")


def _plain(count: int) -> Text:
    return Text(f"{count:,} 件", f"{count:,}")


_NOTHING = Text("还没有", "none yet")
_COUNT: dict[str, Callable[[_Rows], Text]] = {
    "settled": _settled,
    "unconfirmed": _unconfirmed,
    "on_time": _on_time,
    "satisfaction": _satisfaction,
    "median_days": _median_days,
    "went_up": _went_up,
    "by_phone": _by_phone,
}
