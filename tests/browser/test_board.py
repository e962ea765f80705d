"""The board in a real browser: it fits a wall and a phone, an order is given from it, and other screens see it by themselves."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.test_story import screen
from tests.web.site import CHIEF, Clock, Visitor, open_need

from zhuoli.web.board import pages

pytestmark = pytest.mark.browser


@pytest.fixture
def late(address: str, clock: Clock, visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> str:
    """A dark street lamp that nobody has taken up for six days; screens ask every two seconds."""
    monkeypatch.setattr(pages, "EVERY", 2)
    receipt = open_need(visitor)
    clock.pass_hours(24 * 6)
    return receipt


# On a phone English is the longer one; a wall must not scroll in either.
@pytest.mark.parametrize(
    ("size", "lang"),
    [
        ("narrow", "en"),
        pytest.param("narrow", "zh", marks=pytest.mark.slow),
        ("wide", "zh"),
        ("wide", "en"),
    ],
)
def test_board_fits(browser: Browser, address: str, late: str, size: str, lang: str) -> None:
    with screen(browser, address, lang, size) as seen:
        seen.be(CHIEF)
        seen.open("board/")
        expect(seen.page.locator(".decision")).to_have_count(1)
        if size == "wide":
            # A wall does not scroll.
            seen.page.wait_for_function("() => document.documentElement.scrollHeight <= innerHeight")
        seen.press(".board-tiles a[aria-label*='1']")
        expect(seen.page.locator(".matters tbody tr")).to_have_count(1)
        seen.open("board/units/")
        expect(seen.page.locator("tbody tr")).to_have_count(1)


@pytest.mark.parametrize("lang", ["en"])
def test_order_is_given_and_seen_by_another_screen(
    browser: Browser, address: str, late: str, lang: str
) -> None:
    with screen(browser, address, lang, "wide") as chief, screen(browser, address, lang, "wide") as other:
        for seen in (chief, other):
            seen.be(CHIEF)
            seen.open("board/")
            expect(seen.page.locator(".decision")).to_have_count(1)
        row = chief.page.locator(".decision")
        row.locator(".orders a[href*='/supervise/']").click()
        form = row.locator(".slot form")
        expect(form.locator("textarea")).to_be_focused()
        chief.check()
        # Nothing is said: the form comes back with what is missing, and nothing is lost.
        form.locator("button").first.click()
        expect(row.locator(".problem")).to_be_focused()
        chief.check()
        row.locator(".slot textarea").fill("今天之内派人去看,并答复。")
        row.locator(".slot button").first.click()
        expect(chief.page.locator("#told .done")).to_be_focused()
        expect(chief.page.locator(".decision")).to_have_count(0)
        chief.check()
        # The other screen is not touched; it asks by itself.
        expect(other.page.locator(".decision")).to_have_count(0, timeout=10_000)
        other.check()


def test_form_being_filled_in_is_left_alone(browser: Browser, address: str, late: str) -> None:
    with screen(browser, address, "zh", "wide") as seen, screen(browser, address, "zh", "wide") as other:
        for each in (seen, other):
            each.be(CHIEF)
            each.open("board/")
        seen.page.locator(".orders a[href*='/supervise/']").click()
        seen.page.locator(".slot textarea").fill("写了一半")
        other.page.locator(".orders a[href*='/urge/']").click()
        other.page.locator(".slot button").first.click()
        expect(other.page.locator("#told .done")).to_be_visible()
        seen.page.evaluate("htmx.trigger('#board-poll', 'board-poll')")
        expect(seen.page.locator("[data-held]")).to_be_visible()
        expect(seen.page.locator(".slot textarea")).to_have_value("写了一半")
        # What was changed in the meantime is told when it is sent.
        seen.page.locator(".slot button").first.click()
        expect(seen.page.locator(".slot .problem")).to_be_visible()
        expect(seen.page.locator(".slot textarea")).to_have_value("写了一半")
        seen.page.keyboard.press("Escape")
        expect(seen.page.locator(".slot form")).to_have_count(0)
        expect(seen.page.locator("[data-held]")).to_be_hidden()


def test_undo_and_pause_and_lost_connection(browser: Browser, address: str, late: str) -> None:
    with screen(browser, address, "zh", "wide") as seen:
        page = seen.page
        seen.be("dispatch-6201/dispatcher")
        seen.open("board/")
        page.locator(".orders a[href*='/route/']").click()
        page.locator(".slot select").select_option("psb-620102")
        page.locator(".slot textarea").fill("这盏灯归交警。")
        page.locator(".slot button").first.click()
        expect(page.locator("#told")).to_contain_text("已改派")
        page.locator("#told button").click()
        expect(page.locator("#told")).to_contain_text("已撤销")
        seen.check()
        page.locator("[data-pause]").click()
        expect(page.locator("[data-paused]")).to_be_visible()
        seen.check()
        page.locator("[data-pause]").click()
        page.context.set_offline(True)
        page.evaluate("htmx.trigger('#board-poll', 'board-poll')")
        expect(page.locator("[data-stale]")).to_be_visible()
        page.context.set_offline(False)
        expect(page.locator("[data-stale]")).to_be_hidden()
