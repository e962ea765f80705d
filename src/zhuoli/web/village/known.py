"""The auxiliary known to the residents: who has the post of a village, what for, and how to reach them through their unit.

By place, from the whole list down to a village. What is shown is the post and its unit; the name of the person only where the
office and that person chose so, and never a telephone of their own. Where somebody looks for their village by words, the words
come by POST: they stand in no address and no log.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from zhuoli.core.text import Text
from zhuoli.places import Division
from zhuoli.places.coverage import REPORTED_SHARE, REPORTED_VILLAGES, TOTAL
from zhuoli.store.models import Post
from zhuoli.web import door, viewers
from zhuoli.web.context import asked
from zhuoli.web.errors import not_found
from zhuoli.web.places import suggestions
from zhuoli.web.questions import significant
from zhuoli.web.village import telling
from zhuoli.web.village.served import LOWEST, auxiliaries_of, duty_plan, station_of, village_of
from zhuoli.web.wording import text

MOST = 8
"""So many places are proposed for a few words."""


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """A place and its coverage: villages in the list, and those of them with a post."""

    code: str
    name: Text
    villages: int
    posts: int
    communities: int

    @property
    def counted(self) -> dict[str, str]:
        """The three numbers as they are written."""
        return {name: f"{getattr(self, name):,}" for name in ("villages", "posts", "communities")}

    @property
    def share(self) -> str:
        """Villages with a post in percent, with one decimal; empty where there are no villages."""
        return f"{100 * self.posts / self.villages:.1f}" if self.villages else ""


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A post as residents see it."""

    title: Text
    name: str


@require_http_methods(["GET", "HEAD", "POST"])
def find_page(request: HttpRequest) -> HttpResponse:
    """Show the coverage of the whole list, and find a village by a few words."""
    page = asked(request)
    q = request.POST.get("q", "").strip()[:80] if request.method == "POST" else ""
    found = suggestions(q, MOST) if q else []
    if len(found) == 1:
        return redirect("auxiliaries.place", page.lang, found[0][0])
    page.public = request.method != "POST"
    tops = [each for each in door.places().children() if each.level == "province"]
    root = tops[0].code if len(tops) == 1 else ""
    areas = _areas(door.places().children(root))
    whole = Area(
        code="",
        name=text("known.all"),
        villages=sum(each.villages for each in areas),
        posts=sum(each.posts for each in areas),
        communities=sum(each.communities for each in areas),
    )
    context = {
        "page": "auxiliaries",
        "q": q,
        "found": found,
        "areas": areas,
        "whole": whole,
        "cited": {"villages": f"{REPORTED_VILLAGES:,}", "posts": f"{TOTAL:,}", "share": REPORTED_SHARE},
        "generated": viewers.demo(),
        "crumbs": [],
    }
    return render(request, "village/known.html", context)


@require_safe
def place_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show what lies below a place, or, of a village or community, who its auxiliary is."""
    page = asked(request)
    page.public = True
    place = door.places().get(code)
    if place is None or place.level == "province":
        raise not_found(text("known.no_place"))
    crumbs = [
        (each.name, reverse("auxiliaries.place", args=(page.lang, each.code)))
        for each in door.places().path(place.code)
        if each.level != "province" and each.code != place.code
    ]
    if place.level in LOWEST:
        return _card(request, place, crumbs)
    below = door.places().children(place.code)
    lowest = [each for each in below if each.level in LOWEST]
    held = set(Post.objects.filter(territory__startswith=place.prefix).values_list("territory", flat=True))
    context = {
        "page": "auxiliaries",
        "place": place,
        "crumbs": crumbs,
        "areas": _areas(each for each in below if each.level not in LOWEST),
        "lowest": [
            {
                "name": village.name,
                "url": reverse("auxiliaries.place", args=(page.lang, village.code)),
                "community": village.community,
                "held": village.code in held,
            }
            for each in sorted(lowest, key=lambda each: (each.level != "village", each.code))
            if (village := village_of(each.code)) is not None
        ],
        "generated": viewers.demo(),
    }
    return render(request, "village/known.html", context)


def _card(request: HttpRequest, place: Division, crumbs: list[tuple[Text, str]]) -> HttpResponse:
    village = village_of(place.code)
    if village is None:
        raise not_found(text("known.no_place"))
    own = Post.objects.filter(territory=place.code).select_related("unit").order_by("id").first()
    station = own.unit_id if own is not None else station_of(place.code)
    shared = auxiliaries_of(station) if own is None and village.community else ()
    unit = door.directory().unit(station) if station else None
    context: dict[str, Any] = {
        "page": "auxiliaries",
        "village": village,
        "crumbs": crumbs,
        "holders": [
            Holder(title=Text(post.title_zh, post.title_en), name=post.shown_name)
            for post in ((own,) if own is not None else shared)
        ],
        "shared": own is None and bool(shared),
        "unit": unit,
        "hotline": settings.ENVIRONMENT.hotline,
        "duties": telling.duties(duty_plan(), ()),
        "generated": viewers.demo(),
    }
    return render(request, "village/auxiliary.html", context)


def _areas(places: Iterable[Division]) -> list[Area]:
    """Return places with what they have below them: one statement, one pass over the list."""
    wanted = {significant(each.code): each for each in places}
    if not wanted:
        return []
    digits = len(next(iter(wanted)))
    villages: Counter[str] = Counter()
    communities: Counter[str] = Counter()
    for each in door.places().all:
        if each.level in LOWEST:
            (villages if each.level == "village" else communities)[each.code[:digits]] += 1
    codes = Post.objects.exclude(territory="").values_list("territory", flat=True)
    posts = Counter(code[:digits] for code in codes)
    found = [
        Area(
            code=each.code,
            name=each.name,
            villages=villages[prefix],
            posts=posts[prefix],
            communities=communities[prefix],
        )
        for prefix, each in wanted.items()
    ]
    return [each for each in found if each.villages or each.communities]
