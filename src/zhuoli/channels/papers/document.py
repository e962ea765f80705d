"""A paper as data: its letterhead and its blocks, in one language."""

from __future__ import annotations

import hashlib

import msgspec


class Run(msgspec.Struct, frozen=True):
    """A piece of text; ``strong`` is set darker."""

    text: str
    strong: bool = False


Line = tuple[Run, ...]


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph", tag_field="kind"):
    """Running text."""

    line: Line


class Heading(msgspec.Struct, frozen=True, tag="heading", tag_field="kind"):
    """A heading within the paper."""

    text: str


class Items(msgspec.Struct, frozen=True, tag="items", tag_field="kind"):
    """A list."""

    items: tuple[Line, ...]
    numbered: bool = False


class Facts(msgspec.Struct, frozen=True, tag="facts", tag_field="kind"):
    """Names and what they stand for; a quiet value is set lighter (sealed, nothing said)."""

    rows: tuple[tuple[str, str, bool], ...]


class Quote(msgspec.Struct, frozen=True, tag="quote", tag_field="kind"):
    """Words of somebody, as they were written."""

    text: str


class Steps(msgspec.Struct, frozen=True, tag="steps", tag_field="kind"):
    """A story: when, who, and the sentences."""

    rows: tuple[tuple[str, str, tuple[str, ...]], ...]


class Table(msgspec.Struct, frozen=True, tag="table", tag_field="kind"):
    """A small table with a head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Drawing(msgspec.Struct, frozen=True, tag="drawing", tag_field="kind"):
    """A drawing (``svg`` with its own colours) and what it shows in a sentence."""

    svg: str
    says: str


Block = Paragraph | Heading | Items | Facts | Quote | Steps | Table | Drawing


class Verify(msgspec.Struct, frozen=True):
    """How somebody finds out whether the paper is genuine: a sentence, the address, and its QR code (SVG)."""

    words: str
    address: str
    qr: str


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """Everything on a paper. ``mark`` is the line that marks a demonstration; ``page`` is “{n} / {all}”."""

    lang: str
    title: str
    issuer: str
    house: str
    number: str
    made: str
    page: str
    blocks: tuple[Block, ...]
    under_title: str = ""
    seal: str = ""
    mark: str = ""
    verify: Verify | None = None

    def digest(self) -> str:
        """Return the SHA-256 of what the paper says: title, issuer and blocks, not its number or the day of printing."""
        said = (self.lang, self.title, self.issuer, self.under_title, self.seal, self.blocks)
        return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def plain(text: str) -> Line:
    """Return a line of one run."""
    return (Run(text),)
