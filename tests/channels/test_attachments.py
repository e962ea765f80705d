"""Files that people bring: what is kept of them, what is refused, and that no bytes bring the house down."""

from __future__ import annotations

import io
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, PngImagePlugin
from pypdf import PdfWriter
from pypdf.annotations import Link
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from zhuoli.channels.attachments import PAPERS, PICTURES, Examiner, Unfit, papers, pictures, sniff
from zhuoli.channels.attachments import examiner as examining
from zhuoli.channels.attachments.kinds import Reason
from zhuoli.channels.attachments.small import SMALL, small_copy
from zhuoli.office.aside import Aside, AsideFailed

pillow_heif.register_heif_opener()
BOTH = PICTURES | PAPERS


@pytest.fixture(scope="module")
def examiner() -> Iterator[Examiner]:
    with Examiner() as found:
        yield found


def photo(kind: str, size: tuple[int, int] = (80, 60), mode: str = "RGB", **options: Any) -> bytes:
    image = Image.new(mode, size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 4, size[1] // 4), fill="red")
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def telling() -> bytes:
    """Notes of a telephone: turned, made by, taken there."""
    notes = Image.Exif()
    notes[0x0112], notes[0x010F] = 6, "Maker of telephones"
    place = notes.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (36.0, 3.0, 33.3), "E", (103.0, 49.0, 9.9)
    return notes.tobytes()


def paper(change: Any = None, pages: int = 1) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if change is not None:
        change(writer)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def reason(examiner: Examiner, data: bytes, wanted: frozenset[str] = BOTH) -> Reason | None:
    try:
        examiner.examine(data, wanted)
    except Unfit as unfit:
        return unfit.reason
    return None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_picture_loses_what_it_tells_and_stands_upright(examiner: Examiner, kind: str) -> None:
    options: dict[str, Any] = {"exif": telling()}
    if kind == "PNG":
        note = PngImagePlugin.PngInfo()
        note.add_text("Comment", "at home, Maker of telephones")
        options["pnginfo"] = note
    if kind == "JPEG":
        options |= {"comment": b"Maker of telephones", "xmp": b"<x>Maker of telephones</x>"}
    taken = examiner.examine(photo(kind, **options), PICTURES)
    assert taken.media_type == ("image/png" if kind == "PNG" else "image/jpeg")
    assert b"Maker" not in taken.data
    assert b"Exif" not in taken.data
    with Image.open(io.BytesIO(taken.data)) as kept:
        assert kept.size == (60, 80)
        assert not kept.getexif()
        red, green, _ = kept.convert("RGB").getpixel((57, 3))  # type: ignore[misc]
        assert red > 200 > 100 > green


def test_a_large_picture_is_kept_smaller(examiner: Examiner) -> None:
    taken = examiner.examine(photo("JPEG", (4000, 3000)), PICTURES)
    with Image.open(io.BytesIO(taken.data)) as kept:
        assert kept.size == (pictures.EDGE, pictures.EDGE * 3 // 4)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_pixels_can_be_seen(examiner: Examiner, mode: str) -> None:
    image = Image.new("RGB", (40, 30), "white")
    image.paste((0, 0, 0), (0, 0, 20, 30))
    target = io.BytesIO()
    if mode == "I;16":
        wide = Image.new("I;16", (40, 30), 65535)
        wide.paste(0, (0, 0, 20, 30))
        wide.save(target, "PNG")
    else:
        image.convert(mode).save(target, "JPEG" if mode == "CMYK" else "PNG")
    taken = examiner.examine(target.getvalue(), PICTURES)
    with Image.open(io.BytesIO(taken.data)) as kept:
        grey = kept.convert("L")
        assert grey.getpixel((5, 5)) < 40 < 215 < grey.getpixel((35, 5))  # type: ignore[operator]


def test_what_is_through_lies_on_white(examiner: Examiner) -> None:
    target = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(target, "PNG")
    with Image.open(io.BytesIO(examiner.examine(target.getvalue(), PICTURES).data)) as kept:
        assert kept.getpixel((5, 5)) == (255, 255, 255)


def test_a_polyglot_keeps_only_its_pixels(examiner: Examiner) -> None:
    hidden = io.BytesIO()
    with zipfile.ZipFile(hidden, "w") as archive:
        archive.writestr("payload.js", "alert(1)")
    taken = examiner.examine(photo("JPEG") + hidden.getvalue() + b"<script>alert(1)</script>", PICTURES)
    assert b"payload" not in taken.data
    assert b"script" not in taken.data
    assert not zipfile.is_zipfile(io.BytesIO(taken.data))


def moving(kind: str) -> bytes:
    target = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(target, kind, save_all=True, append_images=frames[1:])
    return target.getvalue()


def bomb() -> bytes:
    """60,000 × 60,000 pixels in a few kilobytes that are no picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    rows = chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + rows + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (b"MZ" + bytes(500), "kind"),
        (b"\x7fELF" + bytes(500), "kind"),
        (b"<html><script>alert(1)</script>", "kind"),
        (b"#!/bin/sh\nrm", "kind"),
        (b"PK\x03\x04" + bytes(100), "kind"),
        (photo("GIF"), "kind"),
        (b"GIF89a%PDF-1.4", "kind"),
        (photo("JPEG")[:500], "broken"),
        (photo("PNG")[:80], "broken"),
        (photo("WEBP")[:40], "broken"),
        (photo("HEIF")[:300], "broken"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "broken"),
        (moving("PNG"), "moving"),
        (moving("WEBP"), "moving"),
        (bomb(), "pixels"),
    ],
)
def test_what_is_no_picture_is_refused_with_its_reason(
    examiner: Examiner, data: bytes, expected: str
) -> None:
    assert reason(examiner, data) == expected


def test_too_many_bytes_are_not_even_looked_at(examiner: Examiner) -> None:
    assert reason(examiner, photo("JPEG") + bytes(examining.LARGEST)) == "large"


def javascript(writer: PdfWriter) -> None:
    script = DictionaryObject({NameObject("/JS"): TextStringObject("app.alert(1)")})
    names = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("a"), script])})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): names})


def launching(writer: PdfWriter) -> None:
    action = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("calc")}
    )
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)


def hidden_action(writer: PdfWriter) -> None:
    """An action that no page leads to, in an object of its own."""
    writer._add_object(DictionaryObject({NameObject("/S"): NameObject("/JavaScript")}))


def dynamic(writer: PdfWriter) -> None:
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject({NameObject("/XFA"): ArrayObject()})


def carrying(writer: PdfWriter) -> None:
    writer.add_attachment("other.exe", b"MZ")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (paper(javascript), "active"),
        (paper(launching), "active"),
        (paper(hidden_action), "active"),
        (paper(dynamic), "active"),
        (paper(carrying), "embedded"),
        (paper(lambda writer: writer.encrypt("secret")), "locked"),
        (paper(pages=papers.PAGES + 1), "pages"),
        (paper()[:300], "broken"),
        (b"%PDF-1.4\n%%EOF", "broken"),
        (paper() + b"<script>alert(1)</script>", "tail"),
        (b"\n" + paper(), "kind"),
    ],
)
def test_what_a_paper_must_not_be(examiner: Examiner, data: bytes, expected: str) -> None:
    assert reason(examiner, data) == expected


def test_a_paper_is_kept_byte_for_byte(examiner: Examiner) -> None:
    def linked(writer: PdfWriter) -> None:
        writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url="https://example.org/"))

    for data in (paper(linked), paper() + b"\r\n\0\0", paper(lambda writer: writer.encrypt("", "owner"))):
        assert examiner.examine(data, BOTH).data == data
    assert reason(examiner, paper(), PICTURES) == "kind"


BEGINNINGS = [photo(kind) for kind in ("JPEG", "PNG", "WEBP", "HEIF")] + [paper(), paper(javascript)]


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_hostile_bytes_are_only_ever_unfit(data: st.DataObject) -> None:
    """Good files with bytes changed, cut out or put in: taken or refused, never anything else."""
    changed = bytearray(data.draw(st.sampled_from(BEGINNINGS)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(changed) - 1))
        kind = data.draw(st.sampled_from(["set", "cut", "put"]))
        if kind == "set":
            changed[at] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            del changed[at : at + data.draw(st.integers(1, 40))]
        else:
            changed[at:at] = data.draw(st.binary(max_size=40))
        if not changed:
            return
    media_type = sniff(bytes(changed[:8192]))
    try:
        if media_type in PAPERS:
            papers.examine(bytes(changed))
        elif media_type in PICTURES:
            drawn, _ = pictures.redraw(bytes(changed), media_type)
            Image.open(io.BytesIO(drawn)).load()
    except Unfit:
        return


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_can_be_sniffed(data: bytes) -> None:
    assert isinstance(sniff(data), str)


def test_small_copies(examiner: Examiner) -> None:
    taken = examiner.examine(photo("JPEG", (1000, 500)), PICTURES)
    small = small_copy(taken.data)
    assert small is not None
    with Image.open(io.BytesIO(small)) as image:
        assert image.size == (SMALL, SMALL // 2)
    assert small_copy(b"nonsense") is None
    assert small_copy(photo("PNG", (5000, 3000))) is None


# --- the process aside -----------------------------------------------------------------------------------


def test_a_process_that_dies_costs_only_its_own_file(
    examiner: Examiner, monkeypatch: pytest.MonkeyPatch
) -> None:
    examiner.examine(photo("PNG"), PICTURES)
    process = examiner._aside._process
    assert process is not None
    monkeypatch.setattr(examining, "SECONDS", 0.0)
    assert reason(examiner, photo("JPEG", (3000, 3000))) == "broken"
    monkeypatch.undo()
    assert process.poll() is not None
    assert reason(examiner, photo("JPEG")) is None


def test_time_and_memory_are_bounded_and_no_key_is_in_reach() -> None:
    with Aside("tests.channels.greedy") as aside, pytest.raises(AsideFailed):
        aside.ask(b"", 5.0)  # not to be found: -I keeps this folder out of its path
    with Aside("zhuoli.channels.attachments.child") as aside:
        aside.ask(b"\x92\xa9image/png\xc4\x00", 20.0)
        assert aside._process is not None
        process = Path(f"/proc/{aside._process.pid}")
        limits = (process / "limits").read_text()
        assert f"{1536 * 1024 * 1024}" in limits.split("Max address space")[1].split("\n")[0]
        assert "ZHUOLI" not in (process / "environ").read_text()
        began = time.monotonic()
        with pytest.raises(AsideFailed):
            aside.ask(b"\x92\xa9image/png\xc6\x7f\xff\xff\xff", 0.0)
        assert time.monotonic() - began < 5
