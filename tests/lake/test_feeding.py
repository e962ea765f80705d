"""Ended accidents flow into the register that their scenario feeds, and models count them with the imported ones; on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from tests.office.test_accident_databases import ONE, REPORT, TOLD, TWO, agreed
from tests.shelf import project_shelf
from tests.store.databases import TestOffice, make_office

from zhuoli.capabilities import REGISTRY
from zhuoli.core.case import commands as c
from zhuoli.core.case.facts import Actor
from zhuoli.core.registers import read_registers
from zhuoli.core.worktime.instants import DAY
from zhuoli.environment import ROOT
from zhuoli.lake.answers import shown
from zhuoli.lake.folder import RegisterFolder
from zhuoli.lake.importing import take_in
from zhuoli.lake.loop import Refreshed, refresh
from zhuoli.lake.night import night
from zhuoli.lake.reading import connect
from zhuoli.lake.results import read_hits
from zhuoli.lake.source import ROW
from zhuoli.office import read
from zhuoli.office.handle import Request
from zhuoli.office.worker import Worker
from zhuoli.store.replay import replay

REGISTERS = read_registers(ROOT / "registers").registers
ACCIDENTS = project_shelf().scenarios["minor_accident"]
BLACK_SPOTS = project_shelf().scenarios["accident_black_spot"]
QUERY = BLACK_SPOTS.query
assert QUERY is not None
ROWS = "SELECT case_id, CAST(happened AS VARCHAR), county, spot, deaths, injured, loss, van, number FROM loop_accidents ORDER BY 1"
FACTS = {
    "unrelated": True,
    "situation": "rear_end",
    "acting": "second",
    "fault": "none",
    "special": "nothing",
    "found": "So it was.",
    "road_spot": "R000012",
    "loss": 1200,
}


@pytest.fixture
def office(alias: str, tmp_path: Path) -> TestOffice:
    return make_office(alias, tmp_path, ACCIDENTS)


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    put(tmp_path, "divisions", "code,name,level,parent", "620102000000,城关区,county,")
    put(
        tmp_path,
        "road_spots",
        "spot,name,road_kind,place,county",
        "R000012,甲路口,junction,620102000000,620102000000",
    )
    return tmp_path


def put(lake: Path, name: str, heads: str, *rows: str) -> None:
    """Write rows into a register as an import would."""
    columns = [
        pa.array(values or None, pa.string())
        for values in zip(*(row.split(",") for row in rows), strict=True)
    ]
    table = pa.table(dict(zip(heads.split(","), columns, strict=True)))
    table = table.append_column(ROW, pa.array(range(2, len(rows) + 2), pa.int64()))
    made = take_in(lake, REGISTERS, name, [table], now=1_772_000_000_000)
    assert not made.rejected, Path(made.rejects).read_text("utf-8")


def report(office: TestOffice, **answers: Any) -> int:
    command = c.Open(
        receipt="",
        channel="web",
        parties={"requester": "d1", "other": "d2"},
        answers={**REPORT, **answers},
    )
    return office.handle(
        Request(key=office.key(), command=command, actor=ONE, scenario="minor_accident")
    ).case


def officer(office: TestOffice, case: int) -> Actor:
    return Actor(kind="post", unit=read.load_state(case, office.alias).unit, post="p1", roles=("officer",))


def served_by_worker(office: TestOffice) -> None:
    """Let papers and messages go out: a case is closed when they have."""
    hand = Worker(office, REGISTRY, name="test")
    for _ in range(3):
        office.clock.now += 1000
        hand.run_once()


def settled(office: TestOffice, *cases: int) -> None:
    """Bring accidents to an agreement of both sides."""
    for case in cases:
        agreed(office, case)
    served_by_worker(office)
    assert {read.load_state(case, office.alias).result for case in cases} == {"agreed"}


def determined(office: TestOffice, case: int, **facts: Any) -> None:
    """Bring an accident reported for online determination to its end."""
    hand = officer(office, case)
    office.do(case, c.Complete(task="first_says", answers={**TOLD, "acting": "b"}), ONE)
    office.do(case, c.Complete(task="second_says", answers={**TOLD, "acting": "a", "mine": "van"}), TWO)
    office.do(case, c.Complete(task="facts", outcome="clear", answers={**FACTS, **facts}), hand)
    liability = {"first": "none", "second": "full", "ground": "art. 43"}
    office.do(case, c.Complete(task="determine", answers=liability), hand)
    served = {"first_how": "online", "second_how": "online", "told": True}
    office.do(case, c.Complete(task="serve", answers=served), hand)
    office.do(case, c.Complete(task="first_review", outcome="accepts"), ONE)
    office.do(case, c.Complete(task="second_review", outcome="accepts"), TWO)
    served_by_worker(office)
    assert read.load_state(case, office.alias).result == "determined"


def flow(lake: Path, office: TestOffice) -> Refreshed:
    return refresh(lake, REGISTERS, now=office.clock.now, alias=office.alias)


def rows(lake: Path, sql: str = ROWS) -> list[tuple[Any, ...]]:
    with connect(lake, REGISTERS.values(), threads=1) as connection:
        return connection.sql(sql).fetchall()


def test_what_was_answered_is_a_row_and_what_is_handled_again_is_none(office: TestOffice, lake: Path) -> None:
    open_still, own, online = report(office), report(office), report(office, wish="online")
    settled(office, own)
    determined(office, online)
    assert flow(lake, office).fed == {"loop_accidents": 2}
    happened = "2026-03-02 08:50:00"
    own_row = (own, happened, "620102000000", None, 0, 0, None, False, None)
    online_row = (online, happened, "620102000000", "R000012", 0, 0, 1200.0, True, None)
    assert rows(lake) == [own_row, online_row]

    before = RegisterFolder(lake, "loop_accidents").state()
    office.clock.now += 60_000
    office.do(open_still, c.Note(text="nothing new"), officer(office, open_still))
    assert flow(lake, office).fed == {}
    assert RegisterFolder(lake, "loop_accidents").state() == before, "models need not run again"

    office.clock.now += 60_000
    office.do(online, c.Contest(reason="my side was not heard"), ONE)
    assert read.load_state(online, office.alias).status == "accepted"
    flow(lake, office)
    assert rows(lake) == [own_row]
    office.clock.now += 60_000
    hand = officer(office, online)
    office.do(online, c.Complete(task="loop.rework"), hand)
    office.do(online, c.Close(result="determined", answer="It stays as it was."), hand)
    flow(lake, office)
    assert rows(lake) == [own_row, online_row]

    office.clock.now += 60_000
    office.do(open_still, c.Withdraw(reason="we made it up"), ONE)
    flow(lake, office)
    assert rows(lake) == [own_row, online_row], "what was taken back is no accident of the figures"
    whole = b"".join(path.read_bytes() for path in lake.rglob("*.parquet"))
    assert not any(word in whole for word in (b"13900000021", "甲\x00".encode(), b"So it was", b"crossing"))


def test_a_merged_report_is_no_second_accident(office: TestOffice, lake: Path) -> None:
    first, second = report(office), report(office)
    office.do(second, c.Merge(into=first, reason="the same accident"), officer(office, first))
    settled(office, first)
    flow(lake, office)
    assert [row[0] for row in rows(lake)] == [first]


def test_what_was_handed_over_counts_once_its_number_is_known(office: TestOffice, lake: Path) -> None:
    with_number, without = report(office, hurt="serious"), report(office, hurt="dead")
    hand = officer(office, with_number)
    told = {"to": "squad", "whole": True}
    office.do(with_number, c.Complete(task="hand_over", answers={**told, "number": "S00000007"}), hand)
    office.do(
        without, c.Complete(task="hand_over", answers={**told, "deaths": 1, "road_spot": "R000012"}), hand
    )
    served_by_worker(office)
    flow(lake, office)
    assert [(row[0], *row[3:6], row[7:]) for row in rows(lake)] == [
        (with_number, None, 0, 1, (None, "S00000007"))
    ], "one was hurt at least, nobody has said what was driven"
    office.clock.now += 60_000
    office.do(without, c.Refer(system="accidents", number="s 0000 0008"), hand)
    flow(lake, office)
    assert [(row[0], *row[3:6], row[8]) for row in rows(lake)][1] == (without, "R000012", 1, 0, "S00000008")
    office.clock.now += 60_000
    office.do(without, c.Refer(system="accidents", number="", reason="that was another accident"), hand)
    flow(lake, office)
    assert [row[0] for row in rows(lake)] == [with_number]


def test_erasing_a_side_leaves_the_accident_counted(office: TestOffice, lake: Path) -> None:
    case = report(office)
    settled(office, case)
    flow(lake, office)
    before = rows(lake)
    office.do(case, c.Confirm(), ONE)
    office.clock.now += 1200 * DAY
    office.do(case, c.Erase(party="d1", reason="asked"), ONE)
    flow(lake, office)
    assert rows(lake) == before
    assert replay(office.alias).equal


def test_a_row_that_the_register_does_not_take_is_told_and_stops_nothing(
    office: TestOffice, lake: Path
) -> None:
    old, sound = report(office, at="2001-03-02T08:50"), report(office)
    settled(office, old, sound)
    made = flow(lake, office)
    assert [row[0] for row in rows(lake)] == [sound]
    assert "2001" in Path(made.refused["loop_accidents"]).read_text("utf-8")
    assert rows(lake, "SELECT count(*) FROM loop_cases") == [(2,)]


def test_a_case_counts_as_its_own_version_says(alias: str, lake: Path) -> None:
    """What was begun before the folder had a feed feeds nothing; a register that comes later is filled up."""
    office = make_office(alias, lake, msgspec.structs.replace(ACCIDENTS, feeds={}, version="before"))
    earlier = report(office)
    office.library.replace([ACCIDENTS])
    later = report(office)
    settled(office, earlier, later)
    known = {name: one for name, one in REGISTERS.items() if name != "loop_accidents"}
    assert refresh(lake, known, now=office.clock.now, alias=alias).fed == {}
    assert flow(lake, office).fed == {"loop_accidents": 1}
    assert [row[0] for row in rows(lake)] == [later]
    assert flow(lake, office).fed == {}


def test_one_more_accident_is_one_more_of_its_black_spot(office: TestOffice, lake: Path) -> None:
    many = [
        f"S0000000{number},2025-0{number}-02 08:00:00,R000012,junction,620102000000,0,0,100,false"
        for number in range(4, 10)
    ]
    many.append("S00000010,2025-10-02 08:00:00,R000012,junction,620102000000,0,0,100,false")
    put(lake, "accidents", "accident,happened,spot,road_kind,county,deaths,injured,loss,van", *many)

    def found() -> list[tuple[str, Any, Any]]:
        flow(lake, office)
        [run] = night(lake, REGISTERS, [BLACK_SPOTS], now=office.clock.now + DAY, again=True)
        assert run.error is None
        return [
            (hit.subject, values["accidents"], values["here"])
            for hit in read_hits(lake, BLACK_SPOTS.scenario)
            if hit.gone is None and (values := shown(QUERY, hit))
        ]

    assert found() == [], "seven are one too few"
    case = report(office, wish="online")
    determined(office, case)
    assert found() == [("R000012", 8, 1)]
    # The accident system knows it by now, and its number is noted here: it counts once.
    put(
        lake,
        "accidents",
        "accident,happened,spot,road_kind,county,deaths,injured,loss,van",
        *many,
        "S00000011,2026-03-02 08:50:00,R000012,junction,620102000000,0,0,100,false",
    )
    assert found() == [("R000012", 9, 1)], "nobody has said yet that it is the same"
    office.clock.now += 60_000
    office.do(case, c.Refer(system="accidents", number="S00000011"), officer(office, case))
    assert found() == [("R000012", 8, 0)]
