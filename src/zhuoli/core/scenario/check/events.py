"""What can be written after ``on:``, and whether it can come to pass.

The question is asked generously: a condition (``if:``) is taken to hold, a human task to end in every way it
may. What cannot happen even then, never happens.
"""

from __future__ import annotations

from collections.abc import Iterable

from zhuoli.core.scenario.check.items import Item, Items
from zhuoli.core.scenario.model import Criterion, HumanTask, Milestone, Stage, TimerItem

CASE_EVENTS = (
    "opened",
    "routed",
    "accepted",
    "refused",
    "plan_done",
    "supplement_requested",
    "supplied",
    "supplement_expired",
    "joined",
    "contributed",
    "replied",
    "escalated",
    "suspended",
    "continued",
    "withdrawn",
    "closed",
    "confirmed",
    "contested",
    "reopened",
    "unconfirmed",
    "review_requested",
    "review_decided",
    "appointment_near",
    "evidence",
)
"""What happens to a case as a whole, written ``case.accepted`` and so on."""

AFTER_THE_END = ("refused", "withdrawn", "confirmed", "unconfirmed")
"""After these the case has ended: nothing of the plan begins on them."""


def all_events(items: Items) -> list[str]:
    """Every event that can be written in this scenario."""
    written = [f"{item.id}.{event}" for item in items.all.values() for event in item.events]
    return written + [f"case.{event}" for event in CASE_EVENTS]


def possible_events(items: Items, only: dict[str, str] | None = None) -> tuple[set[str], set[str]]:
    """What can happen, and the ids of the items that can begin.

    ``only`` fixes how some human tasks end (task to outcome); the others may end in every way.
    """
    happens = {f"case.{event}" for event in CASE_EVENTS}
    known = set(all_events(items))
    begun: set[str] = set()
    while True:
        before = len(happens) + len(begun)
        for item in items.all.values():
            if item.id not in begun and _can_begin(item, begun, happens, known):
                begun.add(item.id)
            if item.id in begun:
                happens.update(_consequences(item, items, begun, happens, known, only or {}))
        if len(happens) + len(begun) == before:
            return happens, begun


def can_be_met(criteria: Iterable[Criterion], happens: set[str], known: set[str]) -> bool:
    """Whether one criterion can be met; an event that nobody knows is said elsewhere and taken to happen."""
    return any(all(event in happens or event not in known for event in one.on) for one in criteria)


def stage_can_end(stage: Item, items: Items, begun: set[str], happens: set[str], known: set[str]) -> bool:
    """Whether the stage can be completed, or left by its exit."""
    waiting = [one for one in items.of_stage(stage.id) if one.required and one.id not in begun]
    return not waiting or can_be_met(stage.exit, happens, known)


def visible(item: Item, happens: set[str]) -> set[str]:
    """What an item can wait for: the end of its own stage comes too late for it."""
    return happens - {f"{item.stage}.completed", f"{item.stage}.terminated"}


def _can_begin(item: Item, begun: set[str], happens: set[str], known: set[str]) -> bool:
    if item.stage and item.stage not in begun:
        return False
    return not item.part.entry or can_be_met(item.part.entry, visible(item, happens), known)


def _consequences(
    item: Item, items: Items, begun: set[str], happens: set[str], known: set[str], only: dict[str, str]
) -> list[str]:
    if isinstance(item.part, Milestone):
        return [f"{item.id}.occurred"]
    may = [f"{item.id}.activated"]
    around = items.all.get(item.stage)
    exits = (*item.exit, *(around.exit if around else ()))
    if exits and can_be_met(exits, happens, known):
        may.append(f"{item.id}.terminated")
    if isinstance(item.part, TimerItem):
        return [*may, f"{item.id}.occurred"]
    if isinstance(item.part, Stage):
        waiting = [one for one in items.of_stage(item.id) if one.required and one.id not in begun]
        return may if waiting else [*may, f"{item.id}.completed"]
    if isinstance(item.part, HumanTask):
        ends = (only[item.id],) if item.id in only else item.outcomes
        may += [f"{item.id}.{outcome}" for outcome in ends]
    return [*may, f"{item.id}.completed"]
