"""What needs a decision, in words, each with the orders that may be given."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
from django.urls import reverse

from zhuoli.core.case.actions import Action
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.office import board
from zhuoli.store.codec import decode_state
from zhuoli.store.models import StateRecord
from zhuoli.web import acting, cases, door
from zhuoli.web.board.scope import Scope
from zhuoli.web.board.words import sentence, unit_name
from zhuoli.web.wording import text

SHOWN = 12
"""So many are on the screen; all of them are one page further."""
ORDERS = ("triage", "assign", "supervise", "urge", "join", "route", "escalate")
"""Commands that a board can give; everything else is done on the case's own page."""
_FIRST = {
    "untriaged": "triage",
    "statutory": "supervise",
    "promised": "supervise",
    "unaccepted": "urge",
    "urgent": "urge",
    "escalated": "supervise",
    "unanswered": "escalate",
    "unsigned": "urge",
    "soon": "urge",
    "urged": "urge",
}
"""The order that fits best to each reason."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One order that may be given: its name, the address of its form, and whether it is the obvious one."""

    command: str
    title: Text
    url: str
    first: bool


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One case that needs a decision, as the template shows it."""

    case: int
    title: Text
    place: Text | None
    unit: Text
    colour: str
    weight: int
    urgent: bool
    why: Text
    url: str
    orders: tuple[Order, ...]


def listed(scope: Scope, decided: board.Decisions, now: int, lang: str) -> dict[str, Any]:
    """Return what the list of decisions shows, in one statement."""
    shown = decided.found[:SHOWN]
    states = dict(
        StateRecord.objects.filter(case_id__in=[each.case for each in shown]).values_list("case_id", "state")
    )
    lines = [
        _line(scope, each, decode_state(states[each.case]), now, lang)
        for each in shown
        if each.case in states
    ]
    return {
        "lines": lines,
        "found": len(decided.found),
        "waiting": decided.waiting,
        "more": decided.more,
        "left": len(decided.found) - len(lines),
        "decide_url": scope.url("board.matters", lang, place=scope.place, need="decision"),
    }


def _line(scope: Scope, each: board.Decision, state: Case, now: int, lang: str) -> Line:
    plan = door.plan_of(state)
    # What everybody knows is left out: of the province's cases the county is told, of a city's the street or town.
    skip, digits = {2: (1, 6), 4: (2, 9), 6: (3, 9)}.get(len(scope.within), (4, 12))
    return Line(
        case=each.case,
        title=cases.subject(plan, state) or plan.scenario.title,
        place=door.places().full_name(each.territory[:digits].ljust(12, "0"), skip=skip),
        unit=unit_name(each.unit),
        colour=each.colour,
        weight=each.weight,
        urgent=each.priority == "urgent",
        why=sentence(each.reasons, now),
        url=reverse("desk.case", args=(lang, each.case)),
        orders=orders(scope, state, each.reasons[0].why, lang),
    )


def orders(scope: Scope, state: Case, why: str, lang: str) -> tuple[Order, ...]:
    """Return the orders that the viewer may give now, the obvious one first."""
    found = possible(scope, state)
    obvious = _FIRST.get(why, "urge")
    if not any(action.command == obvious for action in found):
        obvious = found[0].command if found else ""
    found.sort(key=lambda action: (action.command != obvious, ORDERS.index(action.command)))
    return tuple(
        Order(
            command=action.command,
            title=text(f"order.{action.command}"),
            url=order_url(scope, state.id, action, lang),
            first=number == 0,
        )
        for number, action in enumerate(found)
    )


def possible(scope: Scope, state: Case) -> list[Action]:
    """Return the core's actions that are orders, one of each; a task is assigned one at a time."""
    found: dict[str, Action] = {}
    for action in acting.actions_of(door.plan_of(state), state, scope.viewer.actor()):
        if action.command in ORDERS and action.blocked is None:
            found.setdefault(action.command, action)
    return list(found.values())


def order_url(scope: Scope, case: int, action: Action, lang: str) -> str:
    """Return the address of an order's form."""
    address = reverse("board.order", args=(lang, case, action.command))
    query = {"task": action.task, "place": scope.place}
    told = {key: value for key, value in query.items() if value}
    return address + (f"?{urlencode(told)}" if told else "")
