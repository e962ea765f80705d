"""How far a post that watches over others sees: what its board shows, and nothing that ``access`` would not show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import msgspec

from zhuoli.core.case.facts import Directory
from zhuoli.office.access import Viewer, above, role_missing


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """The cases that a post watches over: all that one unit dispatches, or all that some units answer for.

    ``dispatcher`` is empty for posts of a line; then ``units`` are their own unit and those below it, and ``outside``
    are all others.
    """

    territory: str
    dispatcher: str = ""
    units: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()


def reach(viewer: Viewer, directory: Directory, units: Mapping[str, HasTerritory]) -> Reach:
    """Return what the board of a post shows; every case of it is one that ``require_sight`` lets the post see.

    ``units`` are all units by id.

    Raises:
        Denied: not signed in, or a post whose sight does not reach below its own unit.
    """
    viewer.actor()
    if not viewer.watches:
        raise role_missing()
    own = units.get(viewer.unit)
    territory = own.territory if own is not None else ""
    if own is not None and own.kind == "dispatch":
        return Reach(territory=territory, dispatcher=viewer.unit)
    below = frozenset(unit for unit in units if viewer.unit in above(unit, directory)) | {viewer.unit}
    return Reach(territory=territory, units=below, outside=frozenset(units) - below)


class HasTerritory(Protocol):
    """What must be known of a unit to say how far its posts see."""

    @property
    def kind(self) -> str:
        """One of ``places.units.KINDS``."""
        ...

    @property
    def territory(self) -> str:
        """The 12-digit code."""
        ...
