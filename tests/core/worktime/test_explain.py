"""Explanations: equal to the due date, without gaps, in plain words, and recomputable."""

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.worktime.support import DAY, at, day_units, limit, stories, time_units

from zhuoli.core.worktime import (
    CannotRecompute,
    DueRecord,
    Explanation,
    Limit,
    Pause,
    due_at,
    explain,
    in_sentences,
    recompute,
    record_due,
    statutory_calendar,
)
from zhuoli.core.worktime.due import months_end
from zhuoli.core.worktime.instants import day_begins, day_of

CN = statutory_calendar()
anything = stories() | stories(time_units, hours_roll=True)


@given(anything, st.none() | st.integers(-2 * DAY, 90 * DAY))
def test_explains_the_very_due_date(story: tuple[Limit, int, list[Pause]], stopped: int | None) -> None:
    rule, start, pauses = story
    if stopped is not None:
        pauses = [*pauses, (start + stopped, None)]
    told = explain(rule, start, pauses, CN)
    assert told.due == due_at(rule, start, pauses, CN)
    assert (told.due is None) == any(pause.effect == "open" for pause in told.pauses)


@given(stories(day_units))
def test_days_follow_one_another_without_gap_and_add_up(story: tuple[Limit, int, list[Pause]]) -> None:
    rule, start, pauses = story
    told = explain(rule, start, pauses, CN)
    assert told.due is not None
    first = day_of(told.steps[0].begins)
    assert first == day_of(start) or (told.steps[0].begins > start and rule.day_of_event == "included")
    for step, following in zip(told.steps, told.steps[1:], strict=False):
        assert step.ends == following.begins
    assert told.steps[-1].ends == day_begins(day_of(told.due - 1) + 1)
    assert all(step.ends - step.begins == step.days * DAY for step in told.steps)
    counted = sum(step.days for step in told.steps if step.kind == "count")
    if rule.duration.unit == "months":
        uncounted = day_of(told.steps[0].begins) - (told.steps[0].kind != "event")
        assert counted == months_end(rule, uncounted) - uncounted
    else:
        assert counted == rule.duration.amount
    assert sum(step.days for step in told.steps if step.kind == "skip") == len(told.skipped)
    assert sum(step.days for step in told.steps if step.kind == "pause") == sum(p.days for p in told.pauses)
    assert all(not CN.day(day_of(at(str(day.date)))).working for day in (*told.skipped, *told.rolled))


@given(stories(time_units))
def test_time_follows_without_gap(story: tuple[Limit, int, list[Pause]]) -> None:
    rule, start, pauses = story
    told = explain(rule, start, pauses, CN)
    edges = [start, *(step.ends for step in told.steps)]
    assert [step.begins for step in told.steps] == edges[:-1]
    assert edges[-1] == told.due
    assert told.calendar == ""


@given(anything)
def test_every_sentence_is_in_both_languages_and_complete(story: tuple[Limit, int, list[Pause]]) -> None:
    for sentence in in_sentences(explain(*story, CN)):
        assert sentence.zh.endswith("。")
        assert sentence.en.endswith(".")
        assert not set("{}") & set(sentence.zh + sentence.en)


@given(anything, st.booleans())
def test_a_stored_due_date_is_explained_equal_later(
    story: tuple[Limit, int, list[Pause]], still_open: bool
) -> None:
    rule, start, pauses = story
    if still_open:
        pauses = [*pauses, (start + DAY, None)]
    record = record_due(rule, start, pauses, CN)
    stored = msgspec.json.decode(msgspec.json.encode(record), type=DueRecord)
    assert stored == record
    told = recompute(stored, {CN.version: CN})
    assert told == explain(rule, start, pauses, CN)
    assert msgspec.json.decode(msgspec.json.encode(told), type=Explanation) == told


def test_an_unknown_calendar_is_refused() -> None:
    record = record_due(limit("5 working days"), at("2026-11-23 09:00"), (), CN)
    with pytest.raises(CannotRecompute) as caught:
        recompute(msgspec.structs.replace(record, calendar="cn-2019-1.0"), {CN.version: CN})
    assert caught.value.mistake.code == "unknown_calendar"
    assert "cn-2019-1.0" in caught.value.mistake.message.zh
    assert CN.version in caught.value.mistake.message.en


def test_a_record_that_does_not_fit_is_refused() -> None:
    record = record_due(limit("5 working days"), at("2026-11-23 09:00"), (), CN)
    with pytest.raises(CannotRecompute) as caught:
        recompute(msgspec.structs.replace(record, due=(record.due or 0) + DAY), {CN.version: CN})
    assert caught.value.mistake.code == "due_differs"


def sentences_of(rule: Limit, start: str, *pauses: tuple[str, str | None]) -> list[tuple[str, str]]:
    stops = [(at(stopped), None if resumed is None else at(resumed)) for stopped, resumed in pauses]
    calendar = f"工作日历：{CN.version}。"
    said = in_sentences(explain(rule, at(start), stops, CN))
    return [(text.zh, text.en) for text in said if text.zh != calendar]


def test_words_for_working_days_over_national_day() -> None:
    assert sentences_of(
        limit("10 working days"), "2026-09-24 09:00", ("2026-09-29 10:00", "2026-10-09 11:00")
    ) == [
        (
            "时限 10 个工作日，9月24日（周四） 09:00开始；当天不算，从次日起算。",
            "The limit is 10 working days and began on Thu 24 Sep, 09:00. "
            "That day does not count; counting starts the day after.",
        ),
        (
            "跳过中秋节 3 天（9月25日至9月27日）、国庆节 7 天（10月1日至10月7日）、周末 3 天。",
            "Skipped: 3 days of Mid-Autumn Festival (25 Sep to 27 Sep), "
            "7 days of National Day (1 Oct to 7 Oct), 3 weekend days.",
        ),
        (
            "10月10日（周六）因国庆节调休上班，算工作日。",
            "Sat 10 Oct is worked in exchange for National Day, so it counts as a working day.",
        ),
        (
            "9月29日（周二） 10:00至10月9日（周五） 11:00计时停止，其间 3 个工作日不算。",
            "The clock stood still from Tue 29 Sep, 10:00 to Fri 9 Oct, 11:00; 3 working days are not counted.",
        ),
        ("到10月20日（周二） 24:00为止。", "It ends on Tue 20 Oct, 24:00."),
    ]


def test_words_for_a_limit_that_rolls_into_an_unknown_year() -> None:
    """The notice is shown only when a day without published arrangements was asked for."""
    last = CN.known_until.year
    assert last == 2026, "write this example anew for the newly known year"
    said = sentences_of(limit("10 calendar days"), "2026-12-23 09:00")
    assert said[1] == (
        "最后一天2027年1月2日（周六）是周末，不上班，顺延到2027年1月4日（周一）。",
        "The last day, Sat 2 Jan 2027, is off (weekend), so the limit moves to Mon 4 Jan 2027.",
    )
    assert said[-1][0].startswith("2026年12月31日以后的放假安排尚未公布")
    assert said[-1][1].startswith("Holidays after 31 Dec 2026 are not published yet.")
    assert explain(limit("10 calendar days"), at("2026-12-20 09:00"), (), CN).notices == ()
    assert explain(limit("300 hours"), at("2026-12-23 09:00"), (), CN).notices == ()
    assert len(explain(limit("5 working days"), at("2003-12-23 09:00"), (), CN).notices) == 1


@pytest.mark.parametrize(
    ("rule", "start", "pauses", "zh", "en"),
    [
        (
            limit("2 hours"),
            "2026-11-23 09:00",
            [("2026-11-23 09:30", "2026-11-23 11:10")],
            "顺延 1 小时 40 分钟",
            "the end moves by 1 hour 40 minutes",
        ),
        (limit("2 hours"), "2026-11-23 09:00", [], "立即起算", "runs at once"),
        (
            limit("3 working days"),
            "2026-11-23 09:00",
            [("2026-11-24 09:00", "2026-11-24 10:00")],
            "到期不变",
            "cost no day",
        ),
        (
            limit("3 working days"),
            "2026-11-23 09:00",
            [("2026-11-26 09:00", "2026-11-26 10:00")],
            "到期不变",
            "cost no day",
        ),
        (
            limit(
                "5 calendar days"
            ),  # ends on a Saturday; stopped on the Sunday before the day to which it rolls
            "2026-11-23 09:00",
            [("2026-11-29 09:00", "2026-11-29 10:00")],
            "到期不变",
            "cost no day",
        ),
        (
            limit("3 working days"),
            "2026-11-23 09:00",
            [("2026-11-26 09:00", "2026-12-01 10:00")],
            "最后一天移到12月1日（周二）",
            "the last day moves to Tue 1 Dec",
        ),
        (
            limit("3 working days"),
            "2026-11-23 09:00",
            [("2026-11-24 09:00", None)],
            "还没有恢复",
            "there is no due time",
        ),
        (
            limit("3 working days"),
            "2026-11-23 09:00",
            [("2026-11-28 09:00", None)],
            "期限已过",
            "had already passed",
        ),
        (
            limit("1 working day", day_of_event="included", day_ends="17:30"),
            "2026-11-23 18:00",
            [],
            "已过当天17:30",
            "past 17:30",
        ),
        (
            limit("1 working day", day_of_event="included"),
            "2026-11-23 16:00",
            [],
            "当天计入",
            "counts as the first",
        ),
        (
            limit("1 working day", day_of_event="included"),
            "2026-11-28 16:00",
            [],
            "下一个工作日算第一天",
            "the next working day counts",
        ),
        (
            limit("3 working days"),
            "2026-11-23 09:00",
            [("2026-11-24 09:00", "2026-11-25 10:00")],
            "其间 1 个工作日不算",
            "1 working day is not",
        ),
    ],
)
def test_words_for_each_turn(
    rule: Limit, start: str, pauses: list[tuple[str, str | None]], zh: str, en: str
) -> None:
    said = sentences_of(rule, start, *pauses)
    assert zh in "".join(sentence for sentence, _ in said)
    assert en in " ".join(sentence for _, sentence in said)


def test_skipped_days_keep_their_reason() -> None:
    told = explain(limit("6 working days"), at("2025-09-26 11:00"), (), CN)
    reasons = {day.date: day.reason.zh for day in told.skipped}
    assert reasons[date(2025, 9, 27)] == "周末"
    assert reasons[date(2025, 10, 1)] == "国庆节"
    assert reasons[date(2025, 10, 6)] == "中秋节"
    assert len(reasons) == 9
    assert [day.date for day in told.worked] == [date(2025, 9, 28), date(2025, 10, 11)]
