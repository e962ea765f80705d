"""An indicator of a scenario as a series of months, whole or by area, made of the same cells as the public figures.

Months are those in which cases were raised. The present month is left out: it is not over. Numbers are exact and stay inside
the office; what is published is rounded by ``zhuoli.web.figures``.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from zhuoli.core.scenario.catalog import Entry, did_you_mean, from_entry
from zhuoli.core.scenario.model import Indicator, Scenario
from zhuoli.core.scenario.shelf import read_shelf
from zhuoli.core.text import Mistake, Text
from zhuoli.environment import read_environment
from zhuoli.evaluate.periods import written
from zhuoli.evaluate.series import Series
from zhuoli.office.figures import Cell, Counted, Figures, month_of, summed
from zhuoli.office.library import Library

MISTAKES: dict[str, Entry] = {
    "no_such_scenario": (
        Text("没有场景“{name}”", "There is no scenario “{name}”"),
        Text("{nearest}看看 scenario list", "{nearest}See scenario list"),
    ),
    "no_such_indicator": (
        Text("场景“{scenario}”没有指标“{name}”", "The scenario “{scenario}” has no indicator “{name}”"),
        Text("{nearest}它的指标：{known}", "{nearest}Its indicators: {known}"),
    ),
    "no_cases": (
        Text("还没有可以数的事（{area}）", "There are no cases to count ({area})"),
        Text("等有了几个月的事再问", "Ask when there are some months of cases"),
    ),
    "month_without": (
        Text("{month} 没有可以数的事（{area}）", "{month} has no case to count ({area})"),
        Text("换大一些的地区", "Take a larger area"),
    ),
}


EVERYWHERE = Text("全部地区", "everywhere")


class NoSeries(Exception):
    """There is no such series; ``mistake`` says why."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.message.en)
        self.mistake = mistake


def series_of_indicator(scenario: str, indicator: str, areas: Iterable[str] = ()) -> dict[str, Series]:
    """Count an indicator by month, once for each area (digits with which its code begins), or once for all under "".

    Raises:
        NoSeries: there is no such indicator, or too little to count.
    """
    environment = read_environment()
    shelf = read_shelf(environment.scenarios, cache=environment.data / "shelf.cache", check=False)
    wanted = _indicator(shelf.scenarios, scenario, indicator)
    now = time.time_ns() // 1_000_000
    counted = Figures(Library(shelf), lambda: now).counted()
    return {
        area: one_series(counted, scenario, indicator, wanted, area, month_of(now))
        for area in (list(dict.fromkeys(areas)) or [""])
    }


def _indicator(scenarios: Mapping[str, Scenario], scenario: str, indicator: str) -> Indicator:
    found = scenarios.get(scenario)
    if found is None:
        raise _no("no_such_scenario", name=scenario, nearest=did_you_mean(scenario, list(scenarios)))
    wanted = found.indicators.get(indicator)
    if wanted is None:
        known = list(found.indicators)
        near = did_you_mean(indicator, known)
        raise _no(
            "no_such_indicator", scenario=scenario, name=indicator, nearest=near, known=", ".join(known)
        )
    return wanted


def one_series(
    counted: Counted, scenario: str, key: str, indicator: Indicator, area: str, until: int
) -> Series:
    """The months of one indicator in one area, from the first with a case up to before ``until`` (year × 12 + month − 1).

    Raises:
        NoSeries: there are no cases, or a month has none to divide by.
    """
    months = range(until - 23, until)
    cells = summed(
        counted,
        months,
        lambda place: str(place[0]) if place[1] == scenario and place[2].startswith(area) else None,
        "gauges",
    )
    sums = [cells.get(str(month), Cell()).gauges.get(f"indicator.{key}", [0, 0, 0.0]) for month in months]
    begun = next((number for number, one in enumerate(sums) if one[0]), None)
    if begun is None:
        raise _no("no_cases", area=area or EVERYWHERE)
    sums = sums[begun:]
    start = months.start + begun
    if indicator.unit == "count":
        return Series(period="month", start=start, kind="count", values=tuple(float(one[1]) for one in sums))
    for number, one in enumerate(sums):
        if not one[0]:
            raise _no("month_without", month=written(start + number, "month"), area=area or EVERYWHERE)
    of = tuple(float(one[0]) for one in sums)
    if indicator.unit == "share":
        values = tuple(float(one[1]) for one in sums)
        return Series(period="month", start=start, kind="share", values=values, of=of)
    return Series(
        period="month", start=start, kind="amount", values=tuple(float(one[2]) for one in sums), of=of
    )


def _no(code: str, **values: object) -> NoSeries:
    return NoSeries(from_entry(code, MISTAKES[code], ("", 0, 0), values))
