"""A shared life cycle fills in what a folder leaves out; mistakes in it name its own file; the cache notices its changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zhuoli.core.scenario.folder import read_bytes, read_folder
from zhuoli.core.scenario.shelf import folder_names, read_shelf
from zhuoli.core.scenario.source import folder_bytes
from zhuoli.environment import ROOT

NAMES = ("station_below_rule", "village_without_post")
LIFE = Path("_lives/fill_posts/scenario.yaml")


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    place = tmp_path / "shelf"
    for name in (*NAMES, "_lives/fill_posts"):
        shutil.copytree(ROOT / "scenarios" / name, place / name)
    return place


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_the_folder_leaves_out_comes_from_the_life_cycle(shelf: Path) -> None:
    found = read_shelf(shelf)
    assert not found.mistakes
    assert tuple(found.scenarios) == NAMES == tuple(folder_names(shelf))
    station, village = found.scenarios.values()
    assert station.stages == village.stages
    assert station.closing == village.closing
    assert station.forms["plan_posts"] == village.forms["plan_posts"]
    assert station.forms["intake"] != village.forms["intake"]
    assert station.life == "fill_posts"


def test_what_the_folder_writes_itself_stays(shelf: Path) -> None:
    main = shelf / "station_below_rule/scenario.yaml"
    with main.open("a", encoding="utf-8") as file:
        file.write("confirmation: {by: nobody, rating: false}\n")
    one, mistakes = read_folder(main.parent)
    assert one is not None, mistakes
    assert not one.confirmation.rating
    assert one.due is not None
    assert one.due.promised == "4 months"


def test_a_case_keeps_the_life_cycle_that_it_was_opened_with(shelf: Path) -> None:
    folder = shelf / "village_without_post"
    before, _ = read_folder(folder)
    archive = folder_bytes(folder)
    change(shelf / LIFE, "promised: 4 months", "promised: 5 months")
    after, _ = read_folder(folder)
    again, _ = read_bytes(archive)
    assert before is not None
    assert after is not None
    assert again is not None
    assert again.version == before.version != after.version
    assert again.due == before.due != after.due


def test_the_cache_notices_a_change_of_the_life_cycle(shelf: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = read_shelf(shelf, cache=cache)
    assert read_shelf(shelf, cache=cache) == first
    change(shelf / LIFE, "promised: 4 months", "promised: 5 months")
    second = read_shelf(shelf, cache=cache).scenarios
    assert all(second[name].version != first.scenarios[name].version for name in NAMES)


def test_a_mistake_in_it_names_its_own_file_once(shelf: Path) -> None:
    change(shelf / LIFE, "  late: [urge, supervise]", "  late: [hurry]")
    found = read_shelf(shelf)
    assert not found.scenarios
    [one] = found.mistakes
    assert one.file == str(shelf / LIFE)
    assert (shelf / LIFE).read_text(encoding="utf-8").splitlines()[one.line - 1] == "  late: [hurry]"


def test_a_meaning_that_does_not_hold_is_told_at_its_place_in_the_shared_file(shelf: Path) -> None:
    change(
        shelf / LIFE, "{on: plan_posts.covered}, result: covered", "{on: plan_posts.covered}, result: cover"
    )
    found = [one for one in read_shelf(shelf).mistakes if one.code == "unknown_result"]
    assert [one.file for one in found] == [str(shelf / LIFE)]
    assert "result: cover}" in (shelf / LIFE).read_text(encoding="utf-8").splitlines()[found[0].line - 1]


@pytest.mark.parametrize(("name", "code"), [("nothing_here", "life_missing"), ("../../etc", "missing_key")])
def test_a_life_cycle_that_is_not_there(shelf: Path, name: str, code: str) -> None:
    """What is no name of a folder is not even looked for, so that nothing outside of the shelf is read."""
    main = shelf / "station_below_rule/scenario.yaml"
    change(main, "life: fill_posts", f"life: {name}")
    scenario, mistakes = read_folder(main.parent)
    assert scenario is None
    assert code in [one.code for one in mistakes]
    assert all(one.line > 0 for one in mistakes)


@pytest.mark.parametrize(
    ("old", "new", "code", "wanted"),
    [
        ("steps: [given_out, checked", "steps: [given_out, cheked", "unknown_step", "checked"),
        ("by: form.wave", "by: form.name", "not_a_subject", "form.wave"),
    ],
)
def test_the_progress_of_a_campaign_names_what_there_is(
    tmp_path: Path, old: str, new: str, code: str, wanted: str
) -> None:
    folder = tmp_path / "van_safety_campaign"
    shutil.copytree(ROOT / "scenarios/van_safety_campaign", folder)
    change(folder / "scenario.yaml", old, new)
    [one] = read_folder(folder)[1]
    assert one.code == code
    assert new in (folder / "scenario.yaml").read_text(encoding="utf-8").splitlines()[one.line - 1]
    assert wanted in one.remedy.zh
