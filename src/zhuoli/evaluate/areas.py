"""Before and after, with comparison areas: where something was done against where it was not, in the same periods.

What moves all areas alike (season, a new way of counting, weather) falls out of the comparison. Whether the comparison
works is tried on the comparison areas themselves: each is taken as if something had been done there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from zhuoli.core.scenario.catalog import Entry, from_entry
from zhuoli.core.text import Mistake, Text
from zhuoli.evaluate.series import Series
from zhuoli.evaluate.trial import CannotEvaluate, Effect, Evaluation, evaluate

AREAS = 12
"""At most so many comparison areas are tried as if something had been done there."""

MISTAKES: dict[str, Entry] = {
    "unknown_area": (
        Text("数据里没有地区“{area}”", "The data have no area “{area}”"),
        Text("数据里有：{known}", "There are: {known}"),
    ),
    "no_comparison": (
        Text("没有可对照的地区", "There is no area to compare with"),
        Text("表里至少还要有一个没有采取措施的地区", "The table needs another area, where nothing was done"),
    ),
    "uneven_areas": (
        Text("“{area}”的时段与其他地区不同", "The periods of “{area}” are not those of the others"),
        Text("每个地区的起止时段要一样", "All areas begin and end with the same periods"),
    ),
    "which_area": (
        Text(
            "表里有几个地区，没有说在哪里采取了措施", "The table has several areas: where was something done?"
        ),
        Text("加 --area，可多次；地区有：{known}", "Add --area, once or more; there are: {known}"),
    ),
}


class Elsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """What the method finds in an area where nothing was done."""

    area: str
    effect: Effect


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """An evaluation against comparison areas, and the same tried in these."""

    evaluation: Evaluation
    elsewhere: tuple[Elsewhere, ...]


def compare(areas: Mapping[str, Series], done: Iterable[str], at: int) -> Compared:
    """Evaluate the areas where something was ``done`` at position ``at`` against all others.

    Raises:
        CannotEvaluate: an area is unknown, none is left to compare with, or the series cannot bear it.
    """
    treated = list(dict.fromkeys(done))
    for name in treated:
        if name not in areas:
            raise CannotEvaluate(_mistake("unknown_area", area=name, known=", ".join(areas)))
    others = [name for name in areas if name not in treated]
    if not others:
        raise CannotEvaluate(_mistake("no_comparison"))
    first = next(iter(areas.values()))
    for name, one in areas.items():
        if (one.period, one.start, len(one)) != (first.period, first.start, len(first)):
            raise CannotEvaluate(_mistake("uneven_areas", area=name))
    whole = _against([areas[name] for name in treated], [areas[name] for name in others])
    found = evaluate(whole, at)
    elsewhere: list[Elsewhere] = []
    for name in others[:AREAS] if len(others) > 1 else []:
        rest = [areas[one] for one in others if one != name]
        try:
            effect = evaluate(_against([areas[name]], rest), at).effect
        except CannotEvaluate:
            continue
        elsewhere.append(Elsewhere(area=name, effect=effect))
    clear = sum(one.effect.clear for one in elsewhere)
    if found.effect.clear and clear >= 2 and clear * 5 > len(elsewhere):
        found = msgspec.structs.replace(found, verdict="cannot_tell")
    return Compared(evaluation=found, elsewhere=tuple(elsewhere))


def which_area(areas: Mapping[str, Series]) -> Mistake:
    """The mistake of not saying where something was done."""
    return _mistake("which_area", known=", ".join(areas))


def _mistake(code: str, **values: object) -> Mistake:
    return from_entry(code, MISTAKES[code], ("", 0, 0), values)


def _against(here: list[Series], there: list[Series]) -> Series:
    values, of = _sums(here)
    other, other_of = _sums(there)
    if here[0].kind == "amount" and not of:
        values = tuple(value / len(here) for value in values)
        other = tuple(value / len(there) for value in other)
    return msgspec.structs.replace(here[0], values=values, of=of, comparison=other, comparison_of=other_of)


def _sums(series: list[Series]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    values = tuple(sum(one) for one in zip(*(each.values for each in series), strict=True))
    if not all(each.of for each in series):
        return values, ()
    return values, tuple(sum(one) for one in zip(*(each.of for each in series), strict=True))
