"""Danger is met with the right number; a hundred and more sentences, denials and slips of the keys among them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import tests.web.site  # noqa: F401 - sets Django up

from zhuoli.web.portal import urgent

SENTENCES = list(csv.DictReader(Path(__file__).with_name("urgent_sentences.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("row", SENTENCES, ids=[row["said"] for row in SENTENCES])
def test_sentence_is_met_with_the_right_number(row: dict[str, str]) -> None:
    calls = [number for each in urgent.urgent(row["said"]) for number in each.call]
    if row["call"]:
        assert row["call"] in calls, calls
    else:
        assert calls == []


def test_at_most_two_dangers_the_gravest_first() -> None:
    found = urgent.urgent("着火了，有人晕倒，还有人持刀，孩子走丢了")
    assert [row.kind for row in found] == ["violence", "missing"]
    assert len(urgent.urgent("fire, knife, unconscious, crash")) == urgent.MOST


def test_table_can_be_read_by_those_who_take_the_calls() -> None:
    rows = urgent.table()
    assert {number for row in rows for number in row.call} == {"110", "119", "120", "122", "96110"}
    assert rows[0].kind == "self_harm"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("fire,,着火,fire,,", "needs a number"),
        ("fire,119,,fire,,", "words in both languages"),
        ("fire,119,着火,fire,,\nfire,119,着火,fire,,", "there twice"),
    ],
)
def test_broken_table_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, said: str
) -> None:
    head = urgent.TABLE.read_text("utf-8").splitlines()[0]
    path = tmp_path / "urgent.csv"
    path.write_text(f"{head}\n{line}\n", "utf-8")
    monkeypatch.setattr(urgent, "TABLE", path)
    with pytest.raises(urgent.BadTable, match=said):
        urgent.table.__wrapped__()


def test_every_phrase_of_the_table_works() -> None:
    """What stands in the table is found when it is said as it stands."""
    for row in urgent.table():
        for parts in row.zh:
            said = "，".join(part.removeprefix("~") for part in parts)
            assert urgent._in_chinese(row, said), (row.kind, said)
        for phrases in row.en:
            said = ". ".join(" ".join(words) for words in phrases)
            assert urgent._in_english(row, said), (row.kind, said)
