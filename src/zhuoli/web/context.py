"""What every template knows."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from zhuoli.office.access import PUBLIC
from zhuoli.office.grants import granted
from zhuoli.web.request import Page
from zhuoli.web.stories.frame import bar
from zhuoli.web.theme import chosen_theme
from zhuoli.web.tour.strip import strip


def page(request: HttpRequest) -> dict[str, Any]:
    """Return language, viewer and the address of this page in the other language.

    Works for error pages too, whose requests may not have come through all of the middleware.
    """
    lang = getattr(request, "lang", "zh")
    return {
        "lang": lang,
        "viewer": getattr(request, "viewer", PUBLIC),
        "grant": granted(getattr(request, "viewer", PUBLIC).roles),
        "demo": settings.ENVIRONMENT.mode == "demo",
        "personas_url": reverse("personas", args=(lang,)) if settings.ENVIRONMENT.mode == "demo" else "",
        "other_url": other_language(request, lang),
        "theme": chosen_theme(request),
        "here": request.get_full_path(),
        "play": SimpleLazyObject(lambda: bar(request)),
        "tour": SimpleLazyObject(lambda: strip(request)),
    }


def other_language(request: HttpRequest, lang: str) -> str:
    """Return the address of this page in the other language; what was sent in a form is not carried along."""
    other = "en" if lang == "zh" else "zh"
    parts = request.path.split("/", 2)
    if len(parts) < 3 or parts[1] != lang:
        return f"/{other}/"
    query = request.META.get("QUERY_STRING", "")
    return f"/{other}/{parts[2]}" + (f"?{query}" if query else "")


def asked(request: HttpRequest) -> Page:
    """Return the request as our views know it."""
    return cast(Page, request)
