"""Calls that broke off and calls to be returned: a list of the unit, sealed, emptied when it is done or has run out.

Who reads what a caller left is kept. Once there is a case, the person reads it among the looks at their case.
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.db.models import Q

from zhuoli.core.case.facts import Actor
from zhuoli.core.case.state import Case
from zhuoli.core.worktime.instants import DAY
from zhuoli.office.access import holder_role
from zhuoli.office.box import Box
from zhuoli.office.handle import Office
from zhuoli.office.masking import masked
from zhuoli.office.read import record_look
from zhuoli.store.keys import CASE, MasterKey
from zhuoli.store.models import CallLookRecord, CallRecord, LookRecord

KEPT = 7 * DAY
"""So long (ms) what was typed is kept; then it is emptied."""
LISTED = 200
LEFT, CALL_BACK = "call", "call_back"
"""What a look at a call is called among the looks at a case: the field, and what for."""


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A call in the list; ``ring`` is the masked number. Instants in ms UTC; ``ring_at`` None: a draft only."""

    id: str
    made: int
    scenario: str
    territory: str
    case: int | None
    ring: str
    ring_at: int | None


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What was typed and the number to call back; ``case`` is the case that the call is about, if there is one."""

    fields: dict[str, list[str]]
    ring: str
    case: int | None


def keep(
    master: MasterKey,
    key: str,
    *,
    unit: str,
    post: str,
    now: int,
    scenario: str,
    territory: str,
    fields: dict[str, list[str]],
    ring: str,
    ring_at: int | None,
    case: int | None = None,
) -> None:
    """Keep what was typed, or only the number to call back; the same form again replaces what was kept of it."""
    body = {"fields": fields, "ring": ring}
    CallRecord.objects.update_or_create(
        pk=key,
        defaults={
            "unit": unit,
            "post": post,
            "made": now,
            "scenario": scenario,
            "territory": territory,
            "case_id": case,
            "body": _box(master).seal(key, body),
            "ring_at": ring_at,
            "done": None,
            "done_by": "",
            "outcome": "",
        },
    )


def waiting(master: MasterKey, unit: str) -> list[Call]:
    """Return the calls of a unit that nobody has dealt with: those to be returned first, the earliest at the top."""
    found = CallRecord.objects.filter(unit=unit, done__isnull=True).order_by("ring_at", "made")[: LISTED + 1]
    calls = [_call(master, each) for each in found]
    return sorted(calls, key=lambda each: (each.ring_at is None, each.ring_at or -each.made))


def count(unit: str, now: int) -> int:
    """Return how many calls of a unit are to be returned by now; one statement."""
    return CallRecord.objects.filter(unit=unit, done__isnull=True, ring_at__lte=now)[:LISTED].count()


def open_call(master: MasterKey, key: str, *, unit: str, post: str, now: int) -> Opened | None:
    """Return what was typed and the number, and keep that this post has read it; None when there is nothing (any more)."""
    record = CallRecord.objects.filter(pk=key, unit=unit, done__isnull=True).first()
    if record is None or not record.body:
        return None
    CallLookRecord.objects.create(call_id=key, at=now, unit=unit, post=post)
    body: dict[str, Any] = _box(master).open(key, record.body)
    return Opened(fields=body["fields"], ring=body["ring"], case=record.case_id)


def tell_looks(office: Office, key: str, case: Case, *, last: bool = False) -> None:
    """Add who has read what a caller left to the looks at the case that came of it.

    ``last`` adds the latest only; without it nothing is added to a case that has such looks already.
    """
    found = CallLookRecord.objects.filter(call_id=key).order_by("-id")
    looks = list(found[:1] if last else found)
    told = LookRecord.objects.filter(case_id=case.id, purpose=CALL_BACK)
    if not looks or (not last and told.exists()):
        return
    party = case.parties.get(holder_role(case), CASE)
    for look in reversed(looks):
        actor = Actor(kind="post", unit=look.unit, post=look.post)
        record_look(office, case.id, party, (LEFT,), CALL_BACK, actor, at=look.at)


def finish(key: str, *, unit: str, post: str, now: int, outcome: str, case: int | None = None) -> bool:
    """Mark a call as dealt with and empty it; whether there was one."""
    changes: dict[str, Any] = {"done": now, "done_by": post, "outcome": outcome, "body": ""}
    if case is not None:
        changes["case_id"] = case
    return bool(CallRecord.objects.filter(pk=key, unit=unit, done__isnull=True).update(**changes))


def later(key: str, *, unit: str, ring_at: int) -> bool:
    """Put a call back off; whether there was one."""
    return bool(CallRecord.objects.filter(pk=key, unit=unit, done__isnull=True).update(ring_at=ring_at))


def sweep(now: int) -> int:
    """Empty what was kept too long; return how many calls that were."""
    old = CallRecord.objects.filter(~Q(body=""), made__lt=now - KEPT)
    return old.update(done=now, outcome="expired", body="")


def _call(master: MasterKey, record: CallRecord) -> Call:
    body = _box(master).open(record.pk, record.body) or {}
    return Call(
        id=record.pk,
        made=record.made,
        scenario=record.scenario,
        territory=record.territory,
        case=record.case_id,
        ring=masked("phone", str(body.get("ring", ""))),
        ring_at=record.ring_at,
    )


def _box(master: MasterKey) -> Box:
    return Box(master, "call")
