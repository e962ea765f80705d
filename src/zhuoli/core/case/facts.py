"""What the outside knows at the moment of a command: time, actor, calendar, directory."""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

from zhuoli.core.case.booking import ANY_SLOT, Slots
from zhuoli.core.case.earlier import NOTHING_EARLIER, Earlier
from zhuoli.core.case.proofs import NO_SIGNING, Signing
from zhuoli.core.text import Text
from zhuoli.core.worktime import Calendar

ActorKind = Literal["party", "post", "system"]


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who issues a command.

    A *party* acts for itself (``party`` is its id within the case), a *post* acts for its ``unit`` with its
    ``roles`` (``officer``, ``dispatcher``, ``supervisor`` …), the *system* acts when a timer fires or a
    service task ends. Accounts and names are no business of the core.
    """

    kind: ActorKind
    party: str = ""
    unit: str = ""
    post: str = ""
    roles: tuple[str, ...] = ()


SYSTEM = Actor(kind="system")


class Directory(Protocol):
    """Which unit is responsible for what, frozen at the moment of the command."""

    def responsible(self, competence: str, territory: str) -> str | None:
        """Return the unit with this competence for the territory (the most local one), or None."""
        ...

    def dispatcher(self, territory: str) -> str:
        """Return the unit that dispatches for the territory; the province's when ``territory`` is empty."""
        ...

    def kind(self, unit: str) -> str:
        """Return what kind of body a unit is; "" when there is no such unit."""
        ...

    def superior(self, unit: str) -> str | None:
        """Return the unit directly above, or None for the highest."""
        ...

    def name(self, unit: str) -> Text | None:
        """Return the unit's name, or None when there is no such unit."""
        ...

    def place(self, code: str) -> Text | None:
        """Return the name of the territory with this 12-digit code, or None when there is none."""
        ...


class OtherCase(msgspec.Struct, frozen=True, kw_only=True):
    """What a command must know of another case (merging duplicates)."""

    id: int
    scenario: str
    open: bool
    merged: bool


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """The outside at the moment of one command; ``now`` in ms UTC."""

    now: int
    actor: Actor
    calendar: Calendar
    directory: Directory
    other: OtherCase | None = None
    earlier: Earlier = NOTHING_EARLIER
    slots: Slots = ANY_SLOT
    signing: Signing = NO_SIGNING
