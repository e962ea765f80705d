"""What comes next in a case, and what command it is when its time has come."""

from __future__ import annotations

import random
from collections.abc import Callable

from zhuoli.core.case import commands as c
from zhuoli.core.case.facts import SYSTEM, Actor
from zhuoli.core.case.state import OPEN_STATUS, Clock, Item, in_earnest
from zhuoli.core.scenario.names import EVIDENCE
from zhuoli.core.worktime.instants import DAY, HOUR, MINUTE
from zhuoli.demo.acts import Acts, Wish
from zhuoli.demo.life import Act, Life, checked_receipt, receipt_body
from zhuoli.demo.people import awake, time_for
from zhuoli.demo.world import World
from zhuoli.office.handle import Request
from zhuoli.office.rounds import party_of
from zhuoli.places.coverage import villages_with_post


class Doings(Acts):
    """The next acts of a case (``follow``) and the command that an act is by then (``request``)."""

    def __init__(self, city: World) -> None:
        super().__init__(city)
        self._acts: dict[str, Callable[[Life, Act, int], Wish | None]] = {
            "task": self._task,
            "urge": self._urge,
            "withdraw": self._withdraw,
            "resume": self._resume,
            "note": self._note,
            "rate": self._rate,
            "review": self._review,
            "supervise": self._supervise,
            "clock": self._clock,
            "service": self._service,
            "share": self._share,
            "take_share": self._take_share,
            "answer_share": self._answer_share,
            "film": self._film,
        }

    # What comes next

    def follow(self, life: Life, at: int) -> None:
        """Look at the new state and put on the heap what is to be done about it."""
        case = life.state
        for name, item in case.items.items():
            if item.state == "active" and item.kind in ("human", "loop") and life.plan_once((name, item.run)):
                self._plan_task(life, name, item, at)
            elif item.state == "active" and item.kind == "service":
                due = item.retry_at if item.retry_at is not None else at
                if life.plan_once((name, item.run, item.attempt)):
                    wait = life.rng.randrange(1000, 9000)
                    self.city.push(life, max(due, at) + wait, Act("service", name, item.run))
        for name, clock in case.clocks.items():
            wake = clock.wake_at()
            if wake is not None and life.plan_once((name, wake)):
                self.city.push(life, max(wake, at) + life.rng.randrange(2000, 20_000), Act("clock", name))
        self._plan_side(life, at)

    def _plan_side(self, life: Life, at: int) -> None:
        case, fate, rng = life.state, life.fate, life.rng
        self._plan_films(life, at)
        self._plan_shares(life, at)
        if case.status in OPEN_STATUS:
            if fate.urges and life.once("urges"):
                self.city.push(life, awake(rng, at + int(fate.patience * DAY)), Act("urge"))
            if fate.withdraw and life.once("withdraws"):
                self.city.push(life, awake(rng, at + int(rng.uniform(0.3, 4) * DAY)), Act("withdraw"))
            if case.level and fate.supervised and life.once("supervises"):
                self.city.push(life, at + rng.randrange(HOUR, 20 * HOUR), Act("supervise"))
        if case.suspended and life.plan_once(("resume", len(life.planned))):
            self._push_work(life, case.unit, at + int(rng.uniform(2, 7) * DAY), Act("resume"))
        if case.status == "unconfirmed" and fate.rates_late and life.once("rates"):
            self.city.push(life, awake(rng, at + int(rng.uniform(0.5, 6) * DAY)), Act("rate"))
        no = case.status == "refused" or (
            case.status == "closed" and case.result_kind in ("impossible", "unlawful")
        )
        if no and fate.review and life.once("reviews"):
            self.city.push(life, awake(rng, at + int(rng.uniform(0.3, 5) * DAY)), Act("review"))

    def _plan_films(self, life: Life, at: int) -> None:
        films = self.city.films
        if films is None or EVIDENCE not in life.plan.forms or not life.once("films"):
            return
        roles = [role for role in life.plan.scenario.parties if role in life.state.parties]
        for number, role in enumerate(roles[: films.sides(life.need.place, at)]):
            self.city.push(life, at + (4 + 3 * number) * MINUTE, Act("film", role))

    def _plan_shares(self, life: Life, at: int) -> None:
        """Some sides pass their result on; whoever got it takes it up and answers. Its chance is its own."""
        case = life.state
        rng = random.Random(f"{life.need.seed}/shares/{case.seq}")  # noqa: S311 - a demonstration
        for kind, share in life.plan.scenario.shares.items():
            if not any(case.happened.get(f"{each}.occurred") for each in share.after):
                continue
            for role in share.parties:
                if role in case.parties and life.once(f"share {kind} {role}") and rng.random() < 0.6:
                    when = awake(rng, at + int(rng.uniform(0.2, 20) * HOUR))
                    self.city.push(life, when, Act("share", f"{kind}:{role}"))
        for name, given in case.shares.items():
            if given.taken is None and life.once(f"take {name}") and rng.random() < 0.8:
                self._push_work(
                    life, given.unit, at + int(rng.uniform(0.2, 12) * HOUR), Act("take_share", name)
                )
            if (
                given.taken is not None
                and given.answered is None
                and life.once(f"answer {name}")
                and rng.random() < 0.9
            ):
                self._push_work(
                    life, given.unit, at + int(rng.uniform(1, 40) * HOUR), Act("answer_share", name)
                )

    def _plan_task(self, life: Life, name: str, item: Item, at: int) -> None:
        rng, act = life.rng, Act("task", name, item.run)
        if item.party:
            base = name.partition(":")[0]
            if base == "loop.supplement" and not life.fate.supplies:
                return
            if base == "loop.confirm" and life.fate.silent:
                return
            for_now = _is_for_now(life.state.clocks.get(name), at)
            may_ask = not in_earnest(life.state, name)
            if item.kind == "human" and rng.random() < (0.08 if for_now else 0.9 if may_ask else 0.25):
                return
            if for_now:
                self.city.push(life, at + rng.randint(90, 900) * 1000, act)
                return
            self.city.push(life, awake(rng, at + int(rng.uniform(0.1, 3.5) * DAY)), act)
            return
        slow = self.city.traits(item.unit).slow
        wait = time_for(rng, life.state.clocks.get(name), at, slow)
        if name.startswith("loop.sign_for"):
            wait = min(wait, int(6 * HOUR * slow))
        self._push_work(life, item.unit, at + wait, act)

    # What it is when its time has come

    def request(self, life: Life, act: Act, at: int) -> Request | None:
        """Return the request for an act, or None when there is nothing to do (any more)."""
        if act.what == "open":
            command, actor = self._open(life, at)
            return Request(
                key=life.next_key(),
                command=command,
                actor=actor,
                scenario=life.need.scenario,
                at=at,
            )
        wish = self._acts[act.what](life, act, at)
        if wish is None:
            return None
        command, actor = wish
        if not self.city.granted(life, command, actor, at):
            self._try_again(life, act, at)
            return None
        return Request(key=self._key(life, act), command=command, actor=actor, case=life.id, at=at)

    def _key(self, life: Life, act: Act) -> str:
        """Return the command key: the worker's own for what the worker does, so that it never does it twice."""
        if act.what == "clock":
            return f"clock:{life.id}:{act.about}:{life.state.clocks[act.about].wake_at()}"
        if act.what == "service":
            item = life.state.items[act.about]
            return f"service:{life.id}:{act.about}:{item.run}:{item.attempt + 1}"
        return life.next_key()

    def _open(self, life: Life, at: int) -> Wish:
        need, rng = life.need, life.rng
        if life.texts.rounds is not None:
            return self._note_round(life, at)
        filled = self._filler(life, at).fill(life.plan.forms["form"])
        scenario = life.plan.scenario
        channel = need.channel if need.channel in scenario.channels else scenario.channels[0]
        roles = {role for role, party in scenario.parties.items() if party.required} | set(filled.roles)
        roles.add("requester")
        if channel == "guardian" and "guardian" not in roles:
            channel = "web"
        if channel == "proxy":
            roles.add("proxy")
        actor = Actor(kind="party", party=life.party(channel if channel in roles else "requester"))
        if channel == "phone":
            actor = self._post(self.directory.dispatcher(need.place), "dispatcher")
        elif channel in ("window", "field", "discovery"):
            competence = "social_affairs" if channel == "field" else life.matter.competence
            unit = self.directory.responsible(competence, need.place) or self.directory.dispatcher(need.place)
            actor = self._post(unit)
        elif channel in ("partner", "model"):
            actor = SYSTEM
        files = (self.city.evidence(filled.files[0], at),) if filled.files and rng.random() < 0.3 else ()
        life.receipt = checked_receipt(receipt_body(rng))
        occurred = at - rng.randrange(HOUR, 3 * DAY)
        command = c.Open(
            receipt=life.receipt,
            channel=channel,
            parties={role: life.party(role) for role in sorted(roles)},
            answers=filled.answers,
            files=files,
            occurred=occurred,
        )
        self.city.alike.setdefault((need.scenario, need.matter, need.place), []).append(life)
        return command, actor

    def _note_round(self, life: Life, at: int) -> Wish:
        """Return what the auxiliary of a village notes: for the village, by its post."""
        place = life.need.place
        filled = self._filler(life, at).fill(life.plan.forms["form"])
        files: tuple[c.File, ...] = ()
        if "kind" in filled.answers and filled.files and life.rng.random() < 0.6:
            files = (self.city.evidence(filled.files[0], at),)
        same = self.city.came_of.get((life.need.scenario, place, life.need.matter))
        if same is not None and same.state.status in OPEN_STATUS:
            filled.answers["same"] = same.state.receipt
        life.receipt = checked_receipt(receipt_body(life.rng))
        command = c.Open(
            receipt=life.receipt,
            channel=life.need.channel,
            parties={"requester": party_of(place)},
            answers=filled.answers,
            files=files,
            occurred=at,
        )
        unit = self.directory.responsible("public_order", place) or ""
        community = place not in villages_with_post()
        post = f"{unit}/auxiliary" if community else f"{unit}/auxiliary-{place[9:]}"
        return command, Actor(kind="post", unit=unit, post=post, roles=("auxiliary",))


def _is_for_now(clock: Clock | None, at: int) -> bool:
    """Whether something is promised within the hour: whoever is asked stands there with the phone in the hand."""
    due = clock.promised.due if clock is not None and clock.promised is not None else None
    return due is not None and 0 < due - at <= HOUR
