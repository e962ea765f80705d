"""Orders from the board: the form of one order, and its carrying out by the same door as everywhere."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from zhuoli.core.case.actions import Action
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import Case
from zhuoli.office.access import Denied, require_sight
from zhuoli.office.errors import Conflict, UnknownCase
from zhuoli.web import acting, acts, cases, door
from zhuoli.web.board import told as told_of
from zhuoli.web.board.decided import possible
from zhuoli.web.board.scope import Scope, scope_of
from zhuoli.web.board.words import unit_name
from zhuoli.web.context import asked
from zhuoli.web.errors import BadRequestPage, Problem, not_found
from zhuoli.web.wording import text


@require_http_methods(["GET", "HEAD", "POST"])
def order_page(request: HttpRequest, case: int, command: str) -> HttpResponse:
    """Show the form of an order, or carry it out."""
    scope = scope_of(request)
    state = _seen(scope, case)
    try:
        if request.method != "POST":
            return _form(request, scope, state, command, request.GET.get("task", "")[:200])
        failed = acting.perform(request, door.plan_of(state), state, scope.viewer.actor(), command)
        if failed is not None:
            return _form(
                request, scope, door.load(case), command, request.POST.get("_task", "")[:200], failed=failed
            )
    except BadRequestPage as gone:
        if not request.htmx:  # type: ignore[attr-defined]
            raise
        problem = Problem(text=gone.text, remedy=gone.remedy)
        return render(request, "board/order_gone.html", {"problem": problem}, status=gone.status)
    return _done(request, scope, door.load(case), command)


@require_POST
def undo_page(request: HttpRequest, case: int) -> HttpResponse:
    """Take back the last order, if nothing has happened to the case since."""
    scope = scope_of(request)
    state = _seen(scope, case)
    actor = scope.viewer.actor()
    seq = acting.read_seq(request)
    command = told_of.taken_back(state, actor, seq)
    try:
        if command is None:
            raise BadRequestPage(text("board.undo_late"), text("board.undo_late.remedy"), status=409)
        try:
            door.perform(
                key=acts.read_key(request.POST), case=case, actor=actor, command=command, expected_seq=seq
            )
        except (Refusal, Conflict) as no:
            raise BadRequestPage(no.text, text("board.undo_late.remedy"), status=409) from no
    except BadRequestPage as late:
        if not request.htmx:  # type: ignore[attr-defined]
            raise
        problem = Problem(text=late.text, remedy=late.remedy)
        return render(request, "board/order_gone.html", {"problem": problem}, status=late.status)
    return _done(request, scope, door.load(case), "undo")


def _seen(scope: Scope, case: int) -> Case:
    """Return a case that the viewer may see.

    Raises:
        Denied: the case is none of this unit's business.
        BadRequestPage: 404, there is no such case.
    """
    try:
        state = door.load(case)
    except UnknownCase as unknown:
        raise not_found(unknown.text) from None
    require_sight(scope.viewer, state, door.directory())
    return state


def _action(scope: Scope, state: Case, command: str, task: str) -> Action:
    for action in possible(scope, state):
        if action.command == command and (not task or action.task == task):
            return action
    raise BadRequestPage(text("error.act_gone"), text("error.act_gone.remedy"), status=409)


def _form(
    request: HttpRequest,
    scope: Scope,
    state: Case,
    command: str,
    task: str,
    *,
    failed: acting.Failed | None = None,
) -> HttpResponse:
    page = asked(request)
    plan = door.plan_of(state)
    action = _action(scope, state, command, task)
    address = reverse("board", args=(page.lang,)) + f"cases/{state.id}/"
    act = acting.shown_acts(
        [action], plan, state, scope.viewer.actor(), address, failed.tried if failed else None
    )[0]
    place = {"place": scope.place} if scope.place else {}
    context: dict[str, Any] = {
        "page": "board",
        "htmx": request.htmx,  # type: ignore[attr-defined]
        "act": act,
        "state": state,
        "url": act.url + (f"?{urlencode(place)}" if place else ""),
        "about": cases.subject(plan, state) or plan.scenario.title,
        "unit": unit_name(state.unit),
        "place": door.places().full_name(state.territory, skip=1),
        "problem": failed.problem if failed else None,
        "back_url": scope.url("board", page.lang, place=scope.place),
        "final": text(f"order_final.{command}"),
    }
    name = "board/order_form.html" if request.htmx else "board/order.html"  # type: ignore[attr-defined]
    return render(request, name, context, status=failed.status if failed else 200)


def _done(request: HttpRequest, scope: Scope, state: Case, command: str) -> HttpResponse:
    """Say that it is done: an open screen gets the words and asks for the rest, others get the page anew."""
    page = asked(request)
    try:
        require_sight(scope.viewer, state, door.directory())
        told: told_of.Told | None = told_of.of_order(state, scope.viewer.actor(), command, page.lang)
    except Denied:
        told = None
    if not request.htmx:  # type: ignore[attr-defined]
        query = {"done": command, "case": str(state.id), "place": scope.place}
        return redirect(scope.url("board", page.lang, **query))
    html = render_to_string("board/told.html", {"told": told, "swap": True}, request=request)
    response = HttpResponse(html)
    response.headers["HX-Trigger"] = "board-changed"
    return response
