"""Everything that can go wrong on a page, told in both languages with what to do; never a traceback."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhuoli.core.text import Text
from zhuoli.web.wording import text

LAST_RESORT = (
    "我们这边出错了，请过几分钟再试。\nSomething went wrong on our side. Try again in a few minutes.\n"
)
"""What is said when even the texts cannot be read."""

LOG = logging.getLogger("zhuoli.web")

STATUSES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)
"""Every status that a page may answer with when something is wrong; each has its words."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What the box at the top of a page says; ``links`` lead to fields: (anchor, label or None, what is wrong)."""

    text: Text
    remedy: Text | None = None
    links: tuple[tuple[str, Text | None, Text], ...] = ()


class BadRequestPage(Exception):
    """A parameter of an address or a form cannot be right: answered with a page that says which."""

    def __init__(self, what: Text, remedy: Text | None = None, status: int = 400) -> None:
        super().__init__(what.en)
        self.text, self.remedy, self.status = what, remedy, status


def bad_parameter(name: str) -> BadRequestPage:
    """Return the error for a parameter that has an impossible value."""
    return BadRequestPage(text("error.parameter", name=name), text("error.parameter.remedy"))


def not_found(what: Text | None = None) -> BadRequestPage:
    """Return the error for something that is not there."""
    return BadRequestPage(what or text("error.404"), text("error.404.remedy"), status=404)


def error_page(
    request: HttpRequest,
    status: int,
    what: Text,
    remedy: Text | None = None,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show one problem as a page of its own."""
    context = {"what": what, "remedy": remedy, "status_code": status, **(extra or {})}
    return render(request, "errors/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request makes no sense (a wrong host …); 413: it is too large or has too many parts."""
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return plain_error(request, 413 if too_much else 400)


def plain_error(request: HttpRequest, status: int) -> HttpResponse:
    """Show the page of a status (``STATUSES``) about which nothing more is known."""
    return error_page(request, status, text(f"error.{status}"), text(f"error.{status}.remedy"))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return plain_error(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return plain_error(request, 404)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: so many tries in so short a time are not a person's."""
    return plain_error(request, 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: the page says so in both languages without needing the database, the session or the viewer."""
    try:
        return plain_error(request, 500)
    except Exception:
        LOG.exception("the error page failed, too")
        return HttpResponse(LAST_RESORT, status=500, content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was open for too long, or came from elsewhere."""
    return error_page(request, 403, text("error.csrf"), text("error.csrf.remedy"))


def for_fields(
    mistakes: dict[str, Text], titles: dict[str, Text], prefix: str, shown: Iterable[str]
) -> tuple[tuple[str, Text | None, Text], ...]:
    """Return the links of an error summary in the order of the fields shown."""
    order = {name: number for number, name in enumerate(shown)}
    names = sorted(mistakes, key=lambda name: order.get(name, len(order)))
    return tuple(
        (prefix + name if name in order else "main", titles.get(name), mistakes[name]) for name in names
    )
