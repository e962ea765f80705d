"""Periods of a series: days, weeks, months, quarters and years as whole numbers that follow one another."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

from zhuoli.core.text import Text

Period = Literal["day", "week", "month", "quarter", "year"]

PER_YEAR: dict[Period, float] = {"day": 365.25, "week": 365.25 / 7, "month": 12, "quarter": 4, "year": 1}
"""How many periods make a year: the length of the season."""

_FORMS: tuple[tuple[Period, re.Pattern[str]], ...] = (
    ("day", re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?\Z", re.ASCII)),
    ("week", re.compile(r"(\d{4})-?[wW](\d{1,2})\Z", re.ASCII)),
    ("quarter", re.compile(r"(\d{4})-?(?:[qQ]|年?第?)([1-4])(?:季度)?\Z", re.ASCII)),
    ("month", re.compile(r"(\d{4})[-/.年](\d{1,2})月?\Z", re.ASCII)),
    ("year", re.compile(r"(\d{4})年?\Z", re.ASCII)),
)


def read_period(written: str) -> tuple[Period, int] | None:
    """Read ``2024-03-01``, ``2024-W05``, ``2024Q1``, ``2024-03``, ``2024`` and their Chinese forms; None: none of these."""
    for period, form in _FORMS:
        found = form.match(written.strip())
        if found is None:
            continue
        try:
            return period, _number(period, [int(part) for part in found.groups()])
        except ValueError:
            return None
    return None


def _number(period: Period, parts: list[int]) -> int:
    if period == "day":
        return date(*parts).toordinal()
    if period == "week":
        return date.fromisocalendar(parts[0], parts[1], 1).toordinal() // 7
    if period == "year":
        return parts[0]
    per = 12 if period == "month" else 4
    if not 1 <= parts[1] <= per:
        raise ValueError(parts[1])
    return parts[0] * per + parts[1] - 1


def period_of(day: date, period: Period) -> int:
    """The period in which a day lies."""
    if period == "day":
        return day.toordinal()
    if period == "week":
        return (day - timedelta(days=day.weekday())).toordinal() // 7
    if period == "year":
        return day.year
    return day.year * 12 + day.month - 1 if period == "month" else day.year * 4 + (day.month - 1) // 3


def first_day(number: int, period: Period) -> date:
    """The day on which a period begins."""
    if period == "day":
        return date.fromordinal(number)
    if period == "week":
        return date.fromordinal(number * 7 + 1)
    if period == "year":
        return date(number, 1, 1)
    per = 12 if period == "month" else 4
    return date(number // per, number % per * (12 // per) + 1, 1)


def written(number: int, period: Period) -> str:
    """How a period is written in files: ``2024-03``, ``2024-W05``, ``2024Q1``, ``2024``, ``2024-03-01``."""
    if period == "month":
        return f"{number // 12:04d}-{number % 12 + 1:02d}"
    if period == "quarter":
        return f"{number // 4:04d}Q{number % 4 + 1}"
    if period == "year":
        return f"{number:04d}"
    day = first_day(number, period)
    if period == "day":
        return day.isoformat()
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


_NAMES: dict[Period, Text] = {
    "day": Text("天", "days"),
    "week": Text("周", "weeks"),
    "month": Text("个月", "months"),
    "quarter": Text("个季度", "quarters"),
    "year": Text("年", "years"),
}


def so_many(number: int, period: Period) -> Text:
    """“26 个月”, “26 months”."""
    name = _NAMES[period]
    return Text(f"{number} {name.zh}", f"{number} {name.en[:-1] if number == 1 else name.en}")
