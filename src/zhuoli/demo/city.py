"""Lives through the days: whoever has something to do does it by the command that a person would issue.

A discrete-event simulation. Each act lies on a heap with its time; when the time comes, ``doings`` says what command
it is, given how the case stands by then; the office handles it, and the new state says what is to be done next.
Commands are handled in batches, never two of one case in one batch, so that the time of each case only goes
forward. Nothing but the seed, the days, the shelf and the directory decides what comes out.
"""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import msgspec

from zhuoli.core.case.commands import AnyCommand, File, Merge, ReportService
from zhuoli.core.case.decide import decide
from zhuoli.core.case.events import Booked, Event
from zhuoli.core.case.facts import Actor, Facts, OtherCase
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import OPEN_STATUS, Case
from zhuoli.core.text import Text
from zhuoli.core.worktime import Calendar
from zhuoli.core.worktime.instants import HOUR, day_begins, day_of
from zhuoli.demo.doings import Doings
from zhuoli.demo.life import Act, Life, begin
from zhuoli.demo.needs import Geography, Need, Rows, plan_again, plan_day, plan_once
from zhuoli.demo.people import Traits, traits
from zhuoli.demo.rounds import plan_rounds
from zhuoli.demo.signing import GeneratedCodes
from zhuoli.demo.texts import Texts
from zhuoli.demo.world import FilmGiver
from zhuoli.office import read
from zhuoli.office.directory import FrozenDirectory
from zhuoli.office.handle import Request
from zhuoli.places import Places

STEP = 8 * HOUR
"""Acts within so much time go into one batch."""
MOST = 400
"""Commands in one batch at most."""


class Result(Protocol):
    """What the city needs of a handled request."""

    @property
    def case(self) -> int:
        """The id of the case."""
        ...

    @property
    def state(self) -> Case:
        """The state after the command."""
        ...


class Door(Protocol):
    """The office, or in tests something that decides without a database."""

    def handle_many(self, requests: Iterable[Request]) -> Sequence[Result]:
        """Handle requests in their order, all or none."""
        ...


class _Held:
    """The times that the people of the city hold, those of commands that are still on their way included."""

    def __init__(self) -> None:
        self._by: dict[tuple[str, int], int] = {}

    def objection(self, provider: str, at: int, case: int) -> tuple[Text, Text] | None:
        """Return that the time is taken, or None."""
        taken = self._by.get((provider, at), case) != case
        return (Text("已有人约", "taken"), Text("另选", "choose another")) if taken else None

    def hold(self, case: int, events: Iterable[Event]) -> None:
        """Remember the times that a command will hold."""
        for event in events:
            if isinstance(event, Booked) and event.provider:
                self._by[event.provider, event.at] = case


class Lived(msgspec.Struct, kw_only=True):
    """What has been lived through."""

    cases: int = 0
    commands: int = 0
    refused: Counter[str] = msgspec.field(default_factory=Counter)
    by_command: Counter[str] = msgspec.field(default_factory=Counter)
    statuses: Counter[str] = msgspec.field(default_factory=Counter)


class City:
    """The demonstration city between two instants (ms UTC)."""

    def __init__(
        self,
        door: Door,
        plans: dict[str, Plan],
        directory: FrozenDirectory,
        places: Places,
        calendar: Calendar,
        texts: Texts,
        *,
        seed: int,
        evidence: Callable[[str, int], File],
        perform: Callable[[Life, str, int], ReportService],
        look: Callable[[Life, Actor, int], None] = lambda life, actor, at: None,
        volume: float = 1.0,
        films: FilmGiver | None = None,
        rows: Rows = lambda register, place: [],
    ) -> None:
        self.door = door
        self.perform = perform
        self.look = look
        self.plans = plans
        self.directory = directory
        self.places = places
        self.calendar = calendar
        self.texts = msgspec.structs.replace(
            texts, scenarios={name: each for name, each in texts.scenarios.items() if name in plans}
        )
        self.seed = seed
        self.evidence = evidence
        self.volume = volume
        self.films = films
        self.rows = rows
        self.lives: list[Life] = []
        self.lived = Lived()
        self.alike: dict[tuple[str, int, str], list[Life]] = {}
        self.about: dict[tuple[str, str], list[Life]] = {}
        self.came_of: dict[tuple[str, str, int], Life] = {}
        self._geography = Geography(places)
        self._heap: list[tuple[int, int, int, Act]] = []
        self._order = 0
        self._numbers: dict[int, int] = {}
        self._traits: dict[str, Traits] = {}
        self._slots = _Held()
        self._signing = GeneratedCodes()
        self._doings = Doings(self)

    def live(self, start: int, end: int, told: Callable[[int], None] | None = None) -> Lived:
        """Live from ``start`` to ``end``; ``told`` hears the instant that has been reached."""
        for day in range(day_of(start), day_of(end) + 1):
            self._plan(day, start, end)
            self._run(min(day_begins(day + 1), end), told)
        self.lived.statuses = Counter(life.state.status for life in self.lives if life.case is not None)
        return self.lived

    def traits(self, unit: str) -> Traits:
        """Return how a unit works."""
        found = self._traits.get(unit)
        if found is None:
            found = self._traits[unit] = traits(self.seed, unit)
        return found

    def push(self, life: Life, at: int, act: Act) -> None:
        """Put an act on the heap."""
        self._order += 1
        heapq.heappush(self._heap, (at, self._order, life.number, act))

    def begin(self, need: Need, plan: Plan) -> Life:
        """Begin the life of a matter that is going to be raised."""
        texts = self.texts
        life = begin(
            len(self.lives),
            need,
            plan,
            texts.scenarios[need.scenario],
            self.seed,
            texts.since,
            texts.spots,
        )
        self.lives.append(life)
        return life

    def adopt(self, case: Case, plan: Plan, rng: random.Random) -> Life:
        """Take over a case that is in the ledger already; whoever calls looks after what comes next in it."""
        texts = self.texts.scenarios[case.scenario]
        fitting = [n for n, each in enumerate(texts.matters) if each.competence == case.competence]
        need = Need(
            at=case.opened,
            scenario=case.scenario,
            matter=rng.choice(fitting or list(range(len(texts.matters)))),
            place=case.territory,
            channel=case.channel,
            seed=rng.getrandbits(48),
        )
        life = self.begin(need, plan)
        life.case, life.id = case, case.id
        self._numbers[case.id] = life.number
        return life

    def granted(self, life: Life, command: AnyCommand, actor: Actor, at: int) -> bool:
        """Whether the core would grant a command now."""
        other = self._other(command) if isinstance(command, Merge) else None
        facts = Facts(
            now=at,
            actor=actor,
            calendar=self.calendar,
            directory=self.directory,
            other=other,
            slots=self._slots,
            signing=self._signing,
        )
        try:
            events = decide(life.plan, life.state, command, facts)
        except Refusal as refusal:
            self.lived.refused[f"{type(command).__name__} {refusal.code}"] += 1
            return False
        self._slots.hold(life.state.id, events)
        return True

    def _other(self, command: Merge) -> OtherCase:
        case = self.lives[self._numbers[command.into]].state
        merged = case.status == "merged"
        return OtherCase(id=case.id, scenario=case.scenario, open=case.status in OPEN_STATUS, merged=merged)

    def _plan(self, day: int, start: int, end: int) -> None:
        rng = random.Random(f"{self.seed}/day/{day}")  # noqa: S311 - a demonstration, no secret
        needs = plan_day(rng, day, self.texts, self._geography, self.calendar, self.volume)
        needs += plan_once(self.seed, day, day - day_of(start) + 1, self.texts, self._geography)
        needs += plan_again(self.seed, day, self.texts, self._geography, self.rows, self.volume)
        for need in (*needs, *plan_rounds(self.seed, day, self.texts, self.places, self.volume)):
            if start <= need.at < end:
                self.push(self.begin(need, self.plans[need.scenario]), need.at, Act("open"))

    def _run(self, until: int, told: Callable[[int], None] | None) -> None:
        while self._heap and self._heap[0][0] < until:
            horizon = min(self._heap[0][0] + STEP, until)
            batch: list[tuple[Life, int, Request]] = []
            busy: set[int] = set()
            later: list[tuple[int, int, int, Act]] = []
            while self._heap and self._heap[0][0] < horizon and len(batch) < MOST:
                entry = heapq.heappop(self._heap)
                at, _, number, act = entry
                if number in busy:
                    later.append(entry)
                    continue
                life = self.lives[number]
                request = self._doings.request(life, act, at)
                if request is None:
                    continue
                if isinstance(request.command, Merge):
                    target = self._numbers[request.command.into]
                    if target in busy:  # it may not be open any more when this batch has been handled
                        life.done.discard("merge")
                        later.append(entry)
                        busy.add(number)  # nor may anything later of this case come before
                        continue
                    busy.add(target)
                batch.append((life, at, request))
                busy.add(number)
            for entry in later:
                heapq.heappush(self._heap, entry)
            self._handle(batch)
            if told is not None:
                told(horizon)

    def _handle(self, batch: list[tuple[Life, int, Request]]) -> None:
        if not batch:
            return
        handled = self.door.handle_many([request for _, _, request in batch])
        for (life, at, request), result in zip(batch, handled, strict=True):
            if life.case is None:
                self.lived.cases += 1
                if result.state.about:
                    self.about.setdefault((result.state.scenario, result.state.about), []).append(life)
            life.case, life.id = result.state, result.case
            self._numbers[result.case] = life.number
            self.lived.commands += 1
            self.lived.by_command[str(type(request.command).__struct_config__.tag)] += 1
            self._doings.follow(life, at)
            for link in result.state.onward:
                if link.case not in self._numbers and link.scenario in self.plans:
                    self._go_on(link.case, life, at)

    def _go_on(self, number: int, before: Life, at: int) -> None:
        """Live on in the matter that a case has opened."""
        case = read.load_state(number)
        life = self.adopt(case, self.plans[case.scenario], before.rng)
        self.came_of[before.need.scenario, before.need.place, before.need.matter] = life
        self.lived.cases += 1
        self._doings.follow(life, at)
