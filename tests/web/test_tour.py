"""The tour through the pages alone, as a browser without script walks it."""

from __future__ import annotations

import math
import re

import pytest
from django.test import Client
from tests.shelf import project_shelf
from tests.web.site import Clock, Visitor
from tests.web.test_stories import told

from zhuoli.demo.tourbook import FOLDER, Chapter, read_tour
from zhuoli.office.stories import is_story
from zhuoli.store.models import CaseRecord, EntryRecord
from zhuoli.web import door

__all__ = ["told"]

SHELF = project_shelf().scenarios
CHAPTERS = read_tour(FOLDER, SHELF)[0]
LANGUAGES = {"zh": "您", "en": "you"}


def move(visitor: Visitor, to: str) -> Visitor:
    return visitor.send("tour/move/", to=to)


def issued(chapter: Chapter, case: int) -> None:
    """Hold the ledger against the example: each command that was not to be refused has its entry."""
    entries = list(EntryRecord.objects.filter(case_id=case).order_by("seq").values_list("command", flat=True))
    steps = SHELF[chapter.scenario].examples[chapter.example].steps
    wanted = [step.do for step in steps if step.do != "wait" and not step.refused]
    for command in set(wanted):
        assert entries.count(command) >= wanted.count(command), f"{chapter.id}: {command} in {entries}"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_whole_tour(told: Clock, visitor: Visitor, lang: str) -> None:
    visitor.get(f"/{lang}/")
    assert f'href="/{lang}/tour/"' in visitor.html
    move(visitor.get(f"/{lang}/tour/"), "begin")
    for chapter in CHAPTERS:
        assert visitor.path == f"/{lang}/tour/{chapter.id}/"
        assert chapter.opening.in_language(lang) in visitor.text
        for number, stop in enumerate(chapter.stops, start=1):
            move(visitor, "next")
            assert visitor.status == 200, visitor.text
            assert stop.say.in_language(lang) in visitor.text, f"{chapter.id}, stop {number}: {visitor.path}"
            for _, said in stop.marks():
                assert said.in_language(lang) in visitor.text
            refused = any(
                step.refused
                for step in SHELF[chapter.scenario]
                .examples[chapter.example]
                .steps[
                    sum(len(each.do) for each in chapter.stops[: number - 1]) : sum(
                        len(each.do) for each in chapter.stops[:number]
                    )
                ]
            )
            assert ("tourtold" in visitor.html) == refused, f"{chapter.id}, stop {number}"
        case = visitor.client.session["tour"]["play"]["case"]
        assert is_story(case)
        issued(chapter, case)
        assert door.load(case).status == "settled"
        move(visitor, "next")
        assert visitor.path == f"/{lang}/tour/{chapter.id}/figure/"
        assert 'class="changed"' in visitor.html, "the visitor's own case moves the figure"
        move(visitor, "next")
    assert visitor.path == f"/{lang}/tour/"
    assert "tourbar" not in visitor.html
    visitor.get(f"/{lang}/")
    assert f'href="/{lang}/tour/"' in visitor.html, "it may be walked again"
    assert not CaseRecord.city_cases.exists(), "the city's own figures are as before"


def test_what_comes_after_the_ten_minutes_is_offered_and_not_counted_in(
    told: Clock, visitor: Visitor
) -> None:
    first, more = (
        sum(each.seconds("en") for each in CHAPTERS if each.more == after) for after in (False, True)
    )
    assert f"about {math.ceil(first / 60)} min" in visitor.get("/en/tour/").text
    assert "If you like to go on" in visitor.text
    move(visitor, "begin")
    last = [each for each in CHAPTERS if not each.more][-1]
    move(visitor, f"go:{last.id}")
    for _ in range(last.pages - 1):
        move(visitor, "next")
    assert visitor.path == f"/en/tour/{last.id}/figure/"
    assert "More, if you like" in visitor.text
    move(visitor, "next")
    assert f"about {math.ceil(more / 60)} min left" in visitor.text


def test_an_answer_moves_how_often_the_model_is_right(told: Clock, visitor: Visitor) -> None:
    move(visitor.get("/en/tour/"), "go:found")
    move(move(visitor, "next"), "next")
    assert visitor.path.startswith("/en/desk/cases/")
    assert "You are The software" not in visitor.text, (
        "who looks is the officer, also where the software did the step"
    )
    assert "1 piece of fire equipment of" in visitor.text, "the case says why it was found"
    move(move(visitor, "next"), "next")
    assert visitor.path == "/en/tour/found/figure/"
    assert "Confirmed hits 0 0 Hits that were not so 0 1" in visitor.text
    assert "How often it is right none yet 0.0% (0 of 1)" in visitor.text
    visitor.get("/en/shelf/fire_equipment_due/")
    assert visitor.status == 200, "whoever answers may see the model's own page"


def test_what_is_put_right_counts_for_the_campaign(told: Clock, visitor: Visitor) -> None:
    move(visitor.get("/en/tour/"), "go:vans")
    for _ in range(3):
        move(visitor, "next")
    assert visitor.path == "/en/board/progress/"
    assert "Vans and firms are counted" in visitor.text, "the caption belongs to this page"
    move(visitor, "next")
    assert "Checked 0 1 Put right 0 1" in visitor.text
    assert 'href="/en/board/progress/?scenario=van_safety_campaign"' in visitor.html


def test_leave_and_go_on_later(told: Clock, visitor: Visitor) -> None:
    move(move(move(visitor.get("/en/tour/"), "begin"), "next"), "next")
    here = visitor.path
    assert here.startswith("/en/my/")
    move(visitor, "leave")
    assert visitor.path == "/en/"
    assert "tourbar" not in visitor.html
    assert re.search(r"Chapter 1, A dark street light: about \d+ min left", visitor.text)
    move(visitor, "resume")
    assert visitor.path == here
    assert "Chapter 1, 3/8" in visitor.text
    move(visitor, "begin")
    assert visitor.path == "/en/tour/street_light/"


def test_skipping(told: Clock, visitor: Visitor) -> None:
    first = CHAPTERS[0]
    move(move(visitor.get("/en/tour/"), "begin"), "next")
    move(move(visitor, "skip"), "skip")
    assert first.stops[4].say.en in visitor.text
    case = visitor.client.session["tour"]["play"]["case"]
    assert EntryRecord.objects.filter(case_id=case, command="accept").exists(), "what is skipped happens"
    move(visitor, "chapter")
    assert visitor.path == f"/en/tour/{CHAPTERS[1].id}/"
    move(visitor, f"go:{CHAPTERS[-1].id}")
    assert visitor.path == f"/en/tour/{CHAPTERS[-1].id}/"
    move(visitor, "chapter")
    assert "That was the tour" in visitor.text


def test_what_the_visitor_does_by_hand_does_not_stop_the_tour(told: Clock, visitor: Visitor) -> None:
    move(visitor.get("/en/tour/"), "begin")
    for _ in range(4):
        move(visitor, "next")
    assert visitor.path.startswith("/en/desk/cases/")
    visitor.task("look").send(
        "/complete/", outcome="found", a_seen="Dark.", a_looked_on="2026-03-02", a_still_dangerous="no"
    )
    assert visitor.status == 200, visitor.text
    move(visitor, "next")
    assert "perhaps you have done it by hand" in visitor.text
    move(visitor, "next")
    assert CHAPTERS[0].stops[5].say.en in visitor.text
    assert door.load(visitor.client.session["tour"]["play"]["case"]).status == "settled"


def test_a_form_sent_twice_goes_on_once(told: Clock) -> None:
    client = Client()
    client.post("/en/tour/move/", {"to": "begin"})
    for _ in range(3):
        client.post("/en/tour/move/", {"to": "next", "at": "street_light:0"})
    assert client.session["tour"]["page"] == 1


@pytest.mark.parametrize("to", ["", "nothing", "go:", "go:nothing", "next", "resume", "skip:x", "leave"])
def test_a_move_that_makes_no_sense(told: Clock, to: str) -> None:
    client = Client()
    assert client.post("/en/tour/move/", {"to": to}).status_code in (302, 404)
    client.post("/en/tour/move/", {"to": "begin"})
    client.post("/en/tour/move/", {"to": to, "at": "street_light:7"})
    assert client.session["tour"]["page"] == 0
    session = client.session
    session["tour"] = {"chapter": "gone", "page": 99}
    session.save()
    assert client.get("/en/").status_code == 200
    assert client.post("/en/tour/move/", {"to": "next"}).status_code == 302


def test_stepping_aside(told: Clock, visitor: Visitor) -> None:
    move(move(visitor.get("/en/tour/"), "begin"), "next")
    here = CHAPTERS[0].stops[0].say.en
    assert here in visitor.text
    visitor.get("/en/services/")
    assert "Back to this step" in visitor.text
    assert here not in visitor.text
    visitor.get("/en/stories/public_need/street_light_settled/").send("start/")
    assert "tourbar" not in visitor.html, "a story of one's own choice comes first"
    visitor.send("stories/leave/")
    assert "tourbar" in visitor.html


def test_there_is_no_tour_in_service(clock: Clock, visitor: Visitor) -> None:
    for path in ("/en/tour/", "/en/tour/street_light/", "/en/tour/street_light/figure/"):
        assert visitor.get(path).status == 404
    assert "tour" not in visitor.get("/en/").html
