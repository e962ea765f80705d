"""Answering from a message in a real browser: confirm and rate, contest, a link that was used, one that has run out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.test_story import screen
from tests.web.site import Clock, Visitor
from tests.web.test_messages import Post, answered, hand, token_of

from zhuoli.channels.messages.links import GOOD_FOR
from zhuoli.office import read

pytestmark = pytest.mark.browser

SAID = {
    "zh": {"done": "已经回复过", "expired": "过期", "thanks": "谢谢"},
    "en": {"done": "answered already", "expired": "run out", "thanks": "Thank you"},
}


def linked(visitor: Visitor, clock: Clock) -> tuple[int, str]:
    """An answered need, and the token of the link that asks whether it is settled."""
    _, case = answered(visitor, clock)
    post = Post()
    hand(post).run_once()
    return case, token_of(post)


@pytest.mark.parametrize(("lang", "size"), [("zh", "narrow"), ("en", "wide")])
def test_confirmed_and_rated_from_the_message_once(
    browser: Browser, address: str, visitor: Visitor, clock: Clock, lang: str, size: str
) -> None:
    case, token = linked(visitor, clock)
    with screen(browser, address, lang, size) as seen:
        seen.open(f"m/{token}/")
        expect(seen.page.locator("blockquote")).to_contain_text("The lamp burns again.")
        form = seen.act("confirm")
        form.locator("[name=score]").first.wait_for(state="attached")
        form.evaluate("form => { form.closest('details') && (form.closest('details').open = true); }")
        if form.locator("select[name=score]").count():
            form.locator("select[name=score]").select_option("5")
        else:
            form.locator("input[name=score][value='5']").check()
        seen.check()
        with screen(browser, address, lang, size) as other:
            other.open(f"m/{token}/")  # the same link in another browser, opened before the answer
            seen.send(form)
            expect(seen.page.locator("h1")).to_contain_text(SAID[lang]["thanks"])
            state = read.load_state(case)
            assert (state.status, state.score) == ("settled", 5)
            late = other.act("contest")
            late.locator("[name=reason]").fill("Too late.")
            other.send(late)
            expect(other.page.locator("h1")).to_contain_text(SAID[lang]["done"])
        assert read.load_state(case).status == "settled", "a link that was used does nothing more"
        seen.open(f"m/{token}/")
        expect(seen.page.locator("h1")).to_contain_text(SAID[lang]["done"])
        expect(seen.page.locator("main form")).to_have_count(0)


def test_contested_from_the_message_and_run_out(
    browser: Browser, address: str, visitor: Visitor, clock: Clock
) -> None:
    case, token = linked(visitor, clock)
    with screen(browser, address, "zh", "narrow") as seen:
        seen.open(f"m/{token}/")
        seen.send(seen.act("contest"))
        expect(seen.page.locator("#problem")).to_be_visible()
        assert read.load_state(case).status == "closed", "without words nothing is done"
        form = seen.act("contest")
        form.locator("[name=reason]").fill("当天晚上又不亮了。")
        seen.send(form)
        expect(seen.page.locator("h1")).to_contain_text(SAID["zh"]["thanks"])
        assert read.load_state(case).status == "accepted"
        clock.now += GOOD_FOR + 1
        seen.open(f"m/{token}/", status=410)
        expect(seen.page.locator("h1")).to_contain_text(SAID["zh"]["expired"])
        expect(seen.page.locator("main form")).to_have_count(0)
        expect(seen.page.locator("main .button")).to_be_visible()
