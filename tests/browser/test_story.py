"""A need from end to end in a real browser, wide and narrow, in both languages; every page on the way is checked.

On each page: no error on the console, nothing wider than the screen, nothing found by axe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, TimeoutError, expect
from tests.browser.barriers import barriers
from tests.web.site import BUREAU, CHIEF, DISPATCHER, LAMP

pytestmark = pytest.mark.browser

SIZES = {"narrow": (360, 760), "wide": (1440, 900)}


class Screen:
    """A page in the browser that looks after itself."""

    def __init__(self, page: Page, address: str, lang: str) -> None:
        self.page, self.address, self.lang = page, address, lang
        self.errors: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _heard(self, message: Any) -> None:
        # A refused form answers 422, which the browser notes as a failed load of the page. A question that the next one
        # replaces while it is on its way is noted as aborted, and first as over; what fails has a line of its own.
        known = "[Ss]tatus (of|Error Code) 4|^htmx:(afterRequest|sendAbort)"
        if message.type == "error" and not re.search(known, message.text):
            self.errors.append(message.text)

    def open(self, path: str, status: int = 200) -> None:
        answer = self.page.goto(f"{self.address}/{self.lang}/{path}")
        assert answer is not None
        assert answer.status == status, f"{self.page.url} answers {answer.status}"
        self.check()

    def check(self) -> None:
        """Hold the page against what every page must be."""
        assert self.errors == []
        fits(self.page)
        found = barriers(self.page)
        bad = [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]
        assert bad == [], self.page.url
        expect(self.page.locator("h1")).to_have_count(1)
        expect(self.page.locator("html")).to_have_attribute("lang", "zh-CN" if self.lang == "zh" else "en")

    def press(self, selector: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
        self.check()

    def leave(self, selector: str) -> None:
        """Press what leads to a new page, where a new place in this one would count as a navigation, too."""
        with self.page.expect_event("load"):
            self.page.locator(selector).first.click()
        self.check()

    def be(self, post: str) -> None:
        """Become a post by its button, or by its name where another unit of the kind is offered."""
        self.open("personas/")
        self.page.evaluate("post => { document.querySelectorAll('input[name=post]')[1].value = post; }", post)
        self.press("form:has(input[name=post]) >> nth=1 >> button")

    def act(self, command: str, task: str = "") -> Any:
        """Open the form of an act and return it."""
        form = f"form[action$='/{command}/']" + (f":has(input[name=_task][value='{task}'])" if task else "")
        found = self.page.locator(form).first
        if not found.is_visible():
            found.evaluate(
                "form => { for (let e = form; e; e = e.parentElement) if (e.tagName == 'DETAILS') e.open = true; }"
            )
        return found

    def send(self, form: Any) -> None:
        with self.page.expect_navigation():
            form.locator("button").last.click()
        self.check()


def fits(page: Page) -> None:
    """Wait until the page is no wider than its screen: what has only just come may still be laid out."""
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    try:
        page.wait_for_function(f"() => {wider} <= 0", timeout=5_000)
    except TimeoutError as error:
        raise AssertionError(f"{page.url} is {page.evaluate(wider)} px wider than the screen") from error


@contextmanager
def screen(browser: Browser, address: str, lang: str, size: str, **options: Any) -> Iterator[Screen]:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    context.set_default_timeout(30_000)
    yield Screen(context.new_page(), address, lang)
    context.close()


def step(page: Page) -> None:
    """Go on to the next question, where a form is asked one question at a time."""
    if page.locator(".stepping").count():
        before = page.locator(".steps-count").inner_text()
        page.locator(".steps-foot button:not(.second)").click()
        expect(page.locator(".steps-count")).not_to_have_text(before)


def hand_in(seen: Screen) -> None:
    """Send a form as it is, from whatever question it stands at."""
    # A new page, not a new place in this one, which is a navigation, too.
    with seen.page.expect_event("load"):
        seen.page.evaluate("document.querySelector('form[data-form]').requestSubmit()")
    seen.check()


def fill_in(seen: Screen) -> str:
    """Raise a dark street lamp by hand; return the receipt number."""
    page = seen.page
    seen.open("")
    page.fill("#said", "路灯不亮 The street light is broken")
    seen.press(".found button.title")
    expect(page.locator("#a-story")).to_have_value(re.compile("路灯不亮"))
    page.check("input[name=a-danger][value=none]")
    step(page)
    step(page)
    expect(page.locator("input[name=a-category][value=road_lighting]"), "the words say which").to_be_checked()
    step(page)
    page.check("input[name=a-hurt][value=no]")
    step(page)
    # The boxes fill themselves, one after the other.
    page.select_option("#a-place-city", "620100000000")
    page.select_option("#a-place-county", "620102000000")
    page.select_option("#a-place-town", "620102001000")
    expect(page.locator("#a-place-village")).to_be_visible()
    for _ in range(4):
        step(page)
    # A question that depends on another appears when it is asked.
    expect(page.locator("#a-phone")).to_have_count(0)
    page.check("input[name=a-contact][value=phone]")
    expect(page.locator("#a-phone")).to_have_count(1)
    expect(page.locator("#a-place-town"), "what was chosen is still there").to_have_value("620102001000")
    seen.check()
    step(page)
    step(page)
    page.fill("#a-phone", "1")
    hand_in(seen)
    expect(page.locator("#problem")).to_be_focused()
    page.locator("#problem a").first.click()
    page.wait_for_url("**#a-phone")
    page.fill("#a-phone", "13909310000")
    step(page)
    seen.leave("[data-send]")
    assert "/receipt/" in page.url
    return page.url.split("/")[5]


@pytest.mark.parametrize(
    ("size", "lang"),
    [
        ("narrow", "zh"),
        pytest.param("wide", "en", marks=pytest.mark.slow),
        pytest.param("narrow", "en", marks=pytest.mark.slow),
        pytest.param("wide", "zh", marks=pytest.mark.slow),
    ],
)
def test_need_goes_end_to_end(browser: Browser, address: str, size: str, lang: str) -> None:
    with screen(browser, address, lang, size) as person, screen(browser, address, lang, size) as office:
        receipt = fill_in(person)
        expect(person.page.locator(".code").first).to_have_text(receipt)
        person.press(".buttons a.button")
        office.be(BUREAU)
        case = office.page.locator("[data-rows] .row").first.get_attribute("data-case")
        office.open(f"desk/cases/{case}/")
        office.send(office.act("accept"))
        expect(office.page.locator(".toast")).to_be_visible()
        form = office.act("complete", "look")
        form.locator("[value=found]").check()
        form.locator("[name=a-seen]").fill("灯杆完好，灯泡坏了。")
        form.locator("[name=a-looked_on]").fill("2026-03-04")
        form.locator("[name=a-still_dangerous][value=no]").check()
        office.send(form)
        form = office.act("complete", "handle")
        form.locator("[value=solved]").check()
        form.locator("[name=a-action]").fill("换了灯泡。")
        form.locator("[value=broken]").check()
        office.send(form)
        form = office.act("complete", "tell")
        form.locator("[value=told]").check()
        office.send(form)
        sealed = office.page.locator(".reveal").first
        sealed.locator("summary").click()
        sealed.locator("[value=handle]").click()
        expect(office.page.locator(".answers").first).to_contain_text("路灯不亮")
        form = office.act("close")
        form.locator("[value=solved]").check()
        form.locator("[name=answer]").fill("已经换好，晚上亮了。")
        form.locator("[type=file]").set_input_files(
            {"name": "lamp.png", "mimeType": "image/png", "buffer": LAMP}
        )
        office.send(form)
        person.open(f"my/{receipt}/")
        expect(person.page.locator(".story").first).to_contain_text("已经换好")
        form = person.act("confirm")
        form.locator("[value='5']").check()
        person.send(form)
        expect(person.page.locator(".seal")).to_be_visible()
        person.open(f"my/{receipt}/looks/")
        cache.clear()  # figures that took long to count, as on a busy machine, are kept for a moment
        person.open("")
        expect(person.page.locator(".today b")).to_have_text(["1", "1", "100%"])


@pytest.mark.parametrize(
    ("size", "lang", "scheme"),
    [
        ("narrow", "zh", "light"),
        pytest.param("wide", "en", "dark", marks=pytest.mark.slow),
        pytest.param("narrow", "en", "dark", marks=pytest.mark.slow),
        pytest.param("wide", "zh", "light", marks=pytest.mark.slow),
    ],
)
def test_every_other_page(browser: Browser, address: str, size: str, lang: str, scheme: Any) -> None:
    with screen(browser, address, lang, size, color_scheme=scheme) as seen:
        for path in (
            "about/",
            "matters/",
            "matters/exam_id_green_channel/",
            "check/",
            "figures/",
        ):
            seen.open(path)
        seen.open("nothing/", status=404)
        for form in ("exam_id_green_channel", "enterprise_problem_list"):
            seen.open(f"matters/{form}/form/")
            hand_in(seen)
        seen.be(CHIEF)
        for queue in ("all", "below", "answered"):
            seen.open(f"desk/?queue={queue}")
        seen.be(DISPATCHER)
        seen.open("desk/new/")
        seen.open("desk/new/public_need/")


def test_it_all_works_without_script(browser: Browser, address: str) -> None:
    with screen(browser, address, "en", "narrow", java_script_enabled=False) as seen:
        page = seen.page
        page.goto(f"{address}/en/matters/public_need/form/")
        page.check("input[name=a-danger][value=none]")
        page.check("input[name=a-category][value=road_lighting]")
        page.check("input[name=a-hurt][value=no]")
        page.fill("#a-story", "A dark lamp")
        for box, code in (("city", "620100000000"), ("county", "620102000000"), ("town", "620102001000")):
            page.select_option(f"#a-place-{box}", code)
            with page.expect_event("load"):
                page.click(".places button")
        expect(page.locator("#a-story")).to_have_value("A dark lamp")
        page.check("input[name=a-contact][value=receipt]")
        page.click("[data-form] > .buttons button")
        page.wait_for_url(re.compile("/receipt/"))


def test_code_in_the_qr_address_never_reaches_the_server(browser: Browser, address: str) -> None:
    with screen(browser, address, "en", "narrow") as seen:
        receipt = fill_in(seen)
        code = seen.page.locator(".code").nth(1).inner_text().replace("-", "")
        asked: list[str] = []
        with screen(browser, address, "en", "narrow") as other:
            other.page.on("request", lambda request: asked.append(request.url))
            other.page.goto(f"{address}/en/check/?receipt={receipt}#{code}")
            expect(other.page.locator("#code")).to_have_value(code)
            expect(other.page).not_to_have_url(re.compile(code))
            assert not any(code in url for url in asked if "#" not in url)
            other.page.click("form[data-check] button")
            other.page.wait_for_url(f"**/my/{receipt}/")
