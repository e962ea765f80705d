"""Is this the same matter as one that is open already? Found by place, time and what it is about; never by who raised it.

A suggestion is scored and says why it was made (``zhuoli.office.likeness``); a person decides. Who decides that two are
not the same says so once: the pair is kept with who and when, and is suggested on neither case again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from heapq import nlargest, nsmallest
from itertools import islice

import msgspec
from django.db import transaction
from django.db.models import Q

from zhuoli.core.case.facts import Actor
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.office.access import permits
from zhuoli.office.likeness import (
    LIKELY,
    WINDOW,
    Compared,
    Likeness,
    Matter,
    Said,
    compared,
    likeness,
    matter_by,
    rarity,
    said_of,
)
from zhuoli.places import Places
from zhuoli.store.codec import decode_state
from zhuoli.store.models import CaseRecord, NotSameRecord, ReferenceRecord, StateRecord

READ = 200
"""So many cases of one street, the nearest in time, are compared."""
SHOWN = 3
COMPARED = ("received", "accepted", "closed")


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """A case that may be the same matter; ``open`` says that it could take this one in."""

    case: int
    seq: int
    receipt: str
    scenario: str
    status: str
    territory: str
    unit: str
    opened: int
    open: bool
    score: float
    why: tuple[Text, ...]


class NotSame(msgspec.Struct, frozen=True, kw_only=True):
    """A judgement that a case is not the same matter as ``other``: by which post, when (ms UTC)."""

    other: int
    at: int
    unit: str
    post: str


def suggest(
    subject: Matter,
    plans: Callable[[str, str], Plan],
    places: Places,
    allowed: Callable[[Case], bool],
    *,
    apart: Collection[int] = (),
    most: int = SHOWN,
    alias: str = "default",
) -> list[Suggestion]:
    """Return the likely duplicates of a matter that the viewer may see, the likeliest first.

    ``plans`` gives the plan of a version and scenario; ``apart`` are the cases that were judged not to be the same
    (``not_same``). Seven statements, an eighth where it has a number of another system.
    """
    wanted = _candidates(subject, alias)
    if subject.numbers:
        wanted |= _same_number(subject, alias)
    wanted.discard(subject.case)
    wanted -= set(apart)
    plainly: dict[tuple[str, str], Compared] = {}
    found: list[tuple[Case, Matter, Said]] = []
    for state in StateRecord.objects.using(alias).filter(case_id__in=wanted).values_list("state", flat=True):
        case = decode_state(state)
        pinned = (case.version, case.scenario)
        if pinned not in plainly:
            plainly[pinned] = compared(plans(*pinned))
        matter = matter_by(plainly[pinned], case)
        found.append((case, matter, said_of(matter)))
    own = said_of(subject)
    rare = rarity([own, *(said for _, _, said in found)])

    def name(code: str) -> Text | None:
        place = places.get(code)
        return place.name if place is not None else None

    likely: list[tuple[Case, Likeness]] = []
    for case, matter, said in found:
        alike = likeness(subject, matter, name, rare, (own, said))
        if alike is not None and alike.score >= LIKELY:
            likely.append((case, alike))
    # Whether the viewer may see a case is asked of the few that would be shown only, the likeliest first.
    likely.sort(key=lambda each: (not _takes(each[0], subject), -each[1].score, -each[0].opened))
    seen = (_suggestion(case, alike, subject) for case, alike in likely if allowed(case))
    return list(islice(seen, most))


def may_tell_apart(actor: Actor, case: Case) -> bool:
    """Whether an actor may say of a case that it is not the same as another: the lead or the dispatcher, as for merging."""
    return permits(actor, "merge") and actor.unit in (case.unit, case.dispatcher)


def tell_apart(one: int, other: int, actor: Actor, now: int, *, alias: str = "default") -> NotSame:
    """Keep that two cases are not the same matter; whoever said so first stays named.

    Raises:
        ValueError: a case cannot be told apart from itself.
    """
    if one == other:
        raise ValueError(one)
    first, second = sorted((one, other))
    with transaction.atomic(using=alias):
        kept, _ = NotSameRecord.objects.using(alias).get_or_create(
            first=first, second=second, defaults={"at": now, "unit": actor.unit, "post": actor.post}
        )
    return _apart(kept, one)


def not_same(case: int, *, alias: str = "default") -> list[NotSame]:
    """Return what was judged not to be the same matter as a case, the latest first; one statement."""
    found = NotSameRecord.objects.using(alias).filter(Q(first=case) | Q(second=case)).order_by("-at", "-id")
    return [_apart(each, case) for each in found]


def _apart(record: NotSameRecord, case: int) -> NotSame:
    other = record.second if record.first == case else record.first
    return NotSame(other=other, at=record.at, unit=record.unit, post=record.post)


def _candidates(subject: Matter, alias: str) -> set[int]:
    """Return the numbers of the cases nearest in time: before and after, a half of them each.

    Each status is asked for by itself, so that the database walks along its index from the instant on and stops, however
    many cases lie in the street.
    """
    column, length = ("county", 6) if subject.point is not None else ("town", 9)
    if not subject.territory:
        return set()
    rows: list[tuple[int, int]] = []
    for status in COMPARED:
        near = CaseRecord.city_cases.using(alias).filter(
            **{column: subject.territory[:length]}, scenario=subject.scenario, status=status
        )
        before = near.filter(opened__gte=subject.at - WINDOW, opened__lte=subject.at).order_by("-opened")
        after = near.filter(opened__gt=subject.at, opened__lte=subject.at + WINDOW).order_by("opened")
        for each in (before, after):
            rows += each.values_list("id", "opened")[: READ // 2]
    before_it = nlargest(READ // 2, ((at, case) for case, at in rows if at <= subject.at))
    after_it = nsmallest(READ // 2, ((at, case) for case, at in rows if at > subject.at))
    return {case for _, case in (*before_it, *after_it)}


def _same_number(subject: Matter, alias: str) -> set[int]:
    numbers = [number for _, number in subject.numbers]
    held = ReferenceRecord.objects.using(alias).filter(number__in=numbers, case__status__in=COMPARED)
    rows = held.values_list("case_id", "system", "number")[:20]
    return {case for case, system, number in rows if (system, number) in subject.numbers}


def _takes(case: Case, subject: Matter) -> bool:
    """Whether the case could take the subject in."""
    return case.status != "closed" and case.scenario == subject.scenario


def _suggestion(case: Case, alike: Likeness, subject: Matter) -> Suggestion:
    return Suggestion(
        case=case.id,
        seq=case.seq,
        receipt=case.receipt,
        scenario=case.scenario,
        status=case.status,
        territory=case.territory,
        unit=case.unit,
        opened=case.opened,
        open=_takes(case, subject),
        score=alike.score,
        why=alike.why,
    )
