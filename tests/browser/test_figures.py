"""The public figures in a real browser: on a phone and a desk, in both languages, light, dark and without script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.test_story import SIZES, screen
from tests.web.site import Clock, Visitor
from tests.web.test_figures import cases, settled
from tests.web.test_four import lake

from zhuoli.office import figures as office_figures
from zhuoli.office.figures import Figures
from zhuoli.web.figures import tables

__all__ = ["cases", "lake"]
pytestmark = pytest.mark.browser
HOUR, DAY = 3_600_000, 86_400_000


@pytest.fixture
def lived(address: str, cases: None, clock: Clock) -> str:
    """Forty more matters of the month before, so that there is a trend to draw."""
    for number in range(101, 141):
        settled(number, clock.now - DAY * 60, 20 + number % 30, county="620102")
    tables._FIGURES.clear()
    return address


@pytest.mark.parametrize(("lang", "size", "scheme"), [("zh", "narrow", "dark"), ("en", "wide", "light")])
def test_the_first_count_is_told_and_the_page_turns_into_the_figures(
    browser: Browser, address: str, cases: None, lang: str, size: str, scheme: str
) -> None:
    with (
        pytest.MonkeyPatch.context() as patch,
        screen(browser, address, lang, size, color_scheme=scheme) as seen,
    ):
        patch.setattr(office_figures, "INLINE", 0)
        patch.setattr(Figures, "_count_beside", lambda self: office_figures._tell(12))
        page = seen.page
        page.goto(f"{address}/{lang}/figures/?by=scenario")
        expect(page.locator(".fig-counting progress")).to_have_js_property("value", 12)
        with page.expect_response(lambda answer: "by=scenario" in answer.url):
            seen.errors.clear()  # the browser notes the first answer's 503; asking again is no failure
        seen.check()
        patch.undo()
        expect(page.locator(".fig-rates li")).to_have_count(5)
        expect(page.locator(".fig-counting")).to_have_count(0)
        seen.check()


@pytest.mark.parametrize(
    ("lang", "size", "scheme"),
    [
        ("zh", "narrow", "light"),
        ("en", "wide", "dark"),
        pytest.param("zh", "wide", "light", marks=pytest.mark.slow),
    ],
)
def test_figures_are_read_and_narrowed(
    browser: Browser, lived: str, lang: str, size: str, scheme: str
) -> None:
    with screen(browser, lived, lang, size, color_scheme=scheme) as seen:
        page = seen.page
        seen.open("figures/")
        expect(page.locator(".fig-rates li")).to_have_count(5)
        expect(page.locator(".fig-chart svg")).to_be_visible()
        colour = page.locator(".fig-chart path[stroke='var(--accent)']").first.evaluate(
            "path => getComputedStyle(path).stroke"
        )
        assert colour == {"light": "rgb(11, 92, 115)", "dark": "rgb(124, 196, 216)"}[scheme]
        # Another rate: the trend and the map follow, and its definition is one press away.
        seen.press(".fig-rates li:nth-child(2) h3 a")
        expect(page.locator(".fig-rates li:nth-child(2) a[aria-current]")).to_have_count(1)
        page.locator(".fig-rates li:nth-child(2) .how a").click()
        expect(page.locator("#how-on_time")).to_be_in_viewport()
        # The map leads into a city, and there the counties have their rates in the list, too.
        seen.press(".fig-map a[href*='place=6201']")
        expect(page.locator(".fig-map text.n")).not_to_have_count(0)
        assert "620103" in page.locator("section:has(.fig-map) .fig-numbers").inner_html()
        page.select_option("select[name=month]", "2026-02")
        seen.press(".fig-filter button")
        expect(page).to_have_url(re.compile("month=2026-02"))
        expect(page, "what was chosen is kept").to_have_url(re.compile("rate=on_time"))
        expect(page.locator(".fig-rates .big").first).to_be_visible()
        seen.press(".fig-filter > a")
        seen.press(".fig-own a[href*='public_need']")
        expect(page.locator(".fig-indicator")).to_have_count(9)
        page.locator(".fig-indicator summary").first.click()
        seen.check()
        # One of them by itself: its months, and what of the places may be chance.
        seen.press(".fig-indicator h2 a[href*='on_time']")
        expect(page.locator(".fig-chart svg")).to_have_count(1)
        expect(page.locator(".fig-map")).to_be_visible()
        page.locator("details summary", has_text="太少" if lang == "zh" else "Too few").first.click()


@pytest.mark.parametrize("size", list(SIZES))
def test_a_new_city_has_no_figures(browser: Browser, address: str, size: str) -> None:
    with screen(browser, address, "zh", size, java_script_enabled=True) as seen:
        seen.open("figures/")
        expect(seen.page.locator(".empty")).to_be_visible()
        expect(seen.page.locator("#how")).to_be_visible()
        seen.open("figures/public_need/")


def test_paper(browser: Browser, lived: str, visitor: Visitor) -> None:
    with screen(browser, lived, "zh", "wide") as seen:
        seen.open("figures/")
        seen.page.emulate_media(media="print")
        expect(seen.page.locator(".fig-filter")).to_be_hidden()
        expect(seen.page.locator(".fig-chart svg")).to_be_visible()
        assert len(seen.page.pdf(format="A4")) > 20_000


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tables_of_the_four_indicators_fit_on_a_phone(
    browser: Browser, lake: Path, address: str, lang: str
) -> None:
    with screen(browser, address, lang, "narrow") as seen:
        seen.open("figures/four-indicators/")
        tables = seen.page.locator(".fig-stacked")
        expect(tables).to_have_count(2)
        for table in tables.all():
            inside = "e => e.parentElement.scrollWidth - e.parentElement.clientWidth"
            assert table.evaluate(inside) <= 0, "nothing scrolls sideways"
            heads = table.locator("thead th.number").all()
            row = table.locator("tbody tr").first.locator("td").all()
            assert len(heads) == len(row) == 5
            for head, cell in zip(heads, row, strict=True):
                right = [(box["x"] + box["width"]) for each in (head, cell) if (box := each.bounding_box())]
                assert abs(right[0] - right[1]) <= 1, "each figure stands under its head"
                assert head.evaluate("e => e.clientHeight") < 45, "no head is broken"
