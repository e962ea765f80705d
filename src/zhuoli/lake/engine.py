"""One connection on which queries are asked: registers as they stand, read once where several queries want them; servings of any number.

    with Engine(lake, registers) as engine:
        answer = engine.ask(scenario, slots, now=now)

An answer holds the rows of all servings and, apart from them, the servings of which something cannot be used.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Literal

import duckdb
import msgspec

from zhuoli.core.registers.model import Register
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.queries import DIGITS as DIGITS_OF
from zhuoli.core.scenario.queries import REQUIRED, Query, Serving
from zhuoli.core.text import Text
from zhuoli.core.worktime.instants import local
from zhuoli.lake.folder import RegisterFolder, State
from zhuoli.lake.reading import view_of
from zhuoli.lake.results import Row
from zhuoli.lake.shapes import DIGITS, PREFIX, Places, Shape

MEMORY = "640MB"
"""What queries may hold; with the program itself it stays below 1 GB."""
LONGEST = 600.0
"""Seconds after which a query is stopped."""
HELD = 160_000_000
"""A register that several queries want is held in memory if what they want of it takes no more bytes than this."""
OFTEN = 4
"""A register that fewer queries want is read from its files each time: decoding all of it costs more."""
MANY = 8
"""From so many servings on their territories are looked up instead of compared one by one."""
SPILL = ".spill-"
_LONGEST = max(DIGITS_OF.values())
_WIDTH = {"string": 16, "integer": 8, "number": 8, "boolean": 1, "date": 4, "datetime": 8}


class BadResult(ValueError):
    """What a query gave cannot be used."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class Wrong(msgspec.Struct, frozen=True):
    """Why the rows of a serving cannot be used: a column that is ``empty`` in one of them, or something found ``twice``."""

    kind: Literal["empty", "twice"]
    value: str

    def told(self, serving: str) -> Text:
        """Say it to people."""
        if self.kind == "empty":
            return Text(f"结果里有一行没有 {self.value}", f"A row of the result has no {self.value}")
        return Text(
            f"上架 {serving} 里 {self.value} 找到了两次；用 GROUP BY 并成一行",
            f"{self.value} was found twice in the serving {serving}: make it one row with GROUP BY",
        )


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a query found: rows by serving, what is wrong with those of a serving, seconds, the most memory it held (bytes)."""

    rows: Mapping[str, Sequence[Row]]
    bad: Mapping[str, Wrong]
    seconds: float
    memory: int


class Engine:
    """Asks queries over the registers of one lake on one connection; a context manager."""

    def __init__(
        self,
        lake: Path,
        registers: Mapping[str, Register],
        *,
        memory: str = MEMORY,
    ) -> None:
        self._lake = lake
        self._registers = registers
        self._spill = lake / f"{SPILL}{secrets.token_hex(4)}"
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": str(self._spill),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
            "preserve_insertion_order": False,
        }
        self._db = duckdb.connect(config=config)
        self._seen: dict[str, State | None] = {}
        self._wanted: dict[str, list[set[str]]] = {}
        self._held: set[str] = set()

    def __enter__(self) -> Engine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        shutil.rmtree(self._spill, ignore_errors=True)

    # --- registers

    def expect(self, queries: Iterable[tuple[Query, str]]) -> None:
        """Say which queries (with their texts) will be asked, so that what several of them read is read once."""
        self._wanted = {}
        for query, sql in queries:
            for name in query.reads:
                if name in self._registers:
                    self._wanted.setdefault(name, []).append(_named(self._registers[name], sql))

    def see(self, names: Iterable[str]) -> dict[str, State | None]:
        """Let the registers be as they stand now, and return how they stand.

        What is asked next reads exactly these rows, whatever is imported meanwhile.
        """
        standing = {}
        for name in names:
            state = RegisterFolder(self._lake, name).state()
            if name not in self._seen or self._seen[name] != state:
                self._drop(name)
                self._show(name, state)
                self._seen[name] = state
            standing[name] = state
        return standing

    def digest(self, register: Register, state: State) -> str:
        """Return one word for the rows of a register in a state: the same for the same rows in any order (DuckDB's hash, added up)."""
        names = ", ".join(f'"{name}"' for name in register.names)
        self._db.execute(view_of(self._lake, register, state, view="_whole"))
        row = self._db.execute(
            f'SELECT count(*), sum(CAST(hash({names}) AS HUGEINT)), sum(CAST(hash({names}, 1) AS HUGEINT)) FROM "_whole"'
        ).fetchone()
        self._db.execute('DROP VIEW "_whole"')
        word = f"{register.names} {row} {duckdb.__version__}"
        return hashlib.sha256(word.encode()).hexdigest()[:32]

    def done(self, query: Query) -> None:
        """Say that one of the expected queries was asked: what nobody wants any more is let go."""
        for name in query.reads:
            wanted = self._wanted.get(name)
            if wanted:
                wanted.pop()
            if not wanted and name in self._held:
                self._drop(name)

    def _show(self, name: str, state: State | None) -> None:
        register = self._registers[name]
        wanted = self._wanted.get(name, [])
        if state is None or len(wanted) < OFTEN or not state.rows:
            self._db.execute(view_of(self._lake, register, state))
            return
        fields = [one for one in register.fields if any(one.name in each for each in wanted)]
        if state.rows * sum(_WIDTH[one.type] for one in fields) > HELD:
            self._db.execute(view_of(self._lake, register, state))
            return
        self._db.execute(view_of(self._lake, register, state, view="_whole"))
        names = ", ".join(f'"{one.name}"' for one in fields) or f'"{register.fields[0].name}"'
        self._db.execute(f'CREATE TABLE "{name}" AS SELECT {names} FROM "_whole"')
        self._db.execute('DROP VIEW "_whole"')
        self._held.add(name)

    def _drop(self, name: str) -> None:
        if self._seen.pop(name, "") == "":
            return
        kind = "TABLE" if name in self._held else "VIEW"
        self._db.execute(f'DROP {kind} "{name}"')
        self._held.discard(name)
        for (table,) in self._db.execute(
            "SELECT table_name FROM duckdb_tables() WHERE starts_with(table_name, ?)", [f"_codes_{name}."]
        ).fetchall():
            self._db.execute(f'DROP TABLE "{table}"')

    # --- queries

    def stop(self) -> None:
        """Stop the query that is being asked in another thread, if there is one."""
        self._db.interrupt()

    def ask(
        self,
        scenario: Scenario,
        servings: Sequence[Serving],
        *,
        shape: Shape | None,
        now: int,
        longest: float = LONGEST,
    ) -> Answer:
        """Ask a checked query for servings with ids of their own, over what was last seen of its registers.

        By its ``shape`` (see ``wants_shape``) places are looked up; without one they are compared.

        Raises:
            BadResult: it takes longer than ``longest`` seconds, or gives a row that belongs to no serving.
            duckdb.Error: it cannot be run.
        """
        query = scenario.query
        assert query is not None  # noqa: S101 - callers choose scenarios with a query
        began = time.monotonic()
        self._serve(query, servings, now)
        sql = scenario.sql
        if shape is not None and shape.places:
            digits = max(len(one.territory) for one in servings)
            self._db.execute(f"SET VARIABLE {DIGITS} = {digits}")
            for places in shape.places:
                self._place(places, digits)
            sql = shape.by_places
        self._db.execute("PRAGMA enable_profiling = 'no_output'")
        alarm = threading.Timer(longest, self._db.interrupt)
        alarm.start()
        try:
            self._db.execute(f"CREATE OR REPLACE TEMP TABLE _found AS {sql}\n")
            memory = self._memory()
            self._db.execute("PRAGMA disable_profiling")
            rows, bad = self._rows(query, {one.id for one in servings})
        except duckdb.InterruptException:
            raise BadResult(
                Text(f"查了 {longest:.0f} 秒还没查完，停下了", f"It was stopped after {longest:.0f} seconds")
            ) from None
        finally:
            alarm.cancel()
        return Answer(rows=rows, bad=bad, seconds=time.monotonic() - began, memory=memory)

    def _serve(self, query: Query, servings: Sequence[Serving], now: int) -> None:
        """Make the relation ``serving``: one row for each serving, with its territory, the day, and its parameters."""
        columns = "".join(f', "{name}" INTEGER' for name in query.parameters)
        self._db.execute(
            f"CREATE OR REPLACE TABLE serving (serving VARCHAR, territory VARCHAR, today DATE{columns})"
        )
        day = today(now)
        marks = f"({', '.join('?' * (3 + len(query.parameters)))})"
        for start in range(0, len(servings), 100):
            some = servings[start : start + 100]
            values = [
                each
                for one in some
                for each in (
                    one.id,
                    one.territory,
                    day,
                    *(one.values.get(name, of.default) for name, of in query.parameters.items()),
                )
            ]
            if some:
                self._db.execute(f"INSERT INTO serving VALUES {', '.join([marks] * len(some))}", values)

    def _place(self, places: Places, digits: int) -> None:
        """Make a relation of servings by the first digits of the codes that stand in a register's column."""
        codes = f'"_codes_{places.register}.{places.column}"'
        self._db.execute(
            f'CREATE TABLE IF NOT EXISTS {codes} AS SELECT DISTINCT left("{places.column}", {_LONGEST}) AS code FROM "{places.register}"'
        )
        self._db.execute(
            f"CREATE OR REPLACE TEMP TABLE {places.relation} AS SELECT s.*, d.code AS {PREFIX} "
            f"FROM serving s JOIN (SELECT DISTINCT left(code, {digits}) AS code FROM {codes}) d ON starts_with(d.code, s.territory)"
        )

    def _memory(self) -> int:
        profile = msgspec.json.decode(self._db.get_profiling_information())
        return int(profile.get("system", {}).get("peak_buffer_memory", 0))

    def _rows(self, query: Query, ids: set[str]) -> tuple[dict[str, list[Row]], dict[str, Wrong]]:
        types = {name: kind for name, kind, *_ in self._db.execute("DESCRIBE _found").fetchall()}
        words = {name: f'CAST("{name}" AS VARCHAR)' for name in dict.fromkeys([*REQUIRED, query.same])}
        empty = [
            f"coalesce({word}, '') = ''"
            for name, word in words.items()
            if name in REQUIRED and name != "serving"
        ]
        missing = " ".join(f"WHEN {one} THEN '{name}'" for one, name in zip(empty, REQUIRED[1:], strict=True))
        bad: dict[str, Wrong] = {}
        for serving, name in self._db.execute(
            f"SELECT {words['serving']}, min(CASE {missing} END) FROM _found GROUP BY 1 "
            f"HAVING {words['serving']} IS NULL OR bool_or({' OR '.join(empty)}) ORDER BY 1"
        ).fetchall():
            if serving is None:
                raise BadResult(Text("结果里有一行没有 serving", "A row of the result has no serving"))
            bad[serving] = Wrong("empty", name)
        for serving, same in self._db.execute(
            f"SELECT {words['serving']}, min(same) FROM (SELECT serving, {words[query.same]} AS same FROM _found "
            "GROUP BY 1, 2 HAVING count(*) > 1) GROUP BY 1 ORDER BY 1"
        ).fetchall():
            bad.setdefault(serving, Wrong("twice", same))
        shown = [
            name for name in dict.fromkeys([*query.evidence, *query.answers.values()]) if name not in REQUIRED
        ]
        evidence = ", ".join(f"'{name}', {_plain(name, types[name])}" for name in shown)
        cells = ", ".join(words[name] for name in REQUIRED[1:])
        found: dict[str, list[Row]] = {}
        cursor = self._db.execute(
            f"SELECT {words['serving']}, {words[query.same]}, {cells}, CAST(json_object({evidence}) AS VARCHAR) "
            "FROM _found ORDER BY 1, 2"
        )
        while some := cursor.fetchmany(20_000):
            for row in some:
                found.setdefault(row[0], []).append(row)
        if foreign := found.keys() - ids:
            name = min(foreign)
            raise BadResult(
                Text(
                    f"结果里有一行的 serving 是 {name}，没有这个上架",
                    f"A row of the result has the serving {name}, which there is not",
                )
            )
        return {serving: rows for serving, rows in found.items() if serving not in bad}, bad


def wants_shape(servings: int) -> bool:
    """Whether it is worth looking places up for so many servings."""
    return servings >= MANY


def today(now: int) -> date:
    """The day in China at an instant (ms UTC)."""
    return local(now).date()


def _named(register: Register, sql: str) -> set[str]:
    """The fields of a register that a text names: all that it may read, since no query says ``*``."""
    words = {word.lower() for word in re.findall(r"\w+", sql)}
    return {one.name for one in register.fields if one.name.lower() in words}


def _plain(name: str, kind: str) -> str:
    """SQL for a value as JSON holds it: numbers and truth as such, what has no number (NaN) as null, all else in words."""
    if kind in ("DOUBLE", "FLOAT"):
        return f'CASE WHEN isfinite("{name}") THEN "{name}" END'
    if kind == "BOOLEAN" or kind.endswith("INT") or kind == "INTEGER":
        return f'"{name}"'
    return f'CAST("{name}" AS VARCHAR)'
