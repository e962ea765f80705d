"""How units and people of the demonstration behave: how fast, how well, at which hours, and how it ends.

Traits of a unit follow from the seed and its id, what will happen to a case from the case's own generator, so the
same city comes out whatever the order in which it is lived through.
"""

from __future__ import annotations

import math
import random

import msgspec

from zhuoli.core.case.state import Clock
from zhuoli.core.worktime import Calendar
from zhuoli.core.worktime.instants import DAY, HOUR, MINUTE, day_begins, day_of

ROUND_THE_CLOCK = frozenset({"psb", "station", "dispatch"})
"""Kinds of units that work on free days, too."""

_MORNING, _NOON, _AFTERNOON, _EVENING = 8.5, 12.0, 14.5, 18.0


class Traits(msgspec.Struct, frozen=True):
    """``slow`` multiplies the time a unit takes, ``care`` shifts what people think of its work."""

    slow: float
    care: float


class Fate(msgspec.Struct, frozen=True, kw_only=True):
    """What will happen to a case if nothing comes between; drawn once, when it is raised."""

    misfiled: bool
    refuse: bool
    give_back: bool
    supplement: bool
    supplies: bool
    join: bool
    joint_leaves: bool
    extra: bool
    suspend: bool
    negative: bool
    handed_over: bool
    withdraw: bool
    silent: bool
    rates_late: bool
    contest: bool
    urges: bool
    review: bool
    note: bool
    supervised: bool
    mood: float
    patience: float


def traits(seed: int, unit: str) -> Traits:
    """Return how a unit works: most are punctual, some slow, a few very slow."""
    rng = random.Random(f"{seed}/{unit}")  # noqa: S311 - a demonstration, no secret
    lot = rng.random()
    slow = (
        rng.uniform(0.7, 1.1) if lot < 0.8 else rng.uniform(1.3, 1.9) if lot < 0.95 else rng.uniform(2.2, 3.2)
    )
    return Traits(slow=slow, care=rng.gauss(0.0, 0.25))


def fate(rng: random.Random) -> Fate:
    """Draw what will happen to a case."""
    chance = rng.random
    return Fate(
        misfiled=chance() < 0.05,
        refuse=chance() < 0.025,
        give_back=chance() < 0.015,
        supplement=chance() < 0.10,
        supplies=chance() < 0.82,
        join=chance() < 0.08,
        joint_leaves=chance() < 0.12,
        extra=chance() < 0.05,
        suspend=chance() < 0.02,
        negative=chance() < 0.05,
        handed_over=chance() < 0.015,
        withdraw=chance() < 0.018,
        silent=chance() < 0.34,
        rates_late=chance() < 0.08,
        contest=chance() < 0.75,
        urges=chance() < 0.22,
        review=chance() < 0.3,
        note=chance() < 0.05,
        supervised=chance() < 0.3,
        mood=rng.gauss(4.45, 0.65),
        patience=rng.uniform(1.0, 5.0),
    )


def time_for(rng: random.Random, clock: Clock | None, at: int, slow: float) -> int:
    """Return how long (ms) a unit takes for a task: a share of the time to its nearest limit.

    Without a limit it is a few working hours to two days. A slow unit may need more than there is.
    """
    spread = math.exp(rng.gauss(0.0, 0.5))
    if clock is not None:
        dues = [
            term.due
            for term in (clock.promised, clock.statutory)
            if term is not None and term.due is not None
        ]
        if dues:
            left = min(dues) - at
            left = left if 0 < left < HOUR else max(left, HOUR)
            return int(left * min(0.38 * slow * spread, 3.0))
    return int(rng.uniform(3, 30) * HOUR * slow * spread)


def at_work(rng: random.Random, calendar: Calendar, kind: str, at: int) -> int:
    """Return ``at``, or the next instant at which a unit of this kind is at work, a little after it begins."""
    day = day_of(at)
    hour = (at - day_begins(day)) / HOUR
    start = rng.randrange(50 * MINUTE)
    if kind in ROUND_THE_CLOCK:
        return at if 7.5 <= hour < 22 else day_begins(day + (hour >= 22)) + 8 * HOUR + start
    if calendar.is_working(day):
        if hour < _MORNING:
            return day_begins(day) + int(_MORNING * HOUR) + start
        if hour < _NOON:
            return at
        if hour < _AFTERNOON:
            return day_begins(day) + int(_AFTERNOON * HOUR) + start
        if hour < _EVENING:
            return at
    return day_begins(calendar.next_working(day + 1)) + int(_MORNING * HOUR) + start


def awake(rng: random.Random, at: int) -> int:
    """Return ``at``, or the next morning if a person would be asleep."""
    day = day_of(at)
    hour = (at - day_begins(day)) / HOUR
    if 7 <= hour < 23:
        return at
    return day_begins(day + (hour >= 23)) + 8 * HOUR + rng.randrange(3 * HOUR)


def score(fate: Fate, care: float, *, late: bool, reopenings: int, negative: bool, days: float) -> int:
    """Return the stars that somebody gives, 1 to 5: lateness and a no cost most."""
    felt = fate.mood + care - 0.03 * days
    felt -= 1.1 * late + 0.5 * reopenings + 1.3 * negative
    return max(1, min(5, round(felt)))


__all__ = ["DAY", "Fate", "Traits", "at_work", "awake", "fate", "score", "time_for", "traits"]
