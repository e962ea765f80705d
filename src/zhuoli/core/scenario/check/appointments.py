"""Checks the answers that hold a provider's time: whose is a text, when is a moment."""

from __future__ import annotations

from zhuoli.core.scenario.check.expressions import Language
from zhuoli.core.scenario.check.report import Report

KINDS = {"provider": "text", "at": "datetime"}


def check_appointments(report: Report, language: Language) -> None:
    """Look at each pair of answers."""
    names = language.names
    for number, pair in enumerate(report.scenario.appointment):
        for part, kind in KINDS.items():
            name = getattr(pair, part)
            place = report.marks.value("appointment", number, part)
            if name not in names:
                fit = sorted(known for known, type_ in names.items() if type_.kind == kind)
                report.unknown("unknown_name_here", place, name, fit)
            elif names[name].kind != kind:
                report.say("appointment_kind", place, name=name, kind=kind)
