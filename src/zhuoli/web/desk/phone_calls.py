"""Calls of the phone desk: those to be returned, and forms that broke off."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhuoli.core.case.facts import Actor
from zhuoli.core.worktime.instants import HOUR
from zhuoli.office import calls
from zhuoli.office.access import require_opener
from zhuoli.web import door, when
from zhuoli.web.context import asked
from zhuoli.web.desk.phone_form import CHANNEL
from zhuoli.web.errors import not_found
from zhuoli.web.wording import text


@require_safe
def calls_page(request: HttpRequest) -> HttpResponse:
    """List the calls to be returned and the forms that broke off."""
    actor = require_opener(asked(request).viewer, CHANNEL)
    return _calls(request, actor)


@require_POST
def call_page(request: HttpRequest, call: str) -> HttpResponse:
    """Show the number of one caller, say that it is done, or put it off."""
    actor = require_opener(asked(request).viewer, CHANNEL)
    wish, now = request.POST.get("do", ""), when.now()
    shown = {"id": call, "ring": ""}
    if wish == "show":
        found = calls.open_call(door.office().master, call, unit=actor.unit, post=actor.post, now=now)
        if found is None:
            raise not_found(text("phone.no_call"))
        if found.case is not None:
            calls.tell_looks(door.office(), call, door.load(found.case), last=True)
        return _calls(request, actor, {**shown, "ring": found.ring})
    if wish == "done":
        done = calls.finish(call, unit=actor.unit, post=actor.post, now=now, outcome="reached")
    elif wish == "later":
        done = calls.later(call, unit=actor.unit, ring_at=now + HOUR)
    elif wish == "drop":
        done = calls.finish(call, unit=actor.unit, post=actor.post, now=now, outcome="dropped")
    else:
        done = False
    if not done:
        raise not_found(text("phone.no_call"))
    return redirect(reverse("desk.calls", args=(asked(request).lang,)) + f"?done={wish}")


def _calls(request: HttpRequest, actor: Actor, shown: dict[str, str] | None = None) -> HttpResponse:
    now = when.now()
    calls.sweep(now)
    scenarios, places = door.scenarios(), door.places()
    rows = [
        {
            "id": each.id,
            "title": scenarios[each.scenario].title
            if each.scenario in scenarios
            else text("phone.no_matter_yet"),
            "place": places.full_name(each.territory, skip=2) if each.territory else None,
            "made": each.made,
            "ring": shown["ring"] if shown and shown["id"] == each.id else each.ring,
            "open": bool(shown and shown["id"] == each.id),
            "ring_at": each.ring_at,
            "late": each.ring_at is not None and each.ring_at <= now,
            "case": each.case,
        }
        for each in calls.waiting(door.office().master, actor.unit)
    ]
    done = request.GET.get("done", "")
    context = {
        "page": "new",
        "backs": [each for each in rows if each["ring_at"] is not None],
        "drafts": [each for each in rows if each["ring_at"] is None],
        "done": text(f"call_done.{done}") if done in ("kept", "done", "later", "drop") else None,
    }
    return render(request, "desk/calls.html", context)
