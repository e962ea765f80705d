"""What a decision table proposes to whoever decides, beside the form in which they do; it is put to nobody as done."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from zhuoli.core.case.answers import plain_outputs
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.feel import MissingAnswer
from zhuoli.core.feel.errors import RunError
from zhuoli.core.text import Text
from zhuoli.web.desk.casefile import Decision


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What is proposed, question by question in words, and why: the notes of the rows that say so."""

    what: tuple[tuple[Text, Text], ...]
    because: tuple[Text, ...]


def proposal(plan: Plan, case: Case, task: str, decided: Sequence[Decision]) -> Proposal | None:
    """Return what the table of a task proposes as the case stands; None where there is none, or where it waits for the form.

    ``decided`` are the tables that were applied, the newest first: the newest is what the proposal rests on.
    """
    human = plan.items[task].human if task in plan.items else None
    if human is None or not human.decide_with or human.decide_with in plan.counting:
        return None
    table = plan.tables[human.decide_with]
    try:
        decision = table.decide(case.answers)
    except (MissingAnswer, RunError):
        return None
    what: list[tuple[Text, Text]] = []
    form = plan.forms.get(task)
    for name, value in plain_outputs(decision.outputs).items():
        asked = form.questions.get(name) if form is not None else None
        if asked is not None and value in asked.question.choices:
            what.append((asked.question.title, asked.question.choices[value].title))
        elif name == "outcome" and value in human.outcomes:
            what.append((plan.title(task), human.outcomes[value].title))
    if not what:
        return None
    because = [note for each in decision.notes for note in each.values()]
    because += [note for each in decided[:1] for _, note in each.rules if note is not None]
    return Proposal(what=tuple(what), because=tuple(because))
