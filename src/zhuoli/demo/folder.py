"""The folder in which a demonstration lives: whose it is, its secrets, and whether it was made to the end.

Standard library and msgspec only, because it is read before the settings are.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
from pathlib import Path
from typing import IO

import msgspec

from zhuoli.core.text import Text

FORMAT = 1
SIGN = ".zhuoli-demo"
"""Tells that the folder is a demonstration's and may be emptied by one."""

_MADE = (
    "zhuoli.sqlite3",
    "zhuoli.sqlite3-wal",
    "zhuoli.sqlite3-shm",
    "demo.json",
    "files",
    "lake",
    "cache",
    "static",
    "shelf.cache",
    "tree-heads.jsonl",
    "tree-heads.lock",
)


class FolderTrouble(Exception):
    """The folder cannot be used. ``code`` is a stable word."""

    def __init__(self, code: str, text: Text, remedy: Text) -> None:
        super().__init__(f"{code}: {text.en}")
        self.code, self.text, self.remedy = code, text, remedy


class Secrets(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of this demonstration, kept beside its data because it has nothing to protect."""

    secret: str
    master_key: str


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt with its code, so that a visitor can follow a matter as its requester would."""

    receipt: str
    code: str
    scenario: str
    status: str


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Written when everything has been made. Instants in ms UTC."""

    format: int
    version: str
    seed: int
    days: int
    began: int
    ended: int
    cases: int
    entries: int
    seconds: float
    samples: tuple[Sample, ...]


class DemoFolder:
    """One demonstration's folder; hold it with ``take`` while working in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / "zhuoli.sqlite3"
        self.log = path / "demo.log"
        self.abandoned = False
        """Whether the last process that held it was killed: its server may live for some seconds more."""
        self._lock: IO[str] | None = None

    def take(self) -> None:
        """Make the folder if need be, and keep it for this process; the kernel lets it go when the process ends.

        Raises:
            FolderTrouble: it cannot be written, is not a demonstration's, or another process has it.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            foreign = any(self.path.iterdir()) and not (self.path / SIGN).exists()
            if not foreign:
                (self.path / SIGN).write_text(
                    "A demonstration of Zhuoli; everything here is generated.\n", encoding="utf-8"
                )
                lock = (self.path / "lock").open("a+", encoding="utf-8")
        except OSError as error:
            raise FolderTrouble(
                "folder_unusable",
                Text(
                    f"文件夹 {self.path} 用不了：{error.strerror}。",
                    f"The folder {self.path} cannot be used: {error.strerror}.",
                ),
                Text("用 --data 指定一个可写的文件夹。", "Name a folder that you may write to with --data."),
            ) from error
        if foreign:
            raise FolderTrouble(
                "not_a_demo",
                Text(
                    f"文件夹 {self.path} 里有别的东西，演示不会动它。",
                    f"The folder {self.path} holds other things; the demonstration leaves it alone.",
                ),
                Text("用 --data 指定一个空的或新的文件夹。", "Name an empty or a new folder with --data."),
            )
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            owner = lock.read().strip() or "?"
            lock.close()
            raise FolderTrouble(
                "folder_taken",
                Text(
                    f"另一个演示（进程 {owner}）正在用文件夹 {self.path}。",
                    f"Another demonstration (process {owner}) is using the folder {self.path}.",
                ),
                Text(
                    "先停掉它，或用 --data 指定另一个文件夹。",
                    "Stop it first, or name another folder with --data.",
                ),
            ) from None
        lock.seek(0)
        self.abandoned = bool(lock.read())
        lock.seek(0)
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        self._lock = lock

    def leave(self) -> None:
        """Let it go in good order, if it was taken."""
        if self._lock is not None:
            self._lock.truncate(0)
            self._lock.close()
            self._lock = None

    def secrets(self) -> Secrets:
        """Return the keys; made at the first start, readable by the owner only.

        Raises:
            FolderTrouble: the file is damaged.
        """
        place = self.path / "secrets.json"
        if not place.exists():
            made = Secrets(secret=secrets.token_urlsafe(48), master_key=secrets.token_urlsafe(32))
            # The mode is given at creation: the keys are never readable by others, not even for a moment.
            with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
                target.write(msgspec.json.encode(made))
            return made
        try:
            return msgspec.json.decode(place.read_bytes(), type=Secrets)
        except msgspec.MsgspecError as error:
            raise FolderTrouble(
                "secrets_damaged",
                Text(f"{place} 已损坏。", f"{place} is damaged."),
                Text("删除它并加 --reset 重新生成。", "Delete it and make everything anew with --reset."),
            ) from error

    def mark(self) -> Mark | None:
        """Return what was made, or None when nothing was made to the end."""
        try:
            found = msgspec.json.decode((self.path / "demo.json").read_bytes(), type=Mark)
        except (FileNotFoundError, msgspec.MsgspecError):
            return None
        return found if found.format == FORMAT and self.database.exists() else None

    def finish(self, mark: Mark) -> None:
        """Write the mark: whole or not at all."""
        fresh = self.path / "demo.json.new"
        with fresh.open("wb") as target:
            target.write(msgspec.json.encode(mark))
            target.flush()
            os.fsync(target.fileno())
        fresh.replace(self.path / "demo.json")

    def empty(self) -> None:
        """Remove what a demonstration makes, the mark first; keys and anything unknown stay."""
        (self.path / "demo.json").unlink(missing_ok=True)
        for name in _MADE:
            place = self.path / name
            if place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink(missing_ok=True)
