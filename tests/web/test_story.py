"""A need from the first form to the public figure, through the pages alone."""

from __future__ import annotations

import re

import pytest
from tests.web.site import BUREAU, Clock, Visitor, open_need, picture


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_need_goes_end_to_end(visitor: Visitor, clock: Clock, demo: None, lang: str) -> None:
    receipt = open_need(visitor, lang)
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}(?=</dd>)", visitor.html)
    assert code, visitor.text
    assert receipt in visitor.html

    officer = Visitor().be(BUREAU)
    assert officer.path == "/en/desk/"
    case = re.search(r'id="row-(\d+)"', officer.html)
    assert case, officer.text
    officer.get(f"/{lang}/desk/cases/{case[1]}/")
    clock.pass_hours(1)
    officer.send("/accept/")
    assert officer.status == 200, officer.text
    clock.pass_hours(1)
    officer.task("look").send(
        "/complete/", outcome="found", a_seen="Dark.", a_looked_on="2026-03-04", a_still_dangerous="no"
    )
    assert officer.status == 200, officer.text
    officer.task("handle").send(
        "/complete/", outcome="solved", a_action="Replaced the bulb.", a_cause="broken"
    )
    assert officer.status == 200, officer.text
    clock.pass_hours(1)
    lamp = picture("lamp.png")
    officer.send("/close/", result="solved", answer="The lamp burns again.", files=lamp)
    assert officer.status == 200, officer.text
    assert "done=close" in officer.html or "The lamp burns again." in officer.text

    visitor.get(f"/{lang}/my/{receipt}/")
    assert "The lamp burns again." in visitor.text
    visitor.send("/confirm/", score="5", comment="Thank you")
    assert visitor.status == 200, visitor.text
    assert 'class="seal"' in visitor.html

    figures = Visitor().get(f"/{lang}/")
    numbers = re.findall(r"<b>([^<]*)</b>", figures.html)
    assert numbers == ["1", "1", "100%"]
