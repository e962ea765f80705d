"""What may be told of counts: rounded by fives, small ones not at all, and rates made of nothing but such counts.

A rate is the published numerator over the published denominator, so that it tells no more than these two do. Whatever has
the same published counts has the same rates (docs/decisions/0012-rounded-figures.md).
"""

from __future__ import annotations

import math
from typing import Literal

import msgspec

from zhuoli.office.figures import Cell
from zhuoli.office.measures import OF, RATES, Rate

SMALLEST = 5
"""Smaller counts are not published."""
BASE = 5
"""Counts are rounded to multiples of this."""
SPREAD = BASE // 2
"""A published count is at most so far from the exact one."""
ENOUGH = 30
"""Rates, times and ratings are given from so many on."""
EXACT = 200
"""From a denominator of so many on, rounding moves a rate by two points at most; below it is told as “about”."""
TOTALS: tuple[str, ...] = (
    "raised",
    "accepted",
    "answered",
    "in_work",
    "settled",
    "silent",
    "refused",
    "withdrawn",
    "merged",
)


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A rate as it is published.

    ``count`` and ``of`` are rounded counts, None where they are 1 to 4. ``rate`` (0 to 1, two decimals) is ``count`` over ``of``, and
    None where there are fewer than ``ENOUGH`` or the count is not published. ``bound`` tells that only a limit can be given:
    ``below`` what a count of five would be, ``above`` what four fewer than all would be; ``limit`` is it (0 to 1).
    """

    count: int | None
    of: int | None
    rate: float | None = None
    bound: Literal["", "below", "above"] = ""
    limit: float | None = None

    @property
    def enough(self) -> bool:
        """Whether there are enough for a rate."""
        return self.of is not None and self.of >= ENOUGH

    @property
    def about(self) -> bool:
        """Whether rounding may have moved the rate by more than two points."""
        return self.of is not None and self.of < EXACT

    @property
    def value(self) -> float | None:
        """A number to draw: the rate, or the middle of what it may be."""
        if self.bound == "below" and self.limit is not None:
            return self.limit / 2
        return self.rate


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a table. None is “not published”.

    ``median_hours`` is the hour from raising to the answer that half of the answered had not passed, ``mean_score`` the mean
    of the ratings (1 to 5, one decimal).
    """

    key: str
    totals: dict[str, int | None]
    rates: dict[Rate, Share]
    median_hours: int | None
    mean_score: float | None


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """How a rate differs from an earlier one, in whole points; 0 when rounding alone may be the reason."""

    points: int
    before: float


def count(exact: int, smallest: int = SMALLEST) -> int | None:
    """Return a count as it may be told: 0 as it is, below ``smallest`` not at all (None), others to the nearest multiple of five."""
    if 0 < exact < smallest:
        return None
    return BASE * ((exact + SPREAD) // BASE)


def share(part: int, whole: int, smallest: int = SMALLEST) -> Share:
    """Return the rate of two exact counts as it may be told; counts below ``smallest`` are not."""
    told, of = count(part, smallest), count(whole, smallest)
    if of is None or of < ENOUGH:
        return Share(count=told, of=of)
    if told is None:
        return Share(count=None, of=of, bound="below", limit=math.ceil(100 * smallest / of) / 100)
    if told >= of:
        limit = math.floor(100 * (of - SMALLEST + 1) / of) / 100
        return Share(count=told, of=of, rate=1.0, bound="above", limit=limit)
    return Share(count=told, of=of, rate=round(told / of, 2))


def row(key: str, cell: Cell) -> Row:
    """Return a line of a table."""
    answered, rated = count(cell["answered"]), count(cell["satisfaction" + OF])
    return Row(
        key=key,
        totals={name: count(cell[name]) for name in TOTALS},
        rates={rate: share(cell[rate], cell[rate + OF]) for rate in RATES},
        median_hours=median(cell.hours) if answered is not None and answered >= ENOUGH else None,
        mean_score=round(cell.scores / cell["satisfaction" + OF], 1)
        if rated is not None and rated >= ENOUGH
        else None,
    )


def change(now: Share, before: Share) -> Change | None:
    """Compare two published rates; None when one of them is not given."""
    if now.value is None or before.value is None:
        return None
    low, high = _range(now)
    was_low, was_high = _range(before)
    clear = low > was_high or high < was_low
    return Change(points=round(100 * (now.value - before.value)) if clear else 0, before=before.value)


def _range(share: Share) -> tuple[float, float]:
    """Return the least and the greatest rate that the exact counts may have."""
    of = share.of or ENOUGH
    if share.count is None:
        return 1 / (of + SPREAD), (SMALLEST - 1) / (of - SPREAD)
    if share.count == 0:
        return 0.0, 0.0
    low = (share.count - SPREAD) / (of + SPREAD)
    return low, min(1.0, (share.count + SPREAD) / (of - SPREAD))


def median(hours: dict[int, int]) -> int | None:
    """Return the median of whole hours given as hour → how many (the lower one of two)."""
    half = (sum(hours.values()) + 1) // 2
    for hour in sorted(hours):
        half -= hours[hour]
        if half <= 0:
            return hour
    return None
