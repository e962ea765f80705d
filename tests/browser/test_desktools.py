"""The desk's tools in a real browser: a call written down by keyboard alone, a duplicate merged and taken apart, a hand-over.

Each page on the way is checked as in ``test_story``: no error on the console, nothing wider than the screen, axe.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Route, expect
from tests.browser.test_story import SIZES, Screen, screen
from tests.web.site import BUREAU, DISPATCHER, STREET, Clock, Visitor, open_need

from zhuoli.store.models import CallRecord, CaseRecord

pytestmark = pytest.mark.browser
SECOND = "urban-620102/supervisor"
BOTH = [
    ("zh", "narrow"),
    pytest.param("en", "wide", marks=pytest.mark.slow),
    pytest.param("en", "narrow", marks=pytest.mark.slow),
    pytest.param("zh", "wide", marks=pytest.mark.slow),
]


class Keys:
    """Presses keys and counts them."""

    def __init__(self, seen: Screen) -> None:
        self.page, self.count = seen.page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def tab_to(self, name: str, most: int = 12) -> None:
        for _ in range(most):
            if self.page.evaluate("document.activeElement.name") == name:
                return
            self.press("Tab")
        raise AssertionError(
            f"{name} is not within {most} tabs of {self.page.evaluate('document.activeElement.outerHTML')}"
        )


@pytest.mark.parametrize(("lang", "size"), BOTH)
def test_call_is_written_down_by_keyboard_alone(
    browser: Browser, address: str, clock: Clock, visitor: Visitor, lang: str, size: str
) -> None:
    open_need(visitor)
    clock.pass_hours(1 / 3)
    with screen(browser, address, lang, size) as seen:
        page = seen.page
        seen.be(DISPATCHER)
        seen.open("desk/new/")
        keys = Keys(seen)
        expect(page.locator("#said"), "one types at once").to_be_focused()
        page.keyboard.type("酒泉路路灯不亮，street light is dark")
        expect(page.locator("input[name=matter][value=public_need]")).to_be_checked()
        expect(page.locator(f"input[name=place][value='{STREET}']")).to_be_visible()
        expect(page.locator("#a-danger")).to_be_visible()
        seen.check()
        keys.tab_to("place")
        keys.press("Space")
        expect(page.locator("#phone-near .near")).to_be_visible()
        expect(page.locator("#phone-near .reasons").first).to_contain_text("20")
        expect(page.locator("[name=place]:focus"), "the focus stays where it was").to_have_count(1)
        keys.tab_to("caller")
        keys.press("ArrowRight")
        expect(page.locator("input[name=caller][value=anonymous]")).to_be_checked()
        expect(page.locator("#phone-script li").nth(1)).to_contain_text(
            "不留" if lang == "zh" else "without name"
        )
        keys.tab_to("a-danger")
        keys.press("Space")
        keys.tab_to("a-hurt")
        keys.press("ArrowRight")
        keys.tab_to("a-contact")
        keys.press("ArrowRight")
        expect(page.locator("input[name=a-contact][value=receipt]")).to_be_checked()
        page.wait_for_load_state("networkidle")
        seen.check()
        with page.expect_navigation():
            keys.press("Control+Enter")
        seen.check()
        page.wait_for_url("**/told/**")
        assert keys.count <= 32, f"{keys.count} keys beside the words"
        row = CaseRecord.objects.order_by("-id").first()
        assert row is not None
        assert row.channel == "phone"
        expect(page.locator(".said.code span").nth(1)).to_have_text(" ".join(row.receipt.split("-")[1]))
        with page.expect_navigation():
            page.keyboard.press("n")
        expect(page.locator("#said"), "and the next call can begin").to_be_focused()


def test_what_is_chosen_while_an_answer_is_on_its_way_stays_chosen(browser: Browser, address: str) -> None:
    with screen(browser, address, "en", "wide") as seen:
        page = seen.page
        # A choice is asked about after 50 ms. Here never, so that what arrives is surely the answer to the question before.
        page.add_init_script(
            "const wait = window.setTimeout;"
            "window.setTimeout = (what, ms, ...more) => ms === 50 ? 0 : wait(what, ms, ...more);"
        )
        seen.be(DISPATCHER)
        seen.open("desk/new/")
        page.keyboard.type("路灯不亮 street light is dark")
        expect(page.locator("#a-danger")).to_be_visible()
        on_its_way: list[Route] = []
        page.route("**/desk/new/", lambda route: on_its_way.append(route))
        with page.expect_request("**/desk/new/"):
            page.locator("[data-phone]").dispatch_event("phone")
        page.locator("input[name=a-contact][value=receipt]").check()
        page.locator("input[name=caller][value=anonymous]").check()
        page.select_option("#ring_in", "4")
        page.locator("#phone-script li").first.evaluate("line => line.setAttribute('data-before', '')")
        on_its_way[0].continue_()
        expect(page.locator("[data-before]"), "the last part of the answer is there").to_have_count(0)
        expect(page.locator("input[name=a-contact][value=receipt]")).to_be_checked()
        expect(page.locator("input[name=caller][value=anonymous]")).to_be_checked()
        expect(page.locator("#ring_in")).to_have_value("4")


@pytest.mark.parametrize(("lang", "size"), BOTH)
def test_call_that_breaks_off_waits_for_a_call_back(
    browser: Browser, address: str, lang: str, size: str
) -> None:
    with screen(browser, address, lang, size) as seen:
        page = seen.page
        seen.be(DISPATCHER)
        seen.open("desk/new/")
        page.keyboard.type("路灯")
        page.fill("#ring", "13909310000")
        with page.expect_navigation():
            page.keyboard.press("Control+s")
        seen.check()
        expect(page.locator(".ring-number")).to_have_text("139****0000")
        with page.expect_navigation():
            page.keyboard.press("s")
        seen.check()
        expect(page.locator(".ring-number")).to_have_text("13909310000")
        with page.expect_navigation():
            page.keyboard.press("d")
        seen.check()
        assert CallRecord.objects.get().outcome == "reached"


@pytest.mark.parametrize(("lang", "size"), BOTH)
def test_duplicate_is_merged_with_one_key_and_taken_apart_with_another(
    browser: Browser, address: str, clock: Clock, visitor: Visitor, lang: str, size: str
) -> None:
    first = CaseRecord.objects.get(receipt=open_need(visitor)).id
    clock.pass_hours(2)
    second = CaseRecord.objects.get(receipt=open_need(visitor)).id
    with screen(browser, address, lang, size) as seen:
        seen.be(BUREAU)
        seen.open(f"desk/cases/{second}/")
        expect(seen.page.locator(".alike .reasons").first).to_contain_text("2")
        with seen.page.expect_navigation():
            seen.page.keyboard.press("m")
        seen.check()
        assert CaseRecord.objects.get(pk=second).merged_into == first
        seen.open(f"desk/cases/{second}/")
        with seen.page.expect_navigation():
            seen.page.keyboard.press("u")
        seen.check()
        assert CaseRecord.objects.get(pk=second).status == "received"
        form = seen.page.locator(f"form[action$='/{second}/numbers/']")
        form.evaluate("form => { form.closest('details').open = true; }")
        form.locator("[name=system]").select_option("hotline")
        form.locator("[name=number]").fill("13909310000")
        seen.send(form)
        expect(seen.page.locator("#problem")).to_be_focused()
        seen.page.fill("#n-number", "LZ20260304-0315")
        seen.send(seen.page.locator("form:has(#n-number)"))
        expect(seen.page.locator(".their-number")).to_have_text("LZ20260304-0315")
        seen.open("desk/numbers/")
        expect(seen.page.locator("tbody th")).to_have_text("LZ20260304-0315")


@pytest.mark.parametrize(("lang", "size"), BOTH)
def test_shift_is_handed_over_and_signed_for(
    browser: Browser, address: str, visitor: Visitor, lang: str, size: str
) -> None:
    case = CaseRecord.objects.get(receipt=open_need(visitor)).id
    with screen(browser, address, lang, size) as out, screen(browser, address, lang, size) as next_shift:
        out.be(BUREAU)
        out.open("desk/handover/")
        out.page.fill("#words", "梯子六点到。The ladder comes at six.")
        out.page.fill(f"#note-new-{case}", "先去这家。Go here first.")
        out.send(out.page.locator("form:has(#words)"))
        expect(out.page.locator(".done")).to_be_visible()
        next_shift.be(SECOND)
        next_shift.open("desk/")
        next_shift.press(".handover-notice a")
        expect(next_shift.page.locator("main")).to_contain_text("梯子六点到")
        with next_shift.page.expect_navigation():
            next_shift.page.keyboard.press("s")
        next_shift.check()
        expect(next_shift.page.locator(".tag.high")).to_have_count(0)
        expect(next_shift.page).to_have_url(re.compile(r"/handover/\d+/"))
        next_shift.open("desk/")
        expect(next_shift.page.locator(".handover-notice")).to_have_count(0)


def test_sizes_are_those_of_the_story() -> None:
    assert set(SIZES) == {"narrow", "wide"}
