"""The page of one indicator, and the same for programs."""

from __future__ import annotations

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from zhuoli.core.text import Text
from zhuoli.web import door
from zhuoli.web.context import asked as page_of
from zhuoli.web.csv_files import csv_file
from zhuoli.web.errors import not_found
from zhuoli.web.figures import drawings, indicators, maps
from zhuoli.web.figures.charts import Point
from zhuoli.web.figures.data import document, head, source
from zhuoli.web.figures.indicator import Area, One, one, outside, turn_text
from zhuoli.web.figures.pages import frame, month_short, url_of
from zhuoli.web.figures.tables import KEPT, Asked, asked_for, figures, month_key, month_text
from zhuoli.web.wording import text

LOG = logging.getLogger("zhuoli.web.figures")
EDGES = (0.2, 0.4, 0.6, 0.8)
"""Where the depths of colour part on the map of an indicator, the same for all."""


@require_safe
def indicator_page(request: HttpRequest, scenario: str, indicator: str) -> HttpResponse:
    """Show one indicator: months and turns, base, map, and which counties differ by more than chance."""
    page = page_of(request)
    page.public = True
    found, asked = _found(request, scenario, indicator)
    plan = door.plan(scenario)
    narrow = asked.but(scenario="")
    base = reverse("figures.indicator", args=(page.lang, scenario, indicator))
    high, low = outside(found.areas)
    context = frame(asked, figures().counted(), base, own=True) | {
        "scenario": plan.scenario,
        "i": found.told,
        "one": found,
        "chart": _chart(found, page.lang),
        "month_rows": [(month_text(month), value.words, value.basis) for month, value in found.months],
        "turns": None if found.turns is None else [turn_text(each) for each in found.turns],
        "title_word": found.told.indicator.title.in_language(page.lang),
        "value_word": text("figures.value").in_language(page.lang),
        "map_of": text("figures.map_counties") if found.digits == 6 else text("figures.map_cities"),
        "map": _map(found, asked, scenario, indicator, page.lang),
        "funnel": _funnel(found, page.lang),
        "finding": _finding(found, high, low),
        "groups": [
            (text("figures.funnel_high"), high, True),
            (text("figures.funnel_low"), low, True),
            (text("figures.funnel_inside"), [each for each in found.areas if each.place == "inside"], False),
            (text("figures.funnel_small"), [each for each in found.areas if not each.place], False),
        ],
        "back_url": reverse("figures", args=(page.lang,)),
        "own_url": url_of(reverse("figures.scenario", args=(page.lang, scenario)), narrow),
        "csv_url": url_of(reverse("figures.indicator.csv", args=(page.lang, scenario, indicator)), narrow),
        "json_url": url_of(reverse("figures.indicator.json", args=(page.lang, scenario, indicator)), narrow),
    }
    return render(request, "figures/indicator.html", context)


def _found(request: HttpRequest, scenario: str, indicator: str) -> tuple[One, Asked]:
    plan = door.plan(scenario)
    asked = asked_for(request, scenario)
    counted = figures().counted()
    question = (asked, indicator)
    found: One | None = counted.answers.get(question)
    if found is None:
        found = one(counted, asked, plan, indicator)
        if found is None:
            raise not_found(text("error.no_indicator"))
        if len(counted.answers) >= KEPT:
            counted.answers.clear()
        counted.answers[question] = found
    return found, asked


def _chart(found: One, lang: str) -> SafeString | None:
    """Draw the months; None where there are not two to join, or the drawing fails."""
    points = tuple(
        Point(f"{month_key(month)}|{month_short(month_key(month), lang)}", _drawn(value))
        for month, value in found.months
    )
    if sum(point.value is not None for point in points) < 2:
        return None
    labels = {point.label.partition("|")[0]: point.label for point in points}
    marks = tuple(
        drawings.Mark(labels[each.at], labels[each.first], labels[each.last]) for each in found.turns or ()
    )
    share = found.told.now.unit == "share"
    written = found.told.indicator.target
    target = float(written.rstrip("%")) / (100 if share else 1) if written else None
    return _safely(lambda: drawings.months(points, marks, share=share, target=target))


def _drawn(value: indicators.Value) -> float | None:
    return value.share.value if value.share is not None else value.value


def _safely(draw: Any) -> SafeString | None:
    try:
        made: SafeString = draw()
    except ValueError:
        LOG.exception("a chart could not be drawn; the page shows its table")
        return None
    return made


def _map(found: One, asked: Asked, scenario: str, indicator: str, lang: str) -> maps.Map | None:
    shares = {each.code: each.value.share for each in found.areas if each.value.share is not None}
    if not shares:
        return None
    base = reverse("figures.indicator", args=(lang, scenario, indicator))

    def link(code: str) -> str:
        return url_of(base, asked.but(place=code, scenario=""))

    return maps.shaded(shares, asked.place[:4], found.digits, lang, link, EDGES)


def _funnel(found: One, lang: str) -> SafeString | None:
    shape = found.funnel
    if shape is None:
        return None
    names = {each.code: each.name.in_language(lang) for each in found.areas}
    dots = tuple(
        drawings.Dot(
            of=point.of,
            rate=point.rate,
            place=point.place.removeprefix("very_"),
            name=names[point.key] if point.place != "inside" else "",
        )
        for point in shape.points
    )
    title = text("figures.funnel_axis").in_language(lang)
    return _safely(lambda: drawings.places(dots, shape.limits, shape.target, title))


def _finding(found: One, high: list[Area], low: list[Area]) -> Text | None:
    """Say what the funnel shows: how many differ from the others by more than chance."""
    if found.funnel is None:
        return None
    number, outer = len(found.funnel.points), len(high) + len(low)
    if not outer:
        return text("figures.funnel_none", n=number)
    return text("figures.funnel_some", n=number, outside=outer)


@require_safe
def indicator_json(request: HttpRequest, scenario: str, indicator: str) -> HttpResponse:
    """Give one indicator as JSON: its months, turns, counties and where each lies in the funnel."""
    page_of(request).public = True
    found, asked = _found(request, scenario, indicator)
    shape = found.funnel
    told = indicators.as_json(found.told) | {
        "months": [
            {"month": month_key(month), **indicators.value_json(value)} for month, value in found.months
        ],
        "turns": None
        if found.turns is None
        else [
            {"sort": each.sort, "at": each.at, "first": each.first, "last": each.last} for each in found.turns
        ],
        "areas": [
            {
                "code": each.code,
                "name": {"zh": each.name.zh, "en": each.name.en},
                **indicators.value_json(each.value),
                "funnel": each.place or None,
            }
            for each in found.areas
        ],
        "funnel_target": None if shape is None else round(shape.target, 4),
        "funnel_widened": None if shape is None else round(shape.widened, 3),
    }
    return document(head(asked, figures().counted()) | {"indicator": told})


@require_safe
def indicator_csv(request: HttpRequest, scenario: str, indicator: str) -> HttpResponse:
    """Give one indicator as CSV: its months, then its counties."""
    page_of(request).public = True
    found, _ = _found(request, scenario, indicator)
    matter, name = door.scenarios()[scenario].title, door.scenarios()[scenario].indicators[indicator].title
    rows: list[list[Any]] = [
        ["by", "key", "label_zh", "label_en", "value", "count", "of", "funnel", "source"]
    ]
    for month, value in found.months:
        said = month_text(month)
        rows.append(["month", month_key(month), said.zh, said.en, *_cells(value), "", source()])
    for each in found.areas:
        rows.append(
            ["place", each.code, each.name.zh, each.name.en, *_cells(each.value), each.place, source()]
        )
    return csv_file(Text(f"{matter.zh}-{name.zh}", f"{matter.en}-{name.en}"), rows, page_of(request).lang)


def _cells(value: indicators.Value) -> list[Any]:
    return ["" if each is None else each for each in (value.value, value.count, value.of)]
