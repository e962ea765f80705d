"""How an event changes the state. No rule is decided here: events already are the conclusions.

``evolve`` never fails on an event that ``decide`` made, never asks the scenario, a clock or a key, and treats
sealed values as opaque, so that a ledger can be replayed after erasures and years later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from zhuoli.core.case import events as e
from zhuoli.core.case import evolve_items as items
from zhuoli.core.case.state import Attachment, Booking, Case, JointUnit, Link, SharedWith, Signature
from zhuoli.core.scenario.names import EVIDENCE
from zhuoli.core.worktime.instants import day_of, iso_date


def evolve(case: Case, event: e.Event, at: int) -> Case:
    """Return the state after one event recorded at ``at`` (ms UTC); ``case`` itself is not changed."""
    case = copy(case)
    apply(case, event, at)
    return case


def evolve_entry(case: Case, events: Iterable[e.Event], at: int) -> Case:
    """Return the state after one ledger entry: all events of one command."""
    case = copy(case)
    for event in events:
        APPLY[type(event)](case, event, at)
    case.seq += 1
    return case


def put_sealed(case: Case, events: Iterable[e.Event]) -> None:
    """Put sealed values and texts in the place of the plain ones, in a state that the caller owns.

    ``case`` is the state after plain events, ``events`` are the same ones sealed; then it is the state after
    those, without going through them once more.
    """
    for event in events:
        put = _PUT_SEALED.get(type(event))
        if put is not None:
            put(case, event)


def copy(case: Case) -> Case:
    """Return a copy whose dictionaries ``answers``, ``items``, ``runs``, ``happened`` and ``clocks`` may be written.

    The other dictionaries change rarely: whoever changes one puts a new one in its place.
    """
    return replace(
        case,
        answers=case.answers.copy(),
        items=case.items.copy(),
        runs=case.runs.copy(),
        happened=case.happened.copy(),
        clocks=case.clocks.copy(),
    )


def _put_recorded(case: Case, event: e.Recorded) -> None:
    if event.personal:
        sealed = {name: value for name, value in event.personal.items() if name in case.personal}
        case.personal = {**case.personal, **sealed}


EVIDENCE_DOT = f"{EVIDENCE}."


def _put_attached(case: Case, event: e.Attached) -> None:
    case.files = {**case.files, event.file: replace(case.files[event.file], name=event.name)}


def _put_signed(case: Case, event: e.Signed) -> None:
    if event.phone is not None and event.question in case.signatures:
        sealed = replace(case.signatures[event.question], phone=event.phone)
        case.signatures = {**case.signatures, event.question: sealed}


def _put_closed(case: Case, event: e.Closed) -> None:
    case.answer = event.answer


def _put_refused(case: Case, event: e.Refused) -> None:
    case.answer = event.text


_PUT_SEALED: dict[type[e.Event], Callable[[Case, Any], None]] = {
    e.Recorded: _put_recorded,
    e.Attached: _put_attached,
    e.Signed: _put_signed,
    e.Closed: _put_closed,
    e.Refused: _put_refused,
}


def apply(case: Case, event: e.Event, at: int) -> None:
    """Write one event into a state that the caller owns (a copy)."""
    APPLY[type(event)](case, event, at)


def _opened(case: Case, event: e.Opened, at: int) -> None:
    case.scenario = event.scenario
    case.version = event.version
    case.receipt = event.receipt
    case.channel = event.channel
    case.parties = {**case.parties, **event.parties}
    case.territory = event.territory
    case.dispatcher = event.dispatcher
    case.opened = at
    case.occurred = event.occurred
    case.answers["case.channel"] = event.channel
    case.answers["case.priority"] = case.priority
    case.answers["case.territory"] = event.territory
    case.answers["case.opened_date"] = iso_date(day_of(at))
    case.answers["case.reopenings"] = 0
    items.tell(case, "case.opened")


def _recorded(case: Case, event: e.Recorded, at: int) -> None:
    for name, value in event.answers.items():
        if value is None:
            case.answers.pop(name, None)
        else:
            case.answers[name] = value
    if event.personal:
        case.personal = {**case.personal, **event.personal}


def _attached(case: Case, event: e.Attached, at: int) -> None:
    attachment = Attachment(
        name=event.name,
        sha256=event.sha256,
        size=event.size,
        media_type=event.media_type,
        question=event.question,
        by=event.by,
        at=at,
    )
    case.files = {**case.files, event.file: attachment}
    if event.question:
        case.answers[event.question] = case.answers.get(event.question, 0) + 1
    if event.question.startswith(EVIDENCE_DOT):
        items.tell(case, "case.evidence")


def _decided(case: Case, event: e.Decided, at: int) -> None:
    for name, value in event.outputs.items():
        case.answers[f"{event.item}.{name}"] = value


def _routed(case: Case, event: e.Routed, at: int) -> None:
    case.unit = event.unit
    if event.competence:
        case.competence = event.competence
    if event.priority:
        case.priority = event.priority
        case.answers["case.priority"] = event.priority
    if event.by in ("transfer", "return"):
        case.refused_by = (*case.refused_by, event.previous)
    for name, item in case.items.items():
        if item.lead and item.state == "active":
            case.items[name] = replace(item, unit=event.unit, post="", started=False)
    items.tell(case, "case.routed")


def _accepted(case: Case, event: e.Accepted, at: int) -> None:
    case.status = "accepted"
    case.accepted = at
    items.tell(case, "case.accepted")


def _refused(case: Case, event: e.Refused, at: int) -> None:
    case.status = "refused"
    case.ended = at
    case.answer = event.text
    case.answered_by = case.unit
    items.tell(case, "case.refused")


def _supplement_requested(case: Case, event: e.SupplementRequested, at: int) -> None:
    case.supplements += 1
    items.tell(case, "case.supplement_requested")


def _supplied(case: Case, event: e.Supplied, at: int) -> None:
    items.tell(case, "case.supplied")


def _supplement_expired(case: Case, event: e.SupplementExpired, at: int) -> None:
    items.tell(case, "case.supplement_expired")


def _joined(case: Case, event: e.Joined, at: int) -> None:
    case.joint = {**case.joint, event.unit: JointUnit(since=at)}
    items.tell(case, "case.joined")


def _signed_for(case: Case, event: e.SignedFor, at: int) -> None:
    case.joint = {**case.joint, event.unit: replace(case.joint[event.unit], signed=at)}


def _contributed(case: Case, event: e.Contributed, at: int) -> None:
    joint = case.joint[event.unit]
    signed = at if joint.signed is None else joint.signed
    case.joint = {**case.joint, event.unit: replace(joint, ended=at, contributed=True, signed=signed)}
    items.tell(case, "case.contributed")


def _left(case: Case, event: e.Left, at: int) -> None:
    case.joint = {**case.joint, event.unit: replace(case.joint[event.unit], ended=at)}


def _urged(case: Case, event: e.Urged, at: int) -> None:
    case.urges += 1
    case.urged = at


def _supervised(case: Case, event: e.Supervised, at: int) -> None:
    case.supervisions = event.number


def _replied(case: Case, event: e.Replied, at: int) -> None:
    items.tell(case, "case.replied")


def _escalated(case: Case, event: e.Escalated, at: int) -> None:
    case.level = event.level
    items.tell(case, "case.escalated")


def _merged(case: Case, event: e.Merged, at: int) -> None:
    case.status_before = case.status
    case.status = "merged"
    case.merged_into = event.into
    case.ended = at


def _split(case: Case, event: e.WasSplit, at: int) -> None:
    case.status = case.status_before  # type: ignore[assignment]
    case.status_before = ""
    case.merged_into = None
    case.ended = None


def _suspended(case: Case, event: e.Suspended, at: int) -> None:
    case.suspended = True
    items.tell(case, "case.suspended")


def _continued(case: Case, event: e.Continued, at: int) -> None:
    case.suspended = False
    items.tell(case, "case.continued")


def _withdrawn(case: Case, event: e.Withdrawn, at: int) -> None:
    case.status = "withdrawn"
    case.ended = at
    case.suspended = False
    items.tell(case, "case.withdrawn")


def _closed(case: Case, event: e.Closed, at: int) -> None:
    case.status = "closed"
    case.closed = at
    case.result = event.result
    case.result_kind = event.kind
    case.answer = event.answer
    case.answered_by = event.by
    case.review_upheld = False
    if event.used:
        items.use(case, event.auto, event.used)
    items.tell(case, "case.closed")


def _confirmed(case: Case, event: e.Confirmed, at: int) -> None:
    case.status = "settled"
    case.ended = at
    items.tell(case, "case.confirmed")


def _contested(case: Case, event: e.Contested, at: int) -> None:
    case.contests += 1
    items.tell(case, "case.contested")


def _reopened(case: Case, event: e.Reopened, at: int) -> None:
    case.status = "accepted"
    case.closed = None
    case.ended = None
    case.result = ""
    case.result_kind = ""
    case.reopenings += 1
    case.score = None
    case.answers["case.reopenings"] = case.reopenings
    items.tell(case, "case.reopened")


def _unconfirmed(case: Case, event: e.Unconfirmed, at: int) -> None:
    case.status = "unconfirmed"
    case.ended = at
    items.tell(case, "case.unconfirmed")


def _review_requested(case: Case, event: e.ReviewRequested, at: int) -> None:
    case.reviews += 1
    items.tell(case, "case.review_requested")


def _review_decided(case: Case, event: e.ReviewDecided, at: int) -> None:
    case.review_upheld = event.outcome == "upheld"
    items.tell(case, "case.review_decided")


def _rated(case: Case, event: e.Rated, at: int) -> None:
    case.score = event.score


def _noted(case: Case, event: e.Noted, at: int) -> None:
    """Leave the state as it is: remarks are read from the ledger."""


def _held(case: Case, event: e.Held, at: int) -> None:
    case.holds += 1


def _hold_released(case: Case, event: e.HoldReleased, at: int) -> None:
    case.holds -= 1


def _erased(case: Case, event: e.Erased, at: int) -> None:
    case.erased = (*case.erased, event.party)
    case.personal = {name: value for name, value in case.personal.items() if value.party != event.party}
    case.shares = {name: each for name, each in case.shares.items() if name.partition(":")[2] != event.party}
    case.signatures = {
        name: replace(each, phone=None) if each.party == event.party else each
        for name, each in case.signatures.items()
    }


def _referred(case: Case, event: e.Referred, at: int) -> None:
    others = {system: number for system, number in case.references.items() if system != event.system}
    case.references = {**others, event.system: event.number} if event.number else others


def _came_from(case: Case, event: e.CameFrom, at: int) -> None:
    case.origin = Link(
        case=event.case, scenario=event.scenario, receipt=event.receipt, title=event.title, at=at
    )


def _went_on(case: Case, event: e.WentOn, at: int) -> None:
    link = Link(
        case=event.case,
        scenario=event.scenario,
        receipt=event.receipt,
        title=event.title,
        at=at,
        how=event.how,
    )
    case.onward = (*case.onward, link)


def _counted(case: Case, event: e.Counted, at: int) -> None:
    case.about = event.about
    for name, count in event.counts.items():
        case.answers[f"earlier.{name}"] = count


def _booked(case: Case, event: e.Booked, at: int) -> None:
    case.booking = Booking(provider=event.provider, at=event.at) if event.provider else None


def _appointment_near(case: Case, event: e.AppointmentNear, at: int) -> None:
    case.booking = Booking(provider=event.provider, at=event.at, near=True)
    items.tell(case, "case.appointment_near")


def _shared(case: Case, event: e.Shared, at: int) -> None:
    case.shares = {**case.shares, f"{event.kind}:{event.party}": SharedWith(unit=event.unit, at=at)}


def _unshared(case: Case, event: e.Unshared, at: int) -> None:
    gone = f"{event.kind}:{event.party}"
    case.shares = {name: each for name, each in case.shares.items() if name != gone}


def _share_taken(case: Case, event: e.ShareTaken, at: int) -> None:
    name = f"{event.kind}:{event.party}"
    case.shares = {**case.shares, name: replace(case.shares[name], taken=at)}


def _share_answered(case: Case, event: e.ShareAnswered, at: int) -> None:
    name = f"{event.kind}:{event.party}"
    said = replace(case.shares[name], answered=at, answer=event.outcome, number=event.number)
    case.shares = {**case.shares, name: said}


def _signed(case: Case, event: e.Signed, at: int) -> None:
    signature = Signature(
        party=event.party,
        method=event.method,
        sha256=event.sha256,
        at=at,
        phone=event.phone,
        reference=event.reference,
    )
    case.signatures = {**case.signatures, event.question: signature}


APPLY: dict[type[e.Event], Callable[[Case, Any, int], None]] = {
    e.Opened: _opened,
    e.Recorded: _recorded,
    e.Attached: _attached,
    e.Decided: _decided,
    e.Routed: _routed,
    e.Accepted: _accepted,
    e.Refused: _refused,
    e.Activated: items.activated,
    e.Started: items.started,
    e.Assigned: items.assigned,
    e.Completed: items.completed,
    e.Terminated: items.terminated,
    e.Occurred: items.occurred,
    e.PlanDone: items.plan_done,
    e.ClockStarted: items.clock_started,
    e.ClockEnded: items.clock_ended,
    e.Paused: items.paused,
    e.Resumed: items.resumed,
    e.Extended: items.extended,
    e.Reminded: items.reminded,
    e.Passed: items.passed,
    e.SupplementRequested: _supplement_requested,
    e.Supplied: _supplied,
    e.SupplementExpired: _supplement_expired,
    e.Joined: _joined,
    e.SignedFor: _signed_for,
    e.Contributed: _contributed,
    e.Left: _left,
    e.Urged: _urged,
    e.Supervised: _supervised,
    e.Replied: _replied,
    e.Escalated: _escalated,
    e.Merged: _merged,
    e.WasSplit: _split,
    e.Suspended: _suspended,
    e.Continued: _continued,
    e.Withdrawn: _withdrawn,
    e.Closed: _closed,
    e.Confirmed: _confirmed,
    e.Contested: _contested,
    e.Reopened: _reopened,
    e.Unconfirmed: _unconfirmed,
    e.ReviewRequested: _review_requested,
    e.ReviewDecided: _review_decided,
    e.Rated: _rated,
    e.Noted: _noted,
    e.Held: _held,
    e.HoldReleased: _hold_released,
    e.Erased: _erased,
    e.ServiceFailed: items.service_failed,
    e.Referred: _referred,
    e.CameFrom: _came_from,
    e.WentOn: _went_on,
    e.Counted: _counted,
    e.Booked: _booked,
    e.AppointmentNear: _appointment_near,
    e.Shared: _shared,
    e.Unshared: _unshared,
    e.ShareTaken: _share_taken,
    e.ShareAnswered: _share_answered,
    e.Signed: _signed,
}
"""What each event does to a state that the caller owns."""
