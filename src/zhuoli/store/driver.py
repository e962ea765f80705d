"""One transaction on the driver's own connection, alike on SQLite and PostgreSQL.

The connection is Django's (one per thread, opened with its settings), the transaction is not: ``atomic`` costs more
than the statements it surrounds. SQL is written once, with ``?`` for parameters.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from functools import cache
from itertools import chain
from typing import Any, Protocol

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from zhuoli.store.driver_base import Duplicate, Params, Retry, Row, StoreBusy, insert_sql

__all__ = [
    "Driver",
    "Duplicate",
    "Params",
    "Retry",
    "Row",
    "StoreBusy",
    "chunks",
    "insert_sql",
    "many_sql",
    "open_driver",
    "pause",
]

ROWS_AT_ONCE = 100
"""SQLite is given so many rows with one statement; of 36 columns, as the widest table has, it takes 900."""


class Driver(Protocol):
    """What the append module needs of a database, within one transaction."""

    vendor: str

    def begin(self) -> None:
        """Begin; on SQLite this takes the write lock."""
        ...

    def commit(self) -> None:
        """Commit; returns when the database has made it durable."""
        ...

    def rollback(self) -> None:
        """Roll back; never raises."""
        ...

    def one(self, sql: str, params: Params) -> Row | None:
        """Return the first row of a query."""
        ...

    def all(self, sql: str, params: Params = ()) -> list[Any]:
        """Return every row of a query."""
        ...

    def run(self, sql: str, params: Params) -> None:
        """Execute a statement; on PostgreSQL its error may come with a later statement or with ``commit``."""
        ...

    def insert(self, table: str, columns: tuple[str, ...], rows: list[Params]) -> None:
        """Insert rows."""
        ...

    def run_all(self, sql: str, rows: list[Params]) -> None:
        """Execute a statement for each row of parameters."""
        ...


def open_driver(alias: str, *, bulk: bool = False) -> Driver:
    """Return the driver of this thread's connection; ``bulk`` for many rows at once.

    Raises:
        RuntimeError: the caller has a Django transaction open; the door to the ledger opens its own.
        StoreBusy: there is no connection to be had.
    """
    wrapper = connections[alias]
    if wrapper.in_atomic_block:
        raise RuntimeError("the ledger opens its own transaction; do not call it inside atomic()")
    if wrapper.connection is None:
        try:
            wrapper.ensure_connection()
        except Exception as error:
            raise StoreBusy(str(error)) from error
    if wrapper.vendor == "sqlite":
        return SqliteDriver(wrapper)
    # Only where it is needed: its library takes a tenth of a second to import.
    from zhuoli.store.driver_postgresql import PostgresDriver

    return PostgresDriver(wrapper, bulk)


@cache
def many_sql(table: str, columns: tuple[str, ...], rows: int) -> str:
    """Return the INSERT statement for so many rows."""
    head, _, row = insert_sql(table, columns).partition(" VALUES ")
    return f"{head} VALUES {', '.join([row] * rows)}"


class SqliteDriver:
    """SQLite: one writer at a time, from BEGIN IMMEDIATE to COMMIT."""

    vendor = "sqlite"

    def __init__(self, wrapper: BaseDatabaseWrapper) -> None:
        self._wrapper = wrapper
        self._connection: sqlite3.Connection = wrapper.connection
        self.execute = self._connection.execute

    def begin(self) -> None:
        """Take the write lock, waiting as long as the settings say."""
        try:
            self.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise StoreBusy(str(error)) from error

    def commit(self) -> None:
        """Commit."""
        try:
            self.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self.rollback()
            raise StoreBusy(str(error)) from error

    def rollback(self) -> None:
        """Roll back if there is something to roll back."""
        if self._connection.in_transaction:
            self.execute("ROLLBACK")

    def one(self, sql: str, params: Params) -> Row | None:
        """Return the first row."""
        row: Row | None = self.execute(sql, params).fetchone()
        return row

    def all(self, sql: str, params: Params = ()) -> list[Any]:
        """Return every row."""
        rows: list[Any] = self.execute(sql, params).fetchall()
        return rows

    def run(self, sql: str, params: Params) -> None:
        """Execute a statement."""
        try:
            self.execute(sql, params)
        except sqlite3.IntegrityError as error:
            raise Duplicate(str(error)) from error

    def insert(self, table: str, columns: tuple[str, ...], rows: list[Params]) -> None:
        """Insert rows, many with one statement."""
        at = 0
        if len(rows) >= ROWS_AT_ONCE:
            sql = many_sql(table, columns, ROWS_AT_ONCE)
            try:
                while len(rows) - at >= ROWS_AT_ONCE:
                    self.execute(sql, list(chain.from_iterable(rows[at : at + ROWS_AT_ONCE])))
                    at += ROWS_AT_ONCE
            except sqlite3.IntegrityError as error:
                raise Duplicate(str(error)) from error
        if at < len(rows):
            self.run_all(insert_sql(table, columns), rows[at:] if at else rows)

    def run_all(self, sql: str, rows: list[Params]) -> None:
        """Execute a statement for each row."""
        try:
            if len(rows) == 1:
                self.execute(sql, rows[0])
            else:
                self._connection.executemany(sql, rows)
        except sqlite3.IntegrityError as error:
            raise Duplicate(str(error)) from error


def pause(attempt: int) -> None:
    """Wait a moment before another attempt: 5, 10, 20 ms …"""
    time.sleep(0.005 * 2**attempt)


def chunks(values: Iterable[Any], size: int = 500) -> Iterable[list[Any]]:
    """Cut values into lists of at most ``size``: SQLite takes a limited number of parameters."""
    chunk: list[Any] = []
    for value in values:
        chunk.append(value)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
