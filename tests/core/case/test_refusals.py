"""Each refusal, met in the way a person would meet it; nothing changes when a command is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from tests.core.case.lamp import DAY, HOUR, LEAD, OTHER, Life, lamp, photo, t

from zhuoli.core.case import codes
from zhuoli.core.case import commands as c
from zhuoli.core.case.compile import compile_plan
from zhuoli.core.case.decide import decide
from zhuoli.core.case.examples import run_example
from zhuoli.core.case.facts import OtherCase
from zhuoli.core.case.proofs import code_refused
from zhuoli.core.case.refusals import REFUSALS, Refusal
from zhuoli.core.scenario import model as m
from zhuoli.core.scenario.folder import read_folder
from zhuoli.environment import ROOT

Case = Callable[[], Refusal]


def merging(other: OtherCase | None, into: int = 2) -> Refusal:
    life = Life().accepted()
    life.other = other
    return life.refused(c.Merge(into=into))


def other(**changes: object) -> OtherCase:
    return OtherCase(**{"id": 2, "scenario": "lamp", "open": True, "merged": False, **changes})


def supplemented() -> Life:
    return Life().accepted().do(c.RequestSupplement(items=("the pole's number",)))


def no_rating() -> m.Scenario:
    return lamp(confirmation=m.Confirmation(rating=False))


def required_witness() -> m.Scenario:
    return lamp(parties={"witness": m.PartyRole(title=t("witness"), required=True)})


def erased() -> Life:
    life = Life().closed().do(c.Confirm(), "requester")
    return life.do(c.Erase(party="p-requester", reason="mine"), "requester", after=800 * DAY)


def no_extension() -> m.Scenario:
    return lamp(due=m.Due(promised="5 working days"))


def with_appointment() -> m.Scenario:
    base = lamp()
    form = base.forms["intake"]
    more = {
        "who": m.Question(type="text", title=t("who")),
        "when": m.Question(type="datetime", title=t("when")),
    }
    form = msgspec.structs.replace(form, questions={**form.questions, **more})
    return lamp(
        forms={**base.forms, "intake": form},
        appointment=(m.Appointment(provider="form.who", at="form.when"),),
    )


def gap() -> m.Scenario:
    table = 'U,when mend.hours,then outcome,then team\n1,<= 2,"""bulb""","""a"""\n'
    return lamp(tables={"proposal": table})


BOUND = codes.Bound(nonce=b"n", case=1, task="sign", run=1, party="p", phone=b"1", sha256="a")
ACCIDENT = ROOT / "scenarios" / "minor_accident"


def judged(after: int = 0, typed: str = "000000", bound: codes.Bound = BOUND, **sent: Any) -> Refusal:
    """What somebody is told who types a code some time after it was sent."""
    told = codes.judge(codes.Sent(bound=BOUND, made=0, **sent), bound, typed, b"key", after)
    return code_refused(told, "sign.name", left=4)


def without_paper() -> Refusal:
    scenario, _ = read_folder(ACCIDENT)
    assert scenario is not None
    [step] = [
        each for each in run_example(scenario, "agreement_on_paper").steps if each.refusal == "paper_missing"
    ]
    try:
        decide(compile_plan(scenario), step.before, step.command, step.facts)
    except Refusal as refusal:
        return refusal
    raise AssertionError


INSURER = c.Share(kind="insurer", unit="insurer@62", consent=True)


def sharing() -> Life:
    """A lamp whose requester may let its insurer read, once it is lit."""
    share = m.Share(
        title=t("insurer"),
        consent=t("I agree"),
        body="insurer",
        parties=("requester",),
        after=("lit",),
        notices=("told",),
        purpose="claim",
        answers={"opened": t("opened")},
    )
    return Life(lamp(shares={"insurer": share})).mended()


CASES: dict[str, Case] = {
    "unknown_share": lambda: sharing().refused(c.Share(kind="bank", unit="insurer@62"), "requester"),
    "nothing_to_share": lambda: Life(sharing().plan.scenario).accepted().refused(INSURER, "requester"),
    "shared_already": lambda: sharing().do(INSURER, "requester").refused(INSURER, "requester"),
    "not_that_kind": lambda: sharing().refused(
        c.Share(kind="insurer", unit="lamps@620102", consent=True), "requester"
    ),
    "consent_missing": lambda: sharing().refused(c.Share(kind="insurer", unit="insurer@62"), "requester"),
    "not_shared": lambda: sharing().refused(c.Unshare(kind="insurer"), "requester"),
    "share_read": lambda: (
        sharing()
        .do(INSURER, "requester")
        .do(c.TakeShare(share="insurer:p-requester"), "insurer@62")
        .refused(c.Unshare(kind="insurer"), "requester")
    ),
    "share_unread": lambda: (
        sharing()
        .do(INSURER, "requester")
        .refused(c.AnswerShare(share="insurer:p-requester", answer="opened"), "insurer@62")
    ),
    "nothing_changes": lambda: Life().accepted().do(c.Start(task="look")).refused(c.Start(task="look")),
    "already_open": lambda: Life().open().refused(c.Open(receipt="R2", channel="web"), "requester"),
    "not_open": lambda: Life().closed().refused(c.Complete(task="look")),
    "not_yours": lambda: Life().open().refused(c.Accept(), OTHER),
    "not_in_work": lambda: Life().open().refused(c.Close(result="lit", answer="x")),
    "not_received": lambda: Life().accepted().refused(c.Accept()),
    "not_closed": lambda: Life().accepted().refused(c.Confirm(), "requester"),
    "suspended": lambda: (
        Life().accepted().do(c.Suspend(reason="expert", ground="art. 1")).refused(c.Complete(task="look"))
    ),
    "not_suspended": lambda: Life().accepted().refused(c.Resume()),
    "not_extendable": lambda: Life(no_extension()).accepted().refused(c.Extend(reason="x"), "chief"),
    "extended_before": lambda: (
        Life().accepted().do(c.Extend(reason="many poles"), "chief").refused(c.Extend(reason="more"), "chief")
    ),
    "too_late_to_extend": lambda: Life().accepted().wait(60 * DAY).refused(c.Extend(reason="x"), "chief"),
    "slot_past": lambda: (
        Life(with_appointment())
        .open()
        .refused(c.Record(answers={"who": "x", "when": "2020-01-01T10:00"}), "requester")
    ),
    "origin_and_channel": lambda: Life().refused(
        c.Open(receipt="R", channel="web", origin=c.OtherMatter(case=2, scenario="lamp", receipt="R1")),
        "requester",
    ),
    "wrong_channel": lambda: Life().refused(c.Open(receipt="R", channel="window"), "dispatcher"),
    "party_missing": lambda: Life(required_witness()).refused(
        c.Open(receipt="R", channel="phone"), "dispatcher"
    ),
    "unknown_party": lambda: Life().refused(
        c.Open(receipt="R", channel="phone", parties={"uncle": "x"}), "dispatcher"
    ),
    "place_missing": lambda: Life().refused(
        c.Open(receipt="R", channel="phone", answers={"kind": "street"}), "dispatcher"
    ),
    "answers_wrong": lambda: Life().refused(
        c.Open(receipt="R", channel="phone", answers={"kind": "moon"}), "dispatcher"
    ),
    "cannot_decide": lambda: (
        Life(gap()).looked().refused(c.Complete(task="mend", outcome="pole", answers={"hours": 9}))
    ),
    "no_such_unit": lambda: Life().accepted().refused(c.Transfer(unit="nobody", reason="x")),
    "same_unit": lambda: Life().accepted().refused(c.Transfer(unit=LEAD, reason="x")),
    "refused_before": lambda: (
        Life()
        .accepted()
        .do(c.Transfer(unit=OTHER, reason="a signal"))
        .refused(c.Transfer(unit=LEAD, reason="a lamp"))
    ),
    "not_routed": lambda: (
        Life().open(answers={"kind": "other"}).refused(c.Supervise(order="who?"), "dispatcher")
    ),
    "nothing_to_triage": lambda: Life().open().refused(c.Triage(unit=OTHER), "dispatcher"),
    "unknown_reason": lambda: Life().open().refused(c.Refuse(reason="no", text="x")),
    "words_missing": lambda: Life().open().refused(c.Refuse(reason="private", text="  ")),
    "unknown_task": lambda: Life().accepted().refused(c.Complete(task="mend")),
    "not_a_human_task": lambda: (
        Life()
        .looked()
        .do(c.Complete(task="mend", outcome="bulb", answers={"hours": 1}))
        .refused(c.Complete(task="tell"))
    ),
    "needs_role": lambda: Life().accepted().refused(c.Complete(task="look", outcome="broken"), LEAD),
    "taken": lambda: (
        Life()
        .accepted()
        .do(c.Assign(task="look", post="a colleague"))
        .refused(c.Complete(task="look", outcome="broken"))
    ),
    "not_taken": lambda: Life().accepted().refused(c.Release(task="look")),
    "unknown_outcome": lambda: Life().accepted().refused(c.Complete(task="look", outcome="odd")),
    "departure_reason": lambda: (
        Life().looked().refused(c.Complete(task="mend", outcome="pole", answers={"hours": 1}))
    ),
    "own_command": lambda: Life().open().refused(c.Complete(task="loop.accept")),
    "supplement_used": lambda: (
        supplemented().do(c.Supply(text="7"), "requester").refused(c.RequestSupplement(items=("more",)))
    ),
    "supplement_open": lambda: supplemented().refused(c.RequestSupplement(items=("more",))),
    "nothing_asked": lambda: Life().accepted().refused(c.Supply(text="7"), "requester"),
    "nothing_given": lambda: supplemented().refused(c.Supply(), "requester"),
    "nobody_to_ask": lambda: (
        Life().accepted(channel="discovery", parties={}).refused(c.RequestSupplement(items=("x",)))
    ),
    "joined_already": lambda: (
        Life()
        .accepted()
        .do(c.Join(unit=OTHER, duty="stop the cars"))
        .refused(c.Join(unit=OTHER, duty="again"))
    ),
    "not_joint": lambda: Life().accepted().refused(c.Leave(unit=OTHER, reason="x")),
    "signed_already": lambda: (
        Life()
        .accepted()
        .do(c.Join(unit=OTHER, duty="stop the cars"))
        .do(c.SignFor(), OTHER)
        .refused(c.SignFor(), OTHER)
    ),
    "urged_today": lambda: (
        Life().accepted().do(c.Urge(), "requester").refused(c.Urge(), "requester", after=23 * HOUR)
    ),
    "bad_duration": lambda: Life().accepted().refused(c.Supervise(order="x", within="7 days"), "superior"),
    "not_supervised": lambda: Life().accepted().refused(c.Reply(text="x")),
    "no_superior": lambda: (
        Life()
        .accepted()
        .do(c.Escalate(reason="1"))
        .do(c.Escalate(reason="2"))
        .refused(c.Escalate(reason="3"))
    ),
    "no_such_case": lambda: merging(None),
    "same_case": lambda: merging(other(), into=1),
    "other_scenario": lambda: merging(other(scenario="noise")),
    "other_ended": lambda: merging(other(open=False)),
    "not_merged": lambda: Life().accepted().refused(c.Split(reason="x")),
    "too_late_to_withdraw": lambda: Life().mended().refused(c.Withdraw(), "requester"),
    "unknown_result": lambda: Life().mended().refused(c.Close(result="odd", answer="x")),
    "tasks_open": lambda: Life().accepted().refused(c.Close(result="lit", answer="x", files=(photo(),))),
    "answers_needed": lambda: Life().mended().refused(c.Close(result="fine", answer="x")),
    "evidence_needed": lambda: Life().mended().refused(c.Close(result="lit", answer="x")),
    "score_range": lambda: Life().closed().refused(c.Rate(score=6), "requester"),
    "rated_before": lambda: (
        Life().closed().do(c.Rate(score=5), "requester").refused(c.Rate(score=1), "requester")
    ),
    "no_rating": lambda: Life(no_rating()).closed().refused(c.Rate(score=5), "requester"),
    "too_late_to_contest": lambda: Life().closed().wait(60 * DAY).refused(c.Contest(reason="x"), "requester"),
    "review_used": lambda: (
        Life()
        .closed("no_lamp")
        .do(c.RequestReview(reason="look again"), "requester")
        .do(c.DecideReview(outcome="upheld", reason="so"), "superior")
        .refused(c.RequestReview(reason="and again"), "requester")
    ),
    "review_open": lambda: (
        Life()
        .closed("no_lamp")
        .do(c.RequestReview(reason="look again"), "requester")
        .refused(c.Confirm(), "requester")
    ),
    "no_review": lambda: Life().closed().refused(c.DecideReview(outcome="upheld", reason="x"), "superior"),
    "not_reviewable": lambda: Life().closed().refused(c.RequestReview(reason="x"), "requester"),
    "on_hold": lambda: (
        Life()
        .closed()
        .do(c.Confirm(), "requester")
        .do(c.Hold(ground="a court asks"))
        .refused(c.Erase(party="p-requester", reason="x"), "requester", after=900 * DAY)
    ),
    "no_hold": lambda: Life().closed().refused(c.ReleaseHold(reason="x")),
    "still_open": lambda: Life().accepted().refused(c.Erase(party="p-requester", reason="x"), "requester"),
    "retention": lambda: (
        Life()
        .closed()
        .do(c.Confirm(), "requester")
        .refused(c.Erase(party="p-requester", reason="x"), "requester", after=300 * DAY)
    ),
    "erased_before": lambda: erased().refused(c.Erase(party="p-requester", reason="x"), "requester"),
    "not_discretionary": lambda: Life().accepted().refused(c.AddItem(item="look")),
    "stage_not_active": lambda: (
        Life()
        .accepted()
        .do(c.Complete(task="look", outcome="fine", reason="it burns"))
        .refused(c.AddItem(item="crane"))
    ),
    "active_already": lambda: Life().accepted().do(c.AddItem(item="crane")).refused(c.AddItem(item="crane")),
    "code_missing": lambda: judged(typed=" "),
    "code_unasked": lambda: code_refused(codes.judge(None, BOUND, "123456", b"key", 0), "sign.name"),
    "code_used": lambda: judged(used=1),
    "code_stale": lambda: judged(after=codes.GOOD_FOR),
    "code_tries": lambda: judged(tries=codes.TRIES + 1),
    "code_phone": lambda: judged(bound=msgspec.structs.replace(BOUND, phone=b"2")),
    "code_changed": lambda: judged(bound=msgspec.structs.replace(BOUND, sha256="b")),
    "code_wrong": lambda: judged(),
    "code_wait": lambda: code_refused(
        "code_wait", "sign.name", seconds=60
    ),  # met in tests/office/test_signing.py
    "code_nowhere": lambda: code_refused("code_nowhere", "sign.name"),  # met there, too
    "paper_missing": without_paper,
    "unknown_system": lambda: Life().accepted().refused(c.Refer(system="No", number="1")),
    "bad_number": lambda: Life().accepted().refused(c.Refer(system="hotline", number="?")),
    "personal_number": lambda: Life().accepted().refused(c.Refer(system="hotline", number="139 0000 0000")),
    "timer_not_due": lambda: Life().accepted().refused(c.FireTimer(clock="case"), "system"),
    "stale_report": lambda: (
        Life().mended().refused(c.ReportService(task="tell", attempt=1, ok=True), "system")
    ),
}


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_refusal(code: str) -> None:
    refusal = CASES[code]()
    assert refusal.code == code, (refusal.code, refusal.fields)
    for text in (refusal.text, refusal.remedy, *refusal.fields.values()):
        assert text.zh
        assert text.en
        assert "{" not in text.zh + text.en


def test_no_case_is_left_over() -> None:
    assert set(CASES) == set(REFUSALS)
