"""Checks that everything has somebody who can do it: routing, candidates, roles, parties."""

from __future__ import annotations

from zhuoli.core.scenario.check.items import Item
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.directory_words import COMPETENCES, ROLES
from zhuoli.core.scenario.marks import Path
from zhuoli.core.scenario.model import HumanTask

UNITS = ("lead", "dispatcher", "superior")


def check_people(report: Report) -> None:
    """Look at routing, at who does each task, and at who confirms and reviews."""
    _routing(report)
    for item in report.items.all.values():
        if isinstance(item.part, HumanTask):
            _task(report, item, item.part)
    scenario = report.scenario
    for number, name in enumerate(scenario.joint.suggest):
        competence(report, ("joint", "suggest", number), name)
    if scenario.review.by not in UNITS:
        _unit(report, ("review", "by"), scenario.review.by, UNITS)
    if scenario.confirmation.by == "requester" and "requester" not in scenario.parties:
        report.say("no_requester", report.marks.key("parties"))


def competence(report: Report, path: Path, name: str) -> None:
    """Say when no unit has the competence ``name``."""
    if name not in COMPETENCES:
        report.unknown("unknown_competence", report.marks.value(*path), name, COMPETENCES)


def _routing(report: Report) -> None:
    scenario = report.scenario
    if not scenario.routing:
        report.say("no_routing", report.marks.key("routing"))
    intake = scenario.forms.get(scenario.intake)
    places = [
        f"form.{name}" for name, one in (intake.questions if intake else {}).items() if one.type == "place"
    ]
    always = 0
    for number, rule in enumerate(scenario.routing):
        path = ("routing", number)
        competence(report, (*path, "competence"), rule.competence)
        # An intake form without a place is for matters whose territory the channel gives (an office's own finding).
        asked = rule.place != "form.place" or bool(places)
        if asked and intake is not None and rule.place not in places:
            report.unknown("not_a_place", report.marks.value(*path, "place"), rule.place, places)
        if always:
            report.say("rule_never_used", report.marks.value(*path), before=always)
        elif not rule.when:
            always = number + 1


def _task(report: Report, item: Item, task: HumanTask) -> None:
    path = (*item.path, "candidates")
    parties = list(report.scenario.parties)
    if task.candidates in parties:
        if task.role:
            report.say("role_of_party", report.marks.value(*item.path, "role"), name=task.candidates)
        return
    if task.candidates not in UNITS:
        _unit(report, path, task.candidates, (*UNITS, *parties))
    if task.role and task.role not in ROLES:
        report.unknown("unknown_role", report.marks.value(*item.path, "role"), task.role, ROLES)


def _unit(report: Report, path: Path, name: str, others: tuple[str, ...]) -> None:
    start, _, rest = name.partition(".")
    if start == "competence" and rest:
        competence(report, path, rest)
    else:
        known = (*others, *(f"competence.{one}" for one in COMPETENCES))
        report.unknown("unknown_candidate", report.marks.value(*path), name, known)
