"""The phone desk's form read and put in order: what was said, which matter, who calls, where, and the questions by weight."""

from __future__ import annotations

import re
import uuid
from typing import Any

import msgspec
from django.http import QueryDict

from zhuoli.core.case.commands import File
from zhuoli.core.case.plan import Plan, PlanForm
from zhuoli.core.scenario.model import Urgency
from zhuoli.core.text import Text
from zhuoli.places import Division
from zhuoli.web import door, places, questions
from zhuoli.web.picking import pick_of
from zhuoli.web.portal import answering
from zhuoli.web.portal.guess import guesses
from zhuoli.web.portal.matters import MOST_PROPOSALS, Matter, matters, proposals

CHANNEL = "phone"
CALLERS = ("requester", "anonymous", "guardian", "proxy")
PLACES = 6
_SUFFIX = re.compile(r"(街道|办事处|社区|居委会|村委会|镇|乡|村)$")


class Call(msgspec.Struct, kw_only=True):
    """What the form holds at a moment."""

    key: str
    said: str = ""
    matter: str = ""
    auto: bool = True
    caller: str = "requester"
    ring: str = ""
    ring_in: str = ""
    where: str = ""
    place: str = ""
    join: int | None = None
    answers: dict[str, Any] = {}
    files: tuple[File, ...] = ()
    plan: Plan | None = None


def read(post: QueryDict, key: str, channel_matters: list[Matter]) -> Call:
    """Read the form; a matter that nobody has chosen is the one that the words propose first."""
    call = Call(
        key=key,
        said=_line(post, "said", 3000),
        matter=_line(post, "matter", 60),
        auto=post.get("_auto", "1") != "0",
        caller=_line(post, "caller", 20) or "requester",
        ring=_line(post, "ring", 30),
        ring_in=_line(post, "ring_in", 10),
        where=_line(post, "where", 80),
        place=_line(post, "place", 12),
    )
    join = post.get("join", "")
    if join.isascii() and join.isdigit() and int(join) < 1 << 63:
        call.join = int(join)
    known = {each.id for each in channel_matters}
    if call.matter not in known or (call.auto and call.said):
        found = proposals(call.said, CHANNEL) if call.said else []
        call.matter = found[0].id if found and (call.auto or call.matter not in known) else call.matter
    if call.matter not in known:
        call.matter = ""
    if call.matter:
        call.plan = door.plan(call.matter)
        call.answers = _answers(call, post)
    return call


def _line(post: QueryDict, name: str, most: int) -> str:
    return post.get(name, "").replace("\x00", "").strip()[:most]


def _answers(call: Call, post: QueryDict) -> dict[str, Any]:
    plan = chosen(call)
    form = plan.forms["form"]
    answers = questions.read(form, post)
    told, spot = story(form), place_question(form)
    if told and call.said:
        answers[told] = call.said
    if spot and call.place:
        answers[spot] = call.place
    for name, value in guesses(plan, call.said).items():
        # The place is heard by the form's own list, which keeps to the office's territory; it is chosen there.
        if name not in (told, spot):
            answers.setdefault(name, value)
    for name, asked in form.questions.items():
        if asked.question.type == "phone" and asked.question.personal and call.ring:
            answers.setdefault(name, call.ring)
    return answers


def chosen(call: Call) -> Plan:
    """Return the plan of the matter.

    Raises:
        ValueError: none is chosen yet.
    """
    if call.plan is None:
        raise ValueError("no matter is chosen yet")
    return call.plan


def story(form: PlanForm) -> str:
    """Return the question that the caller's own words answer."""
    return next(
        (
            name
            for name, asked in form.questions.items()
            if asked.question.type == "long_text" and not asked.question.relevant
        ),
        "",
    )


def place_question(form: PlanForm) -> str:
    """Return the question that the place answers."""
    return next(
        (
            name
            for name, asked in form.questions.items()
            if asked.question.type == "place" and not asked.question.relevant
        ),
        "",
    )


def _routes(plan: Plan, full: str) -> bool:
    return any(re.search(rf"(?<![\w.]){re.escape(full)}(?!\w)", rule.when) for rule in plan.scenario.routing)


def callers(plan: Plan) -> list[str]:
    """Return as whom somebody may call in this matter; anonymous only where nothing of a person must be told."""
    form = plan.forms["form"]
    told = story(form)
    needed = any(
        asked.question.personal and asked.question.required and not asked.question.relevant and name != told
        for name, asked in form.questions.items()
    )
    roles = plan.scenario.parties
    found = ["requester"]
    if not needed:
        found.append("anonymous")
    return found + [role for role in ("guardian", "proxy") if role in roles]


def fields(call: Call, mistakes: dict[str, Text]) -> tuple[list[questions.Field], list[questions.Field]]:
    """Return the questions to ask now, by weight: danger, what the matter is routed by, what must be told; then the rest."""
    plan = call.plan
    if plan is None:
        return [], []
    form = plan.forms["form"]
    skipped = {story(form), place_question(form)}
    urgent = " ".join(each.when for each in plan.scenario.urgency)
    found = questions.fields(
        form,
        call.answers,
        known(),
        levels=places.levels,
        mistakes=mistakes,
        files=call.files,
        pick=pick_of(plan, "form", call.answers),
    )

    def weight(field: questions.Field) -> int:
        full = form.questions[field.name].full
        if full in urgent:
            return 0
        if _routes(plan, full):
            return 1
        return 2 if field.required or field.mistake else 3

    shown = [
        field
        for field in found
        if field.name not in skipped and not field.calculated and not _withheld(call, form, field)
    ]
    ordered = sorted(shown, key=weight)
    return [each for each in ordered if weight(each) < 3], [each for each in ordered if weight(each) == 3]


def _withheld(call: Call, form: PlanForm, field: questions.Field) -> bool:
    """Whether a question is not asked of somebody who does not want to be known."""
    return (
        call.caller == "anonymous"
        and bool(form.questions[field.name].question.personal)
        and not field.required
    )


def known() -> dict[str, Any]:
    """Return what is known of a case before its first answer."""
    return answering.known(CHANNEL)


def given(call: Call) -> dict[str, Any]:
    """Return the answers to what is asked; what is not relevant, and of whom nobody shall know, is dropped."""
    plan = chosen(call)
    form = plan.forms["form"]
    asked_now = set(questions.relevant(form, call.answers, known(), call.files))
    told = story(form)
    return {
        name: value
        for name, value in call.answers.items()
        if name in asked_now
        and not (
            call.caller == "anonymous"
            and form.questions[name].question.personal
            and not form.questions[name].question.required
            and name != told
        )
    }


def parties(call: Call, answers: dict[str, Any]) -> dict[str, str]:
    """Return an id for each role: the required ones, those who are told of, and whoever calls for somebody else."""
    plan = chosen(call)
    form = plan.forms["form"]
    roles = {role for role, party in plan.scenario.parties.items() if party.required}
    roles |= {form.questions[name].question.personal for name in answers}
    roles.discard("")
    if "requester" in plan.scenario.parties or plan.scenario.confirmation.by == "requester":
        roles.add("requester")
    if call.caller in ("guardian", "proxy"):
        roles.add(call.caller)
    return {role: uuid.uuid5(uuid.UUID(call.key), role).hex for role in sorted(roles)}


def urgencies(call: Call) -> list[Urgency]:
    """Return the warnings of the scenario that these answers call for."""
    if call.plan is None:
        return []
    return answering.urgencies(call.plan, call.answers, CHANNEL)


def shown_matters(call: Call) -> list[Matter]:
    """Return the matters to choose from: what the words propose, and the chosen one."""
    found = proposals(call.said, CHANNEL)[:MOST_PROPOSALS] if call.said else []
    if call.matter and call.matter not in {each.id for each in found}:
        found += [each for each in matters(CHANNEL) if each.id == call.matter]
    return found


def shown_places(call: Call, within: str) -> list[tuple[str, Text]]:
    """Return the places that the words may mean, within the digits of the office's own territory; the chosen one first."""
    found: dict[str, Text] = {}
    if call.place:
        name = door.places().full_name(call.place, skip=2)
        if name is not None:
            found[call.place] = name
    words = call.where or call.said
    for each in _by_words(call.where, within) if call.where else _named(words, within):
        name = door.places().full_name(each.code, skip=2)
        if name is not None:
            found.setdefault(each.code, name)
    return list(found.items())[:PLACES]


def _by_words(words: str, within: str) -> list[Division]:
    """Find what was typed as a name; else its longest stretch that begins one."""
    typed = "".join(words.split())[:16]
    found = door.places().search(typed, within=within, limit=PLACES)
    if found or typed.isascii():
        return list(found)
    for length in range(min(len(typed) - 1, 8), 1, -1):
        for start in range(len(typed) - length, -1, -1):
            found = door.places().search(typed[start : start + length], within=within, limit=PLACES)
            if found:
                return list(found)
    return []


def _named(said: str, within: str) -> list[Division]:
    """Find the streets, towns and communities that somebody has named while telling what happened."""
    if len(said) < 2:
        return []
    found: list[tuple[int, Division]] = []
    for each in door.places().all:
        if each.level not in ("township", "community", "village") or not each.code.startswith(within):
            continue
        stem = _SUFFIX.sub("", each.name_zh)
        enough = 2 if each.level == "township" else 3
        if len(stem) >= enough and stem in said:
            found.append((-len(stem), each))
    return [each for _, each in sorted(found, key=lambda pair: pair[0])][:PLACES]
