"""The working calendar: against its source, outside its years, and from explicit days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuoli.core.text import Text
from zhuoli.core.worktime import CalendarData, build_calendar, instant_of, local, statutory_calendar
from zhuoli.core.worktime.instants import add_months, date_from_day, day_begins, day_from_date, day_of

CN = statutory_calendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = st.integers(day_from_date(date(1995, 1, 1)), day_from_date(date(2050, 1, 1)))


def test_agrees_with_its_source_on_every_known_day() -> None:
    day = CN.first
    while day <= CN.last:
        value = date_from_day(day)
        assert CN.is_working(day) == chinese_calendar.is_workday(value), value
        assert CN.day(day).working == CN.is_working(day), value
        day += 1
    assert (CN.known_from, CN.known_until) == (date(2004, 1, 1), date_from_day(CN.last))


def test_version_names_the_last_year_and_the_source() -> None:
    assert CN.version == f"cn-{CN.known_until.year}-{chinese_calendar.__version__}"


@pytest.mark.parametrize(
    ("value", "working", "kind", "zh", "en"),
    [
        (date(2026, 10, 1), False, "holiday", "国庆节", "National Day"),
        (date(2026, 10, 3), False, "holiday", "国庆节", "National Day"),  # a Saturday within the holiday
        (date(2026, 10, 10), True, "shifted", "国庆节", "National Day"),
        (date(2026, 9, 20), True, "shifted", "国庆节", "National Day"),
        (date(2026, 2, 14), True, "shifted", "春节", "Spring Festival"),
        (date(2025, 4, 4), False, "holiday", "清明节", "Tomb-Sweeping Day"),
        (date(2025, 10, 6), False, "holiday", "中秋节", "Mid-Autumn Festival"),
        (date(2026, 11, 28), False, "weekend", "周末", "weekend"),
        (date(2026, 11, 27), True, "workday", "工作日", "working day"),
        (date(2024, 2, 9), True, "workday", "工作日", "working day"),  # 除夕 2024 was not in the notice
    ],
)
def test_says_why_a_day_is_off(value: date, working: bool, kind: str, zh: str, en: str) -> None:
    day = CN.day(day_from_date(value))
    assert (day.date, day.working, day.kind, day.reason, day.known) == (
        value,
        working,
        kind,
        Text(zh, en),
        True,
    )


@given(DAYS, DAYS)
def test_counts_are_a_sum_over_days_also_outside_the_known_years(one: int, other: int) -> None:
    low, high = sorted((one, other))
    high = min(high, low + 400)
    slow = sum(CN.day(day).working for day in range(low + 1, high + 1))
    assert CN.count(high) - CN.count(low) == slow


@given(DAYS)
def test_working_days_and_their_numbers_fit(day: int) -> None:
    assert CN.count(CN.working_day(CN.count(day))) == CN.count(day)
    following, before = CN.next_working(day), CN.last_working(day)
    assert CN.is_working(following)
    assert CN.is_working(before)
    assert before <= day <= following
    assert all(not CN.is_working(between) for between in range(day, following))
    assert all(not CN.is_working(between) for between in range(before + 1, day + 1))


@pytest.mark.parametrize("edge", [CN.first, CN.last])
def test_numbers_run_on_across_the_edges_of_the_known_years(edge: int) -> None:
    worked = [day for day in range(edge - 20, edge + 20) if CN.day(day).working]
    assert [CN.working_day(CN.count(day)) for day in worked] == worked
    assert [CN.count(day) - CN.count(worked[0]) for day in worked] == list(range(len(worked)))


def test_later_years_are_a_plain_week_and_unknown() -> None:
    new_year = CN.day(day_from_date(CN.known_until + timedelta(days=1)))
    assert not new_year.known
    assert new_year.kind in ("workday", "weekend")
    assert CN.is_working(day_from_date(date(2040, 10, 1)))  # a Monday
    assert not CN.is_working(day_from_date(date(2040, 10, 6)))


def test_a_calendar_from_explicit_days_and_from_its_archive() -> None:
    feast, swap = date(2030, 5, 1), date(2030, 5, 4)  # a Wednesday and a Saturday
    data = CalendarData(
        "test-1",
        date(2030, 1, 1),
        date(2030, 12, 31),
        {feast: Text("节", "Feast")},
        {swap: Text("节", "Feast")},
    )
    calendar = build_calendar(data)
    assert not calendar.is_working(day_from_date(feast))
    assert calendar.is_working(day_from_date(swap))
    assert calendar.day(day_from_date(swap)).kind == "shifted"
    again = build_calendar(msgspec.json.decode(msgspec.json.encode(data), type=CalendarData))
    assert again == calendar
    assert hash(again) == hash(calendar)
    archived = build_calendar(msgspec.json.decode(msgspec.json.encode(CN.data), type=CalendarData))
    assert archived == CN


@pytest.mark.parametrize(
    "data",
    [
        CalendarData("", date(2030, 1, 1), date(2030, 12, 31), {}, {}),
        CalendarData("x", date(2031, 1, 1), date(2030, 12, 31), {}, {}),
        CalendarData("x", date(2030, 1, 1), date(2030, 12, 31), {date(2029, 1, 1): Text("", "")}, {}),
        CalendarData(
            "x",
            date(2030, 1, 1),
            date(2030, 12, 31),
            {date(2030, 1, 1): Text("", "")},
            {date(2030, 1, 1): Text("", "")},
        ),
    ],
)
def test_refuses_a_calendar_that_contradicts_itself(data: CalendarData) -> None:
    with pytest.raises(ValueError, match=r"calendar|day"):
        build_calendar(data)


@given(st.datetimes(datetime(1992, 1, 1), datetime(2099, 1, 1)))  # noqa: DTZ001 - made UTC below
def test_integer_days_agree_with_the_time_zone_database(moment: datetime) -> None:
    moment = moment.replace(tzinfo=UTC, microsecond=moment.microsecond // 1000 * 1000)
    instant = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    there = moment.astimezone(SHANGHAI)
    assert local(instant) == there
    assert local(instant).utcoffset() == there.utcoffset()
    assert date_from_day(day_of(instant)) == there.date()
    assert instant_of(there) == instant
    assert instant_of(there.replace(tzinfo=None)) == instant
    midnight = datetime(there.year, there.month, there.day, tzinfo=SHANGHAI)
    assert day_begins(day_of(instant)) == instant_of(midnight)


@pytest.mark.parametrize(
    ("origin", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2025, 12, 15), 1, date(2026, 1, 15)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 2, 28), 1, date(2026, 3, 28)),
    ],
)
def test_months_end_on_the_same_number_or_the_last_day(origin: date, months: int, expected: date) -> None:
    assert date_from_day(add_months(day_from_date(origin), months)) == expected
