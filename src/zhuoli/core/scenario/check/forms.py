"""Checks each form by itself: its questions suit their types, their bounds can be met, their ids are free."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from msgspec.structs import replace

from zhuoli.core.scenario.check.lifecycle import RESERVED
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.marks import Path
from zhuoli.core.scenario.model import Form, Question
from zhuoli.core.scenario.names import form_prefixes

_BOUNDED = {"integer", "decimal", "date", "photos", "files"}
_CHOOSING = {"choice", "many"}
_WRITTEN = {"text", "long_text", "signature"}
_SILENT = {"note", "calculate"}


def check_forms(report: Report) -> None:
    """Look at every form and at who uses it."""
    scenario = report.scenario
    used = set(form_prefixes(scenario).values())
    forms = list(scenario.forms)
    if scenario.intake not in scenario.forms:
        report.unknown("unknown_form", report.marks.value("intake"), scenario.intake, forms)
    _subject(report)
    for name, task in report.items.tasks().items():
        if task.form and task.form not in scenario.forms:
            path = report.items.all[name].path
            report.unknown("unknown_form", report.marks.value(*path, "form"), task.form, forms)
    all_known = used <= set(forms)
    for name, form in scenario.forms.items():
        if name not in used and all_known:
            report.say("unused_form", report.marks.key("forms", name), name=name)
        if not form.questions:
            report.say("no_questions", report.marks.key("forms", name), form=name)
        for key, question in form.questions.items():
            _question(report, ("forms", name, "questions", key), key, question)


def _subject(report: Report) -> None:
    """What a list says of a case is never a personal answer, and short: a choice. What the public writes is no subject; what
    an office or a query writes may be (the name of an enterprise)."""
    fit = choices_of_intake(report)
    if not {"resident", "enterprise"} & set(report.scenario.audience):
        fit += texts_of_intake(report)
    for number, name in enumerate(report.scenario.subject):
        if report.scenario.intake in report.scenario.forms and name not in fit:
            report.unknown("not_a_subject", report.marks.value("subject", number), name, fit)


def choices_of_intake(report: Report) -> list[str]:
    """The choice questions of the intake form that are nobody's personal data."""
    intake = report.scenario.forms.get(report.scenario.intake)
    return [
        f"form.{name}"
        for name, one in (intake.questions if intake else {}).items()
        if one.type == "choice" and not one.personal
    ]


def texts_of_intake(report: Report) -> list[str]:
    """The short texts of the intake form that are nobody's personal data."""
    intake = report.scenario.forms.get(report.scenario.intake)
    return [
        f"form.{name}"
        for name, one in (intake.questions if intake else {}).items()
        if one.type == "text" and not one.personal
    ]


def sound_forms(report: Report) -> dict[str, Form]:
    """The forms without what cannot be right, so that the types of answers can be told all the same."""
    forms = {}
    for name, form in report.scenario.forms.items():
        questions = {key: _sound(question) for key, question in form.questions.items()}
        forms[name] = Form(title=form.title, questions=questions)
    return forms


def _sound(question: Question) -> Question:
    if question.type in _CHOOSING and not question.choices:
        return replace(question, type="text")
    return replace(question, min="", max="") if _bad_bounds(question) else question


def _bad_bounds(question: Question) -> list[str]:
    """Which of ``min`` and ``max`` cannot be right."""
    low, high = bound(question, question.min), bound(question, question.max)
    wrong = [name for name, read in (("min", low), ("max", high)) if getattr(question, name) and read is None]
    crossed = low is not None and high is not None and low > high  # type: ignore[operator]
    return wrong or (["min"] if crossed else [])


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
        for wrong in _bad_bounds(question):
            written = getattr(question, wrong)
            report.say("bad_bound", report.marks.value(*path, wrong), value=written, key=wrong)


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
    if question.stands_for and question.type != "text":
        wrong.append("stands_for")
    if question.signs and question.type != "signature":
        wrong.append("signs")
    if question.register and question.type != "text":
        wrong.append("register")
    if question.not_both and (
        question.type != "choice"
        or not (question.choices_from or set(question.not_both) <= set(question.choices))
    ):
        wrong.append("not_both")
    if question.type in _SILENT:
        wrong += [name for name in ("required", "constraint", "personal") if getattr(question, name)]
    if question.constraint_message and not question.constraint:
        wrong.append("constraint_message")
    return wrong
