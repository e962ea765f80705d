"""``./zhuoli model`` end to end: list, try with other parameters, compare servings and folders; what it refuses says what to do."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.lake.test_model import ROWS

from zhuoli.cli.model import model
from zhuoli.cli.register import register
from zhuoli.core.registers import read_registers
from zhuoli.environment import ROOT
from zhuoli.lake.importing import import_file

FIRE = "fire_equipment_due"
NOW = 1_717_200_000_000


def run(*arguments: object, group: Any = model) -> Result:
    return CliRunner().invoke(group, [str(each) for each in arguments])


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with tiny registers and no database: authors need none."""
    monkeypatch.setenv("ZHUOLI_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("ZHUOLI_DATABASE_URL", raising=False)
    monkeypatch.setenv("ZHUOLI_LANG", "en")
    registers = read_registers(ROOT / "registers").registers
    for name, rows in ROWS.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(rows, encoding="utf-8")
        import_file(tmp_path / "data" / "lake", registers, name, path, now=NOW)
    return tmp_path / "data"


def told(*arguments: object) -> Any:
    made = run(*arguments, "--json")
    assert made.exit_code == 0, made.output
    return json.loads(made.stdout)


def test_models_are_listed_tried_and_run(data: Path) -> None:
    found = {one["model"]: one for one in told("list")}
    assert [one["id"] for one in found[FIRE]["servings"]] == ["lanzhou", "province_month"]
    assert told("try", FIRE)["hits"] == 3
    assert told("try", FIRE, "--serving", "lanzhou")["hits"] == 1
    changed = told("try", FIRE, "--serving", "lanzhou", "--set", "least=365", "--set", "grace=10")
    assert changed["hits"] == 0
    assert told("try", FIRE, "--territory", "6207", "--set", "grace=0")["hits"] == 1
    assert changed["memory"] > 0
    assert "MB" in run("try", FIRE).output
    made = told("run", FIRE)["runs"][0]
    assert (made["hits"], made["error"]) == (3, None)
    assert {FIRE, "van_inspection_overdue"} <= {one["scenario"] for one in told("night", "--no-open")["runs"]}
    assert {one["model"]: one for one in told("list")}[FIRE]["last_run"]["hits"] == 3


def test_two_are_compared(data: Path, tmp_path: Path) -> None:
    found = told("compare", f"{FIRE}/lanzhou", f"{FIRE}/province_month")
    assert (found["only_a"], found["only_b"], found["both"]) == (0, 1, 1)
    draft = tmp_path / FIRE
    shutil.copytree(ROOT / "scenarios" / FIRE, draft)
    query = draft / "query.sql"
    query.write_text(query.read_text("utf-8").replace(">= s.least", ">= s.least + 20"), encoding="utf-8")
    found = told("compare", FIRE, draft)
    assert (found["only_a"], found["only_b"], found["both"]) == (1, 0, 1)
    assert found["sample"]["only_a"][0]["subject"] == "P000002"
    assert "Only in A: 1" in run("compare", FIRE, draft).output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("try", "fire_equipment"), "unknown_model"),
        (("try", FIRE, "--serving", "x"), "unknown_serving"),
        (("try", FIRE, "--set", "grace=366"), "bad_parameter"),
        (("try", FIRE, "--set", "x=1"), "bad_parameter"),
        (("try", FIRE, "--territory", "11"), "bad_territory"),
        (("compare", FIRE, f"{FIRE}/x"), "unknown_serving"),
        (("compare", FIRE, "registers"), "bad_folder"),
        (("compare", FIRE, "van_inspection"), "unknown_model"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(
    data: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: str
) -> None:
    monkeypatch.chdir(ROOT)
    made = run(*arguments)
    assert made.exit_code != 0
    assert code in made.output
    assert "Traceback" not in made.output


def test_a_register_is_tidied(data: Path) -> None:
    assert "ok" in run("tidy", "--data", data, "--json", group=register).output
