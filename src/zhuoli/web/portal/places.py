"""The place picker's helper: what lies below a place, for pages with script."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from zhuoli.web.context import asked
from zhuoli.web.errors import bad_parameter
from zhuoli.web.places import levels
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
