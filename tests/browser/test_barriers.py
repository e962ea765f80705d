"""The look for barriers finds what is wrong, and nothing where nothing is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from tests.browser.barriers import barriers

pytestmark = pytest.mark.browser

SMALL = "<button style='width:9px;height:9px;padding:0'>{}</button>"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("A word", []),
        ("<input name=said>", ["label"]),
        ("<style>p { color: #bbb }</style>Pale", ["color-contrast"]),
        (SMALL.format("a") + SMALL.format("b"), ["target-size"]),
    ],
)
def test_what_is_wrong_is_found(browser: Browser, words: str, found: list[str]) -> None:
    page = browser.new_page()
    page.set_content(
        f"<!doctype html><html lang=en><title>A lamp</title><main><h1>A lamp</h1><p>{words}</main>"
    )
    assert [each["id"] for each in barriers(page)] == found
    assert barriers(page, "h1") == [], "the rest is not looked at"
    page.close()
