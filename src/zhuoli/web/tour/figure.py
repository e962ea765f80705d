"""The numbers that a chapter ends in: the city's, and the same with the visitor's own case counted in.

Cases of stories stay out of the city's figures (decision 0011), so that visitors do not change what others see. Here one
is counted in by the same rules: settled is what the person confirmed, on time what was answered before its date passed.
"""

from __future__ import annotations

from statistics import median

import msgspec

from zhuoli.core.text import Text
from zhuoli.demo.tourbook import Chapter, Measure
from zhuoli.store.models import CaseRecord

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
    city: _Rows = list(CaseRecord.city_cases.filter(scenario=chapter.scenario).values(*_COLUMNS))
    own: _Rows = list(CaseRecord.objects.filter(id=case).values(*_COLUMNS)) if case else []
    found = []
    for measure in chapter.figure.counts:
        before = _COUNT[measure](city)
        after = _COUNT[measure](city + own) if own else None
        found.append(
            Line(measure=measure, before=before, after=after, changed=after is not None and after != before)
        )
    return tuple(found)


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
_COUNT = {
    "settled": _settled,
    "unconfirmed": _unconfirmed,
    "on_time": _on_time,
    "satisfaction": _satisfaction,
    "median_days": _median_days,
    "went_up": _went_up,
    "by_phone": _by_phone,
}
