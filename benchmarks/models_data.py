"""What ``benchmarks/models.py`` works on: five registers with seeded rows, sixty queries, and any number of models made of them.

Each query is written once with places for its parameters: as a model that takes them from ``serving``, as one with numbers in its text, and as
a table of dbt that joins a seed of parameters. Nothing of it is about anybody: sites, counties and kinds are numbers.
"""

from __future__ import annotations

import math
import random
from pathlib import Path

import duckdb
import msgspec

from zhuoli.lake.folder import State

NOW = 1_772_409_600_000
"""2026-03-02 08:00 in China."""
TODAY = "2026-03-02"
TABLES = ("checks", "devices", "permits", "reports", "trips")
SITES = 50_000
YEARS = 3
COUNTIES = [f"62{city:02d}{county:02d}000000" for city in range(1, 15) for county in range(1, 7)]
_DESCRIPTOR = """\
format: 1
register: {name}
title: {{zh: 测速{name}, en: Speed {name}}}
description: {{zh: 生成的行, en: Generated rows}}
subject: organisation
purpose: {{zh: 测速, en: Speed}}
source: {{zh: 生成, en: Generated}}
fresh_days: 30
primaryKey: id
partition: county
fields:
  - {{name: id, title: {{zh: 编号, en: Number}}, type: integer, constraints: {{required: true}}}}
  - {{name: site, title: {{zh: 场所, en: Site}}, constraints: {{required: true}}}}
  - {{name: county, title: {{zh: 县区, en: County}}, format: division, constraints: {{required: true}}}}
  - {{name: kind, title: {{zh: 类别, en: Kind}}, constraints: {{required: true}}}}
  - {{name: due, title: {{zh: 到期, en: Due}}, type: date, constraints: {{required: true}}}}
  - {{name: happened, title: {{zh: 发生, en: Happened}}, type: date, constraints: {{required: true}}}}
  - {{name: amount, title: {{zh: 数量, en: Amount}}, type: integer, constraints: {{required: true}}}}
  - {{name: level, title: {{zh: 等级, en: Level}}, type: integer, constraints: {{required: true}}}}
  - {{name: pending, title: {{zh: 未办, en: Pending}}, type: boolean, constraints: {{required: true}}}}
  - {{name: note, title: {{zh: 备注, en: Note}}}}
"""


class Template(msgspec.Struct, frozen=True):
    """One query with ``{days}``, ``{least}`` and ``{serving}`` to be filled in: its name, its registers, its text, how rare it is."""

    name: str
    reads: tuple[str, ...]
    sql: str
    days: tuple[int, int]
    shape: str


class Parameters(msgspec.Struct, frozen=True):
    """One parameter set of one template."""

    id: str
    template: Template
    territory: str
    days: int
    least: int


_REASONS = (
    "concat({t}.site, ' 有 ', CAST({n} AS VARCHAR), ' 件，最早 ', CAST({d} AS VARCHAR)) AS reason_zh, "
    "concat(CAST({n} AS VARCHAR), ' at ', {t}.site, ', the earliest on ', CAST({d} AS VARCHAR)) AS reason_en, "
    "{n} AS pieces, {d} AS oldest"
)


def _grouped(table: str, where: str, count: str, day: str, more: str = "") -> str:
    reasons = _REASONS.format(t="r", n=count, d=day)
    return (
        f"SELECT s.serving, r.site AS subject, r.county AS territory, {reasons}\nFROM {table} r\n"
        f"JOIN serving s ON starts_with(r.county, s.territory) AND {where}\n"
        f"GROUP BY s.serving{{by}}, r.site, r.county\nHAVING {count} >= {{least}}{more}"
    )


def templates() -> list[Template]:
    """Return the sixty: twelve shapes over five registers; ten read one register, two read a second one as well."""
    found = []
    for at, table in enumerate(TABLES):
        other = TABLES[(at + 1) % len(TABLES)]
        lately = "r.happened >= s.today - {days} AND r.happened < s.today"
        shapes: dict[str, tuple[tuple[str, ...], str, tuple[int, int]]] = {
            "pile": ((table,), _grouped(table, lately, "count(*)", "min(r.happened)"), (7, 90)),
            "overdue": (
                (table,),
                _grouped(table, "r.pending AND r.due < s.today - {days}", "sum(r.amount)", "min(r.due)"),
                (0, 300),
            ),
            "soon": (
                (table,),
                _grouped(
                    table,
                    "r.pending AND r.due >= s.today AND r.due <= s.today + {days}",
                    "count(*)",
                    "min(r.due)",
                ),
                (10, 120),
            ),
            "severe_share": (
                (table,),
                _grouped(
                    table,
                    lately,
                    "sum(CASE WHEN r.level >= 4 THEN 1 ELSE 0 END)",
                    "min(r.happened)",
                    "\n  AND 100 * sum(CASE WHEN r.level >= 4 THEN 1 ELSE 0 END) >= 30 * count(*)",
                ),
                (14, 120),
            ),
            "of_a_kind": (
                (table,),
                _grouped(table, f"r.kind IN ('b', 'e') AND {lately}", "count(*)", "min(r.happened)"),
                (14, 120),
            ),
            "many_kinds": (
                (table,),
                _grouped(
                    table,
                    "r.level >= 3 AND " + lately,
                    "count(DISTINCT r.kind)",
                    "min(r.happened)",
                ),
                (14, 120),
            ),
            "single": (
                (table,),
                "SELECT s.serving, CAST(r.id AS VARCHAR) AS subject, r.county AS territory, "
                + _REASONS.format(t="r", n="r.amount", d="r.happened")
                + f"\nFROM {table} r\nJOIN serving s ON starts_with(r.county, s.territory) AND {lately}\n"
                "WHERE r.level = 5 AND r.pending AND r.amount >= {least}",
                (7, 90),
            ),
            "worse": (
                (table,),
                "WITH counted AS (\n  SELECT s.serving, {least} AS least, r.site, r.county, "
                "sum(CASE WHEN r.happened >= s.today - {days} THEN 1 ELSE 0 END) AS lately, "
                "sum(CASE WHEN r.happened < s.today - {days} THEN 1 ELSE 0 END) AS earlier, "
                "min(r.happened) AS oldest\n"
                f"  FROM {table} r\n  JOIN serving s ON starts_with(r.county, s.territory) AND r.happened < s.today "
                "AND r.happened >= s.today - 2 * {days}\n  GROUP BY s.serving{by}, r.site, r.county\n)\n"
                "SELECT r.serving, r.site AS subject, r.county AS territory, "
                + _REASONS.format(t="r", n="r.lately", d="r.oldest")
                + "\nFROM counted r\nWHERE r.lately >= r.least AND (r.lately - r.earlier) * (r.lately - r.earlier) > 4 * (r.lately + r.earlier)",
                (30, 120),
            ),
            "latest": (
                (table,),
                "WITH numbered AS (\n  SELECT r.id, r.site, r.county, r.happened, r.amount, r.level, "
                "row_number() OVER (PARTITION BY r.site ORDER BY r.happened DESC, r.id) AS nth\n"
                f"  FROM {table} r\n)\nSELECT s.serving, r.site AS subject, r.county AS territory, "
                + _REASONS.format(t="r", n="r.amount", d="r.happened")
                + "\nFROM numbered r\nJOIN serving s ON starts_with(r.county, s.territory) AND r.happened >= s.today - {days}\n"
                "WHERE r.nth = 1 AND r.level = 5 AND r.amount >= {least}",
                (10, 120),
            ),
            "quiet": (
                (table,),
                "WITH moves AS (\n  SELECT r.site, r.county, count(*) AS pieces, max(r.happened) AS moved\n"
                f"  FROM {table} r\n  GROUP BY r.site, r.county\n)\nSELECT s.serving, r.site AS subject, r.county AS territory, "
                + _REASONS.format(t="r", n="r.pieces", d="r.moved")
                + "\nFROM moves r\nJOIN serving s ON starts_with(r.county, s.territory) AND r.moved < s.today - {days}\n"
                "WHERE r.pieces >= {least}",
                (150, 300),
            ),
            "both": (
                (table, other),
                f"WITH open AS (\n  SELECT o.site, count(*) AS open FROM {other} o WHERE o.pending GROUP BY o.site\n)\n"
                "SELECT s.serving, r.site AS subject, r.county AS territory, "
                + _REASONS.format(t="r", n="count(*)", d="min(r.happened)")
                + f"\nFROM {table} r\nJOIN open o ON o.site = r.site\n"
                f"JOIN serving s ON starts_with(r.county, s.territory) AND {lately}\nWHERE o.open >= 5\n"
                "GROUP BY s.serving{by}, r.site, r.county\nHAVING count(*) >= {least}",
                (14, 120),
            ),
            "without": (
                (table, other),
                f"WITH seen AS (\n  SELECT o.site, max(o.happened) AS seen FROM {other} o GROUP BY o.site\n)\n"
                "SELECT s.serving, r.site AS subject, r.county AS territory, "
                + _REASONS.format(t="r", n="count(*)", d="min(r.due)")
                + f"\nFROM {table} r\n"
                "JOIN serving s ON starts_with(r.county, s.territory) AND r.pending AND r.due < s.today\n"
                "LEFT JOIN seen o ON o.site = r.site\nWHERE coalesce(o.seen, s.today - 9999) < s.today - {days}\n"
                "GROUP BY s.serving{by}, r.site, r.county\nHAVING count(*) >= {least}",
                (30, 120),
            ),
        }
        found += [Template(f"{shape}_{table}", *of[:2], of[2], shape) for shape, of in shapes.items()]
    return found


def parameters(count: int, rows: int, *, seed: int = 7) -> list[Parameters]:
    """Return ``count`` parameter sets spread over the templates: one in five for the province, two for a city, two for a county."""
    rng = random.Random(seed)
    known = templates()
    per_site = rows / len(TABLES) / SITES
    made = []
    for number in range(count):
        one = known[number % len(known)]
        place = rng.choice(COUNTIES)
        territory = ("", place[:4], place[:4], place[:6], place[:6])[number // len(known) % 5]
        days = rng.randint(*one.days)
        least = _least(
            one.shape, days, per_site, ("", 4, 6).index("" if not territory else len(territory)), rng
        )
        made.append(Parameters(f"m{number:05d}", one, territory, days, least))
    return made


def _least(shape: str, days: int, per_site: float, depth: int, rng: random.Random) -> int:
    """A threshold that few sites reach: fewer of a province than of a county."""
    year = per_site / YEARS
    expected = {
        "pile": year * days / 365,
        "overdue": per_site * 0.25 * 3.0,
        "soon": per_site * 0.25 * days / 365,
        "severe_share": year * 0.4 * days / 365,
        "of_a_kind": year * 0.33 * days / 365,
        "worse": year * days / 365,
        "both": year * days / 365,
        "without": per_site * 0.25 * 0.66,
    }.get(shape)
    deviations = (3.0, 2.2, 1.2)[depth] + rng.random() * 0.6
    if shape == "many_kinds":
        return min(6, 2 + (3, 2, 1)[depth])
    if shape in ("single", "latest"):
        return (9, 7, 3)[depth]
    if shape == "quiet":
        return max(1, int(per_site * (1.1, 1.0, 0.9)[depth]))
    assert expected is not None
    spread = math.sqrt(expected * (8.0 if shape == "overdue" else 1.0))
    return max((4, 3, 2)[depth], int(expected + deviations * max(spread, 0.6)))


def write_lake(
    lake: Path, rows: int, *, seed: int = 7, only: tuple[str, ...] = TABLES, generation: int = 1
) -> None:
    """Write seeded rows of the registers as an import would leave them: a fifth of ``rows`` each, a folder for each city."""
    each = rows // len(TABLES)
    for name in only:
        salt = seed * 1_000 + TABLES.index(name) * 10 + generation
        stamp = f"{NOW - 86_400_000 + generation:014d}-{salt:08x}"
        target = lake / name / stamp
        target.mkdir(parents=True)
        counties = ", ".join(f"'{one}'" for one in COUNTIES)
        with duckdb.connect() as connection:
            connection.execute(
                f"""COPY (
  WITH n AS (SELECT i, hash(i, {salt}) AS h, hash(i, {salt + 5}) AS g, hash(i, {salt + 7}) % {SITES} AS site FROM range({each}) t(i))
  SELECT i AS id, printf('S%06d', site) AS site, ([{counties}])[CAST(site % {len(COUNTIES)} AS INTEGER) + 1] AS county,
    substr('abcdef', CAST(h % 6 AS INTEGER) + 1, 1) AS kind,
    DATE '{TODAY}' + (365 - CAST((h >> 8) % {365 * YEARS} AS INTEGER)) AS due,
    DATE '{TODAY}' - CAST(1 + (h >> 24) % {365 * YEARS} AS INTEGER) AS happened,
    CAST(1 + g % 10 AS BIGINT) AS amount, CAST(1 + (g >> 8) % 5 AS BIGINT) AS level, (g >> 16) % 4 = 0 AS pending,
    concat('note ', CAST(g % 100000 AS VARCHAR)) AS note, left(county, 4) AS _part
  FROM n ORDER BY county, i
) TO '{target}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (_part))"""
            )
        state = State(generation=stamp, rows=each, origin="generated", at=NOW)
        (lake / name / "current.json").write_bytes(msgspec.json.encode(state))


def write_registers(place: Path) -> None:
    """Write the descriptors of the five registers."""
    place.mkdir(parents=True, exist_ok=True)
    for name in TABLES:
        (place / f"{name}.yaml").write_text(_DESCRIPTOR.format(name=name), encoding="utf-8")
