"""The loop flows into registers: whole at first, then only what changed; and comes out as the rows of the database are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.store.databases import TestOffice

from zhuoli.core.case import commands as c
from zhuoli.core.registers import read_registers
from zhuoli.environment import ROOT
from zhuoli.lake.folder import RegisterFolder
from zhuoli.lake.loop import Refreshed, refresh
from zhuoli.lake.reading import connect
from zhuoli.store.models import CaseRecord, EntryRecord, TaskRecord

REGISTERS = read_registers(ROOT / "registers").registers


def flow(lake: Path, office: TestOffice) -> Refreshed:
    return refresh(lake, REGISTERS, now=office.clock.now, alias=office.alias)


def asked(lake: Path, sql: str) -> list[Any]:
    connection = connect(lake, REGISTERS.values(), threads=1)
    return connection.sql(sql).fetchall()


def require_equal(lake: Path, alias: str) -> None:
    cases = CaseRecord.objects.using(alias).order_by("id").values_list("id", "status", "unit", "late")
    assert asked(lake, "SELECT case_id, status, unit, late FROM loop_cases ORDER BY case_id") == [
        (number, status, unit or None, late) for number, status, unit, late in cases
    ]
    tasks = (
        TaskRecord.objects.using(alias).order_by("case_id", "item").values_list("case_id", "item", "state")
    )
    assert asked(lake, "SELECT case_id, item, state FROM loop_tasks ORDER BY case_id, item") == list(tasks)
    entries = (
        EntryRecord.objects.using(alias).order_by("position").values_list("position", "case_id", "command")
    )
    assert asked(lake, "SELECT position, case_id, command FROM loop_entries ORDER BY position") == list(
        entries
    )


def test_only_what_changed_flows_and_nothing_is_lost(office: TestOffice, tmp_path: Path) -> None:
    first = office.open().case
    office.open()
    made = flow(tmp_path, office)
    assert (made.entries, made.cases) == (2, 2)
    require_equal(tmp_path, office.alias)
    assert flow(tmp_path, office).entries == 0
    before = RegisterFolder(tmp_path, "loop_entries").state()

    office.do(first, c.Refer(system="hotline", number="LZ-1"))
    office.clock.now += 60_000
    made = flow(tmp_path, office)
    assert made.entries == 1
    require_equal(tmp_path, office.alias)
    after = RegisterFolder(tmp_path, "loop_entries").state()
    assert before is not None
    assert after is not None
    assert (before.position, after.position) == (2, 3)
    assert (
        len(RegisterFolder(tmp_path, "loop_entries").files()) == 2
    )  # the old rows are linked, not written again

    office.clock.now += 60_000
    office.do(first, c.Withdraw(reason="over"), "requester")
    flow(tmp_path, office)
    require_equal(tmp_path, office.alias)
    assert asked(tmp_path, f"SELECT status FROM loop_cases WHERE case_id = {first}") == [("withdrawn",)]


def test_no_word_of_anybody_flows(office: TestOffice, tmp_path: Path) -> None:
    office.open()
    flow(tmp_path, office)
    whole = b"".join(path.read_bytes() for path in tmp_path.rglob("*.parquet"))
    assert b"13909310000" not in whole
    assert b"p-requester" not in whole
