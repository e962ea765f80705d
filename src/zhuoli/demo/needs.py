"""Which needs come up on a day: how many, where, when and about what. Pure; all chance comes from the generator."""

from __future__ import annotations

import math
import random
from bisect import bisect
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Protocol

import msgspec

from zhuoli.core.worktime import Calendar
from zhuoli.core.worktime.instants import HOUR, MINUTE, day_begins
from zhuoli.demo.texts import Matter, Texts, weighted
from zhuoli.places import Places

PER_DAY = 38.0
"""Needs on an average day at full volume."""
DUPLICATES = 0.02
"""Share of needs that somebody else nearby raises again within two days."""

# Lanzhou, and in it Chengguan, speaks more than its share, so that the inboxes one looks into are alive.
_FOCUS = {"6201": 4.0, "620102": 2.0, "620103": 1.5}

_WEB_HOURS = (2, 1, 1, 1, 1, 2, 4, 8, 14, 18, 18, 14, 11, 10, 12, 14, 14, 13, 12, 14, 16, 14, 9, 4)
_OFFICE_HOURS = (0, 0, 0, 0, 0, 0, 0, 0, 8, 20, 20, 12, 0, 0, 8, 18, 18, 10, 2, 0, 0, 0, 0, 0)
_PHONE_HOURS = (2, 1, 1, 1, 1, 2, 5, 9, 16, 20, 18, 14, 9, 9, 12, 16, 16, 14, 12, 10, 10, 8, 5, 3)
_BY_CHANNEL = {
    "window": _OFFICE_HOURS,
    "field": _OFFICE_HOURS,
    "discovery": _OFFICE_HOURS,
    "phone": _PHONE_HOURS,
}


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody will raise at ``at`` (ms UTC) in a place (12-digit code); ``row`` is the key of a register's row where
    it happens at a known one."""

    at: int
    scenario: str
    matter: int
    place: str
    channel: str
    seed: int
    row: str = ""


class Row(Protocol):
    """What is needed of a row of a register from which people choose."""

    @property
    def key(self) -> str:
        """Its key."""
        ...

    @property
    def kind(self) -> str:
        """Its category."""
        ...

    @property
    def place(self) -> str:
        """Where it is (12 digits)."""
        ...


Rows = Callable[[str, str], Sequence[Row]]
"""Gives the rows of a register near a place."""


class Geography:
    """Where needs come up: counties by the number of their communities and villages, weighted by the focus.

    There are no figures of population by county; communities count three times as much as villages.
    """

    def __init__(self, places: Places) -> None:
        self._towns: list[str] = []
        self._below: dict[str, tuple[str, ...]] = {}
        weights: list[float] = []
        for town in (each for each in places.all if each.level == "township"):
            below = places.children(town.code)
            if not below:
                continue
            size = sum(3.0 if each.level == "community" else 1.0 for each in below)
            for prefix, factor in _FOCUS.items():
                if town.code.startswith(prefix):
                    size *= factor
            self._towns.append(town.code)
            self._below[town.code] = tuple(each.code for each in below)
            weights.append(size)
        self._sums = list(accumulate(weights))

    def draw(self, rng: random.Random) -> str:
        """Return a place: a community or village, or (one time in five) only its township."""
        town = self._towns[bisect(self._sums, rng.random() * self._sums[-1])]
        return town if rng.random() < 0.2 else rng.choice(self._below[town])


def plan_day(
    rng: random.Random, day: int, texts: Texts, geography: Geography, calendar: Calendar, volume: float = 1.0
) -> list[Need]:
    """Return the needs of one local day (days since 1970-01-01), in the order of their time.

    Fewer come up on free days; each scenario has its share, each channel its hours.
    """
    found: list[Need] = []
    total = sum(each.share for each in texts.scenarios.values())
    pace = 1.12 if calendar.is_working(day) else 0.7
    for name, scenario in texts.scenarios.items():
        expected = PER_DAY * volume * pace * scenario.share / total
        for _ in range(_poisson(rng, expected)):
            need = _need(rng, day, name, scenario.matters, weighted(rng, scenario.channels), geography)
            found.append(need)
            if scenario.matters[need.matter].zh and rng.random() < DUPLICATES:
                found.append(
                    msgspec.structs.replace(
                        need,
                        at=need.at + rng.randint(HOUR, 40 * HOUR),
                        channel="web",
                        seed=rng.getrandbits(48),
                    )
                )
    return sorted(found, key=lambda need: (need.at, need.seed))


def plan_once(seed: int, day: int, number: int, texts: Texts, geography: Geography) -> list[Need]:
    """Return what is raised a single time, on the ``number``-th day (from 1) of the demonstration."""
    rng = random.Random(f"{seed}/once/{day}")  # noqa: S311 - a demonstration, no secret
    return [
        _need(rng, day, name, each.matters, weighted(rng, each.channels), geography)
        for name, each in texts.scenarios.items()
        if each.once == number
    ]


def plan_again(
    seed: int, day: int, texts: Texts, geography: Geography, rows: Rows, volume: float = 1.0
) -> list[Need]:
    """Return what comes up on a day at the places where it happens again and again; its chance is its own."""
    rng = random.Random(f"{seed}/again/{day}")  # noqa: S311 - a demonstration, no secret
    found: list[Need] = []
    for name, each in texts.scenarios.items():
        again = each.again
        if again is None:
            continue
        count = _poisson(rng, again.per_week / 7 * volume)
        known = [row for row in rows(again.register, again.county) if row.kind == again.kind] if count else []
        if known:
            first = min(known, key=lambda row: row.key)
            found += [
                msgspec.structs.replace(
                    _need(rng, day, name, each.matters, weighted(rng, each.channels), geography),
                    place=first.place,
                    row=first.key,
                )
                for _ in range(count)
            ]
    return found


def _need(
    rng: random.Random, day: int, name: str, matters: tuple[Matter, ...], channel: str, geography: Geography
) -> Need:
    hours = _BY_CHANNEL.get(channel, _WEB_HOURS)
    hour = rng.choices(range(24), weights=hours)[0]
    at = day_begins(day) + hour * HOUR + rng.randrange(60 * MINUTE)
    return Need(
        at=at,
        scenario=name,
        matter=rng.choices(range(len(matters)), weights=[each.weight for each in matters])[0],
        place=geography.draw(rng),
        channel=channel,
        seed=rng.getrandbits(48),
    )


def _poisson(rng: random.Random, expected: float) -> int:
    """Draw from a Poisson distribution (Knuth's method; expected values here stay below 100)."""
    limit, product, count = math.exp(-expected), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
