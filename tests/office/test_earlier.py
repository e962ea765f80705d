"""Earlier cases about the same enterprise are counted by the office, recorded in the case, and never about a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.databases import TestOffice, in_threads, make_office

from zhuoli.core.case import commands as c
from zhuoli.core.case.earlier import EarlierCase, begins, counted
from zhuoli.core.case.events import Counted
from zhuoli.core.case.facts import Actor
from zhuoli.core.scenario.folder import read_folder
from zhuoli.core.scenario.model import EarlierCount
from zhuoli.core.text import Text
from zhuoli.core.worktime import format_instant
from zhuoli.office import read
from zhuoli.office.earlier_cases import given_earlier
from zhuoli.office.handle import Handled, Request
from zhuoli.store.replay import replay

SHELF = Path(__file__).parents[2] / "scenarios"
HOTEL, SHOP = "91620102MA71ABC008", "91620102MA71ABD00X"
DAY = 86_400_000
T = Text("数", "count")


@pytest.fixture
def office(alias: str, tmp_path: Path) -> TestOffice:
    found, _ = read_folder(SHELF / "enterprise_visit")
    assert found is not None
    return make_office(alias, tmp_path, found)


def planned(office: TestOffice, code: str = HOTEL, **answers: Any) -> Request:
    day = format_instant(office.clock(), "zh")
    del day
    today = _iso(office.clock())
    given_answers = {
        "enterprise": "示例",
        "credit_code": code,
        "kind": "hotel",
        "flammables": "nothing",
        "overnight": False,
        "place": "620102001000",
        "by": "police",
        "ground": "plan",
        "ground_ref": "1",
        "window_from": today,
        "window_to": today,
        "items": ["exits"],
        "contact_name": "n",
        "contact_phone": "13900000051",
        **answers,
    }
    return Request(
        key=office.key(),
        scenario="enterprise_visit",
        actor=Actor(kind="post", unit="public_order@620102", post="p", roles=("officer",)),
        command=c.Open(
            receipt="", channel="discovery", parties={"requester": "e", "contact": "k"}, answers=given_answers
        ),
    )


def _iso(instant: int) -> str:
    from zhuoli.core.worktime.instants import day_of, iso_date

    return iso_date(day_of(instant))


def visited(office: TestOffice, case: Handled) -> None:
    lead = Actor(kind="post", unit=case.state.unit, post="p", roles=("officer",))
    office.do(
        case,
        c.Complete(
            task="arrange",
            outcome="at_once",
            reason="x",
            answers={"keeper": "a", "escort": "b", "day": _iso(office.clock())},
        ),
        lead,
    )
    made = {"badges": True, "extinguishers": "valid", "flammables": "nothing", "exits": "free"}
    office.do(
        case,
        c.Complete(
            task="visit",
            outcome="made",
            answers={**made, "dispute": "nothing", "found": "ok", "help": "nothing"},
        ),
        lead,
    )


def earlier(state: Any) -> dict[str, int]:
    return {n.removeprefix("earlier."): v for n, v in state.answers.items() if n.startswith("earlier.")}


def test_visits_of_the_year_are_counted_and_the_ceiling_holds(office: TestOffice) -> None:
    first = office.handle(planned(office))
    assert earlier(first.state) == {"planned_visits": 0, "waiting": 0, "ordered": 0}
    visited(office, first)
    second = office.handle(planned(office))
    assert earlier(second.state) == {"planned_visits": 1, "waiting": 0, "ordered": 0}
    assert (second.state.status, second.state.result) == ("settled", "not_disturbed")
    other = office.handle(planned(office, SHOP))
    assert earlier(other.state)["planned_visits"] == 0, "another enterprise"
    office.clock.now += 366 * DAY
    assert earlier(office.handle(planned(office)).state)["planned_visits"] == 0, "another year"
    assert replay(office.alias).equal


def test_what_was_counted_stays_as_it_was(office: TestOffice) -> None:
    first = office.handle(planned(office))
    second = office.handle(planned(office, overnight=True))
    assert earlier(second.state)["waiting"] == 1
    assert "merge_plans" in second.state.items
    visited(office, first)
    state = read.load_state(second.case, office.alias)
    assert earlier(state)["waiting"] == 1, "a count is a fact of its moment"
    events = [e for entry in read.history(second.case, office.alias) for e in entry.events]
    counts = [e for e in events if isinstance(e, Counted)]
    assert [(e.about, e.counts["waiting"]) for e in counts] == [(HOTEL, 1)]


def test_the_requests_of_one_transaction_count_each_other(office: TestOffice) -> None:
    done = office.handle_many([planned(office, overnight=True) for _ in range(3)])
    assert [earlier(each.state)["waiting"] for each in done] == [0, 1, 2]
    assert replay(office.alias).equal


def test_two_at_once_are_not_both_the_first(office: TestOffice) -> None:
    requests = [planned(office, overnight=True) for _ in range(4)]
    results = in_threads(4, lambda n: office.handle(requests[n]), office.alias)
    assert not [each for each in results if isinstance(each, Exception)], results
    assert sorted(earlier(each.state)["waiting"] for each in results) == [0, 1, 2, 3]


def test_stories_play_with_the_counts_of_their_example(office: TestOffice) -> None:
    with given_earlier({"planned_visits": 4}):
        story = office.handle(planned(office))
    assert earlier(story.state) == {"planned_visits": 4, "waiting": 0, "ordered": 0}
    assert earlier(office.handle(planned(office, SHOP)).state)["planned_visits"] == 0


CASES = st.lists(
    st.builds(
        EarlierCase,
        case=st.integers(1, 9),
        open=st.booleans(),
        reached=st.dictionaries(st.sampled_from(["", "visited", "ordered"]), st.integers(0, 20), min_size=1),
    ),
    unique_by=lambda each: each.case,
    max_size=9,
)
WANTED = st.builds(
    EarlierCount,
    title=st.just(T),
    reached=st.sampled_from(["", "visited", "ordered"]),
    without=st.sampled_from(["", "visited"]),
    open=st.booleans(),
)


@settings(max_examples=200)
@given(CASES, WANTED, st.integers(0, 20), st.integers(1, 9))
def test_counting(cases: list[EarlierCase], wanted: EarlierCount, since: int, but: int) -> None:
    found = counted(cases, wanted, since, but)
    assert 0 <= found <= len([each for each in cases if each.case != but])
    assert counted(cases, wanted, since + 1, but) <= found, "a shorter time never counts more"
    import msgspec

    stricter = msgspec.structs.replace(wanted, open=True)
    assert counted(cases, stricter, since, but) <= found
    assert (
        counted(
            [*cases, EarlierCase(case=but, open=True, reached={"": 99, "visited": 99})], wanted, since, but
        )
        == found
    )


def test_from_when_on_cases_count() -> None:
    now = 1_772_593_200_000  # 2026-03-04 11:00 in Shanghai
    assert _iso(begins("this year", now)) == "2026-01-01"
    assert _iso(begins("12 months", now)) == "2025-03-04"
    assert begins("30 calendar days", now) == now - 30 * DAY
    assert begins("", now) == 0
