"""The inbox of a post: queues with their clocks, one list, and the case that is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from zhuoli.office import inbox
from zhuoli.office.access import Viewer, permits, require_handler, require_opener, usual_channel
from zhuoli.office.receipts import read_receipt
from zhuoli.web import acting, acts, door, when
from zhuoli.web.context import asked
from zhuoli.web.desk import lists, numbers, pane, saved, undo
from zhuoli.web.desk.rows import Line, lines
from zhuoli.web.errors import bad_parameter
from zhuoli.web.portal.matters import grouped, matters, search
from zhuoli.web.wording import text


@require_safe
def inbox_page(request: HttpRequest) -> HttpResponse:
    """Show one queue, what goes wrong first at the top, and beside it the case that the address names.

    An htmx request gets the part that it names as its target: ``panes`` (queues, list and case), ``case``, or ``more``
    (the further rows of the list).
    """
    page = asked(request)
    viewer = page.viewer
    require_handler(viewer)
    state = lists.read(request.GET, viewer)
    number = _directly(viewer, state.narrowed.words)
    if number is not None:
        return _go(request, state.url(page.lang, words="", after="", case=number))
    part = "" if page.htmx.history_restore_request else page.htmx.target or ""
    if part == "case":
        return _case_only(request, state)
    if part == "more":
        context = listed(viewer, state, page.lang)
        return render(request, "desk/parts/rows.html", context)
    context = {**listed(viewer, state, page.lang), **beside(viewer, state, page.lang)}
    if state.case is not None:
        context |= pane.of_case(request, *pane.seen(request, state.case), state)
    said = acts.done(request.GET.get("done", ""))
    context["toast"] = undo.Toast(say=said) if said else None
    template = "desk/parts/panes.html" if part == "panes" else "desk/inbox.html"
    return render(request, template, context)


def _directly(viewer: Viewer, words: str) -> int | None:
    """Return the case that a receipt number, or the number of another system, leads straight to."""
    if not words:
        return None
    receipt = read_receipt(words)
    found = door.case_of_receipt(receipt) if receipt is not None else None
    return found if found is not None else numbers.find(viewer, words)


def beside(viewer: Viewer, state: lists.State, lang: str) -> dict[str, Any]:
    """Return what the pane of queues shows: queues, saved views, their counts."""
    views = saved.views(viewer)
    counts = inbox.counts(viewer, door.directory(), when.now(), [view.counted for view in views])
    return {
        "queues": [
            {
                "key": each,
                "count": counts.queues.get(each),
                "current": each == state.queue,
                "url": lists.State(queue=each).url(lang),
            }
            for each in inbox.queues(viewer)
        ],
        "views": [
            {
                "id": view.id,
                "name": view.name,
                "own": view.own,
                "shared": view.shared,
                "count": count,
                "current": state.choices == view.state.choices and not state.narrowed.words,
                "url": view.state.url(lang),
            }
            for view, count in zip(views, counts.views, strict=True)
        ],
    }


def listed(viewer: Viewer, state: lists.State, lang: str, only: Sequence[int] = ()) -> dict[str, Any]:
    """Return what the pane of the list shows: its rows, what it is narrowed to, what can be done with many at once.

    Raises:
        BadRequestPage: the cursor in the address is none.
    """
    now = when.now()
    try:
        found = inbox.page(
            viewer,
            door.directory(),
            state.queue,
            now=now,
            after=state.after,
            narrowed=state.narrowed,
            only=only,
        )
    except inbox.BadCursor:
        raise bad_parameter("after") from None
    posts = acting.post_options(viewer.unit)
    rows: list[Line] = lines(found.rows, state, viewer, now, lang, dict(posts))
    chips = lists.chips(state, lang)
    return {
        "page": "desk",
        "state": state,
        "queue": state.queue,
        "rows": rows,
        "more_url": state.url(lang, after=found.after) if found.after else "",
        "first_url": state.url(lang, after="") if state.after else "",
        "chips": chips,
        "clear_url": lists.State(queue=state.queue).url(lang),
        "boxes": lists.boxes(state, viewer),
        "choices": state.choices,
        "export_query": state.query(after="", case=None),
        "saveable": state.choices != lists.State(queue=state.queue).choices,
        "unit": door.directory().name(viewer.unit),
        "bulk": bulk_acts(viewer, state.queue),
        "bulk_posts": posts,
        "bulk_key": acts.new_key(),
        "showing": "case" if state.case is not None else "list",
    }


def bulk_acts(viewer: Viewer, queue: inbox.Queue) -> list[str]:
    """Return what a post may do with many rows of a queue at once."""
    fitting = ["claim", "assign", "release"] if queue in inbox.TASK_QUEUES else ["urge"]
    if queue in inbox.CASE_QUEUES:
        return []
    return [each for each in fitting if permits(viewer.actor(), each)]


def _case_only(request: HttpRequest, state: lists.State) -> HttpResponse:
    if state.case is None:
        return render(request, "desk/parts/no_case.html", {"state": state})
    context = pane.of_case(request, *pane.seen(request, state.case), state)
    return render(request, "desk/parts/case.html", context)


def _go(request: HttpRequest, url: str) -> HttpResponse:
    if not asked(request).htmx:
        return redirect(url)
    answer = HttpResponse(status=204)
    answer["HX-Redirect"] = url
    return answer


@require_safe
def new_page(request: HttpRequest) -> HttpResponse:
    """List what can be written down for a caller."""
    viewer = asked(request).viewer
    require_opener(viewer)
    q = request.GET.get("q", "").strip()[:200]
    found = matters(usual_channel(viewer))
    if q:
        found = search(q, found)
    context: dict[str, Any] = {"page": "new", "groups": grouped(found), "q": q, "title": text("desk.new")}
    return render(request, "desk/new.html", context)
