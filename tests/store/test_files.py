"""Attachments: sealed at rest, there before the command that mentions them, gone when nobody needs them."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from tests.core.case.lamp import START
from tests.store.databases import TestOffice

from zhuoli.core.case import commands as c
from zhuoli.store.files import DRAFT_AGE, PIECE, QuickFileStore
from zhuoli.store.keys import KeyTrouble
from zhuoli.store.models import FileRecord


def put(office: TestOffice, data: bytes, name: str = "a.jpg") -> c.File:
    return office.files.put(data, name=name, media_type="image/jpeg", now=office.clock())


def places(office: TestOffice) -> list[Path]:
    return sorted(office.files.folder.glob("*/*"))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_is_put_can_be_read(office: TestOffice, size: int) -> None:
    data = os.urandom(size)
    case = office.open()
    file = office.files.put(io.BytesIO(data), name="a", media_type="video/mp4", now=START)
    office.do(case, c.Attach(files=(file,)), "requester")
    assert b"".join(office.files.read(file.file, case.case)) == data
    assert file.size == size
    (place,) = places(office)
    assert place.name == file.file
    assert size < 32 or data[:32] not in place.read_bytes()


def test_a_draft_can_be_read_by_nobody(office: TestOffice) -> None:
    case = office.open()
    file = put(office, b"x")
    with pytest.raises(FileNotFoundError):
        office.files.read(file.file, case.case)


def test_files_that_are_put_quickly_have_their_rows_together(office: TestOffice) -> None:
    quick = QuickFileStore(office.files.folder, office.ring, office.alias)
    files = [
        quick.put(data, name="a.png", media_type="image/png", now=START) for data in (b"one", b"another")
    ]
    rows = FileRecord.objects.using(office.alias)
    assert rows.count() == 0
    quick.flush()
    assert rows.count() == 2
    quick.flush()
    case = office.open()
    office.do(case, c.Attach(files=tuple(files)), "requester")
    assert [b"".join(office.files.read(file.file, case.case)) for file in files] == [b"one", b"another"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "g" * 64])
def test_only_names_of_ours_are_read(office: TestOffice, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        office.files.read(name, office.open().case)


@pytest.mark.parametrize("change", ["flip", "cut", "swap", "drop_piece", "empty", "head"])
def test_a_changed_file_does_not_open(office: TestOffice, change: str) -> None:
    case = office.open()
    file = put(office, os.urandom(2 * PIECE + 100))
    office.do(case, c.Attach(files=(file,)), "requester")
    (place,) = places(office)
    sealed = place.read_bytes()
    piece = PIECE + 16
    place.write_bytes(
        {
            "flip": sealed[:5000] + bytes([sealed[5000] ^ 1]) + sealed[5001:],
            "cut": sealed[: 3 + 2 * piece],
            "swap": sealed[:3]
            + sealed[3 + piece : 3 + 2 * piece]
            + sealed[3 : 3 + piece]
            + sealed[3 + 2 * piece :],
            "drop_piece": sealed[: 3 + piece] + sealed[3 + 2 * piece :],
            "empty": sealed[:3],
            "head": b"ZF2" + sealed[3:],
        }[change]
    )
    with pytest.raises(KeyTrouble):
        b"".join(office.files.read(file.file, case.case))


def test_drafts_are_swept_and_nothing_else(office: TestOffice) -> None:
    case = office.open()
    kept = put(office, b"kept")
    office.do(case, c.Attach(files=(kept,)), "requester")
    old, young = put(office, b"old"), None
    office.clock.now += DRAFT_AGE + 1
    young = put(office, b"young")
    stray = office.files.folder / "ab" / ("ab" + "0" * 62)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"left by a crash")
    incoming = office.files.folder / "incoming-x"
    incoming.write_bytes(b"half")
    long_ago = START / 1000 - 100
    for place in (stray, incoming, *places(office)):
        os.utime(place, (long_ago, long_ago))
    assert office.files.sweep(office.clock()) == 3
    assert {place.name for place in places(office)} == {kept.file, young.file}
    assert not incoming.exists()
    assert not FileRecord.objects.using(office.alias).filter(file=old.file).exists()
    assert office.files.sweep(office.clock()) == 0
    assert list(office.files.missing()) == []
    assert b"".join(office.files.read(kept.file, case.case)) == b"kept"


def test_a_failed_upload_leaves_nothing(office: TestOffice) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError("connection lost")

    with pytest.raises(OSError, match="lost"):
        office.files.put(Broken(b"x"), name="a", media_type="b", now=START)
    assert list(office.files.folder.iterdir()) == []


def test_a_missing_file_is_told(office: TestOffice) -> None:
    file = put(office, b"x")
    places(office)[0].unlink()
    assert list(office.files.missing()) == [file.file]


def test_whose_file_it_is_decides_about_its_erasure(office: TestOffice) -> None:
    case = office.open()
    document = office.files.put(b"x", name="n.md", media_type="text/markdown", now=START, party="p-requester")
    office.do(case, c.Attach(files=(document,)), "lead")
    assert FileRecord.objects.using(office.alias).get().party == "p-requester"
    assert b"".join(office.files.read(document.file, case.case)) == b"x"
