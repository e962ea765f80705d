"""Durations as authors write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuoli.core.worktime import UNITS, BadDuration, BadLimit, Duration, Limit, parse_duration


@pytest.mark.parametrize(
    ("written", "amount", "unit"),
    [
        ("15 working days", 15, "working_days"),
        ("1 working day", 1, "working_days"),
        ("15个工作日", 15, "working_days"),
        ("15 个工作日", 15, "working_days"),
        ("15工作日", 15, "working_days"),
        ("2 hours", 2, "hours"),
        ("2小时", 2, "hours"),
        ("2个小时", 2, "hours"),
        ("30 minutes", 30, "minutes"),
        ("30分钟", 30, "minutes"),
        ("60 calendar days", 60, "calendar_days"),
        ("60个自然日", 60, "calendar_days"),
        ("3 months", 3, "months"),
        ("3个月", 3, "months"),
        ("  5   Working   Days ", 5, "working_days"),
    ],
)
def test_reads_what_authors_write(written: str, amount: int, unit: str) -> None:
    assert parse_duration(written) == Duration(amount, unit)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "code", "remedy_zh", "remedy_en"),
    [
        ("7 days", "ambiguous_days", "7个工作日", "7 calendar days"),
        ("7日", "ambiguous_days", "7个自然日", "7 working days"),
        ("7天", "ambiguous_days", "7个自然日", "7 working days"),
        ("７个工作日", "wrong_digits", "7个工作日", "7个工作日"),
        ("十五个工作日", "wrong_digits", "15个工作日", "15个工作日"),
        ("两小时", "wrong_digits", "2小时", "2小时"),
        ("二十个自然日", "wrong_digits", "20个自然日", "20个自然日"),
        ("一百二十分钟", "wrong_digits", "120分钟", "120分钟"),
        ("1.5 hours", "not_whole", "90分钟", "90 minutes"),
        ("0.5 working days", "not_whole", "整数", "whole number"),
        ("2 weeks", "unknown_unit", "10个工作日", "14 calendar days"),
        ("2周", "unknown_unit", "10个工作日", "14 calendar days"),
        ("1 year", "unknown_unit", "12个月", "12 months"),
        ("3月", "unknown_unit", "3个月", "3 months"),
        ("5 fortnights", "unknown_unit", "个工作日", "working days"),
        ("0 hours", "duration_too_short", "included", "included"),
        ("-3 hours", "duration_too_short", "included", "included"),
        ("2000 months", "duration_too_long", "核对", "Check"),
        ("", "bad_duration", "15个工作日", "15 working days"),
        ("working days", "bad_duration", "15个工作日", "15 working days"),
        ("15", "bad_duration", "15个工作日", "15 working days"),
        ("一二三小时", "bad_duration", "2小时", "2 hours"),
    ],
)
def test_refuses_with_a_remedy(written: str, code: str, remedy_zh: str, remedy_en: str) -> None:
    with pytest.raises(BadDuration) as caught:
        parse_duration(written)
    mistake = caught.value.mistake
    assert mistake.code == code
    assert remedy_zh in mistake.remedy.zh
    assert remedy_en in mistake.remedy.en


def test_amounts_have_their_singular() -> None:
    assert Duration(15, "working_days").text().zh == "15个工作日"
    assert Duration(15, "working_days").text().en == "15 working days"
    assert Duration(1, "calendar_days").text().en == "1 calendar day"
    assert Duration(30, "minutes").text().zh == "30分钟"


@given(st.integers(1, 1200), st.sampled_from(UNITS))
def test_what_is_shown_can_be_read_again(amount: int, unit: str) -> None:
    duration = Duration(amount, unit)  # type: ignore[arg-type]
    assert parse_duration(duration.text().zh) == duration
    assert parse_duration(duration.text().en) == duration


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_in_both_languages(written: str) -> None:
    mistake = None
    try:
        assert parse_duration(written).amount >= 1
    except BadDuration as bad:
        mistake = bad.mistake
    if mistake is not None:
        assert all((mistake.message.zh, mistake.message.en, mistake.remedy.zh, mistake.remedy.en))


@pytest.mark.parametrize(
    "day_ends", ["00:00", "24:01", "9:00", "17.30", "", "25:00", "17:60", "17:30 ", "１７:30"]
)
def test_a_day_ends_at_a_clock_time(day_ends: str) -> None:
    with pytest.raises(BadLimit) as caught:
        Limit(Duration(1, "working_days"), day_ends=day_ends)
    assert caught.value.mistake.code == "bad_clock_time"


@pytest.mark.parametrize(
    ("day_ends", "minutes"), [("24:00", 1440), ("17:30", 1050), ("00:01", 1), ("23:59", 1439)]
)
def test_closing_is_counted_from_midnight(day_ends: str, minutes: int) -> None:
    assert Limit(Duration(1, "working_days"), day_ends=day_ends).closing == minutes * 60_000
