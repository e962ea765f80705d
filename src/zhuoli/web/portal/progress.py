"""Following a matter: who has it now, the story, what can be done, who looked at the data."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhuoli.core.case.facts import Actor
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import OPEN_STATUS, Case, in_earnest
from zhuoli.core.scenario.names import EVIDENCE
from zhuoli.core.text import Text
from zhuoli.office import read
from zhuoli.office.access import party_actor
from zhuoli.web import acting, acts, cases, clocks, door, files, lines, onward, viewers
from zhuoli.web.context import asked
from zhuoli.web.errors import not_found
from zhuoli.web.portal.matters import matter_of
from zhuoli.web.shared import told
from zhuoli.web.wording import text

FIRST = ("confirm", "contest", "supply", "complete", "share", "unshare", "request_review", "rate")
"""Acts that the page shows at once; the others wait under “other things you can do”."""
HIDDEN = frozenset({"record", "erase"})


@require_safe
def progress_page(request: HttpRequest, receipt: str) -> HttpResponse:
    """Show a matter to whoever holds its receipt."""
    case, actor = held(request, receipt)
    return _show(request, case, actor)


@require_POST
def act_page(request: HttpRequest, receipt: str, command: str) -> HttpResponse:
    """Do something with one's own matter."""
    case, actor = held(request, receipt)
    plan = door.plan_of(case)
    failed = acting.perform(request, plan, case, actor, command)
    if failed is not None:
        return _show(request, door.load(case.id), actor, failed)
    return redirect(reverse("progress", args=(asked(request).lang, receipt)) + f"?done={command}#main")


@require_safe
def file_page(request: HttpRequest, receipt: str, file: str) -> HttpResponseBase:
    """Give a file of one's own matter: those that one has brought, and those that the offices have added."""
    case, actor = held(request, receipt)
    files.attachment_of(case, file)
    return files.give_file(read.open_case(door.office(), case.id, actor).state, file)


@require_POST
def onward_page(request: HttpRequest, receipt: str, onward_to: str) -> HttpResponse:
    """Let somebody into the matter that theirs has gone on to (or came from), and show its receipt."""
    case, actor = held(request, receipt)
    other = onward.followed(case, actor, onward_to)
    if other is None:
        raise not_found(text("error.no_receipt"))
    viewers.remember_receipt(request, other.receipt, other.id)
    return redirect("receipt", asked(request).lang, other.receipt)


def held(request: HttpRequest, receipt: str) -> tuple[Case, Actor]:
    """Return the case of a receipt that this session holds, without what is another party's, and its holder as an actor.

    Raises:
        Denied: the session does not hold it.
    """
    viewer = asked(request).viewer
    number = viewer.receipts.get(receipt)
    case = door.load(number) if number is not None else Case(id=0, receipt=receipt)
    actor = party_actor(viewer, case)
    return read.without_others_files(door.office(), case, actor.party), actor


def _show(
    request: HttpRequest, sealed: Case, actor: Actor, failed: acting.Failed | None = None
) -> HttpResponse:
    page = asked(request)
    plan, directory = door.plan_of(sealed), door.directory()
    opened = read.open_case(door.office(), sealed.id, actor)
    case = read.without_others_files(door.office(), opened.state, actor.party)
    url = reverse("progress", args=(page.lang, case.receipt))
    found = [
        each
        for each in acting.actions_of(plan, sealed, actor)
        if each.command not in HIDDEN and not each.blocked
    ]
    shown = acting.shown_acts(found, plan, sealed, actor, url, failed.tried if failed else None)
    shown.sort(
        key=lambda act: (
            FIRST.index(act.command) if act.command in FIRST else len(FIRST),
            act.command == "complete" and not in_earnest(sealed, act.task),
        )
    )
    shown = [
        msgspec.structs.replace(act, open=True) if act.id == request.GET.get("do") else act for act in shown
    ]
    others = [act for act in shown if not act.quick and act.command not in FIRST]
    results = plan.scenario.closing.results
    context: dict[str, Any] = {
        "page": "check",
        "case": case,
        "matter": matter_of(plan.scenario),
        "subject": cases.subject(plan, case),
        "line": lines.of_case(plan, case, directory, page.lang),
        "now": cases.now(plan, case, directory, actor.party),
        "phone": directory.phone(case.unit),
        "phone_of": directory.name(case.unit) if case.unit else None,
        "promise": clocks.promise(case, door.calendar()),
        "story": cases.story(plan, opened.history, directory, "party"),
        "told": told.of_case(plan, case, actor.party),
        "links": onward.for_party(case, actor, page.lang),
        "answer": case.answer,
        "result": results[case.result].title if case.result in results else None,
        "answered_by": directory.name(case.answered_by) if case.answered_by else None,
        "asked_items": asked_items(opened.history) if "loop.supplement" in _active(case) else (),
        "quick": [act for act in shown if act.quick],
        "acts": [act for act in shown if not act.quick and act.command in FIRST],
        "others": others,
        "others_open": any(act.open for act in others),
        "evidence": EVIDENCE in plan.forms,
        "adds_evidence": case.status in OPEN_STATUS,
        "asks": asks(plan, sealed, actor.party, page.lang),
        "files": files.shown(case, page.lang, "progress", case.receipt),
        "problem": failed.problem if failed else None,
        "done": acts.done(request.GET.get("done", "")),
    }
    return render(request, "portal/progress.html", context, status=failed.status if failed else 200)


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """Something that its holder is asked to do in a matter, and where that is done."""

    title: Text
    clock: clocks.Shown
    url: str


def asks(plan: Plan, case: Case, party: str, lang: str) -> list[Ask]:
    """Return what a party is asked to do now, the soonest first; the address opens the form."""
    url = reverse("progress", args=(lang, case.receipt))
    return [
        Ask(
            title=plan.title(name),
            clock=clocks.of_clock(case.clocks.get(name)),
            url=f"{url}?do=complete-{name}#act-complete-{name}",
        )
        for name in cases.asked_of(case, party)
    ]


def _active(case: Case) -> set[str]:
    return {name for name, item in case.items.items() if item.state == "active"}


def asked_items(history: list[read.StoredEntry]) -> tuple[str, ...]:
    """Return what was asked for last."""
    items: tuple[str, ...] = ()
    for entry in history:
        for event in entry.events:
            items = getattr(event, "items", items) if type(event).__name__ == "SupplementRequested" else items
    return items
