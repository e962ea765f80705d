"""Finding somebody who knows the law: by kind, place, language and everyday words; hours and free times."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhuoli.core.text import Text
from zhuoli.core.worktime.instants import DAY, day_begins, day_of
from zhuoli.office.search import grams, resemblance
from zhuoli.office.slots import free_times, providers
from zhuoli.places.providers import KINDS, LANGUAGES, Provider, Span
from zhuoli.web import door, when
from zhuoli.web.context import asked
from zhuoli.web.errors import bad_parameter, not_found
from zhuoli.web.wording import text

MOST = 60
"""So many providers are shown at once; who looks for more narrows the search."""
FREE = 24
"""So many free times are shown."""
LEAST_SHARE = 1 / 3
"""What fits less than so much of the best is left out."""


@require_safe
def directory_page(request: HttpRequest) -> HttpResponse:
    """List the providers that fit; without anything asked, those of the provincial capital's places."""
    page = asked(request)
    page.public = True
    q = request.GET.get("q", "").strip()[:100]
    kind = _one_of(request, "kind", KINDS)
    spoken = _one_of(request, "spoken", tuple(LANGUAGES))
    everybody = providers()
    counties = _counties(everybody)
    place = request.GET.get("place", "")
    if place and not re.fullmatch(r"\d{6}", place):
        raise bad_parameter("place")
    found = [
        each
        for each in everybody
        if (not kind or each.kind == kind)
        and (not spoken or spoken in each.languages)
        and (not place or each.territory.startswith(place))
    ]
    if q:
        found = fitting(found, q)
    context = {
        "page": "directory",
        "q": q,
        "kind": kind,
        "spoken": spoken,
        "place": place,
        "kinds": [(each, text(f"directory.kind.{each}")) for each in KINDS],
        "languages": list(LANGUAGES.items()),
        "counties": counties,
        "found": [(each, _place(each)) for each in found[:MOST]],
        "count": len(found),
        "more": len(found) > MOST,
        "empty": not everybody,
        "generated": any(each.generated for each in everybody),
    }
    return render(request, "directory/directory.html", context)


@require_safe
def provider_page(request: HttpRequest, provider: str) -> HttpResponse:
    """Show one provider: where, when, in which languages, and the next free times."""
    page = asked(request)
    page.public = True
    found = next((each for each in providers() if each.id == provider), None)
    if found is None:
        raise not_found(text("directory.none"))
    office = door.office()
    free = free_times(found, office.clock(), office.calendar, FREE)
    days = [
        (
            when.day(day_begins(day) + DAY // 2),  # midnight would be told as the end of the day before
            [f"{(at - day_begins(day)) // 3_600_000:02}:{at // 60_000 % 60:02}" for at in times],
        )
        for day, times in groupby(free, key=day_of)
    ]
    context: dict[str, Any] = {
        "page": "directory",
        "provider": found,
        "kind": text(f"directory.kind.{found.kind}"),
        "place": _place(found),
        "languages": [LANGUAGES[each] for each in found.languages],
        "hours": [(text("directory.work"), _spans(found.work)), (text("directory.rest"), _spans(found.rest))],
        "free": days,
    }
    return render(request, "directory/provider.html", context)


def fitting(among: list[Provider], q: str) -> list[Provider]:
    """Return the providers that share words with a query, the best first."""
    wanted = grams(q)
    scored = [
        (
            resemblance(
                wanted,
                frozenset(grams(f"{each.name.zh} {each.name.en}")),
                frozenset(grams(each.words)),
                frozenset(grams(f"{each.address.zh} {each.address.en} {each.words} {each.name.zh}")),
            ),
            each,
        )
        for each in among
    ]
    best = max((score for score, _ in scored), default=0.0)
    kept = [pair for pair in scored if pair[0] >= 1 and pair[0] >= best * LEAST_SHARE]
    return [each for _, each in sorted(kept, key=lambda pair: -pair[0])]


def _one_of(request: HttpRequest, name: str, allowed: tuple[str, ...]) -> str:
    value = request.GET.get(name, "")
    if value and value not in allowed:
        raise bad_parameter(name)
    return value


def _counties(everybody: list[Provider]) -> list[tuple[str, Text]]:
    codes = sorted({each.territory[:6] for each in everybody if len(each.territory) >= 6})
    names = {code: door.places().get(code.ljust(12, "0")) for code in codes}
    return [(code, found.name if found else Text(code, code)) for code, found in names.items()]


def _place(provider: Provider) -> Text:
    found = door.places().get(provider.territory.ljust(12, "0"))
    return found.name if found is not None else Text(provider.territory, provider.territory)


def _spans(spans: tuple[Span, ...]) -> str:
    return "  ".join(f"{a // 60:02}:{a % 60:02}–{b // 60:02}:{b % 60:02}" for a, b in spans)
