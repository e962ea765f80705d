"""The items of a scenario's life cycle by id: what each is, where it stands, and what can happen to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhuoli.core.scenario.marks import Path
from zhuoli.core.scenario.model import (
    Criterion,
    DecisionTask,
    HumanTask,
    Milestone,
    Scenario,
    ServiceTask,
    Stage,
    TimerItem,
)
from zhuoli.core.text import Text

Part = Stage | HumanTask | ServiceTask | DecisionTask | TimerItem | Milestone

KINDS: dict[type, Text] = {
    Stage: Text("阶段", "the stage"),
    HumanTask: Text("人工任务", "the human task"),
    ServiceTask: Text("自动任务", "the service task"),
    DecisionTask: Text("决策任务", "the decision task"),
    TimerItem: Text("计时", "the timer"),
    Milestone: Text("里程碑", "the milestone"),
}
GROUPS = ("human_tasks", "service_tasks", "decision_tasks", "timers", "milestones")
RESERVED_OUTCOMES = ("activated", "completed", "terminated", "occurred")
TASK_EVENTS = ("activated", "completed", "terminated")
_MOMENT_EVENTS = ("occurred",)
_TIMER_EVENTS = ("activated", "occurred", "terminated")


@dataclass(frozen=True)
class Item:
    """One item: ``stage`` is the id of the stage around it (empty for stages and for the case's milestones)."""

    id: str
    part: Part
    stage: str
    path: Path

    @property
    def called(self) -> Text:
        """“the human task inspect”."""
        kind = KINDS[type(self.part)]
        return Text(f"{kind.zh} {self.id}", f"{kind.en} {self.id}")

    @property
    def exit(self) -> tuple[Criterion, ...]:
        """Its exit criteria; milestones have none."""
        return () if isinstance(self.part, Milestone) else self.part.exit

    @property
    def required(self) -> bool:
        """Whether its stage waits for it."""
        if isinstance(self.part, HumanTask):
            return self.part.required and not self.part.discretionary
        return getattr(self.part, "required", False)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """How it can end, when it is a human task."""
        return tuple(self.part.outcomes) or ("done",) if isinstance(self.part, HumanTask) else ()

    @property
    def events(self) -> tuple[str, ...]:
        """What can be written after its id and a dot in ``on:``."""
        if isinstance(self.part, Milestone):
            return _MOMENT_EVENTS
        if isinstance(self.part, TimerItem):
            return _TIMER_EVENTS
        return (*TASK_EVENTS, *(one for one in self.outcomes if one not in TASK_EVENTS))


@dataclass
class Items:
    """All items; of items with the same id the first counts, the others are in ``again``."""

    all: dict[str, Item] = field(default_factory=dict)
    again: list[Item] = field(default_factory=list)

    def of_stage(self, stage: str) -> list[Item]:
        """The items inside a stage, in the order of the file."""
        return [one for one in self.all.values() if one.stage == stage]

    def tasks(self) -> dict[str, HumanTask]:
        """The human tasks by id."""
        return {one.id: one.part for one in self.all.values() if isinstance(one.part, HumanTask)}


def items_of(scenario: Scenario) -> Items:
    """Collect the items of a scenario."""
    items = Items()
    for name, stage in scenario.stages.items():
        _add(items, Item(name, stage, "", ("stages", name)))
    for name, stage in scenario.stages.items():
        for group in GROUPS:
            for key, part in getattr(stage, group).items():
                _add(items, Item(key, part, name, ("stages", name, group, key)))
    for name, milestone in scenario.milestones.items():
        _add(items, Item(name, milestone, "", ("milestones", name)))
    return items


def _add(items: Items, item: Item) -> None:
    if item.id in items.all:
        items.again.append(item)
    else:
        items.all[item.id] = item
