"""How many rows a second an import reads, checks, and writes, on one core; and what the check itself costs.

    python -m benchmarks.registers [--rows 2000000] [--write]

Rows per second of CPU time (user + system) of the whole import, so that a busy machine does not change the figure, and of
wall time beside it. The register has eight fields of numbers and codes; a second one adds credit codes and plates.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import tempfile
import time
from pathlib import Path

from benchmarks.results import machine, write_section

from zhuoli.core.registers import read_register
from zhuoli.core.registers.model import Register
from zhuoli.lake.importing import import_file

NUMBERS = """
  - {name: code, title: {zh: 编号, en: Code}, type: integer, constraints: {required: true, minimum: 1}}
  - {name: county, title: {zh: 县区, en: County}, format: division, constraints: {required: true}}
  - {name: seats, title: {zh: 座位, en: Seats}, type: integer, constraints: {minimum: 2, maximum: 60}}
  - {name: weight, title: {zh: 重量, en: Weight}, type: number, constraints: {minimum: 0}}
  - {name: seen, title: {zh: 日期, en: Date}, type: date}
  - {name: kind, title: {zh: 类别, en: Kind}, categories: [{value: a, label: {zh: 甲, en: A}}, {value: b, label: {zh: 乙, en: B}}]}
  - {name: valid, title: {zh: 有效, en: Valid}, type: boolean}
  - {name: week, title: {zh: 周, en: Week}, type: integer, constraints: {minimum: 1, maximum: 53}}
"""
CODES = """
  - {name: operator, title: {zh: 信用代码, en: Credit code}, format: credit_code}
  - {name: plate, title: {zh: 号牌, en: Plate}, format: plate}
"""
_HEAD = """
format: 1
register: {name}
title: {{zh: 测速, en: Speed}}
description: {{zh: 测速, en: Speed}}
subject: vehicle_class
purpose: {{zh: 测速, en: Speed}}
source: {{zh: 生成, en: Generated}}
fresh_days: 30
primaryKey: code
partition: county
fields:
"""


def main() -> None:
    """Measure both registers in three encodings and print one line each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--write", action="store_true", help="put the figures into RESULTS.md")
    asked = parser.parse_args()
    rows, told = asked.rows, []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, fields in (("numbers", NUMBERS), ("codes", NUMBERS + CODES)):
            path = folder / f"{name}.yaml"
            path.write_text(_HEAD.format(name=name) + fields, encoding="utf-8")
            register, mistakes = read_register(path)
            if register is None:
                raise SystemExit(str(mistakes))
            lines = _lines(rows, with_codes=name == "codes")
            for encoding in ("utf-8", "gb18030"):
                (folder / "rows.csv").write_bytes("\n".join(lines).encode(encoding))
                told.append(_measure(folder, register, encoding, rows))
    if asked.write:
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        write_section(
            "import of registers",
            [
                "Whole import of a CSV file: read, every row checked, duplicates looked for, partitioned Parquet written. Rows per second of CPU time",
                f"(user + system, one thread). The load of the machine was {load}: wall time is slower than on a quiet one.",
                "",
                "| register | encoding | rows | fields | rows/s of CPU | rows/s of wall time | peak MB |",
                "|---|---|---|---|---|---|---|",
                *told,
                "",
                f"{machine('duckdb', 'pyarrow', 'numpy')}. Repeat: `python -m benchmarks.registers --write`.",
            ],
        )


def _lines(rows: int, *, with_codes: bool) -> list[str]:
    from stdnum.cn import uscc

    rng = random.Random(7)
    bodies = [f"9162010{rng.randint(0, 9)}MA{rng.randint(1_000_000, 9_999_999)}" for _ in range(2_000)]
    credit = [body + uscc.calc_check_digit(body) for body in bodies]
    lines = ["编号,县区,座位,重量,日期,类别,有效,周" + (",信用代码,号牌" if with_codes else "")]
    for number in range(1, rows + 1):
        line = (
            f"{number},620{rng.randint(101, 122)}000000,{rng.randint(2, 60)},{rng.random():.3f},"
            f"2024-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d},{rng.choice('甲b')},{rng.choice('是否')},{rng.randint(1, 53)}"
        )
        if with_codes:
            line += f",{rng.choice(credit)},甘A{rng.randint(10_000, 99_999)}"
        lines.append(line)
    return lines


def _measure(folder: Path, register: Register, encoding: str, rows: int) -> str:
    began, cpu = time.perf_counter(), _cpu()
    made = import_file(
        folder / "lake" / encoding,
        {register.register: register},
        register.register,
        folder / "rows.csv",
        now=1,
        threads=1,
    )
    spent, wall = _cpu() - cpu, time.perf_counter() - began
    if made.accepted != rows:
        raise SystemExit(f"{made.rejected} rows were rejected: {made.rejects}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{register.register:8} {encoding:8} {rows:,} rows of {len(register.fields)} fields: "
        f"{rows / spent:,.0f} rows/s of CPU, {rows / wall:,.0f} rows/s of wall time, peak {peak:,.0f} MB"
    )
    return f"| {register.register} | {encoding} | {rows:,} | {len(register.fields)} | {rows / spent:,.0f} | {rows / wall:,.0f} | {peak:,.0f} |"


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
