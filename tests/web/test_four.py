"""The four indicators of road accidents: rounded for the public, exact for posts, each accident once, with the part handled here."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from django.conf import settings
from tests.web.site import CHIEF, STREET, Clock, Visitor
from tests.web.test_accident import OFFICER, both_tell, report, state_facts

from zhuoli.capabilities import REGISTRY
from zhuoli.core.case.commands import Open
from zhuoli.core.case.facts import SYSTEM
from zhuoli.lake.importing import import_file
from zhuoli.lake.loop import refresh
from zhuoli.office.handle import Request
from zhuoli.office.worker import Worker
from zhuoli.web import door
from zhuoli.web.registers.known import registers

DIVISIONS = f"""code,name,level,parent
620000000000,甘肃省,province,
620100000000,兰州市,prefecture,620000000000
620102000000,城关区,county,620100000000
620103000000,七里河区,county,620100000000
{STREET},酒泉路街道,township,620102000000
620102002000,张掖路街道,township,620102000000
"""
SPOTS = f"""spot,name,road_kind,place,county
R000012,酒泉路街道路口 1,junction,{STREET},620102000000
R000013,张掖路街道路段 2,section,620102002000,620102000000
R000014,别处的路口,junction,620103000000,620103000000
"""
HEADS = "accident,happened,spot,road_kind,county,deaths,injured,loss,van\n"


@pytest.fixture
def lake(clock: Clock, demo: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eleven accidents of the last year and one of the year before, and the junctions of two districts."""
    monkeypatch.setattr(settings, "ENVIRONMENT", msgspec.structs.replace(settings.ENVIRONMENT, data=tmp_path))
    days = [f"2026-0{1 + number % 2}-{10 + number} 08:00:00" for number in range(11)]
    rows = [
        f"S000000{number:02},{day},R000012,junction,620102000000,{int(number == 3)},2,10000,false\n"
        for number, day in enumerate([*days, "2025-01-10 08:00:00"])
    ]
    files = {"divisions": DIVISIONS, "road_spots": SPOTS, "accidents": HEADS + "".join(rows)}
    for name, text in files.items():
        put(tmp_path, name, text, clock)
    return tmp_path / "lake"


def opened_by_a_model(spot: str = "R000012") -> int:
    """Open the case that a night would open for a junction with many accidents."""
    answers = {"reason": "八起", "spot": spot, "road": "junction", "place": "620102000000", "accidents": 8}
    command = Open(receipt="", channel="model", parties={}, answers=answers)
    return (
        door.office()
        .handle(Request(key=str(uuid4()), command=command, actor=SYSTEM, scenario="accident_black_spot"))
        .case
    )


def put(data: Path, name: str, text: str, clock: Clock) -> None:
    path = data / f"{name}.csv"
    path.write_text(text, encoding="utf-8")
    assert import_file(data / "lake", registers(), name, path, now=clock.now).rejected == 0


def tiles(page: Visitor) -> list[list[str]]:
    """What the tiles of the four indicators say: now, before, how it changed, and how much of it was handled here."""
    found = page.html.split('class="fig-rates fig-four"')[1].split("</ul>")[0].split("<li>")[1:]
    return [re.findall(r"<(?:h2|p)[^>]*>([^<]*)</", tile) for tile in found]


def told(page: Visitor) -> list[tuple[str, str]]:
    return [(tile[1], tile[4].removeprefix("of these handled here: ")) for tile in tiles(page)]


def test_the_public_reads_rounded_counts_and_posts_exact_ones(lake: Path) -> None:
    page = Visitor().get("/en/figures/four-indicators/")
    assert page.status == 200, page.text
    ours, before = "of these handled here: 0", "in the 365 days before"
    assert tiles(page) == [
        ["Accidents", "10", f"under 5 {before}", "–", ours],
        ["Deaths", "under 5", f"0 {before}", "–", ours],
        ["Injured", "20", f"under 5 {before}", "–", ours],
        ["Damage (10,000 yuan)", "11", f"not published {before}", "–", ours],
    ]
    exact = Visitor().be(CHIEF).get("/en/figures/four-indicators/?place=6201")
    assert [tile[1:4] for tile in tiles(exact)] == [
        ["11", f"1 {before}", "up 1000%"],
        ["1", f"0 {before}", "–"],
        ["22", f"2 {before}", "up 1000%"],
        ["11.0", f"1.0 {before}", "up 1000%"],
    ]
    assert Visitor().get("/en/figures/four-indicators/?place=99").status == 400
    assert "/en/figures/four-indicators/" in Visitor().get("/en/figures/").html


def test_an_accident_handled_here_is_one_more_and_never_two(
    lake: Path, clock: Clock, visitor: Visitor
) -> None:
    """From the first form to the figure: an officer picks the junction among those of the district, and states the damage."""
    case = report(visitor)
    both_tell(visitor, case)
    officer = Visitor().be(OFFICER)
    officer.get(f"/en/desk/cases/{case.id}/")
    form = officer.html.split('id="complete-facts-a-road_spot"')[1].split("</select>")[0]
    assert form.count("<option") == 3, "those of the district, and none of them"
    assert form.index("酒泉路街道") < form.index('label="Section"'), "its own street first"
    state_facts(officer, "The second ran into the first.", a_road_spot="R000012", a_loss="2500")
    officer.get(f"/en/desk/cases/{case.id}/")
    assert "酒泉路街道路口 1 (R000012)" in officer.text
    officer.task("determine").send("complete/", a_first="none", a_second="full", a_ground="Law art. 43")
    officer.get(f"/en/desk/cases/{case.id}/").task("serve").send(
        "complete/", a_first_how="online", a_second_how="online", a_told="yes"
    )
    hand = Worker(door.office(), REGISTRY, name="test")
    for _ in range(3):
        hand.run_once()
    clock.now += 6 * 86_400_000
    for _ in range(3):
        hand.run_once()
    assert door.load(case.id).result == "determined"

    assert refresh(lake, registers(), now=clock.now).fed == {"loop_accidents": 1}
    page = Visitor().be(CHIEF).get("/en/figures/four-indicators/")
    assert told(page) == [("12", "1"), ("1", "0"), ("22", "0"), ("11.2", "0.2")]
    assert "1 of 12 accidents, 8.3 %." in page.text
    assert (
        "Matters whose ended cases are its rows Minor traffic accident"
        in Visitor().get("/en/registers/loop_accidents/").text
    )
    # A model finds the junction: its case says which of the accidents were handled here, and leads to those that one may see.
    spot = opened_by_a_model()
    place = officer.get(f"/en/desk/cases/{spot}/")
    assert "Accidents handled here 1 at this place" in place.text
    assert f'href="/en/desk/cases/{case.id}/"' in place.html
    assert f"{case.receipt} Wed 4 Mar" in place.text
    stranger = Visitor().be("gov-62/supervisor").get(f"/en/desk/cases/{spot}/")
    assert "Accidents handled here" in stranger.text
    elsewhere = Visitor().be(OFFICER).get(f"/en/desk/cases/{opened_by_a_model('R000013')}/")
    assert "Accidents handled here" not in elsewhere.text, "nothing is said where there is none"
    # The accident system has it by now, under a number that is noted in the case.
    rows = (lake.parent / "accidents.csv").read_text("utf-8")
    put(
        lake.parent,
        "accidents",
        f"{rows}S00000099,2026-03-04 10:50:00,R000012,junction,620102000000,0,1,3000,false\n",
        clock,
    )
    officer.get(f"/en/desk/cases/{case.id}/").send(
        f"/{case.id}/numbers/", system="accidents", number="S00000099"
    )
    refresh(lake, registers(), now=clock.now)
    page = Visitor().be(CHIEF).get("/en/figures/four-indicators/")
    assert told(page) == [
        ("12", "0"),
        ("1", "0"),
        ("23", "0"),
        ("11.3", "0.0"),
    ]

    found = Visitor().be(CHIEF).get("/en/figures/four-indicators.csv").html.removeprefix("\ufeff")
    lines = list(csv.DictReader(io.StringIO(found)))
    assert [line["accidents"] for line in lines if line["month"] == "2026-03"] == ["1"]
