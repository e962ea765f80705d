"""The beginning of a case: opening, finding the responsible unit, accepting or not."""

from __future__ import annotations

from zhuoli.core.case import commands as c
from zhuoli.core.case import events as e
from zhuoli.core.case.answers import check_answers, plain_outputs
from zhuoli.core.case.draft import Draft
from zhuoli.core.case.refusals import refuse
from zhuoli.core.case.sentries import settle
from zhuoli.core.feel.errors import RunError
from zhuoli.core.text import Text

OFFICE_CHANNELS = frozenset({"phone", "window", "field", "discovery"})
"""Channels on which a post of an office writes the case down."""


def open_case(draft: Draft, command: c.Open) -> None:
    """Raise a matter: check the form, find the unit, begin acceptance."""
    scenario = draft.plan.scenario
    if draft.case.opened:
        raise refuse("already_open")
    if command.channel not in scenario.channels:
        raise refuse(
            "wrong_channel",
            scenario=scenario.title,
            channels=Text("、".join(scenario.channels), ", ".join(scenario.channels)),
        )
    _require_opener(draft, command)
    for role in command.parties:
        if role not in scenario.parties and role not in ("requester", "proxy"):
            roles = ", ".join(("requester", "proxy", *scenario.parties))
            raise refuse("unknown_party", role=role, roles=roles)
    for role, party in scenario.parties.items():
        if party.required and not command.parties.get(role):
            raise refuse("party_missing", role=party.title)
    form = draft.plan.forms["form"]
    known = {
        "case.channel": command.channel,
        "case.priority": "normal",
        "case.reopenings": 0,
        "case.territory": command.territory,
        "case.opened_date": draft.today(),
    }
    checked = check_answers(form, command.answers, command.files, known, command.parties, draft.directory)
    territory = _territory(draft, command, checked.answers)
    draft.emit(
        e.Opened(
            scenario=scenario.scenario,
            version=scenario.version,
            receipt=command.receipt,
            channel=command.channel,
            parties=command.parties,
            territory=territory,
            dispatcher=draft.directory.dispatcher(territory),
            occurred=command.occurred,
        )
    )
    if command.origin is not None:
        origin = command.origin
        draft.emit(
            e.CameFrom(case=origin.case, scenario=origin.scenario, receipt=origin.receipt, title=origin.title)
        )
    draft.record("form", checked)
    if scenario.due is not None and scenario.due_from == "opened":
        draft.start_case_clock()
    _decide_eligibility(draft)
    if _route(draft):
        _begin_acceptance(draft)
    else:
        draft.begin("loop.triage", unit=draft.case.dispatcher, role="")
    settle(draft)


def _require_opener(draft: Draft, command: c.Open) -> None:
    actor = draft.actor
    if (command.channel == "handover") != (command.origin is not None):
        raise refuse("origin_and_channel")
    if actor.kind == "party":
        draft.require(actor.party in command.parties.values(), "requester")
        draft.require(command.channel != "handover", "system")
    elif actor.kind == "post":
        own = command.channel in OFFICE_CHANNELS or not command.parties
        draft.require(own and command.channel != "handover", "requester")
    else:
        draft.require(command.channel in ("model", "partner", "handover"), "requester")


def _territory(draft: Draft, command: c.Open, answers: dict[str, object]) -> str:
    """Return the territory of the case: the first place that routing uses, else the one in the command."""
    for route in draft.plan.routes:
        place = answers.get(route.place)
        if place:
            return str(place)
    if command.territory:
        if draft.directory.place(command.territory) is None:
            raise refuse("place_missing")
        return command.territory
    raise refuse("place_missing")


def _decide_eligibility(draft: Draft) -> None:
    table = draft.plan.scenario.acceptance.eligible_with
    if not table:
        return
    try:
        decision = draft.plan.tables[table].decide(draft.case.answers)
    except RunError as error:
        raise refuse("cannot_decide", why=error.text, remedy=error.remedy) from error
    draft.emit(
        e.Decided(
            item="acceptance", table=table, rules=decision.rules, outputs=plain_outputs(decision.outputs)
        )
    )


def _route(draft: Draft) -> bool:
    """Find the responsible unit by the first routing rule that holds; False leaves it to the dispatcher."""
    answers = draft.case.answers
    for number, route in enumerate(draft.plan.routes, start=1):
        if not draft.holds(route.condition):
            continue
        place = str(answers.get(route.place) or draft.case.territory)
        unit = draft.directory.responsible(route.competence, place)
        if unit is None:
            return False
        draft.emit(
            e.Routed(unit=unit, by="rule", competence=route.competence, rule=number, priority=route.priority)
        )
        return True
    return False


def _begin_acceptance(draft: Draft) -> None:
    by = draft.plan.scenario.acceptance.by
    if by == "opening":
        accept_now(draft)
    elif by == "dispatcher":
        draft.begin("loop.accept", unit=draft.case.dispatcher)
    else:
        draft.begin("loop.accept", unit=draft.case.unit, lead=True)


def accept_now(draft: Draft) -> None:
    """Accept the case; the clock of the whole case begins unless it already runs."""
    draft.emit(e.Accepted())
    if draft.plan.scenario.due is not None and "case" not in draft.case.clocks:
        draft.start_case_clock()


def triage(draft: Draft, command: c.Triage) -> None:
    """Send a case that found no unit to one."""
    draft.require(draft.is_dispatcher, "dispatcher")
    draft.require_open()
    if not draft.active("loop.triage"):
        raise refuse("nothing_to_triage")
    draft.require_unit(command.unit)
    draft.finish("loop.triage")
    draft.emit(
        e.Routed(
            unit=command.unit,
            by="dispatcher",
            previous=draft.case.unit,
            reason=command.reason,
            priority=command.priority,
        )
    )
    if draft.case.status == "received" and not draft.active("loop.accept"):
        _begin_acceptance(draft)
    settle(draft)


def route(draft: Draft, command: c.Route) -> None:
    """Send the case to another unit, by the dispatcher or a superior."""
    draft.require(draft.is_dispatcher or draft.is_superior, "above")
    draft.require_open()
    draft.require_unit(command.unit)
    draft.require_words(command.reason)
    if command.unit == draft.case.unit:
        raise refuse("same_unit")
    if draft.active("loop.triage"):
        draft.finish("loop.triage")
    draft.emit(
        e.Routed(
            unit=command.unit,
            by="dispatcher" if draft.is_dispatcher else "superior",
            previous=draft.case.unit,
            reason=command.reason,
        )
    )
    leave_if_joint(draft, command.unit)
    if draft.case.status == "received" and not draft.active("loop.accept"):
        _begin_acceptance(draft)
    settle(draft)


def leave_if_joint(draft: Draft, unit: str) -> None:
    """End the joint handling of a unit that has become the responsible one."""
    joint = draft.case.joint.get(unit)
    if joint is None or joint.ended is not None:
        return
    for task in (f"loop.sign_for:{unit}", f"loop.contribute:{unit}"):
        if draft.active(task):
            draft.emit(e.Terminated(item=task, why="became_lead"))
    draft.emit(e.Left(unit=unit, reason=""))


def accept(draft: Draft, command: c.Accept) -> None:
    """Accept the case."""
    _require_acceptor(draft)
    draft.finish("loop.accept", "accepted")
    accept_now(draft)
    settle(draft)


def refuse_case(draft: Draft, command: c.Refuse) -> None:
    """Do not accept the case, for one of the scenario's reasons."""
    _require_acceptor(draft)
    reasons = draft.plan.scenario.acceptance.refusal_reasons
    if command.reason not in reasons:
        raise refuse("unknown_reason", reason=command.reason, reasons=", ".join(reasons))
    draft.require_words(command.text)
    draft.finish("loop.accept", "refused")
    draft.stop("refused")
    draft.emit(e.Refused(reason=command.reason, text=command.text))
    draft.end_case_clock()


def _require_acceptor(draft: Draft) -> None:
    if draft.case.status != "received":
        raise refuse("not_received", status=draft.case.status)
    if not draft.case.unit:
        raise refuse("not_routed")
    if draft.plan.scenario.acceptance.by == "dispatcher":
        draft.require(draft.is_dispatcher, "dispatcher")
    else:
        draft.require(draft.is_lead, "lead")
