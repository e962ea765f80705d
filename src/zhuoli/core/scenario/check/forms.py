"""Checks each form by itself: its questions suit their types, their bounds can be met, their ids are free."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from zhuoli.core.scenario.check.lifecycle import RESERVED
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.marks import Path
from zhuoli.core.scenario.model import Form, Question
from zhuoli.core.scenario.names import form_prefixes

_BOUNDED = {"integer", "decimal", "date", "photos", "files"}
_CHOOSING = {"choice", "many"}
_WRITTEN = {"text", "long_text"}
_SILENT = {"note", "calculate"}


def check_forms(report: Report) -> None:
    """Look at every form and at who uses it."""
    scenario = report.scenario
    used = set(form_prefixes(scenario).values())
    forms = list(scenario.forms)
    if scenario.intake not in scenario.forms:
        report.unknown("unknown_form", report.marks.value("intake"), scenario.intake, forms)
    for name, task in report.items.tasks().items():
        if task.form and task.form not in scenario.forms:
            path = report.items.all[name].path
            report.unknown("unknown_form", report.marks.value(*path, "form"), task.form, forms)
    for name, form in scenario.forms.items():
        if name not in used:
            report.say("unused_form", report.marks.key("forms", name), name=name)
        if not form.questions:
            report.say("no_questions", report.marks.key("forms", name), form=name)
        for key, question in form.questions.items():
            _question(report, ("forms", name, "questions", key), key, question)


def sound_forms(report: Report) -> dict[str, Form]:
    """The forms with bounds that cannot be read left out, so that types can be told all the same."""
    forms = {}
    for name, form in report.scenario.forms.items():
        questions = {}
        for key, question in form.questions.items():
            low, high = bound(question, question.min), bound(question, question.max)
            fine = not ((question.min and low is None) or (question.max and high is None))
            questions[key] = question if fine else _without_bounds(question)
        forms[name] = Form(title=form.title, questions=questions)
    return forms


def bound(question: Question, written: str) -> Decimal | date | None:
    """Read ``min`` or ``max``: a date for dates, else a number (whole where only whole numbers make sense)."""
    if not written:
        return None
    try:
        if question.type == "date":
            return date.fromisoformat(written)
        number = Decimal(written) if written.isascii() else None
    except (ValueError, InvalidOperation):
        return None
    if number is None or not number.is_finite():
        return None
    whole = question.type != "decimal"
    return None if whole and number != number.to_integral_value() else number


def _without_bounds(question: Question) -> Question:
    from msgspec.structs import replace

    return replace(question, min="", max="")


def _question(report: Report, path: Path, name: str, question: Question) -> None:
    key = report.marks.key(*path)
    if name in RESERVED or name == "outcome":
        report.say("reserved_id", key, id=name, better=f"{name}_1")
    if question.type in _CHOOSING and not question.choices:
        report.say("no_choices", key, question=name)
    if question.type == "calculate" and not question.calculate:
        report.say("no_calculation", key, question=name)
    for wrong in _not_for(question):
        report.say("not_for_this_type", report.marks.key(*path, wrong), type=question.type, key=wrong)
    if question.type in _BOUNDED:
        _bounds(report, path, question)


def _bounds(report: Report, path: Path, question: Question) -> None:
    read = {}
    for name in ("min", "max"):
        written = getattr(question, name)
        read[name] = bound(question, written)
        if written and read[name] is None:
            report.say("bad_bound", report.marks.value(*path, name), value=written, key=name)
    low, high = read["min"], read["max"]
    if low is not None and high is not None and low > high:  # type: ignore[operator]
        report.say("bad_bound", report.marks.value(*path, "min"), value=question.min, key="min")


def _not_for(question: Question) -> list[str]:
    """Keys that mean nothing for this type."""
    wrong = []
    if question.choices and question.type not in _CHOOSING:
        wrong.append("choices")
    if question.calculate and question.type != "calculate":
        wrong.append("calculate")
    if question.type not in _BOUNDED:
        wrong += [name for name in ("min", "max") if getattr(question, name)]
    if question.max_length and question.type not in _WRITTEN:
        wrong.append("max_length")
    if question.type in _SILENT:
        wrong += [name for name in ("required", "constraint", "personal") if getattr(question, name)]
    if question.constraint_message and not question.constraint:
        wrong.append("constraint_message")
    return wrong
