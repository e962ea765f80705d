"""When limits end: examples checked by hand, and what must hold for all."""

import timeit
from datetime import date

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from tests.core.worktime.support import (
    DAY,
    HOUR,
    at,
    day_units,
    instants,
    limit,
    limits,
    stories,
    time_units,
)

from zhuoli.core.worktime import Duration, Limit, Pause, due_at, local, statutory_calendar
from zhuoli.core.worktime.due import merge_pauses
from zhuoli.core.worktime.instants import day_of

CN = statutory_calendar()
SUNDAY_STOPPED_ON_MONDAY = (
    Limit(
        duration=Duration(1, "calendar_days"),
        day_of_event="included",
        roll_over=True,
        day_ends="24:00",
        hours_roll=False,
    ),
    at("2026-01-25 11:00"),
    [(at("2026-01-26 00:00"), at("2026-01-27 00:00"))],
)
"""A limit that rolls from a Sunday to a Monday on which the clock stands still."""


@pytest.mark.parametrize(
    ("written", "start", "due"),
    [
        # Spring Festival 2024: off 10 to 17 Feb, worked Sun 4 and Sun 18 Feb.
        ("5 working days", "2024-02-02 10:00", "2024-02-08 24:00"),
        ("3 working days", "2024-02-08 10:00", "2024-02-19 24:00"),
        ("1 working day", "2024-02-09 23:59", "2024-02-18 24:00"),
        ("7 calendar days", "2024-02-05 09:00", "2024-02-18 24:00"),
        # National Day 2024: off 1 to 7 Oct, worked Sun 29 Sep and Sat 12 Oct.
        ("8 working days", "2024-09-27 16:00", "2024-10-14 24:00"),
        ("7 working days", "2024-09-27 16:00", "2024-10-12 24:00"),
        ("30 calendar days", "2024-09-06 08:00", "2024-10-08 24:00"),
        # Spring Festival 2025: off 28 Jan to 4 Feb, worked Sun 26 Jan and Sat 8 Feb.
        ("5 working days", "2025-01-24 11:00", "2025-02-07 24:00"),
        ("6 working days", "2025-01-24 11:00", "2025-02-08 24:00"),
        ("15 calendar days", "2025-01-15 11:00", "2025-02-05 24:00"),
        # National Day and Mid-Autumn 2025: off 1 to 8 Oct, worked Sun 28 Sep and Sat 11 Oct.
        ("7 working days", "2025-09-26 11:00", "2025-10-13 24:00"),
        ("6 working days", "2025-09-26 11:00", "2025-10-11 24:00"),
        ("60 calendar days", "2025-08-05 11:00", "2025-10-09 24:00"),
        ("3 months", "2025-07-01 11:00", "2025-10-09 24:00"),
        # Spring Festival 2026: off 15 to 23 Feb, worked Sat 14 and Sat 28 Feb.
        ("8 working days", "2026-02-12 09:30", "2026-03-02 24:00"),
        ("7 working days", "2026-02-12 09:30", "2026-02-28 24:00"),
        ("3 calendar days", "2026-02-13 09:30", "2026-02-24 24:00"),
        ("1 month", "2026-01-31 09:30", "2026-02-28 24:00"),
        ("1 month", "2026-01-17 09:30", "2026-02-24 24:00"),
        # Mid-Autumn and National Day 2026: off 25 to 27 Sep and 1 to 7 Oct, worked Sun 20 Sep and Sat 10 Oct.
        ("12 working days", "2026-09-18 09:00", "2026-10-12 24:00"),
        ("11 working days", "2026-09-18 09:00", "2026-10-10 24:00"),
        ("5 calendar days", "2026-09-28 09:00", "2026-10-08 24:00"),
        # The mission's example, and time that runs on at once, over holidays too.
        ("15 working days", "2026-11-23 09:00", "2026-12-14 24:00"),
        ("2 hours", "2026-11-23 23:10", "2026-11-24 01:10"),
        ("30 minutes", "2026-10-01 12:00", "2026-10-01 12:30"),
        ("48 hours", "2026-09-30 17:00", "2026-10-02 17:00"),
    ],
)
def test_worked_examples(written: str, start: str, due: str) -> None:
    assert due_at(limit(written), at(start), (), CN) == at(due)


@pytest.mark.parametrize(
    ("rule", "start", "due"),
    [
        (limit("3 months", roll_over=False), "2025-07-01 11:00", "2025-10-01 24:00"),
        (limit("5 calendar days", roll_over=False), "2026-09-28 09:00", "2026-10-03 24:00"),
        (limit("1 working day", day_ends="17:30"), "2026-11-23 18:00", "2026-11-24 17:30"),
        # “The same day”: the day of the event counts; after closing it counts as the next day.
        (limit("1 calendar day", day_of_event="included"), "2026-11-23 09:00", "2026-11-23 24:00"),
        (
            limit("1 working day", day_of_event="included", day_ends="17:30"),
            "2026-11-23 17:29",
            "2026-11-23 17:30",
        ),
        (
            limit("1 working day", day_of_event="included", day_ends="17:30"),
            "2026-11-23 17:30",
            "2026-11-24 17:30",
        ),
        (limit("1 working day", day_of_event="included"), "2026-11-28 09:00", "2026-11-30 24:00"),
        (limit("1 month", day_of_event="included"), "2026-06-15 09:00", "2026-07-14 24:00"),
        # Stated for hours: the end moves to the end of the next working day.
        (limit("48 hours", hours_roll=True), "2026-11-26 18:00", "2026-11-30 24:00"),
        (limit("48 hours", hours_roll=True, day_ends="17:30"), "2026-09-30 17:00", "2026-10-08 17:30"),
        (limit("24 hours", hours_roll=True), "2026-11-26 24:00", "2026-11-27 24:00"),
    ],
)
def test_worked_examples_of_rules(rule: Limit, start: str, due: str) -> None:
    assert due_at(rule, at(start), (), CN) == at(due)


THREE_DAYS = "3 working days"  # from Mon 23 Nov 2026: without a pause due on Thu 26 Nov


@pytest.mark.parametrize(
    ("rule", "pauses", "due"),
    [
        (limit(THREE_DAYS), [], "2026-11-26 24:00"),
        # Within one day: costs nothing.
        (limit(THREE_DAYS), [("2026-11-24 00:00", "2026-11-24 23:59")], "2026-11-26 24:00"),
        (limit(THREE_DAYS), [("2026-11-26 09:00", "2026-11-26 23:59")], "2026-11-26 24:00"),
        # Stopped on Tuesday (used up), resumed on Wednesday (not counted).
        (limit(THREE_DAYS), [("2026-11-24 10:00", "2026-11-25 09:00")], "2026-11-27 24:00"),
        # Over a weekend only the working days are given back: Wed, Thu, Fri and Mon.
        (limit(THREE_DAYS), [("2026-11-24 10:00", "2026-11-30 09:00")], "2026-12-02 24:00"),
        (limit("3 calendar days"), [("2026-11-24 10:00", "2026-11-30 09:00")], "2026-12-02 24:00"),
        (limit("3 calendar days"), [("2026-11-24 10:00", "2026-11-27 09:00")], "2026-11-30 24:00"),
        (
            limit("3 calendar days", roll_over=False),
            [("2026-11-24 10:00", "2026-11-27 09:00")],
            "2026-11-29 24:00",
        ),
        # Stopped at once: as if it had begun on the day of resumption.
        (limit(THREE_DAYS), [("2026-11-23 09:00", "2026-11-25 15:00")], "2026-11-30 24:00"),
        # Stopped on the last day: the day of resumption is the last, or the next working day.
        (limit(THREE_DAYS), [("2026-11-26 10:00", "2026-12-02 15:00")], "2026-12-02 24:00"),
        (limit(THREE_DAYS), [("2026-11-26 10:00", "2026-12-05 15:00")], "2026-12-07 24:00"),
        (
            limit(THREE_DAYS, day_ends="17:30"),
            [("2026-11-26 10:00", "2026-11-26 17:00")],
            "2026-11-26 17:30",
        ),
        (
            limit(THREE_DAYS, day_ends="17:30"),
            [("2026-11-26 10:00", "2026-11-26 17:30")],
            "2026-11-27 17:30",
        ),
        # Stopped on the days off before a rolled end, or on that end's day.
        (limit("5 calendar days"), [("2026-11-29 10:00", "2026-12-01 09:00")], "2026-12-01 24:00"),
        (limit("5 calendar days"), [("2026-11-29 10:00", "2026-11-29 20:00")], "2026-11-30 24:00"),
        # Too late to matter.
        (limit(THREE_DAYS), [("2026-11-27 00:00", "2026-12-05 15:00")], "2026-11-26 24:00"),
        (limit(THREE_DAYS), [("2026-11-27 00:00", None)], "2026-11-26 24:00"),
        # Before the start.
        (limit(THREE_DAYS), [("2026-11-20 00:00", "2026-11-23 09:00")], "2026-11-26 24:00"),
        # Overlapping pauses are one: Wed and Thu.
        (
            limit(THREE_DAYS),
            [("2026-11-25 08:00", "2026-11-26 09:00"), ("2026-11-24 10:00", "2026-11-25 12:00")],
            "2026-11-30 24:00",
        ),
        # Open.
        (limit(THREE_DAYS), [("2026-11-26 23:59", None)], None),
        (limit("2 hours"), [("2026-11-23 10:00", None)], None),
        (limit("2 hours"), [("2026-11-23 11:00", None)], "2026-11-23 11:00"),
        # Hours: by the exact length.
        (
            limit("2 hours"),
            [("2026-11-23 09:30", "2026-11-23 10:00"), ("2026-11-23 10:30", "2026-11-24 10:30")],
            "2026-11-24 11:30",
        ),
        (limit("2 hours"), [("2026-11-23 09:30", "2026-11-23 10:00")] * 2, "2026-11-23 11:30"),
        # Months move by the days of the pause: 23 Dec + 3 = Sat 26 Dec, which rolls.
        (limit("1 month"), [("2026-12-01 10:00", "2026-12-04 10:00")], "2026-12-28 24:00"),
        # A moved end of hours, stopped on its day: Sat 28 Nov rolls to Mon 30 Nov.
        (limit("120 hours", hours_roll=True), [("2026-11-30 10:00", "2026-12-01 10:00")], "2026-12-01 24:00"),
        (limit("120 hours", hours_roll=True), [("2026-11-30 10:00", None)], None),
        (limit("120 hours", hours_roll=True), [("2026-12-01 00:00", None)], "2026-11-30 24:00"),
    ],
)
def test_worked_examples_of_pauses(
    rule: Limit, pauses: list[tuple[str, str | None]], due: str | None
) -> None:
    stops = [(at(stopped), None if resumed is None else at(resumed)) for stopped, resumed in pauses]
    assert due_at(rule, at("2026-11-23 09:00"), stops, CN) == (None if due is None else at(due))


def test_a_pause_before_the_counted_day_costs_nothing() -> None:
    """Arrived after closing, it counts as having arrived at 00:00; a pause is counted from there."""
    rule = limit("1 calendar day", day_of_event="included", day_ends="12:00", roll_over=False)
    stops = [(at("2025-08-06 16:40"), at("2025-08-07 00:40"))]
    assert due_at(rule, at("2025-08-06 16:40"), stops, CN) == at("2025-08-07 12:00")
    rule = limit("1 working day", day_of_event="included")
    stops = [(at("2026-11-28 10:00"), at("2026-11-30 10:00"))]
    assert due_at(rule, at("2026-11-28 10:00"), stops, CN) == at("2026-11-30 24:00")


def test_pauses_that_overlap_or_touch_are_one() -> None:
    assert merge_pauses([(30, 40), (10, 20), (20, 25), (12, 15)], 0) == [(10, 25), (30, 40)]
    assert merge_pauses([(10, 20), (15, None), (30, 40)], 12) == [(12, None)]
    assert merge_pauses([(10, 20), (20, 20), (25, 25)], 20) == []


def test_a_pause_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        due_at(limit("2 hours"), 0, [(20, 10)], CN)


def _last_day(due: int | None) -> int:
    assert due is not None
    return day_of(due - 1)


@given(st.integers(1, 60), instants)
def test_working_days_between_start_and_due_are_the_amount(amount: int, start: int) -> None:
    last = _last_day(due_at(Limit(Duration(amount, "working_days")), start, (), CN))
    counted = sum(CN.day(day).working for day in range(day_of(start) + 1, last + 1))
    assert counted == amount
    assert CN.day(last).working


@example(SUNDAY_STOPPED_ON_MONDAY)
@given(stories(day_units))
def test_days_outside_pauses_are_counted_in_full(story: tuple[Limit, int, list[Pause]]) -> None:
    """Between start and end lie as many days outside pauses as the limit says, unless the last day was stopped."""
    rule, start, pauses = story
    assume(rule.duration.unit != "months")
    by_working_days = rule.duration.unit == "working_days"
    last = _last_day(due_at(rule, start, pauses, CN))
    first = arrived = day_of(start)
    if rule.day_of_event == "excluded":
        first += 1
    else:
        first += local(start).strftime("%H:%M") >= rule.day_ends
        while by_working_days and not CN.day(first).working:
            first += 1
        arrived = first
    inside = {
        day
        for stopped, resumed in pauses
        if resumed is not None and resumed > start
        for day in range(max(day_of(stopped), arrived) + 1, day_of(resumed) + 1)
    }
    counted = [
        day
        for day in range(first, last + 1)
        if day not in inside and (not by_working_days or CN.day(day).working)
    ]
    # More than the amount are only days off from which a limit rolled, a working day to which it rolled and on which the
    # clock was stopped, and the day after closing on which a clock that was stopped on the last day is made up for.
    stopped_on = {day_of(stopped) for stopped, _ in pauses}
    natural = counted[: rule.duration.amount]
    assert len(natural) == rule.duration.amount
    extra = [day for day in range(natural[-1] + 1, last) if day not in inside]
    assert all(not CN.day(day).working or day in stopped_on for day in extra)


@given(stories(day_units))
def test_never_ends_on_a_day_off_if_it_rolls(story: tuple[Limit, int, list[Pause]]) -> None:
    rule, start, pauses = story
    due = due_at(rule, start, pauses, CN)
    assert due is not None
    if rule.rolls:
        assert CN.day(_last_day(due)).working
    assert (
        local(due - 60_000).strftime("%H:%M")
        == {"24:00": "23:59", "17:30": "17:29", "12:00": "11:59"}[rule.day_ends]
    )


@given(stories(), st.integers(0, 20 * DAY) | st.integers(0, 3 * HOUR))
def test_a_later_start_never_ends_earlier(story: tuple[Limit, int, list[Pause]], later: int) -> None:
    rule, start, pauses = story
    if rule.duration.unit == "months":
        pauses = []
    assert (due_at(rule, start, pauses, CN) or 0) <= (due_at(rule, start + later, pauses, CN) or 0)


@given(stories(), st.integers(1, 30))
def test_a_larger_amount_ends_later(story: tuple[Limit, int, list[Pause]], more: int) -> None:
    rule, start, pauses = story
    longer = Limit(
        Duration(rule.duration.amount + more, rule.duration.unit),
        rule.day_of_event,
        rule.roll_over,
        rule.day_ends,
    )
    one, other = due_at(rule, start, pauses, CN), due_at(longer, start, pauses, CN)
    assert one is not None
    assert other is not None
    assert one <= other
    if not pauses and (rule.duration.unit == "working_days" or not rule.rolls):
        assert one < other


@given(stories(), st.data())
def test_a_longer_or_added_pause_never_ends_earlier(
    story: tuple[Limit, int, list[Pause]], data: st.DataObject
) -> None:
    rule, start, pauses = story
    due = due_at(rule, start, pauses, CN)
    assert due is not None
    stopped = start + data.draw(st.integers(-2 * DAY, due - start + 2 * DAY))
    added = (stopped, stopped + data.draw(st.integers(0, 10 * DAY)))
    with_added = due_at(rule, start, [*pauses, added], CN)
    assert with_added is not None
    assert due <= with_added
    longer = (added[0] - data.draw(st.integers(0, 3 * DAY)), added[1] + data.draw(st.integers(0, 3 * DAY)))
    with_longer = due_at(rule, start, [*pauses, longer], CN)
    assert with_longer is not None
    assert with_added <= with_longer


@given(stories())
def test_never_ends_during_a_pause_nor_before_its_start(story: tuple[Limit, int, list[Pause]]) -> None:
    rule, start, pauses = story
    due = due_at(rule, start, pauses, CN)
    assert due is not None
    assert due > start
    for stopped, resumed in merge_pauses(pauses, start):
        assert resumed is not None
        assert not stopped < due <= resumed


@given(stories(), st.data())
def test_an_open_pause_stops_the_clock_exactly_if_it_begins_before_the_end(
    story: tuple[Limit, int, list[Pause]], data: st.DataObject
) -> None:
    rule, start, pauses = story
    due = due_at(rule, start, pauses, CN)
    assert due is not None
    before = start + data.draw(st.integers(0, due - start - 1))
    assert due_at(rule, start, [*pauses, (before, None)], CN) is None
    assert due_at(rule, start, [*pauses, (due, None)], CN) == due


@given(limits(day_units, day_of_event="excluded"), instants, st.integers(1, 30 * DAY))
def test_stopped_from_the_start_is_as_begun_on_the_day_of_resumption(
    rule: Limit, start: int, length: int
) -> None:
    assume(rule.duration.unit != "months")
    resumed = start + length
    assert due_at(rule, start, [(start, resumed)], CN) == due_at(rule, resumed, (), CN)


@given(stories(time_units))
def test_time_outside_pauses_is_the_length(story: tuple[Limit, int, list[Pause]]) -> None:
    rule, start, pauses = story
    due = due_at(rule, start, pauses, CN)
    assert due is not None
    ran, at_ = 0, start
    edges = sorted({start, due, *(edge for pause in pauses for edge in pause if edge and start < edge < due)})
    for following in edges[1:]:
        if not any(stopped <= at_ and following <= (resumed or due) for stopped, resumed in pauses):
            ran += following - at_
        at_ = following
    assert ran == rule.duration.amount * (HOUR if rule.duration.unit == "hours" else 60_000)


@given(stories(), st.permutations(range(4)))
def test_the_order_of_pauses_does_not_matter(story: tuple[Limit, int, list[Pause]], order: list[int]) -> None:
    rule, start, pauses = story
    shuffled = [pauses[place] for place in order if place < len(pauses)]
    assert due_at(rule, start, shuffled, CN) == due_at(rule, start, pauses, CN)


def test_is_fast_enough_for_every_list() -> None:
    """Some 1 µs here; the bound leaves room for a busy machine and still shows a fall into a loop over days."""
    rule, start = limit("60 working days"), at("2026-03-02 10:00")
    best = min(timeit.repeat(lambda: due_at(rule, start, (), CN), number=1000, repeat=7)) / 1000
    assert best < 15e-6


def test_after_the_known_years_the_plain_week_holds() -> None:
    assert CN.known_until < date(2031, 1, 1), "move this example when the calendar knows 2031"
    assert due_at(limit("5 working days"), at("2031-09-30 10:00"), (), CN) == at("2031-10-07 24:00")
