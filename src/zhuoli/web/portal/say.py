"""The box “tell us what happened”: proposals for what was said, and the emergency number where that is the answer.

What is said comes by POST, is looked at and forgotten: it is in no address, no log, no cache and no database.
"""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from zhuoli.web import door
from zhuoli.web.context import asked
from zhuoli.web.portal import urgent
from zhuoli.web.portal.guess import Handler, guesses, handler
from zhuoli.web.portal.matters import Matter, proposals

LONGEST = 1000
"""Characters that are looked at."""
SHORTEST = 2
ANY_NEED = "S5"
"""The row of the mission that a scenario for every need names first."""


class Proposal(msgspec.Struct, frozen=True):
    """A matter that may be meant, and who would have it."""

    matter: Matter
    by: Handler


@require_POST
def say_page(request: HttpRequest) -> HttpResponse:
    """Answer what was said: a whole page for a form that was sent, a part of one while somebody types."""
    page = asked(request)
    said = request.POST.get("said", "").strip()[:LONGEST]
    part = bool(getattr(request, "htmx", False))
    if not said and not part:
        return redirect("matters", page.lang)
    found = proposed(said) if len(said) >= SHORTEST else []
    anything = any_need()
    context = {
        "page": "matters",
        "said": said,
        "found": found,
        "urgent": urgent.urgent(said),
        # Where it is proposed already, “none of these” means: let me see the list.
        "any_need": "" if anything in {each.matter.id for each in found} else anything,
        "part": part,
    }
    return render(request, "portal/said.html" if part else "portal/proposals.html", context)


def proposed(said: str) -> list[Proposal]:
    """Return at most three matters that fit what somebody said, with whoever would have them."""
    found = []
    for matter in proposals(said):
        plan = door.plan(matter.id)
        found.append(Proposal(matter, handler(plan, guesses(plan, said))))
    return found


def any_need() -> str:
    """Return the scenario that takes every need; empty when the shelf has none."""
    found = [
        scenario
        for scenario in door.scenarios().values()
        if scenario.rows[:1] == (ANY_NEED,) and "web" in scenario.channels
    ]
    return max(found, key=lambda each: len(each.channels)).scenario if found else ""
