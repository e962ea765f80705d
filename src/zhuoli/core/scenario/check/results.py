"""Checks how a case ends: results, what they need, closing by itself, withdrawal, and outcomes nobody uses."""

from __future__ import annotations

from zhuoli.core.scenario.check.events import all_events
from zhuoli.core.scenario.check.examples import outcomes_shown
from zhuoli.core.scenario.check.expressions import Language
from zhuoli.core.scenario.check.items import RESERVED_OUTCOMES
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.model import Scenario

CLOSED = "closed"


def check_results(report: Report, language: Language) -> None:
    """Look at results and outcomes."""
    scenario = report.scenario
    results = scenario.closing.results
    if not results:
        report.say("no_results", report.marks.key("closing", "results"))
    for key, result in results.items():
        for number, name in enumerate(result.needs):
            answered = name in language.names or name in language.personal
            if not answered and not any(name.startswith(one) for one in language.doubtful):
                place = report.marks.value("closing", "results", key, "needs", number)
                report.unknown(
                    "unknown_name_here", place, name, sorted({*language.names, *language.personal})
                )
    for number, auto in enumerate(scenario.closing.auto):
        if auto.result not in results:
            place = report.marks.value("closing", "auto", number, "result")
            report.unknown("unknown_result", place, auto.result, results)
        elif results[auto.result].evidence:
            place = report.marks.value("closing", "auto", number, "result")
            report.say("auto_without_evidence", place, result=auto.result)
    events = all_events(report.items)
    if scenario.withdraw_until != CLOSED and scenario.withdraw_until not in events:
        place = report.marks.value("withdraw_until")
        report.unknown("bad_withdraw_until", place, scenario.withdraw_until, (CLOSED, *events))
    _outcomes(report)


def _outcomes(report: Report) -> None:
    """Where something waits for one outcome of a task, say which others were forgotten.

    An outcome is not forgotten when a criterion or expression names it or an example shows it.
    """
    scenario = report.scenario
    waited = {event for item in report.items.all.values() for event in _events(item.part)}
    waited |= {event for auto in scenario.closing.auto for one in auto.entry for event in one.on}
    shown: set[tuple[str, str]] = set()
    for example in scenario.examples.values():
        shown |= outcomes_shown(example.steps)
    texts = _all_expressions(scenario)
    for name, task in report.items.tasks().items():
        if not any(f"{name}.{outcome}" in waited for outcome in task.outcomes):
            continue
        for outcome in task.outcomes:
            known = f"{name}.{outcome}" in waited or (name, outcome) in shown
            if known or outcome in RESERVED_OUTCOMES:
                continue
            if not any(f"{name}.outcome" in text and outcome in text for text in texts):
                place = report.marks.key(*report.items.all[name].path, "outcomes", outcome)
                report.say("outcome_unused", place, task=name, outcome=outcome)


def _events(part: object) -> list[str]:
    criteria = [*getattr(part, "entry", ()), *getattr(part, "exit", ())]
    return [event for one in criteria for event in one.on]


def _all_expressions(scenario: Scenario) -> list[str]:
    texts = list(scenario.tables.values())
    for stage in scenario.stages.values():
        groups = (
            stage.human_tasks,
            stage.service_tasks,
            stage.decision_tasks,
            stage.timers,
            stage.milestones,
        )
        for part in (stage, *(one for group in groups for one in group.values())):
            texts += [one.when for one in (*part.entry, *getattr(part, "exit", ()))]
    for form in scenario.forms.values():
        for question in form.questions.values():
            texts += [question.relevant, question.required_if, question.constraint, question.calculate]
    texts += [one.when for auto in scenario.closing.auto for one in auto.entry]
    return [text for text in texts if text]
