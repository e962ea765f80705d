"""From a paper to its PDF: in a process aside, within a bounded time, and once for the same content."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from typing import Any

import msgspec

from zhuoli.channels.papers.document import Paper
from zhuoli.channels.papers.font import shown
from zhuoli.office.aside import Aside, AsideFailed

SECONDS = 20.0
"""For one paper; the longest that is let through takes a tenth of it."""
LONGEST = 400_000
"""Signs on one paper: about two hundred pages."""
KEPT = 32
"""PDFs that one process remembers. They are kept in memory only: a paper holds what its case keeps sealed."""

_LOCK = threading.Lock()
_aside = Aside("zhuoli.channels.papers.child")
_known: OrderedDict[str, bytes] = OrderedDict()


class PaperFailed(Exception):
    """The paper could not be set; the message names no person."""


def print_paper(paper: Paper) -> bytes:
    """Return the PDF of a paper; the same paper gives the same bytes.

    Raises:
        PaperFailed: it is too long, or the typesetter gave up or took too long.
    """
    question = msgspec.json.encode(_shown(msgspec.to_builtins(paper)))
    if len(question) > 4 * LONGEST:
        raise PaperFailed("too long")
    key = hashlib.sha256(question).hexdigest()
    with _LOCK:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
        try:
            answer = _aside.ask(question, SECONDS)
        except AsideFailed as error:
            raise PaperFailed("the typesetter did not answer") from error
        problem, pdf = msgspec.msgpack.decode(answer, type=tuple[str, bytes])
        if problem:
            raise PaperFailed(problem)
        _known[key] = pdf
        while len(_known) > KEPT:
            _known.popitem(last=False)
        return pdf


def _shown(value: Any) -> Any:
    """Return data in which every text can be set; drawings and the QR code stay as they are."""
    if isinstance(value, str):
        return shown(value)
    if isinstance(value, dict):
        return {key: each if key in ("qr", "svg") else _shown(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(each) for each in value]
    return value
