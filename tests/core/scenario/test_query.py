"""What a scenario declares of its query: each mistake in ``query.yaml`` and ``servings.csv`` says where and what instead."""

from __future__ import annotations

import pytest

from zhuoli.core.scenario.check.catalog_query import QUERY
from zhuoli.core.scenario.folder import read_files
from zhuoli.core.scenario.queries import read_servings
from zhuoli.core.scenario.source import Files, folder_files
from zhuoli.environment import ROOT

FIRE = ROOT / "scenarios" / "fire_equipment_due"


def files(**changes: tuple[str, str]) -> Files:
    found = dict(folder_files(FIRE)[0])
    for stem, (old, new) in changes.items():
        name = {
            "query": "query.yaml",
            "servings": "servings.csv",
            "scenario": "scenario.yaml",
            "finds": "finds.yaml",
        }[stem]
        text = found[name].decode()
        assert old in text
        found[name] = text.replace(old, new, 1).encode()
    return found


def codes(given: Files) -> list[str]:
    return [one.code for one in read_files(given, folder="fire_equipment_due")[1]]


MISTAKES = [
    ("query", "default: 0", "default: 900", "parameter_range"),
    ("query", "  grace:", "  today:", "parameter_reserved"),
    ("query", "reads: [fire_equipment, premises]", "reads: []", "query_reads_nothing"),
    ("query", "most: 40", "most: 0", "query_most"),
    ("query", "floor: 60", "floor: 600", "query_floor"),
    ("query", "verdicts: 20", "verdicts: 0", "query_verdicts"),
    ("query", "not_so: [not_so]", "not_so: [not_so]\nduplicate: [fixed]", "query_two_verdicts"),
    ("query", "{reason: reason_zh", "{reasons: reason_zh, reason: reason_zh", "query_unknown_question"),
    ("query", "{reason: reason_zh, ", "{", "query_lacks_answer"),
    ("query", "not_so: [not_so]", "not_so: [wrong]", "query_unknown_result"),
    ("query", "subject: organisation", "subject: person", "person_subject"),
    ("servings", "serving,title.zh", "id,title.zh", "servings_heading"),
    ("servings", "grace,least", "grace,most", "serving_parameter"),
    ("servings", "6201,0,1", "6201,999,1", "parameter_range"),
    ("servings", "6201,0,1", "6201,x,1", "parameter_range"),
    ("servings", "6201,0,1", "11,0,1", "serving_territory"),
    ("servings", "6201,0,1", "62010,0,1", "serving_territory"),
    ("servings", "6201,0,1", "62010200100,0,1", "serving_territory"),
    ("servings", "\nlanzhou", "\nLanzhou", "bad_serving"),
    ("servings", "\nprovince_month", "\nlanzhou", "bad_serving"),
    ("servings", "兰州：过期就查", "", "serving_title"),
    ("finds", 'today: "2026-03-02"', "today: yesterday", "find_day"),
    ("finds", "    fire_equipment: |", "    vans: |", "find_register"),
    ("finds", "serving: lanzhou", "serving: gansu", "find_serving"),
    ("finds", "serving: lanzhou, ", "", "find_incomplete"),
    ("finds", "pieces: 9", "vans: 9", "query_unknown_column"),
    ("scenario", "channels: [model, field]", "channels: [field]", "query_without_channel"),
    ("scenario", "kind: enterprise}", "kind: enterprise, required: true}", "query_party"),
]


@pytest.mark.parametrize(("stem", "old", "new", "code"), MISTAKES)
def test_each_mistake_is_told(stem: str, old: str, new: str, code: str) -> None:
    found = read_files(files(**{stem: (old, new)}), folder="fire_equipment_due")[1]
    assert code in [one.code for one in found]
    one = next(each for each in found if each.code == code)
    assert one.line > 0
    assert all((one.message.zh, one.message.en, one.remedy.zh, one.remedy.en))


def test_a_town_is_served_only_by_models_that_know_towns() -> None:
    town = ("6201,0,1", "620102006,0,1")
    assert codes(files(servings=town)) == []
    assert "serving_too_small" in codes(files(servings=town, query=("smallest: town\n", "")))


def test_the_files_belong_together_and_every_code_is_shown() -> None:
    whole = files()
    assert codes(whole) == []
    without = {
        "query.yaml": {"query_undeclared", "model_without_query"},
        "query.sql": {"query_missing"},
        "servings.csv": {"servings_missing"},
        "finds.yaml": {"query_without_find"},
    }
    shown = {each[3] for each in MISTAKES} | {"serving_too_small"}
    for name, expected in without.items():
        found = set(codes({key: value for key, value in whole.items() if key != name}))
        assert found == expected
        shown |= found
    assert shown >= QUERY.keys()


def test_a_serving_has_the_parameters_that_it_names() -> None:
    scenario, _ = read_files(files(), folder="fire_equipment_due")
    assert scenario is not None
    assert scenario.query is not None
    found, wrong = read_servings(scenario.servings_text, scenario.query)
    assert not wrong
    assert [(one.id, one.territory, one.values) for one in found] == [
        ("lanzhou", "6201", {"grace": 0, "least": 1}),
        ("province_month", "", {"grace": 30, "least": 10}),
    ]
