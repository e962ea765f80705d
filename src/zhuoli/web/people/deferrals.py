"""Asking on the desk that looks are told later, and deciding on it."""

from __future__ import annotations

import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from zhuoli.core.case.facts import Actor
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_of, local
from zhuoli.office import deferrals
from zhuoli.office.access import require_deferrer, require_look
from zhuoli.office.acts import By
from zhuoli.office.errors import OfficeError
from zhuoli.web import door, when
from zhuoli.web.context import asked
from zhuoli.web.desk.pane import seen
from zhuoli.web.errors import Problem
from zhuoli.web.wording import maybe, text

DONE = {"approve": "approved", "refuse": "refused", "end": "ended"}
"""What a page says after a decision."""


@require_http_methods(["GET", "HEAD", "POST"])
def deferrals_page(request: HttpRequest, case: int) -> HttpResponse:
    """Show the deferrals of a case, and take a request for another."""
    found, actor = seen(request, case)
    require_look(asked(request).viewer)
    if request.method != "POST":
        return _show(request, found, actor)
    require_deferrer(asked(request).viewer)
    given = {name: request.POST.get(name, "").strip()[:500] for name in ("role", "ground", "reason", "until")}
    try:
        until = _end_of(given["until"])
        deferrals.ask(
            found, actor, _by(request), given["role"], given["ground"], given["reason"], until, when.now()
        )
    except OfficeError as error:
        return _show(request, found, actor, Problem(text=error.text, remedy=error.remedy), given)
    return redirect(reverse("desk.deferrals", args=(asked(request).lang, case)) + "?done=asked#main")


@require_POST
def decide_page(request: HttpRequest, case: int, act: int) -> HttpResponse:
    """Approve or refuse a deferral, or end one before its date."""
    found, actor = seen(request, case)
    require_look(asked(request).viewer)
    decision, now, by = request.POST.get("decision", ""), when.now(), _by(request)
    try:
        if decision == "end":
            reason = request.POST.get("reason", "")[:500]
            deferrals.end(found, act, actor, by, door.directory(), reason=reason, now=now)
        elif decision in ("approve", "refuse"):
            approve = decision == "approve"
            deferrals.decide(found, act, actor, by, door.directory(), approve=approve, now=now)
        else:
            return _show(request, found, actor, Problem(text=text("ask.incomplete")))
    except OfficeError as error:
        return _show(request, found, actor, Problem(text=error.text, remedy=error.remedy))
    return redirect(
        reverse("desk.deferrals", args=(asked(request).lang, case)) + f"?done={DONE[decision]}#main"
    )


def party_title(case: Case, party: str) -> Text:
    """Return what a party is in a case, in the scenario's words."""
    role = next((role for role, each in case.parties.items() if each == party), "requester")
    return role_title(case, role)


def role_title(case: Case, role: str) -> Text:
    """Return the title of a party role, in the scenario's words or ours."""
    known = door.plan_of(case).scenario.parties.get(role)
    return known.title if known else maybe(f"party.{role}") or Text(role, role)


def _end_of(day: str) -> int:
    """Return the end of a day (ms UTC).

    Raises:
        OfficeError: it is no date.
    """
    try:
        wanted = datetime.date.fromisoformat(day) + datetime.timedelta(days=1)
    except (ValueError, OverflowError):
        raise OfficeError("no_date", text("deferral.no_date"), text("deferral.no_date.remedy")) from None
    start = local(when.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    return instant_of(start.replace(year=wanted.year, month=wanted.month, day=wanted.day))


def _by(request: HttpRequest) -> By:
    name = request.user.get_username() if request.user.is_authenticated else ""
    return By(name, asked(request).viewer.post)


def _show(
    request: HttpRequest,
    case: Case,
    actor: Actor,
    problem: Problem | None = None,
    given: dict[str, str] | None = None,
) -> HttpResponse:
    directory, now = door.directory(), when.now()
    shown = [
        {
            "it": each,
            "unit": directory.name(each.unit),
            "party": party_title(case, each.party),
            "approver": directory.name(each.approver) if each.approver else None,
            "mine": each.state in ("asked", "approved") and deferrals.may_decide(each, actor, directory),
            "ended_by": directory.name(each.ended_by) if each.ended_by else None,
        }
        for each in reversed(deferrals.of_case(case.id, now))
    ]
    latest = local(now + deferrals.LONGEST - deferrals.DAY).date().isoformat()
    done = request.GET.get("done", "")
    context = {
        "page": "desk",
        "case": case,
        "title": door.plan_of(case).scenario.title,
        "deferrals": shown,
        "roles": [(role, role_title(case, role)) for role in case.parties],
        "days": deferrals.LONGEST // deferrals.DAY,
        "latest": latest,
        "given": given or {},
        "problem": problem,
        "done": text(f"deferral_done.{done}") if done in ("asked", *DONE.values()) else None,
    }
    return render(request, "people/deferrals.html", context, status=422 if problem else 200)
