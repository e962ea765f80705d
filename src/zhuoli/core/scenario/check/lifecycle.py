"""Checks the life cycle: every item can begin, every stage can end, nothing turns in a circle unasked."""

from __future__ import annotations

from collections.abc import Iterable

from zhuoli.core.scenario.check.events import (
    AFTER_THE_END,
    all_events,
    possible_events,
    stage_can_end,
    visible,
)
from zhuoli.core.scenario.check.items import RESERVED_OUTCOMES, Item
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.marks import Path
from zhuoli.core.scenario.model import Criterion, DecisionTask, HumanTask, Milestone, Stage, TimerItem
from zhuoli.core.scenario.names import EVIDENCE, evidence_form
from zhuoli.core.text import Text

RESERVED = frozenset(
    [
        "form",
        "case",
        "acceptance",
        "loop",
        "closing",
        "and",
        "or",
        "not",
        "in",
        "true",
        "false",
        "null",
        "between",
        "if",
        "then",
        "else",
        "for",
        "some",
        "every",
        "satisfies",
        "return",
        "date",
        "time",
        "datetime",
        "days",
        "age",
        "round",
        "count",
        "contains",
        "answered",
    ]
)
"""Words that stand for something in expressions or events, so no item may be called so."""


def check_lifecycle(report: Report) -> None:
    """Look at ids, events, and what follows from what."""
    _ids(report)
    if not report.scenario.stages:
        report.say("no_stages", report.marks.key("stages"))
        return
    known = set(all_events(report.items))
    for path, criterion in _criteria(report):
        _criterion(report, path, criterion, known)
    happens, begun = possible_events(report.items)
    _unreachable(report, happens, begun, known)
    _stages(report)
    _circles(report, begun)
    _outcomes(report, begun, known)


def _ids(report: Report) -> None:
    for item in report.items.again:
        other = report.items.all[item.id]
        report.say("id_used_twice", report.marks.key(*item.path), id=item.id, other=other.called)
    for item in report.items.all.values():
        if item.id in RESERVED or (item.id == EVIDENCE and evidence_form(report.scenario)):
            report.say("reserved_id", report.marks.key(*item.path), id=item.id, better=f"{item.id}_1")
        for outcome in item.outcomes:
            if outcome in RESERVED_OUTCOMES:
                place = report.marks.key(*item.path, "outcomes", outcome)
                report.say("reserved_outcome", place, outcome=outcome, better=f"{outcome}_1")


def _criteria(report: Report) -> Iterable[tuple[Path, Criterion]]:
    """Every criterion of the scenario with its path."""
    for item in [*report.items.all.values(), *report.items.again]:
        for name, criteria in (("entry", item.part.entry), ("exit", item.exit)):
            for number, criterion in enumerate(criteria):
                yield (*item.path, name, number), criterion
    for number, auto in enumerate(report.scenario.closing.auto):
        for place, criterion in enumerate(auto.entry):
            yield ("closing", "auto", number, "entry", place), criterion


def _criterion(report: Report, path: Path, criterion: Criterion, known: set[str]) -> None:
    if not criterion.on and not criterion.when:
        report.say("criterion_empty", report.marks.value(*path))
    for number, event in enumerate(criterion.on):
        if event not in known:
            place = report.marks.value(*path, "on", number)
            report.unknown("unknown_event", place, event, _near_events(event, report))
        elif event.partition(".")[0] == "case" and event.partition(".")[2] in AFTER_THE_END:
            report.say("too_late_event", report.marks.value(*path, "on", number), event=event)


def _near_events(event: str, report: Report) -> list[str]:
    """Events of the same item when it exists, else all."""
    item = event.partition(".")[0]
    own = [one for one in all_events(report.items) if one.startswith(f"{item}.")]
    return own or all_events(report.items)


def _unreachable(report: Report, happens: set[str], begun: set[str], known: set[str]) -> None:
    """Say which items never begin; of a chain only its root."""
    blocked = {item.id for item in report.items.all.values() if item.id not in begun}
    said: set[str] = set()
    for item in report.items.all.values():
        if item.id not in blocked or (item.stage and item.stage in blocked):
            continue
        circle = _wait_circle(item.id, report, blocked, happens, known)
        if circle:
            if not said & set(circle):
                arrows = Text(" 等 ".join([*circle, item.id]), " waits for ".join([*circle, item.id]))
                report.say("waits_for_itself", report.marks.key(*item.path), item=item.called, chain=arrows)
            said |= set(circle)
            continue
        missing = _missing(item, happens, known)
        if missing and missing.partition(".")[0] not in blocked:
            report.say("never_starts", report.marks.key(*item.path), item=item.called, event=missing)


def _missing(item: Item, happens: set[str], known: set[str]) -> str:
    events = [event for one in item.part.entry for event in one.on]
    seen = visible(item, happens)
    return next((event for event in events if event in known and event not in seen), "")


def _wait_circle(
    start: str, report: Report, blocked: set[str], happens: set[str], known: set[str]
) -> list[str]:
    """The items on a circle of waiting through ``start``, if there is one."""
    paths = [[start]]
    seen: set[str] = set()
    while paths:
        path = paths.pop(0)
        for source in _waits_for(path[-1], report, blocked, happens, known):
            if source == start:
                return path
            if source not in seen:
                seen.add(source)
                paths.append([*path, source])
    return []


def _waits_for(item: str, report: Report, blocked: set[str], happens: set[str], known: set[str]) -> list[str]:
    """What a blocked item waits for: sources of events, its own stage, and what keeps a stage from ending."""
    one = report.items.all[item]
    found = []
    for criterion in one.part.entry:
        for event in criterion.on:
            if event in known and event not in happens:
                source, _, what = event.partition(".")
                found.append(source)
                if what == "completed" and isinstance(report.items.all[source].part, Stage):
                    inside = report.items.of_stage(source)
                    found += [each.id for each in inside if each.required and each.id in blocked]
    if one.stage in blocked:
        found.append(one.stage)
    return found


def _stages(report: Report) -> None:
    for stage in report.items.all.values():
        if not isinstance(stage.part, Stage):
            continue
        inside = report.items.of_stage(stage.id)
        if not inside:
            report.say("stage_empty", report.marks.key(*stage.path), stage=stage.id)
        for item in inside:
            again = any(f"{item.id}.occurred" in one.on for one in item.part.entry)
            if isinstance(item.part, TimerItem) and again and not item.exit and not stage.exit:
                place = report.marks.key(*item.path)
                report.say("stage_never_completes", place, stage=stage.id, item=item.id)


def _outcomes(report: Report, begun: set[str], known: set[str]) -> None:
    """For every way a task can end, ask whether its stage can still be completed."""
    for item in report.items.all.values():
        stage = report.items.all.get(item.stage)
        if not isinstance(item.part, HumanTask) or stage is None or item.id not in begun:
            continue
        repeats = item.part.repeat or (isinstance(stage.part, Stage) and stage.part.repeat)
        if len(item.outcomes) < 2 or repeats:
            continue
        for outcome in item.outcomes:
            if outcome in RESERVED_OUTCOMES:
                continue
            happens, now = possible_events(report.items, {item.id: outcome})
            if stage_can_end(stage, report.items, now, happens, known):
                continue
            waiting = [one for one in report.items.of_stage(stage.id) if one.required and one.id not in now]
            held = next((one for one in waiting if one.id in begun), None)
            if held is not None:
                place = report.marks.key(*held.path)
                report.say(
                    "stage_may_hang", place, task=item.id, outcome=outcome, stage=stage.id, item=held.id
                )


def _circles(report: Report, begun: set[str]) -> None:
    """An item on a circle of beginnings would begin again; it must say that it may."""
    follows = _followers(report, begun)
    for item in report.items.all.values():
        if item.id not in begun or _may_repeat(item, report):
            continue
        chain = _circle(item.id, follows)
        if chain:
            arrows = " → ".join([*chain, item.id])
            report.say("cycle_without_repeat", report.marks.key(*item.path), item=item.called, chain=arrows)
    _never_rests(report, follows)


def _never_rests(report: Report, follows: dict[str, set[str]]) -> None:
    """A circle of things that happen at once, with nobody and no time between, would never end."""
    at_once = {
        name for name, item in report.items.all.items() if isinstance(item.part, DecisionTask | Milestone)
    }
    only = {name: nexts & at_once for name, nexts in follows.items() if name in at_once}
    for name in only:
        item = report.items.all[name]
        chain = _circle(name, only) if _may_repeat(item, report) else []
        if chain:
            arrows = " → ".join([*chain, name])
            report.say("never_rests", report.marks.key(*item.path), chain=arrows)
            return


def _followers(report: Report, begun: set[str]) -> dict[str, set[str]]:
    """For each item, the items that begin because of it (a stage begins its items, an event its waiters)."""
    items = report.items
    follows: dict[str, set[str]] = {name: set() for name in begun}
    for item in items.all.values():
        if item.id not in begun:
            continue
        if item.stage in begun and not item.part.entry:
            follows[item.stage].add(item.id)
        for criterion in item.part.entry:
            for event in criterion.on:
                source, _, what = event.partition(".")
                if source not in begun or what == "terminated":
                    continue
                follows[source].add(item.id)
                if what == "completed" and isinstance(items.all[source].part, Stage):
                    for inside in items.of_stage(source):
                        if inside.required and inside.id in begun:
                            follows[inside.id].add(item.id)
    return follows


def _circle(start: str, follows: dict[str, set[str]]) -> list[str]:
    """The shortest way from ``start`` back to itself, without its end; empty when there is none."""
    paths = [[start]]
    seen: set[str] = set()
    while paths:
        path = paths.pop(0)
        for name in sorted(follows.get(path[-1], ())):
            if name == start:
                return path
            if name not in seen:
                seen.add(name)
                paths.append([*path, name])
    return []


def _may_repeat(item: Item, report: Report) -> bool:
    stage = report.items.all.get(item.stage)
    return item.part.repeat or (stage is not None and stage.part.repeat)
