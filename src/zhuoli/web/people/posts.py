"""Being somebody: one's own posts in service, any post with one click in the demonstration."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhuoli.core.text import Text
from zhuoli.office.access import require_post
from zhuoli.store.models import Post, TaskRecord
from zhuoli.web import door, viewers
from zhuoli.web.context import asked
from zhuoli.web.errors import not_found
from zhuoli.web.wording import text


class Persona(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom a visitor of the demonstration can be; ``post`` is empty for a resident."""

    key: str
    post: str
    title: Text
    unit: Text | None


KINDS: tuple[tuple[str, str, str], ...] = (
    ("dispatcher", "dispatch", "dispatcher"),
    ("street", "subdistrict", "officer"),
    ("station", "station", "officer"),
    ("bureau", "bureau", "officer"),
    ("police", "psb", "officer"),
    ("supervisor", "government", "supervisor"),
)
"""Personas by the kind of their unit and the role of their post."""


@require_safe
def start_page(request: HttpRequest) -> HttpResponse:
    """Lead to where the viewer's post works."""
    page = asked(request)
    return redirect(viewers.start_page(page.viewer, page.lang))


@require_http_methods(["GET", "HEAD", "POST"])
def choose_own_page(request: HttpRequest) -> HttpResponse:
    """Show one's own posts, and act as another of them."""
    if request.method != "POST":
        require_post(asked(request).viewer)
        held = Post.objects.filter(user_id=request.user.pk or 0).select_related("unit").order_by("id")
        return render(request, "people/posts.html", {"posts": held, "page": "posts"})
    post = request.POST.get("post", "")
    if (
        not request.user.is_authenticated
        or not Post.objects.filter(pk=post, user_id=request.user.pk).exists()
    ):
        raise not_found(text("error.no_post"))
    viewers.choose_post(request, post)
    return redirect("desk.start", asked(request).lang)


@require_safe
def personas_page(request: HttpRequest) -> HttpResponse:
    """Offer the personas of the demonstration."""
    _demo_only()
    return render(request, "people/personas.html", {"personas": personas(), "page": "personas"})


@require_POST
def persona_page(request: HttpRequest) -> HttpResponse:
    """Become a persona with one click; any generated post will do."""
    _demo_only()
    lang = asked(request).lang
    post = request.POST.get("post", "")
    if not post:
        viewers.choose_post(request, None)
        return redirect("home", lang)
    if not Post.objects.filter(pk=post[:60]).exists():
        raise not_found(text("error.no_post"))
    viewers.choose_post(request, post)
    onward = request.POST.get("next", "")
    if onward and url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure()):
        return redirect(onward)
    return redirect("desk.start", lang)


def personas() -> list[Persona]:
    """Return one persona of each kind: the unit with the most to do, else the first of its kind."""
    busy: dict[str, int] = {}
    for unit in (
        TaskRecord.city_cases.filter(state="active").exclude(unit="").values_list("unit", flat=True)[:20_000]
    ):
        busy[unit] = busy.get(unit, 0) + 1
    units = door.directory().units
    most = max(busy, key=lambda unit: busy[unit], default="")
    busiest = units[most].territory if most in units else ""
    found = [Persona(key="resident", post="", title=text("persona.resident"), unit=None)]
    for key, kind, role in KINDS:
        of_kind = [unit for unit in units.values() if unit.kind == kind]
        if not of_kind:
            continue
        best = max(of_kind, key=lambda unit: (busy.get(unit.id, 0), _shared(unit.territory, busiest)))
        found.append(Persona(key=key, post=f"{best.id}/{role}", title=text(f"persona.{key}"), unit=best.name))
    return found


def _shared(one: str, other: str) -> int:
    """Return how many leading digits two codes share: how near two places are."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _demo_only() -> None:
    if not viewers.demo():
        raise not_found()
