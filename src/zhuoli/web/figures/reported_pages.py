"""The page of the figures that published reports give, and the same for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhuoli.web.context import asked as page_of
from zhuoli.web.csv_files import csv_file
from zhuoli.web.figures.data import document
from zhuoli.web.figures.reported import as_json, reported
from zhuoli.web.wording import text


@require_safe
def reported_page(request: HttpRequest) -> HttpResponse:
    """Show the figures of the published reports, each as cited, with base and source."""
    page = page_of(request)
    page.public = True
    context = {
        "page": "figures",
        "reported": reported(),
        "back_url": reverse("figures", args=(page.lang,)),
        "csv_url": reverse("figures.reported.csv", args=(page.lang,)),
        "json_url": reverse("figures.reported.json", args=(page.lang,)),
    }
    return render(request, "figures/reported.html", context)


@require_safe
def reported_json(request: HttpRequest) -> HttpResponse:
    """Give the cited figures as JSON."""
    page_of(request).public = True
    said = text("reported.source")
    return document(
        {
            "format": 1,
            "source": "cited",
            "cited": {"zh": said.zh, "en": said.en},
            "figures": [as_json(each) for each in reported()],
        }
    )


@require_safe
def reported_csv(request: HttpRequest) -> HttpResponse:
    """Give the cited figures as CSV."""
    page_of(request).public = True
    heads = [
        "key",
        "label_zh",
        "label_en",
        "unit",
        "base_period",
        "base",
        "period",
        "value",
        "at_least",
        "source",
    ]
    rows: list[list[Any]] = [heads]
    for each in reported():
        plain = as_json(each)
        cells = [plain[name] for name in ("unit", "base_period", "base", "period", "value", "at_least")]
        rows.append(
            [each.key, each.title.zh, each.title.en, *("" if one is None else one for one in cells), "cited"]
        )
    return csv_file(text("file.reported"), rows, page_of(request).lang)
