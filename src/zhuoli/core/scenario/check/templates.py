"""Checks the words with which answers can begin, and the fields that others ask for: what they name must be there."""

from __future__ import annotations

from zhuoli.core.scenario.check.expressions import Language
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.names import form_prefixes

CASE = ("case.receipt", "case.opened", "case.closed", "case.territory", "case.unit", "case.result")
"""What a field list may take from the case itself."""
KINDS = ("text", "long_text")


def check_templates(report: Report, language: Language) -> None:
    """Look at each template."""
    scenario = report.scenario
    asked = {
        f"{prefix}.{name}": question
        for prefix, form in form_prefixes(scenario).items()
        if form in scenario.forms
        for name, question in scenario.forms[form].questions.items()
        if question.type in KINDS
    }
    for key, template in scenario.templates.items():
        question = asked.get(template.question)
        if question is None:
            place = report.marks.value("templates", key, "question")
            report.unknown("not_in_words", place, template.question, sorted(asked))
        elif question.max_length and max(len(template.text.zh), len(template.text.en)) > int(
            question.max_length
        ):
            report.say(
                "template_too_long", report.marks.key("templates", key, "text"), most=question.max_length
            )


def check_exports(report: Report, language: Language) -> None:
    """Look at each field list: every source is an answer, or something that the case itself knows."""
    known = {*language.names, *language.personal, *CASE}
    for key, each in report.scenario.exports.items():
        for number, column in enumerate(each.columns):
            for place, name in enumerate(column.source):
                if name not in known:
                    path = ("exports", key, "columns", number, "source", place)
                    report.unknown("unknown_name_here", report.marks.value(*path), name, sorted(known))
