"""Says everything that is wrong with a scenario's meaning: each with file, line, and what to write instead.

``check_scenario`` expects a scenario whose form is right (``read_folder`` sees to that) and never raises for
what an author wrote.
"""

from __future__ import annotations

from zhuoli.core.scenario.check.appointments import check_appointments
from zhuoli.core.scenario.check.basics import check_basics
from zhuoli.core.scenario.check.deadlines import check_deadlines
from zhuoli.core.scenario.check.earlier import check_earlier
from zhuoli.core.scenario.check.examples import check_examples
from zhuoli.core.scenario.check.expressions import check_expressions
from zhuoli.core.scenario.check.feeds import check_feeds
from zhuoli.core.scenario.check.forms import check_forms
from zhuoli.core.scenario.check.indicators import check_indicators, check_progress
from zhuoli.core.scenario.check.items import items_of
from zhuoli.core.scenario.check.lifecycle import check_lifecycle
from zhuoli.core.scenario.check.onward import check_onward
from zhuoli.core.scenario.check.people import check_people
from zhuoli.core.scenario.check.pictures import check_pictures
from zhuoli.core.scenario.check.privacy import check_privacy
from zhuoli.core.scenario.check.query import check_query
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.check.results import check_results
from zhuoli.core.scenario.check.services import check_services
from zhuoli.core.scenario.check.shares import check_shares
from zhuoli.core.scenario.check.signatures import check_signatures
from zhuoli.core.scenario.check.tables import check_tables
from zhuoli.core.scenario.check.templates import check_exports, check_templates
from zhuoli.core.scenario.marks import Marks
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.text import Mistake

__all__ = ["check_scenario"]


def check_scenario(scenario: Scenario, marks: Marks | None = None) -> list[Mistake]:
    """Check the meaning of a scenario. Without ``marks`` mistakes name the file but no line.

    Files in mistakes are relative to the folder. Order: by subject; ``sort_mistakes`` puts them by place.
    """
    report = Report(scenario, marks or Marks(), items_of(scenario))
    check_basics(report)
    check_forms(report)
    check_pictures(report)
    check_lifecycle(report)
    check_people(report)
    check_deadlines(report)
    check_earlier(report)
    language = check_expressions(report)
    check_appointments(report, language)
    check_tables(report, language)
    check_services(report, language)
    check_onward(report, language)
    check_results(report, language)
    check_privacy(report, language)
    check_shares(report)
    check_templates(report, language)
    check_exports(report, language)
    check_signatures(report, language)
    check_feeds(report, language)
    check_examples(report, language)
    check_indicators(report, language)
    check_progress(report)
    check_query(report)
    return list(dict.fromkeys(report.mistakes))
