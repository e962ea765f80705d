"""The places of a notice: each is filled in, and of several the first that is there."""

from __future__ import annotations

import pytest

from zhuoli.core.scenario.notices import fill, lowered, slots


@pytest.mark.parametrize(
    ("name", "vehicle", "said"),
    [("甲客运", "——", "对象：甲客运。"), ("——", "V0000016", "对象：V0000016。"), ("——", "——", "对象：——。")],
)
def test_the_first_that_is_there_is_said(name: str, vehicle: str, said: str) -> None:
    body = "对象：{{form.name or form.vehicle}}。"
    assert [slot.name for slot in slots(body)] == ["form.name", "form.vehicle"]
    assert fill(body, {"form.name": name, "form.vehicle": vehicle}, "——") == said


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("Fifteen days", "fifteen days"),
        ("A danger that was found", "a danger that was found"),
        ("Driver's seat", "driver's seat"),
        ("SMS to the owner", "SMS to the owner"),
        ("iPhone or the like", "iPhone or the like"),
        ("I do not know", "I do not know"),
        ("I'm not sure", "I'm not sure"),
        ("15 days", "15 days"),
        ("", ""),
    ],
)
def test_a_label_within_a_sentence_begins_small(label: str, said: str) -> None:
    assert lowered(label) == said


def test_a_place_may_ask_for_the_form_within_a_sentence() -> None:
    body = "Within {{term | lower}}. {{term}}: {{note or term|lower}}."
    assert [(slot.name, slot.form) for slot in slots(body)] == [
        ("term", "lower"),
        ("term", ""),
        ("note", "lower"),
        ("term", "lower"),
    ]
    values = {"term": "Fifteen days", "note": "—"}
    assert fill(body, values, "—", {"term": "fifteen days"}) == (
        "Within fifteen days. Fifteen days: fifteen days."
    )
    assert fill(body, values, "—") == "Within Fifteen days. Fifteen days: Fifteen days."


def test_a_place_that_is_unknown_is_no_secret() -> None:
    with pytest.raises(KeyError):
        fill("{{form.name}}", {})
