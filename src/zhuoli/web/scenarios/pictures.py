"""The pictures of a scenario, each with what the choice is called and what the tables' notes say where they name it."""

from __future__ import annotations

import csv
import io

import msgspec

from zhuoli.core.case.plan import Plan
from zhuoli.core.scenario.model import Picture
from zhuoli.core.text import Text


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One picture: its id, what the choice that points at it is called, and the notes of the rules that name the choice."""

    id: str
    title: Text
    picture: Picture
    notes: tuple[str, ...]


def of(plan: Plan, language: str) -> list[Shown]:
    """Return the pictures in the order of the choices that point at them."""
    scenario = plan.scenario
    found: dict[str, Shown] = {}
    for form in scenario.forms.values():
        for question in form.questions.values():
            for key, choice in question.choices.items():
                if choice.picture in scenario.pictures and choice.picture not in found:
                    found[choice.picture] = Shown(
                        id=choice.picture,
                        title=choice.title,
                        picture=scenario.pictures[choice.picture],
                        notes=_notes(plan, key, language),
                    )
    return list(found.values())


def _notes(plan: Plan, choice: str, language: str) -> tuple[str, ...]:
    """Return what the rules say, in a language, whose conditions name a choice."""
    said: dict[str, None] = {}
    for name, source in plan.scenario.tables.items():
        rules = {str(rule.number): rule for rule in plan.tables[name].rules.rules}
        for row in csv.reader(io.StringIO(source.lstrip("\ufeff"))):
            if row and row[0] in rules and any(choice in _names(cell) for cell in row[1:]):
                said |= dict.fromkeys(note.in_language(language) for note in rules[row[0]].notes.values())
    return tuple(said)


def _names(cell: str) -> set[str]:
    return {part.strip().strip('"') for part in cell.split(",")}
