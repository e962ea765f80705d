"""A case that opens or joins another one: once, whatever happens to the worker, and never against the rules of either."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from tests.shelf import project_shelf
from tests.store.databases import TestOffice, make_office

from zhuoli.capabilities import REGISTRY
from zhuoli.core.case import commands as c
from zhuoli.core.case.facts import SYSTEM, Actor
from zhuoli.core.case.state import Case
from zhuoli.office import read
from zhuoli.office.handle import Handled, Request
from zhuoli.office.worker import Worker
from zhuoli.store.models import CaseRecord
from zhuoli.store.replay import replay

SHELF = project_shelf()
PLACE = "620102010204"
OTHER_PLACE = "620102015201"
AUXILIARY = Actor(kind="post", unit="public_order@620102", post="aid", roles=("auxiliary",))
FOUND = {"found": "hazard", "kind": "light", "hurt": True, "note": "校门口的井盖没了", "spot": "校门口"}


@pytest.fixture
def office(alias: str, tmp_path: Path) -> TestOffice:
    """An office with the duties of a village and the public's needs."""
    return make_office(alias, tmp_path, SHELF.scenarios["village_duty"], SHELF.scenarios["public_need"])


def log(office: TestOffice, place: str = PLACE, *, photo: bool = False, **answers: object) -> Handled:
    files = ()
    if photo:
        sent = office.files.put(
            b"a picture", name="a.png", media_type="image/png", now=office.clock(), question="photos"
        )
        files = (sent,)
    command = c.Open(
        receipt="",
        channel="field",
        parties={"requester": f"village-{place}"},
        answers={"duty": "patrol", "place": place, "found": "nothing", **answers},
        files=files,
    )
    return office.handle(Request(key=office.key(), command=command, actor=AUXILIARY, scenario="village_duty"))


def work(office: TestOffice) -> None:
    for _ in range(10):
        if not Worker(office, REGISTRY, name="w").run_once().total:
            return


def needs(office: TestOffice) -> list[Case]:
    found = CaseRecord.objects.using(office.alias).filter(scenario="public_need").order_by("opened", "id")
    return [read.load_state(case, office.alias) for case in found.values_list("id", flat=True)]


def state(office: TestOffice, case: Handled) -> Case:
    return read.load_state(case.case, office.alias)


def test_all_in_order_is_one_entry_and_opens_nothing(office: TestOffice) -> None:
    done = log(office)
    assert (done.seq, done.state.status, done.state.result) == (1, "settled", "in_order")
    work(office)
    assert needs(office) == []
    assert replay(office.alias).equal


def test_a_hazard_becomes_a_need_with_unit_clock_photo_and_the_same_reporter(office: TestOffice) -> None:
    done = log(office, photo=True, **FOUND)
    work(office)
    (need,) = needs(office)
    after = state(office, done)
    assert (after.status, after.result) == ("settled", "raised")
    assert after.answers["open_need.receipt"] == need.receipt
    assert need.unit.startswith("urban_management")
    assert need.parties == {"requester": f"village-{PLACE}"}
    assert (need.channel, need.territory) == ("field", PLACE)
    assert need.answers["form.hurt"] is True
    # The other form's own rules hold: what is personal there is sealed there.
    assert "form.story" in need.personal
    (file,) = need.files
    assert need.files[file].question == "form.photos"
    assert b"".join(office.files.read(file, need.id)) == b"a picture"
    opened = read.open_case(office, need.id, SYSTEM).state
    assert [each.name for each in opened.files.values()] == ["a.png"], "the name is not sealed twice"
    assert replay(office.alias).equal


def test_the_worker_that_dies_before_it_reports_opens_no_second_case(office: TestOffice) -> None:
    done = log(office, **FOUND)
    hand = Worker(office, REGISTRY, name="w")
    plan = office.library.current("village_duty")
    case = state(office, done)
    for _ in range(2):
        result, error = hand.carry_out(hand.job(plan, case, "open_need", 1, 1), plan)
        assert not error
    assert len(needs(office)) == 1
    assert result.values["receipt"] == needs(office)[0].receipt


def test_the_same_place_joins_and_is_told_another_place_does_not(office: TestOffice) -> None:
    log(office, **FOUND)
    work(office)
    (need,) = needs(office)
    again = log(office, photo=True, **{**FOUND, "note": "还没补上", "same": need.receipt})
    elsewhere = log(office, OTHER_PLACE, **{**FOUND, "same": need.receipt})
    work(office)
    assert state(office, again).result == "joined"
    assert state(office, again).answers["open_need.receipt"] == need.receipt
    assert state(office, elsewhere).result == "raised"
    assert len(needs(office)) == 2
    told = read.open_case(office, need.id, Actor(kind="system"))
    notes = [
        event.text for entry in told.history for event in entry.events if type(event).__name__ == "Noted"
    ]
    assert notes == ["还没补上"]
    assert len(told.state.files) == 1


def test_what_is_no_longer_open_is_not_joined(office: TestOffice) -> None:
    log(office, **FOUND)
    work(office)
    (need,) = needs(office)
    office.do(need.id, c.Withdraw(reason="看错了"), Actor(kind="party", party=need.parties["requester"]))
    again = log(office, **{**FOUND, "same": need.receipt})
    work(office)
    assert state(office, again).result == "raised"
    assert len(needs(office)) == 2


def test_what_the_other_scenario_refuses_ends_with_the_station(
    office: TestOffice, alias: str, tmp_path: Path
) -> None:
    duty = SHELF.scenarios["village_duty"]
    stage = duty.stages["raise"]
    task = stage.service_tasks["open_need"]
    wrong = msgspec.structs.replace(task, give={**task.give, "answer_category": "weather"}, attempts=2)
    broken = msgspec.structs.replace(
        duty,
        version="broken",
        stages={"raise": msgspec.structs.replace(stage, service_tasks={"open_need": wrong})},
    )
    office = make_office(alias, tmp_path, broken, SHELF.scenarios["public_need"])
    done = log(office, **FOUND)
    for _ in range(4):
        work(office)
        office.clock.now += 3_600_000
    after = state(office, done)
    assert after.status == "accepted"
    assert after.items["loop.repair:open_need"].state == "active"
    failed = [
        event.error
        for entry in read.history(done.case, alias)
        for event in entry.events
        if type(event).__name__ == "ServiceFailed"
    ]
    # The reason names the question; what was said stays where it was said.
    assert failed == ["answers_wrong category"] * 2
    assert needs(office) == []
