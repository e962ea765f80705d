"""Papers through the pages: what is on them, who gets them, and whether one is genuine."""

from __future__ import annotations

import io
import re
import unicodedata
from typing import Any

import pytest
from pypdf import PdfReader
from stdnum.iso7064 import mod_37_36
from tests.web.site import BUREAU, Clock, Visitor, open_need, picture

from zhuoli.channels.papers import printing
from zhuoli.office import papers, read
from zhuoli.office.receipts import ALPHABET
from zhuoli.office.worker import Worker
from zhuoli.store.models import CaseRecord, LookRecord, PaperRecord
from zhuoli.web import door

UNKNOWN = f"P-0000-0000-000{mod_37_36.calc_check_digit('0' * 11, ALPHABET)}"
SECRET = "The lamp before the school has been dark for a week."


def pdf(visitor: Visitor, path: str, post: dict[str, Any] | None = None) -> str:
    response = visitor.client.get(path) if post is None else visitor.client.post(path, post)
    assert response.status_code == 200, response.content[:300]
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    pages = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def answered(visitor: Visitor, clock: Clock, result: str = "solved") -> tuple[str, int]:
    """A need that was answered; its receipt and its case."""
    from zhuoli.capabilities import REGISTRY

    receipt = open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    clock.pass_hours(1)
    officer.send("/accept/")
    officer.task("look").send(
        "/complete/", outcome="found", a_seen="Dark.", a_looked_on="2026-03-04", a_still_dangerous="no"
    )
    officer.task("handle").send("/complete/", outcome="solved", a_action="New bulb.", a_cause="broken")
    officer.send("/close/", result=result, answer="The lamp burns again.\n\nSee #photo.", files=picture())
    assert officer.status == 200, officer.text
    worker = Worker(door.office(), REGISTRY)
    while worker.run_once().served:
        pass
    return receipt, case


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_receipt(visitor: Visitor, clock: Clock, demo: None, lang: str) -> None:
    receipt = open_need(visitor, lang)
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}(?=</dd>)", visitor.html)
    assert code
    assert f'href="/{lang}/my/{receipt}/receipt.pdf"' in visitor.html
    said = pdf(visitor, f"/{lang}/my/{receipt}/receipt.pdf")
    assert receipt in said
    assert code[0] in said
    assert SECRET not in said
    for words in {
        "zh": (
            "回执",
            "酒泉路街道" if "酒泉路街道" in said else "城关区",
            "演示",
            "第1页,共1页",
            "2026年3月",
        ),
        "en": ("Receipt", "Why this date?", "Demonstration", "Page 1 of 1", "2026"),
    }[lang]:
        assert squeezed(words) in squeezed(said)
    assert Visitor().client.get(f"/{lang}/my/{receipt}/receipt.pdf").status_code == 403


def test_outside_the_demonstration_nothing_says_so(visitor: Visitor) -> None:
    assert "Demonstration" not in pdf(visitor, f"/en/my/{open_need(visitor)}/receipt.pdf")


def test_answer_and_notices(visitor: Visitor, clock: Clock, demo: None) -> None:
    receipt, case = answered(visitor, clock)
    said = pdf(visitor, f"/en/my/{receipt}/answer.pdf")
    assert "The lamp burns again." in said
    assert "See #photo." in said
    assert "unconfirmed" in said
    visitor.get(f"/en/my/{receipt}/")
    links = re.findall(rf"/en/my/{receipt}/notices/[0-9a-f]+\.pdf", visitor.html)
    assert len(set(links)) == 2
    assert ".md" not in visitor.text, "a paper goes by its title, not by how it is filed"
    assert f"Receipt {receipt}-" in visitor.text, "an English page calls it by its English title"
    header = visitor.client.get(links[0]).headers["Content-Disposition"]
    assert re.fullmatch(rf'inline; filename="[A-Za-z-]+-{receipt}-\d\d\.pdf"', header), header
    header = visitor.client.get(links[0].replace("/en/", "/zh/")).headers["Content-Disposition"]
    assert "; filename*=UTF-8''%" in header
    notices = {
        lang: [pdf(visitor, link.replace("/en/", f"/{lang}/")) for link in links] for lang in ("zh", "en")
    }
    assert any("Somebody has taken up what you told us" in each for each in notices["en"])
    assert any("已经有人接手" in each.replace(" ", "") for each in notices["zh"])
    assert not any("已经有人接手" in each.replace(" ", "") for each in notices["en"])
    assert any(f"No. {receipt}-" in each for each in notices["en"])
    officer = Visitor().be(BUREAU)
    before = LookRecord.objects.filter(case_id=case).count()
    assert "Somebody has taken up" in "".join(
        pdf(officer, link.replace(f"my/{receipt}", f"desk/cases/{case}")) for link in links
    )
    assert LookRecord.objects.filter(case_id=case).count() > before


def test_no_answer_no_paper(visitor: Visitor) -> None:
    receipt = open_need(visitor, **{"a-photos": picture()})
    assert visitor.client.get(f"/en/my/{receipt}/answer.pdf").status_code == 404
    file = next(iter(read.load_state(CaseRecord.objects.get().id).files))
    assert visitor.client.get(f"/en/my/{receipt}/notices/{file}.pdf").status_code == 404
    assert visitor.client.get(f"/en/my/{receipt}/notices/{'0' * 64}.pdf").status_code == 404


def test_print_out_for_the_desk_is_sealed_without_a_purpose(
    visitor: Visitor, clock: Clock, demo: None
) -> None:
    receipt, case = answered(visitor, clock)
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    said = pdf(officer, f"/en/desk/cases/{case}/print.pdf")
    assert SECRET not in said
    assert "Sealed; not opened for this print" in said
    for words in (
        receipt,
        "Rules that applied",
        "Ordinary matters",
        "What was done",
        "The lamp burns again.",
    ):
        assert words in said
    before = LookRecord.objects.filter(case_id=case, purpose="handle").count()
    officer.get(f"/en/desk/cases/{case}/")
    fields = {**dict(officer.form("/print.pdf").fields), "purpose": "handle"}
    assert SECRET in pdf(officer, f"/en/desk/cases/{case}/print.pdf", fields)
    assert LookRecord.objects.filter(case_id=case, purpose="handle").count() > before
    wrong = officer.client.post(f"/en/desk/cases/{case}/print.pdf", {**fields, "purpose": "curiosity"})
    assert wrong.status_code == 422
    stranger = Visitor().be("urban-620103/officer")
    assert stranger.client.get(f"/en/desk/cases/{case}/print.pdf").status_code == 403
    assert Visitor().client.get(f"/en/desk/cases/{case}/print.pdf").status_code == 403


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_paper_can_be_verified_by_anybody(visitor: Visitor, clock: Clock, demo: None, lang: str) -> None:
    receipt, _ = answered(visitor, clock)
    said = pdf(visitor, f"/{lang}/my/{receipt}/answer.pdf")
    number = re.search(r"P-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", said)
    assert number
    somebody = Visitor().get(f"/{lang}/verify/{number[0]}/")
    assert somebody.status == 200
    assert {"zh": "编号属实", "en": "Genuine"}[lang] in somebody.text
    assert {"zh": "答复书", "en": "final answer"}[lang] in somebody.text
    assert receipt not in somebody.html
    assert "lamp" not in somebody.html
    typed = number[0].replace("-", " ").lower().replace("0", "o")
    somebody.get(f"/{lang}/verify/").send("verify/", number=typed)
    assert {"zh": "编号属实", "en": "Genuine"}[lang] in somebody.text


@pytest.mark.parametrize(
    ("number", "said"),
    [(UNKNOWN, "No paper with this number"), ("P-0000-0000-000A", "one sign is wrong"), ("x", "wrong")],
)
def test_other_numbers_are_not_genuine(visitor: Visitor, number: str, said: str) -> None:
    visitor.get(f"/en/verify/{number}/")
    assert visitor.status == 404
    assert said in visitor.text
    assert "Genuine" not in visitor.text


def test_the_same_paper_has_one_number_and_another_one_another(visitor: Visitor, clock: Clock) -> None:
    receipt = open_need(visitor)
    for _ in range(2):
        pdf(visitor, f"/en/my/{receipt}/receipt.pdf")
    assert PaperRecord.objects.count() == 1
    pdf(visitor, f"/zh/my/{receipt}/receipt.pdf")
    assert PaperRecord.objects.count() == 2
    assert papers.register(door.office(), 1, "notice", "", "x") != papers.register(
        door.office(), 2, "notice", "", "x"
    )


def test_when_the_typesetter_fails_a_page_says_so(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = open_need(visitor)
    monkeypatch.setattr(printing, "LONGEST", 10)
    visitor.get(f"/en/my/{receipt}/receipt.pdf")
    assert visitor.status == 503
    assert "cannot be made right now" in visitor.text


def test_after_erasure_nothing_can_be_printed(visitor: Visitor, clock: Clock, demo: None) -> None:
    receipt, case = answered(visitor, clock)
    state = read.load_state(case)
    visitor.get(f"/en/my/{receipt}/")
    links = re.findall(rf"/en/my/{receipt}/notices/[0-9a-f]+\.pdf", visitor.html)
    work = door.office()
    from zhuoli.store.append import Work
    from zhuoli.store.driver import open_driver

    driver = open_driver(work.alias)
    hand = Work(driver, work.ring)
    driver.begin()
    hand.load(case)
    hand.destroy_key(case, state.parties["requester"])
    hand.prepare()
    hand.write()
    driver.commit()
    hand.committed()
    assert [visitor.client.get(link).status_code for link in links] == [404, 404]
