"""Evidence in a real browser with real videos: led through the shots, a line that breaks, a tab that closes, the player."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import msgspec
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.barriers import barriers
from tests.evidence.clips import clip
from tests.web.site import Visitor
from tests.web.test_accident import OFFICER, report
from tests.web.test_evidence import evidence

from zhuoli.capabilities import REGISTRY
from zhuoli.environment import read_environment
from zhuoli.office.worker import Worker
from zhuoli.web import door


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = msgspec.structs.replace(read_environment(), data=tmp_path)
    monkeypatch.setattr("zhuoli.store.incoming.read_environment", lambda: own)


def signed_in(browser: Browser, address: str, visitor: Visitor, width: int = 360) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 800}, has_touch=width < 500)
    context.set_default_timeout(30_000)
    context.add_cookies(
        [{"name": name, "value": each.value, "url": address} for name, each in visitor.client.cookies.items()]
    )
    return context


def sound(page: Page) -> None:
    found = barriers(page, "main")
    assert not found, [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]
    wide = page.evaluate(
        '() => [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120))'
    )
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), wide


def shown(page: Page, name: str) -> None:
    """Keep a screenshot where somebody wants to look at it."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def photo(level: int, seed: int = 1) -> bytes:
    target = io.BytesIO()
    noise = np.random.default_rng(seed).integers(0, max(1, level), (45, 60, 3)).astype(np.uint8)
    Image.fromarray(noise).resize((600, 450), Image.Resampling.NEAREST).save(target, "JPEG")
    return target.getvalue()


def test_a_phone_a_broken_line_a_closed_tab_and_the_player(
    browser: Browser, address: str, visitor: Visitor
) -> None:
    case = report(visitor)
    context = signed_in(browser, address, visitor)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    url = f"{address}/zh/my/{case.receipt}/evidence/"
    page.goto(url)
    sound(page)
    shown(page, "safety-360")
    page.get_by_label("有，或者说不准").check()
    page.get_by_role("button", name="安全了").click()
    expect(page.get_by_role("link", name="120")).to_be_visible()
    sound(page)
    shown(page, "stop-360")
    page.goto(url)
    page.locator("[name=hurt][value=no]").check()
    for each in ("lights", "triangle", "away"):
        page.locator(f"[name={each}]").check()
    page.get_by_role("button", name="安全了").click()
    expect(page.locator("[data-evidence]")).to_be_visible()
    sound(page)
    shown(page, "capture-360")

    whole = page.locator("[data-shot=whole]")
    send = lambda name, data: {"name": name, "mimeType": "image/jpeg", "buffer": data}  # noqa: E731
    whole.locator("[data-file]").set_input_files(send("dark.jpg", photo(20)))
    expect(whole.locator("[data-check]")).to_contain_text("太暗")
    shown(page, "dark-360")
    sound(page)
    assert evidence(case) == [], "nothing is sent before the person has decided"
    whole.get_by_role("button", name="就用这张").click()
    whole.locator("[data-file]").set_input_files(send("light.jpg", photo(255, 2)))
    expect(page.locator(".queued li")).to_have_count(2)
    expect(page.locator(".queued")).to_contain_text(re.compile("SHA-256.*SHA-256", re.DOTALL))
    whole.locator("[data-file]").set_input_files(send("again.jpg", photo(255, 2)))
    expect(whole.locator("[data-check]")).to_contain_text("几乎一样")

    film = clip(seconds=2.4, size=(640, 360), impact=1.2, sound=True)
    # The upload begins, then the line is gone.
    context.route("**/uploads/*/", lambda route: route.abort())
    page.locator("[data-shot=film] [data-file]").set_input_files(
        {"name": "crash.mp4", "mimeType": "video/mp4", "buffer": film}
    )
    expect(page.locator(".queued li").last).to_contain_text("等网络")
    page.close()
    context.unroute_all()
    assert len(evidence(case)) == 2
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(url)
    expect(page.locator(".queued li").last).to_contain_text("SHA-256")
    assert len(evidence(case)) == 3, "what waited on the phone has arrived, once"
    page.reload()
    expect(page.locator(".queued li")).to_have_count(0)
    sound(page)
    Worker(door.office(), REGISTRY, name="test").run_once()
    page.reload()
    sound(page)
    shown(page, "brought-360")
    context.close()

    officer = Visitor().be(OFFICER)
    desk = signed_in(browser, address, officer, 1440)
    page = desk.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}/en/desk/cases/{case.id}/evidence/")
    left = page.locator("[data-side=left] video")
    page.wait_for_function("() => document.querySelector('[data-side=left] video').readyState >= 1")
    at = "video => video.currentTime"
    for _ in range(2):
        page.get_by_role("button", name="One picture on").click()
        page.wait_for_function("() => !document.querySelector('[data-side=left] video').seeking")
    assert 0.08 <= left.evaluate(at) < 0.12, "the middle of the third picture"
    page.locator("a[data-at]").nth(1).click()
    page.wait_for_function("() => !document.querySelector('[data-side=left] video').seeking")
    wanted = float(page.locator("a[data-at]").nth(1).get_attribute("data-at") or 0)
    assert abs(left.evaluate(at) - wanted) < 0.04
    page.locator("#choose-right").select_option(index=1)
    page.get_by_role("button", name="Both show the same moment now").click()
    expect(page.locator("[data-aligned]")).to_contain_text("right minus left")
    sound(page)
    shown(page, "desk-1440")
    page.locator("summary", has_text="Draw one").click()
    board = page.locator(".sketch-over")
    board.click(position={"x": 60, "y": 240})
    board.click(position={"x": 200, "y": 240})
    expect(page.locator("#way_a")).to_have_value(re.compile("^[^,]*,[^,]*$"))
    page.locator("#says").fill("A came from the left.")
    sound(page)
    page.get_by_role("button", name="Keep it with the case").click()
    expect(page.locator(".sketch-kept figcaption")).to_have_text("A came from the left.")
    page.set_viewport_size({"width": 360, "height": 800})
    sound(page)
    shown(page, "desk-360")
    desk.close()
    assert errors == []
