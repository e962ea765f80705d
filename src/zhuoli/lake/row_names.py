"""Rows of a register by their names: those of a county to choose from, and what a chosen one is called.

A register for this has a key of one field, ``name`` and ``county`` (``zhuoli.lake.feed_check.unfit`` says where one has not); where it
says ``place``, it is told in which town a row lies, and its first field with categories tells rows apart.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from zhuoli.core.registers.model import Field, Register
from zhuoli.lake.folder import RegisterFolder
from zhuoli.lake.reading import connect

MOST = 2_000
"""So many rows of a county are offered at most."""


class NamedRow(msgspec.Struct, frozen=True):
    """A row that can be chosen: its key, its name, its category and its place ("" where the register knows none)."""

    key: str
    name: str
    kind: str = ""
    place: str = ""


def kinds(register: Register) -> Field | None:
    """Return the field by which the rows are told apart."""
    return next((one for one in register.fields if one.categories), None)


def rows_of(lake: Path, register: Register, county: str) -> tuple[NamedRow, ...]:
    """Return the rows of a county (its first six digits) by name; none while the register is empty."""
    state = RegisterFolder(lake, register.register).state()
    return () if state is None or len(county) < 6 else _rows(lake, register, state.generation, county[:6])


def name_of_row(lake: Path, register: Register, key: str) -> str | None:
    """Return what a row is called, or None where there is none of this key."""
    state = RegisterFolder(lake, register.register).state()
    return None if state is None else _name(lake, register, state.generation, key)


@lru_cache(maxsize=64)
def _rows(lake: Path, register: Register, generation: str, county: str) -> tuple[NamedRow, ...]:
    """Kept for as long as the register has these rows."""
    kind = kinds(register)
    columns = [
        f'CAST("{register.primary_key[0]}" AS VARCHAR)',
        '"name"',
        f"coalesce(\"{kind.name}\", '')" if kind else "''",
        "coalesce(\"place\", '')" if register.field("place") else "''",
    ]
    sql = (
        f'SELECT {", ".join(columns)} FROM "{register.register}" WHERE starts_with("county", ?) '
        f'ORDER BY length("name"), "name", 1 LIMIT {MOST}'
    )
    with connect(lake, [register], threads=1) as connection:
        found = connection.execute(sql, [county]).fetchall()
    return tuple(NamedRow(*map(str, row)) for row in found)


@lru_cache(maxsize=4_096)
def _name(lake: Path, register: Register, generation: str, key: str) -> str | None:
    with connect(lake, [register], threads=1) as connection:
        found = connection.execute(
            f'SELECT "name" FROM "{register.register}" WHERE CAST("{register.primary_key[0]}" AS VARCHAR) = ?',
            [key],
        ).fetchone()
    return None if found is None else str(found[0])
