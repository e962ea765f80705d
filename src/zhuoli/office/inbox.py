"""What is asked of a unit now, sorted by what goes wrong first, in a fixed number of statements.

Lists are read by keyset (the last row's place in the order), never by counting or skipping rows. The counts of
the queues come from one bounded read: past ``COUNTED`` tasks they say “more than”.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from zhuoli.core.worktime import clock
from zhuoli.office.access import Viewer, above, only_own_tasks
from zhuoli.office.directory import FrozenDirectory
from zhuoli.store.models import CaseRecord, TaskRecord

COUNTED = 2000
"""So many tasks are read for the counts."""
PAGE = 50
LAST = 9_000_000_000_000_000
"""Stands for “no date” in the order: such rows come last."""

Queue = Literal["all", "mine", "new", "work", "joint", "orders", "review", "person", "answered", "below"]
Colour = Literal["green", "amber", "red", "stopped", "none"]

TASK_QUEUES: tuple[Queue, ...] = ("all", "mine", "new", "work", "joint", "orders", "review")
CASE_QUEUES: tuple[Queue, ...] = ("person", "answered")
SUPERVISOR_QUEUES: tuple[Queue, ...] = ("below",)

_JOINT = ("loop.sign_for", "loop.contribute")
_ORDERS = ("loop.supervision", "loop.escalation")
_NEW = ("loop.triage", "loop.accept")
_ORDER = Coalesce(F("promised"), F("due"), Value(LAST))


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
    """How many tasks a queue has, by the colour of their clocks; ``more`` when not all could be counted."""

    total: int
    colours: dict[str, int]
    more: bool


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is narrowed to: scenarios, a prefix of places, one receipt, ids found by words."""

    scenarios: tuple[str, ...] = ()
    place: str = ""
    receipt: str = ""
    cases: tuple[int, ...] | None = None


def queues(viewer: Viewer) -> tuple[Queue, ...]:
    """Return the queues that a post has."""
    if only_own_tasks(viewer):
        return ("all", "mine")
    more = SUPERVISOR_QUEUES if viewer.holds("supervisor") or viewer.holds("dispatcher") else ()
    return (*TASK_QUEUES, *CASE_QUEUES, *more)


def counts(viewer: Viewer, now: int) -> dict[Queue, Count]:
    """Return how much is in each task queue, in one statement."""
    read = list(
        _tasks(viewer, "all").values_list("item", "post", "since", "due", "promised", "stopped")[
            : COUNTED + 1
        ]
    )
    more = len(read) > COUNTED
    tally: dict[Queue, dict[str, int]] = {queue: {} for queue in TASK_QUEUES}
    for item, post, since, due, promised, stopped in read[:COUNTED]:
        colour = colour_of(due, promised, stopped, since, now)
        for queue in _queues_of(item, post == viewer.post):
            tally[queue][colour] = tally[queue].get(colour, 0) + 1
    return {
        queue: Count(total=sum(found.values()), colours=found, more=more) for queue, found in tally.items()
    }


def colour_of(due: int | None, promised: int | None, stopped: bool, since: int, now: int) -> Colour:
    """Return the colour of a row's clock: the promised time counts, else the statutory one."""
    if stopped:
        return "stopped"
    nearest = promised if promised is not None else due
    return "none" if nearest is None else clock(nearest, since, now)


def page(
    viewer: Viewer,
    directory: FrozenDirectory,
    queue: Queue,
    *,
    after: str = "",
    narrowed: Filter | None = None,
    size: int = PAGE,
) -> Page:
    """Return one page of a queue, in one statement.

    Raises:
        BadCursor: ``after`` is not a cursor that this function has given.
    """
    narrowed = narrowed or Filter()
    if queue in TASK_QUEUES:
        return _task_page(viewer, queue, after, narrowed, size)
    return _case_page(viewer, directory, queue, after, narrowed, size)


def _task_page(viewer: Viewer, queue: Queue, after: str, narrowed: Filter, size: int) -> Page:
    found = _tasks(viewer, queue).filter(*_narrow(narrowed, "case__"))
    found = found.annotate(place_in_order=_ORDER)
    if after:
        order, case, item = _read_cursor(after)
        found = found.filter(
            Q(place_in_order__gt=order)
            | Q(place_in_order=order, case_id__gt=case)
            | Q(place_in_order=order, case_id=case, item__gt=item)
        )
    read = list(found.order_by("place_in_order", "case_id", "item").select_related("case")[: size + 1])
    rows = [_task_row(each) for each in read[:size]]
    return Page(rows=rows, after=_cursor(rows[-1]) if len(read) > size else "")


def _case_page(
    viewer: Viewer, directory: FrozenDirectory, queue: Queue, after: str, narrowed: Filter, size: int
) -> Page:
    found = _cases(viewer, directory, queue)
    found = found.filter(*_narrow(narrowed, "")).annotate(place_in_order=_ORDER)
    if after:
        order, case, _ = _read_cursor(after)
        found = found.filter(Q(place_in_order__gt=order) | Q(place_in_order=order, id__gt=case))
    read = list(found.order_by("place_in_order", "id")[: size + 1])
    rows = [_case_row(each) for each in read[:size]]
    return Page(rows=rows, after=_cursor(rows[-1]) if len(read) > size else "")


def _late_below(viewer: Viewer, directory: FrozenDirectory) -> Q:
    """A dispatcher answers for what it has dispatched, a supervisor for the units below its own."""
    unit = directory.unit(viewer.unit)
    if unit is not None and unit.kind == "dispatch":
        city = unit.territory[:4]
        return Q(dispatcher=unit.id) if city.endswith("00") else Q(dispatcher=unit.id, city=city)
    return Q(unit__in=below(viewer.unit, directory))


def cases_of(viewer: Viewer, directory: FrozenDirectory, queue: Queue, most: int) -> list[int]:
    """Return the ids of the cases of a queue, at most so many, what goes wrong first; one statement."""
    if queue in TASK_QUEUES:
        tasks = _tasks(viewer, queue).annotate(place_in_order=_ORDER).order_by("place_in_order", "case_id")
        return list(dict.fromkeys(tasks.values_list("case_id", flat=True)[:most]))
    cases = _cases(viewer, directory, queue).annotate(place_in_order=_ORDER).order_by("place_in_order", "id")
    return list(cases.values_list("id", flat=True)[:most])


def _tasks(viewer: Viewer, queue: Queue) -> QuerySet[TaskRecord]:
    found = TaskRecord.city_cases.filter(unit=viewer.unit, state="active").filter(_of_queue(queue, viewer))
    if only_own_tasks(viewer):
        return found.filter(Q(post=viewer.post) | Q(post="", role__in=viewer.roles))
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


def _queues_of(item: str, mine: bool) -> list[Queue]:
    found: list[Queue] = ["all"]
    if mine:
        found.append("mine")
    name = item.partition(":")[0]
    if name in _NEW:
        found.append("new")
    elif name in _JOINT:
        found.append("joint")
    elif name in _ORDERS:
        found.append("orders")
    elif name == "loop.review":
        found.append("review")
    else:
        found.append("work")
    return found


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


def _narrow(narrowed: Filter, prefix: str) -> Sequence[Q]:
    conditions: list[Q] = []
    if narrowed.scenarios:
        conditions.append(Q(**{f"{prefix}scenario__in": narrowed.scenarios}))
    if narrowed.receipt:
        conditions.append(Q(**{f"{prefix}receipt": narrowed.receipt}))
    if narrowed.place:
        column = {4: "city", 6: "county", 9: "town"}.get(len(narrowed.place), "territory")
        conditions.append(Q(**{f"{prefix}{column}": narrowed.place}))
    if narrowed.cases is not None:
        conditions.append(Q(**{f"{prefix}id__in" if prefix == "" else "case_id__in": narrowed.cases}))
    return conditions


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


def _task_row(task: TaskRecord) -> Row:
    return _row(
        task.case,
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
