"""Shift hand-over: what changed in a shift, what the outgoing post adds in words, and who has signed for it.

What changed comes from the rows. A hand-over is never altered: whoever has more to say writes another one. Nothing is counted by
post or person.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import msgspec
from django.db import IntegrityError, transaction

from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_of, local
from zhuoli.core.worktime.instants import DAY, HOUR
from zhuoli.office.box import Box
from zhuoli.office.errors import OfficeError
from zhuoli.store.keys import MasterKey
from zhuoli.store.models import CaseRecord, HandoverRecord, HandoverSignRecord, ShiftRecord, TaskRecord

Kind = Literal["new", "late", "orders", "waiting", "suspended"]
KINDS: tuple[Kind, ...] = ("new", "late", "orders", "waiting", "suspended")
USUAL = ("08:30", "17:30")
"""When shifts begin where a unit has said nothing else."""
READ = 2000
"""So many tasks of a unit are looked at."""
LISTED = 15
"""So many cases of each kind are listed, what goes wrong first; the rest is a number."""
LONGEST = 3 * DAY
"""A shift is never taken to be longer (ms)."""
MOST_WORDS, MOST_NOTE = 4000, 500

_NEW = ("loop.triage", "loop.accept")
_ORDERS = ("loop.supervision", "loop.escalation")


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """What a unit has at the end of a shift: cases by kind (at most ``LISTED`` each), and how many there are."""

    cases: dict[Kind, list[int]]
    counts: dict[Kind, int]


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """One case in a hand-over: why it is there (empty: somebody put it in), and what was said of it."""

    case: int
    receipt: str
    kind: str
    words: str


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """A hand-over as it is read. Instants in ms UTC; ``signed`` is None while nobody has signed for it."""

    id: int
    unit: str
    post: str
    shift_from: int
    made: int
    words: str
    counts: dict[str, int]
    notes: list[Note]
    signed: int | None
    signed_by: str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A hand-over in a list."""

    id: int
    post: str
    shift_from: int
    made: int
    signed: int | None
    signed_by: str


def begins(unit: str) -> tuple[str, ...]:
    """Return the times at which a unit's shifts usually begin."""
    found = ShiftRecord.objects.filter(pk=unit).values_list("begins", flat=True).first()
    return tuple(found) if found else USUAL


def set_begins(unit: str, times: Iterable[str]) -> None:
    """Set the times at which a unit's shifts usually begin (``HH:MM``; none: the usual ones)."""
    ShiftRecord.objects.update_or_create(pk=unit, defaults={"begins": sorted(set(times))})


def shift_began(unit: str, now: int) -> int:
    """Return when the present shift probably began: the last hand-over or the last usual time, whichever is later.

    A hand-over of the last hour is the end of the shift before the one that is being handed over now, if at all.
    """
    last = HandoverRecord.objects.filter(unit=unit, made__lt=now - HOUR).order_by("-made").first()
    usual = _last_time(begins(unit), now - HOUR)
    return max(usual, last.made if last else 0, now - LONGEST)


def _last_time(times: tuple[str, ...], now: int) -> int:
    moment = local(now)
    found = []
    for back in (0, 1):
        for each in times:
            hour, minute = each.split(":")
            at = moment.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
            found.append(instant_of(at) - back * DAY)
    return max((each for each in found if each <= now), default=now - DAY)


def changed(unit: str, since: int, now: int) -> Changed:
    """Return what is new, late, ordered, waiting or suspended in a unit; three statements."""
    cases: dict[Kind, dict[int, int]] = {kind: {} for kind in KINDS}
    tasks = TaskRecord.city_cases.filter(unit=unit, state="active").order_by("due", "case_id")
    for case, item, began, due, promised, stopped in tasks.values_list(
        "case_id", "item", "since", "due", "promised", "stopped"
    )[:READ]:
        nearest = promised if promised is not None else due
        name = item.partition(":")[0]
        if name in _ORDERS:
            cases["orders"].setdefault(case, began)
        elif name in _NEW and began >= since:
            cases["new"].setdefault(case, began)
        if nearest is not None and nearest < now and not stopped:
            cases["late"].setdefault(case, nearest)
    held = dict(
        CaseRecord.city_cases.filter(unit=unit, status="accepted", stopped=True).values_list("id", "opened")[
            :READ
        ]
    )
    asked = set(
        TaskRecord.city_cases.filter(
            item="loop.supplement", state="active", case_id__in=list(held)[:500]
        ).values_list("case_id", flat=True)
    )
    for case, opened in held.items():
        cases["waiting" if case in asked else "suspended"][case] = opened
    return Changed(
        cases={
            kind: [case for case, _ in sorted(found.items(), key=lambda pair: pair[1])][:LISTED]
            for kind, found in cases.items()
        },
        counts={kind: len(found) for kind, found in cases.items()},
    )


def write(
    master: MasterKey,
    *,
    key: str,
    unit: str,
    post: str,
    shift_from: int,
    now: int,
    words: str,
    counts: dict[str, int],
    notes: Iterable[Note],
) -> int:
    """Keep a hand-over and return its number; the same key again is the same hand-over."""
    body = {"words": words, "counts": counts, "notes": [msgspec.structs.asdict(each) for each in notes]}
    try:
        with transaction.atomic():
            made = HandoverRecord.objects.create(
                unit=unit,
                post=post,
                shift_from=shift_from,
                made=now,
                body=_box(master).seal(key, body),
                key=key,
            )
            return int(made.pk)
    except IntegrityError:
        found = HandoverRecord.objects.filter(key=key, unit=unit).values_list("pk", flat=True).first()
        if found is None:
            raise
        return int(found)


def read(master: MasterKey, number: int, unit: str) -> Handover | None:
    """Return a hand-over of a unit; None when there is no such one."""
    record = HandoverRecord.objects.filter(pk=number, unit=unit).select_related("signed").first()
    if record is None:
        return None
    body: dict[str, Any] = _box(master).open(record.key, record.body)
    signed = getattr(record, "signed", None)
    return Handover(
        id=record.pk,
        unit=record.unit,
        post=record.post,
        shift_from=record.shift_from,
        made=record.made,
        words=body["words"],
        counts=body["counts"],
        notes=[Note(**each) for each in body["notes"]],
        signed=signed.at if signed else None,
        signed_by=signed.post if signed else "",
    )


def sign(number: int, unit: str, post: str, now: int) -> None:
    """Sign for a hand-over as a post of the next shift; a second time changes nothing.

    Raises:
        OfficeError: ``own_handover`` (nobody signs for their own), ``signed_before``, ``no_handover``.
    """
    record = HandoverRecord.objects.filter(pk=number, unit=unit).first()
    if record is None:
        raise OfficeError(
            "no_handover",
            Text("本单位没有这份交接班记录。", "Your unit has no such hand-over."),
            Text("请从交接班页面打开。", "Open it from the hand-over page."),
        )
    if record.post == post:
        raise OfficeError(
            "own_handover",
            Text("自己写的交接班记录不能自己签收。", "Nobody signs for a hand-over of their own."),
            Text("请由接班的岗位签收。", "The post that takes over signs for it."),
        )
    kept, made = HandoverSignRecord.objects.get_or_create(handover=record, defaults={"post": post, "at": now})
    if not made and kept.post != post:
        raise OfficeError(
            "signed_before",
            Text("这份交接班记录已由另一个岗位签收。", "Another post has signed for this hand-over already."),
            Text("一次就够。", "Once is enough."),
        )


def waiting(unit: str, post: str, most: int = 5) -> list[Line]:
    """Return the hand-overs of a unit that somebody else wrote and nobody has signed for, newest first; one statement."""
    found = HandoverRecord.objects.filter(unit=unit, signed__isnull=True).exclude(post=post)
    return [_line(each) for each in found.order_by("-made")[:most]]


def history(unit: str, most: int = 30) -> list[Line]:
    """Return the hand-overs of a unit, newest first; one statement."""
    found = HandoverRecord.objects.filter(unit=unit).select_related("signed").order_by("-made", "-id")
    return [_line(each) for each in found[:most]]


def _line(record: HandoverRecord) -> Line:
    signed = getattr(record, "signed", None)
    return Line(
        id=record.pk,
        post=record.post,
        shift_from=record.shift_from,
        made=record.made,
        signed=signed.at if signed else None,
        signed_by=signed.post if signed else "",
    )


def _box(master: MasterKey) -> Box:
    return Box(master, "handover")
