"""Single rules of the loop, on a small scenario: what follows from what, and when."""

from __future__ import annotations

import msgspec
import pytest
from tests.core.case.lamp import DAY, HOUR, LEAD, MINUTE, OTHER, START, Life, lamp, photo, t

from zhuoli.core.case import commands as c
from zhuoli.core.case import events as e
from zhuoli.core.case.actions import possible
from zhuoli.core.case.deadlines import explain_clock
from zhuoli.core.case.facts import Facts
from zhuoli.core.case.rows import rows
from zhuoli.core.case.story import tell
from zhuoli.core.scenario import model as m
from zhuoli.core.worktime import local


def when(instant: int | None) -> str:
    assert instant is not None
    return f"{local(instant):%m-%d %H:%M}"


def kinds(life: Life) -> list[str]:
    return [type(event).__name__ for event in life.events]


def test_opening_routes_and_asks_the_unit() -> None:
    life = Life().open()
    assert (life.case.status, life.case.unit, life.case.priority) == ("received", LEAD, "high")
    assert life.tasks == {"loop.accept"}
    row = rows(life.case).case
    assert (row.city, row.county, row.town) == ("6201", "620102", "620102001")


def test_what_no_rule_finds_goes_to_the_dispatcher() -> None:
    life = Life().open(answers={"kind": "other"})
    assert (life.case.unit, life.tasks) == ("", {"loop.triage"})
    life.do(c.Triage(unit=OTHER, priority="urgent"), "dispatcher")
    assert (life.case.unit, life.tasks, life.case.priority) == (OTHER, {"loop.accept"}, "urgent")


def test_personal_answers_are_kept_apart_and_calculations_recorded() -> None:
    life = Life().open(answers={"phone": "139 0000-0000", "pole": 42})
    assert life.case.personal["form.phone"] == e.Personal("p-requester", '"13900000000"')
    assert "form.phone" not in life.case.answers
    assert life.case.answers["form.old"] is True


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"pole": 1000}, "pole"),
        ({"pole": 1.5}, "pole"),
        ({"since": "2027-01-01"}, "since"),
        ({"since": "1 March"}, "since"),
        ({"place": "62"}, "place"),
        ({"phone": "one"}, "phone"),
        ({"kind": ["street"]}, "kind"),
        ({"colour": "red"}, "colour"),
        ({"old": True, "pole": "x"}, "pole"),
    ],
)
def test_wrong_answers_are_named(answers: dict[str, object], field: str) -> None:
    command = c.Open(
        receipt="R", channel="phone", answers={"kind": "street", "place": "620102001000", **answers}
    )
    refusal = Life().refused(command, "dispatcher")
    assert set(refusal.fields) == {field}


def test_the_clock_counts_from_acceptance_and_stops_for_the_supplement() -> None:
    life = Life().accepted()  # Monday 2 March
    row = rows(life.case).case
    assert (when(row.promised), when(row.due)) == ("03-09 17:30", "04-02 00:00")
    life.do(c.RequestSupplement(items=("the pole's number",)), after=HOUR)
    row = rows(life.case).case
    assert row.stopped
    assert (row.promised, row.due) == (None, None)
    assert life.tasks == {"look", "loop.supplement"}
    life.do(c.Supply(answers={"pole": 7}), "requester", after=2 * DAY)  # Wednesday
    row = rows(life.case).case
    assert not row.stopped
    assert (when(row.promised), when(row.due)) == ("03-11 17:30", "04-04 00:00")
    for deadline in explain_clock(life.case.clocks["case"], {life.calendar.version: life.calendar}):
        assert deadline.explanation.pauses


def test_no_supplement_in_time_lets_the_clock_go_on() -> None:
    life = Life().accepted().do(c.RequestSupplement(items=("x",))).wait(40 * DAY)
    assert "loop.supplement" not in life.tasks
    assert not rows(life.case).case.stopped
    refused = lamp(supplement=m.Supplement(expires="refused"))
    assert (
        Life(refused).accepted().do(c.RequestSupplement(items=("x",))).wait(40 * DAY).case.status == "refused"
    )
    withdrawn = lamp(supplement=m.Supplement(expires="withdrawn"))
    assert (
        Life(withdrawn).accepted().do(c.RequestSupplement(items=("x",))).wait(40 * DAY).case.status
        == "withdrawn"
    )


def test_late_promise_escalates_and_supervises_late_law_escalates_further() -> None:
    life = Life().accepted().wait(8 * DAY)
    row = rows(life.case).case
    assert (row.late, row.late_statutory, row.level) == (True, False, 1)
    assert {"loop.escalation:1", "loop.supervision:1"} <= life.tasks
    life.wait(30 * DAY)
    row = rows(life.case).case
    assert (row.late_statutory, row.level) == (True, 2)


def test_an_order_that_waits_is_not_followed_by_another() -> None:
    task = m.HumanTask(
        title=t("Look"), role="electrician", due=m.Due(promised="2 hours", late=("supervise",))
    )
    stage = msgspec.structs.replace(
        lamp().stages["repair"],
        human_tasks={"look": task, "mend": task},
        timers={},
        service_tasks={},
        milestones={},
    )
    life = Life(lamp(stages={"repair": stage}, tables={})).accepted().wait(20 * DAY)
    assert {name for name in life.tasks if name.startswith("loop.supervision:")} == {"loop.supervision:1"}


def test_late_is_noted_even_when_no_timer_fired() -> None:
    life = Life().mended()
    life.do(c.Close(result="lit", answer="x", files=(photo(),)), after=20 * DAY)
    assert rows(life.case).case.late


def test_transfer_names_both_units_and_the_clock_runs_on() -> None:
    life = Life().accepted()
    promised = rows(life.case).case.promised
    life.do(c.Transfer(unit=OTHER, reason="a signal"))
    routed = life.events[0]
    assert isinstance(routed, e.Routed)
    assert (routed.previous, routed.unit, routed.by) == (LEAD, OTHER, "transfer")
    assert rows(life.case).tasks["look"].unit == OTHER
    assert rows(life.case).case.promised == promised
    life.do(c.ReturnToDispatcher(reason="nobody's"))
    assert (life.case.unit, life.tasks) == ("", {"look", "loop.triage"})


def test_joint_handling_must_end_before_closing() -> None:
    life = Life().mended().do(c.Join(unit=OTHER, duty="stop the cars"))
    assert life.refused(c.Close(result="lit", answer="x", files=(photo(),))).code == "tasks_open"
    life.do(c.Contribute(text="stopped"), OTHER)
    assert life.case.joint[OTHER].signed is not None
    life.do(c.Close(result="lit", answer="x", files=(photo(),)))
    assert life.case.status == "closed"


def test_impossible_may_be_said_at_once_but_not_behind_a_joint_units_back() -> None:
    life = Life().accepted().do(c.Join(unit=OTHER, duty="stop the cars"))
    assert life.refused(c.Close(result="no_lamp", answer="There is none")).code == "tasks_open"
    life.do(c.Leave(unit=OTHER, reason="not needed")).do(c.Close(result="no_lamp", answer="There is none"))
    assert (life.case.status, life.case.result_kind) == ("closed", "impossible")


def test_confirming_strikes_off_and_rates() -> None:
    life = Life().closed().do(c.Confirm(score=4), "requester")
    assert (life.case.status, life.case.score, life.tasks) == ("settled", 4, set())


def test_silence_is_unconfirmed_and_may_still_become_settled() -> None:
    life = Life().closed().wait(10 * DAY)
    assert life.case.status == "unconfirmed"
    life.do(c.Confirm(), "requester")
    assert life.case.status == "settled"


def test_contesting_reopens_with_fresh_tasks_then_goes_to_review() -> None:
    life = Life().closed().do(c.Contest(reason="dark again"), "requester")
    assert (life.case.status, life.case.reopenings, life.tasks) == ("accepted", 1, {"look"})
    assert life.case.items["look"].run == 2
    assert "mend" not in life.case.items
    life.do(c.Complete(task="look", outcome="fine", reason="it burns"))
    life.do(c.Close(result="lit", answer="x", files=(photo(),)))
    life.do(c.Contest(reason="still dark"), "requester")
    assert (life.case.status, life.tasks) == ("closed", {"loop.review"})
    life.do(c.DecideReview(outcome="sent_back", reason="look again"), "superior")
    assert (life.case.status, life.case.reopenings) == ("accepted", 2)


def test_a_reopening_that_no_stage_listens_to_asks_the_lead() -> None:
    stage = lamp().stages["repair"]
    deaf = msgspec.structs.replace(stage, entry=(), repeat=False)
    life = Life(lamp(stages={"repair": deaf})).closed().do(c.Contest(reason="dark"), "requester")
    assert life.tasks == {"loop.rework"}
    assert life.refused(c.Close(result="lit", answer="x", files=(photo(),))).code == "tasks_open"
    life.do(c.Complete(task="loop.rework")).do(c.Close(result="lit", answer="x", files=(photo(),)))
    assert life.case.status == "closed"


def test_a_refusal_can_be_reviewed_and_sent_back() -> None:
    life = Life().open().do(c.Refuse(reason="private", text="a private lamp"))
    assert life.case.status == "refused"
    life.do(c.RequestReview(reason="it is public"), "requester")
    life.do(c.DecideReview(outcome="sent_back", reason="it is"), "superior")
    assert (life.case.status, life.tasks) == ("accepted", {"look"})
    assert rows(life.case).case.promised is not None


def test_a_failing_service_is_tried_again_then_given_to_a_person() -> None:
    life = Life().looked().do(c.Complete(task="mend", outcome="bulb", answers={"hours": 1}))
    life.do(c.ReportService(task="tell", attempt=1, ok=False, error="no line"), "system")
    wake = rows(life.case).wakes["tell"]
    assert wake.at == life.at + MINUTE
    life.do(c.ReportService(task="tell", attempt=2, ok=False, error="no line"), "system")
    assert "tell" not in rows(life.case).wakes
    assert "loop.repair:tell" in life.tasks
    life.do(c.Complete(task="loop.repair:tell", reason="called them"))
    assert life.case.items["tell"].state == "completed"


def test_a_timer_item_occurs_and_the_milestone_follows() -> None:
    life = Life().mended()
    assert life.case.items["burn_in"].state == "completed"
    assert life.case.items["lit"].kind == "milestone"
    assert life.tasks == {"loop.close"}


def test_departing_from_the_proposal_is_recorded_with_its_reason() -> None:
    life = Life().looked()
    life.do(
        c.Complete(
            task="mend", outcome="pole", answers={"hours": 1, "team": "b"}, reason="the pole is rotten"
        )
    )
    completed = next(
        event for event in life.events if isinstance(event, e.Completed) and event.item == "mend"
    )
    assert (completed.outcome, completed.proposed, completed.reason) == ("pole", "bulb", "the pole is rotten")
    decided = next(event for event in life.events if isinstance(event, e.Decided))
    assert decided.rules == (1,)


def test_merging_rests_and_splitting_goes_on() -> None:
    life = Life().accepted()
    before = rows(life.case)
    from zhuoli.core.case.facts import OtherCase

    life.other = OtherCase(id=2, scenario="lamp", open=True, merged=False)
    life.do(c.Merge(into=2))
    asleep = rows(life.case)
    assert (asleep.case.status, asleep.tasks, asleep.wakes) == ("merged", {}, {})
    life.do(c.Split(reason="another lamp"))
    assert rows(life.case).tasks == before.tasks


def test_extension_adds_to_the_law_once() -> None:
    life = Life().accepted()
    assert when(rows(life.case).case.due) == "04-02 00:00"
    life.do(c.Extend(reason="many poles"), "chief")
    assert when(rows(life.case).case.due) == "04-14 00:00"  # 11 April is a Saturday, so the limit rolls over


def test_erasing_leaves_the_life_but_not_the_person() -> None:
    life = Life().open(answers={"phone": "13900000000"}).do(c.Withdraw(), "requester")
    life.do(c.Erase(party="p-requester", reason="mine"), "requester", after=800 * DAY)
    assert life.case.personal == {}
    assert life.case.erased == ("p-requester",)
    assert life.case.status == "withdrawn"


def test_notices_go_out_by_themselves_even_after_the_end() -> None:
    scenario = lamp(issue={"no": "case.refused"}, notices={"no": m.Notice(title=t("No"), body=t("Sorry"))})
    life = Life(scenario).open().do(c.Refuse(reason="private", text="a private lamp"))
    assert list(rows(life.case).wakes) == ["loop.notice:no"]
    assert life.plan.service("loop.notice:no") is not None
    life.do(c.ReportService(task="loop.notice:no", attempt=1, ok=True), "system")
    assert rows(life.case).wakes == {}


def test_a_discovery_without_requester_is_settled_at_closing() -> None:
    life = Life().open(channel="discovery", parties={}).do(c.Accept())
    life.do(c.Complete(task="look", outcome="fine", reason="it burns"))
    life.do(c.Close(result="lit", answer="x", files=(photo(),)))
    assert life.case.status == "settled"


def test_the_phone_desk_speaks_for_the_caller_but_not_for_who_wrote_online() -> None:
    by_phone = Life().open(channel="phone").do(c.Accept())
    assert by_phone.do(c.Withdraw(), "dispatcher").case.status == "withdrawn"
    assert Life().accepted().refused(c.Withdraw(), "dispatcher").code == "not_yours"


def test_what_is_offered_can_be_done_and_is_explained() -> None:
    life = Life().mended()
    facts = Facts(now=life.at + 1, actor=life.actor("lead"), calendar=life.calendar, directory=life.directory)
    offered = {action.command: action for action in possible(life.plan, life.case, facts)}
    assert {"close", "request_supplement", "transfer", "join", "note", "suspend"} <= set(offered)
    assert "confirm" not in offered
    assert set(offered["close"].choices) <= {"lit", "fine", "no_lamp"}
    stranger = Facts(
        now=life.at + 1,
        actor=Life.post("nobody@1", "officer"),
        calendar=life.calendar,
        directory=life.directory,
    )
    assert possible(life.plan, life.case, stranger) == []


def test_the_story_keeps_inner_matters_from_the_requester() -> None:
    life = Life().accepted().do(c.Note(text="difficult customer", audience="office"))
    party = tell(life.plan, life.events, life.at, life.directory, "party")
    office = tell(life.plan, life.events, life.at, life.directory, "office")
    assert party == []
    assert [line.words for line in office] == ["difficult customer"]


def test_time_is_the_callers_and_the_start_is_monday() -> None:
    assert when(START) == "03-02 09:00"
