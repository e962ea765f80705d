"""One target of the van campaign on a phone: found by the model, given to a team, checked at the roadside with photos, told by a numbered
notice, looked at again, talked to, taken to the next level, struck off. Every page on the way is checked by axe."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader
from tests.browser.test_shelf import lake  # noqa: F401
from tests.browser.test_story import Screen, screen
from tests.web.site import Clock, drawn
from tests.web.test_models import night
from tests.web.test_papers import squeezed

from zhuoli.capabilities import REGISTRY
from zhuoli.lake.importing import import_file
from zhuoli.office.worker import Worker
from zhuoli.store.models import CaseRecord
from zhuoli.web import door
from zhuoli.web.registers.known import registers

pytestmark = pytest.mark.browser

CAMPAIGN = "van_safety_campaign"
POLICE, CITY, TRANSPORT = "psb-620102/officer", "psb-6201/officer", "transport-620102/officer"
HANDS = {
    "units": "unit,kind,name,territory\npsb-620102,bureau,城关分局,620102000000\n",
    "staffing": "unit,districts,officers,auxiliaries,as_of\npsb-620102,3,30,60,2026-02-01\n",
}


def work() -> None:
    """What the software does by itself: notices, clocks."""
    worker = Worker(door.office(), REGISTRY)
    while worker.run_once().served:
        pass


def photo(name: str, shade: int) -> dict[str, object]:
    content = drawn("JPEG", (640, 480), color=(shade, shade, 80)) if name.endswith("jpg") else drawn()
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


def open_case(seen: Screen, post: str, case: int) -> None:
    seen.be(post)
    seen.open(f"desk/cases/{case}/")


def papers(seen: Screen) -> list[str]:
    """The text of every notice that the page of the case offers."""
    links = [link for link in _links(seen) if "/notices/" in link]
    found = []
    for link in dict.fromkeys(links):
        answer = seen.page.request.get(seen.address + link)
        assert answer.headers["content-type"] == "application/pdf"
        pages = PdfReader(io.BytesIO(answer.body())).pages
        found.append(squeezed("".join(page.extract_text() for page in pages)))
    return found


def _links(seen: Screen) -> list[str]:
    return [str(each.get_attribute("href")) for each in seen.page.locator("a[href]").all()]


@pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.slow)])
def test_a_target_from_the_model_to_its_end(
    browser: Browser,
    lake: Path,  # noqa: F811
    address: str,
    clock: Clock,
    lang: str,
) -> None:
    for name, rows in HANDS.items():
        (lake.parent / f"{name}.csv").write_text(rows, encoding="utf-8")
        assert import_file(lake, registers(), name, lake.parent / f"{name}.csv", now=clock.now).rejected == 0
    night(lake, clock)
    case = CaseRecord.objects.get(scenario=CAMPAIGN)
    with screen(browser, address, lang, "narrow") as seen:
        page = seen.page
        open_case(seen, POLICE, case.id)
        form = seen.act("complete", "assign")
        form.locator("[name=a-team]").fill("城关交警大队一中队")
        form.locator("[name=a-day]").fill("2026-03-05")
        seen.send(form)
        clock.pass_hours(24)
        # At the roadside: without the badge shown it is no check, and what was written stays.
        seen.open(f"desk/cases/{case.id}/")
        form = seen.act("complete", "inspect")
        form.locator("[name=outcome][value=checked]").check()
        form.locator("[name=a-ground_told][value=no]").check()
        form.locator("[name=a-vans_checked]").fill("3")
        form.locator("[name=a-failings][value=belts]").check()
        form.locator("[name=a-failings][value=records]").check()
        form.locator("[name=a-seen]").fill("两辆缺灭火器，企业没有安全台账。")
        seen.send(form)
        expect(page.locator(".problem")).to_be_visible()
        form = seen.act("complete", "inspect")
        expect(form.locator("[name=a-vans_checked]")).to_have_value("3")
        form.locator("[name=a-ground_told][value=yes]").check()
        form.locator("[name=a-photos]").set_input_files([photo("van.jpg", 90), photo("seat.jpg", 180)])
        seen.send(form)
        work()
        seen.open(f"desk/cases/{case.id}/")
        assert page.locator(".answers").first.inner_text().count("两辆缺灭火器") == 1
        assert sum("van" in link or "/files/" in link for link in _links(seen)) >= 2, (
            "both photos can be seen"
        )
        (order,) = papers(seen)
        for said in {
            "zh": (
                "限期整改通知书",
                "对象:甲客运依据:",
                f"{case.receipt}-0",
                "安全带、灭火器缺失、企业没有安全台账",
                "15日",
            ),
            "en": ("Ordertoputright", f"{case.receipt}-0", "withinfifteendaysfrom"),
        }[lang]:
            assert said in order
        form = seen.act("complete", "deliver")
        form.locator("[name=a-how][value=signed]").check()
        form.locator("[name=a-on_day]").fill("2026-03-05")
        seen.send(form)
        clock.pass_hours(24)
        seen.open(f"desk/cases/{case.id}/")
        seen.send(seen.act("complete", "ready"))
        form = seen.act("complete", "re_inspect")
        form.locator("[name=outcome][value=not_yet]").check()
        form.locator("[name=reason]").fill("台账没有建")
        form.locator("[name=a-seen]").fill("灭火器配齐，台账没有建。")
        seen.send(form)
        work()
        open_case(seen, TRANSPORT, case.id)
        assert len(papers(seen)) == 2, "the invitation to the talk has its own number"
        form = seen.act("complete", "interview")
        form.locator("[name=a-what]").fill("三日内建好台账")
        form.locator("[name=a-by_date]").fill("2026-03-10")
        seen.send(form)
        clock.pass_hours(96)
        open_case(seen, POLICE, case.id)
        form = seen.act("complete", "last_look")
        form.locator("[name=outcome][value=still_not]").check()
        form.locator("[name=reason]").fill("约谈后仍没有")
        form.locator("[name=a-seen]").fill("约谈后仍没有台账。")
        seen.send(form)
        open_case(seen, CITY, case.id)
        form = seen.act("complete", "escalate")
        form.locator("[name=outcome][value=one_more]").check()
        form.locator("[name=reason]").fill("系统搬迁，下周建好")
        seen.send(form)
        clock.pass_hours(96)
        open_case(seen, POLICE, case.id)
        form = seen.act("complete", "last_look")
        form.locator("[name=outcome][value=right]").check()
        form.locator("[name=a-seen]").fill("台账已建。")
        seen.send(form)
        case.refresh_from_db()
        assert (case.status, case.result) == ("settled", "fixed")
        expect(page.locator(".seal, .mark-settled, .settled").first).to_be_visible()
        seen.be("dispatch-6201/supervisor")
        seen.open(f"board/progress/?scenario={CAMPAIGN}")
        expect(page.locator("tfoot").first).to_contain_text("1")
        for wide in (360, 1440):
            page.set_viewport_size({"width": wide, "height": 900})
            spilt = page.evaluate(
                "() => [document.documentElement, ...document.querySelectorAll('.progress, .scroll')]"
                ".filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className)"
            )
            assert spilt == [], wide
