"""What somebody has asked the figures for, and the tables that answer it."""

from __future__ import annotations

import re
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest

from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.core.worktime.words import plain_date
from zhuoli.office.figures import Cell, Counted, Figures, Key, month_of, month_start, summed
from zhuoli.office.handle import Office
from zhuoli.office.measures import RATES, Rate
from zhuoli.web import door, when
from zhuoli.web.errors import bad_parameter, not_found
from zhuoli.web.figures.published import ENOUGH, Change, Row, change, row
from zhuoli.web.wording import text

By = Literal["month", "scenario", "place", "county"]
BREAKDOWNS: tuple[By, ...] = ("month", "scenario", "place", "county")
MONTHS = 12
KEPT = 500
"""So many answers are kept at most, until something changes."""
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])", re.ASCII)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: ``place`` is a prefix of 4 or 6 digits, ``month`` year × 12 + month − 1, 0 for the last twelve.

    ``until`` is the present month. ``own`` are the scenarios of an office's own work: they are told only by themselves,
    never among the needs of the public.
    """

    by: By
    place: str
    scenario: str
    month: int
    rate: Rate
    until: int
    own: frozenset[str] = msgspec.field(default_factory=lambda: door.own_work())

    @property
    def months(self) -> range:
        """The months that are counted."""
        if self.month:
            return range(self.month, self.month + 1)
        return range(self.until - MONTHS + 1, self.until + 1)

    @property
    def before(self) -> range:
        """The period of the same length before."""
        return range(self.months.start - len(self.months), self.months.start)

    def within(self, key: Key) -> bool:
        """Whether a cell belongs to the place and the scenario that are asked for."""
        wanted = key[1] == self.scenario if self.scenario else key[1] not in self.own
        return wanted and key[2].startswith(self.place)

    def but(self, **changes: Any) -> Asked:
        """Return the same question with something changed."""
        return msgspec.structs.replace(self, **changes)

    def query(self) -> str:
        """Return the question as the part of an address after ``?``, without what goes without saying."""
        told = {
            "by": self.by if self.by != usual_breakdown(self.month) else "",
            "place": self.place,
            "scenario": self.scenario,
            "month": month_key(self.month) if self.month else "",
            "rate": self.rate if self.rate != RATES[0] else "",
        }
        return urlencode({key: value for key, value in told.items() if value})


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A breakdown with its total."""

    rows: tuple[Row, ...]
    total: Row


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """How the rates have changed: ``months`` tells that the last whole month is compared with the one before it."""

    changes: dict[Rate, Change]
    months: tuple[int, int] | None


_FIGURES: list[tuple[Office, Figures]] = []


def figures() -> Figures:
    """Return what counts for this process; made anew with the office."""
    office = door.office()
    if not _FIGURES or _FIGURES[0][0] is not office:
        _FIGURES[:] = [(office, Figures(office.library, when.now))]
    return _FIGURES[0][1]


def usual_breakdown(month: int) -> By:
    """Return the breakdown that is shown when none is asked for."""
    return "scenario" if month else "month"


def asked_for(request: HttpRequest, scenario: str = "") -> Asked:
    """Read the question out of an address.

    Raises:
        BadRequestPage: a parameter cannot be right.
    """
    given = {name: request.GET.get(name, "") for name in ("by", "place", "scenario", "month", "rate")}
    until = month_of(when.now())
    month = _month(given["month"], until) if given["month"] else 0
    place = given["place"]
    if place and (len(place) not in (4, 6) or door.places().get(place.ljust(12, "0")) is None):
        raise bad_parameter("place")
    scenario = scenario or given["scenario"]
    if scenario and scenario not in door.scenarios():
        raise not_found(text("error.no_matter"))
    by = next((each for each in BREAKDOWNS if each == given["by"]), None)
    if given["by"] and by is None:
        raise bad_parameter("by")
    rate = next((each for each in RATES if each == given["rate"]), None)
    if given["rate"] and rate is None:
        raise bad_parameter("rate")
    asked = Asked(
        by=by or usual_breakdown(month),
        place=place,
        scenario=scenario,
        month=month,
        rate=rate or RATES[0],
        until=until,
    )
    possible = breakdowns(asked)
    if asked.by == "county" and "place" in possible and "county" not in possible:
        return asked.but(by="place")  # within a city these are the same
    return asked if asked.by in possible else asked.but(by=next(iter(possible), "month"))


def _month(written: str, until: int) -> int:
    found = _MONTH.fullmatch(written)
    month = int(found[1]) * 12 + int(found[2]) - 1 if found else 0
    if not until - MONTHS < month <= until:
        raise bad_parameter("month")
    return month


def breakdowns(asked: Asked) -> list[By]:
    """Return the ways in which what is asked for can be broken down."""
    found: list[By] = [] if asked.month else ["month"]
    if not asked.scenario:
        found.append("scenario")
    if len(asked.place) < 6:
        found.append("place")
    if not asked.place:
        found.append("county")
    return found


def table(counted: Counted, asked: Asked) -> Table:
    """Answer a question with a breakdown and its total; which rate is looked at makes no difference."""
    question = asked.but(rate=RATES[0])
    found: Table | None = counted.answers.get(question)
    if found is None:
        if len(counted.answers) >= KEPT:
            counted.answers.clear()
        found = counted.answers[question] = _table(counted, question)
    return found


def _table(counted: Counted, asked: Asked) -> Table:
    cells = summed(
        counted, asked.months, lambda key: _key(asked, key) if asked.within(key) else None, "hours"
    )
    total = Cell()
    for cell in cells.values():
        total.add(cell, "hours")
    keys = [month_key(month) for month in asked.months] if asked.by == "month" else sorted(cells)
    return Table(
        rows=tuple(row(key, cells.get(key) or Cell()) for key in keys),
        total=row("total", total),
    )


def _key(asked: Asked, key: Key) -> str:
    if asked.by == "scenario":
        return key[1]
    if asked.by == "month":
        return month_key(key[0])
    return key[2] if asked.by == "county" or asked.place else key[2][:4]


def begun(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Leave out the months before the first case."""
    empty = next((n for n, each in enumerate(rows) if each.totals["raised"] != 0), len(rows))
    return rows[max(0, min(empty, len(rows) - 1)) :]


def compared(counted: Counted, asked: Asked, total: Row) -> Compared:
    """Compare with the period before; where there was too little, the last whole month with the one before it."""
    before = _only(counted, asked, asked.before)
    if (before.totals["raised"] or 0) >= ENOUGH:
        return Compared(changes=_changes(total, before), months=None)
    if asked.month:
        return Compared(changes={}, months=None)
    last, earlier = asked.until - 1, asked.until - 2
    rows = [_only(counted, asked, range(month, month + 1)) for month in (last, earlier)]
    return Compared(changes=_changes(*rows), months=(last, earlier))


def _changes(now: Row, before: Row) -> dict[Rate, Change]:
    pairs = ((rate, change(now.rates[rate], before.rates[rate])) for rate in RATES)
    return {rate: found for rate, found in pairs if found is not None}


def _only(counted: Counted, asked: Asked, months: range) -> Row:
    cells = summed(counted, months, lambda key: "" if asked.within(key) else None)
    return row("", cells.get("") or Cell())


def month_key(month: int) -> str:
    """Return ``2026-02``."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def month_text(month: int | str) -> Text:
    """Return a month, also one written ``2026-02``, in words."""
    number = month if isinstance(month, int) else int(month[:4]) * 12 + int(month[5:]) - 1
    name = plain_date(local(month_start(number)).date()).en.split(" ")[1]
    return Text(f"{number // 12}年{number % 12 + 1}月", f"{name} {number // 12}")


def label(by: By, key: str) -> Text:
    """Return what a row is called."""
    if key == "total":
        return text("figures.total")
    if by == "month":
        return month_text(key)
    if by == "scenario":
        found = door.scenarios().get(key)
        return found.title if found else Text(key, key)
    place = door.places().get(key.ljust(12, "0")) if key else None
    return Text(place.name_zh, place.name_en) if place else text("figures.no_place")
