"""What units and people do: the command that follows from a task, given how the case stands.

Everything here reads the plan, the state and the directory; no scenario is named.
"""

from __future__ import annotations

import random

from zhuoli.core.case import commands as c
from zhuoli.core.case.answers import plain_outputs
from zhuoli.core.case.facts import SYSTEM, Actor
from zhuoli.core.case.state import OPEN_STATUS, Item
from zhuoli.core.scenario.model import HumanTask
from zhuoli.core.scenario.names import EVIDENCE
from zhuoli.core.worktime.instants import DAY, HOUR, MINUTE
from zhuoli.demo.knowledge import Knowledge
from zhuoli.demo.life import Act, Life
from zhuoli.demo.texts import weighted

Wish = tuple[c.AnyCommand, Actor]
"""A command and who issues it."""


_OWN_FINDS = ("discovery", "model")
"""Matters that nobody raised: nobody waits for them and asks for speed."""


class Acts(Knowledge):
    """One method for each kind of task and for each thing that people do by themselves."""

    def _task(self, life: Life, act: Act, at: int) -> Wish | None:
        item = life.active(act.about) or self._other_order(life, act)
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
        wish: Wish | None = handler(life, act, item, at)
        return wish

    def _other_order(self, life: Life, act: Act) -> Item | None:
        """A reply answers the oldest order: whoever meant a later one answers what is left."""
        if not act.about.startswith("loop.supervision"):
            return None
        names = [
            name for name in life.state.items if name.startswith("loop.supervision") and life.active(name)
        ]
        return life.active(names[0]) if names else None

    def _loop_triage(self, life: Life, act: Act, item: Item, at: int) -> Wish:
        case = life.state
        unit = self.directory.responsible(life.matter.competence, case.territory)
        if unit is None or unit in case.refused_by:
            unit = self.directory.responsible("social_affairs", case.territory) or item.unit
        urgent = case.answers.get("form.hurt") is True
        reason = self._say(life, "triage", unit=self._name(unit))
        return c.Triage(unit=unit, priority="high" if urgent else "normal", reason=reason), self._post(
            item.unit, "dispatcher"
        )

    def _loop_accept(self, life: Life, act: Act, item: Item, at: int) -> Wish:
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
        if life.rng.random() < 0.4:
            self.city.look(life, actor, at)
        return c.Accept(), actor

    def _loop_supplement(self, life: Life, act: Act, item: Item, at: int) -> Wish:
        return c.Supply(text=self._say(life, "supply")), self._requester(life)

    def _loop_sign_for(self, life: Life, act: Act, item: Item, at: int) -> Wish:
        return c.SignFor(), self._post(item.unit)

    def _loop_contribute(self, life: Life, act: Act, item: Item, at: int) -> Wish:
        if life.fate.joint_leaves:
            return c.Leave(unit=item.unit, reason=self._say(life, "leave")), self._post(item.unit)
        return c.Contribute(text=self._say(life, "contribute")), self._post(item.unit)

    def _loop_supervision(self, life: Life, act: Act, item: Item, at: int) -> Wish:
        return c.Reply(text=self._say(life, "reply")), self._post(item.unit)

    def _loop_escalation(self, life: Life, act: Act, item: Item, at: int) -> Wish:
        return c.Complete(task=act.about, reason=self._say(life, "escalation")), self._post(
            item.unit, "supervisor"
        )

    def _loop_review(self, life: Life, act: Act, item: Item, at: int) -> Wish:
        upheld = life.rng.random() < 0.65
        reason = self._say(life, "review_upheld" if upheld else "review_sent_back")
        return c.DecideReview(outcome="upheld" if upheld else "sent_back", reason=reason), self._post(
            item.unit, "supervisor"
        )

    def _loop_confirm(self, life: Life, act: Act, item: Item, at: int) -> Wish:
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

    def _human(self, life: Life, act: Act, item: Item, at: int) -> Wish | None:
        case, fate, rng = life.state, life.fate, life.rng
        if item.party:
            asked = self._requester(life)
            stranger = item.party != case.parties.get("requester") and item.party != asked.party
            if stranger or life.plan.signs(act.about):  # whoever signs does it in person
                asked = Actor(kind="party", party=item.party)
            return self._complete(life, act, item, at), asked
        actor = self._post(item.unit, role=item.role)
        if item.unit != case.unit:
            return self._complete(life, act, item, at), actor
        about_same = self._about_same(life, act.about)
        if about_same is not None and life.once("merge"):
            return c.Merge(into=about_same, reason=self._say(life, "merge")), actor
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
            return c.Close(result=result, answer=self._say(life, kind)), actor
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
            outcome = self._no(life, outcomes) or str(
                weighted(life.rng, {each: weights.get(each, 0.0) for each in outcomes})
            )
        reason = (
            self._reason(life, name, outcome) if task and outcomes and task.outcomes[outcome].reason else ""
        )
        form = life.plan.forms.get(name)
        answers: dict[str, object] = {}
        files: tuple[c.File, ...] = ()
        if form is not None:
            filler = self._filler(life, at)
            filler.known = {**life.state.answers, f"{name}.outcome": outcome}
            filled = filler.fill(form)
            answers = {**filled.answers, **self._proposed(life, task, filled.answers)}
            for question, value in answers.items():
                if f"{name}.{question}" in life.texts.from_matter:
                    life.told = str(value)
            needed = [each for each in filled.files if form.questions[each].question.required]
            if filled.files and (life.rng.random() < 0.6 or needed):
                files = tuple(self.city.evidence(each, at) for each in needed or filled.files[:1])
        return c.Complete(task=name, outcome=outcome, answers=answers, files=files, reason=reason)

    def _film(self, life: Life, act: Act, at: int) -> Wish | None:
        films, party = self.city.films, life.state.parties.get(act.about, "")
        questions = life.plan.forms[EVIDENCE].questions
        shot = next((name for name, each in questions.items() if each.question.type == "files"), "")
        if films is None or not shot or life.state.status not in OPEN_STATUS:
            return None
        return c.Attach(files=(films.take(shot, at),)), Actor(kind="party", party=party)

    def _share(self, life: Life, act: Act, at: int) -> Wish | None:
        kind, _, role = act.about.partition(":")
        body = life.plan.scenario.shares[kind].body
        units = [unit.id for unit in self.directory.units.values() if unit.kind == body]
        if not units:
            return None
        # Half of them are insured with the first.
        chance = random.Random(f"{life.need.seed}/insurer/{role}").random()  # noqa: S311 - a demonstration
        unit = units[min(int(max(0.0, chance - 0.5) * 2 * len(units)), len(units) - 1)]
        actor = Actor(kind="party", party=life.state.parties[role])
        return c.Share(kind=kind, unit=unit, consent=True), actor

    def _take_share(self, life: Life, act: Act, at: int) -> Wish | None:
        given = life.state.shares.get(act.about)
        if given is None:
            return None
        return c.TakeShare(share=act.about), self._receiver(given.unit)

    def _answer_share(self, life: Life, act: Act, at: int) -> Wish | None:
        given = life.state.shares.get(act.about)
        if given is None:
            return None
        answers = list(life.plan.scenario.shares[act.about.partition(":")[0]].answers)
        rng = random.Random(f"{life.need.seed}/answer/{act.about}")  # noqa: S311 - a demonstration
        answer = answers[0] if rng.random() < 0.8 else rng.choice(answers)
        number = f"演示-{rng.randrange(10**7):07d}" if answer == answers[0] else ""
        return c.AnswerShare(share=act.about, answer=answer, number=number), self._receiver(given.unit)

    def _receiver(self, unit: str) -> Actor:
        """Return the post of a body outside the office that reads what was passed on to it."""
        found = self.directory.unit(unit)
        role = found.kind if found is not None else ""
        return Actor(kind="post", unit=unit, post=f"{unit}/{role}", roles=(role,))

    def _proposed(self, life: Life, task: HumanTask | None, answers: dict[str, object]) -> dict[str, object]:
        """Return what the table proposes for questions that are asked: in the demonstration it is followed."""
        if task is None or not task.decide_with:
            return {}
        outputs = plain_outputs(life.plan.tables[task.decide_with].decide(life.state.answers).outputs)
        return {name: value for name, value in outputs.items() if name in answers}

    def _loop_close(self, life: Life, act: Act, item: Item, at: int) -> Wish | None:
        case = life.state
        if self._busy(life) or life.active("loop.supplement"):
            self._again(life, act, at + DAY)
            return None
        results = life.plan.scenario.closing.results
        outcomes = [item.outcome for item in case.items.values() if item.state == "completed"]
        possible = [
            name
            for name, result in results.items()
            if all(need in case.answers or need in case.personal for need in result.needs)
        ]
        if not possible:  # something that every answer needs is still to come, from somebody else
            self._again(life, act, at + 3 * DAY)
            return None
        done = [name for name in possible if results[name].kind == "done"]
        chosen = next((outcome for outcome in reversed(outcomes) if outcome in possible), "")
        chosen = chosen or next(iter(done or possible))
        result = results[chosen]
        files = (self.city.evidence("", at),) if result.evidence else ()
        words = (life.told or self._done(life, at)) if result.kind == "done" else self._say(life, result.kind)
        return c.Close(result=chosen, answer=words, files=files), self._post(case.unit)

    def _urge(self, life: Life, act: Act, at: int) -> Wish | None:
        if life.state.status not in OPEN_STATUS or life.state.channel in _OWN_FINDS:
            return None
        return c.Urge(text=self._say(life, "urge")), self._requester(life)

    def _withdraw(self, life: Life, act: Act, at: int) -> Wish | None:
        if life.state.status not in OPEN_STATUS:
            return None
        return c.Withdraw(reason=self._say(life, "withdraw")), self._requester(life)

    def _resume(self, life: Life, act: Act, at: int) -> Wish | None:
        if not life.state.suspended:
            return None
        return c.Resume(reason=self._say(life, "resume")), self._post(life.state.unit)

    def _note(self, life: Life, act: Act, at: int) -> Wish | None:
        return c.Note(text=self._say(life, "note")), self._post(life.state.unit)

    def _rate(self, life: Life, act: Act, at: int) -> Wish | None:
        if life.state.status != "unconfirmed" or life.state.score is not None:
            return None
        stars = self._stars(life)
        return c.Rate(score=stars, comment=self.city.texts.comment(life.rng, stars)), self._requester(life)

    def _review(self, life: Life, act: Act, at: int) -> Wish | None:
        if life.state.status not in ("refused", "closed", "unconfirmed"):
            return None
        return c.RequestReview(reason=self._say(life, "request_review")), self._requester(life)

    def _supervise(self, life: Life, act: Act, at: int) -> Wish | None:
        case = life.state
        above = self.directory.superior(case.unit) if case.unit else None
        if case.status not in OPEN_STATUS or above is None:
            return None
        return c.Supervise(order=self._say(life, "supervise")), self._post(above, "supervisor")

    def _clock(self, life: Life, act: Act, at: int) -> Wish | None:
        clock = life.state.clocks.get(act.about)
        wake = clock.wake_at() if clock is not None else None
        if wake is None or wake > at:
            return None
        return c.FireTimer(clock=act.about), SYSTEM

    def _service(self, life: Life, act: Act, at: int) -> Wish | None:
        item = life.active(act.about)
        if item is None or item.run != act.run:
            return None
        return self.city.perform(life, act.about, at), SYSTEM
