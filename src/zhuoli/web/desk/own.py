"""The office's own cases behind the one that a model has opened: told as far as whoever reads may see them."""

from __future__ import annotations

from typing import Any

import msgspec
from django.conf import settings
from django.urls import reverse

from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.lake.behind import behind
from zhuoli.office.access import Viewer, require_sight
from zhuoli.office.errors import OfficeError
from zhuoli.store.codec import decode_state
from zhuoli.store.models import StateRecord
from zhuoli.web import cases, door
from zhuoli.web.registers.known import registers


class Own(msgspec.Struct, frozen=True, kw_only=True):
    """One case: what, when it was raised, how it ended; ``url`` is empty where the reader may not see it."""

    title: Text
    subject: Text | None
    receipt: str
    at: int
    result: Text | None
    url: str


def own_cases(plan: Plan, case: Case, viewer: Viewer, lang: str) -> list[dict[str, Any]]:
    """Return, register by register, the cases that were handled here about what a model has found."""
    query = plan.scenario.query
    if query is None:
        return []
    told: list[dict[str, Any]] = []
    for each in behind(settings.ENVIRONMENT.data / "lake", registers(), query, case.answers):
        rows = StateRecord.objects.filter(case_id__in=each.cases).values_list("case_id", "state")
        states = {number: decode_state(state) for number, state in rows}
        found = [_own(states[number], viewer, lang) for number in each.cases if number in states]
        told.append({"title": each.register.title, "cases": found, "all": each.all})
    return told


def _own(case: Case, viewer: Viewer, lang: str) -> Own:
    plan = door.plan_of(case)
    results = plan.scenario.closing.results
    try:
        require_sight(viewer, case, door.directory())
        url = reverse("desk.case", args=(lang, case.id))
    except OfficeError:
        url = ""
    return Own(
        title=plan.scenario.title,
        subject=cases.subject(plan, case),
        receipt=case.receipt if url else "",
        at=case.opened,
        result=results[case.result].title if case.result in results else None,
        url=url,
    )
