"""The font that papers are set in, and which signs it has.

Noto Sans SC (SIL Open Font License), as the package zhplot brings it; nothing else of that package is used.
"""

from __future__ import annotations

import importlib.util
import struct
import unicodedata
from functools import cache
from pathlib import Path

FAMILY = "Noto Sans SC"
_ALLOWED = frozenset("\n\t")


class NoFont(Exception):
    """The font is not installed."""


@cache
def font_folder() -> Path:
    """Return the folder with the font file.

    Raises:
        NoFont: it is not there.
    """
    found = importlib.util.find_spec("zhplot")
    folder = Path(found.origin).parent / "fonts" if found and found.origin else None
    if folder is None or not any(folder.glob("*.ttf")):
        raise NoFont
    return folder


def shown(text: str) -> str:
    """Return a text in which every sign can be set: controls are dropped, others are shown as ``[U+20BB7]``.

    Signs that turn the direction of writing, or join others, have no place on a paper.
    """
    has = covered()
    return "".join(
        sign
        if ord(sign) in has or sign in _ALLOWED
        else ""
        if unicodedata.category(sign) in ("Cc", "Cf", "Mn", "Zl", "Zp", "Cs")
        else f"[U+{ord(sign):04X}]"
        for sign in unicodedata.normalize("NFC", text)
        if unicodedata.category(sign) != "Cf"
    )


@cache
def covered() -> frozenset[int]:
    """Return the code points of the font, from its ``cmap`` table (OpenType 1.9, formats 4 and 12)."""
    data = next(font_folder().glob("*.ttf")).read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    for number in range(tables):
        tag, _, start, _ = struct.unpack_from(">4sIII", data, 12 + 16 * number)
        if tag == b"cmap":
            return frozenset(_code_points(data, start))
    raise NoFont


def _code_points(data: bytes, start: int) -> set[int]:
    (count,) = struct.unpack_from(">H", data, start + 2)
    found: set[int] = set()
    for number in range(count):
        platform, _, offset = struct.unpack_from(">HHI", data, start + 4 + 8 * number)
        (kind,) = struct.unpack_from(">H", data, start + offset)
        if platform not in (0, 3):
            continue
        if kind == 12:
            (groups,) = struct.unpack_from(">I", data, start + offset + 12)
            for group in range(groups):
                first, last, glyph = struct.unpack_from(">III", data, start + offset + 16 + 12 * group)
                found.update(range(first if glyph else first + 1, last + 1))
        elif kind == 4:
            found.update(_segments(data, start + offset))
    return found - {0, 0xFFFF}


def _segments(data: bytes, start: int) -> set[int]:
    """Return the code points of a format 4 table."""
    (double,) = struct.unpack_from(">H", data, start + 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", data, start + 14)
    starts = struct.unpack_from(f">{count}H", data, start + 16 + double)
    deltas = struct.unpack_from(f">{count}H", data, start + 16 + 2 * double)
    at = start + 16 + 3 * double
    offsets = struct.unpack_from(f">{count}H", data, at)
    found: set[int] = set()
    for number, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(first, last + 1):
            if offset == 0:
                glyph = (code + delta) & 0xFFFF
            else:
                (glyph,) = struct.unpack_from(">H", data, at + 2 * number + offset + 2 * (code - first))
            if glyph:
                found.add(code)
    return found
