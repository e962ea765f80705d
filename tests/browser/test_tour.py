"""The whole tour in a real browser, on a phone in Chinese and on a wide screen in English, by keyboard."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect
from tests.browser.test_story import Screen, screen
from tests.web.site import Clock
from tests.web.test_stories import told
from tests.web.test_tour import CHAPTERS, issued

from zhuoli.store.models import CaseRecord

__all__ = ["told"]

pytestmark = pytest.mark.browser
HIGHEST = 88
"""Pixels that the strip may take of a phone's screen."""


def kind(seen: Screen) -> str:
    """What kind of page this is: its address without numbers, receipts and chapters."""
    path = seen.page.url.removeprefix(seen.address)
    return re.sub(r"\d+|ZL-[0-9A-Z-]+|/tour/[a-z_]+", "…", path)


def look(seen: Screen, known: set[str]) -> None:
    """Hold a page against what every page must be; the slow look for barriers once for each kind of page."""
    seen.page.wait_for_load_state("load")
    if kind(seen) not in known:
        known.add(kind(seen))
        seen.check()
    assert seen.errors == []
    measured = seen.page.evaluate(
        """() => [
            document.documentElement.scrollWidth - document.documentElement.clientWidth,
            document.querySelector('.tourbar').getBoundingClientRect().height,
        ]"""
    )
    assert measured[0] <= 0, f"{seen.page.url} is {measured[0]} px wider than the screen"
    assert measured[1] <= HIGHEST, f"the strip is {measured[1]} px high on {seen.page.url}"


def onward(seen: Screen, known: set[str]) -> None:
    """Press the way on by keyboard."""
    seen.page.locator(".tournext").focus()
    with seen.page.expect_navigation():
        seen.page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("size", "lang"), [("narrow", "zh"), pytest.param("wide", "en", marks=pytest.mark.slow)]
)
def test_the_whole_tour(browser: Browser, address: str, told: Clock, size: str, lang: str) -> None:
    assert settings.ENVIRONMENT.mode == "demo"
    known: set[str] = set()
    with screen(browser, address, lang, size) as seen:
        page = seen.page
        seen.open("")
        seen.press(".tourinvite .button")
        with page.expect_navigation():
            page.locator("main button[value=begin]").click()
        for chapter in CHAPTERS:
            for number in range(chapter.pages):
                look(seen, known)
                expect(page.locator(".tourcard")).to_have_count(int(0 < number < chapter.pages - 1))
                if number == 0 and chapter is CHAPTERS[0]:
                    page.locator(".tourmenu summary").click()
                    seen.check()
                    page.keyboard.press("Escape")
                    expect(page.locator(".tourmenu > div")).not_to_be_visible()
                onward(seen, known)
        expect(page.locator(".tourbar")).to_have_count(0)
        expect(page).to_have_url(f"{address}/{lang}/tour/")
    played = list(CaseRecord.objects.order_by("scenario").values_list("id", "scenario"))
    assert sorted(scenario for _, scenario in played) == sorted(each.scenario for each in CHAPTERS)
    for chapter in CHAPTERS:
        # Two chapters play the same scenario: one of its cases is this one's.
        found = [case for case, scenario in played if scenario == chapter.scenario]
        assert any(_fits(chapter, case) for case in found), chapter.id


def _fits(chapter: object, case: int) -> bool:
    try:
        issued(chapter, case)  # type: ignore[arg-type]
    except AssertionError:
        return False
    return True
