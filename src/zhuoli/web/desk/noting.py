"""What is noted of a case from its own page or pane: a number of another system, or that it is not the same as another."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from zhuoli.core.case.commands import Refer
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.office import duplicates, references
from zhuoli.office.access import require_command, role_missing
from zhuoli.office.errors import Conflict, UnknownCase
from zhuoli.web import acting, acts, door, when
from zhuoli.web.context import asked
from zhuoli.web.desk import fresh, numbers, pane
from zhuoli.web.desk.duplicates import may_see
from zhuoli.web.errors import Problem, bad_parameter, not_found
from zhuoli.web.wording import text


@require_POST
def enter_page(request: HttpRequest, case: int) -> HttpResponse:
    """Enter, change or take back a number; a number that another case carries is only taken with a reason."""
    found, actor = pane.seen(request, case)
    require_command(actor, "refer")
    viewer, lang = asked(request).viewer, asked(request).lang
    typed = {name: request.POST.get(name, "").strip()[:300] for name in ("system", "number", "reason")}
    key, seq = acts.read_key(request.POST), acting.read_seq(request)
    if typed["system"] not in references.systems():
        return _again(request, found, actor, typed, {"system": text("ask.missing")})
    others = numbers.others(viewer, found, typed["system"], typed["number"])
    if others and not typed["reason"]:
        return _again(request, found, actor, typed, {"reason": text("numbers.say_why")}, others=others)
    try:
        door.perform(
            key=key,
            case=case,
            actor=actor,
            command=Refer(system=typed["system"], number=typed["number"], reason=typed["reason"]),
            expected_seq=seq,
        )
    except Refusal as refusal:
        field = {"words_missing": "reason", "unknown_system": "system"}.get(refusal.code, "number")
        return _again(request, door.load(case), actor, typed, {field: refusal.text}, remedy=refusal.remedy)
    except Conflict as conflict:
        return _again(
            request, door.load(case), actor, typed, {"number": conflict.text}, remedy=conflict.remedy
        )
    state = fresh.beside(request)
    if state is not None:
        return fresh.after_act(request, state, case, actor, "refer", "")
    return redirect(reverse("desk.case", args=(lang, case)) + "?done=refer#numbers")


def _again(
    request: HttpRequest,
    case: Case,
    actor: Actor,
    typed: dict[str, str],
    wrong: dict[str, Text],
    *,
    others: list[dict[str, Any]] | None = None,
    remedy: Text | None = None,
) -> HttpResponse:
    """Show the form with what was typed: in its place in the pane, or on a page of its own."""
    links = tuple((f"n-{name}", text(f"ask.{name}"), why) for name, why in wrong.items())
    problem = Problem(text=text("ask.incomplete"), remedy=remedy, links=links)
    tried = {"typed": typed, "wrong": wrong, "others": others or []}
    state = fresh.beside(request)
    if state is not None:
        context = pane.of_case(request, case, actor, state, problem=problem)
        return render(request, "desk/parts/case.html", {**context, "number_tried": tried}, status=422)
    context = {
        "page": "desk",
        "receipt": case.receipt,
        "problem": problem,
        **numbers.form(case),
        **tried,
    }
    return render(request, "desk/number.html", context, status=422)


@require_POST
def apart_page(request: HttpRequest, case: int) -> HttpResponse:
    """Note that a case is not the same matter as another: it is suggested on neither again."""
    found, actor = pane.seen(request, case)
    if not duplicates.may_tell_apart(actor, found):
        raise role_missing()
    raw = request.POST.get("other", "")
    if not (raw.isascii() and raw.isdigit() and int(raw) < 1 << 63) or int(raw) == case:
        raise bad_parameter("other")
    try:
        other = door.load(int(raw))
    except UnknownCase as unknown:
        raise not_found(unknown.text) from None
    if not may_see(asked(request).viewer)(other):
        raise not_found(UnknownCase(other.id).text)
    duplicates.tell_apart(case, other.id, actor, when.now())
    state = fresh.beside(request)
    if state is not None:
        return fresh.after_note(request, state, found, actor, text("duplicates.told_apart"))
    return redirect(reverse("desk.case", args=(asked(request).lang, case)) + "?done=apart#main")
