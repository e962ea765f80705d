"""Looking at personal data: one field at a time, for a purpose, recorded, and told to the person."""

from __future__ import annotations

import re

import msgspec
import pytest
from tests.web.site import BUREAU, DISPATCHER, STREET, Clock, Visitor

from zhuoli.store.models import CaseRecord, LookRecord

PHONE = "13812341234"


@pytest.fixture
def need(visitor: Visitor, clock: Clock, demo: None) -> str:
    """A need whose requester has left a phone number."""
    visitor.get("/en/matters/public_need/form/")
    visitor.send(
        "",
        a_danger="none",
        a_story="The lamp before the school has been dark for a week.",
        a_category="road_lighting",
        a_hurt="no",
        a_place=["620100000000", "620102000000", STREET],
        a_contact="phone",
    )
    visitor.send("", a_phone=PHONE)
    assert visitor.path.endswith("/receipt/"), visitor.text
    return visitor.path.split("/")[3]


def officer(case: int, post: str = BUREAU) -> Visitor:
    seen = Visitor().be(post)
    return seen.get(f"/en/desk/cases/{case}/")


def reveal(seen: Visitor, case: int, field: str, purpose: str, **headers: str) -> str:
    """Send what the button of a field sends; return the answer."""
    seen.get(f"/en/desk/cases/{case}/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', seen.html)
    assert token
    data = {"csrfmiddlewaretoken": token[1], "purpose": purpose}
    response = seen.client.post(
        f"/en/desk/cases/{case}/fields/{field}/",
        data,
        headers={key.replace("_", "-"): value for key, value in headers.items()},
    )
    seen._take(response, "")
    return seen.html


def looked() -> list[tuple[list[str], str]]:
    return [
        (msgspec.json.decode(look.fields), look.purpose)
        for look in LookRecord.objects.order_by("seq")
        if look.purpose != "handling"
    ]


def test_one_field_is_shown_for_a_purpose_and_the_look_recorded(need: str) -> None:
    case = CaseRecord.objects.get().id
    seen = officer(case)
    assert PHONE not in seen.html
    answer = reveal(seen, case, "form.phone", "contact", HX_Request="true")
    assert seen.status == 200
    assert PHONE in answer
    assert "<html" not in answer, "htmx gets the field alone"
    assert "dark for a week" not in answer
    assert looked() == [(["form.phone"], "contact")]
    answer = reveal(seen, case, "form.story", "handle")
    assert "<html" in answer, "without script it is a page"
    assert "dark for a week" in answer
    assert PHONE not in answer
    assert looked() == [(["form.phone"], "contact"), (["form.story"], "handle")]
    seen.get(f"/en/desk/cases/{case}/")
    assert PHONE not in seen.html, "the page masks it again"


@pytest.mark.parametrize("purpose", ["", "nothing", "check"])
def test_without_a_purpose_that_covers_the_field_nothing_is_shown_or_recorded(
    need: str, purpose: str
) -> None:
    case = CaseRecord.objects.get().id
    seen = officer(case)
    answer = reveal(seen, case, "form.phone", purpose, HX_Request="true")
    assert seen.status == 422
    assert PHONE not in answer
    assert 'role="alert"' in answer
    assert looked() == []


def test_a_field_that_is_not_personal_or_not_there_is_not_found(need: str) -> None:
    case = CaseRecord.objects.get().id
    seen = officer(case)
    for field in ("form.category", "form.nothing", "x"):
        reveal(seen, case, field, "handle")
        assert seen.status == 404


def test_whoever_has_no_part_in_the_case_sees_nothing(need: str) -> None:
    case = CaseRecord.objects.get().id
    assert PHONE in reveal(officer(case, DISPATCHER), case, "form.phone", "contact")
    stranger = Visitor().be("urban-620103/officer")
    before = LookRecord.objects.count()
    stranger.get("/en/desk/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', stranger.html)
    assert token
    data = {"csrfmiddlewaretoken": token[1], "purpose": "contact"}
    response = stranger.client.post(f"/en/desk/cases/{case}/fields/form.phone/", data)
    assert response.status_code == 403
    assert PHONE not in response.content.decode()
    assert LookRecord.objects.count() == before
