"""The places of a notice: each is filled in, and of several the first that is there."""

from __future__ import annotations

import pytest

from zhuoli.core.scenario.notices import fill, slots


@pytest.mark.parametrize(
    ("name", "vehicle", "said"),
    [("甲客运", "——", "对象：甲客运。"), ("——", "V0000016", "对象：V0000016。"), ("——", "——", "对象：——。")],
)
def test_the_first_that_is_there_is_said(name: str, vehicle: str, said: str) -> None:
    body = "对象：{{form.name or form.vehicle}}。"
    assert [slot.name for slot in slots(body)] == ["form.name", "form.vehicle"]
    assert fill(body, {"form.name": name, "form.vehicle": vehicle}, "——") == said


def test_a_place_that_is_unknown_is_no_secret() -> None:
    with pytest.raises(KeyError):
        fill("{{form.name}}", {})
