"""Every matter on the shelf can be raised through its page, with the answers of its own worked examples."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from tests.shelf import project_shelf
from tests.web.site import Clock, Visitor, here, picture

from zhuoli.core.scenario.model import Form, Scenario
from zhuoli.core.worktime import instant_of
from zhuoli.store.models import CaseRecord

SHELF = project_shelf().scenarios
PLACES = {each.code for each in here()}


def opening_examples() -> list[Any]:
    found = []
    for scenario in SHELF.values():
        if "web" not in scenario.channels:
            continue
        for name, example in scenario.examples.items():
            step = example.steps[0]
            answers = step.give.get("answers", {})
            if step.do != "open" or step.refused or step.give.get("channel", "web") != "web":
                continue
            if all(answers.get(place, next(iter(PLACES))) in PLACES for place in places_of(scenario)):
                found.append(pytest.param(scenario.scenario, name, id=f"{scenario.scenario}-{name}"))
    return found


def intake(scenario: Scenario) -> Form:
    return scenario.forms[scenario.intake]


def places_of(scenario: Scenario) -> list[str]:
    return [name for name, question in intake(scenario).questions.items() if question.type == "place"]


def typed(form: Form, answers: dict[str, Any]) -> dict[str, Any]:
    """Return answers as a browser sends them."""
    sent: dict[str, Any] = {}
    for name, value in answers.items():
        kind = form.questions[name].type
        if kind == "yes_no":
            value = "yes" if value else "no"
        elif kind == "place":
            lengths = [length for length in (4, 6, 9, 12) if value[:length].strip("0")]
            value = list(dict.fromkeys(value[:length].ljust(12, "0") for length in lengths))
        elif kind == "many":
            value = [str(each) for each in value]
        sent[f"a-{name}"] = value if isinstance(value, list) else str(value)
    return sent


def test_there_are_examples() -> None:
    assert {each.values[0] for each in opening_examples()} == {
        name for name, scenario in SHELF.items() if "web" in scenario.channels
    }


@pytest.mark.parametrize(("scenario", "example"), opening_examples())
def test_example_opens_through_its_page(visitor: Visitor, clock: Clock, scenario: str, example: str) -> None:
    found = SHELF[scenario]
    story = found.examples[example]
    clock.now = instant_of(datetime.fromisoformat(story.start))
    form = intake(found)
    answers = typed(form, story.steps[0].give.get("answers", {}))
    # Whom to see and when is picked from the office's directory, which there is none of here: see test_picking.py.
    for pair in found.appointment:
        for name in (pair.provider, pair.at):
            answers.pop(f"a-{name.removeprefix('form.')}", None)
    for name, question in form.questions.items():
        if question.type in ("photos", "files") and question.required:
            answers[f"a-{name}"] = picture()
    visitor.get(f"/zh/matters/{scenario}/form/")
    # Questions that depend on others come up in turn.
    for _ in range(3):
        known = visitor.form("").names
        visitor.send(
            "", **{n: v for n, v in answers.items() if n in known and isinstance(v, str)}, _again="more"
        )
    # What is no longer relevant is not on the page.
    known = visitor.form("").names
    visitor.send(
        "",
        _urgent="seen",
        **{n: v for n, v in answers.items() if n in known or not isinstance(v, str | list)},
    )
    assert visitor.path.endswith("/receipt/"), visitor.text[:2000]
    assert CaseRecord.objects.get().scenario == scenario
