"""The neutral form of a scenario: what a folder says, in checked structures, nothing else.

Expressions and tables are kept here as their authors wrote them; ``zhuoli.core.case.plan`` compiles them
for running. This module reads no file, compiles nothing and decides nothing. Every struct forbids unknown
keys, so that the words an author may write are exactly the fields below (in the file, names of structs are
keys of mappings: ``stages: {handling: {...}}`` becomes ``Stage`` under the key ``handling``).
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from zhuoli.core.scenario.feeds import Feed
from zhuoli.core.scenario.queries import Find, Query
from zhuoli.core.text import Text

FORMAT = 1

Audience = Literal["resident", "enterprise", "partner", "office"]
Channel = Literal[
    "web", "phone", "window", "proxy", "guardian", "partner", "field", "discovery", "model", "handover"
]
QuestionType = Literal[
    "text",
    "long_text",
    "integer",
    "decimal",
    "yes_no",
    "date",
    "datetime",
    "choice",
    "many",
    "place",
    "point",
    "phone",
    "email",
    "id_number",
    "credit_code",
    "plate",
    "signature",
    "photos",
    "files",
    "note",
    "calculate",
]
ThingKind = Literal[
    "car",
    "truck",
    "bike",
    "walker",
    "parked",
    "trailer",
    "train",
    "load",
    "door",
    "light",
    "sign",
    "bar",
    "arrow",
    "impact",
]
Road = Literal[
    "two_way",
    "lanes",
    "crossing",
    "junction",
    "roundabout",
    "narrow",
    "slope",
    "parking",
    "railway",
    "zebra",
    "bike_lane",
    "ramp",
    "merging",
]
PartyKind = Literal["resident", "enterprise", "organisation"]
ResultKind = Literal["done", "impossible", "unlawful", "handed_over"]
PauseReason = Literal["supplement", "suspension"]
LateAction = Literal["urge", "escalate", "supervise"]


class _Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What all parts have in common: they are immutable and know no other key."""


class Ground(_Base, frozen=True, kw_only=True):
    """A citation: which law or rule, in which version, which articles.

    ``articles`` is written as in the law, for example ``第二十条`` or ``art. 20``; the Chinese form is kept.
    """

    law: str
    version: str
    articles: str = ""
    note: Text | None = None


class Choice(_Base, frozen=True, kw_only=True):
    """One possible answer to a choice question; ``picture`` names a drawing of ``pictures.yaml`` to point at."""

    title: Text
    hint: Text | None = None
    picture: str = ""


class Thing(_Base, frozen=True, kw_only=True):
    """One thing on a picture; places are written ``70 60``, ways ``20 60, 70 60``.

    It stands at ``at``, or at the end of its way ``points``. It looks where ``turn`` says (degrees clockwise from the
    right), else where the last stretch of its way goes; with ``back`` it goes that stretch backwards. ``label`` is the
    letter on it.
    """

    kind: ThingKind
    at: str = ""
    points: str = ""
    turn: str = ""
    label: str = ""
    back: bool = False


class Picture(_Base, frozen=True, kw_only=True):
    """A drawing of what happened. ``says`` tells it in one sentence, for whoever does not see it."""

    says: Text
    road: Road
    things: tuple[Thing, ...]


class Template(_Base, frozen=True, kw_only=True):
    """Words with which the answer to a question in words can begin; whoever fills it in picks and edits them.

    Those whose condition ``when`` holds (a question that is not answered: not) come first.
    """

    question: str
    title: Text
    text: Text
    when: str = ""


class Column(_Base, frozen=True, kw_only=True):
    """One field of a list that another system asks for: its name there, where it comes from (the first that was answered), why."""

    name: Text
    source: tuple[str, ...]
    articles: str = ""


class FieldList(_Base, frozen=True, kw_only=True):
    """The fields that a law, or another system, asks of a matter of this kind, with where each comes from."""

    title: Text
    note: Text
    columns: tuple[Column, ...]
    ground: Ground | None = None


class Question(_Base, frozen=True, kw_only=True):
    """One question of a form (XLSForm words).

    ``relevant``, ``required_if``, ``constraint`` and ``calculate`` are expressions; within them this form's own questions are
    named ``form.<question>`` for the intake form and ``<task>.<question>`` elsewhere. ``personal`` names the
    party role to whom the answer belongs (``self``: whoever fills in the form, so that two sides can be asked with one
    form); such an answer is encrypted with that party's key. ``choices_from`` (``<form>.<question>``) takes the choices of
    another question. ``why`` tells
    the person why a personal answer is asked for. ``stands_for`` says of what a text is the id (as a query gives it): it is kept as
    it is, and shown by its name. ``signs`` are the answers (full names) under which a signature is put; without it the other
    answers of its own form. ``register`` is a register of places with names: a text is then the key of one of its rows, which pages
    offer for the county of the case. ``not_both`` are the choices that two sides cannot both give, where giving the same is what
    contradicts; without any (``[]``) each side says it of itself. ``group`` is a heading: a group of questions begins here and
    goes on to the next heading (XLSForm's ``begin_group``).
    """

    type: QuestionType
    title: Text
    group: Text | None = None
    hint: Text | None = None
    required: bool = False
    required_if: str = ""
    relevant: str = ""
    constraint: str = ""
    constraint_message: Text | None = None
    calculate: str = ""
    choices: dict[str, Choice] = {}
    choices_from: str = ""
    personal: str = ""
    why: Text | None = None
    min: str = ""
    max: str = ""
    max_length: int = 0
    stands_for: Literal["", "unit", "matter", "case", "place"] = ""
    signs: tuple[str, ...] = ()
    register: str = ""
    not_both: tuple[str, ...] | None = None


class Form(_Base, frozen=True, kw_only=True):
    """An ordered set of questions; the order in the file is the order on the screen."""

    title: Text
    questions: dict[str, Question]


class PartyRole(_Base, frozen=True, kw_only=True):
    """A role that somebody has in the case, such as ``requester`` or ``guardian``."""

    title: Text
    kind: PartyKind = "resident"
    required: bool = False


class RoutingRule(_Base, frozen=True, kw_only=True):
    """One way to find the responsible unit; the first rule whose ``when`` holds is taken.

    ``competence`` is looked up in the directory for the territory in the answer ``place``; ``when`` is an
    expression over the intake form (empty: always). ``priority`` puts the case before or behind others.
    """

    competence: str
    place: str = "form.place"
    when: str = ""
    priority: Literal["", "normal", "high", "urgent"] = ""
    why: Text | None = None


class Criterion(_Base, frozen=True, kw_only=True):
    """A sentry: all events in ``on`` have happened and ``when`` (``if:`` in the file) holds.

    Events are written ``<item>.completed``, ``.activated``, ``.terminated``, ``.occurred``,
    ``<task>.<outcome>`` or ``case.accepted``, ``case.closed``, ``case.reopened`` ….
    """

    on: tuple[str, ...] = ()
    when: str = ""


class Due(_Base, frozen=True, kw_only=True):
    """A time limit: the longest lawful time (``statutory``), the time that is promised, or both.

    Durations are written ``2 hours``, ``5 working days``, ``60 calendar days``, ``3 months``.
    ``statutory`` asks for a ``ground``. ``extension`` is by how much the statutory time of the whole case may
    be extended, once and with a reason; it has the same unit. ``remind`` is the share of the time after which the handler is
    reminded; ``late`` says what happens when the promised (else the statutory) time has passed.
    """

    statutory: str = ""
    promised: str = ""
    extension: str = ""
    ground: Ground | None = None
    why: Text | None = None
    day_of_event: Literal["excluded", "included"] = "excluded"
    roll_over: bool = True
    promised_day_ends: str = "17:30"
    pauses: tuple[PauseReason, ...] = ("supplement", "suspension")
    remind: str = "75%"
    late: tuple[LateAction, ...] = ()


class Outcome(_Base, frozen=True, kw_only=True):
    """One way in which a human task can end; ``frees`` gives an appointment's time back."""

    title: Text
    reason: bool = False
    frees: bool = False


class HumanTask(_Base, frozen=True, kw_only=True):
    """Work that a person does.

    ``candidates``: ``lead`` (the responsible unit), ``dispatcher``, ``superior``, a party role such as
    ``requester``, or ``competence.<name>`` (the unit with that competence for the case's territory).
    ``role`` narrows a unit's staff to posts with that role. ``decide_with`` names a decision table that
    proposes an answer; whoever departs from the proposal must give a reason.
    """

    title: Text
    candidates: str = "lead"
    role: str = ""
    entry: tuple[Criterion, ...] = ()
    exit: tuple[Criterion, ...] = ()
    form: str = ""
    outcomes: dict[str, Outcome] = {}
    decide_with: str = ""
    due: Due | None = None
    required: bool = True
    discretionary: bool = False
    repeat: bool = False
    help: Text | None = None


class ServiceTask(_Base, frozen=True, kw_only=True):
    """Work that the software does by a capability, in the background, at least once.

    ``give`` (``with:`` in the file) maps a parameter to a literal, or to a case-file name written ``=name``.
    """

    title: Text
    call: str
    give: dict[str, str | int | bool] = {}
    entry: tuple[Criterion, ...] = ()
    exit: tuple[Criterion, ...] = ()
    attempts: int = 5
    required: bool = True
    repeat: bool = False


class Output(_Base, frozen=True, kw_only=True):
    """What an output of a table is called, and its values."""

    title: Text
    values: dict[str, Choice] = {}


class DecisionTask(_Base, frozen=True, kw_only=True):
    """A decision table applied at once; its outputs are recorded as ``<task>.<output>``.

    ``outputs`` says what they and their values are called where people read them.
    """

    title: Text
    table: str
    outputs: dict[str, Output] = {}
    entry: tuple[Criterion, ...] = ()
    exit: tuple[Criterion, ...] = ()
    required: bool = True
    repeat: bool = False


class TimerItem(_Base, frozen=True, kw_only=True):
    """Waits for ``after`` from its activation, then occurs."""

    title: Text
    after: str
    entry: tuple[Criterion, ...] = ()
    exit: tuple[Criterion, ...] = ()
    pauses: tuple[PauseReason, ...] = ()
    repeat: bool = False


class Milestone(_Base, frozen=True, kw_only=True):
    """Something worth telling that has been reached."""

    title: Text
    entry: tuple[Criterion, ...] = ()
    repeat: bool = False


class Stage(_Base, frozen=True, kw_only=True):
    """A stop on the line: tasks that belong together.

    A stage without ``entry`` starts when the case is accepted; an item without ``entry`` starts with its
    stage. A stage is completed when every required item in it is, and none is active.
    """

    title: Text
    entry: tuple[Criterion, ...] = ()
    exit: tuple[Criterion, ...] = ()
    due: Due | None = None
    required: bool = True
    repeat: bool = False
    human_tasks: dict[str, HumanTask] = {}
    service_tasks: dict[str, ServiceTask] = {}
    decision_tasks: dict[str, DecisionTask] = {}
    timers: dict[str, TimerItem] = {}
    milestones: dict[str, Milestone] = {}


class Acceptance(_Base, frozen=True, kw_only=True):
    """How a case comes to be accepted.

    ``by: unit`` asks the responsible unit, ``by: dispatcher`` the dispatcher, ``by: opening`` accepts at once.
    ``eligible_with`` names a table with the output ``eligible`` (yes_no) that is decided at opening; its rows'
    annotations are shown; a person who is not eligible may still ask, the unit decides. ``silence: accepted`` is for
    matters of which the law says that they count as accepted when nothing is said within the statutory time.
    """

    by: Literal["unit", "dispatcher", "opening"] = "unit"
    due: Due | None = None
    refusal_reasons: dict[str, Outcome] = {}
    eligible_with: str = ""
    silence: Literal["waits", "accepted"] = "waits"


class Supplement(_Base, frozen=True, kw_only=True):
    """Asking the requester once, completely, for what is missing; ``within`` is the requester's time.

    ``times`` is how often it may be asked (once, unless new facts come up: the rule of one complete list).
    When the time has passed ``expires`` says what becomes of the case.
    """

    within: str = "15 working days"
    times: int = 1
    expires: Literal["withdrawn", "refused", "goes_on"] = "goes_on"


class Result(_Base, frozen=True, kw_only=True):
    """One way in which the case can be closed.

    ``needs`` are case-file names that must have been answered, ``evidence`` asks for at least one attachment
    of the closing unit. ``impossible`` and ``unlawful`` always need a reasoned answer and open the way to an
    independent review. Without ``asks`` nobody is asked whether it helped: nothing was done to them.
    """

    title: Text
    kind: ResultKind = "done"
    needs: tuple[str, ...] = ()
    evidence: bool = False
    answer: Text | None = None
    asks: bool = True


class AutoClose(_Base, frozen=True, kw_only=True):
    """Closes the case by itself when the criterion is met."""

    entry: tuple[Criterion, ...]
    result: str


class Closing(_Base, frozen=True, kw_only=True):
    """How a case ends."""

    results: dict[str, Result]
    auto: tuple[AutoClose, ...] = ()


class Confirmation(_Base, frozen=True, kw_only=True):
    """Who says whether it helped.

    ``by: nobody`` settles at closing (for matters without a requester). ``within`` is the time to answer;
    silence makes the case *unconfirmed*, never settled. ``contests`` is how often it can be reopened by the
    requester; after that a contest goes to independent review.
    """

    by: Literal["requester", "nobody"] = "requester"
    within: str = "7 calendar days"
    contests: int = 2
    reopen_within: str = "30 calendar days"
    rating: bool = True


class Review(_Base, frozen=True, kw_only=True):
    """Independent review of a final answer, by another unit than the one that gave it."""

    by: str = "superior"
    within: str = "30 calendar days"
    due: Due | None = None


class Joint(_Base, frozen=True, kw_only=True):
    """Joint handling: which competences are usually asked to join, and how long they have."""

    suggest: tuple[str, ...] = ()
    due: Due | None = None


class NextMatter(_Base, frozen=True, kw_only=True):
    """A matter that a service task opens (``call: case.hand_on``), and what of this one it is given.

    ``parties`` maps a role of the other scenario to a role here (unnamed: the roles that both have). ``answers`` maps a
    question of its intake form to a literal or, written ``=name``, a value of this case; ``files`` a question there to
    one here, and every other file of the case goes along without a question. Personal answers go along for
    ``purpose``, one of this scenario's; the looks are recorded. The other scenario must list the channel
    ``handover``.
    """

    scenario: str
    parties: dict[str, str] = {}
    answers: dict[str, str | int | bool] = {}
    files: dict[str, str] = {}
    purpose: str = ""


class Appointment(_Base, frozen=True, kw_only=True):
    """The answers that hold a provider's time: whose (a text) and when (a datetime), both of one form.

    Where people fill in that form themselves they choose among the free times of the directory. Of several the last one
    that was answered counts.
    Nobody else is given the same time. It is free again when the case ends, when another time is agreed, or when a task
    ends with an outcome that ``frees`` it; the day before, ``case.appointment_near`` happens.
    """

    provider: str
    at: str


class Share(_Base, frozen=True, kw_only=True):
    """A kind of body outside the office that a party may let read its own copy of the result, such as its insurer.

    Which one, the party chooses among the units of the kind ``body``; it may once one of the milestones ``after`` has
    occurred, and take it back until the body has taken it up. The body reads the ``notices`` that were issued to that party,
    the blurred copies of what that party brought (``evidence``), and that party's answers that ``purpose`` covers;
    nothing that is another party's. It answers with one of ``answers`` and a number of its own.
    """

    title: Text
    consent: Text
    body: str
    parties: tuple[str, ...]
    after: tuple[str, ...]
    notices: tuple[str, ...]
    purpose: str
    answers: dict[str, Text]
    evidence: bool = False


class EarlierCount(_Base, frozen=True, kw_only=True):
    """How many earlier cases about the same there are: a number that rules may use as ``earlier.<id>``.

    Cases count that were raised, or have ``reached`` a milestone, ``within`` a time (``this year``, or a duration
    back; without it, ever); with ``open`` only those that are still open, with ``without`` only those that have not
    reached that milestone.
    """

    title: Text
    reached: str = ""
    without: str = ""
    open: bool = False
    within: str = ""


class Progress(_Base, frozen=True, kw_only=True):
    """How a campaign goes on: its cases by the choices of one question (waves) and by county, each step an indicator.

    ``steps`` are indicators with a ``count``, in the order in which a case goes through them; what a case counts for there it
    counts for here. ``order`` is the scenario whose case is the campaign's order, with what was learned.
    """

    by: str
    steps: tuple[str, ...]
    order: str = ""


class Purpose(_Base, frozen=True, kw_only=True):
    """A reason for which personal fields may be looked at, and which fields it covers (empty: all)."""

    title: Text
    fields: tuple[str, ...] = ()


class Privacy(_Base, frozen=True, kw_only=True):
    """Who may see what, why and how long.

    ``retention`` runs from the closing; erasure is refused before its end and while a hold applies.
    """

    purposes: dict[str, Purpose]
    retention: str
    retention_ground: Ground | None = None


class Urgency(_Base, frozen=True, kw_only=True):
    """When a web form is the wrong channel: if ``when`` holds, the number is shown first."""

    when: str
    call: str
    message: Text


class Notice(_Base, frozen=True, kw_only=True):
    """A document or message: title from its first heading, a body per language with ``{{name}}`` places."""

    title: Text
    body: Text


class Indicator(_Base, frozen=True, kw_only=True):
    """What is counted. ``of`` are the cases in the denominator, ``count`` those in the numerator.

    ``base`` is the value of ``base_period`` (such as ``2018``), with which the present one is compared. Counts below
    ``suppress_below`` are not published.
    """

    title: Text
    unit: Literal["share", "count", "hours", "days", "score"]
    count: str = ""
    of: str = ""
    measure: str = ""
    direction: Literal["up", "down"] = "up"
    base: str = ""
    base_period: str = ""
    target: str = ""
    source: Text | None = None
    suppress_below: int = 5


class Step(_Base, frozen=True, kw_only=True):
    """One step of a worked example: who does what, when, and what must be true afterwards.

    ``who`` (``as:`` in the file) is a party role, ``lead``, ``dispatcher``, ``superior``, ``system``, or
    ``competence.<name>`` (the unit that holds it), with ``/role`` after it where a task asks for a post role.
    ``at`` is a local time ``2026-03-02 09:00``, ``after`` a duration since the last step; neither: one minute.
    ``do`` is a command's name (``zhuoli.core.case.commands``) or ``wait`` (let time pass and timers fire).
    ``refused`` is the code of the refusal that must come.
    """

    who: str = "system"
    do: str
    at: str = ""
    after: str = ""
    give: dict[str, Any] = {}
    expect: dict[str, Any] = {}
    refused: str = ""
    say: Text | None = None


class Example(_Base, frozen=True, kw_only=True):
    """A worked example: a story that is also a test and a demonstration; ``earlier`` gives the counts of earlier cases."""

    title: Text
    start: str
    earlier: dict[str, int] = {}
    steps: tuple[Step, ...]


class Scenario(_Base, frozen=True, kw_only=True):
    """One kind of matter, completely.

    ``issue`` maps a notice to the event at which it goes to the requester by itself, for events at which no
    stage is under way: ``case.refused``, ``case.closed``, ``case.supplement_requested`` …. ``life`` names the shared
    life cycle from which the folder takes what it does not write itself; here everything is already in its place.
    """

    format: int
    scenario: str
    title: Text
    purpose: Text
    legal_ground: tuple[Ground, ...]
    rows: tuple[str, ...]
    audience: tuple[Audience, ...]
    channels: tuple[Channel, ...]
    theme: str = ""
    words: dict[str, tuple[str, ...]] = {}
    life: str = ""
    parties: dict[str, PartyRole]
    intake: str = "intake"
    subject: tuple[str, ...] = ()
    about: str = ""
    earlier: dict[str, EarlierCount] = {}
    appointment: tuple[Appointment, ...] = ()
    routing: tuple[RoutingRule, ...]
    urgency: tuple[Urgency, ...] = ()
    acceptance: Acceptance
    supplement: Supplement = Supplement()
    due: Due | None = None
    due_from: Literal["opened", "accepted"] = "accepted"
    stages: dict[str, Stage]
    milestones: dict[str, Milestone] = {}
    joint: Joint = Joint()
    closing: Closing
    confirmation: Confirmation = Confirmation()
    review: Review = Review()
    withdraw_until: str = "closed"
    privacy: Privacy
    issue: dict[str, str] = {}
    next_matters: dict[str, NextMatter] = {}
    shares: dict[str, Share] = {}
    progress: Progress | None = None
    forms: dict[str, Form] = {}
    pictures: dict[str, Picture] = {}
    templates: dict[str, Template] = {}
    exports: dict[str, FieldList] = {}
    feeds: dict[str, Feed] = {}
    tables: dict[str, str] = {}
    notices: dict[str, Notice] = {}
    indicators: dict[str, Indicator] = {}
    examples: dict[str, Example] = {}
    query: Query | None = None
    finds: dict[str, Find] = {}
    sql: str = ""
    servings_text: str = ""
    version: str = ""
