"""Reading cases: states, histories, and, for a purpose that is recorded, what was sealed.

States and histories come back sealed (``zhuoli.office.sealed``). ``open_*`` first writes the look, durably, and
then opens: nobody sees what nobody will know they saw.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from zhuoli.core.case.facts import Actor
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.model import Purpose
from zhuoli.core.text import Text
from zhuoli.office import deferrals
from zhuoli.office.errors import OfficeError
from zhuoli.office.handle import Office
from zhuoli.office.sealed import StoredEntry, find_key, history, load_state
from zhuoli.store.codec import decode_actor, encode_actor
from zhuoli.store.driver import Duplicate, Retry, open_driver, pause
from zhuoli.store.keys import CASE, Key
from zhuoli.store.looks import append_look
from zhuoli.store.models import FileRecord, KeyRecord, LookRecord
from zhuoli.store.records import NewLook
from zhuoli.store.sealing import open_personal as open_value
from zhuoli.store.sealing import open_phone, open_state, open_texts

__all__ = [
    "HANDLING",
    "OWN",
    "Deferral",
    "Look",
    "OpenedCase",
    "StoredEntry",
    "file_parties",
    "find_key",
    "history",
    "load_state",
    "looks",
    "office_purposes",
    "open_answer",
    "open_case",
    "open_personal",
    "record_look",
    "signature_phones",
    "without_others_files",
]

OWN = "own"
"""The purpose of a party that looks at its own data."""
HANDLING = "handling"
"""The purpose of reading what was written in a case in order to handle it."""

_TRIES = 8


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One look at personal data, as the person may read it."""

    at: int
    actor: Actor
    party: str
    fields: tuple[str, ...]
    purpose: str
    deferred_until: int | None
    ground: str
    approver: str = ""


class Deferral(msgspec.Struct, frozen=True, kw_only=True):
    """Why a look is told to the person only after ``until`` (ms UTC): the legal ground, and who approved it."""

    until: int
    ground: str
    approver: str


class OpenedCase(msgspec.Struct, frozen=True, kw_only=True):
    """A case with its texts opened; personal values stay sealed in ``state`` and are in ``personal`` if asked for."""

    state: Case
    history: list[StoredEntry]
    personal: dict[str, Any]


def looks(case: int, party: str | None = None, *, now: int, alias: str = "default") -> list[Look]:
    """Return the looks at a case (at one party of it), oldest first; deferred ones only once their time is over."""
    wanted = LookRecord.objects.using(alias).filter(case_id=case)
    if party is not None:
        wanted = wanted.filter(party__in=(party, CASE))
    found: list[Look] = []
    ended: list[deferrals.Deferral] | None = None
    for look in wanted.order_by("seq"):
        until = look.deferred_until
        if until is not None and until > now:
            # Its deferral may have been ended before its date.
            ended = deferrals.of_case(case, now, alias) if ended is None else ended
            until = deferrals.told_from(look.post, look.party if look.party != CASE else "", until, ended)
            if until > now:
                continue
        found.append(
            Look(
                at=look.at,
                actor=decode_actor(look.actor),
                party=look.party,
                fields=tuple(msgspec.json.decode(look.fields)),
                purpose=look.purpose,
                deferred_until=until,
                ground=look.ground,
                approver=look.approver,
            )
        )
    return found


def file_parties(office: Office, case: int) -> dict[str, str]:
    """Return for each file of a case whose data it holds: the party that brought it or that it was issued to, else the case."""
    found = FileRecord.objects.using(office.alias).filter(case_id=case).values_list("file", "party")
    return dict(found)


def without_others_files(office: Office, state: Case, party: str) -> Case:
    """Return a case as one party sees it: without the files that another party brought or that were issued to it.

    Whoever acts for the requester sees what is the requester's, and the other way round.
    """
    own = {party, *(state.parties.get(role, "") for role in ("requester", "guardian", "proxy"))}
    others = set(state.parties.values()) - own
    if not others or not state.files:
        return state
    belongs = file_parties(office, state.id)
    kept = {name: each for name, each in state.files.items() if belongs.get(name) not in others}
    return state if len(kept) == len(state.files) else msgspec.structs.replace(state, files=kept)


def open_case(
    office: Office,
    case: int,
    actor: Actor,
    *,
    purpose: str = HANDLING,
    fields: Iterable[str] = (),
    deferral: Deferral | None = None,
) -> OpenedCase:
    """Return a case with its texts opened, and the personal values named in ``fields``.

    The looks are recorded, except that a party of the case, and the software, read texts without one.

    Raises:
        UnknownCase: there is none.
        OfficeError: the scenario knows no such purpose, or it does not cover a field (``unknown_purpose``,
            ``purpose_too_narrow``).
        KeyTrouble: something does not open.
    """
    state = load_state(case, office.alias)
    key = _key(office, case, CASE)
    if actor.kind == "post":
        record_look(office, case, CASE, ("texts",), purpose, actor, deferral)
    entries = history(case, office.alias)
    if key is not None:
        opened = key
        state = open_state(state, opened)
        entries = [
            msgspec.structs.replace(entry, events=tuple(open_texts(event, opened) for event in entry.events))
            for entry in entries
        ]
    personal: dict[str, Any] = {}
    wanted: dict[str, list[str]] = {}
    for name in fields:
        if name in state.personal:
            wanted.setdefault(state.personal[name].party, []).append(name)
    for party, names in wanted.items():
        personal |= open_personal(office, case, party, names, purpose, actor, deferral=deferral)
    return OpenedCase(state=state, history=entries, personal=personal)


def open_personal(
    office: Office,
    case: int,
    party: str,
    fields: Iterable[str],
    purpose: str,
    actor: Actor,
    *,
    deferral: Deferral | None = None,
) -> dict[str, Any]:
    """Record a look and return a party's personal values by field; erased and missing ones are left out.

    ``fields`` are full names such as ``form.phone``. Whether the actor may see the case at all is for
    ``zhuoli.office.access`` to say.

    Raises:
        UnknownCase: there is none.
        OfficeError: ``unknown_purpose`` or ``purpose_too_narrow``.
        KeyTrouble: a value does not open.
    """
    state = load_state(case, office.alias)
    names = [name for name in fields if name in state.personal and state.personal[name].party == party]
    plan = office.library.pinned(state.version, state.scenario)
    _require_purpose(plan, state, purpose, names, party, actor)
    key = _key(office, case, party)
    if not names or key is None:
        return {}
    record_look(office, case, party, names, purpose, actor, deferral)
    return {name: open_value(state, name, key) for name in names}


def signature_phones(office: Office, state: Case) -> dict[str, str]:
    """Return the masked telephones over which signatures were proven, by question; those of erased parties are gone."""
    found: dict[str, str] = {}
    for question, signature in state.signatures.items():
        key = _key(office, state.id, signature.party) if signature.phone is not None else None
        if key is not None:
            found[question] = open_phone(state, question, key)
    return found


def open_answer(office: Office, state: Case) -> str:
    """Return the final answer of a case in plain, for a document to the party that it was given to; "" if erased."""
    key = _key(office, state.id, CASE)
    return open_state(state, key).answer if key is not None else ""


def record_look(
    office: Office,
    case: int,
    party: str,
    fields: Iterable[str],
    purpose: str,
    actor: Actor,
    deferral: Deferral | None = None,
    *,
    at: int | None = None,
) -> int:
    """Write a look into the case's stream of looks, durably; return its number there.

    Where a deferral was approved for the post, the look is told to the person when that ends. ``at`` (ms UTC) is when it
    was, if not now: what somebody has left in a call may have been read before there was a case.
    """
    now = office.clock()
    if deferral is None and actor.kind == "post":
        approved = deferrals.active(case, party, actor.post, now, office.alias)
        if approved is not None:
            deferral = Deferral(until=approved.until, ground=approved.ground, approver=approved.approver)
    look = NewLook(
        case=case,
        at=now if at is None else at,
        actor=encode_actor(actor),
        post=actor.post,
        party=party,
        fields=msgspec.json.encode(sorted(fields)).decode(),
        purpose=purpose,
        deferred_until=deferral.until if deferral else None,
        ground=deferral.ground if deferral else "",
        approver=deferral.approver if deferral else "",
    )
    for attempt in range(_TRIES):
        driver = open_driver(office.alias)
        try:
            driver.begin()
            seq = append_look(driver, look)
            driver.commit()
        except (Duplicate, Retry):
            driver.rollback()
            if attempt == _TRIES - 1:
                raise
            pause(attempt)
        except BaseException:
            driver.rollback()
            raise
        else:
            return seq
    raise AssertionError("unreachable: the last attempt returns or raises")


def _require_purpose(
    plan: Plan, case: Case, purpose: str, fields: list[str], party: str, actor: Actor
) -> None:
    if actor.kind == "system" or (purpose == OWN and actor.kind == "party" and actor.party == party):
        return
    purposes = office_purposes(plan, case, actor)
    if purpose not in purposes:
        known = "、".join(purposes)
        raise OfficeError(
            "unknown_purpose",
            Text(
                f"这类事项没有“{purpose}”这个查看目的。", f"This kind of matter has no purpose “{purpose}”."
            ),
            Text(f"请从这些目的中选择：{known}。", f"Choose one of: {known}."),
        )
    covered = purposes[purpose].fields
    outside = [name for name in fields if covered and name not in covered]
    if outside:
        named = "、".join(outside)
        raise OfficeError(
            "purpose_too_narrow",
            Text(f"这个目的不包括：{named}。", f"This purpose does not cover: {named}."),
            Text(
                "请选择包括它们的目的，或不查看它们。",
                "Choose a purpose that covers them, or leave them closed.",
            ),
        )


def office_purposes(plan: Plan, case: Case, actor: Actor) -> dict[str, Purpose]:
    """Return the purposes for which an actor may look: those of bodies outside the office are only for whom they were meant."""
    outside = {share.purpose for share in plan.scenario.shares.values()}
    if actor.kind == "post" and any(each.unit == actor.unit for each in case.shares.values()):
        return {name: each for name, each in plan.scenario.privacy.purposes.items() if name in outside}
    return {name: each for name, each in plan.scenario.privacy.purposes.items() if name not in outside}


def _key(office: Office, case: int, party: str) -> Key | None:
    """Return a key whose row is there now; None when it was erased or never made."""
    wrapped = (
        KeyRecord.objects.using(office.alias)
        .filter(case_id=case, party=party)
        .values_list("wrapped", flat=True)
        .first()
    )
    return None if wrapped is None else office.ring.key(case, party, bytes(wrapped))
