"""Registers of province size for the demonstration: real places, everything else drawn from a seed and marked generated.

    for made in generate(lake, registers, seed=1, now=…): …

The divisions and villages are the real list of 2023-06-30. Units are made from it as everywhere in the demonstration. All
other rows are drawn with DuckDB from ``hash(row, what, seed)``, so the same seed gives the same rows, and go through the
same import as anybody's file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from zhuoli.core.registers.model import Register
from zhuoli.core.worktime.instants import DAY
from zhuoli.lake.generated_posts import posts
from zhuoli.lake.generated_rows import ROWS
from zhuoli.lake.importing import CHINA, Imported, take_in
from zhuoli.lake.source import ROW
from zhuoli.places.divisions import DIVISIONS, packaged_divisions
from zhuoli.places.units import make_units

REAL = ("divisions", "villages")
FIRST = "road_spots"
"""Made before the rest: the people of the demonstration choose from it."""
ORDER = (*REAL, FIRST, "units", "staffing", "auxiliary_posts", *(name for name in ROWS if name != FIRST))
"""Registers in an order in which every foreign key finds what it points to."""


def generate(
    lake: Path, registers: Mapping[str, Register], *, seed: int, now: int, only: tuple[str, ...] = ORDER
) -> Iterator[Imported]:
    """Make registers one after the other; ``now`` (ms UTC) is the day at which the drawn past ends.

    Raises:
        RuntimeError: a row that was made is not sound: a fault of ours.
    """
    today = date(1970, 1, 1) + timedelta(days=(now + CHINA) // DAY)
    connection = _beginning(seed, today)
    for name in ORDER[: 1 + max((ORDER.index(name) for name in only), default=-1)]:
        table = _table(connection, name, seed, today)
        if name not in only:
            continue
        origin = "imported" if name in REAL else "generated"
        made = take_in(lake, registers, name, [table], now=now, origin=origin, by="")  # type: ignore[arg-type]
        if made.rejected:
            raise RuntimeError(f"{made.rejected} generated rows of {name} are not sound: see {made.rejects}")
        yield made
    connection.close()


def _beginning(seed: int, today: date) -> duckdb.DuckDBPyConnection:
    """A connection with the real places and the macros by which rows are drawn."""
    connection = duckdb.connect()
    connection.execute(f"CREATE MACRO u(a, what) AS (hash(a, what, {int(seed)}) % 1000003) / 1000003.0")
    connection.execute("CREATE MACRO pick(a, what, n) AS CAST(floor(u(a, what) * n) AS INTEGER)")
    connection.execute(f"CREATE MACRO today() AS DATE '{today.isoformat()}'")
    connection.execute(
        f"CREATE TABLE divisions AS SELECT code, name, level, nullif(parent, '') AS parent "
        f"FROM read_csv('{DIVISIONS}', header = true, all_varchar = true, compression = 'gzip')"
    )
    connection.execute(
        "CREATE TABLE villages AS SELECT v.code, v.name, v.level, v.parent AS township, t.parent AS county "
        "FROM divisions v JOIN divisions t ON t.code = v.parent WHERE v.level IN ('community', 'village') ORDER BY v.code"
    )
    # Places weighted as in the demonstration city: Lanzhou, and in it Chengguan and Qilihe, more than their share.
    connection.execute(
        "CREATE TABLE spread AS SELECT row_number() OVER (ORDER BY code, n) - 1 AS at, code AS place, county FROM villages, "
        "range(1, 7) AS times(n) WHERE n <= CASE WHEN county IN ('620102000000', '620103000000') THEN 6 "
        "WHEN county LIKE '6201%' THEN 3 WHEN level = 'community' THEN 2 ELSE 1 END"
    )
    [(many,)] = connection.execute("SELECT count(*) FROM spread").fetchall()
    connection.execute(f"CREATE MACRO spot(a, what) AS pick(a, what, {many})")
    return connection


def _table(connection: duckdb.DuckDBPyConnection, name: str, seed: int, today: date) -> pa.Table:
    """The rows of one register as strings; they stay in the connection for those that point to them."""
    if name == "units":
        made = make_units(packaged_divisions())
        columns = {
            "unit": [one.id for one in made],
            "kind": [one.kind for one in made],
            "name": [one.name_zh for one in made],
            "territory": [one.territory for one in made],
            "superior": [one.superior or None for one in made],
        }
        connection.register("made_units", pa.table(columns))
        connection.execute("CREATE TABLE units AS SELECT * FROM made_units")
    elif name == "staffing":
        connection.execute(f"CREATE TABLE staffing AS {_STAFFING}")
    elif name == "auxiliary_posts":
        villages = connection.execute("SELECT code, county FROM villages WHERE level = 'village'").fetchall()
        connection.register("made_posts", posts([(str(a), str(b)) for a, b in villages], seed, today))
        connection.execute("CREATE TABLE auxiliary_posts AS SELECT * FROM made_posts")
    elif name in ROWS:
        if name in ("operators", "premises"):
            connection.register("codes", _codes(connection, name, ROWS[name][0]))
        connection.execute(f"CREATE TABLE {name} AS {ROWS[name][1]}")
    strings = connection.sql(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM {name}").to_arrow_table()
    return strings.append_column(ROW, pa.array(range(2, strings.num_rows + 2), pa.int64()))


# 一区一警两辅: one district, one officer, two auxiliaries; kept by every urban station and by 77 % of the rural ones (cited).
_STAFFING = """
SELECT unit, districts, districts AS officers,
       2 * districts - CASE WHEN urban OR u(unit, 'kept') < 0.77 THEN 0 ELSE 1 + pick(unit, 'lack', 2) END AS auxiliaries,
       today() - 5 AS as_of
FROM (SELECT unit, 1 + pick(unit, 'districts', 5) AS districts, name LIKE '%街道%' OR name NOT LIKE '%镇%' AND name NOT LIKE '%乡%' AS urban
      FROM units WHERE kind = 'station')
"""


def _codes(connection: duckdb.DuckDBPyConnection, name: str, count: int) -> pa.Table:
    """Unified social credit codes with a right check sign; the county in them is that of the drawn place."""
    from stdnum.cn import uscc

    counties = connection.execute(
        f"SELECT s.county FROM range({count}) AS r(i) JOIN spread s ON s.at = spot(r.i, '{name}') ORDER BY r.i"
    ).fetchall()
    first = 1_000_000 if name == "operators" else 5_000_000
    bodies = [f"91{str(county)[:6]}MA{first + at}" for at, (county,) in enumerate(counties)]
    return pa.table(
        {"i": list(range(count)), "code": [body + uscc.calc_check_digit(body) for body in bodies]}
    )
