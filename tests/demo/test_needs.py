"""Needs of a day, and texts that fit the shelf."""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

import django
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

django.setup()
sys.path.insert(0, str(Path(__file__).parent))

from paper import evidence, places, plans  # noqa: E402, F401

from zhuoli.core.case.state import Clock  # noqa: E402
from zhuoli.core.text import Text  # noqa: E402
from zhuoli.core.worktime import statutory_calendar  # noqa: E402
from zhuoli.core.worktime.instants import DAY, HOUR, day_begins, day_of  # noqa: E402
from zhuoli.demo.needs import Geography, plan_day  # noqa: E402
from zhuoli.demo.people import at_work, awake, fate, score, time_for, traits  # noqa: E402
from zhuoli.demo.texts import demo_texts  # noqa: E402

MONDAY = 20_780  # 2026-11-23, a working day
SUNDAY = MONDAY - 1


@pytest.fixture(scope="module")
def geography() -> Geography:
    return Geography(places())


def test_a_day_is_planned_the_same_again(geography: Geography) -> None:
    calendar = statutory_calendar()
    assert calendar.is_working(MONDAY)
    assert not calendar.is_working(SUNDAY)
    one, two = (plan_day(random.Random(5), MONDAY, demo_texts(), geography, calendar) for _ in range(2))
    assert one == two
    assert all(day_begins(MONDAY) <= need.at < day_begins(MONDAY + 3) for need in one)
    assert [need.at for need in one] == sorted(need.at for need in one)


def test_free_days_are_quieter_and_volume_counts(geography: Geography) -> None:
    calendar, texts = statutory_calendar(), demo_texts()

    def total(day: int, volume: float = 1.0) -> int:
        return sum(
            len(plan_day(random.Random(seed), day, texts, geography, calendar, volume)) for seed in range(40)
        )

    assert total(SUNDAY) < 0.75 * total(MONDAY)
    assert total(MONDAY, 0.25) < 0.4 * total(MONDAY)


def test_places_are_real_and_lanzhou_speaks_most(geography: Geography) -> None:
    rng = random.Random(2)
    drawn = Counter(geography.draw(rng) for _ in range(4000))
    assert all(places().get(code) is not None for code in drawn)
    cities: Counter[str] = Counter()
    for code, count in drawn.items():
        cities[code[:4]] += count
    assert cities.most_common(1)[0][0] == "6201"
    assert len(cities) == 14


def test_texts_name_only_what_the_scenarios_have() -> None:
    for name, texts in demo_texts().scenarios.items():
        plan = plans()[name]
        questions = {
            full: asked
            for form in plan.forms.values()
            for full, asked in ((a.full, a) for a in form.questions.values())
        }
        named = {
            *texts.answers,
            *texts.texts,
            *texts.dates,
            *texts.from_matter,
            *([texts.misfiled] if texts.misfiled else []),
        }
        for matter in texts.matters:
            named |= set(matter.set)
        assert named <= set(questions), name
        for full, weights in texts.answers.items():
            asked = questions[full].question
            if asked.type == "integer":
                low, high = int(asked.min or 0), int(asked.max or 10**9)
                assert all(isinstance(each, int) and low <= each <= high for each in weights), full
                continue
            known = set(asked.choices) if asked.choices else {True, False}
            assert set(weights) <= known, full
        for matter in texts.matters:
            for full, value in matter.set.items():
                asked = questions[full].question
                if isinstance(value, dict):
                    assert asked.type == "text"
                    assert set(value) == {"zh", "en"}
                    continue
                if asked.type not in ("choice", "many", "yes_no"):
                    continue  # a number, a date, a place: the core reads it when the case is opened
                said = value if isinstance(value, list) else [value]
                assert set(said) <= (set(asked.choices) if asked.choices else {True, False}), (full, value)
                assert isinstance(value, list) == (asked.type == "many"), full
        for task, outcomes in texts.outcomes.items():
            human = plan.items[task].human
            assert human is not None
            assert set(outcomes) == set(human.outcomes), task
        for full, by in texts.by_outcome.items():
            human = plan.items[full.partition(".")[0]].human
            assert human is not None
            assert full in questions
            assert set(by) <= set(human.outcomes), full
        for name_of_reason in texts.reasons:
            task, _, outcome = name_of_reason.partition(".")
            human = plan.items[task].human
            assert human is not None
            assert human.outcomes[outcome].reason, name_of_reason
        assert set(texts.channels) <= set(plan.scenario.channels) | {"guardian"}


def test_every_phrase_can_be_filled() -> None:
    texts, rng = demo_texts(), random.Random(1)
    unit = Text("某单位", "some unit")
    for kind in texts.loop:
        if kind != "comment":
            for _ in range(20):
                said = texts.phrase(rng, kind, unit=unit)
                assert "{" not in said
                assert said.count("\n") == 1
    for stars in range(1, 6):
        assert isinstance(texts.comment(rng, stars), str)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6), st.integers(MONDAY - 400, MONDAY + 40), st.integers(0, DAY - 1))
def test_people_work_and_wake_at_human_hours(seed: int, day: int, moment: int) -> None:
    calendar = statutory_calendar()
    at = day_begins(day) + moment
    for kind in ("bureau", "station"):
        then = at_work(random.Random(seed), calendar, kind, at)
        assert then >= at
        hour = (then - day_begins(day_of(then))) / HOUR
        if kind == "bureau":
            assert calendar.is_working(day_of(then))
            assert 8.5 <= hour < 18
        else:
            assert 7.5 <= hour < 22
            assert then - at < DAY
    up = awake(random.Random(seed), at)
    assert at <= up < at + DAY
    assert 7 <= (up - day_begins(day_of(up))) / HOUR < 23


def test_traits_and_fate_follow_from_the_seed() -> None:
    assert traits(1, "psb-62") == traits(1, "psb-62")
    slow = [traits(1, f"unit-{number}").slow for number in range(2000)]
    assert 0.1 < sum(each > 1.25 for each in slow) / 2000 < 0.3
    assert fate(random.Random(3)) == fate(random.Random(3))


@given(st.integers(0, 10**6), st.booleans(), st.integers(0, 3), st.booleans(), st.floats(0, 100))
def test_stars_stay_between_one_and_five(
    seed: int, late: bool, reopenings: int, negative: bool, days: float
) -> None:
    lot = fate(random.Random(seed))
    stars = score(lot, 0.0, late=late, reopenings=reopenings, negative=negative, days=days)
    assert 1 <= stars <= 5
    assert score(lot, 0.0, late=False, reopenings=0, negative=False, days=0) >= stars


def test_time_without_a_clock_is_hours_to_days() -> None:
    took = [time_for(random.Random(seed), None, 0, 1.0) for seed in range(500)]
    assert min(took) > HOUR / 2
    assert sorted(took)[250] < 2 * DAY
    assert time_for(random.Random(1), Clock(start=0, calendar="x"), 0, 1.0) > 0
