"""Raising a matter: the form of a scenario, on the portal by the person, on the desk for a caller."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from zhuoli.channels.attachments.examiner import LARGEST
from zhuoli.core.case.commands import File, Open
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.scenario.model import Urgency
from zhuoli.core.text import Text
from zhuoli.office.access import WRITTEN_DOWN, require_opener, usual_channel
from zhuoli.office.wishes import Wish, keep_wish
from zhuoli.web import acts, door, places, questions, uploads, viewers
from zhuoli.web.context import asked
from zhuoli.web.errors import Problem, for_fields, not_found
from zhuoli.web.picking import pick_of
from zhuoli.web.portal import answering, drafts, guess
from zhuoli.web.portal import urgent as spoken
from zhuoli.web.portal.matters import matter_of
from zhuoli.web.quota import at_most
from zhuoli.web.wording import text


class Filled(msgspec.Struct, kw_only=True):
    """A form as it is shown: what is in it, and what is wrong with it."""

    key: str
    answers: dict[str, Any] = {}
    files: tuple[File, ...] = ()
    step: str = ""
    draft: str = ""
    problem: Problem | None = None
    mistakes: dict[str, Text] = {}
    urgent: list[Urgency] = []
    status: int = 200


@require_http_methods(["GET", "HEAD", "POST"])
def intake_page(request: HttpRequest, scenario: str) -> HttpResponse:
    """Show the form to the person who raises the matter, and take it."""
    plan = _plan(scenario)
    back = reverse("matter", args=(asked(request).lang, scenario))
    return _intake(request, plan, _channel(request, plan), None, back)


def whom(plan: Plan) -> tuple[str, ...]:
    """Return for whom a matter can be raised on the portal: for oneself, as a guardian, by proxy."""
    scenario = plan.scenario
    found = ["web"]
    if "guardian" in scenario.channels and "guardian" in scenario.parties:
        found.append("guardian")
    if "proxy" in scenario.channels:
        found.append("proxy")
    return tuple(found)


@require_http_methods(["GET", "HEAD", "POST"])
def caller_page(request: HttpRequest, scenario: str) -> HttpResponse:
    """Show the same form to the dispatcher who speaks with a caller."""
    viewer = asked(request).viewer
    actor = require_opener(viewer)
    channel = request.GET.get("channel") or usual_channel(viewer)
    plan = door.plan(scenario)
    if channel not in WRITTEN_DOWN or channel not in plan.scenario.channels:
        raise not_found(text("error.no_channel"))
    require_opener(viewer, channel)
    back = reverse("desk.new", args=(asked(request).lang,))
    return _intake(request, plan, channel, actor, back)


@require_POST
@at_most(600)
def check_page(request: HttpRequest, scenario: str) -> HttpResponse:
    """Say what is wrong with one answer while the form is filled in; nothing is kept.

    An answer that is still empty is only wrong when one wants to go on (``_strict``).
    """
    plan = _plan(scenario)
    channel = _channel(request, plan)
    form, name = plan.forms["form"], request.POST.get("_question", "")
    taken = uploads.take(request, form)
    answers = _answers(plan, channel, request, taken.files)
    wrong = answering.mistakes(plan, channel, answers, taken.files, acts.read_key(request.POST)).get(name)
    if name not in answers and "_strict" not in request.POST:
        wrong = None
    question = form.questions[name].question if name in form.questions else None
    said = answers.get(name) if question is not None and question.type in ("text", "long_text") else None
    lang = asked(request).lang
    return JsonResponse(
        {
            "wrong": wrong.in_language(lang) if wrong else "",
            "call": [
                {
                    "number": row.call,
                    "text": text(f"urgent.{row.kind}").in_language(lang),
                }
                for row in (spoken.urgent(said) if isinstance(said, str) else [])
            ]
            + [
                {"number": [each.call], "text": each.message.in_language(lang)}
                for each in answering.urgencies_of(plan, answers, channel, name)
            ],
        }
    )


@require_POST
def files_page(request: HttpRequest, scenario: str) -> HttpResponse:
    """Take one or several files of a question while the form is filled in, with the checks of the whole form."""
    plan = _plan(scenario)
    taken = uploads.take(request, plan.forms["form"])
    lang = asked(request).lang
    if taken.problem is not None:
        wrong = [why.in_language(lang) for _, _, why in taken.problem.links]
        return JsonResponse({"wrong": wrong or [taken.problem.text.in_language(lang)]}, status=422)
    kept = len(request.POST.getlist("_file"))
    new = list(zip(taken.files, taken.tokens, strict=True))[kept:]
    return JsonResponse(
        {"files": [{"name": file.name, "size": file.size, "token": token} for file, token in new]}
    )


def _plan(scenario: str) -> Plan:
    plan = door.plan(scenario)
    if "web" not in plan.scenario.channels:
        raise not_found(text("error.no_matter"))
    return plan


def _channel(request: HttpRequest, plan: Plan) -> str:
    channel = request.GET.get("for", "web")
    if channel not in whom(plan):
        raise not_found(text("error.no_channel"))
    return channel


def _intake(request: HttpRequest, plan: Plan, channel: str, actor: Actor | None, back: str) -> HttpResponse:
    if request.method == "POST":
        done = _take(request, plan, channel, actor)
        if isinstance(done, HttpResponse):
            return done
        filled = done
    else:
        filled = _begin(request, plan, actor)
    return _show(request, plan, channel, actor, back, filled)


def _begin(request: HttpRequest, plan: Plan, actor: Actor | None) -> Filled:
    """Return an empty form, or the draft that the address names."""
    draft = request.GET.get("draft", "")
    if not draft or actor is not None:
        return Filled(key=acts.new_key())
    saved, files = drafts.resumed(request, plan.scenario.scenario, draft)
    return Filled(key=saved.form, answers=saved.answers, files=files, step=saved.step, draft=draft)


def _take(request: HttpRequest, plan: Plan, channel: str, actor: Actor | None) -> Filled | HttpResponse:
    """Do what a form asks for: open the case, keep a draft, or show the form again with what is in it."""
    form = plan.forms["form"]
    said = request.POST.get("_said", "").strip()
    if said:
        return Filled(key=acts.new_key(), answers=guess.guesses(plan, said))
    taken = uploads.take(request, form)
    files = tuple(file for file in taken.files if file.file != request.POST.get("_drop"))
    key = request.POST.get("_key", "")
    filled = Filled(
        key=key,
        answers=questions.read(form, request.POST),
        files=files,
        step=request.POST.get("_step", "")[:100],
        draft=request.GET.get("draft", ""),
    )
    if taken.problem is not None:
        filled.problem, filled.status = taken.problem, 422
        return filled
    if "_save" in request.POST and actor is None:
        return _save(request, plan, filled)
    if "_again" in request.POST or "_drop" in request.POST:
        return filled
    filled.answers = _answers(plan, channel, request, files)
    filled.urgent = answering.urgencies(plan, filled.answers, channel)
    if filled.urgent and request.POST.get("_urgent") != "seen":
        return filled
    try:
        return _open(request, plan, channel, actor, filled)
    except Refusal as refusal:
        filled.status, filled.mistakes = 422, dict(refusal.fields)
        shown = questions.relevant(form, filled.answers, answering.known(channel), files)
        titles = {name: each.question.title for name, each in form.questions.items()}
        filled.problem = Problem(
            text=refusal.text,
            remedy=refusal.remedy,
            links=for_fields(refusal.fields, titles, questions.PREFIX, shown),
        )
        return filled


def _answers(plan: Plan, channel: str, request: HttpRequest, files: tuple[File, ...]) -> dict[str, Any]:
    """Return the answers to what is asked; a place that was left open follows from a point that was given."""
    form = plan.forms["form"]
    answers = questions.given(form, request.POST, answering.known(channel), files)
    return places.from_point(form, answers)


def _save(request: HttpRequest, plan: Plan, filled: Filled) -> HttpResponse:
    """Keep a draft for somebody without script, and show it again."""
    held, scenario = drafts.Held(request), plan.scenario.scenario
    draft = drafts.keep(held, request, scenario, filled.answers, filled.files)
    here = reverse("intake", args=(asked(request).lang, scenario))
    given = urlencode({"for": request.GET["for"]} if "for" in request.GET else {})
    response = redirect(
        f"{here}?draft={draft}&{given}".rstrip("&") if draft else f"{here}?{given}".rstrip("?")
    )
    held.write(response)
    return response


def _open(
    request: HttpRequest, plan: Plan, channel: str, actor: Actor | None, filled: Filled
) -> HttpResponse:
    key = acts.read_key(request.POST)
    parties = answering.parties(plan, filled.answers, key, channel)
    opened = door.open_case(
        key=key,
        scenario=plan.scenario.scenario,
        actor=actor or Actor(kind="party", party=parties.get(channel) or parties.get("requester", "")),
        command=Open(
            receipt="", channel=channel, parties=parties, answers=filled.answers, files=filled.files
        ),
    )
    lang = asked(request).lang
    if actor is not None:
        viewers.remember_told(request, opened.receipt, opened.case)
        return redirect("desk.receipt", lang, opened.receipt)
    viewers.remember_receipt(request, opened.receipt, opened.case)
    keep_wish(door.office(), opened.case, parties.get("requester", ""), Wish(lang))
    response = redirect("receipt", lang, opened.receipt)
    held = drafts.Held(request)
    if held.tokens:
        held.drop_form(key)
        held.write(response)
    return response


def _show(
    request: HttpRequest, plan: Plan, channel: str, actor: Actor | None, back: str, filled: Filled
) -> HttpResponse:
    form, scenario = plan.forms["form"], plan.scenario.scenario
    fields = questions.fields(
        form,
        filled.answers,
        answering.known(channel),
        levels=places.levels,
        mistakes=filled.mistakes,
        files=filled.files,
        pick=pick_of(plan, "form", filled.answers),
    )
    context = {
        "page": "matters" if actor is None else "new",
        "matter": matter_of(plan.scenario),
        "form_title": form.form.title,
        "fields": fields,
        "more": any(field.controls for field in fields),
        "problem": filled.problem,
        "urgent": filled.urgent,
        "tokens": {file.file: uploads.token(file) for file in filled.files},
        "key": filled.key or acts.new_key(),
        "step": filled.step,
        "draft": filled.draft,
        "back": back,
        "here": request.get_full_path(),
        "caller": actor is not None,
        "for_whom": channel,
        "whom": whom(plan) if actor is None else (),
        "begun": [] if actor or filled.draft or filled.answers else drafts.shown(request, scenario),
        "own": drafts.Held(request).own,
        "limit": LARGEST // 1024 // 1024,
        "most": uploads.MOST,
        "tiles": settings.ENVIRONMENT.tiles,
        "tiles_credit": settings.ENVIRONMENT.tiles_credit,
    }
    return render(request, "portal/intake.html", context, status=filled.status)
