"""The process in which files are decoded; see ``zhuoli.office.aside``."""

from __future__ import annotations

import msgspec

from zhuoli.channels.attachments import papers, pictures
from zhuoli.channels.attachments.kinds import PAPERS, Unfit
from zhuoli.office.aside import serve

MEMORY = 1536 * 1024 * 1024
"""Of address space; the largest picture that passes needs about half of it."""


class Asked(msgspec.Struct, array_like=True):
    """A file and what it is by its first bytes."""

    media_type: str
    data: bytes


class Said(msgspec.Struct, array_like=True):
    """What is kept of it, or the reason why it is not taken."""

    reason: str
    media_type: str
    data: bytes


def answer(question: bytes) -> bytes:
    """Examine one file."""
    asked = msgspec.msgpack.decode(question, type=Asked)
    try:
        if asked.media_type in PAPERS:
            papers.examine(asked.data)
            said = Said("", asked.media_type, b"")
        else:
            drawn, media_type = pictures.redraw(asked.data, asked.media_type)
            said = Said("", media_type, drawn)
    except Unfit as unfit:
        said = Said(unfit.reason, "", b"")
    return msgspec.msgpack.encode(said)


if __name__ == "__main__":
    serve(answer, memory=MEMORY)
