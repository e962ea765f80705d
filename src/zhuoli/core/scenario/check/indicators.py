"""Checks indicators: what they count can be counted, over names that a case has in the end."""

from __future__ import annotations

import re

import msgspec

from zhuoli.core.feel import FeelErrors, compile_condition, compile_value
from zhuoli.core.scenario.check.expressions import Language
from zhuoli.core.scenario.check.forms import choices_of_intake
from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.figures import indicator_names
from zhuoli.core.scenario.marks import Path
from zhuoli.core.scenario.model import Indicator

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?\Z")
LEAST = 5
"""Smaller counts are never published."""
_PERCENT = re.compile(r"[0-9]+(\.[0-9]+)?%\Z")


def check_indicators(report: Report, language: Language) -> None:
    """Look at every indicator."""
    names = {**language.names, **indicator_names(report.scenario)}
    for key, indicator in report.scenario.indicators.items():
        path: Path = ("indicators", key)
        _complete(report, path, key, indicator)
        for part in ("of", "count", "measure"):
            written = getattr(indicator, part)
            if not written:
                continue
            try:
                compiled = (compile_value if part == "measure" else compile_condition)(written, names)
            except FeelErrors as error:
                for one in error.mistakes:
                    file, line, column = report.marks.within((*path, part), one.column, one.line or 1)
                    report.mistakes.append(msgspec.structs.replace(one, file=file, line=line, column=column))
                continue
            for name in sorted(compiled.names & language.personal.keys()):
                report.say("personal_in_expression", report.marks.value(*path, part), name=name)


def check_progress(report: Report) -> None:
    """Look at what a campaign's progress is counted by."""
    progress = report.scenario.progress
    if progress is None:
        return
    fit = choices_of_intake(report)
    if progress.by not in fit:
        report.unknown("not_a_subject", report.marks.value("progress", "by"), progress.by, fit)
    counted = [name for name, one in report.scenario.indicators.items() if one.count]
    for number, step in enumerate(progress.steps):
        if step not in counted:
            report.unknown("unknown_step", report.marks.value("progress", "steps", number), step, counted)


def _complete(report: Report, path: Path, key: str, indicator: Indicator) -> None:
    wanted = {"share": "count", "count": "count"}.get(indicator.unit, "measure")
    if not getattr(indicator, wanted):
        report.say("indicator_incomplete", report.marks.key(*path), name=key, unit=indicator.unit, key=wanted)
    if indicator.base_period and not indicator.base:
        report.say("base_missing", report.marks.value(*path, "base_period"), period=indicator.base_period)
    if indicator.suppress_below < LEAST:
        place = report.marks.value(*path, "suppress_below")
        report.say("suppress_too_low", place, value=indicator.suppress_below, least=LEAST)
    pattern = _PERCENT if indicator.unit == "share" else _NUMBER
    for part in ("base", "target"):
        written = getattr(indicator, part)
        if written and not pattern.match(written):
            example = "95%" if indicator.unit == "share" else "48"
            report.say("bad_figure", report.marks.value(*path, part), value=written, example=example)
