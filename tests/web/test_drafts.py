"""Begun forms: kept, found again, sealed, deleted, and never a case."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests.web.site import STREET, Clock, Visitor, picture

from zhuoli.store.drafts import LARGEST, Drafts, DraftTooLarge, name_of, new_token
from zhuoli.store.keys import MasterKey
from zhuoli.store.models import CaseRecord, DraftRecord, FileRecord
from zhuoli.web import door
from zhuoli.web.portal import drafts

FORM = "/en/matters/public_need/form/"
WORDS = "The lamp before number 12 is dark"


def keep(visitor: Visitor, **answers: Any) -> Visitor:
    """Begin a form and press “save and finish later”, as without script."""
    return fill(visitor.get(FORM)).send("", a_story=WORDS, _save="1", **answers)


def fill(visitor: Visitor) -> Visitor:
    """Turn to the form itself, whatever else the page offers."""
    visitor.forms = [form for form in visitor.forms if "_key" in form.names]
    return visitor


def begun(visitor: Visitor) -> str:
    return re.findall(r"\?draft=([0-9a-f]+)", visitor.html)[0]


def by_script(visitor: Visitor, path: str, **values: Any) -> Any:
    form = visitor.form("")
    fields = {name: value for name, value in form.fields if name.startswith(("_", "csrf"))}
    answer = visitor.client.post(path, {**fields, **values}, headers={"Accept": "application/json"})
    return answer, json.loads(answer.content)


def test_draft_is_found_again_and_sent(visitor: Visitor) -> None:
    keep(visitor, a_category="noise", **{"a-photos": picture("lamp.png")})
    assert "draft=" in visitor.client.get("/en/").content.decode()
    assert CaseRecord.objects.count() == 0, "a draft is no case"
    visitor.get("/en/")
    assert "Go on with: Tell us what happened" in visitor.text
    visitor.get("/en/matters/public_need/")
    assert "You have a form that is not finished" in visitor.text
    visitor.get(f"{FORM}?draft={begun(visitor)}")
    assert f"{WORDS}</textarea>" in visitor.html
    assert "lamp.png" in visitor.text
    assert "a-noise_from" in visitor.form("").names, "what depends on an answer is asked"
    visitor.send(
        "",
        a_danger="none",
        a_category="road_lighting",
        a_hurt="no",
        a_place=["620100000000", "620102000000", STREET],
        a_contact="receipt",
    )
    assert visitor.path.endswith("/receipt/"), visitor.text
    assert CaseRecord.objects.count() == 1
    assert DraftRecord.objects.count() == 0, "what was sent is no draft any more"
    visitor.get("/en/")
    assert "Go on with" not in visitor.text


def test_resumed_form_sent_twice_opens_one_case(visitor: Visitor) -> None:
    keep(visitor)
    visitor.get("/en/")
    address = f"{FORM}?draft={begun(visitor)}"
    answers = {
        "a_danger": "none",
        "a_category": "road_lighting",
        "a_hurt": "no",
        "a_place": ["620100000000", "620102000000", STREET],
        "a_contact": "receipt",
    }
    visitor.get(address)
    form, path = visitor.form(""), visitor.path
    visitor.send("", **answers)
    visitor.forms, visitor.path = [form], path
    visitor.send("", **answers)
    assert CaseRecord.objects.count() == 1


def test_row_alone_tells_nothing(visitor: Visitor) -> None:
    keep(visitor)
    row = DraftRecord.objects.get()
    assert WORDS.encode() not in bytes(row.sealed)
    assert b"public_need" not in bytes(row.sealed)
    token = visitor.client.cookies[drafts.COOKIE].value.split(".")[1]
    assert token not in row.draft
    assert row.draft == name_of(token)
    store = Drafts(door.office().master)
    assert store.open(token, 0) is not None
    assert store.open(new_token(), 0) is None
    assert Drafts(MasterKey(bytes(32))).open(token, 0) is None, "the cookie alone does not open it either"
    row.sealed = bytes(row.sealed)[:-1] + b"x"
    row.save()
    assert store.open(token, 0) is None


def test_stranger_with_the_address_gets_nothing(visitor: Visitor) -> None:
    keep(visitor)
    visitor.get("/en/")
    draft = begun(visitor)
    stranger = Visitor().get(f"{FORM}?draft={draft}")
    assert stranger.status == 404
    assert WORDS not in stranger.html
    stranger.get(FORM)
    token = dict(stranger.form("").fields)["csrfmiddlewaretoken"]
    stranger.client.post(f"/en/drafts/{draft}/delete/", {"csrfmiddlewaretoken": token})
    assert DraftRecord.objects.count() == 1


def test_one_press_deletes_it(visitor: Visitor) -> None:
    keep(visitor)
    visitor.get("/en/matters/public_need/")
    draft = begun(visitor)
    visitor.send(f"/{draft}/delete/")
    assert visitor.path == "/en/matters/public_need/"
    assert DraftRecord.objects.count() == 0
    assert "not finished" not in visitor.text


def test_cookie_goes_with_the_browser_unless_the_device_is_ones_own(visitor: Visitor, clock: Clock) -> None:
    keep(visitor)
    cookie = visitor.client.cookies[drafts.COOKIE]
    assert cookie["max-age"] == ""
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert DraftRecord.objects.get().expires == clock.now + drafts.AWAY
    visitor.send("/drafts/own/", own="yes")
    assert visitor.client.cookies[drafts.COOKIE]["max-age"] == 14 * 24 * 3600
    assert DraftRecord.objects.get().expires == clock.now + drafts.OWN
    clock.pass_hours(13 * 24)
    visitor.get("/en/")
    assert "Go on with" in visitor.text
    clock.pass_hours(25)
    visitor.get("/en/")
    assert "Go on with" not in visitor.text


def test_worker_sweeps_what_has_run_out(visitor: Visitor, clock: Clock) -> None:
    keep(visitor, **{"a-photos": picture()})
    store = Drafts(door.office().master)
    assert store.sweep(clock.now) == 0
    clock.pass_hours(23)
    assert door.office().files.sweep(clock.now) == 0
    clock.pass_hours(2)
    assert store.sweep(clock.now) == 1
    assert door.office().files.sweep(clock.now) == 1


def test_files_wait_as_long_as_their_draft(visitor: Visitor, clock: Clock) -> None:
    keep(visitor, **{"a-photos": picture("lamp.png")})
    visitor.send("/drafts/own/", own="yes")
    clock.pass_hours(10 * 24)
    assert door.office().files.sweep(clock.now) == 0
    visitor.get("/en/")
    visitor.get(f"{FORM}?draft={begun(visitor)}")
    assert "lamp.png" in visitor.text
    FileRecord.objects.all().delete()
    visitor.get("/en/")
    visitor.get(f"{FORM}?draft={begun(visitor)}")
    assert "lamp.png" not in visitor.text, "a file that is gone is not promised"


def test_shared_computer_forgets_drafts_with_the_receipts(visitor: Visitor) -> None:
    keep(visitor)
    visitor.get(FORM)
    token = dict(visitor.form("").fields)["csrfmiddlewaretoken"]
    visitor.client.post("/en/check/forget/", {"csrfmiddlewaretoken": token})
    assert DraftRecord.objects.count() == 0
    assert not visitor.client.cookies[drafts.COOKIE].value


def test_script_saves_as_one_goes(visitor: Visitor) -> None:
    visitor.get(FORM)
    _, first = by_script(visitor, f"{FORM}draft/", **{"a-story": WORDS, "_step": "story"})
    _, second = by_script(visitor, f"{FORM}draft/", **{"a-story": WORDS + "!", "_step": "place"})
    assert first["saved"] == "11:00"
    assert first["draft"] == second["draft"]
    assert DraftRecord.objects.count() == 1
    visitor.get(f"{FORM}?draft={first['draft']}")
    assert f"{WORDS}!</textarea>" in visitor.html
    assert ("_step", "place") in visitor.form("").fields
    _, nothing = by_script(visitor, f"{FORM}draft/")
    assert nothing["saved"] == ""
    assert DraftRecord.objects.count() == 0, "an emptied form leaves nothing behind"


def test_device_keeps_a_handful(visitor: Visitor) -> None:
    for _ in range(drafts.MOST + 2):
        keep(visitor)
    assert DraftRecord.objects.count() == drafts.MOST


def test_too_much_is_refused_in_words(visitor: Visitor) -> None:
    visitor.get(FORM)
    visitor.send("", a_story="x" * (LARGEST + 1), _save="1")
    assert visitor.status == 413
    assert "too long to be kept" in visitor.text
    with pytest.raises(DraftTooLarge):
        Drafts(door.office().master).keep(new_token(), bytes(LARGEST + 1), 1)


def test_nonsense_in_the_cookie_is_nothing(visitor: Visitor) -> None:
    for value in ("", "own", "any.", "own." + "A" * 32, "any.<script>", "x" * 4000):
        visitor.client.cookies[drafts.COOKIE] = value
        assert visitor.get("/en/").status == 200
        assert visitor.get(FORM).status == 200


def test_no_draft_on_the_desk(visitor: Visitor, demo: None) -> None:
    visitor.be("dispatch-6201/dispatcher")
    visitor.get("/en/desk/new/public_need/")
    assert "_save" not in [name for name, _ in visitor.form("").buttons]
    form = fill(visitor).form("")
    form.names.add("_save")
    visitor.send("", a_story=WORDS, _save="1")
    assert DraftRecord.objects.count() == 0


def test_answers_are_checked_one_by_one(visitor: Visitor) -> None:
    visitor.get(FORM)
    _, found = by_script(
        visitor, f"{FORM}check/", **{"a-contact": "phone", "a-phone": "12", "_question": "phone"}
    )
    assert "phone number" in found["wrong"]
    _, found = by_script(
        visitor, f"{FORM}check/", **{"a-contact": "phone", "a-phone": "13909310000", "_question": "phone"}
    )
    assert found["wrong"] == ""
    _, found = by_script(visitor, f"{FORM}check/", _question="story")
    assert found["wrong"] == "", "an empty answer is not wrong before one wants to go on"
    _, found = by_script(visitor, f"{FORM}check/", _question="story", _strict="1")
    assert found["wrong"] == "Answer this question"
    _, found = by_script(
        visitor, f"{FORM}check/", **{"_question": "story", "a-story": "the kitchen is on fire"}
    )
    assert found["call"][0]["number"] == ["119"]
    _, found = by_script(visitor, f"{FORM}check/", _question="nothing")
    assert found["wrong"] == ""
    assert DraftRecord.objects.count() == 0


def test_files_are_taken_one_by_one(visitor: Visitor) -> None:
    visitor.get(FORM)
    answer, found = by_script(visitor, f"{FORM}files/", **{"a-photos": picture("a.png")})
    assert answer.status_code == 200
    assert [each["name"] for each in found["files"]] == ["a.png"]
    token = found["files"][0]["token"]
    _, more = by_script(visitor, f"{FORM}files/", **{"a-photos": picture("b.png"), "_file": token})
    assert [each["name"] for each in more["files"]] == ["b.png"], "what was taken before is not told again"
    answer, wrong = by_script(visitor, f"{FORM}files/", **{"a-photos": picture("x.png", b"<html>")})
    assert answer.status_code == 422
    assert "x.png" in wrong["wrong"][0]


def test_a_file_can_be_taken_away_without_script(visitor: Visitor) -> None:
    visitor.get(FORM).send("", _again="more", **{"a-photos": [picture("a.png"), picture("b.png")]})
    drop = re.findall(r'name="_drop" value="([0-9a-f]+)"', visitor.html)
    assert len(drop) == 2
    visitor.send("", _drop=drop[0])
    assert visitor.status == 200
    assert "a.png" not in visitor.text
    assert "b.png" in visitor.text


def test_save_that_comes_after_the_sending_keeps_nothing(visitor: Visitor) -> None:
    visitor.get(FORM)
    form = visitor.form("")
    visitor.send(
        "",
        a_danger="none",
        a_story=WORDS,
        a_category="road_lighting",
        a_hurt="no",
        a_place=["620100000000", "620102000000", STREET],
        a_contact="receipt",
    )
    assert visitor.path.endswith("/receipt/")
    visitor.forms = [form]
    _, kept = by_script(visitor, f"{FORM}draft/", **{"a-story": WORDS})
    assert kept["saved"] == ""
    assert DraftRecord.objects.count() == 0
