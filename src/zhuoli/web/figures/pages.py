"""Public figures as pages: five rates with their context, a trend, a map, a table, and a scenario's own indicators."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.core.worktime.words import plain_date
from zhuoli.office.figures import Counted, month_start
from zhuoli.office.measures import RATES, Rate
from zhuoli.places.units import short_name
from zhuoli.web import door, viewers
from zhuoli.web.context import asked as page_of
from zhuoli.web.figures import charts, indicators, maps, say
from zhuoli.web.figures.published import ENOUGH, SMALLEST, Row
from zhuoli.web.figures.tables import (
    BREAKDOWNS,
    MONTHS,
    Asked,
    By,
    Compared,
    Table,
    asked_for,
    begun,
    breakdowns,
    compared,
    figures,
    label,
    month_key,
    month_text,
    table,
)
from zhuoli.web.wording import text

__all__ = ["BREAKDOWNS", "figures_page", "scenario_page"]

LOG = logging.getLogger("zhuoli.web.figures")
COLUMNS = ("raised", "answered", *RATES, "median")


class Tile(msgspec.Struct, frozen=True, kw_only=True):
    """One rate at the top of the page."""

    rate: Rate
    url: str
    current: bool
    number: Text
    about: bool
    small: bool
    count: Text
    of: Text
    counted: bool
    change: Text | None


class Choice(msgspec.Struct, frozen=True):
    """An option of a filter; ``label`` may be a text or a word as it is."""

    value: str
    label: Text
    chosen: bool


@require_safe
def figures_page(request: HttpRequest) -> HttpResponse:
    """Show the five rates, one of them by month and on the map, and one breakdown of all."""
    page = page_of(request)
    page.public = True
    asked = asked_for(request)
    counted = figures().counted()
    found = table(counted, asked)
    base = reverse("figures", args=(page.lang,))
    context = frame(asked, counted, base) | {
        "total": found.total,
        "empty": found.total.totals["raised"] == 0,
        "totals": _totals(found.total),
        "by": asked.by,
        "columns": COLUMNS,
        "breakdowns": [
            {"key": each, "current": each == asked.by, "url": url_of(base, asked.but(by=each))}
            for each in breakdowns(asked)
        ],
        "scenarios": [
            {"title": each.title, "url": reverse("figures.scenario", args=(page.lang, name))}
            for name, each in door.scenarios().items()
            if each.indicators and (not asked.scenario or name == asked.scenario)
        ],
        "reported_url": reverse("figures.reported", args=(page.lang,)),
        "accidents_url": reverse("figures.accidents", args=(page.lang,)),
        "csv_url": url_of(reverse("figures.csv", args=(page.lang,)), asked),
        "json_url": url_of(reverse("figures.json", args=(page.lang,)), asked),
    }
    if not context["empty"]:
        context |= _drawings(counted, asked, found, page.lang)
        context |= {
            "tiles": _tiles(asked, found.total, compared(counted, asked, found.total), base),
            "rows": [
                _line(asked, row, base, page.lang)
                for row in (begun(found.rows) if asked.by == "month" else found.rows)
            ],
            "sum": _line(asked, found.total, base, page.lang),
        }
    return render(request, "figures/figures.html", context)


@require_safe
def scenario_page(request: HttpRequest, scenario: str) -> HttpResponse:
    """Show what a scenario itself counts: value, target, how it is counted, and the last twelve months."""
    page = page_of(request)
    page.public = True
    plan = door.plan(scenario)
    asked = asked_for(request, scenario)
    counted = figures().counted()
    base, narrow = reverse("figures.scenario", args=(page.lang, scenario)), asked.but(scenario="")
    context = frame(asked, counted, base, own=True) | {
        "scenario": plan.scenario,
        "indicators": [
            (each, url_of(reverse("figures.indicator", args=(page.lang, scenario, each.key)), narrow))
            for each in indicators.told(counted, asked, plan)
        ],
        "back_url": reverse("figures", args=(page.lang,)),
        "rates_url": url_of(reverse("figures", args=(page.lang,)), asked),
        "about_url": reverse("scenario", args=(page.lang, scenario)),
        "json_url": url_of(
            reverse("figures.scenario.json", args=(page.lang, scenario)), asked.but(scenario="")
        ),
    }
    return render(request, "figures/scenario.html", context)


def url_of(base: str, asked: Asked) -> str:
    """Return an address with the question behind it."""
    query = asked.query()
    return f"{base}?{query}" if query else base


def frame(asked: Asked, counted: Counted, base: str, *, own: bool = False) -> dict[str, Any]:
    """Return what both pages say of the question: filters, period, freshness, source."""
    narrowed = bool(asked.place or asked.month or (asked.scenario and not own))
    return {
        "page": "figures",
        "asked": asked,
        "base": base,
        "narrowed": narrowed,
        "place_name": door.places().full_name(asked.place.ljust(12, "0"), skip=1) if asked.place else None,
        "matter": door.scenarios()[asked.scenario].title if asked.scenario else None,
        "period": text("figures.in_month", month=month_text(asked.month))
        if asked.month
        else text("figures.period", first=plain_date(local(month_start(asked.months.start)).date())),
        "at": counted.at,
        "matters": [
            Choice(name, each.title, name == asked.scenario) for name, each in door.scenarios().items()
        ],
        "places": _places(asked),
        "months": [
            Choice(month_key(month), month_text(month), month == asked.month)
            for month in range(asked.until, asked.until - MONTHS, -1)
        ],
        "generated": viewers.demo(),
        "smallest": SMALLEST,
        "enough": ENOUGH,
    }


def _places(asked: Asked) -> list[Choice]:
    """Return the cities, and under the chosen one its counties."""
    found = []
    for city in door.places().children("62".ljust(12, "0")):
        code = city.code[:4]
        found.append(Choice(code, Text(city.name_zh, city.name_en), code == asked.place))
        if asked.place.startswith(code):
            for county in door.places().children(city.code):
                name = short_name(county)
                found.append(
                    Choice(
                        county.code[:6], Text(f"　{name.zh}", f"– {name.en}"), county.code[:6] == asked.place
                    )
                )
    return found


def _totals(total: Row) -> list[tuple[Text, Text]]:
    named = ("raised", "answered", "in_work", "settled", "silent", "refused")
    return [(text(f"column.{name}"), say.count_text(total.totals[name])) for name in named]


def _tiles(asked: Asked, total: Row, changes: Compared, base: str) -> list[Tile]:
    tiles = []
    for rate, share in total.rates.items():
        change = changes.changes.get(rate)
        said = None
        if change is not None:
            what, before = say.change_text(change), f"{100 * change.before:.0f}%"
            if changes.months:
                last, earlier = (month_text(month) for month in changes.months)
                said = text("figures.change_month", month=last, earlier=earlier, what=what)
            else:
                key = "figures.change_last_month" if asked.month else "figures.change_year"
                said = text(key, what=what, before=before)
        about = say.is_about(share)
        number = (
            text("figures.percent", n=round(100 * share.rate))
            if about and share.rate
            else say.rate_text(share)
        )
        tiles.append(
            Tile(
                rate=rate,
                url=url_of(base, asked.but(rate=rate)) + "#trend",
                current=rate == asked.rate,
                number=number,
                about=about,
                small=share.value is None and share.of != 0,
                count=say.count_text(share.count),
                of=say.count_text(share.of),
                counted=share.of != 0,
                change=said,
            )
        )
    return tiles


def _drawings(counted: Counted, asked: Asked, found: Table, lang: str) -> dict[str, Any]:
    by_month = asked.but(by="month", month=0)
    months = begun((found if asked == by_month else table(counted, by_month)).rows)
    level: By = "county" if asked.by == "county" else "place"
    by_place = asked.but(by=level, place=asked.place[:4])
    places = (found if asked == by_place else table(counted, by_place)).rows
    return {
        "rate_words": text(f"rate.{asked.rate}").in_language(lang),
        "rate_brief": text(f"column.{asked.rate}").in_language(lang),
        "trend": _trend(months, asked.rate, lang),
        "trend_rows": [
            (
                label("month", row.key),
                say.rate_text(row.rates[asked.rate]),
                say.fraction(row.rates[asked.rate]),
            )
            for row in months
        ],
        "finding": _finding(months, asked),
        "map": maps.drawn(asked, places, lang),
        "map_of": text("figures.map_counties" if level == "county" or asked.place else "figures.map_cities"),
        "unplaced": any(row.key == "" for row in places),
    }


def _trend(months: tuple[Row, ...], rate: Rate, lang: str) -> SafeString | None:
    """Draw a rate by month; None where there are not two months to join, or the drawing fails."""
    points = tuple(charts.Point(month_short(row.key, lang), row.rates[rate].value) for row in months)
    if sum(point.value is not None for point in points) < 2:
        return None
    try:
        return charts.trend(points)
    except ValueError:
        LOG.exception("a chart could not be drawn; the page shows its table")
        return None


def month_short(month: str, lang: str) -> str:
    """Return what stands under the axis: the month, and in the place of January its year."""
    if month[5:] == "01":
        return month[:4]
    return f"{int(month[5:])}月" if lang == "zh" else month_text(month).en.split(" ")[0]


def _finding(months: tuple[Row, ...], asked: Asked) -> Text | None:
    """Say what the trend shows: the last whole month, and the best and the worst."""
    told = [
        (row.key, row.rates[asked.rate])
        for row in months
        if row.rates[asked.rate].value is not None and row.key != month_key(asked.until)
    ]
    if not told:
        return None
    last, share = told[-1]
    said = text("figures.finding", month=month_text(last), rate=say.rate_text(share))
    if len(told) < 3:
        return said
    high = max(told, key=lambda pair: pair[1].value or 0)
    low = min(told, key=lambda pair: pair[1].value or 0)
    more = text(
        "figures.finding_range",
        high=say.rate_text(high[1]),
        high_month=month_text(high[0]),
        low=say.rate_text(low[1]),
        low_month=month_text(low[0]),
    )
    return Text(said.zh + more.zh, f"{said.en} {more.en}")


def _line(asked: Asked, row: Row, base: str, lang: str) -> dict[str, Any]:
    """Return a line of the table in one language, with where it leads."""
    url = ""
    if row.key and row.key != "total":
        if asked.by == "scenario" and row.key in door.scenarios():
            url = url_of(base, asked.but(scenario=row.key, by="month" if not asked.month else "place"))
        elif asked.by == "month":
            number = int(row.key[:4]) * 12 + int(row.key[5:]) - 1
            url = url_of(base, asked.but(month=number, by="scenario"))
        elif asked.by in ("place", "county"):
            url = url_of(base, asked.but(place=row.key, by="place" if len(row.key) == 4 else "scenario"))
    return {
        "url": url,
        "label": label(asked.by, row.key).in_language(lang),
        "counts": [say.count_text(row.totals[name]).in_language(lang) for name in ("raised", "answered")],
        "rates": [
            (say.said(share, lang), say.fraction(share).in_language(lang) if share.of != 0 else "")
            for share in row.rates.values()
        ],
        "median": row.median_hours,
    }
