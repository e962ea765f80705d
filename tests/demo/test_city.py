"""The city without a database: what it lives through holds together, and the same seed lives the same."""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

import django
import msgspec
import pytest

django.setup()
sys.path.insert(0, str(Path(__file__).parent))

from paper import NOW, PaperOffice, directory, live, plans  # noqa: E402

from zhuoli.core.case import commands as c  # noqa: E402
from zhuoli.core.case import events as e  # noqa: E402
from zhuoli.core.case.evolve import evolve_entry  # noqa: E402
from zhuoli.core.case.state import Case  # noqa: E402
from zhuoli.demo.city import City  # noqa: E402
from zhuoli.demo.texts import demo_texts  # noqa: E402
from zhuoli.lake.row_names import NamedRow  # noqa: E402

DAYS = 40


@pytest.fixture(scope="module")
def lived() -> tuple[City, PaperOffice]:
    return live(seed=7, days=DAYS)


def test_every_scenario_with_texts_is_lived(lived: tuple[City, PaperOffice]) -> None:
    _, office = lived
    counted = Counter(state.scenario for state in office.states.values())
    assert set(counted) == set(demo_texts().scenarios) == set(plans())
    once = {name for name, each in demo_texts().scenarios.items() if each.once}
    assert all(counted[name] == 1 for name in once)
    assert min(counted[name] for name in counted.keys() - once) > 30
    assert counted.total() > 30 * DAYS


def test_no_need_is_turned_away_at_the_door(lived: tuple[City, PaperOffice]) -> None:
    city, office = lived
    # Every need of the days became a case: nobody's form was filled in wrongly.
    assert len(office.states) == len(city.lives) == city.lived.cases
    assert [word for word in city.lived.refused if "answers" in word or "unknown" in word] == []


def test_the_loop_is_seen_from_every_side(lived: tuple[City, PaperOffice]) -> None:
    city, office = lived
    commands = set(city.lived.by_command)
    assert commands >= {
        *("open", "accept", "refuse", "triage", "transfer", "return_to_dispatcher", "complete", "start"),
        *("request_supplement", "supply", "join", "sign_for", "contribute", "leave", "add_item", "note"),
        *("urge", "supervise", "reply", "suspend", "resume", "withdraw", "merge", "close", "confirm"),
        *("contest", "rate", "request_review", "decide_review", "fire_timer", "report_service"),
    }
    assert set(city.lived.statuses) == {
        *("received", "accepted", "closed", "settled", "unconfirmed", "refused", "withdrawn", "merged"),
    }
    happened = {type(event) for entry in office.written for event in entry.events}
    assert happened >= {e.SupplementExpired, e.Escalated, e.Reminded, e.Passed, e.Unconfirmed, e.Reopened}


def test_the_last_days_leave_something_to_do(lived: tuple[City, PaperOffice]) -> None:
    _, office = lived
    open_cases = [state for state in office.states.values() if state.status in ("received", "accepted")]
    clocks = [state.clocks["case"] for state in open_cases if "case" in state.clocks]
    assert len(open_cases) > 100
    assert any(clock.stopped for clock in clocks)
    assert any(clock.passed for clock in clocks)
    assert any(clock.reminded and not clock.passed and not clock.stopped for clock in clocks)
    assert sum(not clock.passed for clock in clocks) > len(clocks) / 2
    loops = {
        name.partition(":")[0]
        for state in open_cases
        for name, item in state.items.items()
        if item.state == "active"
    }
    assert loops >= {"loop.accept", "loop.supplement", "loop.close"}


def test_time_only_goes_forward_in_each_case(lived: tuple[City, PaperOffice]) -> None:
    _, office = lived
    last: dict[int, int] = {}
    for entry in office.written:
        assert entry.at >= last.get(entry.case, 0)
        assert NOW - (DAYS + 1) * 86_400_000 < entry.at < NOW
        last[entry.case] = entry.at


def test_silence_is_never_settled(lived: tuple[City, PaperOffice]) -> None:
    city, office = lived
    agreed = {entry.case for entry in office.written if isinstance(entry.request.command, c.Confirm)}
    asked = {name for name, plan in city.plans.items() if plan.scenario.confirmation.by == "requester"}
    settled = {
        case for case, state in office.states.items() if state.status == "settled" and state.scenario in asked
    }
    assert settled
    unasked = {case for case in settled if not _asks(office.states[case])}
    assert settled - unasked
    assert settled - unasked <= agreed


def _asks(state: Case) -> bool:
    """Whether the requester is asked about the result with which a case was closed."""
    return plans()[state.scenario].scenario.closing.results[state.result].asks


def test_posts_act_for_units_that_exist_and_keys_are_unique(lived: tuple[City, PaperOffice]) -> None:
    _, office = lived
    keys = [entry.request.key for entry in office.written]
    assert len(set(keys)) == len(keys)
    for entry in office.written:
        actor = entry.request.actor
        if actor.kind == "post":
            assert directory().unit(actor.unit) is not None
            unit, post = actor.post.split("/")
            assert unit == actor.unit
            # An auxiliary of a village has a post that ends in the village's number; a community has the station's.
            # An insurer acts by its claims handler, and does nothing but read and answer.
            assert (
                post in ("officer", "supervisor", "dispatcher")
                or (post == "insurer" and isinstance(entry.request.command, c.TakeShare | c.AnswerShare))
                or (re.fullmatch(r"auxiliary(-\d{3})?", post) and actor.roles == ("auxiliary",))
            )


def test_replay_gives_the_same_states(lived: tuple[City, PaperOffice]) -> None:
    _, office = lived
    states: dict[int, Case] = {}
    for entry in office.written:
        before = states.get(entry.case) or Case(id=entry.case)
        states[entry.case] = evolve_entry(before, entry.events, entry.at)
    assert states == office.states


def test_late_work_earns_fewer_stars(lived: tuple[City, PaperOffice]) -> None:
    city, _ = lived
    stars: dict[bool, list[int]] = {True: [], False: []}
    for life in city.lives:
        case = life.state
        if case.score is not None and "case" in case.clocks:
            stars[bool(case.clocks["case"].passed)].append(case.score)
    assert len(stars[True]) > 10
    assert sum(stars[True]) / len(stars[True]) < sum(stars[False]) / len(stars[False]) - 0.5


def test_the_same_seed_lives_the_same_and_another_does_not() -> None:
    logs = []
    for seed in (3, 3, 4):
        _, office = live(seed=seed, days=4)
        logs.append(
            msgspec.json.encode([(entry.at, entry.request, entry.events) for entry in office.written])
        )
    assert logs[0] == logs[1]
    assert logs[0] != logs[2]


def test_identities_are_recognisably_made_up(lived: tuple[City, PaperOffice]) -> None:
    _, office = lived
    opens = [entry.request.command for entry in office.written if isinstance(entry.request.command, c.Open)]
    answers = [(name, value) for command in opens for name, value in command.answers.items()]
    phones = [value for name, value in answers if name.endswith("phone")]
    identities = [value for name, value in answers if name == "id_number"]
    codes = [value for name, value in answers if name == "credit_code"]
    assert phones
    assert identities
    assert codes
    assert all(phone.startswith("100") for phone in phones)  # no mobile number of China does
    assert all(identity[14:17] == "000" for identity in identities)  # never issued
    assert all(code[8:12] == "DEM0" for code in codes)


def test_one_junction_has_many_accidents() -> None:
    """What happens again and again at one place is raised and handled like anything else; the officer picks that place."""
    texts = demo_texts()
    often = texts.scenarios["minor_accident"].again
    assert often is not None
    scenario = msgspec.structs.replace(
        texts.scenarios["minor_accident"], again=msgspec.structs.replace(often, per_week=100)
    )
    texts = msgspec.structs.replace(texts, scenarios={**texts.scenarios, "minor_accident": scenario})
    rows = [
        NamedRow("R000007", "路口 2", "junction", "620102001002"),
        NamedRow("R000005", "路口 1", "junction", "620102001001"),
        NamedRow("R000001", "路段 1", "section", "620102001001"),
    ]
    city, _ = live(11, 25, 0.05, texts=texts, rows=lambda *_: rows)
    there = [life for life in city.lives if life.need.row]
    assert len(there) > 8
    assert {(life.need.scenario, life.need.row, life.need.place) for life in there} == {
        ("minor_accident", "R000005", "620102001001")
    }
    spots = [life.state.answers.get("facts.road_spot") for life in there if life.case is not None]
    assert spots.count("R000005") > 3
    assert set(spots) <= {"R000005", None}
