"""Models end to end: tiny registers in, exact hits out; new, still there, gone; cases opened once; precision with its interval."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from tests.shelf import project_shelf
from tests.store.databases import TestOffice, make_office

from zhuoli.core.registers import read_registers
from zhuoli.core.scenario.model import Scenario
from zhuoli.environment import ROOT
from zhuoli.lake.importing import import_file
from zhuoli.lake.night import night, run_one
from zhuoli.lake.opening import open_hits
from zhuoli.lake.results import Results, last_run, read_hits, runs_of
from zhuoli.store.models import CaseRecord

from .helpers import NOW

REGISTERS = read_registers(ROOT / "registers").registers
SHELF = project_shelf().scenarios
FIRE, VANS = SHELF["fire_equipment_due"], SHELF["van_inspection_overdue"]

DIVISIONS = """\
code,name,level,parent
620000000000,甘肃省,province,
620100000000,兰州市,prefecture,620000000000
620102000000,城关区,county,620100000000
620102006000,酒泉路街道,township,620102000000
620102006001,一社区,community,620102006000
620700000000,张掖市,prefecture,620000000000
620702000000,甘州区,county,620700000000
620702001000,东街街道,township,620702000000
620702001001,二社区,community,620702001000
"""
ROWS = {
    "divisions": DIVISIONS,
    "villages": "code,name,level,township,county\n620102006001,一社区,community,620102006000,620102000000\n620702001001,二社区,community,620702001000,620702000000\n",
    "premises": "premises,credit_code,name,kind,place,county\nP000001,91620102MA71ABC008,甲宾馆,hotel,620102006001,620102000000\n"
    "P000002,91620102MA71ABC008,乙商行,shop,620702001001,620702000000\n",
    "fire_equipment": "item,premises,kind,pieces,made,service_due,county\nX0000001,P000001,co2,5,2020-01-01,2024-05-31,620102000000\n"
    "X0000002,P000001,water,4,2020-01-01,2024-04-01,620102000000\nX0000003,P000001,water,40,2020-01-01,2024-06-01,620102000000\n"
    "X0000004,P000002,water,12,2020-01-01,2024-05-02,620702000000\n",
    "operators": "credit_code,name,county,kind,updated\n91620102MA71ABC008,甲客运,620102000000,passenger,2024-05-01\n",
    "vans": "vehicle,plate,seats,use,operator,county,registered,inspection_due,scrap_due\n"
    + "".join(
        f"V000000{n},甘A1234{n},7,{use},{op},620102000000,2020-01-01,{due},2030-01-01\n"
        for n, (use, op, due) in enumerate(
            [
                ("operating", "91620102MA71ABC008", "2024-05-24"),
                ("operating", "91620102MA71ABC008", "2024-05-25"),
                ("operating", "91620102MA71ABC008", "2024-03-01"),
                ("private", "", "2024-01-01"),
            ]
        )
    ),
}


def fill(lake: Path, later: int = 0, **changes: str) -> None:
    for name, rows in {**(ROWS if not later else {}), **changes}.items():
        path = lake.parent / f"{name}.csv"
        path.write_text(rows, encoding="utf-8")
        made = import_file(lake, REGISTERS, name, path, now=NOW + later)
        assert made.rejected == 0, Path(made.rejects).read_text(encoding="utf-8")


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    place = tmp_path / "lake"
    fill(place)
    return place


def standing(lake: Path, name: str) -> list[tuple[str, str]]:
    return sorted((hit.serving, hit.subject) for hit in read_hits(lake, name) if hit.gone is None)


def test_tiny_registers_in_exact_hits_out(lake: Path) -> None:
    # NOW is 2024-06-01: what is due on that very day is not past it.
    run = run_one(lake, REGISTERS, FIRE, now=NOW)
    assert run.error is None
    assert standing(lake, "fire_equipment_due") == [("lanzhou", "P000001")]
    [hit] = read_hits(lake, "fire_equipment_due")
    assert hit.reason_zh == "甲宾馆有 9 件消防器材过了维保日期，最早的是 2024-04-01"
    assert msgspec.json.decode(hit.evidence) == {
        "pieces": 9, "oldest": "2024-04-01", "name": "甲宾馆", "kind": "hotel",
    }  # fmt: skip
    assert (run.hits, run.new, run.rows_read) == (1, 1, 6)

    run_one(lake, REGISTERS, VANS, now=NOW)
    [hit] = read_hits(lake, "van_inspection_overdue")
    assert hit.reason_zh == "甲客运有 2 辆7–9座营运面包车逾期未检，最早的 2024-03-01 到期"


def test_new_still_there_gone_and_unchanged(lake: Path) -> None:
    assert [run_one(lake, REGISTERS, FIRE, now=NOW + n).unchanged for n in range(2)] == [False, True]
    tomorrow = 86_400_000  # now the lot of 40 is past its date, and in Zhangye more than thirty days
    run = run_one(lake, REGISTERS, FIRE, now=NOW + tomorrow)
    assert (run.new, run.still, run.gone) == (1, 1, 0)
    assert standing(lake, "fire_equipment_due") == [("lanzhou", "P000001"), ("province_month", "P000002")]
    fixed = (
        ROWS["fire_equipment"]
        .replace("2024-05-31", "2025-05-31")
        .replace("2024-04-01", "2025-05-31")
        .replace("2024-06-01", "2025-05-31")
    )
    fill(lake, tomorrow, fire_equipment=fixed)
    run = run_one(lake, REGISTERS, FIRE, now=NOW + tomorrow + 1)
    assert (run.new, run.still, run.gone) == (0, 1, 1)
    assert len(runs_of(lake, "fire_equipment_due")) == 3


def test_a_failing_model_never_stops_the_night(lake: Path) -> None:
    broken = msgspec.structs.replace(
        VANS, sql=VANS.sql.replace("count(*) AS vans", "count(*) / 0 AS vans, 1 AS x")
    )
    twice = msgspec.structs.replace(
        VANS, scenario="twice", sql=VANS.sql.replace("o.name, o.kind\n", "o.name, o.kind, v.vehicle\n")
    )
    runs = night(lake, REGISTERS, [broken, twice, FIRE], now=NOW)
    assert [one.error is None for one in runs] == [False, False, True]
    assert runs[0].error is not None
    assert "column_undeclared" not in runs[0].error.zh
    assert "query.sql" in runs[0].error.zh
    assert runs[1].error is not None
    assert "found twice" in runs[1].error.en
    assert not read_hits(lake, broken.scenario)
    last = last_run(lake, broken.scenario)
    assert last is not None
    assert last.error is not None


def opened(lake: Path, office: TestOffice, scenario: Scenario) -> tuple[int, int]:
    made = open_hits(office, lake, scenario)
    assert not made.refused
    return made.opened, made.waiting


def test_hits_become_cases_once_and_explain_themselves(lake: Path, alias: str, tmp_path: Path) -> None:
    wide = msgspec.structs.replace(FIRE, servings_text=FIRE.servings_text.replace("30,10", "0,1"))
    office = make_office(alias, tmp_path, wide)
    run_one(lake, REGISTERS, wide, now=NOW)
    assert len(standing(lake, "fire_equipment_due")) == 3  # both servings find the hotel
    before = read_hits(lake, "fire_equipment_due")
    assert opened(lake, office, wide) == (2, 0)
    assert opened(lake, office, wide) == (0, 0)
    hits = read_hits(lake, "fire_equipment_due")
    assert len({hit.case_id for hit in hits if hit.subject == "P000001"}) == 1
    cases = CaseRecord.objects.using(alias)
    assert sorted(cases.values_list("channel", "status")) == [("model", "accepted")] * 2
    state = office.states and office.handle_many([])  # nothing asked, nothing done
    assert state == []
    # Whoever is killed before the hits are written opens none twice: the key of the case follows from the hit.
    with Results(lake) as results:
        results.put_hits("fire_equipment_due", before)
    assert opened(lake, office, wide) == (2, 0)
    assert cases.count() == 2


def test_only_so_many_at_once(lake: Path, alias: str, tmp_path: Path) -> None:
    query = msgspec.structs.replace(FIRE.query, most=1)
    wide = msgspec.structs.replace(
        FIRE, query=query, servings_text=FIRE.servings_text.replace("30,10", "0,1")
    )
    office = make_office(alias, tmp_path, wide)
    run_one(lake, REGISTERS, wide, now=NOW)
    assert opened(lake, office, wide) == (1, 1)
    assert opened(lake, office, wide) == (1, 0)
