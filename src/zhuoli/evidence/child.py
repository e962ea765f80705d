"""The process in which evidence is decoded; see ``zhuoli.office.aside``. What it reads is lent to it as a descriptor."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

import msgspec

from zhuoli.evidence.kinds import PHOTOS, Facts, NoDetector, Unreadable, Why
from zhuoli.office.aside import answer_all
from zhuoli.office.confine import confine

MEMORY = 3 * 1024 * 1024 * 1024
"""Of address space, most of it libraries and never touched; a quarter is in use with a video of 1080 lines."""
SECONDS = 600
"""Of processor time for one file."""


class Asked(msgspec.Struct, array_like=True):
    """What is wanted of the lent file: ``bounds`` or ``detectors`` only, a first look, or copies."""

    want: str
    media_type: str = ""


class Frame(msgspec.Struct, array_like=True):
    """A key frame: its instant (s), why it was chosen, how sharp it is, whether it may be the impact; JPEG."""

    at: float
    why: Why
    sharp: float
    alarm: bool
    blurred: int
    jpeg: bytes


class Said(msgspec.Struct, array_like=True):
    """The answer: a reason and nothing else, or facts, and copies where they were wanted.

    ``blurred`` counts the pictures of the playback copy with something blurred.
    """

    reason: str = ""
    facts: Facts | None = None
    frames: list[Frame] = []
    playback: bytes = b""
    blurred: int = 0
    bounds: tuple[bool, ...] = ()
    lacks: tuple[str, ...] = ()
    """Files of networks that are not there."""


def main() -> None:
    """Confine this process, then answer."""
    bounds = confine(memory=MEMORY, seconds=SECONDS)
    held = (bounds.memory, bounds.time, bounds.files, bounds.network, bounds.calls)

    def answer(question: bytes) -> bytes:
        asked = msgspec.msgpack.decode(question, type=Asked)
        if asked.want == "bounds":
            return msgspec.msgpack.encode(Said(bounds=held))
        if asked.want == "detectors":
            return msgspec.msgpack.encode(Said(lacks=_lacks()))
        with os.fdopen(int(sys.argv[1]), "rb", closefd=False) as source:
            try:
                said = _look(source, asked)
            except Unreadable as unreadable:
                said = Said(reason=unreadable.reason)
            except NoDetector as missing:
                said = Said(lacks=(str(missing),))
            except MemoryError:
                said = Said(reason="pixels")
        return msgspec.msgpack.encode(said)

    answer_all(answer)


def _lacks() -> tuple[str, ...]:
    from zhuoli.evidence import detectors

    lacks = []
    for model in (detectors.FACES, detectors.PLATES):
        try:
            detectors.tried(model)
        except NoDetector as missing:
            lacks.append(str(missing))
    return tuple(lacks)


def _look(source: BinaryIO, asked: Asked) -> Said:
    # What is imported here runs only in this process, and after it was confined.
    from zhuoli.evidence import blurring, looking, photo, playback

    if asked.media_type in PHOTOS:
        if asked.want == "examine":
            return Said(facts=photo.facts_of(source, asked.media_type))
        facts, jpeg, blurred = photo.copy_of(source, asked.media_type)
        return Said(facts=facts, frames=[Frame(0.0, "start", 0.0, False, blurred, jpeg)])
    if asked.want == "examine":
        return Said(facts=looking.first_look(source, asked.media_type))
    looked = looking.look(source, asked.media_type)
    frames = []
    for each in looked.frames:
        jpeg, blurred = blurring.blurred_jpeg(each.jpeg)
        frames.append(
            Frame(
                round(each.moment.at, 3),
                each.moment.why,
                round(each.sharp, 1),
                each.moment.alarm,
                blurred,
                jpeg,
            )
        )
    try:
        copy, blurred = playback.playback_copy(source)
    except (Unreadable, OSError, ValueError):
        # The key frames are worth having without it.
        copy, blurred = b"", 0
    return Said(facts=looked.facts, frames=frames, playback=copy, blurred=blurred)


if __name__ == "__main__":
    main()
