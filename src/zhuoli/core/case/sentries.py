"""Lets the plan move: what begins, ends and occurs because of what has just happened.

The rules are those of CMMN sentries, with counts instead of queues: each entry criterion waits for transitions
(``on``) and a condition (``if``). A transition that happened before an item became available counts, unless it
happened inside the same stage before that stage began again. An item that may repeat begins again only when
one of its transitions has happened anew.
"""

from __future__ import annotations

from collections.abc import Sequence

from zhuoli.core.case import events as e
from zhuoli.core.case.answers import plain_outputs
from zhuoli.core.case.closing import close_by_itself, open_mandatory, unmet
from zhuoli.core.case.draft import Draft
from zhuoli.core.case.plan import Plan, PlanItem, Sentry
from zhuoli.core.case.refusals import refuse
from zhuoli.core.feel.errors import RunError

MAX_ROUNDS = 200
"""More rounds than this mean a plan that never comes to rest; the checker refuses such scenarios."""

NOTHING: dict[str, int] = {}


def settle(draft: Draft, *, finish: bool = True) -> None:
    """Move the plan until nothing more follows; does nothing unless the case is in work.

    Without ``finish`` items and stages move, but the plan is not taken to be done.

    Raises:
        Refusal: ``cannot_decide``, when a decision table has no answer.
    """
    case, plan, events = draft.case, draft.plan, draft.events
    looked, ended = 0, False
    for _ in range(MAX_ROUNDS):
        if case.status != "accepted" or case.suspended:
            return
        among, weighty = _stirred(plan, events[looked:])
        ended = ended or weighty
        looked = len(events)
        if among:
            _move_all(draft, among)
            if len(events) > looked:
                continue
        # A stage ends only when nothing in it is about to begin; nothing ends where nothing has ended.
        if ended and _finish_stages(draft):
            continue
        if not finish or not (ended or plan.auto) or not _finish_plan(draft):
            return
    raise RuntimeError(f"the plan of {draft.plan.scenario.scenario} never comes to rest")


def _stirred(plan: Plan, events: Sequence[e.Event]) -> tuple[Sequence[PlanItem], bool]:
    """Return the items that could move because of these events, in the order of the plan.

    Everything was at rest before them. What happens to an item stirs those that listen to it, a stage that
    begins the items in it, an answer those whose conditions look at it, and what happens to the whole case those
    that listen to that. Where nobody looked before, everything is stirred. The second value tells whether a stage could end: only when something in it has, or when it has just begun.
    """
    if not events:
        return (), False
    found: set[int] = set()
    listeners = plan.listeners
    weighty = False
    for event in events:
        kind = type(event)
        if kind is e.Activated:
            item: str = event.item  # type: ignore[attr-defined]
            if event.kind == "stage":  # type: ignore[attr-defined]
                found.update(plan.children[item])
                weighty = True
            if item in listeners:
                found.update(listeners[item])
        elif kind in _OF_ITEMS:
            item = event.item  # type: ignore[attr-defined]
            weighty = True
            if item in listeners:
                found.update(listeners[item])
            if item in plan.watched:
                found.update(plan.watched[item])
        elif kind in _OF_ANSWERS:
            found.update(plan.conditional)
        elif kind in _OF_EVERYTHING:
            return plan.order, True
        elif kind not in _OF_NOTHING:
            found.update(listeners.get("case", ()))
            if kind is e.Routed:
                found.update(plan.conditional)
    if len(found) < 2:
        return [plan.order[index] for index in found], weighty
    return [plan.order[index] for index in sorted(found)], weighty


_OF_ITEMS = frozenset({e.Completed, e.Terminated, e.Occurred})
_OF_ANSWERS = frozenset({e.Recorded, e.Attached, e.Decided})
_OF_EVERYTHING = frozenset({e.Accepted, e.Reopened, e.Continued, e.WasSplit})
_OF_NOTHING = frozenset(
    {
        e.Started,
        e.Assigned,
        e.ClockStarted,
        e.ClockEnded,
        e.Reminded,
        e.Passed,
        e.Urged,
        e.Supervised,
        e.SignedFor,
        e.Noted,
    }
)
"""What the other events stir: those that listen to what happens to the whole case."""


def _move_all(draft: Draft, among: Sequence[PlanItem]) -> None:
    """Move the items that could move: most wait for something that has not happened yet, or have ended."""
    items, happened = draft.case.items, draft.case.happened
    for item in among:
        state = items.get(item.name)
        if state is None:
            if item.discretionary or (item.hears and item.hears.isdisjoint(happened)):
                continue
        elif state.state == "active":
            if not item.exit or (item.heeds and item.heeds.isdisjoint(happened)):
                continue
        elif not item.repeat:
            continue
        if item.stage:
            parent = items.get(item.stage)
            if parent is None or parent.state != "active":
                continue
        _move(draft, item)


def _move(draft: Draft, item: PlanItem) -> None:
    """Let one item begin or be stopped, if its time has come; its stage is known to be active."""
    state = draft.case.items.get(item.name)
    if state is None:
        if item.discretionary:
            return
    elif state.state == "active":
        if item.exit and _met(draft, item.exit, item.name) is not None:
            _terminate(draft, item)
        return
    elif not item.repeat:
        return
    if not item.entry:
        if state is None:
            activate(draft, item)
        return
    used = _met(draft, item.entry, item.name)
    if used is not None and (state is None or used):
        activate(draft, item)


def activate(draft: Draft, item: PlanItem) -> None:
    """Begin an item."""
    name = item.name
    used = _heard(draft, item)
    if item.kind == "milestone":
        draft.emit(e.Occurred(item=name, used=used))
        return
    case = draft.case
    unit = party = role = ""
    lead = False
    if item.kind == "human" and item.human is not None:
        unit, party, lead = _candidates(draft, item.human.candidates)
        role = item.human.role
    elif item.kind in ("service", "stage"):
        unit, lead = case.unit, True
    if item.kind == "decision":
        _decide(draft, item, used)
        return
    draft.emit(
        e.Activated(
            item=name,
            kind=item.kind,
            run=case.runs.get(name, 0) + 1,
            stage=item.stage,
            unit=unit,
            party=party,
            role=role,
            required=item.required,
            resets=item.children if item.children and name in case.runs else (),
            clock=draft.clock_start(item.clock) if item.clock is not None else None,
            lead=lead,
            used=used,
        )
    )


def _heard(draft: Draft, item: PlanItem) -> tuple[str, ...]:
    """Return the transitions that count no more once the item has begun.

    Its exit criteria wait for what happens from now on; those of its entry criteria that have happened, all
    of them, must happen anew before it begins again.
    """
    if not item.uses:
        return ()
    happened = draft.case.happened
    return tuple(what for what in item.uses if what in happened)


def _decide(draft: Draft, item: PlanItem, used: tuple[str, ...]) -> None:
    try:
        decision = draft.plan.tables[item.table].decide(draft.case.answers)
    except RunError as error:
        raise refuse("cannot_decide", why=error.text, remedy=error.remedy) from error
    draft.emit(
        e.Decided(
            item=item.name,
            table=item.table,
            rules=decision.rules,
            outputs=plain_outputs(decision.outputs),
        )
    )
    draft.emit(e.Completed(item=item.name, used=used))


def _candidates(draft: Draft, candidates: str) -> tuple[str, str, bool]:
    """Return unit, party and whether the task follows the lead unit."""
    case = draft.case
    if candidates == "lead":
        return case.unit, "", True
    if candidates == "dispatcher":
        return case.dispatcher, "", False
    if candidates == "superior":
        above = draft.directory.superior(case.unit)
        return above or case.dispatcher, "", False
    if candidates.startswith("competence."):
        found = draft.directory.responsible(candidates.removeprefix("competence."), case.territory)
        return found or case.dispatcher, "", False
    party = case.parties.get(candidates) or case.parties.get("requester", "")
    return ("", party, False) if party else (case.unit, "", True)


def _met(draft: Draft, sentries: tuple[Sentry, ...], name: str) -> tuple[str, ...] | None:
    """Return the transitions of the first criterion that is met, or None."""
    happened = draft.case.happened
    seen = draft.case.seen.get(name, NOTHING)
    for sentry in sentries:
        for what in sentry.on:
            if happened.get(what, 0) <= seen.get(what, 0):
                break
        else:
            if sentry.condition is None or draft.holds(sentry.condition):
                return sentry.on
    return None


def _terminate(draft: Draft, item: PlanItem) -> None:
    for child in item.children:
        if draft.active(child):
            draft.emit(e.Terminated(item=child, why="exit"))
    draft.emit(e.Terminated(item=item.name, why="exit"))


def _finish_stages(draft: Draft) -> bool:
    """Complete the stages whose work is done; True if there were any."""
    items = draft.case.items
    done = [
        stage
        for stage in draft.plan.stages
        if (state := items.get(stage.name)) is not None
        and state.state == "active"
        and _stage_done(draft, stage)
    ]
    for item in done:
        draft.emit(e.Completed(item=item.name))
    return bool(done)


def _stage_done(draft: Draft, stage: PlanItem) -> bool:
    items = draft.case.items
    for child in stage.children:
        state = items.get(child)
        if state is None:
            if draft.plan.items[child].required:
                return False
        elif state.state == "active":
            return False
    return True


def _finish_plan(draft: Draft) -> bool:
    """Tell that the plan is done, and close by itself where the scenario says so."""
    case = draft.case
    if case.happened.get("case.plan_done", 0) <= case.reopenings and _plan_done(draft):
        draft.emit(e.PlanDone())
        return True
    for number, auto in enumerate(draft.plan.auto):
        key = f"closing.{number}"
        used = _met(draft, auto.entry, key)
        if used and not open_mandatory(draft) and not unmet(draft, auto.result):
            close_by_itself(draft, auto.result, key, used)
            return True
    if not draft.active("loop.close") and _plan_done(draft):
        draft.begin("loop.close", unit=case.unit, lead=True, required=False)
        return True
    return False


def _plan_done(draft: Draft) -> bool:
    items = draft.case.items
    for item in draft.plan.stages:
        state = items.get(item.name)
        if state is None:
            if item.required:
                return False
        elif state.state == "active":
            return False
    return not draft.active("loop.rework")
