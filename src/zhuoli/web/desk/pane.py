"""A case as the desk shows it, in the pane beside the list and on a page of its own.

What is asked of me, until when and why, what do we know, what was done, what may I do: in this order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from django.http import HttpRequest
from django.urls import reverse

from zhuoli.core.case.facts import Actor
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.names import EVIDENCE
from zhuoli.core.text import Text
from zhuoli.office import read
from zhuoli.office.access import require_handler, require_sight
from zhuoli.office.errors import UnknownCase
from zhuoli.office.grants import granted
from zhuoli.web import acting, acts, cases, clocks, door, files, lines, onward, viewers
from zhuoli.web.context import asked
from zhuoli.web.desk import casefile, compared, own, proposed
from zhuoli.web.desk.lists import State
from zhuoli.web.errors import Problem, not_found
from zhuoli.web.shared import told

RARE = (
    "record",
    "attach",
    "hold",
    "release_hold",
    "erase",
    "merge",
    "split",
    "escalate",
    "leave",
    "suspend",
    "extend",
    "release",
    "assign",
)
"""Acts that live in the menu of rare ones."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is asked of the viewer's unit: the task, its clock, why that date, and its own acts.

    ``first`` are those that answer it and need words or choices; they come before those of one button. ``proposed`` is what a table
    proposes.
    """

    name: str
    title: Text
    help: Text | None
    post: Text | None
    mine: bool
    clock: clocks.Shown
    why: tuple[Text, ...]
    first: tuple[acts.Act, ...]
    quick: tuple[acts.Act, ...]
    full: tuple[acts.Act, ...]
    proposed: proposed.Proposal | None = None


def seen(request: HttpRequest, case: int) -> tuple[Case, Actor]:
    """Return a case and the viewer's post as an actor.

    Raises:
        Denied: not signed in, or the case is none of this unit's business.
        BadRequestPage: 404, there is no such case.
    """
    viewer = asked(request).viewer
    actor = require_handler(viewer)
    try:
        found = door.load(case)
    except UnknownCase as unknown:
        raise not_found(unknown.text) from None
    require_sight(viewer, found, door.directory())
    return found, actor


def of_case(
    request: HttpRequest,
    sealed: Case,
    actor: Actor,
    state: State | None = None,
    *,
    failed: acting.Failed | None = None,
    problem: Problem | None = None,
) -> dict[str, Any]:
    """Return everything that the case pane shows; opening it is recorded as a look.

    ``state`` is the list beside it; None on a page of its own.
    """
    page = asked(request)
    plan, directory = door.plan_of(sealed), door.directory()
    opened = read.open_case(door.office(), sealed.id, actor)
    case = opened.state
    url = reverse("desk.case", args=(page.lang, case.id))
    posts = dict(acting.post_options(actor.unit))
    shown = acting.shown_acts(
        acting.actions_of(plan, sealed, actor), plan, sealed, actor, url, failed.tried if failed else None
    )
    shown = [act for act in shown if act.command != "refer"]  # it has a place of its own on the page
    decided = casefile.decisions(plan, opened.history)
    asked_now = [
        msgspec.structs.replace(each, proposed=proposed.proposal(plan, sealed, each.name, decided))
        for each in _asked(plan, sealed, actor, shown, posts)
    ]
    placed = {id(act) for each in asked_now for act in (*each.first, *each.quick, *each.full)}
    others = [act for act in shown if id(act) not in placed]
    common = [act for act in others if not (act.command in RARE or act.paper or act.blocked)]
    rare = [act for act in others if (act.command in RARE or act.paper) and not act.blocked]
    results = plan.scenario.closing.results
    phones = read.signature_phones(door.office(), sealed)
    both = compared.of(plan, case, directory)
    grant = granted(actor.roles)
    return {
        "page": "desk",
        "pane": state is not None,
        "back_url": state.url(page.lang, case=None)
        if state is not None
        else reverse("desk", args=(page.lang,)),
        "alone_url": url,
        "case": case,
        "title": plan.scenario.title,
        "subject": cases.subject(plan, case),
        "place": door.places().full_name(case.territory, skip=1),
        "line": lines.of_case(plan, case, directory, page.lang),
        "now": cases.now(plan, case, directory),
        "own": own.own_cases(plan, case, page.viewer, page.lang),
        "promise": clocks.promise(case, door.calendar(), office=True),
        "asked_now": asked_now,
        "quick": [act for act in common if act.quick],
        "acts": [act for act in common if not act.quick],
        "rare": rare,
        "rare_quick": [act for act in rare if act.quick],
        "rare_full": [act for act in rare if not act.quick],
        "rare_open": any(act.open for act in rare),
        "hurdles": _hurdles(others),
        "answers": [
            each
            for each in cases.answers(plan, case, directory=directory, phones=phones)
            if not any(each.name in one.names for one in both)
        ],
        "comparisons": both,
        "links": onward.for_office(case, page.viewer, page.lang),
        "directory_place": case.territory[:6] if plan.scenario.appointment and asked_now else "",
        "told": told.of_case(plan, case),
        "looks": grant.looks,
        "lists": plan.scenario.exports,
        "purposes": read.office_purposes(plan, case, actor),
        "story": cases.story(plan, opened.history, directory, "office"),
        "evidence": _evidence(case) if grant.looks else None,
        "files": files.shown(case, page.lang, "desk", case.id) if grant.looks else [],
        "clocks": casefile.all_clocks(plan, case, door.calendar()),
        "tasks": casefile.tasks(plan, case, actor.unit, directory, posts),
        "units": casefile.units(case, directory),
        "decisions": decided,
        "notes": casefile.notes(opened.history, directory),
        "orders": casefile.orders(case, opened.history, directory),
        "result": results[case.result].title if case.result in results else None,
        "problem": problem or (failed.problem if failed else None),
        "renew_key": acts.new_key() if grant.renews and actor.unit in (case.unit, case.dispatcher) else "",
        "act_as": _act_as(case, actor.unit) if viewers.demo() else (),
    }


def _evidence(case: Case) -> int | None:
    """Return how many originals were brought; None where the scenario takes none."""
    if EVIDENCE not in door.plan_of(case).forms:
        return None
    return sum(each.question.startswith(f"{EVIDENCE}.") for each in case.files.values())


def _hurdles(shown: Sequence[acts.Act]) -> list[tuple[Text, list[Text]]]:
    """Return why some acts cannot be done now, each reason once with all that it stops."""
    found: dict[Text, list[Text]] = {}
    for act in shown:
        if act.blocked:
            found.setdefault(act.blocked, []).append(act.title)
    return list(found.items())


def _asked(
    plan: Plan, case: Case, actor: Actor, shown: list[acts.Act], posts: dict[str, Text]
) -> list[Asked]:
    """Return what is asked of the viewer's unit, what is due first at the top."""
    found: list[Asked] = []
    for name, item in case.items.items():
        if item.state != "active" or item.unit != actor.unit or item.kind not in ("human", "loop"):
            continue
        clock = case.clocks.get(name)
        own = [act for act in shown if _belongs(act, name) and not act.blocked]
        human = plan.items[name].human if name in plan.items else None
        found.append(
            Asked(
                name=name,
                title=plan.title(name),
                help=human.help if human else None,
                post=posts.get(item.post) if item.post else None,
                mine=bool(item.post) and item.post == actor.post,
                clock=clocks.of_clock(clock),
                why=clocks.why(clock, door.calendar()) if clock and clock.ended is None else (),
                first=tuple(
                    _opened(act, item.post == actor.post) for act in own if not act.quick and not act.second
                ),
                quick=tuple(act for act in own if act.quick),
                full=tuple(act for act in own if not act.quick and act.second),
            )
        )
    found.sort(key=lambda each: each.clock.due if each.clock.due is not None else 1 << 62)
    return found


def _opened(act: acts.Act, mine: bool) -> acts.Act:
    """Whoever has taken a task finds its form open."""
    return msgspec.structs.replace(act, open=True) if mine and act.command == "complete" else act


def _belongs(act: acts.Act, task: str) -> bool:
    return act.task == task or (act.task.startswith("loop.") and act.task == task.partition(":")[0])


def _act_as(case: Case, own: str) -> list[dict[str, Any]]:
    """Return who else is to act on this case: in the demonstration one may become them with one click."""
    units = dict.fromkeys(
        item.unit for item in case.items.values() if item.state == "active" and item.unit not in ("", own)
    )
    directory = door.directory()
    return [
        {
            "unit": directory.name(unit),
            "post": f"{unit}/dispatcher" if unit.startswith("dispatch-") else f"{unit}/officer",
        }
        for unit in units
    ]
