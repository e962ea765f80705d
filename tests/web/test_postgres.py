"""The same pages on PostgreSQL: a need to its end, the inbox, the figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from tests.store.databases import postgres_settings
from tests.web.site import BUREAU, CHIEF, Clock, Visitor, here, open_need, picture

from zhuoli.office.directory import install_places, load_directory, load_places
from zhuoli.store.models import CaseRecord
from zhuoli.web import door, when

pytestmark = pytest.mark.postgres


@pytest.fixture
def moved(postgres: str, monkeypatch: pytest.MonkeyPatch, demo: None) -> Iterator[Clock]:
    """The site on a new PostgreSQL database."""
    before = connections.settings["default"]
    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = {**before, **postgres_settings(postgres)}
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    install_places(here())
    clock = Clock()
    monkeypatch.setattr(when, "wall", clock)
    load_directory(fresh=True)
    load_places(fresh=True)
    door.office.cache_clear()
    cache.clear()
    yield clock
    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = before
    door.office.cache_clear()


def test_need_inbox_and_figures(moved: Clock) -> None:
    person = Visitor()
    receipt = open_need(person)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU)
    assert f'id="row-{case}"' in officer.html
    for queue in ("mine", "new", "work", "joint", "orders", "review", "person", "answered"):
        assert officer.get(f"/en/desk/?queue={queue}").status == 200
    officer.get("/en/desk/?after=9000000000000000.1.a")
    assert officer.status == 200
    page = f"/en/desk/cases/{case}/"
    moved.pass_hours(2)
    officer.get(page).send("/accept/")
    officer.get(page).task("look").send(
        "/complete/", outcome="found", a_seen="Dark.", a_looked_on="2026-03-04", a_still_dangerous="no"
    )
    officer.get(page).task("handle").send("/complete/", outcome="solved", a_action="Done", a_cause="broken")
    moved.pass_hours(3)
    officer.get(page).send("/close/", result="solved", answer="It burns.", files=picture())
    person.get(f"/en/my/{receipt}/").send("/confirm/", score="4")
    assert 'class="seal"' in person.html
    assert Visitor().be(CHIEF).get("/en/desk/?queue=below").status == 200
    numbers = re.findall(r"<b>([^<]*)</b>", Visitor().get("/en/").html)
    assert numbers == ["1", "1", "100%"]
    for by in ("month", "scenario", "place"):
        assert person.get(f"/en/figures/?by={by}").status == 200
    assert person.client.get("/en/figures.json?by=place&place=6201").status_code == 200
    assert person.client.get("/healthz").json()["ok"] is True


def test_a_model_is_served_and_taken_off(moved: Clock) -> None:
    chief = Visitor().be(CHIEF)
    assert chief.get("/en/shelf/?state=served&order=precision").status == 200
    chief.get("/en/shelf/fire_equipment_due/serve/")
    chief.send("/serve/#trial", **{"p-grace": "10", "reason": "Ten days and more first", "do": "put"})
    assert "on the menu" in chief.text
    wanted = {("serving", "gov_620102_1"), ("what", "off")}
    chief.forms = [form for form in chief.forms if wanted <= set(form.fields)]
    chief.send("/decide/", reason="The campaign is over")
    assert "Taken off the menu" in chief.text
    assert chief.text.count("The campaign is over") == 1
