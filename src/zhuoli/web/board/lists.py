"""What stands behind the numbers of the board: the matters of a place, a unit, a colour; and all units."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhuoli.core.text import Text
from zhuoli.office import board
from zhuoli.office.board import COLOURS, LAST
from zhuoli.store.codec import decode_state
from zhuoli.store.models import CaseRecord, StateRecord
from zhuoli.web import cases, clocks, door, when
from zhuoli.web.board.pages import by_unit
from zhuoli.web.board.scope import scope_of
from zhuoli.web.board.words import sentence, unit_name
from zhuoli.web.context import asked
from zhuoli.web.errors import bad_parameter
from zhuoli.web.wording import text

PAGE = 50


@require_safe
def matters_page(request: HttpRequest) -> HttpResponse:
    """List the open matters behind a number, what goes wrong first at the top."""
    page = asked(request)
    scope = scope_of(request)
    now = when.now()
    colour, unit, need = (request.GET.get(name, "") for name in ("colour", "unit", "need"))
    if colour and colour not in COLOURS:
        raise bad_parameter("colour")
    if unit and unit != "none" and door.directory().unit(unit) is None:
        raise bad_parameter("unit")
    if need not in ("", "decision"):
        raise bad_parameter("need")
    found = board.open_of(scope.cases, now)
    why: dict[int, Text] = {}
    if need:
        decided = board.decisions(scope.cases, scope.viewer.unit, now)
        why = {each.case: sentence(each.reasons, now) for each in decided.found[:PAGE]}
        found = found.filter(id__in=why)
    if colour:
        found = found.filter(Q(colour=colour))
    if unit:
        found = found.filter(unit="" if unit == "none" else unit)
    rows, after = _page(found, request.GET.get("after", ""))
    if need:
        order = {case: number for number, case in enumerate(why)}
        rows.sort(key=lambda row: order[row.id])
    query = {"place": scope.place, "colour": colour, "unit": unit, "need": need}
    context: dict[str, Any] = {
        "page": "board",
        "title": text("board.needs") if need else text("board.open"),
        "place": scope.name,
        "unit": unit_name("" if unit == "none" else unit) if unit else None,
        "colour": colour,
        "rows": lines(rows, why, now, page.lang),
        "colours": [
            {
                "key": each,
                "current": each == colour,
                "url": scope.url("board.matters", page.lang, **{**query, "colour": each}),
            }
            for each in ("", *COLOURS)
        ]
        if not need
        else [],
        "back_url": scope.url("board", page.lang),
        "more_url": scope.url("board.matters", page.lang, **query, after=after) if after else "",
        "first_url": scope.url("board.matters", page.lang, **query) if request.GET.get("after") else "",
    }
    return render(request, "board/matters.html", context)


@require_safe
def units_page(request: HttpRequest) -> HttpResponse:
    """List all units with their open matters by colour."""
    page = asked(request)
    scope = scope_of(request)
    groups = board.counts(scope.cases, scope.column, when.now())
    context: dict[str, Any] = {
        "page": "board",
        "place": scope.name,
        "back_url": scope.url("board", page.lang, place=scope.place),
        "shown": COLOURS,
        "units": [
            {
                "name": unit_name(unit),
                "url": scope.url("board.matters", page.lang, place=scope.place, unit=unit or "none"),
                "numbers": [counted.get(colour, 0) for colour in COLOURS],
                "total": sum(counted.values()),
            }
            for unit, counted in by_unit(groups)
        ],
    }
    return render(request, "board/units.html", context)


def _page(found: QuerySet[CaseRecord, Any], after: str) -> tuple[list[Any], str]:
    """Return one page by keyset, and where the next one begins."""
    found = found.annotate(place_in_order=Coalesce(F("instant"), Value(LAST)))
    if after:
        order, _, case = after.partition(".")
        if not (order.isascii() and order.isdigit() and case.isascii() and case.isdigit()):
            raise bad_parameter("after")
        if int(order) > LAST or int(case) >= 1 << 63:
            raise bad_parameter("after")
        found = found.filter(
            Q(place_in_order__gt=int(order)) | Q(place_in_order=int(order), id__gt=int(case))
        )
    rows: list[Any] = list(found.order_by("place_in_order", "id")[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return rows, f"{rows[-1].place_in_order}.{rows[-1].id}" if more else ""


def lines(rows: list[Any], why: dict[int, Text], now: int, lang: str) -> list[dict[str, Any]]:
    """Return the rows of ``board.open_of`` in words, in one statement more; ``why`` tells of some what is wrong with them."""
    states = StateRecord.objects.filter(case_id__in=[row.id for row in rows]).values_list("case_id", "state")
    seen = {case: decode_state(state) for case, state in states}
    lines = []
    for row in rows:
        plan = door.office().library.pinned(row.version, row.scenario)
        subject = cases.subject(plan, seen[row.id]) if row.id in seen else None
        lines.append(
            {
                "title": subject or plan.scenario.title,
                "matter": plan.scenario.title if subject else None,
                "url": reverse("desk.case", args=(lang, row.id)),
                "unit": unit_name(row.unit),
                "place": door.places().full_name(row.territory, skip=1),
                "clock": clocks.Shown("none", None)
                if row.colour == "none"
                else clocks.Shown(row.colour, row.instant),
                "status": row.status,
                "urges": row.urges,
                "reopenings": row.reopenings,
                "since": row.opened,
                "why": why.get(row.id),
            }
        )
    return lines
