"""What was sent: to the person, to the desk what could not be sent, to the administrator how sending goes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhuoli.channels.messages import words
from zhuoli.channels.messages.links import make_token
from zhuoli.core.case.commands import Note
from zhuoli.core.case.state import Case
from zhuoli.office.access import require_handler, require_post
from zhuoli.office.wishes import LANGUAGES, Wish, keep_wish, wish_of
from zhuoli.store.models import AttemptRecord, CaseRecord, OutboxRecord
from zhuoli.web import acts, door, viewers, when
from zhuoli.web.context import asked
from zhuoli.web.desk.pane import seen
from zhuoli.web.errors import Problem, not_found
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
def failed_page(request: HttpRequest) -> HttpResponse:
    """Show a unit whom it must call because no message reached them."""
    actor = require_handler(asked(request).viewer)
    failed = OutboxRecord.objects.filter(outcome="failed").exclude(party="").order_by("made")
    here = CaseRecord.objects.filter(unit=actor.unit, id__in=failed.values("case_id")).values_list(
        "id", flat=True
    )[:MOST]
    found = []
    for record in failed.filter(case_id__in=list(here))[:MOST]:
        case = door.load(record.case_id)
        found.append(
            {
                "id": record.id,
                "case": case,
                "title": door.plan_of(case).scenario.title,
                "what": _about(case, record.about),
                "made": record.made,
                "tries": record.tries + 1,
                "key": acts.new_key(),
            }
        )
    return render(request, "messages/failed.html", {"page": "desk", "found": found})


@require_POST
def by_hand_page(request: HttpRequest, message: int) -> HttpResponse:
    """Note that somebody was told by telephone; it goes into the record of the case."""
    require_handler(asked(request).viewer)
    record = OutboxRecord.objects.filter(id=message, outcome="failed").first()
    if record is None:
        raise not_found(text("error.no_message"))
    case, actor = seen(request, record.case_id)
    note = Note(text=text("failed.note").zh, audience="office")
    door.perform(key=acts.read_key(request.POST), case=case.id, actor=actor, command=note, expected_seq=None)
    OutboxRecord.objects.filter(id=message, outcome="failed").update(outcome="by_hand", ended=when.now())
    return redirect("desk.failed", asked(request).lang)


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
        words_link = link
    else:
        words_link = ""
    return {
        "what": _about(case, record.about),
        "made": record.made,
        "receipt": case.receipt,
        "outcome": record.outcome or "waiting",
        "unit": door.directory().name(record.unit) if record.unit else None,
        "attempts": attempts,
        "words": words_shown,
        "link": words_link,
    }


def _about(case: Case, about: str) -> Any:
    """Say what a message is about, without its link."""
    kind, _, rest = about.partition(" ")
    name = rest.partition(" ")[0]
    plan = door.plan_of(case)
    if kind == "task":
        return plan.title(name)
    if kind == "notice" and name in plan.scenario.notices:
        return plan.scenario.notices[name].title
    return text("message.letter") if not kind else text(f"about.{kind}")
