"""The night: taken by one worker under a lease, gone on with after a kill, never stopped by a model that fails; on both databases."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event
from typing import Any

import msgspec
import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st
from tests.store.databases import TestOffice, connect, disconnect, in_threads, make_office, sqlite_settings

from zhuoli.core.scenario.model import Scenario
from zhuoli.environment import ROOT
from zhuoli.lake import nightly
from zhuoli.lake.engine import Engine
from zhuoli.lake.looking import Batch, Looking, Wanted
from zhuoli.lake.loop import Refreshed
from zhuoli.lake.nightly import LEASE, due_night, night_of, nights, run_night, take
from zhuoli.lake.results import read_hits
from zhuoli.office.found import ends_of_models, ends_of_servings
from zhuoli.store.models import CaseRecord, FoundRecord, NightRecord, ServingRecord

from .helpers import NOW
from .test_model import FIRE, REGISTERS, VANS, fill

DAY = "2024-06-01"
BOTH = msgspec.structs.replace(FIRE, servings_text=FIRE.servings_text.replace("30,10", "0,1"))
BROKEN = msgspec.structs.replace(
    VANS, scenario="broken", sql=VANS.sql.replace("count(*) AS vans", "count(*) / 0 AS x")
)


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    fill(tmp_path / "lake")
    return tmp_path / "lake"


def office_of(alias: str, folder: Path, *scenarios: Scenario) -> TestOffice:
    office = make_office(alias, folder, *scenarios)
    office.clock.now = NOW
    return office


def run(office: TestOffice, lake: Path, by: str = "a", **more: Any) -> Any:
    return run_night(office, lake, REGISTERS, day=DAY, by=by, **more)


@given(st.integers(0, 1439), st.integers(0, 1439))
def test_a_night_is_due_from_its_hour_on(begins: int, minute: int) -> None:
    # NOW is 08:00 of the first of June in China.
    at = NOW - 8 * 3_600_000 + minute * 60_000
    assert due_night(at, begins) == (DAY if minute >= begins else "")


def test_only_one_of_many_workers_has_the_night(alias: str, lake: Path, tmp_path: Path) -> None:
    office_of(alias, tmp_path)
    got = in_threads(4, lambda number: take(DAY, f"w{number}", NOW, alias), alias)
    assert sorted(got) == [False, False, False, True]
    assert not take(DAY, "late", NOW + LEASE - 1, alias)
    assert take(DAY, "late", NOW + LEASE, alias)
    row = NightRecord.objects.using(alias).get()
    assert (row.lease_by, row.tries) == ("late", 2)


def test_what_a_register_did_not_take_is_told_in_the_morning(
    alias: str, lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = office_of(alias, tmp_path, BOTH)
    flowed = Refreshed(entries=1, cases=1, tasks=0, position=1, refused={"loop_accidents": "rejects.csv"})
    monkeypatch.setattr(nightly, "refresh", lambda *given, **named: flowed)
    assert take(DAY, "a", NOW, alias)
    done = run(office, lake)
    assert [(each.model, each.error) for each in done.failures] == [("loop_accidents", nightly.REFUSED)]
    assert done.models == 1


def test_the_night_runs_all_models_and_what_fails_is_told(
    alias: str, lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raising = msgspec.structs.replace(VANS, scenario="raising")
    office = office_of(alias, tmp_path, BROKEN, raising, BOTH)
    whole = nightly.open_hits

    def open_hits(office: Any, lake: Path, scenario: Scenario, **more: Any) -> Any:
        if scenario.scenario == "raising":
            raise OSError("the disk is full")
        return whole(office, lake, scenario, **more)

    monkeypatch.setattr(nightly, "open_hits", open_hits)
    assert take(DAY, "a", NOW, alias)
    told: list[nightly.Told] = []
    done = run(office, lake, told=told.append)
    assert (done.models, done.new, done.opened, done.ended) == (3, 4, 2, NOW)
    failed = {each.model: each.error for each in done.failures}
    assert sorted(failed) == ["broken", "raising"]
    assert "query.sql" in failed["broken"].zh
    assert "the disk is full" in failed["raising"].en
    assert sorted(each.run.scenario for each in told) == ["broken", "fire_equipment_due", "raising"]
    assert not take(DAY, "b", NOW + LEASE, alias), "it is over"
    assert run(office, lake) is None
    assert nights(alias=alias) == [done]
    # By hand it may be run again: nothing has changed, nothing is opened twice.
    monkeypatch.undo()
    assert take(DAY, "b", NOW + 1, alias, again=True)
    again = run(office, lake, "b")
    assert (again.models, again.unchanged, again.new) == (3, 2, 0)
    assert [each.model for each in again.failures] == ["broken"]
    assert CaseRecord.objects.using(alias).filter(scenario="fire_equipment_due").count() == 2


def test_which_serving_found_which_case_is_kept(alias: str, lake: Path, tmp_path: Path) -> None:
    office = office_of(alias, tmp_path, BOTH)
    take(DAY, "a", NOW, alias)
    run(office, lake)
    # The hotel is found by both servings and has one case; the shop by that of the province alone.
    assert FoundRecord.objects.using(alias).count() == 3
    shop = next(hit.case_id for hit in read_hits(lake, "fire_equipment_due") if hit.subject == "P000002")
    CaseRecord.objects.using(alias).filter(id=shop).update(status="settled", result="not_so")
    assert sorted(ends_of_models(["fire_equipment_due"], alias)["fire_equipment_due"]) == [
        ("accepted", "", 1), ("settled", "not_so", 1),
    ]  # fmt: skip
    by_serving = ends_of_servings(alias=alias)
    assert by_serving["fire_equipment_due", "lanzhou"] == [("accepted", "", 1)]
    assert sorted(by_serving["fire_equipment_due", "province_month"]) == [
        ("accepted", "", 1),
        ("settled", "not_so", 1),
    ]
    # The links follow from the hits: whoever loses them has them again after the next night.
    FoundRecord.objects.using(alias).all().delete()
    take(DAY, "a", NOW, alias, again=True)
    run(office, lake)
    assert FoundRecord.objects.using(alias).count() == 3


class Killed(BaseException):
    """The process is gone."""


def test_a_killed_night_is_gone_on_with_and_a_deadly_model_left_out(
    alias: str, lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly = msgspec.structs.replace(VANS, scenario="deadly")
    office = office_of(alias, tmp_path, BOTH, deadly, VANS)
    look, ask, ran = Looking._ask, Engine.ask, []

    def told(looking: Looking, batch: Batch, some: list[Wanted], *more: Any) -> Any:
        ran.append([one.scenario.scenario for one in some])
        return look(looking, batch, some, *more)

    def ask_and_die(engine: Engine, scenario: Scenario, *slots: Any, **more: Any) -> Any:
        if scenario.scenario == "deadly":
            raise Killed
        return ask(engine, scenario, *slots, **more)

    monkeypatch.setattr(Looking, "_ask", told)
    monkeypatch.setattr(Engine, "ask", ask_and_die)
    for number in range(2):
        by = f"w{number}"
        assert take(DAY, by, office.clock(), alias)
        with pytest.raises(Killed):
            run(office, lake, by)
        assert not take(DAY, "eager", office.clock(), alias)
        office.clock.now += LEASE
    assert take(DAY, "last", office.clock(), alias)
    done = run(office, lake, "last")
    # What was run is not run again; both that share a query are then run by themselves, and the sound one is run.
    assert ran == [
        ["fire_equipment_due"],
        ["deadly", "van_inspection_overdue"],
        ["deadly"],
        ["van_inspection_overdue"],
    ]
    assert (done.models, done.tries, done.new, done.opened) == (3, 3, 4, 3)
    assert [each.model for each in done.failures] == ["deadly"]
    assert "2" in done.failures[0].error.zh


def test_a_process_that_is_killed_opens_nothing_twice(
    sqlite_template: Path, lake: Path, tmp_path: Path
) -> None:
    database = tmp_path / "night.sqlite3"
    shutil.copy(sqlite_template, database)
    for number, step in enumerate(("running", "opening", "linking", "writing")):
        at = str(NOW + number * LEASE)
        command = [
            sys.executable,
            "-P",
            "-m",
            "tests.lake.killed_night",
            str(database),
            str(tmp_path),
            at,
            step,
        ]
        environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
        made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert made.returncode == -signal.SIGKILL, made.stderr
    alias = "killed"
    connect(alias, **sqlite_settings(database))
    office = office_of(alias, tmp_path, BOTH)
    office.clock.now = NOW + 4 * LEASE
    assert take(DAY, "last", office.clock(), alias)
    done = run(office, lake, "last")
    assert done.failures == ()
    cases = CaseRecord.objects.using(alias)
    assert cases.count() == 2, "whatever was opened before the kill is not opened again"
    hits = [hit for hit in read_hits(lake, "fire_equipment_due") if hit.gone is None]
    assert {hit.case_id for hit in hits} == set(cases.values_list("id", flat=True))
    assert FoundRecord.objects.using(alias).count() == len(hits) == 3
    disconnect(alias)


def test_who_lost_the_night_stops_and_who_is_stopped_leaves_it(
    alias: str, lake: Path, tmp_path: Path
) -> None:
    later = msgspec.structs.replace(VANS, scenario="later", sql=f"{VANS.sql}\n-- another text")
    office = office_of(alias, tmp_path, BOTH, VANS, later)
    stop, told = Event(), []
    assert take(DAY, "a", NOW, alias)

    def tell(one: nightly.Told) -> None:
        told.append(one.run.scenario)
        stop.set()

    assert run(office, lake, "a", told=tell, stop=stop) is None
    assert len(told) == 2, "what was asked already is kept, the third is not asked"
    assert take(DAY, "b", NOW, alias), "it was left, nobody waits for the lease"
    thief = lambda _: NightRecord.objects.using(alias).update(lease_by="c")  # noqa: E731
    assert run(office, lake, "b", told=thief) is None
    row = night_of(DAY, alias)
    assert row is not None
    assert (row.ended, row.by) == (None, "c")
    connections[alias].close()


def test_what_is_off_the_menu_is_not_run_and_opens_nothing(alias: str, lake: Path, tmp_path: Path) -> None:
    query = msgspec.structs.replace(FIRE.query, most=1)
    office = office_of(alias, tmp_path, msgspec.structs.replace(BOTH, query=query), VANS)
    take(DAY, "a", NOW, alias)
    assert run(office, lake).waiting == 1
    off = ServingRecord.objects.using(alias).create(scenario="fire_equipment_due", serving="province_month", own=False, on=False, changed=NOW)  # fmt: skip
    ServingRecord.objects.using(alias).create(scenario="van_inspection_overdue", serving="psb_620102_1", own=True, title_zh="甲", title_en="A", territory="620102", values='{"least":1}', changed=NOW)  # fmt: skip
    ServingRecord.objects.using(alias).create(scenario="van_inspection_overdue", serving="old_1", own=True, title_zh="甲", title_en="A", values='{"renamed":1}', changed=NOW)  # fmt: skip
    ServingRecord.objects.using(alias).create(scenario="van_inspection_overdue", serving="", own=False, on=True, changed=NOW)  # fmt: skip
    take(DAY, "a", NOW, alias, again=True)
    done = run(office, lake)
    assert (done.failures, done.opened, done.waiting, done.gone) == ((), 0, 0, 0), (
        "nobody has looked, so nothing is gone"
    )
    served = {hit.serving for hit in read_hits(lake, "van_inspection_overdue") if hit.gone is None}
    assert served == {"lanzhou", "psb_620102_1"}, "not the one whose parameters no longer fit"
    off.on = True
    off.save(using=alias)
    take(DAY, "a", NOW, alias, again=True)
    assert run(office, lake).opened == 1
    ServingRecord.objects.using(alias).filter(serving="").update(on=False)
    take(DAY, "a", NOW, alias, again=True)
    assert run(office, lake).models == 1, "a model that was retired is not run"
