"""The personas of the demonstration: one of each kind, residents with a matter in hand, and where a click leads."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from zhuoli.core.text import Text
from zhuoli.store.models import CaseRecord, Post, ShareRecord, TaskRecord
from zhuoli.web import door, viewers, when
from zhuoli.web.context import asked
from zhuoli.web.errors import not_found
from zhuoli.web.village.served import lively_post, towns_with_rounds
from zhuoli.web.wording import text


class Persona(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom a visitor of the demonstration can be; ``post`` is empty for one of the public."""

    key: str
    post: str
    title: Text
    unit: Text | None


PUBLIC: tuple[str, ...] = ("resident", "guardian", "enterprise")
KINDS: tuple[tuple[str, str, str], ...] = (
    ("dispatcher", "dispatch", "dispatcher"),
    ("phone_desk", "dispatch", "phone_desk"),
    ("street", "subdistrict", "officer"),
    ("clerk", "subdistrict", "clerk"),
    ("station", "station", "officer"),
    ("auxiliary", "station", "auxiliary"),
    ("bureau", "bureau", "officer"),
    ("police", "psb", "officer"),
    ("supervisor", "government", "supervisor"),
    ("partner", "partner", "partner"),
    ("insurer", "insurer", "insurer"),
    ("author", "psb", "author"),
    ("administrator", "government", "administrator"),
)
"""Personas by the kind of their unit and the role of their post."""
MATTERS = 4
"""So many matters has a resident of the demonstration in hand."""


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
    if not post or post in PUBLIC:
        viewers.choose_post(request, None)
        request.session[viewers.PERSONA] = post if post in PUBLIC else PUBLIC[0]
        if post in PUBLIC:
            for receipt, case in _matters(post):
                viewers.remember_receipt(request, receipt, case)
            return redirect("check", lang)
        return redirect("home", lang)
    if not Post.objects.filter(pk=post[:60]).exists():
        raise not_found(text("error.no_post"))
    viewers.choose_post(request, post)
    onward = request.POST.get("next", "")
    if onward and url_has_allowed_host_and_scheme(onward, {request.get_host()}, request.is_secure()):
        return redirect(onward)
    return redirect("desk.start", lang)


def personas() -> list[Persona]:
    """Return one persona of each kind; they are looked for anew each minute."""
    return list(_personas(str(connections["default"].settings_dict["NAME"]), when.now() // 60_000))


def who_now(request: HttpRequest) -> Text:
    """Return who the visitor of the demonstration is."""
    viewer = asked(request).viewer
    if viewer.is_post and viewer.title is not None:
        return viewer.title
    key = request.session.get(viewers.PERSONA, PUBLIC[0])
    return text(f"persona.{key if key in PUBLIC else PUBLIC[0]}")


@lru_cache(maxsize=2)
def _personas(_database: str, _minute: int) -> tuple[Persona, ...]:
    """Choose of each kind the unit with the most to do, else the one nearest to where most is done.

    Of stations those whose auxiliaries have noted rounds come first: so that their page of villages shows something.
    """
    busy: dict[str, int] = {}
    for unit in (
        TaskRecord.city_cases.filter(state="active").exclude(unit="").values_list("unit", flat=True)[:20_000]
    ):
        busy[unit] = busy.get(unit, 0) + 1
    for unit in ShareRecord.objects.values_list("unit", flat=True)[:20_000]:
        busy[unit] = busy.get(unit, 0) + 1
    units = door.directory().units
    most = max(busy, key=lambda unit: busy[unit], default="")
    busiest = units[most].territory if most in units else ""
    noted = towns_with_rounds()
    found = [Persona(key=key, post=key, title=text(f"persona.{key}"), unit=None) for key in PUBLIC]
    for key, kind, role in KINDS:
        of_kind = [unit for unit in units.values() if unit.kind == kind]
        if not of_kind:
            continue
        best = max(
            of_kind,
            key=lambda unit: (
                unit.kind == "station" and unit.territory[:9] in noted,
                busy.get(unit.id, 0),
                _shared(unit.territory, busiest),
            ),
        )
        found.append(Persona(key=key, post=f"{best.id}/{role}", title=text(f"persona.{key}"), unit=best.name))
        if key == "auxiliary" and (lively := lively_post()) is not None:
            named = Text(lively.title_zh, lively.title_en)
            found.append(Persona(key="village", post=lively.id, title=text("persona.village"), unit=named))
    return tuple(found)


def _matters(key: str) -> Iterator[tuple[str, int]]:
    """Return receipts of generated matters for a persona of the public, in different states, the latest first."""
    scenarios = door.scenarios()
    business = [name for name, each in scenarios.items() if "enterprise" in each.audience]
    found = CaseRecord.city_cases.order_by("-opened")
    if key == "guardian":
        found = found.filter(channel="guardian")
    elif key == "enterprise":
        found = found.filter(scenario__in=business, channel="web")
    else:
        found = found.exclude(scenario__in=business).filter(channel="web")
    seen: dict[str, tuple[str, int]] = {}
    for case, receipt, status in found.values_list("id", "receipt", "status")[:300]:
        seen.setdefault(status, (receipt, case))
    yield from reversed(list(seen.values())[:MATTERS])


def _shared(one: str, other: str) -> int:
    """Return how many leading digits two codes share: how near two places are."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _demo_only() -> None:
    if not viewers.demo():
        raise not_found()
