"""Rows are what the ledger gives: through random lives, and again after somebody has damaged them."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest
from django.db import connections
from tests.core.case.histories import choose
from tests.store.databases import TestOffice

from zhuoli.core.case import commands as c
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import Case
from zhuoli.office import read
from zhuoli.office.access import Denied
from zhuoli.office.handle import Request
from zhuoli.store.models import CaseRecord, EntryRecord, StateRecord, TaskRecord, WakeRecord
from zhuoli.store.replay import rebuild, replay
from zhuoli.store.verify import verify

TABLES = ("store_state", "store_case", "store_task", "store_wake", "store_party", "store_reference")


def contents(alias: str) -> dict[str, list[Any]]:
    found = {}
    with connections[alias].cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table}")
            rows = [
                tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()
            ]
            found[table] = sorted(rows, key=repr)
    return found


def run(alias: str, *statements: str) -> None:
    with connections[alias].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def lives(office: TestOffice, seed: int, steps: int, *, bulk: bool) -> None:
    """Let a random case live through the office, with everything that random people do to it."""
    rng = random.Random(seed)
    plan = office.library.current("lamp")
    case = Case(id=1)
    for _ in range(steps):
        office.clock.now += rng.choice((60_000, 3_600_000, 86_400_000, 12 * 86_400_000))
        actor, command, *_ = choose(rng, plan, case, office.clock.now)
        files: tuple[c.File, ...] = tuple(
            office.files.put(b"x", name=f.name, media_type=f.media_type, now=0, question=f.question)
            for f in getattr(command, "files", ())
        )
        if files:
            command = msgspec.structs.replace(command, files=files)
        if isinstance(command, c.Open):
            command = msgspec.structs.replace(command, receipt="")
        request = Request(
            key=office.key(),
            command=command,
            actor=actor,
            case=None if isinstance(command, c.Open) else case.id,
            scenario="lamp" if isinstance(command, c.Open) else "",
        )
        try:
            (handled,) = office.handle_many([request]) if bulk else [office.handle(request)]
        except (Refusal, Denied):
            continue
        case = handled.state


@pytest.mark.parametrize("bulk", [False, True])
def test_random_lives_replay_to_the_same_rows(office: TestOffice, bulk: bool) -> None:
    for seed in range(6):
        lives(office, seed, 60, bulk=bulk)
    found = replay(office.alias)
    assert found.equal, found.differences[:3]
    assert found.cases == 6
    assert found.entries == EntryRecord.objects.using(office.alias).count() > 100
    assert verify(None, office.clock(), office.alias).good
    before = contents(office.alias)
    run(office.alias, *(f"DELETE FROM {table}" for table in TABLES))
    missing = replay(office.alias)
    assert missing.difference_count >= 12
    assert replay(office.alias, write=True).written == 6
    assert contents(office.alias) == before
    assert replay(office.alias).equal


@pytest.fixture
def lived(office: TestOffice) -> TestOffice:
    cases = [office.open() for _ in range(3)]
    for case in cases:
        office.do(case, c.Accept())
    return office


@pytest.mark.parametrize(
    ("statement", "table", "column"),
    [
        ("UPDATE store_case SET status = 'settled' WHERE id = {case}", "store_case", "status"),
        ("UPDATE store_case SET due = due + 1 WHERE id = {case}", "store_case", "due"),
        ("UPDATE store_task SET unit = 'x' WHERE case_id = {case}", "store_task", "unit"),
        ("DELETE FROM store_task WHERE case_id = {case}", "store_task", ""),
        ("DELETE FROM store_wake WHERE case_id = {case}", "store_wake", ""),
        ("UPDATE store_party SET party = 'x' WHERE case_id = {case}", "store_party", "party"),
        ("UPDATE store_state SET seq = 7 WHERE case_id = {case}", "store_state", "seq"),
        ("UPDATE store_state SET recorded = 7 WHERE case_id = {case}", "store_state", "recorded"),
        ("UPDATE store_state SET state = head WHERE case_id = {case}", "store_state", "state"),
        ("DELETE FROM store_state WHERE case_id = {case}", "store_state", ""),
        ("INSERT INTO store_party (case_id, role, party) VALUES (99, 'a', 'b')", "store_party", ""),
        ("UPDATE store_task SET case_id = 99 WHERE case_id = {case}", "store_task", ""),
    ],
)
def test_damage_is_named_and_repaired(lived: TestOffice, statement: str, table: str, column: str) -> None:
    before = contents(lived.alias)
    case = CaseRecord.objects.using(lived.alias).order_by("id")[1].id
    run(lived.alias, statement.format(case=case))
    assert contents(lived.alias) != before
    found = replay(lived.alias)
    difference = found.differences[0]
    assert (difference.table, difference.column) == (table, column)
    assert difference.case in (str(case), "99")
    replay(lived.alias, write=True)
    assert contents(lived.alias) == before
    assert replay(lived.alias).equal


def test_a_snapshot_of_another_case_is_found_by_field(lived: TestOffice) -> None:
    one, other = StateRecord.objects.using(lived.alias).order_by("case_id")[:2]
    StateRecord.objects.using(lived.alias).filter(case_id=one.case_id).update(state=other.state)
    columns = {difference.column for difference in replay(lived.alias).differences}
    assert "id" in columns
    assert "receipt" in columns


def test_leases_are_no_difference(lived: TestOffice) -> None:
    WakeRecord.objects.using(lived.alias).update(lease_until=5, lease_by="x", tries=3)
    assert replay(lived.alias).equal


def test_rebuilding_one_case(lived: TestOffice) -> None:
    case = CaseRecord.objects.using(lived.alias).first()
    assert case is not None
    assert rebuild(case.id, lived.alias) == read.load_state(case.id, lived.alias)
    assert rebuild(12345, lived.alias) is None


def test_an_empty_ledger(office: TestOffice) -> None:
    found = replay(office.alias)
    assert found.equal
    assert (found.cases, found.entries) == (0, 0)
    assert verify(None, office.clock(), office.alias).good


def test_batches_meet_at_their_edges(office: TestOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    import zhuoli.store.replay as module

    monkeypatch.setattr(module, "_CASES", 4)
    office.handle_many([office.opening() for _ in range(13)])
    assert replay(office.alias).cases == 13
    assert replay(office.alias).equal
    victims = list(
        TaskRecord.objects.using(office.alias).order_by("case_id").values_list("case_id", flat=True)
    )
    for case in (victims[3], victims[4], victims[12]):
        TaskRecord.objects.using(office.alias).filter(case_id=case).delete()
    assert {d.case for d in replay(office.alias).differences} == {
        str(victims[3]),
        str(victims[4]),
        str(victims[12]),
    }
