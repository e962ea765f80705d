"""The page that stands in for figures until they have been counted for the first time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhuoli.office.errors import BeingCounted

AGAIN = 5
"""Seconds after which a program may ask again; a browser with script asks by itself."""


def counting_page(request: HttpRequest, counting: BeingCounted) -> HttpResponse:
    """Say how far the counting is; the page asks again by itself until the figures are there."""
    context = {
        "page": "figures",
        "read": counting.read,
        "of": counting.of,
        "far": {"n": f"{counting.read:,}", "all": f"{counting.of:,}"},
        "here": request.get_full_path(),
    }
    again = "HX-Request" in request.headers  # the page's own look: no failure, and none for its console
    response = render(request, "figures/counting.html", context, status=200 if again else 503)
    response.headers["Retry-After"] = str(AGAIN)
    return response
