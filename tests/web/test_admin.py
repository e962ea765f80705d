"""An administrator keeps posts and accounts of their own units, and every change is recorded."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from tests.web.site import Clock, Visitor, open_need

from zhuoli.office import acts
from zhuoli.store.models import ActRecord, CaseRecord, Post, TaskRecord, Unit
from zhuoli.web import door

ADMIN = "gov-620102/administrator"
OWN = "urban-620102/officer"
OTHER = "urban-620103/officer"


@pytest.fixture
def admin(clock: Clock, demo: None) -> Visitor:
    """The administrator of a district."""
    return Visitor().be(ADMIN)


def send(visitor: Visitor, what: str, **data: str) -> int:
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', visitor.html)
    assert token
    response = visitor.client.post(f"/en/desk/admin/do/{what}/", {"csrfmiddlewaretoken": token[1], **data})
    return int(response.status_code)


def made(admin: Visitor, name: str = "zhao") -> str:
    """Make an account; return its first password."""
    admin.get("/en/desk/admin/").send("/accounts/new/", name=name)
    shown = re.search(r'<p class="code">([^<]+)<', admin.html)
    assert shown, admin.text
    return shown[1]


def test_from_a_new_account_to_a_closed_one(admin: Visitor) -> None:
    assert admin.path == "/en/desk/admin/"
    assert admin.text.index("Inspector, Chengguan District Government") < admin.text.index("Caseworker")
    password = made(admin)
    user = User.objects.get(username="zhao")
    assert user.check_password(password)
    assert send(admin, "give", post=OWN, account="zhao") == 302
    assert Post.objects.get(pk=OWN).user == user
    assert send(admin, "give", post=OWN, account="zhao") == 302, "again changes nothing"
    admin.get("/en/desk/admin/accounts/of/zhao/")
    assert "Chengguan District Urban Management Bureau" in admin.text
    assert password not in admin.html, "a password is shown once"
    admin.send("/do/password/")
    assert admin.status == 200
    assert not User.objects.get(username="zhao").check_password(password)
    assert send(admin, "second_factor", account="zhao") == 302
    assert send(admin, "close", account="zhao") == 302
    assert not User.objects.get(username="zhao").is_active
    assert Post.objects.get(pk=OWN).user is None
    whats = list(ActRecord.objects.order_by("number").values_list("what", flat=True))
    assert whats[:2] == ["account.create", "post.give"]
    assert whats[-2:] == ["post.vacate", "account.close"]
    assert set(ActRecord.objects.values_list("post", flat=True)) == {ADMIN}
    assert acts.broken() is None
    assert "closed the account zhao" in admin.get("/en/desk/admin/accounts/of/zhao/").text


def test_other_units_are_out_of_reach(admin: Visitor) -> None:
    made(admin)
    assert send(admin, "give", post=OTHER, account="zhao") == 403
    assert send(admin, "vacate", post=OTHER) == 403
    elsewhere = Visitor().be("gov-620103/administrator")
    elsewhere.get("/en/desk/admin/")
    for what in ("password", "second_factor", "close"):
        assert send(elsewhere, what, account="zhao") == 403, what
    assert elsewhere.get("/en/desk/admin/accounts/of/zhao/").status == 403
    assert Post.objects.exclude(user=None).count() == 0


@pytest.mark.parametrize("name", ["", "two words", "x" * 151])
def test_a_name_that_cannot_be_one_is_told(admin: Visitor, name: str) -> None:
    admin.get("/en/desk/admin/").send("/accounts/new/", name=name)
    assert admin.status in (200, 422)
    assert ActRecord.objects.count() == (1 if admin.status == 200 else 0)


def test_a_taken_post_is_not_given_again(admin: Visitor) -> None:
    made(admin)
    made(admin, "qian")
    assert send(admin, "give", post=OWN, account="zhao") == 302
    assert send(admin, "give", post=OWN, account="qian") == 422
    assert Post.objects.get(pk=OWN).user == User.objects.get(username="zhao")


def test_units_are_found_by_name(admin: Visitor) -> None:
    admin.get("/en/desk/admin/?q=Urban")
    assert "Chengguan District Urban Management Bureau" in admin.text
    assert "Legal Aid" not in admin.text
    assert "Nothing was found" in admin.get("/en/desk/admin/?q=Qilihe").text


def test_a_unit_is_changed_with_checks_and_a_record(admin: Visitor, clock: Clock) -> None:
    path = "/en/desk/admin/units/urban-620102/"
    admin.get(path).send("/units/urban-620102/", short_en="Order & Lights", phone="0931-8460000")
    assert "Saved." in admin.text
    assert "Short name in English: " in admin.text
    assert "→ Order & Lights" in admin.text
    unit = Unit.objects.get(pk="urban-620102")
    assert (unit.short_en, unit.phone, unit.generated) == ("Order & Lights", "0931-8460000", False)
    act = ActRecord.objects.get(what="unit.change")
    assert (act.post, act.subject) == (ADMIN, "urban-620102")
    assert acts.broken() is None
    assert door.directory().units["urban-620102"].phone == "0931-8460000"
    assert door.office().directory is door.directory()
    admin.get(path).send("/units/urban-620102/")
    assert "Nothing was changed." in admin.text
    assert ActRecord.objects.filter(what="unit.change").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name_en", " ", "A name is needed"),
        ("name_zh", "市" * 81, "80 signs at most"),
        ("phone", "call me", "does not look like a telephone number"),
        ("superior", "urban-620103", "must be one that you keep"),
        ("superior", "nobody", "must be one that you keep"),
        ("superior", "urban-620102", "chain of superiors is broken"),
        ("territory", "620103000000", "not within your own"),
        ("territory", "x", "not within your own"),
        ("territory", "620102001000", ""),
    ],
)
def test_a_unit_that_would_not_hold_together_is_refused(
    admin: Visitor, field: str, value: str, said: str
) -> None:
    admin.get("/en/desk/admin/units/urban-620102/").send("/units/urban-620102/", **{field: value})
    assert admin.status == (422 if said else 200), admin.text
    assert said in admin.text
    assert ActRecord.objects.filter(what="unit.change").exists() is not bool(said)


def test_a_unit_that_is_not_at_work_is_given_nothing(admin: Visitor, visitor: Visitor, clock: Clock) -> None:
    receipt = open_need(visitor)
    assert CaseRecord.objects.get(receipt=receipt).unit == "urban-620102"
    path = "/en/desk/admin/units/urban-620102/"
    admin.get(path).send("/units/urban-620102/", active=[])
    assert admin.status == 422
    assert "It still has 1 cases" in admin.text
    CaseRecord.objects.update(unit="")
    TaskRecord.objects.update(unit="")
    admin.get(path).send("/units/urban-620102/", active=[])
    assert admin.status == 200, admin.text
    second = CaseRecord.objects.get(receipt=open_need(visitor))
    assert second.unit != "urban-620102"
    admin.get(path).send("/units/urban-620102/", active="1")
    assert CaseRecord.objects.get(receipt=open_need(visitor)).unit == "urban-620102"
    assert admin.get("/en/desk/admin/units/urban-620103/").status == 403


def test_another_process_sees_a_changed_unit_soon(admin: Visitor, clock: Clock) -> None:
    from zhuoli.office import directory

    before = door.directory()
    Unit.objects.filter(pk="urban-620102").update(phone="0931-1")
    acts.record(acts.By(), "unit.change", "urban-620102", at=clock.now, unit="urban-620102")
    assert door.directory() is before
    clock.now += directory.FRESH
    assert door.directory().units["urban-620102"].phone == "0931-1"
