"""Checks every duration and time limit: it can be read, it has its ground, and nobody waits for ever."""

from __future__ import annotations

import re

from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.marks import Path
from zhuoli.core.scenario.model import Due, HumanTask, Stage, TimerItem
from zhuoli.core.worktime import BadDuration, Duration, parse_duration

_SHARE = re.compile(r"[1-9][0-9]?%\Z")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]\Z")
_MINUTES = {"minutes": 1, "hours": 60}
_DAYS_AT_LEAST = {"calendar_days": 1, "working_days": 1, "months": 28}
_DAYS_AT_MOST = {"calendar_days": 1, "months": 31}


def check_deadlines(report: Report) -> None:
    """Look at every limit of the case, its stages, its tasks and its loop."""
    scenario = report.scenario
    if scenario.due is None:
        report.say("no_due", report.marks.key())
    limits: list[tuple[Path, Due | None]] = [
        (("due",), scenario.due),
        (("acceptance", "due"), scenario.acceptance.due),
        (("review", "due"), scenario.review.due),
        (("joint", "due"), scenario.joint.due),
    ]
    for item in report.items.all.values():
        if isinstance(item.part, HumanTask | Stage):
            limits.append(((*item.path, "due"), item.part.due))
        elif isinstance(item.part, TimerItem):
            duration(report, (*item.path, "after"), item.part.after)
        if isinstance(item.part, HumanTask) and item.part.due is None:
            stage = scenario.stages.get(item.stage)
            ours = item.part.candidates not in scenario.parties
            if ours and stage is not None and stage.due is None:
                report.say("task_without_due", report.marks.key(*item.path), task=item.id)
    for path, due in limits:
        if due is not None:
            _due(report, path, due)
    _silence(report)
    duration(report, ("supplement", "within"), scenario.supplement.within)
    duration(report, ("confirmation", "within"), scenario.confirmation.within)
    duration(report, ("confirmation", "reopen_within"), scenario.confirmation.reopen_within)
    duration(report, ("review", "within"), scenario.review.within)
    duration(report, ("privacy", "retention"), scenario.privacy.retention)


def duration(report: Report, path: Path, written: str) -> Duration | None:
    """Read a duration, saying when it cannot be read."""
    try:
        return parse_duration(written)
    except BadDuration as error:
        report.add([error.mistake], report.marks.value(*path))
        return None


def _silence(report: Report) -> None:
    """Silence can only count as acceptance where the law gives a time for the decision."""
    acceptance = report.scenario.acceptance
    if acceptance.silence == "accepted" and (acceptance.due is None or not acceptance.due.statutory):
        report.say("silence_without_limit", report.marks.value("acceptance", "silence"))


def _due(report: Report, path: Path, due: Due) -> None:
    if not due.statutory and not due.promised:
        report.say("due_empty", report.marks.key(*path))
    if due.statutory and due.ground is None:
        report.say("statutory_without_ground", report.marks.value(*path, "statutory"))
    statutory = duration(report, (*path, "statutory"), due.statutory) if due.statutory else None
    promised = duration(report, (*path, "promised"), due.promised) if due.promised else None
    if statutory is not None and promised is not None and _surely_longer(promised, statutory):
        place = report.marks.value(*path, "promised")
        report.say("promise_too_long", place, promised=promised.text(), statutory=statutory.text())
    if due.extension:
        more = duration(report, (*path, "extension"), due.extension)
        if not due.statutory or (more is not None and statutory is not None and more.unit != statutory.unit):
            report.say("extension_differs", report.marks.value(*path, "extension"), value=due.extension)
    if not _SHARE.match(due.remind):
        report.say("bad_share", report.marks.value(*path, "remind"), value=due.remind)
    if not _TIME.match(due.promised_day_ends):
        place = report.marks.value(*path, "promised_day_ends")
        report.say("bad_time_of_day", place, value=due.promised_day_ends)


def _surely_longer(one: Duration, other: Duration) -> bool:
    """Whether ``one`` is longer than ``other`` in every calendar; where it depends on holidays, it is not."""
    if one.unit == other.unit:
        return one.amount > other.amount
    if one.unit in _MINUTES and other.unit in _MINUTES:
        return one.amount * _MINUTES[one.unit] > other.amount * _MINUTES[other.unit]
    if one.unit in _DAYS_AT_LEAST and other.unit in _DAYS_AT_MOST:
        return one.amount * _DAYS_AT_LEAST[one.unit] > other.amount * _DAYS_AT_MOST[other.unit]
    return False
