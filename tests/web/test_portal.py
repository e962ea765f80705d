"""The portal: finding, filling in, mistakes, receipts, following."""

from __future__ import annotations

import hashlib
import re
import uuid

import msgspec
import pytest
from django.core.cache import cache
from tests.web.site import BUREAU, STREET, Clock, Visitor, open_need, picture

from zhuoli.office import units
from zhuoli.office.acts import By
from zhuoli.store.models import CaseRecord, EntryRecord
from zhuoli.web import door
from zhuoli.web.portal import receipts

PUBLIC = (
    "",
    "about/",
    "matters/",
    "matters/public_need/",
    "check/",
    "figures/",
    "figures/?by=place",
    "places/",
    "auxiliaries/",
    "auxiliaries/620102000000/",
)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_answer_in_their_language(visitor: Visitor, lang: str, path: str) -> None:
    visitor.get(f"/{lang}/{path}")
    assert visitor.status == 200
    if visitor.headers["Content-Type"].startswith("text/html"):
        assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in visitor.html
        assert visitor.headers["Content-Language"] == ("zh-CN" if lang == "zh" else "en")
        other = "en" if lang == "zh" else "zh"
        assert f'href="/{other}/{path}"'.replace("&", "&amp;") in visitor.html


def test_language_of_cookie_and_browser(clock: Clock) -> None:
    visitor = Visitor()
    assert visitor.client.get("/").headers["Location"] == "/zh/"
    assert visitor.client.get("/", HTTP_ACCEPT_LANGUAGE="fr, en-GB;q=0.8").headers["Location"] == "/en/"
    visitor.get("/zh/")
    assert visitor.client.get("/", HTTP_ACCEPT_LANGUAGE="en").headers["Location"] == "/zh/"


def test_policy_and_headers(visitor: Visitor) -> None:
    visitor.get("/en/")
    policy = visitor.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert visitor.headers["X-Frame-Options"] == "DENY"
    assert visitor.headers["X-Content-Type-Options"] == "nosniff"
    assert "noindex" not in visitor.headers.get("X-Robots-Tag", "")
    receipt = open_need(visitor)
    visitor.get(f"/en/my/{receipt}/")
    assert visitor.headers["Cache-Control"] == "no-store"
    assert "noindex" in visitor.headers["X-Robots-Tag"]


def test_box_proposes_what_was_meant_and_carries_the_words(visitor: Visitor) -> None:
    visitor.get("/en/").send("/say/", said="The street light is broken")
    assert "Tell us what happened" in visitor.text
    visitor.send("/matters/public_need/form/")
    assert visitor.status == 200
    assert "The street light is broken</textarea>" in visitor.html
    assert CaseRecord.objects.count() == 0
    visitor.get("/zh/").send("/say/", said="高考前身份证丢了")
    assert visitor.html.index("exam_id_green_channel") >= 0


def test_box_with_nonsense_leads_to_the_list(visitor: Visitor) -> None:
    visitor.get("/en/").send("/say/", said="xyzzy")
    assert "Nothing fits" in visitor.text
    assert "/en/matters/" in visitor.html


def test_search_in_the_list(visitor: Visitor) -> None:
    visitor.get("/zh/matters/?q=身份证")
    assert "exam_id_green_channel" in visitor.html
    assert "enterprise_problem_list" not in visitor.html
    visitor.get("/zh/matters/?q=zzzz")
    assert "没有与“zzzz”有关的事项" in visitor.text


def test_empty_form_lists_every_mistake_with_a_link(visitor: Visitor) -> None:
    visitor.get("/en/matters/public_need/form/").send("")
    assert visitor.status == 422
    links = re.findall(r'<li><a href="#([^"]+)">', visitor.html)
    assert links == ["a-danger", "a-story", "a-category", "a-hurt", "a-place", "a-contact"]
    for link in links:
        assert f'id="{link}"' in visitor.html
    assert visitor.html.index('role="alert"') < visitor.html.index("<form method")


def test_what_was_typed_stays_after_a_mistake(visitor: Visitor) -> None:
    visitor.get("/en/matters/public_need/form/")
    visitor.send("", a_story="It is <dark>", a_place=["620100000000", "620102000000"], a_hurt="no")
    assert visitor.status == 422
    assert "It is &lt;dark&gt;</textarea>" in visitor.html
    assert '<option value="620102000000" selected' in visitor.html
    form = visitor.form("")
    assert ("a-hurt", "no") in form.fields


def test_questions_that_depend_on_answers(visitor: Visitor) -> None:
    visitor.get("/en/matters/public_need/form/")
    assert "a-phone" not in visitor.form("").names
    visitor.send("", a_contact="phone", a_category="noise", _again="more")
    assert visitor.status == 200
    assert {"a-phone", "a-name", "a-noise_from"} <= visitor.form("").names
    assert 'role="alert"' not in visitor.html
    visitor.send("", a_phone="12", a_contact="phone")
    assert 'href="#a-phone"' in visitor.html


def test_dropped_questions_are_not_sent_on(visitor: Visitor) -> None:
    visitor.get("/en/matters/public_need/form/").send("", a_contact="phone", _again="more")
    visitor.send(
        "",
        a_danger="none",
        a_story="Dark",
        a_category="road_lighting",
        a_hurt="no",
        a_place=["620100000000", "620102000000", STREET],
        a_contact="receipt",
        a_phone="13909310000",
    )
    assert visitor.path.endswith("/receipt/"), visitor.text


def test_place_picker_without_script(visitor: Visitor) -> None:
    visitor.get("/en/matters/public_need/form/")
    assert "620102000000" not in visitor.html
    visitor.send("", a_place=["620100000000"], _again="a-place")
    assert "620102000000" in visitor.form("").options["a-place"]
    visitor.send("", a_place=["620100000000", "620102000000"], _again="a-place")
    assert STREET in visitor.form("").options["a-place"]
    # The county is changed afterwards: the street of the old one does not count.
    visitor.send("", a_place=["620100000000", "620103000000", STREET], _again="a-place")
    assert STREET not in visitor.form("").options["a-place"]
    assert '<option value="620103000000" selected' in visitor.html


def test_danger_shows_the_number_first(visitor: Visitor) -> None:
    visitor.get("/en/matters/public_need/form/")
    answers = {
        "a_danger": "fire",
        "a_story": "Smoke",
        "a_category": "other",
        "a_hurt": "yes",
        "a_place": ["620100000000", "620102000000", STREET],
        "a_contact": "receipt",
    }
    visitor.send("", **answers)
    assert 'href="tel:119"' in visitor.html
    assert CaseRecord.objects.count() == 0
    visitor.send("", **answers)
    assert visitor.path.endswith("/receipt/")


def test_form_sent_twice_opens_one_case(visitor: Visitor) -> None:
    visitor.get("/en/matters/public_need/form/")
    before = visitor.form(""), visitor.path
    answers = {
        "a_danger": "none",
        "a_story": "Dark",
        "a_category": "road_lighting",
        "a_hurt": "no",
        "a_place": ["620100000000", "620102000000", STREET],
        "a_contact": "receipt",
    }
    visitor.send("", **answers, **{"a-photos": picture()})
    first, code = visitor.path, re.findall(r'class="code">([^<]+)', visitor.html)
    visitor.forms, visitor.path = [before[0]], before[1]
    visitor.send("", **answers, **{"a-photos": picture()})
    assert visitor.path == first
    assert re.findall(r'class="code">([^<]+)', visitor.html) == code
    assert CaseRecord.objects.count() == 1


def test_form_without_a_key_is_refused_in_words(visitor: Visitor) -> None:
    visitor.get("/en/matters/public_need/form/")
    visitor.form("").fields = [("_key", "nonsense")] + [
        each for each in visitor.form("").fields if each[0] == "csrfmiddlewaretoken"
    ]
    visitor.send(
        "",
        a_danger="none",
        a_story="Dark",
        a_category="road_lighting",
        a_hurt="no",
        a_place=["620100000000", "620102000000", STREET],
        a_contact="receipt",
    )
    assert visitor.status == 400
    assert "_key" in visitor.text


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (picture("x.png", b"MZ" + bytes(200)), "neither a photo"),
        (picture("x.png", b""), "is empty"),
        (picture("x.pdf", b"%PDF-1"), "takes photos only"),
    ],
)
def test_wrong_files_are_refused_before_anything_is_stored(visitor: Visitor, file: object, said: str) -> None:
    visitor.get("/en/matters/public_need/form/").send("", **{"a-photos": file})
    assert visitor.status == 422
    assert said in visitor.text


def test_files_survive_a_mistake_elsewhere(visitor: Visitor) -> None:
    visitor.get("/en/matters/public_need/form/").send("", **{"a-photos": picture("dark lamp.png")})
    assert visitor.status == 422
    assert "Received: dark lamp.png" in visitor.text
    visitor.send(
        "",
        a_danger="none",
        a_story="Dark",
        a_category="road_lighting",
        a_hurt="no",
        a_place=["620100000000", "620102000000", STREET],
        a_contact="receipt",
    )
    receipt = visitor.path.split("/")[3]
    visitor.get(f"/en/my/{receipt}/")
    assert "dark lamp.png" in visitor.text
    link = re.search(rf"/en/my/{receipt}/files/[0-9a-f]+/", visitor.html)
    assert link
    visitor.get(link[0])
    assert visitor.status == 200
    assert visitor.headers["Content-Disposition"].startswith("attachment")
    assert visitor.html.startswith("\ufffdPNG")


def test_receipt_says_all(visitor: Visitor) -> None:
    receipt = open_need(visitor)
    assert receipt in visitor.text
    code = re.findall(r'class="code">([^<]+)', visitor.html)[1]
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", code)
    assert "<svg" in visitor.html
    assert "Thu 5 Mar, 17:30" in visitor.text  # one working day to say whether it is accepted
    assert "The limit is 1 working day" in visitor.text
    assert "Chengguan District Urban Management Bureau" in visitor.text


def test_the_unit_is_reached_by_its_public_telephone_where_it_has_entered_one(visitor: Visitor) -> None:
    receipt = open_need(visitor)
    assert "tel:" not in visitor.html
    unit = CaseRecord.objects.get(receipt=receipt).unit
    wanted = msgspec.structs.replace(units.wanted_of(door.directory().units[unit]), phone="0931-8460000")
    units.change(unit, wanted, By(), "gov-620102", 1)
    for path in (f"/en/my/{receipt}/", f"/en/my/{receipt}/receipt/"):
        assert 'href="tel:0931-8460000"' in visitor.get(path).html, path
    with pytest.raises(units.Wrong, match="mobile"):
        units.change(unit, msgspec.structs.replace(wanted, phone="139 0000 0000"), By(), "gov-620102", 2)


def test_receipt_opens_from_another_device(visitor: Visitor, clock: Clock) -> None:
    receipt = open_need(visitor)
    code = re.findall(r'class="code">([^<]+)', visitor.html)[1]
    other = Visitor()
    other.get(f"/en/my/{receipt}/")
    assert other.status == 403
    assert "Check a receipt" in other.text
    other.get("/en/check/").send(
        "/check/", receipt=receipt.lower().replace("-", " "), code=code.lower().replace("0", "o")
    )
    assert other.path == f"/en/my/{receipt}/"
    assert "is deciding whether to accept it" in other.text
    other.get("/en/check/")
    assert receipt in other.html
    other.send("/check/forget/")
    assert receipt not in other.html


def test_wrong_codes_are_counted(visitor: Visitor, clock: Clock) -> None:
    receipt = open_need(visitor)
    code = re.findall(r'class="code">([^<]+)', visitor.html)[1]
    other = Visitor()
    for _ in range(receipts.PER_RECEIPT):
        other.get("/en/check/").send("/check/", receipt=receipt, code="AAAA-AAAA")
        assert "do not belong together" in other.text
    other.get("/en/check/").send("/check/", receipt=receipt, code=code)
    assert "Too many wrong tries" in other.text
    assert "Try again in 15 minutes." in other.text
    assert other.status == 429


def test_a_flood_of_what_scripts_ask_is_turned_away(visitor: Visitor, clock: Clock) -> None:
    """More than a whole office types is no typing; a minute later there is room again."""
    visitor.get("/en/matters/public_need/form/")
    (form,) = [each for each in visitor.forms if ("_key" in dict(each.fields))]
    data = {**dict(form.fields), "_question": "danger"}
    clock.now -= clock.now % 60_000

    def ask(what: str) -> int:
        return visitor.client.post(f"/en/matters/public_need/form/{what}/", data).status_code

    assert ask("check") == 200
    address = hashlib.sha256(b"127.0.0.1").hexdigest()[:24]
    for view, most in (("check_page", 600), ("save_page", 300)):
        cache.set(f"asked.{view}.{address}.{clock.now // 60_000}", most, 60)
    answer = visitor.client.post("/en/matters/public_need/form/check/", data)
    assert answer.status_code == 429
    assert "<h1>" in answer.content.decode(), "and says so in words"
    assert ask("draft") == 429
    clock.now += 60_000
    assert (ask("check"), ask("draft")) == (200, 200)


def test_slip_in_the_number_is_told_as_such(visitor: Visitor) -> None:
    receipt = open_need(visitor)
    wrong = receipt[:-1] + ("2" if receipt[-1] != "2" else "3")
    Visitor_ = Visitor().get("/en/check/").send("/check/", receipt=wrong, code="AAAA-AAAA")
    assert "cannot be right" in Visitor_.text


def test_person_can_urge_withdraw_and_leave_a_note(visitor: Visitor, clock: Clock) -> None:
    receipt = open_need(visitor)
    visitor.get(f"/en/my/{receipt}/").send("/urge/", text="Children walk there")
    assert "the unit sees it" in visitor.text
    assert "Children walk there" in visitor.text
    assert all(not form.action.endswith("/urge/") for form in visitor.forms), "once a day"
    clock.pass_hours(25)
    visitor.get(f"/en/my/{receipt}/").send("/note/", text="It is near the gate")
    assert "It is near the gate" in visitor.text
    visitor.send("/withdraw/", reason="It burns again")
    assert "It was withdrawn" in visitor.text
    assert CaseRecord.objects.get().status == "withdrawn"


def test_missing_words_are_told_beside_the_field(visitor: Visitor) -> None:
    receipt = open_need(visitor)
    visitor.get(f"/en/my/{receipt}/").send("/note/", text="  ")
    assert visitor.status == 422
    assert 'href="#note-text"' in visitor.html
    assert 'id="note-text"' in visitor.html
    assert re.search(r'<details class="act" id="act-note" open', visitor.html)


def test_act_sent_twice_is_done_once(visitor: Visitor) -> None:
    receipt = open_need(visitor)
    visitor.get(f"/en/my/{receipt}/")
    form = visitor.form("/note/")
    visitor.send("/note/", text="Once")
    visitor.forms = [form]
    visitor.send("/note/", text="Once")
    assert visitor.status == 200
    assert EntryRecord.objects.filter(command="note").count() == 1


def test_looks_are_told(visitor: Visitor, clock: Clock, demo: None) -> None:
    receipt = open_need(visitor)
    visitor.get(f"/en/my/{receipt}/looks/")
    assert "Nobody has looked yet" in visitor.text
    officer = Visitor().be(BUREAU)
    case = CaseRecord.objects.get().id
    officer.get(f"/en/desk/cases/{case}/")
    assert "The lamp before the school" not in officer.text
    officer.send("/fields/form.story/", purpose="handle")
    assert "The lamp before the school" in officer.text
    visitor.get(f"/en/my/{receipt}/looks/")
    assert "Chengguan District Urban Management Bureau" in visitor.text
    assert "Deal with this matter" in visitor.text
    assert "What happened?" in visitor.text


def test_nobody_else_sees_a_matter(visitor: Visitor, clock: Clock) -> None:
    receipt = open_need(visitor)
    stranger = Visitor()
    for path in ("", "receipt/", "looks/"):
        assert stranger.get(f"/en/my/{receipt}/{path}").status == 403
    own = open_need(stranger)
    assert stranger.get(f"/en/my/{receipt}/").status == 403
    assert stranger.get(f"/en/my/{own}/").status == 200
    stranger.form("/note/").action = f"/en/my/{receipt}/note/"
    stranger.send(f"/{receipt}/note/", text="Not mine")
    assert stranger.status == 403
    assert EntryRecord.objects.filter(command="note").count() == 0


def test_key_of_the_form_is_a_uuid(visitor: Visitor) -> None:
    visitor.get("/en/matters/public_need/form/")
    assert uuid.UUID(dict(visitor.form("").fields)["_key"])
