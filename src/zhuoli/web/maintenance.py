"""Closing the pages while an operator works on the installation: a file in the data folder, nothing else.

While ``data/maintenance`` is there, every page but ``/healthz`` and the files of the design answers 503. What is
written in the file's first line (``18:30``, ``明早 6 点 / 6 in the morning``) is shown as the expected end.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

FILE = "maintenance"
OPEN = ("/healthz", "/robots.txt", "/static/")
RETRY = "600"
"""Seconds after which a program may ask again."""


def closed_page(request: HttpRequest) -> HttpResponse | None:
    """Return the page that says so, or None while the pages are open."""
    file = settings.ENVIRONMENT.data / FILE
    if not file.exists() or request.path_info.startswith(OPEN):
        return None
    try:
        until = file.read_text("utf-8").strip().split("\n")[0][:80]
    except (OSError, UnicodeDecodeError):
        until = ""
    response = render(request, "errors/maintenance.html", {"until": until}, status=503)
    response.headers["Retry-After"] = RETRY
    return response
