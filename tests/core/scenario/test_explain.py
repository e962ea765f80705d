"""The page that explains a scenario says everything that the folder says, in the language asked for."""

from __future__ import annotations

import re

import pytest

from zhuoli.core.scenario import model
from zhuoli.core.scenario.explain import explain
from zhuoli.core.scenario.explain.page import AUDIENCES, EXPIRES, KINDS, TYPES
from zhuoli.core.scenario.explain.words import LATE_WORDS, Words
from zhuoli.core.scenario.folder import read_folder
from zhuoli.core.scenario.model import Criterion, Scenario
from zhuoli.core.scenario.shapes import Scalar, record

from .helpers import GOOD


@pytest.fixture(scope="module")
def lamp() -> Scenario:
    scenario, mistakes = read_folder(GOOD)
    assert scenario is not None, mistakes
    return scenario


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everything_with_a_title_is_on_the_page(lamp: Scenario, language: str) -> None:
    page = explain(lamp, language)
    titled = [lamp.title, lamp.purpose, *(one.title for one in lamp.closing.results.values())]
    titled += [one.title for one in lamp.forms["intake"].questions.values()]
    titled += [one.title for one in lamp.acceptance.refusal_reasons.values()]
    titled += [one.title for one in lamp.examples.values()]
    titled += [one.title for one in lamp.indicators.values()]
    titled += [one.title for one in lamp.milestones.values()]
    for stage in lamp.stages.values():
        titled.append(stage.title)
        for group in (stage.human_tasks, stage.service_tasks, stage.decision_tasks, stage.timers):
            titled += [one.title for one in group.values()]  # type: ignore[attr-defined]
        for task in stage.human_tasks.values():
            titled += [one.title for one in task.outcomes.values()]
    for title in titled:
        assert title.in_language(language) in page
    assert "110" in page
    assert "城市照明管理规定" in page


def test_the_english_page_has_no_chinese_but_names_of_laws(lamp: Scenario) -> None:
    page = explain(lamp, "en")
    left = re.sub(r"《[^》]*》(第[一-龥]+条)*", "", page)
    assert not re.search(r"[一-龥]", left), re.findall(r".*[一-龥].*", left)


def test_no_raw_names_are_left_in_conditions(lamp: Scenario) -> None:
    for language in ("zh", "en"):
        page = explain(lamp, language)
        assert "form." not in page
        assert "inspect." not in page
        assert ".completed" not in page


def test_events_and_conditions_in_words(lamp: Scenario) -> None:
    words = Words(lamp)
    both = words.criterion(Criterion(on=("inspect.cable", "grade.completed"), when='grade.level = "high"'))
    assert both.zh == "“查看”的结果是“线路断了”、“定级”完成，且“定级：level”等于“high”"
    assert both.en.startswith("“Inspect” ends with “The cable is broken” and “Grade” is done, if ")
    assert words.event("repair.activated").en == "the stage “Repair” begins"
    assert words.event("check_again.occurred").zh == "“一天后再看”到时"
    assert words.event("case.accepted").zh == "受理"
    assert words.who("owner").en == "the owner"
    assert words.who("lead", "supervisor").zh == "责任单位的督办负责人"


def test_every_choice_of_the_model_has_words() -> None:
    def values(struct: type, key: str) -> set[str]:
        shape = record(struct).keys[key].shape
        inner = getattr(shape, "item", shape)
        assert isinstance(inner, Scalar)
        return set(inner.choices)

    assert values(model.Question, "type") == TYPES.keys()
    assert values(model.Scenario, "audience") == AUDIENCES.keys()
    assert values(model.Result, "kind") == KINDS.keys()
    assert values(model.Supplement, "expires") == EXPIRES.keys()
    assert values(model.Due, "late") == LATE_WORDS.keys()
