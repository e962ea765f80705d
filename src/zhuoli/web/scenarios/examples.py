"""Worked examples as people read them: given, when, expect, and how each went when it was run just now."""

from __future__ import annotations

from typing import Any

import msgspec

from zhuoli.core.case.actions import ACTIONS
from zhuoli.core.case.examples import ExampleReport, run_example
from zhuoli.core.case.plan import Plan
from zhuoli.core.scenario.explain import Words
from zhuoli.core.scenario.model import Example, Step
from zhuoli.core.text import Text
from zhuoli.web import door
from zhuoli.web.wording import maybe, text

TOLD = ("status", "stage", "tasks", "result", "promised", "due", "stopped", "late", "score", "priority")
"""What a reader wants to know of an expectation; the rest is for the machine."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One step: when (local, as written or worked out), who, what, in whose words, and what must be true then."""

    number: int
    at: int
    who: Text
    what: Text
    say: Text | None
    refused: bool
    expect: tuple[tuple[Text, Text], ...]


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """One example: how it ends (a status), how long it takes (ms), whether it came out as expected, its steps."""

    name: str
    title: Text
    start: int
    length: int
    end: str
    passed: bool
    refusals: int
    steps: tuple[Told, ...]


_known: dict[tuple[str, str], list[Story]] = {}


def of(plan: Plan, language: str = "zh") -> list[Story]:
    """Return the examples of a scenario, run once per version in this process (a few ms each)."""
    scenario = plan.scenario
    key = (scenario.scenario, scenario.version)
    found = _known.get(key)
    if found is None:
        found = _known[key] = [_story(plan, name, each) for name, each in scenario.examples.items()]
    return found


def who_of(plan: Plan, step: Step) -> Text:
    """Return who does a step, in words."""
    who = step.who.partition("/")[0]
    if step.do == "wait":
        return text("story.time")
    if who == "system":
        return text("story.system")
    if who in plan.scenario.parties:
        return plan.scenario.parties[who].title
    if who in ("lead", "dispatcher", "superior", "reviewer"):
        return text(f"story.{who}")
    return Words(plan.scenario, plan).who(who)


def what_of(plan: Plan, step: Step) -> Text:
    """Return what is done in a step: the command's title, with the task where there is one."""
    if step.do == "wait":
        return text("story.wait")
    found = ACTIONS.get(step.do)
    title = found[0] if found else maybe(f"story.{step.do}") or Text(step.do, step.do)
    task = str(step.give.get("task", ""))
    if not task:
        return title
    said = plan.title(task)
    return Text(f"{title.zh}：{said.zh}", f"{title.en}: {said.en}")


def _story(plan: Plan, name: str, example: Example) -> Story:
    report = run_example(plan.scenario, name, plan=plan, calendar=door.calendar())
    times = _times(report, example)
    first, last = times[0] if times else 0, times[-1] if times else 0
    return Story(
        name=name,
        title=example.title,
        start=first,
        length=last - first,
        end=report.steps[-1].case.status if report.steps else "",
        passed=report.passed,
        refusals=sum(bool(step.refused) for step in example.steps),
        steps=tuple(
            Told(
                number=number,
                at=times[number - 1],
                who=who_of(plan, step),
                what=what_of(plan, step),
                say=step.say,
                refused=bool(step.refused),
                expect=_expectations(plan, step.expect),
            )
            for number, step in enumerate(example.steps, start=1)
        ),
    )


def _times(report: ExampleReport, example: Example) -> list[int]:
    """Return the instant of each step; one that lets time pass without an event has the time of the one before."""
    times: list[int] = []
    for number in range(1, len(example.steps) + 1):
        own = [each.facts.now for each in report.steps if each.number == number]
        times.append(own[-1] if own else times[-1] if times else 0)
    return times


def _expectations(plan: Plan, expect: dict[str, Any]) -> tuple[tuple[Text, Text], ...]:
    return tuple(
        (text(f"expect.{key}"), said)
        for key in TOLD
        if key in expect and (said := _value(plan, key, expect[key])) is not None
    )


def _value(plan: Plan, key: str, value: Any) -> Text | None:
    if key == "status":
        return text(f"status.{value}")
    if key == "tasks":
        titles = [plan.title(task) for task in value]
        if not titles:
            return text("expect.no_tasks")
        return Text("、".join(each.zh for each in titles), ", ".join(each.en for each in titles))
    if key == "stage":
        return plan.title(str(value)) if value else None
    if key == "result":
        result = plan.scenario.closing.results.get(str(value))
        return result.title if result else None
    if key == "priority":
        return text(f"option.{value}")
    if isinstance(value, bool):
        return text("form.yes") if value else text("form.no")
    return Text(str(value), str(value)) if value is not None else None
