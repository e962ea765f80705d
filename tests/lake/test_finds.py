"""Worked examples of queries say exactly what differs: not found, found as well, other figures, a case that cannot be opened."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.shelf import project_shelf

from zhuoli.core.case.compile import compile_plan
from zhuoli.core.registers import read_registers
from zhuoli.core.scenario.model import Scenario
from zhuoli.environment import ROOT
from zhuoli.lake.finds import run_find
from zhuoli.lake.night import with_queries

REGISTERS = read_registers(ROOT / "registers").registers
MODELS = with_queries(project_shelf().scenarios)
FIRE = MODELS["fire_equipment_due"]
NAME = "past_its_date_by_a_day"


def said(scenario: Scenario = FIRE, **changes: Any) -> list[str]:
    find = msgspec.structs.replace(scenario.finds[NAME], **changes)
    other = msgspec.structs.replace(scenario, finds={NAME: find})
    return [one.en for one in run_find(other, NAME, REGISTERS, plan=compile_plan(other))]


@pytest.mark.parametrize("name", MODELS)
def test_the_examples_of_every_model_come_true(name: str) -> None:
    scenario = MODELS[name]
    plan = compile_plan(scenario)
    assert len(scenario.finds) >= 2
    assert len(scenario.finds) + len(scenario.examples) >= 6
    assert any(one.finds for one in scenario.finds.values())
    for find in scenario.finds:
        assert run_find(scenario, find, REGISTERS, plan=plan) == ()


def test_what_differs_is_told() -> None:
    [hit] = FIRE.finds[NAME].finds
    assert said() == []
    assert said(finds=()) == [f"P000001 was found by lanzhou as well: {english()}"]
    assert said(finds=(hit, {"serving": "lanzhou", "subject": "P000002"})) == [
        "P000002 was not found by lanzhou"
    ]
    assert said(finds=({**hit, "pieces": 8},)) == ["pieces of P000001 (lanzhou) should be 8, is 9"]
    assert said(today="2026-03-01") != []


def english() -> str:
    return "9 pieces of fire equipment past the service date at 甲宾馆, the earliest since 2026-01-15"


def test_a_register_that_is_written_wrong_is_told() -> None:
    rows = FIRE.finds[NAME].registers
    assert said(registers={**rows, "premises": "premise,name\nP1,x"})[0].startswith(
        "the register premises has no column “premise”"
    )
    assert said(registers={**rows, "premises": "premises,name\nP1"}) == [
        "row 2 of the register premises has 1 cells instead of 2"
    ]
    wrong = rows["fire_equipment"].replace("2026-01-15", "soon")
    assert said(registers={**rows, "fire_equipment": wrong})[0].startswith("the query failed")


def test_a_hit_whose_case_cannot_be_opened_is_told() -> None:
    rows = FIRE.finds[NAME].registers
    wrong = rows["premises"].replace("hotel", "palace")
    [one] = said(registers={**rows, "premises": wrong})
    assert one.startswith("no case can be opened for P000001")
    assert "kind" in one
