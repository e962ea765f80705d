"""Every page that can be opened, by somebody who may: nothing on the console, nothing wider than the screen, one
heading, nothing found by axe, in two languages, on a phone and on a desk, in light and dark.

The usual run opens each page twice: on a phone and on a desk, each time in another language and another theme, so that
over neighbouring pages all eight combinations come up. ``./zhuoli test --all`` opens each page in all eight.
``COVERED`` must name every address that answers a GET with a page; a new one is missed by a test here.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.test_story import SIZES, Screen
from tests.web.site import BUREAU, CHIEF, Visitor, open_need

from zhuoli.store.models import Post
from zhuoli.web import door
from zhuoli.web.errors import STATUSES

pytestmark = pytest.mark.browser

TABLE = Path(__file__).parents[1] / "web" / "expected_access.csv"
ADMIN = "gov-620102/administrator"
AUXILIARY = "station-620102010/auxiliary-201"
STATION = "station-620102010/officer"
STORY = "public_need/street_light_settled"


class Opened(NamedTuple):
    """An address under the language, by its name, and who opens it."""

    name: str
    path: str
    who: str = ""


PAGES: tuple[Opened, ...] = (
    Opened("home", ""),
    Opened("about", "about/"),
    Opened("matters", "matters/"),
    Opened("matter", "matters/exam_id_green_channel/"),
    Opened("intake", "matters/enterprise_problem_list/form/"),
    Opened("check", "check/"),
    Opened("mine", "my/"),
    Opened("figures", "figures/"),
    Opened("figures", "figures/?by=place"),
    Opened("figures.scenario", "figures/enterprise_visit/"),
    Opened("figures.indicator", "figures/public_need/on_time/"),
    Opened("figures.reported", "figures/reported/"),
    Opened("figures.accidents", "figures/four-indicators/"),
    Opened("directory", "directory/"),
    Opened("auxiliaries", "auxiliaries/"),
    Opened("auxiliaries.place", "auxiliaries/620102010201/"),
    Opened("verify.ask", "verify/"),
    Opened("services", "services/"),
    Opened("service", "services/{service}/"),
    Opened("registers", "registers/"),
    Opened("register", "registers/vans/"),
    Opened("scenarios", "scenarios/"),
    Opened("scenario", "scenarios/public_need/"),
    Opened("scenario", "scenarios/enterprise_problem_list/"),
    Opened("scenario", "scenarios/exam_id_green_channel/"),
    Opened("scenario.files", "scenarios/public_need/files/"),
    Opened("scenario.pictures", "scenarios/minor_accident/pictures/"),
    Opened("design", "design/"),
    *(Opened("design.error", f"design/errors/{status}/") for status in STATUSES),
    Opened("stories", "stories/"),
    Opened("story", f"stories/{STORY}/"),
    Opened("personas", "personas/"),
    Opened("progress", "my/{receipt}/", "resident"),
    Opened("receipt", "my/{receipt}/receipt/", "resident"),
    Opened("looks", "my/{receipt}/looks/", "resident"),
    Opened("desk", "desk/", BUREAU),
    Opened("desk", "desk/?queue=all", CHIEF),
    Opened("desk.new", "desk/new/", BUREAU),
    Opened("desk.intake", "desk/new/public_need/", BUREAU),
    Opened("desk.case", "desk/cases/{case}/", BUREAU),
    Opened("desk.numbers", "desk/numbers/", BUREAU),
    Opened("desk.handover", "desk/handover/", BUREAU),
    Opened("desk.calls", "desk/calls/", BUREAU),
    Opened("desk.deferrals", "desk/cases/{case}/deferrals/", BUREAU),
    Opened("desk.failed", "desk/messages/", BUREAU),
    Opened("messages", "my/{receipt}/messages/", "resident"),
    Opened("board", "board/", CHIEF),
    Opened("board.matters", "board/matters/", CHIEF),
    Opened("board.units", "board/units/", CHIEF),
    Opened("board.progress", "board/progress/?scenario=van_safety_campaign", CHIEF),
    Opened("board.after", "board/progress/after/?scenario=van_safety_campaign", CHIEF),
    Opened("village", "village/", AUXILIARY),
    Opened("village.mine", "village/noted/", AUXILIARY),
    Opened("village.station", "village/station/", STATION),
    Opened("shelf", "shelf/", CHIEF),
    Opened("shelf.nights", "shelf/nights/", CHIEF),
    Opened("shelf.model", "shelf/fire_equipment_due/", CHIEF),
    Opened("shelf.serve", "shelf/fire_equipment_due/serve/", CHIEF),
    Opened("shelf.compare", "shelf/fire_equipment_due/compare/", CHIEF),
    Opened("shared", "desk/shared/", "insurer1-62/insurer"),
    Opened("outbox", "outbox/", ADMIN),
    Opened("desk.admin", "desk/admin/", ADMIN),
    Opened("link.again", "m/again/"),
    Opened("link.sent_again", "m/again/sent/"),
)
ELSEWHERE = {
    "account_": "accounts are for service: tests/web/test_accounts.py and their own templates' test",
    "mfa_": "the same",
    "desk.start": "leads on",
    "desk.admin.": "needs an account: service only",
    "desk.post": "needs an account with several posts: service only",
    "desk.receipt": "shown once to whoever wrote a call down: test_story.py",
    "desk.handover.read": "needs a hand-over: its own test",
    "board.order": "a question before an order, asked of one matter: test_board.py",
    "board.live": "gives parts of an open board, no page",
    "shared.case": "needs an accident that was passed on: test_accident.py",
    "village.sheet": "needs a village with its month: test_village.py",
    "stories.step": "test_a_story_in_the_browser below",
}
"""Pages that are not opened here, by the beginning of their names, and why."""
NO_PAGES = (
    ".pdf",
    ".csv",
    ".json",
    "file",
    "picture",
    "print",
    "notice",
    "export",
    "healthz",
    "/",
    "places",
    "api.",
)
"""Addresses that give something else than a page."""


def known_pages() -> set[str]:
    """Every address in the reviewed table that answers somebody's GET with a page, or is there in the demonstration."""
    with TABLE.open(encoding="utf-8") as source:
        rows = list(csv.reader(line for line in source if not line.startswith("#")))
    return {
        row[0]
        for row in rows
        if row[1] == "GET"
        and not any(row[0].startswith(each) or row[0].endswith(each) for each in NO_PAGES)
        and (
            any("200" in cell for cell in row[2:])
            or row[0] in ("personas", "stories", "story", "stories.step")
        )
    }


def test_every_page_is_opened_here_or_said_to_be_elsewhere() -> None:
    covered = {page.name for page in PAGES}
    missing = {
        name for name in known_pages() - covered if not any(name.startswith(each) for each in ELSEWHERE)
    }
    assert missing == set(), "add them to PAGES, or say in ELSEWHERE why not"


COMBINATIONS = [
    (size, lang, scheme) for size in SIZES for lang in ("zh", "en") for scheme in ("light", "dark")
]


def combinations(number: int, everything: bool) -> list[tuple[str, str, Any]]:
    """Return in which sizes, languages and themes the page of this number is opened: in one, the next page in the next, or in all."""
    return COMBINATIONS if everything else [COMBINATIONS[number % len(COMBINATIONS)]]


def test_the_sample_has_all_combinations() -> None:
    assert {each for number in range(8) for each in combinations(number, False)} == set(COMBINATIONS)


@pytest.mark.parametrize(
    "everything", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["sample", "all"]
)
def test_every_page(browser: Browser, address: str, visitor: Visitor, everything: bool) -> None:
    receipt = open_need(visitor)
    case = door.case_of_receipt(receipt)
    token = visitor.client.cookies["sessionid"].value
    values = {"receipt": receipt, "case": case, "service": _a_service(visitor)}
    who = ""
    context = browser.new_context()
    context.set_default_timeout(15_000)
    seen = Screen(context.new_page(), address, "en")
    for number, page in enumerate(sorted(PAGES, key=lambda each: each.who)):
        if page.who != who:
            who = page.who
            if who == "resident":
                context.add_cookies([{"name": "sessionid", "value": token, "url": address}])
            else:
                assert Post.objects.filter(pk=who).exists()
                context.clear_cookies()
                seen.lang = "en"
                seen.be(who)
        for size, lang, scheme in combinations(number, everything):
            width, height = SIZES[size]
            seen.page.set_viewport_size({"width": width, "height": height})
            seen.page.emulate_media(color_scheme=scheme)
            seen.lang = lang
            seen.open(page.path.format(**values))
    context.close()


def _a_service(visitor: Visitor) -> str:
    visitor.get("/en/services/")
    marker = 'href="/en/services/'
    start = visitor.html.find(marker)
    while start >= 0:
        name = visitor.html[start + len(marker) :].split('"', 1)[0].strip("/")
        if name and "?" not in name and "." not in name:
            return name
        start = visitor.html.find(marker, start + 1)
    raise AssertionError("the catalogue of services is empty")


@pytest.mark.parametrize(
    ("size", "lang", "scheme"),
    [("narrow", "zh", "dark"), pytest.param("wide", "en", "light", marks=pytest.mark.slow)],
)
def test_a_story_in_the_browser(browser: Browser, address: str, size: str, lang: str, scheme: Any) -> None:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    context.set_default_timeout(15_000)
    seen = Screen(context.new_page(), address, lang)
    seen.open(f"stories/{STORY}/")
    seen.press("form[action$='/start/'] button")
    expect(seen.page.locator(".storybar")).to_have_count(1)
    seen.press("form[action$='/stories/next/'] button")
    expect(seen.page).to_have_url(re.compile("/desk/cases/"))
    box = seen.page.locator(".storybar").bounding_box()
    assert box
    assert box["height"] <= 96, "the bar leaves the page to the page"
    seen.page.locator(".storynow summary").click()
    seen.check()
    seen.press("form[action$='/stories/rest/'] button")
    expect(seen.page.locator(".seal")).to_have_count(1)
    seen.open("stories/steps/2/")
    seen.press(".storygo form[action$='/stories/leave/'] button")
    expect(seen.page.locator(".storybar")).to_have_count(0)
    context.close()


def test_offline_is_said_and_nothing_typed_is_lost(browser: Browser, address: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/en/")
    expect(page.locator("[data-offline]")).to_be_hidden()
    page.fill("#said", "The street light is broken")
    context.set_offline(True)
    page.locator("[data-offline]").wait_for(state="visible")
    page.click(".ask button:not([type=button])")
    expect(page.locator("#said")).to_have_value("The street light is broken")
    context.set_offline(False)
    page.locator("[data-offline]").wait_for(state="hidden")
    context.close()


def test_theme_is_chosen_without_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, color_scheme="light")
    page = context.new_page()
    page.goto(f"{address}/en/about/")
    light = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    with page.expect_event("load"):
        page.click(".theme a >> nth=2")
    page.wait_for_url("**/en/about/")
    dark = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert light != dark
    context.close()


def test_forms_without_script_fit_a_phone(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 760})
    page = context.new_page()
    for scenario in ("public_need", "legal_service_request", "minor_accident"):
        page.goto(f"{address}/en/matters/{scenario}/form/")
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.scrollWidth") == 360, scenario
    context.close()


@pytest.mark.parametrize("path", ["figures/", "check/", "matters/"])
def test_where_one_is_stands_in_the_menu_of_a_phone(browser: Browser, address: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 760})
    page = context.new_page()
    page.goto(f"{address}/en/{path}")
    entry, bar = (
        page.locator(".top nav [aria-current]").bounding_box(),
        page.locator(".top nav").bounding_box(),
    )
    assert entry
    assert bar
    assert bar["x"] <= entry["x"]
    assert entry["x"] + entry["width"] <= bar["x"] + bar["width"]
    context.close()


def test_targets_are_large_enough(browser: Browser, address: str) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 px, except links within a sentence."""
    context = browser.new_context(viewport={"width": 360, "height": 760})
    page = context.new_page()
    for path in ("", "design/", f"stories/{STORY}/"):
        page.goto(f"{address}/en/{path}")
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, .button, .menu a, .chip, .card, .tabs a, .pages a, summary, .theme a, select, input:not([type=hidden])")]
                .filter((e) => e.offsetParent !== null && !e.closest(".trap"))
                .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect().height])
                .filter(([, height]) => height < 20)"""
        )
        assert small == [], path
    context.close()
