"""Checks what ended cases are counted for: results there are, expressions that are right, and nothing that is personal."""

from __future__ import annotations

import msgspec

from zhuoli.core.feel import FeelErrors, Type, compile_condition, compile_value
from zhuoli.core.scenario.check.expressions import Language
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.feeds import feed_names
from zhuoli.core.scenario.figures import indicator_names
from zhuoli.core.scenario.marks import Path
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.names import form_prefixes


def check_feeds(report: Report, language: Language) -> None:
    """Look at each feed; what the register takes is looked at where it is known."""
    results = report.scenario.closing.results
    for key, feed in report.scenario.feeds.items():
        path: Path = ("feeds", key)
        names = feed_names(feed, {**language.names, **indicator_names(report.scenario)})
        for part in ("results", "row"):
            if not getattr(feed, part):
                report.say("feed_empty", report.marks.value(*path, part), part=part)
        for number, result in enumerate(feed.results):
            if result not in results:
                place = report.marks.value(*path, "results", number)
                report.unknown("unknown_result", place, result, sorted(results))
        _expression(report, language, names, (*path, "when"), feed.when, value=False)
        for column, ways in feed.row.items():
            if not ways:
                report.say("feed_empty", report.marks.value(*path, "row", column), part=column)
            for number, way in enumerate(ways):
                at: Path = (*path, "row", column, number)
                _expression(report, language, names, (*at, "value"), way.value, value=True)
                _expression(report, language, names, (*at, "when"), way.when, value=False)


def _expression(
    report: Report, language: Language, names: dict[str, Type], path: Path, text: str, *, value: bool
) -> None:
    if not text:
        return
    try:
        compiled = (compile_value if value else compile_condition)(text, names)
    except FeelErrors as error:
        for one in error.mistakes:
            file, line, column = report.marks.within(path, one.column, one.line or 1)
            report.mistakes.append(msgspec.structs.replace(one, file=file, line=line, column=column))
        return
    for name in sorted(compiled.names & language.personal.keys()):
        report.say("personal_in_expression", report.marks.within(path, text.find(name) + 1), name=name)
    for name in sorted(compiled.names & _words(report.scenario) if value else ()):
        report.say("feed_words", report.marks.within(path, text.find(name) + 1), name=name)


def _words(scenario: Scenario) -> set[str]:
    """The answers that are running text: whatever somebody has written there does not leave the case."""
    return {
        f"{prefix}.{name}"
        for prefix, form in form_prefixes(scenario).items()
        if form in scenario.forms
        for name, question in scenario.forms[form].questions.items()
        if question.type == "long_text"
    }
