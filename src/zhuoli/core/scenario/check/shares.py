"""Checks what parties may let bodies outside the office read: that there is such a body, a moment, a paper and a purpose."""

from __future__ import annotations

from collections.abc import Iterable

from zhuoli.core.scenario.check.report import Report
from zhuoli.core.scenario.directory_words import BODIES
from zhuoli.core.scenario.model import Milestone
from zhuoli.core.scenario.names import evidence_form


def check_shares(report: Report) -> None:
    """Look at each kind of body."""
    scenario = report.scenario
    milestones = [name for name, item in report.items.all.items() if isinstance(item.part, Milestone)]
    for name, share in scenario.shares.items():
        one: tuple[tuple[str, str, Iterable[str]], ...] = (
            ("body", "unknown_body", BODIES),
            ("purpose", "unknown_purpose", scenario.privacy.purposes),
        )
        for part, code, known in one:
            written = getattr(share, part)
            if written not in known:
                report.unknown(code, report.marks.value("shares", name, part), written, known)
        many: tuple[tuple[str, str, Iterable[str]], ...] = (
            ("parties", "unknown_party", scenario.parties),
            ("after", "unknown_milestone", milestones),
            ("notices", "unknown_notice", scenario.notices),
        )
        for part, code, known in many:
            if not getattr(share, part):
                report.say("share_empty", report.marks.key("shares", name, part), part=part)
            for number, written in enumerate(getattr(share, part)):
                if written not in known:
                    report.unknown(code, report.marks.value("shares", name, part, number), written, known)
        if not share.answers:
            report.say("share_empty", report.marks.key("shares", name, "answers"), part="answers")
        if share.evidence and not evidence_form(scenario):
            report.say("share_without_evidence", report.marks.key("shares", name, "evidence"))
