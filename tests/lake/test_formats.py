"""The checks in SQL say what python-stdnum says, value by value."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from zhuoli.core.registers.formats import CREDIT_SIGNS
from zhuoli.core.registers.model import Field, Register
from zhuoli.core.text import Text
from zhuoli.lake.checking import Checker

T = Text("试", "T")


def checker(kind: str) -> Checker:
    register = Register(
        format=1,
        register="r",
        title=T,
        description=T,
        subject="place",
        purpose=T,
        source=T,
        fresh_days=1,
        fields=(Field(name="v", title=T, format=kind),),
        primary_key=("v",),  # type: ignore[arg-type]
    )
    return Checker(register, lambda _: [], {}, today="2024-06-01", threads=1)


CREDIT, RESIDENT = checker("credit_code"), checker("resident_id")


def accepted(with_: Checker, values: list[str]) -> list[bool]:
    made = with_.check(pa.table({"_row": list(range(len(values))), "v": values}))
    good = set(made.accepted.column("_row").to_pylist())
    return [number in good for number in range(len(values))]


bodies = st.tuples(
    st.text("0123456789", min_size=8, max_size=8), st.text(CREDIT_SIGNS, min_size=9, max_size=9)
).map("".join)


@given(
    st.lists(st.tuples(bodies, st.sampled_from([*CREDIT_SIGNS, "I"]), st.booleans()), min_size=1, max_size=40)
)
@settings(max_examples=60, deadline=None)
def test_credit_codes(found: list[tuple[str, str, bool]]) -> None:
    values = [body + (uscc.calc_check_digit(body) if right else last) for body, last, right in found]
    assert accepted(CREDIT, values) == [uscc.is_valid(value) for value in values]


starts = st.sampled_from(["620102", "110101", "620199", "000000", "653130"])
days = st.tuples(st.integers(1890, 2030), st.integers(0, 13), st.integers(0, 32)).map(
    lambda d: f"{d[0]:04d}{d[1]:02d}{d[2]:02d}"
)


@given(st.lists(st.tuples(starts, days, st.integers(0, 999), st.booleans()), min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_identity_numbers(found: list[tuple[str, str, int, bool]]) -> None:
    values = []
    for start, day, number, right in found:
        body = f"{start}{day}{number:03d}"
        values.append(body + (ric.calc_check_digit(body + "0") if right else "7"))
    assert accepted(RESIDENT, values) == [holds(value) for value in values]


def holds(value: str) -> bool:
    """What python-stdnum says; it raises KeyError where a province has no such county."""
    try:
        return bool(ric.is_valid(value))
    except KeyError:
        return False


@pytest.mark.parametrize(
    ("plate", "good"),
    [
        ("甘A12345", True), ("甘AB1C2D", True), ("甘AD12345", True), ("甘A12345F", True), ("甘A1234挂", True), ("甘A1234警", True),
        ("甘A1234I", False), ("甘A123456", False), ("A12345", False), ("甘a12345", True), ("甘AZ12345", False), ("苷A12345", False),
    ],
)  # fmt: skip
def test_plates(plate: str, good: bool) -> None:
    assert accepted(checker("plate"), [plate]) == [good]
