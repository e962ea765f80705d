"""Two servings of a model, or two of its versions, on today's data: what only one finds, what both find."""

from __future__ import annotations

from typing import Any

import duckdb
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhuoli.core.scenario.model import Scenario
from zhuoli.core.text import Text
from zhuoli.lake.comparing import Comparison, Side, compare_sides
from zhuoli.lake.engine import BadResult
from zhuoli.lake.looking import cause
from zhuoli.office.access import require_server
from zhuoli.office.menu import menu
from zhuoli.store.models import ScenarioRecord
from zhuoli.web import door, when
from zhuoli.web.context import asked
from zhuoli.web.errors import Problem, bad_parameter
from zhuoli.web.registers.known import registers
from zhuoli.web.shelf import serve
from zhuoli.web.shelf.model import found_model
from zhuoli.web.wording import text

SAMPLE = 12
VERSIONS = 6
NOW = "now"
"""The choice of the model as it is on the menu."""


@require_safe
def compare_page(request: HttpRequest, model: str) -> HttpResponse:
    """Let somebody choose two sides, and show what each of them finds."""
    page = asked(request)
    require_server(page.viewer)
    scenario = found_model(model)
    sides = _sides(scenario)
    chosen = [request.GET.get(name, "") for name in ("a", "b")]
    for name, value in zip(("a", "b"), chosen, strict=True):
        if value and value not in sides:
            raise bad_parameter(name)
    problem, compared = None, None
    if all(chosen):
        if chosen[0] == chosen[1]:
            problem = Problem(
                text=text("shelf.compare.same"), links=(("b", None, text("shelf.compare.other")),)
            )
        else:
            problem, compared = _compare(sides[chosen[0]], sides[chosen[1]])
    context = {
        "page": "shelf",
        "scenario": scenario,
        "options": [(key, side.name) for key, side in sides.items()],
        "a": chosen[0] or next(iter(sides)),
        "b": chosen[1] or list(sides)[min(1, len(sides) - 1)],
        "problem": problem,
        "compared": _told(compared, scenario) if compared else None,
        "names": [sides[each].name for each in chosen] if all(chosen) else [],
    }
    return render(request, "shelf/compare.html", context, status=422 if problem else 200)


def _compare(a: Side, b: Side) -> tuple[Problem | None, Comparison | None]:
    lake = settings.ENVIRONMENT.data / "lake"
    with serve.turn() as mine:
        if not mine:
            return Problem(text=text("shelf.busy")), None
        try:
            return None, compare_sides(lake, registers(), a, b, now=when.now(), longest=serve.LONGEST)
        except (BadResult, duckdb.Error) as failed:
            return Problem(text=text("shelf.compare.failed"), links=(("a", None, cause(failed)),)), None


def _sides(scenario: Scenario) -> dict[str, Side]:
    """Return what can be compared: each serving, the model as it is on the menu, and its earlier versions."""
    lines = [line for line in menu(scenario).lines if not line.stale]
    found = {
        f"serving:{line.serving.id}": Side(
            name=line.serving.title, scenario=scenario, servings=[line.serving]
        )
        for line in lines
    }
    all_of_it = [line.serving for line in lines if line.on]
    if len(all_of_it) > 1:
        name = text("shelf.compare.menu")
        found[NOW] = Side(name=name, scenario=scenario, servings=all_of_it)
    for version, day, old in _versions(scenario):
        served = [line.serving for line in menu(old).lines if line.on and not line.stale]
        name = text("shelf.compare.version", day=day, version=version[:8])
        if served:
            found[f"version:{version}"] = Side(name=name, scenario=old, servings=served)
    return found


def _versions(scenario: Scenario) -> list[tuple[str, Text, Scenario]]:
    """Return the earlier versions that cases were opened with, newest first."""
    records = ScenarioRecord.objects.filter(scenario=scenario.scenario).exclude(version=scenario.version)
    found = []
    for version, stored in records.order_by("-stored").values_list("version", "stored")[:VERSIONS]:
        old = door.office().library.pinned(version, scenario.scenario).scenario
        if old.query is not None:
            found.append((version, when.day(stored), old))
    return found


def _told(compared: Comparison, scenario: Scenario) -> dict[str, Any]:
    query = scenario.query
    assert query is not None  # noqa: S101 - found_model gives models only
    split = compared.split
    return {
        "groups": [
            {
                "title": text(f"shelf.compare.{name}"),
                "count": len(hits),
                "sample": serve.explained(hits[:SAMPLE], scenario),
                "more": len(hits) > SAMPLE,
            }
            for name, hits in (("only_a", split.only_a), ("only_b", split.only_b), ("both", split.both))
        ],
        "hidden": bool(query.personal),
        "seconds": f"{compared.a.seconds + compared.b.seconds:.2f}",
    }
