"""Checks whom a scenario's cases are about and how earlier ones are counted: organisations and places, never persons."""

from __future__ import annotations

from zhuoli.core.scenario.check.deadlines import duration
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.marks import Path
from zhuoli.core.scenario.model import Milestone

KINDS = ("credit_code", "place")
"""What can tell an organisation or a place; everything else could tell a person."""
THIS_YEAR = "this year"


def check_earlier(report: Report) -> None:
    """Look at ``about``, at each count, and at the counts that examples give."""
    scenario = report.scenario
    form = scenario.forms.get(scenario.intake)
    asked = form.questions if form is not None else {}
    fit = [f"form.{name}" for name, each in asked.items() if each.type in KINDS and not each.personal]
    if scenario.about and scenario.about not in fit:
        report.unknown("about_a_person", report.marks.value("about"), scenario.about, fit)
    if scenario.earlier and not scenario.about:
        allowed = fit[0] if fit else "form.credit_code"
        report.say("earlier_about_nobody", report.marks.key("earlier"), example=allowed)
    milestones = [name for name, item in report.items.all.items() if isinstance(item.part, Milestone)]
    for name, wanted in scenario.earlier.items():
        path: Path = ("earlier", name)
        for part in ("reached", "without"):
            milestone = getattr(wanted, part)
            if milestone and milestone not in milestones:
                report.unknown("unknown_milestone", report.marks.value(*path, part), milestone, milestones)
        if wanted.within and wanted.within != THIS_YEAR:
            length = duration(report, (*path, "within"), wanted.within)
            if length is not None and length.unit == "working_days":
                report.say("count_in_working_days", report.marks.value(*path, "within"))
    for name, example in scenario.examples.items():
        for count in example.earlier:
            if count not in scenario.earlier:
                place = report.marks.key("examples", name, "earlier", count)
                report.unknown("unknown_count", place, count, scenario.earlier)
