"""The phone desk takes every matter that may come by phone, from everybody who may call, and calls back: walked one by one."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from tests.shelf import project_shelf
from tests.web.site import DISPATCHER, STREET, Clock, Visitor

from zhuoli.core.scenario.model import Scenario
from zhuoli.core.worktime import instant_of
from zhuoli.store.models import CallRecord, CaseRecord, PartyRecord
from zhuoli.store.replay import replay
from zhuoli.web import door
from zhuoli.web.desk import phone_form

SHELF = project_shelf().scenarios
BY_PHONE = sorted(name for name, each in SHELF.items() if "phone" in each.channels)
FORM = "/desk/new/"


def told(scenario: Scenario) -> tuple[int, dict[str, Any]]:
    """Return when the first worked example that a person raises begins, and its answers as an operator would hear them."""
    for example in scenario.examples.values():
        first = example.steps[0]
        if first.do == "open" and first.who != "system" and not first.refused and "answers" in first.give:
            return instant_of(datetime.fromisoformat(example.start)), dict(first.give["answers"])
    raise AssertionError(f"{scenario.scenario} has no example that begins with a person")


def wrong(seen: Visitor) -> list[str]:
    """Return what the page says is wrong."""
    return re.findall(r'class="mistake"[^>]*id="([^"]*)"[^>]*>([^<]*)', seen.html) or [seen.text[:300]]


def typed(value: object) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return [str(each) for each in value] if isinstance(value, list | tuple) else str(value)


def fill(seen: Visitor, matter: str, caller: str, **more: str) -> Visitor:
    """Type what is told into whatever is asked, until nothing new comes up."""
    plan = door.plan(matter)
    form = plan.forms["form"]
    _, answers = told(SHELF[matter])
    own = {phone_form.story(form): "said", phone_form.place_question(form): "place"}
    words = str(answers.get(phone_form.story(form), "一件要办的事，请登记。"))
    values: dict[str, Any] = {
        "said": words,
        "where": "酒泉路",
        "place": STREET,
        "matter": matter,
        "caller": caller,
        "_auto": "0",
    }
    values |= {
        f"a-{name}": typed(STREET if form.questions[name].question.type == "place" else value)
        for name, value in answers.items()
        if name not in own
    }
    values |= more
    asked: set[str] = set()
    while asked != (asked := set(seen.form(FORM).names)):
        seen.send(FORM, **{name: value for name, value in values.items() if name in asked}, _again="more")
    return seen


@pytest.mark.parametrize("matter", BY_PHONE)
def test_everybody_who_may_call_gets_a_receipt(clock: Clock, demo: None, matter: str) -> None:
    plan = door.plan(matter)
    clock.now, _ = told(SHELF[matter])
    callers = phone_form.callers(plan)
    assert "requester" in callers
    for caller in callers:
        seen = fill(Visitor().be(DISPATCHER).get("/en/desk/new/"), matter, caller)
        seen.send(FORM)
        if "/desk/told/" not in seen.path and "_urgent" in {name for name, _ in seen.form(FORM).fields}:
            seen.send(FORM)  # the number to call was said first
        assert "/desk/told/" in seen.path, (caller, wrong(seen))
    rows = list(CaseRecord.objects.order_by("id"))
    assert len(rows) == len(callers)
    assert {row.scenario for row in rows} == {matter}
    for role in ("guardian", "proxy"):
        assert PartyRecord.objects.filter(role=role).count() == callers.count(role), role
    for role in ("guardian", "proxy"):
        assert (role in callers) == (role in plan.scenario.parties), role
    assert replay().equal


@pytest.mark.parametrize("matter", BY_PHONE)
def test_a_call_that_breaks_off_waits_to_be_called_back(clock: Clock, demo: None, matter: str) -> None:
    clock.now, _ = told(SHELF[matter])
    seen = fill(
        Visitor().be(DISPATCHER).get("/en/desk/new/"), matter, "requester", ring="13909310000", ring_in="1"
    )
    seen.send(FORM, _keep="1")
    assert seen.path.endswith("/desk/calls/")
    record = CallRecord.objects.get()
    seen.get(f"/en/desk/new/?call={record.id}")
    assert f'value="{matter}" checked' in seen.html
    fill(seen, matter, "requester").send(FORM)
    if "/desk/told/" not in seen.path:
        seen.send(FORM)
    assert "/desk/told/" in seen.path, wrong(seen)
    assert CaseRecord.objects.get().scenario == matter
