"""One indicator by itself: its months with their turns, its base, where it stands by county, and what may be chance."""

from __future__ import annotations

import msgspec

from zhuoli.core.case.plan import Plan
from zhuoli.core.scenario.model import Indicator
from zhuoli.core.text import Text
from zhuoli.evaluate.funnel import Funnel, Unit, funnel
from zhuoli.evaluate.series import Series
from zhuoli.evaluate.turns import Turn, turns
from zhuoli.office.figures import Cell, Counted, summed
from zhuoli.places.units import short_name
from zhuoli.web import door
from zhuoli.web.figures.indicators import Told, Value, told, value_of
from zhuoli.web.figures.published import SPREAD, change
from zhuoli.web.figures.say import change_text
from zhuoli.web.figures.tables import Asked, month_key, month_text
from zhuoli.web.wording import text

SEEN = 24
"""So many months are shown."""
FEW = 2.5
"""What stands for a count that is not published, in the middle of what it may be, where turns are looked for."""
ENOUGH_MONTHS = 16
"""Turns are looked for from so many whole months on."""
LEAST = 5
"""A funnel is drawn from so many places with a rate on."""


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """A county (or a city) with its value; ``place`` is where it lies in the funnel, empty where it is not in it."""

    code: str
    name: Text
    value: Value
    place: str = ""


class One(msgspec.Struct, frozen=True, kw_only=True):
    """An indicator with all that is told of it.

    ``months`` are up to two years, oldest first. ``turns`` is None where there are too few months. ``base`` compares with the
    declared base, or else with the year before. ``areas`` are counties (``digits`` 6), or cities (4) where counties have too few.
    """

    told: Told
    months: tuple[tuple[int, Value], ...]
    turns: tuple[Turn, ...] | None
    base: Text | None
    areas: tuple[Area, ...]
    digits: int
    funnel: Funnel | None


def one(counted: Counted, asked: Asked, plan: Plan, key: str) -> One | None:
    """Return an indicator of a scenario for what is asked; None where it has none of this name."""
    indicator = plan.scenario.indicators.get(key)
    if indicator is None:
        return None
    found = next(each for each in told(counted, asked, plan) if each.key == key)
    months = _months(counted, asked, indicator, key)
    digits = 6
    areas, shape = _areas(counted, asked, indicator, key, digits)
    if shape is None and not asked.place and indicator.unit == "share":
        digits = 4  # counties have too few to tell anything: cities may have enough
        areas, shape = _areas(counted, asked, indicator, key, digits)
    return One(
        told=found,
        months=months,
        turns=_turns(indicator, months, asked.until),
        base=_base(counted, asked, indicator, key, found),
        areas=areas,
        digits=digits,
        funnel=shape,
    )


def _months(counted: Counted, asked: Asked, indicator: Indicator, key: str) -> tuple[tuple[int, Value], ...]:
    span = range(asked.until - SEEN + 1, asked.until + 1)
    cells = summed(
        counted, span, lambda place: month_key(place[0]) if asked.within(place) else None, "gauges"
    )
    months = tuple((month, value_of(indicator, cells.get(month_key(month), Cell()), key)) for month in span)
    begun = next((number for number, (_, value) in enumerate(months) if value.of != 0), len(months) - 1)
    return months[begun:]


def _turns(
    indicator: Indicator, months: tuple[tuple[int, Value], ...], until: int
) -> tuple[Turn, ...] | None:
    """Look for turns in what is published of the whole months."""
    whole = [(month, value) for month, value in months if month != until]
    if len(whole) < ENOUGH_MONTHS:
        return None
    counts = tuple(FEW if value.count is None else float(value.count) for _, value in whole)
    of = tuple(FEW if value.of is None else float(value.of) for _, value in whole)
    start = whole[0][0]
    if indicator.unit == "count":
        return turns(Series(period="month", start=start, values=counts))
    if not all(of):
        return None
    if indicator.unit == "share":
        inside = tuple(min(part, all_) for part, all_ in zip(counts, of, strict=True))
        return turns(Series(period="month", start=start, kind="share", values=inside, of=of))
    means = tuple(value.value for _, value in whole)
    known = tuple(float(mean) for mean in means if mean is not None)
    if len(known) < len(means):
        return None
    return turns(Series(period="month", start=start, kind="amount", values=known))


def _areas(
    counted: Counted, asked: Asked, indicator: Indicator, key: str, digits: int
) -> tuple[tuple[Area, ...], Funnel | None]:
    """The places with something to count, by code, and for shares their funnel."""
    cells = summed(
        counted,
        asked.months,
        lambda place: (
            place[2][:digits] if place[2] and asked.but(place=asked.place[:4]).within(place) else None
        ),
        "gauges",
    )
    values = {code: value_of(indicator, cell, key) for code, cell in sorted(cells.items())}
    values = {code: value for code, value in values.items() if value.of != 0}
    units = [
        Unit(code, float(value.count), float(value.of))
        for code, value in values.items()
        if value.share is not None and value.share.enough and value.count is not None and value.of
    ]
    shape = funnel(units, slack=SPREAD) if len(units) >= LEAST else None
    places = {point.key: point.place for point in shape.points} if shape else {}
    return tuple(
        Area(code=code, name=_name(code), value=value, place=places.get(code, ""))
        for code, value in values.items()
    ), shape


def _name(code: str) -> Text:
    place = door.places().get(code.ljust(12, "0"))
    return short_name(place) if place is not None else Text(code, code)


def _base(counted: Counted, asked: Asked, indicator: Indicator, key: str, found: Told) -> Text | None:
    """Compare with the declared base; without one with the same months a year before."""
    if found.base is not None and found.now.value is not None:
        period = indicator.base_period
        when = text("figures.base_of", period=Text(period, period)) if period else text("figures.own_base")
        return text("figures.base_then_now", when=when, base=found.base, now=found.now.words)
    earlier = range(asked.months.start - 12, asked.months.stop - 12)
    cells = summed(counted, earlier, lambda place: "" if asked.within(place) else None, "gauges")
    before = value_of(indicator, cells.get("", Cell()), key)
    if found.now.share is None or before.share is None:
        return None
    moved = change(found.now.share, before.share)
    if moved is None:
        return None
    return text("figures.base_year", before=before.words, change=change_text(moved))


def turn_text(turn: Turn) -> Text:
    """A turn in words: when, and between which months."""
    at, first, last = (month_text(each) for each in (turn.at, turn.first, turn.last))
    if turn.first == turn.last:
        return text("figures.turn_sure", at=at) if turn.sort == "turn" else text("figures.step_sure", at=at)
    if turn.sort == "turn":
        return text("figures.turn", at=at, first=first, last=last)
    return text("figures.step", at=at, first=first, last=last)


def outside(areas: tuple[Area, ...]) -> tuple[list[Area], list[Area]]:
    """The places beyond the limits: those above, and those below, the furthest first."""
    high = [each for each in areas if each.place in ("high", "very_high")]
    low = [each for each in areas if each.place in ("low", "very_low")]
    return high, low
