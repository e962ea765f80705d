"""Choices that one question takes from another, so that two forms cannot drift apart."""

from __future__ import annotations

from msgspec.structs import replace

from zhuoli.core.scenario.catalog import did_you_mean, mistake
from zhuoli.core.scenario.marks import Marks
from zhuoli.core.scenario.model import Choice, Form, Question, Scenario
from zhuoli.core.text import Mistake


def with_choices(scenario: Scenario, marks: Marks, found: list[Mistake]) -> Scenario:
    """Return the scenario with every ``choices_from`` filled in; what cannot be is put to ``found``."""
    own = {
        f"{form}.{name}": question.choices
        for form, each in scenario.forms.items()
        for name, question in each.questions.items()
        if question.choices
    }
    forms = {
        key: Form(
            title=form.title,
            questions={
                name: _filled(question, ("forms", key, "questions", name, "choices_from"), own, marks, found)
                for name, question in form.questions.items()
            },
        )
        for key, form in scenario.forms.items()
    }
    return replace(scenario, forms=forms)


def _filled(
    question: Question,
    path: tuple[str, ...],
    own: dict[str, dict[str, Choice]],
    marks: Marks,
    found: list[Mistake],
) -> Question:
    wanted = question.choices_from
    if not wanted:
        return question
    if question.choices:
        found.append(mistake("choices_twice", marks.key(*path)))
        return question
    if wanted not in own:
        nearest, allowed = did_you_mean(wanted, list(own)), ", ".join(own) or "–"
        found.append(
            mistake("unknown_choices", marks.value(*path), name=wanted, nearest=nearest, allowed=allowed)
        )
        return question
    return replace(question, choices=own[wanted])
