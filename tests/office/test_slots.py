"""Nobody is booked twice; a time that is changed or cancelled is free at once; a reminder comes the day before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.databases import TestOffice, in_threads, make_office

from zhuoli.core.case import commands as c
from zhuoli.core.case.booking import near_at
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.scenario.folder import read_folder
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_of, local, statutory_calendar
from zhuoli.office import read, slots
from zhuoli.office.handle import Handled, Request
from zhuoli.office.worker import Worker
from zhuoli.places.providers import COLUMNS, Provider, read_providers, written
from zhuoli.store.models import BookingRecord
from zhuoli.store.replay import replay

SHELF = Path(__file__).parents[2] / "scenarios"
STATION = "示例公共法律服务站"
PERSON = Actor(kind="party", party="w")


def provider(**changes: Any) -> Provider:
    fields = {
        "id": "one",
        "kind": "place",
        "name": Text(STATION, "Example Station"),
        "territory": "620102",
        "address": Text("一楼", "Ground floor"),
        "phone": "12348",
        "languages": ("zh", "bo"),
        "work": ((540, 720), (870, 1050)),
        "rest": (),
        "minutes": 30,
        "words": "欠薪",
        "generated": True,
        **changes,
    }
    return Provider(**fields)


@pytest.fixture
def office(alias: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestOffice:
    table = tmp_path / "directory.csv"
    table.write_text(written([provider()]), "utf-8")
    monkeypatch.setattr(slots, "directory_file", lambda: table)
    found, _ = read_folder(SHELF / "legal_service_request")
    assert found is not None
    return make_office(alias, tmp_path, found)


def waiting(office: TestOffice) -> Handled:
    """A case in which a meeting is to be agreed on."""
    answers = {"event": "other", "need": "advice", "danger": False, "story": "…", "place": "620102001000"}
    case = office.handle(
        Request(
            key=office.key(),
            scenario="legal_service_request",
            actor=PERSON,
            command=c.Open(
                receipt="",
                channel="web",
                parties={"requester": "w"},
                answers={**answers, "name": "n", "phone": "13900000032"},
            ),
        )
    )
    office.do(case, c.Accept(), lead(case))
    return case


def lead(case: Handled) -> Actor:
    return Actor(kind="post", unit=case.state.unit, post="p", roles=("officer",))


def agree(case: Handled, slot: str, who: str = STATION) -> c.Complete:
    answers = {"provider": who, "way": "place", "point": "一楼", "slot": slot}
    return c.Complete(task="appoint", answers=answers)


def tomorrow(office: TestOffice, time: str, days: int = 1) -> str:
    return f"{local(office.clock() + days * 86_400_000):%Y-%m-%d}T{time}"


def test_a_time_is_given_once_and_the_next_free_ones_are_named(office: TestOffice) -> None:
    one, two = waiting(office), waiting(office)
    slot = tomorrow(office, "10:00")
    office.do(one, agree(one, slot), lead(one))
    with pytest.raises(Refusal) as refused:
        office.do(two, agree(two, slot), lead(two))
    assert refused.value.code == "slot_taken"
    assert "最近的空闲" in refused.value.remedy.zh
    office.do(two, agree(two, tomorrow(office, "10:30")), lead(two))
    assert BookingRecord.objects.using(office.alias).count() == 2
    assert replay(office.alias).equal


@pytest.mark.parametrize(("slot", "code"), [("12:30", "slot_taken"), ("10:10", "slot_taken")])
def test_when_nobody_is_there_nobody_is_met(office: TestOffice, slot: str, code: str) -> None:
    case = waiting(office)
    with pytest.raises(Refusal) as refused:
        office.do(case, agree(case, tomorrow(office, slot)), lead(case))
    assert refused.value.code == code


def test_somebody_outside_the_directory_is_booked_once_too(office: TestOffice) -> None:
    one, two = waiting(office), waiting(office)
    slot = tomorrow(office, "20:00")
    office.do(one, agree(one, slot, "王律师"), lead(one))
    with pytest.raises(Refusal):
        office.do(two, agree(two, slot, "王律师"), lead(two))


def test_two_at_once_get_one_time(office: TestOffice) -> None:
    cases = [waiting(office) for _ in range(3)]
    slot = tomorrow(office, "15:00")
    wanted = [office.asking(case, agree(case, slot), lead(case)) for case in cases]
    results = in_threads(3, lambda n: office.handle(wanted[n]), office.alias)
    refused = [each for each in results if isinstance(each, Exception)]
    assert len(refused) == 2
    assert {getattr(each, "code", type(each).__name__) for each in refused} == {"slot_taken"}
    assert BookingRecord.objects.using(office.alias).count() == 1
    assert replay(office.alias).equal


def test_what_is_changed_cancelled_or_ended_is_free_again(office: TestOffice) -> None:
    slot = tomorrow(office, "10:00")
    for end in (
        c.Complete(task="rearrange", outcome="another_time", reason="上班"),
        c.Complete(task="rearrange", outcome="not_needed", reason="好了"),
        c.Withdraw(reason="好了"),
    ):
        case = waiting(office)
        office.do(case, agree(case, slot), lead(case))
        assert BookingRecord.objects.using(office.alias).count() == 1
        office.do(case, end, PERSON)
        assert BookingRecord.objects.using(office.alias).count() == 0
    assert replay(office.alias).equal


def test_a_reminder_goes_out_the_day_before_once(office: TestOffice) -> None:
    from zhuoli.capabilities import REGISTRY

    case = waiting(office)
    office.do(case, agree(case, tomorrow(office, "10:00", days=3)), lead(case))
    held = read.load_state(case.case, office.alias).booking
    assert held is not None
    hand = Worker(office, REGISTRY, name="w")
    while hand.run_once().total:
        pass
    before = len(read.load_state(case.case, office.alias).files)
    office.clock.now = near_at(held.at) - 1
    while hand.run_once().total:
        pass
    assert not read.load_state(case.case, office.alias).booking.near
    office.clock.now += 1
    for _ in range(3):
        while hand.run_once().total:
            pass
    state = read.load_state(case.case, office.alias)
    assert state.booking.near
    assert len(state.files) == before + 1, "one reminder"
    assert replay(office.alias).equal


# --- the table -----------------------------------------------------------------------------------------


def test_the_table_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "directory.csv"
    many = [provider(), provider(id="two", name=Text("另一家", "Another"), rest=((600, 660),))]
    path.write_text(written(many), "utf-8")
    assert read_providers(path) == (many, [])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "bank"),
        ("territory", "abc"),
        ("languages", "xx"),
        ("minutes", "5"),
        ("hours", "always"),
        ("hours", "work 9-12"),
        ("hours", "work 12:00-09:00"),
        ("name.zh", ""),
    ],
)
def test_a_row_with_a_mistake_is_told_and_left_out(tmp_path: Path, column: str, value: str) -> None:
    import csv
    import io

    rows = list(csv.DictReader(io.StringIO(written([provider(), provider(id="b", name=Text("乙", "B"))]))))
    rows[0][column] = value
    target = io.StringIO()
    sheet = csv.DictWriter(target, COLUMNS)
    sheet.writeheader()
    sheet.writerows(rows)
    path = tmp_path / "directory.csv"
    path.write_text(target.getvalue(), "utf-8")
    found, mistakes = read_providers(path)
    assert [each.id for each in found] == ["b"]
    (mistake,) = mistakes
    assert mistake.line == 2
    assert mistake.remedy.zh
    assert mistake.remedy.en


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 360), st.integers(0, 1440))
def test_meetings_begin_and_end_within_the_hours(day: int, minute: int) -> None:
    from datetime import datetime, timedelta

    calendar = statutory_calendar()
    at = instant_of(datetime(2026, 1, 1) + timedelta(days=day, minutes=minute))  # noqa: DTZ001 - local time
    one = provider(rest=((600, 660),))
    if one.opens(at, calendar):
        moment = local(at)
        begin = moment.hour * 60 + moment.minute
        from zhuoli.core.worktime.instants import day_of

        assert any(a <= begin and begin + 30 <= b for a, b in one.spans(day_of(at), calendar))
    assert all(each > at for each in one.starts(at, 3, calendar))


def opening(office: TestOffice, slot: str, number: int) -> Request:
    """Somebody's own form in which a time was chosen."""
    answers = {"event": "other", "need": "advice", "danger": False, "story": "…", "place": "620102001000"}
    return Request(
        key=office.key(),
        scenario="legal_service_request",
        actor=Actor(kind="party", party=f"p{number}"),
        command=c.Open(
            receipt="",
            channel="web",
            parties={"requester": f"p{number}"},
            answers={**answers, "provider": STATION, "slot": slot, "name": "n", "phone": "13900000032"},
        ),
    )


def test_two_forms_sent_at_once_get_one_time(office: TestOffice) -> None:
    slot = tomorrow(office, "15:30")
    wanted = [opening(office, slot, number) for number in range(3)]
    results = in_threads(3, lambda n: office.handle(wanted[n]), office.alias)
    refused = [each for each in results if isinstance(each, Exception)]
    assert len(refused) == 2
    assert {getattr(each, "code", type(each).__name__) for each in refused} == {"slot_taken"}
    assert all("slot" in each.fields for each in refused if isinstance(each, Refusal)), (
        "told beside the question"
    )
    assert BookingRecord.objects.using(office.alias).count() == 1
    assert replay(office.alias).equal


def test_a_time_that_the_person_chose_needs_no_call_and_moves_with_them(office: TestOffice) -> None:
    case = office.handle(opening(office, tomorrow(office, "10:00"), 1))
    state = office.do(case, c.Accept(), lead(case)).state
    active = {name for name, item in state.items.items() if item.state == "active" and item.kind == "human"}
    assert active == {"meet", "rearrange"}
    moved = {"provider": STATION, "slot": tomorrow(office, "11:00")}
    office.do(
        case, c.Complete(task="rearrange", outcome="chosen", answers=moved), Actor(kind="party", party="p1")
    )
    row = BookingRecord.objects.using(office.alias).get()
    assert local(row.at).strftime("%H:%M") == "11:00"
    other = office.handle(opening(office, tomorrow(office, "10:00"), 2))
    assert other.state.booking is not None, "the former time is free at once"
    assert replay(office.alias).equal
