"""A night of thousands of models against bare DuckDB and dbt on the same work, and how long it takes to load and check them.

    python -m benchmarks.models                       the main part: 2,600 models, 5 million rows, dbt on 260 of them
    python -m benchmarks.models --dbt 2600            dbt on all of them (seven minutes more)
    python -m benchmarks.models --growth              260 and 10,000 models, and 25 million rows, as well
    python -m benchmarks.models --models 260 --rows 500000 --dbt 20    a small round, to see that it works

writes the section "models" of benchmarks/RESULTS.md. Sixty queries over five registers, spread over parameter sets: as a folder of its own for each set, as
servings of sixty folders, and as folders with their numbers in the text. All rows found are compared with those of bare DuckDB.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet
from benchmarks import models_dbt
from benchmarks.models_data import TABLES, parameters, write_lake, write_registers
from benchmarks.models_folders import As, write_shelf
from benchmarks.models_parts import Cost, Digest, digest_of, part, run_measured
from benchmarks.results import machine, write_section

Digests = dict[str, Digest]


class Place:
    """Where everything lies: registers, lakes by their number of rows, shelves by kind and number of models."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.registers = root / "registers"
        write_registers(self.registers)

    def lake(self, rows: int) -> Path:
        """Return a lake of so many rows; drawn once."""
        place = self.root / f"lake-{rows}"
        if not place.exists():
            write_lake(place, rows)
        return place

    def fresh(self, rows: int) -> Path:
        """Return such a lake without any results, its rows linked."""
        place = Path(tempfile.mkdtemp(dir=self.root))
        shutil.copytree(self.lake(rows), place / "lake", copy_function=lambda a, b: Path(b).hardlink_to(a))
        return place / "lake"

    def shelf(self, models: int, rows: int, as_: As) -> Path:
        """Return a shelf of so many models, for parameters that fit so many rows."""
        place = self.root / f"shelf-{models}-{rows}-{as_}"
        if not place.exists():
            place.mkdir()
            write_shelf(place, parameters(models, rows), as_)
        return place


def main() -> None:
    """Measure what is asked for and write it down."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--models", type=int, default=2_600)
    asked.add_argument("--rows", type=int, default=5_000_000)
    asked.add_argument("--dbt", type=int, default=260, help="so many models are run with dbt; 0: none")
    asked.add_argument("--growth", action="store_true")
    asked.add_argument("--keep", type=Path, help="a folder in which everything is left, and taken again")
    options = asked.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="zhuoli-models-") as temporary:
        root = options.keep or Path(temporary)
        root.mkdir(parents=True, exist_ok=True)
        place = Place(root)
        lines = [
            f"{options.models:,} models of sixty queries over five registers of {options.rows:,} rows together; 1 GB for bare DuckDB and dbt.",
            "*Seconds* by the wall clock, *CPU* those of the processors; each in a process of its own.",
            "",
            *loading(place, options.models, options.rows),
            *nights(place, options.models, options.rows, options.dbt),
        ]
        if options.growth:
            lines += growth(place)
    told = " ".join(sys.argv[1:])
    lines += [
        "",
        f"{machine('duckdb', 'sqlglot', 'msgspec')}; {(time.monotonic() - began) / 60:.0f} minutes in all. "
        f"Repeat: `{' '.join(['python -m benchmarks.models', told]).strip()}`.",
    ]
    write_section("models", lines)
    print("\n".join(lines))


# --- loading


def loading(place: Place, models: int, rows: int) -> list[str]:
    """``model check`` as a whole command: cold, and once everything is known."""
    lines = [
        "| `model check`, whole command | folders | cold, s | CPU | again, s | CPU |",
        "|---|---|---|---|---|---|",
    ]
    titles: dict[As, str] = {
        "folders": "a folder for each model",
        "servings": "servings of sixty folders",
        "texts": "a folder and a text of its own for each model",
    }
    for as_, title in titles.items():
        shelf = place.shelf(models, rows, as_)
        data = Path(tempfile.mkdtemp(dir=place.root))
        more = _environment(place, data)
        command = [sys.executable, "-P", "-m", "zhuoli", "model", "--shelf", str(shelf), "check"]
        cold = run_measured(command, more)
        again = _best([run_measured(command, more) for _ in range(3)])
        folders = sum(1 for each in shelf.iterdir() if not each.name.startswith("_"))
        lines.append(
            f"| {title} | {folders:,} | {cold.seconds:.1f} | {cold.processor:.1f} | {again.seconds:.2f} | {again.processor:.2f} |"
        )
        _say(lines[-1])
    return [*lines, ""]


def _environment(place: Place, data: Path) -> dict[str, str]:
    return {"ZHUOLI_REGISTERS": str(place.registers), "ZHUOLI_DATA": str(data), "ZHUOLI_LANG": "en"}


def _best(costs: list[Cost]) -> Cost:
    return min(costs, key=lambda cost: cost.seconds)


# --- nights


def nights(place: Place, models: int, rows: int, dbt: int) -> list[str]:
    """The night against bare DuckDB and dbt, then with one register changed, then with nothing changed."""
    lake, out = place.lake(rows), place.root / "joined.parquet"
    lines = ["| the night | seconds | of the joined queries | CPU | memory, MB |", "|---|---|---|---|---|"]
    bare_cost, bare = part("joined", lake, models, rows, out)
    expected = _expected(out)
    base: float = bare["seconds"]

    def line(title: str, seconds: float, cost: Cost) -> None:
        lines.append(
            f"| {title} | {seconds:.1f} | {seconds / base:.2f} | {cost.processor:.1f} | {cost.memory:,.0f} |"
        )
        _say(lines[-1])

    line(
        f"bare DuckDB, sixty queries joined to their parameter sets ({bare['hits']:,} rows)", base, bare_cost
    )
    each_cost, each = part("each", lake, models, rows, place.root / "each.parquet")
    line(f"bare DuckDB, {models:,} queries into one table", each["seconds"], each_cost)
    if _expected(place.root / "each.parquet") != expected:
        raise SystemExit("bare DuckDB finds other rows with its two ways")
    kept: dict[str, Path] = {}
    for as_, title in (
        ("folders", "ours, a folder for each model"),
        ("servings", "ours, servings of sixty folders"),
        ("texts", "ours, a text of its own for each model"),
    ):
        kept[as_] = place.fresh(rows)
        cost, made = _night(place, place.shelf(models, rows, as_), kept[as_])  # type: ignore[arg-type]
        _compare(kept[as_], as_, expected)
        line(title, made["night"], cost)
    lines += [
        "",
        f"Hits with their reasons and evidence, and runs, are stored and brought to the disk; all {bare['hits']:,} rows are equal to those of bare DuckDB.",
        "",
    ]
    lines += _changes(place, models, rows, kept["folders"], base)
    lines += _dbt(place, lake, models, rows, dbt, expected, base)
    return lines


def _night(place: Place, shelf: Path, lake: Path) -> tuple[Cost, dict[str, Any]]:
    cost, made = part("night", shelf, lake, place.registers, place.root / f"{shelf.name}.cache")
    if made["errors"] or made["mistakes"]:
        raise SystemExit(f"models went wrong: {made['errors']} {made['mistakes']}")
    return cost, made


def _changes(place: Place, models: int, rows: int, lake: Path, base: float) -> list[str]:
    """One register after the other has other rows, then none has."""
    shelf = place.shelf(models, rows, "folders")
    took: dict[str, float] = {}
    for name in TABLES:
        shutil.rmtree(lake / name)
        write_lake(lake, rows, only=(name,), generation=2)
        _, made = _night(place, shelf, lake)
        took[name] = made["night"]
        _say(f"{name} changed: {made['night']:.1f} s, {made['models'] - made['unchanged']} models")
    full = place.fresh(rows)
    _, again = _night(place, shelf, full)
    _, nothing = _night(place, shelf, full)
    data = full.parent
    command = [
        sys.executable,
        "-P",
        "-m",
        "zhuoli",
        "model",
        "--shelf",
        str(shelf),
        "night",
        "--no-open",
        "--data",
        str(data),
    ]
    run_measured([*command, "--json"], _environment(place, data))
    whole = _best([run_measured([*command, "--json"], _environment(place, data)) for _ in range(3)])
    median = statistics.median(took.values())
    told = ", ".join(f"{seconds:.1f}" for seconds in took.values())
    return [
        f"One register of the five has other rows: median {median:.1f} s ({told}), {median / again['night']:.2f} of a whole night ({again['night']:.1f} s) measured beside it.",
        f"Nothing has changed: {nothing['night']:.2f} s for the night itself; the whole command `model night --no-open` {whole.seconds:.2f} s ({whole.processor:.2f} s of CPU).",
        "",
    ]


def _dbt(
    place: Place, lake: Path, models: int, rows: int, count: int, expected: Digests, base: float
) -> list[str]:
    if not count:
        return ["dbt was not asked for (`--dbt 2600`)."]
    some = parameters(models, rows)[:count]
    with tempfile.TemporaryDirectory(dir=place.root) as folder:
        try:
            made = models_dbt.measure(Path(folder), lake, some, expected)
        except models_dbt.NotHad as why:
            _say(f"!!! {why}")
            return [f"**dbt is not measured here**: {why}."]
    share = models / made.models
    return [
        f"{made.version}, {made.models:,} models as tables, two threads, {made.rows:,} equal rows: reading cold {made.cold.seconds:.1f} s, warm {made.warm.seconds:.1f} s; "
        f"`dbt run` {made.run.seconds:.0f} s ({1000 * made.run.seconds / made.models:.0f} ms for each model), {made.run.memory:,.0f} MB."
        + (
            f" For {models:,} models that would be {made.run.seconds * share:,.0f} s, {made.run.seconds * share / base:.0f} times the joined queries."
            if share > 1
            else ""
        )
    ]


# --- growth


def growth(place: Place) -> list[str]:
    """The night and the joined queries at other numbers of models and rows."""
    lines = [
        "",
        "| models | rows | joined, s | night, s | ratio | memory, MB | nothing changed, s | hits |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for models, rows in ((260, 5_000_000), (2_600, 5_000_000), (10_000, 5_000_000), (2_600, 25_000_000)):
        out = place.root / "growth.parquet"
        _, bare = part("joined", place.lake(rows), models, rows, out)
        lake, shelf = place.fresh(rows), place.shelf(models, rows, "folders")
        cost, made = _night(place, shelf, lake)
        _compare(lake, "folders", _expected(out))
        _, nothing = _night(place, shelf, lake)
        lines.append(
            f"| {models:,} | {rows:,} | {bare['seconds']:.1f} | {made['night']:.1f} | {made['night'] / bare['seconds']:.2f} | {cost.memory:,.0f} | "
            f"{nothing['night']:.2f} | {made['hits']:,} |"
        )
        _say(lines[-1])
        shutil.rmtree(lake.parent)
    return lines


# --- equal rows


def _expected(out: Path) -> Digests:
    """What bare DuckDB found for each parameter set; rows come in the order of those."""
    rows = (
        row
        for batch in pyarrow.parquet.ParquetFile(out).iter_batches()
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True)
    )
    return {
        serving: digest_of((*row[1:-1], str(row[-1])) for row in some)
        for serving, some in groupby(rows, key=itemgetter(0))
    }


def _compare(lake: Path, as_: str, expected: Digests) -> None:
    """Compare what is stored with the rows of bare DuckDB."""
    name = "serving" if as_ == "servings" else "model"
    with sqlite3.connect(lake / "results.sqlite3") as connection:
        rows = connection.execute(
            f"SELECT {name}, subject, territory, reason_zh, reason_en, evidence FROM hit WHERE gone IS NULL ORDER BY {name}"
        )
        found = {
            model: digest_of((*row[1:5], *_evidence(row[5])) for row in some)
            for model, some in groupby(rows, key=itemgetter(0))
        }
    if found != expected:
        wrong = [one for one in found.keys() | expected.keys() if found.get(one) != expected.get(one)]
        raise SystemExit(
            f"{len(wrong)} models found other rows than bare DuckDB, for example {sorted(wrong)[:3]}"
        )


def _evidence(told: str) -> tuple[int, str]:
    shown = msgspec.json.decode(told)
    return shown["pieces"], shown["oldest"]


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
