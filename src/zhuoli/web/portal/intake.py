"""Raising a matter: the form of a scenario, on the portal by the person, on the desk for a caller."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from zhuoli.core.case.commands import Open
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.feel import MissingAnswer
from zhuoli.core.feel.errors import RunError
from zhuoli.core.scenario.model import Urgency
from zhuoli.core.worktime import local
from zhuoli.office.access import WRITTEN_DOWN, require_opener, usual_channel
from zhuoli.office.wishes import Wish, keep_wish
from zhuoli.web import acts, door, places, questions, uploads, viewers, when
from zhuoli.web.context import asked
from zhuoli.web.errors import Problem, for_fields, not_found
from zhuoli.web.portal.matters import matter_of
from zhuoli.web.wording import text


@require_http_methods(["GET", "HEAD", "POST"])
def intake_page(request: HttpRequest, scenario: str) -> HttpResponse:
    """Show the form to the person who raises the matter, and take it."""
    plan = door.plan(scenario)
    if "web" not in plan.scenario.channels:
        raise not_found(text("error.no_matter"))
    channel = request.GET.get("for", "web")
    if channel not in whom(plan):
        raise not_found(text("error.no_channel"))
    back = reverse("matter", args=(asked(request).lang, scenario))
    return _intake(request, plan, channel, None, back)


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


def _intake(request: HttpRequest, plan: Plan, channel: str, actor: Actor | None, back: str) -> HttpResponse:
    form = plan.forms["form"]
    known = _known(channel)
    answers: dict[str, Any] = {}
    taken = uploads.NOTHING
    problem: Problem | None = None
    mistakes: dict[str, Any] = {}
    urgent: list[Urgency] = []
    status = 200
    if request.method == "POST":
        answers = questions.read(form, request.POST)
        said = request.POST.get("_said", "").strip()
        if said:
            answers = _said(plan, said)
        taken = uploads.take(request, form)
        if taken.problem is not None:
            problem, status = taken.problem, 422
        elif "_again" not in request.POST:
            answers = questions.given(form, request.POST, known, taken.files)
            urgent = _urgent(plan, answers, known)
            if not urgent or request.POST.get("_urgent") == "seen":
                try:
                    return _open(request, plan, channel, actor, answers, taken)
                except Refusal as refusal:
                    status, mistakes = 422, refusal.fields
                    shown = questions.relevant(form, answers, known, taken.files)
                    titles = {name: asked_.question.title for name, asked_ in form.questions.items()}
                    problem = Problem(
                        text=refusal.text,
                        remedy=refusal.remedy,
                        links=for_fields(refusal.fields, titles, questions.PREFIX, shown),
                    )
    fields = questions.fields(
        form, answers, known, levels=places.levels, mistakes=mistakes, files=taken.files
    )
    context = {
        "page": "matters",
        "matter": matter_of(plan.scenario),
        "form_title": form.form.title,
        "fields": fields,
        "more": any(field.controls for field in fields),
        "problem": problem,
        "urgent": urgent,
        "kept": taken.tokens,
        "key": request.POST.get("_key") or acts.new_key(),
        "back": back,
        "caller": actor is not None,
        "for_whom": channel,
        "whom": whom(plan) if actor is None else (),
    }
    return render(request, "portal/intake.html", context, status=status)


def _open(
    request: HttpRequest,
    plan: Plan,
    channel: str,
    actor: Actor | None,
    answers: dict[str, Any],
    taken: uploads.Taken,
) -> HttpResponse:
    key = acts.read_key(request.POST)
    parties = _parties(plan, answers, key, channel)
    opened = door.open_case(
        key=key,
        scenario=plan.scenario.scenario,
        actor=actor or Actor(kind="party", party=parties.get(channel) or parties.get("requester", "")),
        command=Open(receipt="", channel=channel, parties=parties, answers=answers, files=taken.files),
    )
    lang = asked(request).lang
    if actor is not None:
        viewers.remember_told(request, opened.receipt, opened.case)
        return redirect("desk.receipt", lang, opened.receipt)
    viewers.remember_receipt(request, opened.receipt, opened.case)
    keep_wish(door.office(), opened.case, parties.get("requester", ""), Wish(lang))
    return redirect("receipt", lang, opened.receipt)


def _parties(plan: Plan, answers: dict[str, Any], key: str, channel: str) -> dict[str, str]:
    """Return an id for each role that this matter needs: the required ones and those who are told of.

    The ids follow from the form's key, so that the same form sent twice is the same request.
    """
    form = plan.forms["form"]
    roles = {role for role, party in plan.scenario.parties.items() if party.required}
    roles |= {form.questions[name].question.personal for name in answers}
    roles.discard("")
    if channel in ("guardian", "proxy"):
        roles.add(channel)
    if "requester" in plan.scenario.parties or plan.scenario.confirmation.by == "requester":
        roles.add("requester")
    return {role: uuid.uuid5(uuid.UUID(key), role).hex for role in sorted(roles)}


def _known(channel: str) -> dict[str, Any]:
    today = local(when.now()).date().isoformat()
    return {
        "case.channel": channel,
        "case.priority": "normal",
        "case.reopenings": 0,
        "case.opened_date": today,
    }


def _urgent(plan: Plan, answers: dict[str, Any], known: dict[str, Any]) -> list[Urgency]:
    """Return the warnings for which a form is the wrong channel."""
    form = plan.forms["form"]
    values = {**known, **{form.questions[name].full: value for name, value in answers.items()}}
    found: list[Urgency] = []
    for condition, urgency in zip(plan.urgency, plan.scenario.urgency, strict=True):
        try:
            if condition.evaluate(values):
                found.append(urgency)
        except (MissingAnswer, RunError):
            continue
    return found


def _said(plan: Plan, said: str) -> dict[str, Any]:
    """Return what was said in the box as the answer to the first question that takes a story."""
    for name, asked_ in plan.forms["form"].questions.items():
        if asked_.question.type == "long_text" and not asked_.question.relevant:
            return {name: said}
    return {}
