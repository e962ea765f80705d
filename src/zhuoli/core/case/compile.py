"""Compiles a checked scenario for running: expressions and tables become code, durations become limits.

A mistake that is met all the same is raised, never skipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from zhuoli.core.case import events as e
from zhuoli.core.case.plan import (
    MOMENTS,
    Auto,
    Clockwork,
    Plan,
    PlanForm,
    PlanItem,
    PlanQuestion,
    Route,
    Sentry,
)
from zhuoli.core.case.reading import reader
from zhuoli.core.case.stirring import stirring
from zhuoli.core.feel import FeelErrors, Table, Type, compile_condition, compile_value, read_table
from zhuoli.core.scenario.model import Criterion, Due, Form, Picture, Scenario
from zhuoli.core.scenario.names import SELF, form_prefixes, known_names, owner_of, question_type
from zhuoli.core.worktime import Duration, Limit, parse_duration

START = Criterion(on=("case.accepted",))
"""How a stage begins whose author wrote no entry."""


def compile_plan(scenario: Scenario) -> Plan:
    """Compile a checked scenario.

    Raises:
        FeelErrors: an expression or table is wrong.
        BadDuration: a duration is wrong.
    """
    names = known_names(scenario)
    forms, later = _forms(scenario, form_prefixes(scenario), names)
    tables = _tables(scenario, names)
    for prefix, form in later.items():
        forms[prefix] = _form(prefix, _own(scenario, prefix, form), names, scenario.pictures)
    items = _items(scenario, names)
    clocks: dict[str, Clockwork] = {
        name: item.clock for name, item in items.items() if item.clock is not None
    }
    clocks.update(_loop_clocks(scenario))
    if scenario.due is not None:
        clocks["case"] = _clockwork(scenario.due)
    return Plan(
        scenario=scenario,
        names=names,
        items=items,
        stages=tuple(item for item in items.values() if item.kind == "stage"),
        order=tuple(items.values()),
        stirring=stirring(items),
        forms=forms,
        routes=tuple(
            Route(
                competence=rule.competence,
                place=rule.place,
                priority=rule.priority,
                condition=compile_condition(rule.when, names) if rule.when else None,
            )
            for rule in scenario.routing
        ),
        templates={
            name: compile_condition(each.when, names)
            for name, each in scenario.templates.items()
            if each.when
        },
        urgency=tuple(compile_condition(urgency.when, names) for urgency in scenario.urgency),
        tables=tables,
        auto=tuple(
            Auto(
                name=f"closing.{number}",
                entry=_sentries(auto.entry, names),
                hears=_waited_for(auto.entry),
                result=auto.result,
            )
            for number, auto in enumerate(scenario.closing.auto)
        ),
        issues=_issues(scenario),
        contest_within=Limit(parse_duration(scenario.confirmation.reopen_within)),
        review_within=Limit(parse_duration(scenario.review.within)),
        retention=Limit(parse_duration(scenario.privacy.retention), roll_over=False),
        clocks=clocks,
        counting=frozenset(
            name for name, table in tables.items() if any(used.startswith("earlier.") for used in table.names)
        ),
    )


def _issues(scenario: Scenario) -> dict[type[e.Event], tuple[str, ...]]:
    """Return, for each event of the whole case, the notices that go out by themselves."""
    found: dict[type[e.Event], tuple[str, ...]] = {}
    for notice, moment in scenario.issue.items():
        found[MOMENTS[moment]] = (*found.get(MOMENTS[moment], ()), notice)
    return found


def _forms(
    scenario: Scenario, prefixes: Mapping[str, str], names: dict[str, Type]
) -> tuple[dict[str, PlanForm], dict[str, str]]:
    """Compile the forms; return also those that must wait for the outputs of a table."""
    forms: dict[str, PlanForm] = {}
    later: dict[str, str] = {}
    for prefix, form in prefixes.items():
        try:
            forms[prefix] = _form(prefix, _own(scenario, prefix, form), names, scenario.pictures)
        except FeelErrors:
            later[prefix] = form
    return forms, later


def _own(scenario: Scenario, prefix: str, name: str) -> Form:
    """Return a form as it is at one place: what belongs to whoever fills it in belongs to the candidate there."""
    form = scenario.forms[name]
    if all(question.personal != SELF for question in form.questions.values()):
        return form
    questions = {
        key: msgspec.structs.replace(question, personal=owner_of(scenario, prefix, question))
        for key, question in form.questions.items()
    }
    return Form(title=form.title, questions=questions)


def _form(prefix: str, form: Form, names: dict[str, Type], pictures: Mapping[str, Picture]) -> PlanForm:
    """Compile a form; the types of its calculations are added to ``names``."""
    questions: dict[str, PlanQuestion] = {}
    for name, question in form.questions.items():
        full = f"{prefix}.{name}"
        calculate = None
        if question.type == "calculate":
            calculate = compile_value(question.calculate, names)
            names[full] = calculate.type
        kind = calculate.type if calculate else question_type(question)
        questions[name] = PlanQuestion(
            name=name,
            full=full,
            question=question,
            type=kind,
            relevant=compile_condition(question.relevant, names) if question.relevant else None,
            required_if=compile_condition(question.required_if, names) if question.required_if else None,
            constraint=compile_condition(question.constraint, names) if question.constraint else None,
            calculate=calculate,
            read=reader(question, kind),
            required=question.required,
            personal=question.personal,
            files=question.type in ("photos", "files"),
            idle=calculate is None and not question.required and not question.required_if,
        )
    asked = tuple(found for found in questions.values() if found.question.type != "note")
    return PlanForm(
        prefix=prefix,
        form=form,
        questions=questions,
        asked=asked,
        pictures=pictures,
        signature=next((found for found in asked if found.question.type == "signature"), None),
    )


def _tables(scenario: Scenario, names: dict[str, Type]) -> dict[str, Table]:
    """Read the tables, adding the names of their outputs; a table may use another one's outputs."""
    users: dict[str, list[str]] = {}
    if scenario.acceptance.eligible_with:
        users.setdefault(scenario.acceptance.eligible_with, []).append("acceptance")
    for stage in scenario.stages.values():
        for name, task in stage.decision_tasks.items():
            users.setdefault(task.table, []).append(name)
        for name, human in stage.human_tasks.items():
            if human.decide_with:
                users.setdefault(human.decide_with, []).append(name)
    left = list(scenario.tables)
    tables: dict[str, Table] = {}
    while left:
        failed: Exception | None = None
        progress = False
        for table in list(left):
            try:
                read = read_table(scenario.tables[table], names, file=f"{table}.csv")
            except ValueError as error:
                failed = failed or error
                continue
            tables[table] = read
            left.remove(table)
            progress = True
            for user in users.get(table, []):
                for output, kind in read.outputs.items():
                    names.setdefault(f"{user}.{output}", kind)
        if failed is not None and not progress:
            raise failed
    return tables


def _items(scenario: Scenario, names: Mapping[str, Type]) -> dict[str, PlanItem]:
    items: dict[str, PlanItem] = {}
    for stage_name, stage in scenario.stages.items():
        children: dict[str, PlanItem] = {}
        for name, task in stage.human_tasks.items():
            children[name] = PlanItem(
                name=name,
                kind="human",
                title=task.title,
                stage=stage_name,
                **_criteria(task.entry, task.exit, names, repeat=task.repeat),
                required=task.required and not task.discretionary,
                repeat=task.repeat,
                discretionary=task.discretionary,
                clock=_clockwork(task.due) if task.due else None,
                human=task,
            )
        for name, service in stage.service_tasks.items():
            children[name] = PlanItem(
                name=name,
                kind="service",
                title=service.title,
                stage=stage_name,
                **_criteria(service.entry, service.exit, names, repeat=service.repeat),
                required=service.required,
                repeat=service.repeat,
                service=service,
            )
        for name, decision in stage.decision_tasks.items():
            children[name] = PlanItem(
                name=name,
                kind="decision",
                title=decision.title,
                stage=stage_name,
                **_criteria(decision.entry, decision.exit, names, repeat=decision.repeat),
                required=decision.required,
                repeat=decision.repeat,
                table=decision.table,
            )
        for name, timer in stage.timers.items():
            children[name] = PlanItem(
                name=name,
                kind="timer",
                title=timer.title,
                stage=stage_name,
                **_criteria(timer.entry, timer.exit, names, repeat=timer.repeat),
                required=False,
                repeat=timer.repeat,
                clock=_wait(timer.after, pauses=timer.pauses),
            )
        for name, milestone in stage.milestones.items():
            children[name] = PlanItem(
                name=name,
                kind="milestone",
                title=milestone.title,
                stage=stage_name,
                **_criteria(milestone.entry, (), names, repeat=milestone.repeat),
                required=False,
                repeat=milestone.repeat,
            )
        items[stage_name] = PlanItem(
            name=stage_name,
            kind="stage",
            title=stage.title,
            stage="",
            **_criteria(stage.entry or (START,), stage.exit, names, repeat=stage.repeat),
            required=stage.required,
            repeat=stage.repeat,
            clock=_clockwork(stage.due) if stage.due else None,
            children=tuple(children),
            needed=frozenset(name for name, child in children.items() if child.required),
        )
        items.update(children)
    for name, milestone in scenario.milestones.items():
        items[name] = PlanItem(
            name=name,
            kind="milestone",
            title=milestone.title,
            stage="",
            **_criteria(milestone.entry, (), names, repeat=milestone.repeat),
            required=False,
            repeat=milestone.repeat,
        )
    return items


def _sentries(criteria: tuple[Criterion, ...], names: Mapping[str, Type]) -> tuple[Sentry, ...]:
    return tuple(
        Sentry(
            on=criterion.on,
            condition=compile_condition(criterion.when, names) if criterion.when else None,
        )
        for criterion in criteria
    )


def _criteria(
    entry: tuple[Criterion, ...],
    leave: tuple[Criterion, ...],
    names: Mapping[str, Type],
    *,
    repeat: bool,
) -> dict[str, Any]:
    """Return the fields of an item that come from its criteria."""
    used = (*leave, *entry) if repeat else leave
    return {
        "uses": tuple(dict.fromkeys(what for criterion in used for what in criterion.on)),
        "entry": _sentries(entry, names),
        "exit": _sentries(leave, names),
        "hears": _waited_for(entry),
        "heeds": _waited_for(leave),
    }


def _waited_for(criteria: tuple[Criterion, ...]) -> frozenset[str]:
    if any(not criterion.on for criterion in criteria):
        return frozenset()
    return frozenset(what for criterion in criteria for what in criterion.on)


def _loop_clocks(scenario: Scenario) -> dict[str, Clockwork]:
    clocks: dict[str, Clockwork] = {
        "loop.supplement": _wait(scenario.supplement.within),
        "loop.confirm": _wait(scenario.confirmation.within),
    }
    if scenario.acceptance.due is not None:
        clocks["loop.accept"] = _clockwork(scenario.acceptance.due)
    if scenario.joint.due is not None:
        clocks["loop.contribute"] = _clockwork(scenario.joint.due)
    if scenario.review.due is not None:
        clocks["loop.review"] = _clockwork(scenario.review.due)
    return clocks


def _clockwork(due: Due) -> Clockwork:
    """Turn an author's time limit into rules; the statutory day ends at 24:00, the promised one earlier."""
    statutory = promised = None
    if due.statutory:
        statutory = Limit(
            parse_duration(due.statutory), day_of_event=due.day_of_event, roll_over=due.roll_over
        )
    if due.promised:
        promised = Limit(
            parse_duration(due.promised),
            day_of_event=due.day_of_event,
            roll_over=due.roll_over,
            day_ends=due.promised_day_ends,
        )
    return Clockwork(
        statutory=statutory,
        promised=promised,
        by_day=_by_day(statutory) and _by_day(promised),
        known={},
        extension=_extended(due) if due.extension else None,
        pauses=due.pauses,
        remind=int(due.remind.rstrip("%")),
        late=due.late,
    )


def _by_day(limit: Limit | None) -> bool:
    """Whether the end of a limit depends on the day of its beginning only."""
    return limit is None or (limit.in_days and limit.day_of_event == "excluded")


def _extended(due: Due) -> Limit:
    """Return the statutory limit with its extension added.

    Raises:
        ValueError: the extension has another unit than the statutory time.
    """
    law, more = parse_duration(due.statutory), parse_duration(due.extension)
    if law.unit != more.unit:
        raise ValueError(f"extension {due.extension} must be in the unit of {due.statutory}")
    return Limit(
        Duration(law.amount + more.amount, law.unit), day_of_event=due.day_of_event, roll_over=due.roll_over
    )


def _wait(after: str, pauses: tuple[str, ...] = ()) -> Clockwork:
    """Return the rules of a plain wait: one limit, nobody is late."""
    limit = Limit(parse_duration(after))
    return Clockwork(
        statutory=None,
        promised=limit,
        by_day=_by_day(limit),
        known={},
        pauses=pauses,
        remind=75,
        late=(),
    )


def wait_for(after: str) -> Clockwork:
    """Return a plain wait for ``after`` (orders of supervision name their own time).

    Raises:
        BadDuration: ``after`` is not a duration.
    """
    return _wait(after)
