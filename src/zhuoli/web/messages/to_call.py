"""People to call because no message reached them: the list of the responsible unit, and what came of each call."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhuoli.core.case.commands import Note
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.text import Text
from zhuoli.office import outbox
from zhuoli.office.access import require_command, require_handler
from zhuoli.store.models import AttemptRecord, OutboxRecord
from zhuoli.web import acts, door, when
from zhuoli.web.context import asked
from zhuoli.web.desk.pane import seen
from zhuoli.web.errors import Problem, bad_parameter, not_found
from zhuoli.web.messages.sent import about
from zhuoli.web.wording import text

MOST_WORDS = 500
REACHED = ("yes", "no")


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """Show a unit whom it must call because no message reached them."""
    return _show(request, require_handler(asked(request).viewer))


@require_POST
def called_page(request: HttpRequest, message: int) -> HttpResponse:
    """Note what came of a call: by whom, when and what was said stands in the record of the case.

    Whoever was told leaves the list; whoever was not reached stays on it.
    """
    actor = require_handler(asked(request).viewer)
    record = outbox.to_call(actor.unit).filter(id=message).first()
    if record is None:
        raise not_found(text("error.no_message"))
    case, actor = seen(request, record.case_id)
    require_command(actor, "note")
    reached, words = request.POST.get("reached", ""), request.POST.get("words", "").strip()[:MOST_WORDS]
    if reached not in ("", *REACHED):
        raise bad_parameter("reached")
    if not reached:
        return _show(request, actor, wrong=record.id, words=words)
    key = acts.read_key(request.POST)
    said = text(f"call_noted.{reached}").zh + (f"\n{words}" if words else "")
    taken = outbox.take_to_call(record, when.now()) if reached == "yes" else []
    if reached == "yes" and not taken:
        raise not_found(text("error.no_message"))
    try:
        note = Note(text=said, audience="office")
        door.perform(key=key, case=case.id, actor=actor, command=note, expected_seq=None)
    except Refusal as refusal:
        outbox.give_back(taken)
        return _show(request, actor, problem=Problem(text=refusal.text, remedy=refusal.remedy))
    return redirect(reverse("desk.failed", args=(asked(request).lang,)) + f"?done={reached}#main")


def _show(
    request: HttpRequest, actor: Actor, *, wrong: int = 0, words: str = "", problem: Problem | None = None
) -> HttpResponse:
    if wrong:
        missing: Text = text("ask.missing")
        problem = Problem(
            text=text("ask.incomplete"), links=((f"reached-{wrong}", text("failed.reached"), missing),)
        )
    records = list(outbox.to_call(actor.unit)[: outbox.MOST_TO_CALL])
    done = request.GET.get("done", "")
    context = {
        "page": "failed",
        "found": _people(records),
        "reached": REACHED,
        "wrong": wrong,
        "words": words,
        "problem": problem,
        "done": text(f"call_kept.{done}") if done in REACHED else None,
    }
    return render(request, "messages/failed.html", context, status=422 if problem else 200)


def _people(records: list[OutboxRecord]) -> list[dict[str, Any]]:
    """Return who is to be called about what, each person once; of the address that failed only its ends show."""
    tried: dict[int, str] = {}
    for attempt in AttemptRecord.objects.filter(message_id__in=[each.id for each in records]).order_by("at"):
        tried[attempt.message_id] = attempt.to
    found: dict[tuple[int, str], dict[str, Any]] = {}
    for record in records:
        case = door.load(record.case_id)
        row = found.setdefault(
            (record.case_id, record.party),
            {
                "id": record.id,
                "case": case,
                "title": door.plan_of(case).scenario.title,
                "what": [],
                "made": record.made,
                "tries": record.tries + 1,
                "to": tried.get(record.id, ""),
                "key": acts.new_key(),
            },
        )
        what = about(case, record.about)
        if what not in row["what"]:
            row["what"].append(what)
    return list(found.values())
