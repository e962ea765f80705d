"""All addresses. Pages begin with their language; private ones lie under ``my/`` and ``desk/``.

Each room has its own list; the first one that fits answers.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, register_converter

from zhuoli.web import health
from zhuoli.web.converters import CaseConverter, LanguageConverter
from zhuoli.web.desk import partner
from zhuoli.web.people.account_urls import LanguagePrefix
from zhuoli.web.portal import home

register_converter(LanguageConverter, "lang")
register_converter(CaseConverter, "case")

ROOMS = (
    "evidence",
    "shared",
    "messages",
    "portal",
    "services",
    "directory",
    "people",
    "desk",
    "board",
    "figures",
    "papers",
    "design",
    "scenarios",
    "registers",
    "shelf",
    "village",
    "stories",
    "tour",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.choose_language),
    path("healthz", health.health_page, name="healthz"),
    path("api/numbers/<slug:system>/", partner.numbers_api, name="api.numbers"),
    path("robots.txt", health.robots_page),
    URLResolver(LanguagePrefix(), "zhuoli.web.people.account_urls"),
    *(path("<lang:lang>/", include(f"zhuoli.web.{room}.urls")) for room in ROOMS),
]
handler400 = "zhuoli.web.errors.bad_request"
handler403 = "zhuoli.web.errors.permission_denied"
handler404 = "zhuoli.web.errors.page_not_found"
handler500 = "zhuoli.web.errors.server_error"
handler429 = "zhuoli.web.errors.too_many"
