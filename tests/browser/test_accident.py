"""The four lawful ways on phones: two drivers, an officer and an insurer, each at 360 px, with real videos that were made here.

Everything is done in the browser: the report step by step, the video by the led shots, two statements, the agreement or the
determination, and what is passed on to an insurer. The second driver has nothing but the links of its messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.test_evidence import shown
from tests.browser.test_story import Screen, screen, step
from tests.evidence.clips import clip
from tests.web.site import WEDNESDAY, Clock

from zhuoli.capabilities import REGISTRY
from zhuoli.channels.messages.links import make_token
from zhuoli.core.case.state import Case
from zhuoli.environment import read_environment
from zhuoli.lake.importing import import_file
from zhuoli.office.one_time_codes import OneTimeCodes
from zhuoli.office.worker import Worker
from zhuoli.store.models import OutboxRecord, ReceiptRecord
from zhuoli.web import door
from zhuoli.web.registers.known import registers

pytestmark = pytest.mark.browser

OFFICER = "psb-620102/officer"
INSURER = "insurer1-62/insurer"
REPORT: dict[str, Any] = {
    "hurt": "none",
    "safe": "yes",
    "risky": "none_of_these",
    "consent": "no",
    "spot": "路口",
    "at": "2026-03-04T10:50",
    "weather": "clear",
    "kind": "motor_motor",
    "wish": "online",
    "name": "马先",
    "phone": "13909310061",
    "other_phone": "13909310062",
}
URGENT = {("hurt", "slight"): "122", ("risky", "drink_drugs"): "122"}
FIRST = {"mine": "car", "situation": "rear_end", "acting": "b", "hit": "back", "joins": "yes"}
FIRST |= {"story": "我停着等灯。", "plate": "甘A12345"}
PAPERS = {"licence": "演示证号", "insurer": "演示财险", "policy": "演示保单"}
SECOND = {"mine": "car", "situation": "rear_end", "acting": "a", "hit": "front", "joins": "yes"}
SECOND |= {"story": "没刹住。", "plate": "甘A54321", "name": "张后"}
SPOTS = {
    "divisions": "code,name,level,parent\n620000000000,甘肃省,province,\n620102000000,城关区,county,620000000000\n",
    "road_spots": "spot,name,road_kind,place,county\n"
    "R000012,酒泉路街道路口 1,junction,620102000000,620102000000\n"
    "R000013,张掖路街道路段 2,section,620102000000,620102000000\n",
}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = msgspec.structs.replace(read_environment(), data=tmp_path)
    monkeypatch.setattr("zhuoli.store.incoming.read_environment", lambda: own)


@pytest.fixture(scope="module", autouse=True)
def _junctions() -> None:
    """The junctions among which the officer finds the one of the accident."""
    lake = read_environment().data / "lake"
    for name, rows in SPOTS.items():
        path = lake.parent / f"{name}.csv"
        path.write_text(rows, encoding="utf-8")
        assert import_file(lake, registers(), name, path, now=WEDNESDAY).rejected == 0


@pytest.fixture(scope="module")
def films() -> dict[str, bytes]:
    """A real video of each side: the same blow, seen by two cameras."""
    return {
        role: clip(seconds=2, size=(320, 180), impact=1.0, seed=number)
        for number, role in enumerate(("requester", "other"), 1)
    }


class People:
    """Two drivers, an officer and an insurer, each with a phone of their own."""

    def __init__(self, stack: ExitStack, browser: Browser, address: str, clock: Clock) -> None:
        self.clock = clock
        one, two, officer, insurer = (
            stack.enter_context(screen(browser, address, "zh", "narrow", has_touch=True)) for _ in range(4)
        )
        self.one, self.two, self.officer, self.insurer = one, two, officer, insurer
        for each in (one, two, officer, insurer):
            each.page.context.set_default_timeout(30_000)
        officer.be(OFFICER)
        insurer.be(INSURER)

    def work(self) -> None:
        """Let the software do what waits: look through the videos, issue papers; each round takes a second."""
        hand = Worker(door.office(), REGISTRY, name="test")
        for _ in range(5):
            self.clock.pass_hours(1 / 3600)
            hand.run_once()


@pytest.fixture
def people(browser: Browser, address: str, clock: Clock) -> Iterator[People]:
    with ExitStack() as stack:
        yield People(stack, browser, address, clock)


def report(seen: Screen, **changes: Any) -> Case:
    """Report an accident step by step."""
    page, answers = seen.page, {**REPORT, **changes}
    seen.open("matters/minor_accident/form/")
    asked: set[str] = set()
    while page.locator(".here[data-question]").count():
        name = page.locator(".here").first.get_attribute("data-question") or ""
        if name in asked:
            break
        asked.add(name)
        if name == "place":
            for level, code in (("city", "6201"), ("county", "620102"), ("town", "620102001")):
                page.select_option(f"#a-place-{level}", code.ljust(12, "0"))
        elif name in answers:
            put(page, f"a-{name}", answers[name])
            if (name, answers[name]) in URGENT:
                # Help comes first: the number to call stands there at once, before anything else is asked.
                expect(
                    page.locator(f".here .danger a[href='tel:{URGENT[name, answers[name]]}']")
                ).to_be_visible()
                seen.check()
                shown(page, f"urgent-{name}-360")
        if asked >= {"other_phone", "photos"}:
            break
        step(page)
    step(page)
    seen.leave("[data-send]")
    if answers["hurt"] == "slight" or answers["risky"] != "none_of_these":
        # And once more before anything is taken.
        expect(page.locator(".danger a[href='tel:122']").first).to_be_visible()
        page.locator("form[data-form]").evaluate("form => form.scrollIntoView()")
        with page.expect_event("load"):
            page.evaluate("document.querySelector('form[data-form]').requestSubmit()")
    assert "/receipt/" in page.url, page.url
    receipt = page.url.split("/")[5]
    return door.load(ReceiptRecord.objects.get(receipt=receipt).case_id)


def put(place: Any, name: str, value: str) -> None:
    """Fill in one field, whatever kind it is."""
    choice = place.locator(f"[name={name}][value='{value}']")
    if choice.count():
        choice.first.check(force=True)
    else:
        place.locator(f"[name={name}]").first.fill(value)


def do(seen: Screen, path: str, task: str, answers: dict[str, str]) -> None:
    """Open a page, fill in the form of a task there and send it."""
    seen.open(path)
    form = seen.act("complete", task)
    for name, value in answers.items():
        put(form, name if name in ("outcome", "reason") else f"a-{name}", value)
    seen.send(form)
    expect(seen.page.locator("#problem")).to_have_count(0)


def sign(seen: Screen, case: Case, path: str, task: str, answers: dict[str, str]) -> None:
    """Fill in a form, mistype the code once, then sign with the one that came."""
    page = seen.page
    seen.open(path)
    form = seen.act("complete", task)
    for name, value in answers.items():
        put(form, name if name == "outcome" else f"a-{name}", value)
    form.locator("[name=_sign]").click()
    field = page.locator(f"form:has(input[value='{task}']) [name=_code]")
    expect(page.locator(f"form:has(input[value='{task}']) [role=status]")).to_contain_text(
        "验证码正在发到 139****"
    )
    expect(field).to_be_focused()
    shown(page, f"sign-{task}-360")
    seen_out(page, task)
    record = OutboxRecord.objects.filter(case_id=case.id, about__startswith="code ").latest("id")
    system = door.office().signing
    assert isinstance(system, OneTimeCodes)
    right = system.code(record.about, door.office().clock())
    field.fill(f"{(int(right) + 1) % 10**6:06}")
    seen.send(seen.act("complete", task))
    expect(field).to_have_attribute("aria-invalid", "true")
    shown(page, f"sign-wrong-{task}-360")
    field.fill(right)
    with page.expect_navigation():
        field.press("Enter")
    seen.check()
    expect(page.locator("#problem")).to_have_count(0)


def seen_out(page: Page, task: str) -> None:
    """The message is refused, then given up, then sent anew: the form says each of it by itself, and keeps what was typed."""
    status = page.locator(f"form:has(input[value='{task}']) [role=status]")
    name = page.locator(f"form:has(input[value='{task}']) [name=a-sign]")
    before = name.input_value()
    messages = OutboxRecord.objects.filter(about__startswith="code ")
    last = messages.latest("id").id
    for told, change in (
        ("还没被接收，正在再试", {"tries": 1}),
        ("短信没有发出去", {"ended": 1, "outcome": "failed"}),
    ):
        messages.filter(id=last).update(**change)
        expect(status).to_contain_text(told)
        shown(page, f"sign-{task}-{change.get('outcome', 'refused')}-360")
    assert name.input_value() == before
    messages.filter(id=last).update(ended=None, outcome="", tries=0)


def bring(seen: Screen, path: str, film: bytes) -> None:
    """Be led through the shots, and bring a video."""
    page = seen.page
    seen.open(path)
    if page.locator("[name=hurt]").count():
        page.locator("[name=hurt][value=no]").check()
        for each in ("lights", "triangle", "away"):
            page.locator(f"[name={each}]").check()
        with page.expect_navigation():
            page.get_by_role("button", name="安全了").click()
    page.locator("[data-shot=film] [data-file]").set_input_files(
        {"name": "crash.mp4", "mimeType": "video/mp4", "buffer": film}
    )
    expect(page.locator(".queued li").last).to_contain_text("SHA-256")
    seen.check()


def link(case: Case, about: str, role: str = "other") -> str:
    """Return the path behind the link of a message."""
    record = OutboxRecord.objects.filter(
        case_id=case.id, party=case.parties[role], about__startswith=f"{about} "
    ).latest("id")
    return f"m/{make_token(door.office(), record)}/"


def desk(case: Case) -> str:
    return f"desk/cases/{case.id}/"


def state_facts(officer: Screen, case: Case) -> None:
    """Begin with the words that fit, edit them, and determine as the table proposes."""
    page = officer.page
    officer.open(desk(case))
    form = officer.act("complete", "facts")
    form.locator(".templates > summary").click()
    button = form.locator("[data-template]").first
    expect(button).to_be_visible()
    button.click()
    words = form.locator("[name=a-found]")
    expect(words, "what both have pointed at comes first").to_have_value(re.compile("^图上的A沿"))
    words.fill(words.input_value().replace("____", "一处"))
    form.locator("[name=a-road_spot]").select_option(label="酒泉路街道路口 1")
    form.locator("[name=a-loss]").fill("2500")
    if form.locator("[name=a-injured]").count():
        form.locator("[name=a-injured]").fill("1")
    officer.check()
    shown(page, "facts-360")
    answers = {"unrelated": "yes", "situation": "rear_end", "acting": "second", "fault": "none"}
    for name, value in {**answers, "special": "nothing"}.items():
        put(form, f"a-{name}", value)
    put(form, "outcome", "clear")
    officer.send(form)
    do(officer, desk(case), "determine", {"first": "none", "second": "full", "ground": "道交法第四十三条"})


def pass_on(seen: Screen, path: str) -> None:
    """Agree, and pass one's own copy on to one's insurer."""
    seen.open(path)
    form = seen.act("share")
    form.locator("[name=unit]").select_option(INSURER.split("/")[0])
    form.locator("[name=consent]").check()
    seen.check()
    seen.send(form)
    expect(seen.page.locator(".told")).to_contain_text("还没有接收")


def claim(insurer: Screen, case: Case, role: str, *, video: bool) -> None:
    """Take up what was passed on, look at paper and video, and answer."""
    page = insurer.page
    insurer.open("desk/shared/")
    place = f"desk/shared/{case.id}/insurer/{role}/"
    with page.expect_navigation():
        page.locator(f"a[href$='{place}']").click()
    insurer.check()
    expect(page.locator("main")).not_to_contain_text("甘A")
    insurer.send(insurer.act("take_share"))
    own, theirs = ("甘A12345", "甘A54321") if role == "requester" else ("甘A54321", "甘A12345")
    expect(page.locator("main")).to_contain_text(own)
    expect(page.locator(".shared-paper")).to_have_count(1)
    assert theirs not in page.content(), "the other side's plate is nowhere on the page"
    shown(page, f"claim-{role}-360")
    if video:
        page.wait_for_function("() => document.querySelector('main video').readyState >= 1")
        assert page.evaluate("() => document.querySelector('main video').duration") > 1
    form = insurer.act("answer_share")
    put(form, "answer", "opened")
    form.locator("[name=number]").fill("BX-2026-0042")
    insurer.send(form)
    insurer.open("desk/shared/")
    expect(page.locator("main")).to_contain_text("BX-2026-0042")


def test_own_agreement(people: People, films: dict[str, bytes]) -> None:
    case = report(people.one, wish="own")
    mine = f"my/{case.receipt}/"
    bring(people.one, f"{mine}evidence/", films["requester"])
    do(people.one, mine, "first_says", FIRST | PAPERS)
    do(people.two, link(case, "task second_says"), "second_says", SECOND | PAPERS)
    agreed = {"situation": "rear_end", "first": "none", "second": "full", "pay": "insurers", "sign": "马先"}
    sign(people.one, case, mine, "agree", agreed)
    people.work()
    # Whoever gets no message can sign on paper; the officer also reads how the first side has signed.
    people.officer.open(desk(case))
    people.officer.act("complete", "second_signs")
    people.officer.check()
    expect(people.officer.page.locator("main")).to_contain_text("记下当面签名：看协议，签名（乙方）")
    expect(people.officer.page.locator("main")).to_contain_text("姓名加一次性验证码 139****0061")
    shown(people.officer.page, "signed-desk-360")
    signs = {"outcome": "signs", "sign": "张后"}
    sign(people.two, case, link(case, "task second_signs"), "second_signs", signs)
    people.work()
    case = door.load(case.id)
    assert (case.answers["channel.way"], case.result) == ("own", "agreed")
    pass_on(people.one, mine)
    shown(people.one.page, "passed-on-360")
    claim(people.insurer, case, "requester", video=True)
    people.one.open(mine)
    expect(people.one.page.locator(".told")).to_contain_text("BX-2026-0042")
    people.two.open(link(case, "notice agreement"))
    told = people.two.page.locator(".told")
    expect(told).to_contain_text("甲方")
    expect(told).not_to_contain_text("BX-2026-0042")
    expect(people.insurer.page.locator("main")).not_to_contain_text("张后")


def test_joint_online_determination(people: People, films: dict[str, bytes]) -> None:
    case = report(people.one, wish="online")
    mine = f"my/{case.receipt}/"
    bring(people.one, f"{mine}evidence/", films["requester"])
    do(people.one, mine, "first_says", FIRST)
    theirs = link(case, "task second_says")
    bring(people.two, f"{theirs}evidence/", films["other"])
    do(people.two, theirs, "second_says", SECOND)
    people.work()
    people.officer.open(f"{desk(case)}evidence/")
    videos = people.officer.page.locator("#choose-left option")
    expect(videos).to_have_count(2)
    people.officer.page.wait_for_function(
        "() => document.querySelector('[data-side=left] video').readyState >= 1"
    )
    state_facts(people.officer, case)
    people.work()
    case = door.load(case.id)
    assert (case.answers["channel.way"], case.answers["determine.second"]) == ("online", "full")
    # The second side has only the link that brought its determination.
    paper = link(case, "notice determination")
    pass_on(people.two, paper)
    claim(people.insurer, case, "other", video=True)
    people.two.open(paper)
    expect(people.two.page.locator(".told")).to_contain_text("BX-2026-0042")
    people.one.open(mine)
    expect(people.one.page.locator(".told")).to_contain_text("乙方")
    served = {"first_how": "online", "second_how": "online", "told": "yes"}
    do(people.officer, desk(case), "serve", served)
    do(people.one, mine, "first_review", {"outcome": "accepts"})
    do(people.two, link(case, "task second_review"), "second_review", {"outcome": "accepts"})
    people.work()
    assert door.load(case.id).result == "determined"


@pytest.mark.slow
def test_simplified_procedure(people: People, films: dict[str, bytes]) -> None:
    case = report(people.one, hurt="slight", consent="yes")
    mine = f"my/{case.receipt}/"
    bring(people.one, f"{mine}evidence/", films["requester"])
    came = {"arrived": "2026-03-04T11:00", "secured": "yes", "cleared": "yes", "outcome": "seen"}
    do(people.officer, desk(case), "come", {"seen": "两车相接。", **came})
    do(people.one, mine, "first_says", FIRST)
    people.work()
    state_facts(people.officer, case)
    people.work()
    case = door.load(case.id)
    assert (case.answers["channel.way"], case.answers["determine.second"]) == ("simplified", "full")
    served = {"first_how": "signed", "second_how": "refused", "told": "yes"}
    do(people.officer, desk(case), "serve", served)
    pass_on(people.one, mine)
    # Taken back before anybody has read it, and passed on again.
    people.one.send(people.one.act("unshare"))
    people.insurer.open("desk/shared/")
    expect(people.insurer.page.locator("main .list li")).to_have_count(0)
    pass_on(people.one, mine)
    claim(people.insurer, case, "requester", video=True)


def test_ordinary_procedure(people: People, films: dict[str, bytes]) -> None:
    page = people.one.page
    case = report(people.one, risky="drink_drugs")
    assert door.load(case.id).answers["channel.way"] == "ordinary"
    mine = f"my/{case.receipt}/"
    bring(people.one, f"{mine}evidence/", films["requester"])
    people.work()
    people.officer.open(f"{desk(case)}evidence/")
    expect(people.officer.page.locator(".chain li").first).to_contain_text("SHA-256")
    handed = {"to": "事故处理大队", "number": "JT-2026-1", "whole": "yes"}
    do(people.officer, desk(case), "hand_over", handed)
    case = door.load(case.id)
    assert case.result == "ordinary"
    people.one.open(mine)
    expect(page.locator("main")).to_contain_text(re.compile("普通程序"))
    expect(page.locator("form[action$='/share/']"), "there is no determination to pass on").to_have_count(0)
    people.insurer.open("desk/shared/")
    expect(people.insurer.page.locator("main .list li")).to_have_count(0)
