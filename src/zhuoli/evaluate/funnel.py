"""Which units differ from the others by more than chance: funnel plots (Spiegelhalter 2005, Statistics in Medicine 24).

A ranking shames small units: their rates swing by chance. In a funnel each unit is held against limits that are as wide as its
size asks for. Units may also differ from each other for reasons that nobody measures; where they do (overdispersion), the limits
are widened by a factor that the fifth most extreme on either side cannot drive (winsorised).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

Place = Literal["inside", "high", "low", "very_high", "very_low"]
"""Against the limits: ``high`` beyond the 95 %, ``very_high`` beyond the 99.8 % limit."""

LIMITS = (1.959964, 3.090232)
"""Standard deviations of the two limits: 95 % and 99.8 %."""
WINSORISED = 0.1


class Unit(msgspec.Struct, frozen=True):
    """One unit: how many of how many."""

    key: str
    count: float
    of: float


class Point(msgspec.Struct, frozen=True):
    """A unit in the funnel; ``score`` is by how many (widened) standard deviations it differs from the target."""

    key: str
    rate: float
    of: float
    score: float
    place: Place


class Funnel(msgspec.Struct, frozen=True, kw_only=True):
    """The target, by which factor limits are widened (1: not at all), the units, and the limits by size.

    ``limits`` are rows of size, lower 99.8 %, lower 95 %, upper 95 %, upper 99.8 %.
    """

    target: float
    widened: float
    points: tuple[Point, ...]
    limits: tuple[tuple[float, float, float, float, float], ...]


def funnel(units: Iterable[Unit], *, target: float | None = None, slack: float = 0.0) -> Funnel:
    """Hold shares against a target (without one: that of all together).

    ``slack`` is by how much a count may be wrong (rounding): a unit is only placed outside where it is outside for
    every count within it.

    Raises:
        ValueError: there is no unit with a denominator.
    """
    found = [unit for unit in units if unit.of > 0]
    if not found:
        raise ValueError("no unit has a denominator")
    whole = sum(unit.of for unit in found)
    aim = sum(unit.count for unit in found) / whole if target is None else target
    aim = min(max(aim, 0.5 / whole), 1 - 0.5 / whole)
    widened = math.sqrt(_dispersion([_score(unit.count, unit.of, aim) for unit in found]))
    points = []
    for unit in found:
        towards = max(-slack, min(slack, aim * unit.of - unit.count))
        score = _score(unit.count + towards, unit.of, aim) / widened
        points.append(Point(unit.key, unit.count / unit.of, unit.of, score, _place(score)))
    return Funnel(
        target=aim,
        widened=widened,
        points=tuple(points),
        limits=_limits(aim, widened, min(u.of for u in found), max(u.of for u in found)),
    )


def _score(count: float, of: float, aim: float) -> float:
    """How far a share is from the target, on the scale where its spread does not hang on the target (arcsine)."""
    share = min(max(count / of, 0.0), 1.0)
    return 2 * math.sqrt(of) * (math.asin(math.sqrt(share)) - math.asin(math.sqrt(aim)))


def _dispersion(scores: Sequence[float]) -> float:
    """The factor of variance between units, at least 1; 1 too where it may be chance."""
    number = len(scores)
    if number < 10:
        return 1.0
    ordered = sorted(scores)
    cut = int(number * WINSORISED)
    low, high = ordered[cut], ordered[number - 1 - cut]
    factor = sum(min(max(score, low), high) ** 2 for score in scores) / number
    chance = 1 + 2 * math.sqrt(2 / number)
    return factor if factor > chance else 1.0


def _place(score: float) -> Place:
    near, far = LIMITS
    if score >= far:
        return "very_high"
    if score >= near:
        return "high"
    if score <= -far:
        return "very_low"
    return "low" if score <= -near else "inside"


def _limits(
    aim: float, widened: float, least: float, most: float
) -> tuple[tuple[float, float, float, float, float], ...]:
    least, most = max(1.0, least * 0.8), most * 1.1
    steps = 60
    rows = []
    for step in range(steps + 1):
        size = least * (most / least) ** (step / steps)
        near, far = (widened * limit / (2 * math.sqrt(size)) for limit in LIMITS)
        rows.append((size, _at(aim, -far), _at(aim, -near), _at(aim, near), _at(aim, far)))
    return tuple(rows)


def _at(aim: float, angle: float) -> float:
    turned = math.asin(math.sqrt(aim)) + angle
    return math.sin(min(max(turned, 0.0), math.pi / 2)) ** 2
