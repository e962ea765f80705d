"""Who looked at somebody's data, in sentences: when, which unit, at what and what for; what was deferred is told, too."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.core.worktime.instants import day_of
from zhuoli.office import deferrals, read
from zhuoli.web import cases, door, when
from zhuoli.web.portal.matters import matter_of
from zhuoli.web.portal.progress import held
from zhuoli.web.wording import maybe, text

TEXTS = ("texts",)


@require_safe
def looks_page(request: HttpRequest, receipt: str) -> HttpResponse:
    """Show who has looked at one's data, or at the data of whoever one acts for."""
    case, actor = held(request, receipt)
    plan, directory, now = door.plan_of(case), door.directory(), when.now()
    parties = dict.fromkeys((actor.party, case.parties.get("requester", actor.party)))
    found = {
        (look.at, look.actor.post, look.fields, look.party): look
        for party in parties
        for look in read.looks(case.id, party, now=now)
    }
    seen = sorted(found.values(), key=lambda look: look.at)
    deferred = [
        {"it": each, "unit": directory.name(each.unit), "approver": directory.name(each.approver)}
        for party in parties
        for each in deferrals.told(case.id, party, now)
    ]
    context = {
        "page": "check",
        "case": case,
        "matter": matter_of(plan.scenario),
        "looks": told(plan, case, seen),
        "deferred": deferred,
    }
    return render(request, "portal/looks.html", context)


def told(plan: Plan, case: Case, looks: list[read.Look]) -> list[dict[str, Any]]:
    """Tell looks (oldest first) in sentences, the newest first.

    That one unit opened the record of the case again and again on one day is one sentence.
    """
    directory = door.directory()
    titles = {
        asked.full: asked.question.title for form in plan.forms.values() for asked in form.questions.values()
    }
    purposes = plan.scenario.privacy.purposes
    rows: list[dict[str, Any]] = []
    merged: dict[Any, dict[str, Any]] = {}
    for look in looks:
        key = (look.actor.unit, look.purpose, day_of(look.at), look.deferred_until)
        if look.fields == TEXTS and key in merged:
            row = merged[key]
            row["last"], row["times"] = look.at, row["times"] + 1
            row["said"] = text(
                "looks.sentence_times", unit=row["unit"], n=str(row["times"]), purpose=row["purpose"]
            )
            continue
        unit = cases.actor_name(look.actor, directory) or text("now.nobody_yet")
        named = [titles.get(name) or maybe(f"looks.{name}") or Text(name, name) for name in look.fields]
        what = _listed(named)
        chosen = purposes.get(look.purpose)
        purpose = (
            chosen.title if chosen else maybe(f"purpose.{look.purpose}") or Text(look.purpose, look.purpose)
        )
        row = {
            "at": look.at,
            "last": None,
            "times": 1,
            "unit": unit,
            "purpose": purpose,
            "said": text("looks.sentence", unit=unit, what=what, purpose=purpose),
            "until": look.deferred_until,
            "ground": look.ground,
            "approver": directory.name(look.approver) or text("now.nobody_yet"),
        }
        rows.append(row)
        if look.fields == TEXTS:
            merged[key] = row
    rows.reverse()
    return rows


def _listed(named: list[Text]) -> Text:
    """Name fields, many of which are questions, as the end of a sentence with one mark behind it."""
    said = ", ".join(each.en for each in named)
    names = (f"“{each.zh}”" if each.zh.endswith("？") else each.zh for each in named)
    return Text("、".join(names) + "。", said if said.endswith("?") else said + ".")
