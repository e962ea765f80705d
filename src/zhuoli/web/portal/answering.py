"""What a form of the portal is held against: the same checks as when the matter is raised, question by question."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from zhuoli.core.case.answers import check_answers
from zhuoli.core.case.commands import File
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.scenario.model import Urgency
from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.web import door, questions, when


def known(channel: str) -> dict[str, Any]:
    """Return what is known of a case before its first answer."""
    return {
        "case.channel": channel,
        "case.priority": "normal",
        "case.reopenings": 0,
        "case.opened_date": local(when.now()).date().isoformat(),
    }


def parties(plan: Plan, answers: Mapping[str, Any], key: str, channel: str) -> dict[str, str]:
    """Return an id for each role that this matter needs: the required ones and those who are told of.

    The ids follow from the form's key, so that the same form sent twice is the same request.
    """
    form = plan.forms["form"]
    roles = {role for role, party in plan.scenario.parties.items() if party.required}
    roles |= {form.questions[name].question.personal for name in answers}
    roles.discard("")
    if channel in ("guardian", "proxy"):
        roles.add(channel)
    if "requester" in plan.scenario.parties or plan.scenario.confirmation.by == "requester":
        roles.add("requester")
    return {role: uuid.uuid5(uuid.UUID(key), role).hex for role in sorted(roles)}


def mistakes(
    plan: Plan, channel: str, answers: Mapping[str, Any], files: Sequence[File], key: str
) -> dict[str, Text]:
    """Return what the core would say to these answers, by question; empty when nothing is wrong."""
    try:
        check_answers(
            plan.forms["form"],
            answers,
            files,
            known(channel),
            parties(plan, answers, key, channel),
            door.directory(),
        )
    except Refusal as refusal:
        return dict(refusal.fields)
    return {}


def urgencies(plan: Plan, answers: Mapping[str, Any], channel: str) -> list[Urgency]:
    """Return the scenario's own warnings: answers for which a form is the wrong channel."""
    values = questions.with_calculated(plan.forms["form"], answers, known(channel))
    found = zip(plan.urgency, plan.scenario.urgency, strict=True)
    return [urgency for condition, urgency in found if condition.holds(values)]


def urgencies_of(plan: Plan, answers: Mapping[str, Any], channel: str, question: str) -> list[Urgency]:
    """Return the warnings that the answer to one question calls for."""
    without = {name: value for name, value in answers.items() if name != question}
    before = urgencies(plan, without, channel)
    return [each for each in urgencies(plan, answers, channel) if each not in before]
