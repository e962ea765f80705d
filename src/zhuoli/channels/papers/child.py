"""The process in which papers are set; see ``zhuoli.office.aside``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import typst

from zhuoli.channels.papers.font import font_folder
from zhuoli.office.aside import serve

MEMORY = 3 * 1024 * 1024 * 1024
"""Of address space; most of it is never touched."""
LOOK = Path(__file__).with_name("paper.typ").read_bytes()
_EPOCH = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp())


class Said(msgspec.Struct, array_like=True):
    """The PDF, or what the typesetter said."""

    problem: str
    pdf: bytes


def answer(question: bytes) -> bytes:
    """Set one paper; ``question`` is its JSON.

    PDF/UA-1 makes the paper readable by screen readers, and a sign without a glyph an error.
    """
    try:
        pdf: bytes = typst.compile(  # type: ignore[misc]
            LOOK,
            sys_inputs={"paper": question.decode()},
            font_paths=[font_folder()],
            ignore_system_fonts=True,
            pdf_standards=["ua-1"],
            timestamp=_EPOCH,
        )
        said = Said("", pdf)
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent decides
        said = Said(str(error)[:500] or type(error).__name__, b"")
    return msgspec.msgpack.encode(said)


if __name__ == "__main__":
    serve(answer, memory=MEMORY)
