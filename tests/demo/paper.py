"""An office on paper: decides with the core and remembers states, without a database."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from tests.shelf import project_shelf

from zhuoli.core.case import commands as c
from zhuoli.core.case.compile import compile_plan
from zhuoli.core.case.decide import advance
from zhuoli.core.case.events import Event
from zhuoli.core.case.facts import Facts, OtherCase
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import OPEN_STATUS, Case
from zhuoli.core.worktime import statutory_calendar
from zhuoli.core.worktime.instants import DAY
from zhuoli.demo.city import City
from zhuoli.demo.life import Life
from zhuoli.demo.needs import Rows
from zhuoli.demo.signing import GeneratedCodes
from zhuoli.demo.texts import Texts, demo_texts
from zhuoli.office.directory import FrozenDirectory
from zhuoli.office.handle import Request
from zhuoli.places import Places, packaged_divisions
from zhuoli.places.units import make_units

ROOT = Path(__file__).resolve().parents[2]
NOW = 1_795_461_000_000  # 2026-11-23 17:50 local


class Outcome(NamedTuple):
    case: int
    state: Case


class Written(NamedTuple):
    at: int
    case: int
    request: Request
    events: list[Event]


class PaperOffice:
    def __init__(self, plans: dict[str, Plan], directory: FrozenDirectory) -> None:
        self.plans = plans
        self.directory = directory
        self.states: dict[int, Case] = {}
        self.written: list[Written] = []

    def handle_many(self, requests: Iterable[Request]) -> list[Outcome]:
        return [self._handle(request) for request in requests]

    def _handle(self, request: Request) -> Outcome:
        if isinstance(request.command, c.Open):
            state = Case(id=len(self.states) + 1)
            plan = self.plans[request.scenario]
        else:
            assert request.case is not None
            state = self.states[request.case]
            plan = self.plans[state.scenario]
        assert request.at is not None
        facts = Facts(
            now=request.at,
            actor=request.actor,
            calendar=statutory_calendar(),
            directory=self.directory,
            other=self._other(request.command),
            signing=GeneratedCodes(),
        )
        events, after = advance(plan, state, request.command, facts)
        self.states[after.id] = after
        self.written.append(Written(request.at, after.id, request, events))
        return Outcome(after.id, after)

    def _other(self, command: c.Command) -> OtherCase | None:
        if not isinstance(command, c.Merge):
            return None
        other = self.states[command.into]
        return OtherCase(
            id=other.id,
            scenario=other.scenario,
            open=other.status in OPEN_STATUS,
            merged=other.status == "merged",
        )


@cache
def plans() -> dict[str, Plan]:
    shelf = project_shelf()
    return {
        name: compile_plan(each) for name, each in shelf.scenarios.items() if name in demo_texts().scenarios
    }


@cache
def directory() -> FrozenDirectory:
    rows = packaged_divisions()
    return FrozenDirectory(make_units(rows), {row.code: row.name for row in rows})


@cache
def places() -> Places:
    return Places(packaged_divisions())


def evidence(question: str, at: int) -> c.File:
    return c.File(
        file="f" * 64, name="x.png", sha256="0" * 64, size=1, media_type="image/png", question=question
    )


def serve(life: Life, task: str, at: int) -> c.ReportService:
    attempt = life.state.items[task].attempt + 1
    return c.ReportService(task=task, attempt=attempt, ok=True, values=_values(life, task))


def _values(life: Life, task: str) -> dict[str, Any]:
    service = life.plan.service(task)
    return {"number": "N-1"} if service is not None and service.call == "notice.issue" else {"sent": 1}


def live(
    seed: int, days: int, volume: float = 1.0, *, texts: Texts | None = None, rows: Rows = lambda *_: []
) -> tuple[City, PaperOffice]:
    office = PaperOffice(plans(), directory())
    city = City(
        office,
        plans(),
        directory(),
        places(),
        statutory_calendar(),
        texts or demo_texts(),
        seed=seed,
        evidence=evidence,
        perform=serve,
        volume=volume,
        rows=rows,
    )
    city.live(NOW - days * DAY, NOW)
    return city, office
