"""Runs a scenario's worked examples on the pure core: no database, no clock, an artificial directory.

In that directory every competence has a unit in every county (``<competence>@<county>``), above it one per
city and one per province; each city and the province have a dispatching unit. Places are real codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec

from zhuoli.core.case import commands as c
from zhuoli.core.case.compile import compile_plan
from zhuoli.core.case.decide import advance
from zhuoli.core.case.earlier import Given
from zhuoli.core.case.events import Event
from zhuoli.core.case.facts import SYSTEM, Actor, Facts, OtherCase
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.proofs import ANY_PROOF
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.rows import rows
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.model import Example, Scenario, Step
from zhuoli.core.text import Text
from zhuoli.core.worktime import (
    Calendar,
    Limit,
    due_at,
    instant_of,
    local,
    parse_duration,
    statutory_calendar,
)

MINUTE = 60_000
MAX_TIMERS = 50
"""So many timers may fire in one step; more mean a loop."""
NEXT_CASE = 3
"""Id of the next matter that an example opens."""
OTHER_CASE = 2
"""Id of the other open case that merging examples merge into."""


class ExampleDirectory:
    """The artificial directory of examples; see the module's text."""

    def responsible(self, competence: str, territory: str) -> str | None:
        """Return the county's unit with this competence."""
        return f"{competence}@{territory[:6]}" if len(territory) == 12 else None

    def dispatcher(self, territory: str) -> str:
        """Return the city's dispatching unit, or the province's."""
        return f"dispatch@{territory[:4]}" if territory else "dispatch@62"

    def kind(self, unit: str) -> str:
        """Return what stands before the territory in a unit's id."""
        return unit.partition("@")[0] if "@" in unit else ""

    def superior(self, unit: str) -> str | None:
        """Return the unit of the next larger territory."""
        name, _, code = unit.partition("@")
        return f"{name}@{code[:-2]}" if len(code) > 2 else None

    def name(self, unit: str) -> Text | None:
        """Return the unit's id as its name; an id without a territory is unknown."""
        return Text(unit, unit) if "@" in unit else None

    def place(self, code: str) -> Text | None:
        """Accept every 12-digit code of Gansu."""
        return Text(code, code) if len(code) == 12 and code.isdigit() and code.startswith("62") else None


class Performed(msgspec.Struct, frozen=True, kw_only=True):
    """One command as it went: of which state, with which facts, what followed, and the state after it."""

    number: int
    step: Step
    command: c.Command
    facts: Facts
    before: Case
    events: tuple[Event, ...]
    case: Case
    refusal: str = ""


class ExampleReport(msgspec.Struct, frozen=True, kw_only=True):
    """How an example went; it is good when ``failures`` is empty."""

    scenario: str
    example: str
    steps: tuple[Performed, ...]
    failures: tuple[Text, ...]

    @property
    def passed(self) -> bool:
        """Whether everything that the example expects has come true."""
        return not self.failures


def run_example(
    scenario: Scenario, name: str, *, plan: Plan | None = None, calendar: Calendar | None = None
) -> ExampleReport:
    """Run one example of a scenario and say what differs from what it expects.

    Raises:
        KeyError: the scenario has no such example.
    """
    example = scenario.examples[name]
    runner = _Runner(plan or compile_plan(scenario), example, calendar or statutory_calendar())
    with suppress(_Stop):
        runner.run()
    return ExampleReport(
        scenario=scenario.scenario,
        example=name,
        steps=tuple(runner.performed),
        failures=tuple(runner.failures),
    )


class _Stop(Exception):
    """The example cannot go on."""


class _Runner:
    def __init__(self, plan: Plan, example: Example, calendar: Calendar) -> None:
        self.plan = plan
        self.example = example
        self.calendar = calendar
        self.directory = ExampleDirectory()
        self.case = Case(id=1)
        self.at = _instant(example.start)
        self.performed: list[Performed] = []
        self.failures: list[Text] = []
        self.number = 0
        self.wrong: list[str] = []

    def run(self) -> None:
        for number, step in enumerate(self.example.steps, start=1):
            self.number = number
            self._pass_time(step)
            if step.do != "wait":
                self._perform(step)
            self._expect(step)

    def _pass_time(self, step: Step) -> None:
        """Move to the time of the step; what timers and service tasks do before it is done on the way."""
        if step.at:
            until = _instant(step.at)
        elif step.after:
            until = due_at(Limit(parse_duration(step.after)), self.at, (), self.calendar) or self.at
        else:
            until = self.at + MINUTE
        if until < self.at:
            self._fail(f"时间倒退到 {step.at}", f"time runs back to {step.at}")
            raise _Stop
        for _ in range(MAX_TIMERS):
            wakes = [
                wake
                for wake in rows(self.case).wakes.values()
                if wake.kind == "clock" or not self._told_by_hand(wake.key)
            ]
            due = min(wakes, key=lambda wake: wake.at, default=None)
            if due is None or due.at > until:
                break
            self.at = max(self.at, due.at)
            if due.kind == "clock":
                self._issue(step, c.FireTimer(clock=due.key.removeprefix("clock:")), SYSTEM)
            else:
                attempt = self.case.items[due.key].attempt + 1
                report = c.ReportService(
                    task=due.key, attempt=attempt, ok=True, opened=self._opened_next(due.key)
                )
                self._issue(step, report, SYSTEM)
        else:
            self._fail("计时器不停触发", "timers fire without end")
            raise _Stop
        self.at = max(self.at, until)

    def _opened_next(self, task: str) -> c.OtherMatter | None:
        """Return the next matter that a service task opens; in examples it is one that nobody looks into."""
        service = self.plan.service(task)
        if service is None or service.call != "case.hand_on":
            return None
        matter = self.plan.scenario.next_matters[str(service.give["matter"])]
        return c.OtherMatter(case=NEXT_CASE, scenario=matter.scenario, receipt="EXAMPLE-2")

    def _told_by_hand(self, task: str) -> bool:
        """Whether a later step of the example says itself how the service task ends."""
        return any(
            step.do == "report_service" and step.give.get("task") == task
            for step in self.example.steps[self.number - 1 :]
        )

    def _perform(self, step: Step) -> None:
        try:
            command = self._command(step)
        except (msgspec.ValidationError, KeyError, TypeError) as error:
            self._fail(
                f"命令“{step.do}”写得不对：{error}", f"the command {step.do} is not written right: {error}"
            )
            raise _Stop from error
        refusal = self._issue(step, command, self._actor(step.who))
        self.wrong = sorted(refusal.fields) if refusal else []
        if refusal is None and step.refused:
            self._fail(
                f"应当被拒绝（{step.refused}），却成功了",
                f"should be refused ({step.refused}) but was granted",
            )
        elif refusal is not None and refusal.code != step.refused:
            detail = "".join(f" [{key}: {text.en}]" for key, text in refusal.fields.items())
            now = f"status = {self.case.status}, tasks = [{', '.join(rows(self.case).tasks)}]"
            self._fail(
                f"被拒绝（{refusal.code}）：{refusal.text.zh}{detail}；此时 {now}",
                f"was refused ({refusal.code}): {refusal.text.en}{detail}; by then {now}",
            )

    def _issue(self, step: Step, command: c.Command, actor: Actor) -> Refusal | None:
        other = None
        if isinstance(command, c.Merge) and command.into == OTHER_CASE:
            other = OtherCase(id=OTHER_CASE, scenario=self.case.scenario, open=True, merged=False)
        facts = Facts(
            now=self.at,
            actor=actor,
            calendar=self.calendar,
            directory=self.directory,
            other=other,
            earlier=Given(self.example.earlier),
            signing=ANY_PROOF,
        )
        events: list[Event] = []
        refusal: Refusal | None = None
        before = self.case
        try:
            events, self.case = advance(self.plan, self.case, command, facts)
        except Refusal as error:
            refusal = error
        self.performed.append(
            Performed(
                number=self.number,
                step=step,
                command=command,
                facts=facts,
                before=before,
                events=tuple(events),
                case=self.case,
                refusal=refusal.code if refusal else "",
            )
        )
        return refusal

    def _command(self, step: Step) -> c.Command:
        give = dict(step.give)
        if step.do == "open":
            roles = give.get("parties", ["requester"])
            give["parties"] = {role: f"party-{role}" for role in roles}
            give.setdefault("receipt", "EXAMPLE-1")
            give.setdefault("channel", "web")
        if "unit" in give:
            give["unit"] = self._unit(str(give["unit"]))
        if step.do == "erase":
            give["party"] = self.case.parties.get(str(give.get("party", "requester")), "")
            give.setdefault("reason", "")
        if "files" in give:
            give["files"] = [_file(entry, index) for index, entry in enumerate(give["files"])]
        kind = c.COMMANDS[step.do]
        return msgspec.convert({**give, "do": step.do}, kind, strict=True)

    def _actor(self, who: str) -> Actor:
        who, _, role = who.partition("/")
        roles = tuple(filter(None, role.split(",")))
        if who == "system":
            return SYSTEM
        case = self.case
        if who == "lead":
            return Actor(kind="post", unit=case.unit, post=f"post@{case.unit}", roles=roles or ("officer",))
        if who == "dispatcher":
            unit = case.dispatcher or self.directory.dispatcher("")
            return Actor(kind="post", unit=unit, post=f"post@{unit}", roles=roles or ("dispatcher",))
        if who == "superior":
            unit = self.directory.superior(case.unit) or ""
            return Actor(kind="post", unit=unit, post=f"post@{unit}", roles=("supervisor", *roles))
        if who == "reviewer" and "loop.review" in case.items:
            unit = case.items["loop.review"].unit
            return Actor(kind="post", unit=unit, post=f"post@{unit}", roles=roles or ("supervisor",))
        if who.startswith("competence."):
            unit = self._unit(who)
            return Actor(kind="post", unit=unit, post=f"post@{unit}", roles=roles or ("officer",))
        return Actor(kind="party", party=case.parties.get(who, f"party-{who}"))

    def _unit(self, written: str) -> str:
        """Return a unit for ``competence.x`` or a bare competence, in the county of the case."""
        competence = written.removeprefix("competence.")
        if "@" in competence or not competence:
            return competence
        return f"{competence}@{self.case.territory[:6] or '620102'}"

    def _expect(self, step: Step) -> None:
        for key, wanted in step.expect.items():
            check = _EXPECT.get(key)
            if check is None:
                self._fail(f"expect 里没有“{key}”", f"expect knows no “{key}”; it knows {', '.join(_EXPECT)}")
                continue
            found = check(self, wanted)
            if found != wanted:
                self._fail(
                    f"{key} 应为 {wanted!r}，实为 {found!r}", f"{key} should be {wanted!r}, is {found!r}"
                )

    def _fail(self, zh: str, en: str) -> None:
        step = self.example.steps[self.number - 1] if self.number else None
        what = step.do if step else ""
        self.failures.append(
            Text(f"第 {self.number} 步（{what}）：{zh}", f"step {self.number} ({what}): {en}")
        )


def _instant(written: str) -> int:
    return instant_of(datetime.fromisoformat(written))


def _file(entry: object, index: int) -> Mapping[str, Any]:
    """Make a file of an example from its name, or from a mapping with name and question."""
    given = {"name": entry} if isinstance(entry, str) else dict(entry)  # type: ignore[call-overload]
    name = str(given.get("name", f"file-{index}"))
    return {
        "file": f"example-{name}",
        "name": name,
        "sha256": "0" * 64,
        "size": 1,
        "media_type": "image/jpeg",
        "question": str(given.get("question", "")),
    }


def _clock_time(instant: int | None) -> str | None:
    """Write an instant as examples do; midnight is the end of the day before."""
    if instant is None:
        return None
    moment = local(instant)
    if moment.hour == moment.minute == 0:
        return f"{local(instant - 1):%Y-%m-%d} 24:00"
    return f"{moment:%Y-%m-%d %H:%M}"


def _open_tasks(runner: _Runner, wanted: Any) -> list[str]:
    """Return the open tasks in the order in which the example names them."""
    found = list(rows(runner.case).tasks)
    short = [name.partition("@")[0] if name not in wanted else name for name in found]
    order = {name: index for index, name in enumerate(wanted)}
    return sorted(short, key=lambda name: order.get(name, len(order)))


def _case_due(runner: _Runner, kind: str) -> str | None:
    row = rows(runner.case).case
    return _clock_time(row.due if kind == "due" else row.promised)


def _clocks(runner: _Runner, wanted: Mapping[str, str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name in wanted:
        clock = runner.case.clocks.get(name)
        if clock is None:
            found[name] = None
        elif clock.ended is not None:
            found[name] = "ended"
        elif clock.stopped:
            found[name] = "stopped"
        else:
            found[name] = _clock_time(clock.due)
    return found


def _answers(runner: _Runner, wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {name: runner.case.answers.get(name) for name in wanted}


_EXPECT: dict[str, Any] = {
    "status": lambda runner, _: runner.case.status,
    "unit": lambda runner, _: runner.case.unit.partition("@")[0],
    "tasks": _open_tasks,
    "stage": lambda runner, _: rows(runner.case).case.stage,
    "result": lambda runner, _: runner.case.result,
    "due": lambda runner, _: _case_due(runner, "due"),
    "promised": lambda runner, _: _case_due(runner, "promised"),
    "stopped": lambda runner, _: rows(runner.case).case.stopped,
    "late": lambda runner, _: rows(runner.case).case.late,
    "clock": _clocks,
    "answers": _answers,
    "score": lambda runner, _: runner.case.score,
    "priority": lambda runner, _: runner.case.priority,
    "level": lambda runner, _: runner.case.level,
    "reopenings": lambda runner, _: runner.case.reopenings,
    "urges": lambda runner, _: runner.case.urges,
    "files": lambda runner, _: len(runner.case.files),
    "joint": lambda runner, _: sorted(unit.partition("@")[0] for unit in runner.case.joint),
    "personal": lambda runner, wanted: [name for name in wanted if name in runner.case.personal],
    "wrong": lambda runner, _: runner.wrong,
    "erased": lambda runner, _: list(runner.case.erased),
    "onward": lambda runner, _: [link.scenario for link in runner.case.onward],
}
"""What an example can expect, by name; each returns what is found in the form in which it is written."""
