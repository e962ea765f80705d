"""Attachments: sealed files in a folder, known by the SHA-256 of their sealed bytes.

A file is written and made durable (fsync of the file and of its folder) before the command that mentions it is
committed. Each file has a key of its own; the key is wrapped with the master key while the file is a draft, and
then with the key of the party that brought it, or else of the case. Erasing the party so erases its files, in
backups too.

On disk: ``ZF1`` and then pieces of 1 MiB, each sealed with AES-256-GCM. The nonce is the piece's number and
whether it is the last one, so that pieces cannot be reordered, dropped or cut off; the key is used for one file only.
"""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction

from zhuoli.core.case.commands import File
from zhuoli.store.keys import Key, KeyRing, KeyTrouble, bad_seal
from zhuoli.store.models import FileRecord, KeyRecord
from zhuoli.store.records import FileRow

PIECE = 1 << 20
DRAFT_AGE = 24 * 3600 * 1000
"""How long (ms) a file may wait for the command that takes it up."""

_MAGIC = b"ZF1"
_TAG = 16


class FileStore:
    """A folder of sealed files and the rows that hold their wrapped keys."""

    _durable = True

    def __init__(self, folder: Path, ring: KeyRing, alias: str = "default") -> None:
        self.folder = folder
        self._ring = ring
        self._alias = alias

    def put(
        self,
        data: bytes | BinaryIO,
        *,
        name: str,
        media_type: str,
        now: int,
        question: str = "",
        party: str = "",
    ) -> File:
        """Seal and store a file as a draft, durably; return what a command needs to mention it.

        ``party`` is whose data it holds, if that is not whoever will attach it.
        """
        secret = os.urandom(32)
        file, digest, size = self._write(io.BytesIO(data) if isinstance(data, bytes) else data, secret)
        self._keep(
            FileRecord(
                file=file,
                case_id=None,
                party=party,
                wrapped=self._ring.master.wrap(secret, 0, _draft(file)),
                sha256=digest,
                size=size,
                made=now,
            )
        )
        return File(file=file, name=name, sha256=digest, size=size, media_type=media_type, question=question)

    def _write(self, source: BinaryIO, secret: bytes) -> tuple[str, str, int]:
        """Seal what can be read into its place; return the file's name, and SHA-256 and size of what is in it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, fresh = tempfile.mkstemp(dir=self.folder, prefix="incoming-")
        plain, sealed, size = hashlib.sha256(), hashlib.sha256(), 0
        try:
            with os.fdopen(handle, "wb") as target:
                for piece, written in _seal(source, secret):
                    plain.update(piece)
                    sealed.update(written)
                    size += len(piece)
                    target.write(written)
                if self._durable:
                    target.flush()
                    os.fsync(target.fileno())
            file = sealed.hexdigest()
            place = self._place(file)
            place.parent.mkdir(exist_ok=True)
            Path(fresh).rename(place)
        except BaseException:
            Path(fresh).unlink(missing_ok=True)
            raise
        if self._durable:
            _sync_folder(place.parent)
            _sync_folder(self.folder)
        return file, plain.hexdigest(), size

    def _keep(self, record: FileRecord) -> None:
        record.save(using=self._alias, force_insert=True)

    def take_up(self, row: FileRow, key: Key) -> bytes:
        """Return the key of a draft wrapped anew, for the case that takes it up.

        Raises:
            KeyTrouble: the draft was made under another master key, or its row was altered.
        """
        secret = self._ring.master.unwrap(row.wrapped, 0, _draft(row.file))
        return key.seal_key(row.file, secret)

    def read(self, file: str, case: int, start: int = 0) -> Iterator[bytes]:
        """Give the plain bytes of a case's file, piece by piece, from the piece on in which the byte ``start`` lies.

        Raises:
            FileNotFoundError: the case has no such file, or it was erased.
            KeyTrouble: it does not open (code ``bad_seal``).
        """
        record = FileRecord.objects.using(self._alias).filter(file=file, case_id=case).first()
        wrapped = (
            KeyRecord.objects.using(self._alias)
            .filter(case_id=case, party=record.party)
            .values_list("wrapped", flat=True)
            .first()
            if record is not None
            else None
        )
        if record is None or wrapped is None:
            raise FileNotFoundError(file)
        key = self._ring.key(case, record.party, bytes(wrapped))
        secret = key.open_key(file, bytes(record.wrapped))
        return _open(self._place(file), secret, file, start // PIECE)

    def flush(self) -> None:
        """Write the rows of the files that have been put; here none ever waits."""

    def keep(self, files: Iterable[str], until: int) -> list[str]:
        """Let drafts that are still there wait until an instant (ms UTC) before they are swept; return which they are."""
        waiting = FileRecord.objects.using(self._alias).filter(file__in=list(files), case_id__isnull=True)
        waiting.update(made=until - DRAFT_AGE)
        return list(waiting.values_list("file", flat=True))

    def remove(self, files: Iterable[str]) -> None:
        """Delete files whose rows are gone; what a crash leaves over is swept later."""
        for file in files:
            self._place(file).unlink(missing_ok=True)

    def sweep(self, now: int, age: int = DRAFT_AGE) -> int:
        """Delete drafts that nobody took up, and files without a row, older than ``age`` ms; return how many."""
        before = now - age
        records = FileRecord.objects.using(self._alias)
        drafts = list(records.filter(case_id__isnull=True, made__lt=before).values_list("file", flat=True))
        count = 0
        for file in drafts:
            # Asked again in the deletion: a command may have taken it up in between.
            deleted, _ = records.filter(file=file, case_id__isnull=True).delete()
            if deleted:
                self._place(file).unlink(missing_ok=True)
                count += 1
        for place in self._all():
            try:
                old = place.stat().st_mtime * 1000 < before
            except FileNotFoundError:
                continue
            if old and not records.filter(file=place.name).exists():
                place.unlink(missing_ok=True)
                count += 1
        return count

    def missing(self) -> Iterator[str]:
        """Name the files that have a row and are not there (for ``ledger verify``)."""
        for file in FileRecord.objects.using(self._alias).values_list("file", flat=True).iterator():
            if not self._place(file).exists():
                yield file

    def _place(self, file: str) -> Path:
        if len(file) != 64 or not set(file) <= set("0123456789abcdef"):
            raise FileNotFoundError(file)
        return self.folder / file[:2] / file

    def _all(self) -> Iterator[Path]:
        if self.folder.is_dir():
            yield from self.folder.glob("incoming-*")
            yield from self.folder.glob("[0-9a-f][0-9a-f]/*")


class QuickFileStore(FileStore):
    """The same without waiting for the disk: for what is made anew as a whole if it is interrupted.

    Rows are written together by ``flush``, before the commands that take the files up.
    """

    _durable = False

    def __init__(self, folder: Path, ring: KeyRing, alias: str = "default") -> None:
        super().__init__(folder, ring, alias)
        self._pending: list[FileRecord] = []

    def _keep(self, record: FileRecord) -> None:
        self._pending.append(record)

    def flush(self) -> None:
        """Write the rows of the files that have been put."""
        with transaction.atomic(using=self._alias):
            FileRecord.objects.using(self._alias).bulk_create(self._pending)
        self._pending.clear()


def _draft(file: str) -> str:
    return f"draft file {file}"


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(8, "big") + (b"\0\0\0\1" if last else b"\0\0\0\0")


def _seal(source: BinaryIO, secret: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give each piece in plain and as it is written."""
    cipher = AESGCM(secret)
    yield b"", _MAGIC
    piece, number = source.read(PIECE), 0
    while True:
        following = source.read(PIECE)
        yield piece, cipher.encrypt(_nonce(number, not following), piece, None)
        if not following:
            return
        piece, number = following, number + 1


def _open(place: Path, secret: bytes, file: str, number: int = 0) -> Iterator[bytes]:
    cipher = AESGCM(secret)
    with place.open("rb") as source:
        if source.read(len(_MAGIC)) != _MAGIC:
            raise bad_seal(file)
        source.seek(number * (PIECE + _TAG), os.SEEK_CUR)
        piece = source.read(PIECE + _TAG)
        while True:
            following = source.read(PIECE + _TAG)
            try:
                yield cipher.decrypt(_nonce(number, not following), piece, None)
            except (InvalidTag, ValueError) as error:
                raise bad_seal(file) from error
            if not following:
                return
            piece, number = following, number + 1


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


__all__ = ["DRAFT_AGE", "PIECE", "FileStore", "KeyTrouble", "QuickFileStore"]
