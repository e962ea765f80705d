"""Checks what a scenario says of itself: whom it is for, how it comes in, how often something may happen."""

from __future__ import annotations

import re

from zhuoli.core.scenario.catalog import LANGUAGES
from zhuoli.core.scenario.check.report import Report

_ROW = re.compile(r"S([1-9]|[12][0-9]|30)\Z")
MOST = 20
"""Nothing may be asked, reopened or supplied more often than this."""


def check_basics(report: Report) -> None:
    """Look at lists that must not be empty, at rows of the mission, at words for searching, and at counts."""
    scenario, marks = report.scenario, report.marks
    for key in ("rows", "audience", "channels"):
        if not getattr(scenario, key):
            report.say("empty_list", marks.key(key), key=key)
    for number, row in enumerate(scenario.rows):
        if not _ROW.match(row):
            report.say("unknown_row", marks.value("rows", number), value=row)
    for language in scenario.words:
        if language not in LANGUAGES:
            report.unknown("unknown_language", marks.key("words", language), language, LANGUAGES)
    counts = (
        (("supplement", "times"), scenario.supplement.times, 1),
        (("confirmation", "contests"), scenario.confirmation.contests, 0),
    )
    for path, value, least in counts:
        if not least <= value <= MOST:
            report.say("bad_count", marks.value(*path), value=value, least=least, most=MOST)
