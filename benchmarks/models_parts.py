"""Parts of ``benchmarks/models.py`` that run in processes of their own, so that each has its own time and memory.

    python -m benchmarks.models_parts night SHELF LAKE REGISTERS CACHE
    python -m benchmarks.models_parts joined|each LAKE MODELS ROWS OUT

print one line of JSON.
"""

from __future__ import annotations

import gc
import hashlib
import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from benchmarks.results import most_memory

MEMORY = "1GB"
Digest = tuple[int, str]


class Cost(msgspec.Struct, frozen=True):
    """Seconds of the wall clock and of the processors, and the most memory (MB; looked at fifty times a second)."""

    seconds: float
    processor: float
    memory: float


def run_measured(command: list[str], more: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end and return what it took.

    Raises:
        subprocess.CalledProcessError: it failed; with what it said.
    """
    cost, _ = run_told(command, more)
    return cost


def run_told(command: list[str], more: Mapping[str, str] | None = None) -> tuple[Cost, str]:
    """The same, with what the command printed."""
    began = time.monotonic()
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**_surroundings(), **(more or {})},
    ) as process:
        assert process.stdout is not None
        held = [0]
        ended = threading.Event()
        watch = threading.Thread(target=_watch, args=(process.pid, held, ended), daemon=True)
        watch.start()
        said = process.stdout.read()
        ended.set()
        watch.join()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output=said)
    return Cost(seconds, used.ru_utime + used.ru_stime, held[0] / 1e6), said


def _watch(process: int, held: list[int], ended: threading.Event) -> None:
    """Note the most memory that a process has held, until it has said all."""
    while True:
        held[0] = max(held[0], most_memory(process) or 0)
        if ended.wait(0.02):
            return


def _surroundings() -> dict[str, str]:
    """The environment as people have it: one that keeps Python from writing what it has compiled would measure compiling."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def digest_of(rows: Iterable[tuple[object, ...]]) -> Digest:
    """How many rows there are, and one word for all of them in any order."""
    told = sorted(repr(row) for row in rows)
    return len(told), hashlib.sha256("\n".join(told).encode()).hexdigest()


def part(name: str, *arguments: object) -> tuple[Cost, dict[str, Any]]:
    """Run one part in a process of its own; return what the process took, and what it measured itself."""
    cost, said = run_told([sys.executable, "-P", "-m", "benchmarks.models_parts", name, *map(str, arguments)])
    return cost, msgspec.json.decode(said.strip().splitlines()[-1])


def night(shelf: str, lake: str, registers: str, cache: str) -> dict[str, Any]:
    """Load a shelf and run its models for their servings; hits and runs are kept in the lake."""
    from benchmarks.models_data import NOW

    from zhuoli.core.registers import read_registers
    from zhuoli.core.scenario.shelf import read_shelf
    from zhuoli.lake.night import night as run_all
    from zhuoli.lake.night import with_queries

    began = time.monotonic()
    # As the command and the worker have it: what stays as long as the process is left alone by the collector.
    gc.disable()
    found = read_shelf(Path(shelf), cache=Path(cache))
    gc.freeze()
    gc.enable()
    loaded = time.monotonic()
    runs = run_all(
        Path(lake), read_registers(Path(registers)).registers, with_queries(found.scenarios).values(), now=NOW
    )
    ended = time.monotonic()
    return {
        "load": loaded - began,
        "night": ended - loaded,
        "models": len(runs),
        "unchanged": sum(run.unchanged for run in runs),
        "hits": sum(run.hits for run in runs),
        "errors": [run.error.en for run in runs if run.error][:3],
        "mistakes": [one.message.en for one in found.mistakes if one.severity == "error"][:3],
    }


def joined(lake: str, models: str, rows: str, out: str) -> dict[str, Any]:
    """DuckDB and nothing else: each template once, joined to the table of its parameter sets, into one results table."""
    from benchmarks.models_data import TODAY, parameters
    from benchmarks.models_folders import shared_text

    sets = defaultdict(list)
    for one in parameters(int(models), int(rows)):
        sets[one.template.name].append(one)
    connection, began = _bare(lake)
    connection.execute(
        "CREATE TABLE serving (serving VARCHAR, territory VARCHAR, today DATE, days INTEGER, least INTEGER)"
    )
    for some in sets.values():
        connection.execute("DELETE FROM serving")
        values = [each for one in some for each in (one.id, one.territory, TODAY, one.days, one.least)]
        connection.execute(f"INSERT INTO serving VALUES {', '.join(['(?, ?, ?, ?, ?)'] * len(some))}", values)
        connection.execute(f"INSERT INTO results {shared_text(some[0].template)}")
    return _ended(connection, began, out)


def each(lake: str, models: str, rows: str, out: str) -> dict[str, Any]:
    """DuckDB and nothing else: a query for each parameter set, into one results table."""
    from benchmarks.models_data import parameters
    from benchmarks.models_folders import alone_text

    sets = parameters(int(models), int(rows))
    connection, began = _bare(lake)
    for one in sets:
        connection.execute(f"INSERT INTO results {alone_text(one)}")
    return _ended(connection, began, out)


def _bare(lake: str) -> tuple[Any, float]:
    import duckdb
    from benchmarks.models_data import TABLES

    began = time.monotonic()
    connection = duckdb.connect(config={"memory_limit": MEMORY, "preserve_insertion_order": False})
    for name in TABLES:
        [current] = [path for path in (Path(lake) / name).iterdir() if path.is_dir()]
        connection.execute(
            f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{current}/**/*.parquet', hive_partitioning = false)"
        )
    connection.execute(
        "CREATE TABLE results (serving VARCHAR, subject VARCHAR, territory VARCHAR, reason_zh VARCHAR, reason_en VARCHAR, pieces BIGINT, oldest DATE)"
    )
    return connection, began


def _ended(connection: Any, began: float, out: str) -> dict[str, Any]:
    seconds = time.monotonic() - began
    [hits] = connection.execute("SELECT count(*) FROM results").fetchone()
    connection.execute(f"COPY (SELECT * FROM results ORDER BY serving, subject) TO '{out}' (FORMAT parquet)")
    return {"seconds": seconds, "hits": hits}


if __name__ == "__main__":
    asked = {"night": night, "joined": joined, "each": each}[sys.argv[1]]
    print(msgspec.json.encode(asked(*sys.argv[2:])).decode())
