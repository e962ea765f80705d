"""Reading cases as they are stored: states and histories, sealed; nothing of a person is in them."""

from __future__ import annotations

import msgspec

from zhuoli.core.case.events import (
    Activated,
    AnyEvent,
    Attached,
    ClockEnded,
    ClockStarted,
    Completed,
    PlanDone,
    Recorded,
)
from zhuoli.core.case.evolve import evolve_entry
from zhuoli.core.case.facts import Actor, Directory
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.case.story import tell
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_text
from zhuoli.office.errors import UnknownCase
from zhuoli.store.codec import decode_actor, decode_events, decode_state
from zhuoli.store.models import EntryRecord, StateRecord
from zhuoli.store.records import Found

_TOLD = 3
_BROUGHT_IN = (Attached, Recorded, Completed, ClockStarted, ClockEnded, PlanDone)


class StoredEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the ledger; ``at`` in ms UTC. Texts are sealed unless they were opened for a purpose."""

    seq: int
    at: int
    actor: Actor
    command: str
    events: tuple[AnyEvent, ...]


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


def brought_in_alone(case: int, seq: int, alias: str = "default") -> bool:
    """Whether nothing has happened in a case since entry ``seq`` but what the software brings in by itself: a paper that was issued, a
    copy that was made. Nobody has decided or said anything, so nobody need look again before sending a form."""
    entries = history(case, alias, after=seq)
    return bool(entries) and all(
        entry.actor.kind == "system"
        and entry.command == "report_service"
        and all(
            isinstance(event, _BROUGHT_IN)
            or (isinstance(event, Activated) and event.kind in ("stage", "service"))
            for event in entry.events
        )
        for entry in entries
    )


def _who(actor: Actor, directory: Directory) -> Text:
    if actor.kind == "system":
        return Text("系统", "the system")
    if actor.kind == "party":
        return Text("当事人", "the person concerned")
    return directory.name(actor.unit) or Text(actor.unit, actor.unit)
