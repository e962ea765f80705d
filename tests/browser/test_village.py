"""The round on a phone: taps and seconds for one duty, without a network, and for everybody (axe)."""

from __future__ import annotations

import time

from playwright.sync_api import Browser, Page, expect
from tests.browser.barriers import barriers
from tests.web.site import Clock

from zhuoli.store.models import CaseRecord

AUXILIARY = "station-620102010/auxiliary-201"


def phone(browser: Browser, address: str, lang: str) -> Page:
    page = browser.new_context(
        viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True
    ).new_page()
    page.goto(f"{address}/{lang}/personas/")
    with page.expect_navigation():
        page.evaluate(
            """post => {
                const form = document.querySelector("main form");
                form.elements.post.value = post;
                HTMLFormElement.prototype.submit.call(form);
            }""",
            AUXILIARY,
        )
    page.wait_for_url(f"**/{lang}/village/")
    return page


def sound(page: Page) -> None:
    found = barriers(page, "main")
    assert not found, [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]
    page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth", timeout=5_000)


def tap(page: Page, *targets: str) -> float:
    """Tap one after another; return the seconds from the first tap to the page that says that it is noted."""
    begun = time.perf_counter()
    for target in targets:
        page.locator(target).first.tap()
    page.wait_for_url("**/village/noted/**")
    return time.perf_counter() - begun


def test_one_duty_in_two_taps_and_a_hazard_in_six(browser: Browser, address: str, clock: Clock) -> None:
    page = phone(browser, address, "zh")
    sound(page)
    targets = page.locator(".duties .tile").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect().height)"
    )
    assert len(targets) == 10
    assert min(targets) >= 64, "big enough for a thumb"
    fine = tap(page, "[name=a-duty][value=patrol]", "[name=_fine]")
    sound(page)
    page.get_by_role("link", name="再记一项").tap()
    hazard = tap(
        page,
        "[name=a-duty][value=roads]",
        "[name=a-found][value=hazard]",
        "[name=a-kind][value=light]",
        "[data-fill=a-note] button:visible",
        "[name=a-hurt][value=yes]",
        "#details > .buttons button",
    )
    # A person needs about two seconds for a tap; the machine's part is what is measured here.
    assert fine + 2 * 2 < 60
    assert hazard + 6 * 2 < 60
    assert CaseRecord.objects.filter(scenario="village_duty").count() == 2
    page.goto(f"{address}/zh/village/")
    page.locator("[name=a-duty][value=roads]").tap()
    page.locator("[name=a-found][value=need]").tap()
    page.locator("[name=a-kind][value=papers]").tap()
    sound(page)
    page.goto(f"{address}/en/village/noted/")
    sound(page)
    page.goto(f"{address}/en/village/sheet/620102010201/2026-03/")
    sound(page)


def test_without_a_signal_a_duty_waits_on_the_phone_and_goes_out_once(
    browser: Browser, address: str, clock: Clock
) -> None:
    page = phone(browser, address, "en")
    page.context.set_offline(True)
    for count, duty in enumerate(("guard", "law"), 1):
        page.locator(f"[name=a-duty][value={duty}]").tap()
        page.locator("[name=_fine]").tap()
        expect(page.locator("[data-queue]")).to_contain_text(f"{count} kept on this phone")
    sound(page)
    assert not CaseRecord.objects.filter(scenario="village_duty").exists()
    page.context.set_offline(False)
    page.wait_for_selector("[data-queue][hidden]", state="attached")
    page.wait_for_selector(".tile-done")
    assert CaseRecord.objects.filter(scenario="village_duty").count() == 2
    page.wait_for_function("() => localStorage.getItem('zhuoli.village.waiting') === null")
