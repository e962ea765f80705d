"""Evidence for the demonstration: small drawings that nobody takes for photographs, generated on the spot."""

from __future__ import annotations

import random
import struct
import zlib
from functools import cache

from zhuoli.core.case.commands import File
from zhuoli.store.files import FileStore

KINDS = 12
_SIZE = 120


@cache
def drawing(kind: int) -> bytes:
    """Return a small PNG of stripes and a frame; the same for the same number."""
    rng = random.Random(kind)  # noqa: S311 - a picture
    paper, ink = (244, 242, 236), tuple(rng.randrange(40, 170) for _ in range(3))
    width = rng.randrange(8, 20)
    rows = bytearray()
    for y in range(_SIZE):
        rows.append(0)
        for x in range(_SIZE):
            frame = x < 4 or y < 4 or x >= _SIZE - 4 or y >= _SIZE - 4
            stripe = (x + (y if kind % 2 else -y)) // width % 2 == 0
            rows += bytes(ink if frame or stripe else paper)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", _SIZE, _SIZE, 8, 2, 0, 0, 0)),
            _chunk(b"tEXt", b"Comment\0Generated for a demonstration"),
            _chunk(b"IDAT", zlib.compress(bytes(rows), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


class Album:
    """Gives out drawings as evidence, one kind after the other."""

    def __init__(self, files: FileStore) -> None:
        self._files = files
        self._given = 0

    def take(self, question: str, at: int) -> File:
        """Return a file that no case has yet, as the answer to a question (or to none); ``at`` in ms UTC."""
        self._given += 1
        kind = self._given % KINDS
        return self._files.put(
            drawing(kind),
            name=f"现场照片{kind + 1}（演示）.png",
            media_type="image/png",
            now=at,
            question=question,
        )
