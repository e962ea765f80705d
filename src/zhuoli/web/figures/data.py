"""Public figures as CSV and JSON: the fields are described in docs/offices/figures-data.md and keep their meaning."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from zhuoli.office.figures import Counted, month_start
from zhuoli.office.measures import RATES
from zhuoli.web import door, viewers, when
from zhuoli.web.context import asked as page_of
from zhuoli.web.csv_files import csv_file
from zhuoli.web.figures import indicators
from zhuoli.web.figures.published import BASE, ENOUGH, SMALLEST, TOTALS, Row
from zhuoli.web.figures.tables import Asked, Table, asked_for, figures, label, month_key, table
from zhuoli.web.wording import text

FORMAT = 1
"""Grows when a field changes its meaning or goes away; new fields may come without."""


@require_safe
def figures_csv(request: HttpRequest) -> HttpResponse:
    """Give a breakdown as CSV."""
    page_of(request).public = True
    asked = asked_for(request)
    found = table(figures().counted(), asked)
    rates = [name for rate in RATES for name in (rate, f"{rate}_count", f"{rate}_of")]
    rows: list[tuple[Any, ...]] = [
        ("key", "label_zh", "label_en", *TOTALS, *rates, "median_hours", "mean_score", "source")
    ]
    for row in (*found.rows, found.total):
        said = label(asked.by, row.key)
        rows.append((row.key, said.zh, said.en, *_cells(row), source()))
    return csv_file(text("file.figures", by=text(f"by.{asked.by}")), rows, page_of(request).lang)


@require_safe
def figures_json(request: HttpRequest) -> HttpResponse:
    """Give a breakdown as JSON; null stands for “not published”."""
    page_of(request).public = True
    asked = asked_for(request)
    counted = figures().counted()
    return document(head(asked, counted) | {"by": asked.by} | _table(asked, table(counted, asked)))


@require_safe
def scenario_json(request: HttpRequest, scenario: str) -> HttpResponse:
    """Give a scenario's own indicators as JSON."""
    page_of(request).public = True
    plan = door.plan(scenario)
    asked = asked_for(request, scenario)
    counted = figures().counted()
    told = [indicators.as_json(each) for each in indicators.told(counted, asked, plan)]
    title = plan.scenario.title
    return document(head(asked, counted) | {"title": {"zh": title.zh, "en": title.en}, "indicators": told})


def source() -> str:
    """Return where the numbers are from: ``generated`` by the demonstration, or ``own``."""
    return "generated" if viewers.demo() else "own"


def document(data: dict[str, Any]) -> HttpResponse:
    """Return a JSON document."""
    return HttpResponse(msgspec.json.encode(data), content_type="application/json")


def head(asked: Asked, counted: Counted) -> dict[str, Any]:
    """Return how every document of figures begins: what was asked, as of when, and how numbers are published."""
    return {
        "format": FORMAT,
        "place": asked.place,
        "scenario": asked.scenario,
        "month": month_key(asked.month) if asked.month else "",
        "since": when.machine(month_start(asked.months.start)),
        "until": when.machine(min(counted.at, month_start(asked.months.stop))),
        "counted_at": when.machine(counted.at),
        "source": source(),
        "suppressed_below": SMALLEST,
        "rounded_to": BASE,
        "rates_from": ENOUGH,
        "definitions": {rate: _definition(rate) for rate in RATES},
    }


def _definition(rate: str) -> dict[str, dict[str, str]]:
    found = {part: text(f"rate_{part}.{rate}") for part in ("count", "of", "not")}
    return {part: {"zh": said.zh, "en": said.en} for part, said in found.items()}


def _table(asked: Asked, found: Table) -> dict[str, Any]:
    return {"rows": [_row(asked, row) for row in found.rows], "total": _row(asked, found.total)}


def _row(asked: Asked, row: Row) -> dict[str, Any]:
    said = label(asked.by, row.key)
    return {
        "key": row.key,
        "label": {"zh": said.zh, "en": said.en},
        **row.totals,
        "rates": {
            rate: {"rate": share.rate, "count": share.count, "of": share.of}
            for rate, share in row.rates.items()
        },
        "median_hours": row.median_hours,
        "mean_score": row.mean_score,
    }


def _cells(row: Row) -> list[Any]:
    cells: list[Any] = [row.totals[name] for name in TOTALS]
    for share in row.rates.values():
        cells += [share.rate, share.count, share.of]
    cells += [row.median_hours, row.mean_score]
    return ["" if cell is None else cell for cell in cells]
