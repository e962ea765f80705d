"""What a commander sees: how many matters each unit and place has by the colour of their clocks, and what needs an order.

Everything is counted from the rows, in a fixed number of statements, however many cases there are. Which cases a
post may count is ``reach.reach``; this module adds no right of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from zhuoli.core.case.state import OPEN_STATUS
from zhuoli.office.reach import Reach
from zhuoli.store.models import CaseRecord, EntryRecord, TaskRecord

Colour = Literal["red", "amber", "green", "stopped", "none"]
COLOURS: tuple[Colour, ...] = ("red", "amber", "green", "stopped", "none")
Column = Literal["city", "county", "town", "territory"]
Why = Literal[
    "statutory",
    "promised",
    "untriaged",
    "unaccepted",
    "escalated",
    "unanswered",
    "unsigned",
    "soon",
    "urged",
    "unclaimed",
    "reopened",
    "urgent",
    "was_late",
]

DECIDED = 400
"""So many cases in trouble are looked at; what lies behind is counted, not listed."""
IMPATIENT = 2
"""So many urges make a matter that nobody has taken one to decide about."""
SIGNED_WITHIN = 24 * 3_600_000
"""How long (ms) a joint unit may take to sign before somebody should ask."""
LAST = 9_000_000_000_000_000
"""Stands for “no date” in the order."""
EXPLAINS = 9

_OURS = frozenset({"untriaged", "escalated", "unanswered"})
"""Reasons that ask us, even while the responsible unit has an order to answer."""


class Group(msgspec.Struct, frozen=True):
    """How many open cases a unit has in a place, by the colour of their clocks."""

    unit: str
    place: str
    colour: Colour
    number: int


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One reason why a case needs a decision: since or until ``at`` (ms UTC), ``number`` of times, by ``unit``.

    ``weight`` is 0 for what the law or an emergency demands, 1 for a broken promise or what was brought before us, 2 for
    a promise about to break, 3 for impatience, ``EXPLAINS`` for what only adds to another reason.
    """

    weight: int
    why: Why
    at: int | None = None
    number: int = 0
    unit: str = ""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """A case that needs an order now, with every reason, the weightiest first (its weight is the case's)."""

    case: int
    seq: int
    scenario: str
    version: str
    territory: str
    unit: str
    priority: str
    colour: Colour
    due: int | None
    weight: int
    reasons: tuple[Reason, ...]


class Decisions(msgspec.Struct, frozen=True):
    """What needs a decision, what goes wrong first at the top; ``waiting`` have an order that is still in time."""

    found: tuple[Decision, ...]
    waiting: int
    more: bool


def cases_of(reach: Reach, place: str = "") -> QuerySet[CaseRecord]:
    """Return the cases of a board, narrowed to a place (a prefix of 4, 6, 9 or 12 digits)."""
    if reach.dispatcher:
        found = CaseRecord.city_cases.filter(dispatcher=reach.dispatcher)
        city = reach.territory[:4]
        if city and not city.endswith("00"):
            found = found.filter(city=city)  # said twice, because there is an index by city
    elif len(reach.outside) < len(reach.units):
        # The province: a list of the few that are not below it is five times as fast as one of thousands.
        found = CaseRecord.city_cases.exclude(unit__in=reach.outside | {""})
    else:
        found = CaseRecord.city_cases.filter(unit__in=reach.units)
    if place:
        found = found.filter(**{column_of(place): place})
    return found


def column_of(place: str) -> Column:
    """Return the column that holds a prefix of this length."""
    columns: dict[int, Column] = {4: "city", 6: "county", 9: "town"}
    return columns.get(len(place), "territory")


def last_entry() -> int:
    """Return the number of the newest entry of the ledger: while it stays the same, nothing was done to any case."""
    found = EntryRecord.objects.order_by("-position").values_list("position", flat=True).first()
    return found or 0


def open_of(cases: QuerySet[CaseRecord], now: int) -> QuerySet[CaseRecord, Any]:
    """Return the open ones with ``instant`` (to which their clock runs) and ``colour`` (as everywhere else).

    Before acceptance there is no clock of the whole case; then the one of taking it up counts, or, before there is one,
    that of sending it to somebody. A case may have both: each is joined by itself, so that it is one row.
    """
    found = cases.filter(status__in=sorted(OPEN_STATUS)).annotate(
        taken=FilteredRelation("tasks", condition=Q(tasks__item="loop.accept")),
        given=FilteredRelation("tasks", condition=Q(tasks__item="loop.triage")),
    )
    found = found.annotate(
        instant=Case(
            When(stopped=True, then=None),
            default=Coalesce(
                "promised", "due", "taken__promised", "taken__due", "given__promised", "given__due"
            ),
            output_field=BigIntegerField(null=True),
        ),
        begun=Case(
            When(Q(promised__isnull=False) | Q(due__isnull=False), then=Coalesce("accepted", "opened")),
            default=Coalesce("taken__since", "given__since", "opened"),
            output_field=BigIntegerField(),
        ),
    )
    return found.annotate(
        colour=Case(
            When(Q(stopped=True) | Q(taken__stopped=True) | Q(given__stopped=True), then=Value("stopped")),
            When(instant__isnull=True, then=Value("none")),
            When(instant__lt=now, then=Value("red")),
            When(instant__lte=now + (F("instant") - F("begun")) / 4, then=Value("amber")),
            default=Value("green"),
            output_field=CharField(),
        )
    )


def counts(cases: QuerySet[CaseRecord], column: Column, now: int) -> list[Group]:
    """Count the open cases by unit, place and colour, in one statement."""
    found = open_of(cases, now).values_list("unit", column, "colour").annotate(number=Count("id"))
    return [Group(unit, place, colour, number) for unit, place, colour, number in found.order_by()]


def decisions(cases: QuerySet[CaseRecord], unit: str, now: int) -> Decisions:
    """Return what needs an order from a post of ``unit``, in two statements.

    A case with an order that is still to be answered in time needs none; it is counted as waiting.
    """
    read = list(
        open_of(cases, now)
        .filter(
            Q(colour__in=("red", "amber"))
            | Q(late=True)
            | Q(urges__gte=IMPATIENT)
            | Exists(_asking(unit, now).filter(case_id=OuterRef("id")))
        )
        .order_by("-late_statutory", Coalesce("instant", Value(LAST)), "id")[: DECIDED + 1]
    )
    rows = {row.id: row for row in read[:DECIDED]}
    tasks: dict[int, list[TaskRecord]] = {number: [] for number in rows}
    for task in TaskRecord.objects.filter(case_id__in=rows, state="active").order_by("case_id", "item"):
        tasks[task.case_id].append(task)
    found: list[Decision] = []
    waiting = 0
    for row in rows.values():
        reasons = _reasons(row, tasks[row.id], unit, now)
        if not reasons or reasons[0].weight == EXPLAINS:
            continue
        if _ordered(tasks[row.id], now) and not any(reason.why in _OURS for reason in reasons):
            waiting += 1
            continue
        found.append(
            Decision(
                case=row.id,
                seq=row.seq,
                scenario=row.scenario,
                version=row.version,
                territory=row.territory,
                unit=row.unit,
                priority=row.priority,
                colour=row.colour,
                due=row.instant,
                weight=reasons[0].weight,
                reasons=tuple(reasons),
            )
        )
    found.sort(key=lambda each: (each.weight, LAST if each.due is None else each.due, each.case))
    return Decisions(tuple(found), waiting, len(read) > DECIDED)


def _asking(unit: str, now: int) -> QuerySet[TaskRecord]:
    """Tasks that ask for an order whatever the case's own clock says."""
    mine = Q(unit=unit) & (Q(item="loop.triage") | Q(item__startswith="loop.escalation:"))
    unanswered = Q(item__startswith="loop.supervision:") & (
        Q(promised__lt=now) | Q(promised__isnull=True, due__lt=now)
    )
    unsigned = Q(item__startswith="loop.sign_for:", since__lt=now - SIGNED_WITHIN)
    return TaskRecord.city_cases.filter(mine | unanswered | unsigned, state="active")


def _reasons(row: Any, tasks: Sequence[TaskRecord], unit: str, now: int) -> list[Reason]:
    """Return why a case needs a decision, the weightiest first; those of weight ``EXPLAINS`` only add to it."""
    found: list[Reason] = []
    unclaimed = _unclaimed(row.unit, tasks)
    if row.priority == "urgent" and row.status == "received":
        found.append(Reason(weight=0, why="urgent", at=row.opened))
    over = row.late_statutory and row.due is not None and row.due < now
    if over:
        found.append(Reason(weight=0, why="statutory", at=row.due))
    elif row.late_statutory:
        # A limit that has passed stays passed; but a case that was begun again, or waits, has another one by now.
        found.append(Reason(weight=EXPLAINS, why="was_late"))
    if not over and row.colour == "red" and row.status == "accepted":
        found.append(Reason(weight=1, why="promised", at=row.instant))
    for task in tasks:
        name = task.item.partition(":")[0]
        if name == "loop.triage":
            found.append(Reason(weight=1, why="untriaged", at=task.since))
        elif name == "loop.accept" and row.colour == "red":
            found.append(Reason(weight=1, why="unaccepted", at=row.instant))
        elif name == "loop.escalation" and task.unit == unit:
            found.append(Reason(weight=1, why="escalated", at=task.since))
        elif name == "loop.supervision" and _instant(task) < now:
            found.append(Reason(weight=1, why="unanswered", at=_instant(task)))
        elif name == "loop.sign_for" and task.since < now - SIGNED_WITHIN:
            found.append(Reason(weight=3, why="unsigned", at=task.since, unit=task.unit))
    if row.colour == "amber" and unclaimed:
        found.append(Reason(weight=2, why="soon", at=row.instant))
    if row.urges:
        asks = unclaimed and row.urges >= IMPATIENT
        found.append(Reason(weight=3 if asks else EXPLAINS, why="urged", number=row.urges))
    if unclaimed:
        found.append(Reason(weight=EXPLAINS, why="unclaimed"))
    if row.reopenings:
        found.append(Reason(weight=EXPLAINS, why="reopened", number=row.reopenings))
    return sorted(found, key=lambda reason: reason.weight)


def _unclaimed(unit: str, tasks: Sequence[TaskRecord]) -> bool:
    """Whether the responsible unit has work of the plan to do and nobody there has taken any of it."""
    work = [
        task
        for task in tasks
        if unit and task.unit == unit and (not task.item.startswith("loop.") or task.item == "loop.close")
    ]
    return bool(work) and not any(task.post or task.started for task in work)


def _ordered(tasks: Sequence[TaskRecord], now: int) -> bool:
    """Whether the responsible unit has an order to answer that is still in time."""
    return any(task.item.startswith("loop.supervision:") and _instant(task) >= now for task in tasks)


def _instant(task: TaskRecord) -> int:
    """Return the instant to which a task's clock runs; ``LAST`` where it has none or stands still."""
    instant = task.promised if task.promised is not None else task.due
    return LAST if instant is None else instant
