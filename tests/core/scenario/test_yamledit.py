"""Changing values in YAML: what is changed means what was asked for, what is not keeps its every byte."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhuoli.core.scenario.yamledit import edited, meant, plain, rendered
from zhuoli.core.scenario.yamltree import Loader
from zhuoli.environment import ROOT

FILES = sorted(ROOT.glob("scenarios/*/*.yaml"))
TEXT = """\
# The head.
title: {zh: 路灯, en: Lamp}  # behind
rows: [S5, S6]

# About the stages.
stages:
  first:
    title: {zh: 一, en: One}
    due: 5 working days

  # The second one.
  second:
    title: {zh: 二, en: "Two, at last"}
    tasks:
      - name: look   # a look
        on: case.accepted
      - {name: go}
  third:
    note: |
      A long
      text.
last: "quoted"
"""


def value_of(text: str) -> Any:
    root = yaml.compose(text, Loader=Loader)
    return None if root is None else plain(root)


def as_words(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_words(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_words(inner) for inner in value]
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_changed_is_the_same_text(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    assert edited(text, value_of(text)) == text


def test_one_value_changes_one_place() -> None:
    value = value_of(TEXT)
    value["stages"]["second"]["title"]["en"] = "Second"
    value["stages"]["first"]["due"] = "3 working days"
    value["last"] = "5"
    expected = (
        TEXT.replace('"Two, at last"', '"Second"')
        .replace("due: 5 working days", "due: 3 working days")
        .replace('"quoted"', '"5"')
    )
    assert edited(TEXT, value) == expected


def test_entries_come_go_and_move_with_their_comments() -> None:
    value = value_of(TEXT)
    second = value["stages"].pop("second")
    value["stages"] = {"second": second, **value["stages"], "fourth": {"title": {"zh": "四", "en": "Four"}}}
    made = edited(TEXT, value)
    assert value_of(made) == value
    assert made.index("# The second one.") < made.index("second:") < made.index("first:")
    assert "  fourth: {title: {zh: 四, en: Four}}\nlast:" in made
    assert "name: look   # a look" in made
    del value["stages"]["third"]
    assert "A long" not in edited(TEXT, value)


def test_a_list_of_another_length_is_written_in_its_own_style() -> None:
    value = value_of(TEXT)
    value["rows"] = ["S1"]
    value["stages"]["second"]["tasks"].append({"name": "end", "times": 3})
    made = edited(TEXT, value)
    assert value_of(made) == as_words(value)
    assert "rows: [S1]\n" in made
    assert "times: 3" in made


WORD = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufeff\u2028\u2029\x85"
    ),
    max_size=12,
).map(str.strip)
KEY = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
TREE = st.recursive(
    WORD | st.integers(-99, 9999) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEY, inner, max_size=4),
    max_leaves=14,
)
MAP = st.dictionaries(KEY, TREE, min_size=1, max_size=5)


@given(MAP)
def test_what_is_rendered_is_read_back(value: dict[str, Any]) -> None:
    assert value_of(rendered(value)) == as_words(value)


@given(MAP, MAP, st.data())
def test_an_edit_means_what_was_asked_for(
    old: dict[str, Any], new: dict[str, Any], data: st.DataObject
) -> None:
    lines = []
    for line in rendered(old).splitlines():
        if data.draw(st.booleans()):
            lines.append("# a comment, with: signs")
        lines.append(line)
    text = "\n".join(lines) + "\n"
    wanted = {**as_words(old), **new}
    for key in list(wanted):
        if data.draw(st.integers(0, 3)) == 0 and len(wanted) > 1:
            del wanted[key]
    made = edited(text, wanted)
    assert value_of(made) == as_words(wanted)
    assert edited(made, value_of(made)) == made


@given(st.sampled_from(FILES), st.data())
def test_a_changed_word_leaves_every_other_line(path: Any, data: st.DataObject) -> None:
    text = path.read_text(encoding="utf-8")
    value = value_of(text)
    places: list[tuple[Any, Any]] = []

    def collect(inner: Any) -> None:
        for key, one in inner.items() if isinstance(inner, dict) else enumerate(inner):
            if isinstance(one, str):
                places.append((inner, key))
            else:
                collect(one)

    collect(value)
    where, key = data.draw(st.sampled_from(places))
    lines = len(where[key].splitlines())  # a block of many lines (rows of a register) is one text
    where[key] = data.draw(WORD)
    made = edited(text, value)
    assert value_of(made) == value
    changed = sum(line not in made.splitlines() for line in text.splitlines())
    assert changed <= lines + 1 + text.count("|")


LISTED = """\
steps:
  # The first.
  - do: open   # so it begins
    with: {n: "3", m: 3}
  - {do: wait}
  - do: close
    say: {zh: 好, en: "Well, done"}
last: 1
"""
OPEN, WAIT, CLOSE = (
    {"do": "open", "with": {"n": "3", "m": 3}},
    {"do": "wait"},
    {"do": "close", "say": {"zh": "好", "en": "Well, done"}},
)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([OPEN, CLOSE], LISTED.replace("  - {do: wait}\n", "")),
        ([OPEN, WAIT], LISTED.replace('  - do: close\n    say: {zh: 好, en: "Well, done"}\n', "")),
        (
            [OPEN, {"do": "note", "text": "5"}, WAIT, CLOSE],
            LISTED.replace("  - {do: wait}\n", '  - {do: note, text: "5"}\n  - {do: wait}\n'),
        ),
        ([OPEN, WAIT, CLOSE, {"do": "go"}], LISTED.replace("last", "  - {do: go}\nlast")),
    ],
)
def test_an_item_that_comes_or_goes_leaves_the_others_as_they_were(steps: list[Any], expected: str) -> None:
    made = edited(LISTED, {"steps": steps, "last": 1})
    assert meant(yaml.compose(made, Loader=Loader)) == {"steps": steps, "last": 1}
    assert "  # The first.\n  - do: open   # so it begins\n" in made
    assert made == expected


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_numbers_and_words_are_told_apart_as_the_reader_does(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    assert edited(text, meant(yaml.compose(text, Loader=Loader))) == text
