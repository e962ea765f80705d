"""Light or dark: as the machine says, or as somebody has asked for here. Kept in a cookie; needs no script."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from zhuoli.web.errors import not_found
from zhuoli.web.request import Page

COOKIE = "theme"
THEMES = ("auto", "light", "dark")
YEAR = 365 * 24 * 3600


def chosen_theme(request: HttpRequest) -> str:
    """Return ``light``, ``dark``, or nothing when the machine decides."""
    kept = request.COOKIES.get(COOKIE, "")
    return kept if kept in ("light", "dark") else ""


@require_safe
def theme_page(request: HttpRequest, theme: str) -> HttpResponse:
    """Keep the theme and go back. It changes nothing but the look of one browser, so a link may do it."""
    if theme not in THEMES:
        raise not_found()
    onward = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure()):
        onward = f"/{cast(Page, request).lang}/"
    response = redirect(onward)
    if theme == "auto":
        response.delete_cookie(COOKIE, samesite="Lax")
    else:
        response.set_cookie(
            COOKIE, theme, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
        )
    return response
