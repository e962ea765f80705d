"""A scenario compiled for running: conditions and tables as code, limits as rules, items in order.

Made once per scenario version and then only read. ``compile_plan`` expects a scenario that the checker has
passed; a mistake that it meets all the same is raised, never skipped.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from zhuoli.core.case import events as e
from zhuoli.core.case.events import ItemKind
from zhuoli.core.case.reading import Reader
from zhuoli.core.feel import (
    Condition,
    Table,
    Type,
    Value,
)
from zhuoli.core.scenario.model import Form, HumanTask, Picture, Question, Scenario, ServiceTask
from zhuoli.core.text import Text
from zhuoli.core.worktime import Limit

NOTICE_TASK = "loop.notice:"
"""Service tasks with this prefix issue a notice of the scenario by themselves."""
REPAIR = "loop.repair:"
"""Before the name of a service task: what is done by hand because the software could not."""
MOMENTS: dict[str, type[e.Event]] = {
    "case.opened": e.Opened,
    "case.accepted": e.Accepted,
    "case.refused": e.Refused,
    "case.supplement_requested": e.SupplementRequested,
    "case.supplement_expired": e.SupplementExpired,
    "case.suspended": e.Suspended,
    "case.continued": e.Continued,
    "case.extended": e.Extended,
    "case.withdrawn": e.Withdrawn,
    "case.closed": e.Closed,
    "case.confirmed": e.Confirmed,
    "case.unconfirmed": e.Unconfirmed,
    "case.reopened": e.Reopened,
    "case.review_decided": e.ReviewDecided,
    "case.appointment_near": e.AppointmentNear,
}
"""The moments at which a notice can go out by itself (``issue:`` in a scenario)."""


class Clockwork(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of one clock, ready for use.

    ``by_day`` tells that its instants depend on the day of the beginning only, not on the time; then ``known``
    remembers them by calendar version and day: statutory, promised, and the nearer of the two.
    """

    statutory: Limit | None
    promised: Limit | None
    extension: Limit | None = None
    pauses: tuple[str, ...]
    remind: int
    late: tuple[str, ...]
    by_day: bool
    known: dict[tuple[str, int], tuple[e.Term | None, e.Term | None, int | None]]


class Sentry(msgspec.Struct, frozen=True, kw_only=True):
    """A compiled criterion."""

    on: tuple[str, ...]
    condition: Condition | None


class PlanItem(msgspec.Struct, frozen=True, kw_only=True):
    """One item of the plan.

    ``hears`` are the transitions that its entry criteria wait for (empty when one of them waits for none),
    ``heeds`` those of its exit criteria. ``uses`` are those that count no more once it has begun. ``needed``
    are the required ones among its children.
    """

    name: str
    kind: ItemKind
    title: Text
    stage: str
    entry: tuple[Sentry, ...]
    exit: tuple[Sentry, ...]
    hears: frozenset[str]
    heeds: frozenset[str]
    uses: tuple[str, ...]
    required: bool
    repeat: bool
    discretionary: bool = False
    clock: Clockwork | None = None
    children: tuple[str, ...] = ()
    needed: frozenset[str] = frozenset()
    human: HumanTask | None = None
    service: ServiceTask | None = None
    table: str = ""


class PlanQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """One question with its compiled expressions and the way to read its answers.

    ``personal`` is the role of the party to whom the answer belongs. ``files`` are those that files answer. ``idle`` ones can be
    passed over when nothing is given.
    """

    name: str
    full: str
    question: Question
    type: Type | None
    relevant: Condition | None
    required_if: Condition | None
    constraint: Condition | None
    calculate: Value | None
    read: Reader
    required: bool
    personal: str
    files: bool
    idle: bool


class PlanForm(msgspec.Struct, frozen=True, kw_only=True):
    """A form at the place where it is filled in (``prefix`` is ``form`` or a task's name).

    ``asked`` are the questions that have an answer (notes have none), in their order; ``signature`` is the one that is a
    signature, if there is one. ``pictures`` are the scenario's, by the names that choices use.
    """

    prefix: str
    form: Form
    questions: dict[str, PlanQuestion]
    asked: tuple[PlanQuestion, ...]
    pictures: Mapping[str, Picture] = {}
    signature: PlanQuestion | None = None


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A compiled routing rule."""

    competence: str
    place: str
    priority: str
    condition: Condition | None


class Auto(msgspec.Struct, frozen=True, kw_only=True):
    """A compiled automatic closing; ``name`` tells it from the others, ``hears`` as for an item."""

    name: str
    entry: tuple[Sentry, ...]
    hears: frozenset[str]
    result: str


class Stirring(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an event could stir: by item when it begins or is over, by the first part of their names when answers come
    (``form``, or the name of a task), by kind the other events.

    Sets of items are numbers whose bits are the items, so that they are added up at no cost. One more bit, ``ends``,
    says that a stage could end, which is so when anything has ended. ``known`` turns such a number into the items,
    in the order of the plan, and that. What is not there stirs nobody.
    """

    begun: dict[str, int]
    over: dict[str, int]
    answered: dict[str, int]
    kinds: dict[type[e.Event], int]
    ends: int
    known: dict[int, tuple[tuple[PlanItem, ...], bool]]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that ``decide`` needs of a scenario; ``order`` are all items, as they stand in its file."""

    scenario: Scenario
    names: dict[str, Type]
    items: dict[str, PlanItem]
    stages: tuple[PlanItem, ...]
    order: tuple[PlanItem, ...]
    stirring: Stirring
    forms: dict[str, PlanForm]
    routes: tuple[Route, ...]
    urgency: tuple[Condition, ...]
    templates: dict[str, Condition]
    tables: dict[str, Table]
    auto: tuple[Auto, ...]
    issues: dict[type[e.Event], tuple[str, ...]]
    contest_within: Limit
    review_within: Limit
    retention: Limit
    clocks: dict[str, Clockwork]
    counting: frozenset[str] = frozenset()

    def service(self, item: str) -> ServiceTask | None:
        """Return what a service task calls; notices that go out by themselves are service tasks, too."""
        notice = item.removeprefix(NOTICE_TASK)
        if notice != item:
            return ServiceTask(
                title=self.scenario.notices[notice].title,
                call="notice.issue",
                give={"notice": notice, "to": "requester"},
            )
        found = self.items.get(item)
        return found.service if found is not None else None

    def signs(self, task: str) -> bool:
        """Whether a task's form asks for a signature."""
        form = self.forms.get(task)
        return form is not None and form.signature is not None

    def title(self, item: str) -> Text:
        """Return the title of an item, or of a task of the loop."""
        found = self.items.get(item)
        if found is not None:
            return found.title
        if item.startswith(NOTICE_TASK):
            return self.scenario.notices[item.removeprefix(NOTICE_TASK)].title
        return LOOP_TITLES.get(item.partition(":")[0], Text(item, item))


LOOP_TITLES: dict[str, Text] = {
    "loop.triage": Text("分派到责任单位", "Send to the responsible unit"),
    "loop.accept": Text("决定是否受理", "Decide whether to accept"),
    "loop.supplement": Text("补充材料", "Supply what is missing"),
    "loop.sign_for": Text("签收联合办理", "Sign for joint handling"),
    "loop.contribute": Text("完成联合办理", "Do the joint part"),
    "loop.supervision": Text("答复督办", "Answer the supervision order"),
    "loop.escalation": Text("处置升级事项", "Deal with the escalation"),
    "loop.close": Text("答复并办结", "Answer and close"),
    "loop.confirm": Text("确认是否解决", "Say whether it is settled"),
    "loop.review": Text("独立复核", "Review independently"),
    "loop.rework": Text("重新办理", "Handle again"),
    "loop.repair": Text("人工补办自动任务", "Do by hand what failed"),
}
"""Titles of the tasks that the engine itself makes."""
