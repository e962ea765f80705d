"""The portal's first page, and what the service promises."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from zhuoli.web import when
from zhuoli.web.context import asked
from zhuoli.web.figures.count import today
from zhuoli.web.middleware import preferred
from zhuoli.web.portal import drafts
from zhuoli.web.portal.matters import DOORS
from zhuoli.web.tour.strip import standing


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """Lead from ``/`` to the language of the cookie or the browser."""
    response = redirect("home", preferred(request))
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@require_safe
def home_page(request: HttpRequest) -> HttpResponse:
    """One sentence, one box, four doors, today's figures; and what this device has begun."""
    context = {
        "page": "home",
        "doors": DOORS,
        "today": today(when.now()),
        "begun": drafts.shown(request),
        "held": len(asked(request).viewer.receipts),
        "tour_at": standing(request),
    }
    # What belongs to this device stands on the page only where there is something: then nobody else may keep it.
    asked(request).public = not (context["begun"] or context["held"] or context["tour_at"])
    return render(request, "portal/home.html", context)


@require_safe
def about_page(request: HttpRequest) -> HttpResponse:
    """What the service promises and what it never does."""
    asked(request).public = True
    return render(request, "portal/about.html", {"page": "about"})
