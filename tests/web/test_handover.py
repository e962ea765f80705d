"""Shift hand-over: what changed is there, the next post signs, nothing is altered afterwards."""

from __future__ import annotations

from tests.web.site import BUREAU, CHIEF, DISPATCHER, Clock, Visitor, open_need

from zhuoli.core.case import commands as c
from zhuoli.core.case.facts import Actor
from zhuoli.office import handover
from zhuoli.store.models import CaseRecord, HandoverRecord, HandoverSignRecord, Post
from zhuoli.web import door

HOUR = 3_600_000
SECOND = "urban-620102/supervisor"


def case_of(receipt: str) -> int:
    return CaseRecord.objects.get(receipt=receipt).id


def do(case: int, command: c.AnyCommand, unit: str = "urban-620102", role: str = "officer") -> None:
    actor = Actor(kind="post", unit=unit, post=f"{unit}/{role}", roles=(role, "officer"))
    key = f"test-{case}-{door.load(case).seq}"
    door.perform(key=key, case=case, actor=actor, command=command, expected_seq=None)


def test_what_changed_in_the_shift_is_there(visitor: Visitor, clock: Clock, demo: None) -> None:
    old, waits, ordered, stopped = (case_of(open_need(visitor)) for _ in range(4))
    for case in (waits, ordered, stopped):
        do(case, c.Accept())
    do(waits, c.RequestSupplement(items=("the pole's number",)))
    do(stopped, c.Suspend(reason="an expert is asked", ground="rule 7"))
    do(ordered, c.Supervise(order="Answer for it."), "dispatch-6201", "dispatcher")
    clock.pass_hours(48)
    new = case_of(open_need(visitor))
    found = handover.changed("urban-620102", clock.now - 2 * HOUR, clock.now)
    assert found.cases["new"] == [new]
    assert old in found.cases["late"]
    assert found.cases["waiting"] == [waits]
    assert found.cases["suspended"] == [stopped]
    assert found.cases["orders"] == [ordered]


def test_hand_over_goes_to_the_next_post_who_signs(visitor: Visitor, clock: Clock, demo: None) -> None:
    receipt, other = (
        open_need(visitor),
        open_need(visitor, a_place=["620100000000", "620103000000", "620103001000"]),
    )
    case = case_of(receipt)
    assert Post.objects.filter(pk=SECOND).exists()
    outgoing = Visitor().be(BUREAU).get("/en/desk/handover/")
    assert "New in this shift" in outgoing.text
    form = {f"note-new-{case}": "The ladder comes at six.", "words": "Radio 2 is broken.", "extra-1": other}
    outgoing.send("/handover/", **form)
    assert outgoing.status == 422, "the other district's case is none of this unit's"
    assert "The ladder comes at six." in outgoing.html, "nothing typed is lost"
    outgoing.send("/handover/", **{"extra-1": receipt.lower(), "extra-words-1": "Its neighbour, too."})
    assert outgoing.status == 200, outgoing.text
    assert "Handed over" in outgoing.text
    path = outgoing.path
    assert "you wrote this" in outgoing.text.lower()
    assert "/sign/" not in outgoing.html
    # Only another post of the same unit sees and signs it.
    incoming = Visitor().be(SECOND)
    incoming.get("/en/desk/")
    assert "A hand-over waits" in incoming.text
    assert "A hand-over waits" not in Visitor().be(BUREAU).get("/en/desk/").text
    assert "A hand-over waits" not in Visitor().be(CHIEF).get("/en/desk/").text
    assert Visitor().be(CHIEF).get(path).status == 404
    incoming.get(path)
    for said in ("The ladder comes at six.", "Radio 2 is broken.", "Its neighbour, too.", receipt):
        assert said in incoming.text, said
    clock.pass_hours(1)
    incoming.send("/sign/")
    assert "Signed for" in incoming.text
    signed = HandoverSignRecord.objects.get()
    assert (signed.post, signed.at) == (SECOND, clock.now)
    assert "A hand-over waits" not in incoming.get("/en/desk/").text
    # What was said is sealed where it lies.
    assert "ladder" not in HandoverRecord.objects.get().body


def test_nobody_signs_for_their_own_and_once_is_enough(visitor: Visitor, clock: Clock, demo: None) -> None:
    outgoing = Visitor().be(BUREAU).get("/en/desk/handover/").send("/handover/", words="Quiet.")
    number = HandoverRecord.objects.get().pk
    incoming = Visitor().be(SECOND).get(f"/en/desk/handover/{number}/")
    form = incoming.form("/sign/")
    token = {}
    own = outgoing.client.post(
        f"/en/desk/handover/{number}/sign/",
        {"csrfmiddlewaretoken": outgoing.client.cookies["csrftoken"].value, **token},
    )
    assert own.status_code == 422
    assert not HandoverSignRecord.objects.exists()
    incoming.send("/sign/")
    at = HandoverSignRecord.objects.get().at
    clock.pass_hours(1)
    again = incoming.client.post(form.action, dict(form.fields))
    assert again.status_code == 302
    assert HandoverSignRecord.objects.get().at == at


def test_the_same_form_twice_is_one_hand_over(visitor: Visitor, demo: None) -> None:
    outgoing = Visitor().be(BUREAU).get("/en/desk/handover/")
    form = outgoing.form("/handover/")
    outgoing.send("/handover/", words="Quiet.")
    outgoing.forms = [form]
    outgoing.path = "/en/desk/handover/"
    outgoing.send("/handover/", words="Quiet.")
    assert HandoverRecord.objects.count() == 1


def test_pattern_only_suggests_when_the_shift_began(visitor: Visitor, clock: Clock, demo: None) -> None:
    assert handover.shift_began("urban-620102", clock.now) == clock.now - int(2.5 * HOUR)
    chief = Visitor().be(SECOND).get("/en/desk/handover/")
    chief.send("/shifts/", begins="6:00，14：00 22:00")
    assert handover.begins("urban-620102") == ("06:00", "14:00", "22:00")
    assert handover.shift_began("urban-620102", clock.now) == clock.now - 5 * HOUR
    Visitor().be(BUREAU).get("/en/desk/handover/").send("/handover/", words="Quiet.")
    clock.pass_hours(2)
    assert handover.shift_began("urban-620102", clock.now) == clock.now - 2 * HOUR
    officer = Visitor().be(BUREAU).get("/en/desk/handover/")
    assert "/shifts/" not in officer.html
    chief.get("/en/desk/handover/").send("/shifts/", begins="25:00")
    assert chief.status == 400
    assert officer.get("/en/desk/handover/?since=x").status == 400
    assert officer.get("/en/desk/handover/?since=2020-01-01T00:00").status == 400


def test_dispatcher_hands_over_what_waits_for_triage(visitor: Visitor, demo: None) -> None:
    case = case_of(open_need(visitor, a_category="other"))
    desk = Visitor().be(DISPATCHER).get("/zh/desk/handover/")
    assert f"note-new-{case}" in desk.html
    assert desk.get("/en/desk/handover/").status == 200
