"""What a form of the portal is held against: the same checks as when the matter is raised, question by question."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from zhuoli.core.case.answers import check_answers
from zhuoli.core.case.commands import File
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.feel import MissingAnswer
from zhuoli.core.feel.errors import RunError
from zhuoli.core.scenario.model import Urgency
from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.web import door, when


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
    form = plan.forms["form"]
    values = {**known(channel), **{form.questions[name].full: value for name, value in answers.items()}}
    found: list[Urgency] = []
    for condition, urgency in zip(plan.urgency, plan.scenario.urgency, strict=True):
        try:
            if condition.evaluate(values):
                found.append(urgency)
        except (MissingAnswer, RunError):
            continue
    return found
