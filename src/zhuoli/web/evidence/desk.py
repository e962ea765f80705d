"""Evidence at the desk: the player, what is doubtful, the chain of custody on screen and on paper, a sketch."""

from __future__ import annotations

from typing import Any, get_args

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhuoli.channels.papers import PaperFailed, print_paper
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.model import Road
from zhuoli.office import read
from zhuoli.office.access import require_command, require_look
from zhuoli.web import acting, acts, door, files
from zhuoli.web.context import asked
from zhuoli.web.desk.pane import seen
from zhuoli.web.downloads import named
from zhuoli.web.errors import BadRequestPage, Problem, not_found
from zhuoli.web.evidence import custody, sketch, streets
from zhuoli.web.evidence.ground import county_of
from zhuoli.web.evidence.items import pieces_of
from zhuoli.web.evidence.parts import give_part
from zhuoli.web.evidence.sender import takes_evidence
from zhuoli.web.papers.letters import Letter
from zhuoli.web.wording import text

ROADS = get_args(Road)


@require_safe
def evidence_page(request: HttpRequest, case: int) -> HttpResponse:
    """Show what was brought: player, key frames, facts and doubts, custody."""
    found, _ = _seen(request, case)
    return _show(request, found)


@require_safe
def part_page(request: HttpRequest, case: int, file: str, part: str) -> HttpResponseBase:
    """Give a part of a blurred copy; the first look of an hour at what a party brought is recorded."""
    found, actor = _seen(request, case)
    attachment = found.files.get(file)
    if attachment is None:
        raise not_found(text("error.no_file"))
    of_a_party = attachment.by in found.parties.values()
    if of_a_party and cache.add(f"evidence.{case}.{file}.{actor.post}", 1, files.KEPT):
        fields = custody.look_fields(attachment.question, attachment.sha256)
        read.record_look(door.office(), case, attachment.by, fields, read.HANDLING, actor)
    return give_part(request, found, file, part)


@require_POST
def original_page(request: HttpRequest, case: int, file: str) -> HttpResponseBase:
    """Give an original, in which nobody is blurred, for a stated purpose; every such look is recorded."""
    found, actor = _seen(request, case)
    purposes = read.office_purposes(door.plan_of(found), found, actor)
    purpose = request.POST.get("purpose", "")
    if purpose not in purposes:
        raise BadRequestPage(text("look.no_purpose"), text("look.choose"), status=422)
    attachment = found.files.get(file)
    if attachment is None:
        raise not_found(text("error.no_file"))
    if attachment.by in found.parties.values():
        fields = custody.look_fields(attachment.question, attachment.sha256)
        read.record_look(door.office(), case, attachment.by, fields, purpose, actor)
    return files.give_original(read.open_case(door.office(), case, actor).state, file)


@require_safe
def proof_pdf(request: HttpRequest, case: int) -> HttpResponse:
    """Print the chain of custody: every original is opened and its SHA-256 taken again for it."""
    found, actor = _seen(request, case)
    opened = read.open_case(door.office(), case, actor)
    paper = Letter(request, opened.state).evidence(custody.chain(opened, check=True))
    try:
        pdf = print_paper(paper)
    except PaperFailed:
        raise BadRequestPage(text("paper.failed"), text("paper.failed.remedy"), status=503) from None
    response = HttpResponse(pdf, content_type="application/pdf")
    name = text("file.evidence", receipt=found.receipt)
    named(response, name, "pdf", asked(request).lang, attached=False)
    return response


@require_http_methods(["POST"])
def sketch_page(request: HttpRequest, case: int) -> HttpResponse:
    """Keep a sketch with the case, drawn anew from what was sent."""
    found, actor = _seen(request, case)
    require_command(actor, "attach")
    try:
        drawn = sketch.read_form(request.POST, county_of(found.territory))
    except sketch.BadSketch as bad:
        problem = Problem(
            text=text("sketch.wrong"), links=((f"sketch-{bad.field}", None, text("sketch.how")),)
        )
        return _show(request, found, problem=problem, status=422)
    key = acts.read_key(request.POST)
    try:
        sketch.keep(found, actor, key, drawn)
    except Refusal as refusal:
        return _show(request, found, problem=Problem(text=refusal.text, remedy=refusal.remedy), status=422)
    return redirect(reverse("desk.evidence", args=(asked(request).lang, case)) + "#sketch")


@require_safe
def streets_page(request: HttpRequest, case: int) -> HttpResponse:
    """Give the streets around a point, to be drawn upon; a fragment of a page."""
    _seen(request, case)
    if not settings.ENVIRONMENT.tiles:
        raise not_found(text("evidence.none_here"))
    point = streets.read_point(request.GET.get("center", ""))
    return render(request, "evidence/streets.html", {"center": point}, status=200 if point else 422)


def _seen(request: HttpRequest, case: int) -> tuple[Case, Actor]:
    found, actor = seen(request, case)
    require_look(asked(request).viewer)
    if not takes_evidence(found):
        raise not_found(text("evidence.none_here"))
    return found, actor


def _show(
    request: HttpRequest, found: Case, *, problem: Problem | None = None, status: int = 200
) -> HttpResponse:
    lang = asked(request).lang

    def address(file: str, part: str) -> str:
        return reverse("desk.evidence.part", args=(lang, found.id, file, part))

    actor = asked(request).viewer.actor()
    opened = read.open_case(door.office(), found.id, actor)
    case, plan = opened.state, door.plan_of(found)
    pieces = pieces_of(case, address)
    places = sketch.places_of(case)
    center = streets.read_point(request.POST.get("center", "")) or (places[0] if places else None)
    may = {each.command for each in acting.actions_of(plan, found, actor) if not each.blocked}
    context: dict[str, Any] = {
        "page": "desk",
        "case": case,
        "title": plan.scenario.title,
        "pieces": pieces,
        "videos": [each for each in pieces if each.playback],
        "links": custody.chain(opened),
        "purposes": read.office_purposes(plan, case, actor),
        "sketch": sketch.latest(case),
        "roads": [(road, text(f"sketch.road.{road}")) for road in ROADS],
        "county": county_of(case.territory),
        "places": places,
        "tiles": settings.ENVIRONMENT.tiles,
        "center": center,
        "center_written": streets.write_point(center) if center else "",
        "kinds": [(kind, text(f"sketch.kind.{kind}")) for kind in sketch.KINDS],
        "sketch_key": acts.new_key() if "attach" in may else "",
        "problem": problem,
        "typed": request.POST if problem else {},
    }
    return render(request, "evidence/desk.html", context, status=status)
