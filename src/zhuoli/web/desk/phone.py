"""The phone desk: one page that is typed while listening, and a script to read out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from zhuoli.core.case.commands import Merge, Open
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_of, local
from zhuoli.core.worktime.instants import HOUR
from zhuoli.office import calls, duplicates
from zhuoli.office.access import Denied, Viewer, permits, require_opener
from zhuoli.office.errors import OfficeError
from zhuoli.office.grants import granted
from zhuoli.office.likeness import matter_of_form
from zhuoli.web import acts, clocks, door, questions, uploads, viewers, when
from zhuoli.web.context import asked
from zhuoli.web.desk import inbox, phone_form
from zhuoli.web.desk.duplicates import may_see
from zhuoli.web.desk.phone_form import CHANNEL, Call
from zhuoli.web.errors import Problem, for_fields, not_found
from zhuoli.web.portal import urgent as urgent_words
from zhuoli.web.portal.matters import grouped, matter_of, matters, promises
from zhuoli.web.wording import text

RINGS = ("", "1", "4", "next")
"""When to call back: not at all, in so many hours, or the next morning."""


class Near(msgspec.Struct, frozen=True, kw_only=True):
    """A case that may be what the caller speaks of."""

    case: int
    receipt: str
    title: Text
    place: Text | None
    status: str
    opened: int
    why: tuple[Text, ...]
    open: bool


@require_http_methods(["GET", "HEAD", "POST"])
def phone_page(request: HttpRequest) -> HttpResponse:
    """Show the form, answer what is typed with proposals, keep it, or open the case."""
    viewer = asked(request).viewer
    if request.method != "POST" and viewer.is_post and CHANNEL not in granted(viewer.roles).channels:
        return inbox.new_page(request)
    actor = require_opener(viewer, CHANNEL)
    if request.method != "POST":
        return _begin(request, viewer, actor)
    key = acts.read_key(request.POST)
    call = phone_form.read(request.POST, key, matters(CHANNEL))
    if "_part" in request.POST:
        return _show(request, viewer, call, part=True)
    if "_keep" in request.POST:
        return _keep(request, viewer, actor, call)
    if "_again" in request.POST:
        return _show(request, viewer, call)
    if call.plan is None:
        return _show(
            request, viewer, call, wrong={"said" if not call.said else "matters": text("phone.no_matter")}
        )
    taken = uploads.take(request, call.plan.forms["form"])
    call.files = taken.files
    if taken.problem is not None:
        return _show(request, viewer, call, problem=taken.problem)
    urgent = phone_form.urgencies(call)
    if urgent and request.POST.get("_urgent") != "seen":
        return _show(request, viewer, call, stop=True)
    return _open(request, viewer, actor, call)


def _begin(request: HttpRequest, viewer: Viewer, actor: Actor) -> HttpResponse:
    draft = request.GET.get("call", "")
    post = QueryDict(mutable=True)
    key = acts.new_key()
    if draft:
        found = calls.open_call(
            door.office().master, draft[:36], unit=actor.unit, post=actor.post, now=when.now()
        )
        if found is None:
            raise not_found(text("phone.no_call"))
        key = draft[:36]
        for name, values in found.fields.items():
            post.setlist(name, values)
    matter = request.GET.get("matter", "")
    if matter and not draft:
        post["matter"], post["_auto"] = matter, "0"
    return _show(request, viewer, phone_form.read(post, key, matters(CHANNEL)))


def _open(request: HttpRequest, viewer: Viewer, actor: Actor, call: Call) -> HttpResponse:
    answers = phone_form.given(call)
    lang, now = asked(request).lang, when.now()
    try:
        opened = door.open_case(
            key=call.key,
            scenario=call.matter,
            actor=actor,
            command=Open(
                receipt="",
                channel=CHANNEL,
                parties=phone_form.parties(call, answers),
                answers=answers,
                files=call.files,
            ),
        )
    except Refusal as refusal:
        return _show(
            request, viewer, call, wrong=dict(refusal.fields) or {"said": refusal.text}, refusal=refusal
        )
    viewers.remember_told(request, opened.receipt, opened.case)
    calls.tell_looks(door.office(), call.key, door.load(opened.case))
    calls.finish(call.key, unit=actor.unit, post=actor.post, now=now, outcome="opened", case=opened.case)
    if call.ring and (ring_at := _ring_at(call.ring_in, now)):
        calls.keep(
            door.office().master,
            call.key,
            unit=actor.unit,
            post=actor.post,
            now=now,
            scenario=call.matter,
            territory=call.place,
            fields={},
            ring=call.ring,
            ring_at=ring_at,
            case=opened.case,
        )
    joined = _join(viewer, actor, call.key, call.join, opened.case) if call.join is not None else ""
    return redirect(
        reverse("desk.told", args=(lang, opened.receipt)) + (f"?joined={joined}" if joined else "")
    )


def _join(viewer: Viewer, actor: Actor, key: str, into: int, case: int) -> str:
    """Merge the new case into the one that the caller speaks of; whether it was done."""
    try:
        other = door.load(into)
        if not may_see(viewer)(other) or not permits(actor, "merge"):
            return "no"
        door.perform(
            key=f"{key}-join",
            case=case,
            actor=actor,
            command=Merge(into=into, reason=text("duplicates.merge_reason").zh),
            expected_seq=None,
        )
    except (Refusal, OfficeError, Denied):
        return "no"
    return "yes"


def _keep(request: HttpRequest, viewer: Viewer, actor: Actor, call: Call) -> HttpResponse:
    """Keep what was typed because the call broke off, with a time to call back if there is a number."""
    now = when.now()
    if not (call.said or call.ring):
        return _show(request, viewer, call, wrong={"said": text("phone.nothing_to_keep")})
    ring_at = _ring_at(call.ring_in or "1", now) if call.ring else None
    ours = ("csrfmiddlewaretoken", "_key", "_keep", "_urgent", "_part")
    fields = {name: values for name, values in request.POST.lists() if name not in ours}
    calls.keep(
        door.office().master,
        call.key,
        unit=actor.unit,
        post=actor.post,
        now=now,
        scenario=call.matter,
        territory=call.place,
        fields=fields,
        ring=call.ring,
        ring_at=ring_at,
    )
    return redirect(reverse("desk.calls", args=(asked(request).lang,)) + "?done=kept")


def _ring_at(ring_in: str, now: int) -> int | None:
    if ring_in == "next":
        morning = local(now).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return instant_of(morning)
    return now + int(ring_in) * HOUR if ring_in in ("1", "4") else None


def _show(
    request: HttpRequest,
    viewer: Viewer,
    call: Call,
    *,
    part: bool = False,
    wrong: dict[str, Text] | None = None,
    refusal: Refusal | None = None,
    problem: Problem | None = None,
    stop: bool = False,
) -> HttpResponse:
    wrong = dict(wrong or {})
    first, rest = phone_form.fields(call, wrong)
    if wrong and problem is None:
        problem = _problem(call, wrong, refusal, first + rest)
    unit = door.directory().unit(viewer.unit)
    within = questions.significant(unit.territory) if unit else ""
    spot = phone_form.place_question(call.plan.forms["form"]) if call.plan else ""
    told = phone_form.story(call.plan.forms["form"]) if call.plan else ""
    context: dict[str, Any] = {
        "page": "new",
        "call": call,
        "matters": phone_form.shown_matters(call),
        "groups": grouped(matters(CHANNEL)),
        "chosen": matter_of(call.plan.scenario) if call.plan else None,
        "callers": phone_form.callers(call.plan) if call.plan else ["requester"],
        "places": phone_form.shown_places(call, within),
        "place_title": call.plan.forms["form"].questions[spot].question.title if call.plan and spot else None,
        "fields": first,
        "rest": rest,
        "rest_open": any(each.mistake for each in rest),
        "wrong_said": wrong.get("said") or wrong.get(told),
        "wrong_matter": wrong.get("matters"),
        "wrong_place": wrong.get(spot) if spot else None,
        "near": near(viewer, call),
        "urgent": phone_form.urgencies(call),
        "heard": urgent_words.urgent(call.said),
        "stop": stop,
        "script": script(call),
        "rings": RINGS,
        "kept_files": [uploads.token(each) for each in call.files] if hasattr(uploads, "token") else [],
        "problem": problem,
        "waiting": calls.count(viewer.unit, when.now()),
    }
    template = "desk/parts/phone_parts.html" if part else "desk/phone.html"
    return render(request, template, context, status=422 if problem else 200)


def _problem(
    call: Call, wrong: dict[str, Text], refusal: Refusal | None, shown: list[questions.Field]
) -> Problem:
    """Lead from the summary to each field, also to those that have a place of their own on this page."""
    titles: dict[str, Text] = {}
    anchors = {"said": "said", "matters": "phone-matters"}
    if call.plan is not None:
        form = call.plan.forms["form"]
        titles = {name: asked_.question.title for name, asked_ in form.questions.items()}
        anchors |= {phone_form.story(form): "said", phone_form.place_question(form): "where"}
    links = [(anchors[name], titles.get(name), why) for name, why in wrong.items() if name in anchors]
    own = {name: why for name, why in wrong.items() if name not in anchors}
    links += for_fields(own, titles, questions.PREFIX, [each.name for each in shown])
    what = refusal.text if refusal else text("ask.incomplete")
    return Problem(text=what, remedy=refusal.remedy if refusal else None, links=tuple(links))


def near(viewer: Viewer, call: Call) -> list[Near]:
    """Return what has been raised already and may be the same, while the caller still speaks."""
    if call.plan is None or not call.place:
        return []
    form = call.plan.forms["form"]
    told = phone_form.story(form)
    answers = {
        form.questions[name].full: value
        for name, value in call.answers.items()
        if name != told and not form.questions[name].question.personal
    }
    subject = matter_of_form(call.plan, answers, call.said, call.place, when.now())
    found = duplicates.suggest(subject, door.office().library.pinned, door.places(), may_see(viewer))
    return [
        Near(
            case=each.case,
            receipt=each.receipt,
            title=door.scenarios()[each.scenario].title
            if each.scenario in door.scenarios()
            else Text(each.scenario, each.scenario),
            place=door.places().full_name(each.territory, skip=2),
            status=each.status,
            opened=each.opened,
            why=each.why,
            open=each.open,
        )
        for each in found
    ]


def script(call: Call) -> list[Text]:
    """Return what to say to the caller, in the order of a call."""
    if call.plan is None:
        return [text("phone.say_hello"), text("phone.say_listen")]
    scenario = call.plan.scenario
    found: list[Text] = []
    if scenario.urgency:
        found.append(text("phone.say_danger"))
    if call.caller == "anonymous":
        found.append(text("phone.say_anonymous"))
    elif call.caller in ("guardian", "proxy"):
        found.append(
            text("phone.say_for", role=scenario.parties[call.caller].title)
            if call.caller in scenario.parties
            else text("phone.say_listen")
        )
    else:
        found.append(text("phone.say_sealed"))
    accept, answer = promises(scenario)
    if accept is not None:
        found.append(text("phone.say_accept", time=accept))
    if answer is not None:
        found.append(text("phone.say_answer", time=answer))
    found.append(text("phone.say_receipt"))
    return found


@require_safe
def told_page(request: HttpRequest, receipt: str) -> HttpResponse:
    """Show what to read out: the promise in words, the receipt number in groups, the secret."""
    actor = require_opener(asked(request).viewer)
    number = viewers.told(request, receipt)
    if number is None:
        raise not_found(text("error.no_receipt"))
    case = door.load(number)
    plan, directory = door.plan_of(case), door.directory()
    promise = clocks.promise(case, door.calendar())
    joined = request.GET.get("joined", "")
    context = {
        "page": "new",
        "case": case,
        "matter": plan.scenario.title,
        "unit": directory.name(case.unit) if case.unit else None,
        "promise": promise,
        "groups": _groups(case.receipt),
        "code_groups": _groups(door.code_of(case.id, case.receipt)),
        "joined": joined if joined in ("yes", "no") else "",
        "may_see": may_see(asked(request).viewer)(case),
        "unit_own": actor.unit,
    }
    return render(request, "desk/told.html", context)


def _groups(number: str) -> list[str]:
    """Return a number as it is read aloud: groups of single signs."""
    return [" ".join(group) for group in number.split("-") if group]
