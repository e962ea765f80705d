"""What is done when: the next commands of units and people, given how a case stands.

Everything here reads the plan, the state and the directory; no scenario is named.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from stdnum.iso7064 import mod_37_36

from zhuoli.core.case import commands as c
from zhuoli.core.case.facts import SYSTEM, Actor
from zhuoli.core.case.state import OPEN_STATUS, Item
from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.core.worktime.instants import DAY, HOUR, MINUTE
from zhuoli.demo.filling import Filler
from zhuoli.demo.life import Act, Life, receipt_body
from zhuoli.demo.people import at_work, awake, score, time_for
from zhuoli.demo.texts import weighted
from zhuoli.office.access import ALPHABET, written
from zhuoli.office.handle import Request

if TYPE_CHECKING:
    from zhuoli.demo.city import City

_Wish = tuple[c.AnyCommand, Actor]


class Doings:
    """The next acts of a case (``follow``) and the command that an act is by then (``request``)."""

    def __init__(self, city: City) -> None:
        self.city = city
        self.directory = city.directory
        self._acts: dict[str, Callable[[Life, Act, int], _Wish | None]] = {
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

    def _plan_task(self, life: Life, name: str, item: Item, at: int) -> None:
        rng, act = life.rng, Act("task", name, item.run)
        if item.party:
            base = name.partition(":")[0]
            if base == "loop.supplement" and not life.fate.supplies:
                return
            if base == "loop.confirm" and life.fate.silent:
                return
            if item.kind == "human" and rng.random() < 0.25:
                return
            self.city.push(life, awake(rng, at + int(rng.uniform(0.1, 3.5) * DAY)), act)
            return
        slow = self.city.traits(item.unit).slow
        wait = time_for(rng, life.state.clocks.get(name), at, slow)
        if name.startswith("loop.sign_for"):
            wait = min(wait, int(6 * HOUR * slow))
        self._push_work(life, item.unit, at + wait, act)

    def _push_work(self, life: Life, unit: str, at: int, act: Act) -> None:
        found = self.directory.unit(unit)
        kind = found.kind if found else "bureau"
        self.city.push(life, at_work(life.rng, self.city.calendar, kind, at), act)

    def _busy(self, life: Life) -> bool:
        """Whether anything is still asked of the offices before the case can be closed."""
        return any(
            item.state == "active" and not item.party and (item.kind == "human" or item.required)
            for name, item in life.state.items.items()
            if item.kind in ("human", "loop", "service") and name != "loop.close"
        )

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

    def _try_again(self, life: Life, act: Act, at: int) -> None:
        if act.what == "task" and life.state.status in OPEN_STATUS and act.run < 1000:
            tries = f"again {act.what} {act.about} {life.state.reopenings}"
            if sum(word.startswith(tries) for word in life.done) < 6:
                life.done.add(f"{tries} {at}")
                self._push_work(life, life.state.unit, at + DAY, act)

    def _open(self, life: Life, at: int) -> _Wish:
        need, rng = life.need, life.rng
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
        elif channel in ("window", "field"):
            competence = life.matter.competence if channel == "window" else "social_affairs"
            unit = self.directory.responsible(competence, need.place) or self.directory.dispatcher(need.place)
            actor = self._post(unit)
        elif channel in ("partner", "model"):
            actor = SYSTEM
        files = (self.city.evidence(filled.files[0], at),) if filled.files and rng.random() < 0.3 else ()
        body = receipt_body(rng)
        life.receipt = written(body + mod_37_36.calc_check_digit(body, ALPHABET))
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

    def _task(self, life: Life, act: Act, at: int) -> _Wish | None:
        item = life.active(act.about)
        if item is None or item.run != act.run:
            return None
        if life.state.suspended:
            self._push_work(life, life.state.unit, at + DAY, act)
            return None
        if item.kind == "human":
            return self._human(life, act, item, at)
        handler = getattr(self, "_" + act.about.partition(":")[0].replace(".", "_"), None)
        if handler is None:
            return c.Complete(task=act.about, reason=self._say(life, "reason")), self._post(
                item.unit, role=item.role
            )
        wish: _Wish | None = handler(life, act, item, at)
        return wish

    def _loop_triage(self, life: Life, act: Act, item: Item, at: int) -> _Wish:
        case = life.state
        unit = self.directory.responsible(life.matter.competence, case.territory)
        if unit is None or unit in case.refused_by:
            unit = self.directory.responsible("social_affairs", case.territory) or item.unit
        urgent = case.answers.get("form.hurt") is True
        reason = self._say(life, "triage", unit=self._name(unit))
        return c.Triage(unit=unit, priority="high" if urgent else "normal", reason=reason), self._post(
            item.unit, "dispatcher"
        )

    def _loop_accept(self, life: Life, act: Act, item: Item, at: int) -> _Wish:
        case, fate = life.state, life.fate
        actor = self._post(item.unit)
        same = self._same(life)
        if same is not None:
            return c.Merge(into=same, reason=self._say(life, "merge")), actor
        right = self.directory.responsible(life.matter.competence, case.territory)
        if (
            right is not None
            and right != item.unit
            and right not in case.refused_by
            and life.once("transfer")
        ):
            self._again(life, act, at)
            reason = self._say(life, "transfer", unit=self._name(right))
            return c.Transfer(unit=right, reason=reason), actor
        if fate.give_back and life.once("give back"):
            self._again(life, act, at + DAY)
            return c.ReturnToDispatcher(reason=self._say(life, "return")), actor
        eligible = case.answers.get("acceptance.eligible")
        reasons = list(life.plan.scenario.acceptance.refusal_reasons)
        if reasons and (eligible is False or (fate.refuse and eligible is None)):
            return c.Refuse(reason=life.rng.choice(reasons), text=self._say(life, "refuse")), actor
        return c.Accept(), actor

    def _loop_supplement(self, life: Life, act: Act, item: Item, at: int) -> _Wish:
        return c.Supply(text=self._say(life, "supply")), self._requester(life)

    def _loop_sign_for(self, life: Life, act: Act, item: Item, at: int) -> _Wish:
        return c.SignFor(), self._post(item.unit)

    def _loop_contribute(self, life: Life, act: Act, item: Item, at: int) -> _Wish:
        if life.fate.joint_leaves:
            return c.Leave(unit=item.unit, reason=self._say(life, "leave")), self._post(item.unit)
        return c.Contribute(text=self._say(life, "contribute")), self._post(item.unit)

    def _loop_supervision(self, life: Life, act: Act, item: Item, at: int) -> _Wish:
        return c.Reply(text=self._say(life, "reply")), self._post(item.unit)

    def _loop_escalation(self, life: Life, act: Act, item: Item, at: int) -> _Wish:
        return c.Complete(task=act.about, reason=self._say(life, "escalation")), self._post(
            item.unit, "supervisor"
        )

    def _loop_review(self, life: Life, act: Act, item: Item, at: int) -> _Wish:
        upheld = life.rng.random() < 0.65
        reason = self._say(life, "review_upheld" if upheld else "review_sent_back")
        return c.DecideReview(outcome="upheld" if upheld else "sent_back", reason=reason), self._post(
            item.unit, "supervisor"
        )

    def _loop_confirm(self, life: Life, act: Act, item: Item, at: int) -> _Wish:
        stars = self._stars(life)
        actor = self._requester(life)
        limit = life.plan.scenario.confirmation.contests
        if stars <= 2 and life.fate.contest and life.state.contests < limit and not life.state.review_upheld:
            return c.Contest(reason=self._say(life, "contest")), actor
        rated: int | None = (
            stars if life.plan.scenario.confirmation.rating and life.rng.random() < 0.8 else None
        )
        comment = self.city.texts.comment(life.rng, stars) if rated else ""
        return c.Confirm(score=rated, comment=comment), actor

    def _human(self, life: Life, act: Act, item: Item, at: int) -> _Wish | None:
        case, fate, rng = life.state, life.fate, life.rng
        if item.party:
            return self._complete(life, act, item, at), self._requester(life)
        actor = self._post(item.unit, role=item.role)
        if item.unit != case.unit:
            return self._complete(life, act, item, at), actor
        if life.active("loop.supplement"):
            self._again(life, act, at + DAY)
            return None
        if fate.supplement and case.supplements == 0 and life.once("supplement"):
            self._again(life, act, at + int(1.5 * DAY))
            return c.RequestSupplement(items=(self._say(life, "supplement"),)), actor
        if fate.join and life.once("join"):
            other = self._other_unit(life)
            if other:
                self._again(life, act, at + HOUR)
                return c.Join(unit=other, duty=self._say(life, "join")), actor
        if fate.suspend and life.once("suspend"):
            self._again(life, act, at + 8 * DAY)
            words = self._say(life, "suspend"), self._say(life, "suspend_ground")
            return c.Suspend(reason=words[0], ground=words[1]), actor
        extra = self._discretionary(life)
        if fate.extra and extra and life.once("extra"):
            self._again(life, act, at + DAY)
            return c.AddItem(item=extra), actor
        if fate.note and life.once("note"):
            self._again(life, act, at + HOUR)
            return c.Note(text=self._say(life, "note"), audience="everyone"), actor
        if not item.started and rng.random() < 0.35 and life.plan_once(("start", act.about, act.run)):
            self._again(life, act, at + rng.randrange(20 * MINUTE, 8 * HOUR))
            return c.Start(task=act.about), actor
        result = self._other_result(life)
        if result and life.once("other result"):
            kind = life.plan.scenario.closing.results[result].kind
            words_kind = "handed_over" if kind == "handed_over" else "negative"
            return c.Close(result=result, answer=self._say(life, words_kind)), actor
        return self._complete(life, act, item, at), actor

    def _complete(self, life: Life, act: Act, item: Item, at: int) -> c.Complete:
        name = act.about
        task = life.plan.items[name].human
        outcomes = list(task.outcomes) if task else []
        outcome = "done"
        if outcomes:
            weights = life.texts.outcomes.get(name) or {
                each: 10.0 if number == 0 else 1.0 for number, each in enumerate(outcomes)
            }
            outcome = str(weighted(life.rng, {each: weights.get(each, 0.0) for each in outcomes}))
        reason = self._say(life, "reason") if task and outcomes and task.outcomes[outcome].reason else ""
        form = life.plan.forms.get(name)
        answers: dict[str, object] = {}
        files: tuple[c.File, ...] = ()
        if form is not None:
            filler = self._filler(life, at)
            filler.known = {**life.state.answers, f"{name}.outcome": outcome}
            filled = filler.fill(form)
            answers = filled.answers
            if filled.files and life.rng.random() < 0.6:
                files = (self.city.evidence(filled.files[0], at),)
        return c.Complete(task=name, outcome=outcome, answers=answers, files=files, reason=reason)

    def _loop_close(self, life: Life, act: Act, item: Item, at: int) -> _Wish | None:
        case = life.state
        if self._busy(life) or life.active("loop.supplement"):
            self._try_again(life, act, at)
            return None
        results = life.plan.scenario.closing.results
        outcomes = [item.outcome for item in case.items.values() if item.state == "completed"]
        chosen = next((outcome for outcome in reversed(outcomes) if outcome in results), "")
        if not chosen:
            chosen = next(
                (name for name, result in results.items() if result.kind == "done"), next(iter(results))
            )
        result = results[chosen]
        files = (self.city.evidence("", at),) if result.evidence else ()
        answer = {"done": "", "handed_over": "handed_over"}.get(result.kind, "negative")
        words = self._say(life, answer) if answer else self._done(life, at)
        return c.Close(result=chosen, answer=words, files=files), self._post(case.unit)

    def _urge(self, life: Life, act: Act, at: int) -> _Wish | None:
        if life.state.status not in OPEN_STATUS:
            return None
        return c.Urge(text=self._say(life, "urge")), self._requester(life)

    def _withdraw(self, life: Life, act: Act, at: int) -> _Wish | None:
        if life.state.status not in OPEN_STATUS:
            return None
        return c.Withdraw(reason=self._say(life, "withdraw")), self._requester(life)

    def _resume(self, life: Life, act: Act, at: int) -> _Wish | None:
        if not life.state.suspended:
            return None
        return c.Resume(reason=self._say(life, "resume")), self._post(life.state.unit)

    def _note(self, life: Life, act: Act, at: int) -> _Wish | None:
        return c.Note(text=self._say(life, "note")), self._post(life.state.unit)

    def _rate(self, life: Life, act: Act, at: int) -> _Wish | None:
        if life.state.status != "unconfirmed" or life.state.score is not None:
            return None
        stars = self._stars(life)
        return c.Rate(score=stars, comment=self.city.texts.comment(life.rng, stars)), self._requester(life)

    def _review(self, life: Life, act: Act, at: int) -> _Wish | None:
        if life.state.status not in ("refused", "closed", "unconfirmed"):
            return None
        return c.RequestReview(reason=self._say(life, "request_review")), self._requester(life)

    def _supervise(self, life: Life, act: Act, at: int) -> _Wish | None:
        case = life.state
        above = self.directory.superior(case.unit) if case.unit else None
        if case.status not in OPEN_STATUS or above is None:
            return None
        return c.Supervise(order=self._say(life, "supervise")), self._post(above, "supervisor")

    def _clock(self, life: Life, act: Act, at: int) -> _Wish | None:
        clock = life.state.clocks.get(act.about)
        wake = clock.wake_at() if clock is not None else None
        if wake is None or wake > at:
            return None
        return c.FireTimer(clock=act.about), SYSTEM

    def _service(self, life: Life, act: Act, at: int) -> _Wish | None:
        item = life.active(act.about)
        if item is None or item.run != act.run:
            return None
        return self.city.perform(life, act.about, at), SYSTEM

    # Small things

    def _again(self, life: Life, act: Act, at: int) -> None:
        self._push_work(life, life.state.unit, at + life.rng.randrange(MINUTE, 2 * HOUR), act)

    def _say(self, life: Life, kind: str, **values: Text) -> str:
        return self.city.texts.phrase(life.rng, kind, **values)

    def _done(self, life: Life, at: int) -> str:
        matter = life.matter
        values = self._values(life, at)
        return "\n".join(
            text
            for text in (matter.done_zh.format(**_zh(values)), matter.done_en.format(**_en(values)))
            if text
        )

    def _name(self, unit: str) -> Text:
        return self.directory.name(unit) or Text(unit, unit)

    def _post(self, unit: str, wanted: str = "officer", *, role: str = "") -> Actor:
        """Return a post of a unit that has the role; every generated unit has an officer and a supervisor."""
        found = self.directory.unit(unit)
        hand = "dispatcher" if found is not None and found.kind == "dispatch" else "officer"
        if wanted == "supervisor" or role == "supervisor":
            return Actor(kind="post", unit=unit, post=f"{unit}/supervisor", roles=(hand, "supervisor"))
        roles = (hand, role) if role and role != hand else (hand,)
        return Actor(kind="post", unit=unit, post=f"{unit}/{hand}", roles=roles)

    def _requester(self, life: Life) -> Actor:
        """Return who speaks for the requester: on the phone and at the window the dispatcher writes it down."""
        case = life.state
        if case.channel in ("phone", "window"):
            return self._post(case.dispatcher, "dispatcher")
        role = "guardian" if case.channel == "guardian" and "guardian" in case.parties else "requester"
        return Actor(kind="party", party=case.parties.get(role, ""))

    def _stars(self, life: Life) -> int:
        case = life.state
        late = any(clock.passed for name, clock in case.clocks.items() if name != "loop.confirm")
        days = ((case.closed or case.opened) - case.opened) / DAY
        care = self.city.traits(case.answered_by or case.unit).care
        negative = case.result_kind in ("impossible", "unlawful")
        return score(life.fate, care, late=late, reopenings=case.reopenings, negative=negative, days=days)

    def _same(self, life: Life) -> int | None:
        """Return an open case about the same thing in the same place that was raised before, if there is one."""
        need = life.need
        for other in self.city.alike.get((need.scenario, need.matter, need.place), ()):
            if other.number < life.number and other.case is not None and other.state.status in OPEN_STATUS:
                return other.id if life.once("merge") else None
        return None

    def _other_unit(self, life: Life) -> str | None:
        names = [name for name in life.plan.scenario.joint.suggest if name != life.state.competence]
        if not names:
            return None
        unit = self.directory.responsible(life.rng.choice(names), life.state.territory)
        return unit if unit != life.state.unit else None

    def _discretionary(self, life: Life) -> str:
        for name, item in life.plan.items.items():
            if item.discretionary and item.stage and life.active(item.stage) and not life.active(name):
                return name
        return ""

    def _other_result(self, life: Life) -> str:
        """Return a result other than done, where fate has one in store."""
        results = life.plan.scenario.closing.results
        kinds = (
            ("handed_over",)
            if life.fate.handed_over
            else ("impossible", "unlawful")
            if life.fate.negative
            else ()
        )
        found = [name for name, result in results.items() if result.kind in kinds]
        known = life.state.answers.keys() | life.state.personal.keys()
        found = [name for name in found if set(results[name].needs) <= known]
        return life.rng.choice(found) if found else ""

    def _filler(self, life: Life, at: int) -> Filler:
        known = {"case.channel": life.need.channel, "case.opened_date": local(at).date().isoformat()}
        return Filler(
            rng=life.rng,
            texts=self.city.texts,
            scenario=life.texts,
            matter=life.matter,
            place=life.need.place,
            at=at,
            known=known,
            values=self._values(life, at),
            misfiled=life.fate.misfiled and life.case is None,
        )

    def _values(self, life: Life, at: int) -> dict[str, Text]:
        place = life.need.place
        found = self.city.places.get(place)
        county = self.city.places.get(place[:6] + "000000")
        unit = life.case.unit if life.case is not None else ""
        day = local(at).date()
        return {
            "place": found.name if found else Text(place, place),
            "county": county.name if county else Text("本县", "county"),
            "spot": life.spot,
            "since": life.since,
            "unit": self._name(unit) if unit else Text("本单位", "our unit"),
            "day": Text(f"{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]}"),
        }


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _zh(values: dict[str, Text]) -> dict[str, str]:
    return {name: text.zh for name, text in values.items()}


def _en(values: dict[str, Text]) -> dict[str, str]:
    return {name: text.en for name, text in values.items()}
