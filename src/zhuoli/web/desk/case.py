"""A case on the desk: what is asked of me, until when and why, what do we know, what was done, what may I do."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhuoli.core.case.commands import Note
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.office import read
from zhuoli.office.access import (
    Denied,
    granted,
    require_handler,
    require_look,
    require_renewal,
    require_sight,
)
from zhuoli.office.errors import OfficeError, UnknownCase
from zhuoli.web import acting, acts, cases, clocks, door, files, lines, viewers
from zhuoli.web.context import asked
from zhuoli.web.errors import Problem, error_page, not_found
from zhuoli.web.portal.receipts import show_receipt
from zhuoli.web.wording import text

URGENT_ACTS = (
    "triage",
    "accept",
    "refuse",
    "complete",
    "close",
    "sign_for",
    "contribute",
    "reply",
    "decide_review",
    "resume",
)
"""Acts that end what is asked; they stand beside the task or first among the acts."""
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


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is asked of the viewer's unit: the task, its clock, why that date, and its own acts."""

    name: str
    title: Text
    help: Text | None
    post: Text | None
    mine: bool
    clock: clocks.Shown
    why: tuple[Text, ...]
    quick: tuple[acts.Act, ...]
    full: tuple[acts.Act, ...]


@require_safe
def case_page(request: HttpRequest, case: int) -> HttpResponse:
    """Show a case to a post that may see it."""
    found, actor = seen(request, case)
    return _show(request, found, actor)


@require_POST
def act_page(request: HttpRequest, case: int, command: str) -> HttpResponse:
    """Do something with a case."""
    found, actor = seen(request, case)
    plan = door.plan_of(found)
    failed = acting.perform(request, plan, found, actor, command)
    if failed is not None:
        return _show(request, door.load(case), actor, failed=failed)
    lang = asked(request).lang
    try:
        require_sight(asked(request).viewer, door.load(case), door.directory())
    except Denied:
        # Passed on: the case is no longer ours to see, and the inbox says what was done.
        return redirect(reverse("desk", args=(lang,)) + f"?done={command}")
    return redirect(reverse("desk.case", args=(lang, case)) + f"?done={command}#main")


@require_POST
def look_page(request: HttpRequest, case: int) -> HttpResponse:
    """Show sealed fields for a stated purpose; the look is recorded before anything is shown."""
    found, actor = seen(request, case)
    require_look(asked(request).viewer)
    plan = door.plan_of(found)
    purpose = request.POST.get("purpose", "")
    chosen = plan.scenario.privacy.purposes.get(purpose)
    if chosen is None:
        problem = Problem(text=text("look.no_purpose"), links=(("purpose", None, text("look.choose")),))
        return _show(request, found, actor, problem=problem, status=422)
    fields = chosen.fields or tuple(found.personal)
    return _show(request, found, actor, purpose=purpose, fields=fields)


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
    attachment = found.files.get(file)
    if attachment is None:
        raise not_found(text("error.no_file"))
    opened = read.open_case(door.office(), case, actor)
    if attachment.by in found.parties.values():
        read.record_look(
            door.office(), case, attachment.by, (attachment.question or "file",), read.HANDLING, actor
        )
    return files.give_file(opened.state, file)


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


def _show(
    request: HttpRequest,
    sealed: Case,
    actor: Actor,
    *,
    failed: acting.Failed | None = None,
    problem: Problem | None = None,
    purpose: str = "",
    fields: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    page = asked(request)
    plan, directory = door.plan_of(sealed), door.directory()
    office = door.office()
    try:
        opened = read.open_case(office, sealed.id, actor)
        personal = _open_fields(sealed, fields, purpose, actor)
    except OfficeError as error:
        return error_page(request, 422, error.text, error.remedy)
    case = opened.state
    url = reverse("desk.case", args=(page.lang, case.id))
    shown = acting.shown_acts(
        acting.actions_of(plan, sealed, actor), plan, sealed, actor, url, failed.tried if failed else None
    )
    asked_now = _asked(plan, sealed, actor, shown)
    shown = [act for act in shown if act.command != "refer"]  # it has a place of its own on the page
    placed = {id(act) for each in asked_now for act in (*each.quick, *each.full)}
    others = [act for act in shown if id(act) not in placed]
    common = [act for act in others if act.command not in RARE and not act.blocked]
    rare = [act for act in others if act.command in RARE and not act.blocked]
    results = plan.scenario.closing.results
    grant = granted(actor.roles)
    context: dict[str, Any] = {
        "page": "desk",
        "case": case,
        "title": plan.scenario.title,
        "subject": cases.subject(plan, case),
        "place": door.places().full_name(case.territory, skip=1),
        "line": lines.of_case(plan, case, directory, page.lang),
        "now": cases.now(plan, case, directory),
        "promise": clocks.promise(case, door.calendar(), office=True),
        "asked_now": asked_now,
        "quick": [act for act in common if act.quick],
        "acts": [act for act in common if not act.quick],
        "rare": rare,
        "rare_quick": [act for act in rare if act.quick],
        "rare_full": [act for act in rare if not act.quick],
        "rare_open": any(act.open for act in rare),
        "blocked": [act for act in others if act.blocked],
        "answers": cases.answers(plan, case, personal, directory),
        "sealed_left": grant.looks and any(name not in personal for name in case.personal),
        "purposes": plan.scenario.privacy.purposes,
        "purpose": plan.scenario.privacy.purposes.get(purpose),
        "purpose_key": purpose,
        "story": cases.story(plan, opened.history, directory, "office"),
        "files": files.shown(case, page.lang, "desk", case.id) if grant.looks else [],
        "units": _units(case),
        "result": results[case.result].title if case.result in results else None,
        "problem": problem or (failed.problem if failed else None),
        "done": acts.done(request.GET.get("done", "")),
        "renew_key": acts.new_key() if grant.renews and actor.unit in (case.unit, case.dispatcher) else "",
        "act_as": _act_as(case, actor.unit) if viewers.demo() else (),
    }
    return render(request, "desk/case.html", context, status=failed.status if failed else status)


def _open_fields(case: Case, fields: tuple[str, ...], purpose: str, actor: Actor) -> dict[str, Any]:
    by_party: dict[str, list[str]] = {}
    for name in fields:
        if name in case.personal:
            by_party.setdefault(case.personal[name].party, []).append(name)
    opened: dict[str, Any] = {}
    for party, names in by_party.items():
        opened |= read.open_personal(door.office(), case.id, party, names, purpose, actor)
    return opened


def _asked(plan: Plan, case: Case, actor: Actor, shown: list[acts.Act]) -> list[Asked]:
    """Return what is asked of the viewer's unit, what is due first at the top."""
    found: list[Asked] = []
    titles = dict(acting.post_options(actor.unit))
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
                post=titles.get(item.post) if item.post else None,
                mine=bool(item.post) and item.post == actor.post,
                clock=clocks.of_clock(clock),
                why=clocks.why(clock, door.calendar()) if clock and clock.ended is None else (),
                quick=tuple(act for act in own if act.quick),
                full=tuple(_opened(act, item.post == actor.post) for act in own if not act.quick),
            )
        )
    found.sort(key=lambda each: each.clock.due if each.clock.due is not None else 1 << 62)
    return found


def _opened(act: acts.Act, mine: bool) -> acts.Act:
    """Whoever has taken a task finds its form open."""
    return msgspec.structs.replace(act, open=True) if mine and act.command == "complete" else act


def _belongs(act: acts.Act, task: str) -> bool:
    return act.task == task or (act.task.startswith("loop.") and act.task == task.partition(":")[0])


def _units(case: Case) -> list[dict[str, Any]]:
    directory = door.directory()
    found: list[dict[str, Any]] = []
    if case.unit:
        found.append({"role": text("unit.lead"), "name": directory.name(case.unit)})
    for unit, joint in case.joint.items():
        if joint.ended is None or joint.contributed:
            label = (
                "unit.joint_done"
                if joint.contributed
                else "unit.joint"
                if joint.signed
                else "unit.joint_unsigned"
            )
            found.append({"role": text(label), "name": directory.name(unit)})
    found.append({"role": text("unit.dispatcher"), "name": directory.name(case.dispatcher)})
    return found


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
