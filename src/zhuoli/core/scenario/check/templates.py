"""Checks the words with which answers can begin: there is such a question, it is answered in words, and they fit."""

from __future__ import annotations

from zhuoli.core.scenario.check.expressions import Language
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.names import form_prefixes

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
