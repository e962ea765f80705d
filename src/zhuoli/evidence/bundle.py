"""The copy to look at of one original: a report, key frames and a playback copy in one file.

``ZE1``, the length of the report (4 bytes, big endian), the report (JSON), the key frames (JPEG) one after the other, the
playback copy (MP4). One file, because they are made, given out and erased together; the report comes first, so that it can be
read without the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from zhuoli.evidence.doubts import Doubt
from zhuoli.evidence.kinds import Facts, Why
from zhuoli.evidence.reader import Prepared

MEDIA_TYPE = "application/vnd.zhuoli.evidence"
_MAGIC = b"ZE1"
_LONGEST = 1 << 20


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """A key frame: its instant (s), why it was chosen, sharpness, possible impact, places blurred; where it lies."""

    at: float
    why: Why
    sharp: float
    alarm: bool
    blurred: int
    start: int
    size: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What was found: the original's id, SHA-256 and size; facts and doubts, or the reason why it cannot be read.

    ``blurred`` counts the pictures of the playback copy with something blurred; ``start`` and ``size`` say where the
    playback copy lies, from the end of the report on.
    """

    original: str
    sha256: str
    size: int
    reason: str = ""
    facts: Facts | None = None
    doubts: tuple[Doubt, ...] = ()
    frames: tuple[Frame, ...] = ()
    blurred: int = 0
    playback_start: int = 0
    playback_size: int = 0
    head: int = 0


class NoBundle(Exception):
    """These bytes are no copy to look at."""


def report_of(report: Report, prepared: Prepared, found: tuple[Doubt, ...]) -> Report:
    """Return the report of what was prepared."""
    frames: list[Frame] = []
    place = 0
    for each in prepared.frames:
        frames.append(
            Frame(
                at=each.at,
                why=each.why,
                sharp=each.sharp,
                alarm=each.alarm,
                blurred=each.blurred,
                start=place,
                size=len(each.jpeg),
            )
        )
        place += len(each.jpeg)
    return msgspec.structs.replace(
        report,
        facts=prepared.facts,
        doubts=found,
        frames=tuple(frames),
        blurred=prepared.blurred,
        playback_start=place,
        playback_size=len(prepared.playback),
    )


def pack(report: Report, frames: tuple[bytes, ...], playback: bytes) -> bytes:
    """Return the bytes of a copy."""
    said = msgspec.json.encode(report)
    return b"".join((_MAGIC, len(said).to_bytes(4, "big"), said, *frames, playback))


def open_head(pieces: Iterable[bytes]) -> Report:
    """Return the report of a copy; ``head`` is the place at which its key frames begin.

    Raises:
        NoBundle: these bytes are no copy.
    """
    data = b""
    for piece in pieces:
        data += piece
        length = int.from_bytes(data[3:7], "big")
        if data[:3] != _MAGIC or length > _LONGEST:
            break
        if len(data) >= 7 + length:
            try:
                report = msgspec.json.decode(data[7 : 7 + length], type=Report)
            except msgspec.DecodeError:
                break
            return msgspec.structs.replace(report, head=7 + length)
    raise NoBundle


def part(pieces: Iterable[bytes], start: int, size: int) -> Iterator[bytes]:
    """Give ``size`` bytes from ``start`` on out of a file that comes in pieces."""
    place = 0
    for piece in pieces:
        stop = place + len(piece)
        if stop > start:
            yield piece[max(0, start - place) : min(len(piece), start + size - place)]
        place = stop
        if place >= start + size:
            return
