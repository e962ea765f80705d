"""How often the same organisation or place was dealt with before: counts of earlier cases of the scenario.

A scenario says whom its cases are ``about`` (a credit code or a place, never a person) and which counts it needs
(``earlier``). The office counts, as a fact of the command; what it counted is recorded in the case before a rule uses
it, so that replay never counts again (docs/decisions/0013-earlier-cases.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Protocol

import msgspec

from zhuoli.core.case import events as e
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.model import EarlierCount, Scenario
from zhuoli.core.worktime import instant_of, local, parse_duration
from zhuoli.core.worktime.instants import DAY, HOUR, MINUTE, add_months, day_begins, day_of

THIS_YEAR = "this year"
PREFIX = "earlier."


class EarlierCase(msgspec.Struct, frozen=True, kw_only=True):
    """Another case about the same: whether it is open, and when (ms UTC) it was raised ("") and reached its milestones."""

    case: int
    open: bool
    reached: Mapping[str, int]


class Earlier(Protocol):
    """What the office knows of earlier cases, at the moment of the command."""

    def times(self, scenario: str, about: str, name: str, wanted: EarlierCount, since: int, but: int) -> int:
        """Return how many other cases than ``but`` are ``wanted`` (see ``counted``); ``name`` is the count's id."""
        ...


class Given:
    """Counts as somebody gives them: worked examples, and wherever nothing can be counted (none, then)."""

    def __init__(self, counts: Mapping[str, int] | None = None) -> None:
        self._counts = counts or {}

    def times(self, scenario: str, about: str, name: str, wanted: EarlierCount, since: int, but: int) -> int:
        """Return the given count."""
        return self._counts.get(name, 0)


NOTHING_EARLIER = Given()


def counted(cases: Iterable[EarlierCase], wanted: EarlierCount, since: int, but: int) -> int:
    """Count the cases that reached the milestone (or were raised) since an instant, as far as the others allow it."""
    found = 0
    for case in cases:
        at = case.reached.get(wanted.reached)
        found += (
            case.case != but
            and at is not None
            and at >= since
            and (case.open or not wanted.open)
            and (not wanted.without or wanted.without not in case.reached)
        )
    return found


def begins(within: str, now: int) -> int:
    """Return the instant (ms UTC) from which cases count: ever, the local year, or a duration back.

    Raises:
        BadDuration: ``within`` is neither.
    """
    if not within:
        return 0
    if within == THIS_YEAR:
        return instant_of(local(now).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0))
    months, milliseconds = _length(within)
    return day_begins(add_months(day_of(now), -months)) if months else now - milliseconds


@cache
def _length(within: str) -> tuple[int, int]:
    """Return a duration in months, or else in milliseconds; the words of scenarios are few."""
    length = parse_duration(within)
    if length.unit == "months":
        return length.amount, 0
    return 0, length.amount * {"minutes": MINUTE, "hours": HOUR}.get(length.unit, DAY)


def count_again(case: Case, scenario: Scenario, earlier: Earlier, at: int) -> e.Counted | None:
    """Return what has changed since it was counted last, or None; whoever is about nobody known has no earlier cases."""
    if not scenario.earlier:
        return None
    about = str(case.answers.get(scenario.about) or "")
    counts = {
        name: earlier.times(scenario.scenario, about, name, wanted, begins(wanted.within, at), case.id)
        if about
        else 0
        for name, wanted in scenario.earlier.items()
    }
    known = {name: case.answers.get(PREFIX + name) for name in counts}
    return e.Counted(about=about, counts=counts) if about != case.about or counts != known else None
