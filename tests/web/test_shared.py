"""What a party passes on to its insurer: its own copy alone, with consent, taken back until it is taken up; told to both sides."""

from __future__ import annotations

import hashlib
import re

import pytest
from tests.web.site import Clock, Visitor, drawn, picture
from tests.web.test_accident import OFFICER, both_tell, determine, link, report
from tests.web.test_evidence import safe

from zhuoli.capabilities import REGISTRY
from zhuoli.channels.messages.links import make_token
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.office.seals import BadSeal, ToSeal, seal_system
from zhuoli.office.worker import Worker
from zhuoli.store.models import LookRecord, OutboxRecord, ShareRecord
from zhuoli.store.replay import replay
from zhuoli.web import door
from zhuoli.web.papers import prints

FIRST, SECOND = "insurer1-62", "insurer2-62"
OTHERS = "甘A54321"
OWN = "甘A12345"


def determined(visitor: Visitor, case: Case | None = None) -> Case:
    """Report an accident and let it be determined."""
    case = case or report(visitor)
    both_tell(visitor, case)
    officer = Visitor().be(OFFICER)
    determine(officer, case, f"The first side stood. By mistake the plate {OTHERS} stands here.")
    work()
    return door.load(case.id)


def work() -> None:
    hand = Worker(door.office(), REGISTRY, name="test")
    for _ in range(4):
        hand.run_once()


def paper_link(case: Case, role: str) -> str:
    """Return the link by which a side was given its determination."""
    record = OutboxRecord.objects.get(
        case_id=case.id, party=case.parties[role], about__startswith="notice determination "
    )
    return f"/en/m/{make_token(door.office(), record)}/"


def claims(unit: str) -> Visitor:
    return Visitor().be(f"{unit}/insurer")


def page_of(case: Case, role: str = "requester") -> str:
    return f"/en/desk/shared/{case.id}/insurer/{role}/"


def test_nothing_can_be_passed_on_before_there_is_a_result(visitor: Visitor, demo: None) -> None:
    case = report(visitor)
    visitor.get(f"/en/my/{case.receipt}/")
    assert 'action="' in visitor.html
    assert "/share/" not in visitor.html
    assert claims(FIRST).get(page_of(case)).status == 403


def test_consent_reading_answer_and_what_the_other_side_learns(visitor: Visitor, demo: None) -> None:
    case = determined(visitor)
    insurer, stranger = claims(FIRST), claims(SECOND)
    assert insurer.get(page_of(case)).status == 403
    assert insurer.get(f"/en/desk/cases/{case.id}/").status == 403, "the desk's own page is not for it"

    visitor.get(f"/en/my/{case.receipt}/").send("share/", unit=FIRST)
    assert visitor.status == 422, "without the consent nothing is passed on"
    assert not door.load(case.id).shares
    visitor.send("share/", unit="lawyers-6201", consent="yes")
    assert visitor.status == 422, "only an insurer"
    visitor.get(f"/en/my/{case.receipt}/").send("share/", unit=FIRST, consent="yes")
    assert visitor.status == 200, visitor.text
    assert "not taken up yet" in visitor.text

    assert stranger.get(page_of(case)).status == 403
    assert page_of(case) not in stranger.get("/en/desk/shared/").html
    insurer.get("/en/desk/shared/")
    assert page_of(case) in insurer.html
    insurer.get(page_of(case))
    assert OWN not in insurer.html, "before it is taken up only that there is something is seen"
    assert LookRecord.objects.filter(case_id=case.id, purpose="claim").count() == 0
    assert insurer.get(page_of(case, "other")).status == 403, "the other side has passed on nothing"

    insurer.get(page_of(case)).send("take_share/")
    assert insurer.status == 200, insurer.text
    said = insurer.text
    assert OWN in said
    assert "Ma" in said
    for secret in (OTHERS, "Zhang", "13909310062"):
        assert secret not in insurer.html, f"{secret} belongs to the other side"
    assert "the other side's, left out" in said
    # What is masked reads as masked: its marks are no bold type.
    assert "contact ****, vehicle: Car, plate ****, insurer Demo" in said
    assert LookRecord.objects.filter(
        case_id=case.id, purpose="claim", party=case.parties["requester"]
    ).exists()
    assert not LookRecord.objects.filter(
        case_id=case.id, purpose="claim", party=case.parties["other"]
    ).exists()
    pdf = re.findall(r'href="([^"]+\.pdf)"', insurer.html)
    assert insurer.get(pdf[0]).status == 200

    visitor.get(f"/en/my/{case.receipt}/")
    assert "/unshare/" not in visitor.html, "what was read cannot be taken back"
    insurer.get(page_of(case)).send("answer_share/", answer="opened", number="13909310061")
    assert insurer.status == 422, "a telephone number is no claim number"
    insurer.get(page_of(case)).send("answer_share/", answer="opened", number="PDAA 2026-0042")
    assert insurer.status == 200, insurer.text
    visitor.get(f"/en/my/{case.receipt}/")
    assert "PDAA2026-0042" in visitor.text
    assert "A claim has been opened" in visitor.text

    other = Visitor()
    other.get(paper_link(case, "other"))
    assert "First side" in other.text, "both sides see that the insurer was told, and when"
    assert "PDAA2026-0042" not in other.text, "and the number is only for whose it is"
    assert "PDAA2026-0042" in Visitor().be(OFFICER).get(f"/en/desk/cases/{case.id}/").text
    assert replay().equal


def test_the_other_side_passes_on_by_its_link_and_takes_it_back(visitor: Visitor, demo: None) -> None:
    case = determined(visitor)
    other = Visitor()
    other.get(paper_link(case, "other")).send("share/", unit=SECOND, consent="yes")
    assert other.status == 200, other.text
    assert door.load(case.id).shares[f"insurer:{case.parties['other']}"].unit == SECOND
    insurer = claims(SECOND)
    assert insurer.get(page_of(case, "other")).status == 200
    other.get(paper_link(case, "other")).send("unshare/")
    assert other.status == 200, other.text
    assert insurer.get(page_of(case, "other")).status == 403
    assert not ShareRecord.objects.filter(case_id=case.id).exists()
    visitor.get(f"/en/my/{case.receipt}/")
    assert "taken back" in visitor.text, "the story keeps that it was, and that nobody had read it"


@pytest.mark.parametrize("who", ["psb-620102/officer", "lawyers-6201/partner", "psb-620102/supervisor"])
def test_the_pages_are_for_insurers_alone(visitor: Visitor, demo: None, who: str) -> None:
    case = determined(visitor)
    visitor.get(f"/en/my/{case.receipt}/").send("share/", unit=FIRST, consent="yes")
    assert Visitor().be(who).get("/en/desk/shared/").status == 403
    assert Visitor().be(who).get(page_of(case)).status == 403


def test_blurred_copies_of_the_own_side_alone(visitor: Visitor, demo: None) -> None:
    case = report(visitor)
    safe(visitor, f"/en/my/{case.receipt}/evidence/")
    visitor.send("", shot="whole", file=picture())
    assert visitor.status == 200, visitor.text
    other = Visitor()
    page = link(case, "other", "second_says")
    safe(other, f"{page}evidence/").send("", shot="whole", file=picture("theirs.png", drawn(size=(80, 60))))
    assert other.status == 200, other.text
    case = determined(visitor, case)
    files = {each.by: file for file, each in case.files.items() if each.question == "evidence.whole"}
    visitor.get(f"/en/my/{case.receipt}/").send("share/", unit=FIRST, consent="yes")
    insurer = claims(FIRST)
    own, theirs = (f"{page_of(case)}evidence/{files[case.parties[role]]}/" for role in ("requester", "other"))
    assert insurer.get(f"{own}frame-0/").status == 403, "not before it is taken up"
    insurer.get(page_of(case)).send("take_share/")
    assert f"{own}frame-0/" in insurer.html
    assert theirs not in insurer.html
    assert insurer.get(f"{own}frame-0/").headers["Content-Type"] == "image/jpeg"
    for closed in (f"{theirs}frame-0/", f"{own}original/", f"{own}playback/"):
        assert insurer.get(closed).status == 404, closed
    looks = LookRecord.objects.filter(case_id=case.id, purpose="claim")
    assert {each.party for each in looks} == {case.parties["requester"]}


def test_who_passed_it_on_is_told_that_the_insurer_has_answered(visitor: Visitor, demo: None) -> None:
    case = determined(visitor)
    other = Visitor().get(paper_link(case, "other"))
    other.send("share/", unit=FIRST, consent="yes")
    insurer = claims(FIRST)
    insurer.get(page_of(case, "other")).send("take_share/")
    insurer.get(page_of(case, "other")).send("answer_share/", answer="opened", number="BX-1")
    [record] = OutboxRecord.objects.filter(case_id=case.id, about="answer insurer")
    assert record.party == case.parties["other"]
    assert "has an answer from your insurer" in visitor.get("/en/outbox/").text
    other.get(f"/en/m/{make_token(door.office(), record)}/")
    assert "BX-1" in other.text
    assert "Ma" not in other.text.split(), "nothing of the first side"


def test_a_link_that_has_run_out_is_sent_anew_to_its_own_telephone(
    visitor: Visitor, demo: None, clock: Clock
) -> None:
    case = determined(visitor)
    old = paper_link(case, "other")
    clock.pass_hours(31 * 24)
    other = Visitor().get(old)
    assert other.status == 410
    before = OutboxRecord.objects.count()
    for _ in range(2):
        other.get(old).send("/again/")
        assert "If this fits, a new link is on its way" in other.text
    assert OutboxRecord.objects.count() == before + 1, "once a day"
    fresh = OutboxRecord.objects.latest("id")
    assert fresh.party == case.parties["other"]
    token = make_token(door.office(), fresh)
    assert token not in other.html, "it goes to the telephone and nowhere else"
    other.get(f"/en/m/{token}/").send("share/", unit=FIRST, consent="yes")
    assert other.status == 200, other.text
    assert f"insurer:{case.parties['other']}" in door.load(case.id).shares


@pytest.mark.parametrize(
    ("telephone", "sent"), [("139 0931 0062", 1), ("+86 13909310061", 1), ("13909310063", 0), ("", 0)]
)
def test_a_lost_link_is_sent_to_whoever_has_that_telephone_and_nobody_learns_who(
    visitor: Visitor, demo: None, clock: Clock, telephone: str, sent: int
) -> None:
    case = determined(visitor)
    clock.pass_hours(24)
    before = OutboxRecord.objects.count()
    stranger = Visitor().get("/en/m/again/")
    stranger.send("/m/again/", receipt=case.receipt, telephone=telephone)
    assert "If this fits, a new link is on its way" in stranger.text
    assert OutboxRecord.objects.count() == before + sent
    stranger.get("/en/m/again/").send("/m/again/", receipt="nonsense", telephone=telephone)
    assert stranger.status == 422


class Recording:
    """A seal system of an office: it keeps what it has sealed."""

    def __init__(self) -> None:
        self.sealed: list[ToSeal] = []

    def seal(self, paper: ToSeal) -> Text:
        self.sealed.append(paper)
        return Text("专用章 S-1", "Seal S-1")


def test_an_office_puts_its_own_seal_on_a_determination(
    visitor: Visitor, demo: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seal is put under exactly what is issued: without its line the filed words have the digest that was sealed."""
    system = Recording()
    monkeypatch.setattr(door.office(), "seal", system)
    case = determined(visitor)
    assert [each.notice for each in system.sealed] == ["determination", "determination"]
    filed = [
        prints.filed_text(case, file)
        for file, each in case.files.items()
        if each.media_type.startswith("text/") and "认定书" in prints.notice_text(case, file).splitlines()[0]
    ]
    digests = set()
    for document in filed:
        assert "专用章 S-1" in document
        zh, en = document.replace("专用章 S-1", "").replace("Seal S-1", "").split("\n\n---\n\n")
        bodies = [part.split("\n\n", 2)[2] for part in (zh, en)]
        digests.add(hashlib.sha256("".join(bodies).encode()).hexdigest())
    assert digests == {each.sha256 for each in system.sealed}
    monkeypatch.setattr(door.office(), "seal", seal_system("", demo=True))
    assert "of no effect" in door.office().seal.seal(system.sealed[0]).en
    assert "no official seal" in seal_system("", demo=False).seal(system.sealed[0]).en
    assert isinstance(seal_system(f"{__name__}:Recording", demo=False), Recording)
    for wrong in ("x", "no.such:thing"):
        with pytest.raises(BadSeal):
            seal_system(wrong, demo=False)
