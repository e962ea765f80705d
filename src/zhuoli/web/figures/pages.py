"""Public figures as a page, as CSV and as JSON; each says where its numbers are from."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.core.worktime.words import plain_date
from zhuoli.web import door, viewers, when
from zhuoli.web.context import asked
from zhuoli.web.errors import bad_parameter, not_found
from zhuoli.web.figures.count import SMALLEST, By, Row, Table, month_starts, table
from zhuoli.web.wording import text

BREAKDOWNS: tuple[By, ...] = ("month", "scenario", "place")
COLUMNS = (
    "raised",
    "accepted",
    "closed",
    "settled",
    "unconfirmed",
    "refused",
    "on_time",
    "median_hours",
    "satisfaction",
    "rated",
)
ROOM, HEIGHT, LEFT, BOTTOM = 50, 200, 40, 24
SHORT = 6
"""So many months fit on a phone."""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One pair of bars: raised, and settled within it, in the units of the drawing."""

    x: float
    width: float
    raised: float
    raised_y: float
    settled: float
    settled_y: float
    label: str
    label_x: float
    title: str


@require_safe
def figures_page(request: HttpRequest) -> HttpResponse:
    """Show one breakdown with its total, and the months as bars."""
    page = asked(request)
    page.public = True
    by, place, scenario = _asked_for(request)
    now = when.now()
    found = table(by, now, place=place, scenario=scenario)
    months = found if by == "month" else table("month", now, place=place, scenario=scenario)
    base = reverse("figures", args=(page.lang,))
    query = urlencode(
        {key: value for key, value in (("by", by), ("place", place), ("scenario", scenario)) if value}
    )
    rows = [
        {"row": row, "label": _label(by, row.key, now), "url": _deeper(base, by, row.key, place)}
        for row in _begun(found).rows
    ]
    context: dict[str, Any] = {
        "page": "figures",
        "by": by,
        "place": place,
        "place_name": door.places().full_name(place.ljust(12, "0"), skip=1) if place else None,
        "scenario": scenario,
        "scenario_title": door.scenarios()[scenario].title if scenario else None,
        "breakdowns": [
            {
                "key": each,
                "current": each == by,
                "url": f"{base}?" + urlencode({"by": each, **_kept(place, scenario)}),
            }
            for each in BREAKDOWNS
        ],
        "rows": rows,
        "total": found.total,
        "empty": not any(row.raised != 0 for row in found.rows),
        "first": plain_date(local(found.since).date()),
        "has_bars": any(row.raised for row in months.rows),
        "at": found.at,
        "bars": bars(_begun(months), page.lang),
        "top": _top(months),
        "width": LEFT + ROOM * len(_begun(months).rows),
        "long": len(_begun(months).rows) > SHORT,
        "csv_url": reverse("figures.csv", args=(page.lang,)) + f"?{query}",
        "json_url": reverse("figures.json", args=(page.lang,)) + f"?{query}",
        "generated": viewers.demo(),
        "smallest": SMALLEST,
        "clear_url": base,
    }
    return render(request, "figures/figures.html", context)


@require_safe
def figures_csv(request: HttpRequest) -> HttpResponse:
    """Give a breakdown as CSV: UTF-8 with a mark, so that Excel reads the Chinese."""
    asked(request).public = True
    by, place, scenario = _asked_for(request)
    found = table(by, when.now(), place=place, scenario=scenario)
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(("key", "label_zh", "label_en", *COLUMNS, "source"))
    for row in (*found.rows, found.total):
        label = _label(by, row.key, found.at)
        writer.writerow(
            (
                _open_key(by, row.key, found),
                label.zh,
                label.en,
                *(_plain(row, name) for name in COLUMNS),
                _source(),
            )
        )
    response = HttpResponse("\ufeff" + target.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="zhuoli-{by}.csv"'
    return response


@require_safe
def figures_json(request: HttpRequest) -> HttpResponse:
    """Give a breakdown as JSON; null stands for “not published” or “not known”."""
    asked(request).public = True
    by, place, scenario = _asked_for(request)
    found = table(by, when.now(), place=place, scenario=scenario)
    data = {
        "by": by,
        "place": place,
        "scenario": scenario,
        "since": when.machine(found.since),
        "at": when.machine(found.at),
        "source": _source(),
        "suppressed_below": SMALLEST,
        "rows": [_as_json(by, row, found) for row in found.rows],
        "total": _as_json(by, found.total, found),
    }
    return HttpResponse(msgspec.json.encode(data), content_type="application/json")


def _begun(found: Table) -> Table:
    """Leave out the months before the first matter, but show six at least."""
    if found.by != "month":
        return found
    empty = next((n for n, row in enumerate(found.rows) if row.raised != 0), len(found.rows))
    return msgspec.structs.replace(found, rows=found.rows[min(empty, len(found.rows) - SHORT) :])


def _asked_for(request: HttpRequest) -> tuple[By, str, str]:
    by, place, scenario = (request.GET.get(name, "") for name in ("by", "place", "scenario"))
    if by and by not in BREAKDOWNS:
        raise bad_parameter("by")
    if place and (len(place) not in (4, 6) or door.places().get(place.ljust(12, "0")) is None):
        raise bad_parameter("place")
    if scenario and scenario not in door.scenarios():
        raise not_found(text("error.no_matter"))
    return next((each for each in BREAKDOWNS if each == by), "month"), place, scenario


def _kept(place: str, scenario: str) -> dict[str, str]:
    return {key: value for key, value in (("place", place), ("scenario", scenario)) if value}


def _deeper(base: str, by: By, key: str, place: str) -> str:
    """Return where a row leads: into a city, or to the months of a matter."""
    if by == "scenario" and key in door.scenarios():
        return f"{base}?" + urlencode({"by": "month", "scenario": key, **_kept(place, "")})
    if by == "place" and len(key) in (4, 6) and key:
        return f"{base}?" + urlencode({"by": "place" if len(key) == 4 else "month", "place": key})
    return ""


def _label(by: By, key: str, now: int) -> Text:
    if key == "total":
        return text("figures.total")
    if by == "month":
        start = local(month_starts(now)[int(key)])
        return Text(f"{start.year}年{start.month}月", f"{start.strftime('%b')} {start.year}")
    if by == "scenario":
        found = door.scenarios().get(key)
        return found.title if found else Text(key, key)
    place = door.places().get(key.ljust(12, "0")) if key else None
    return Text(place.name_zh, place.name_en) if place else text("figures.no_place")


def _open_key(by: By, key: str, found: Table) -> str:
    if by == "month" and key != "total":
        return local(month_starts(found.at)[int(key)]).strftime("%Y-%m")
    return key


def _plain(row: Row, name: str) -> str:
    value = getattr(row, name)
    if value is None:
        return ""
    return f"{value:.4f}" if name == "on_time" else str(value)


def _as_json(by: By, row: Row, found: Table) -> dict[str, Any]:
    label = _label(by, row.key, found.at)
    values = {name: getattr(row, name) for name in COLUMNS}
    return {"key": _open_key(by, row.key, found), "label": {"zh": label.zh, "en": label.en}, **values}


def _source() -> str:
    return "generated" if viewers.demo() else "own"


def _top(months: Table) -> int:
    """Return a round number not below the highest bar."""
    highest = max((row.raised or 0 for row in months.rows), default=0)
    step = int(10 ** max(0, len(str(highest)) - 1))
    return max(10, -(-highest // step) * step)


def bars(months: Table, language: str) -> list[Bar]:
    """Return the bars of the months; the axis begins at zero, months that are not published have none."""
    top, room = _top(months), ROOM
    drawn: list[Bar] = []
    height = HEIGHT - BOTTOM
    for number, row in enumerate(months.rows):
        start = local(month_starts(months.at)[int(row.key)])
        raised, settled = (height * (value or 0) / top for value in (row.raised, row.settled))
        said = text(
            "figures.bar",
            month=plain_month(start.year, start.month),
            raised=_told(row.raised),
            settled=_told(row.settled),
        )
        drawn.append(
            Bar(
                x=round(LEFT + number * room + room * 0.15, 1),
                width=round(room * 0.7, 1),
                raised=round(raised, 1),
                raised_y=round(height - raised, 1),
                settled=round(settled, 1),
                settled_y=round(height - settled, 1),
                label=f"{start.month}月" if language == "zh" else start.strftime("%b"),
                label_x=round(LEFT + number * room + room / 2, 1),
                title=said.in_language(language),
            )
        )
    return drawn


def plain_month(year: int, month: int) -> Text:
    """Return a month in words."""
    name = plain_date(local(0).date().replace(year=year, month=month, day=1)).en.split(" ")[1]
    return Text(f"{year}年{month}月", f"{name} {year}")


def _told(value: int | None) -> str:
    return f"< {SMALLEST}" if value is None else str(value)
