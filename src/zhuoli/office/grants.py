"""What each role of a post may do: the table that ``office.access`` asks; ``docs/operators/roles.md`` tells it to people."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import msgspec

Sight = Literal["nothing", "own_tasks", "taking_part", "below"]
"""What cases a role sees: none; those with a task of the post's own; those in which its unit takes part; and those of
the units below as well."""

_SIGHTS: tuple[Sight, ...] = ("nothing", "own_tasks", "taking_part", "below")


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What a role may do.

    ``commands`` on cases (None: whatever the core grants to the unit), ``channels`` on which it writes down matters,
    ``looks`` at personal data for a purpose, ``renews`` lost secrets of receipts, ``defers`` its looks by asking for it, ``approves`` that,
    ``administers`` posts and accounts of the units below its own, ``serves`` models within its unit's territory, ``retires`` them,
    ``shares``: reads what parties have let its body read, and nothing else.
    """

    sees: Sight = "nothing"
    commands: frozenset[str] | None = frozenset()
    channels: frozenset[str] = frozenset()
    looks: bool = False
    renews: bool = False
    defers: bool = False
    approves: bool = False
    administers: bool = False
    serves: bool = False
    retires: bool = False
    shares: bool = False


_ON_TASKS = frozenset({"claim", "release", "start", "complete", "attach", "note"})
_FOR_THE_CALLER = frozenset(
    {"supply", "withdraw", "confirm", "contest", "rate", "request_review", "urge", "record"}
)

GRANTS: dict[str, Grant] = {
    "officer": Grant(
        sees="taking_part",
        commands=None,
        channels=frozenset({"phone", "window", "field", "discovery"}),
        looks=True,
        renews=True,
        defers=True,
        serves=True,
    ),
    "clerk": Grant(
        sees="taking_part",
        commands=_ON_TASKS | {"sign_for", "request_supplement", "record", "refer"},
        channels=frozenset({"phone", "window"}),
        looks=True,
        renews=True,
    ),
    "phone_desk": Grant(
        sees="taking_part",
        commands=_FOR_THE_CALLER | {"attach", "note", "complete", "refer"},
        channels=frozenset({"phone"}),
        looks=True,
        renews=True,
    ),
    "auxiliary": Grant(
        sees="own_tasks",
        commands=frozenset({"release", "start", "complete", "attach", "note"}),
        channels=frozenset({"field"}),
        looks=True,
    ),
    "dispatcher": Grant(
        sees="below",
        commands=None,
        channels=frozenset({"phone", "window", "field", "discovery"}),
        looks=True,
        renews=True,
        serves=True,
    ),
    "supervisor": Grant(sees="below", commands=None, looks=True, approves=True, serves=True, retires=True),
    "partner": Grant(sees="taking_part", commands=_ON_TASKS | {"sign_for", "contribute", "refer"}),
    "insurer": Grant(commands=frozenset({"take_share", "answer_share"}), shares=True),
    "author": Grant(),
    "administrator": Grant(administers=True),
}
"""The table of the roles of posts. A post with several roles may do what any of them may."""


@lru_cache(maxsize=64)
def granted(roles: tuple[str, ...]) -> Grant:
    """Return what a post with these roles may do."""
    found = [GRANTS[role] for role in roles if role in GRANTS]
    commands = [grant.commands for grant in found]
    return Grant(
        sees=max((grant.sees for grant in found), key=_SIGHTS.index, default="nothing"),
        commands=None if None in commands else frozenset().union(*(each or () for each in commands)),
        channels=frozenset().union(*(grant.channels for grant in found)),
        looks=any(grant.looks for grant in found),
        renews=any(grant.renews for grant in found),
        defers=any(grant.defers for grant in found),
        approves=any(grant.approves for grant in found),
        administers=any(grant.administers for grant in found),
        serves=any(grant.serves for grant in found),
        retires=any(grant.retires for grant in found),
        shares=any(grant.shares for grant in found),
    )
