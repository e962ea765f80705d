"""The four indicators of road accidents (事故起数、死亡、受伤、财产损失): imported accidents and those handled here, each once.

An accident that the accident system knows is counted as it stands there; which ones these are is told by the number that is noted in
the case. What was handled here is told beside the whole. Of its damage only what somebody has estimated is in the sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import msgspec

from zhuoli.core.registers.model import Register
from zhuoli.lake.folder import RegisterFolder, State
from zhuoli.lake.reading import connect

Key = TypeVar("Key")
IMPORTED, OURS = "accidents", "loop_accidents"

_SQL = f"""
WITH ours AS (
  SELECT o.*, row_number() OVER (PARTITION BY coalesce(o.key, CAST(o.case_id AS VARCHAR)) ORDER BY o.case_id) AS nth
  FROM (SELECT *, nullif(upper(trim(number)), '') AS key FROM {OURS}) o
  LEFT JOIN {IMPORTED} k ON k.accident = o.key
  WHERE k.accident IS NULL
),
together AS (
  SELECT happened, county, deaths, injured, loss, false AS here FROM {IMPORTED}
  UNION ALL
  SELECT happened, county, deaths, injured, loss, true FROM ours WHERE nth = 1
)
SELECT CAST(happened AS DATE), left(county, 6), here, count(*), sum(deaths), sum(injured), coalesce(sum(loss), 0), count(*) - count(loss)
FROM together WHERE happened >= ? AND happened < ? GROUP BY ALL
"""


class Four(msgspec.Struct, frozen=True, kw_only=True):
    """Accidents, dead, injured, and damage in yuan; ``unknown`` are accidents without a figure of their damage."""

    accidents: int = 0
    deaths: int = 0
    injured: int = 0
    loss: float = 0.0
    unknown: int = 0

    def __add__(self, other: Four) -> Four:
        return Four(
            accidents=self.accidents + other.accidents,
            deaths=self.deaths + other.deaths,
            injured=self.injured + other.injured,
            loss=self.loss + other.loss,
            unknown=self.unknown + other.unknown,
        )


class Day(msgspec.Struct, frozen=True):
    """What happened on one day in one county (six digits): ``here`` tells that it was handled in this system."""

    day: date
    county: str
    here: bool
    four: Four


class Both(msgspec.Struct, frozen=True):
    """All accidents, and of these the ones handled here."""

    all: Four = Four()
    here: Four = Four()


def days(lake: Path, registers: Mapping[str, Register], begin: date, end: date) -> tuple[Day, ...]:
    """Return what happened from ``begin`` on, before ``end``; none where a register is not described."""
    if IMPORTED not in registers or OURS not in registers:
        return ()
    states = tuple(RegisterFolder(lake, name).state() for name in (IMPORTED, OURS))
    return _days(lake, registers[IMPORTED], registers[OURS], states, begin, end)


def standing(lake: Path) -> tuple[State | None, State | None]:
    """Return how the two registers stand."""
    return RegisterFolder(lake, IMPORTED).state(), RegisterFolder(lake, OURS).state()


@lru_cache(maxsize=8)
def _days(
    lake: Path,
    imported: Register,
    ours: Register,
    states: tuple[State | None, ...],
    begin: date,
    end: date,
) -> tuple[Day, ...]:
    """Kept for as long as neither register has other rows."""
    with connect(lake, [imported, ours], threads=1) as connection:
        rows = connection.execute(_SQL, [begin, end]).fetchall()
    return tuple(
        Day(
            day,
            county,
            here,
            Four(accidents=many, deaths=int(dead), injured=int(hurt), loss=float(loss), unknown=unknown),
        )
        for day, county, here, many, dead, hurt, loss, unknown in rows
    )


def summed(found: Iterable[Day], by: Callable[[Day], Key | None]) -> dict[Key, Both]:
    """Add up by a key; a day without one is left out."""
    sums: dict[Key, Both] = {}
    for one in found:
        key = by(one)
        if key is not None:
            before = sums.get(key, Both())
            sums[key] = Both(before.all + one.four, before.here + one.four if one.here else before.here)
    return sums
