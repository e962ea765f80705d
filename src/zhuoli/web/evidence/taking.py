"""An original is taken in: looked at, sealed as it is, and entered in the ledger with its SHA-256, once."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator

import msgspec

from zhuoli.core.case.commands import Attach
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.scenario.names import EVIDENCE
from zhuoli.core.text import Text
from zhuoli.evidence import Unreadable, examine
from zhuoli.evidence.kinds import LARGEST, LONGEST
from zhuoli.store import incoming as store
from zhuoli.store.incoming import Incoming, Upload
from zhuoli.web import door
from zhuoli.web.evidence.sender import Sender
from zhuoli.web.wording import text

MOST_OPEN = 12
"""Uploads of one party that may be under way at the same time."""
MOST = 40
"""Originals of one party in one case."""
TAKEN = "taken"
REASONS = (
    "empty",
    "large",
    "kind",
    "broken",
    "cut",
    "pixels",
    "long",
    "no_picture",
    "busy",
    "refused",
    "many",
)


class Outcome(msgspec.Struct, frozen=True):
    """What became of it: ``taken`` with its SHA-256, or the reason why not."""

    outcome: str
    sha256: str = ""


def incoming() -> Incoming:
    """Return the folder of what is under way."""
    return store.incoming(door.office().master)


def why_not(reason: str) -> Text:
    """Say in words why something is not taken, and what to do."""
    values = {
        "large": {"limit": LARGEST // 1024 // 1024},
        "long": {"limit": int(LONGEST // 60)},
        "many": {"limit": MOST},
    }.get(reason, {})
    return text(f"evidence.not.{reason}", **values)


def take_upload(sender: Sender, upload: Upload) -> Upload:
    """Take in what has arrived whole; asked again, the same answer is given.

    Raises:
        InUse: another request is doing it.
    """
    folder = incoming()
    with folder.finishing(upload.id):
        now = folder.find(upload.id) or upload
        if now.head.outcome:
            return now
        head = now.head
        done = take(sender, head.key, head.shot, head.name, head.length, lambda: folder.pieces(upload.id))
        if done.outcome == "busy":
            return now
        return folder.finish(now, done.outcome, done.sha256)


def take(
    sender: Sender, key: str, shot: str, name: str, size: int, pieces: Callable[[], Iterable[bytes]]
) -> Outcome:
    """Look at an original and enter it in the ledger; the same key enters it once, and so do the same bytes."""
    try:
        facts = examine(pieces(), size)
    except Unreadable as unreadable:
        return Outcome(unreadable.reason)
    own = [
        each
        for each in door.load(sender.case.id).files.values()
        if each.question.startswith(f"{EVIDENCE}.") and each.by == sender.actor.party
    ]
    office = door.office()
    file = office.files.put(
        io.BufferedReader(_Stream(iter(pieces()))),
        name=name,
        media_type=facts.media_type,
        now=office.clock(),
        question=shot,
    )
    if any(each.sha256 == file.sha256 for each in own):
        return Outcome(TAKEN, file.sha256)
    if len(own) >= MOST:
        return Outcome("many")
    # Nobody else's key can be mistaken for this one, whatever a phone calls its own.
    own_key = f"evidence:{incoming().name(sender.case.id, sender.actor.party, key)}"
    try:
        door.perform(
            key=own_key,
            case=sender.case.id,
            actor=sender.actor,
            command=Attach(files=(file,)),
            expected_seq=None,
        )
    except Refusal:
        return Outcome("refused")
    kept = any(each.sha256 == file.sha256 for each in door.load(sender.case.id).files.values())
    return Outcome(TAKEN, file.sha256) if kept else Outcome("refused")


class _Stream(io.RawIOBase):
    """Pieces read as a stream."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        target = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(target), len(self._rest))
        target[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
