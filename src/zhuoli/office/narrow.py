"""What a list of the inbox can be narrowed to; the same condition in SQL for lists and in Python for counts.

All of it are closed choices about cases, places and clocks: nothing asks for a person.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

import msgspec
from django.db.models import Case as Choice
from django.db.models import Exists, ExpressionWrapper, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from zhuoli.core.worktime import clock
from zhuoli.office.access import Viewer
from zhuoli.office.search import having
from zhuoli.store.models import TaskRecord

Colour = Literal["green", "amber", "red", "stopped", "none"]
Whose = Literal["", "mine", "free", "taken"]
Age = Literal["", "day", "week", "month"]

COLOURS: tuple[Colour, ...] = get_args(Colour)
AGES: dict[str, int] = {"day": 86_400_000, "week": 7 * 86_400_000, "month": 30 * 86_400_000}
"""Raised longer ago than so many ms."""
LAST = 9_000_000_000_000_000
"""Stands for “no date” in the order: such rows come last."""
JOINT = ("loop.sign_for:", "loop.contribute:")

_NEAREST = Coalesce(F("promised"), F("due"))
ORDER = Coalesce(F("promised"), F("due"), Value(LAST))


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is narrowed to; ``place`` is a code prefix (city 4, county 6, town 9 digits), ``words`` plain words."""

    scenario: str = ""
    place: str = ""
    colour: Colour | Literal[""] = ""
    priority: str = ""
    joint: bool = False
    whose: Whose = ""
    age: Age = ""
    words: str = ""


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What a count knows of a task and its case; instants in ms UTC."""

    case: int
    item: str
    post: str
    since: int
    due: int | None
    promised: int | None
    stopped: bool
    scenario: str = ""
    county: str = ""
    town: str = ""
    city: str = ""
    priority: str = ""
    opened: int = 0
    joint: bool = False


def colour_of(due: int | None, promised: int | None, stopped: bool, since: int, now: int) -> Colour:
    """Return the colour of a row's clock: the promised time counts, else the statutory one."""
    if stopped:
        return "stopped"
    nearest = promised if promised is not None else due
    return "none" if nearest is None else clock(nearest, since, now)


def on_task(narrowed: Filter, viewer: Viewer) -> Q:
    """Return the part of the condition that picks tasks within a case."""
    if narrowed.whose == "mine":
        return Q(post=viewer.post)
    if narrowed.whose == "free":
        return Q(post="")
    if narrowed.whose == "taken":
        return ~Q(post="") & ~Q(post=viewer.post)
    return Q()


def on_case(narrowed: Filter, now: int, prefix: str) -> Q:
    """Return the part that is about the case; ``prefix`` leads to its columns (``case__`` from a task)."""
    column = f"{prefix}id" if not prefix else "case_id"
    found = Q()
    if narrowed.scenario:
        found &= Q(**{f"{prefix}scenario": narrowed.scenario})
    if narrowed.place:
        level = {4: "city", 6: "county", 9: "town"}.get(len(narrowed.place), "territory")
        found &= Q(**{f"{prefix}{level}": narrowed.place})
    if narrowed.priority:
        found &= Q(**{f"{prefix}priority": narrowed.priority})
    if narrowed.age:
        found &= Q(**{f"{prefix}opened__lte": now - AGES[narrowed.age]})
    if narrowed.joint:
        found &= Q(is_joint(column))
    if narrowed.words.strip():
        found &= having(narrowed.words, column)
    return found


def is_joint(column: str) -> Exists:
    """Return the condition that another unit takes part in the case that ``column`` names."""
    asked = Q(item__startswith=JOINT[0]) | Q(item__startswith=JOINT[1])
    return Exists(TaskRecord.objects.filter(asked, case_id=OuterRef(column), state="active"))


def on_clock(colour: str, now: int) -> Q:
    """Return the condition that a row's clock has a colour, on the columns of ``clock_columns``.

    The same rule as ``core.worktime.clock``: red after the nearest instant, amber in the last quarter before.
    """
    if not colour:
        return Q()
    if colour == "stopped":
        return Q(stopped=True)
    if colour == "none":
        return Q(stopped=False, promised__isnull=True, due__isnull=True)
    running = Q(stopped=False) & (Q(promised__isnull=False) | Q(due__isnull=False))
    if colour == "red":
        return running & Q(nearest__lt=now)
    ahead = running & Q(nearest__gte=now)
    return ahead & (Q(amber_from__lte=now) if colour == "amber" else Q(amber_from__gt=now))


def clock_columns(since: F | Coalesce) -> dict[str, Any]:
    """Return the computed columns that ``on_clock`` looks at."""
    length = _NEAREST - since
    quarter = Choice(
        When(Q(nearest__gt=since), then=length / 4), default=Value(0), output_field=IntegerField()
    )
    return {"nearest": _NEAREST, "amber_from": ExpressionWrapper(F("nearest") - quarter, IntegerField())}


def fits(seen: Seen, narrowed: Filter, viewer: Viewer, now: int) -> bool:
    """Whether a task that was read for counting fits; words are never counted."""
    if narrowed.scenario and seen.scenario != narrowed.scenario:
        return False
    if narrowed.place and narrowed.place not in (seen.city, seen.county, seen.town):
        return False
    if narrowed.priority and seen.priority != narrowed.priority:
        return False
    if narrowed.age and seen.opened > now - AGES[narrowed.age]:
        return False
    if narrowed.joint and not seen.joint:
        return False
    if not fits_task(seen.post, narrowed.whose, viewer):
        return False
    colour = colour_of(seen.due, seen.promised, seen.stopped, seen.since, now)
    return not narrowed.colour or colour == narrowed.colour


def fits_task(post: str, whose: Whose, viewer: Viewer) -> bool:
    """Whether a task is whose it should be."""
    return {
        "": True,
        "mine": post == viewer.post,
        "free": not post,
        "taken": bool(post) and post != viewer.post,
    }[whose]
