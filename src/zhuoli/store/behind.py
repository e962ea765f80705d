"""Rows of a bulk are written by a second thread, while the first decides what comes next.

It is one connection and one transaction all the same: whatever asks the database, and the commit, waits until all that
was given to the second thread is written, and raises what went wrong there.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from zhuoli.store.driver import Driver, Params, Row


class WriteBehind:
    """A driver that inserts later, in the order in which it was told to."""

    def __init__(self, driver: Driver) -> None:
        self.vendor = driver.vendor
        self._driver = driver
        self._hand = ThreadPoolExecutor(1, thread_name_prefix="write-behind")
        self._waiting: list[Future[None]] = []

    def begin(self) -> None:
        """Begin."""
        self._driver.begin()

    def commit(self) -> None:
        """Wait until everything is written, and commit."""
        self._wait()
        self._hand.shutdown()
        self._driver.commit()

    def rollback(self) -> None:
        """Wait until nothing is being written, and roll back; what went wrong in writing is told already or does not matter."""
        for each in self._waiting:
            each.cancel()
        self._hand.shutdown(wait=True)
        self._waiting.clear()
        self._driver.rollback()

    def one(self, sql: str, params: Params) -> Row | None:
        """Return the first row of a query."""
        self._wait()
        return self._driver.one(sql, params)

    def all(self, sql: str, params: Params = ()) -> list[Any]:
        """Return every row of a query."""
        self._wait()
        return self._driver.all(sql, params)

    def run(self, sql: str, params: Params) -> None:
        """Execute a statement."""
        self._wait()
        self._driver.run(sql, params)

    def insert(self, table: str, columns: tuple[str, ...], rows: list[Params]) -> None:
        """Insert rows, later; a mistake comes with whatever is asked next, or with ``commit``."""
        self._waiting.append(self._hand.submit(self._driver.insert, table, columns, rows))

    def run_all(self, sql: str, rows: list[Params]) -> None:
        """Execute a statement for each row."""
        self._wait()
        self._driver.run_all(sql, rows)

    def _wait(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            for each in waiting:
                each.result()
        except BaseException:
            for each in waiting:
                each.cancel()
            with suppress(BaseException):
                for each in waiting:
                    each.exception()
            raise
