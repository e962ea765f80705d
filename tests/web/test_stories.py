"""The worked examples as stories: every step of every example is lived through on the real office."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from tests.shelf import project_shelf
from tests.web.site import Clock, Visitor, open_need

from zhuoli.core.case.examples import run_example
from zhuoli.core.case.state import Case
from zhuoli.office.directory import _post, _territory, _unit, load_directory, load_places
from zhuoli.office.stories import FIRST_OF_THE_CITY, is_story
from zhuoli.office.worker import Worker
from zhuoli.places import packaged_divisions
from zhuoli.places.posts import make_posts
from zhuoli.places.units import make_units
from zhuoli.store.models import CaseRecord, EntryRecord, Post, Territory, Unit
from zhuoli.store.replay import replay
from zhuoli.store.tree import seal
from zhuoli.store.verify import verify
from zhuoli.web import door, when
from zhuoli.web.stories import frame

SHELF = project_shelf().scenarios
STORIES = [(name, example) for name, scenario in SHELF.items() for example in scenario.examples]
LAMP = "/en/stories/public_need/street_light_settled/"


@pytest.fixture
def told(clock: Clock, demo: None) -> Clock:
    """The site with the four districts in which examples play."""
    more = ("62", "6201", "620104", "620105")
    rows = [each for each in packaged_divisions() if each.prefix in more or each.code[:6] in more]
    known = set(Territory.objects.values_list("code", flat=True))
    units = [each for each in make_units(rows) if each.territory[:6] in more]
    Territory.objects.bulk_create(_territory(each) for each in rows if each.code not in known)
    Unit.objects.bulk_create(_unit(each) for each in units)
    Post.objects.bulk_create(_post(each) for each in make_posts(units))
    load_directory(fresh=True)
    load_places(fresh=True)
    door.office.cache_clear()
    frame.player.cache_clear()
    return clock


def dates(case: Case) -> dict[str, object]:
    """The limits of a case by clock, without the ids of units."""
    return {
        name: (each.promised, each.statutory, each.passed)
        for name, each in case.clocks.items()
        if ":" not in name
    }


def test_stories_are_found_by_whom_they_are_for(told: Clock, visitor: Visitor) -> None:
    visitor.get("/en/stories/")
    for name in ("What residents raise", "Enterprises", "What offices and models find"):
        assert name in visitor.text
    places = [
        visitor.html.index(f'id="{each}"')
        for each in ("public_need", "enterprise_visit", "fire_equipment_due")
    ]
    assert places == sorted(places)
    assert visitor.html.count('<details class="tales"') == len(door.scenarios())


def test_every_step_of_every_example(told: Clock) -> None:
    player = frame.player()
    ends: dict[str, int] = {}
    for scenario, example in STORIES:
        play = player.begin(scenario, example)
        expected = SHELF[scenario].examples[example]
        refused = {number for number, step in enumerate(expected.steps) if step.refused}
        while (step := player.next_step(play)) is not None:
            play = player.step(play)
            assert play.trouble == ("", ""), f"{scenario}/{example}: {step.do} {play.trouble}"
        assert {number for number, _, _ in play.refusals} == refused, f"{scenario}/{example}"
        state = door.load(play.case)
        same = run_example(SHELF[scenario], example, calendar=door.calendar()).steps[-1].case
        assert (state.status, state.result, state.score, state.contests) == (
            same.status,
            same.result,
            same.score,
            same.contests,
        ), f"{scenario}/{example}"
        assert dates(state) == dates(same), f"{scenario}/{example}: every date is as it was tested"
        assert is_story(state.id)
        ends[state.status] = ends.get(state.status, 0) + 1
    assert {"settled", "unconfirmed", "refused", "withdrawn", "merged"} <= set(ends)


def test_story_goes_through_real_pages(told: Clock, visitor: Visitor) -> None:
    visitor.get("/en/stories/")
    assert LAMP in visitor.html
    visitor.get(LAMP).send("start/")
    assert visitor.path.startswith("/en/my/")
    assert "step 1 of 9" in visitor.text
    assert "Mon 2 Mar, 08:41" in visitor.text, "the story's own clock"
    visitor.send("stories/next/")
    assert visitor.path.startswith("/en/desk/cases/")
    assert "step 2 of 9" in visitor.text
    assert "days left" in visitor.text, "nothing is late: the page goes by the story's clock"
    number = int(visitor.path.split("/")[4])
    assert is_story(number)
    assert EntryRecord.objects.filter(case_id=number, command="accept").exists()
    for _ in range(2):
        visitor.send("stories/next/")
    assert "Refused" in visitor.text
    visitor.get("/en/stories/steps/2/")
    assert "What followed from it" in visitor.text
    visitor.send("stories/now/").send("stories/rest/")
    assert "This is the end of the story" in visitor.text
    assert 'class="seal"' in visitor.html
    assert door.load(number).status == "settled"
    visitor.send("stories/leave/")
    assert "storybar" not in visitor.html


def test_same_step_sent_twice_is_done_once(told: Clock, demo: None) -> None:
    client = Client()
    client.post(f"{LAMP}start/")
    for _ in range(2):
        client.post("/en/stories/next/", {"done": "1"})
    play = client.session["play"]
    assert play["done"] == 2
    assert (
        list(EntryRecord.objects.filter(case_id=play["case"]).values_list("command", flat=True)).count(
            "accept"
        )
        == 1
    )


def test_the_bar_says_who_comes_next_and_until_when_time_passes(told: Clock, visitor: Visitor) -> None:
    visitor.get("/zh/stories/public_need/manhole_made_safe/").send("start/")
    assert "您现在是 反映人" in visitor.text, "the party whose step it was, not just any resident"
    visitor.send("stories/next/")
    assert "时间走到 4月13日（周一） 20:05" in visitor.text
    assert "让时间走" in visitor.text
    visitor.send("stories/next/").get("/zh/stories/public_need/manhole_made_safe/")
    assert "时间" not in re.search(r"出场(.*?)从", visitor.text)[1]  # type: ignore[index]


def test_what_the_visitor_did_by_hand_can_be_skipped(told: Clock, visitor: Visitor) -> None:
    visitor.get(LAMP).send("start/")
    visitor.send("stories/next/")
    visitor.send("claim/")  # the story's third step, done by the visitor on the page itself
    visitor.send("stories/next/")
    assert "This step could not be done" in visitor.text
    assert "step 2 of 9" in visitor.text
    visitor.send("stories/skip/")
    assert "step 3 of 9" in visitor.text
    visitor.send("stories/rest/")
    assert "This is the end of the story" in visitor.text


def test_stories_stay_out_of_lists_figures_and_the_workers_hands(told: Clock, visitor: Visitor) -> None:
    open_need(visitor)
    before = set(CaseRecord.city_cases.values_list("id", flat=True))
    client = Client()
    client.post("/en/stories/public_need/street_light_settled/start/")
    client.post("/en/stories/next/", {"done": "1"})
    story = client.session["play"]["case"]
    assert set(CaseRecord.city_cases.values_list("id", flat=True)) == before
    assert CaseRecord.objects.filter(id=story).exists()
    assert all(case >= FIRST_OF_THE_CITY for case in before)
    told.pass_hours(24 * 200)
    worker = Worker(door.office(), {}, name="w")
    assert story not in {wake.case_id for wake in worker.take()}
    assert str(story) not in Client().get("/healthz").content.decode()


def test_the_ledger_with_stories_verifies(told: Clock, visitor: Visitor, tmp_path: Path) -> None:
    heads = tmp_path / "heads.jsonl"
    open_need(visitor)
    seal(heads, when.now())
    for example in ("street_light_settled", "silence_unconfirmed", "duplicate_merged"):
        client = Client()
        client.post(f"/en/stories/public_need/{example}/start/")
        client.post("/en/stories/rest/")
    seal(heads, when.now() + 1)
    assert verify(heads, when.now() + 1).faults == []
    assert replay().equal


def test_there_are_no_stories_in_service(clock: Clock, visitor: Visitor) -> None:
    for path in ("/en/stories/", LAMP, "/en/stories/steps/1/"):
        assert visitor.get(path).status == 404
    assert Client().post(f"{LAMP}start/").status_code == 404
    assert not CaseRecord.objects.exists()


def test_a_story_that_does_not_exist(told: Clock, visitor: Visitor) -> None:
    assert visitor.get("/en/stories/public_need/nothing/").status == 404
    assert visitor.get("/en/stories/nothing/nothing/").status == 404
    assert Client().post("/en/stories/next/").status_code == 404
    assert visitor.get("/en/stories/steps/99/").status == 404
