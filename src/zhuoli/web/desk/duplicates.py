"""Likely duplicates beside a case: why they are suggested, and one key that merges. The way back is offered at once.

Merging and splitting are the commands of the loop (``desk.act``); this module finds and shows, and offers to say that two
are not the same (``desk.apart``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from django.urls import reverse

from zhuoli.core.case import commands as c
from zhuoli.core.case.decide import decide
from zhuoli.core.case.facts import Actor, OtherCase
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import OPEN_STATUS, Case
from zhuoli.core.text import Text
from zhuoli.office import duplicates
from zhuoli.office.access import Denied, Viewer, permits, require_sight
from zhuoli.office.likeness import matter_of
from zhuoli.store.models import CaseRecord
from zhuoli.web import acts, door
from zhuoli.web.wording import text

MOST_PARTS = 10


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One suggestion as the template shows it; ``merge`` is the address of the command, empty when it cannot be given."""

    case: int
    receipt: str
    title: Text
    place: Text | None
    unit: Text | None
    status: str
    opened: int
    why: tuple[Text, ...]
    merge: str = ""
    into: str = ""
    seq: int = 0
    key: str = ""
    takes: bool = False


class Apart(msgspec.Struct, frozen=True, kw_only=True):
    """A case that was judged not to be the same matter: by whom, and when (ms UTC)."""

    case: int
    receipt: str
    who: Text | None
    at: int


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A case that was merged into this one, or this one into another: what it is, and the way back."""

    case: int
    receipt: str
    split: str
    seq: int
    key: str


def panel(viewer: Viewer, case: Case, lang: str) -> dict[str, Any]:
    """Return what the panel of a case shows. A case that is over has no suggestions."""
    actor = viewer.actor()
    apart = duplicates.not_same(case.id)
    found: list[Shown] = []
    if case.status in OPEN_STATUS:
        likely = suggestions(viewer, case, [each.other for each in apart])
        found = [_shown(each, case, actor, lang) for each in likely]
    into = None
    if case.status == "merged" and case.merged_into is not None:
        receipt = CaseRecord.objects.filter(pk=case.merged_into).values_list("receipt", flat=True).first()
        into = Part(
            case=case.merged_into,
            receipt=receipt or "",
            split=_split(case, actor, lang),
            seq=case.seq,
            key=acts.new_key(),
        )
    return {
        "suggestions": found,
        "into": into,
        "parts": _parts(case, actor, lang),
        "apart": _apart(viewer, apart),
        "apart_for": reverse("desk.apart", args=(lang, case.id))
        if duplicates.may_tell_apart(actor, case)
        else "",
        "shown_case": case.id,
        "undo_reason": text("duplicates.undo_reason").in_language("zh"),
        "merge_reason": text("duplicates.merge_reason").in_language("zh"),
    }


def suggestions(viewer: Viewer, case: Case, apart: Collection[int]) -> list[duplicates.Suggestion]:
    """Return the likely duplicates of a case that the viewer may see, without those that were told apart."""
    subject = matter_of(door.plan_of(case), case)
    pinned, places = door.office().library.pinned, door.places()
    return duplicates.suggest(subject, pinned, places, may_see(viewer), apart=apart)


def may_see(viewer: Viewer) -> Any:
    """Return the question whether the viewer may see a case."""
    directory = door.directory()

    def allowed(state: Case) -> bool:
        try:
            require_sight(viewer, state, directory)
        except Denied:
            return False
        return True

    return allowed


def _shown(each: duplicates.Suggestion, case: Case, actor: Actor, lang: str) -> Shown:
    """Show a suggestion; whichever of the two was raised later goes into the earlier one."""
    other = door.load(each.case)
    plan = door.plan_of(other)
    later, earlier = (other, case) if (other.opened, other.id) > (case.opened, case.id) else (case, other)
    merge = ""
    if each.open and _granted(later, earlier, actor):
        merge = reverse("desk.act", args=(lang, later.id, "merge"))
    return Shown(
        case=each.case,
        receipt=each.receipt,
        title=plan.scenario.title,
        place=door.places().full_name(each.territory, skip=2),
        unit=door.directory().name(each.unit) if each.unit else None,
        status=each.status,
        opened=each.opened,
        why=each.why,
        merge=merge,
        into=earlier.receipt,
        seq=later.seq,
        key=acts.new_key(),
        takes=later is other,
    )


def _apart(viewer: Viewer, judged: Iterable[duplicates.NotSame]) -> list[Apart]:
    """Return what was judged not to be the same, as far as the viewer may see it."""
    found: list[Apart] = []
    allowed, directory = may_see(viewer), door.directory()
    for each in judged:
        if len(found) == MOST_PARTS:
            break
        other = door.load(each.other)
        if not allowed(other):
            continue
        name = directory.name(each.unit) or Text(each.unit, each.unit)
        found.append(Apart(case=each.other, receipt=other.receipt, who=name, at=each.at))
    return found


def _granted(later: Case, earlier: Case, actor: Actor) -> bool:
    """Whether the core would grant the merge."""
    other = OtherCase(
        id=earlier.id,
        scenario=earlier.scenario,
        open=earlier.status in OPEN_STATUS,
        merged=earlier.status == "merged",
    )
    if not permits(actor, "merge"):
        return False
    facts = msgspec.structs.replace(door.facts(actor), other=other)
    try:
        decide(door.plan_of(later), later, c.Merge(into=earlier.id), facts)
    except Refusal:
        return False
    return True


def _split(case: Case, actor: Actor, lang: str) -> str:
    if not permits(actor, "split"):
        return ""
    try:
        decide(door.plan_of(case), case, c.Split(reason="."), door.facts(actor))
    except Refusal:
        return ""
    return reverse("desk.act", args=(lang, case.id, "split"))


def _parts(case: Case, actor: Actor, lang: str) -> list[Part]:
    rows = CaseRecord.objects.filter(merged_into=case.id).order_by("-ended")[:MOST_PARTS]
    found: list[Part] = []
    for row in rows:
        # Whoever may split the lead case's parts is the same circle; each is checked again when it is done.
        lead = actor.unit in (row.unit, row.dispatcher) and permits(actor, "split")
        split = reverse("desk.act", args=(lang, row.id, "split")) if lead else ""
        found.append(Part(case=row.id, receipt=row.receipt, split=split, seq=row.seq, key=acts.new_key()))
    return found
