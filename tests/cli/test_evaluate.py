"""``./zhuoli evaluate``: the answer in words and as JSON, and what is wrong with a table."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from click.testing import CliRunner, Result

from zhuoli import cli


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.main, ["evaluate", *words], env={"ZHUOLI_LANG": "en"})


def table(path: Path, effect: float) -> Path:
    chance = np.random.default_rng(1)
    month = np.arange(48)
    level = 200 * np.exp(0.2 * np.cos(month * np.pi / 6)) * np.where(month >= 36, 1 + effect, 1)
    counts = chance.poisson(level)
    lines = [f"{2020 + m // 12}-{m % 12 + 1:02d},{v}" for m, v in zip(month, counts, strict=True)]
    path.write_text("日期,数值\n" + "\n".join(lines), encoding="gb18030")
    return path


def test_a_file_is_answered_in_words_and_as_json(tmp_path: Path) -> None:
    file = str(table(tmp_path / "a.csv", -0.4))
    said = run("--series", file, "--at", "2023-01-01")
    assert said.exit_code == 0
    assert said.output.startswith("It fell")
    answer = json.loads(run("--series", file, "--at", "2023-01", "--json").output)
    assert answer["ok"]
    assert answer["verdict"] == "fell"
    assert answer["effect"]["low"] <= -0.4 <= answer["effect"]["high"]
    assert len(answer["periods"]) == len(answer["expected"]) == 48
    assert {"zh", "en"} == set(answer["sentences"][0])


def test_what_is_wrong_is_said_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("date,value\n2024-01,many\n", encoding="utf-8")
    wrong = run("--series", str(file), "--at", "2024-01")
    assert wrong.exit_code == 1
    assert f"{file}:2:2" in wrong.output
    answer = json.loads(run("--series", str(file), "--at", "2024-01", "--json").output)
    assert answer["mistakes"][0]["code"] == "series_number"


def test_wrong_use_is_told(tmp_path: Path) -> None:
    file = str(table(tmp_path / "a.csv", 0.0))
    for words in (["--at", "2024"], ["--scenario", "public_need", "--at", "2024"]):
        assert run(*words).exit_code == 2
    assert run("--series", str(tmp_path / "none.csv"), "--at", "2024").exit_code == 2
    assert run("--series", file, "--at", "1999").exit_code == 1
    assert "date_unclear" in run("--series", file, "--at", "soon").output
