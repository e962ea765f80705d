"""Who was told of the result, when, and what they answered: the same list for both sides, numbers only to whose they are."""

from __future__ import annotations

import msgspec

from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.web import door
from zhuoli.web.wording import text


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A body that a side has let read: since when (ms UTC), whether it has read, what it has answered."""

    side: Text
    unit: Text
    at: int
    taken: int | None
    answered: int | None
    answer: Text | None
    number: str


def of_case(plan: Plan, case: Case, party: str = "") -> list[Told]:
    """Return what ``party`` may know, oldest first: its own numbers, of the other side only that and when; "" is the office."""
    found: list[Told] = []
    for name, each in case.shares.items():
        kind, _, owner = name.partition(":")
        share = plan.scenario.shares.get(kind)
        own = party in ("", owner)
        found.append(
            Told(
                side=side(plan, case, owner),
                unit=door.directory().name(each.unit) or text("now.nobody_yet"),
                at=each.at,
                taken=each.taken,
                answered=each.answered,
                answer=share.answers.get(each.answer) if share and own else None,
                number=each.number if own else "",
            )
        )
    return sorted(found, key=lambda each: each.at)


def side(plan: Plan, case: Case, party: str) -> Text:
    """Return what a party is called by its role."""
    roles = plan.scenario.parties
    found = next((role for role, each in case.parties.items() if each == party and role in roles), "")
    return roles[found].title if found else text("actor.party")
