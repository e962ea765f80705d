"""Which names an expression may use, and the type of each.

============================  =======================================================================
``form.<question>``           answers of the intake form
``<task>.<question>``         answers of a human task's form
``<task>.outcome``            how a human task ended
``<task>.<output>``           output of a decision task, or of the table that proposes in a human task
``<task>.<result>``           result of a service task's capability
``acceptance.<output>``       output of the table that decides eligibility
``earlier.<count>``           how many earlier cases about the same there are
``case.<name>``               what the loop itself knows (``CASE_NAMES``)
============================  =======================================================================

Photos and files count: ``form.photos >= 1``. Instants and dates are local (Asia/Shanghai).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from zhuoli.core.feel import BOOLEAN, DATE, DATETIME, NUMBER, TEXT, WHOLE, Type, choice, many, number
from zhuoli.core.scenario.capabilities import CAPABILITIES
from zhuoli.core.scenario.model import HumanTask, Question, Scenario, ServiceTask

CASE_NAMES: dict[str, Type] = {
    "case.channel": choice(
        ("web", "phone", "window", "proxy", "guardian", "partner", "field", "discovery", "model", "handover")
    ),
    "case.priority": choice(("normal", "high", "urgent")),
    "case.territory": TEXT,
    "case.opened_date": DATE,
    "case.reopenings": WHOLE,
}
"""What the loop knows of every case."""

_PLAIN: dict[str, Type] = {
    "text": TEXT,
    "long_text": TEXT,
    "place": TEXT,
    "point": TEXT,
    "phone": TEXT,
    "email": TEXT,
    "id_number": TEXT,
    "credit_code": TEXT,
    "plate": TEXT,
    "signature": TEXT,
    "yes_no": BOOLEAN,
    "date": DATE,
    "datetime": DATETIME,
    "photos": number(whole=True, low=0),
    "files": number(whole=True, low=0),
}


def question_type(question: Question) -> Type | None:
    """Return the type of a question's answer; None for notes and for calculations (inferred elsewhere)."""
    if question.type in _PLAIN:
        return _PLAIN[question.type]
    if question.type in ("integer", "decimal"):
        low = Decimal(question.min) if question.min else None
        high = Decimal(question.max) if question.max else None
        if question.type == "integer":
            return number(
                whole=True,
                low=None if low is None else int(low),
                high=None if high is None else int(high),
            )
        return NUMBER if low is None and high is None else number(low=low, high=high)
    if question.type == "choice":
        return choice(question.choices)
    if question.type == "many":
        return many(question.choices)
    return None


def form_names(prefix: str, questions: Mapping[str, Question]) -> dict[str, Type]:
    """Return the names of a form's plain questions under ``prefix`` (calculations are not among them)."""
    names: dict[str, Type] = {}
    for name, question in questions.items():
        kind = question_type(question)
        if kind is not None:
            names[f"{prefix}.{name}"] = kind
    return names


def human_tasks(scenario: Scenario) -> dict[str, HumanTask]:
    """Return every human task of a scenario by name."""
    return {name: task for stage in scenario.stages.values() for name, task in stage.human_tasks.items()}


def service_tasks(scenario: Scenario) -> dict[str, ServiceTask]:
    """Return every service task of a scenario by name."""
    return {name: task for stage in scenario.stages.values() for name, task in stage.service_tasks.items()}


def form_prefixes(scenario: Scenario) -> dict[str, str]:
    """Return, for every place where a form is filled in (``form`` or a task), the form's id."""
    prefixes = {"form": scenario.intake}
    prefixes.update({name: task.form for name, task in human_tasks(scenario).items() if task.form})
    shots = evidence_form(scenario)
    return prefixes | {EVIDENCE: shots} if shots else prefixes


EVIDENCE = "evidence"
"""Before the name of a shot: ``evidence.front`` counts the photos and videos that were brought as this shot."""


def evidence_form(scenario: Scenario) -> str:
    """Return the form whose questions are the shots that a scenario's evidence needs; empty when it takes none.

    It is named by the service task that looks through what was brought.
    """
    for service in service_tasks(scenario).values():
        shots = service.give.get("shots", "")
        if service.call == "evidence.prepare" and isinstance(shots, str):
            return shots
    return ""


SELF = "self"
"""The owner of a personal answer that belongs to whoever fills in the form."""


def owner_of(scenario: Scenario, prefix: str, question: Question) -> str:
    """Return the party role to whom an answer belongs, or "" when it is nobody's own.

    ``self`` is the candidate of the task whose form it is.
    """
    if question.personal != SELF:
        return question.personal
    task = human_tasks(scenario).get(prefix)
    return task.candidates if task is not None and task.candidates in scenario.parties else SELF


SIGNED = ".how"
"""Behind the full name of a signature, in a notice: by which method it was given, when, and under which SHA-256."""


def signature_names(scenario: Scenario) -> set[str]:
    """Return the names under which notices say how each signature was given (``agree.sign.how``)."""
    return {
        f"{prefix}.{name}{SIGNED}"
        for prefix, form in form_prefixes(scenario).items()
        if form in scenario.forms
        for name, question in scenario.forms[form].questions.items()
        if question.type == "signature"
    }


def known_names(scenario: Scenario) -> dict[str, Type]:
    """Return all names but calculations and outputs of tables, which need compiled expressions and tables."""
    names = dict(CASE_NAMES)
    for prefix, form in form_prefixes(scenario).items():
        if form in scenario.forms:
            names.update(form_names(prefix, scenario.forms[form].questions))
    for name in scenario.earlier:
        names[f"earlier.{name}"] = number(whole=True, low=0)
    for name, task in human_tasks(scenario).items():
        names[f"{name}.outcome"] = choice(task.outcomes or ("done",))
    for name, service in service_tasks(scenario).items():
        capability = CAPABILITIES.get(service.call)
        names.update(
            {f"{name}.{key}": kind for key, kind in (capability.results if capability else {}).items()}
        )
    return names


def personal_names(scenario: Scenario) -> dict[str, str]:
    """Return the full names of personal answers with the party role to whom each belongs."""
    found: dict[str, str] = {}
    for prefix, form in form_prefixes(scenario).items():
        if form in scenario.forms:
            for name, question in scenario.forms[form].questions.items():
                if question.personal:
                    found[f"{prefix}.{name}"] = owner_of(scenario, prefix, question)
    return found
