"""What ended cases are counted for: each mistake is told with its place and a remedy; a value may be written short."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhuoli.core.scenario.feeds import Feed, FeedValue, feed_names
from zhuoli.core.scenario.folder import read_folder

from .test_shares import ACCIDENT, told

F = "feeds.yaml"


def test_one_way_stands_for_itself_and_a_word_for_its_value() -> None:
    scenario, mistakes = read_folder(ACCIDENT)
    assert not mistakes
    assert scenario is not None
    feed = scenario.feeds["loop_accidents"]
    assert feed.row["happened"] == (FeedValue(value="form.at"),)
    assert feed.row["injured"][2:] == (
        FeedValue(value="1", when='form.hurt != "none" and not answered(hand_over.deaths)'),
        FeedValue(value="0"),
    )


def test_a_number_of_another_system_is_a_name_where_a_feed_asks_for_it() -> None:
    way = FeedValue(value="reference.accidents", when="answered(reference.hotline)")
    names = feed_names(Feed(results=("done",), row={"number": (way,)}), {})
    assert set(names) == {"case.county", "reference.accidents", "reference.hotline"}


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "remedy"),
    [
        ("[agreed, determined,", "[agred, determined,", "unknown_result", "results: [agred", "Did you mean “agreed”"),
        ("[agreed, determined, certified, reviewed, ordinary]", "[]", "feed_empty", "results: []", "at least one"),
        ("    loss: facts.loss\n", "    loss: []\n", "feed_empty", "loss: []", "at least one"),
        ("    loss: facts.loss\n", "    loss: facts.los\n", "unknown_name", "loss: facts.los", "facts.loss"),
        ('case.result != "ordinary" or', 'case.result != "ordnary" or', "unknown_choice", "if: case.result", "ordinary"),
        ("    loss: facts.loss\n", "    loss: form.phone\n", "personal_in_expression", "loss: form.phone", "calculate"),
        ("    loss: facts.loss\n", "    loss: facts.found\n", "feed_words", "loss: facts.found", "no words"),
        ("    happened: form.at\n", "    happened: {valu: form.at}\n", "unknown_key", "happened: {valu", "value"),
    ],
)  # fmt: skip
def test_a_mistake_is_told(tmp_path: Path, old: str, new: str, code: str, line: str, remedy: str) -> None:
    found = told(tmp_path, F, old, new)
    [(said, where, shown, what)] = [one for one in found if one[0] != "missing_key"]
    assert (said, where) == (code, F)
    assert shown.startswith(line)
    assert remedy in what


def test_only_a_text_is_chosen_from_a_register(tmp_path: Path) -> None:
    [(code, file, line, _)] = told(
        tmp_path, "form.yaml", 'min: "1", max: "50", relevant', 'register: road_spots, min: "1", relevant'
    )
    assert (code, file) == ("not_for_this_type", "form.yaml")
    assert line.startswith("injured:")
