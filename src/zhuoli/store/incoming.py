"""What is being sent in pieces: kept sealed until it is whole, found again after the line broke, forgotten after a while.

One file for each upload: ``ZI1``, then records of length (4 bytes, big endian), nonce (12 bytes) and sealed bytes (AES-256-GCM,
bound to the upload and to the record's number). The first record is the head, the others are the bytes as they came. A record
that was cut off by a crash does not count and is written over. The key follows from the master key and the upload's id.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhuoli.environment import read_environment
from zhuoli.store.keys import MasterKey

PIECE = 256 * 1024
"""Bytes that are sealed together; so much is lost at most when the line breaks."""
_MAGIC = b"ZI1"
_NONCE, _TAG = 12, 16
_LONGEST = PIECE + 1024


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What is being sent, for which case and by which party; ``key`` of the command that takes it up. Instants in ms UTC.

    ``outcome`` is empty while it is under way, then ``taken`` or the reason why it was not; ``sha256`` of what was taken.
    """

    case: int
    party: str
    key: str
    shot: str
    name: str
    length: int
    made: int
    expires: int
    outcome: str = ""
    sha256: str = ""


class Upload(msgspec.Struct, frozen=True):
    """An upload: its head, and how many bytes have arrived."""

    id: str
    head: Head
    offset: int


def incoming(master: MasterKey) -> Incoming:
    """Return the folder of unfinished uploads of this installation."""
    return Incoming(read_environment().data / "incoming", master.derive("incoming uploads"))


class WrongOffset(Exception):
    """The bytes begin at another place than where the last ones ended."""


class InUse(Exception):
    """Another request is writing to this upload."""


class TooMuch(Exception):
    """More bytes than were announced."""


class Incoming:
    """A folder of unfinished uploads."""

    def __init__(self, folder: Path, secret: bytes) -> None:
        self.folder = folder
        self._secret = secret

    def name(self, case: int, party: str, key: str) -> str:
        """Return the id of an upload: the same sender and key give the same one, and nobody can guess it."""
        said = f"{case}\n{party}\n{key}".encode()
        return hashlib.blake2b(said, key=self._secret, person=b"upload id", digest_size=20).hexdigest()

    def create(self, head: Head) -> Upload:
        """Begin an upload, or return the one that was begun with the same key."""
        upload = self.name(head.case, head.party, head.key)
        found = self.find(upload)
        if found is not None:
            return found
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write_head(upload, head)
        return Upload(upload, head, 0)

    def find(self, upload: str) -> Upload | None:
        """Return an upload, or None when there is none (any more)."""
        try:
            with self._place(upload).open("rb") as source:
                head = msgspec.json.decode(next(self._records(source, upload)), type=Head)
                offset = _end(source)[1]
        except (FileNotFoundError, StopIteration, msgspec.DecodeError):
            return None
        return Upload(upload, head, head.length if head.outcome else offset)

    def append(self, upload: Upload, offset: int, source: BinaryIO) -> int:
        """Take what can be read from ``source`` as the bytes from ``offset`` on; return how many have arrived.

        What was read before the line broke stays.

        Raises:
            InUse: another request is writing to it.
            WrongOffset: not the place where the last bytes ended.
            TooMuch: more than was announced; nothing of the last piece is kept.
        """
        with self._locked(upload.id) as target:
            number, have, end = _end(target)
            if have != offset:
                raise WrongOffset
            target.seek(end)
            target.truncate()
            while True:
                piece = _read(source)
                if not piece:
                    return have
                if have + len(piece) > upload.head.length:
                    raise TooMuch
                target.write(self._sealed(upload.id, number, piece))
                target.flush()
                number, have = number + 1, have + len(piece)

    def pieces(self, upload: str) -> Iterator[bytes]:
        """Give the bytes that have arrived."""
        with self._place(upload).open("rb") as source:
            records = self._records(source, upload)
            next(records)
            yield from records

    @contextmanager
    def finishing(self, upload: str) -> Iterator[None]:
        """Hold an upload while it is taken up, so that it is taken up once.

        Raises:
            InUse: another request holds it.
        """
        with self._locked(upload):
            yield

    def finish(self, upload: Upload, outcome: str, sha256: str = "") -> Upload:
        """Forget the bytes and remember what became of them, so that whoever asks again gets the same answer."""
        head = msgspec.structs.replace(upload.head, outcome=outcome, sha256=sha256)
        self._write_head(upload.id, head)
        return Upload(upload.id, head, head.length)

    def drop(self, upload: str) -> None:
        """Forget an upload."""
        self._place(upload).unlink(missing_ok=True)

    def of(self, case: int, party: str) -> list[Upload]:
        """Return the uploads of a party of a case that are under way."""
        found = (self.find(place.name) for place in self._all())
        return [
            each
            for each in found
            if each is not None
            and (each.head.case, each.head.party) == (case, party)
            and not each.head.outcome
        ]

    def sweep(self, now: int) -> int:
        """Delete what has expired; return how many."""
        count = 0
        for place in self._all():
            found = self.find(place.name)
            if found is None or found.head.expires <= now:
                place.unlink(missing_ok=True)
                count += 1
        return count

    def _all(self) -> Iterator[Path]:
        if self.folder.is_dir():
            yield from (each for each in self.folder.iterdir() if len(each.name) == 40)

    def _place(self, upload: str) -> Path:
        if len(upload) != 40 or not set(upload) <= set("0123456789abcdef"):
            raise FileNotFoundError(upload)
        return self.folder / upload

    def _write_head(self, upload: str, head: Head) -> None:
        fresh = self._place(upload).with_suffix(f".{os.urandom(6).hex()}")
        with fresh.open("wb") as target:
            target.write(_MAGIC + self._sealed(upload, 0, msgspec.json.encode(head)))
            target.flush()
            os.fsync(target.fileno())
        fresh.rename(self._place(upload))

    @contextmanager
    def _locked(self, upload: str) -> Iterator[BinaryIO]:
        with self._place(upload).open("r+b") as target:
            try:
                fcntl.flock(target, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InUse from None
            yield target

    def _cipher(self, upload: str) -> AESGCM:
        key = hashlib.blake2b(upload.encode(), key=self._secret, person=b"upload key", digest_size=32)
        return AESGCM(key.digest())

    def _sealed(self, upload: str, number: int, piece: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        sealed = self._cipher(upload).encrypt(nonce, piece, str(number).encode())
        return len(sealed).to_bytes(4, "big") + nonce + sealed

    def _records(self, source: BinaryIO, upload: str) -> Iterator[bytes]:
        """Give what is in each whole record."""
        cipher = self._cipher(upload)
        if source.read(len(_MAGIC)) != _MAGIC:
            return
        number = 0
        while True:
            front = source.read(4 + _NONCE)
            length = int.from_bytes(front[:4], "big")
            if len(front) < 4 + _NONCE or length > _LONGEST:
                return
            sealed = source.read(length)
            if len(sealed) < length:
                return
            try:
                yield cipher.decrypt(front[4:], sealed, str(number).encode())
            except InvalidTag:
                return
            number += 1


def _end(source: BinaryIO) -> tuple[int, int, int]:
    """Return the next record's number, how many bytes have arrived, and the place where the last whole record ends.

    Nothing is opened for it: the lengths say it.
    """
    size = source.seek(0, os.SEEK_END)
    number = have = 0
    end = len(_MAGIC)
    while True:
        source.seek(end)
        front = source.read(4)
        length = int.from_bytes(front, "big")
        stop = end + 4 + _NONCE + length
        if len(front) < 4 or not _TAG <= length <= _LONGEST or stop > size:
            return number, have, end
        have += length - _TAG if number else 0
        number, end = number + 1, stop


def _read(source: BinaryIO) -> bytes:
    """Return the next piece; what came before the line broke is returned too."""
    parts: list[bytes] = []
    missing = PIECE
    while missing:
        try:
            part = source.read(missing)
        except OSError:
            break
        if not part:
            break
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
