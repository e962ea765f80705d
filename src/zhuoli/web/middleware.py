"""What every page has in common: its language, who looks at it, and that private pages stay private."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from zhuoli.core.case.refusals import Refusal
from zhuoli.core.text import Language
from zhuoli.office.access import Denied
from zhuoli.office.errors import BeingCounted, OfficeError, UnknownCase
from zhuoli.store.driver import StoreBusy
from zhuoli.web.errors import BadRequestPage, error_page, plain_error
from zhuoli.web.figures.counting import counting_page
from zhuoli.web.maintenance import closed_page
from zhuoli.web.request import Page
from zhuoli.web.viewers import viewer_of

LANGUAGES = ("zh", "en")
COOKIE = "lang"
YEAR = 365 * 24 * 3600

GetResponse = Callable[[HttpRequest], HttpResponse]


class PageMiddleware:
    """Takes the language from the address (``/zh/…``, ``/en/…``), else from the cookie or the browser.

    Every page that is not marked ``request.public`` is neither stored nor indexed by anybody.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set ``request.lang`` and the headers of the answer."""
        page = cast(Page, request)
        first = request.path_info.split("/", 2)[1]
        named = first in LANGUAGES
        page.lang = cast(Language, first) if named else preferred(request)
        page.public = False
        with translation.override("zh-hans" if page.lang == "zh" else "en"):
            response = closed_page(request) or self.get_response(request)
        if response.status_code == 405 and not response.content:
            allowed = response.headers["Allow"]
            response = plain_error(request, 405)
            response.headers["Allow"] = allowed
        response.headers.setdefault("Content-Language", "zh-CN" if page.lang == "zh" else "en")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
        response.headers.setdefault("X-Frame-Options", "DENY")
        if page.public and response.status_code < 400:
            response.headers.setdefault("Cache-Control", "private, no-cache")
        else:
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Robots-Tag"] = "noindex, nofollow"
        if named and request.COOKIES.get(COOKIE) != first:
            response.set_cookie(
                COOKIE, first, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
            )
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Keep the language out of the views' arguments: they find it at ``request.lang``."""
        kwargs.pop("lang", None)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Tell a refusal that no view has told in its own place."""
        if isinstance(exception, BadRequestPage):
            return error_page(request, exception.status, exception.text, exception.remedy)
        if isinstance(exception, Denied):
            sign_in = exception.code in ("not_signed_in", "no_receipt", "second_factor_first")
            return error_page(
                request, 403, exception.text, exception.remedy, {"denied": exception.code if sign_in else ""}
            )
        if isinstance(exception, Refusal):
            return error_page(request, 422, exception.text, exception.remedy)
        if isinstance(exception, UnknownCase):
            return error_page(request, 404, exception.text, exception.remedy)
        if isinstance(exception, BeingCounted):
            return counting_page(request, exception)
        if isinstance(exception, OfficeError):
            return error_page(request, 422, exception.text, exception.remedy)
        if isinstance(exception, StoreBusy):
            return error_page(request, 503, exception.text, exception.remedy)
        return None


class ViewerMiddleware:
    """Finds out who looks: the public (with the receipts opened in this session) or a post of a unit."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set ``request.viewer``."""
        cast(Page, request).viewer = viewer_of(request)
        return self.get_response(request)


def preferred(request: HttpRequest) -> Language:
    """Return the language of the cookie, else the first known one that the browser asks for, else Chinese."""
    kept = request.COOKIES.get(COOKIE)
    if kept in LANGUAGES:
        return cast(Language, kept)
    for part in request.headers.get("Accept-Language", "").split(","):
        tag = part.split(";")[0].strip().lower()
        if tag.split("-")[0] in LANGUAGES:
            return cast(Language, tag.split("-")[0])
    return "zh"
