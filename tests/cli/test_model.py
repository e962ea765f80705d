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
    # The commands set this one for their own process, which is ours here: it is put back at the end.
    monkeypatch.setenv("ZHUOLI_SCENARIOS", str(ROOT / "scenarios"))
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
    assert told("try", FIRE)["without_rows"] == []
    empty = told("try", FIRE, "--data", data.parent / "nowhere")
    assert (empty["hits"], empty["without_rows"]) == (0, ["fire_equipment", "premises"])
    assert "Registers without rows" in run("try", FIRE, "--data", data.parent / "nowhere").output
    assert told("try", FIRE, "--serving", "lanzhou", "--data", data)["hits"] == 1
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


def test_queries_are_checked_and_what_was_said_is_said_until_something_is_touched(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = tmp_path / "shelf"
    for name in ("_lives", FIRE, "van_inspection_overdue"):
        shutil.copytree(ROOT / "scenarios" / name, shelf / name)
    at = ("--shelf", shelf, "check")
    assert told(*at) == {"ok": True, "models": [FIRE, "van_inspection_overdue"], "mistakes": []}
    kept = data / "cache" / "models.msgpack"
    before = kept.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr("zhuoli.core.scenario.shelf.read_shelf", None)  # nothing is read again
        assert told(*at)["models"] == [FIRE, "van_inspection_overdue"]
    query = shelf / FIRE / "query.sql"
    query.write_text(query.read_text("utf-8").replace("e.pieces", "e.gone"), encoding="utf-8")
    made = run(*at, "--json")
    assert made.exit_code == 1
    [wrong] = json.loads(made.stdout)["mistakes"]
    assert (wrong["code"], wrong["file"]) == ("column_unknown", str(query))
    assert run(*at).exit_code == 1, "said again"
    # A folder with a query that cannot be read is no model, and is not passed over in silence.
    shutil.copyfile(ROOT / "scenarios" / FIRE / "query.sql", query)
    (shelf / FIRE / "scenario.yaml").write_text("format: 1\n", encoding="utf-8")
    made = run(*at, "--json")
    said = json.loads(made.stdout)
    assert made.exit_code == 1
    assert said["models"] == ["van_inspection_overdue"]
    assert {one["file"] for one in said["mistakes"]} == {str(shelf / FIRE / "scenario.yaml")}
    # What was kept may be torn or old.
    shutil.copyfile(ROOT / "scenarios" / FIRE / "scenario.yaml", shelf / FIRE / "scenario.yaml")
    kept.write_bytes(before[:-3])
    assert told(*at)["ok"]
