"""What is true of a case after its events: the state that ``decide`` looks at and screens are drawn from."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from zhuoli.core.case.events import ItemKind, Personal, Term

Status = Literal[
    "received",  # raised, not yet accepted
    "accepted",  # in work
    "closed",  # final answer given, the requester has not answered yet
    "settled",  # struck off: confirmed (or nobody is to be asked)
    "unconfirmed",  # closed, and the requester kept silent
    "refused",  # not accepted
    "withdrawn",
    "merged",  # a duplicate that goes on in another case
]
ItemState = Literal["active", "suspended", "completed", "terminated"]

OPEN_STATUS = frozenset({"received", "accepted"})
ENDED_STATUS = frozenset({"settled", "unconfirmed", "refused", "withdrawn", "merged"})


class Item(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An item of the plan, or a task of the loop, that has begun; items not here are still *available*."""

    kind: ItemKind
    state: ItemState
    run: int
    since: int
    stage: str = ""
    unit: str = ""
    party: str = ""
    role: str = ""
    post: str = ""
    required: bool = True
    started: bool = False
    outcome: str = ""
    ended: int | None = None
    lead: bool = False
    attempt: int = 0
    retry_at: int | None = None
    given_up: bool = False


class Clock(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A running, stopped or ended clock. A clock is *stopped* while ``paused_by`` is not empty.

    ``pauses`` are the finished and the open pause (its end is None), in ms UTC. ``passed`` are the limits
    that have passed.
    """

    start: int
    calendar: str
    statutory: Term | None = None
    promised: Term | None = None
    remind_at: int | None = None
    pauses_on: tuple[str, ...] = ()
    remind: int = 75
    late: tuple[str, ...] = ()
    pauses: tuple[tuple[int, int | None], ...] = ()
    paused_by: tuple[str, ...] = ()
    reminded: bool = False
    passed: tuple[str, ...] = ()
    ended: int | None = None
    extended: bool = False

    @property
    def stopped(self) -> bool:
        """Whether the clock stands still now."""
        return bool(self.paused_by)

    @property
    def due(self) -> int | None:
        """When it is promised, or else due by law (ms UTC); None where there is no such instant."""
        term = self.promised or self.statutory
        return term.due if term is not None else None

    def wake_at(self) -> int | None:
        """Return the next instant at which the clock has something to say, or None."""
        if self.ended is not None or self.paused_by:
            return None
        times = []
        if self.remind_at is not None and not self.reminded:
            times.append(self.remind_at)
        if self.promised is not None and self.promised.due is not None and "promised" not in self.passed:
            times.append(self.promised.due)
        if self.statutory is not None and self.statutory.due is not None and "statutory" not in self.passed:
            times.append(self.statutory.due)
        return min(times) if times else None


class JointUnit(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """A unit that handles jointly."""

    since: int
    signed: int | None = None
    ended: int | None = None
    contributed: bool = False


class Attachment(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """A file of the case file."""

    name: str
    sha256: str
    size: int
    media_type: str
    question: str = ""
    by: str = ""
    at: int = 0


class Link(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """Another case, from which this one came or to which it has gone on; ``title`` is its matter (zh, en)."""

    case: int
    scenario: str
    receipt: str
    title: tuple[str, ...] = ()
    at: int = 0
    how: Literal["handed_on", "raised", "joined"] = "handed_on"


class Booking(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """A provider's time that the case holds (ms UTC); ``near`` once it has been reminded of."""

    provider: str
    at: int
    near: bool = False


class Signature(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """That a party has signed: under what (SHA-256, hex), how, when (ms UTC); ``phone`` is masked and sealed like an answer."""

    party: str
    method: str
    sha256: str
    at: int
    phone: Personal | None = None
    reference: str = ""


class SharedWith(msgspec.Struct, frozen=True, kw_only=True, array_like=True, gc=False):
    """A body outside the office that a party lets read: since when, since when it has read, what it has answered."""

    unit: str
    at: int
    taken: int | None = None
    answered: int | None = None
    answer: str = ""
    number: str = ""


class Case(msgspec.Struct, kw_only=True, array_like=True):
    """The state of one case. Only ``evolve`` writes it; everybody else treats it as immutable.

    ``answers`` and ``personal`` are the case file by full name; ``happened`` counts transitions
    (``handle.completed``) and ``seen`` what each item's entry criteria had used up when it last began.
    """

    id: int
    seq: int = 0
    scenario: str = ""
    version: str = ""
    receipt: str = ""
    channel: str = ""
    status: Status = "received"
    parties: dict[str, str] = {}
    territory: str = ""
    dispatcher: str = ""
    unit: str = ""
    competence: str = ""
    priority: str = "normal"
    opened: int = 0
    occurred: int | None = None
    accepted: int | None = None
    closed: int | None = None
    ended: int | None = None
    result: str = ""
    result_kind: str = ""
    answer: str = ""
    answered_by: str = ""
    answers: dict[str, Any] = {}
    personal: dict[str, Personal] = {}
    files: dict[str, Attachment] = {}
    items: dict[str, Item] = {}
    runs: dict[str, int] = {}
    happened: dict[str, int] = {}
    seen: dict[str, dict[str, int]] = {}
    clocks: dict[str, Clock] = {}
    late: tuple[str, ...] = ()
    joint: dict[str, JointUnit] = {}
    refused_by: tuple[str, ...] = ()
    supplements: int = 0
    supervisions: int = 0
    level: int = 0
    urges: int = 0
    urged: int | None = None
    contests: int = 0
    reopenings: int = 0
    reviews: int = 0
    review_upheld: bool = False
    score: int | None = None
    suspended: bool = False
    merged_into: int | None = None
    status_before: str = ""
    holds: int = 0
    erased: tuple[str, ...] = ()
    references: dict[str, str] = {}
    origin: Link | None = None
    onward: tuple[Link, ...] = ()
    about: str = ""
    booking: Booking | None = None
    shares: dict[str, SharedWith] = {}
    signatures: dict[str, Signature] = {}


def in_earnest(case: Case, task: str) -> bool:
    """Whether a task asks a party for something, instead of telling what it may do."""
    item = case.items.get(task)
    return item is not None and bool(item.party) and (item.required or task in case.clocks)
