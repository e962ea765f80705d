"""Doing something with a case on the desk: acts, a new secret, files; and its page of its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from zhuoli.core.case.commands import Note
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import Case
from zhuoli.office import read
from zhuoli.office.access import Denied, require_look, require_renewal, require_sight
from zhuoli.office.errors import OfficeError
from zhuoli.web import acting, acts, door, files
from zhuoli.web.context import asked
from zhuoli.web.desk import fresh, pane, undo
from zhuoli.web.desk.pane import seen
from zhuoli.web.errors import BadRequestPage, Problem, error_page
from zhuoli.web.portal.receipts import show_receipt
from zhuoli.web.wording import text


@require_safe
def case_page(request: HttpRequest, case: int) -> HttpResponse:
    """Show a case to a post that may see it."""
    found, actor = seen(request, case)
    return _show(request, found, actor)


@require_POST
def act_page(request: HttpRequest, case: int, command: str) -> HttpResponse:
    """Do something with a case; in the pane beside the list only what has changed is answered."""
    found, actor = seen(request, case)
    plan = door.plan_of(found)
    state = fresh.beside(request)
    shown = fresh.shown_case(request, case)
    if shown != case:
        seen(request, shown)
    try:
        failed = acting.perform(request, plan, found, actor, command)
    except BadRequestPage as gone:
        if state is None or gone.status != 409:
            raise
        # Somebody else was faster: the case is shown as it is now, and why this cannot be done any more.
        return _show(
            request, door.load(shown), actor, problem=Problem(text=gone.text, remedy=gone.remedy), status=409
        )
    if failed is not None and shown != case:
        # The form stood on another case, which has no place for what was typed: only why nothing was done is said.
        return _show(request, door.load(shown), actor, problem=failed.problem, status=failed.status)
    if failed is not None:
        return _show(request, door.load(case), actor, failed=failed)
    task = request.POST.get("_task", "")[:200]
    if state is not None:
        return fresh.after_act(request, state, case, actor, command, task)
    lang = asked(request).lang
    said = "?" + urlencode({"done": command, **({"task": task} if task else {})})
    try:
        require_sight(asked(request).viewer, door.load(shown), door.directory())
    except Denied:
        # Passed on: the case is no longer ours to see, and the inbox says what was done.
        return redirect(reverse("desk", args=(lang,)) + said)
    return redirect(reverse("desk.case", args=(lang, shown)) + said + "#main")


@require_POST
def renew_page(request: HttpRequest, case: int) -> HttpResponse:
    """Make a new secret for somebody who has lost theirs; who asked and how it was checked enters the ledger."""
    found, actor = seen(request, case)
    require_renewal(asked(request).viewer, found)
    checked = request.POST.get("checked", "").strip()[:500]
    if not checked:
        problem = Problem(
            text=text("ask.incomplete"), links=(("checked", text("renew.checked"), text("ask.missing")),)
        )
        return _show(request, found, actor, problem=problem, status=422)
    note = Note(text=text("renew.note", checked=checked).zh, audience="office")
    try:
        done = door.perform(
            key=acts.read_key(request.POST), case=case, actor=actor, command=note, expected_seq=None
        )
    except Refusal as refusal:
        return _show(
            request, found, actor, problem=Problem(text=refusal.text, remedy=refusal.remedy), status=422
        )
    if done is None or done.repeated:
        return redirect("desk.case", asked(request).lang, case)
    code = door.office().receipts.renew(found.receipt, door.office().clock())
    onward = reverse("desk.case", args=(asked(request).lang, case))
    return show_receipt(request, done.state, onward, caller=True, code=code)


@require_safe
def file_page(request: HttpRequest, case: int, file: str) -> HttpResponseBase:
    """Give a file of the case; that a post opened it is recorded as a look."""
    found, actor = seen(request, case)
    require_look(asked(request).viewer)
    attachment = files.attachment_of(found, file)
    opened = read.open_case(door.office(), case, actor)
    if attachment.by in found.parties.values():
        read.record_look(
            door.office(), case, attachment.by, (attachment.question or "file",), read.HANDLING, actor
        )
    return files.give_file(opened.state, file)


def _show(
    request: HttpRequest,
    sealed: Case,
    actor: Actor,
    *,
    failed: acting.Failed | None = None,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    state = fresh.beside(request)
    try:
        context = pane.of_case(request, sealed, actor, state, failed=failed, **shown)
    except OfficeError as error:
        return error_page(request, 422, error.text, error.remedy)
    if state is None:
        context["toast"] = undo.toast(
            request,
            sealed,
            actor,
            request.GET.get("done", ""),
            request.GET.get("task", "")[:200],
            asked(request).lang,
        )
    template = "desk/case.html" if state is None else "desk/parts/case.html"
    return render(request, template, context, status=failed.status if failed else status)
