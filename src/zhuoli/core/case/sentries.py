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
from zhuoli.core.case.plan import PlanItem, Sentry, Stirring
from zhuoli.core.case.refusals import refuse
from zhuoli.core.case.state import Item
from zhuoli.core.case.stirring import OF_ITEMS
from zhuoli.core.feel.errors import RunError

MAX_ROUNDS = 200
"""More rounds than this mean a plan that never comes to rest; the checker refuses such scenarios."""


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
        if looked < len(events):
            among, ends = _stirred(plan.stirring, events[looked:])
            ended = ended or ends
            looked = len(events)
            if among:
                move_all(draft, among)
                if looked < len(events):
                    continue
        if not finish_all(draft, ended=ended, plan_too=finish):
            return
    raise RuntimeError(f"the plan of {draft.plan.scenario.scenario} never comes to rest")


def _stirred(stirring: Stirring, events: Sequence[e.Event]) -> tuple[Sequence[PlanItem], bool]:
    """Return the items that could move because of these events, in the order of the plan.

    Everything was at rest before them. The second value tells whether a stage could end.
    """
    bits = 0
    for event in events:
        kind = type(event)
        if kind is e.Activated:
            bits |= stirring.begun.get(event.item, 0)  # type: ignore[attr-defined]
        elif kind in OF_ITEMS:
            bits |= stirring.over.get(event.item, stirring.ends)  # type: ignore[attr-defined]
        elif kind is e.Recorded:
            bits |= stirring.answered.get(event.source, 0)  # type: ignore[attr-defined]
        elif kind is e.Decided:
            bits |= stirring.answered.get(event.item, 0)  # type: ignore[attr-defined]
        else:
            bits |= stirring.kinds.get(kind, 0)
    return stirring.known[bits]


def move_all(draft: Draft, among: Sequence[PlanItem]) -> None:
    """Let those of the items begin or be stopped whose time has come.

    Most of them wait for something that has not happened yet, or have ended: they are passed over at once.
    """
    items, happened = draft.case.items, draft.case.happened.keys()
    for item in among:
        state = items.get(item.name)
        if state is None:
            if item.discretionary or (item.hears and happened.isdisjoint(item.hears)):
                continue
        elif state.state == "active":
            if not item.exit or (item.heeds and happened.isdisjoint(item.heeds)):
                continue
        elif not item.repeat or not item.entry:
            continue
        if item.stage:
            parent = items.get(item.stage)
            if parent is None or parent.state != "active":
                continue
        if state is None:
            if not item.entry or _met(draft, item.entry, item.name) is not None:
                activate(draft, item)
        elif state.state == "active":
            if _met(draft, item.exit, item.name) is not None:
                _terminate(draft, item)
        elif _met(draft, item.entry, item.name):
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
    return tuple([what for what in item.uses if what in happened])


def _decide(draft: Draft, item: PlanItem, used: tuple[str, ...]) -> None:
    if item.table in draft.plan.counting:
        draft.count_earlier()
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
    seen = draft.case.seen.get(name)
    for sentry in sentries:
        for what in sentry.on:
            times = happened.get(what)
            if times is None or (seen is not None and times <= seen.get(what, 0)):
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


def finish_all(draft: Draft, *, ended: bool, plan_too: bool) -> bool:
    """Complete the stages whose work is done, else the plan; True if something followed.

    A stage ends only when nothing in it is about to begin. Without ``ended`` nothing has ended since all was at
    rest: then only what the case closes by itself upon can be new.
    """
    if ended:
        done, left = _stages(draft)
        for stage in done:
            draft.emit(e.Completed(item=stage.name))
        if done:
            return True
        plan_done = plan_too and not left and not draft.active("loop.rework")
        if plan_done and draft.case.happened.get("case.plan_done", 0) <= draft.case.reopenings:
            draft.emit(e.PlanDone())
            return True
    return plan_too and (_close(draft) or (ended and plan_done and _ask_for_answer(draft)))


def _stages(draft: Draft) -> tuple[list[PlanItem], bool]:
    """Return the stages whose work is done, and whether any other is left to be done."""
    items = draft.case.items
    done: list[PlanItem] = []
    left = False
    for stage in draft.plan.stages:
        state = items.get(stage.name)
        if state is None:
            left = left or stage.required
        elif state.state == "active":
            if _stage_done(items, stage):
                done.append(stage)
            else:
                left = True
    return done, left


def _stage_done(items: dict[str, Item], stage: PlanItem) -> bool:
    for child in stage.children:
        state = items.get(child)
        if state is None:
            if child in stage.needed:
                return False
        elif state.state == "active":
            return False
    return True


def _close(draft: Draft) -> bool:
    """Close by itself where the scenario says so."""
    happened = draft.case.happened.keys()
    for auto in draft.plan.auto:
        if auto.hears and happened.isdisjoint(auto.hears):
            continue
        used = _met(draft, auto.entry, auto.name)
        if used and not open_mandatory(draft) and not unmet(draft, auto.result):
            close_by_itself(draft, auto.result, auto.name, used)
            return True
    return False


def _ask_for_answer(draft: Draft) -> bool:
    """Ask the lead for the answer when everything is done and nothing has closed the case."""
    if draft.active("loop.close"):
        return False
    draft.begin("loop.close", unit=draft.case.unit, lead=True, required=False)
    return True
