"""Asks for what is in a photo or a video, in a process aside: one process for each file."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import cast

import msgspec

from zhuoli.evidence.child import Asked, Frame, Said
from zhuoli.evidence.kinds import (
    LARGEST,
    PHOTOS,
    VIDEOS,
    Facts,
    NoDetector,
    Reason,
    Unreadable,
    media_type_of,
)
from zhuoli.office.aside import Aside, AsideFailed
from zhuoli.office.confine import Bounds

FIRST_LOOK = 25.0
"""Seconds for a first look."""
PREPARING = 900.0
"""Seconds for the copies of one file; five minutes of video take about as long as they last."""
PATIENCE = 30.0
"""Seconds to wait for one's turn at a first look."""
AT_ONCE = 2

_turns = threading.BoundedSemaphore(AT_ONCE)


class Prepared(msgspec.Struct, frozen=True):
    """Copies to look at: facts, key frames in the order of time, a playback copy (none of a photo).

    ``blurred`` counts the pictures of the playback copy in which something was blurred.
    """

    facts: Facts
    frames: tuple[Frame, ...]
    playback: bytes
    blurred: int


def examine(pieces: Iterable[bytes], size: int) -> Facts:
    """Take a first look at a file of ``size`` bytes: what it is, and whether anything can be seen in it.

    Raises:
        Unreadable: it is not taken, and why.
    """
    if not size:
        raise Unreadable("empty")
    if size > LARGEST:
        raise Unreadable("large")
    with _lent(pieces) as (lent, media_type):
        if media_type not in PHOTOS | VIDEOS:
            raise Unreadable("kind")
        if not _turns.acquire(timeout=PATIENCE):
            raise Unreadable("busy")
        try:
            return _facts(_ask(Asked("examine", media_type), FIRST_LOOK, lent))
        finally:
            _turns.release()


def prepare(pieces: Iterable[bytes]) -> Prepared:
    """Make the copies of a file.

    Raises:
        Unreadable: nothing can be seen in it, and why.
        NoDetector: what finds faces or plates is not there; nothing is wrong with the file.
    """
    with _lent(pieces) as (lent, media_type):
        if media_type not in PHOTOS | VIDEOS:
            raise Unreadable("kind")
        said = _ask(Asked("prepare", media_type), PREPARING, lent)
        if said.lacks:
            raise NoDetector(*said.lacks)
        return Prepared(_facts(said), tuple(said.frames), said.playback, said.blurred)


def bounds() -> Bounds:
    """Return which bounds hold for the process in which evidence is decoded, on this machine.

    Raises:
        Unreadable: the process does not even begin.
    """
    return Bounds(*_ask(Asked("bounds"), FIRST_LOOK, None).bounds)


def lacking() -> tuple[str, ...]:
    """Return the files of networks that are not there, or cannot be loaded within the bounds.

    Raises:
        Unreadable: the process does not even begin.
    """
    return _ask(Asked("detectors"), FIRST_LOOK, None).lacks


@contextmanager
def _lent(pieces: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """Put a file into memory that can be lent to another process, and never onto the disk unsealed."""
    lent = os.memfd_create("evidence")
    try:
        head = b""
        for piece in pieces:
            if len(head) < 8192:
                head += piece[: 8192 - len(head)]
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(lent, rest) :]
        yield lent, media_type_of(head)
    finally:
        os.close(lent)


def _ask(asked: Asked, seconds: float, lent: int | None) -> Said:
    with Aside("zhuoli.evidence.child") as aside:
        try:
            answer = aside.ask(msgspec.msgpack.encode(asked), seconds, lend=lent)
            said = msgspec.msgpack.decode(answer, type=Said)
        except (AsideFailed, msgspec.DecodeError) as error:
            raise Unreadable("broken") from error
    if said.reason:
        raise Unreadable(cast(Reason, said.reason))
    return said


def _facts(said: Said) -> Facts:
    if said.facts is None:
        raise Unreadable("broken")
    return said.facts
