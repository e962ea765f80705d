"""The one place where a case's life is decided: a command becomes events, or is refused.

Pure functions: no clock, no database, no randomness. What the outside knows comes in as ``Facts``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zhuoli.core.case import commands as c
from zhuoli.core.case import ending, intake, references, sharing, timers, together, work
from zhuoli.core.case.draft import Draft
from zhuoli.core.case.events import Event
from zhuoli.core.case.facts import Facts
from zhuoli.core.case.notices import issue_notices
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.refusals import refuse
from zhuoli.core.case.state import Case
from zhuoli.core.feel.errors import RunError


def decide(plan: Plan, case: Case, command: c.Command, facts: Facts) -> list[Event]:
    """Return the events that follow from a command; for ``Open`` the case is ``Case(id=new_id)``.

    Raises:
        Refusal: the command is not granted; nothing follows.
    """
    return _decide(plan, case, command, facts).events


def advance(plan: Plan, case: Case, command: c.Command, facts: Facts) -> tuple[list[Event], Case]:
    """Return the events and the state after them; the given state is not changed.

    The new state equals ``evolve_entry(case, events, facts.now)``; it is made along the way.

    Raises:
        Refusal: the command is not granted; nothing follows.
    """
    draft = _decide(plan, case, command, facts)
    draft.case.seq += 1
    return draft.events, draft.case


def _decide(plan: Plan, case: Case, command: c.Command, facts: Facts) -> Draft:
    if not case.opened and type(command) is not c.Open:
        raise refuse("not_open", status="")
    draft = Draft(plan, case, facts)
    try:
        _HANDLERS[type(command)](draft, command)
    except RunError as error:
        raise refuse("cannot_decide", why=error.text, remedy=error.remedy) from error
    if not draft.events:
        raise refuse("nothing_changes")
    issue_notices(draft)
    return draft


_HANDLERS: dict[type[c.Command], Callable[[Draft, Any], None]] = {
    c.Open: intake.open_case,
    c.Triage: intake.triage,
    c.Route: intake.route,
    c.Accept: intake.accept,
    c.Refuse: intake.refuse_case,
    c.Claim: work.claim,
    c.Assign: work.assign,
    c.Release: work.release,
    c.Start: work.start,
    c.Record: work.record,
    c.Attach: work.attach,
    c.Complete: work.complete,
    c.RequestSupplement: work.request_supplement,
    c.Supply: work.supply,
    c.AddItem: work.add_item,
    c.ReportService: work.report_service,
    c.Transfer: together.transfer,
    c.ReturnToDispatcher: together.return_to_dispatcher,
    c.Join: together.join,
    c.Leave: together.leave,
    c.Contribute: together.contribute,
    c.SignFor: together.sign_for,
    c.Urge: together.urge,
    c.Supervise: together.supervise,
    c.Reply: together.reply,
    c.Escalate: together.escalate,
    c.Merge: together.merge,
    c.Split: together.split,
    c.Suspend: ending.suspend,
    c.Resume: ending.resume,
    c.Extend: ending.extend,
    c.Withdraw: ending.withdraw,
    c.Close: ending.close,
    c.Confirm: ending.confirm,
    c.Contest: ending.contest,
    c.RequestReview: ending.request_review,
    c.DecideReview: ending.decide_review,
    c.Rate: ending.rate,
    c.Note: ending.note,
    c.Refer: references.refer,
    c.Share: sharing.share,
    c.Unshare: sharing.unshare,
    c.TakeShare: sharing.take_share,
    c.AnswerShare: sharing.answer_share,
    c.Hold: ending.hold,
    c.ReleaseHold: ending.release_hold,
    c.Erase: ending.erase,
    c.FireTimer: timers.fire_timer,
}
