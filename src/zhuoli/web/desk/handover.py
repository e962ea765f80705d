"""Shift hand-over at the desk: what changed is there already, words are added, the next post signs for it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhuoli.core.case.facts import Actor
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_of, local
from zhuoli.office import handover
from zhuoli.office.access import Viewer, require_post
from zhuoli.office.errors import OfficeError
from zhuoli.store.codec import decode_state
from zhuoli.store.models import StateRecord
from zhuoli.web import acting, acts, cases, door, when
from zhuoli.web.context import asked
from zhuoli.web.desk.duplicates import may_see
from zhuoli.web.errors import Problem, bad_parameter, not_found
from zhuoli.web.wording import text

HANDS = ("officer", "clerk", "phone_desk", "dispatcher", "supervisor")
"""The roles that work in shifts of a unit."""
EXTRA = 2
"""So many further cases may be put in by their receipt numbers."""
_TIME = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")


@require_http_methods(["GET", "HEAD", "POST"])
def handover_page(request: HttpRequest) -> HttpResponse:
    """Show what the next shift must know, ready to be added to; take it."""
    viewer = asked(request).viewer
    actor = require_post(viewer, *HANDS)
    if request.method == "POST":
        key = acts.read_key(request.POST)
        since = _since(request.POST.get("since", ""), actor.unit)
        wrong = _wrong(request, viewer)
        if wrong:
            return _form(request, viewer, actor, since, wrong=wrong)
        number = handover.write(
            door.office().master,
            key=key,
            unit=actor.unit,
            post=actor.post,
            shift_from=since,
            now=when.now(),
            words=_typed(request, "words", handover.MOST_WORDS),
            counts={str(k): n for k, n in handover.changed(actor.unit, since, when.now()).counts.items()},
            notes=_notes(request, viewer),
        )
        return redirect(reverse("desk.handover.read", args=(asked(request).lang, number)) + "?done=handover")
    return _form(request, viewer, actor, _since(request.GET.get("since", ""), actor.unit))


@require_safe
def read_page(request: HttpRequest, handed: int) -> HttpResponse:
    """Show one hand-over, to be read, printed and signed for."""
    viewer = asked(request).viewer
    actor = require_post(viewer, *HANDS)
    found = handover.read(door.office().master, handed, actor.unit) if handed < 1 << 63 else None
    if found is None:
        raise not_found(text("handover.none_such"))
    states = _states([each.case for each in found.notes])
    posts = dict(acting.post_options(actor.unit))
    allowed = may_see(viewer)
    notes = []
    for kind in (*handover.KINDS, ""):
        group = [
            _shown(each.case, states.get(each.case), each.words, each.receipt, allowed)
            for each in found.notes
            if each.kind == kind
        ]
        if group or found.counts.get(kind):
            notes.append({"kind": kind, "count": found.counts.get(kind, 0), "cases": group})
    done = request.GET.get("done", "")
    context = {
        "page": "handover",
        "handover": found,
        "unit": door.directory().name(actor.unit),
        "by": posts.get(found.post, Text(found.post, found.post)),
        "signed_by": posts.get(found.signed_by, Text(found.signed_by, found.signed_by)),
        "groups": notes,
        "may_sign": found.signed is None and found.post != actor.post,
        "own": found.post == actor.post,
        "done": text(f"handover.done_{done}") if done in ("handover", "signed") else None,
    }
    return render(request, "desk/handover_read.html", context)


@require_POST
def sign_page(request: HttpRequest, handed: int) -> HttpResponse:
    """Sign for a hand-over."""
    actor = require_post(asked(request).viewer, *HANDS)
    lang = asked(request).lang
    if handed >= 1 << 63:
        raise not_found(text("handover.none_such"))
    try:
        handover.sign(handed, actor.unit, actor.post, when.now())
    except OfficeError as error:
        if error.code == "no_handover":
            raise not_found(error.text) from None
        raise
    return redirect(reverse("desk.handover.read", args=(lang, handed)) + "?done=signed")


@require_POST
def shifts_page(request: HttpRequest) -> HttpResponse:
    """Set at which hours the unit's shifts usually begin; a suggestion of times, nothing else follows from it."""
    actor = require_post(asked(request).viewer, "supervisor", "dispatcher")
    times = [
        each for each in re.split(r"[\s,，、;；]+", request.POST.get("begins", "").replace("：", ":")) if each
    ]
    if len(times) > 8 or not all(_TIME.fullmatch(each) for each in times):
        raise bad_parameter("begins")
    handover.set_begins(actor.unit, [each.zfill(5) for each in times])
    return redirect("desk.handover", asked(request).lang)


def _form(
    request: HttpRequest, viewer: Viewer, actor: Actor, since: int, wrong: dict[str, Text] | None = None
) -> HttpResponse:
    now = when.now()
    found = handover.changed(actor.unit, since, now)
    states = _states([case for group in found.cases.values() for case in group])
    allowed = may_see(viewer)
    groups = [
        {
            "kind": kind,
            "count": found.counts[kind],
            "more": found.counts[kind] - len(found.cases[kind]),
            "cases": [
                {
                    **_shown(
                        case,
                        states.get(case),
                        _typed(request, f"note-{kind}-{case}", handover.MOST_NOTE),
                        "",
                        allowed,
                    ),
                    "field": f"note-{kind}-{case}",
                }
                for case in found.cases[kind]
                if case in states
            ],
        }
        for kind in handover.KINDS
    ]
    posts = dict(acting.post_options(actor.unit))
    lines = [
        {
            "id": each.id,
            "by": posts.get(each.post, Text(each.post, each.post)),
            "shift_from": each.shift_from,
            "made": each.made,
            "signed": each.signed,
            "signed_by": posts.get(each.signed_by, Text(each.signed_by, each.signed_by)),
            "own": each.post == actor.post,
        }
        for each in handover.history(actor.unit)
    ]
    wrong = wrong or {}
    context = {
        "page": "handover",
        "unit": door.directory().name(actor.unit),
        "groups": groups,
        "extra_open": any(_typed(request, f"extra-{number}", 60) for number in range(1, EXTRA + 1)),
        "since": since,
        "since_value": f"{local(since):%Y-%m-%dT%H:%M}",
        "now": now,
        "words": _typed(request, "words", handover.MOST_WORDS),
        "extras": [
            {
                "number": number,
                "receipt": _typed(request, f"extra-{number}", 60),
                "words": _typed(request, f"extra-words-{number}", handover.MOST_NOTE),
                "wrong": wrong.get(f"extra-{number}"),
            }
            for number in range(1, EXTRA + 1)
        ],
        "problem": Problem(
            text=text("ask.incomplete"), links=tuple((name, None, why) for name, why in wrong.items())
        )
        if wrong
        else None,
        "key": request.POST.get("_key") or acts.new_key(),
        "history": lines,
        "waiting": [each for each in lines if not each["signed"] and not each["own"]],
        "begins": " ".join(handover.begins(actor.unit)),
        "may_set": viewer.holds("supervisor") or viewer.holds("dispatcher"),
    }
    return render(request, "desk/handover.html", context, status=422 if wrong else 200)


def _notes(request: HttpRequest, viewer: Viewer) -> list[handover.Note]:
    """Return what the form says of cases: those that were listed, and those put in by their receipts."""
    said: list[tuple[str, int, str]] = []
    for name in request.POST:
        kind, _, case = name.removeprefix("note-").partition("-")
        if (
            name.startswith("note-")
            and kind in handover.KINDS
            and case.isascii()
            and case.isdigit()
            and len(case) < 20
        ):
            said.append((kind, int(case), _typed(request, name, handover.MOST_NOTE)))
    for number in range(1, EXTRA + 1):
        typed = _typed(request, f"extra-{number}", 60)
        case_id = acting.find_receipt(typed) if typed else None
        if case_id is not None:
            said.append(("", case_id, _typed(request, f"extra-words-{number}", handover.MOST_NOTE)))
    said = said[: len(handover.KINDS) * handover.LISTED + EXTRA]
    states = _states([case for _, case, _ in said])
    allowed = may_see(viewer)
    return [
        handover.Note(case=case, receipt=states[case].receipt, kind=kind, words=words)
        for kind, case, words in said
        if case in states and allowed(states[case])
    ]


def _wrong(request: HttpRequest, viewer: Viewer) -> dict[str, Text]:
    found: dict[str, Text] = {}
    allowed = may_see(viewer)
    for number in range(1, EXTRA + 1):
        typed = _typed(request, f"extra-{number}", 60)
        if not typed:
            continue
        case = acting.find_receipt(typed)
        if case is None or not allowed(door.load(case)):
            found[f"extra-{number}"] = text("handover.no_receipt")
    return found


def _shown(case: int, state: Case | None, words: str, receipt: str, allowed: Any) -> dict[str, Any]:
    if state is None:
        return {
            "case": case,
            "receipt": receipt,
            "title": None,
            "place": None,
            "status": "",
            "words": words,
            "link": False,
        }
    plan = door.plan_of(state)
    return {
        "case": case,
        "receipt": state.receipt,
        "title": cases.subject(plan, state) or plan.scenario.title,
        "place": door.places().full_name(state.territory, skip=2),
        "status": state.status,
        "words": words,
        "link": allowed(state),
    }


def _states(wanted: list[int]) -> dict[int, Case]:
    rows = StateRecord.objects.filter(case_id__in=wanted).values_list("case_id", "state")
    return {case: decode_state(state) for case, state in rows}


def _typed(request: HttpRequest, name: str, most: int) -> str:
    return request.POST.get(name, "").replace("\x00", "").strip()[:most]


def _since(raw: str, unit: str) -> int:
    """Return when the shift began: as somebody says, else as the pattern suggests."""
    now = when.now()
    if not raw:
        return handover.shift_began(unit, now)
    try:
        since = instant_of(datetime.fromisoformat(raw))
    except ValueError:
        raise bad_parameter("since") from None
    if not now - handover.LONGEST * 10 <= since <= now:
        raise bad_parameter("since")
    return since
