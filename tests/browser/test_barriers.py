"""The look for barriers: it finds what is wrong, and finds it again in a page that only looks the same at first."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from tests.browser import barriers as looking
from tests.browser.barriers import barriers

pytestmark = pytest.mark.browser

GOOD = "<!doctype html><html lang=en><title>A lamp</title><main><h1>A lamp</h1><p>{}<input type=hidden value={}><a href=/{}>It is dark</a></main>"


def test_what_is_wrong_is_found_each_time_and_what_is_the_same_is_not_looked_at_twice(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "_clean", set())
    page = browser.new_page()
    for number in (1, 2):
        page.set_content(GOOD.format("A word", number, number))
        assert barriers(page) == []
        assert len(looking._clean) == 1, "a hidden value and an address change nothing"
    page.set_content(GOOD.format("Another word", 1, 1))
    assert barriers(page) == []
    page.emulate_media(color_scheme="dark")
    assert barriers(page) == []
    page.set_viewport_size({"width": 360, "height": 760})
    assert barriers(page) == []
    page.locator("a").focus()
    assert barriers(page) == []
    assert len(looking._clean) == 5, "words, theme, size and focus do"
    for _ in range(2):
        page.set_content(GOOD.format("<input name=said>", 1, 1))
        assert [each["id"] for each in barriers(page)] == ["label"]
        assert barriers(page, "h1") == []
    page.add_style_tag(content="p { color: #bbb }")
    page.set_content(GOOD.format("<style>p { color: #bbb }</style>Pale", 1, 1))
    assert [each["id"] for each in barriers(page)] == ["color-contrast"]
    page.set_content(
        GOOD.format("", 1, 1).replace(
            "<a ",
            "<button style='width:9px;height:9px;padding:0'>a</button><button style='width:9px;height:9px;padding:0'>b</button><a ",
        )
    )
    assert [each["id"] for each in barriers(page)] == ["target-size"]
    page.close()
