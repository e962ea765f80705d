"""Cases of the office's own behind what a model has found: the rows of registers into which ended cases flow, about the same thing.

Nothing has to be declared for it: a register that other cases feed, that the query reads, and that has a field with the name of the
question that the query answers with its subject (``spot``: the junction that was found, and where each accident was).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from zhuoli.core.registers.model import Register
from zhuoli.core.scenario.queries import Query
from zhuoli.lake.loop import CASES, ENTRIES, TASKS
from zhuoli.lake.reading import connect

KEY = "case_id"
MOST = 50
"""So many are told, the latest first."""


class Behind(msgspec.Struct, frozen=True, kw_only=True):
    """The cases that a register tells of, the latest first, and how many there are in all."""

    register: Register
    cases: tuple[int, ...]
    all: int


def behind(
    lake: Path, registers: Mapping[str, Register], query: Query, answers: Mapping[str, object]
) -> list[Behind]:
    """Return the cases behind what was found, register by register; ``answers`` are those of the intake form by full name."""
    about = {
        name: answers.get(f"form.{name}") for name, column in query.answers.items() if column == "subject"
    }
    found: list[Behind] = []
    for name in query.reads:
        register = registers.get(name)
        if register is None or register.primary_key != (KEY,) or name in (CASES, TASKS, ENTRIES):
            continue
        if register.fed_by != "loop":
            continue
        for field, value in about.items():
            if value is not None and register.field(field) is not None:
                found.append(_read(lake, register, field, str(value)))
    return [each for each in found if each.cases]


def _read(lake: Path, register: Register, field: str, value: str) -> Behind:
    # A number of a case begins with its instant, so the largest is the latest.
    sql = (
        f'SELECT "{KEY}", count(*) OVER () FROM "{register.register}" WHERE CAST("{field}" AS VARCHAR) = ? '
        f'ORDER BY "{KEY}" DESC LIMIT {MOST}'
    )
    with connect(lake, [register], threads=1) as connection:
        rows = connection.execute(sql, [value]).fetchall()
    return Behind(register=register, cases=tuple(int(row[0]) for row in rows), all=rows[0][1] if rows else 0)
