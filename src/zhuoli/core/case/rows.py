"""The rows that screens, inboxes and the worker read, computed from the state; nothing else makes rows."""

from __future__ import annotations

from typing import Literal

import msgspec

from zhuoli.core.case.booking import CLOCK, near_at
from zhuoli.core.case.state import OPEN_STATUS, Case, Clock, Item


class CaseRow(msgspec.Struct, frozen=True):
    """One case in lists and figures. Instants in ms UTC; ``city``, ``county`` and ``town`` are code prefixes.

    ``due`` is the statutory and ``promised`` the promised instant of the whole case; ``stopped`` tells that
    its clock stands still (both are then None). ``late`` is set once either has passed.
    """

    id: int
    seq: int
    scenario: str
    version: str
    receipt: str
    channel: str
    status: str
    result: str
    result_kind: str
    priority: str
    territory: str
    city: str
    county: str
    town: str
    unit: str
    dispatcher: str
    competence: str
    stage: str
    opened: int
    occurred: int | None
    accepted: int | None
    closed: int | None
    ended: int | None
    due: int | None
    promised: int | None
    stopped: bool
    late: bool
    late_statutory: bool
    level: int
    urges: int
    reopenings: int
    contests: int
    score: int | None
    merged_into: int | None


class TaskRow(msgspec.Struct, frozen=True):
    """One thing that is asked of a unit, a party or the software now."""

    case: int
    item: str
    run: int
    kind: str
    state: str
    stage: str
    unit: str
    party: str
    role: str
    post: str
    started: bool
    required: bool
    since: int
    due: int | None
    promised: int | None
    stopped: bool


class WakeRow(msgspec.Struct, frozen=True, kw_only=True):
    """An appointment of the worker: a clock that has something to say, or a service task to do."""

    case: int
    key: str
    kind: Literal["clock", "service"]
    at: int


class PartyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A party of a case and its role."""

    case: int
    role: str
    party: str


class ReferenceRow(msgspec.Struct, frozen=True, kw_only=True):
    """The number by which another system knows the case."""

    case: int
    system: str
    number: str


class SubjectRow(msgspec.Struct, frozen=True, kw_only=True):
    """That a case about an organisation or a place was raised (``what`` empty) or reached a milestone, and when (ms UTC)."""

    case: int
    what: str
    scenario: str
    about: str
    at: int


class BookingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's time that an open case holds (ms UTC)."""

    case: int
    provider: str
    at: int


class ShareRow(msgspec.Struct, frozen=True, kw_only=True):
    """That a party lets a body outside the office read (instants in ms UTC); ``name`` is ``kind:party``."""

    case: int
    name: str
    unit: str
    at: int
    taken: int | None
    answered: int | None
    answer: str
    number: str


class Rows(msgspec.Struct, frozen=True, kw_only=True):
    """All rows of one case; tasks, wakes, parties, references, subjects, bookings and shares by their key within the case."""

    case: CaseRow
    tasks: dict[str, TaskRow]
    wakes: dict[str, WakeRow]
    parties: dict[str, PartyRow]
    references: dict[str, ReferenceRow]
    subjects: dict[str, SubjectRow]
    bookings: dict[str, BookingRow]
    shares: dict[str, ShareRow]


def rows(case: Case) -> Rows:
    """Compute every row of a case from its state alone."""
    clock = case.clocks.get("case")
    due, promised, stopped = _instants(clock)
    stage = ""
    tasks: dict[str, TaskRow] = {}
    wakes: dict[str, WakeRow] = {}
    asleep = case.status == "merged"
    for name, item in case.items.items():
        if item.state != "active" or asleep:
            continue
        if item.kind == "stage":
            stage = name
        elif item.kind in ("human", "loop"):
            tasks[name] = _task(case.id, name, item, case.clocks.get(name))
        elif item.kind == "service" and not item.given_up and (not case.suspended or not item.stage):
            at = item.retry_at if item.retry_at is not None else item.since
            wakes[name] = WakeRow(case=case.id, key=name, kind="service", at=at)
    for name, running in case.clocks.items():
        at_clock = None if asleep else running.wake_at()
        if at_clock is not None:
            key = "clock:" + name
            wakes[key] = WakeRow(case=case.id, key=key, kind="clock", at=at_clock)
    bookings: dict[str, BookingRow] = {}
    held = case.booking
    if held is not None and case.status in OPEN_STATUS:
        bookings[""] = BookingRow(case=case.id, provider=held.provider, at=held.at)
        if not held.near:
            key = "clock:" + CLOCK
            wakes[key] = WakeRow(case=case.id, key=key, kind="clock", at=near_at(held.at))
    code = case.territory
    return Rows(
        # In the order of the columns: naming 34 of them takes thirty times as long.
        case=CaseRow(
            case.id,
            case.seq,
            case.scenario,
            case.version,
            case.receipt,
            case.channel,
            case.status,
            case.result,
            case.result_kind,
            case.priority,
            code,
            code[:4],
            code[:6],
            code[:9],
            case.unit,
            case.dispatcher,
            case.competence,
            stage,
            case.opened,
            case.occurred,
            case.accepted,
            case.closed,
            case.ended,
            due,
            promised,
            stopped,
            bool(case.late),
            "statutory" in case.late,
            case.level,
            case.urges,
            case.reopenings,
            case.contests,
            case.score,
            case.merged_into,
        ),
        tasks=tasks,
        wakes=wakes,
        parties={
            role: PartyRow(case=case.id, role=role, party=party) for role, party in case.parties.items()
        },
        references={
            system: ReferenceRow(case=case.id, system=system, number=number)
            for system, number in case.references.items()
        },
        subjects=_subjects(case),
        bookings=bookings,
        shares={
            name: ShareRow(
                case=case.id,
                name=name,
                unit=each.unit,
                at=each.at,
                taken=each.taken,
                answered=each.answered,
                answer=each.answer,
                number=each.number,
            )
            for name, each in case.shares.items()
        },
    )


def _subjects(case: Case) -> dict[str, SubjectRow]:
    """Return what is counted of the case in later ones about the same."""
    if not case.about:
        return {}
    moments = {"": case.opened}
    for name, item in case.items.items():
        if item.kind == "milestone" and item.state == "completed" and item.ended is not None:
            moments[name] = item.ended
    return {
        what: SubjectRow(case=case.id, what=what, scenario=case.scenario, about=case.about, at=at)
        for what, at in moments.items()
    }


def _instants(clock: Clock | None) -> tuple[int | None, int | None, bool]:
    if clock is None:
        return None, None, False
    return (
        clock.statutory.due if clock.statutory else None,
        clock.promised.due if clock.promised else None,
        clock.stopped,
    )


def _task(case: int, name: str, item: Item, clock: Clock | None) -> TaskRow:
    due, promised, stopped = _instants(clock)
    return TaskRow(
        case,
        name,
        item.run,
        item.kind,
        item.state,
        item.stage,
        item.unit,
        item.party,
        item.role,
        item.post,
        item.started,
        item.required,
        item.since,
        due,
        promised,
        stopped,
    )
