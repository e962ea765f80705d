"""Many folders are shared by several processes; what they read is what one reads."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zhuoli.core.scenario import shelf
from zhuoli.core.scenario.shelf import read_shelf
from zhuoli.environment import ROOT


def test_several_processes_read_what_one_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_lives", "permit_lapsed", "fire_equipment_due", "public_need"):
        shutil.copytree(ROOT / "scenarios" / name, tmp_path / "shelf" / name)
    (tmp_path / "shelf" / "broken").mkdir()
    (tmp_path / "shelf" / "broken" / "scenario.yaml").write_text("format: 1\n", encoding="utf-8")
    alone = read_shelf(tmp_path / "shelf", cache=tmp_path / "one")
    monkeypatch.setattr(shelf, "MANY", 1)
    assert read_shelf(tmp_path / "shelf", cache=tmp_path / "two", processes=2) == alone
    assert len(alone.scenarios) == 3
    assert alone.mistakes
    assert (tmp_path / "two").read_bytes() == (tmp_path / "one").read_bytes()
    monkeypatch.setattr(shelf, "_read", None)  # nothing is read again
    assert read_shelf(tmp_path / "shelf", cache=tmp_path / "two", processes=2) == alone
