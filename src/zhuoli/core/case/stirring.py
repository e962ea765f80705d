"""Whom an event could stir, worked out once for a plan.

What happens to an item stirs those that listen to it, a stage that begins those items in it that do not wait for others
in it, the answers of a form, a service or a decision those whose conditions look at one of them, and what happens to the
whole case those that listen to that. Where nobody looked before, everything is stirred.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zhuoli.core.case import events as e
from zhuoli.core.case.plan import PlanItem, Stirring

MAX_REMEMBERED = 4096
"""So many sets of stirred items are remembered."""


def stirring(items: Mapping[str, PlanItem]) -> Stirring:
    """Return whom the events of a case with these items, in their order, could stir."""
    bits = {name: 1 << place for place, name in enumerate(items)}
    ends = 1 << len(bits)
    listeners: dict[str, int] = {}
    watchers: dict[str, int] = {}
    answered: dict[str, int] = {}
    conditional = 0
    for name, item in items.items():
        for what in _listens_to(item):
            listeners[what] = listeners.get(what, 0) | bits[name]
        looks_at = _looks_at(item)
        if looks_at:
            conditional |= bits[name]
        for watched, _, what in (looked.partition(".") for looked in looks_at):
            answered[watched] = answered.get(watched, 0) | bits[name]
            if what == "outcome":
                watchers[watched] = watchers.get(watched, 0) | bits[name]
    case = listeners.get("case", 0)
    return Stirring(
        begun={
            name: listeners.get(name, 0)
            | sum(bits[child] for child in item.children if not _waits_inside(items[child], item))
            | (ends if item.kind == "stage" else 0)
            for name, item in items.items()
        },
        over={name: listeners.get(name, 0) | watchers.get(name, 0) | ends for name in items},
        kinds={
            **dict.fromkeys(_OF_THE_CASE, case),
            e.Attached: case | conditional,
            **dict.fromkeys(_OF_EVERYTHING, sum(bits.values()) | ends),
            e.Routed: case | conditional,
        },
        answered=answered,
        ends=ends,
        known=_Known(items.values()),
    )


class _Known(dict[int, tuple[tuple[PlanItem, ...], bool]]):
    """Items by the number whose bits they are, put together when they are first asked for."""

    def __init__(self, order: Iterable[PlanItem]) -> None:
        super().__init__()
        self.order = tuple(order)

    def __missing__(self, bits: int) -> tuple[tuple[PlanItem, ...], bool]:
        items = tuple(item for place, item in enumerate(self.order) if bits >> place & 1)
        found = items, bool(bits >> len(self.order))
        if len(self) < MAX_REMEMBERED:
            self[bits] = found
        return found


def _listens_to(item: PlanItem) -> set[str]:
    found = {what.partition(".")[0] for sentry in (*item.entry, *item.exit) for what in sentry.on}
    if item.repeat:
        # What it waits for may have happened anew while it was still under way.
        found.add(item.name)
    return found


def _waits_inside(child: PlanItem, stage: PlanItem) -> bool:
    """Whether an item begins only upon what happens in its own stage: nothing of that has happened when the stage begins."""
    return bool(child.hears) and all(what.partition(".")[0] in stage.children for what in child.hears)


def _looks_at(item: PlanItem) -> set[str]:
    """Return the names that the criteria of an item look at."""
    sentries = (*item.entry, *item.exit)
    return {name for sentry in sentries if sentry.condition for name in sentry.condition.names}


OF_ITEMS: frozenset[type[e.Event]] = frozenset({e.Completed, e.Terminated, e.Occurred})
"""An item has ended."""
_OF_EVERYTHING: frozenset[type[e.Event]] = frozenset({e.Accepted, e.Reopened, e.Continued, e.WasSplit})
"""From here on the plan is looked at (again)."""
_OF_ANSWERS: frozenset[type[e.Event]] = frozenset({e.Recorded, e.Attached, e.Decided})
_OF_NOBODY: frozenset[type[e.Event]] = frozenset(
    {
        e.Started,
        e.Assigned,
        e.ClockStarted,
        e.ClockEnded,
        e.Reminded,
        e.Passed,
        e.Urged,
        e.Supervised,
        e.SignedFor,
        e.Noted,
    }
)
_OF_THE_CASE: frozenset[type[e.Event]] = (
    frozenset(e.AnyEvent.__args__) - {e.Activated} - OF_ITEMS - _OF_EVERYTHING - _OF_ANSWERS - _OF_NOBODY
)
