"""A small scenario for tests of single rules: a lamp is out. And a driver that lives through it."""

from __future__ import annotations

from typing import Any

from zhuoli.core.case import commands as c
from zhuoli.core.case.compile import compile_plan
from zhuoli.core.case.decide import advance
from zhuoli.core.case.events import Event
from zhuoli.core.case.examples import ExampleDirectory
from zhuoli.core.case.facts import SYSTEM, Actor, Directory, Facts, OtherCase
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.rows import rows
from zhuoli.core.case.state import Case
from zhuoli.core.scenario import model as m
from zhuoli.core.text import Text
from zhuoli.core.worktime import statutory_calendar

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
START = 1_772_413_200_000  # Monday, 2 March 2026, 09:00 local
LEAD = "lamps@620102"
OTHER = "traffic@620102"


def t(word: str) -> Text:
    return Text(word, word)


def lamp(**changes: Any) -> m.Scenario:
    """Return the scenario, with fields replaced."""
    fields: dict[str, Any] = {
        "format": 1,
        "scenario": "lamp",
        "version": "v1",
        "title": t("A lamp is out"),
        "purpose": t("Light"),
        "legal_ground": (),
        "rows": ("S5",),
        "audience": ("resident",),
        "channels": ("web", "phone", "discovery"),
        "parties": {
            "requester": m.PartyRole(title=t("requester")),
            "witness": m.PartyRole(title=t("witness")),
        },
        "routing": (
            m.RoutingRule(competence="lamps", when='form.kind = "street"', priority="high"),
            m.RoutingRule(competence="traffic", when='form.kind = "signal"'),
        ),
        "acceptance": m.Acceptance(
            due=m.Due(promised="1 working days", late=("urge",)),
            refusal_reasons={"private": m.Outcome(title=t("private"))},
        ),
        "due": m.Due(
            statutory="30 calendar days",
            promised="5 working days",
            extension="10 calendar days",
            ground=m.Ground(law="law", version="2022"),
            late=("escalate", "supervise"),
        ),
        "stages": {
            "repair": m.Stage(
                title=t("Repair"),
                entry=(m.Criterion(on=("case.accepted",)), m.Criterion(on=("case.reopened",))),
                repeat=True,
                human_tasks={
                    "look": m.HumanTask(
                        title=t("Look"),
                        role="electrician",
                        outcomes={
                            "broken": m.Outcome(title=t("broken")),
                            "fine": m.Outcome(title=t("fine"), reason=True),
                        },
                    ),
                    "mend": m.HumanTask(
                        title=t("Mend"),
                        entry=(m.Criterion(on=("look.broken",)),),
                        required=False,
                        form="mending",
                        decide_with="proposal",
                        outcomes={"bulb": m.Outcome(title=t("bulb")), "pole": m.Outcome(title=t("pole"))},
                    ),
                    "crane": m.HumanTask(title=t("Crane"), discretionary=True),
                },
                service_tasks={
                    "tell": m.ServiceTask(
                        title=t("Tell"),
                        call="notify",
                        attempts=2,
                        entry=(m.Criterion(on=("mend.completed",)),),
                        required=False,
                    )
                },
                timers={
                    "burn_in": m.TimerItem(
                        title=t("Burn in"), after="2 hours", entry=(m.Criterion(on=("mend.completed",)),)
                    )
                },
                milestones={
                    "lit": m.Milestone(title=t("Lit"), entry=(m.Criterion(on=("burn_in.occurred",)),))
                },
            )
        },
        "closing": m.Closing(
            results={
                "lit": m.Result(title=t("lit"), evidence=True),
                "fine": m.Result(title=t("fine"), needs=("form.pole",)),
                "no_lamp": m.Result(title=t("no lamp"), kind="impossible"),
            }
        ),
        "confirmation": m.Confirmation(contests=1),
        "withdraw_until": "mend.completed",
        "privacy": m.Privacy(purposes={}, retention="24 months"),
        "forms": {
            "intake": m.Form(
                title=t("Intake"),
                questions={
                    "kind": m.Question(
                        type="choice",
                        title=t("kind"),
                        required=True,
                        choices={
                            "street": m.Choice(title=t("street")),
                            "signal": m.Choice(title=t("signal")),
                            "other": m.Choice(title=t("other")),
                        },
                    ),
                    "place": m.Question(type="place", title=t("place")),
                    "pole": m.Question(type="integer", title=t("pole"), min="1", max="999"),
                    "since": m.Question(type="date", title=t("since"), max="2026-12-31"),
                    "pictures": m.Question(type="photos", title=t("pictures")),
                    "phone": m.Question(type="phone", title=t("phone"), personal="requester", why=t("why")),
                    "old": m.Question(
                        type="calculate", title=t("old"), calculate="answered(form.pole) and form.pole < 100"
                    ),
                },
            ),
            "mending": m.Form(
                title=t("Mending"),
                questions={
                    "hours": m.Question(type="integer", title=t("hours"), required=True),
                    "team": m.Question(
                        type="choice",
                        title=t("team"),
                        choices={"a": m.Choice(title=t("a")), "b": m.Choice(title=t("b"))},
                    ),
                },
            ),
        },
        "tables": {
            "proposal": 'F,when mend.hours,then outcome,then team\n1,<= 2,"""bulb""","""a"""\n2,-,"""pole""","""b"""\n'
        },
    }
    fields.update(changes)
    return m.Scenario(**fields)


class Life:
    """Lives through one case; commands come from people, the time moves a minute with each."""

    def __init__(
        self, scenario: m.Scenario | None = None, *, directory: Directory | None = None, at: int = START
    ) -> None:
        self.plan = compile_plan(scenario or lamp())
        self.directory: Directory = directory or ExampleDirectory()
        self.case = Case(id=1)
        self.at = at
        self.events: list[Event] = []
        self.other: OtherCase | None = None
        self.calendar = statutory_calendar()

    def do(self, command: c.Command, who: str | Actor = "lead", *, after: int = MINUTE) -> Life:
        """Issue a command ``after`` ms; raises Refusal."""
        self.at += after
        facts = Facts(
            now=self.at,
            actor=self.actor(who),
            calendar=self.calendar,
            directory=self.directory,
            other=self.other,
        )
        self.events, self.case = advance(self.plan, self.case, command, facts)
        return self

    def refused(self, command: c.Command, who: str | Actor = "lead", *, after: int = MINUTE) -> Refusal:
        """Issue a command that must be refused, and return the refusal."""
        before = self.case
        try:
            self.do(command, who, after=after)
        except Refusal as refusal:
            assert self.case is before
            return refusal
        raise AssertionError(f"{command} was granted: {self.events}")

    def actor(self, who: str | Actor) -> Actor:
        """Return an actor by what it is to the case, or for a unit (``unit:roles``)."""
        if isinstance(who, Actor):
            return who
        case = self.case
        match who:
            case "system":
                return SYSTEM
            case "lead":
                return self.post(case.unit, "officer", "electrician")
            case "chief":
                return self.post(case.unit, "supervisor")
            case "dispatcher":
                return self.post(case.dispatcher or "dispatch@6201", "dispatcher")
            case "superior":
                return self.post(self.directory.superior(case.unit) or "", "supervisor")
            case "requester" | "witness":
                return Actor(kind="party", party=f"p-{who}")
        return self.post(who, "officer", "supervisor")

    @staticmethod
    def post(unit: str, *roles: str) -> Actor:
        return Actor(kind="post", unit=unit, post=f"post@{unit}", roles=roles)

    def open(self, **changes: Any) -> Life:
        """Raise the matter, online, with everything it needs."""
        answers = {"kind": "street", "place": "620102001000", **changes.pop("answers", {})}
        fields = {"receipt": "R1", "channel": "web", "parties": {"requester": "p-requester"}, **changes}
        who = "requester" if fields["channel"] == "web" else "dispatcher"
        return self.do(c.Open(answers=answers, **fields), who)

    def accepted(self, **changes: Any) -> Life:
        """Open and accept."""
        return self.open(**changes).do(c.Accept())

    def looked(self) -> Life:
        """Open, accept, and find it broken."""
        return self.accepted().do(c.Complete(task="look", outcome="broken"))

    def mended(self) -> Life:
        """… and mend it; the software tells the requester, and the lamp burns in."""
        self.looked().do(c.Complete(task="mend", outcome="bulb", answers={"hours": 1}))
        return self.do(c.ReportService(task="tell", attempt=1, ok=True), "system").wait(3 * HOUR)

    def closed(self, result: str = "lit") -> Life:
        """… and answer."""
        return self.mended().do(c.Close(result=result, answer="It burns", files=(photo(),)))

    def wait(self, duration: int) -> Life:
        """Let time pass; clocks say what they have to say at their time."""
        until = self.at + duration
        for _ in range(100):
            wakes = [wake for wake in rows(self.case).wakes.values() if wake.kind == "clock"]
            wake = min(wakes, key=lambda found: found.at, default=None)
            if wake is None or wake.at > until:
                break
            self.at = max(self.at, wake.at)
            self.do(c.FireTimer(clock=wake.key.removeprefix("clock:")), "system", after=0)
        self.at = until
        return self

    @property
    def tasks(self) -> set[str]:
        return set(rows(self.case).tasks)


def photo(question: str = "", name: str = "a.jpg") -> c.File:
    return c.File(
        file=f"f-{name}", name=name, sha256="0" * 64, size=1, media_type="image/jpeg", question=question
    )
