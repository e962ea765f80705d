"""Rows that are sound by themselves are looked at together (keys, references within the register) and written out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

import duckdb
import msgspec

from zhuoli.core.registers.model import Register
from zhuoli.core.registers.reasons import Reason, reason
from zhuoli.lake.checking import CHANGE
from zhuoli.lake.columns import TYPES
from zhuoli.lake.folder import RegisterFolder
from zhuoli.lake.source import ROW

PART = "_part"
MANY = 64
"""So many files of appended rows are made one."""


class Changed(msgspec.Struct, frozen=True):
    """How many rows are new, are another than before under the same key, and are there no more."""

    added: int
    replaced: int
    removed: int


class Together(msgspec.Struct, frozen=True):
    """What came of it: rows of the register now, rows that were removed by name, and rows that do not go with the others.

    ``changed`` is None where the rows before cannot be compared.
    """

    rows: int
    removed: int
    rejected: list[tuple[dict[str, Any], list[Reason]]]
    changed: Changed | None


def put_together(
    connection: duckdb.DuckDBPyConnection,
    register: Register,
    folder: RegisterFolder,
    staged: list[str],
    target: Path,
    *,
    mode: Literal["whole", "changes", "append"],
) -> Together:
    """Write the rows of the new generation to ``target``.

    ``whole``: the staged rows; ``changes``: the current rows with the staged ones merged into them; ``append``: the
    staged rows that are new, beside the files that are there (linked, not copied, until they are too many).
    """
    changes = mode == "changes"
    old = [] if mode == "whole" else folder.files()
    _views(connection, register, staged, old)
    rejected = _duplicates(connection, register, register.primary_key)
    for one in register.fields:
        if one.constraints.unique and (one.name,) != register.primary_key:
            rejected += _duplicates(connection, register, (one.name,))
    removed = 0
    if changes:
        rejected += _nothing_to_remove(connection, register)
        removed = _one(connection, f"SELECT count(*) FROM fresh WHERE {CHANGE} = 'remove'")
        _merge(connection, register)
    linked = mode == "append" and 0 < len(old) < MANY
    if mode == "append":
        _append(connection, register, with_old=not linked)
    while more := _dangling(connection, register):
        rejected += more
    rows = _one(connection, "SELECT count(*) FROM result")
    target.mkdir()
    _write(connection, register, target)
    if linked:
        for number, path in enumerate(old):
            os.link(path, target / f"kept-{number:04d}.parquet")
        rows += _one(connection, "SELECT count(*) FROM old")
    if mode == "append":
        changed: Changed | None = Changed(
            rows - (_one(connection, "SELECT count(*) FROM old") if old else 0), 0, 0
        )
    else:
        changed = _compared(connection, register, folder.files())
    return Together(rows, removed, _one_each(rejected), changed)


def write_without(
    connection: duckdb.DuckDBPyConnection, register: Register, files: list[str], past: str, target: Path
) -> tuple[int, int]:
    """Write the rows of ``files`` for which the condition ``past`` does not hold; return how many stay and how many go.

    Nothing is written where none go.
    """
    _views(connection, register, [], files)
    gone = _one(connection, f"SELECT count(*) FROM old WHERE {past}")
    stay = _one(connection, "SELECT count(*) FROM old") - gone
    if gone:
        names = ", ".join(f'"{name}"' for name in register.names)
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW result AS SELECT NULL AS {ROW}, {names} FROM old WHERE ({past}) IS NOT TRUE"
        )
        target.mkdir()
        _write(connection, register, target)
    return stay, gone


def _compared(connection: duckdb.DuckDBPyConnection, register: Register, before: list[str]) -> Changed | None:
    """Compare the rows that come with those ``before``, by their key; None where those are of another shape."""
    if not before:
        return Changed(_one(connection, "SELECT count(*) FROM result"), 0, 0)
    names = ", ".join(f'"{name}"' for name in register.names)
    keys = ", ".join(f'"{name}"' for name in register.primary_key)
    old = f"read_parquet({_files(before)}, hive_partitioning = false, union_by_name = true)"
    try:
        row = connection.execute(
            f"SELECT count(*) FILTER (o._hash IS NULL), count(*) FILTER (n._hash <> o._hash), count(*) FILTER (n._hash IS NULL) "
            f"FROM (SELECT {keys}, hash({names}) AS _hash FROM result) n "
            f"FULL JOIN (SELECT {keys}, hash({names}) AS _hash FROM {old}) o USING ({keys})"
        ).fetchone()
    except duckdb.Error:
        return None  # the descriptor has changed since, or a file cannot be read: the new rows are none the worse for it
    return Changed(*(int(one) for one in row)) if row else None


def part_of(register: Register) -> str:
    """SQL for the folder in which a row lies: the city of a division, the year of a date, or the value."""
    one = register.field(register.partition)
    if one is None:
        return "''"
    if one.format == "division":
        return f'left("{one.name}", 4)'
    if one.type in ("date", "datetime"):
        return f'CAST(year("{one.name}") AS VARCHAR)'
    return f'"{one.name}"'


def _views(
    connection: duckdb.DuckDBPyConnection, register: Register, staged: list[str], old: list[str]
) -> None:
    columns = ", ".join(f'NULL::{TYPES[one.type]} AS "{one.name}"' for one in register.fields)
    names = ", ".join(f'"{name}"' for name in register.names)
    if staged:
        import pyarrow.dataset  # it imports pandas, which takes longer than all the rest of a page

        connection.register("staged_files", pyarrow.dataset.dataset(staged, format="ipc"))
    fresh = (
        "SELECT * FROM staged_files"
        if staged
        else f"SELECT NULL::BIGINT AS {ROW}, 'put' AS {CHANGE}, {columns} LIMIT 0"
    )
    connection.execute(f"CREATE OR REPLACE TEMP VIEW staged AS {fresh}")
    before = (
        f"SELECT {names} FROM read_parquet({_files(old)}, hive_partitioning = false, union_by_name = true)"
        if old
        else f"SELECT {columns} LIMIT 0"
    )
    connection.execute(f"CREATE OR REPLACE TEMP VIEW old AS {before}")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE bad ({ROW} BIGINT)")
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW fresh AS SELECT * FROM staged WHERE {ROW} NOT IN (SELECT {ROW} FROM bad)"
    )
    connection.execute(f"CREATE OR REPLACE TEMP VIEW result AS SELECT {ROW}, {names} FROM fresh")


def _merge(connection: duckdb.DuckDBPyConnection, register: Register) -> None:
    names = ", ".join(f'"{name}"' for name in register.names)
    same = " AND ".join(f'o."{name}" = f."{name}"' for name in register.primary_key)
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW result AS SELECT {ROW}, {names} FROM fresh WHERE {CHANGE} = 'put' "
        f"UNION ALL SELECT NULL AS {ROW}, {names} FROM old o WHERE NOT EXISTS (SELECT 1 FROM fresh f WHERE {same})"
    )


def _append(connection: duckdb.DuckDBPyConnection, register: Register, *, with_old: bool) -> None:
    names = ", ".join(f'"{name}"' for name in register.names)
    same = " AND ".join(f'o."{name}" = f."{name}"' for name in register.primary_key)
    before = f" UNION ALL SELECT NULL AS {ROW}, {names} FROM old" if with_old else ""
    connection.execute(
        f"CREATE OR REPLACE TEMP VIEW result AS SELECT {ROW}, {names} FROM fresh f "
        f"WHERE NOT EXISTS (SELECT 1 FROM old o WHERE {same}){before}"
    )


def _duplicates(
    connection: duckdb.DuckDBPyConnection, register: Register, fields: tuple[str, ...]
) -> list[tuple[dict[str, Any], list[Reason]]]:
    """Rows whose key stood in a row before; the first one stays."""
    keys = ", ".join(f'"{name}"' for name in fields)
    filled = " AND ".join(f'"{name}" IS NOT NULL' for name in fields)
    rows = _rows(
        connection,
        f"WITH twice AS (SELECT {keys}, min({ROW}) AS _first FROM fresh WHERE {filled} GROUP BY {keys} HAVING count(*) > 1) "
        f"SELECT f.*, t._first FROM fresh f JOIN twice t USING ({keys}) WHERE f.{ROW} > t._first ORDER BY f.{ROW}",
    )
    return _refuse(
        connection,
        [
            (row, reason("duplicate", fields[-1], value=_said(row, fields), limit=row.pop("_first")))
            for row in rows
        ],
    )


def _nothing_to_remove(
    connection: duckdb.DuckDBPyConnection, register: Register
) -> list[tuple[dict[str, Any], list[Reason]]]:
    same = " AND ".join(f'o."{name}" = f."{name}"' for name in register.primary_key)
    rows = _rows(
        connection,
        f"SELECT f.* FROM fresh f WHERE {CHANGE} = 'remove' AND NOT EXISTS (SELECT 1 FROM old o WHERE {same}) ORDER BY {ROW}",
    )
    key = register.primary_key
    return _refuse(
        connection, [(row, reason("nothing_to_remove", key[-1], value=_said(row, key))) for row in rows]
    )


def _dangling(
    connection: duckdb.DuckDBPyConnection, register: Register
) -> list[tuple[dict[str, Any], list[Reason]]]:
    """New rows that point to a row of this register which is not there."""
    found: list[tuple[dict[str, Any], list[Reason]]] = []
    for key in register.foreign_keys:
        if key.reference.resource not in ("", register.register):
            continue
        pairs = list(zip(key.fields, key.reference.fields, strict=True))
        filled = " AND ".join(f'f."{here}" IS NOT NULL' for here, _ in pairs)
        joined = " AND ".join(f'r."{there}" = f."{here}"' for here, there in pairs)
        rows = _rows(
            connection,
            f"SELECT f.* FROM fresh f WHERE {filled} AND NOT EXISTS (SELECT 1 FROM result r WHERE {joined}) ORDER BY f.{ROW}",
        )
        found += _refuse(
            connection,
            [
                (
                    row,
                    reason(
                        "foreign_key", key.fields[-1], value=_said(row, key.fields), other=register.title.zh
                    ),
                )
                for row in rows
            ],
        )
    return found


def _refuse(
    connection: duckdb.DuckDBPyConnection, found: list[tuple[dict[str, Any], Reason]]
) -> list[tuple[dict[str, Any], list[Reason]]]:
    if found:
        connection.executemany("INSERT INTO bad VALUES (?)", [[row[ROW]] for row, _ in found])
    return [(row, [why]) for row, why in found]


def _write(connection: duckdb.DuckDBPyConnection, register: Register, target: Path) -> None:
    names = ", ".join(f'"{name}"' for name in register.names)
    part = f", {part_of(register)} AS {PART}" if register.partition else ""
    how = f", PARTITION_BY ({PART})" if register.partition else ""
    place = target if register.partition else target / "rows.parquet"
    connection.execute(
        f"COPY (SELECT {names}{part} FROM result) TO '{_path(place)}' (FORMAT parquet, COMPRESSION zstd{how})"
    )


def _one_each(
    rejected: list[tuple[dict[str, Any], list[Reason]]],
) -> list[tuple[dict[str, Any], list[Reason]]]:
    seen: set[int] = set()
    return [(row, why) for row, why in rejected if row[ROW] not in seen and not seen.add(row[ROW])]  # type: ignore[func-returns-value]


def _said(row: dict[str, Any], fields: tuple[str, ...]) -> str:
    return " ".join(str(row[name]) for name in fields)


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = connection.sql(sql).to_arrow_table().to_pylist()
    return found


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _files(files: list[str]) -> str:
    return "[" + ", ".join(f"'{_path(each)}'" for each in files) + "]"


def _path(path: Path | str) -> str:
    return str(path).replace("'", "''")
