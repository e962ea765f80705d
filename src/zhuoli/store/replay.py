"""Every state and every row once more, from the ledger alone; compared with the tables, or written to them.

Cases are taken in the order of their ids, a few hundred at a time; entries and tables are read beside each other.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
from django.db import models, transaction

from zhuoli.core.case.events import Erased
from zhuoli.core.case.evolve import evolve_entry
from zhuoli.core.case.rows import rows
from zhuoli.core.case.state import Case
from zhuoli.store.codec import decode_events, decode_state, encode_state
from zhuoli.store.models import (
    BookingRecord,
    CaseRecord,
    EntryRecord,
    KeyRecord,
    PartyRecord,
    ReferenceRecord,
    ShareRecord,
    StateRecord,
    SubjectRecord,
    TaskRecord,
    WakeRecord,
)
from zhuoli.store.records import BOOKINGS, CASES, PARTIES, REFERENCES, SHARES, SUBJECTS, TASKS, WAKES, Table

MOST = 50
_CASES = 400
_PAGE = 4_000
_TABLES: tuple[tuple[Table, type[models.Model]], ...] = (
    (CASES, CaseRecord),
    (TASKS, TaskRecord),
    (WAKES, WakeRecord),
    (PARTIES, PartyRecord),
    (REFERENCES, ReferenceRecord),
    (SUBJECTS, SubjectRecord),
    (BOOKINGS, BookingRecord),
    (SHARES, ShareRecord),
)


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One place where a table is not what the ledger gives; None stands for a row that is not there."""

    case: str
    table: str
    key: str
    column: str
    ledger: Any
    stored: Any


class Replayed(msgspec.Struct, kw_only=True):
    """What was replayed and what differed; ``written`` counts cases that were set right."""

    cases: int = 0
    entries: int = 0
    events: int = 0
    seconds: float = 0.0
    difference_count: int = 0
    differences: list[Difference] = []
    written: int = 0

    @property
    def equal(self) -> bool:
        """Whether the tables are what the ledger gives."""
        return self.difference_count == 0


_Entry = tuple[int, int, str, bytes | memoryview]
"""Case, recorded, events, hash."""


class _Rebuilt(msgspec.Struct):
    state: Case
    recorded: int
    head: bytes
    erased: list[str]


def replay(alias: str = "default", *, write: bool = False) -> Replayed:
    """Replay the whole ledger and compare; with ``write`` set right what differs, case by case."""
    began = time.perf_counter()
    found = Replayed(differences=[])
    wrong: list[int] = []
    after = -1
    for batch in _batches(alias, found):
        upto = batch[-1].state.id
        wrong += _compare(batch, after, upto, found, alias)
        after = upto
    wrong += _compare([], after, None, found, alias)
    if write:
        for case in dict.fromkeys(wrong):
            _repair(case, alias)
            found.written += 1
    found.seconds = time.perf_counter() - began
    return found


def rebuild(case: int, alias: str = "default") -> Case | None:
    """Return the state of one case from its entries; None when it has none."""
    rebuilt = _rebuild(case, alias)
    return None if rebuilt is None else rebuilt.state


def _batches(alias: str, found: Replayed) -> Iterator[list[_Rebuilt]]:
    entries = (
        EntryRecord.objects.using(alias)
        .order_by("case_id", "seq")
        .values_list("case_id", "recorded", "events", "hash")
        .iterator(_PAGE)
    )
    batch: list[_Rebuilt] = []
    for case, group in groupby(entries, key=itemgetter(0)):
        batch.append(_evolve(case, group, found))
        if len(batch) == _CASES:
            yield batch
            batch = []
    if batch:
        yield batch


def _evolve(case: int, entries: Iterator[_Entry], found: Replayed) -> _Rebuilt:
    state, recorded = Case(id=case), 0
    head: bytes | memoryview = b""
    erased: list[str] = []
    for _, recorded, text, head in entries:  # noqa: B007 - the last ones are kept
        events = decode_events(text)
        state = evolve_entry(state, events, recorded)
        found.entries += 1
        found.events += len(events)
        if '{"e":"erased"' in text:
            erased += [event.party for event in events if type(event) is Erased]
    found.cases += 1
    return _Rebuilt(state, recorded, bytes(head), erased)


def _compare(batch: list[_Rebuilt], after: int, upto: int | None, found: Replayed, alias: str) -> list[int]:
    """Compare rebuilt cases with what the tables hold between two ids; return the cases that differ."""
    wrong = _compare_states(batch, after, upto, found, alias)
    computed = [rows(each.state) for each in batch]
    expected: tuple[dict[Any, Any], ...] = (
        {(each.case.id,): msgspec.structs.astuple(each.case) for each in computed},
        {(r.case, r.item): msgspec.structs.astuple(r) for each in computed for r in each.tasks.values()},
        {(r.case, r.key): msgspec.structs.astuple(r) for each in computed for r in each.wakes.values()},
        {(r.case, r.role): msgspec.structs.astuple(r) for each in computed for r in each.parties.values()},
        {
            (r.case, r.system): msgspec.structs.astuple(r)
            for each in computed
            for r in each.references.values()
        },
        {(r.case, r.what): msgspec.structs.astuple(r) for each in computed for r in each.subjects.values()},
        {(r.case,): msgspec.structs.astuple(r) for each in computed for r in each.bookings.values()},
        {(r.case, r.name): msgspec.structs.astuple(r) for each in computed for r in each.shares.values()},
    )
    for (table, model), wanted in zip(_TABLES, expected, strict=True):
        stored = {
            row[: table.keys]: row
            for row in _between(model, table.columns[0], after, upto, alias).values_list(*table.columns)
        }
        if stored != wanted:
            wrong += _tell(table, wanted, stored, found)
    for each in batch:
        for party in each.erased:
            if KeyRecord.objects.using(alias).filter(case_id=each.state.id, party=party).exists():
                wrong.append(each.state.id)
                _add(found, each.state.id, "store_key", party, "wrapped", None, "…")
    return wrong


def _compare_states(
    batch: list[_Rebuilt], after: int, upto: int | None, found: Replayed, alias: str
) -> list[int]:
    wrong: list[int] = []
    fields = ("case_id", "seq", "recorded", "head", "state")
    stored = {
        row[0]: row for row in _between(StateRecord, "case_id", after, upto, alias).values_list(*fields)
    }
    for each in batch:
        case = each.state.id
        row = stored.pop(case, None)
        if row is None:
            _add(found, case, "store_state", "", "", each.state.seq, None)
            wrong.append(case)
            continue
        before = found.difference_count
        for column, ledger, there in (
            ("seq", each.state.seq, row[1]),
            ("recorded", each.recorded, row[2]),
            ("head", each.head.hex(), bytes(row[3]).hex()),
        ):
            if ledger != there:
                _add(found, case, "store_state", "", column, ledger, there)
        if encode_state(each.state) != row[4]:
            _compare_snapshot(each.state, bytes(row[4]), found)
        if found.difference_count > before:
            wrong.append(case)
    for case, row in stored.items():
        _add(found, case, "store_state", "", "", None, row[1])
        wrong.append(case)
    return wrong


def _compare_snapshot(state: Case, stored: bytes, found: Replayed) -> None:
    try:
        there = decode_state(stored)
    except (msgspec.MsgspecError, ValueError) as error:
        _add(found, state.id, "store_state", "", "state", "…", str(error))
        return
    for name in Case.__struct_fields__:
        ledger, value = getattr(state, name), getattr(there, name)
        if ledger != value:
            _add(found, state.id, "store_state", "", name, _plain(ledger), _plain(value))


def _tell(
    table: Table, wanted: dict[Any, tuple[Any, ...]], stored: dict[Any, tuple[Any, ...]], found: Replayed
) -> list[int]:
    wrong: list[int] = []
    for key in sorted(wanted.keys() | stored.keys()):
        ledger, there = wanted.get(key), stored.get(key)
        if ledger == there:
            continue
        wrong.append(key[0])
        named = "/".join(str(part) for part in key[1:])
        if ledger is None or there is None:
            _add(found, key[0], table.name, named, "", ledger, there)
            continue
        for column, a, b in zip(table.columns, ledger, there, strict=True):
            if a != b:
                _add(found, key[0], table.name, named, column, a, b)
    return wrong


def _add(found: Replayed, case: int, table: str, key: str, column: str, ledger: Any, stored: Any) -> None:
    found.difference_count += 1
    if len(found.differences) < MOST:
        found.differences.append(
            Difference(case=str(case), table=table, key=key, column=column, ledger=ledger, stored=stored)
        )


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)


def _between(
    model: type[models.Model], column: str, after: int, upto: int | None, alias: str
) -> models.QuerySet[Any]:
    wanted = model._default_manager.using(alias).filter(**{f"{column}__gt": after})
    return wanted if upto is None else wanted.filter(**{f"{column}__lte": upto})


def _rebuild(case: int, alias: str) -> _Rebuilt | None:
    entries = (
        EntryRecord.objects.using(alias)
        .filter(case_id=case)
        .order_by("seq")
        .values_list("case_id", "recorded", "events", "hash")
    )
    return _evolve(case, iter(entries), Replayed(differences=[])) if entries else None


def _repair(case: int, alias: str) -> None:
    """Write the rows of one case anew, while no command can change it."""
    with transaction.atomic(using=alias):
        # On PostgreSQL a command that comes in between waits here; SQLite has one writer anyway.
        list(StateRecord.objects.using(alias).select_for_update().filter(pk=case).values_list("pk"))
        rebuilt = _rebuild(case, alias)
        StateRecord.objects.using(alias).filter(pk=case).delete()
        for table, model in _TABLES:
            model._default_manager.using(alias).filter(**{table.columns[0]: case}).delete()
        if rebuilt is None:
            return
        computed = rows(rebuilt.state)
        StateRecord.objects.using(alias).create(
            case_id=case,
            seq=rebuilt.state.seq,
            recorded=rebuilt.recorded,
            head=rebuilt.head,
            state=encode_state(rebuilt.state),
        )
        new = (
            [computed.case],
            computed.tasks.values(),
            computed.wakes.values(),
            computed.parties.values(),
            computed.references.values(),
            computed.subjects.values(),
            computed.bookings.values(),
            computed.shares.values(),
        )
        for (table, model), structs in zip(_TABLES, new, strict=True):
            model._default_manager.using(alias).bulk_create(
                [
                    model(**dict(zip(table.columns, msgspec.structs.astuple(row), strict=True)))
                    for row in structs
                ]
            )
        KeyRecord.objects.using(alias).filter(case_id=case, party__in=rebuilt.erased).delete()
