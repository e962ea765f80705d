"""Random lives of cases: legal steps, illegal ones, time that passes, timers that fire early and late."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from zhuoli.core.case import commands as c
from zhuoli.core.case.actions import Action, possible
from zhuoli.core.case.decide import advance, decide
from zhuoli.core.case.events import Event
from zhuoli.core.case.examples import OTHER_CASE, ExampleDirectory
from zhuoli.core.case.facts import SYSTEM, Actor, Facts, OtherCase
from zhuoli.core.case.plan import Plan, PlanForm
from zhuoli.core.case.proofs import ANY_PROOF
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.rows import rows
from zhuoli.core.case.state import Case
from zhuoli.core.worktime import statutory_calendar

CALENDAR = statutory_calendar()
DIRECTORY = ExampleDirectory()
MINUTE = 60_000
DAY = 86_400_000
START = 1_772_413_200_000  # 2026-03-02 09:00 local, a Monday
PLACES = ("620102001000", "620103001000", "620423101000", "620102402000")
UNITS = ("traffic@620102", "housing@620102", "urban_management@620103", "environment@6201")
SYSTEMS = ("hotline", "petition")
NUMBERS = ("LZ-2026-0315", "兰公(城)受案字〔2026〕12号", "", "13900000000", "a\tb", "x" * 65, "?")
JUMPS = (MINUTE, 20 * MINUTE, 5 * 60 * MINUTE, DAY, 3 * DAY, 12 * DAY, 80 * DAY)


@dataclass
class Taken:
    """One step of a history: what was asked, of which state, and what came of it."""

    before: Case
    command: c.Command
    facts: Facts
    events: list[Event] = field(default_factory=list)
    after: Case | None = None
    refusal: Refusal | None = None
    offered: bool = False


def live(plan: Plan, seed: int, steps: int) -> Iterator[Taken]:
    """Yield the steps of a random history of about ``steps`` steps; deterministic in its seed."""
    rng = random.Random(seed)
    case = Case(id=1)
    now = START + rng.randrange(200) * DAY
    for _ in range(steps):
        now += rng.choice(JUMPS) if rng.random() < 0.5 else MINUTE
        actor, command, offered = choose(rng, plan, case, now)
        taken = take(plan, case, command, actor, now)
        taken.offered = offered
        yield taken
        if taken.after is not None:
            case = taken.after


def take(plan: Plan, case: Case, command: c.Command, actor: Actor, now: int) -> Taken:
    """Issue one command and return how it went."""
    facts = Facts(
        now=now,
        actor=actor,
        calendar=CALENDAR,
        directory=DIRECTORY,
        other=_other(case, command),
        signing=ANY_PROOF,
    )
    taken = Taken(case, command, facts)
    try:
        taken.events = decide(plan, case, command, facts)
        taken.after = advance(plan, case, command, facts)[1]
    except Refusal as refusal:
        taken.refusal = refusal
    return taken


def _other(case: Case, command: c.Command) -> OtherCase | None:
    if isinstance(command, c.Merge) and command.into == OTHER_CASE:
        return OtherCase(id=OTHER_CASE, scenario=case.scenario, open=True, merged=False)
    return None


def choose(rng: random.Random, plan: Plan, case: Case, now: int) -> tuple[Actor, c.Command, bool]:
    """Choose who does what: mostly what is possible, sometimes anything at all; tell whether it was offered."""
    if not case.opened:
        channel = rng.choice(plan.scenario.channels)
        roles = [
            role for role, party in plan.scenario.parties.items() if party.required or rng.random() < 0.5
        ]
        if rng.random() < 0.9 and "requester" not in roles:
            roles.append("requester")
        parties = {role: f"party-{role}" for role in roles}
        actor = Actor(kind="party", party="party-requester")
        if channel in ("phone", "window", "field", "discovery"):
            actor = Actor(kind="post", unit="dispatch@6201", post="d1", roles=("dispatcher",))
        elif channel in ("model", "partner"):
            actor = SYSTEM
        answers = fill(rng, plan.forms["form"])
        files = _files(rng, plan.forms["form"])
        opening = c.Open(
            receipt="R", channel=channel, parties=parties, answers=answers, files=files, territory=PLACES[0]
        )
        return actor, opening, False
    wakes = [wake for wake in rows(case).wakes.values() if wake.at <= now]
    if wakes and rng.random() < 0.7:
        wake = rng.choice(wakes)
        if wake.kind == "clock":
            return SYSTEM, c.FireTimer(clock=wake.key.removeprefix("clock:")), True
        attempt = case.items[wake.key].attempt + 1
        ok = rng.random() < 0.6
        return SYSTEM, c.ReportService(task=wake.key, attempt=attempt, ok=ok, error="no"), True
    actor = rng.choice(actors(case))
    asked = [item for item in case.items.values() if item.state == "active" and (item.unit or item.party)]
    if asked and rng.random() < 0.7:
        item = rng.choice(asked)
        actor = next(one for one in actors(case) if (one.unit, one.party) == (item.unit, item.party))
    if rng.random() < 0.2:
        return actor, anything(rng, plan, case), False
    facts = Facts(now=now, actor=actor, calendar=CALENDAR, directory=DIRECTORY)
    actions = [action for action in possible(plan, case, facts) if action.blocked is None]
    calm = [action for action in actions if action.command not in ENDING or rng.random() < 0.15]
    if not calm:
        return actor, anything(rng, plan, case), False
    weights = [WEIGHTS.get(action.command, 1) for action in calm]
    return actor, fulfil(rng, plan, case, rng.choices(calm, weights)[0]), True


WEIGHTS = {
    "complete": 12,
    "accept": 12,
    "triage": 12,
    "close": 12,
    "contribute": 4,
    "reply": 8,
    "supply": 8,
    "contest": 4,
    "decide_review": 8,
    "confirm": 2,
    "note": 0.3,
    "attach": 0.5,
    "record": 0.5,
    "refer": 0.3,
    "urge": 0.5,
    "escalate": 0.3,
    "supervise": 0.3,
}
ENDING = {"withdraw", "refuse", "merge", "suspend", "hold", "erase", "return_to_dispatcher", "transfer"}


def actors(case: Case) -> list[Actor]:
    """Return everybody who might act on a case, and a stranger."""
    units = {case.unit, case.dispatcher, *case.joint, *(item.unit for item in case.items.values())}
    units.update(above for unit in list(units) if (above := DIRECTORY.superior(unit)))
    found = [
        Actor(kind="post", unit=unit, post=f"post@{unit}", roles=("officer", "dispatcher", "supervisor"))
        for unit in sorted(filter(None, units))
    ]
    found.append(Actor(kind="post", unit="exam@620999", post="stranger", roles=("officer",)))
    found.extend(Actor(kind="party", party=party) for party in sorted(set(case.parties.values())))
    found.append(Actor(kind="party", party="somebody else"))
    found.append(SYSTEM)
    return found


def fulfil(rng: random.Random, plan: Plan, case: Case, action: Action) -> c.Command:
    """Turn an action that is possible into a command with plausible words and choices."""
    choice = rng.choice(list(action.choices)) if action.choices else ""
    files = (_file(rng, ""),)
    match action.command:
        case "complete":
            form = plan.forms.get(action.task)
            return c.Complete(
                task=action.task,
                outcome=choice or "done",
                answers=fill(rng, form) if form else {},
                files=_files(rng, form) if form else files,
                reason=rng.choice(("", "because")),
                code="123456",
            )
        case "claim":
            return c.Claim(task=action.task)
        case "assign":
            return c.Assign(task=action.task, post=rng.choice(("a", "b", f"post@{case.unit}")))
        case "release":
            return c.Release(task=action.task)
        case "start":
            return c.Start(task=action.task)
        case "triage":
            return c.Triage(unit=rng.choice(UNITS), priority=rng.choice(("normal", "high", "urgent")))
        case "route":
            return c.Route(unit=rng.choice(UNITS), reason="r")
        case "refuse":
            return c.Refuse(reason=choice, text="t")
        case "request_supplement":
            return c.RequestSupplement(items=("a photo", "the number"))
        case "supply":
            return c.Supply(text="here", files=files)
        case "transfer":
            return c.Transfer(unit=rng.choice(UNITS), reason="not ours")
        case "join":
            return c.Join(unit=rng.choice(UNITS), duty="look")
        case "leave":
            return c.Leave(unit=action.task, reason="r")
        case "supervise":
            return c.Supervise(order="answer", within=rng.choice(("1 working days", "3 hours")))
        case "merge":
            return c.Merge(into=rng.choice((OTHER_CASE, OTHER_CASE, case.id)))
        case "suspend":
            return c.Suspend(reason="expert", ground="rule 7")
        case "close":
            return c.Close(result=choice, answer="done so", files=files if rng.random() < 0.8 else ())
        case "confirm":
            return c.Confirm(score=rng.choice((None, 1, 5)))
        case "decide_review":
            return c.DecideReview(outcome=rng.choice(("upheld", "sent_back")), reason="r")
        case "rate":
            return c.Rate(score=rng.randint(1, 5))
        case "record":
            return c.Record(answers=_some(rng, fill(rng, plan.forms["form"])))
        case "attach":
            return c.Attach(files=files)
        case "add_item":
            return c.AddItem(item=action.task)
        case "erase":
            return c.Erase(party=action.task, reason="r")
        case "urge" | "withdraw" | "resume" | "accept" | "sign_for":
            return c.COMMANDS[action.command]()
        case "refer":
            return c.Refer(
                system=rng.choice(SYSTEMS), number=rng.choice(NUMBERS), reason=rng.choice(("", "a slip"))
            )
        case "hold":
            return c.Hold(ground="g")
        case "note" | "contribute" | "reply":
            return c.COMMANDS[action.command](text="t")
        case _:
            return c.COMMANDS[action.command](reason="r")


def anything(rng: random.Random, plan: Plan, case: Case) -> c.Command:
    """Return a command that may well be illegal."""
    items = [*plan.items, *case.items, "nothing"]
    kinds: list[c.Command] = [
        c.Accept(),
        c.Start(task=rng.choice(items)),
        c.Claim(task=rng.choice(items)),
        c.Complete(task=rng.choice(items), outcome=rng.choice(("done", "solved", "no such"))),
        c.FireTimer(clock=rng.choice([*case.clocks, "nothing"])),
        c.ReportService(task=rng.choice(items), attempt=rng.randint(1, 3), ok=True),
        c.Close(result=rng.choice([*plan.scenario.closing.results, "no such"]), answer="a"),
        c.Confirm(),
        c.Contest(reason="no"),
        c.RequestReview(reason="no"),
        c.DecideReview(outcome="upheld", reason="so"),
        c.Split(reason="no"),
        c.Resume(),
        c.Supply(text="x"),
        c.Reply(text="x"),
        c.Rate(score=rng.choice((0, 3, 6))),
        c.Erase(party=rng.choice([*case.parties.values(), "nobody"]), reason="x"),
        c.Merge(into=rng.choice((1, 2, 3))),
        c.Withdraw(),
        c.Open(receipt="again", channel="web"),
        c.Transfer(unit=rng.choice((*UNITS, "no such", case.unit)), reason=rng.choice(("", "r"))),
        c.AddItem(item=rng.choice(items)),
        c.Record(answers={"no such question": 1}),
        c.ReleaseHold(reason="x"),
        c.Supervise(order="x", within="7 days"),
        c.Triage(unit=rng.choice(UNITS)),
        c.Leave(unit=rng.choice(UNITS), reason="r"),
        c.SignFor(),
        c.Contribute(text="x"),
        c.Refer(system=rng.choice((*SYSTEMS, "No Such")), number=rng.choice(NUMBERS), reason="x"),
    ]
    return rng.choice(kinds)


def fill(rng: random.Random, form: PlanForm) -> dict[str, Any]:
    """Fill in a form with valid answers (constraints and relevance are the form's own business)."""
    answers: dict[str, Any] = {}
    for name, asked in form.questions.items():
        question = asked.question
        if question.type in ("note", "calculate", "photos", "files"):
            continue
        if question.required or rng.random() < 0.6:
            answers[name] = _answer(rng, question.type, list(question.choices), question.min, question.max)
    return answers


def _answer(rng: random.Random, kind: str, choices: list[str], low: str, high: str) -> Any:
    match kind:
        case "choice":
            return rng.choice(choices)
        case "many":
            return rng.sample(choices, rng.randint(1, len(choices)))
        case "yes_no":
            return rng.random() < 0.5
        case "integer":
            return rng.randint(int(low or 0), int(high or 100))
        case "decimal":
            return str(round(rng.uniform(float(low or 0), float(high or 1000)), 2))
        case "date":
            return rng.choice(("2009-05-01", "2011-06-07", "2026-01-15", "2026-06-07"))
        case "datetime":
            return "2026-03-01 10:00"
        case "place":
            return rng.choice(PLACES)
        case "point":
            return "103.834,36.061"
        case "phone":
            return "13900000000"
        case "email":
            return "name@example.com"
        case "id_number":
            return rng.choice(("11010519491231002X", "440524188001010014"))
        case "credit_code":
            return "91110000600037341L"
        case "plate":
            return "甘A12345"
        case _:
            return rng.choice(("路灯坏了", "楼上很吵,晚上十一点还在施工", "text"))


def _some(rng: random.Random, answers: dict[str, Any]) -> dict[str, Any]:
    names = rng.sample(list(answers), min(len(answers), 2))
    return {name: answers[name] for name in names}


def _files(rng: random.Random, form: PlanForm) -> tuple[c.File, ...]:
    return tuple(
        _file(rng, name)
        for name, asked in form.questions.items()
        if asked.question.type in ("photos", "files") and (asked.question.required or rng.random() < 0.5)
    )


def _file(rng: random.Random, question: str) -> c.File:
    return c.File(
        file=f"f{rng.randrange(10**9)}",
        name="a.jpg",
        sha256="0" * 64,
        size=1,
        media_type="image/jpeg",
        question=question,
    )
