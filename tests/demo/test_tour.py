"""The tour's chapters are checked like scenarios: every mistake by file and line; and the ones that we have are sound."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.shelf import project_shelf

from zhuoli.demo.tourbook import FOLDER, KINDS, read_chapter, read_tour

SHELF = project_shelf().scenarios
SOUND = """\
title: {zh: 路灯, en: A lamp}
persona: {zh: 居民, en: A resident}
rows: [S5]
scenario: public_need
example: same_spot
opening: {zh: 开头, en: The opening}
stops:
  - page: home
    say: {zh: 说一句, en: Say it}
    generated: {zh: 数字, en: Figures}
  - do: [open, accept]
    as: lead
    say: {zh: 受理了, en: Taken up}
    real: {zh: 街道, en: The street}
figure:
  counts: [settled]
  page: figures
  say: {zh: 这样数, en: Counted so}
"""


@pytest.fixture
def shelf() -> dict[str, object]:
    """One scenario whose example ``same_spot`` is ``open``, ``accept``."""
    import msgspec

    whole = SHELF["public_need"]
    example = next(iter(whole.examples.values()))
    short = msgspec.structs.replace(example, steps=example.steps[:2])
    return {"public_need": msgspec.structs.replace(whole, examples={"same_spot": short})}


def told(tmp_path: Path, shelf: dict[str, object], source: str) -> list[tuple[str, int]]:
    """What is said of a file with this text: codes and lines."""
    path = tmp_path / "1_lamp.yaml"
    path.write_text(source, encoding="utf-8")
    chapter, mistakes = read_chapter(path, shelf)  # type: ignore[arg-type]
    assert (chapter is None) == bool(mistakes)
    assert all(each.file == str(path) and each.message.zh and each.remedy.en for each in mistakes)
    return [(each.code, each.line) for each in mistakes]


def test_a_sound_chapter(tmp_path: Path, shelf: dict[str, object]) -> None:
    assert told(tmp_path, shelf, SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("scenario: public_need", "scenario: publik_need", "tour_no_scenario", 4),
        ("example: same_spot", "example: same_spit", "tour_no_example", 5),
        ("do: [open, accept]", "do: [open, acept]", "tour_wrong_step", 11),
        ("do: [open, accept]", "do: [accept, open]", "tour_wrong_step", 11),
        ("do: [open, accept]", "do: [open, accept, close]", "tour_wrong_step", 11),
        ("do: [open, accept]", "do: [open]", "tour_steps_left", 8),
        ("    real: {zh: 街道, en: The street}\n", "", "tour_unmarked", 11),
        ("- page: home", "- page: board", "tour_too_early", 8),
        ("page: home", "page: home\n    as: lead", "tour_too_early", 8),
        ("as: lead", "as: leed", "tour_unknown_who", 12),
        ("counts: [settled]", "counts: [settled, precision]", "tour_no_model", 16),
        ("counts: [settled]", "counts: [checked]", "tour_no_progress", 16),
        ("page: figures\n  say", "page: model\n  say", "tour_no_model", 17),
        ("page: figures\n  say", "page: progress\n  say", "tour_no_progress", 17),
        ("counts: [settled]", "counts: [setled]", "unknown_value", 16),
        ("counts: [settled]", "counts: []", "tour_empty", 16),
        ("page: home", "page: hoem", "unknown_value", 8),
        ("    say: {zh: 受理了, en: Taken up}", "    say: {zh: 受理了}", "missing_translation", 13),
        ("opening:", "openning:", "unknown_key", 6),
        ("title: {zh: 路灯, en: A lamp}", "title: {zh: 路灯, en: A lamp", "yaml_syntax", 2),
    ],
)
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, shelf: dict[str, object], old: str, new: str, code: str, line: int
) -> None:
    assert SOUND.count(old) == 1
    assert (code, line) in told(tmp_path, shelf, SOUND.replace(old, new))


def test_what_is_near_is_offered(tmp_path: Path, shelf: dict[str, object]) -> None:
    path = tmp_path / "1_lamp.yaml"
    path.write_text(SOUND.replace("same_spot", "same_spit"), encoding="utf-8")
    _, mistakes = read_chapter(path, shelf)  # type: ignore[arg-type]
    assert "Did you mean “same_spot”?" in mistakes[0].remedy.en


def test_a_broken_chapter_leaves_the_others(tmp_path: Path, shelf: dict[str, object]) -> None:
    (tmp_path / "1_lamp.yaml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "2_other.yaml").write_bytes(b"\xff\xfe")
    (tmp_path / "3_empty.yaml").write_text("", encoding="utf-8")
    chapters, mistakes = read_tour(tmp_path, shelf)  # type: ignore[arg-type]
    assert [each.id for each in chapters] == ["lamp"]
    assert [each.code for each in mistakes] == ["not_utf8", "yaml_empty"]


def test_our_own_chapters_are_sound_and_take_ten_minutes() -> None:
    chapters, mistakes = read_tour(FOLDER, SHELF)
    assert [f"{each.file}:{each.line} {each.message.en}" for each in mistakes] == []
    assert len(chapters) == len(list(FOLDER.glob("*.yaml")))
    first = [each for each in chapters if not each.more]
    assert first == list(chapters[: len(first)]), "those for people who go on come last"
    assert len({each.persona.en for each in first}) >= 5
    for language in ("zh", "en"):
        minutes = sum(each.seconds(language) for each in first) / 60
        assert 8 <= minutes <= 10, f"{language}: it takes {minutes:.1f} minutes"
        more = sum(each.seconds(language) for each in chapters if each.more) / 60
        assert 1 <= more <= 3, f"{language}: what comes after takes {more:.1f} minutes"
    shown = {kind for each in chapters for stop in each.stops for kind, _ in stop.marks()}
    assert shown == set(KINDS)


def test_seven_people_live_through_it() -> None:
    assert len({chapter.persona.en for chapter in read_tour(FOLDER, SHELF)[0]}) == 7


def test_captions_are_short() -> None:
    for chapter in read_tour(FOLDER, SHELF)[0]:
        for stop in chapter.stops:
            assert len(stop.say.zh) <= 80, f"{chapter.id}: {stop.say.zh}"
            assert len(stop.say.en.split()) <= 45, f"{chapter.id}: {stop.say.en}"
