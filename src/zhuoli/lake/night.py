"""Queries are run: all servings of one together, one after the other, none able to stop the rest.

A query whose text, declaration, servings, registers and day are those of its last run is not run again. Each run is recorded
in ``lake/hits.<scenario>/runs.jsonl``.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

import duckdb
import msgspec

from zhuoli.core.registers.model import Register
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.queries import Query, Serving, read_servings
from zhuoli.core.text import Text
from zhuoli.core.worktime.instants import DAY
from zhuoli.lake.folder import Busy, RegisterFolder
from zhuoli.lake.hits import Hit, compare, folder_of, read_hits, write_hits
from zhuoli.lake.importing import CHINA
from zhuoli.lake.query_check import check_query
from zhuoli.lake.reading import view_of

MEMORY = "1GB"
LONGEST = 600.0
"""Seconds after which a query is stopped."""
_TAIL = 16_384


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run of one scenario's query. ``error`` is empty when it went well; ``inputs`` names everything it depends on."""

    scenario: str
    version: str
    at: int
    inputs: str
    seconds: float
    servings: int
    rows_read: int
    hits: int
    new: int
    still: int
    gone: int
    memory: int = 0
    unchanged: bool = False
    error: Text | None = None


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a trial found: hits, how long it took, the rows of the registers read, the most memory it held (bytes)."""

    hits: tuple[Hit, ...]
    seconds: float
    rows_read: int
    memory: int = 0


class BadResult(ValueError):
    """What a query gave cannot be used."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def with_queries(scenarios: Mapping[str, Scenario]) -> dict[str, Scenario]:
    """The scenarios that find their own cases."""
    return {name: one for name, one in scenarios.items() if one.query is not None}


def servings_of(scenario: Scenario) -> list[Serving]:
    """The servings on the shelf of a checked scenario."""
    assert scenario.query is not None  # noqa: S101 - callers choose scenarios with a query
    return read_servings(scenario.servings_text, scenario.query)[0]


def night(
    lake: Path,
    registers: Mapping[str, Register],
    scenarios: Iterable[Scenario],
    *,
    now: int,
    again: bool = False,
    servings: Mapping[str, list[Serving]] | None = None,
    told: Callable[[Run], None] = lambda _: None,
) -> list[Run]:
    """Run every query once; ``now`` is in ms UTC. With ``again`` also those whose inputs are unchanged.

    ``servings`` are those by scenario (none given: those of the folders); a scenario without any is left out.
    ``zhuoli.lake.nightly`` is the night of an office: it takes turns with other workers, and opens cases.
    """
    runs = []
    for scenario in scenarios:
        served = servings_of(scenario) if servings is None else servings.get(scenario.scenario, [])
        if not served:
            continue
        run = run_one(lake, registers, scenario, served, now=now, again=again)
        told(run)
        runs.append(run)
    return runs


def run_one(
    lake: Path,
    registers: Mapping[str, Register],
    scenario: Scenario,
    servings: list[Serving] | None = None,
    *,
    now: int,
    again: bool = False,
) -> Run:
    """Run one query for its servings (none given: those of its folder) and keep what it found; never raises."""
    servings = servings_of(scenario) if servings is None else servings
    if not again and (same := unchanged(lake, scenario, servings, now=now)) is not None:
        return same
    began = time.monotonic()
    found, compared, error = Found(hits=(), seconds=0.0, rows_read=0), None, None
    try:
        found = try_out(lake, registers, scenario, servings, now=now)
        served = {one.id for one in servings}
        compared = compare(read_hits(lake, scenario.scenario), found.hits, now, served)
        write_hits(lake, scenario.scenario, compared.hits, now=now)
    except Exception as failed:  # noqa: BLE001 - whatever it was, it is told, and never stops the others
        error, compared = cause(failed), None
    run = Run(
        scenario=scenario.scenario,
        version=scenario.version,
        at=now,
        inputs=inputs_of(lake, scenario, servings, now),
        seconds=round(time.monotonic() - began, 3),
        servings=len(servings),
        rows_read=found.rows_read,
        memory=found.memory,
        hits=len(found.hits) if error is None else 0,
        new=compared.new if compared else 0,
        still=compared.still if compared else 0,
        gone=compared.gone if compared else 0,
        error=error,
    )
    record(lake, run)
    return run


def unchanged(lake: Path, scenario: Scenario, servings: list[Serving], *, now: int) -> Run | None:
    """Return the last run as one that need not be repeated, where nothing that it depends on has changed."""
    last = last_run(lake, scenario.scenario)
    if last is None or last.error is not None or last.inputs != inputs_of(lake, scenario, servings, now):
        return None
    return msgspec.structs.replace(last, unchanged=True, new=0, gone=0, still=last.hits, seconds=0.0)


def cause(failed: Exception) -> Text:
    """Say why a query could not be run."""
    if isinstance(failed, BadResult):
        return failed.text
    if isinstance(failed, Busy):
        return Text("另一次运行还没结束", "Another run has not ended yet")
    first = (str(failed).splitlines() or [""])[0][:300]
    if isinstance(failed, duckdb.OutOfMemoryException):
        return Text(f"内存超过 {MEMORY}：{first}", f"It needs more memory than {MEMORY}: {first}")
    if isinstance(failed, duckdb.Error):
        return Text(f"查询失败：{first}", f"The query failed: {first}")
    kind = type(failed).__name__
    return Text(f"没有运行成（{kind}）：{first}", f"It could not be run ({kind}): {first}")


def try_out(
    lake: Path,
    registers: Mapping[str, Register],
    scenario: Scenario,
    servings: list[Serving],
    *,
    now: int,
    longest: float = LONGEST,
) -> Found:
    """Run a query and give what it finds; nothing is kept. After ``longest`` seconds it is stopped.

    Raises:
        BadResult: the query does not pass its check, takes too long, or gives something that cannot be used.
        duckdb.Error: it cannot be run.
    """
    query = scenario.query
    assert query is not None  # noqa: S101 - callers choose scenarios with a query
    wrong = [one for one in check_query(scenario, registers) if one.severity == "error"]
    if wrong:
        raise BadResult(
            Text(
                f"{wrong[0].file}:{wrong[0].line}：{wrong[0].message.zh}",
                f"{wrong[0].file}:{wrong[0].line}: {wrong[0].message.en}",
            )
        )
    began = time.monotonic()
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }
    connection = duckdb.connect(config=config)
    alarm = threading.Timer(longest, connection.interrupt)
    try:
        for name in query.reads:
            connection.execute(view_of(lake, registers[name]))
        _serve(connection, query, servings, now)
        connection.execute("PRAGMA enable_profiling = 'no_output'")
        alarm.start()
        cursor = connection.execute(scenario.sql)
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        memory = _memory(connection)
    except duckdb.InterruptException:
        raise BadResult(
            Text(f"查了 {longest:.0f} 秒还没查完，停下了", f"It was stopped after {longest:.0f} seconds")
        ) from None
    finally:
        alarm.cancel()
        connection.close()
    read = sum(state.rows for name in query.reads if (state := RegisterFolder(lake, name).state()))
    seconds = time.monotonic() - began
    return Found(hits=_hits(query, rows, now), seconds=seconds, rows_read=read, memory=memory)


def _memory(connection: duckdb.DuckDBPyConnection) -> int:
    """Return the most memory (bytes) that the last query held."""
    profile = msgspec.json.decode(connection.get_profiling_information())
    return int(profile.get("system", {}).get("peak_buffer_memory", 0))


def inputs_of(lake: Path, scenario: Scenario, servings: list[Serving], now: int) -> str:
    """One word for everything that the result depends on."""
    query = scenario.query
    reads = query.reads if query else ()
    states = [
        f"{name}={state.generation if (state := RegisterFolder(lake, name).state()) else ''}"
        for name in reads
    ]
    served = [
        msgspec.json.encode((one.id, one.territory, one.values), order="sorted").decode() for one in servings
    ]
    word = "\0".join([scenario.version, _today(now).isoformat(), *states, *served])
    return hashlib.sha256(word.encode()).hexdigest()[:32]


def runs_of(lake: Path, scenario: str) -> list[Run]:
    """The recorded runs, oldest first; a line that was not written to its end is left out."""
    try:
        lines = (folder_of(lake, scenario).path / "runs.jsonl").read_bytes().splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        try:
            found.append(msgspec.json.decode(line, type=Run))
        except msgspec.MsgspecError:
            continue
    return found


def last_run(lake: Path, scenario: str) -> Run | None:
    """The newest recorded run, or None; reads the end of the record only."""
    try:
        with (folder_of(lake, scenario).path / "runs.jsonl").open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - _TAIL, 0))
            lines = file.read().splitlines()
    except FileNotFoundError:
        return None
    for line in reversed(lines):
        try:
            return msgspec.json.decode(line, type=Run)
        except msgspec.MsgspecError:
            continue
    return None


def record(lake: Path, run: Run) -> None:
    """Add a run to those of its scenario."""
    path = folder_of(lake, run.scenario).path
    path.mkdir(parents=True, exist_ok=True)
    with (path / "runs.jsonl").open("ab") as file:
        file.write(msgspec.json.encode(run) + b"\n")


def _serve(connection: duckdb.DuckDBPyConnection, query: Query, servings: list[Serving], now: int) -> None:
    """Make the relation ``serving``: one row for each serving, with its territory, the day, and its parameters."""
    columns = "".join(f', "{name}" INTEGER' for name in query.parameters)
    connection.execute(f"CREATE TABLE serving (serving VARCHAR, territory VARCHAR, today DATE{columns})")
    marks = ", ".join("?" * (3 + len(query.parameters)))
    for one in servings:
        values = [one.values.get(name, parameter.default) for name, parameter in query.parameters.items()]
        connection.execute(
            f"INSERT INTO serving VALUES ({marks})", [one.id, one.territory, _today(now), *values]
        )


def _hits(query: Query, rows: list[dict[str, object]], now: int) -> tuple[Hit, ...]:
    shown = tuple(dict.fromkeys([*query.evidence, *query.answers.values()]))
    found: dict[tuple[str, str], Hit] = {}
    for row in rows:
        empty = next(
            (name for name in ("serving", "subject", "territory", "reason_zh", "reason_en") if not row[name]),
            "",
        )
        if empty:
            raise BadResult(Text(f"结果里有一行没有 {empty}", f"A row of the result has no {empty}"))
        hit = Hit(
            serving=str(row["serving"]),
            same=str(row[query.same]),
            subject=str(row["subject"]),
            territory=str(row["territory"]),
            reason_zh=str(row["reason_zh"]),
            reason_en=str(row["reason_en"]),
            evidence=msgspec.json.encode({name: _plain(row[name]) for name in shown}).decode(),
            first_seen=now,
            last_seen=now,
        )
        if hit.key in found:
            raise BadResult(
                Text(
                    f"上架 {hit.serving} 里 {hit.same} 找到了两次；用 GROUP BY 并成一行",
                    f"{hit.same} was found twice in the serving {hit.serving}: make it one row with GROUP BY",
                )
            )
        found[hit.key] = hit
    return tuple(found.values())


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _today(now: int) -> date:
    return date(1970, 1, 1) + timedelta(days=(now + CHINA) // DAY)
