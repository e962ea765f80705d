"""What has happened in a case. Events record conclusions, so that replay never asks again.

The names and fields below are the ledger's format, version 1: they may get new optional fields, never lose or
change one (``tests/core/case/test_format.py`` holds golden copies). Fields named in ``FREE_TEXT`` are written by
people and sealed with the case's own key before they are stored; ``Personal`` values are sealed with the key
of their party. ``evolve`` carries both along without reading them.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from zhuoli.core.worktime import Limit

ItemKind = Literal["stage", "human", "service", "decision", "timer", "milestone", "loop"]


class Personal(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A personal value of a party: JSON text in the core, a sealed token in the store."""

    party: str
    value: str


class Term(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One time limit of a clock and its instant (ms UTC; None while the clock is stopped)."""

    limit: Limit
    due: int | None


class ClockStart(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A clock begins: its limits with their instants, and all that is needed to explain them later."""

    start: int
    calendar: str
    statutory: Term | None
    promised: Term | None
    remind_at: int | None
    pauses: tuple[str, ...]
    remind: int
    late: tuple[str, ...]


class NewDue(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A clock's instants after a pause."""

    statutory: int | None
    promised: int | None
    remind_at: int | None


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="e", omit_defaults=True, gc=False):
    """What all events have in common (nothing but their kind). They hold no cycles, so no collector needs them."""


class Opened(Event, frozen=True, kw_only=True, tag="opened"):
    """A matter was raised."""

    scenario: str
    version: str
    receipt: str
    channel: str
    parties: dict[str, str]
    territory: str
    dispatcher: str
    occurred: int | None = None


class Recorded(Event, frozen=True, kw_only=True, tag="recorded"):
    """Answers entered the case file, by full name (``form.place``)."""

    source: str
    answers: dict[str, Any] = {}
    personal: dict[str, Personal] = {}


class Signed(Event, frozen=True, kw_only=True, tag="signed"):
    """A party has signed: under what (SHA-256, hex), how, over which telephone (masked), under which number elsewhere."""

    item: str
    question: str
    party: str
    method: Literal["code", "paper", "system"]
    sha256: str
    phone: Personal | None = None
    reference: str = ""


class Attached(Event, frozen=True, kw_only=True, tag="attached"):
    """A file entered the case file."""

    file: str
    name: str
    sha256: str
    size: int
    media_type: str
    question: str = ""
    by: str = ""
    note: str = ""


class Decided(Event, frozen=True, kw_only=True, tag="decided"):
    """A decision table was applied: which rules fired and what came out."""

    item: str
    table: str
    rules: tuple[int, ...]
    outputs: dict[str, Any]


class Routed(Event, frozen=True, kw_only=True, tag="routed"):
    """The case has a responsible unit (``unit`` empty: it waits for the dispatcher)."""

    unit: str
    by: Literal["rule", "dispatcher", "transfer", "return", "superior"]
    competence: str = ""
    rule: int | None = None
    previous: str = ""
    reason: str = ""
    priority: str = ""


class Accepted(Event, frozen=True, kw_only=True, tag="accepted"):
    """The case was accepted."""


class Refused(Event, frozen=True, kw_only=True, tag="refused"):
    """The case was not accepted."""

    reason: str
    text: str


class Activated(Event, frozen=True, kw_only=True, tag="activated"):
    """An item of the plan, or a task of the loop, began.

    ``run`` counts how often it began; ``resets`` are the items of a stage that begins again; ``lead`` tells
    that it follows the lead unit when the case moves; ``used`` (here and elsewhere) are the transitions that count
    no more for the item.
    """

    item: str
    kind: ItemKind
    run: int = 1
    stage: str = ""
    unit: str = ""
    party: str = ""
    role: str = ""
    required: bool = True
    resets: tuple[str, ...] = ()
    clock: ClockStart | None = None
    lead: bool = False
    used: tuple[str, ...] = ()


class Started(Event, frozen=True, kw_only=True, tag="started"):
    """Somebody began to work on a task."""

    item: str
    post: str = ""


class Assigned(Event, frozen=True, kw_only=True, tag="assigned"):
    """A task has an assignee (``post`` empty: it went back to its candidates)."""

    item: str
    post: str


class Completed(Event, frozen=True, kw_only=True, tag="completed"):
    """An item ended as planned."""

    item: str
    outcome: str = ""
    reason: str = ""
    proposed: str = ""
    used: tuple[str, ...] = ()


class Terminated(Event, frozen=True, kw_only=True, tag="terminated"):
    """An item was stopped before its end."""

    item: str
    why: str


class Occurred(Event, frozen=True, kw_only=True, tag="occurred"):
    """A milestone was reached or a timer item ran out."""

    item: str
    used: tuple[str, ...] = ()


class PlanDone(Event, frozen=True, kw_only=True, tag="plan_done"):
    """Every required stage has ended and none is active."""


class ClockStarted(Event, frozen=True, kw_only=True, tag="clock_started"):
    """The clock of the whole case begins."""

    clock: str
    start: ClockStart


class ClockEnded(Event, frozen=True, kw_only=True, tag="clock_ended"):
    """A clock of the whole case ends."""

    clock: str


class Paused(Event, frozen=True, kw_only=True, tag="paused"):
    """Clocks stopped; a limit that had passed by then keeps its instant (what is late stays late)."""

    why: str
    clocks: dict[str, NewDue]


class Resumed(Event, frozen=True, kw_only=True, tag="resumed"):
    """Clocks go on, with new instants."""

    why: str
    clocks: dict[str, NewDue]


class Extended(Event, frozen=True, kw_only=True, tag="extended"):
    """The statutory time of a clock was extended, with the reason that the requester is told."""

    clock: str
    statutory: Term
    reason: str


class Reminded(Event, frozen=True, kw_only=True, tag="reminded"):
    """The handler was reminded that time is short."""

    clock: str


class Passed(Event, frozen=True, kw_only=True, tag="passed"):
    """A time limit has passed."""

    clock: str
    limit: Literal["promised", "statutory"]


class SupplementRequested(Event, frozen=True, kw_only=True, tag="supplement_requested"):
    """The requester was asked for what is missing."""

    items: tuple[str, ...]
    text: str = ""


class Supplied(Event, frozen=True, kw_only=True, tag="supplied"):
    """The requester supplied what was asked for."""

    text: str = ""


class SupplementExpired(Event, frozen=True, kw_only=True, tag="supplement_expired"):
    """The requester's time to supply has passed."""


class Joined(Event, frozen=True, kw_only=True, tag="joined"):
    """A unit was asked to handle jointly."""

    unit: str
    duty: str
    by: str = ""


class SignedFor(Event, frozen=True, kw_only=True, tag="signed_for"):
    """A joint unit acknowledged."""

    unit: str


class Contributed(Event, frozen=True, kw_only=True, tag="contributed"):
    """A joint unit's part is done."""

    unit: str
    text: str


class Left(Event, frozen=True, kw_only=True, tag="left"):
    """A unit's joint handling ended without a contribution."""

    unit: str
    reason: str


class Urged(Event, frozen=True, kw_only=True, tag="urged"):
    """Somebody asked for speed."""

    by: str
    text: str = ""


class Supervised(Event, frozen=True, kw_only=True, tag="supervised"):
    """A higher unit ordered the lead to answer for the case."""

    unit: str
    order: str
    number: int


class Replied(Event, frozen=True, kw_only=True, tag="replied"):
    """The lead unit answered the order."""

    number: int
    text: str


class Escalated(Event, frozen=True, kw_only=True, tag="escalated"):
    """The case was brought before a higher unit."""

    unit: str
    level: int
    reason: str = ""
    clock: str = ""


class Merged(Event, frozen=True, kw_only=True, tag="merged"):
    """This case was found to be a duplicate of another."""

    into: int
    reason: str = ""


class WasSplit(Event, frozen=True, kw_only=True, tag="split"):
    """The merge was undone."""

    reason: str


class Suspended(Event, frozen=True, kw_only=True, tag="suspended"):
    """Handling stopped on a stated ground."""

    reason: str
    ground: str


class Continued(Event, frozen=True, kw_only=True, tag="continued"):
    """Handling goes on after a suspension."""

    reason: str = ""


class Withdrawn(Event, frozen=True, kw_only=True, tag="withdrawn"):
    """The requester took the matter back (or did not supply in time)."""

    reason: str = ""


class Closed(Event, frozen=True, kw_only=True, tag="closed"):
    """The final answer was given; ``auto`` and ``used`` tell which rule closed the case by itself."""

    result: str
    kind: Literal["done", "impossible", "unlawful", "handed_over"]
    answer: str
    by: str = ""
    auto: str = ""
    used: tuple[str, ...] = ()


class Confirmed(Event, frozen=True, kw_only=True, tag="confirmed"):
    """The requester agreed: struck off. ``by`` is empty when nobody is asked."""

    by: str = ""


class Contested(Event, frozen=True, kw_only=True, tag="contested"):
    """The requester did not agree."""

    reason: str


class Reopened(Event, frozen=True, kw_only=True, tag="reopened"):
    """The case is open again."""

    why: Literal["contested", "review"]


class Unconfirmed(Event, frozen=True, kw_only=True, tag="unconfirmed"):
    """The requester's time to answer has passed in silence."""


class ReviewRequested(Event, frozen=True, kw_only=True, tag="review_requested"):
    """An independent review was asked for."""

    reason: str


class ReviewDecided(Event, frozen=True, kw_only=True, tag="review_decided"):
    """The reviewing unit has decided."""

    outcome: Literal["upheld", "sent_back"]
    reason: str
    unit: str


class Rated(Event, frozen=True, kw_only=True, tag="rated"):
    """The requester rated, 1 to 5."""

    score: int
    comment: str = ""


class Noted(Event, frozen=True, kw_only=True, tag="noted"):
    """A remark was made."""

    text: str
    audience: Literal["office", "everyone"]


class Referred(Event, frozen=True, kw_only=True, tag="referred"):
    """The number of another system was noted, changed or (``number`` empty) taken back; ``title`` names the system."""

    system: str
    number: str
    title: tuple[str, ...] = ()
    previous: str = ""
    reason: str = ""


class Shared(Event, frozen=True, kw_only=True, tag="shared"):
    """A party let a body outside the office read (``kind``: one of the scenario's ``shares``)."""

    kind: str
    party: str
    unit: str


class Unshared(Event, frozen=True, kw_only=True, tag="unshared"):
    """A party took that back before anybody had read it."""

    kind: str
    party: str
    unit: str


class ShareTaken(Event, frozen=True, kw_only=True, tag="share_taken"):
    """The body began to read."""

    kind: str
    party: str
    unit: str


class ShareAnswered(Event, frozen=True, kw_only=True, tag="share_answered"):
    """The body answered (``outcome``: one of the scenario's answers), with its own number."""

    kind: str
    party: str
    unit: str
    outcome: str
    number: str = ""


class Held(Event, frozen=True, kw_only=True, tag="held"):
    """Erasure is forbidden."""

    ground: str


class HoldReleased(Event, frozen=True, kw_only=True, tag="hold_released"):
    """The hold was lifted."""

    reason: str


class Erased(Event, frozen=True, kw_only=True, tag="erased"):
    """A party's personal data were erased (its key destroyed)."""

    party: str
    reason: str


class ServiceFailed(Event, frozen=True, kw_only=True, tag="service_failed"):
    """A service task failed; it is tried again at ``retry_at``, or given to a person when that is None."""

    item: str
    attempt: int
    error: str
    retry_at: int | None = None


class CameFrom(Event, frozen=True, kw_only=True, tag="came_from"):
    """The matter was handed on by another case, with its papers; ``title`` says what that is called (zh, en)."""

    case: int
    scenario: str
    receipt: str
    title: tuple[str, ...] = ()


class WentOn(Event, frozen=True, kw_only=True, tag="went_on"):
    """A service task has handed the case on, raised another or joined one; ``title`` is what that is called (zh, en)."""

    item: str
    case: int
    scenario: str
    receipt: str
    title: tuple[str, ...] = ()
    how: Literal["handed_on", "raised", "joined"] = "handed_on"


class Counted(Event, frozen=True, kw_only=True, tag="counted"):
    """Earlier cases about the same organisation or place were counted, by the ids of the scenario's counts."""

    about: str
    counts: dict[str, int]


class Booked(Event, frozen=True, kw_only=True, tag="booked"):
    """A provider's time is held for the case (``at`` in ms UTC); without a provider it is free again."""

    item: str
    provider: str
    at: int


class AppointmentNear(Event, frozen=True, kw_only=True, tag="appointment_near"):
    """An appointment is tomorrow."""

    provider: str
    at: int


AnyEvent = (
    Opened
    | Recorded
    | Attached
    | Decided
    | Routed
    | Accepted
    | Refused
    | Activated
    | Started
    | Assigned
    | Completed
    | Terminated
    | Occurred
    | PlanDone
    | ClockStarted
    | ClockEnded
    | Paused
    | Resumed
    | Extended
    | Reminded
    | Passed
    | SupplementRequested
    | Supplied
    | SupplementExpired
    | Joined
    | SignedFor
    | Contributed
    | Left
    | Urged
    | Supervised
    | Replied
    | Escalated
    | Merged
    | WasSplit
    | Suspended
    | Continued
    | Withdrawn
    | Closed
    | Confirmed
    | Contested
    | Reopened
    | Unconfirmed
    | ReviewRequested
    | ReviewDecided
    | Rated
    | Noted
    | Held
    | HoldReleased
    | Erased
    | ServiceFailed
    | Referred
    | CameFrom
    | WentOn
    | Counted
    | Booked
    | AppointmentNear
    | Shared
    | Unshared
    | ShareTaken
    | ShareAnswered
    | Signed
)

FREE_TEXT: dict[type[Event], tuple[str, ...]] = {
    Attached: ("name", "note"),
    Routed: ("reason",),
    Refused: ("text",),
    Completed: ("reason",),
    Extended: ("reason",),
    SupplementRequested: ("items", "text"),
    Supplied: ("text",),
    Joined: ("duty",),
    Contributed: ("text",),
    Left: ("reason",),
    Urged: ("text",),
    Supervised: ("order",),
    Replied: ("text",),
    Escalated: ("reason",),
    Merged: ("reason",),
    WasSplit: ("reason",),
    Suspended: ("reason", "ground"),
    Continued: ("reason",),
    Withdrawn: ("reason",),
    Closed: ("answer",),
    Contested: ("reason",),
    ReviewRequested: ("reason",),
    ReviewDecided: ("reason",),
    Rated: ("comment",),
    Noted: ("text",),
    Held: ("ground",),
    HoldReleased: ("reason",),
    Erased: ("reason",),
    Referred: ("reason",),
}
"""Fields written by people, sealed with the case's own key (values are text or tuples of text)."""
