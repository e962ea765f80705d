"""A village's auxiliary notes duties on the phone, hears what came of them, and the month prints itself."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from tests.web.site import Clock, Visitor, picture

from zhuoli.capabilities import REGISTRY
from zhuoli.core.case import commands as c
from zhuoli.core.case.facts import Actor
from zhuoli.core.worktime.instants import DAY, HOUR, day_begins, day_of
from zhuoli.office import accounts, acts, rounds
from zhuoli.office.acts import By
from zhuoli.office.errors import OfficeError
from zhuoli.office.handle import Request
from zhuoli.office.worker import Worker
from zhuoli.store.models import ActRecord, CaseRecord, EntryRecord, Post
from zhuoli.web import door
from zhuoli.web.village import sheet
from zhuoli.web.village.places_only import names_somebody

VILLAGE, NEXT = "620102010201", "620102010202"
STATION = "station-620102010"
AUXILIARY = f"{STATION}/auxiliary-201"
HAZARD = {
    "a_duty": "roads",
    "a_found": "hazard",
    "a_kind": "light",
    "a_note": "The manhole cover is gone.",
    "a_spot": "the school gate",
    "a_hurt": "no",
}


@pytest.fixture
def aid(visitor: Visitor, demo: None) -> Visitor:
    """The auxiliary of the first village at its page."""
    visitor.be(AUXILIARY)
    assert visitor.path == "/en/village/", "an auxiliary of a village begins at its round"
    return visitor


def work() -> None:
    worker = Worker(door.office(), REGISTRY, name="test")
    for _ in range(10):
        if not worker.run_once().total:
            return


def needs() -> list[CaseRecord]:
    return list(CaseRecord.objects.filter(scenario="public_need").order_by("id"))


def note(visitor: Visitor, **answers: object) -> Visitor:
    return visitor.get("/en/village/").send("/village/", **answers)


def answer(case: CaseRecord) -> None:
    """Let the responsible unit take the matter up and answer it."""
    unit = case.unit
    actor = Actor(kind="post", unit=unit, post=f"{unit}/officer", roles=("officer",))
    office = door.office()

    def do(command: c.AnyCommand) -> None:
        number = EntryRecord.objects.filter(case_id=case.id).count()
        office.handle(Request(key=f"answer-{case.id}-{number}", command=command, actor=actor, case=case.id))

    do(c.Accept())
    do(
        c.Complete(
            task="look",
            outcome="found",
            answers={"seen": "as described", "looked_on": "2026-03-04", "still_dangerous": False},
        )
    )
    do(c.Complete(task="handle", outcome="explained", answers={"action": "a new cover", "cause": "broken"}))
    do(c.Close(result="explained", answer="A new cover lies there now."))


def test_all_in_order_is_two_choices_and_one_entry(aid: Visitor) -> None:
    note(aid, a_duty="patrol", _fine="1")
    assert "Noted" in aid.text
    assert "All in order" in aid.text
    (case,) = CaseRecord.objects.filter(scenario="village_duty")
    assert (case.status, case.result, case.territory, case.unit) == ("settled", "in_order", VILLAGE, STATION)
    assert EntryRecord.objects.filter(case_id=case.id).count() == 1
    aid.get("/en/village/")
    assert "1 today" in aid.text


def test_a_hazard_goes_to_its_unit_and_the_reporter_hears_of_it_to_the_end(
    aid: Visitor, clock: Clock
) -> None:
    note(aid, **HAZARD)
    assert "Being registered" in aid.text
    here = aid.path
    work()
    aid.get(here)
    (need,) = needs()
    assert need.receipt in aid.text
    assert "Chengguan District Urban Management Bureau, waiting to be taken up" in aid.text
    answer(need)
    aid.get("/en/village/")
    assert "1 reported as done: go and see" in aid.text
    aid.get("/en/village/noted/")
    assert "please go and look" in aid.text
    aid.send(f"/village/needs/{need.receipt}/", settled="yes")
    assert "Settled by" in aid.text
    need.refresh_from_db()
    assert need.status == "settled"
    entry = EntryRecord.objects.filter(case_id=need.id).latest("seq")
    assert "village-" in str(entry.actor), "the post of the village agreed, nobody by name"


def test_what_is_not_settled_is_sent_back_with_a_reason(aid: Visitor) -> None:
    note(aid, **HAZARD)
    work()
    (need,) = needs()
    answer(need)
    aid.get("/en/village/noted/")
    form = [each for each in aid.forms if each.action.endswith(f"{need.receipt}/")][1]
    aid.forms = [form]
    aid.send(f"{need.receipt}/", reason="The cover wobbles.")
    need.refresh_from_db()
    assert (need.status, need.contests) == ("accepted", 1)
    assert "dealing with it" in aid.text


def test_the_same_place_is_joined_and_another_is_not(aid: Visitor) -> None:
    note(aid, **HAZARD)
    work()
    (need,) = needs()
    aid.get("/en/village/")
    assert "Something here is in hand already" in aid.text
    note(aid, **{**HAZARD, "a_same": need.receipt})
    note(aid, **{**HAZARD, "a_same": ""})
    work()
    assert len(needs()) == 2
    results = CaseRecord.objects.filter(scenario="village_duty").values_list("result", flat=True)
    assert sorted(results) == ["joined", "raised", "raised"]


def test_a_photo_goes_along(aid: Visitor) -> None:
    aid.get("/en/village/")
    sent = aid.client.post("/en/village/files/", {"a-photos": picture(), "csrfmiddlewaretoken": token(aid)})
    (kept,) = sent.json()["files"]
    form = aid.form("/village/")
    form.fields.append(("_file", kept["token"]))
    aid.send("/village/", **HAZARD)
    work()
    (need,) = needs()
    assert len(door.load(need.id).files) == 1


def token(visitor: Visitor) -> str:
    return next(value for name, value in visitor.form("/village/").fields if name == "csrfmiddlewaretoken")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"a_note": "Ask Wang on 13909310000."}, "places and things only"),
        ({"a_spot": "the house of 620102199001010012"}, "places and things only"),
        ({"a_note": "甘A12345 停在路口"}, "places and things only"),
        ({"a_note": ""}, "Answer this question"),
        ({"a_kind": ""}, "Answer this question"),
        ({"a_found": "need", "a_agreed": "no"}, "Without the person's consent nothing is noted"),
    ],
)
def test_what_is_not_taken_says_why_and_keeps_what_was_typed(
    aid: Visitor, changes: dict[str, str], said: str
) -> None:
    note(aid, **{**HAZARD, **changes})
    assert aid.status == 422
    assert said in aid.text
    kept = dict(aid.form("/village/").fields)
    assert kept["a-duty"] == "roads"
    assert kept["a-note"] == {**HAZARD, **changes}["a_note"]
    assert not CaseRecord.objects.filter(scenario="village_duty").exists()


def test_danger_is_met_with_the_number_to_call_first(aid: Visitor) -> None:
    note(aid, **{**HAZARD, "a_note": "着火了，烟很大"})
    assert "119" in aid.text
    assert not CaseRecord.objects.filter(scenario="village_duty").exists()
    aid.send("/village/")
    assert CaseRecord.objects.filter(scenario="village_duty").count() == 1


def test_a_phone_that_was_without_a_signal_sends_twice_and_late(aid: Visitor, clock: Clock) -> None:
    aid.get("/en/village/")
    data = {
        "csrfmiddlewaretoken": token(aid),
        "_key": dict(aid.form("/village/").fields)["_key"],
        "_at": str(clock.now - 5 * HOUR),
        "a-place": VILLAGE,
        "a-duty": "guard",
        "_fine": "1",
    }
    for _ in range(2):
        sent = aid.client.post("/en/village/", data, headers={"Accept": "application/json"})
        assert sent.status_code == 200
        assert "/village/noted/" in sent.json()["url"]
    (found,) = rounds.rounds("village_duty", [VILLAGE], 0, clock.now + 1)
    assert found.at == clock.now - 5 * HOUR
    unfinished = {name: value for name, value in data.items() if name != "_fine"}
    wrong = aid.client.post(
        "/en/village/",
        {**unfinished, "_key": "5f1d2c8e-6a53-4b0c-9c55-7a1f0a6a2c11", "a-found": "hazard"},
        headers={"Accept": "application/json"},
    )
    assert wrong.status_code == 422
    assert wrong.json()["wrong"]
    assert CaseRecord.objects.filter(scenario="village_duty").count() == 1


@pytest.mark.parametrize("at", ["", "x", "-5", "9" * 20, "1", "٣"])
def test_an_impossible_time_is_the_time_of_sending(aid: Visitor, clock: Clock, at: str) -> None:
    note(aid, a_duty="patrol", _fine="1", _at=at)
    (found,) = rounds.rounds("village_duty", [VILLAGE], 0, clock.now + 1)
    assert found.at == clock.now


def test_a_village_is_read_and_written_by_its_own_post_and_station(aid: Visitor) -> None:
    aid.get(f"/en/village/?village={NEXT}")
    assert aid.status == 403
    note(aid, a_duty="patrol", _fine="1", a_place=NEXT)
    assert aid.status == 403
    assert not CaseRecord.objects.filter(scenario="village_duty").exists()
    note(aid, **HAZARD)
    work()
    receipt = CaseRecord.objects.get(scenario="village_duty").receipt
    aid.be(f"{STATION}/auxiliary-202")
    assert aid.get(f"/en/village/noted/{receipt}/").status == 404
    assert aid.get(f"/en/village/sheet/{VILLAGE}/2026-03/").status == 403
    aid.be(f"{STATION}/officer")
    assert aid.get(f"/en/village/noted/{receipt}/").status == 200
    assert aid.get(f"/en/village/sheet/{VILLAGE}/2026-03/").status == 200
    assert "Rounds of the villages" in aid.get("/en/village/station/").text


def month(visitor: Visitor, clock: Clock) -> None:
    """Note eleven things on four days of March, one of them with a hazard."""
    for day in range(4):
        for duty in ("patrol", "guard"):
            note(visitor, a_duty=duty, _fine="1", a_spot="the school gate")
        if day == 1:
            note(visitor, **HAZARD)
            work()
        if day == 2:
            note(visitor, a_duty="law", _fine="1")
            note(visitor, a_duty="service", _fine="1")
        clock.now += 2 * DAY


def test_the_sheet_counts_what_the_ledger_says(aid: Visitor, clock: Clock) -> None:
    month(aid, clock)
    aid.get(f"/en/village/sheet/{VILLAGE}/2026-03/")
    found = sheet.month_of(door.plan("village_duty"), VILLAGE, sheet.span("2026-03"), clock.now)
    assert len(found.rounds) == 11
    assert found.by_duty == {"patrol": 4, "guard": 4, "roads": 1, "law": 1, "service": 1}
    assert [each.kind for each in found.found] == ["light"]
    assert found.outcomes == {"open": 1}
    first = day_of(found.rounds[0].at)
    assert [day for day in found.days if day not in found.quiet] == [first, first + 2, first + 4, first + 6]
    assert found.days[-1] == day_of(clock.now)
    assert found.spots == {"the school gate": 9}
    assert needs()[0].receipt in aid.text
    assert "8 days: 1–3, 5, 7, 9, 11–12" in aid.text
    # As many rounds as the ledger holds, whoever counts them.
    assert (
        len(found.rounds)
        == EntryRecord.objects.filter(
            command="open", case_id__in=CaseRecord.objects.filter(scenario="village_duty").values("id")
        ).count()
    )


def test_the_sheet_prints_in_both_languages_and_by_itself(
    aid: Visitor, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    month(aid, clock)
    words = {}
    for lang in ("zh", "en"):
        got = aid.client.get(f"/{lang}/village/sheet/{VILLAGE}/2026-03/sheet.pdf")
        assert got["Content-Type"] == "application/pdf"
        pages = PdfReader(io.BytesIO(got.content)).pages
        words[lang] = "".join("".join(page.extract_text().split()) for page in pages)
    assert "红沟村2026年3月勤务月报" in words["zh"]
    assert "不评价个人" in words["zh"]
    assert needs()[0].receipt in words["zh"]
    assert "Themanholecoverisgone." in words["en"]
    # Once the month is over the worker sets it; what is there is left alone.
    monkeypatch.setattr(sheet, "folder", lambda of: tmp_path / "sheets" / of.key)
    assert sheet.print_what_is_due(clock.now) == 0
    clock.now = day_begins(sheet.span("2026-04").first) + HOUR
    assert sheet.print_what_is_due(clock.now) == 1
    assert sheet.print_what_is_due(clock.now) == 0
    kept = tmp_path / "sheets" / "2026-03" / f"{VILLAGE}.pdf"
    assert kept.read_bytes().startswith(b"%PDF")
    aid.get(f"/en/village/sheet/{VILLAGE}/2026-03/")
    assert "As it printed itself" in aid.text
    got = aid.client.get(f"/en/village/sheet/{VILLAGE}/2026-03/sheet.pdf?kept=1")
    assert b"".join(got.streaming_content) == kept.read_bytes()


@pytest.mark.parametrize("path", ["2026-13", "2026-3", "latest", "1999-01"])
def test_a_month_that_is_none_is_not_found(aid: Visitor, path: str) -> None:
    assert aid.get(f"/en/village/sheet/{VILLAGE}/{path}/").status == 404
    assert aid.get("/en/village/sheet/620102999999/2026-03/").status in (403, 404)


def test_the_station_sees_gaps_first_and_counts_in_few_statements(aid: Visitor, clock: Clock) -> None:
    month(aid, clock)
    clock.now += 6 * DAY
    aid.be(f"{STATION}/officer").get("/en/village/station/")
    table = aid.html[aid.html.index("<tbody>") :]
    assert table.index("Touying Village") < table.index("Honggou Village"), "nobody was there at all"
    assert "8 days ago" in aid.text
    with CaptureQueriesContext(
        connection,
    ) as asked:
        aid.get("/en/village/station/")
    assert len(asked) < 20
    aid.be("psb-620102/supervisor").get("/en/village/station/")
    assert "both are shown" in aid.text
    aid.get("/en/village/station/?town=620102010000")
    assert "Honggou Village" in aid.text
    assert aid.get("/en/village/station/?town=620103001000").status == 403
    assert aid.get("/en/village/station/?town=nowhere").status == 400


def test_the_posts_of_villages_are_those_that_the_report_cites() -> None:
    from zhuoli.places import packaged_divisions
    from zhuoli.places.coverage import TOTAL
    from zhuoli.places.posts import make_village_posts
    from zhuoli.places.units import make_units

    divisions = packaged_divisions()
    posts = list(make_village_posts(make_units(divisions), divisions))
    villages = {each.code for each in divisions if each.level == "village"}
    assert len({post.id for post in posts}) == len(posts) == len({post.territory for post in posts})
    assert {post.territory for post in posts} <= villages
    assert len(posts) == TOTAL
    assert len(villages) == 15_507, "not the 16,083 of the report: both denominators are shown"
    assert all(post.title_zh.endswith("村辅警") for post in posts)


def test_own_work_is_not_counted_as_needs_of_the_public(aid: Visitor, clock: Clock) -> None:
    from zhuoli.web.figures.count import today

    before = today(clock.now)
    for _ in range(6):
        note(aid, a_duty="patrol", _fine="1")
    assert today(clock.now) == before
    assert aid.client.get("/en/figures.json").json()["total"]["raised"] == 0
    own = aid.client.get("/en/figures.json?scenario=village_duty").json()
    assert own["total"]["raised"] == 5, "told by itself, rounded like everything"


@given(st.text(alphabet="村口的路灯坏了 0123456789-", max_size=40))
def test_words_without_eleven_digits_in_a_row_are_about_places(said: str) -> None:
    digits = "".join(sign if sign.isdigit() else " " if sign not in " -" else "" for sign in said)
    if max(map(len, digits.split()), default=0) < 10:
        assert not names_somebody(said)


@pytest.mark.parametrize(
    "said",
    [
        "13909310000",
        "139 0931 0000",
        "电话１３９０９３１００００",
        "620102199001010012",
        "62010219900101001X",
        "甘A12345",
        "甘A·D12345",
        "0931-8888888",
    ],
)
def test_numbers_of_people_and_vehicles_are_found(said: str) -> None:
    assert names_somebody(f"村口 {said} 路灯")


@pytest.mark.parametrize(
    "said", ["三社2号桥", "312国道1580公里处", "电杆0045号", "甘肃A区", "12345热线", "2026年3月4日"]
)
def test_numbers_of_places_are_not(said: str) -> None:
    assert not names_somebody(said)


def test_posts_of_villages_are_in_the_database(clock: Clock) -> None:
    assert Post.objects.get(pk=AUXILIARY).territory == VILLAGE


def test_residents_see_who_their_auxiliary_is(visitor: Visitor) -> None:
    visitor.get("/zh/village/")
    assert "找您村的辅警" in visitor.text, "the public is led to who the auxiliaries are"
    assert "16,083" in visitor.text
    assert "67 %" in visitor.text
    assert "按市州" in visitor.text
    visitor.get("/en/auxiliaries/620102010201/")
    assert "The auxiliary of Honggou Village" in visitor.text
    assert "not shown (the office and the person decide)" in visitor.text
    assert "Police Station" in visitor.text
    assert visitor.text.count("Patrol") == 1
    visitor.get("/zh/auxiliaries/620102001001/")
    assert "由派出所的辅警负责" in visitor.text, "a community has the station's auxiliaries"
    visitor.get("/zh/auxiliaries/620102000000/")
    assert "酒泉路街道" in visitor.text
    assert visitor.get("/zh/auxiliaries/nowhere/").status == 404
    assert visitor.get("/zh/auxiliaries/620000000000/").status == 404


def test_a_village_is_found_by_words_that_stand_in_no_address(visitor: Visitor) -> None:
    visitor.get("/zh/auxiliaries/")
    visitor.send("/auxiliaries/", q="红沟村")
    assert "红沟村" in visitor.text
    assert "q=" not in visitor.path
    visitor.get("/zh/auxiliaries/")
    visitor.send("/auxiliaries/", q="没有这个村吧")
    assert visitor.status == 200


def test_a_name_is_shown_only_where_the_office_and_the_person_chose_so(visitor: Visitor) -> None:
    post = Post.objects.get(pk=AUXILIARY)
    by = By("admin", "gov-620102/administrator")
    for name, agreed in (("王警官", False), ("13900000000", True), ("王", True)):
        with pytest.raises(OfficeError):
            accounts.show_name(post, name, agreed=agreed, by=by, at=1)
    accounts.show_name(post, "王警官", agreed=True, by=by, at=1)
    assert "王警官" in visitor.get("/zh/auxiliaries/620102010201/").text
    assert "王警官" not in str([acts.read(each).details for each in ActRecord.objects.all()])
    accounts.vacate(post, by, 2)
    assert "王警官" not in visitor.get("/zh/auxiliaries/620102010201/").text


def test_an_administrator_gives_the_name_on_the_page(visitor: Visitor, demo: None) -> None:
    visitor.be("psb-620102/administrator")
    page = f"/zh/desk/admin/?q={AUXILIARY}"
    assert "公开的称呼" in visitor.get(page).text
    visitor.send("/do/show/", shown_name="李警官", agreed="1")
    assert "称呼已保存" in visitor.text
    assert Post.objects.get(pk=AUXILIARY).shown_name == "李警官"
    visitor.get(page).send("/do/show/", shown_name="赵警官")
    assert "本人没有同意" in visitor.text
