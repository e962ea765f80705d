"""My matters: everything that this session has opened with its receipts, and the forms that were begun on this device."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.store.codec import decode_state
from zhuoli.store.models import StateRecord
from zhuoli.web import cases, clocks, door, lines
from zhuoli.web.context import asked
from zhuoli.web.portal import drafts


class Mine(msgspec.Struct, frozen=True, kw_only=True):
    """One of one's own matters in a list: what, where it stands, who has it, and whether it waits for oneself."""

    receipt: str
    title: Text
    subject: Text | None
    status: str
    ended: int | None
    opened: int
    now: cases.Now
    promise: clocks.Promise | None
    strip: SafeString | None
    turn: bool


@require_safe
def mine_page(request: HttpRequest) -> HttpResponse:
    """List one's own matters, what waits for oneself first, and the begun forms."""
    context: dict[str, Any] = {
        "page": "check",
        "mine": mine(request),
        "here": request.path,
        "begun": drafts.shown(request),
        "own": drafts.Held(request).own,
    }
    return render(request, "portal/mine.html", context)


def mine(request: HttpRequest) -> list[Mine]:
    """Return the matters that this session holds; two statements."""
    page = asked(request)
    held = page.viewer.receipts
    if not held:
        return []
    directory, calendar = door.directory(), door.calendar()
    states = StateRecord.objects.filter(case_id__in=held.values()).values_list("case_id", "state")
    found: list[tuple[Case, Any]] = []
    for _, state in states:
        case = decode_state(state)
        found.append((case, door.plan_of(case)))
    strips = lines.rows(((case.id, plan) for case, plan in found), directory, page.lang)
    listed = [
        Mine(
            receipt=case.receipt,
            title=plan.scenario.title,
            subject=cases.subject(plan, case),
            status=case.status,
            ended=case.ended,
            opened=case.opened,
            now=cases.now(plan, case, directory, case.parties.get("requester", "")),
            promise=clocks.promise(case, calendar),
            strip=strips[case.id].strip if case.id in strips else None,
            turn=_my_turn(case),
        )
        for case, plan in found
    ]
    return sorted(listed, key=lambda each: (not each.turn, -each.opened))


def _my_turn(case: Case) -> bool:
    """Whether the person is asked for something: to supply, to say how it ended, or to do a task of the matter."""
    active = {name for name, item in case.items.items() if item.state == "active"}
    if "loop.supplement" in active or "loop.confirm" in active:
        return True
    return bool(cases.asked_of(case, case.parties.get("requester", "")))
