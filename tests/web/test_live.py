"""The living city: one command at a time, through the same door, and it sees what others do in between."""

from __future__ import annotations

import pytest
from tests.shelf import project_shelf
from tests.web.site import Clock, Visitor, open_need

from zhuoli.core.worktime import statutory_calendar
from zhuoli.demo.live import LiveCity
from zhuoli.office.directory import load_directory
from zhuoli.office.handle import Office
from zhuoli.store.models import CaseRecord, EntryRecord
from zhuoli.store.replay import replay
from zhuoli.store.verify import verify
from zhuoli.web import door


@pytest.fixture
def city(clock: Clock, demo: None) -> LiveCity:
    shelf = project_shelf()
    office = Office(shelf, load_directory(), statutory_calendar(), clock=clock, shard=1)
    return LiveCity(office, seed=7, clock=clock)


def test_the_city_goes_on_by_commands(city: LiveCity, clock: Clock) -> None:
    for _ in range(120):
        city.step(real=False)
        clock.now += 20_000
    assert city.counts["open"] >= 10
    assert city.counts["accept"] >= 5
    assert city.counts["complete"] >= 5
    written = EntryRecord.objects.count()
    assert written == sum(count for name, count in city.counts.items() if not name.startswith("not "))
    assert set(EntryRecord.objects.values_list("command", flat=True)) <= set(city.counts)
    assert not {"firetimer", "reportservice"} & set(city.counts), "clocks and service tasks are the worker's"
    assert verify(None, clock.now).faults == []
    assert replay().equal


def test_it_takes_over_what_is_there_and_sees_what_a_visitor_did(
    city: LiveCity, clock: Clock, visitor: Visitor
) -> None:
    receipt = open_need(visitor)
    number = door.case_of_receipt(receipt)
    assert number is not None
    assert city.take_over() == 1
    visitor.get(f"/en/my/{receipt}/").send("withdraw/", reason="It came back on by itself.")
    assert door.load(number).status == "withdrawn"
    for _ in range(40):
        city.step(real=False)
        clock.now += 30_000
    assert door.load(number).status == "withdrawn", "nobody works on what was taken back"
    assert CaseRecord.objects.exclude(id=number).exists(), "the city goes on all the same"


def test_at_real_pace_nothing_is_hurried(city: LiveCity, clock: Clock, visitor: Visitor) -> None:
    receipt = open_need(visitor)
    number = door.case_of_receipt(receipt)
    city.take_over()
    assert [city.step(real=True) for _ in range(20)] == [""] * 20
    assert number is not None
    assert door.load(number).seq == EntryRecord.objects.filter(case_id=number).count()
    for _ in range(200):
        clock.pass_hours(0.5)
        city.step(real=True)
    assert EntryRecord.objects.count() > 1
