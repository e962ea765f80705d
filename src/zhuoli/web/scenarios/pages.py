"""Each scenario on one page: what it is for, its law, its line, what is asked, who decides by which rules and when.

Everything is worked out from the scenario itself: the folder is the only place where a matter is described.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from zhuoli.core.case.plan import Plan
from zhuoli.core.scenario.explain import sections
from zhuoli.core.scenario.labels import labels_of
from zhuoli.core.scenario.line import line_svg
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.source import from_bytes
from zhuoli.web import door, lines, places, questions, viewers
from zhuoli.web.context import asked
from zhuoli.web.scenarios import deadlines, examples, pictures, tables
from zhuoli.web.scenarios.blocks import shown
from zhuoli.web.wording import text

PARTS = (
    "law",
    "line",
    "who",
    "form",
    "routing",
    "acceptance",
    "stages",
    "deadlines",
    "tables",
    "ends",
    "privacy",
    "notices",
    "indicators",
    "examples",
)
"""The parts of the page, in their order."""
IN_WORDS = ("who", "routing", "acceptance", "stages", "ends", "privacy")
"""The parts of the explanation that are shown as they are; the others have a shape of their own."""
KEPT = 200
"""So many drawn pages are kept: two languages of every scenario on a large shelf."""
_lock = Lock()
_bodies: OrderedDict[tuple[str, str, str, bool, int], SafeString] = OrderedDict()


@require_safe
def shelf_page(request: HttpRequest) -> HttpResponse:
    """Show what is on the shelf: each scenario with its strip, its promised time and its size."""
    page = asked(request)
    page.public = True
    found = [
        {
            "scenario": each,
            "strip": lines.drawn(line_svg(each, None, page.lang, "strip", ident=f"strip-{each.scenario}")),
            "stages": len(each.stages),
            "tables": len(each.tables),
            "examples": len(each.examples),
        }
        for each in door.scenarios().values()
    ]
    return render(request, "scenarios/shelf.html", {"page": "scenarios", "found": found})


@require_safe
def scenario_page(request: HttpRequest, scenario: str) -> HttpResponse:
    """Show one scenario in full."""
    page = asked(request)
    page.public = True
    plan = door.plan(scenario)
    body = _body(plan, page.lang)
    return render(
        request, "scenarios/scenario.html", {"page": "scenarios", "scenario": plan.scenario, "body": body}
    )


def _body(plan: Plan, lang: str) -> SafeString:
    """Return what the page says, as it was drawn before for the same content, language and example date."""
    start = deadlines.example_start(door.calendar())
    key = (plan.scenario.scenario, plan.scenario.version, lang, viewers.demo(), start)
    with _lock:
        kept = _bodies.get(key)
        if kept is not None:
            _bodies.move_to_end(key)
            return kept
    body = render_to_string("scenarios/body.html", _drawn(plan, lang, start))
    with _lock:
        _bodies[key] = body
        while len(_bodies) > KEPT:
            _bodies.popitem(last=False)
    return body


def _drawn(plan: Plan, lang: str, start: int) -> dict[str, Any]:
    found = plan.scenario
    parts = {section.name: shown(section.blocks, lang) for section in sections(found)}
    return {
        "lang": lang,
        "demo": viewers.demo(),
        "contents": PARTS,
        "scenario": found,
        "line": lines.of_matter(found, lang),
        "plan_drawing": _drawing(found, lang),
        "parts": [(name, parts[name]) for name in IN_WORDS if name in parts],
        "fields": questions.fields(plan.forms["form"], {}, {}, levels=places.levels, scope="preview-"),
        "more_questions": _later(plan),
        "tables": tables.of(plan, lang),
        "deadlines": deadlines.of(plan),
        "deadline_start": start,
        "notices": found.notices,
        "purposes": _purposes(plan),
        "retention": deadlines.length_of(found.privacy.retention),
        "indicators": found.indicators,
        "examples": examples.of(plan, lang),
    }


@require_safe
def pictures_page(request: HttpRequest, scenario: str) -> HttpResponse:
    """Show every picture of a scenario with the rows of its tables that name what is on it."""
    page = asked(request)
    page.public = True
    plan = door.plan(scenario)
    context = {
        "page": "scenarios",
        "scenario": plan.scenario,
        "pictures": plan.scenario.pictures,
        "shown": pictures.of(plan, page.lang),
    }
    return render(request, "scenarios/pictures.html", context)


@require_safe
def files_page(request: HttpRequest, scenario: str) -> HttpResponse:
    """Show the files of the folder, as the cases of this version are pinned to them."""
    asked(request).public = True
    plan = door.plan(scenario)
    try:
        files = from_bytes(door.office().library.archive(plan))
    except ValueError:
        files = {}
    context = {
        "page": "scenarios",
        "scenario": plan.scenario,
        "files": [(name, data.decode("utf-8", "replace"), len(data)) for name, data in files.items()],
    }
    return render(request, "scenarios/files.html", context)


def _drawing(scenario: Scenario, language: str) -> SafeString:
    return lines.drawn(line_svg(scenario, None, language, "explanation", width=328, ident="explanation"))


def _later(plan: Plan) -> list[tuple[Any, Any]]:
    """Return the questions of the intake form that are only asked after certain answers, and after which."""
    first = {field.name for field in questions.fields(plan.forms["form"], {}, {}, levels=places.levels)}
    labels = labels_of(plan.scenario)
    later = []
    for name, asked_ in plan.forms["form"].questions.items():
        if name not in first and asked_.relevant is not None:
            later.append((asked_.question.title, asked_.relevant.in_words(labels)))
    return later


def _purposes(plan: Plan) -> list[dict[str, Any]]:
    """Return why personal answers may be looked at, and which."""
    privacy = plan.scenario.privacy
    titles = {
        question.full: question.question.title
        for form in plan.forms.values()
        for question in form.questions.values()
    }
    return [
        {
            "title": purpose.title,
            "fields": [titles[name] for name in purpose.fields if name in titles]
            or [text("scenario.all_personal")],
        }
        for purpose in privacy.purposes.values()
    ]
