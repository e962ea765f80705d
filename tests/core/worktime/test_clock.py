"""What is left, the colour of the clock, and the words for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.worktime.support import DAY, HOUR, at, limit, stories

from zhuoli.core.text import Text
from zhuoli.core.worktime import (
    Limit,
    Pause,
    Remaining,
    amber_at,
    clock,
    due_at,
    format_instant,
    in_words,
    remaining,
    statutory_calendar,
)

CN = statutory_calendar()
ORDER = {"green": 0, "amber": 1, "red": 2}


@pytest.mark.parametrize(
    ("rule", "now", "pauses", "left", "zh", "en"),
    [
        # Three working days from Mon 23 Nov 2026, 09:00: due Thu 26 Nov, 24:00.
        ("3 working days", "2026-11-23 09:00", [], 3, "还有 3 个工作日", "3 working days left"),
        ("3 working days", "2026-11-24 17:00", [], 2, "还有 2 个工作日", "2 working days left"),
        ("3 working days", "2026-11-26 00:00", [], 0, "今天到期", "due today"),
        ("3 working days", "2026-11-26 24:00", [], 0, "今天到期", "due today"),
        ("3 working days", "2026-11-27 08:00", [], -1, "已超 1 个工作日", "1 working day late"),
        ("3 working days", "2026-11-30 08:00", [], -2, "已超 2 个工作日", "2 working days late"),
        # Four working days end on Friday: on Saturday no working day has gone by since.
        ("4 working days", "2026-11-28 10:00", [], 0, "已超 10 小时", "10 hours late"),
        # Stopped: what there was when the clock stopped.
        (
            "3 working days",
            "2026-12-20 08:00",
            [("2026-11-24 10:00", None)],
            2,
            "计时已停，还有 2 个工作日",
            "clock stopped, 2 working days left",
        ),
        (
            "3 working days",
            "2026-12-20 08:00",
            [("2026-11-26 10:00", None)],
            0,
            "计时已停，停在最后一天",
            "clock stopped, on the last day",
        ),
        # What came later is not known at that moment.
        (
            "3 working days",
            "2026-11-24 09:00",
            [("2026-11-24 10:00", None)],
            2,
            "还有 2 个工作日",
            "2 working days left",
        ),
        (
            "3 working days",
            "2026-11-24 12:00",
            [("2026-11-24 10:00", "2026-11-27 10:00")],
            2,
            "计时已停，还有 2 个工作日",
            "clock stopped, 2 working days left",
        ),
        ("2 hours", "2026-11-23 09:10", [], 1, "还有 1 小时", "1 hour left"),
        ("2 hours", "2026-11-23 10:30", [], 0, "还有 30 分钟", "30 minutes left"),
        ("2 hours", "2026-11-23 11:00", [], 0, "还有不到 1 分钟", "less than a minute left"),
        ("2 hours", "2026-11-23 11:20", [], 0, "已超 20 分钟", "20 minutes late"),
        ("2 hours", "2026-11-23 14:10", [], -3, "已超 3 小时", "3 hours late"),
        ("30 minutes", "2026-11-23 09:10", [], 20, "还有 20 分钟", "20 minutes left"),
        (
            "2 hours",
            "2026-11-24 09:00",
            [("2026-11-23 09:20", None)],
            1,
            "计时已停，还有 1 小时",
            "clock stopped, 1 hour left",
        ),
        ("30 calendar days", "2026-11-24 09:00", [], 29, "还有 29 个自然日", "29 calendar days left"),
        ("1 month", "2026-12-01 09:00", [], 22, "还有 22 个自然日", "22 calendar days left"),
        ("1 month", "2026-12-24 00:01", [], -1, "已超 1 个自然日", "1 calendar day late"),
    ],
)
def test_what_is_left(
    rule: str, now: str, pauses: list[tuple[str, str | None]], left: int, zh: str, en: str
) -> None:
    stops = [(at(stopped), None if resumed is None else at(resumed)) for stopped, resumed in pauses]
    rest = remaining(limit(rule), at("2026-11-23 09:00"), stops, CN, at(now))
    assert rest.amount == left
    assert in_words(rest) == Text(zh, en)


@pytest.mark.parametrize(
    ("ms", "zh", "en"),
    [
        (0, "还有不到 1 分钟", "less than a minute left"),
        (61_000, "还有 1 分钟", "1 minute left"),
        (5 * HOUR, "还有 5 小时", "5 hours left"),
        (47 * HOUR, "还有 47 小时", "47 hours left"),
        (48 * HOUR, "还有 2 天", "2 days left"),
        (-1, "已超不到 1 分钟", "less than a minute late"),
        (-3 * HOUR, "已超 3 小时", "3 hours late"),
        (-10 * DAY - HOUR, "已超 10 天", "10 days late"),
    ],
)
def test_milliseconds_in_words(ms: int, zh: str, en: str) -> None:
    assert in_words(ms) == Text(zh, en)


@given(stories(), st.integers(-DAY, 100 * DAY), st.integers(0, 20 * DAY))
def test_what_is_left_only_shrinks_and_its_sign_says_late(
    story: tuple[Limit, int, list[Pause]], passed: int, later: int
) -> None:
    rule, start, _ = story
    now = start + passed
    due = due_at(rule, start, (), CN)
    assert due is not None
    rest, after = (remaining(rule, start, (), CN, moment) for moment in (now, now + later))
    assert rest.ms == due - now
    assert after.amount <= rest.amount
    assert rest.amount >= 0 if now <= due else rest.amount <= 0


@given(stories(), st.integers(0, 100 * DAY))
def test_left_is_measured_with_what_was_known_then(
    story: tuple[Limit, int, list[Pause]], passed: int
) -> None:
    rule, start, pauses = story
    now = start + passed
    rest = remaining(rule, start, pauses, CN, now)
    known = [(a, b if b is not None and b <= now else None) for a, b in pauses if a <= now]
    due = due_at(rule, start, known, CN)
    assert rest.stopped == (due is None)
    if due is not None:
        assert rest.ms == due - now


@given(stories(), st.integers(-DAY, 150 * DAY), st.integers(0, 30 * DAY))
def test_colours_go_one_way(story: tuple[Limit, int, list[Pause]], passed: int, later: int) -> None:
    rule, start, pauses = story
    due, amber = due_at(rule, start, pauses, CN), amber_at(rule, start, pauses, CN)
    assert due is not None
    assert amber is not None
    assert start <= amber <= due
    one, other = (clock(due, start, start + moment, amber) for moment in (passed, passed + later))
    assert ORDER[one] <= ORDER[other]
    assert (one == "red") == (start + passed > due)
    assert clock(due, start, due, amber) == "amber"


@pytest.mark.parametrize(
    ("rule", "start", "pauses", "amber"),
    [
        ("2 hours", "2026-11-23 09:00", [], "2026-11-23 10:30"),
        ("2 hours", "2026-11-23 09:00", [("2026-11-23 09:10", "2026-11-23 19:10")], "2026-11-23 20:30"),
        # One working day: amber for the whole last day.
        ("1 working day", "2026-11-23 09:00", [], "2026-11-24 00:00"),
        # Long limits: the last quarter; here of the 42 days up to Mon 14 Dec, because 13 Dec is a Sunday.
        ("40 calendar days", "2026-11-02 24:00", [], "2026-12-04 12:00"),
        # Ten days stopped: due Wed 23 Dec 24:00 after 51 days, of which 41 ran.
        (
            "40 calendar days",
            "2026-11-02 24:00",
            [("2026-11-05 00:00", "2026-11-15 00:00")],
            "2026-12-13 18:00",
        ),
    ],
)
def test_when_amber_begins(rule: str, start: str, pauses: list[tuple[str, str]], amber: str) -> None:
    stops = [(at(stopped), at(resumed)) for stopped, resumed in pauses]
    assert amber_at(limit(rule), at(start), stops, CN) == at(amber)


def test_amber_begins_while_somebody_is_at_work() -> None:
    """A limit that ends on a Sunday without rolling shows amber on Friday."""
    rule = limit("2 calendar days", roll_over=False)
    assert amber_at(rule, at("2026-11-27 09:00"), (), CN) == at("2026-11-27 09:00")
    rule = limit("3 calendar days", roll_over=False)
    assert amber_at(rule, at("2026-11-26 09:00"), (), CN) == at("2026-11-27 00:00")


def test_a_stopped_clock_has_no_colour_but_its_own() -> None:
    assert clock(None, 0, 10) == "stopped"
    assert amber_at(limit("2 hours"), 0, [(5, None)], CN) is None


@pytest.mark.parametrize(
    ("now", "colour"), [(0, "green"), (74, "green"), (75, "amber"), (100, "amber"), (101, "red")]
)
def test_without_an_instant_amber_is_the_last_quarter(now: int, colour: str) -> None:
    assert clock(100, 0, now) == colour


@pytest.mark.parametrize(
    ("instant", "year", "zh", "en"),
    [
        ("2026-11-26 17:30", None, "11月26日（周四） 17:30", "Thu 26 Nov, 17:30"),
        ("2026-11-26 17:30", 2026, "11月26日（周四） 17:30", "Thu 26 Nov, 17:30"),
        ("2026-11-26 17:30", 2025, "2026年11月26日（周四） 17:30", "Thu 26 Nov 2026, 17:30"),
        ("2026-11-26 24:00", None, "11月26日（周四） 24:00", "Thu 26 Nov, 24:00"),
        ("2026-12-31 24:00", 2026, "12月31日（周四） 24:00", "Thu 31 Dec, 24:00"),
        ("2026-03-01 08:05", None, "3月1日（周日） 08:05", "Sun 1 Mar, 08:05"),
    ],
)
def test_instants_for_people(instant: str, year: int | None, zh: str, en: str) -> None:
    assert format_instant(at(instant), "zh", year) == zh
    assert format_instant(at(instant), "en", year) == en


def test_midnight_can_open_a_day() -> None:
    assert format_instant(at("2026-11-27 00:00"), "en", midnight_ends_day=False) == "Fri 27 Nov, 00:00"


def test_remaining_says_its_unit() -> None:
    rest = remaining(limit("3 working days"), at("2026-11-23 09:00"), (), CN, at("2026-11-23 09:00"))
    assert rest == Remaining(3, "working_days", 3 * DAY + 15 * HOUR)
