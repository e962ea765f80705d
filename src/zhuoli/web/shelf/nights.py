"""The nights: when each was run, what came of it, what failed and why."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhuoli.core.worktime.words import date_text
from zhuoli.lake.nightly import LOOP, Night, nights
from zhuoli.office.access import require_colleague
from zhuoli.web import door, when
from zhuoli.web.context import asked
from zhuoli.web.wording import text

SHOWN = 30


@require_safe
def nights_page(request: HttpRequest) -> HttpResponse:
    """List the latest nights."""
    require_colleague(asked(request).viewer)
    context = {
        "page": "shelf",
        "begins": settings.ENVIRONMENT.night,
        "nights": [_told(each) for each in nights(SHOWN)],
    }
    return render(request, "shelf/nights.html", context)


def _told(night: Night) -> dict[str, Any]:
    scenarios = door.scenarios()
    return {
        "night": night,
        "day": date_text(date.fromisoformat(night.day), 0),
        "took": when.length(night.ended - night.began) if night.ended is not None else None,
        "failures": [
            {
                "model": each.model if each.model in scenarios else "",
                "title": scenarios[each.model].title
                if each.model in scenarios
                else text("shelf.loop")
                if each.model == LOOP
                else each.model,
                "error": each.error,
            }
            for each in night.failures
        ],
    }
