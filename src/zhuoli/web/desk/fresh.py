"""What an htmx request gets after an act: only what has changed, never the list again.

The answer carries the case (or the result of many), the pane of queues with its new counts, a note with the way back,
and each row as it is now. A row that no longer belongs to the list is named as gone; the page's script takes it out and
goes to the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhuoli.core.case.facts import Actor
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.office.access import Denied, require_sight
from zhuoli.web import acts, door
from zhuoli.web.context import asked
from zhuoli.web.desk import inbox, lists, pane, undo
from zhuoli.web.errors import bad_parameter


def beside(request: HttpRequest) -> lists.State | None:
    """Return the list beside which the case is open; None when the case has the page for itself."""
    page = asked(request)
    if page.htmx.target != "case":
        return None
    return lists.of_address(page.htmx.current_url, page.viewer)


def shown_case(request: HttpRequest, case: int) -> int:
    """Return the case that stays on the screen: an act may be on another one than that which is shown (``_from``).

    Raises:
        BadRequestPage: ``_from`` is no number of a case.
    """
    raw = request.POST.get("_from", "")
    if not raw:
        return case
    if not (raw.isascii() and raw.isdigit() and int(raw) < 1 << 63):
        raise bad_parameter("_from")
    return int(raw)


def after_act(
    request: HttpRequest, state: lists.State, case: int, actor: Actor, command: str, task: str
) -> HttpResponse:
    """Answer an act in the case pane: the case as it is now, or that it is no longer ours to see.

    The act may have been on another case than the one that is shown; the rows of both are brought up to date, and of
    the one that it was merged into.
    """
    page = asked(request)
    done = door.load(case)
    number = shown_case(request, case)
    found = done if number == case else door.load(number)
    touched = [number, case, *([done.merged_into] if done.merged_into is not None else [])]
    context = changed(request, state, touched)
    try:
        require_sight(page.viewer, found, door.directory())
    except Denied:
        context |= {"passed_on": True, "toast": undo.Toast(say=acts.done(command) or Text("", ""))}
    else:
        context |= pane.of_case(request, found, actor, state)
        context["toast"] = undo.toast(request, done, actor, command, task, page.lang, shown=number)
    return render(request, "desk/after.html", context)


def after_note(request: HttpRequest, state: lists.State, case: Case, actor: Actor, say: Text) -> HttpResponse:
    """Answer what was noted beside a case: the case as it is now, and that it was noted."""
    context = changed(request, state, [case.id]) | pane.of_case(request, case, actor, state)
    return render(request, "desk/after.html", {**context, "toast": undo.Toast(say=say)})


def after_bulk(request: HttpRequest, state: lists.State, result: Any, cases: Sequence[int]) -> HttpResponse:
    """Answer a bulk act: what became of each row."""
    context = {**changed(request, state, cases), "result": result, "bulk_key": acts.new_key()}
    return render(request, "desk/after_bulk.html", context)


def note(request: HttpRequest, what: Text, remedy: Text, status: int) -> HttpResponse:
    """Answer that nothing was done, and why."""
    return render(request, "desk/note.html", {"what": what, "remedy": remedy}, status=status)


def changed(request: HttpRequest, state: lists.State, cases: Sequence[int]) -> dict[str, Any]:
    """Return the pane of queues and the rows of some cases as they are now, and which of them are gone."""
    page = asked(request)
    listed = inbox.listed(page.viewer, state, page.lang, only=tuple(dict.fromkeys(cases)))
    here = {row.case for row in listed["rows"]}
    return {
        **listed,
        **inbox.beside(page.viewer, state, page.lang),
        "gone": [case for case in dict.fromkeys(cases) if case not in here],
    }
