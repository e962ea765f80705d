"""What an act must know and say: posts, names, words, forms, and how satisfied somebody is."""

from __future__ import annotations

from zhuoli.core.case.facts import Actor
from zhuoli.core.case.state import OPEN_STATUS
from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.core.worktime.instants import DAY, HOUR, MINUTE
from zhuoli.demo.filling import Filler
from zhuoli.demo.life import Act, Life
from zhuoli.demo.people import at_work, score
from zhuoli.demo.texts import both, pick
from zhuoli.demo.world import World

_NO = ("impossible", "unlawful")


class Knowledge:
    """Looks things up for the acts; changes nothing but the heap."""

    def __init__(self, city: World) -> None:
        self.city = city
        self.directory = city.directory

    def _push_work(self, life: Life, unit: str, at: int, act: Act) -> None:
        found = self.directory.unit(unit)
        kind = found.kind if found else "bureau"
        self.city.push(life, at_work(life.rng, self.city.calendar, kind, at), act)

    def _try_again(self, life: Life, act: Act, at: int) -> None:
        if act.what == "task" and life.state.status in OPEN_STATUS and act.run < 1000:
            tries = f"again {act.what} {act.about} {life.state.reopenings}"
            if sum(word.startswith(tries) for word in life.done) < 6:
                life.done.add(f"{tries} {at}")
                self._push_work(life, life.state.unit, at + DAY, act)

    def _busy(self, life: Life) -> bool:
        """Whether anything is still asked of the offices before the case can be closed."""
        return any(
            item.state == "active" and not item.party and (item.kind == "human" or item.required)
            for name, item in life.state.items.items()
            if item.kind in ("human", "loop", "service") and name != "loop.close"
        )

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

    def _about_same(self, life: Life, task: str) -> int | None:
        """Return an open case about the same enterprise or place, where staying apart from it needs a reason."""
        human = life.plan.items[task].human if task in life.plan.items else None
        if human is None or not human.outcomes or not life.state.about:
            return None
        if not all(outcome.reason for outcome in human.outcomes.values()) or life.rng.random() < 0.2:
            return None
        for other in self.city.about.get((life.state.scenario, life.state.about), ()):
            if other.number < life.number and other.state.status in OPEN_STATUS:
                return other.id
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
        """Return a result other than done to which no outcome of a task leads, where fate has one in store."""
        kinds = ("handed_over",) if life.fate.handed_over else _NO if life.fate.negative else ()
        outcomes = {outcome for item in life.plan.order if item.human for outcome in item.human.outcomes}
        known = life.state.answers.keys() | life.state.personal.keys()
        found = [
            name
            for name, result in life.plan.scenario.closing.results.items()
            if result.kind in kinds and name not in outcomes and set(result.needs) <= known
        ]
        return life.rng.choice(found) if found and life.state.reopenings == 0 else ""

    def _no(self, life: Life, outcomes: list[str]) -> str:
        """Return the outcome of a task that says no in the words of a result, where fate has one in store."""
        results = life.plan.scenario.closing.results
        found = [name for name in outcomes if name in results and results[name].kind in _NO]
        return life.rng.choice(found) if found and life.fate.negative and life.state.reopenings == 0 else ""

    def _reason(self, life: Life, task: str, outcome: str) -> str:
        words = life.texts.reasons.get(f"{task}.{outcome}")
        return both(pick(life.rng, words), {}) if words else self._say(life, "reason")

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
            row=life.need.row,
            rows=self.city.rows,
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
