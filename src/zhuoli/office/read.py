"""Reading cases: states, histories, and, for a purpose that is recorded, what was sealed.

States and histories come back sealed; nothing of a person is in them. ``open_*`` first writes the look, durably, and
then opens: nobody sees what nobody will know they saw.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from zhuoli.core.case.events import AnyEvent, Attached
from zhuoli.core.case.evolve import evolve_entry
from zhuoli.core.case.facts import Actor, Directory
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.case.story import tell
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_text
from zhuoli.office.errors import OfficeError, UnknownCase
from zhuoli.store.append import append_look
from zhuoli.store.codec import decode_actor, decode_events, decode_state, encode_actor
from zhuoli.store.driver import Duplicate, Retry, open_driver, pause
from zhuoli.store.keys import CASE, Key
from zhuoli.store.models import EntryRecord, KeyRecord, LookRecord, StateRecord
from zhuoli.store.records import Found, NewLook
from zhuoli.store.sealing import open_personal as open_value
from zhuoli.store.sealing import open_state, open_texts

if TYPE_CHECKING:
    from zhuoli.office.handle import Office

OWN = "own"
"""The purpose of a party that looks at its own data."""
HANDLING = "handling"
"""The purpose of reading what was written in a case in order to handle it."""

_TOLD = 3
_TRIES = 8


class StoredEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the ledger; ``at`` in ms UTC. Texts are sealed unless they were opened for a purpose."""

    seq: int
    at: int
    actor: Actor
    command: str
    events: tuple[AnyEvent, ...]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One look at personal data, as the person may read it."""

    at: int
    actor: Actor
    party: str
    fields: tuple[str, ...]
    purpose: str
    deferred_until: int | None
    ground: str


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


def load_state(case: int, alias: str = "default") -> Case:
    """Return the state of a case, sealed.

    Raises:
        UnknownCase: there is none.
    """
    record = StateRecord.objects.using(alias).filter(pk=case).values_list("state", flat=True).first()
    if record is None:
        raise UnknownCase(case)
    return decode_state(record)


def history(
    case: int, alias: str = "default", *, after: int = 0, until: int | None = None
) -> list[StoredEntry]:
    """Return the entries of a case with ``after`` < seq ≤ ``until``, sealed."""
    wanted = EntryRecord.objects.using(alias).filter(case_id=case, seq__gt=after)
    if until is not None:
        wanted = wanted.filter(seq__lte=until)
    return [
        StoredEntry(seq=seq, at=at, actor=decode_actor(actor), command=command, events=decode_events(events))
        for seq, at, actor, command, events in wanted.order_by("seq").values_list(
            "seq", "recorded", "actor", "command", "events"
        )
    ]


def looks(case: int, party: str | None = None, *, now: int, alias: str = "default") -> list[Look]:
    """Return the looks at a case (at one party of it), oldest first; deferred ones only once their time is over."""
    wanted = LookRecord.objects.using(alias).filter(case_id=case)
    if party is not None:
        wanted = wanted.filter(party__in=(party, CASE))
    return [
        Look(
            at=look.at,
            actor=decode_actor(look.actor),
            party=look.party,
            fields=tuple(msgspec.json.decode(look.fields)),
            purpose=look.purpose,
            deferred_until=look.deferred_until,
            ground=look.ground,
        )
        for look in wanted.order_by("seq")
        if look.deferred_until is None or look.deferred_until <= now
    ]


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
    _require_purpose(plan, purpose, names, party, actor)
    key = _key(office, case, party)
    if not names or key is None:
        return {}
    record_look(office, case, party, names, purpose, actor, deferral)
    return {name: open_value(state, name, key) for name in names}


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
) -> int:
    """Write a look into the case's stream of looks, durably; return its number there."""
    look = NewLook(
        case=case,
        at=office.clock(),
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


def find_key(key: str, alias: str = "default") -> Found | None:
    """Return the entry of a command key."""
    row = (
        EntryRecord.objects.using(alias)
        .filter(command_key=key)
        .values_list("case_id", "seq", "digest")
        .first()
    )
    return None if row is None else Found(row[0], row[1], bytes(row[2]))


def result_of(case: int, seq: int, alias: str = "default") -> tuple[Case, tuple[AnyEvent, ...]]:
    """Return the state after an entry and its events, both sealed."""
    state = load_state(case, alias)
    if state.seq == seq:
        return state, history(case, alias, after=seq - 1, until=seq)[0].events
    entries = history(case, alias, until=seq)
    state = Case(id=case)
    for entry in entries:
        state = evolve_entry(state, entry.events, entry.at)
    return state, entries[-1].events


def changes_since(
    case: int, seq: int, plan: Plan, directory: Directory, alias: str = "default"
) -> tuple[Text, ...]:
    """Tell who has changed what in a case after entry ``seq``, newest last; texts of people are not told."""
    changes = []
    for entry in history(case, alias, after=seq)[-_TOLD:]:
        events = [event for event in entry.events if not isinstance(event, Attached)]
        told = [line.text for line in tell(plan, events, entry.at, directory, "office")][:2]
        what = (
            Text(",".join(text.zh for text in told), ", ".join(text.en for text in told))
            if told
            else Text(f"操作“{entry.command}”", f"the command “{entry.command}”")
        )
        changes.append(
            Text("{who}于{when}：{what}", "{who} at {when}: {what}").format(
                who=_who(entry.actor, directory), when=instant_text(entry.at), what=what
            )
        )
    return tuple(changes)


def _who(actor: Actor, directory: Directory) -> Text:
    if actor.kind == "system":
        return Text("系统", "the system")
    if actor.kind == "party":
        return Text("当事人", "the person concerned")
    return directory.name(actor.unit) or Text(actor.unit, actor.unit)


def _require_purpose(plan: Plan, purpose: str, fields: list[str], party: str, actor: Actor) -> None:
    if actor.kind == "system" or (purpose == OWN and actor.kind == "party" and actor.party == party):
        return
    purposes = plan.scenario.privacy.purposes
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


def _key(office: Office, case: int, party: str) -> Key | None:
    """Return a key whose row is there now; None when it was erased or never made."""
    wrapped = (
        KeyRecord.objects.using(office.alias)
        .filter(case_id=case, party=party)
        .values_list("wrapped", flat=True)
        .first()
    )
    return None if wrapped is None else office.ring.key(case, party, bytes(wrapped))
