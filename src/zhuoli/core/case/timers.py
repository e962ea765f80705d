"""What happens when the time of a clock has come."""

from __future__ import annotations

from typing import Literal

from zhuoli.core.case import commands as c
from zhuoli.core.case import events as e
from zhuoli.core.case.booking import CLOCK, near_at
from zhuoli.core.case.draft import Draft
from zhuoli.core.case.ending import withdraw_now
from zhuoli.core.case.intake import accept_now
from zhuoli.core.case.refusals import refuse
from zhuoli.core.case.sentries import settle
from zhuoli.core.case.state import OPEN_STATUS, Clock
from zhuoli.core.case.together import escalate_now, supervise_by_itself


def fire_timer(draft: Draft, command: c.FireTimer) -> None:
    """Let a clock say what it has to say by now; a stopped or ended clock says nothing."""
    draft.require(draft.is_system, "system")
    name = command.clock
    if name == CLOCK:
        _near(draft)
        return
    clock = draft.case.clocks.get(name)
    if clock is None or draft.case.status == "merged":
        raise refuse("timer_not_due")
    at = clock.wake_at()
    if at is None or at > draft.at:
        raise refuse("timer_not_due")
    if clock.remind_at is not None and clock.remind_at <= draft.at and not clock.reminded:
        draft.emit(e.Reminded(clock=name))
    if _has_passed(clock, "promised", draft.at):
        _pass(draft, name, "promised", first=True)
    clock = draft.case.clocks.get(name)
    if clock is not None and clock.ended is None and _has_passed(clock, "statutory", draft.at):
        _pass(draft, name, "statutory", first=clock.promised is None)
    settle(draft)


def _near(draft: Draft) -> None:
    """Remind of the appointment that is near."""
    held = draft.case.booking
    if held is None or held.near or draft.case.status not in OPEN_STATUS or near_at(held.at) > draft.at:
        raise refuse("timer_not_due")
    draft.emit(e.AppointmentNear(provider=held.provider, at=held.at))
    settle(draft)


def _has_passed(clock: Clock, limit: str, at: int) -> bool:
    term = clock.promised if limit == "promised" else clock.statutory
    return term is not None and term.due is not None and term.due <= at and limit not in clock.passed


def _pass(draft: Draft, name: str, limit: Literal["promised", "statutory"], *, first: bool) -> None:
    draft.emit(e.Passed(clock=name, limit=limit))
    if name == "loop.supplement":
        _supplement_expired(draft)
    elif name == "loop.confirm":
        draft.finish("loop.confirm", "silence")
        draft.stop("ended")
        draft.emit(e.Unconfirmed())
    elif name in draft.plan.items and draft.plan.items[name].kind == "timer":
        if draft.active(name):
            draft.emit(e.Occurred(item=name))
    elif name == "loop.accept" and limit == "statutory" and _silence_accepts(draft):
        draft.finish("loop.accept", "silence")
        accept_now(draft)
    elif first:
        _late(draft, name)
    elif "escalate" in draft.case.clocks[name].late:
        # The law's own limit has passed, too: one level further up.
        escalate_now(draft, "", name)


def _silence_accepts(draft: Draft) -> bool:
    """Whether the law takes saying nothing for acceptance, and there is somebody to handle the case."""
    case = draft.case
    waits = case.status == "received" and bool(case.unit)
    return waits and draft.plan.scenario.acceptance.silence == "accepted"


def _late(draft: Draft, name: str) -> None:
    for action in draft.case.clocks[name].late:
        if action == "urge":
            draft.emit(e.Urged(by="system"))
        elif action == "escalate":
            escalate_now(draft, "", name)
        elif action == "supervise" and draft.case.unit and not _order_waits(draft):
            above = draft.superiors(draft.case.unit)
            supervise_by_itself(draft, above[0] if above else draft.case.dispatcher)


def _order_waits(draft: Draft) -> bool:
    """Whether the lead already has an order to answer; the software does not heap up another."""
    return any(name.startswith("loop.supervision:") and draft.active(name) for name in draft.case.items)


def _supplement_expired(draft: Draft) -> None:
    expires = draft.plan.scenario.supplement.expires
    draft.emit(e.SupplementExpired())
    draft.finish("loop.supplement", "expired")
    if expires == "withdrawn":
        withdraw_now(draft, "")
    elif expires == "refused":
        draft.stop("supplement_expired")
        draft.emit(e.Refused(reason="supplement_expired", text=""))
        draft.end_case_clock()
    else:
        draft.resume("supplement")
