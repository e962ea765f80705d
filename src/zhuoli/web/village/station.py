"""The station's view: its villages with their rounds of this month, and where nobody has been for a while.

Villages are compared by what still has to be done there, never posts by how much they write.
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhuoli.core.text import Text
from zhuoli.core.worktime.instants import day_begins, day_of
from zhuoli.office import rounds
from zhuoli.office.access import role_missing
from zhuoli.store.models import Post
from zhuoli.web import door, viewers, when
from zhuoli.web.context import asked
from zhuoli.web.errors import bad_parameter
from zhuoli.web.questions import significant
from zhuoli.web.village import sheet, telling
from zhuoli.web.village.served import (
    Village,
    auxiliaries_of,
    duty_name,
    require_reader,
    station_of,
    villages_below,
)

GAP = 5
"""So many days without a round make a gap that a station should look at."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One village in the station's table; ``last`` is the last round (ms UTC), ``gap`` the days since."""

    village: Village
    rounds: int
    duties: int
    days: int
    quiet: int
    found: int
    in_hand: int
    settled: int
    last: int | None
    gap: int
    post: bool


class Town(msgspec.Struct, frozen=True, kw_only=True):
    """One township in the county's table: both denominators of the coverage, and the rounds of the month."""

    code: str
    name: Text
    communities: int
    villages: int
    posts: int
    noted: int
    rounds: int


@require_safe
def station_page(request: HttpRequest) -> HttpResponse:
    """List the villages of a station, or the townships of whoever watches over several."""
    viewer = asked(request).viewer
    viewer.actor()
    unit = door.directory().unit(viewer.unit)
    if unit is None or unit.kind not in ("station", "psb", "government", "province"):
        raise role_missing()
    own_station = unit.kind == "station"
    wanted = unit.territory if own_station else request.GET.get("town", "")
    place = door.places().get(wanted or unit.territory)
    if place is None or (wanted and place.level != "township"):
        raise bad_parameter("town")
    require_reader(viewer, [place.code])
    now = when.now()
    of = sheet.span(request.GET.get("month") or telling.months_back(now)[0][0])
    context: dict[str, Any] = {
        "page": "village",
        "here_page": "station",
        "place": door.places().full_name(place.code, skip=1),
        "month": of,
        "months": telling.months_back(now),
        "gap_days": GAP,
        "town": wanted,
        "generated": viewers.demo(),
    }
    if wanted:
        context["rows"] = rows(wanted, of, now)
    else:
        context["towns"] = towns(significant(unit.territory), of)
    return render(request, "village/station.html", context)


def rows(township: str, of: sheet.Span, now: int) -> list[Row]:
    """Return the villages of a township: those with the longest gap first."""
    below = villages_below(township)
    held = set(Post.objects.filter(territory__startswith=township[:9]).values_list("territory", flat=True))
    if auxiliaries_of(station_of(township)):
        held |= {each.code for each in below if each.community}
    counted = rounds.months(duty_name(), [each.code for each in below], of.first, of.after, now)
    found = [_row(each, counted[each.code], each.code in held) for each in below]
    return sorted(found, key=lambda row: (not row.post, -row.gap, row.village.code))


def _row(village: Village, month: rounds.Month, post: bool) -> Row:
    outcomes = month.outcomes
    last = month.rounds[-1].at if month.rounds else None
    today = month.days[-1] if month.days else 0
    return Row(
        village=village,
        rounds=len(month.rounds),
        duties=len(month.by_duty),
        days=len(month.days) - len(month.quiet),
        quiet=len(month.quiet),
        found=len(month.found),
        in_hand=outcomes["open"] + outcomes["answered"],
        settled=outcomes["done"],
        last=last,
        gap=len(month.days) if last is None else today - day_of(last),
        post=post,
    )


def towns(prefix: str, of: sheet.Span) -> list[Town]:
    """Return the townships below a place: villages, posts, villages with rounds, and rounds of the month."""
    places = door.places()
    noted = rounds.by_town(duty_name(), prefix, day_begins(of.first), day_begins(of.after))
    posts: dict[str, int] = {}
    for code in Post.objects.filter(territory__startswith=prefix).values_list("territory", flat=True):
        posts[code[:9]] = posts.get(code[:9], 0) + 1
    found = []
    for each in places.all:
        if each.level != "township" or not each.code.startswith(prefix):
            continue
        levels = [child.level for child in places.children(each.code)]
        villages, communities = levels.count("village"), levels.count("community")
        if not villages and not communities:
            continue
        number, with_rounds = noted.get(each.code[:9], (0, 0))
        found.append(
            Town(
                code=each.code,
                name=each.name,
                communities=communities,
                villages=villages,
                posts=posts.get(each.code[:9], 0),
                noted=with_rounds,
                rounds=number,
            )
        )
    return found
