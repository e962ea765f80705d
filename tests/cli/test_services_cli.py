"""``./zhuoli services`` tells what is wrong in the sheets, and with ``--json`` to programs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from click.testing import CliRunner

from zhuoli.cli.services import services
from zhuoli.environment import ROOT


def test_the_shipped_sheets_are_sound() -> None:
    done = CliRunner().invoke(services, ["--json"])
    assert done.exit_code == 0
    told = json.loads(done.output)
    assert told["ok"] is True
    assert told["services"] == sum(each["services"] for each in told["themes"]) >= 186


def test_a_mistake_is_told_by_its_cell_and_fails(tmp_path: Path) -> None:
    sheets = Path(shutil.copytree(ROOT / "services", tmp_path / "services"))
    path = sheets / "residence.csv"
    path.write_text(path.read_text("utf-8-sig").replace("当场", "马上", 1), "utf-8")
    done = CliRunner().invoke(services, [str(sheets)])
    assert done.exit_code == 1
    assert "residence.csv:2" in done.output
    assert "bad_time" in done.output


def test_the_directory_of_legal_service_is_checked_by_line(tmp_path: Path) -> None:
    path = tmp_path / "directory.csv"
    path.write_text("id,kind\n1,bank\n", "utf-8")
    done = CliRunner().invoke(services, ["--directory", str(path), "--json"])
    assert done.exit_code == 1
    told = json.loads(done.output)
    assert told["providers"] == 0
    assert told["mistakes"][0]["remedy"]["zh"]
