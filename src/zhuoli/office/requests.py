"""What is asked of the office, and what it has led to."""

from __future__ import annotations

import msgspec

from zhuoli.core.case.commands import AnyCommand
from zhuoli.core.case.events import AnyEvent
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.state import Case


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One wish: a command for a case (for ``Open``: a scenario) by an actor.

    ``key`` is the client's own UUID. ``expected_seq`` is the case's number of entries that the actor has seen;
    without it nobody asks whether something changed in between. ``at`` (ms UTC) sets the recorded instant; only the
    demonstration city and tests use it.
    """

    key: str
    command: AnyCommand
    actor: Actor
    case: int | None = None
    scenario: str = ""
    expected_seq: int | None = None
    at: int | None = None


class Handled(msgspec.Struct, frozen=True, kw_only=True):
    """What a request has led to. Free texts and personal values in ``events`` and ``state`` are sealed.

    ``repeated`` tells that the request had been handled before. ``code`` goes with the receipt of a case that was
    opened by this key; empty once another code was made.
    """

    case: int
    seq: int
    events: tuple[AnyEvent, ...]
    state: Case
    repeated: bool = False
    code: str = ""
