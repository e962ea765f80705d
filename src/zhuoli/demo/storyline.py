"""Plays a worked example on the real office: each step issues its command through the door, for a case of its own.

The case lives on the clock of its example: what the example says happened on 2 March is recorded on 2 March, so that
every date, deadline and sentence is the one that the example was tested with. Such cases have numbers of their own
(``zhuoli.office.stories``), by which lists, figures and the worker leave them alone; the ledger does not.

    player = Player(office, directory, calendar, clock)
    play = player.begin(scenario, example, now)
    play = player.step(play)            # as often as the example has steps
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import msgspec

from zhuoli.capabilities import REGISTRY
from zhuoli.core.case import commands as c
from zhuoli.core.case.facts import SYSTEM, Actor
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.rows import rows
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.model import Example, Step
from zhuoli.core.text import Text
from zhuoli.core.worktime import Calendar, Limit, due_at, instant_of, parse_duration
from zhuoli.core.worktime.instants import HOUR, MINUTE
from zhuoli.demo.pictures import drawing
from zhuoli.office import read
from zhuoli.office.access import permits
from zhuoli.office.directory import FrozenDirectory
from zhuoli.office.earlier_cases import given_earlier
from zhuoli.office.errors import OfficeError
from zhuoli.office.handle import Office, Request
from zhuoli.office.worker import Worker
from zhuoli.store.models import Post

MOST_TIMERS = 50
"""So many clocks may speak in one step; more mean a loop."""
OTHER = 2
"""The number by which an example calls another open case of its scenario."""
NOWHERE = (1 << 62) + 1
"""The number of a case that there is not."""


class Play(msgspec.Struct, frozen=True, kw_only=True):
    """How far a story is: what is played, its case, the steps done, the instant (ms UTC), who was last seen.

    ``marks`` holds for each step done the number of the case's last entry; ``persona`` is a post, or empty for a
    person. ``trouble`` says why the last step could not be done, where the example did not expect that.
    """

    id: str
    scenario: str
    example: str
    case: int = 0
    receipt: str = ""
    other: int = 0
    done: int = 0
    at: int = 0
    marks: tuple[int, ...] = ()
    personas: tuple[str, ...] = ()
    refusals: tuple[tuple[int, str, str], ...] = ()
    trouble: tuple[str, str] = ("", "")

    @property
    def persona(self) -> str:
        """Who did the last step: a post, or empty for a person."""
        return self.personas[-1] if self.personas else ""


class Player:
    """Plays examples. One for a process; ``held`` lets the office's clock stand at an instant for a while."""

    def __init__(
        self,
        office: Office,
        directory: FrozenDirectory,
        calendar: Calendar,
        held: Callable[[int], AbstractContextManager[None]],
    ) -> None:
        self.office = office
        self.directory = directory
        self.calendar = calendar
        self.held = held
        self._hand = Worker(office, REGISTRY, name="story")

    def begin(self, scenario: str, example: str) -> Play:
        """Return a story of which nothing has happened yet.

        Raises:
            UnknownScenario: the shelf has none of this name.
            KeyError: the scenario has no such example.
        """
        found = self._example(scenario, example)
        return Play(id=secrets.token_hex(8), scenario=scenario, example=example, at=_instant(found.start))

    def plan(self, play: Play) -> Plan:
        """Return the plan that the story's case is pinned to, or will be."""
        if play.case:
            case = read.load_state(play.case, self.office.alias)
            return self.office.library.pinned(case.version, case.scenario)
        return self.office.library.current(play.scenario)

    def next_step(self, play: Play) -> Step | None:
        """Return the step that comes next, or None at the end."""
        steps = self._example(play.scenario, play.example).steps
        return steps[play.done] if play.done < len(steps) else None

    def next_persona(self, play: Play) -> str:
        """Return who will do the next step: a post, or empty for a person or the software."""
        step = self.next_step(play)
        if step is None or step.do == "wait":
            return play.persona
        actor = self._actor(play, self._case(play), step.who, step.do)
        return actor.post if actor.kind == "post" else ""

    def post_of(self, play: Play, who: str) -> str:
        """Return the post that ``who`` of an example (``lead``, ``superior`` …) is in this story; empty for a person."""
        actor = self._actor(play, self._case(play), who)
        return actor.post if actor.kind == "post" else ""

    def step(self, play: Play) -> Play:
        """Do the next step; what it cannot do is told in ``trouble`` and leaves the story where it is.

        The same step of the same story twice changes nothing the second time: its command carries the same key.
        """
        step = self.next_step(play)
        if step is None:
            return play
        with given_earlier(self._example(play.scenario, play.example).earlier):
            return self._step(play, step)

    def _step(self, play: Play, step: Step) -> Play:
        after = self._pass_time(play, step)
        try:
            after = self._perform(after, step)
        except (Refusal, OfficeError) as refusal:
            if not step.refused:
                return msgspec.structs.replace(
                    after, trouble=(refusal.text.zh, refusal.text.en), marks=after.marks, at=after.at
                )
            told = (after.done, refusal.text.zh, refusal.text.en)
            actor = self._actor(after, self._case(after), step.who, step.do)
            persona = actor.post if actor.kind == "post" else ""
            return self._advance(msgspec.structs.replace(after, refusals=(*after.refusals, told)), persona)
        return after

    def skip(self, play: Play) -> Play:
        """Leave the next step out: the visitor has done it, or something like it, by hand."""
        return self._advance(play, play.persona) if self.next_step(play) is not None else play

    def _advance(self, play: Play, persona: str) -> Play:
        seq = self._case(play).seq if play.case else 0
        return msgspec.structs.replace(
            play,
            done=play.done + 1,
            marks=(*play.marks, seq),
            personas=(*play.personas, persona),
            trouble=("", ""),
        )

    def _perform(self, play: Play, step: Step) -> Play:
        if step.do == "wait":
            return self._advance(play, play.persona)
        case = self._case(play)
        actor = self._actor(play, case, step.who, step.do)
        persona = actor.post if actor.kind == "post" else ""
        with self.held(play.at):
            command, play = self._command(play, case, step)
            handled = self.office.handle(
                Request(
                    key=f"story:{play.id}:{play.done}",
                    command=command,
                    actor=actor,
                    case=None if step.do == "open" else play.case,
                    scenario=play.scenario if step.do == "open" else "",
                    at=play.at,
                )
            )
        if step.do == "open":
            play = msgspec.structs.replace(play, case=handled.case, receipt=handled.state.receipt)
        return self._advance(play, persona)

    def _pass_time(self, play: Play, step: Step) -> Play:
        """Move to the time of the step; what clocks and service tasks do before it is done on the way."""
        until = play.at + MINUTE
        if step.at:
            until = max(_instant(step.at), play.at)
        elif step.after:
            until = due_at(Limit(parse_duration(step.after)), play.at, (), self.calendar) or until
        at = play.at
        for number in range(MOST_TIMERS):
            case = self._case(play)
            if not case.opened:
                break
            wakes = [
                wake
                for wake in rows(case).wakes.values()
                if wake.kind == "clock" or not self._told_by_hand(play, wake.key)
            ]
            due = min(wakes, key=lambda wake: wake.at, default=None)
            if due is None or due.at > until:
                break
            at = max(at, due.at)
            with self.held(at):
                self._wake(play, case, due.kind, due.key, at, number)
        return msgspec.structs.replace(play, at=max(at, until))

    def _wake(self, play: Play, case: Case, kind: str, key: str, at: int, number: int) -> None:
        command: c.AnyCommand
        if kind == "clock":
            command = c.FireTimer(clock=key.removeprefix("clock:"))
        else:
            plan = self.office.library.pinned(case.version, case.scenario)
            item = case.items[key]
            job = self._hand.job(plan, case, key, item.run, item.attempt + 1)
            result, error = self._hand.carry_out(job, plan)
            command = c.ReportService(
                task=key,
                attempt=job.attempt,
                ok=not error,
                values=result.values,
                files=result.files,
                error=error,
                opened=result.opened,
            )
        self.office.handle(
            Request(
                key=f"story:{play.id}:{play.done}:{number}:{case.seq}",
                command=command,
                actor=SYSTEM,
                case=case.id,
                at=at,
            )
        )

    def _told_by_hand(self, play: Play, task: str) -> bool:
        """Whether a later step of the example says itself how the service task ends."""
        steps = self._example(play.scenario, play.example).steps[play.done :]
        return any(step.do == "report_service" and step.give.get("task") == task for step in steps)

    def _command(self, play: Play, case: Case, step: Step) -> tuple[c.AnyCommand, Play]:
        give = dict(step.give)
        if step.do == "open":
            roles = give.get("parties", ["requester"])
            give["parties"] = {role: f"{play.id}-{role}" for role in roles}
            give["receipt"] = ""
            give.setdefault("channel", "web")
        if "unit" in give:
            give["unit"] = self._unit(play, case, str(give["unit"]))
        if "into" in give:
            into, play = self._other(play, case, int(give["into"]))
            give["into"] = into
        if step.do == "erase":
            give["party"] = case.parties.get(str(give.get("party", "requester")), "")
            give.setdefault("reason", "")
        if "files" in give:
            give["files"] = [self._file(entry, index, play.at) for index, entry in enumerate(give["files"])]
        kind = c.COMMANDS[step.do]
        command: c.AnyCommand = msgspec.convert({**give, "do": step.do}, type=kind, strict=True)  # type: ignore[assignment]
        return command, play

    def _other(self, play: Play, case: Case, number: int) -> tuple[int, Play]:
        """Return the case that an example calls by a number; the other open one is raised when it is first named."""
        if number == 1:
            return case.id, play
        if number != OTHER:
            return NOWHERE, play
        if not play.other:
            first = self._example(play.scenario, play.example).steps[0]
            twin = msgspec.structs.replace(play, id=f"{play.id}b", case=0)
            command, _ = self._command(twin, Case(id=0), first)
            actor = self._actor(twin, Case(id=0), first.who, first.do)
            at = case.opened - HOUR if case.opened else play.at
            handled = self.office.handle(
                Request(
                    key=f"story:{play.id}:other", command=command, actor=actor, scenario=play.scenario, at=at
                )
            )
            play = msgspec.structs.replace(play, other=handled.case)
        return play.other, play

    def _actor(self, play: Play, case: Case, who: str, does: str = "complete") -> Actor:
        who, _, role = who.partition("/")
        if who == "system":
            return SYSTEM
        if who == "lead":
            return self._post(case.unit, role or "officer", does)
        if who == "dispatcher":
            return self._post(
                case.dispatcher or self.directory.dispatcher(case.territory), role or "dispatcher", does
            )
        if who == "superior":
            return self._post(self.directory.superior(case.unit) or case.unit, role or "supervisor", does)
        if who == "reviewer" and "loop.review" in case.items:
            return self._post(case.items["loop.review"].unit, role or "supervisor", does)
        if who.startswith("competence."):
            return self._post(self._unit(play, case, who), role or "officer", does)
        return Actor(kind="party", party=case.parties.get(who, f"{play.id}-{who}"))

    def _post(self, unit: str, role: str, does: str) -> Actor:
        """Return a real post of a unit: one with the role, else one that may do it (a dispatch centre has no officers)."""
        posts = list(Post.objects.filter(unit_id=unit).order_by("id"))
        actors = [
            Actor(kind="post", unit=unit, post=post.id, roles=tuple(post.roles))
            for post in sorted(posts, key=lambda post: role not in post.roles)
        ]
        able = (actor for actor in actors if role in actor.roles or permits(actor, does))
        return next(able, Actor(kind="post", unit=unit, post=f"{unit}/{role}", roles=(role,)))

    def _unit(self, play: Play, case: Case, written: str) -> str:
        """Return the real unit for ``competence.x``, a bare competence (where the case is), or one ``@`` a place.

        Before there is a case, it is where the example raises it.
        """
        competence, _, place = written.removeprefix("competence.").partition("@")
        territory = place.ljust(12, "0") if place else case.territory
        if not territory:
            raised = self._example(play.scenario, play.example).steps[0].give
            territory = str(raised.get("territory") or raised.get("answers", {}).get("place", ""))
        return self.directory.responsible(competence, territory) or written

    def _file(self, entry: object, index: int, at: int) -> c.File:
        given: Mapping[str, Any] = {"name": entry} if isinstance(entry, str) else dict(entry)  # type: ignore[call-overload]
        stem = str(given.get("name", f"file-{index}")).rpartition(".")[0] or f"file-{index}"
        return self.office.files.put(
            drawing(index),
            name=f"{stem}（演示）.png",
            media_type="image/png",
            now=at,
            question=str(given.get("question", "")),
        )

    def _case(self, play: Play) -> Case:
        return read.load_state(play.case, self.office.alias) if play.case else Case(id=0)

    def _example(self, scenario: str, example: str) -> Example:
        return self.office.library.current(scenario).scenario.examples[example]


def _instant(written: str) -> int:
    return instant_of(datetime.fromisoformat(written))


__all__ = ["Play", "Player", "Text"]
