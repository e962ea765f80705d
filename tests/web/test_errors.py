"""Whatever is wrong, somebody gets a page that says what and what to do, in their language, never a traceback."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from tests.web.site import BUREAU, Clock, Visitor, open_need, picture

from zhuoli.store.models import CaseRecord
from zhuoli.web import quota
from zhuoli.web.portal import home

WRONG = [
    ("/en/nothing/", 404),
    ("/fr/", 404),
    ("/en/matters/nothing/", 404),
    ("/en/matters/nothing/form/", 404),
    ("/en/matters/?door=window", 400),
    ("/en/figures/?by=colour", 400),
    ("/en/figures/?place=62", 400),
    ("/en/figures/?place=9999", 400),
    ("/en/figures/?place=62010x", 400),
    ("/en/figures/?scenario=nothing", 404),
    ("/en/figures.csv?by=x", 400),
    ("/en/places/?of=abc", 400),
    ("/en/my/ZL-NO/", 403),
    ("/en/my/ZL-NO/receipt/", 403),
    ("/en/my/ZL-NO/looks/", 403),
    ("/en/my/%00/", 403),
    ("/en/desk/", 403),
    ("/en/desk/new/", 403),
    ("/en/desk/new/public_need/", 403),
    ("/en/desk/cases/1/", 403),
    ("/en/desk/receipts/ZL-NO/", 403),
    ("/en/personas/", 404),
    ("/en/check/?receipt=%00%FF", 200),
    ("/en/matters/?q=%00%F0%9F%A6%84", 200),
]


@pytest.mark.parametrize(("path", "status"), WRONG)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_wrong_addresses(visitor: Visitor, lang: str, path: str, status: int) -> None:
    visitor.get(path.replace("/en/", f"/{lang}/"))
    assert visitor.status == status
    assert "Traceback" not in visitor.html
    assert visitor.headers["Content-Type"].startswith("text/html")
    assert "<h1>" in visitor.html
    if status >= 400:
        assert "noindex" in visitor.headers["X-Robots-Tag"]
        assert 'class="button"' in visitor.html


DESK_WRONG = [
    ("?queue=none", 400),
    ("?queue=below", 400),
    ("?after=x", 400),
    ("?after=-1.2.y", 400),
    ("?after=99999999999999999999.1.y", 400),
    ("?after=1.99999999999999999999.y", 400),
    ("?after=١.1.y", 400),
    ("cases/1/", 404),
    ("cases/9223372036854775807/", 404),
    ("cases/9223372036854775808/", 404),
    ("cases/0/", 404),
    ("new/nothing/", 404),
    ("new/public_need/?channel=web", 404),
    ("receipts/ZL-NO/", 404),
]


@pytest.mark.parametrize(("path", "status"), DESK_WRONG)
def test_wrong_addresses_on_the_desk(visitor: Visitor, demo: None, path: str, status: int) -> None:
    visitor.be(BUREAU).get(f"/en/desk/{path}")
    assert visitor.status == status, visitor.text
    assert "<h1>" in visitor.html


def test_wrong_methods(visitor: Visitor) -> None:
    assert visitor.client.get("/en/say/").status_code == 405
    client = Client()
    assert client.post("/en/").status_code == 405
    assert client.delete("/en/matters/").status_code == 405


def test_form_without_token_is_explained(visitor: Visitor) -> None:
    response = visitor.client.post("/en/check/", {"receipt": "x", "code": "y"})
    assert response.status_code == 403
    assert "This page was open for too long" in response.content.decode()


def test_too_many_fields(visitor: Visitor) -> None:
    response = visitor.client.post("/zh/check/", {f"x{n}": "1" for n in range(500)})
    assert response.status_code in (400, 403)
    assert "<h1>" in response.content.decode()


def test_unforeseen_error_is_told_without_its_inside(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(home, "today", broken)
    client = Client(raise_request_exception=False)
    response = client.get("/en/")
    assert response.status_code == 500
    body = response.content.decode()
    assert "Something went wrong on our side" in body
    assert "secret inside" not in body


def test_database_gone(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    assert client.get("/healthz").json() == {
        "ok": True,
        "database": "ok",
        "worker_lag_seconds": 0,
        "version": client.get("/healthz").json()["version"],
    }
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "NAME", "/nowhere/at/all.sqlite3")
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["ok"] is False


def test_health_tells_how_late_the_worker_is(visitor: Visitor, clock: Clock) -> None:
    open_need(visitor)
    assert visitor.client.get("/healthz").json()["worker_lag_seconds"] == 0
    clock.pass_hours(24 * 30)
    assert visitor.client.get("/healthz").json()["worker_lag_seconds"] > 20 * 24 * 3600


def test_robots(visitor: Visitor) -> None:
    assert "Disallow: /zh/my/" in visitor.client.get("/robots.txt").content.decode()


def test_act_on_a_case_that_has_moved_on(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    one, two = Visitor().be(BUREAU), Visitor().be("urban-620102/supervisor")
    one.get(f"/en/desk/cases/{case}/")
    two.get(f"/en/desk/cases/{case}/")
    one.send("/accept/")
    assert one.status == 200
    two.send("/accept/")
    assert two.status == 409
    assert "cannot be done any more" in two.text


def test_conflict_says_who_changed_what_and_keeps_the_words(
    visitor: Visitor, clock: Clock, demo: None
) -> None:
    receipt = open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    visitor.get(f"/en/my/{receipt}/").send("/note/", text="From the person")
    officer.send("/note/", text="From the office", audience="office")
    assert officer.status == 409
    assert "has changed since you opened it" in officer.text
    assert "the person concerned" in officer.text
    assert "From the office</textarea>" in officer.html
    officer.send("/note/", text="From the office", audience="office")
    assert officer.status == 200
    assert "From the office" in officer.text


def test_request_larger_than_any_form(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "MOST_BYTES", 1000)
    visitor.get("/en/matters/public_need/form/").send("", **{"a-photos": picture("x.png", bytes(5000))})
    assert visitor.status == 413
    assert "too much to send" in visitor.text
