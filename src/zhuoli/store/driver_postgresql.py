"""The driver of PostgreSQL; see ``zhuoli.store.driver``."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from functools import cache
from typing import Any

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.types.numeric import Int8Dumper

from zhuoli.store.driver_base import Duplicate, Params, Retry, Row, StoreBusy, insert_sql

CopyThreshold = 16
"""From so many rows on PostgreSQL is given a COPY instead of single INSERTs."""


@cache
def copy_sql(table: str, columns: tuple[str, ...]) -> str:
    """Return the COPY statement for a table's columns; binary, since text doubles what is sealed."""
    return f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"


def column_types(cursor: psycopg.Cursor[Any], table: str, columns: tuple[str, ...]) -> Sequence[int]:
    """Return the types (OIDs) of columns on PostgreSQL; the database is asked once, since built-in types are meant."""
    found = _TYPES.get((table, columns))
    if found is None:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table} LIMIT 0")  # noqa: S608 - names of our own
        found = _TYPES[table, columns] = [column.type_code for column in cursor.description or ()]
    return found


_TYPES: dict[tuple[str, tuple[str, ...]], Sequence[int]] = {}


class PostgresDriver:
    """PostgreSQL: statements are sent together (pipeline mode), so a command costs two round trips."""

    vendor = "postgresql"

    def __init__(self, wrapper: BaseDatabaseWrapper, bulk: bool) -> None:
        self._wrapper = wrapper
        self._connection: psycopg.Connection[Any] = wrapper.connection
        self._bulk = bulk
        self._cursor = _cursor(wrapper)
        self._pipeline = ExitStack()

    def begin(self) -> None:
        """Begin; nothing is sent yet."""
        try:
            if not self._bulk:
                self._pipeline.enter_context(self._connection.pipeline())
            self._cursor.execute("BEGIN")
        except psycopg.Error as error:
            raise self._translate(error) from error

    def commit(self) -> None:
        """Send what is waiting, and commit."""
        try:
            self._cursor.execute("COMMIT")
            self._pipeline.close()
        except psycopg.Error as error:
            self.rollback()
            raise self._translate(error) from error

    def rollback(self) -> None:
        """Leave the pipeline and roll back; a broken connection is given up."""
        with suppress(psycopg.Error):  # the error that matters is already on its way
            self._pipeline.close()
        try:
            if not self._connection.closed and self._connection.info.transaction_status:
                self._connection.execute("ROLLBACK")
        except psycopg.Error:
            self._wrapper.close()
        if self._connection.closed:
            self._wrapper.close()

    def one(self, sql: str, params: Params) -> Row | None:
        """Return the first row."""
        try:
            row: Row | None = self._cursor.execute(_percent(sql), params, prepare=True).fetchone()
        except psycopg.Error as error:
            raise self._translate(error) from error
        return row

    def all(self, sql: str, params: Params = ()) -> list[Any]:
        """Return every row."""
        try:
            return self._cursor.execute(_percent(sql), params, prepare=True).fetchall()
        except psycopg.Error as error:
            raise self._translate(error) from error

    def run(self, sql: str, params: Params) -> None:
        """Execute a statement."""
        try:
            self._cursor.execute(_percent(sql), params, prepare=True)
        except psycopg.Error as error:
            raise self._translate(error) from error

    def insert(self, table: str, columns: tuple[str, ...], rows: list[Params]) -> None:
        """Insert rows, by COPY where they are many."""
        if not self._bulk or len(rows) < CopyThreshold:
            self.run_all(insert_sql(table, columns), rows)
            return
        try:
            types = column_types(self._cursor, table, columns)
            with self._cursor.copy(copy_sql(table, columns)) as copy:
                copy.set_types(types)
                for row in rows:
                    copy.write_row(row)
        except psycopg.Error as error:
            raise self._translate(error) from error

    def run_all(self, sql: str, rows: list[Params]) -> None:
        """Execute a statement for each row."""
        try:
            if len(rows) == 1 or not self._bulk:
                for row in rows:
                    self._cursor.execute(_percent(sql), row, prepare=True)
            else:
                self._cursor.executemany(_percent(sql), rows)
        except psycopg.Error as error:
            raise self._translate(error) from error

    def _translate(self, error: psycopg.Error) -> Exception:
        if isinstance(error, psycopg.errors.UniqueViolation | psycopg.errors.RestrictViolation):
            return Duplicate(str(error))
        if isinstance(error, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure):
            return Retry(str(error))
        if isinstance(error, psycopg.OperationalError):
            return StoreBusy(str(error))
        return error


def _cursor(wrapper: BaseDatabaseWrapper) -> psycopg.Cursor[Any]:
    """Return the connection's cursor for this module; it remembers how values are adapted, so it is kept."""
    cursor: psycopg.Cursor[Any] | None = getattr(wrapper, "zhuoli_cursor", None)
    if cursor is None or cursor.closed or cursor.connection is not wrapper.connection:
        cursor = psycopg.Cursor(wrapper.connection)
        # One type for all integers, so that one prepared statement serves all values.
        cursor.adapters.register_dumper(int, Int8Dumper)
        setattr(wrapper, "zhuoli_cursor", cursor)  # noqa: B010 - Django knows no such attribute
    return cursor


@cache
def _percent(sql: str) -> str:
    return sql.replace("?", "%s")
