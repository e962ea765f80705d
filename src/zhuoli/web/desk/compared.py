"""What two sides have said to the same questions, side by side.

Tasks of different parties that use the same form are the same questions asked of each; nothing else in the scenario
has to say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from zhuoli.core.case.facts import Directory
from zhuoli.core.case.plan import Plan, PlanQuestion
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.model import Picture
from zhuoli.core.text import Text
from zhuoli.web import cases


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What one side has said to a question: None when it has not answered it; its picture, by the answer."""

    answer: cases.Answer | None
    key: str = ""
    pictures: Mapping[str, Picture] = {}


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One question with what each side has said; ``differs`` when two open answers cannot both be so (``not_both`` of the question)."""

    name: str
    title: Text
    said: tuple[Said, ...]
    differs: bool


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """One form, asked of several sides: who they are, whether they have said it, and the rows that anybody answered."""

    title: Text
    sides: tuple[tuple[Text, bool], ...]
    rows: tuple[Row, ...]
    differences: int
    names: frozenset[str]


def of(plan: Plan, case: Case, directory: Directory) -> list[Comparison]:
    """Return the forms that were asked of several sides and that one of them has answered."""
    by_form: dict[str, list[tuple[str, str]]] = {}
    for name, item in plan.items.items():
        if item.human is not None and item.human.form and item.human.candidates in plan.scenario.parties:
            by_form.setdefault(item.human.form, []).append((name, item.human.candidates))
    found: list[Comparison] = []
    for form, tasks in by_form.items():
        if len({party for _, party in tasks}) < 2:
            continue
        comparison = _compare(plan, case, directory, form, tasks)
        if comparison.rows:
            found.append(comparison)
    return found


def _compare(
    plan: Plan, case: Case, directory: Directory, form: str, tasks: list[tuple[str, str]]
) -> Comparison:
    rows: list[Row] = []
    told: set[str] = set()
    for name, question in plan.scenario.forms[form].questions.items():
        if question.type in ("note", "photos", "files"):
            continue
        asked = [plan.forms[task].questions[name] for task, _ in tasks]
        values = [case.answers.get(each.full) for each in asked if case.answers.get(each.full) is not None]
        said = tuple(_said(plan, case, directory, each) for each in asked)
        if all(each.answer is None for each in said):
            continue
        told |= {task for (task, _), each in zip(tasks, said, strict=True) if each.answer is not None}
        differs = _differ(values, question.not_both)
        rows.append(Row(name=name, title=question.title, said=said, differs=differs))
    return Comparison(
        title=plan.scenario.forms[form].title,
        sides=tuple((plan.scenario.parties[party].title, task in told) for task, party in tasks),
        rows=tuple(rows),
        differences=sum(row.differs for row in rows),
        names=frozenset(
            plan.forms[task].questions[name].full for task, _ in tasks for name in _names(plan, form)
        ),
    )


def _differ(values: list[Any], not_both: tuple[str, ...] | None) -> bool:
    """Whether what several sides have said cannot all be so."""
    if not_both is not None:
        return any(values.count(value) > 1 for value in not_both)
    return len(values) > 1 and any(value != values[0] for value in values[1:])


def _names(plan: Plan, form: str) -> tuple[str, ...]:
    return tuple(plan.scenario.forms[form].questions)


def _said(plan: Plan, case: Case, directory: Directory, asked: PlanQuestion) -> Said:
    if asked.full in case.personal:
        return Said(answer=cases.sealed_answer(plan, case, asked.full, None, directory))
    value = case.answers.get(asked.full)
    if value is None:
        return Said(answer=None)
    question = asked.question
    shown = cases.in_words(question, value, directory)
    choice = question.choices.get(str(value))
    drawn = plan.scenario.pictures.get(choice.picture) if choice is not None else None
    return Said(
        answer=cases.Answer(name=asked.full, title=question.title, value=shown, personal=False),
        key=str(value),
        pictures={str(value): drawn} if drawn is not None else {},
    )
