"""Rounds of village auxiliaries: the same few villages day after day, so that a month of a village can be read.

A scenario whose texts have ``rounds`` is raised by the post of the village and not by residents; all chance comes from the
seed and the day. Some villages are looked after daily, some have gaps: the station is meant to see them. In the city, where
there are communities instead of villages, the auxiliaries of the station note them.
"""

from __future__ import annotations

import random

from zhuoli.core.worktime.instants import HOUR, MINUTE, day_begins
from zhuoli.demo.needs import Need
from zhuoli.demo.texts import Rounds, Texts
from zhuoli.places import Places
from zhuoli.places.coverage import villages_with_post

FOCUS = "6201"
"""Villages of Lanzhou, where most is looked at."""
DISTRICTS = ("620102", "620103")
"""Districts whose communities are looked after: Chengguan and Qilihe."""
OF_A_STREET = 3
_HOURS = (0, 0, 0, 0, 0, 0, 1, 6, 10, 12, 10, 6, 2, 2, 6, 8, 8, 8, 9, 12, 11, 7, 2, 0)


def round_villages(places: Places, rounds: Rounds) -> tuple[str, ...]:
    """Return the villages and communities (12-digit codes) in which rounds are noted, always the same of the same places."""
    held = villages_with_post()
    towns = [
        (each.code, [child.code for child in places.children(each.code) if child.code in held])
        for each in places.all
        if each.level == "township" and each.code.startswith(FOCUS)
    ]
    with_villages = [found for _, found in towns if len(found) >= 4]
    rng = random.Random("villages")  # noqa: S311 - a demonstration, no secret
    rng.shuffle(with_villages)
    chosen: list[str] = []
    for found in with_villages:
        if len(chosen) >= rounds.villages:
            break
        chosen += found[: rounds.most_of_a_town]
    return (*chosen[: rounds.villages], *_communities(places, rounds.communities))


def _communities(places: Places, most: int) -> list[str]:
    """Return so many communities, a few of each subdistrict of the city's districts, in the order of their codes."""
    found: list[str] = []
    for street in places.all:
        if street.level != "township" or not street.code.startswith(DISTRICTS):
            continue
        found += [child.code for child in places.children(street.code) if child.level == "community"][
            :OF_A_STREET
        ]
    return found[:most]


def plan_rounds(seed: int, day: int, texts: Texts, places: Places, volume: float = 1.0) -> list[Need]:
    """Return what is noted on one local day (days since 1970-01-01), in the order of its time."""
    found: list[Need] = []
    for name, scenario in texts.scenarios.items():
        if scenario.rounds is None:
            continue
        rng = random.Random(f"{seed}/rounds/{day}/{name}")  # noqa: S311 - a demonstration, no secret
        weights = [each.weight for each in scenario.matters]
        for village in round_villages(places, scenario.rounds):
            # How steady a village is looked after follows from its code, so that it stays so.
            steady = random.Random(village).uniform(0.35, 1.6)  # noqa: S311 - as above
            expected = scenario.rounds.per_day * volume * steady
            for _ in range(int(expected) + (rng.random() < expected % 1)):
                hour = rng.choices(range(24), weights=_HOURS)[0]
                found.append(
                    Need(
                        at=day_begins(day) + hour * HOUR + rng.randrange(60 * MINUTE),
                        scenario=name,
                        matter=rng.choices(range(len(weights)), weights=weights)[0],
                        place=village,
                        channel="field",
                        seed=rng.getrandbits(48),
                    )
                )
    return sorted(found, key=lambda need: (need.at, need.seed))
