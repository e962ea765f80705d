"""The shelf in a browser: a mistake, a trial, a serving, a proposal and its decision, by keyboard and pointer; every page is checked by axe."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect
from tests.browser.test_story import screen
from tests.lake.test_model import ROWS
from tests.web.site import Clock
from tests.web.test_models import FIRE, SUPERVISOR, judge, night

from zhuoli.lake.importing import import_file
from zhuoli.web.registers.known import registers
from zhuoli.web.shelf import finding

pytestmark = pytest.mark.browser


@pytest.fixture
def lake(clock: Clock, demo: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Tiny registers in a data folder of their own."""
    monkeypatch.setattr(settings, "ENVIRONMENT", msgspec.structs.replace(settings.ENVIRONMENT, data=tmp_path))
    for name, rows in ROWS.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(rows, encoding="utf-8")
        import_file(tmp_path / "lake", registers(), name, path, now=clock.now)
    finding._entries.cache_clear()
    return tmp_path / "lake"


@pytest.mark.parametrize(
    ("size", "lang"), [("narrow", "zh"), pytest.param("wide", "en", marks=pytest.mark.slow)]
)
def test_served_judged_and_retired(
    browser: Browser, lake: Path, address: str, clock: Clock, size: str, lang: str
) -> None:
    night(lake, clock)
    judge("lanzhou", 5, 20)
    with screen(browser, address, lang, size) as seen:
        seen.be(SUPERVISOR)
        seen.open("shelf/?q=%E7%81%AD%E7%81%AB%E5%99%A8&state=proposed")
        expect(seen.page.locator("table.shelf tbody tr")).to_have_count(1)
        seen.press("table.shelf tbody th a")
        seen.press("a.button[href$='/serve/']")
        page = seen.page
        page.fill("#p-grace", "999")
        seen.press("button[value=try]")
        assert page.get_attribute("#p-grace", "aria-describedby") == "p-grace-hint p-grace-mistake"
        page.click(".problem a")
        expect(page.locator("#p-grace"), "the mistake leads to its field").to_be_focused()
        page.fill("#p-grace", "5")
        page.select_option("#territory", "6201")
        seen.press("button[value=try]")
        expect(page.locator("#trial .shelf-big strong")).to_have_text("1")
        expect(page.locator("#territory")).to_have_value("6201")
        page.fill("#reason", "A month of fire safety")
        page.focus("button[value=put]")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        seen.check()
        expect(page.locator(".done")).to_be_visible()
        expect(page.locator(".shelf-servings > li")).to_have_count(3)
        keep = page.locator(".shelf-servings details", has=page.locator("input[name=what][value=keep]")).first
        keep.locator("summary").click()
        seen.check()
        keep.locator("input[name=reason]").fill("The register was corrected last week")
        with page.expect_navigation():
            keep.locator("button").click()
        seen.check()
        expect(page.locator(".story > li").first).to_contain_text("25")
        seen.open(f"shelf/{FIRE}/compare/?a=serving:lanzhou&b=serving:province_month")
        expect(page.locator(".shelf-three section")).to_have_count(3)
        seen.open("shelf/nights/")
        expect(page.locator("tbody tr")).to_have_count(1)
