"""The city goes on while somebody watches: new needs arrive, units act, people confirm, by the commands of everyday.

A process beside server and worker. It takes over the newest matters that are in the ledger, raises new ones, and does
what ``doings`` says comes next, at a bounded rate and on the clock on the wall. What the worker does (clocks,
service tasks) it leaves to the worker. Each command is one transaction, so it may be killed at any moment; what a
visitor does in between is seen before the next command of the same case.

Pace: *so many commands a minute* (what would take a unit hours is done as soon as its turn comes), or *real* (each thing
when it is due).
"""

from __future__ import annotations

import heapq
import random
import secrets
from collections import Counter, OrderedDict
from collections.abc import Callable
from threading import Event
from typing import Any

import msgspec

from zhuoli.core.case.commands import ReportService
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.scenario.shelf import read_shelf
from zhuoli.core.worktime import statutory_calendar
from zhuoli.core.worktime.instants import day_of
from zhuoli.demo.city import City
from zhuoli.demo.life import Act, Life
from zhuoli.demo.needs import Need, plan_day
from zhuoli.demo.pace import PACE
from zhuoli.demo.pictures import Album
from zhuoli.demo.registers import chooser
from zhuoli.demo.rounds import plan_rounds
from zhuoli.demo.signing import GeneratedCodes
from zhuoli.demo.texts import demo_texts, weighted
from zhuoli.environment import read_environment
from zhuoli.office import read
from zhuoli.office.directory import load_directory, load_places
from zhuoli.office.errors import OfficeError
from zhuoli.office.handle import Office, wall_clock
from zhuoli.store.driver import StoreBusy
from zhuoli.store.models import CaseRecord

TAKEN_OVER = 300
"""So many of the newest unfinished matters of the city go on; the others rest as they are."""
MOST_LIVES = 600
"""So many matters are followed at once; the oldest is let go."""
MOST_TRIES = 40
"""So many things are looked at in one step: what must wait (for a supplement, say) is put off again and again."""
NEW_EACH = 4
"""At a bounded pace one command in so many raises a new matter."""
LOOK_AGAIN = 8_000
"""After so many ms a matter is looked at again: the worker, or a visitor, may have moved it on."""
OF_THE_WORKER = frozenset({"clock", "service"})
_SHARD = 1
"""Ids of this process's cases never meet those of the server."""


class LiveCity(City):
    """A city whose clock is the one on the wall. ``step`` does the next thing there is to do."""

    def __init__(self, office: Office, seed: int, clock: Callable[[], int] = wall_clock) -> None:
        texts = demo_texts()
        shelf = office.library.scenarios()
        plans = {name: office.library.current(name) for name in texts.scenarios if name in shelf}
        if not plans:
            raise ValueError(f"none of {', '.join(texts.scenarios)} is on the shelf")
        super().__init__(
            _NoDoor(),
            plans,
            load_directory(),
            load_places(),
            office.calendar,
            texts,
            seed=seed,
            evidence=Album(office.files).take,
            perform=_never,
            look=self._look,
            rows=chooser(),
        )
        self.office = office
        self.clock = clock
        self.rng = random.Random(seed)  # noqa: S311 - a demonstration, no secret
        self.counts: Counter[str] = Counter()
        self._followed: OrderedDict[int, None] = OrderedDict()
        self._again: list[tuple[int, int]] = []
        self._planned_day = -1

    def take_over(self, most: int = TAKEN_OVER) -> int:
        """Go on with the newest unfinished matters that are in the ledger; return how many there are."""
        found = CaseRecord.city_cases.filter(
            status__in=("received", "accepted", "closed"), scenario__in=list(self.plans)
        ).order_by("-opened")
        numbers = list(found.values_list("id", flat=True)[:most])
        for number in reversed(numbers):
            self._adopt(number)
        return len(numbers)

    def step(self, *, real: bool) -> str:
        """Do one thing; return the name of its command, or nothing when there is nothing to do just now."""
        now = self.clock()
        self._look_around(now)
        if real:
            self._plan_today(now)
        elif not self._heap or self.rng.randrange(NEW_EACH) == 0:
            self._raise_something(now)
        for _ in range(MOST_TRIES):
            if not self._heap or (real and self._heap[0][0] > now):
                break
            _, _, number, act = heapq.heappop(self._heap)
            if act.what in OF_THE_WORKER or (act.what != "open" and number not in self._followed):
                continue
            done = self._do(self.lives[number], act, now)
            if done:
                return done
        return ""

    def _look_around(self, now: int) -> None:
        """Look again at the matters whose time for that has come."""
        while self._again and self._again[0][0] <= now:
            _, number = heapq.heappop(self._again)
            if number in self._followed:
                self._refresh(self.lives[number], now)

    def _do(self, life: Life, act: Act, now: int) -> str:
        if act.what != "open":
            life.case = read.load_state(life.state.id, self.office.alias)
        try:
            request = self._doings.request(life, act, now)
            if request is None:
                return ""
            handled = self.office.handle(msgspec.structs.replace(request, at=None))
        except (Refusal, OfficeError, StoreBusy) as trouble:
            self.counts[f"not {type(trouble).__name__}"] += 1
            return ""
        life.case, life.id = handled.state, handled.case
        self._numbers[handled.case] = life.number
        name = str(type(request.command).__struct_config__.tag)
        self.counts[name] += 1
        self._follow(life, now)
        return name

    def _follow(self, life: Life, now: int) -> None:
        self._doings.follow(life, now)
        if life.state.status in ("received", "accepted", "closed"):
            self._followed[life.number] = None
            self._followed.move_to_end(life.number)
            if len(self._followed) > MOST_LIVES:
                self._followed.popitem(last=False)
            self._look_later(life, now)
        else:
            self._followed.pop(life.number, None)

    def _refresh(self, life: Life, now: int) -> None:
        """See what has become of a matter meanwhile, and plan what follows from it."""
        fresh = read.load_state(life.state.id, self.office.alias)
        if fresh.seq != life.state.seq:
            life.case = fresh
            self._follow(life, now)
            for link in fresh.onward:
                if link.case not in self._numbers and link.scenario in self.plans:
                    self._adopt(link.case)
        elif any(item.kind == "service" and item.state == "active" for item in fresh.items.values()):
            self._look_later(life, now)

    def _look_later(self, life: Life, now: int) -> None:
        heapq.heappush(self._again, (now + LOOK_AGAIN + self.rng.randrange(LOOK_AGAIN), life.number))

    def _adopt(self, number: int) -> None:
        case = read.load_state(number, self.office.alias)
        plan = self.office.library.pinned(case.version, case.scenario)
        self._follow(self.adopt(case, plan, self.rng), self.clock())

    def _raise_something(self, now: int) -> None:
        shares = {name: each.share for name, each in self.texts.scenarios.items()}
        name = str(weighted(self.rng, dict(shares)))
        scenario = self.texts.scenarios[name]
        need = Need(
            at=now,
            scenario=name,
            matter=self.rng.choices(
                range(len(scenario.matters)), weights=[each.weight for each in scenario.matters]
            )[0],
            place=self._geography.draw(self.rng),
            channel=str(weighted(self.rng, scenario.channels)),
            seed=self.rng.getrandbits(48),
        )
        self.push(self.begin(need, self.plans[name]), 0, Act("open"))

    def _plan_today(self, now: int) -> None:
        """At real pace needs come up as they do in the city: so many a day, at their hours."""
        if day_of(now) == self._planned_day:
            return
        self._planned_day = day_of(now)
        rng = random.Random(f"{self.seed}/day/{self._planned_day}")  # noqa: S311 - a demonstration
        day = self._planned_day
        needs = plan_day(rng, day, self.texts, self._geography, self.calendar)
        for need in (*needs, *plan_rounds(self.seed, day, self.texts, self.places)):
            if need.at >= now:
                self.push(self.begin(need, self.plans[need.scenario]), need.at, Act("open"))

    def _look(self, life: Life, actor: Actor, at: int) -> None:
        """Read what the requester has written, for the first purpose that covers it; the look is kept."""
        party = life.state.parties.get("requester", "")
        own = {name for name, value in life.state.personal.items() if value.party == party}
        for name, purpose in life.plan.scenario.privacy.purposes.items():
            fields = sorted(own & set(purpose.fields) if purpose.fields else own)
            if fields:
                read.open_personal(self.office, life.state.id, party, fields, name, actor)
                return


def live(stop: Event, *, pace: int = PACE, told: Callable[[str], None] | None = None) -> Counter[str]:
    """Live until ``stop`` is set, ``pace`` commands a minute (0: real pace); ``told`` hears each command's name.

    Returns:
        How often each command was issued.
    """
    environment = read_environment()
    shelf = read_shelf(environment.scenarios, cache=environment.data / "shelf.cache")
    office = Office(shelf, load_directory(), statutory_calendar(), shard=_SHARD)
    office.signing = GeneratedCodes()
    city = LiveCity(office, secrets.randbits(48))
    city.take_over()
    beat = 60.0 / pace if pace else 1.0
    while not stop.is_set():
        done = city.step(real=not pace)
        if done and told is not None:
            told(done)
        # Not a metronome: between half and one and a half beats.
        stop.wait(beat * (0.5 + city.rng.random()))
    return city.counts


class _NoDoor:
    """Stands where the past was lived through in batches; alive, each command goes through the office by itself."""

    def handle_many(self, requests: Any) -> list[Any]:
        raise NotImplementedError("the city is alive: one command at a time")


def _never(life: Life, task: str, at: int) -> ReportService:
    raise NotImplementedError("the worker carries out service tasks")


__all__ = ["LiveCity", "live"]
