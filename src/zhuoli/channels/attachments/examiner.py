"""Examines files one after the other in a process aside."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import cast

import msgspec

from zhuoli.channels.attachments.kinds import PAPERS, Reason, Unfit, sniff
from zhuoli.office.aside import Aside, AsideFailed

LARGEST = 20 * 1024 * 1024
"""Bytes of one file."""
SECONDS = 20.0
"""For one file."""
AT_ONCE = 2
"""Examinations of one server process at the same time; others wait."""
PATIENCE = 30.0
"""Seconds to wait for one's turn."""

_turns = threading.BoundedSemaphore(AT_ONCE)


class Taken(msgspec.Struct, frozen=True):
    """What is kept of a file: its bytes and its media type."""

    data: bytes
    media_type: str


class Examiner:
    """For the files of one request: a hostile one never shares its process with another person's."""

    def __init__(self) -> None:
        self._aside = Aside("zhuoli.channels.attachments.child")
        self._mine = False

    def __enter__(self) -> Examiner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._aside.close()
        if self._mine:
            _turns.release()

    def examine(self, data: bytes, wanted: frozenset[str]) -> Taken:
        """Return what is kept of a file that must be of one of the wanted media types.

        Raises:
            Unfit: it is not taken, and why.
        """
        if not data:
            raise Unfit("empty")
        if len(data) > LARGEST:
            raise Unfit("large")
        media_type = sniff(data[:8192])
        if media_type not in wanted:
            raise Unfit("kind")
        if not self._mine:
            self._mine = _turns.acquire(timeout=PATIENCE)
            if not self._mine:
                raise Unfit("busy")
        question = msgspec.msgpack.encode((media_type, data))
        try:
            reason, kept, drawn = msgspec.msgpack.decode(
                self._aside.ask(question, SECONDS), type=tuple[str, str, bytes]
            )
        except (AsideFailed, msgspec.DecodeError) as error:
            raise Unfit("broken") from error
        if reason:
            raise Unfit(cast(Reason, reason))
        return Taken(data if media_type in PAPERS else drawn, kept)
