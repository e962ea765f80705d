"""Finding a service and reading its guide: who may ask, which papers, how long, at what fee, on what ground."""

from __future__ import annotations

from urllib.parse import urlencode

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhuoli.core.guides import Catalogue, Guide, read_catalogue
from zhuoli.core.text import Text
from zhuoli.office.once import Once
from zhuoli.office.search import grams, resemblance
from zhuoli.web import door
from zhuoli.web.context import asked
from zhuoli.web.csv_files import csv_file
from zhuoli.web.errors import bad_parameter, not_found
from zhuoli.web.wording import text

COLUMNS = ("id", "theme", "title", "depth", "who", "papers", "time", "visits", "fee", "ground", "confirm")
"""Of the sheet that can be downloaded."""
NEAR = 4
"""So many services of the same kind are named below a guide."""


class Row(msgspec.Struct, frozen=True):
    """A guide with the grams by which it is found."""

    guide: Guide
    title: frozenset[str]
    words: frozenset[str]
    rest: frozenset[str]


@Once
def catalogue() -> Catalogue:
    """Return the services; rows with a mistake are left out, as ``./zhuoli services`` tells."""
    shelf = door.scenarios()
    booking = {name for name, each in shelf.items() if each.appointment}
    return read_catalogue(settings.ENVIRONMENT.services, shelf, booking)


@Once
def _rows() -> tuple[Row, ...]:
    return tuple(
        Row(
            each,
            frozenset(grams(f"{each.title.zh} {each.title.en}")),
            frozenset(grams(" ".join(each.words))),
            frozenset(grams(f"{each.who.zh} {each.who.en} {each.title.zh} {each.title.en}")),
        )
        for each in catalogue().guides
    )


def find(q: str) -> list[Guide]:
    """Return the services that share words with a query, the best first; those with little in common are left out."""
    wanted = grams(q)
    scored = [(resemblance(wanted, row.title, row.words, row.rest), row.guide) for row in _rows()]
    best = max((score for score, _ in scored), default=0.0)
    kept = [pair for pair in scored if pair[0] >= 1 and pair[0] >= best / 3]
    return [guide for _, guide in sorted(kept, key=lambda pair: -pair[0])]


@require_safe
def services_page(request: HttpRequest) -> HttpResponse:
    """Show the themes and what runs here, the services of one theme, or those that fit a few words."""
    page = asked(request)
    page.public = True
    q, theme = request.GET.get("q", "").strip()[:200], request.GET.get("theme", "")
    known = {each.id: each for each in catalogue().themes}
    if theme and theme not in known:
        raise bad_parameter("theme")
    found = find(q) if q else list(catalogue().guides)
    if theme:
        found = [each for each in found if each.theme == theme]
    base = reverse("services", args=(page.lang,))
    everything = catalogue().guides
    context = {
        "page": "services",
        "q": q,
        "theme": known.get(theme),
        "themes": [
            {
                "title": each.title,
                "url": f"{base}?{urlencode({'theme': each.id, **({'q': q} if q else {})})}",
                "current": each.id == theme,
                "count": sum(one.theme == each.id for one in everything),
            }
            for each in catalogue().themes
        ],
        "all_url": f"{base}?{urlencode({'q': q})}" if q else base,
        "narrowed": bool(q or theme),
        "found": found if q or theme else [each for each in everything if each.depth != "guide"],
        "count": len(everything),
        "running": sum(each.depth != "guide" for each in everything),
    }
    return render(request, "services/services.html", context)


@require_safe
def service_page(request: HttpRequest, service: str) -> HttpResponse:
    """Show one guide."""
    asked(request).public = True
    guide = catalogue().guide(service)
    if guide is None:
        raise not_found(text("services.none"))
    theme = next(each for each in catalogue().themes if each.id == guide.theme)
    kind = [each for each in catalogue().guides if each.theme == guide.theme]
    at = kind.index(guide)
    near = [*kind[at + 1 :], *kind[:at]][:NEAR]
    context = {"page": "services", "guide": guide, "theme": theme, "near": near}
    return render(request, "services/service.html", context)


@require_safe
def services_csv(request: HttpRequest) -> HttpResponse:
    """Give all guides as a sheet in the page's language."""
    page = asked(request)
    page.public = True

    def say(value: Text | None) -> str:
        return "" if value is None else value.in_language(page.lang)

    rows: list[list[str | int]] = [[say(text(f"services.column.{name}")) for name in COLUMNS]]
    themes = {each.id: each.title for each in catalogue().themes}
    for each in catalogue().guides:
        grounds = [f"《{one.law}》（{one.version}）{one.articles}" for one in each.grounds]
        rows.append(
            [
                each.id,
                say(themes[each.theme]),
                say(each.title),
                say(text(f"services.depth.{each.depth}")),
                say(each.who),
                "; ".join(say(one) for one in each.materials),
                say(each.statutory),
                "" if each.visits is None else each.visits,
                say(each.fee),
                "; ".join(grounds),
                say(text("services.confirm")) if each.confirm else "",
            ]
        )
    return csv_file(text("file.services"), rows, page.lang)
