"""The request as our pages see it: with its language, its viewer and whether it may be indexed."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from zhuoli.core.text import Language
from zhuoli.office.access import Viewer


class Page(HttpRequest):
    """A request after ``zhuoli.web.middleware``; only types, never made by hand."""

    lang: Language
    viewer: Viewer
    public: bool
    htmx: HtmxDetails
