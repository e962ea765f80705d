"""What a register keeps no longer: rows whose deletion period is over, files of rows not taken, generations that nobody reads.

Rows leave by a new generation without them, published like any other. The generation before, which still holds them, is
removed by the next tidying that is at least an hour later: nobody reads it then.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from pathlib import Path

import duckdb
import msgspec

from zhuoli.core.registers.model import Register
from zhuoli.core.worktime.instants import DAY, HOUR
from zhuoli.lake.checking import past_deletion
from zhuoli.lake.folder import RegisterFolder
from zhuoli.lake.importing import day_of_china
from zhuoli.lake.rejects import KEPT_DAYS
from zhuoli.lake.together import write_without


class Tidied(msgspec.Struct, frozen=True, kw_only=True):
    """What was removed from one register: rows, files of rows not taken, old generations."""

    register: str
    rows: int = 0
    rejects: int = 0
    generations: int = 0

    @property
    def total(self) -> int:
        """How many things were removed."""
        return self.rows + self.rejects + self.generations


def tidy(lake: Path, register: Register, *, now: int) -> Tidied:
    """Remove from one register what is to be kept no longer at ``now`` (ms UTC).

    Raises:
        Busy: somebody is importing into it; nothing was removed.
    """
    folder = RegisterFolder(lake, register.register)
    generations = folder.forget(now - HOUR)
    return Tidied(
        register=register.register,
        rows=_rows(folder, register, now),
        rejects=_rejects(folder, now - KEPT_DAYS * DAY),
        generations=generations,
    )


def tidy_all(lake: Path, registers: Iterable[Register], *, now: int) -> list[Tidied]:
    """Tidy registers one after the other; see ``tidy``."""
    return [tidy(lake, one, now=now) for one in registers]


def _rows(folder: RegisterFolder, register: Register, now: int) -> int:
    state, deletion = folder.state(), register.deletion
    if state is None or deletion is None:
        return 0
    past = past_deletion(f'"{deletion.by}"', deletion, day_of_china(now))
    generation = f"{max(now, int(state.generation[:14]) + 1):014d}-{secrets.token_hex(4)}"
    with folder.writing(generation) as stage:
        connection = duckdb.connect()
        try:
            stay, gone = write_without(connection, register, folder.files(state), past, stage / "new")
        finally:
            connection.close()
        if gone:
            # How old the data are does not change by it.
            folder.publish(stage / "new", msgspec.structs.replace(state, generation=generation, rows=stay))
    return gone


def _rejects(folder: RegisterFolder, before: int) -> int:
    """Remove the files of rows not taken that were written before an instant."""
    removed = 0
    for path in (folder.path / "rejects").glob("*.csv"):
        if path.stem[:14].isdigit() and int(path.stem[:14]) < before:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
