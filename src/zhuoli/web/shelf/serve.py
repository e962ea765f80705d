"""Serving a model: choose place and parameters, try it on today's data, put it on the night's menu."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.queries import DIGITS, Query, Serving
from zhuoli.core.text import Text
from zhuoli.lake.answers import shown
from zhuoli.lake.engine import BadResult
from zhuoli.lake.hits import Hit
from zhuoli.lake.looking import cause
from zhuoli.lake.night import Found, try_out
from zhuoli.lake.reading import without_rows
from zhuoli.office import menu
from zhuoli.office.access import Viewer, require_server
from zhuoli.office.menu import Line, Wrong, may_serve, reach
from zhuoli.web import door, when
from zhuoli.web.context import asked
from zhuoli.web.errors import BadRequestPage, Problem, bad_parameter, not_found
from zhuoli.web.naming import name_of
from zhuoli.web.people.admin import by_of
from zhuoli.web.registers.known import registers
from zhuoli.web.shelf.model import found_model
from zhuoli.web.wording import text

SAMPLE = 8
LONGEST = 20.0
"""Seconds after which a trial on a page is stopped."""
_WAIT = 10.0
_turn = threading.Lock()
"""Trials take turns, so that a page never needs the memory of two."""


@require_http_methods(["GET", "HEAD", "POST"])
def serve_page(request: HttpRequest, model: str) -> HttpResponse:
    """Show the form for a serving, new or that of ``?serving=``; try it; put it on the menu."""
    page = asked(request)
    require_server(page.viewer)
    scenario = found_model(model)
    given = request.POST if request.method == "POST" else request.GET
    line = _line(scenario, given.get("serving", ""), page.viewer)
    if request.method != "POST":
        return _show(request, scenario, line, _written(scenario, line, page.viewer))
    do = request.POST.get("do", "")
    if do not in ("try", "put"):
        raise bad_parameter("do")
    written = {
        name: request.POST.get(name, "").strip()[:400]
        for name in ("territory", "reason", *(f"p-{key}" for key in _query(scenario).parameters))
    }
    try:
        values = {key: written[f"p-{key}"] for key in _query(scenario).parameters}
        wanted = menu.wanted(scenario, page.viewer.unit, written["territory"], values, door.directory())
        if do == "try":
            return _show(request, scenario, line, written, trial=_try(scenario, wanted))
        said = _put(request, scenario, line, wanted, written["reason"])
    except Wrong as wrong:
        return _show(request, scenario, line, written, wrong=wrong)
    return redirect(reverse("shelf.model", args=(page.lang, model)) + f"?done={said}#main")


def _line(scenario: Scenario, name: str, viewer: Viewer) -> Line | None:
    """Return the serving to be changed, or None for a new one.

    Raises:
        BadRequestPage: 404, there is none; 403, it is not this unit's to change.
    """
    if not name:
        return None
    line = menu.menu(scenario).line(name)
    if line is None:
        raise not_found(text("shelf.no_serving"))
    if not may_serve(viewer.unit, line.territory, door.directory()):
        raise BadRequestPage(text("shelf.not_yours"), text("shelf.not_yours.remedy"), status=403)
    return line


def _put(request: HttpRequest, scenario: Scenario, line: Line | None, wanted: Serving, reason: str) -> str:
    by, unit, now = by_of(request), asked(request).viewer.unit, when.now()
    if line is None:
        menu.put(scenario, wanted, reason, by, unit, now)
        return "put"
    return "change" if menu.change(scenario, line, wanted, reason, by, unit, now) else "same"


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What a serving finds on today's data; nothing of it is kept. ``error`` where it could not be tried."""

    serving: Serving
    found: Found | None
    error: Text | None = None


def _try(scenario: Scenario, wanted: Serving) -> Trial:
    serving = msgspec.structs.replace(wanted, id="trial")
    lake = settings.ENVIRONMENT.data / "lake"
    with turn() as mine:
        if not mine:
            return Trial(serving=serving, found=None, error=text("shelf.busy"))
        try:
            found = try_out(lake, registers(), scenario, [serving], now=when.now(), longest=LONGEST)
        except (BadResult, duckdb.Error) as failed:
            return Trial(serving=serving, found=None, error=cause(failed))
    return Trial(serving=serving, found=found)


@contextmanager
def turn() -> Iterator[bool]:
    """Wait for one's turn, some seconds at most; gives whether it has come."""
    mine = _turn.acquire(timeout=_WAIT)
    try:
        yield mine
    finally:
        if mine:
            _turn.release()


def _written(scenario: Scenario, line: Line | None, viewer: Viewer) -> dict[str, str]:
    """Return what stands in the form at first: the serving as it is, or the defaults for the viewer's own territory."""
    query = _query(scenario)
    own = reach(viewer.unit, door.directory())
    values = line.serving.values if line else {}
    return {
        "territory": line.territory if line else own,
        "reason": "",
        **{f"p-{name}": str(values.get(name, one.default)) for name, one in query.parameters.items()},
    }


def _show(
    request: HttpRequest,
    scenario: Scenario,
    line: Line | None,
    written: dict[str, str],
    wrong: Wrong | None = None,
    trial: Trial | None = None,
) -> HttpResponse:
    page = asked(request)
    query = _query(scenario)
    fields = wrong.fields if wrong else {}
    named = {"territory": "territory", "reason": "reason", **{key: f"p-{key}" for key in query.parameters}}
    titles = {
        "territory": text("shelf.territory"),
        "reason": text("shelf.reason"),
        **{key: one.title for key, one in query.parameters.items()},
    }
    links = tuple((named[name], titles[name], said) for name, said in fields.items())
    context = {
        "page": "shelf",
        "scenario": scenario,
        "query": query,
        "line": line,
        "title": line.serving.title if line else None,
        "written": written,
        "places": _places(page.viewer, query),
        "small": len(reach(page.viewer.unit, door.directory())) > DIGITS[query.smallest],
        "towns_below": query.smallest == "town"
        and len(reach(page.viewer.unit, door.directory())) < len("6201"),
        "parameters": [
            {"name": name, "one": one, "value": written[f"p-{name}"], "wrong": fields.get(name)}
            for name, one in query.parameters.items()
        ],
        "wrong_territory": fields.get("territory"),
        "wrong_reason": fields.get("reason"),
        "problem": Problem(text=wrong.text, remedy=wrong.remedy, links=links) if wrong else None,
        "trial": _told(trial, scenario) if trial else None,
    }
    return render(request, "shelf/serve.html", context, status=422 if wrong else 200)


def _told(trial: Trial, scenario: Scenario) -> dict[str, Any]:
    found, query = trial.found, _query(scenario)
    return {
        "error": trial.error,
        "title": trial.serving.title,
        "count": len(found.hits) if found else 0,
        "cost": text(
            "shelf.cost_of",
            seconds=f"{found.seconds:.2f}",
            rows=f"{found.rows_read:,}",
            memory=f"{found.memory / 1_000_000:.1f}",
        )
        if found
        else None,
        "most": query.most,
        "more": found is not None and len(found.hits) > query.most,
        "hidden": bool(query.personal),
        "without_rows": without_rows(settings.ENVIRONMENT.data / "lake", registers(), query.reads),
        "sample": explained(found.hits[:SAMPLE], scenario) if found else [],
    }


def explained(hits: tuple[Hit, ...], scenario: Scenario) -> list[dict[str, Any]]:
    """Return hits as a page explains them: the reason in words, and the evidence by its titles.

    Of a model that uses personal data nothing is shown: they are looked at in a case, for a purpose, on record.
    """
    told: list[dict[str, Any]] = []
    query = _query(scenario)
    if query.personal:
        return told
    asked_of = scenario.forms[scenario.intake].questions
    ids = {column: asked_of[name].stands_for for name, column in query.answers.items() if name in asked_of}
    for hit in hits:
        values = shown(query, hit)
        evidence = [
            (title, name_of(ids[name], str(values[name])) if ids.get(name) else values[name])
            for name, title in query.evidence.items()
            if values.get(name) is not None
        ]
        told.append(
            {
                "reason": Text(hit.reason_zh, hit.reason_en),
                "place": door.places().full_name(hit.territory) or Text(hit.territory, hit.territory),
                "evidence": evidence,
            }
        )
    return told


def _places(viewer: Viewer, query: Query) -> list[tuple[Text | None, list[tuple[str, Text]]]]:
    """Return the territories that a unit may serve a model for, in groups: its own and those below down to counties first; then
    the towns and streets of each county, where the model knows towns and the unit is a city's or smaller."""
    own = reach(viewer.unit, door.directory())
    if len(own) > DIGITS[query.smallest]:
        return []
    codes = [own]
    for code in codes:
        codes += [each for each in _below(code) if len(each) <= DIGITS["county"]]
    found: list[tuple[Text | None, list[tuple[str, Text]]]] = [
        (None, [(code, _place(code)) for code in codes])
    ]
    if query.smallest == "town" and len(own) >= len("6201"):
        found += [
            (_place(code), [(each, _place(each)) for each in _below(code)])
            for code in codes
            if len(code) == DIGITS["county"]
        ]
    return [(group, sorted(places)) for group, places in found if places]


def _below(code: str) -> list[str]:
    """Return what codes directly below begin with, down to towns; a city without counties is its own county."""
    children = [child.prefix for child in door.places().children(code.ljust(12, "0"))]
    return [each for each in children if len(each) <= DIGITS["town"] and each != code]


def _place(code: str) -> Text:
    return door.places().full_name(code.ljust(12, "0"), skip=1 if len(code) > 2 else 0) or Text(code, code)


def _query(scenario: Scenario) -> Query:
    assert scenario.query is not None  # noqa: S101 - found_model gives models only
    return scenario.query
