"""What a sentence tells of a form's answers: the place it names, the choice it comes closest to, who would have it.

Only proposals: they are shown as such, and the person decides. Nothing here is kept.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from zhuoli.core.case.plan import Plan
from zhuoli.core.scenario.directory_words import COMPETENCES
from zhuoli.core.text import Text
from zhuoli.office.search import grams
from zhuoli.places import certain
from zhuoli.web import door
from zhuoli.web.wording import text


class Handler(msgspec.Struct, frozen=True):
    """Who would be responsible: a unit, or (``sure`` false) only the kind of unit; the place it follows from."""

    name: Text
    sure: bool
    place: Text | None


def guesses(plan: Plan, said: str) -> dict[str, Any]:
    """Return the answers that the words suggest, by question: the story itself, choices that route, the place."""
    form = plan.forms["form"]
    found: dict[str, Any] = {}
    place = certain(door.places(), said)
    wanted = set(grams(said))
    conditions = " ".join(rule.when for rule in plan.scenario.routing)
    for name, asked in form.questions.items():
        question = asked.question
        if question.type == "long_text" and not question.relevant and "said" not in found:
            found["said"] = name
        elif question.type == "place" and place is not None and not question.relevant:
            found.setdefault(name, place.code)
        elif question.type == "choice" and re.search(rf"(?<![\w.]){re.escape(asked.full)}(?!\w)", conditions):
            choice = _nearest(wanted, {key: each.title for key, each in question.choices.items()})
            if choice:
                found[name] = choice
    story = found.pop("said", "")
    return {**found, story: said} if story else found


def handler(plan: Plan, answers: dict[str, Any]) -> Handler:
    """Return who would be responsible for a matter after these answers, as far as that can be said."""
    form = plan.forms["form"]
    directory = door.directory()
    values = {form.questions[name].full: value for name, value in answers.items()}
    for route in plan.routes:
        if route.condition is not None and not route.condition.holds(values):
            continue
        place = str(values.get(route.place, ""))
        unit = directory.responsible(route.competence, place) if place else None
        if unit is not None:
            return Handler(directory.name(unit) or Text(unit, unit), True, door.places().full_name(place))
        kind = COMPETENCES.get(route.competence)
        if kind is not None:
            return Handler(text("say.kind", kind=kind), False, None)
    return Handler(text("say.dispatched"), False, None)


def _nearest(wanted: set[str], choices: dict[str, Text]) -> str:
    """Return the choice that shares most with the words; nothing when none or two do."""
    scored = sorted(
        ((len(wanted & set(grams(f"{title.zh} {title.en}"))), key) for key, title in choices.items()),
        reverse=True,
    )
    if not scored or not scored[0][0] or (len(scored) > 1 and scored[1][0] == scored[0][0]):
        return ""
    return scored[0][1]
