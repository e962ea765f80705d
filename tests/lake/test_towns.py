"""A model that declares towns finds in each town what lies there, and all its towns together what the county finds."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from tests.shelf import project_shelf

from zhuoli.core.registers import read_registers
from zhuoli.core.scenario.queries import Find, Serving, read_servings
from zhuoli.core.worktime.instants import DAY, day_begins
from zhuoli.environment import ROOT
from zhuoli.lake.finds import fill
from zhuoli.lake.night import try_out

REGISTERS = read_registers(ROOT / "registers").registers
SHELF = project_shelf().scenarios
TOWNS = sorted(name for name, one in SHELF.items() if one.query and one.query.smallest == "town")
ELSEWHERE = "999"
_COUNTY = re.compile(r"\b(62\d{2}(?!00)\d{2})0{6}\b")


def test_models_about_places_and_our_own_work_know_towns() -> None:
    assert {"fire_equipment_due", "village_without_post", "service_surge", "case_about_late"} <= set(TOWNS)
    assert len(TOWNS) >= 12


@pytest.mark.parametrize("name", TOWNS)
def test_towns_together_find_what_the_county_finds(tmp_path: Path, name: str) -> None:
    scenario = SHELF[name]
    query = scenario.query
    assert query is not None
    served = read_servings(scenario.servings_text, query)[0]
    seen = 0
    for number, find in enumerate(scenario.finds.values()):
        texts = {register: _in_a_town(register, text) for register, text in find.registers.items()}
        lake = tmp_path / str(number)
        for register, text in texts.items():
            fill(lake, REGISTERS[register], text)
        towns = {
            code[:9]
            for text in texts.values()
            for code in re.findall(r"\b62\d{10}\b", text)
            if code[6:9] != "000"
        }
        for county in sorted({town[:6] for town in towns}):
            for one in served:
                whole = found(lake, name, one, county, find)
                parts = [
                    found(lake, name, one, town, find) for town in sorted(towns) if town.startswith(county)
                ]
                assert sorted(each for part in parts for each in part) == whole, (one.id, county)
                assert found(lake, name, one, county + ELSEWHERE, find) == []
                seen += len(whole)
    assert seen, "no example finds anything, so nothing was compared"


def found(lake: Path, name: str, serving: Serving, territory: str, find: Find) -> list[str]:
    """What one parameter set finds in a territory; places without the digits of their town."""
    served = Serving(id="one", title=serving.title, territory=territory, values=serving.values)
    now = day_begins((date.fromisoformat(find.today) - date(1970, 1, 1)).days) + DAY // 4
    made = try_out(lake, REGISTERS, SHELF[name], [served], now=now)
    assert all(hit.territory.startswith(territory[:6]) for hit in made.hits)
    place = name == "service_surge"  # what surges is a town in a town, a county in a county
    return sorted(hit.subject[:6] if place else hit.subject for hit in made.hits)


def _in_a_town(register: str, text: str) -> str:
    """The examples of our own work tell counties; here they lie in a town of it."""
    return _COUNTY.sub(r"\g<1>006000", text) if register in ("loop_cases", "units") else text
