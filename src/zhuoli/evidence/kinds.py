"""What evidence may be, how large, and the reasons for which it cannot be looked at."""

from __future__ import annotations

from typing import Literal

import filetype  # type: ignore[import-untyped]
import msgspec

PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic"})
VIDEOS = frozenset(
    {"video/mp4", "video/quicktime", "video/webm", "video/x-matroska", "video/x-msvideo", "video/3gpp"}
)

LARGEST = 600 * 1024 * 1024
"""Bytes of one file: five minutes of a telephone's best picture."""
LONGEST = 300.0
"""Seconds of one video."""
PIXELS = 4096 * 2304
"""Of one picture of a video."""
MOST_FRAMES = 12
"""Key frames of one video."""

Reason = Literal["empty", "large", "kind", "broken", "cut", "pixels", "long", "no_picture", "busy"]
"""Why something cannot be looked at:

*empty* (0 bytes), *large* (bytes), *kind* (neither photo nor video), *broken* (damaged or hostile: its decoding failed or
took more than it may), *cut* (the end is missing and with it the table without which nothing can be read), *pixels*
(too many), *long* (seconds), *no_picture* (sound alone), *busy* (too many are being looked at).
"""

Why = Literal["start", "end", "jolt", "shaking", "break", "cut"]
"""Why a moment of a video was chosen; see ``zhuoli.evidence.moments``."""

_HEIF = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})


class Unreadable(Exception):
    """It cannot be looked at, and why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


class NoDetector(Exception):
    """A file that finds faces or plates is not there, or broken: without it no copy is made. Holds its name."""


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says of itself. None of it is proof: anybody can write it.

    ``recorded`` in ms UTC, None when it does not say; ``place`` in degrees north and east; ``rotation`` in degrees as
    it is to be turned to be upright (0, 90, 180, 270), width and height after that; ``rate`` in pictures per second;
    ``variable`` when the distances between them differ; ``gop`` the most pictures between two that stand alone (0: not
    known); ``cut_off`` when fewer were there than it says.
    """

    media_type: str
    codec: str
    width: int
    height: int
    rotation: int = 0
    seconds: float = 0.0
    frames: int = 0
    rate: float = 0.0
    variable: bool = False
    sound: bool = False
    gop: int = 0
    cut_off: bool = False
    recorded: int | None = None
    place: tuple[float, float] | None = None
    maker: str = ""
    software: str = ""


def media_type_of(head: bytes) -> str:
    """Return the media type by the first bytes of a file (8 KB are plenty); empty when it is nothing known."""
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _HEIF:
            return "image/heic"
        if brand == b"qt  ":
            return "video/quicktime"
        return "video/3gpp" if brand[:3] == b"3gp" else "video/mp4"
    if head[4:8] in (b"moov", b"mdat", b"wide", b"free"):
        return "video/quicktime"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    found = filetype.guess(head[:8192])
    mime = str(found.mime) if found is not None else ""
    return mime if mime in PHOTOS | VIDEOS else ""
