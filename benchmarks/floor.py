"""What the database alone would take: the statements of a run, recorded with their parameters and replayed by the bare driver."""

from __future__ import annotations

import sqlite3
import time
from itertools import chain
from typing import Any

import psycopg

from zhuoli.store import driver as drivers
from zhuoli.store import driver_postgresql

Statement = tuple[str, str, Any]
"""How (``one``, ``all``, ``run``, ``many``, ``copy``, ``begin``, ``commit``), SQL, parameters."""


class Recorder:
    """A driver that does what it is told and writes it down."""

    def __init__(self, inner: Any, tape: list[Statement]) -> None:
        self.inner, self.tape, self.vendor = inner, tape, inner.vendor

    def begin(self) -> None:
        self.tape.append(("begin", "", getattr(self.inner, "_bulk", False)))
        self.inner.begin()

    def commit(self) -> None:
        self.tape.append(("commit", "", None))
        self.inner.commit()

    def rollback(self) -> None:
        raise AssertionError("nothing is rolled back in this benchmark")

    def one(self, sql: str, params: Any) -> Any:
        self.tape.append(("one", sql, params))
        return self.inner.one(sql, params)

    def all(self, sql: str, params: Any = ()) -> Any:
        self.tape.append(("all", sql, params))
        return self.inner.all(sql, params)

    def run(self, sql: str, params: Any) -> None:
        self.tape.append(("many", sql, [params]))
        self.inner.run(sql, params)

    def insert(self, table: str, columns: tuple[str, ...], rows: list[Any]) -> None:
        if self.vendor == "postgresql" and self.inner._bulk and len(rows) >= driver_postgresql.CopyThreshold:
            self.tape.append(("copy", table, (columns, rows)))
        else:
            at, step = 0, drivers.ROWS_AT_ONCE
            while self.vendor == "sqlite" and len(rows) - at >= step:
                flat = list(chain.from_iterable(rows[at : at + step]))
                self.tape.append(("many", drivers.many_sql(table, columns, step), [flat]))
                at += step
            if rows[at:]:
                self.tape.append(("many", drivers.insert_sql(table, columns), rows[at:]))
        self.inner.insert(table, columns, rows)

    def run_all(self, sql: str, rows: list[Any]) -> None:
        self.tape.append(("many", sql, rows))
        self.inner.run_all(sql, rows)


def play_sqlite(settings: dict[str, Any], tape: list[Statement]) -> float:
    """Replay statements with sqlite3 alone; return the seconds."""
    connection = sqlite3.connect(settings["NAME"], isolation_level=None, timeout=20, cached_statements=512)
    for pragma in settings["OPTIONS"]["init_command"].split(";"):
        connection.execute(pragma)
    execute = connection.execute
    began = time.perf_counter()
    for how, sql, params in tape:
        if how == "many":
            if len(params) == 1:
                execute(sql, params[0])
            else:
                connection.executemany(sql, params)
        elif how == "one":
            execute(sql, params).fetchone()
        elif how == "all":
            execute(sql, params).fetchall()
        else:
            execute("BEGIN IMMEDIATE" if how == "begin" else "COMMIT")
    taken = time.perf_counter() - began
    connection.close()
    return taken


def play_postgres(settings: dict[str, Any], tape: list[Statement]) -> float:
    """Replay statements with psycopg alone, in pipeline mode and prepared as we do; return the seconds."""
    parts = {
        "host": settings["HOST"],
        "port": settings["PORT"],
        "user": settings["USER"],
        "dbname": settings["NAME"],
    }
    with psycopg.connect(
        **{key: value for key, value in parts.items() if value}, autocommit=True
    ) as connection:
        cursor = connection.cursor()
        cursor.adapters.register_dumper(int, psycopg.types.numeric.Int8Dumper)
        tape = [(how, sql.replace("?", "%s"), params) for how, sql, params in tape]
        types = {
            sql: driver_postgresql.column_types(cursor, sql, params[0])
            for how, sql, params in tape
            if how == "copy"
        }
        pipeline: Any = None
        began = time.perf_counter()
        for how, sql, params in tape:
            if how == "begin":
                if not params:
                    pipeline = connection.pipeline()
                    pipeline.__enter__()
                cursor.execute("BEGIN")
            elif how == "commit":
                cursor.execute("COMMIT")
                if pipeline is not None:
                    pipeline.__exit__(None, None, None)
                    pipeline = None
            elif how == "one":
                cursor.execute(sql, params, prepare=True).fetchone()
            elif how == "all":
                cursor.execute(sql, params, prepare=True).fetchall()
            elif how == "copy":
                columns, rows = params
                with cursor.copy(driver_postgresql.copy_sql(sql, columns)) as copy:
                    copy.set_types(types[sql])
                    for row in rows:
                        copy.write_row(row)
            elif pipeline is not None or len(params) == 1:
                for row in params:
                    cursor.execute(sql, row, prepare=True)
            else:
                cursor.executemany(sql, params)
        return time.perf_counter() - began


def play_tiny(settings: dict[str, Any], commits: int) -> float:
    """Update one small row and insert another per commit; return the seconds."""
    if settings["ENGINE"].endswith("sqlite3"):
        connection: Any = sqlite3.connect(settings["NAME"], isolation_level=None)
        for pragma in settings["OPTIONS"]["init_command"].split(";"):
            connection.execute(pragma)
        begin, mark = "BEGIN IMMEDIATE", "?"
    else:
        parts = {key.lower(): settings[key] for key in ("HOST", "PORT", "USER") if settings[key]}
        connection = psycopg.connect(**parts, dbname=settings["NAME"], autocommit=True)
        begin, mark = "BEGIN", "%s"
    connection.execute("CREATE TABLE tiny_case (id integer PRIMARY KEY, state text)")
    connection.execute("CREATE TABLE tiny_entry (id integer PRIMARY KEY, state text)")
    for case in range(8):
        connection.execute(f"INSERT INTO tiny_case VALUES ({mark}, 'a')", (case,))
    began = time.perf_counter()
    for number in range(commits):
        connection.execute(begin)
        connection.execute(f"UPDATE tiny_case SET state = {mark} WHERE id = {mark}", ("b", number % 8))
        connection.execute(f"INSERT INTO tiny_entry VALUES ({mark}, 'b')", (number,))
        connection.execute("COMMIT")
    taken = time.perf_counter() - began
    connection.close()
    return taken


def play(settings: dict[str, Any], tape: list[Statement]) -> float:
    """Replay on either database."""
    return (play_sqlite if settings["ENGINE"].endswith("sqlite3") else play_postgres)(settings, tape)
