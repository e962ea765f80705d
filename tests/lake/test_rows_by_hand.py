"""The checks of many rows at once say what a plain reading of each row by itself says: taken or not, why, and with which values."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from zhuoli.core.registers import formats
from zhuoli.core.registers.model import Category, Constraints, Field, Register
from zhuoli.core.text import Text
from zhuoli.lake.checking import Checker

T = Text("试", "T")
FIELDS = (
    Field(name="code", title=T, type="integer", constraints=Constraints(required=True, minimum=1)),
    Field(name="weight", title=T, type="number", constraints=Constraints(minimum=0, maximum=50)),
    Field(name="seen", title=T, type="date"),
    Field(
        name="kind",
        title=T,
        categories=tuple(
            Category(value=a, label=Text(zh, a.upper())) for a, zh in (("a", "甲"), ("b", "乙"))
        ),
    ),
    Field(name="valid", title=T, type="boolean"),
    Field(name="county", title=T, format="division"),
    Field(name="operator", title=T, format="credit_code"),
    Field(name="plate", title=T, format="plate"),
    Field(name="holder", title=T, format="resident_id"),
)
REGISTER = Register(
    format=1,
    register="r",
    title=T,
    description=T,
    subject="place",
    purpose=T,
    source=T,
    fresh_days=1,
    fields=FIELDS,
    primary_key=("code",),
    missing_values=("", "无"),
)
CHECKER = Checker(REGISTER, lambda _: [], {}, today="2024-06-01", threads=1)
BLANKS = " \t\r\n\x0b\x0c\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000\u2003\u2028\u2029\u202f\u205f\u3000"
WORDS = {"a": "a", "b": "b", "甲": "a", "乙": "b", "A": "a", "B": "b"}
TRUTH = dict.fromkeys(("true", "1", "yes", "y", "是", "有"), True) | dict.fromkeys(
    ("false", "0", "no", "n", "否", "无效"), False
)


def by_hand(field: Field, cell: str | None) -> tuple[Any, str | None]:
    """Read one cell: the value, and the first thing that is wrong with it."""
    text = None if cell is None else cell.strip(BLANKS)
    if text in (None, "", "无"):
        return None, "missing" if field.constraints.required else None
    value, wrong = _read(field, text)
    least, most = field.constraints.minimum, field.constraints.maximum
    if wrong is None and least is not None and value < least:
        wrong = "too_small"
    if wrong is None and most is not None and value > most:
        wrong = "too_great"
    return value, wrong


def _read(field: Field, text: str) -> tuple[Any, str | None]:
    big = text.upper()
    match field.format or ("categories" if field.categories else field.type):
        case "integer":
            good = re.fullmatch(r"[+-]?[0-9]{1,18}", text)
            return (int(text), None) if good else (None, "not_integer")
        case "number":
            good = re.fullmatch(r"[+-]?[0-9]{1,18}([.][0-9]{1,18})?", text)
            return (float(Decimal(text)), None) if good else (None, "not_number")
        case "date":
            good = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", text)
            try:
                day = dt.date(*map(int, good.groups())) if good else None
            except ValueError:
                day = None
            wrong = day is None or not dt.date(1900, 1, 1) <= day < dt.date(2101, 1, 1)
            return day, "not_date" if wrong else None
        case "categories":
            return WORDS.get(text), None if text in WORDS else "category"
        case "boolean":
            value = TRUTH.get(text.lower()) if text != "无效" else None
            return value, "not_boolean" if value is None else None
        case "division":
            return big, None if re.fullmatch(formats.DIVISION, big) else "division"
        case "plate":
            return big, None if re.fullmatch(formats.PLATE, big) else "plate"
        case "credit_code":
            good = re.fullmatch(formats.CREDIT_CODE, big) and uscc.is_valid(big)
            return big, None if good else "credit_code"
    return big, None if _resident(big) else "resident_id"


def _resident(text: str) -> bool:
    try:
        return bool(re.fullmatch(formats.RESIDENT_ID, text)) and bool(ric.is_valid(text))
    except KeyError:  # python-stdnum, of a province that has no such county
        return False


def _credit(body: str) -> str:
    return body + uscc.calc_check_digit(body)


def _holder(body: str) -> str:
    return body + ric.calc_check_digit(body + "0")


digits = st.text("0123456789", min_size=8, max_size=8)
sound = {
    "code": st.integers(1, 10**18 - 1).map(str),
    "weight": st.decimals(0, 50, places=3).map(str),
    "seen": st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)).map(str),
    "kind": st.sampled_from([*WORDS]),
    "valid": st.sampled_from(["是", "否", "TRUE", "no", "1", "0"]),
    "county": st.integers(10**11, 10**12 - 1).map(str),
    "operator": st.tuples(digits, st.text(formats.CREDIT_SIGNS, min_size=9, max_size=9)).map(
        lambda two: _credit("".join(two))
    ),
    "plate": st.integers(0, 99999).map(lambda number: f"甘A{number:05d}"),
    "holder": st.tuples(
        st.sampled_from(["620102", "110101", "620199", "653130"]),
        st.dates(dt.date(1930, 1, 1), dt.date(2020, 12, 31)),
        st.integers(0, 999),
    ).map(lambda three: _holder(f"{three[0]}{three[1]:%Y%m%d}{three[2]:03d}")),
}
odd = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "",
            "无",
            "+7",
            "-0",
            "007",
            "1e3",
            "0x1F",
            "1_000",
            "１２",
            "1.",
            ".5",
            "-3",
            "51",
            "nan",
            "inf",
            "9" * 18,
            "9" * 19,
            "2024-02-30",
            "2024-2-9",
            "1899-12-31",
            "2101-01-01",
            "是否",
            "ａ",
            "甘a12345",
            "甘I12345",
            "620102000000",
            "62010200000",
            "91620102MA71ABC008",
            "91620102MA71ABC00I",
            "ſ" * 18,
            "é" * 9,
        ]
    ),
    st.text(max_size=20),
)


@st.composite
def cells(draw: st.DrawFn, name: str) -> str | None:
    """A sound cell, a sound one with a sign changed, in small letters or with blanks about it, or something else."""
    what = draw(st.integers(0, 5))
    if what == 0:
        return draw(odd)
    text = draw(sound[name])
    if what == 1:
        at = draw(st.integers(0, len(text) - 1))
        text = text[:at] + draw(st.sampled_from("0123456789AXIZ甲 ")) + text[at + 1 :]
    if what == 2:
        text = text.lower()
    if what == 3:
        text = draw(st.text(BLANKS, max_size=2)) + text + draw(st.text(BLANKS, max_size=2))
    return text


rows = st.lists(st.tuples(*(cells(one.name) for one in FIELDS)), min_size=1, max_size=12)


@given(rows)
@settings(max_examples=120, deadline=None)
def test_rows_are_read_as_by_hand(found: list[tuple[str | None, ...]]) -> None:
    columns = {one.name: pa.array([row[at] for row in found], pa.string()) for at, one in enumerate(FIELDS)}
    made = CHECKER.check(pa.table({"_row": list(range(len(found))), **columns}))
    taken = {row["_row"]: row for row in made.accepted.to_pylist()}
    refused = {number: [(why.field, why.code) for why in reasons] for number, reasons in made.rejected}
    for number, row in enumerate(found):
        read = {one.name: by_hand(one, cell) for one, cell in zip(FIELDS, row, strict=True)}
        wrong = [(name, why) for name, (_, why) in read.items() if why]
        assert refused.get(number, []) == wrong, row
        if not wrong:
            assert taken[number] == {"_row": number} | {name: value for name, (value, _) in read.items()}, row
    assert len(taken) + len(refused) == len(found)


@pytest.mark.parametrize("blank", list(BLANKS))
def test_every_blank_at_the_ends_is_left_out(blank: str) -> None:
    table = pa.table({"_row": [1], "code": [f"{blank}7{blank}"]})
    assert CHECKER.check(table).accepted.column("code").to_pylist() == [7]


def test_a_piece_of_a_longer_column_is_looked_at_by_itself() -> None:
    good, bad = _credit("91620102MA71ABC00"), "91620102MA71ABC009"
    whole = pa.table({"_row": [1, 2, 3, 4], "code": ["1", "2", "3", "4"], "operator": [bad, good, bad, good]})
    made = CHECKER.check(whole.slice(1, 2))
    assert made.accepted.column("_row").to_pylist() == [2]
    assert [number for number, _ in made.rejected] == [3]
