"""Notices that go out by themselves when something happens to the whole case."""

from __future__ import annotations

from zhuoli.core.case import events as e
from zhuoli.core.case.draft import Draft
from zhuoli.core.case.plan import NOTICE_TASK

MOMENTS: dict[type[e.Event], str] = {
    e.Opened: "case.opened",
    e.Accepted: "case.accepted",
    e.Refused: "case.refused",
    e.SupplementRequested: "case.supplement_requested",
    e.SupplementExpired: "case.supplement_expired",
    e.Suspended: "case.suspended",
    e.Continued: "case.continued",
    e.Extended: "case.extended",
    e.Withdrawn: "case.withdrawn",
    e.Closed: "case.closed",
    e.Confirmed: "case.confirmed",
    e.Unconfirmed: "case.unconfirmed",
    e.Reopened: "case.reopened",
    e.ReviewDecided: "case.review_decided",
}
"""The moments at which a notice can go out."""


def issue_notices(draft: Draft) -> None:
    """Begin a service task for each notice whose moment is among the events of this command."""
    issue = draft.plan.scenario.issue
    if not issue or not draft.case.parties.get("requester"):
        return
    moments = [moment for event in draft.events if (moment := MOMENTS.get(type(event)))]
    if not moments:
        return
    for notice, moment in issue.items():
        name = NOTICE_TASK + notice
        if moment in moments and not draft.active(name):
            draft.emit(
                e.Activated(
                    item=name,
                    kind="service",
                    run=draft.case.runs.get(name, 0) + 1,
                    unit=draft.case.unit,
                    required=False,
                )
            )
