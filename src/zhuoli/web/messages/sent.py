"""What was sent: to the person, and to the administrator how sending goes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from zhuoli.channels.messages import words
from zhuoli.channels.messages.links import make_token
from zhuoli.channels.messages.sender import is_code
from zhuoli.core.case.state import Case
from zhuoli.office.access import require_post
from zhuoli.office.one_time_codes import OneTimeCodes
from zhuoli.office.wishes import LANGUAGES, Wish, keep_wish, wish_of
from zhuoli.store.models import AttemptRecord, OutboxRecord
from zhuoli.web import door, viewers, when
from zhuoli.web.context import asked
from zhuoli.web.errors import Problem
from zhuoli.web.portal.progress import held
from zhuoli.web.wording import text

MOST = 100
OUTCOMES = (
    "waiting",
    "sent",
    "merged",
    "failed",
    "done",
    "stale",
    "unwanted",
    "no_address",
    "no_channel",
    "by_hand",
)
CHANNELS = ("sms", "mail", "staff", "demo")


@require_http_methods(["GET", "HEAD", "POST"])
def own_page(request: HttpRequest, receipt: str) -> HttpResponse:
    """Show a person what was sent to them, and let them say how they want to be told."""
    case, actor = held(request, receipt)
    lang = asked(request).lang
    problem: Problem | None = None
    if request.method == "POST":
        language = request.POST.get("language", "")
        if language in LANGUAGES:
            wish = Wish(language, request.POST.get("told") == "yes")
            keep_wish(door.office(), case.id, actor.party, wish)
            return redirect(reverse("messages", args=(lang, receipt)) + "?done=1#main")
        problem = Problem(text=text("ask.incomplete"), links=(("language", None, text("ask.missing")),))
    records = OutboxRecord.objects.filter(case_id=case.id, party=actor.party).order_by("-id")[:MOST]
    context = {
        "page": "check",
        "receipt": receipt,
        "title": door.plan_of(case).scenario.title,
        "messages": [_told(request, case, record) for record in records],
        "wish": wish_of(door.office(), case.id, actor.party),
        "problem": problem,
        "kept": request.GET.get("done") == "1",
    }
    return render(request, "messages/own.html", context, status=422 if problem else 200)


@require_safe
def outbox_page(request: HttpRequest) -> HttpResponse:
    """Show the administrator how sending goes; in the demonstration a resident sees what their telephone would show."""
    viewer = asked(request).viewer
    if viewers.demo() and not viewer.is_post:
        found = OutboxRecord.objects.filter(case_id__in=viewer.receipts.values()).exclude(party="")
    else:
        require_post(viewer, "administrator")
        found = OutboxRecord.objects.all()
    records = list(found.order_by("-id")[:MOST])
    cases = {number: door.load(number) for number in {record.case_id for record in records}}
    counts = dict.fromkeys(OUTCOMES, 0)
    for record in records:
        counts[record.outcome or "waiting"] += 1
    context = {
        "page": "outbox",
        "layout": "desk/base.html" if viewer.is_post else "portal/base.html",
        "messages": [
            _told(request, cases[record.case_id], record, mine=not viewer.is_post) for record in records
        ],
        "counts": [(outcome, count) for outcome, count in counts.items() if count],
        "phone": viewers.demo() and not viewer.is_post,
        "failures": AttemptRecord.objects.filter(ok=False, at__gt=when.now() - 24 * 3_600_000).count(),
    }
    return render(request, "messages/outbox.html", context)


def _told(request: HttpRequest, case: Case, record: OutboxRecord, *, mine: bool = True) -> dict[str, Any]:
    """Return one message for a list; in the demonstration its owner sees it word for word, with its link."""
    attempts = list(AttemptRecord.objects.filter(message_id=record.id).order_by("at"))
    words_shown = None
    if viewers.demo() and record.party and record.party not in case.erased:
        link = ""
        if mine:
            path = reverse("link", args=(asked(request).lang, make_token(door.office(), record)))
            link = request.build_absolute_uri(path)
        words_shown = words.to_person(door.plan_of(case), case, record.about, link or "https://…")
        if is_code(record.about):
            words_shown, link = words.with_code(case, _code(record) if mine else ""), ""
        words_link = link
    else:
        words_link = ""
    return {
        "what": about(case, record.about),
        "made": record.made,
        "receipt": case.receipt,
        "outcome": record.outcome or "waiting",
        "unit": door.directory().name(record.unit) if record.unit else None,
        "attempts": attempts,
        "words": words_shown,
        "link": words_link,
    }


def _code(record: OutboxRecord) -> str:
    system = door.office().signing
    return system.code(record.about, when.now()) if isinstance(system, OneTimeCodes) else ""


def about(case: Case, what: str) -> Any:
    """Say what a message is about, without its link."""
    kind, _, rest = what.partition(" ")
    name = rest.partition(" ")[0]
    plan = door.plan_of(case)
    if kind == "task":
        return plan.title(name)
    if kind == "answer" and name in plan.scenario.shares:
        return plan.scenario.shares[name].title
    if kind == "notice" and name in plan.scenario.notices:
        return plan.scenario.notices[name].title
    return text("message.letter") if not kind else text(f"about.{kind}")
