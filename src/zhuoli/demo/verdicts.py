"""Units have looked at what an earlier night found: each case goes the way of one of its scenario's worked examples.

So the demonstration's models have verdicts, and a precision. How often a model is right is drawn from the seed; everything goes
through the office by the commands of everyday, at the instants of three weeks ago.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, cast

import msgspec

from zhuoli.core.case.commands import COMMANDS, AnyCommand
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.scenario.model import Example, Scenario, Step
from zhuoli.core.worktime import instant_of
from zhuoli.core.worktime.instants import DAY, MINUTE
from zhuoli.lake.precision import verdict
from zhuoli.office import read
from zhuoli.office.errors import OfficeError
from zhuoli.office.handle import Office, Request
from zhuoli.store.models import FoundRecord

DONE = 0.85
"""The share of cases that were dealt with by now; the others still wait."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def give_verdicts(office: Office, scenario: Scenario, *, seed: int, found_at: int, now: int) -> int:
    """Let units deal with the cases that a night at ``found_at`` (ms UTC) opened; return how many have a verdict.

    A step that the core does not grant, or that would lie after ``now``, is where the case rests.
    """
    rng = random.Random(f"{seed}/verdicts/{scenario.scenario}")  # noqa: S311 - a demonstration, no secret
    right, wrong = _ways(scenario)
    if not right:
        return 0
    precision = rng.uniform(0.3, 0.98) if wrong else 1.0
    given = 0
    cases = FoundRecord.objects.using(office.alias).filter(scenario=scenario.scenario)
    for case in sorted(set(cases.values_list("case_id", flat=True))):
        if rng.random() > DONE:
            continue
        way = rng.choice(right if rng.random() < precision else wrong)
        begins = found_at + rng.randrange(DAY) + rng.randrange(4) * DAY
        given += _go(office, scenario, way, case, begins, now)
    return given


def _ways(scenario: Scenario) -> tuple[list[Example], list[Example]]:
    """Return the worked examples that end with a right hit, and those that end with a wrong one."""
    found: dict[str, list[Example]] = {}
    for one in scenario.examples.values():
        first, rest = one.steps[0], _granted(one)
        simple = all(step.do == "complete" and step.who.startswith("lead") for step in rest)
        if not simple or not rest or first.give.get("channel") != "model" or scenario.query is None:
            continue
        result = str(rest[-1].expect.get("result", ""))
        said = verdict(scenario.query, "settled", result) if result else None
        found.setdefault(said or "", []).append(one)
    return found.get("confirmed", []), found.get("not_so", [])


def _granted(way: Example) -> list[Step]:
    """The steps of an example after the first one, without those that are refused."""
    return [step for step in way.steps[1:] if not step.refused]


def _go(office: Office, scenario: Scenario, way: Example, case: int, begins: int, now: int) -> int:
    """Take the steps of an example with a case; return whether it has ended."""
    start = _instant(way.start)
    for at, step in _timed(way):
        instant = begins + at - start
        state = read.load_state(case, office.alias)
        item = state.items.get(str(step.give.get("task", "")))
        if instant >= now or item is None or item.state != "active":
            return 0
        unit = item.unit or state.unit
        roles = ("officer", *filter(None, (item.role,)))
        actor = Actor(kind="post", unit=unit, post=f"{unit}/officer", roles=roles)
        shifted = _moved(dict(step.give), (instant - at) // DAY)
        command = cast(AnyCommand, msgspec.convert({**shifted, "do": step.do}, COMMANDS[step.do]))
        key = f"verdict-{case}-{step.give['task']}-{item.run}"
        try:
            office.handle(Request(key=key, command=command, actor=actor, case=case, at=instant))
        except (Refusal, OfficeError):
            return 0
    return 1


def _timed(way: Example) -> Iterator[tuple[int, Step]]:
    """The steps after the first one, each with its instant in the example."""
    at = _instant(way.start)
    for step in _granted(way):
        at = _instant(step.at) if step.at else at + 2 * 60 * MINUTE
        yield at, step


def _moved(value: Any, days: int) -> Any:
    """Return what a step gives with its dates moved by so many days."""
    if isinstance(value, dict):
        return {name: _moved(each, days) for name, each in value.items()}
    if isinstance(value, str) and _DATE.fullmatch(value):
        return (date.fromisoformat(value) + timedelta(days=days)).isoformat()
    return value


def _instant(written: str) -> int:
    return instant_of(datetime.fromisoformat(written))
