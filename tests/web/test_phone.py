"""The phone desk: typed while listening, joined, broken off, called back; every scenario has it."""

from __future__ import annotations

import re

import pytest
from tests.web.site import DISPATCHER, STREET, Clock, Visitor, open_need

from zhuoli.office import read
from zhuoli.store.models import CallLookRecord, CallRecord, CaseRecord, PartyRecord
from zhuoli.store.replay import replay
from zhuoli.web import door
from zhuoli.web.desk import phone_form

CALL = {
    "said": "酒泉路小区门口路灯不亮，老人晚上不敢出门",
    "place": STREET,
    "caller": "anonymous",
}
REST = {"a_danger": "none", "a_hurt": "no", "a_contact": "receipt"}


def desk(lang: str = "en") -> Visitor:
    return Visitor().be(DISPATCHER).get(f"/{lang}/desk/new/")


def typed(seen: Visitor, **more: str) -> Visitor:
    """Type as somebody without script does: the page is asked for what follows from the words."""
    return seen.send("/desk/new/", **{**_fields(seen, CALL), **more, "_again": "more"})


def _fields(seen: Visitor, wanted: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in wanted.items() if name in seen.form("/desk/new/").names}


def test_words_bring_matter_place_and_script(visitor: Visitor, demo: None) -> None:
    seen = typed(desk())
    assert seen.status == 200
    assert f'value="{STREET}"' in seen.html, "the street that was named is offered"
    assert re.search(r'value="public_need" checked', seen.html), "the matter follows from the words"
    assert re.search(r'value="road_lighting" checked', seen.html), "and its kind"
    assert "Is anybody in danger right now?" in seen.text
    assert "Within 5 working days" in seen.text


def test_danger_is_told_right_below_the_words(visitor: Visitor, demo: None) -> None:
    seen = desk()
    seen.send("/desk/new/", said="家里着火了，快来人", _again="more")
    assert "tel:119" in seen.html
    order = [seen.html.index(each) for each in ('id="said"', "tel:119", 'id="phone-matters"', 'id="where"')]
    assert order == sorted(order)


def test_call_is_opened_and_read_out(visitor: Visitor, demo: None) -> None:
    seen = typed(desk())
    seen.send("/desk/new/", **CALL, **REST)
    assert "/desk/told/" in seen.path, seen.text
    row = CaseRecord.objects.get()
    assert (row.channel, row.territory, row.unit) == ("phone", STREET, "urban-620102")
    groups = " ".join(row.receipt.split("-")[1])
    assert groups in seen.text
    assert "Urban" in seen.text
    case = door.load(row.id)
    assert set(case.personal) == {"form.story"}, "of a caller who gives no name only the words are kept"
    assert case.answers["form.category"] == "road_lighting"
    assert replay().equal


def test_what_is_missing_is_told_and_nothing_is_lost(visitor: Visitor, demo: None) -> None:
    seen = typed(desk())
    seen.send("/desk/new/", **{**CALL, "place": ""}, a_danger="none")
    assert seen.status == 422
    assert "Where is it?" in seen.text
    assert 'href="#where"' in seen.html
    assert 'href="#a-hurt"' in seen.html
    assert CALL["said"] in seen.html
    assert not CaseRecord.objects.exists()
    seen = desk().send("/desk/new/", said="")
    assert seen.status == 422
    assert "The matter is not known yet" in seen.text


def test_danger_is_met_first(visitor: Visitor, demo: None) -> None:
    seen = typed(desk())
    seen.send("/desk/new/", **CALL, **{**REST, "a_danger": "fire"})
    assert seen.status == 200
    assert "tel:119" in seen.html
    assert not CaseRecord.objects.exists()
    seen.send("/desk/new/")
    assert CaseRecord.objects.count() == 1


def test_words_that_mean_danger_bring_the_number_before_a_matter_is_known(
    visitor: Visitor, demo: None
) -> None:
    seen = typed(desk(), said="隔壁着火了，冒烟")
    assert "tel:119" in seen.html
    assert "tel:119" not in typed(desk()).html


def test_caller_joins_what_was_raised_before(visitor: Visitor, clock: Clock, demo: None) -> None:
    first = CaseRecord.objects.get(receipt=open_need(visitor))
    clock.pass_hours(1 / 3)
    seen = typed(desk())
    seen.send("/desk/new/", place=STREET, _again="more")
    assert "This may have been raised already" in seen.text
    assert "20 min apart" in seen.text
    seen.send("/desk/new/", **CALL, **REST, join=str(first.id))
    assert "goes on together with the earlier case" in seen.text
    second = CaseRecord.objects.exclude(pk=first.id).get()
    assert (second.status, second.merged_into) == ("merged", first.id)


def test_call_for_somebody_else(visitor: Visitor, demo: None) -> None:
    seen = typed(desk())
    seen.send("/desk/new/", **{**CALL, "caller": "proxy"}, **REST)
    assert PartyRecord.objects.filter(role="proxy").count() == 1


def test_broken_off_call_is_kept_sealed_and_gone_on_with(visitor: Visitor, clock: Clock, demo: None) -> None:
    seen = typed(desk(), ring="13909310000")
    seen.send("/desk/new/", **CALL, ring="13909310000", ring_in="1", _keep="1")
    assert seen.path.endswith("/desk/calls/")
    assert "139****0000" in seen.text
    assert "13909310000" not in seen.html
    record = CallRecord.objects.get()
    assert "路灯" not in record.body
    assert record.ring_at == clock.now + 3_600_000
    # Showing the number is recorded.
    seen.send(f"/calls/{record.id}/", do="show")
    assert "13909310000" in seen.text
    assert CallLookRecord.objects.get().post == DISPATCHER
    other = Visitor().be("dispatch-62/dispatcher").get("/en/desk/calls/")
    assert "139" not in other.text, "another unit's calls are none of theirs"
    # Another post of the unit goes on with it.
    clock.pass_hours(0.5)
    seen.get(f"/en/desk/new/?call={record.id}")
    assert CALL["said"] in seen.html
    assert CallLookRecord.objects.count() == 2
    seen.send("/desk/new/", **CALL, **{**REST, "a_contact": "phone"}, _again="more")
    assert 'value="13909310000"' in seen.html, "the number answers the question for it"
    seen.send("/desk/new/", caller="requester")
    assert "/desk/told/" in seen.path, seen.text
    record.refresh_from_db()
    assert record.case_id == CaseRecord.objects.get().id
    assert record.body == "" or record.ring_at is not None
    # The person reads who has looked at what they left: twice before there was a case, once more for the call back.
    case = CaseRecord.objects.get()
    clock.pass_hours(0.5)
    seen.get("/en/desk/calls/").send(f"/calls/{record.id}/", do="show")
    assert "13909310000" in seen.text
    looks = [look for look in read.looks(case.id, now=clock.now) if look.fields == ("call",)]
    half = 1_800_000
    assert [(look.actor.post, clock.now - look.at) for look in looks] == [
        (DISPATCHER, late) for late in (2 * half, half, 0)
    ]
    owner = Visitor()
    code = door.code_of(case.id, case.receipt)
    owner.get("/en/check/").send("", receipt=case.receipt, code=code)
    told = owner.get(f"/en/my/{case.receipt}/looks/").text
    assert told.count("what was left in a call, and the number. What for: to go on with your call") == 3


def test_call_back_is_done_with_one_button_or_put_off(visitor: Visitor, clock: Clock, demo: None) -> None:
    seen = desk().send("/desk/new/", said="line went dead", ring="13909310000", _keep="1")
    record = CallRecord.objects.get()
    clock.pass_hours(1)
    assert ">1<" in seen.get("/en/desk/new/").html, "calls that are due are counted on the form"
    seen.get("/en/desk/calls/").send(f"/calls/{record.id}/", do="later")
    record.refresh_from_db()
    assert record.ring_at == clock.now + 3_600_000
    seen.send(f"/calls/{record.id}/", do="done")
    record.refresh_from_db()
    assert (record.body, record.outcome) == ("", "reached")
    assert "No call to return." in seen.text
    assert seen.get(f"/en/desk/new/?call={record.id}").status == 404


def test_what_is_kept_runs_out(visitor: Visitor, clock: Clock, demo: None) -> None:
    seen = desk().send("/desk/new/", said="half a sentence", _keep="1")
    clock.pass_hours(8 * 24)
    seen.get("/en/desk/calls/")
    assert CallRecord.objects.get().body == ""
    assert CallRecord.objects.get().outcome == "expired"


def test_nothing_is_not_kept(visitor: Visitor, demo: None) -> None:
    seen = desk().send("/desk/new/", _keep="1")
    assert seen.status == 422
    assert not CallRecord.objects.exists()


@pytest.mark.parametrize("matter", ["public_need", "exam_id_green_channel", "enterprise_problem_list"])
def test_every_scenario_can_be_written_down(visitor: Visitor, demo: None, matter: str) -> None:
    seen = Visitor().be(DISPATCHER).get(f"/zh/desk/new/?matter={matter}")
    assert seen.status == 200
    plan = door.plan(matter)
    form = plan.forms["form"]
    asked = seen.form("/desk/new/").names
    for name, each in form.questions.items():
        question = each.question
        own = name in (phone_form.story(form), phone_form.place_question(form))
        if (
            question.required
            and not question.relevant
            and question.type not in ("note", "calculate")
            and not own
        ):
            assert f"a-{name}" in asked, name
    # Whoever must be known cannot stay unknown.
    assert ('value="anonymous"' in seen.html) == (matter == "public_need")


def test_htmx_gets_only_the_parts(visitor: Visitor, demo: None) -> None:
    seen = desk()
    fields = dict(seen.form("/desk/new/").fields)
    answer = seen.client.post(
        "/en/desk/new/", {**fields, "said": CALL["said"], "_part": "1"}, headers={"HX-Request": "true"}
    )
    body = answer.content.decode()
    assert "<html" not in body
    for part in (
        "phone-matters",
        "phone-places",
        "phone-caller",
        "phone-questions",
        "phone-urgent",
        "phone-near",
        "phone-script",
    ):
        assert re.search(rf'id="{part}"[^>]*hx-swap-oob="true"', body), part


def test_places_by_pinyin_and_by_a_part(visitor: Visitor, demo: None) -> None:
    for where in ("酒泉路", "jql", "城关区酒泉路12号"):
        seen = desk().send("/desk/new/", where=where, _again="more")
        assert STREET in seen.html, where
    seen = desk().send("/desk/new/", where="zzzz", _again="more")
    assert "Nothing found" in seen.text
