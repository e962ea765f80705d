"""Files through the pages: what is told when one is not taken, what is kept, and how it leaves the house again."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image
from tests.channels.test_attachments import carrying, javascript, moving, paper, photo, telling
from tests.web.site import BUREAU, Visitor, drawn, open_need, picture

from zhuoli.office import read
from zhuoli.store.models import CaseRecord, FileRecord, LookRecord

FORM = "matters/public_need/form/"


def stored() -> tuple[str, str, str]:
    """Id, name and media type of the one file of the one case."""
    case = CaseRecord.objects.get().id
    ((file, attachment),) = read.load_state(case).files.items()
    return file, attachment.name, attachment.media_type


@pytest.mark.parametrize(
    ("data", "zh", "en"),
    [
        (b"", "是空的", "is empty"),
        (photo("JPEG")[:400], "打不开", "cannot be opened"),
        (b"MZ" + bytes(300), "不是照片", "neither a photo"),
        (moving("PNG"), "会动的图片", "a moving picture"),
        (paper(), "这里只收照片", "takes photos only"),
    ],
)
def test_each_reason_is_told_in_both_languages(visitor: Visitor, data: bytes, zh: str, en: str) -> None:
    for lang, said in (("zh", zh), ("en", en)):
        visitor.get(f"/{lang}/{FORM}").send("", **{"a-photos": picture("x.jpg", data)})
        assert visitor.status == 422
        assert said in visitor.text
    assert not FileRecord.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (paper(javascript), "runs by itself"),
        (paper(carrying), "carries other files"),
        (paper(lambda writer: writer.encrypt("secret")), "has a password"),
        (paper() + b"MZ", "behind the end of the PDF"),
    ],
)
def test_papers_too(visitor: Visitor, data: bytes, said: str) -> None:
    visitor.get(f"/en/my/{open_need(visitor)}/").send("/attach/", files=picture("p.pdf", data))
    assert visitor.status == 422
    assert said in visitor.text


def test_one_that_is_unfit_does_not_cost_the_others(visitor: Visitor) -> None:
    files = [picture("good.png"), picture("bad.png", b"MZ" + bytes(99)), picture("fine.jpg", drawn("JPEG"))]
    visitor.get(f"/en/{FORM}").send("", **{"a-photos": files})
    assert visitor.status == 422
    assert "the others are kept" in visitor.text
    assert "Received: good.png" in visitor.text
    assert "Received: fine.jpg" in visitor.text


def test_too_many_are_refused_before_any_is_examined(visitor: Visitor) -> None:
    visitor.get(f"/en/{FORM}").send("", **{"a-photos": [picture(f"{n}.png") for n in range(10)]})
    assert visitor.status == 422
    assert "At most 9 files" in visitor.text
    assert not FileRecord.objects.exists()


def test_a_photo_is_kept_without_where_and_when_it_was_taken(visitor: Visitor) -> None:
    taken = picture("IMG_0815.HEIC", photo("HEIF", exif=telling()))
    receipt = open_need(visitor, **{"a-photos": taken})
    file, _, media_type = stored()
    assert media_type == "image/jpeg"
    visitor.get(f"/en/my/{receipt}/")
    assert "IMG_0815.jpg" in visitor.text
    response = visitor.client.get(f"/en/my/{receipt}/files/{file}/full/")
    with Image.open(io.BytesIO(response.content)) as kept:
        assert not kept.getexif()
        assert kept.size == (60, 80)


def test_files_leave_as_downloads_that_can_do_nothing(visitor: Visitor) -> None:
    receipt = open_need(visitor, **{"a-photos": picture('"><b>.png')})
    file, _, _ = stored()
    response = visitor.client.get(f"/en/my/{receipt}/files/{file}/")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "\n" not in response.headers["Content-Disposition"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"


def test_small_pictures_are_kept_by_this_browser_alone(visitor: Visitor) -> None:
    receipt = open_need(visitor, **{"a-photos": picture("x.png", drawn("PNG", (900, 300)))})
    file, _, _ = stored()
    response = visitor.client.get(f"/en/my/{receipt}/files/{file}/small/")
    with Image.open(io.BytesIO(response.content)) as small:
        assert small.size == (320, 107)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Cache-Control"] == "private, max-age=3600"
    assert response.headers["Vary"] == "Cookie"
    assert "sandbox" in response.headers["Content-Security-Policy"]
    assert visitor.client.get(f"/en/my/{receipt}/files/{file}/huge/").status_code == 404
    assert visitor.client.get(f"/en/my/{receipt}/files/{'0' * 64}/small/").status_code == 404
    visitor.get(f"/en/my/{receipt}/")
    assert re.search(rf'<img src="/en/my/{receipt}/files/{file}/small/" alt="Look at x.png"', visitor.html)
    assert Visitor().client.get(f"/en/my/{receipt}/files/{file}/small/").status_code == 403


def test_the_desk_sees_pictures_and_the_person_sees_that_it_did(visitor: Visitor, demo: None) -> None:
    receipt = open_need(visitor, **{"a-photos": picture()})
    case = CaseRecord.objects.get().id
    file, _, _ = stored()
    officer = Visitor().be(BUREAU)
    before = LookRecord.objects.filter(case_id=case).count()
    for size in ("small", "full", "small"):
        assert officer.client.get(f"/en/desk/cases/{case}/files/{file}/{size}/").status_code == 200
    assert LookRecord.objects.filter(case_id=case).count() == before + 1
    visitor.get(f"/en/my/{receipt}/looks/")
    assert "Photos" in visitor.text
    assert Visitor().client.get(f"/en/desk/cases/{case}/files/{file}/small/").status_code == 403
    stranger = Visitor().be("urban-620103/officer")
    assert stranger.client.get(f"/en/desk/cases/{case}/files/{file}/small/").status_code == 403
