"""Series from tables: every mistake has its place; periods follow one another."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuoli.evaluate.periods import PER_YEAR, Period, first_day, period_of, read_period, written
from zhuoli.evaluate.series import read_series

PERIODS: list[Period] = list(PER_YEAR)


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.sampled_from(PERIODS))
def test_a_period_is_read_as_it_is_written_and_holds_its_days(day: date, period: Period) -> None:
    number = period_of(day, period)
    assert read_period(written(number, period)) == (period, number)
    assert first_day(number, period) <= day < first_day(number + 1, period)
    assert period_of(first_day(number, period), period) == number


@pytest.mark.parametrize("text", ["2024年3月", "2024.3", "2024/03", " 2024-03 "])
def test_chinese_and_other_forms(text: str) -> None:
    assert read_period(text) == ("month", 2024 * 12 + 2)


def test_a_table_in_chinese_in_either_encoding() -> None:
    text = "日期,数值,分母\n2024-02,3,10\n2024-01,2,10\n"
    for encoding in ("utf-8-sig", "gb18030"):
        found, mistakes = read_series(text.encode(encoding), "a.csv")
        assert not mistakes
        assert found[""].values == (2, 3)
        assert found[""].kind == "share"


def test_days_seven_apart_are_weeks() -> None:
    text = "date,value\n2024-01-03,5\n2024-01-10,6\n2024-01-17,7\n"
    assert read_series(text.encode(), "a.csv")[0][""].period == "week"


@pytest.mark.parametrize(
    ("text", "kind", "code", "place"),
    [
        ("date,value\n2024-01,x\n", None, "series_number", (2, 2)),
        ("date,value\n2024-13,1\n", None, "series_date", (2, 1)),
        ("date,value\n2024-01,1\n2024-01-05,2\n", None, "series_mixed", (3, 1)),
        ("date,value\n2024-01,1\n2024-03,2\n", None, "series_gap", (3, 1)),
        ("date,value\n2024-01,1\n2024-01,2\n", None, "series_twice", (3, 1)),
        ("date,value\n2024-01,-1\n", "count", "series_negative", (2, 2)),
        ("date,value\n2024-01,1.5\n", "count", "series_whole", (2, 2)),
        ("date,value,of\n2024-01,3,2\n", "share", "series_over", (2, 2)),
        ("date,value,of\n2024-01,0,0\n", "count", "series_base", (2, 3)),
        ("date,value\n2024-01,3\n", "share", "series_needs_of", (1, 0)),
        ("date,value\n2024-01\n", None, "series_width", (2, 0)),
        ("date,price\n2024-01,3\n", None, "series_column", (1, 2)),
        ("date\n2024-01\n", None, "series_heading", (1, 1)),
        ("date,value\n", None, "series_empty", (1, 0)),
    ],
)
def test_each_mistake_has_its_place(text: str, kind: str | None, code: str, place: tuple[int, int]) -> None:
    found, mistakes = read_series(text.encode(), "a.csv", kind)  # type: ignore[arg-type]
    assert not found
    assert (code, place) in [(one.code, (one.line, one.column)) for one in mistakes]
    assert all(one.message.zh and one.remedy.en for one in mistakes)


@given(st.binary(max_size=200))
def test_whatever_comes_is_answered(data: bytes) -> None:
    found, mistakes = read_series(data, "a.csv")
    assert bool(found) != bool(mistakes)


CELL = st.sampled_from(["2024-01", "2024-02", "2024-03", "1", "0", "-1", "x", "", "2.5", "日期"])


@given(st.lists(st.lists(CELL, max_size=4), max_size=6))
def test_whatever_table_comes_is_answered(rows: list[list[str]]) -> None:
    text = "area,date,value,of\n" + "\n".join(",".join(row) for row in rows)
    found, mistakes = read_series(text.encode(), "a.csv")
    assert bool(found) != bool(mistakes)
