"""Evidence through the pages: safety first, uploads that break off and go on, copies, custody, and who may see what."""

from __future__ import annotations

import base64
import hashlib
import io
import math
import re
import uuid
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from tests.evidence.clips import clip
from tests.web.site import Clock, Visitor, drawn, picture
from tests.web.test_accident import OFFICER, both_tell, determine, link, report

from zhuoli.capabilities import REGISTRY
from zhuoli.core.case.state import Case
from zhuoli.environment import read_environment
from zhuoli.evidence import bundle
from zhuoli.office.worker import Worker
from zhuoli.store.incoming import Head, Incoming, InUse, WrongOffset
from zhuoli.store.models import LookRecord
from zhuoli.web import door
from zhuoli.web.evidence import sketch, streets
from zhuoli.web.papers.sketches import drawing_of

TUS = {"HTTP_TUS_RESUMABLE": "1.0.0"}


@pytest.fixture(scope="module")
def crash() -> bytes:
    return clip(seconds=2, impact=1.0, tags={"creation_time": "2026-03-03T02:00:00Z"})


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unfinished uploads of a test lie in its own folder."""
    own = msgspec.structs.replace(read_environment(), data=tmp_path)
    monkeypatch.setattr("zhuoli.store.incoming.read_environment", lambda: own)


def safe(visitor: Visitor, page: str) -> Visitor:
    visitor.get(page).send("", hurt="no", lights="yes", triangle="yes", away="yes")
    assert "Safety first" not in visitor.text, visitor.text
    return visitor


def metadata(key: str, shot: str = "film", name: str = "crash.mp4") -> str:
    pairs = (("key", key), ("shot", shot), ("filename", name))
    return ",".join(f"{each} {base64.b64encode(value.encode()).decode()}" for each, value in pairs)


class Phone:
    """Sends by the protocol, as our script does."""

    def __init__(self, visitor: Visitor, page: str) -> None:
        self.client, self.page = visitor.client, page
        self.csrf = {"HTTP_X_CSRFTOKEN": visitor.client.cookies["csrftoken"].value}

    def create(self, key: str, length: int, **more: str) -> Any:
        return self.client.generic(
            "POST",
            f"{self.page}uploads/",
            **TUS,
            **self.csrf,
            HTTP_UPLOAD_LENGTH=str(length),
            HTTP_UPLOAD_METADATA=metadata(key, **more),
        )

    def patch(self, url: str, offset: int, data: bytes) -> Any:
        return self.client.generic(
            "PATCH",
            url,
            data,
            content_type="application/offset+octet-stream",
            **TUS,
            **self.csrf,
            HTTP_UPLOAD_OFFSET=str(offset),
        )

    def head(self, url: str) -> Any:
        return self.client.generic("HEAD", url, **TUS)

    def send(self, data: bytes, **more: str) -> Any:
        url = self.create(str(uuid.uuid4()), len(data), **more)["Location"]
        return self.patch(url, 0, data)


def evidence(case: Case) -> list[str]:
    return [file for file, each in door.load(case.id).files.items() if each.question.startswith("evidence.")]


def test_who_is_hurt_comes_first_and_nobody_photographs_in_the_carriageway(visitor: Visitor) -> None:
    case = report(visitor)
    for lang, stop, number in (("en", "Help first", "tel:120"), ("zh", "先救人", "tel:122")):
        page = f"/{lang}/my/{case.receipt}/evidence/"
        visitor.get(page).send("", hurt="yes")
        assert stop in visitor.text
        assert number in visitor.html
        assert "data-evidence" not in visitor.html, "the flow has stopped"
    visitor.get(f"/en/my/{case.receipt}/evidence/").send("", hurt="no", lights="yes")
    assert visitor.status == 422
    assert "data-evidence" not in visitor.html
    visitor.send("", hurt="no", left="yes")
    assert "data-evidence" in visitor.html


def test_an_upload_breaks_off_goes_on_and_enters_the_ledger_once(
    visitor: Visitor, demo: None, crash: bytes
) -> None:
    case = report(visitor)
    page = f"/en/my/{case.receipt}/evidence/"
    phone = Phone(safe(visitor, page), page)
    key = str(uuid.uuid4())
    begun = phone.create(key, len(crash))
    assert begun.status_code == 201, begun.content
    url = begun["Location"]
    assert phone.create(key, len(crash))["Location"] == url, "the same key is the same upload"
    half = len(crash) // 2
    assert phone.patch(url, 0, crash[:half])["Upload-Offset"] == str(half)
    assert phone.patch(url, 0, crash[:half]).status_code == 409, "nothing is taken twice"
    assert phone.head(url)["Upload-Offset"] == str(half)
    assert Visitor().client.generic("HEAD", url, **TUS).status_code == 403
    assert evidence(case) == []
    last = phone.patch(url, half, crash[half:])
    assert last.status_code == 204
    assert last["Upload-Outcome"] == "taken"
    digest = hashlib.sha256(crash).hexdigest()
    assert last["Upload-Sha256"] == digest
    assert phone.head(url)["Upload-Outcome"] == "taken", "an answer that was lost is given again"
    assert phone.patch(url, len(crash), b"")["Upload-Outcome"] == "taken"
    assert phone.send(crash)["Upload-Outcome"] == "taken"
    (file,) = evidence(case)
    kept = door.load(case.id).files[file]
    assert kept.sha256 == digest, "in the ledger at receipt, of the bytes as they came"
    assert kept.by == case.parties["requester"]
    assert digest in visitor.get(page).html

    copies_custody_and_purpose(visitor, case, file, crash)


def copies_custody_and_purpose(visitor: Visitor, case: Case, file: str, crash: bytes) -> None:
    Worker(door.office(), REGISTRY, name="test").run_once()
    copy = next(each for each in door.load(case.id).files.values() if each.media_type == bundle.MEDIA_TYPE)
    assert copy.by == case.parties["requester"]
    own = f"/en/my/{case.receipt}/evidence/{file}/"
    assert visitor.client.get(f"{own}frame-0/")["Content-Type"] == "image/jpeg"
    assert b"".join(visitor.client.get(f"{own}original/").streaming_content) == crash
    ranged = visitor.client.get(f"{own}playback/", HTTP_RANGE="bytes=4-7")
    assert ranged.status_code == 206
    assert b"".join(ranged.streaming_content) == b"ftyp"
    for impossible in ("frame-50/", "else/"):
        assert visitor.client.get(own + impossible).status_code == 404
    assert visitor.client.get(f"/en/my/{case.receipt}/files/{file}/").status_code == 404
    assert visitor.client.get(f"/en/my/{case.receipt}/files/{file}/full/").status_code == 404

    officer = Visitor().be(OFFICER)
    desk = f"/en/desk/cases/{case.id}/evidence/"
    officer.get(desk)
    assert "before it happened" in officer.text, "the clip says that it was recorded the day before"
    assert officer.html.count("data-at=") >= 3
    assert officer.client.get(f"/en/desk/cases/{case.id}/files/{file}/").status_code == 404
    before = LookRecord.objects.filter(case_id=case.id).count()
    assert officer.client.get(f"{desk}{file}/frame-0/").status_code == 200
    officer.send("/original/", purpose="handle")
    assert officer.status == 200
    looks = LookRecord.objects.filter(case_id=case.id)[before:]
    assert {each.purpose for each in looks} >= {"handling", "handle"}
    response = officer.client.get(f"{desk}proof.pdf")
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    assert hashlib.sha256(crash).hexdigest()[:32] in said
    assert "the same as when it was received" in said
    assert "Blurred copy looked at" in said
    assert "Original opened, for: Handle this accident" in said
    story = officer.get(f"/en/desk/cases/{case.id}/").text
    assert "SHA-256 was taken and noted at once" in story


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [(b"MZ" + bytes(99), "a.mp4", "kind"), (b"\0\0\0\x18ftypisom" + bytes(99), "b.mp4", "cut")],
)
def test_what_cannot_be_seen_is_refused_with_its_reason(
    visitor: Visitor, data: bytes, name: str, reason: str
) -> None:
    case = report(visitor)
    page = f"/en/my/{case.receipt}/evidence/"
    phone = Phone(safe(visitor, page), page)
    assert phone.send(data, name=name)["Upload-Outcome"] == reason
    assert evidence(case) == []
    assert f"data-not-{reason}=" in visitor.get(page).html, "the script finds the words on the page"


def test_without_script_a_photo_is_sent_by_its_form(visitor: Visitor) -> None:
    case = report(visitor)
    for lang in ("zh", "en"):
        page = f"/{lang}/my/{case.receipt}/evidence/"
        safe(visitor, page) if lang == "zh" else visitor.get(page)
        visitor.forms = [form for form in visitor.forms if ("shot", "whole") in form.fields]
        visitor.send("", file=picture("x.jpg", b""))
        assert visitor.status == 422
        assert ("0字节" if lang == "zh" else "0 bytes") in visitor.text
    visitor.get(page)
    visitor.forms = [form for form in visitor.forms if ("shot", "whole") in form.fields]
    visitor.send("", file=picture("scene.png", drawn(size=(200, 120))))
    assert visitor.status == 200, visitor.text
    assert len(evidence(case)) == 1


def test_the_other_side_brings_its_own_and_sees_nothing_of_the_first(visitor: Visitor, crash: bytes) -> None:
    case = report(visitor)
    page = f"/en/my/{case.receipt}/evidence/"
    Phone(safe(visitor, page), page).send(crash)
    (first,) = evidence(case)
    other = Visitor()
    theirs = f"{link(case, 'other', 'second_says')}evidence/"
    phone = Phone(safe(other, theirs), theirs)
    assert phone.send(drawn(size=(90, 60)), shot="touch", name="t.png")["Upload-Outcome"] == "taken"
    second = next(each for each in evidence(case) if each != first)
    assert door.load(case.id).files[second].by == case.parties["other"]
    assert first not in other.get(theirs).html
    assert second not in visitor.get(page).html
    for nosy, address in ((other, f"{theirs}{first}/"), (visitor, f"{page}{second}/")):
        for part in ("original/", "frame-0/", "playback/"):
            assert nosy.client.get(address + part).status_code == 404
    assert first not in visitor.get(f"/en/my/{case.receipt}/").html


def test_a_key_that_a_phone_has_used_in_another_matter_takes_nothing_for_done(visitor: Visitor) -> None:
    key, photo = str(uuid.uuid4()), drawn(size=(90, 60))
    for case in (report(visitor), report(visitor, a_spot="the next corner")):
        page = f"/en/my/{case.receipt}/evidence/"
        phone = Phone(safe(visitor, page), page)
        url = phone.create(key, len(photo), shot="touch", name="t.png")["Location"]
        assert phone.patch(url, 0, photo)["Upload-Outcome"] == "taken"
        (file,) = evidence(case)
        assert door.load(case.id).files[file].sha256 == hashlib.sha256(photo).hexdigest()


def test_the_protocol_refuses_what_it_must(visitor: Visitor, clock: Clock, crash: bytes) -> None:
    case = report(visitor)
    page = f"/en/my/{case.receipt}/evidence/"
    phone = Phone(safe(visitor, page), page)
    options = phone.client.generic("OPTIONS", f"{page}uploads/")
    assert options["Tus-Version"] == "1.0.0"
    assert "creation" in options["Tus-Extension"]
    assert phone.client.generic("POST", f"{page}uploads/", **phone.csrf).status_code == 412
    assert phone.create("no key", 5).status_code == 400
    assert phone.create(str(uuid.uuid4()), 5, shot="nothing").status_code == 400
    assert phone.create(str(uuid.uuid4()), 10**12).status_code == 413
    assert phone.create(str(uuid.uuid4()), 0).json()["reason"] == "empty"
    url = phone.create(str(uuid.uuid4()), 10)["Location"]
    assert phone.patch(url, 0, bytes(11)).status_code == 413
    assert phone.head(url)["Upload-Offset"] == "0"
    assert phone.client.generic("PATCH", url, b"x", **TUS, **phone.csrf).status_code == 415
    assert phone.client.generic("DELETE", url, **TUS, **phone.csrf).status_code == 204
    assert phone.head(url).status_code == 404
    url = phone.create(str(uuid.uuid4()), 10)["Location"]
    clock.pass_hours(25)
    assert phone.head(url).status_code == 410, "what nobody finished is forgotten after a day"
    for _ in range(12):
        assert phone.create(str(uuid.uuid4()), 10).status_code == 201
    assert phone.create(str(uuid.uuid4()), 10).status_code == 429


def test_what_is_under_way_lies_sealed_and_a_torn_record_does_not_count(tmp_path: Path) -> None:
    folder = Incoming(tmp_path / "incoming", b"k" * 32)
    head = Head(case=1, party="p", key="k", shot="film", name="x", length=600_000, made=0, expires=9)
    upload = folder.create(head)
    said = b"plain words " * 50_000
    assert folder.append(upload, 0, io.BytesIO(said[:300_000])) == 300_000
    place = tmp_path / "incoming" / upload.id
    assert b"plain words" not in place.read_bytes()
    with place.open("ab") as torn:
        torn.write(b"\0\1\0\0 torn")
    found = folder.find(upload.id)
    assert found is not None
    assert found.offset == 300_000
    with pytest.raises(WrongOffset):
        folder.append(upload, 1, io.BytesIO(b"x"))
    with folder.finishing(upload.id), pytest.raises(InUse):
        folder.append(upload, 300_000, io.BytesIO(b"x"))
    assert folder.append(upload, 300_000, io.BytesIO(said[300_000:])) == 600_000
    assert b"".join(folder.pieces(upload.id)) == said
    folder.finish(found, "taken", "digest")
    assert place.stat().st_size < 1000
    assert folder.sweep(8) == 0
    assert folder.sweep(9) == 1


def test_an_officer_draws_a_sketch_that_is_kept_as_lines(visitor: Visitor, demo: None) -> None:
    case = report(visitor)
    officer = Visitor().be(OFFICER)
    desk = f"/en/desk/cases/{case.id}/evidence/"
    way = {"road": "two_way", "way_a": "16 70, 62 70", "way_b": "90 70", "hit": "76 70"}
    officer.get(desk).send("/sketch/", **{**way, "way_a": "16 700"}, says="A behind B.")
    assert officer.status == 422
    officer.get(desk).send("/sketch/", **way, says="A behind B.")
    assert officer.status == 200, officer.text
    assert "A behind B." in officer.html
    assert officer.html.count("pic-impact") == 1


def test_a_sketch_over_the_county_stands_in_custody_and_determination(visitor: Visitor, demo: None) -> None:
    case = report(visitor)
    both_tell(visitor, case)
    officer = Visitor().be(OFFICER)
    desk = f"/en/desk/cases/{case.id}/evidence/"
    officer.get(desk)
    assert 'data-road="map"' in officer.html
    assert "pic-county" in officer.html
    officer.send("/sketch/", road="map", way_a="40 40, 60 60", hit="60 60", says="At the north gate.")
    assert officer.status == 200, officer.text
    kept = sketch.latest(door.load(case.id))
    assert kept is not None
    assert kept.county == "620102"
    proof = officer.get(f"{desk}proof.pdf")
    assert proof.status == 200
    determine(officer, case)
    Worker(door.office(), REGISTRY, name="test").run_once()
    visitor.get(f"/en/my/{case.receipt}/")
    (url,) = re.findall(r'href="([^"]+notices/[^"]+\.pdf|[^"]+/notice[^"]*)"', visitor.html)[-1:]
    raw = visitor.client.get(url)
    said = PdfReader(io.BytesIO(raw.content)).pages
    text = "".join(page.extract_text() for page in said)
    assert "At the north gate." in text, "the sketch stands in the determination"
    assert "\u27e6" not in text
    # Drawn after the paper was issued, a sketch does not change what was issued.
    officer.get(desk).send("/sketch/", road="lanes", way_a="16 70, 62 70", says="Something else.")
    again = visitor.client.get(url)
    later = "".join(page.extract_text() for page in PdfReader(io.BytesIO(again.content)).pages)
    assert "At the north gate." in later
    assert "Something else." not in later


def test_a_sketch_over_the_streets_where_the_office_has_tiles(
    visitor: Visitor, demo: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = report(visitor)
    officer = Visitor().be(OFFICER)
    desk = f"/en/desk/cases/{case.id}/evidence/"
    way = {"road": "streets", "way_a": "40 40, 60 60", "hit": "60 60", "says": "At the lights."}
    assert 'value="streets"' not in officer.get(desk).html
    assert officer.get(f"{desk}streets/?center=36.06,103.83").status == 404
    officer.get(desk).send("/sketch/", **way)
    assert officer.status == 422, "without tiles there are no streets"

    tiles = "https://{s}.tiles.example/{z}/{x}/{y}.png"
    own = msgspec.structs.replace(settings.ENVIRONMENT, tiles=tiles, tiles_credit="© tiles.example")
    monkeypatch.setattr(settings, "ENVIRONMENT", own)
    for wrong in ("", "somewhere", "103.83, 36.06", "36.06"):
        officer.get(desk).send("/sketch/", **way, center=wrong)
        assert officer.status == 422
        assert "sketch-center" in officer.html, "the message leads to the field"
        assert sketch.latest(door.load(case.id)) is None
    officer.get(desk).send("/sketch/", **way, center="36.0614，103.8343")
    assert officer.status == 200, officer.text
    kept = sketch.latest(door.load(case.id))
    assert kept is not None
    assert kept.center == (36.0614, 103.8343)
    assert "https://a.tiles.example/18/206681/" in officer.html
    assert "© tiles.example" in officer.html
    part = officer.get(f"{desk}streets/?center=36.0614,103.8343")
    assert part.html.lstrip().startswith("<svg")
    assert officer.get(f"{desk}streets/?center=x").status == 422
    # On paper nothing is fetched: the point, a grid and the scale.
    drawn = drawing_of(door.load(case.id), "en")
    assert drawn is not None
    assert "tiles.example" not in drawn.svg
    assert "pic-grid" in drawn.svg
    assert officer.get(f"{desk}proof.pdf").status == 200


@given(st.floats(4, 53), st.floats(74, 135), st.floats(-55, 55), st.floats(-35, 35))
def test_metres_on_the_ground_are_metres_in_the_picture(
    latitude: float, longitude: float, east: float, north: float
) -> None:
    """Against the sphere: a degree of latitude is as long everywhere, one of longitude shrinks with its cosine."""
    radius = 6_378_137.0
    there = (
        latitude + math.degrees(north / radius),
        longitude + math.degrees(east / (radius * math.cos(math.radians(latitude)))),
    )
    x, y = streets.placed(there, (latitude, longitude))
    unit = streets.ACROSS / sketch.WIDTH
    assert (x - sketch.WIDTH / 2) * unit == pytest.approx(east, abs=0.05)
    assert (sketch.HEIGHT / 2 - y) * unit == pytest.approx(north, abs=0.05)
    assert streets.read_point(streets.write_point((latitude, longitude))) == pytest.approx(
        (latitude, longitude), abs=1e-6
    )


@given(st.floats(4, 53), st.floats(74, 135))
def test_tiles_cover_the_picture_without_gaps(latitude: float, longitude: float) -> None:
    images = [
        each
        for each in streets.streets((latitude, longitude), "https://tiles.example/{z}/{x}/{y}")
        if each.tag == "image"
    ]
    assert 1 <= len(images) <= 12
    assert min(each.attributes["x"] for each in images) <= 0
    assert min(each.attributes["y"] for each in images) <= 0
    assert max(each.attributes["x"] + each.attributes["width"] for each in images) >= sketch.WIDTH
    assert max(each.attributes["y"] + each.attributes["height"] for each in images) >= sketch.HEIGHT
    assert len({each.attributes["href"] for each in images}) == len(images)
