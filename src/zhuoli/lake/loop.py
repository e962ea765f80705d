"""The loop's own cases, open tasks and entries flow into registers, and what ended cases are counted for: models and figures ask there.

Only what changed since the last time: entries of the ledger after the last position, and the cases that they touched.
No party, no words, no post: units and instants only. Instants are written in the time of China.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from zhuoli.core.registers.model import Register
from zhuoli.lake.checking import CHANGE
from zhuoli.lake.columns import TYPES
from zhuoli.lake.feed_check import OF_THE_LOOP
from zhuoli.lake.feeding import Feeding
from zhuoli.lake.folder import RegisterFolder
from zhuoli.lake.importing import Imported, take_in
from zhuoli.lake.instants import written_instant
from zhuoli.lake.reading import connect
from zhuoli.lake.source import ROW
from zhuoli.store.models import CaseRecord, EntryRecord, TaskRecord

CASES, TASKS, ENTRIES = "loop_cases", "loop_tasks", "loop_entries"
OVERLAP = 1_000
"""On PostgreSQL an entry may become visible after one with a higher position: so many are read again."""
_CHUNK = 5_000
_SPAN = 50_000


class _Kind(msgspec.Struct):
    e: str


class _Who(msgspec.Struct):
    kind: str
    unit: str = ""


_EVENTS = msgspec.json.Decoder(tuple[_Kind, ...])
_ACTOR = msgspec.json.Decoder(_Who)


class Refreshed(msgspec.Struct, frozen=True, kw_only=True):
    """What flowed: entries, cases and tasks; ``position`` is how far the ledger has been read.

    ``fed`` are, by register, the rows of ended cases that were put or removed, ``refused`` the files of those that it did not take.
    """

    entries: int
    cases: int
    tasks: int
    position: int
    fed: dict[str, int] = {}
    refused: dict[str, str] = {}


def refresh(lake: Path, registers: Mapping[str, Register], *, now: int, alias: str = "default") -> Refreshed:
    """Bring the registers of the loop up to date; ``now`` is in ms UTC. May be run again at any time.

    Raises:
        Busy: another process is doing it.
        KeyError: a descriptor of the three is missing.
    """
    state = RegisterFolder(lake, ENTRIES).state()
    before = state.position if state else 0
    newest = (
        EntryRecord.objects.using(alias).order_by("-position").values_list("position", flat=True).first() or 0
    )
    fresh = _without_rows(lake, registers)
    if state is not None and newest <= before and not fresh:
        return Refreshed(entries=0, cases=0, tasks=0, position=before)
    since = max(before - OVERLAP, 0)
    touched = sorted(
        set(
            EntryRecord.objects.using(alias)
            .filter(position__gt=since, position__lte=newest)
            .values_list("case_id", flat=True)
        )
    )
    ours = _ours(touched, alias)
    # Before the entries: whoever is stopped in between does it again.
    fed, refused = _feed(lake, registers, ours, fresh, now=now, alias=alias)
    if state is not None and newest <= before:
        return Refreshed(entries=0, cases=0, tasks=0, position=before, fed=fed, refused=refused)
    cases = take_in(
        lake, registers, CASES, _batches(_cases(ours, alias)), now=now, mode="changes", origin="own"
    )
    tasks = take_in(
        lake,
        registers,
        TASKS,
        _batches(_tasks(lake, registers[TASKS], ours, alias)),
        now=now,
        mode="changes",
        origin="own",
    )
    entries = take_in(
        lake,
        registers,
        ENTRIES,
        _batches(_entries(since, newest, frozenset(ours), alias)),
        now=now,
        mode="append",
        origin="own",
        position=newest,
    )
    for made in (cases, tasks, entries):
        _require_all(made)
    return Refreshed(
        entries=newest - before,
        cases=len(ours),
        tasks=tasks.accepted,
        position=newest,
        fed=fed,
        refused=refused,
    )


def _without_rows(lake: Path, registers: Mapping[str, Register]) -> set[str]:
    """The registers for ended cases into which nothing has flowed yet."""
    return {name for name in _fed(registers) if RegisterFolder(lake, name).state() is None}


def _fed(registers: Mapping[str, Register]) -> list[str]:
    return [name for name, one in registers.items() if one.fed_by == "loop" and name not in OF_THE_LOOP]


def _feed(
    lake: Path,
    registers: Mapping[str, Register],
    touched: list[int],
    fresh: set[str],
    *,
    now: int,
    alias: str,
) -> tuple[dict[str, int], dict[str, str]]:
    """Let ended cases flow: the touched ones, or all of them into a register that has no rows yet.

    What somebody answered may be such that a register does not take it (a date of last century): that row is told, and stops
    nothing.
    """
    counts: dict[str, int] = {}
    refused: dict[str, str] = {}
    feeding = Feeding(alias)
    for name in _fed(registers):
        cases = feeding.cases() if name in fresh else touched
        known = {case for (case,) in _known(lake, registers[name], cases, "case_id")}
        changes = _unlike(lake, registers[name], list(feeding.changes(name, cases, known)))
        if not changes:
            continue  # no new state: models that read it need not run again
        made = take_in(lake, registers, name, _batches(changes), now=now, mode="changes", origin="own")
        counts[name] = made.accepted
        if made.rejected:
            refused[name] = made.rejects
    return counts, refused


def _require_all(made: Imported) -> None:
    """Our own rows are sound by construction: one that is not is a fault of ours, and not to be passed over."""
    if made.rejected:
        raise RuntimeError(
            f"{made.rejected} rows of {made.register} do not fit their descriptor: see {made.rejects}"
        )


def _unlike(
    lake: Path, register: Register, changes: list[dict[str, str | None]]
) -> list[dict[str, str | None]]:
    """Leave out what the register holds already: entries are read again, and most acts on a case change nothing of its row."""
    puts = [row for row in changes if row[CHANGE] == "put"]
    if not puts:
        return changes
    named = {name for row in puts for name in row}
    same = " AND ".join(
        f'TRY_CAST(f."{one.name}" AS {TYPES[one.type]}) IS NOT DISTINCT FROM r."{one.name}"'
        if one.name in named
        else f'r."{one.name}" IS NULL'
        for one in register.fields
    )
    with connect(lake, [register], threads=1) as connection:
        connection.register("fresh", _table(puts, 1))
        rows = connection.sql(
            f"SELECT f.case_id FROM fresh f JOIN {register.register} r ON {same}"
        ).fetchall()
    there = {case for (case,) in rows}
    return [row for row in changes if row[CHANGE] == "remove" or row["case_id"] not in there]


def _ours(touched: list[int], alias: str) -> list[int]:
    """Leave out the cases of the demonstration's stories."""
    found: list[int] = []
    for some in _chunks(touched):
        found += CaseRecord.city_cases.using(alias).filter(id__in=some).values_list("id", flat=True)
    return sorted(found)


def _cases(ids: list[int], alias: str) -> Iterator[dict[str, str | None]]:
    for some in _chunks(ids):
        for one in CaseRecord.city_cases.using(alias).filter(id__in=some).order_by("id"):
            yield {
                CHANGE: "put",
                "case_id": str(one.id),
                **{name: getattr(one, name) for name in _WORDS},
                "county": f"{one.county}000000" if one.county else None,
                **{name: _instant(getattr(one, name)) for name in _INSTANTS},
                **{name: _truth(getattr(one, name)) for name in ("stopped", "late", "late_statutory")},
                "urges": str(one.urges),
                "reopenings": str(one.reopenings),
                "score": None if one.score is None else str(one.score),
            }


_WORDS = (
    "scenario",
    "version",
    "channel",
    "status",
    "result",
    "result_kind",
    "priority",
    "territory",
    "unit",
    "stage",
)
_INSTANTS = ("opened", "accepted", "closed", "ended", "due", "promised")


def _tasks(lake: Path, register: Register, ids: list[int], alias: str) -> Iterator[dict[str, str | None]]:
    """The open tasks of these cases; those that were open and are no more are removed."""
    gone = {(int(case), str(item)) for case, item in _known(lake, register, ids, "case_id, item")}
    for some in _chunks(ids):
        for one in TaskRecord.city_cases.using(alias).filter(case_id__in=some).order_by("case_id", "item"):
            gone.discard((one.case_id, one.item))
            yield {
                CHANGE: "put",
                "case_id": str(one.case_id),
                **{name: getattr(one, name) for name in ("item", "kind", "state", "stage", "unit")},
                **{name: _instant(getattr(one, name)) for name in ("since", "due", "promised")},
                **{name: _truth(getattr(one, name)) for name in ("required", "stopped")},
            }
    for case, item in sorted(gone):
        yield {CHANGE: "remove", "case_id": str(case), "item": item}


def _known(lake: Path, register: Register, ids: list[int], columns: str) -> list[tuple[Any, ...]]:
    """Return these columns of the rows that a register has of these cases."""
    connection = connect(lake, [register], threads=1)
    connection.register("touched", pa.table({"case_id": pa.array(ids, pa.int64())}))
    rows = connection.sql(
        f"SELECT {columns} FROM {register.register} SEMI JOIN touched USING (case_id)"
    ).fetchall()
    connection.close()
    return rows


def _entries(since: int, newest: int, ours: frozenset[int], alias: str) -> Iterator[dict[str, str | None]]:
    rows = (
        EntryRecord.objects.using(alias).filter(position__gt=since, position__lte=newest).order_by("position")
    )
    columns = ("position", "case_id", "seq", "recorded", "command", "actor", "events")
    for position, case, seq, recorded, command, actor, events in rows.values_list(*columns).iterator(_CHUNK):
        if case not in ours:
            continue
        who = _ACTOR.decode(actor)
        yield {
            "position": str(position),
            "case_id": str(case),
            "seq": str(seq),
            "recorded": _instant(recorded),
            "command": command,
            "actor_kind": who.kind,
            "unit": who.unit,
            "events": " ".join(event.e for event in _EVENTS.decode(events)),
        }


def _batches(rows: Iterable[dict[str, str | None]]) -> Iterator[pa.Table]:
    """Rows as tables of strings with row numbers."""
    some: list[dict[str, str | None]] = []
    number = 1
    for row in rows:
        some.append(row)
        if len(some) == _SPAN:
            yield _table(some, number)
            number += len(some)
            some = []
    if some:
        yield _table(some, number)


def _table(rows: list[dict[str, str | None]], number: int) -> pa.Table:
    names = dict.fromkeys(name for row in rows for name in row)
    columns: dict[str, Any] = {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    columns[ROW] = pa.array(range(number, number + len(rows)), pa.int64())
    return pa.table(columns)


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _CHUNK):
        yield ids[start : start + _CHUNK]


def _instant(value: int | None) -> str | None:
    return None if value is None else written_instant(value)


def _truth(value: bool) -> str:
    return "true" if value else "false"
