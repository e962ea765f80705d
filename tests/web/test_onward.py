"""A matter that has gone on: its person sees who has it next and follows it; the desk shows the link both ways."""

from __future__ import annotations

from typing import Any

from django.test import Client
from tests.web.site import Clock, Visitor

from zhuoli.capabilities import REGISTRY
from zhuoli.core.case import commands as c
from zhuoli.core.case.facts import Actor
from zhuoli.office.handle import Request
from zhuoli.office.worker import Worker
from zhuoli.web import door

ANSWERS = {
    "kind": "work",
    "heated": "tense",
    "stage": "nowhere",
    "story": "Two months of pay are owed.",
    "place": "620102001000",
    "name": "Zhao",
    "phone": "13900000043",
    "other_name": "The shop",
}


def handed_on(clock: Clock) -> tuple[int, str, str]:
    """A dispute that has gone on to legal service: its id, receipt and code."""
    office = door.office()
    zhao = Actor(kind="party", party="zhao")
    parties = {"requester": "zhao", "other": "shop"}
    opened = door.open_case(
        key="test-onward-0001",
        scenario="dispute_mediation",
        actor=zhao,
        command=c.Open(receipt="", channel="web", parties=parties, answers=ANSWERS),
    )
    unit = door.load(opened.case).unit
    lead = Actor(kind="post", unit=unit, post=f"{unit}/officer", roles=("officer",))
    done: list[Any] = [
        c.Accept(),
        c.Complete(task="ask_other", outcome="declines", reason="no", answers={"times": 2}),
        c.Complete(task="hand_over", answers={"to": "legal_service", "consent": True}),
    ]
    for number, command in enumerate(done):
        office.handle(Request(key=f"test-onward-1{number:03}", command=command, actor=lead, case=opened.case))
    hand = Worker(office, REGISTRY, name="test")
    while hand.run_once().total:
        pass
    return opened.case, opened.receipt, opened.code


def test_its_person_sees_what_happens_next_and_follows_it(visitor: Visitor, clock: Clock) -> None:
    case, receipt, code = handed_on(clock)
    (link,) = door.load(case).onward
    visitor.get("/en/check/").send("/check/", receipt=receipt, code=code)
    assert "What happens next" in visitor.text
    assert "Help with a legal matter" in visitor.text
    assert "is deciding whether to accept it" in visitor.text
    assert visitor.client.get(f"/en/my/{link.receipt}/").status_code == 403, "not before it is followed"
    visitor.send(f"/onward/{link.receipt}/")
    assert visitor.path == f"/en/my/{link.receipt}/receipt/"
    assert door.code_of(link.case, link.receipt) in visitor.text
    visitor.get(f"/en/my/{link.receipt}/")
    assert receipt in visitor.text
    assert "handed on" in visitor.text
    visitor.get(f"/zh/my/{link.receipt}/")
    assert "材料一并带来" in visitor.text


def test_nobody_else_gets_in_by_that_way(visitor: Visitor, clock: Clock) -> None:
    case, receipt, code = handed_on(clock)
    (link,) = door.load(case).onward
    stranger = Client()
    assert stranger.post(f"/en/my/{receipt}/onward/{link.receipt}/").status_code == 403
    visitor.get("/en/check/").send("/check/", receipt=receipt, code=code)
    form = visitor.form(f"/onward/{link.receipt}/")
    token = dict(form.fields)["csrfmiddlewaretoken"]
    other = f"/en/my/{receipt}/onward/{receipt}/"
    assert visitor.client.post(other, {"csrfmiddlewaretoken": token}).status_code == 404


def test_the_desk_shows_the_link_as_far_as_a_post_may_see(demo: None, visitor: Visitor, clock: Clock) -> None:
    case, receipt, _ = handed_on(clock)
    (link,) = door.load(case).onward
    mediator, justice = door.load(case).unit, door.load(link.case).unit
    visitor.be(f"{mediator}/officer").get(f"/en/desk/cases/{case}/")
    assert "Linked matters" in visitor.text
    assert link.receipt in visitor.text
    assert f"/desk/cases/{link.case}/" not in visitor.html
    visitor.be(f"{justice}/officer").get(f"/en/desk/cases/{link.case}/")
    assert receipt in visitor.text
    assert f"/desk/cases/{case}/" not in visitor.html
    visitor.be("dispatch-6201/dispatcher").get(f"/en/desk/cases/{case}/")
    assert f"/desk/cases/{link.case}/" in visitor.html
