"""The portal in a real browser: typed, proposed, filled in step by step, resumed, placed on the map, followed."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.test_story import Screen, hand_in, screen, step
from tests.web.site import LAMP

pytestmark = pytest.mark.browser

WORDS = {"zh": "酒泉路的路灯不亮", "en": "The street light at 酒泉路 is broken"}


def say(seen: Screen) -> None:
    """Type into the box and take the first proposal."""
    page = seen.page
    seen.open("")
    page.locator("#said").press_sequentially(WORDS[seen.lang])
    expect(page.locator(".found li")).to_have_count(1)
    unit = {"zh": "城关区城市管理局", "en": "Chengguan District Urban Management Bureau"}[seen.lang]
    expect(page.locator(".found li").first).to_contain_text(unit)
    seen.check()
    seen.press(".found button.title")


def to_place(page: Page) -> None:
    """Answer what comes before the place."""
    page.check("input[name=a-danger][value=none]")
    step(page)
    step(page)
    step(page)
    page.check("input[name=a-hurt][value=no]")
    step(page)


@pytest.mark.parametrize(
    ("size", "lang"),
    [
        ("narrow", "zh"),
        pytest.param("wide", "en", marks=pytest.mark.slow),
        pytest.param("narrow", "en", marks=pytest.mark.slow),
        pytest.param("wide", "zh", marks=pytest.mark.slow),
    ],
)
def test_from_the_box_to_the_receipt(browser: Browser, address: str, lang: str, size: str) -> None:
    scheme: Any = "dark" if lang == "en" else "light"
    with screen(browser, address, lang, size, color_scheme=scheme) as seen:
        page = seen.page
        say(seen)
        to_place(page)
        # By words, with the keyboard alone.
        box = page.locator("#a-place-find")
        box.press_sequentially("城关区" if lang == "zh" else "chengguan")
        expect(page.locator("[role=option]").first).to_be_visible()
        seen.check()
        box.press("ArrowDown")
        box.press("Enter")
        expect(page.locator("#a-place-county")).to_have_value("620102000000")
        expect(page.locator("#a-place-town")).to_have_value("")
        # On the map: its middle is the county that was chosen.
        page.click("[data-map]")
        expect(page.locator(".county-chosen")).to_have_count(1)
        seen.check()
        page.locator("[data-map-here]").press("Enter")
        expect(page.locator(".map-mark")).to_have_count(1)
        expect(page.locator(".place-status").first).to_contain_text({"zh": "城关区", "en": "Chengguan"}[lang])
        page.select_option("#a-place-town", "620102001000")
        step(page)
        step(page)
        page.set_input_files(
            "#a-photos",
            [
                {"name": "lamp.png", "mimeType": "image/png", "buffer": LAMP},
                {"name": "bad.jpg", "mimeType": "image/jpeg", "buffer": b"nonsense"},
            ],
        )
        expect(page.locator(".filelist input[name=_file]")).to_have_count(1)
        expect(page.locator(".filelist .mistake")).to_contain_text("bad.jpg")
        seen.check()
        page.locator(".filelist li:has(.mistake) [data-remove]").click()
        expect(page.locator(".filelist li")).to_have_count(1)
        expect(page.locator("#save-status")).to_contain_text({"zh": "草稿已存", "en": "Draft saved"}[lang])
        expect(page).to_have_url(f"{address}/{lang}/matters/public_need/form/?draft={page.url[-32:]}")
        # Somebody opens the site anew on the same device.
        page.wait_for_function("() => document.querySelector('[data-drop]').action.includes('/drafts/')")
        page.wait_for_timeout(1500)
        seen.open("matters/public_need/")
        seen.press(".begun a.button")
        expect(page.locator("#a-story")).to_have_value(WORDS[lang])
        expect(page.locator("#a-place-town")).to_have_value("620102001000")
        expect(page.locator(".filelist li")).to_have_count(1)
        if size == "narrow":
            expect(page.locator(".here"), "at the same question").to_have_attribute("data-question", "photos")
            page.go_back()
            page.go_forward()
            expect(page.locator(".here")).to_have_attribute("data-question", "photos")
        step(page)
        step(page)
        page.check("input[name=a-contact][value=phone]")
        expect(page.locator("#a-phone")).to_have_count(1)
        step(page)
        step(page)
        # Checked as one types: told when one leaves, gone as soon as it is right.
        page.locator("#a-phone").press_sequentially("12")
        page.locator("#a-phone").blur()
        expect(page.locator("#a-phone-mistake")).to_be_visible()
        expect(page.locator("#check-status")).to_contain_text({"zh": "联系电话", "en": "Phone number"}[lang])
        seen.check()
        page.fill("#a-phone", "13909310000")
        expect(page.locator("#a-phone-mistake")).to_have_count(0)
        step(page)
        if size == "narrow":
            expect(page.locator(".review")).to_contain_text(WORDS[lang])
            expect(page.locator(".review")).to_contain_text("lamp.png")
        seen.check()
        seen.leave("[data-send]")
        expect(page.locator(".qr svg")).to_be_visible()
        # The tab forgets what was sent.
        page.wait_for_function("() => !Object.keys(sessionStorage).some((key) => key.startsWith('zhuoli'))")
        seen.press("main .buttons a.button")
        expect(page.locator(".now")).to_be_visible()
        seen.open("my/")
        expect(page.locator(".mine li")).to_have_count(1)
        expect(page.locator(".begun"), "what was sent is no draft").to_have_count(0)


def test_danger_is_met_while_typing(browser: Browser, address: str) -> None:
    with screen(browser, address, "zh", "narrow") as seen:
        page = seen.page
        seen.open("")
        page.locator("#said").press_sequentially("厨房着火了")
        expect(page.locator(".danger a[href='tel:119']")).to_be_visible()
        seen.check()
        page.fill("#said", "")
        expect(page.locator(".danger")).to_have_count(0)
        # In the form, too, beside what was written.
        seen.open("matters/public_need/form/")
        page.check("input[name=a-danger][value=none]")
        step(page)
        page.locator("#a-story").press_sequentially("有人晕倒，叫不醒")
        expect(page.locator(".danger a[href='tel:120']")).to_be_visible()
        seen.check()
        step(page)


def test_nothing_typed_is_lost_without_a_connection(browser: Browser, address: str) -> None:
    with screen(browser, address, "en", "wide") as seen:
        page = seen.page
        seen.open("matters/public_need/form/")
        page.context.set_offline(True)
        page.fill("#a-story", "The lamp is dark")
        page.check("input[name=a-contact][value=phone]")
        expect(page.locator("#save-status")).to_contain_text("still on this page")
        expect(page.locator("[data-offline]")).to_be_visible()
        page.evaluate("document.querySelector('form[data-form]').requestSubmit()")
        assert page.input_value("#a-story") == "The lamp is dark", "nothing is sent into nothing"
        page.context.set_offline(False)
        expect(page.locator("#save-status")).to_contain_text("Draft saved")
        # Typed while offline, and the page is loaded anew before it could be saved.
        page.context.set_offline(True)
        page.fill("#a-story", "The lamp is dark, and so is the next")
        page.wait_for_function("() => Object.values(sessionStorage).join().includes('so is the next')")
        page.route("**/draft/", lambda route: route.abort())
        page.context.set_offline(False)
        page.reload()
        expect(page.locator("#a-story")).to_have_value("The lamp is dark, and so is the next")
        expect(page.locator("#a-phone")).to_have_count(1)
        seen.errors.clear()  # the browser notes each request that the test has cut off


def test_steps_are_left_when_the_screen_is_wide(browser: Browser, address: str) -> None:
    with screen(browser, address, "en", "narrow") as seen:
        page = seen.page
        seen.open("matters/public_need/form/")
        page.locator(".steps-foot button:not(.second)").click()
        expect(page.locator(".mistake")).to_be_visible()
        expect(page.locator("[name=a-danger]:focus")).to_have_count(1)
        page.check("input[name=a-danger][value=none]")
        step(page)
        page.go_back()
        expect(page.locator(".here")).to_have_attribute("data-question", "danger")
        page.set_viewport_size({"width": 1200, "height": 800})
        expect(page.locator("#a-story")).to_be_visible()
        expect(page.locator(".steps-foot")).to_have_count(0)
        hand_in(seen)
        page.set_viewport_size({"width": 360, "height": 760})
        expect(page.locator(".here")).to_have_attribute("data-question", "story")
