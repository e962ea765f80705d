"""A feed and a choice must go with the registers that there are: what does not is told with file, line and a remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from zhuoli.core.registers import read_registers
from zhuoli.core.registers.model import Register
from zhuoli.core.scenario.folder import marks_of, read_folder
from zhuoli.environment import ROOT
from zhuoli.lake.feed_check import check_fed

REGISTERS = read_registers(ROOT / "registers").registers
ACCIDENT = ROOT / "scenarios" / "minor_accident"
FEEDS, FORM = "feeds.yaml", "form.yaml"


def told(
    tmp_path: Path, file: str, old: str, new: str, registers: dict[str, Register]
) -> list[tuple[str, str, str, str]]:
    """Return code, file, the text of the line and the remedy of each mistake after an edit."""
    folder = tmp_path / ACCIDENT.name
    shutil.copytree(ACCIDENT, folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    scenario, mistakes = read_folder(folder)
    assert scenario is not None, mistakes
    return [
        (one.code, one.file, lines[one.line - 1].strip(), one.remedy.en)
        for one in check_fed(scenario, registers, marks_of(folder, FEEDS, FORM))
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "line", "remedy"),
    [
        (FEEDS, "loop_accidents:", "loop_accident:", "feed_register_unknown", "loop_accident:", "Did you mean “loop_accidents”"),
        (FEEDS, "loop_accidents:", "accidents:", "feed_register_closed", "accidents:", "fed_by: loop"),
        (FEEDS, "loop_accidents:", "loop_cases:", "feed_register_closed", "loop_cases:", "fed_by: loop"),
        (FEEDS, "    loss: facts.loss", "    los: facts.loss", "feed_column_unknown", "los: facts.loss", "Did you mean “loss”"),
        (FEEDS, "    county: case.county\n", "", "feed_column_missing", "row:", "county: …"),
        (FEEDS, "    loss: facts.loss", "    loss: form.hurt", "feed_column_type", "loss: form.hurt", "another expression"),
        (FEEDS, "    happened: form.at", "    happened: date(form.at)", "feed_column_type", "happened: date(form.at)", "another expression"),
        (FORM, "      register: road_spots\n", "      register: road_spot\n", "choose_register_unknown", "register: road_spot", "Did you mean “road_spots”"),
        (FORM, "      register: road_spots\n", "      register: accidents\n", "choose_register_unfit", "register: accidents", "name and county"),
    ],
)  # fmt: skip
def test_a_mistake_is_told(
    tmp_path: Path, file: str, old: str, new: str, code: str, line: str, remedy: str
) -> None:
    for found, where, shown, what in told(tmp_path, file, old, new, dict(REGISTERS)):
        assert (found, where, shown) == (code, file, line)
        assert remedy in what
        return
    pytest.fail("nothing is told")


def changed(field: str, **changes: object) -> dict[str, Register]:
    one = REGISTERS["loop_accidents"]
    fields = tuple(
        msgspec.structs.replace(each, **changes) if each.name == field else each for each in one.fields
    )
    return {**REGISTERS, "loop_accidents": msgspec.structs.replace(one, fields=fields)}


def test_what_a_register_does_not_take_is_told(tmp_path: Path) -> None:
    personal = changed("loss", personal=True)
    assert [one[0] for one in told(tmp_path / "a", FEEDS, "row", "row", personal)] == ["feed_column_personal"]
    old, new = "    number: [reference.accidents, hand_over.number]", "    number: channel.way"
    road = REGISTERS["road_spots"].field("road_kind")
    assert road is not None
    kinds = changed("number", categories=road.categories)
    found = told(tmp_path / "b", FEEDS, old, new, kinds)
    assert {one[:3] for one in found} == {("feed_column_value", FEEDS, new.strip())}
    assert all("junction, section, rural" in one[3] for one in found)


def test_the_shelf_goes_with_its_registers() -> None:
    scenario, _ = read_folder(ACCIDENT)
    assert scenario is not None
    assert check_fed(scenario, REGISTERS) == []
