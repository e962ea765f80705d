"""Choosing a free time in one's own form: who is near, and when they are free, as plain choices that need no script.

Where a scenario's form holds an appointment (``appointment:``) and the person fills it in, whom to see is a list of the
directory's providers near the place, and when a list of that provider's next free times. Whether the time is still free is
decided when the form is sent, by the same check as everywhere: two people who want the same get one answer each.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import msgspec

from zhuoli.core.case.plan import Plan
from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.core.worktime.instants import DAY, day_begins, day_of
from zhuoli.office.slots import free_times, provider_named, providers
from zhuoli.places.providers import KINDS, Provider
from zhuoli.web import door, when
from zhuoli.web.wording import text

Options = tuple[tuple[Text, tuple[tuple[str, Text], ...]], ...]
"""Choices under headings: the value that is sent, and what is shown."""
MOST_NEAR = 24
"""So many providers are offered; the nearest ones."""
MOST_TIMES = 30
AHEAD = 8
"""So many days are offered, from tomorrow on: an office needs a working day to look at what was sent."""


class Pick(msgspec.Struct, frozen=True, kw_only=True):
    """The two questions of a form that are asked as choices, by their names, and where the person is."""

    provider: str
    at: str
    place: str
    held: str = ""

    def providers(self) -> Options:
        """Return who can be seen near the place, by kind."""
        near = _near(self.place)
        return tuple(
            (
                text(f"directory.kind.{kind}"),
                tuple((each.name.zh, each.name) for each in near if each.kind == kind),
            )
            for kind in KINDS
            if any(each.kind == kind for each in near)
        )

    def times(self, provider: str) -> Options:
        """Return the next free times of somebody, by day."""
        known = provider_named(provider)
        if known is None:
            return ()
        now, calendar = when.now(), door.calendar()
        begin = day_begins(day_of(now) + 1)
        free = [
            at for at in free_times(known, now, calendar, MOST_TIMES * 3) if begin <= at < begin + AHEAD * DAY
        ][:MOST_TIMES]
        return tuple(
            (
                when.day(day_begins(day) + DAY // 2),
                tuple(
                    (f"{local(at):%Y-%m-%dT%H:%M}", Text(f"{local(at):%H:%M}", f"{local(at):%H:%M}"))
                    for at in times
                ),
            )
            for day, times in groupby(free, key=day_of)
        )


def pick_of(
    plan: Plan, source: str, answers: Mapping[str, Any], place: str = "", held: str = ""
) -> Pick | None:
    """Return what is chosen in a form (``form`` or a task), or None.

    None: the form holds no appointment, an office fills it in (which may agree on anybody), or the directory is empty.
    ``place`` is where the case is, unless the answers say it; ``held`` the provider whose time the case has now.
    """
    pair = next((each for each in plan.scenario.appointment if each.at.partition(".")[0] == source), None)
    if pair is None or not _own(plan, source) or not providers():
        return None
    asked = plan.forms[source].questions
    named = [str(answers.get(name) or "") for name, each in asked.items() if each.question.type == "place"]
    return Pick(
        provider=pair.provider.partition(".")[2],
        at=pair.at.partition(".")[2],
        place=next(filter(None, named), place),
        held=held,
    )


def _own(plan: Plan, source: str) -> bool:
    if source == "form":
        return True
    item = plan.items.get(source)
    return item is not None and item.human is not None and item.human.candidates in plan.scenario.parties


def _near(place: str) -> list[Provider]:
    """Return the providers of the county, else of the city, else all; those that serve a greater area come along."""
    for digits in (6, 4):
        if len(place) >= digits:
            found = [each for each in providers() if each.territory[:digits] == place[:digits]]
            if found:
                return found[:MOST_NEAR]
    return providers()[:MOST_NEAR]
