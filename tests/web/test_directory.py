"""The directory: found by kind, place, language and everyday words; free times leave out what is taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.web.site import Clock, Visitor

from zhuoli.core.text import Text
from zhuoli.demo.providers import made_providers
from zhuoli.office import slots
from zhuoli.places.providers import written
from zhuoli.store.models import BookingRecord
from zhuoli.web import door


@pytest.fixture
def table(clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "directory.csv"
    path.write_text(written(made_providers(door.places())), "utf-8")
    monkeypatch.setattr(slots, "directory_file", lambda: path)
    return path


def test_an_empty_directory_says_so_and_leads_on(
    visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "directory_file", lambda: tmp_path / "none.csv")
    visitor.get("/en/directory/")
    assert visitor.status == 200
    assert "still empty" in visitor.text
    assert "/en/matters/legal_service_request/" in visitor.html


def test_found_by_everyday_words_kind_place_and_language(visitor: Visitor, table: Path) -> None:
    visitor.get("/zh/directory/?q=遗嘱")
    assert "公证处" in visitor.text
    assert "调解委员会" not in visitor.text
    assert "演示用的名录" in visitor.text
    visitor.get("/en/directory/?kind=mediator&place=620103")
    assert visitor.text.count("(demo)") >= 1
    assert "Notary office" not in visitor.text
    visitor.get("/en/directory/?spoken=sign")
    assert "Legal service station" in visitor.text
    assert "Law Firm" not in visitor.text
    visitor.get("/en/directory/?q=xyzzyq")
    assert "Nobody fits" in visitor.text
    assert visitor.get("/en/directory/?kind=bank").status == 400


def test_free_times_leave_out_what_is_taken(visitor: Visitor, table: Path, clock: Clock) -> None:
    visitor.get("/en/directory/place-620102/")
    assert visitor.status == 200
    assert "Made up for the demonstration" in visitor.text
    one = next(each for each in slots.providers() if each.id == "place-620102")
    first, second = slots.free_times(one, clock.now, door.calendar(), 2)
    assert "Wed 4 Mar" in visitor.text, "the day of the first free time"
    BookingRecord.objects.create(case_id=77, provider=one.name.zh, at=first)
    assert slots.free_times(one, clock.now, door.calendar(), 1) == [second]
    assert visitor.get("/en/directory/nobody/").status == 404


def test_the_table_is_read_anew_when_it_changes(visitor: Visitor, table: Path) -> None:
    import os

    import msgspec

    visitor.get("/en/directory/?kind=notary")
    changed = [
        msgspec.structs.replace(each, name=Text(each.name.zh, "New name " + each.id))
        for each in slots.providers()
    ]
    table.write_text(written(changed), "utf-8")
    os.utime(table, (1, 1))
    assert "New name" in visitor.get("/en/directory/?kind=notary").text
