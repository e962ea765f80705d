"""Registers are read: as views of a DuckDB connection, as a sample with personal fields masked, as figures for a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from zhuoli.core.registers.model import Register
from zhuoli.core.worktime.instants import DAY
from zhuoli.lake.columns import TYPES
from zhuoli.lake.folder import RegisterFolder, State

MASK = "＊＊＊"


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A register and where it stands. ``age_days`` is None, and ``fresh`` false, when there are no rows yet."""

    register: Register
    state: State | None
    age_days: int | None
    fresh: bool
    rejects: str
    waiting: int


def standing(lake: Path, register: Register, now: int) -> Standing:
    """Return where a register stands at ``now`` (ms UTC); ``waiting`` counts the rows of its last import not taken."""
    folder = RegisterFolder(lake, register.register)
    state = folder.state()
    age = None if state is None else max(now - state.at, 0) // DAY
    last, rejected = (state.generation, state.rejected) if state else ("", 0)
    if state is None and (tried := folder.imports()):
        last, rejected = tried[0].id, tried[0].rejected
    path = folder.rejects_of(last)
    rejects = str(path) if last and path.exists() else ""
    return Standing(
        register=register,
        state=state,
        age_days=age,
        fresh=age is not None and age <= register.fresh_days,
        rejects=rejects,
        waiting=rejected if rejects else 0,
    )


def without_rows(lake: Path, registers: Mapping[str, Register], names: Iterable[str]) -> tuple[Register, ...]:
    """Return those of some registers that have no rows yet: a query over them finds nothing, whatever it asks."""
    known = (registers[name] for name in names if name in registers)
    return tuple(
        one for one in known if not ((state := RegisterFolder(lake, one.register).state()) and state.rows)
    )


def connect(
    lake: Path, registers: Iterable[Register], *, threads: int | None = None, memory: str = ""
) -> duckdb.DuckDBPyConnection:
    """Open a connection in which each register is a view of its name; a register without rows is an empty one.

    The files are those that count now: an import that comes later changes nothing in this connection.
    """
    config: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    if threads is not None:
        config["threads"] = threads
    if memory:
        config["memory_limit"] = memory
    connection = duckdb.connect(config=config)
    for register in registers:
        connection.execute(view_of(lake, register))
    return connection


def view_of(lake: Path, register: Register, state: State | None = None, *, view: str = "") -> str:
    """SQL that makes a register's view, of its current rows or those of a ``state``; called ``view``, or as the register is."""
    files = RegisterFolder(lake, register.register).files(state)
    view = view or register.register
    if not files:
        columns = ", ".join(f'NULL::{TYPES[one.type]} AS "{one.name}"' for one in register.fields)
        return f'CREATE VIEW "{view}" AS SELECT {columns} LIMIT 0'
    names = ", ".join(f'"{name}"' for name in register.names)
    listed = ", ".join("'" + each.replace("'", "''") + "'" for each in files)
    return f'CREATE VIEW "{view}" AS SELECT {names} FROM read_parquet([{listed}], hive_partitioning = false)'


def sample(lake: Path, register: Register, count: int = 5) -> list[dict[str, object]]:
    """Return a few rows by the order of their key; what is personal is masked."""
    connection = connect(lake, [register], threads=1)
    key = ", ".join(f'"{name}"' for name in register.primary_key)
    rows: list[dict[str, object]] = (
        connection.sql(f'SELECT * FROM "{register.register}" ORDER BY {key} LIMIT {int(count)}')
        .to_arrow_table()
        .to_pylist()
    )
    connection.close()
    hidden = frozenset(register.personal)
    return [
        {name: MASK if name in hidden and value is not None else value for name, value in row.items()}
        for row in rows
    ]
