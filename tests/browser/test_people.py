"""People in a real browser: signing in with a second factor, becoming somebody, looking at one field."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from wsgiref.simple_server import make_server

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Browser, expect
from tests.browser.conftest import _Quiet, _Server
from tests.browser.test_story import fill_in, screen
from tests.web.site import BUREAU, Clock
from tests.web.test_accounts import NOW, PASSWORD, totp

from zhuoli.office import accounts
from zhuoli.office.acts import By
from zhuoli.store.models import CaseRecord, LookRecord, Post

pytestmark = pytest.mark.browser


@pytest.fixture
def earnest(browser: Browser, clock: Clock) -> Iterator[str]:
    """The address of the site as it is in service, with one account."""
    from zhuoli.web.wsgi import application

    user: User = accounts.create("wang", PASSWORD, By(), NOW)
    accounts.give(Post.objects.get(pk=BUREAU), user, By(), NOW)
    server = make_server("127.0.0.1", 0, application, _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


def test_signing_in_with_a_second_factor(browser: Browser, earnest: str) -> None:
    with screen(browser, earnest, "zh", "narrow") as seen:
        page = seen.page
        seen.open("login/")
        page.fill("#id_login", "wang")
        page.fill("#id_password", "wrong")
        seen.press("main form button")
        expect(page.locator("#problem")).to_be_focused()
        page.fill("#id_password", PASSWORD)
        seen.press("main form button")
        page.wait_for_url("**/zh/desk/")
        seen.open("account/")
        seen.press("main .list li:nth-child(2) a")
        expect(page.locator("img.totp-qr")).to_be_visible()
        secret = page.locator(".code-small").inner_text()
        page.fill("#id_code", totp(secret, time.time()))
        seen.press("main form button")
        expect(page.locator(".codes li")).to_have_count(10)
    with screen(browser, earnest, "en", "wide", color_scheme="dark") as seen:
        page = seen.page
        seen.open("login/")
        page.fill("#id_login", "wang")
        page.fill("#id_password", PASSWORD)
        seen.press("main form button")
        page.wait_for_url("**/en/login/second/")
        page.fill("#id_code", totp(secret, time.time() + 30))
        seen.press("main form button")
        page.wait_for_url("**/en/desk/")


@pytest.mark.parametrize(("size", "lang"), [("narrow", "zh"), ("wide", "en")])
def test_becoming_somebody_by_keyboard(browser: Browser, address: str, size: str, lang: str) -> None:
    with screen(browser, address, lang, size) as seen:
        page = seen.page
        seen.open("")
        menu = page.locator(".personas")
        menu.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(menu.locator("button").first).to_be_visible()
        seen.check()
        page.keyboard.press("Escape")
        expect(menu.locator("button").first).to_be_hidden()
        expect(menu.locator("summary")).to_be_focused()
        page.keyboard.press("Enter")
        with page.expect_navigation():
            menu.locator("button[value$='/administrator']").click()
        page.wait_for_url("**/desk/admin/")
        seen.check()
        expect(menu.locator("summary strong")).to_contain_text(
            "系统管理员" if lang == "zh" else "Administrator"
        )
        menu.locator("summary").click()
        with page.expect_navigation():
            menu.locator("button[value=resident]").click()
        page.wait_for_url("**/check/")
        seen.check()


def test_one_field_is_shown_in_its_place(browser: Browser, address: str) -> None:
    with screen(browser, address, "en", "wide") as seen:
        fill_in(seen)
        case = CaseRecord.objects.get().id
        seen.be(BUREAU)
        seen.open(f"desk/cases/{case}/")
        page = seen.page
        row = page.locator(".answers dt:has-text('What happened?') + dd")
        before = LookRecord.objects.count()
        row.locator("summary").click()
        row.locator("button").first.click()
        expect(row.locator(".revealed")).to_contain_text("路灯不亮")
        expect(page.locator(".answers dd .revealed")).to_have_count(1)
        assert LookRecord.objects.count() == before + 1
        seen.check()
