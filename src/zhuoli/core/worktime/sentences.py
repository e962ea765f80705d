"""An explanation in plain words, in both languages."""

from __future__ import annotations

from datetime import date

from zhuoli.core.text import Text
from zhuoli.core.worktime.duration import amount_text
from zhuoli.core.worktime.explanation import Explanation, NamedDay, StoppedClock
from zhuoli.core.worktime.instants import local
from zhuoli.core.worktime.words import date_text, instant_text, length_text, set_off, short_date


def in_sentences(told: Explanation) -> list[Text]:
    """Return an explanation as sentences in the order of time, notices last.

    Dates carry their year where it is not the year in which the limit began.
    """
    year = local(told.start).year
    said = [_beginning(told, year)]
    if told.skipped:
        said.append(_SKIPPED.format(days=_grouped(told.skipped, year)))
    said += [_WORKED.format(date=date_text(day.date, year), reason=day.reason) for day in told.worked]
    said += [_pause(told, pause, year) for pause in told.pauses]
    if told.rolled:
        said.append(_rolled(told, year))
    if told.due is None:
        said.append(_NO_DUE)
    else:
        said.append(_ENDS.format(at=instant_text(told.due, year)))
    if told.calendar:
        said.append(_CALENDAR.format(version=told.calendar))
    return said + list(told.notices)


def _beginning(told: Explanation, year: int) -> Text:
    """Say what the limit is, when it began and which day is the first."""
    limit = told.limit
    if not limit.in_days:
        sentence = _AT_ONCE
    elif limit.day_of_event == "excluded":
        sentence = _NEXT_DAY
    elif any(step.kind == "event" for step in told.steps):
        sentence = _AFTER_CLOSING
    elif told.steps and told.steps[0].kind == "skip":
        sentence = _DAY_OFF
    else:
        sentence = _SAME_DAY
    start = instant_text(told.start, year, midnight_ends_day=False)
    return sentence.format(limit=set_off(limit.duration.text()), start=start, closing=limit.day_ends)


def _pause(told: Explanation, pause: StoppedClock, year: int) -> Text:
    """Say when the clock stood still and what that did to the end."""
    unit = told.limit.duration.unit
    length = Text("", "") if pause.ends is None else set_off(length_text(pause.ends - pause.begins))
    ends = told.start if pause.ends is None else pause.ends
    return _PAUSES[pause.effect].format(
        begins=instant_text(pause.begins, year, midnight_ends_day=False),
        ends=instant_text(ends, year, midnight_ends_day=False),
        length=length,
        days=set_off(amount_text(pause.days, "working_days" if unit == "working_days" else "calendar_days")),
        are="is" if pause.days == 1 else "are",
        last_day=date_text(pause.last_day, year) if pause.last_day else "",
    )


def _rolled(told: Explanation, year: int) -> Text:
    """Say that the last day is a day off and which day takes its place."""
    first = told.rolled[0]
    assert told.due is not None  # noqa: S101 - only a limit with an end rolls over
    return _ROLLED.format(
        first=date_text(first.date, year),
        reason=first.reason,
        last=date_text(local(told.due - 1).date(), year),
    )


def _grouped(days: tuple[NamedDay, ...], year: int) -> Text:
    """Return skipped days by what they are: 国庆节 7 天（10月1日至10月7日）、周末 6 天."""
    groups: dict[tuple[Text, int], list[date]] = {}
    weekend: list[date] = []
    for day in days:
        if day.reason.en == "weekend":
            weekend.append(day.date)
        else:
            groups.setdefault((day.reason, day.date.year), []).append(day.date)
    zh, en = [], []
    for (reason, _), dates in groups.items():
        first, last, count = short_date(dates[0], year), short_date(dates[-1], year), len(dates)
        if count == 1:
            zh.append(f"{reason.zh} 1 天（{first.zh}）")
            en.append(f"{reason.en} ({first.en})")
        else:
            zh.append(f"{reason.zh} {count} 天（{first.zh}至{last.zh}）")
            en.append(f"{count} days of {reason.en} ({first.en} to {last.en})")
    if weekend:
        zh.append(f"周末 {len(weekend)} 天")
        en.append("1 weekend day" if len(weekend) == 1 else f"{len(weekend)} weekend days")
    return Text("、".join(zh), ", ".join(en))


_AT_ONCE = Text("时限 {limit}，从{start}立即起算。", "The limit is {limit} and runs at once from {start}.")
_NEXT_DAY = Text(
    "时限 {limit}，{start}开始；当天不算，从次日起算。",
    "The limit is {limit} and began on {start}. That day does not count; counting starts the day after.",
)
_SAME_DAY = Text(
    "时限 {limit}，{start}开始；当天计入，算第一天。",
    "The limit is {limit} and began on {start}. That day counts as the first.",
)
_AFTER_CLOSING = Text(
    "时限 {limit}，{start}开始；已过当天{closing}，从次日起算。",
    "The limit is {limit} and began on {start}. That was past {closing}, so counting starts the day after.",
)
_DAY_OFF = Text(
    "时限 {limit}，{start}开始；当天不上班，下一个工作日算第一天。",
    "The limit is {limit} and began on {start}. That is a day off, so the next working day counts as the first.",
)
_SKIPPED = Text("跳过{days}。", "Skipped: {days}.")
_WORKED = Text(
    "{date}因{reason}调休上班，算工作日。",
    "{date} is worked in exchange for {reason}, so it counts as a working day.",
)
_PAUSES = {
    "exact": Text(
        "{begins}至{ends}计时停止，顺延 {length}。",
        "The clock stood still from {begins} to {ends}; the end moves by {length}.",
    ),
    "days": Text(
        "{begins}至{ends}计时停止，其间 {days}不算。",
        "The clock stood still from {begins} to {ends}; {days} {are} not counted.",
    ),
    "none": Text(
        "{begins}至{ends}计时停止，没有少算日子，到期不变。",
        "The clock stood still from {begins} to {ends}; that cost no day, so the end stays.",
    ),
    "last_day": Text(
        "{begins}在最后一天停止计时，{ends}恢复；最后一天移到{last_day}。",
        "The clock stopped on the last day, {begins}, and resumed on {ends}; the last day moves to {last_day}.",
    ),
    "open": Text(
        "{begins}起计时停止，还没有恢复。", "The clock has stood still since {begins} and has not resumed."
    ),
    "too_late": Text(
        "{begins}停止计时的时候期限已过，到期不变。",
        "When the clock stopped on {begins} the limit had already passed, so the end stays.",
    ),
}
_ROLLED = Text(
    "最后一天{first}是{reason}，不上班，顺延到{last}。",
    "The last day, {first}, is off ({reason}), so the limit moves to {last}.",
)
_ENDS = Text("到{at}为止。", "It ends on {at}.")
_NO_DUE = Text("计时停止期间没有到期时间。", "While the clock stands still there is no due time.")
_CALENDAR = Text("工作日历：{version}。", "Working calendar: {version}.")
