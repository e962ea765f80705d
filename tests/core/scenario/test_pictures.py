"""Pictures, choices that are taken from another question, and answers that belong to whoever fills in the form."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from zhuoli.core.case.compile import compile_plan
from zhuoli.core.scenario.folder import read_folder
from zhuoli.core.scenario.labels import labels_of
from zhuoli.core.scenario.model import Picture, Scenario, Thing
from zhuoli.core.scenario.names import personal_names
from zhuoli.core.scenario.pictures import picture_svg
from zhuoli.core.scenario.pictures.points import problem, read_points
from zhuoli.core.scenario.pictures.roads import ROADS
from zhuoli.core.scenario.source import Files
from zhuoli.core.text import Text

from .helpers import good_files, line_of, read

F, S, P = "form.yaml", "scenario.yaml", "pictures.yaml"
LAMP = 'lamp:\n  says: {zh: 灯不亮, en: A lamp is out}\n  road: two_way\n  things:\n    - {kind: car, label: A, points: "10 70, 60 70"}\n'


def edited(*edits: tuple[str, str, str], pictures: str = "") -> Files:
    files = good_files()
    for file, old, new in edits:
        text = files[file].decode()
        assert text.count(old) == 1, (old, text.count(old))
        files[file] = text.replace(old, new).encode()
    if pictures:
        files[P] = pictures.encode()
    return files


def with_picture(name: str = "lamp", pictures: str = LAMP) -> Files:
    return edited(
        (
            F,
            "road: {zh: 马路上的, en: On the road}",
            f"road: {{title: {{zh: 路上, en: Road}}, picture: {name}}}",
        ),
        pictures=pictures,
    )


def test_a_choice_points_at_its_picture() -> None:
    scenario, mistakes = read(with_picture())
    assert not mistakes
    assert scenario is not None
    assert scenario.forms["intake"].questions["kind"].choices["road"].picture == "lamp"
    assert scenario.pictures["lamp"].things[0].label == "A"


def test_a_picture_that_is_not_there_and_one_that_is_left_over() -> None:
    files = with_picture("lmp")
    found = {one.code: one for one in read(files)[1]}
    assert found.keys() == {"unknown_picture", "unused_picture"}
    assert found["unknown_picture"].line == line_of(files, F, "picture: lmp")
    assert "lamp" in found["unknown_picture"].remedy.en
    assert found["unused_picture"].severity == "warning"


@pytest.mark.parametrize(
    ("thing", "key"),
    [
        ('{kind: car, at: "70"}', "at"),
        ('{kind: car, at: "70 121"}', "at"),
        ('{kind: car, at: "７０ ６０，"}', "at"),
        ('{kind: car, points: "10 70"}', "points"),
        ('{kind: car, points: "10 70, x 70"}', "points"),
        ('{kind: car, at: "10 70", turn: left}', "turn"),
        ("{kind: car}", "at"),
    ],
)
def test_what_cannot_be_drawn_is_said_with_its_place(thing: str, key: str) -> None:
    pictures = LAMP.replace('{kind: car, label: A, points: "10 70, 60 70"}', thing)
    (mistake,) = read(with_picture(pictures=pictures))[1]
    assert mistake.code == "bad_point"
    assert (mistake.file, mistake.line) == (P, 5)
    assert key in mistake.message.en


def test_choices_are_taken_from_another_question() -> None:
    more = "lamps:\n      type: integer"
    taken = (
        "what:\n      type: choice\n      title: {zh: 灯, en: Lamp}\n      choices_from: intake.kind\n    "
        + more
    )
    scenario, mistakes = read(edited((F, more, taken)))
    assert not mistakes
    assert scenario is not None
    kinds = scenario.forms["intake"].questions["kind"].choices
    assert scenario.forms["inspection"].questions["what"].choices == kinds
    files = edited((F, more, taken.replace("intake.kind", "intake.kinds")))
    wrong = next(one for one in read(files)[1] if one.code == "unknown_choices")
    assert wrong.line == line_of(files, F, "choices_from")
    assert "intake.kind" in wrong.remedy.en
    twice = taken.replace("choices_from", "choices: {a: {zh: 甲, en: A}}\n      choices_from")
    assert [one.code for one in read(edited((F, more, twice)))[1]] == ["choices_twice"]


def test_self_is_nobody_where_an_office_fills_in_the_form() -> None:
    files = edited((F, "personal: owner", "personal: self"))
    found = [one for one in read(files)[1] if one.code == "self_is_nobody"]
    assert found
    assert found[0].line == line_of(files, F, "personal: self")


def test_the_same_form_belongs_to_each_side_that_fills_it_in(accident: Scenario) -> None:
    owners = personal_names(accident)
    assert owners["first_says.story"] == "requester"
    assert owners["second_says.story"] == "other"
    plan = compile_plan(accident)
    assert plan.forms["second_says"].questions["plate"].question.personal == "other"


@pytest.fixture(scope="module")
def accident() -> Scenario:
    scenario, mistakes = read_folder(Path(__file__).parents[3] / "scenarios" / "minor_accident")
    assert not mistakes
    assert scenario is not None
    return scenario


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_picture_is_sound_svg_that_says_what_it_shows(accident: Scenario, language: str) -> None:
    for name, picture in accident.pictures.items():
        svg = picture_svg(picture, language, ident=f"p-{name}", title=name)
        root = ElementTree.fromstring(svg)
        assert [child.tag for child in root[:2]] == ["title", "desc"], name
        assert root[1].text == picture.says.in_language(language)
        assert root.attrib["aria-labelledby"] == f"p-{name}-t p-{name}-d"
        assert "style=" not in svg
        assert "fill=" not in svg
        labels = {thing.label for thing in picture.things}
        assert {"A", "B"} <= labels, name
        assert sum(thing.kind == "impact" for thing in picture.things) == 1, name


@pytest.mark.parametrize("road", sorted(ROADS))
def test_every_road_can_be_drawn(road: str) -> None:
    picture = Picture(says=Text("甲", "a"), road=road, things=(Thing(kind="arrow", points="1 1, 20 20"),))  # type: ignore[arg-type]
    ElementTree.fromstring(picture_svg(picture, "zh", ident="x"))


def test_points_are_within_the_picture() -> None:
    assert read_points("0 0, 160 120") == ((0.0, 0.0), (160.0, 120.0))
    for written in ("-1 0", "161 0", "1 2 3", "", "nan 3"):
        with pytest.raises(ValueError, match=r".*"):
            read_points(written)
    assert not problem(Thing(kind="car", at="1 1", turn="-20.5"))


def test_every_situation_has_its_picture_its_rule_and_an_article_with_its_version(accident: Scenario) -> None:
    situations = accident.forms["statement"].questions["situation"].choices
    assert len(situations) >= 21
    table = compile_plan(accident).tables["liability"]
    by_situation: dict[str, str] = {}
    for name in situations:
        facts = {"facts.special": "nothing", "facts.fault": "none", "facts.situation": name}
        decision = table.decide(facts)
        (number,) = decision.rules
        rule = next(one for one in table.rules.rules if one.number == number)
        by_situation[name] = rule.notes["article"].zh
        assert (situations[name].picture == name) == (name != "other")
    for name, article in by_situation.items():
        assert re.match(r"(道交法\(2021\)|实施条例\(2017\)|处理规定\(2018\))第.+条", article), name


LAWFUL = {
    ("full", "none"),
    ("main", "secondary"),
    ("secondary", "main"),
    ("equal", "equal"),
    ("none", "none"),
}


def test_whatever_the_facts_the_degrees_fit_and_follow_the_side(accident: Scenario) -> None:
    plan = compile_plan(accident)
    facts = accident.forms["facts"].questions
    for special in facts["special"].choices:
        for fault in facts["fault"].choices:
            for situation in facts["situation"].choices:
                known = {"facts.special": special, "facts.fault": fault, "facts.situation": situation}
                given = plan.tables["liability"].decide(known).outputs
                pair = (given["a"], given["b"])
                assert pair in LAWFUL or (situation == "other" and pair == ("open", "open"))
                sides = {}
                for acting in ("first", "second"):
                    outputs = (
                        plan.tables["sides"]
                        .decide({"liability.a": given["a"], "facts.acting": acting})
                        .outputs
                    )
                    sides[acting] = (outputs["first"], outputs["second"])
                assert sides["first"] == pair
                assert sides["second"] == pair[::-1]


def test_the_way_is_the_lawful_one(accident: Scenario) -> None:
    table = compile_plan(accident).tables["channel"]
    usual = {
        "form.hurt": "none",
        "form.at_once": False,
        "form.all_agree": False,
        "form.after_moving": False,
        "form.kind": "motor_motor",
        "form.wish": "own",
    }
    for changes, way, officer in (
        ({}, "own", "if_asked"),
        ({"form.wish": "online"}, "online", "if_asked"),
        ({"form.wish": "officer"}, "simplified", "now"),
        ({"form.kind": "three_or_more"}, "simplified", "now"),
        ({"form.after_moving": True}, "simplified", "now"),
        ({"form.at_once": True}, "ordinary", "now"),
        ({"form.at_once": True, "form.hurt": "slight", "form.all_agree": True}, "ordinary", "now"),
        ({"form.hurt": "slight"}, "ordinary", "now"),
        ({"form.hurt": "slight", "form.all_agree": True}, "simplified", "now"),
        ({"form.hurt": "dead", "form.all_agree": True}, "ordinary", "now"),
    ):
        outputs = table.decide({**usual, **changes}).outputs
        assert (outputs["way"], outputs["officer"]) == (way, officer), changes


def test_only_an_officer_determines(accident: Scenario) -> None:
    """Auxiliaries guide (art. 20): the tasks that establish facts or liability ask for the role officer."""
    tasks = {name: task for stage in accident.stages.values() for name, task in stage.human_tasks.items()}
    assert {name for name, task in tasks.items() if task.role == "officer"} == {
        "come",
        "facts",
        "determine",
        "certificate",
        "again",
        "conclude",
    }


def test_conclusions_are_called_by_words(accident: Scenario) -> None:
    labels = labels_of(accident)
    assert labels["channel.way=online"].zh == "共同申请网上认定"
    assert labels["liability.a=full"].en == "Full"
