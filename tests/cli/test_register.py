"""``./zhuoli register`` end to end: check, import with rows that are not taken, list, show; and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from zhuoli.cli.register import register

ROWS = "code,name,level,parent\n620000000000,甘肃省,province,\n620100000000,兰州市,市州,620000000000\n620200000000,嘉峪关市,市,620000000000\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(register, [str(each) for each in arguments])


def told(*arguments: object) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def test_descriptors_are_checked() -> None:
    found = told("check")
    assert found["ok"]
    assert "villages" in found["registers"]


def test_an_import_is_told_and_seen(tmp_path: Path) -> None:
    path = tmp_path / "divisions.csv"
    path.write_text(ROWS, encoding="gb18030")
    made = told("import", path, "--data", tmp_path, "--by", "数据岗")
    assert (made["ok"], made["accepted"], made["rejected"], made["encoding"]) == (True, 2, 1, "gb18030")
    assert Path(made["rejects"]).exists()
    [one] = [each for each in told("list", "--data", tmp_path) if each["register"] == "divisions"]
    assert (one["rows"], one["origin"], one["fresh"], one["not_taken"]) == (2, "imported", True, 1)
    [past] = one["imports"]
    assert (past["file"], past["by"], past["mode"], past["rejected_rows"]) == (
        "divisions.csv",
        "数据岗",
        "whole",
        "kept",
    )
    assert (past["added"], past["replaced"], past["removed"], past["rows"]) == (2, 0, 0, 2)
    assert str(tmp_path) not in json.dumps(past)
    shown = told("show", "divisions", "--data", tmp_path)
    assert shown["imports"] == one["imports"]
    assert "数据岗" in run("show", "divisions", "--data", tmp_path).output
    assert [row["name"] for row in shown["sample"]] == ["甘肃省", "兰州市"]
    assert "per second" in run("import", path, "--data", tmp_path, "--into", "divisions", "--changes").output


def test_what_cannot_be_done_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("code\n1\n", encoding="utf-8")
    unknown = run("import", path, "--data", tmp_path)
    assert unknown.exit_code == 2
    assert "unknown_register" in unknown.output
    lacking = run("import", path, "--into", "divisions", "--data", tmp_path)
    assert lacking.exit_code == 1
    assert "missing_columns" in lacking.output
    assert run("import", path, "--into", "loop_cases", "--data", tmp_path).exit_code == 1
    path.write_text("code,name,level\n1,x,village\n", encoding="utf-8")
    nothing = run("import", path, "--into", "divisions", "--data", tmp_path)
    assert nothing.exit_code == 1
    assert "nothing_taken" in nothing.output
    assert run("show", "nothing").exit_code == 2


def test_a_full_disk_is_told_and_the_old_rows_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "divisions.csv"
    path.write_text(ROWS, encoding="utf-8")
    assert run("import", path, "--data", tmp_path).exit_code == 0
    before = told("list", "--data", tmp_path)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.feather.write_feather", full)
    path.write_text(ROWS.replace("兰州市", "兰州"), encoding="utf-8")
    refused = run("import", path, "--data", tmp_path)
    assert refused.exit_code == 1
    assert "not_written" in refused.output
    assert "No space left on device" in refused.output
    assert told("list", "--data", tmp_path) == before
    assert not list((tmp_path / "lake" / "divisions").glob(".0*"))
