"""The board as a page, and what a screen that is already open is told: the parts that have changed, or nothing.

Every part carries a mark of its content. A screen sends the marks that it shows as ``If-None-Match``; the answer is 304
when all still hold, else the parts that do not. While no case has changed and no minute has passed, the
answer is known from one statement.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from zhuoli.core.worktime import local
from zhuoli.office import board, flow
from zhuoli.office.board import COLOURS, Group
from zhuoli.office.handle import Office
from zhuoli.web import door, when
from zhuoli.web.board import told as told_of
from zhuoli.web.board.campaigns import links
from zhuoli.web.board.decided import listed
from zhuoli.web.board.flows import charts
from zhuoli.web.board.maps import drawn
from zhuoli.web.board.scope import Scope, scope_of
from zhuoli.web.board.words import unit_name
from zhuoli.web.context import asked
from zhuoli.web.figures.count import remembered

PARTS = ("top", "decisions", "map", "flow")
EVERY = 15
"""Seconds between two questions of an open screen."""
UNITS = 8
"""So many units are shown at the top; all of them have a page."""
MINUTE = 60_000
_KEPT = 200


class Part(msgspec.Struct, frozen=True):
    """One part of the board: its mark, and what stands in it."""

    name: str
    mark: str
    html: SafeString


class Kept(msgspec.Struct, frozen=True):
    """The parts of one board, good while ``entry`` is the ledger's newest, from ``since`` until before ``until``."""

    entry: int
    since: int
    until: int
    parts: tuple[Part, ...]


Boards = OrderedDict[tuple[str, str, str], Kept]
_boards: WeakKeyDictionary[Office, Boards] = WeakKeyDictionary()
_lock = Lock()


@require_safe
def board_page(request: HttpRequest) -> HttpResponse:
    """Show the whole board."""
    page = asked(request)
    scope = scope_of(request)
    now = when.now()
    context: dict[str, Any] = {
        "page": "board",
        "parts": _parts(scope, now, page.lang),
        "every": EVERY,
        "at": _clock(now),
        "at_machine": when.machine(now),
        "unit": unit_name(scope.viewer.unit),
        "place": scope.name,
        "narrowed": bool(scope.place),
        "whole_url": scope.url("board", page.lang),
        "live_url": scope.url("board.live", page.lang, place=scope.place),
        "here_url": scope.url("board", page.lang, place=scope.place),
        "told": told_of.of_request(request),
        "campaigns": links(scope, page.lang),
    }
    return render(request, "board/board.html", context)


@require_safe
def live_page(request: HttpRequest) -> HttpResponse:
    """Tell an open screen what has changed."""
    page = asked(request)
    scope = scope_of(request)
    now = when.now()
    parts = _parts(scope, now, page.lang)
    shown = request.headers.get("If-None-Match", "").strip('"').split(".")
    changed = [part for part in parts if part.mark not in shown]
    response = (
        HttpResponse("".join(_swapped(part) for part in changed)) if changed else HttpResponse(status=304)
    )
    response.headers["ETag"] = '"' + ".".join(part.mark for part in parts) + '"'
    response.headers["X-As-Of"] = _clock(now)
    return response


def _parts(scope: Scope, now: int, lang: str) -> tuple[Part, ...]:
    """Return the parts of a board, as they were if nothing can have changed since."""
    key = (scope.viewer.post, scope.place, lang)
    entry = board.last_entry()
    with _lock:
        boards = _boards.setdefault(door.office(), OrderedDict())
        kept = boards.get(key)
        if kept is not None and kept.entry == entry and kept.since <= now < kept.until:
            return kept.parts
    parts = _made(scope, now, lang)
    with _lock:
        # Words such as “3 min late” and the colours of clocks are true for a minute.
        boards[key] = Kept(entry, now, now - now % MINUTE + MINUTE, parts)
        boards.move_to_end(key)
        while len(boards) > _KEPT:
            boards.popitem(last=False)
    return parts


def _made(scope: Scope, now: int, lang: str) -> tuple[Part, ...]:
    groups = board.counts(scope.cases, scope.column, now)
    decided = board.decisions(scope.cases, scope.viewer.unit, now)
    day = _flow(scope, now)
    drawings = charts(day, now)
    shared = {"lang": lang, "all_url": scope.url("board.matters", lang, place=scope.place)}
    contexts: dict[str, dict[str, Any]] = {
        "top": _top(scope, groups, decided, lang),
        "decisions": listed(scope, decided, now, lang),
        "map": {"map": drawn(scope, groups, lang), "place": scope.name},
        "flow": {
            "charts": drawings,
            "table": list(zip(*(chart.hours for chart in drawings), strict=True)),
            "days": day.days,
            "usual": day.usual is not None,
        },
    }
    parts = []
    for name in PARTS:
        html = render_to_string(f"board/{name}.html", {**shared, **contexts[name]})
        mark = hashlib.sha256(html.encode()).hexdigest()[:12]
        parts.append(Part(name, mark, mark_safe(html)))  # noqa: S308 - just rendered
    return tuple(parts)


def _top(scope: Scope, groups: list[Group], decided: board.Decisions, lang: str) -> dict[str, Any]:
    colours = dict.fromkeys(COLOURS, 0)
    for group in groups:
        colours[group.colour] += group.number
    units = by_unit(groups)
    return {
        "total": sum(colours.values()),
        "colours": [
            {
                "colour": colour,
                "number": number,
                "url": scope.url("board.matters", lang, place=scope.place, colour=colour),
            }
            for colour, number in colours.items()
            if number or colour in ("red", "amber", "green")
        ],
        "decide": len(decided.found),
        "units": [
            {
                "name": unit_name(unit),
                "url": scope.url("board.matters", lang, place=scope.place, unit=unit or "none"),
                "colours": counted,
            }
            for unit, counted in units[:UNITS]
        ],
        "all_units": len(units),
        "units_url": scope.url("board.units", lang, place=scope.place),
    }


def by_unit(groups: list[Group]) -> list[tuple[str, dict[str, int]]]:
    """Return the units with their open cases by colour, those with the most late ones first."""
    units: dict[str, dict[str, int]] = {}
    for group in groups:
        own = units.setdefault(group.unit, {})
        own[group.colour] = own.get(group.colour, 0) + group.number
    ordered: list[tuple[str, dict[str, int]]] = [
        (unit, {colour: counted[colour] for colour in COLOURS if colour in counted})
        for unit, counted in units.items()
    ]
    return sorted(
        ordered,
        key=lambda each: (-each[1].get("red", 0), -each[1].get("amber", 0), -sum(each[1].values()), each[0]),
    )


def _flow(scope: Scope, now: int) -> flow.Flow:
    """Count the day; what is usual is counted once an hour, the day itself for as long as counting it is worth."""
    cases, calendar = scope.cases.exclude(scenario__in=door.own_work()), door.calendar()
    own = f"{scope.viewer.unit}.{scope.place}"
    day = local(now).date().isoformat()
    usual, days = remembered(f"usual.{own}.{day}", lambda: flow.usual(cases, now, calendar), at_least=3600)
    by_hour = remembered(f"today.{own}.{day}", lambda: flow.today(cases, now))
    return flow.Flow(by_hour=by_hour, usual=usual, days=days)


def _swapped(part: Part) -> str:
    return (
        f'<section id="board-{part.name}" class="part board-{part.name}" data-mark="{part.mark}" hx-swap-oob="true">'
        f"{part.html}</section>"
    )


def _clock(now: int) -> str:
    return local(now).strftime("%H:%M:%S")
