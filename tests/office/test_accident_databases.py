"""Evidence and what is passed on, on SQLite and on PostgreSQL: entries, rows, copies, erasure and replay are the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.evidence.clips import clip
from tests.shelf import project_shelf
from tests.store.databases import TestOffice, make_office

from zhuoli.capabilities import REGISTRY
from zhuoli.core.case import commands as c
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.refusals import Refusal
from zhuoli.demo.signing import GeneratedCodes
from zhuoli.evidence import bundle
from zhuoli.office import read
from zhuoli.office.access import Denied
from zhuoli.office.errors import Conflict
from zhuoli.office.handle import Request
from zhuoli.office.worker import Worker
from zhuoli.store.models import FileRecord, ShareRecord
from zhuoli.store.replay import replay
from zhuoli.store.verify import verify

SHELF = Path(__file__).parents[2] / "scenarios"
ONE, TWO = Actor(kind="party", party="d1"), Actor(kind="party", party="d2")
INSURER = Actor(kind="post", unit="insurer@62", post="insurer-1", roles=("insurer",))
ANOTHER = Actor(kind="post", unit="insurer@63", post="insurer-2", roles=("insurer",))
REPORT: dict[str, Any] = {
    "hurt": "none",
    "safe": True,
    "risky": ["none_of_these"],
    "place": "620102001000",
    "spot": "the crossing",
    "at": "2026-03-02T08:50",
    "weather": "clear",
    "kind": "motor_motor",
    "wish": "own",
    "name": "甲",
    "phone": "13900000021",
    "other_phone": "13900000022",
}
TOLD = {
    "mine": "car",
    "situation": "rear_end",
    "hit": "back",
    "story": "So it was.",
    "plate": "甘A12346",
    "licence": "演示证号",
    "insurer": "演示财险",
    "policy": "演示保单",
    "joins": True,
}


@pytest.fixture
def accident(alias: str, tmp_path: Path) -> tuple[TestOffice, int]:
    """An accident that both sides want to settle, with a real video of the first."""
    office = make_office(alias, tmp_path, project_shelf().scenarios["minor_accident"])
    command = c.Open(
        receipt="", channel="web", parties={"requester": "d1", "other": "d2"}, answers=REPORT, files=()
    )
    case = office.handle(
        Request(key=office.key(), command=command, actor=ONE, scenario="minor_accident")
    ).case
    film = clip(seconds=1, size=(160, 90), impact=0.5)
    file = office.files.put(film, name="a.mp4", media_type="video/mp4", now=office.clock(), question="film")
    office.do(case, c.Attach(files=(file,)), ONE)
    return office, case


def agreed(office: TestOffice, case: int) -> None:
    office.signing = GeneratedCodes()
    agreement = {"situation": "rear_end", "first": "none", "second": "full", "pay": "insurers", "sign": "甲"}
    office.do(case, c.Complete(task="first_says", answers={**TOLD, "acting": "b", "plate": "甘A12345"}), ONE)
    office.do(case, c.Complete(task="second_says", answers={**TOLD, "acting": "a"}), TWO)
    office.do(case, c.Complete(task="agree", answers=agreement), ONE)
    office.do(case, c.Complete(task="second_signs", outcome="signs", answers={"sign": "乙"}), TWO)


def test_a_video_is_sealed_copied_and_erased_with_its_party(accident: tuple[TestOffice, int]) -> None:
    office, case = accident
    hand = Worker(office, REGISTRY, name="test")
    for _ in range(3):
        office.clock.now += 1000
        hand.run_once()
    state = read.load_state(case, office.alias)
    (original,) = [file for file, each in state.files.items() if each.question == "evidence.film"]
    (copy,) = [file for file, each in state.files.items() if each.media_type == bundle.MEDIA_TYPE]
    report = bundle.open_head(office.files.read(copy, case))
    assert (report.original, report.reason) == (original, "")
    assert report.sha256 == state.files[original].sha256
    belongs = dict(FileRecord.objects.using(office.alias).filter(case_id=case).values_list("file", "party"))
    assert belongs[original] == belongs[copy] == "d1", "who erases the video erases its copy, too"
    assert replay(office.alias).equal
    assert not verify(None, office.clock.now, office.alias).faults


def test_what_is_passed_on_has_its_row_and_nobody_else_reads_it(accident: tuple[TestOffice, int]) -> None:
    office, case = accident
    share = c.Share(kind="insurer", unit="insurer@62", consent=True)
    with pytest.raises(Refusal, match="nothing_to_share"):
        office.do(case, share, ONE)
    agreed(office, case)
    with pytest.raises(Refusal, match="not_yours"):
        office.do(case, share, Actor(kind="party", party="d3"))
    office.do(case, share, ONE)
    rows = ShareRecord.objects.using(office.alias).filter(case_id=case)
    assert [(each.name, each.unit, each.taken) for each in rows] == [("insurer:d1", "insurer@62", None)]
    for stranger in (ANOTHER, Actor(kind="post", unit="lamps@620102", post="p", roles=("officer",))):
        with pytest.raises((Refusal, Denied)):
            office.do(case, c.TakeShare(share="insurer:d1"), stranger)
    office.do(case, c.Unshare(kind="insurer"), ONE)
    assert not rows.all().exists()
    office.do(case, share, ONE)
    office.do(case, c.TakeShare(share="insurer:d1"), INSURER)
    with pytest.raises(Refusal, match="share_read"):
        office.do(case, c.Unshare(kind="insurer"), ONE)
    answer = c.AnswerShare(share="insurer:d1", answer="opened", number="bx 42")
    office.do(case, answer, INSURER)
    found = rows.get()
    assert (found.answer, found.number, found.answered) == ("opened", "BX42", office.clock.now)
    with pytest.raises(Refusal, match="nothing_changes"):
        office.do(case, answer, INSURER)
    assert replay(office.alias).equal


def test_an_auxiliary_may_call_and_guide_but_not_determine(alias: str, tmp_path: Path) -> None:
    """Article 20: whoever asks for an officer gets one, and only an officer comes, states the facts and determines."""
    office = make_office(alias, tmp_path, project_shelf().scenarios["minor_accident"])
    command = c.Open(
        receipt="",
        channel="web",
        parties={"requester": "d1", "other": "d2"},
        answers={**REPORT, "wish": "online"},
    )
    case = office.handle(
        Request(key=office.key(), command=command, actor=ONE, scenario="minor_accident")
    ).case
    unit = read.load_state(case, alias).unit
    officer = Actor(kind="post", unit=unit, post="p1", roles=("officer",))
    auxiliary = Actor(kind="post", unit=unit, post="p2", roles=("auxiliary",))
    office.do(case, c.Complete(task="first_says", answers={**TOLD, "acting": "b"}), ONE)
    office.do(case, c.Complete(task="second_says", answers={**TOLD, "acting": "a"}), TWO)
    facts = {"unrelated": True, "situation": "rear_end", "acting": "second", "fault": "none"}
    facts |= {"special": "nothing", "found": "So it was."}
    stated = c.Complete(task="facts", outcome="clear", answers=facts)
    determined = c.Complete(
        task="determine", answers={"first": "none", "second": "full", "ground": "art. 43"}
    )
    with pytest.raises((Refusal, Denied)):
        office.do(case, stated, auxiliary)
    office.do(case, stated, officer)
    with pytest.raises((Refusal, Denied)):
        office.do(case, determined, auxiliary)
    # Until there is a determination either side may ask for an officer, and the online determination stops.
    office.do(case, c.Complete(task="second_asks", outcome="officer"), TWO)
    items = read.load_state(case, alias).items
    assert (items["come"].state, items["determine"].state) == ("active", "terminated")
    with pytest.raises(Refusal):
        office.do(case, determined, officer)


def test_what_the_software_brings_in_stops_no_form(accident: tuple[TestOffice, int]) -> None:
    """A copy that is made while somebody types is nothing to look at again; what a side has brought is."""
    office, case = accident
    state = read.load_state(case, office.alias)
    officer = Actor(kind="post", unit=state.unit, post="p", roles=("officer",))
    seen = state.seq
    hand = Worker(office, REGISTRY, name="test")
    for _ in range(3):
        office.clock.now += 1000
        hand.run_once()
    assert read.load_state(case, office.alias).seq > seen, "papers were issued, a copy was made"
    office.do(case, c.Note(text="x"), officer, expected_seq=seen)
    seen = read.load_state(case, office.alias).seq
    office.do(case, c.Complete(task="first_says", answers={**TOLD, "acting": "b", "plate": "甘A12345"}), ONE)
    with pytest.raises(Conflict):
        office.do(case, c.Note(text="y"), officer, expected_seq=seen)
    office.clock.now += 31 * 60_000
    seen = read.load_state(case, office.alias).seq
    hand.run_once()
    assert read.load_state(case, office.alias).seq > seen, "the other side is to be called"
    with pytest.raises(Conflict):
        office.do(case, c.Note(text="z"), officer, expected_seq=seen)
