"""What is asked of a unit now, one row for each case, sorted by what goes wrong first, in a fixed number of statements.

Lists are read by keyset (the last row's place in the order), never by counting or skipping rows. The counts of
the queues come from bounded reads: past ``COUNTED`` tasks they say “more than”.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import msgspec
from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce

from zhuoli.office import narrow
from zhuoli.office.access import Viewer, above, only_own_tasks
from zhuoli.office.directory import FrozenDirectory
from zhuoli.office.narrow import LAST, ORDER, Filter, Seen, colour_of
from zhuoli.store.models import CaseRecord, TaskRecord

COUNTED = 2000
"""So many tasks are read for the counts."""
PAGE = 50

Queue = Literal["all", "mine", "new", "work", "joint", "orders", "review", "person", "answered", "below"]

TASK_QUEUES: tuple[Queue, ...] = ("all", "mine", "new", "work", "joint", "orders", "review")
CASE_QUEUES: tuple[Queue, ...] = ("person", "answered")
SUPERVISOR_QUEUES: tuple[Queue, ...] = ("below",)

_ORDERS = ("loop.supervision", "loop.escalation")
_NEW = ("loop.triage", "loop.accept")
_TASK = ("case_id", "item", "post", "since", "due", "promised", "stopped")
_OF_CASE = ("scenario", "county", "town", "city", "priority", "opened")
_SINCE = Coalesce(F("accepted"), F("opened"))


class BadCursor(Exception):
    """The place in a list that was asked for cannot be one."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a list: a case, and for task queues the task; instants in ms UTC."""

    case: int
    receipt: str
    scenario: str
    version: str
    territory: str
    status: str
    stage: str
    unit: str
    priority: str
    urges: int
    reopenings: int
    level: int
    opened: int
    item: str
    post: str
    since: int
    due: int | None
    promised: int | None
    stopped: bool


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page of rows; ``after`` is the cursor of the next page, empty at the end."""

    rows: list[Row]
    after: str


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """How many cases a queue has, by the colour of their clocks; ``more`` when not all could be counted."""

    total: int
    colours: dict[str, int]
    more: bool


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of all queues of a post, and of its saved views in their order (None: not counted)."""

    queues: dict[Queue, Count]
    views: list[Count | None]


def queues(viewer: Viewer) -> tuple[Queue, ...]:
    """Return the queues that a post has."""
    if only_own_tasks(viewer):
        return ("all", "mine")
    more = SUPERVISOR_QUEUES if viewer.holds("supervisor") or viewer.holds("dispatcher") else ()
    return (*TASK_QUEUES, *CASE_QUEUES, *more)


def counts(
    viewer: Viewer,
    directory: FrozenDirectory,
    now: int,
    views: Iterable[tuple[Queue, Filter]] = (),
) -> Counts:
    """Return how much is in each queue and each saved view, in two statements (three for those who supervise).

    A view of a case queue, or one that looks for words, is not counted.
    """
    wanted = list(views)
    read, more = _read_tasks(viewer, wide=bool(wanted), joint=any(each.joint for _, each in wanted))
    found: dict[Queue, Count] = {
        queue: _count((each for each in read if _belongs(each, queue, viewer)), now, more)
        for queue in TASK_QUEUES
    }
    found |= _count_cases(viewer, directory, now)
    told = [
        _count((each for each in read if _belongs(each, queue, viewer)), now, more, narrowed, viewer)
        if queue in TASK_QUEUES and not narrowed.words
        else None
        for queue, narrowed in wanted
    ]
    return Counts(queues=found, views=told)


def page(
    viewer: Viewer,
    directory: FrozenDirectory,
    queue: Queue,
    *,
    now: int,
    after: str = "",
    narrowed: Filter | None = None,
    size: int = PAGE,
    only: Sequence[int] = (),
) -> Page:
    """Return one page of a queue (of some cases ``only``, if given), in two statements.

    Raises:
        BadCursor: ``after`` is not a cursor that this function has given.
    """
    narrowed = narrowed or Filter()
    if queue in TASK_QUEUES:
        return _task_page(viewer, queue, now, after, narrowed, size, only)
    return _case_page(viewer, directory, queue, now, after, narrowed, size, only)


def _task_page(
    viewer: Viewer, queue: Queue, now: int, after: str, narrowed: Filter, size: int, only: Sequence[int]
) -> Page:
    """A case has one row, that of its first task; the cases of a page come in a statement of their own."""
    wanted = _of_queue(queue, viewer) & narrow.on_task(narrowed, viewer)
    found = TaskRecord.city_cases.filter(_of_unit(viewer), wanted).annotate(place_in_order=ORDER)
    if only:
        found = found.filter(case_id__in=only)
    # The unit is hidden in an expression, so that the database looks among the case's few tasks, not the unit's many.
    earlier = TaskRecord.objects.filter(case_id=OuterRef("case_id")).annotate(
        theirs=ORDER, whose_unit=Coalesce(F("unit"), Value(""), output_field=TextField())
    )
    earlier = earlier.filter(_of_unit(viewer, "whose_unit"), wanted)
    before = Q(theirs__lt=OuterRef("place_in_order"))
    before |= Q(theirs=OuterRef("place_in_order"), item__lt=OuterRef("item"))
    found = found.filter(~Exists(earlier.filter(before)))
    found = found.annotate(**narrow.clock_columns(F("since")))
    found = found.filter(narrow.on_case(narrowed, now, "case__"), narrow.on_clock(narrowed.colour, now))
    if after:
        order, last, item = _read_cursor(after)
        found = found.filter(
            Q(place_in_order__gt=order)
            | Q(place_in_order=order, case_id__gt=last)
            | Q(place_in_order=order, case_id=last, item__gt=item)
        )
    read = list(found.order_by("place_in_order", "case_id", "item").values_list(*_TASK)[: size + 1])
    tasks = [Seen(**dict(zip(("case", *_TASK[1:]), each, strict=True))) for each in read]
    cases = CaseRecord.objects.in_bulk([each.case for each in tasks[:size]])
    rows = [_task_row(each, cases[each.case]) for each in tasks[:size] if each.case in cases]
    return Page(rows=rows, after=_cursor(rows[-1]) if rows and len(tasks) > size else "")


def _case_page(
    viewer: Viewer,
    directory: FrozenDirectory,
    queue: Queue,
    now: int,
    after: str,
    narrowed: Filter,
    size: int,
    only: Sequence[int],
) -> Page:
    found = _cases(viewer, directory, queue).annotate(place_in_order=ORDER)
    if only:
        found = found.filter(id__in=only)
    found = found.annotate(**narrow.clock_columns(_SINCE))
    found = found.filter(narrow.on_case(narrowed, now, ""), narrow.on_clock(narrowed.colour, now))
    if after:
        order, last, _ = _read_cursor(after)
        found = found.filter(Q(place_in_order__gt=order) | Q(place_in_order=order, id__gt=last))
    read = list(found.order_by("place_in_order", "id")[: size + 1])
    rows = [_case_row(each) for each in read[:size]]
    return Page(rows=rows, after=_cursor(rows[-1]) if len(read) > size else "")


def _read_tasks(viewer: Viewer, *, wide: bool, joint: bool) -> tuple[list[Seen], bool]:
    """Read a bounded number of the unit's tasks; ``wide`` with what saved views look at."""
    found = TaskRecord.city_cases.filter(_of_unit(viewer))
    columns: list[str] = list(_TASK)
    names = ["case", *_TASK[1:]]
    if wide:
        columns += [f"case__{name}" for name in _OF_CASE]
        names += _OF_CASE
    if joint:
        found = found.annotate(joint=narrow.is_joint("case_id"))
        columns.append("joint")
        names.append("joint")
    read = list(found.values_list(*columns)[: COUNTED + 1])
    return [Seen(**dict(zip(names, each, strict=True))) for each in read[:COUNTED]], len(read) > COUNTED


def _count(
    read: Iterable[Seen],
    now: int,
    more: bool,
    narrowed: Filter | None = None,
    viewer: Viewer | None = None,
) -> Count:
    """Count cases, each by its first task, as the lists show them."""
    first: dict[int, tuple[int, str, Seen]] = {}
    for each in read:
        if narrowed and viewer and not narrow.fits_task(each.post, narrowed.whose, viewer):
            continue
        nearest = each.promised if each.promised is not None else each.due
        place = (LAST if nearest is None else nearest, each.item, each)
        if each.case not in first or place[:2] < first[each.case][:2]:
            first[each.case] = place
    colours: dict[str, int] = {}
    for _, _, each in first.values():
        if narrowed and viewer and not narrow.fits(each, narrowed, viewer, now):
            continue
        colour = colour_of(each.due, each.promised, each.stopped, each.since, now)
        colours[colour] = colours.get(colour, 0) + 1
    return Count(total=sum(colours.values()), colours=colours, more=more)


def _count_cases(viewer: Viewer, directory: FrozenDirectory, now: int) -> dict[Queue, Count]:
    columns = ("accepted", "opened", "due", "promised", "stopped")
    own = CaseRecord.city_cases.filter(unit=viewer.unit, status__in=("accepted", "closed"))
    own = own.filter(Q(status="closed") | Q(stopped=True))
    read: list[tuple[Queue, tuple[Any, ...]]] = [
        ("answered" if status == "closed" else "person", rest)
        for status, *rest in own.values_list("status", *columns)[: COUNTED + 1]
    ]
    found: dict[Queue, Count] = {}
    more = len(read) > COUNTED
    for queue in CASE_QUEUES:
        found[queue] = _colours([rest for each, rest in read[:COUNTED] if each == queue], now, more)
    if SUPERVISOR_QUEUES[0] in queues(viewer):
        late = list(_cases(viewer, directory, "below").values_list(*columns)[: COUNTED + 1])
        found["below"] = _colours(late[:COUNTED], now, len(late) > COUNTED)
    return found


def _colours(read: Iterable[tuple[Any, ...]], now: int, more: bool) -> Count:
    colours: dict[str, int] = {}
    for accepted, opened, due, promised, stopped in read:
        colour = colour_of(due, promised, stopped, accepted or opened, now)
        colours[colour] = colours.get(colour, 0) + 1
    return Count(total=sum(colours.values()), colours=colours, more=more)


def _late_below(viewer: Viewer, directory: FrozenDirectory) -> Q:
    """A dispatcher answers for what it has dispatched, a supervisor for the units below its own."""
    unit = directory.unit(viewer.unit)
    if unit is not None and unit.kind == "dispatch":
        city = unit.territory[:4]
        return Q(dispatcher=unit.id) if city.endswith("00") else Q(dispatcher=unit.id, city=city)
    return Q(unit__in=below(viewer.unit, directory))


def _of_unit(viewer: Viewer, column: str = "unit") -> Q:
    found = Q(**{column: viewer.unit, "state": "active"})
    if only_own_tasks(viewer):
        return found & (Q(post=viewer.post) | Q(post="", role__in=viewer.roles))
    return found


def _cases(viewer: Viewer, directory: FrozenDirectory, queue: Queue) -> QuerySet[CaseRecord]:
    if queue == "person":
        return CaseRecord.city_cases.filter(unit=viewer.unit, status="accepted", stopped=True)
    if queue == "answered":
        return CaseRecord.city_cases.filter(unit=viewer.unit, status="closed")
    late = CaseRecord.city_cases.filter(status__in=("received", "accepted"), late=True)
    return late.filter(_late_below(viewer, directory))


def below(unit: str, directory: FrozenDirectory) -> list[str]:
    """Return the units below a unit, at any depth."""
    return [each for each in directory.units if unit in above(each, directory)]


def _belongs(seen: Seen, queue: Queue, viewer: Viewer) -> bool:
    """Whether a task is in a queue; the same rule as ``_of_queue``."""
    if queue == "all":
        return True
    if queue == "mine":
        return seen.post == viewer.post
    name = seen.item.partition(":")[0]
    kinds: dict[Queue, tuple[str, ...]] = {
        "new": _NEW,
        "joint": ("loop.sign_for", "loop.contribute"),
        "orders": _ORDERS,
        "review": ("loop.review",),
    }
    kind: Queue = next((each for each, names in kinds.items() if name in names), "work")
    return kind == queue


def _of_queue(queue: Queue, viewer: Viewer) -> Q:
    joint = Q(item__startswith="loop.sign_for:") | Q(item__startswith="loop.contribute:")
    orders = Q(item__startswith="loop.supervision:") | Q(item__startswith="loop.escalation:")
    conditions: dict[str, Callable[[], Q]] = {
        "all": Q,
        "mine": lambda: Q(post=viewer.post),
        "new": lambda: Q(item__in=_NEW),
        "joint": lambda: joint,
        "orders": lambda: orders,
        "review": lambda: Q(item="loop.review"),
        "work": lambda: ~Q(item__in=(*_NEW, "loop.review")) & ~joint & ~orders,
    }
    return conditions[queue]()


def _cursor(row: Row) -> str:
    order = row.promised if row.promised is not None else row.due
    return f"{LAST if order is None else order}.{row.case}.{row.item}"


def _read_cursor(after: str) -> tuple[int, int, str]:
    order, _, rest = after.partition(".")
    case, _, item = rest.partition(".")
    if not (order.isascii() and order.isdigit() and case.isascii() and case.isdigit()):
        raise BadCursor
    if int(order) > LAST or int(case) >= 1 << 63 or len(item) > 200 or "\x00" in item:
        raise BadCursor
    return int(order), int(case), item


def _task_row(task: Seen, case: CaseRecord) -> Row:
    return _row(
        case,
        item=task.item,
        post=task.post,
        since=task.since,
        due=task.due,
        promised=task.promised,
        stopped=task.stopped,
    )


def _case_row(case: CaseRecord) -> Row:
    return _row(
        case,
        item="",
        post="",
        since=case.accepted or case.opened,
        due=case.due,
        promised=case.promised,
        stopped=case.stopped,
    )


def _row(case: CaseRecord, **rest: Any) -> Row:
    return Row(
        case=case.id,
        receipt=case.receipt,
        scenario=case.scenario,
        version=case.version,
        territory=case.territory,
        status=case.status,
        stage=case.stage,
        unit=case.unit,
        priority=case.priority,
        urges=case.urges,
        reopenings=case.reopenings,
        level=case.level,
        opened=case.opened,
        **rest,
    )
