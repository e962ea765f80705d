"""Figures that published reports give: shown as cited, with base and source, and never mixed with this system's own.

``reported.csv`` beside this file has one row for each; ``row`` is the system of ``docs`` that it belongs to. Nothing is worked
out from them but differences.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from zhuoli.core.text import Text
from zhuoli.web.wording import text

TABLE = Path(__file__).with_name("reported.csv")
WIDTH, HEIGHT = 240, 56
"""Units of the small drawing of base and value."""

Unit = Literal["percent", "change", "points", "turn", "count"]


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """One cited figure; ``base`` and ``value`` are as the report has them, None where it has none."""

    key: str
    title: Text
    of: Text
    unit: Unit
    direction: str
    base_period: str
    base: float | None
    period: str
    value: float | None
    at_least: bool
    row: str
    note: Text | None

    @property
    def words(self) -> Text:
        """The value with its unit."""
        if self.value is None:
            return period_text(self.period)
        number = f"{abs(self.value):,g}" if self.unit != "count" else f"{self.value:,.10g}"
        if self.unit == "change":
            return text("reported.fell", n=number) if self.value < 0 else text("reported.rose", n=number)
        if self.unit == "points":
            down = self.value < 0
            return text("reported.points_down", n=number) if down else text("reported.points_up", n=number)
        said = Text(number, number) if self.unit == "count" else text("figures.percent", n=number)
        return text("reported.at_least", n=said) if self.at_least else said

    @property
    def when(self) -> Text:
        """The period to which the value belongs."""
        return period_text(self.period)

    @property
    def since(self) -> Text | None:
        """The base period, and its value where there is one."""
        if not self.base_period:
            return None
        period = Text(self.base_period, self.base_period)
        if self.base is None:
            return text("reported.since", period=period)
        return text("reported.from", period=period, n=text("figures.percent", n=f"{self.base:g}"))

    @property
    def slope(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """Base and value as two dots of a drawing that goes from nothing to all; only for shares with both."""
        if self.unit != "percent" or self.base is None or self.value is None:
            return None
        return tuple(
            (x, round(HEIGHT * (1 - share / 100), 1)) for x, share in ((0, self.base), (WIDTH, self.value))
        )  # type: ignore[return-value]


def period_text(period: str) -> Text:
    """A period in words: a year, a month, or the season in which the reports came out."""
    if period.endswith(" 春"):
        year = period.split(" ")[0]
        return text("reported.spring", year=year)
    year, _, month = period.partition("-")
    if month:
        from zhuoli.web.figures.tables import month_text

        return month_text(period)
    return text("reported.year", year=year)


@cache
def reported() -> tuple[Reported, ...]:
    """Return all cited figures, in the order of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(_read(row) for row in csv.DictReader(file))


def _read(row: dict[str, str]) -> Reported:
    unit: Any = row["unit"]
    return Reported(
        key=row["series"],
        title=Text(row["title.zh"], row["title.en"]),
        of=Text(row["of.zh"], row["of.en"]),
        unit=unit,
        direction=row["direction"],
        base_period=row["base_period"],
        base=float(row["base"]) if row["base"] else None,
        period=row["period"],
        value=float(row["value"]) if row["value"] else None,
        at_least=row["bound"] == "at_least",
        row=row["row"],
        note=Text(row["note.zh"], row["note.en"]) if row["note.zh"] else None,
    )


def as_json(one: Reported) -> dict[str, Any]:
    """Return a cited figure as the JSON document has it."""
    return {
        "key": one.key,
        "title": _both(one.title),
        "counted": _both(one.of),
        "unit": one.unit,
        "direction": one.direction or None,
        "base_period": one.base_period or None,
        "base": one.base,
        "period": one.period.replace(" 春", " spring"),
        "value": one.value,
        "at_least": one.at_least,
        "note": _both(one.note) if one.note else None,
        "system": one.row,
    }


def _both(said: Text) -> dict[str, str]:
    return {"zh": said.zh, "en": said.en}
