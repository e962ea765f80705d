"""The scenario commands, and the authors' first page carried out step by step."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from zhuoli.cli import main

ROOT = Path(__file__).parents[2]
GOOD = ROOT / "tests" / "core" / "scenario" / "shelf"
PAGES = ROOT / "docs" / "authors"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZHUOLI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ZHUOLI_LANG", "en")
    shutil.copytree(GOOD, tmp_path / "scenarios")
    monkeypatch.setenv("ZHUOLI_SCENARIOS", str(tmp_path / "scenarios"))
    return tmp_path / "scenarios"


def run(*words: str, **more: Any) -> Result:
    return CliRunner().invoke(main, ["scenario", *words], **more)


def test_a_good_shelf_passes(shelf: Path) -> None:
    done = run("check")
    assert done.exit_code == 0, done.output
    assert "1 sound; mistakes: 0, warnings: 0" in done.stdout


def test_a_mistake_names_file_line_and_remedy(shelf: Path) -> None:
    file = shelf / "street_lamp" / "scenario.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("form.danger", "form.dangr"), encoding="utf-8")
    done = run("check")
    assert done.exit_code == 1
    line = file.read_text(encoding="utf-8").split("form.dangr")[0].count("\n") + 1
    assert f"scenarios/street_lamp/scenario.yaml:{line}:9: unknown_name" in done.stderr
    assert "form.danger" in done.stderr
    assert "mistakes: 1" in done.stdout
    for words in (["test"], ["test", "street_lamp"], ["explain", "street_lamp"], ["list"]):
        assert run(*words).exit_code == 1, words


@pytest.mark.parametrize(
    "words", [["street_lamp"], ["scenarios/street_lamp"], ["scenarios/street_lamp/scenario.yaml"]]
)
def test_a_folder_is_found_by_id_path_or_file(shelf: Path, words: list[str]) -> None:
    done = run("check", *words, "--json")
    answer = json.loads(done.stdout)
    assert answer["ok"] is True
    assert [one["id"] for one in answer["scenarios"]] == ["street_lamp"]


def test_other_shelves_can_be_named(shelf: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    empty = run("--shelf", "other", "check")
    assert empty.exit_code == 0
    assert "0 sound" in empty.stdout
    missing = run("--shelf", "nowhere", "check")
    assert missing.exit_code == 1
    assert "no_folder" in missing.stderr


def documented(command: str) -> set[str]:
    """The keys that the page on JSON lists for a command, flat, without brackets."""
    text = (PAGES / "cli-json.md").read_text(encoding="utf-8")
    part = text.split(f"## `scenario {command}")[1].split("\n## ")[0]
    keys: set[str] = set()
    for row in re.findall(r"^\| (`[^|]*) \|", part, re.MULTILINE):
        base = ""
        for one in re.findall(r"`([^`]+)`", row):
            name = one if not one.startswith(".") else base + one
            base = name.rpartition(".")[0]
            keys.add(name.removesuffix("[]"))
    return keys


def flat(value: Any, start: str = "") -> set[str]:
    if isinstance(value, dict) and value.keys() != {"zh", "en"}:
        found: set[str] = set()
        for key, inner in value.items():
            found |= flat(inner, f"{start}.{key}" if start else key)
        return found
    if isinstance(value, list) and value and isinstance(value[0], dict) and value[0].keys() != {"zh", "en"}:
        return set().union(*(flat(one, f"{start}[]" if start else "") for one in value))
    return {start}


def test_json_has_exactly_the_documented_keys(shelf: Path) -> None:
    listed = json.loads(run("list", "--json").stdout)
    assert flat(listed) == documented("list")
    tested = json.loads(run("test", "--json").stdout)
    assert tested["ok"] is True
    assert flat(tested) == documented("test")
    file = shelf / "street_lamp" / "form.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("type: place", "type: spot"), encoding="utf-8")
    shutil.copytree(GOOD / "street_lamp", shelf / "again")
    good = shelf / "again" / "scenario.yaml"
    good.write_text(
        good.read_text(encoding="utf-8").replace("scenario: street_lamp", "scenario: again"), encoding="utf-8"
    )
    checked = json.loads(run("check", "--json").stdout)
    assert checked["ok"] is False
    plain = documented("check") - {"scenarios"} | {
        "scenarios[].id",
        "scenarios[].version",
        "scenarios[].folder",
    }
    assert flat(checked) == plain - {"id", "version", "folder"}


def test_list_names_what_is_broken_and_shows_the_rest(shelf: Path) -> None:
    (shelf / "broken").mkdir()
    done = run("list")
    assert done.exit_code == 1
    assert "street_lamp" in done.stdout
    assert "broken" in done.stderr


def test_a_failing_example_is_shown(shelf: Path) -> None:
    file = shelf / "street_lamp" / "examples.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("score: 5}\n      expect: {status: settled, score: 5}", "score: 5}\n      expect: {status: settled, score: 4}"), encoding="utf-8")  # fmt: skip
    done = run("test")
    assert done.exit_code == 1
    assert "✗ street_lamp/repaired_in_two_days" in done.stdout
    assert "✓ street_lamp/no_spare_part" in done.stdout
    assert "1 passed, 1 failed" in done.stdout


def test_an_unknown_scenario_is_answered_with_the_nearest(shelf: Path) -> None:
    done = run("explain", "street_lmap")
    assert done.exit_code == 2
    assert "street_lamp" in done.stderr


def test_explaining_in_both_languages_and_as_a_drawing(shelf: Path) -> None:
    assert run("explain", "street_lamp").stdout.startswith("# A street lamp is out")
    assert run("explain", "street_lamp", "--lang", "zh").stdout.startswith("# 路灯不亮")
    done = run("explain", "street_lamp", "--svg", "line.svg", "--size", "case")
    assert done.exit_code == 0
    assert Path("line.svg").read_text(encoding="utf-8").startswith("<svg")


def test_the_schema_is_printed_and_written(shelf: Path) -> None:
    printed = run("schema", "form").stdout
    assert json.loads(printed)["$id"] == "urn:zhuoli:scenario:1:form"
    assert run("schema", "--out", "out").exit_code == 0
    assert Path("out/form.schema.json").read_text(encoding="utf-8") == printed
    shipped = {path.name for path in (ROOT / "docs" / "schema").iterdir()} - {"register.schema.json"}
    assert {path.name for path in Path("out").iterdir()} == shipped


NEW = ["--title-zh", "丢了钥匙", "--title-en", "A lost key", "--competence", "public_order"]


def test_a_new_folder_passes_at_once(shelf: Path) -> None:
    stages = ["--stage", "核实|Check", "--stage", "核实|Check", "--stage", "只有中文", "--stage", "Form|Form"]
    for number, audience in enumerate(("resident", "enterprise")):
        made = run("new", f"key_{number}", *NEW, "--audience", audience, "--days", "3", *stages)
        assert made.exit_code == 0, made.output
    checked = json.loads(run("check", "--json").stdout)
    assert (checked["errors"], checked["warnings"], len(checked["scenarios"])) == (0, 0, 3)
    assert json.loads(run("test", "--json").stdout)["failed"] == 0


def test_a_new_folder_from_answers(shelf: Path) -> None:
    answers = "丢失宠物\nA lost pet: help!\n\n\n\nmany\n4\n找|Search\n\n"
    made = run("new", input=answers)
    assert made.exit_code == 0, made.output
    assert run("test", "a_lost_pet_help").exit_code == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["street_lamp", *NEW], "folder_exists"),
        (["Lost-Key", *NEW], "bad_id"),
        (["key", *NEW[:-1], "publik_order"], "unknown_competence"),
    ],
)
def test_what_cannot_be_begun_is_said(shelf: Path, words: list[str], code: str) -> None:
    done = run("new", *words, "--audience", "resident", "--days", "3", "--stage", "a|b")
    assert done.exit_code == 2
    assert code in done.stderr
    assert sorted(path.name for path in shelf.iterdir()) == ["street_lamp"]


STEP = re.compile(
    r"<!-- (?P<act>edit|append|new|check) (?P<what>[\w.]+) -->\n```\w+\n(?P<first>.*?)```\n(?:```\w+\n(?P<second>.*?)```\n)?"
    r"|```sh\n(?P<plain>.*?)```",
    re.DOTALL,
)


def test_the_first_page_can_be_followed_word_by_word(shelf: Path) -> None:
    text = (PAGES / "first-scenario.md").read_text(encoding="utf-8")
    folder = shelf / "locked_out"
    acts = 0
    for step in STEP.finditer(text):
        act, what, first, second = step["act"], step["what"], step["first"], step["second"]
        if act == "edit":
            file = folder / what
            before = file.read_text(encoding="utf-8")
            old, new = first.rstrip("\n"), second.rstrip("\n")
            assert before.count(old) == 1, (what, old)
            file.write_text(before.replace(old, new), encoding="utf-8")
        elif act == "append":
            with (folder / what).open("a", encoding="utf-8") as file:
                file.write(first)
        elif act == "new":
            (folder / what).write_text(first, encoding="utf-8")
        else:
            for line in (step["plain"] or first).strip().splitlines():
                words = shlex.split(line)
                assert words[:2] == ["./zhuoli", "scenario"], line
                done = run(*words[2:])
                expected = what or "ok"
                assert (done.exit_code == 0) == (expected == "ok"), (line, done.output)
                if expected not in ("ok", "missing"):
                    assert expected in done.stderr, done.stderr
        acts += 1
    assert acts >= 20
    assert json.loads(run("test", "locked_out", "--json").stdout)["passed"] == 2
    assert json.loads(run("check", "locked_out", "--json").stdout)["warnings"] == 0


def test_the_reference_page_is_up_to_date() -> None:
    from zhuoli.core.scenario.folder import read_folder
    from zhuoli.core.scenario.format_page import generated_parts, with_parts

    scenario, _ = read_folder(GOOD / "street_lamp")
    assert scenario is not None
    page = (PAGES / "format.md").read_text(encoding="utf-8")
    assert with_parts(page, generated_parts(scenario)) == page, "run ./zhuoli scenario schema --page"
