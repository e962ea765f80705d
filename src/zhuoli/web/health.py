"""Whether this installation lives: for load balancers and for whoever is on call."""

from __future__ import annotations

import msgspec
from django.db import DatabaseError, connection
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from zhuoli import __version__
from zhuoli.office.stories import FIRST_OF_THE_CITY
from zhuoli.store.models import WakeRecord
from zhuoli.web import when


@require_safe
def health_page(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, else 503; ``worker_lag_seconds`` is how late the oldest appointment is."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        oldest = WakeRecord.objects.filter(case_id__gte=FIRST_OF_THE_CITY).aggregate(at=Min("at"))["at"]
    except DatabaseError:
        return _answer({"ok": False, "database": "unavailable", "version": __version__}, 503)
    lag = max(0, when.now() - oldest) // 1000 if oldest is not None else 0
    return _answer({"ok": True, "database": "ok", "worker_lag_seconds": lag, "version": __version__}, 200)


@require_safe
def robots_page(request: HttpRequest) -> HttpResponse:
    """Leave everything to search engines that is not private."""
    lines = [
        "User-agent: *",
        "Disallow: /zh/my/",
        "Disallow: /en/my/",
        "Disallow: /zh/desk/",
        "Disallow: /en/desk/",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _answer(data: dict[str, object], status: int) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(data), content_type="application/json", status=status)
