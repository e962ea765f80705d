"""Looking at personal data: one field at a time, for a purpose, recorded, and told to the person."""

from __future__ import annotations

import re

import msgspec
import pytest
from django.db import DatabaseError
from tests.web.site import BUREAU, CHIEF, DISPATCHER, STREET, Clock, Visitor

from zhuoli.core.text import Text
from zhuoli.office import acts
from zhuoli.store.models import ActRecord, CaseRecord, LookRecord
from zhuoli.web.people.looks import _listed

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


def holder(receipt: str, visitor: Visitor) -> str:
    visitor.get(f"/en/my/{receipt}/looks/")
    assert visitor.status == 200
    return visitor.text


def test_the_person_reads_who_looked_at_what_and_why(visitor: Visitor, clock: Clock, need: str) -> None:
    case = CaseRecord.objects.get().id
    assert "Nobody has looked yet" in holder(need, visitor)
    seen = officer(case)
    clock.pass_hours(1)
    reveal(seen, case, "form.phone", "contact")
    clock.pass_hours(1)
    seen.get(f"/en/desk/cases/{case}/")
    said = holder(need, visitor)
    assert "Urban Management Bureau looked at: Phone number. What for: Reach the person." in said
    assert re.search(r"read what was written in the case \d times that day", said), "opened again, told once"
    zh = visitor.get(f"/zh/my/{need}/looks/").text
    assert "看了：联系电话。为了：联系反映人。" in zh


DEFERRED = {"ground": "Criminal Procedure Law, art. 54", "reason": "The suspect would be warned."}


def asked(case: int, until: str = "2026-03-20") -> Visitor:
    seen = Visitor().be(BUREAU)
    seen.get(f"/en/desk/cases/{case}/deferrals/")
    return seen.send("/deferrals/", role="requester", until=until, **DEFERRED)


def test_a_deferral_needs_approval_from_above_ends_by_its_date_and_is_disclosed(
    visitor: Visitor, clock: Clock, need: str
) -> None:
    case = CaseRecord.objects.get().id
    seen = asked(case)
    assert "Waiting to be decided" in seen.text
    assert ("decision", "approve") not in [button for form in seen.forms for button in form.buttons]
    reveal(seen, case, "form.phone", "contact")
    assert "Phone number" in holder(need, visitor), "until it is approved, everything is told"
    chief = Visitor().be(CHIEF).get(f"/en/desk/cases/{case}/deferrals/")
    clock.pass_hours(1)
    number = ActRecord.objects.get().number
    chief.send(f"/deferrals/{number}/", decision="approve")
    assert "Approved" in chief.text
    clock.pass_hours(1)
    reveal(seen, case, "form.story", "handle")
    said = holder(need, visitor)
    assert "What happened?" not in said
    assert "told later" not in said
    # Another post's looks are told as ever.
    reveal(Visitor().be(DISPATCHER), case, "form.story", "handle")
    assert "Dispatch Centre looked at: What happened?" in holder(need, visitor)
    clock.now = 1_774_022_399_000  # 2026-03-20 23:59:59 in Shanghai
    assert "What you were told later" not in holder(need, visitor)
    clock.now += 1000
    said = holder(need, visitor)
    assert "Urban Management Bureau looked at: What happened?" in said
    assert "Criminal Procedure Law, art. 54" in said
    assert "What you were told later" in said
    assert "Chengguan District Government" in said
    assert acts.broken() is None
    with pytest.raises(DatabaseError):
        ActRecord.objects.update(details="{}")
    # It is over: looks are told at once again.
    reveal(seen, case, "form.phone", "contact")
    assert said.count("Phone number") < holder(need, visitor).count("Phone number")


def test_a_deferral_is_ended_early_from_above_and_disclosed_at_once(
    visitor: Visitor, clock: Clock, need: str
) -> None:
    case = CaseRecord.objects.get().id
    seen = asked(case)
    number = ActRecord.objects.get().number
    chief = Visitor().be(CHIEF).get(f"/en/desk/cases/{case}/deferrals/")
    chief.send(f"/deferrals/{number}/", decision="approve")
    clock.pass_hours(1)
    reveal(seen, case, "form.story", "handle")
    assert "What happened?" not in holder(need, visitor)
    seen.get(f"/en/desk/cases/{case}/deferrals/")
    assert "End it now" not in seen.text, "whoever asked does not end it"
    path = f"/en/desk/cases/{case}/deferrals/{number}/"
    token = seen.client.cookies["csrftoken"].value
    sent = {"csrfmiddlewaretoken": token, "decision": "end", "reason": "x"}
    assert seen.client.post(path, sent).status_code == 422
    chief.send(f"/deferrals/{number}/", reason=" ")
    assert chief.status == 422
    assert "Say why" in chief.text
    assert "What happened?" not in holder(need, visitor)
    clock.pass_hours(1)
    chief.send(f"/deferrals/{number}/", reason="The suspect has been heard.")
    assert "the looks are told to the person now" in chief.text
    assert "The suspect has been heard." in chief.text
    said = holder(need, visitor)
    assert "Urban Management Bureau looked at: What happened?" in said
    assert "What you were told later" in said
    assert "2026-03-04T13:00" in visitor.html, "until the moment when it was ended"
    assert acts.broken() is None
    reveal(seen, case, "form.phone", "contact")
    assert "Phone number" in holder(need, visitor), "it is over: looks are told at once"
    again = dict(sent, csrfmiddlewaretoken=chief.client.cookies["csrftoken"].value)
    assert chief.client.post(path, again).status_code == 422, "it cannot end twice"


@pytest.mark.parametrize(
    ("until", "ground", "reason"),
    [
        ("2026-03-03", "a law", "a reason"),
        ("2026-12-01", "a law", "a reason"),
        ("", "a law", "a reason"),
        ("2026-03-20", " ", "a reason"),
        ("2026-03-20", "a law", ""),
    ],
)
def test_a_deferral_without_ground_reason_or_a_near_end_is_not_recorded(
    need: str, until: str, ground: str, reason: str
) -> None:
    case = CaseRecord.objects.get().id
    seen = Visitor().be(BUREAU)
    seen.get(f"/en/desk/cases/{case}/deferrals/")
    seen.send("/deferrals/", role="requester", until=until, ground=ground, reason=reason)
    assert seen.status == 422
    assert ActRecord.objects.count() == 0
    if ground.strip():
        assert ground in seen.html, "what was typed is kept"


@pytest.mark.parametrize("post", [BUREAU, "urban-620102/supervisor", DISPATCHER])
def test_nobody_but_a_supervisor_above_approves(need: str, post: str) -> None:
    case = CaseRecord.objects.get().id
    asked(case)
    number = ActRecord.objects.get().number
    seen = Visitor().be(post).get(f"/en/desk/cases/{case}/deferrals/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', seen.html)
    assert token
    data = {"csrfmiddlewaretoken": token[1], "decision": "approve"}
    answer = seen.client.post(f"/en/desk/cases/{case}/deferrals/{number}/", data)
    assert answer.status_code == 422
    assert ActRecord.objects.count() == 1


def test_a_proxy_raises_it_and_the_record_says_so(visitor: Visitor, clock: Clock, demo: None) -> None:
    visitor.get("/en/matters/public_need/form/")
    assert "For whom?" in visitor.text
    visitor.get("/en/matters/public_need/form/?for=nobody")
    assert visitor.status == 404
    visitor.get("/en/matters/public_need/form/?for=proxy")
    path = visitor.path + "?for=proxy"
    visitor.path = path
    visitor.send(
        "",
        a_danger="none",
        a_story="The lamp before the school is dark, my child is afraid.",
        a_category="road_lighting",
        a_hurt="no",
        a_place=["620100000000", "620102000000", STREET],
        a_contact="receipt",
    )
    assert visitor.path.endswith("/receipt/"), visitor.text
    receipt = visitor.path.split("/")[3]
    record = CaseRecord.objects.get()
    assert record.channel == "proxy"
    roles = dict(record.roles.values_list("role", "party"))
    assert set(roles) == {"requester", "proxy"}
    visitor.get(f"/en/my/{receipt}/")
    assert "Proxy, for:" in visitor.text
    reveal(officer(record.id), record.id, "form.story", "handle")
    assert "What happened?" in holder(receipt, visitor), (
        "a proxy reads who looked at the data of whom it acts for"
    )


def test_a_guardian_raises_it_for_a_child(visitor: Visitor, clock: Clock, demo: None) -> None:
    visitor.get("/en/matters/exam_id_green_channel/form/?for=guardian")
    assert "As a guardian" in visitor.text
    first = {
        "a_exam": "gaokao",
        "a_exam_date": "2026-06-07",
        "a_card": "never",
        "a_registered": "here",
        "a_place": ["620100000000", "620102000000", STREET],
        "a_name": "李小满",
        "a_birth_date": "2011-05-04",
        "a_id_number": "620102201105040012",
        "a_phone": PHONE,
        "a_delivery": "pick_up",
    }
    visitor.path += "?for=guardian"
    visitor.send("", **first)
    visitor.path += "?for=guardian"
    visitor.send("", a_guardian_name="李大满", a_guardian_relation="parent", a_guardian_phone="13912341234")
    assert visitor.path.endswith("/receipt/"), visitor.text
    record = CaseRecord.objects.get()
    assert record.channel == "guardian"
    assert set(record.roles.values_list("role", flat=True)) == {"requester", "guardian"}
    visitor.get(f"/en/my/{record.receipt}/")
    assert "Guardian, for: Candidate" in visitor.text


@pytest.mark.parametrize(
    ("titles", "said"),
    [
        (
            (("怎么称呼您？", "Your name"), ("您的电话", "Your phone")),
            ("“怎么称呼您？”、您的电话。", "Your name, Your phone."),
        ),
        ((("经过是怎样的？", "What happened?"),), ("“经过是怎样的？”。", "What happened?")),
    ],
)
def test_names_of_fields_end_in_one_mark(titles: tuple[tuple[str, str], ...], said: tuple[str, str]) -> None:
    assert _listed([Text(*each) for each in titles]) == Text(*said)
