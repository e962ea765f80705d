"""The inbox of a post: queues with their clocks, and one list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from zhuoli.core.case.plan import LOOP_TITLES
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.office import inbox
from zhuoli.office.access import Viewer, read_receipt, require_handler, require_opener, usual_channel
from zhuoli.office.search import SEARCHED, find_in
from zhuoli.web import acts, clocks, door, when
from zhuoli.web import lines as lines_of
from zhuoli.web.cases import answers
from zhuoli.web.context import asked
from zhuoli.web.desk import numbers
from zhuoli.web.errors import bad_parameter
from zhuoli.web.portal.matters import grouped, matters, search
from zhuoli.web.questions import significant
from zhuoli.web.wording import text


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One row as the template shows it."""

    case: int
    receipt: str
    title: Text
    task: Text | None
    place: Text | None
    unit: Text | None
    clock: clocks.Shown
    since: int
    priority: str
    urges: int
    reopenings: int
    level: int
    mine: bool
    status: str
    strip: SafeString
    subject: Text | None


@require_safe
def inbox_page(request: HttpRequest) -> HttpResponse:
    """Show one queue, what goes wrong first at the top."""
    page = asked(request)
    viewer = page.viewer
    require_handler(viewer)
    queues = inbox.queues(viewer)
    chosen = request.GET.get("queue", "all")
    queue = next((each for each in queues if each == chosen), None)
    if queue is None:
        raise bad_parameter("queue")
    q = request.GET.get("q", "").strip()[:100]
    receipt = read_receipt(q) if q else None
    if receipt is not None:
        number = door.case_of_receipt(receipt)
        if number is not None:
            return redirect("desk.case", page.lang, number)
    if q and (theirs := numbers.find(viewer, q)) is not None:
        return redirect("desk.case", page.lang, theirs)
    try:
        found = inbox.page(
            viewer,
            door.directory(),
            queue,
            after=request.GET.get("after", "")[:300],
            narrowed=_narrowed(viewer, queue, q),
        )
    except inbox.BadCursor:
        raise bad_parameter("after") from None
    now = when.now()
    counts = inbox.counts(viewer, now)
    base = reverse("desk", args=(page.lang,))
    context: dict[str, Any] = {
        "page": "desk",
        "queues": [
            {"key": each, "count": counts.get(each), "current": each == queue, "url": f"{base}?queue={each}"}
            for each in queues
        ],
        "queue": queue,
        "rows": lines(found.rows, viewer.post, now, page.lang),
        "more_url": f"{base}?" + urlencode({"queue": queue, "q": q, "after": found.after})
        if found.after
        else "",
        "first_url": f"{base}?" + urlencode({"queue": queue, "q": q}) if request.GET.get("after") else "",
        "q": q,
        "done": acts.done(request.GET.get("done", "")),
        "unit": door.directory().name(viewer.unit),
    }
    return render(request, "desk/inbox.html", context)


def _narrowed(viewer: Viewer, queue: inbox.Queue, q: str) -> inbox.Filter:
    """Read a few words as the name of a place, else look for them in the plain words of the queue's cases."""
    if not q:
        return inbox.Filter()
    places = door.places().search(q, limit=1)
    if places and q in (places[0].name_zh, places[0].name_en):
        return inbox.Filter(place=significant(places[0].code))
    cases = inbox.cases_of(viewer, door.directory(), queue, SEARCHED)
    return inbox.Filter(cases=find_in(cases, q, _words_of))


def _words_of(case: Case) -> Iterable[str]:
    plan = door.plan_of(case)
    place = door.places().full_name(case.territory, skip=0)
    told = [plan.scenario.title, *(each.value for each in answers(plan, case, directory=door.directory()))]
    for each in (*told, place):
        if each is not None:
            yield each.zh
            yield each.en


def lines(rows: Iterable[inbox.Row], post: str, now: int, language: str) -> list[Line]:
    """Return rows with their names: what, where, which task, whose."""
    library, directory, places = door.office().library, door.directory(), door.places()
    found: list[Line] = []
    rows = list(rows)
    plans = {row.case: library.pinned(row.version, row.scenario) for row in rows}
    seen = lines_of.rows(plans.items(), directory, language)
    for row in rows:
        plan = plans[row.case]
        name = row.item.partition(":")[0]
        task = plan.title(row.item) if row.item else None
        if name in LOOP_TITLES:
            task = LOOP_TITLES[name]
        found.append(
            Line(
                case=row.case,
                receipt=row.receipt,
                title=plan.scenario.title,
                task=task,
                place=places.full_name(row.territory, skip=1),
                unit=directory.name(row.unit) if row.unit else None,
                clock=clocks.shown(row.due, row.promised, row.stopped, row.since, now),
                since=row.opened,
                priority=row.priority,
                urges=row.urges,
                reopenings=row.reopenings,
                level=row.level,
                mine=bool(row.post) and row.post == post,
                status=row.status,
                strip=seen[row.case].strip if row.case in seen else SafeString(""),
                subject=seen[row.case].subject if row.case in seen else None,
            )
        )
    return found


@require_safe
def new_page(request: HttpRequest) -> HttpResponse:
    """List what can be written down for a caller."""
    viewer = asked(request).viewer
    require_opener(viewer)
    q = request.GET.get("q", "").strip()[:200]
    found = matters(usual_channel(viewer))
    if q:
        found = search(q, found)
    context = {"page": "new", "groups": grouped(found), "q": q, "title": text("desk.new")}
    return render(request, "desk/new.html", context)
