"""Where a register's rows lie, and how a new state takes the place of the old one: at once, or not at all.

    lake/<register>/current.json            names the generation that counts, with its figures
    lake/<register>/<generation>/…/*.parquet
    lake/<register>/tried.json              imports of which nothing was taken, before there were any rows
    lake/<register>/rejects/<generation>.csv  what was not taken, with reasons; readable by the owner only

A generation is written under a name that nobody reads, brought to the disk, and named by ``current.json``, which is
replaced in one step. Whoever is killed before leaves the old state; what is left over is swept by the next writer. The generation
before stays one round longer, for those who are reading it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import msgspec

from zhuoli.core.text import Text

Origin = Literal["generated", "imported", "own"]

ORIGINS: dict[Origin, Text] = {
    "generated": Text("生成（演示）", "generated (demonstration)"),
    "imported": Text("导入", "imported"),
    "own": Text("本系统账本", "this system's own ledger"),
}


Mode = Literal["whole", "changes", "append"]
NIGHT = "night"
"""Who imported, where nobody did: the software by itself."""
TRIED = "tried.json"
REMEMBERED = 20
"""So many imports are told of."""


class PastImport(msgspec.Struct, frozen=True, kw_only=True):
    """One import of the history. ``id`` is its generation, ``at`` is in ms UTC, ``file`` a name without its folder.

    ``added``, ``replaced`` and ``removed`` count rows against those before; None where that could not be told. ``rows``
    is how many the register had then. ``corrects`` is the import whose rejected rows were imported with it.
    """

    id: str
    at: int
    origin: Origin
    mode: Mode
    by: str
    file: str = ""
    read: int = 0
    accepted: int = 0
    rejected: int = 0
    added: int | None = None
    replaced: int | None = None
    removed: int | None = None
    rows: int = 0
    seconds: float = 0.0
    corrects: str = ""

    @property
    def pace(self) -> int:
        """Rows read per second; 0 where it took no time that was measured."""
        return int(self.read / self.seconds) if self.seconds > 0 else 0


class State(msgspec.Struct, frozen=True, kw_only=True):
    """What counts now. ``at`` is in ms UTC; ``digest`` is that of the file that was read (SHA-256).

    ``position`` is how far the ledger has been read, for registers that the loop feeds. ``imports`` are the last
    ``REMEMBERED`` ones, newest first: with the rows they came by, or not at all.
    """

    generation: str
    rows: int
    origin: Origin
    at: int
    file: str = ""
    digest: str = ""
    mode: Mode = "whole"
    read: int = 0
    accepted: int = 0
    rejected: int = 0
    removed: int = 0
    seconds: float = 0.0
    position: int = 0
    imports: tuple[PastImport, ...] = ()


class Busy(Exception):
    """Somebody else is writing to the register."""


class RegisterFolder:
    """The rows of one register on disk."""

    def __init__(self, lake: Path, name: str) -> None:
        self.path = lake / name
        self.name = name

    def state(self) -> State | None:
        """Return what counts now, or None when there is nothing yet."""
        try:
            return msgspec.json.decode((self.path / "current.json").read_bytes(), type=State)
        except FileNotFoundError:
            return None

    def imports(self) -> tuple[PastImport, ...]:
        """Return the imports that are remembered, newest first; without rows they are those of which nothing was taken."""
        state = self.state()
        if state is not None:
            return state.imports
        try:
            return msgspec.json.decode((self.path / TRIED).read_bytes(), type=tuple[PastImport, ...])
        except FileNotFoundError:
            return ()

    def files(self, state: State | None = None) -> list[str]:
        """Return the Parquet files of the current (or the given) generation."""
        state = state or self.state()
        if state is None:
            return []
        return sorted(str(path) for path in (self.path / state.generation).rglob("*.parquet"))

    def rejects(self, state: State) -> Path:
        """Return the file of the rows that were not taken; it exists only when there are any."""
        return self.rejects_of(state.generation)

    def rejects_of(self, generation: str) -> Path:
        """Return the file of the rows that an import did not take; it is gone once it was kept long enough."""
        return self.path / "rejects" / f"{generation}.csv"

    @contextmanager
    def writing(self, generation: str) -> Iterator[Path]:
        """Hold the register and give a fresh folder for ``generation``; it goes when nothing was published.

        Raises:
            Busy: another process is writing.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy(self.name) from None
            self._sweep()
            stage = self.path / f".{generation}"
            stage.mkdir()
            try:
                yield stage
            finally:
                shutil.rmtree(stage, ignore_errors=True)

    def publish(self, stage: Path, state: State, told: Callable[[str], None] = lambda _: None) -> None:
        """Let the Parquet files in ``stage`` be the register's rows from now on."""
        for path in sorted(stage.rglob("*")):
            _to_disk(path)
        _to_disk(stage)
        told("written")
        stage.rename(self.path / state.generation)
        told("named")
        self.say(state, told)
        (self.path / TRIED).unlink(missing_ok=True)  # told with the rows from now on
        told("published")

    def say(self, state: State, told: Callable[[str], None] = lambda _: None) -> None:
        """Let ``state`` be what counts, in one step; its rows lie there already."""
        self._write("current.json", msgspec.json.encode(state), told)

    def say_tried(self, imports: tuple[PastImport, ...]) -> None:
        """Remember imports of which nothing was taken, where the register has no rows yet."""
        self._write(TRIED, msgspec.json.encode(imports))

    def _write(self, name: str, data: bytes, told: Callable[[str], None] = lambda _: None) -> None:
        fresh = self.path / f".{name}"
        with fresh.open("wb") as target:
            target.write(data)
            target.flush()
            os.fsync(target.fileno())
        told("ready")
        fresh.replace(self.path / name)
        _to_disk(self.path)

    def forget(self, older_than: int) -> int:
        """Remove every generation but the current one, if that was written before ``older_than`` (ms UTC); return how many.

        Whoever reads has opened the files by then. Nothing is done while somebody is writing.
        """
        state = self.state()
        if state is None or int(state.generation[:14]) > older_than:
            return 0
        with (self.path / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return 0
            kept = (state.generation, "rejects")
            old = [path for path in self.path.iterdir() if path.is_dir() and path.name not in kept]
            for path in old:
                shutil.rmtree(path, ignore_errors=True)
        return len(old)

    def _sweep(self) -> None:
        """Remove what a killed writer left, and generations older than the one before the current one."""
        state = self.state()
        current = state.generation if state else ""
        kept = [
            path
            for path in self.path.iterdir()
            if path.is_dir() and path.name != "rejects" and not path.name.startswith(".")
        ]
        before = max((path.name for path in kept if path.name < current), default="")
        for path in self.path.iterdir():
            leftover = path.is_dir() and path.name not in ("rejects", current, before)
            if leftover:
                shutil.rmtree(path, ignore_errors=True)
            elif path.name in (".current.json", f".{TRIED}"):
                path.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
