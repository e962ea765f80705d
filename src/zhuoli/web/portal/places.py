"""What the place picker asks while somebody chooses: what lies below a place, which place is meant, which county a point is in.

Words and points come by POST: where somebody is must stand in no address and no log.
"""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_POST, require_safe

from zhuoli.web import door
from zhuoli.web.context import asked
from zhuoli.web.errors import bad_parameter
from zhuoli.web.places import at_point, county_map, levels, read_point, suggestions
from zhuoli.web.wording import text


@require_safe
def children_page(request: HttpRequest) -> HttpResponse:
    """Return the boxes of the picker for a place chosen so far."""
    page = asked(request)
    page.public = True
    code = request.GET.get("of", "")
    if code and not (len(code) == 12 and code.isascii() and code.isdigit()):
        raise bad_parameter("of")
    boxes = [
        {
            "level": box.level,
            "label": text(f"place.{box.level}").in_language(page.lang),
            "chosen": box.chosen,
            "options": [[code, name.in_language(page.lang)] for code, name in box.options],
        }
        for box in levels(code)
    ]
    response = HttpResponse(msgspec.json.encode(boxes), content_type="application/json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@require_POST
def find_page(request: HttpRequest) -> HttpResponse:
    """Return the places that the words of an address may mean."""
    lang = asked(request).lang
    words = request.POST.get("q", "").strip()[:80]
    found = suggestions(words) if words else []
    return JsonResponse({"places": [[code, name.in_language(lang)] for code, name in found]})


@require_POST
def at_page(request: HttpRequest) -> HttpResponse:
    """Return the county in which a point lies; ``code`` is empty outside the province."""
    point = read_point(request.POST.get("point", ""))
    if point is None:
        raise bad_parameter("point")
    found = at_point(*point)
    name = found.name.in_language(asked(request).lang) if found else ""
    return JsonResponse({"code": found.code if found else "", "name": name})


@gzip_page
@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """Return the outlines of the counties as GeoJSON."""
    asked(request).public = True
    response = HttpResponse(county_map(door.places()), content_type="application/geo+json")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
