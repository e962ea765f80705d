"""The loop's own cases, open tasks and entries flow into registers, so that models and indicators can ask about them.

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
from zhuoli.lake.folder import RegisterFolder
from zhuoli.lake.importing import CHINA, Imported, take_in
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
    """What flowed: entries, cases and tasks; ``position`` is how far the ledger has been read."""

    entries: int
    cases: int
    tasks: int
    position: int


def refresh(lake: Path, registers: Mapping[str, Register], *, now: int, alias: str = "default") -> Refreshed:
    """Bring the three registers up to date; ``now`` is in ms UTC. May be run again at any time.

    Raises:
        Busy: another process is doing it.
        KeyError: a descriptor of the three is missing.
    """
    state = RegisterFolder(lake, ENTRIES).state()
    before = state.position if state else 0
    newest = (
        EntryRecord.objects.using(alias).order_by("-position").values_list("position", flat=True).first() or 0
    )
    if state is not None and newest <= before:
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
    return Refreshed(entries=newest - before, cases=len(ours), tasks=tasks.accepted, position=newest)


def _require_all(made: Imported) -> None:
    """Our own rows are sound by construction: one that is not is a fault of ours, and not to be passed over."""
    if made.rejected:
        raise RuntimeError(
            f"{made.rejected} rows of {made.register} do not fit their descriptor: see {made.rejects}"
        )


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
    gone = _known_tasks(lake, register, ids)
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


def _known_tasks(lake: Path, register: Register, ids: list[int]) -> set[tuple[int, str]]:
    connection = connect(lake, [register], threads=1)
    connection.register("touched", pa.table({"case_id": pa.array(ids, pa.int64())}))
    rows = connection.sql(f"SELECT case_id, item FROM {TASKS} SEMI JOIN touched USING (case_id)").fetchall()
    connection.close()
    return {(int(case), str(item)) for case, item in rows}


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
    """An instant in ms UTC as China's date and time."""
    if value is None:
        return None
    import datetime as dt

    at = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=value + CHINA)  # noqa: DTZ001 - a local time without zone
    return at.isoformat(" ", "milliseconds")


def _truth(value: bool) -> str:
    return "true" if value else "false"
