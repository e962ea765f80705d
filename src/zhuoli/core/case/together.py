"""Several units at one case: passing on, joining, urging, supervising, escalating, merging."""

from __future__ import annotations

from zhuoli.core.case import commands as c
from zhuoli.core.case import events as e
from zhuoli.core.case.compile import wait_for
from zhuoli.core.case.draft import Draft
from zhuoli.core.case.intake import leave_if_joint
from zhuoli.core.case.refusals import refuse
from zhuoli.core.case.sentries import settle
from zhuoli.core.text import Text
from zhuoli.core.worktime import BadDuration, instant_text

DAY = 86_400_000


def transfer(draft: Draft, command: c.Transfer) -> None:
    """Not ours: name the unit that should take over. Who refused before is not asked again."""
    draft.require(draft.is_lead, "lead")
    draft.require_open()
    draft.require_unit(command.unit)
    draft.require_words(command.reason)
    case = draft.case
    if command.unit == case.unit:
        raise refuse("same_unit")
    if command.unit in case.refused_by:
        raise refuse("refused_before", unit=_unit_name(draft, command.unit))
    draft.emit(e.Routed(unit=command.unit, by="transfer", previous=case.unit, reason=command.reason))
    leave_if_joint(draft, command.unit)
    settle(
        draft
    )  # the part that it still owed as a joint unit may have been the last thing that was waited for


def return_to_dispatcher(draft: Draft, command: c.ReturnToDispatcher) -> None:
    """Not ours, and whose is not known: the dispatcher decides."""
    draft.require(draft.is_lead, "lead")
    draft.require_open()
    draft.require_words(command.reason)
    draft.emit(e.Routed(unit="", by="return", previous=draft.case.unit, reason=command.reason))
    draft.begin("loop.triage", unit=draft.case.dispatcher)


def join(draft: Draft, command: c.Join) -> None:
    """Ask another unit to handle jointly."""
    draft.require(draft.is_lead or draft.is_dispatcher or draft.is_superior, "offices")
    draft.require_accepted()
    draft.require_unit(command.unit)
    draft.require_words(command.duty)
    if command.unit == draft.case.unit:
        raise refuse("same_unit")
    joint = draft.case.joint.get(command.unit)
    if joint is not None and joint.ended is None:
        raise refuse("joined_already")
    draft.emit(e.Joined(unit=command.unit, duty=command.duty, by=draft.actor.unit))
    draft.begin(f"loop.sign_for:{command.unit}", unit=command.unit, required=False)
    draft.begin(f"loop.contribute:{command.unit}", unit=command.unit)
    settle(draft)


def sign_for(draft: Draft, command: c.SignFor) -> None:
    """A joint unit acknowledges."""
    joint = _own_joint(draft)
    if draft.case.joint[joint].signed is not None:
        raise refuse("signed_already")
    draft.finish(f"loop.sign_for:{joint}")
    draft.emit(e.SignedFor(unit=joint))


def contribute(draft: Draft, command: c.Contribute) -> None:
    """A joint unit's part is done."""
    joint = _own_joint(draft)
    draft.require_running()
    draft.require_words(command.text)
    draft.attach(command.files)
    draft.finish(f"loop.sign_for:{joint}")
    draft.finish(f"loop.contribute:{joint}")
    draft.emit(e.Contributed(unit=joint, text=command.text))
    settle(draft)


def leave(draft: Draft, command: c.Leave) -> None:
    """End a unit's joint handling without a contribution: by the unit itself, the lead or above."""
    own = draft.actor.kind == "post" and draft.actor.unit == command.unit
    draft.require(own or draft.is_lead or draft.is_dispatcher or draft.is_superior, "offices")
    draft.require_open()
    joint = draft.case.joint.get(command.unit)
    if joint is None or joint.ended is not None:
        raise refuse("not_joint")
    draft.require_words(command.reason)
    for task in (f"loop.sign_for:{command.unit}", f"loop.contribute:{command.unit}"):
        if draft.active(task):
            draft.emit(e.Terminated(item=task, why="left"))
    draft.emit(e.Left(unit=command.unit, reason=command.reason))
    settle(draft)


def _own_joint(draft: Draft) -> str:
    draft.require_open()
    unit = draft.actor.unit
    joint = draft.case.joint.get(unit) if draft.actor.kind == "post" else None
    if joint is None or joint.ended is not None:
        raise refuse("not_yours", who="joint")
    return unit


def urge(draft: Draft, command: c.Urge) -> None:
    """Ask for speed; the requester once in 24 hours."""
    draft.require_open()
    if draft.speaks_for_requester:
        by = "requester"
        last = draft.case.urged
        if last is not None and draft.at < last + DAY:
            raise refuse("urged_today", next=instant_text(last + DAY))
    else:
        draft.require(draft.is_dispatcher or draft.is_superior, "above")
        by = draft.actor.unit
    draft.emit(e.Urged(by=by, text=command.text))


def supervise(draft: Draft, command: c.Supervise) -> None:
    """Order the lead unit to answer for the case."""
    draft.require(draft.is_dispatcher or draft.is_superior, "above")
    draft.require_open()
    if not draft.case.unit:
        raise refuse("not_routed")
    draft.require_words(command.order)
    _supervise(draft, draft.actor.unit, command.order, command.within)


def supervise_by_itself(draft: Draft, unit: str) -> None:
    """Supervise because a clock has passed; ``unit`` is the unit above."""
    _supervise(draft, unit, "", "2 working days")


def _supervise(draft: Draft, unit: str, order: str, within: str) -> None:
    number = draft.case.supervisions + 1
    try:
        rules = wait_for(within)
    except BadDuration as error:
        raise refuse("bad_duration", why=error.mistake.message, remedy=error.mistake.remedy) from error
    draft.emit(e.Supervised(unit=unit, order=order, number=number))
    draft.begin(f"loop.supervision:{number}", unit=draft.case.unit, lead=True, rules=rules)


def reply(draft: Draft, command: c.Reply) -> None:
    """Answer the oldest open order."""
    draft.require(draft.is_lead, "lead")
    draft.require_open()
    for number in range(1, draft.case.supervisions + 1):
        name = f"loop.supervision:{number}"
        if draft.active(name):
            draft.require_words(command.text)
            draft.attach(command.files)
            draft.finish(name, "replied")
            draft.emit(e.Replied(number=number, text=command.text))
            settle(draft)
            return
    raise refuse("not_supervised")


def escalate(draft: Draft, command: c.Escalate) -> None:
    """Bring the case before the next higher unit."""
    draft.require(draft.is_lead or draft.is_dispatcher or draft.is_superior, "offices")
    draft.require_open()
    if draft.case.level >= len(draft.superiors(draft.case.unit)):
        raise refuse("no_superior")
    draft.require_words(command.reason)
    escalate_now(draft, command.reason, "")


def escalate_now(draft: Draft, reason: str, clock: str) -> bool:
    """Escalate one level further; False when there is no higher unit."""
    above = draft.superiors(draft.case.unit)
    level = draft.case.level
    if level >= len(above):
        return False
    unit = above[level]
    draft.emit(e.Escalated(unit=unit, level=level + 1, reason=reason, clock=clock))
    draft.begin(f"loop.escalation:{level + 1}", unit=unit, role="supervisor", required=False)
    return True


def merge(draft: Draft, command: c.Merge) -> None:
    """This case is a duplicate of another open case of the same scenario."""
    draft.require(draft.is_lead or draft.is_dispatcher, "offices")
    draft.require_open()
    other = draft.facts.other
    if command.into == draft.case.id:
        raise refuse("same_case")
    if other is None or other.id != command.into:
        raise refuse("no_such_case")
    if other.scenario != draft.case.scenario:
        raise refuse("other_scenario")
    if not other.open or other.merged:
        raise refuse("other_ended")
    draft.emit(e.Merged(into=command.into, reason=command.reason))


def split(draft: Draft, command: c.Split) -> None:
    """Undo a merge."""
    draft.require(draft.is_lead or draft.is_dispatcher, "offices")
    if draft.case.status != "merged":
        raise refuse("not_merged")
    draft.require_words(command.reason)
    draft.emit(e.WasSplit(reason=command.reason))
    settle(draft)


def _unit_name(draft: Draft, unit: str) -> Text:
    return draft.directory.name(unit) or Text(unit, unit)
