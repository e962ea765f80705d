"""The four indicators of road accidents as a page and as CSV: the last 365 days against those before, by month and by area.

The public reads counts as all figures are published (docs/decisions/0012-rounded-figures.md), damage in whole units of 10,000 yuan; a
post that handles cases reads the exact ones. How many were handled here stands beside each.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.core.worktime.words import plain_date
from zhuoli.lake.folder import ORIGINS
from zhuoli.lake.four_indicators import Both, Day, Four, days, standing, summed
from zhuoli.office.figures import month_of
from zhuoli.office.grants import granted
from zhuoli.places.units import short_name
from zhuoli.web import door, when
from zhuoli.web.context import asked as page_of
from zhuoli.web.csv_files import csv_file
from zhuoli.web.errors import bad_parameter
from zhuoli.web.figures import published
from zhuoli.web.figures.data import source
from zhuoli.web.figures.say import count_text
from zhuoli.web.figures.tables import month_key, month_text
from zhuoli.web.registers.known import registers
from zhuoli.web.wording import text

YEAR = 365
MONTHS = 24
WAN = 10_000
"""Damage is told in units of 10,000 yuan."""
NAMES = ("accidents", "deaths", "injured", "loss")
COLUMNS = (*NAMES, "here")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: an area (none, four or six digits), the first day that is not counted, whether exact counts are told."""

    place: str
    today: date
    exact: bool

    def days(self) -> tuple[Day, ...]:
        """Return what happened in the area in the last two years, and in the first month of these from its beginning."""
        month = month_of(when.now()) - MONTHS + 1
        begin = min(self.today - timedelta(days=2 * YEAR), date(month // 12, month % 12 + 1, 1))
        found = days(settings.ENVIRONMENT.data / "lake", registers(), begin, self.today)
        return tuple(one for one in found if one.county.startswith(self.place))


@require_safe
def accidents_page(request: HttpRequest) -> HttpResponse:
    """Show the four indicators."""
    asked = _asked(request)
    page = page_of(request)
    found = asked.days()
    begin = asked.today - timedelta(days=YEAR)
    whole = summed(found, lambda one: one.day >= begin if one.day >= begin - timedelta(days=YEAR) else None)
    now, before = whole.get(True, Both()), whole.get(False, Both())
    months = summed(found, lambda one: _month(one.day))
    until = month_of(when.now())
    areas = summed((one for one in found if one.day >= begin), lambda one: one.county[: _digits(asked)])
    imported, ours = standing(settings.ENVIRONMENT.data / "lake")
    base = reverse("figures.accidents", args=(page.lang,))
    context = {
        "page": "figures",
        "empty": not found,
        "exact": asked.exact,
        "place_name": door.places().full_name(asked.place.ljust(12, "0"), skip=1) if asked.place else None,
        "period": text(
            "four.period", first=plain_date(begin), last=plain_date(asked.today - timedelta(days=1))
        ),
        "lines": [_line(name, now, before, exact=asked.exact) for name in NAMES],
        "share": _share(now, exact=asked.exact),
        "columns": COLUMNS,
        "months": [
            (month_text(month), _cells(months.get(month, Both()), exact=asked.exact))
            for month in range(until, until - 12, -1)
        ],
        "areas": [
            (
                name,
                f"{base}?place={code}" if len(code) == 4 else "",
                _cells(areas.get(code, Both()), exact=asked.exact),
            )
            for code, name in _areas(asked)
        ],
        "places": [(code, name, code == asked.place) for code, name in _cities()],
        "unknown": count_text(_told(now.here.unknown, exact=asked.exact)) if now.here.unknown else None,
        "imported": (ORIGINS[imported.origin], imported.at) if imported else None,
        "flowed": ours.at if ours else None,
        "smallest": published.SMALLEST,
        "base": base,
        "back_url": reverse("figures", args=(page.lang,)),
        "csv_url": f"{reverse('figures.accidents.csv', args=(page.lang,))}{f'?place={asked.place}' if asked.place else ''}",
    }
    return render(request, "figures/accidents.html", context)


@require_safe
def accidents_csv(request: HttpRequest) -> HttpResponse:
    """Give the four indicators by month and county as CSV; what is not published is empty."""
    asked = _asked(request)
    found = summed(asked.days(), lambda one: (_month(one.day), one.county))
    rows: list[tuple[Any, ...]] = [
        ("month", "county", *NAMES, "handled_here", "handled_here_without_loss", "exact", "source")
    ]
    for (month, county), both in sorted(found.items()):
        cells = [_number(name, both.all, exact=asked.exact) for name in NAMES]
        here = _told(both.here.accidents, exact=asked.exact)
        without = _told(both.here.unknown, exact=asked.exact)
        row = (month_key(month), f"{county}000000", *cells, here, without)
        rows.append(
            (*("" if each is None else each for each in row), "yes" if asked.exact else "no", source())
        )
    return csv_file(text("four.title"), rows, page_of(request).lang)


def _asked(request: HttpRequest) -> Asked:
    page = page_of(request)
    exact = page.viewer.is_post and granted(page.viewer.roles).sees != "nothing"
    page.public = not exact
    place = request.GET.get("place", "")
    if place and (len(place) not in (4, 6) or door.places().get(place.ljust(12, "0")) is None):
        raise bad_parameter("place")
    return Asked(place=place, today=local(when.now()).date(), exact=exact)


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _told(exact_count: int, *, exact: bool) -> int | None:
    return exact_count if exact else published.count(exact_count)


def _number(name: str, four: Four, *, exact: bool) -> int | float | None:
    """Return an indicator as a number that may be told; damage in yuan."""
    if name != "loss":
        return _told(getattr(four, name), exact=exact)
    if exact:
        return round(four.loss, 2)
    return None if published.count(four.accidents) is None else WAN * round(four.loss / WAN)


def _text(name: str, four: Four, *, exact: bool) -> Text:
    number = _number(name, four, exact=exact)
    if name != "loss":
        return count_text(None if number is None else int(number))
    if number is None:
        return text("four.not_told")
    shown = f"{number / WAN:,.{1 if exact else 0}f}"
    return Text(shown, shown)


def _cells(both: Both, *, exact: bool) -> list[Text]:
    """Return a row in the order of ``COLUMNS``: the four indicators, and how many of its accidents were handled here."""
    told = [_text(name, both.all, exact=exact) for name in NAMES]
    return [*told, count_text(_told(both.here.accidents, exact=exact))]


def _line(name: str, now: Both, before: Both, *, exact: bool) -> dict[str, Any]:
    """Return one indicator: now, before, how it has changed, and its part that was handled here."""
    return {
        "name": name,
        "now": _text(name, now.all, exact=exact),
        "before": _text(name, before.all, exact=exact),
        "change": _change(name, now.all, before.all, exact=exact),
        "here": _text(name, now.here, exact=exact),
    }


def _change(name: str, now: Four, before: Four, *, exact: bool) -> Text:
    """Say how an indicator has changed; nothing that rounding alone may explain is told as a change."""
    new, old = (_number(name, each, exact=exact) for each in (now, before))
    if new is None or old is None or not old:
        return text("figures.none")
    spread = 0 if exact else WAN if name == "loss" else 2 * published.SPREAD
    percent = round(100 * (new - old) / old)
    if abs(new - old) <= spread or not percent:
        return text("figures.same")
    what = text("four.up", n=percent) if percent > 0 else text("four.down", n=-percent)
    chance = name != "loss" and (new - old) ** 2 <= 4 * (new + old)
    return text("four.chance", what=what) if chance else what


def _share(now: Both, *, exact: bool) -> Text:
    """Say which part of the accidents was handled here."""
    here, whole = _told(now.here.accidents, exact=exact), _told(now.all.accidents, exact=exact)
    if not whole:
        return text("figures.none")
    if here is None:
        return text("four.share_few", n=published.SMALLEST, whole=f"{whole:,}")
    return text("four.share", n=f"{here:,}", whole=f"{whole:,}", percent=f"{100 * here / whole:.1f}")


def _digits(asked: Asked) -> int:
    return 6 if asked.place else 4


def _cities() -> Iterable[tuple[str, Text]]:
    for city in door.places().children("62".ljust(12, "0")):
        yield city.code[:4], Text(city.name_zh, city.name_en)


def _areas(asked: Asked) -> list[tuple[str, Text]]:
    """Return the areas of the table: the cities, or the counties of the chosen city, by code."""
    if not asked.place:
        return list(_cities())
    if len(asked.place) == 6:
        return []
    counties = door.places().children(asked.place.ljust(12, "0"))
    return [(county.code[:6], short_name(county)) for county in counties]
