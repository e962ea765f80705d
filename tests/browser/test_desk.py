"""The desk in a real browser: by keyboard, many at once, undo, filters and views, the pane, going back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.test_story import SIZES, Screen, screen
from tests.web.site import BUREAU, Clock, Visitor, open_need

from zhuoli.store.models import CaseRecord, EntryRecord, LookRecord, TaskRecord

pytestmark = pytest.mark.browser

COLLEAGUE = "urban-620102/supervisor"
ROW = "[data-rows] .row:not(.leaving)"


def needs(count: int) -> list[int]:
    for _ in range(count):
        open_need(Visitor())
    return list(CaseRecord.objects.order_by("id").values_list("id", flat=True))


def settle(seen: Screen) -> None:
    """Wait until htmx is at rest."""
    busy = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
    seen.page.wait_for_function("busy => !document.querySelector(busy)", arg=busy)
    seen.page.wait_for_function("() => !document.querySelector('.row.leaving')")


@pytest.mark.parametrize(
    ("size", "lang"), [("wide", "zh"), pytest.param("wide", "en", marks=pytest.mark.slow)]
)
def test_a_tour_by_keyboard(browser: Browser, address: str, clock: Clock, size: str, lang: str) -> None:
    cases = needs(3)
    with screen(browser, address, lang, size) as seen:
        seen.be(BUREAU)
        seen.open("desk/")
        page, key = seen.page, seen.page.keyboard
        rows = page.locator(ROW)
        expect(rows).to_have_count(3)
        looks = LookRecord.objects.count()
        key.press("j")
        key.press("j")
        expect(page.locator(f"#row-{cases[1]}:focus-within")).to_have_count(1)
        key.press("k")
        key.press("j")
        assert LookRecord.objects.count() == looks, "moving is no look"
        key.press("Enter")
        page.wait_for_url(re.compile(rf"case={cases[1]}"))
        expect(page.locator("#case .block-title").first).to_be_visible()
        expect(page.locator("#case-title"), "the opened case has the focus").to_be_focused()
        assert LookRecord.objects.count() > looks, "opening is one"
        expect(page.locator(f"#row-{cases[1]} [aria-current]")).to_have_count(1)
        seen.check()
        key.press("j")
        expect(page.locator(f"#row-{cases[2]}:focus-within")).to_have_count(1)
        key.press("x")
        expect(page.locator(ROW + " input:checked")).to_have_count(1)
        key.press("k")
        key.press("k")
        key.press("Shift+X")
        expect(page.locator(ROW + " input:checked")).to_have_count(3)
        key.press("?")
        expect(page.locator("#keys")).to_be_visible()
        seen.check()
        key.press("c")
        assert not TaskRecord.objects.exclude(post="").exists(), "no key acts behind the help"
        key.press("Escape")
        key.press("/")
        expect(page.locator("#q")).to_be_focused()
        key.press("Escape")
        expect(page.locator(f"#row-{cases[0]}:focus-within")).to_have_count(1)
        with page.expect_navigation():
            key.press("g")
            key.press("n")
        page.wait_for_url("**/desk/new/")
        # The box for what is said has the focus, and letters belong to it.
        box = page.locator("#said")
        expect(box).to_be_focused()
        box.blur()
        key.press("g")
        with page.expect_navigation():
            key.press("i")
        page.wait_for_url("**/desk/")


@pytest.mark.parametrize(("size", "lang"), [("wide", "zh"), ("narrow", "en")])
def test_claim_and_undo(browser: Browser, address: str, clock: Clock, size: str, lang: str) -> None:
    case, other = needs(2)
    with screen(browser, address, lang, size) as seen:
        seen.be(BUREAU)
        seen.open("desk/")
        page = seen.page
        page.locator(f"#go-{case}").click()
        page.locator("#case form[action$='/claim/'] button").first.click()
        toast = page.locator("#toast .toast")
        expect(toast).to_be_visible()
        expect(page.locator(f"#row-{case} .tag.own")).to_have_count(1)
        expect(page.locator("#queue-mine .clock")).to_have_count(1)
        seen.check()
        expect(page, "the address is still that of the list and the case").to_have_url(
            re.compile(f"case={case}")
        )
        assert TaskRecord.objects.get(case_id=case).post == BUREAU
        page.keyboard.press("u")
        expect(page.locator(f"#row-{case} .tag.own")).to_have_count(0)
        settle(seen)
        assert TaskRecord.objects.get(case_id=case).post == ""
        commands = EntryRecord.objects.filter(case_id=case).order_by("position")
        assert list(commands.values_list("command", flat=True))[-2:] == ["claim", "release"]
        # From the list, without opening anything.
        if size == "wide":
            looks = LookRecord.objects.count()
            page.locator(f"#go-{other}").focus()
            page.keyboard.press("c")
            expect(page.locator(f"#row-{other} .tag.own")).to_have_count(1)
            expect(page.locator(f"#row-{other}:focus-within")).to_have_count(1)
            assert LookRecord.objects.count() == looks
            page.keyboard.press("u")
            expect(page.locator(f"#row-{other} .tag.own")).to_have_count(0)
            seen.check()


@pytest.mark.parametrize(
    ("size", "lang"), [pytest.param("narrow", "zh", marks=pytest.mark.slow), ("wide", "en")]
)
def test_many_are_given_to_a_colleague(
    browser: Browser, address: str, clock: Clock, size: str, lang: str
) -> None:
    cases = needs(3)
    taken = Visitor().be(COLLEAGUE).get(f"/en/desk/cases/{cases[1]}/")
    taken.task("loop.accept").send("/accept/")
    with screen(browser, address, lang, size) as seen:
        seen.be(BUREAU)
        seen.open("desk/?queue=all")
        page = seen.page
        for box in page.locator(ROW + " input[name=row]").all():
            box.check()
        # Somebody else is faster with one of them.
        faster = Visitor().be(COLLEAGUE).get(f"/en/desk/cases/{cases[0]}/")
        faster.send("/accept/")
        page.select_option("#bulk-post", COLLEAGUE)
        page.click("#bulk button[value=assign]")
        told = page.locator("#bulk-result .bulk-told")
        expect(told).to_be_visible()
        expect(told.locator("li")).to_have_count(1)
        expect(told).to_contain_text("2")
        seen.check()
        assert TaskRecord.objects.filter(post=COLLEAGUE).count() == 2
        told.locator("[data-undo] button").click()
        expect(page.locator("#bulk-result li")).to_have_count(0)
        settle(seen)
        assert TaskRecord.objects.filter(post=COLLEAGUE).count() == 0


@pytest.mark.parametrize(
    ("size", "lang"), [("wide", "zh"), pytest.param("narrow", "en", marks=pytest.mark.slow)]
)
def test_filters_become_a_view(browser: Browser, address: str, clock: Clock, size: str, lang: str) -> None:
    needs(2)
    with screen(browser, address, lang, size) as seen:
        seen.be(BUREAU)
        seen.open("desk/?queue=all")
        page = seen.page
        page.locator("#more-filters > summary").click()
        page.select_option("#f-clock", "green")
        page.wait_for_url(re.compile("clock=green"))
        expect(page.locator(".chip")).to_have_count(1)
        settle(seen)
        page.select_option("#f-place", "620102001")
        page.wait_for_url(re.compile("place=620102001"))
        expect(page.locator(".chip")).to_have_count(2)
        expect(page.locator(ROW)).to_have_count(2)
        seen.check()
        page.locator(".save-view > summary").click()
        page.fill("#view-name", "酒泉路 first")
        page.check("input[name=shared]")
        with page.expect_navigation():
            page.click(".save-view button")
        if size == "narrow":
            page.locator(".queues-fold > summary").click()
        view = page.locator(".views a")
        expect(view).to_have_text(re.compile("酒泉路 first"))
        expect(view).to_have_attribute("aria-current", "true")
        expect(view.locator(".clock-green")).to_contain_text("2")
        seen.check()
        page.locator(".chip").first.click()
        page.wait_for_url(re.compile(r"^(?!.*place=)"))
        expect(page.locator(".chip")).to_have_count(1)
        page.fill("#q", "路灯 酒泉路")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("q="))
        expect(page.locator(ROW)).to_have_count(2)
        page.fill("#q", "噪声")
        page.keyboard.press("Enter")
        expect(page.locator(".list-pane .empty")).to_be_visible()
        seen.check()


@pytest.mark.parametrize(
    ("size", "lang"), [("wide", "en"), pytest.param("narrow", "zh", marks=pytest.mark.slow)]
)
def test_acting_in_the_pane_and_going_back(
    browser: Browser, address: str, clock: Clock, size: str, lang: str
) -> None:
    first, second = needs(2)
    with screen(browser, address, lang, size) as seen:
        seen.be(BUREAU)
        seen.open("desk/?queue=new")
        page = seen.page
        asked: list[str] = []
        page.locator(f"#go-{first}").click()
        page.wait_for_url(re.compile(f"case={first}"))
        expect(page.locator("#case-title")).to_be_visible()
        if size == "narrow":
            expect(page.locator("#list")).to_be_hidden()
        seen.check()
        page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
        page.locator("#case form[action$='/accept/'] button").click()
        # It is not new any more: the row says so and leaves, and the next one has the focus.
        expect(page.locator(f"#row-{first}")).to_have_count(0)
        expect(page.locator("#case")).to_contain_text("Look on the spot" if lang == "en" else "到现场看")
        assert [each.partition("/desk/")[2] for each in asked] == [f"cases/{first}/accept/"]
        if size == "wide":
            expect(page.locator(f"#row-{second}:focus-within")).to_have_count(1)
        seen.check()
        # What is wrong is told beside its field, in the pane, and nothing that was typed is lost.
        form = page.locator("#case form[action$='/complete/']:has(input[value=look])")
        form.evaluate("e => { for (; e; e = e.parentElement) if (e.tagName == 'DETAILS') e.open = true; }")
        form.locator("[name=a-seen]").fill("灯杆完好")
        form.locator("[value=found]").check()
        form.locator("button").last.click()
        expect(page.locator("#case #problem")).to_be_focused()
        expect(page.locator("#case [name=a-seen]").first).to_have_value("灯杆完好")
        seen.check()
        page.go_back()
        page.wait_for_url(re.compile(r"queue=new$"))
        expect(page.locator(f"#row-{second}")).to_be_visible()
        page.locator(f"#go-{second}").click()
        page.wait_for_url(re.compile(f"case={second}"))
        page.reload()
        expect(page.locator("#case-title")).to_be_visible()
        seen.check()
        if size == "narrow":
            page.locator("[data-back]").click()
            expect(page.locator(f"#row-{second}")).to_be_visible()


def test_the_desk_works_without_script(browser: Browser, address: str, clock: Clock) -> None:
    cases = needs(2)
    with screen(browser, address, "en", "narrow", java_script_enabled=False) as seen:
        page = seen.page
        page.goto(f"{address}/en/personas/")
        with page.expect_event("load"):
            page.locator("form:has(input[name=post]) button").nth(1).click()
        officer = TaskRecord.objects.first()
        assert officer is not None
        # The persona on offer is whoever has work; the list, a case and an act work by links and buttons alone.
        page.goto(f"{address}/en/desk/")
        if page.locator(f"#go-{cases[0]}").count():
            page.locator(f"#go-{cases[0]}").click()
            page.locator("#case form[action$='/claim/'] button").first.click()
            page.wait_for_url(f"**/desk/cases/{cases[0]}/**")
            expect(page.locator(".toast")).to_contain_text("It is yours.")
            with page.expect_event("load"):
                page.locator(".toast button").click()
            assert not TaskRecord.objects.exclude(post="").exists()


def test_no_answer_from_the_server_keeps_what_was_typed(browser: Browser, address: str, clock: Clock) -> None:
    (case,) = needs(1)
    with screen(browser, address, "en", "wide") as seen:
        seen.be(BUREAU)
        seen.open(f"desk/?case={case}")
        page: Any = seen.page
        page.route("**/note/", lambda route: route.abort())
        form = page.locator("#case form[action$='/note/']")
        form.evaluate("e => { for (; e; e = e.parentElement) if (e.tagName == 'DETAILS') e.open = true; }")
        form.locator("[name=text]").fill("Called twice")
        form.locator("button").last.click()
        expect(page.locator("[data-offline]")).to_be_visible()
        expect(form.locator("[name=text]")).to_have_value("Called twice")
        expect(form.locator("button").last).to_be_enabled()
        page.unroute("**/note/")
        form.locator("button").last.click()
        expect(page.locator("#toast .toast")).to_be_visible()
        expect(page.locator("[data-offline]")).to_be_hidden()


assert set(SIZES) == {"narrow", "wide"}
