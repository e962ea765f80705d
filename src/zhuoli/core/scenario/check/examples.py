"""Checks worked examples: they name commands, people, tasks, outcomes and answers that exist.

Whether they come true is shown by running them (``zhuoli.core.case.examples``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import msgspec

from zhuoli.core.case.commands import COMMANDS
from zhuoli.core.feel import WrongValue
from zhuoli.core.scenario.check.deadlines import duration
from zhuoli.core.scenario.check.expressions import Language
from zhuoli.core.scenario.check.people import UNITS
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.directory_words import COMPETENCES
from zhuoli.core.scenario.marks import Path
from zhuoli.core.scenario.model import Form, Question, Step
from zhuoli.core.scenario.names import question_type

WAIT = "wait"
ACTORS = (*UNITS, "reviewer", "system")
GIVEN_BY_RUNNER = {"open": {"receipt", "channel", "parties"}, "erase": {"party", "reason"}}
"""Fields that the runner fills in when an example leaves them out."""
EXPECTATIONS = (
    "status",
    "unit",
    "tasks",
    "stage",
    "result",
    "due",
    "promised",
    "stopped",
    "late",
    "clock",
    "answers",
    "score",
    "priority",
    "level",
    "reopenings",
    "urges",
    "files",
    "joint",
    "erased",
    "onward",
    "personal",
    "wrong",
)
"""What an example can expect; the same words as in ``zhuoli.core.case.examples``."""
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}\Z")
_WHOLE_LIKE = {"place", "point", "phone", "id_number", "credit_code", "plate"}


def check_examples(report: Report, language: Language) -> None:
    """Look at every step of every example."""
    examples = report.scenario.examples
    if not examples:
        report.say("no_example", ("examples.yaml", 1, 1))
    for name, example in examples.items():
        path: Path = ("examples", name)
        _instant(report, (*path, "start"), example.start)
        if not example.steps:
            report.say("no_steps", report.marks.key(*path))
        elif example.steps[0].do != "open":
            report.say("first_step_not_open", report.marks.value(*path, "steps", 0, "do"))
        for number, step in enumerate(example.steps):
            _step(report, language, (*path, "steps", number), step)


def _step(report: Report, language: Language, path: Path, step: Step) -> None:
    if step.at and step.after:
        report.say("two_times", report.marks.value(*path, "after"))
    if step.at:
        _instant(report, (*path, "at"), step.at)
    if step.after:
        duration(report, (*path, "after"), step.after)
    _actor(report, path, step.who)
    if step.do == WAIT:
        for key in step.give:
            report.unknown("unknown_command_key", report.marks.key(*path, "give", key), key, (), command=WAIT)
    elif step.do not in COMMANDS:
        report.unknown("unknown_command", report.marks.value(*path, "do"), step.do, (*COMMANDS, WAIT))
    else:
        _command(report, path, step)
    _expectations(report, language, path, step)


def _actor(report: Report, path: Path, who: str) -> None:
    name = who.partition("/")[0]
    units = (f"competence.{one}" for one in COMPETENCES)
    known = (*ACTORS, *report.scenario.parties, *units)
    if name not in known:
        report.unknown("unknown_actor", report.marks.value(*path, "who"), name, known)


def _command(report: Report, path: Path, step: Step) -> None:
    fields = _fields(step.do)
    for key in step.give:
        if key not in fields:
            place = report.marks.key(*path, "give", key)
            report.unknown("unknown_command_key", place, key, fields, command=step.do)
    by_runner = GIVEN_BY_RUNNER.get(step.do, set())
    for key, required in fields.items():
        if required and key not in step.give and key not in by_runner and not step.refused:
            report.say("missing_command_key", report.marks.value(*path), command=step.do, name=key)
    task = str(step.give.get("task", ""))
    form = report.scenario.forms.get(report.scenario.intake)
    prefix = "form"
    if step.do == "complete":
        form, prefix = _completed(report, path, step, task)
    elif task and not task.startswith("loop.") and "task" in fields:
        _task(report, (*path, "give", "task"), task)
    if step.do == "close":
        result = str(step.give.get("result", ""))
        if result and result not in report.scenario.closing.results and not step.refused:
            place = report.marks.value(*path, "give", "result")
            report.unknown("unknown_result", place, result, report.scenario.closing.results)
    if step.do == "add_item" and not step.refused:
        _task(report, (*path, "give", "item"), str(step.give.get("item", "")))
    answers = step.give.get("answers")
    asks = step.do != "complete" or task in report.items.tasks()
    unknown = form is None and step.do == "complete" and asks and report.items.tasks()[task].form
    if isinstance(answers, Mapping) and not unknown:
        if form is not None:
            _answers(report, (*path, "give", "answers"), form, prefix, answers, free=bool(step.refused))
        else:
            for name in answers:
                place = report.marks.key(*path, "give", "answers", name)
                report.unknown("unknown_question", place, name, (), form=task)


@cache
def _fields(command: str) -> dict[str, bool]:
    """Return the fields of a command, and whether each must be given; asking for types takes its time."""
    return {one.name: one.required for one in msgspec.structs.fields(COMMANDS[command])}


def _completed(report: Report, path: Path, step: Step, task: str) -> tuple[Form | None, str]:
    """Check the task and its outcome; gives the task's form."""
    if task.startswith("loop."):
        return None, task
    tasks = report.items.tasks()
    if task not in tasks:
        if not step.refused:
            _task(report, (*path, "give", "task"), task)
        return report.scenario.forms.get("", None), task
    outcomes = report.items.all[task].outcomes
    outcome = step.give.get("outcome", "done")
    if outcome not in outcomes and not step.refused:
        key = "outcome" if "outcome" in step.give else "task"
        place = report.marks.value(*path, "give", key)
        report.unknown("unknown_outcome", place, str(outcome), outcomes, task=task)
    return report.scenario.forms.get(tasks[task].form), task


def _task(report: Report, path: Path, task: str) -> None:
    known = [one.id for one in report.items.all.values()]
    if task not in known:
        report.unknown("unknown_task", report.marks.value(*path), task, report.items.tasks())


def _answers(
    report: Report, path: Path, form: Form, prefix: str, answers: Mapping[str, Any], *, free: bool
) -> None:
    """An answer is to a question of the form and of its type; ``free`` where the step must be refused."""
    for name, value in answers.items():
        question = form.questions.get(name)
        if question is None:
            if not free:
                called = report.scenario.intake if prefix == "form" else prefix
                report.unknown(
                    "unknown_question", report.marks.key(*path, name), name, form.questions, form=called
                )
        elif value is not None and not free:
            _answer(report, (*path, name), f"{prefix}.{name}", question, value)


def _answer(report: Report, path: Path, name: str, question: Question, value: object) -> None:
    wanted = None
    if question.type in _WHOLE_LIKE and isinstance(value, int | float):
        wanted = f'"{value}"'
        report.say("bad_answer", report.marks.value(*path), value=value, name=name, wanted=wanted)
        return
    kind = None if question.type in ("datetime", "photos", "files") else _type(question)
    if kind is not None:
        try:
            kind.read(value, name)
        except WrongValue as error:
            report.say("bad_answer", report.marks.value(*path), value=value, name=name, wanted=error.wanted)


def _type(question: Question) -> Any:
    try:
        return question_type(question)
    except (ValueError, ArithmeticError):
        return None


def _expectations(report: Report, language: Language, path: Path, step: Step) -> None:
    for key, value in step.expect.items():
        if key not in EXPECTATIONS:
            place = report.marks.key(*path, "expect", key)
            report.unknown("unknown_expectation", place, key, EXPECTATIONS)
        elif key == "answers" and isinstance(value, Mapping):
            for name in value:
                if name not in language.names and not any(name.startswith(one) for one in language.doubtful):
                    place = report.marks.key(*path, "expect", "answers", name)
                    report.unknown("unknown_name_here", place, name, sorted(language.names))
        elif key == "tasks":
            _expected_tasks(report, (*path, "expect", "tasks"), value)


def _expected_tasks(report: Report, path: Path, value: object) -> None:
    known = set(report.items.tasks())
    for number, name in enumerate(value if isinstance(value, list) else []):
        if str(name) not in known and not str(name).startswith("loop."):
            report.unknown("unknown_task", report.marks.value(*path, number), str(name), sorted(known))


def _instant(report: Report, path: Path, written: str) -> None:
    try:
        if not INSTANT.match(written):
            raise ValueError(written)
        datetime.fromisoformat(written)  # noqa: DTZ007, RUF100  # local by definition
    except ValueError:
        report.say("bad_instant", report.marks.value(*path), value=written)


def outcomes_shown(steps: Iterable[Step]) -> set[tuple[str, str]]:
    """Which tasks end in which way in these steps."""
    return {
        (str(step.give.get("task", "")), str(step.give.get("outcome", "done")))
        for step in steps
        if step.do == "complete"
    }
