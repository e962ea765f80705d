"""Instants and what is left of a limit, in words for people."""

from __future__ import annotations

import re
from datetime import date

from zhuoli.core.text import Text
from zhuoli.core.worktime.clock import Remaining
from zhuoli.core.worktime.duration import amount_text
from zhuoli.core.worktime.instants import DAY, HOUR, MINUTE, OFFSET, date_from_day

_NUMBER = re.compile(r"^([0-9]+)")
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def format_instant(
    instant: int, language: str, reference_year: int | None = None, *, midnight_ends_day: bool = True
) -> str:
    """Return an instant as ``11月26日(周四) 17:30`` or ``Thu 26 Nov, 17:30``.

    The year is written when it differs from ``reference_year``, never without one. Midnight is written as
    24:00 of the day that it closes, because deadlines end there; with ``midnight_ends_day=False`` as 00:00 of
    the day that it opens.
    """
    return instant_text(instant, reference_year, midnight_ends_day=midnight_ends_day).in_language(language)


def instant_text(instant: int, reference_year: int | None = None, *, midnight_ends_day: bool = True) -> Text:
    """Return an instant in both languages; see ``format_instant``."""
    day, clock = divmod(instant + OFFSET, DAY)
    if clock == 0 and midnight_ends_day:
        day, clock = day - 1, DAY
    hours, minutes = divmod(clock // MINUTE, 60)
    label = date_text(date_from_day(day), reference_year)
    return Text(f"{label.zh} {hours:02d}:{minutes:02d}", f"{label.en}, {hours:02d}:{minutes:02d}")


def date_text(value: date, reference_year: int | None = None) -> Text:
    """Return a date as 11月26日（周四） / Thu 26 Nov, with its year when that differs from the reference."""
    weekday = value.weekday()
    zh = f"{value.month}月{value.day}日（周{_WEEKDAYS_ZH[weekday]}）"
    en = f"{_WEEKDAYS_EN[weekday]} {value.day} {_MONTHS_EN[value.month - 1]}"
    if reference_year is not None and value.year != reference_year:
        return Text(f"{value.year}年{zh}", f"{en} {value.year}")
    return Text(zh, en)


def short_date(value: date, reference_year: int) -> Text:
    """Return a date without its weekday, and without its year if that is the reference: 10月1日 / 1 Oct."""
    if value.year != reference_year:
        return plain_date(value)
    return Text(f"{value.month}月{value.day}日", f"{value.day} {_MONTHS_EN[value.month - 1]}")


def plain_date(value: date) -> Text:
    """Return a date with its year and without its weekday: 2026年12月31日 / 31 Dec 2026."""
    return Text(
        f"{value.year}年{value.month}月{value.day}日",
        f"{value.day} {_MONTHS_EN[value.month - 1]} {value.year}",
    )


def in_words(left: int | Remaining) -> Text:
    """Return what is left or over: 还有 2 个工作日 / 2 working days left, 已超 3 小时 / 3 hours late.

    ``left`` is what ``remaining`` returned, or milliseconds (negative: late). Parts of a unit are left out, so
    that nobody is promised more than there is.
    """
    if isinstance(left, int):
        return _late(_length(-left)) if left < 0 else _left(_length(left))
    if left.ms < 0:
        # Late by less than one counted day, for instance over a weekend: say it in hours.
        amount = amount_text(-left.amount, left.unit) if left.amount else _length(-left.ms)
        return _late(amount)
    if left.amount:
        words = _left(amount_text(left.amount, left.unit))
    elif left.unit in ("minutes", "hours"):
        words = _left(_length(left.ms))
    else:
        words = _LAST_DAY_STOPPED if left.stopped else _LAST_DAY
    return Text(f"计时已停，{words.zh}", f"clock stopped, {words.en}") if left.stopped else words


_LAST_DAY = Text("今天到期", "due today")
_LAST_DAY_STOPPED = Text("停在最后一天", "on the last day")


def _left(amount: Text) -> Text:
    return Text(f"还有{_spaced(amount.zh)}", f"{amount.en} left")


def _late(amount: Text) -> Text:
    return Text(f"已超{_spaced(amount.zh)}", f"{amount.en} late")


def length_text(ms: int) -> Text:
    """Return an exact length in days, hours and minutes, such as 1天2小时 / 1 day 2 hours."""
    minutes = ms // MINUTE
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "天", "day"), (hours, "小时", "hour"), (minutes, "分钟", "minute")]
    told = [(n, zh, en if n == 1 else en + "s") for n, zh, en in parts if n]
    if not told:
        return Text("不到 1 分钟", "less than a minute")
    return Text("".join(f"{n}{zh}" for n, zh, _ in told), " ".join(f"{n} {en}" for n, _, en in told))


def _length(ms: int) -> Text:
    """Return a length in its largest fitting unit: minutes below an hour, hours below two days, else days."""
    if ms < MINUTE:
        return Text("不到 1 分钟", "less than a minute")
    if ms < HOUR:
        return amount_text(ms // MINUTE, "minutes")
    if ms < 2 * DAY:
        return amount_text(ms // HOUR, "hours")
    return Text(f"{ms // DAY}天", f"{ms // DAY} days")


_TOUCHING = re.compile(r"(?<=[0-9])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[0-9])")


def set_off(amount: Text) -> Text:
    """Return an amount whose Chinese numbers are set off by spaces, as in all sentences of the program: 1 天 2 小时.

    Not for dates (11月26日), and not for what scenarios and laws say in their own words.
    """
    return Text(_TOUCHING.sub(" ", amount.zh), amount.en)


def _spaced(amount: str) -> str:
    """Set the number of a Chinese amount off by spaces: 还有 2 个工作日."""
    return _NUMBER.sub(r" \1 ", amount)
