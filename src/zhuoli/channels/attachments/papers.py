"""A PDF examined: it must open without a password, do nothing by itself, carry no other files. Runs aside.

It is kept byte for byte, so that a signature on it stays valid. Every object of every table is looked at, reachable
from a page or not; streams of page content are not unpacked. This is no virus scanner.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from zhuoli.channels.attachments.kinds import PAGES, Unfit

OBJECTS = 60_000
_DEEPEST = 60

_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/XFA", "/RichMedia"})
_ACTIVE_ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/Rendition",
        "/Sound",
        "/Movie",
        "/GoToE",
        "/RichMediaExecute",
    }
)
_ACTIVE_NOTES = frozenset({"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})
_CARRYING_KEYS = frozenset({"/EmbeddedFiles", "/EF"})


def examine(data: bytes) -> None:
    """Look through a PDF.

    Raises:
        Unfit: it is not taken.
    """
    if not data.startswith(b"%PDF-"):
        raise Unfit("kind")
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise Unfit("broken")
    if data[end + 5 :].strip(b"\0\t\n\x0c\r \x1a"):
        raise Unfit("tail")
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unfit("locked")
        if not 1 <= len(reader.pages) <= PAGES:
            raise Unfit("pages" if len(reader.pages) else "broken")
        for found in _objects(reader):
            _look(found, 0)
        _look(reader.trailer, 0)
    except Unfit:
        raise
    except Exception as error:  # a parser raises whatever it likes on hostile bytes
        raise Unfit("broken") from error


def _objects(reader: PdfReader) -> Iterator[Any]:
    """Give every object that a table of the file names, those in object streams too."""
    numbers = {(number, generation) for generation, table in reader.xref.items() for number in table}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > OBJECTS:
        raise Unfit("pages")
    for number, generation in sorted(numbers):
        if number:
            yield reader.get_object(IndirectObject(number, generation, reader))


def _look(value: Any, depth: int) -> None:
    if depth > _DEEPEST:
        raise Unfit("broken")
    if isinstance(value, DictionaryObject):
        keys = value.keys()
        if keys & _ACTIVE_KEYS:
            raise Unfit("active")
        if keys & _CARRYING_KEYS or value.get("/Type") == "/EmbeddedFile":
            raise Unfit("embedded")
        kind, note = _name(value, "/S"), _name(value, "/Subtype")
        if kind in _ACTIVE_ACTIONS or note in _ACTIVE_NOTES:
            raise Unfit("active")
        if note == "/FileAttachment":
            raise Unfit("embedded")
        for key in keys:
            _look(value.raw_get(key), depth + 1)
    elif isinstance(value, ArrayObject):
        for each in list.__iter__(value):
            _look(each, depth + 1)


def _name(value: DictionaryObject, key: str) -> str:
    """Return a name, also one that stands in an object of its own."""
    found = value.get(key)
    return found if isinstance(found, str) else ""
