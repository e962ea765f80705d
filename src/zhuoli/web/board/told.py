"""What was just ordered, and whether it can be taken back.

An order is taken back by the command that undoes it, given by the same post while nothing else has happened to the
case. Urging, supervising and escalating cannot be undone: somebody has been told.
"""

from __future__ import annotations

import msgspec
from django.http import HttpRequest
from django.urls import reverse

from zhuoli.core.case import events as e
from zhuoli.core.case.commands import Command, Leave, Release, Route
from zhuoli.core.case.decide import decide
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.office import read
from zhuoli.office.access import Denied, require_sight
from zhuoli.office.errors import UnknownCase
from zhuoli.web import acts, cases, door
from zhuoli.web.board.decided import ORDERS
from zhuoli.web.context import asked
from zhuoli.web.wording import text


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One order that was carried out; ``undo_url`` is empty where it cannot be taken back."""

    what: Text
    about: Text
    url: str
    undo_url: str = ""
    key: str = ""
    seq: int = 0


def of_order(case: Case, actor: Actor, command: str, lang: str) -> Told:
    """Say what was done to a case by its last entry."""
    plan = door.plan_of(case)
    undone = taken_back(case, actor, case.seq) is not None
    return Told(
        what=text("board.undone") if command == "undo" else acts.done(command) or text("board.undone"),
        about=cases.subject(plan, case) or plan.scenario.title,
        url=reverse("desk.case", args=(lang, case.id)),
        undo_url=reverse("board.undo", args=(lang, case.id)) if undone and command != "undo" else "",
        key=acts.new_key() if undone else "",
        seq=case.seq,
    )


def of_request(request: HttpRequest) -> Told | None:
    """Return what the page before has ordered; only a case that the viewer may still see is named."""
    number, done = request.GET.get("case", ""), request.GET.get("done", "")
    if done not in (*ORDERS, "undo") or not (number.isascii() and number.isdigit() and len(number) < 20):
        return None
    page = asked(request)
    try:
        case = door.load(int(number))
        require_sight(page.viewer, case, door.directory())
    except (UnknownCase, Denied):
        return None
    return of_order(case, page.viewer.actor(), done, page.lang)


def taken_back(case: Case, actor: Actor, seq: int) -> Command | None:
    """Return the command that undoes entry ``seq``, if it is the last one, the actor's own, and may be undone."""
    if case.seq != seq:
        return None
    entries = read.history(case.id, after=seq - 1, until=seq)
    if not entries or entries[0].actor.post != actor.post:
        return None
    for event in entries[0].events:
        command = _opposite(event)
        if command is not None:
            try:
                decide(door.plan_of(case), case, command, door.facts(actor))
            except Refusal:
                return None
            return command
    return None


def _opposite(event: object) -> Command | None:
    reason = text("board.undo_reason").zh
    if isinstance(event, e.Joined):
        return Leave(unit=event.unit, reason=reason)
    if isinstance(event, e.Assigned) and event.post:
        return Release(task=event.item)
    if isinstance(event, e.Routed) and event.previous and event.unit:
        return Route(unit=event.previous, reason=reason)
    return None
