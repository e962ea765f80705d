"""A service task opens the next matter with all papers: once, for the same people, and with every look recorded."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.store.databases import TestOffice, make_office

from zhuoli.capabilities import REGISTRY
from zhuoli.core.case import commands as c
from zhuoli.core.case.events import CameFrom, ServiceFailed, WentOn
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import Case
from zhuoli.core.case.story import tell
from zhuoli.core.scenario.folder import read_folder
from zhuoli.office import read
from zhuoli.office.handle import Handled, Request
from zhuoli.office.wishes import Wish, keep_wish, wish_of
from zhuoli.office.worker import LEASE, Done, Worker
from zhuoli.store.models import CaseRecord, FileRecord
from zhuoli.store.replay import replay
from zhuoli.store.verify import verify

SHELF = Path(__file__).parents[2] / "scenarios"
ZHAO = Actor(kind="party", party="p-zhao")
STORY = "朋友借三万元两年不还，有欠条。"
ANSWERS = {
    "kind": "money",
    "heated": "threat",
    "stage": "nowhere",
    "story": STORY,
    "place": "620103003000",
    "name": "赵刚",
    "phone": "13900000043",
    "other_name": "借钱的朋友",
}
IOU = b"I owe thirty thousand."


@pytest.fixture
def office(alias: str, tmp_path: Path) -> TestOffice:
    found = [
        read_folder(SHELF / name)[0]
        for name in ("dispute_mediation", "legal_service_request", "administrative_review")
    ]
    assert all(found)
    return make_office(alias, tmp_path, *[each for each in found if each])


def lead(case: Handled) -> Actor:
    unit = case.state.unit
    return Actor(kind="post", unit=unit, post=f"post@{unit}", roles=("officer",))


def failed_talks(office: TestOffice, **hand_over: object) -> Handled:
    """A dispute that the other side does not want mediated, handed over; the next matter is due to be opened."""
    file = office.files.put(
        IOU, name="欠条", media_type="image/jpeg", now=office.clock(), question="photos", party="p-zhao"
    )
    case = office.handle(
        Request(
            key=office.key(),
            scenario="dispute_mediation",
            actor=ZHAO,
            command=c.Open(
                receipt="",
                channel="web",
                parties={"requester": "p-zhao", "other": "p-friend"},
                answers=ANSWERS,
                files=(file,),
            ),
        )
    )
    keep_wish(office, case.case, "p-zhao", Wish("en"))
    office.do(case, c.Accept(), lead(case))
    office.do(
        case,
        c.Complete(task="ask_other", outcome="declines", reason="法院见", answers={"times": 2}),
        lead(case),
    )
    answers = {"to": "legal_service", "consent": True, **hand_over}
    return office.do(case, c.Complete(task="hand_over", answers=answers), lead(case))


def run(office: TestOffice, name: str = "w1") -> Done:
    hand = Worker(office, REGISTRY, name=name)
    total = Done()
    for _ in range(8):
        done = hand.run_once()
        total = Done(served=total.served + done.served, failed=total.failed + done.failed)
        if not done.total:
            break
    return total


def next_of(office: TestOffice, case: Handled) -> Case:
    (link,) = read.load_state(case.case, office.alias).onward
    return read.load_state(link.case, office.alias)


def test_the_next_matter_has_all_papers_and_the_same_people(office: TestOffice) -> None:
    case = failed_talks(office)
    assert run(office).failed == 0
    after = next_of(office, case)
    opened = read.open_case(
        office, after.id, Actor(kind="system"), fields=("form.story", "form.name", "form.phone")
    )
    assert (after.scenario, after.channel, after.status) == ("legal_service_request", "handover", "received")
    assert after.unit == "legal_service@620103"
    assert after.parties == {"requester": "p-zhao"}, "the other side stays behind"
    assert opened.personal == {"form.story": STORY, "form.name": "赵刚", "form.phone": "13900000043"}
    assert after.answers["form.event"] == "neighbours"
    assert after.answers["form.danger"] is True
    assert "借钱的朋友" not in str(opened)
    (file, attached), *rest = [each for each in opened.state.files.items() if each[1].question]
    assert (attached.name, attached.question, attached.by) == ("欠条", "form.papers", "p-zhao")
    assert b"".join(office.files.read(file, after.id)) == IOU
    assert {each.by for _, each in rest} <= {""}
    assert wish_of(office, after.id, "p-zhao").language == "en"
    assert replay(office.alias).equal
    assert verify(None, office.clock(), office.alias).good


def test_both_know_of_each_other_in_both_languages(office: TestOffice) -> None:
    case = failed_talks(office)
    run(office)
    before, after = read.load_state(case.case, office.alias), next_of(office, case)
    assert after.origin is not None
    assert (after.origin.case, after.origin.receipt) == (before.id, before.receipt)
    for state, kind, receipt in ((before, WentOn, after.receipt), (after, CameFrom, before.receipt)):
        plan = office.library.pinned(state.version, state.scenario)
        (said,) = [
            line
            for entry in read.history(state.id, office.alias)
            for event in entry.events
            if isinstance(event, kind)
            for line in tell(plan, [event], entry.at, office.directory, "party")
        ]
        assert receipt in said.text.zh
        assert receipt in said.text.en


def test_the_looks_at_what_goes_along_are_told_to_the_person(office: TestOffice) -> None:
    case = failed_talks(office)
    run(office)
    looks = read.looks(case.case, "p-zhao", now=office.clock(), alias=office.alias)
    seen = {field for look in looks if look.purpose == "hand_on" for field in look.fields}
    assert {"form.story", "form.name", "form.phone", "form.photos"} <= seen
    friend = read.looks(case.case, "p-friend", now=office.clock(), alias=office.alias)
    assert not [look for look in friend if look.party == "p-friend"]


def test_without_consent_nothing_goes_on(office: TestOffice) -> None:
    case = failed_talks(office, consent=False)
    run(office)
    assert read.load_state(case.case, office.alias).onward == ()
    assert CaseRecord.objects.using(office.alias).count() == 1


def test_a_killed_worker_that_asks_again_opens_nothing_twice(
    office: TestOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the next matter was committed, before its own case learned of it; the answers change meanwhile."""
    case = failed_talks(office)
    real = office.handle

    def die_before_the_report(request: Request) -> Handled:
        if isinstance(request.command, c.ReportService) and request.command.task == "go_on":
            raise KeyboardInterrupt
        return real(request)

    monkeypatch.setattr(office, "handle", die_before_the_report)
    with pytest.raises(KeyboardInterrupt):
        run(office)
    monkeypatch.undo()
    assert CaseRecord.objects.using(office.alias).count() == 2
    assert read.load_state(case.case, office.alias).onward == ()
    office.do(case, c.Record(answers={"phone": "13900000099"}), ZHAO)
    office.clock.now += LEASE
    assert run(office, "w2").failed == 0
    assert CaseRecord.objects.using(office.alias).count() == 2
    assert next_of(office, case).origin is not None
    assert replay(office.alias).equal


def test_a_killed_worker_leaves_no_half_matter(office: TestOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    case = failed_talks(office)
    real = office.handle

    def die_before_opening(request: Request) -> Handled:
        if isinstance(request.command, c.Open):
            raise KeyboardInterrupt
        return real(request)

    monkeypatch.setattr(office, "handle", die_before_opening)
    with pytest.raises(KeyboardInterrupt):
        run(office)
    monkeypatch.undo()
    assert CaseRecord.objects.using(office.alias).count() == 1
    office.clock.now += LEASE
    run(office, "w2")
    assert next_of(office, case).files
    drafts = FileRecord.objects.using(office.alias).filter(case_id__isnull=True)
    assert drafts.count() >= 1, "what was copied in vain is swept as any draft"


def test_why_it_was_not_taken_is_said_and_a_person_takes_over(office: TestOffice) -> None:
    """The scenario that should take it is gone from the shelf."""
    case = failed_talks(office)
    kept = office.library.scenarios()["dispute_mediation"]
    office.library.replace([kept])
    for _ in range(12):
        run(office)
        office.clock.now += 7 * 3_600_000
    state = read.load_state(case.case, office.alias)
    errors = [
        event.error
        for entry in read.history(case.case, office.alias)
        for event in entry.events
        if isinstance(event, ServiceFailed)
    ]
    assert "legal_service_request" in errors[0]
    assert "架上没有场景" in errors[0]
    assert "loop.repair:go_on" in state.items
    assert state.onward == ()


def test_nobody_hands_on_by_hand(office: TestOffice) -> None:
    answers = {
        "event": "other",
        "need": "advice",
        "danger": False,
        "story": "…",
        "place": "620103003000",
        "name": "n",
        "phone": "13900000043",
    }
    origin = c.OtherMatter(case=1, scenario="dispute_mediation", receipt="ZL-1")
    parties = {"requester": "p-zhao"}
    officer = Actor(kind="post", unit="legal_service@620103", post="p", roles=("officer", "dispatcher"))
    for actor, channel, given in (
        (ZHAO, "handover", None),
        (ZHAO, "handover", origin),
        (ZHAO, "web", origin),
        (officer, "handover", origin),
        (Actor(kind="system"), "handover", None),
    ):
        command = c.Open(receipt="", channel=channel, parties=parties, answers=answers, origin=given)
        with pytest.raises((Refusal, Exception)) as refused:
            office.handle(
                Request(key=office.key(), scenario="legal_service_request", actor=actor, command=command)
            )
        assert getattr(refused.value, "code", "") in ("origin_and_channel", "not_yours", "role_missing")
