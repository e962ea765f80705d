"""Notices that go out by themselves when something happens to the whole case."""

from __future__ import annotations

from zhuoli.core.case import events as e
from zhuoli.core.case.draft import Draft
from zhuoli.core.case.plan import NOTICE_TASK


def issue_notices(draft: Draft) -> None:
    """Begin a service task for each notice whose moment is among the events of this command."""
    issues = draft.plan.issues
    if issues.keys().isdisjoint(map(type, draft.events)) or not draft.case.parties.get("requester"):
        return
    for event in tuple(draft.events):
        for notice in issues.get(type(event), ()):
            name = NOTICE_TASK + notice
            if not draft.active(name):
                run = draft.case.runs.get(name, 0) + 1
                draft.emit(
                    e.Activated(item=name, kind="service", run=run, unit=draft.case.unit, required=False)
                )
