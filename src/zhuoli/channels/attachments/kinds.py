"""What a file is by its first bytes, and the reasons for which it is not taken."""

from __future__ import annotations

from typing import Literal

import filetype  # type: ignore[import-untyped]

PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic"})
"""Still pictures that are drawn anew."""
PAPERS = frozenset({"application/pdf"})
PAGES = 200
"""So many pages a paper may have."""

Reason = Literal[
    "empty",
    "large",
    "kind",
    "broken",
    "pixels",
    "moving",
    "locked",
    "active",
    "embedded",
    "pages",
    "tail",
    "busy",
]
"""Why a file is not taken:

*empty*, *large* (bytes), *kind* (of no kind that is wanted), *broken* (cut off, damaged, or its decoding took more
than it may), *pixels* (too many), *moving* (an animation), *locked* (a PDF with a password), *active* (a PDF that
does something when opened), *embedded* (a PDF that carries files), *pages* (too many), *tail* (a PDF with something
else behind its end), *busy* (too many are being examined).
"""

_HEIF = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})


class Unfit(Exception):
    """A file is not taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


def sniff(head: bytes) -> str:
    """Return the media type by the first bytes of a file (8 KB are plenty); empty when it is nothing known."""
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
        return "image/heic"
    found = filetype.guess(head[:8192])
    mime = str(found.mime) if found is not None else ""
    return "image/png" if mime == "image/apng" else mime
