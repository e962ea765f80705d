"""The line: words fit and never overlap, shapes say what colours say, and the drawing tells the truth."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhuoli.core.case.examples import run_example
from zhuoli.core.scenario.folder import read_folder
from zhuoli.core.scenario.line import LINE_CSS, Branch, LineState, StageNow, line_state, line_svg
from zhuoli.core.scenario.line.text import balanced, width, wrap
from zhuoli.core.scenario.model import HumanTask, Scenario, Stage
from zhuoli.core.scenario.shelf import folder_names
from zhuoli.core.text import Text

from .helpers import GOOD

SVG = "{http://www.w3.org/2000/svg}"
SIZES = ("strip", "case", "narrow", "explanation")
WORDS = st.text("现场查看维修领证，。（）abc XYZ1-·", min_size=1, max_size=24).map(
    lambda text: text.strip() or "站"
)
TEXTS = st.builds(Text, WORDS, WORDS)


@pytest.fixture(scope="module")
def lamp() -> Scenario:
    scenario, mistakes = read_folder(GOOD)
    assert scenario is not None, mistakes
    return scenario


class Box(NamedTuple):
    """A line of text as it is drawn."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def boxes(root: ET.Element) -> list[Box]:
    found = []
    for text in root.iter(f"{SVG}text"):
        size = float(text.get("font-size", "0"))
        spans = [(span.text or "", span) for span in text.iter(f"{SVG}tspan")] or [(text.text or "", text)]
        for said, span in spans:
            x, y, wide = float(span.get("x", 0)), float(span.get("y", 0)), width(said, size)
            left = x - wide / 2 if text.get("text-anchor") == "middle" else x
            found.append(Box(said, left, y - size * 0.9, left + wide, y + size * 0.2))
    return found


def assert_readable(svg: str) -> ET.Element:
    root = ET.fromstring(svg)
    wide, tall = float(root.get("width", 0)), float(root.get("height", 0))
    assert root.get("viewBox") == f"0 0 {wide:.0f} {tall:.0f}"
    drawn = boxes(root)
    for box in drawn:
        assert box.left >= -0.5, box
        assert box.right <= wide + 0.5, box
        assert box.top >= -0.5, box
        assert box.bottom <= tall + 0.5, box
    for one, other in itertools.combinations(drawn, 2):
        apart = one.right <= other.left + 0.5 or other.right <= one.left + 0.5
        apart = apart or one.bottom <= other.top + 0.5 or other.bottom <= one.top + 0.5
        assert apart, (one, other)
    return root


def a_scenario(lamp: Scenario, titles: list[tuple[Text, bool]]) -> Scenario:
    task = {"t": HumanTask(title=Text("办", "Do"))}
    stages = {
        f"s{number}": Stage(title=title, required=required, human_tasks=task)
        for number, (title, required) in enumerate(titles)
    }
    return msgspec.structs.replace(lamp, stages=stages)


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_words_never_overlap_and_are_never_cut(lamp: Scenario, data: st.DataObject) -> None:
    titles = data.draw(st.lists(st.tuples(TEXTS, st.booleans()), min_size=1, max_size=7))
    scenario = a_scenario(lamp, titles)
    states = st.sampled_from(["available", "active", "completed", "terminated"])
    now = st.builds(StageNow, state=states, note=st.none() | TEXTS)
    stages = data.draw(st.dictionaries(st.sampled_from(list(scenario.stages)), now))
    branch = st.builds(Branch, title=TEXTS, stage=st.sampled_from(list(scenario.stages)), ended=st.booleans())
    state = data.draw(
        st.none()
        | st.builds(
            LineState,
            stages=st.just(stages),
            paused=st.booleans(),
            pause=st.none() | TEXTS,
            terminus=st.none() | TEXTS,
            opened=st.none() | TEXTS,
            mark=st.sampled_from(
                ["", "settled", "unconfirmed", "withdrawn", "refused", "merged", "answered"]
            ),
            branches=st.lists(branch, max_size=3).map(tuple),
        )
    )
    size = data.draw(st.sampled_from(SIZES))
    language = data.draw(st.sampled_from(["zh", "en"]))
    svg = line_svg(scenario, state, language, size, width=data.draw(st.sampled_from([0, 320, 1000])))
    root = assert_readable(svg)
    if size in ("case", "narrow", "explanation"):
        said = re.sub(r"\s", "", "".join(box.text for box in boxes(root)))
        for title, _ in titles:
            assert re.sub(r"\s", "", title.in_language(language)) in said


@settings(max_examples=200)
@given(text=st.text("中文，。（）ab c1", max_size=60), room=st.floats(20, 300))
def test_breaking_loses_nothing_and_keeps_its_room(text: str, room: float) -> None:
    for lines in (wrap(text, 14, room), balanced(text, 14, room)):
        assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
        for line in lines:
            assert width(line, 14) <= room or len(line) == 1
    assert len(balanced(text, 14, room)) == len(wrap(text, 14, room))


def test_chinese_is_not_broken_before_a_closing_sign() -> None:
    assert wrap("一二三四，五六", 10, 40) == ["一二三", "四，五六"]
    assert wrap("一二三（四）", 10, 40) == ["一二三", "（四）"]
    assert wrap("two words", 10, 50) == ["two", "words"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_every_moment_of_an_example_can_be_drawn(lamp: Scenario, size: str, language: str) -> None:
    for name in lamp.examples:
        for step in run_example(lamp, name).steps:
            state = line_state(step.case, lambda unit: Text(unit, unit), 2026)
            assert_readable(line_svg(lamp, state, language, size))  # type: ignore[arg-type]


def kinds(svg: str) -> list[str]:
    return re.findall(r"zl-stop--(\w+)", svg)


def test_the_drawing_follows_the_case(lamp: Scenario) -> None:
    steps = run_example(lamp, "repaired_in_two_days").steps
    name = lambda unit: Text(unit, unit)  # noqa: E731
    opened, inspecting, repairing, last = (
        line_svg(lamp, line_state(steps[number].case, name, 2026)) for number in (0, 1, 2, -1)
    )
    assert kinds(opened) == ["available", "available"]
    assert kinds(inspecting) == ["active", "available"]
    assert kinds(repairing) == ["completed", "active"]
    assert kinds(last) == ["completed", "completed"]
    assert "已销号" in last
    assert "zl-seal" in last
    assert "zl-seal" not in repairing
    assert "3月5日（周四） 17:30" in inspecting


def test_the_last_stop_says_when_it_was_struck_off(lamp: Scenario) -> None:
    case = run_example(lamp, "repaired_in_two_days").steps[-1].case
    assert case.closed is not None
    agreed = msgspec.structs.replace(case, status="settled", ended=case.closed + 26 * 3_600_000)
    name = lambda unit: Text(unit, unit)  # noqa: E731
    assert line_state(agreed, name, 2026).terminus != line_state(case, name, 2026).terminus
    answered = msgspec.structs.replace(agreed, status="closed")
    without = msgspec.structs.replace(agreed, ended=None)
    told = [line_state(each, name, 2026).terminus for each in (answered, without)]
    assert told[0] == told[1], "an answer that waits to be confirmed stands at the day of the answer"


def test_a_stopped_clock_is_dashed_and_a_joint_unit_a_branch(lamp: Scenario) -> None:
    stages = {"inspection": StageNow(state="active")}
    running = line_svg(lamp, LineState(stages=stages))
    stopped = line_svg(lamp, LineState(stages=stages, paused=True, pause=Text("停", "stopped")))
    joint = line_svg(
        lamp, LineState(stages=stages, branches=(Branch(title=Text("电力", "Power"), stage="inspection"),))
    )
    assert "stroke-dasharray" not in running
    assert "stroke-dasharray" in stopped
    assert "电力" in joint
    assert joint.count("<path") > running.count("<path")


def test_who_does_not_see_it_is_told(lamp: Scenario) -> None:
    root = ET.fromstring(
        line_svg(lamp, LineState(stages={"repair": StageNow(state="active")}), "en", "strip", ident="c7")
    )
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "c7-title c7-desc"
    said = {child.get("id"): child.text for child in root}
    assert said["c7-title"] == "A street lamp is out"
    assert "Repair (under way)" in (said["c7-desc"] or "")


def test_text_of_people_stays_text(lamp: Scenario) -> None:
    bad = Text("<script>&\"'", "<script>&\"'")
    scenario = a_scenario(lamp, [(bad, True)])
    svg = line_svg(scenario, LineState(stages={"s0": StageNow(state="active", note=bad)}), "en", ident="x")
    assert "<script" not in svg
    ET.fromstring(svg)


def test_no_style_attribute_and_nothing_from_elsewhere(lamp: Scenario) -> None:
    for size in SIZES:
        svg = line_svg(lamp, None, "zh", size, alone=True)  # type: ignore[arg-type]
        assert " style=" not in svg
        assert "href" not in svg
        assert LINE_CSS.split("\n")[0] in svg
    assert "<style" not in line_svg(lamp)


def test_every_class_that_is_drawn_is_in_the_style_sheet(lamp: Scenario) -> None:
    drawn: set[str] = set()
    marks = ("", "settled", "unconfirmed", "withdrawn", "refused", "merged", "answered")
    for mark, size in itertools.product(marks, SIZES):
        svg = line_svg(
            lamp, LineState(stages={"repair": StageNow(state="terminated")}, mark=mark), "zh", size
        )  # type: ignore[arg-type]
        drawn |= {one for found in re.findall(r'class="([^"]*)"', svg) for one in found.split()}
    known = set(re.findall(r"\.(zl-[\w-]+)", LINE_CSS))
    free = {f"zl-line--{size}" for size in SIZES} | {"zl-stop--completed", "zl-stop--terminated"}
    assert drawn <= known | free


def test_the_shipped_scenarios_can_be_drawn_and_explained() -> None:
    from zhuoli.core.scenario.explain import explain

    shelf = Path(__file__).parents[3] / "scenarios"
    for folder in folder_names(shelf):
        scenario, _ = read_folder(shelf / folder, check=False)
        assert scenario is not None, folder
        for language in ("zh", "en"):
            for size in SIZES:
                assert_readable(line_svg(scenario, None, language, size))  # type: ignore[arg-type]
            page = explain(scenario, language)
            assert page.startswith("# ")
            for stage in scenario.stages.values():
                assert stage.title.in_language(language) in page
