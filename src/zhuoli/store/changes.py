"""What one transaction changes in the tables beside the ledger: rows to add, and statements to run after that.

Rows of a case are compared before and after, and only changed columns are written.
"""

from __future__ import annotations

from functools import cache
from operator import attrgetter
from typing import Any

import msgspec

from zhuoli.core.case.rows import Rows
from zhuoli.store.driver import Driver, Params
from zhuoli.store.records import (
    BOOKINGS,
    CASES,
    PARTIES,
    REFERENCES,
    SHARES,
    SUBJECTS,
    TASKS,
    WAKES,
    Table,
)

# A wake whose instant changed is a new appointment: nobody has taken it.
_WAKE_AGAIN = (
    "UPDATE store_wake SET kind = ?, at = ?, lease_until = 0, lease_by = '', tries = 0"
    " WHERE case_id = ? AND key = ?"
)


class Changes:
    """Rows and statements in the making; nothing is asked of the database until they are written."""

    def __init__(self) -> None:
        self._inserts: dict[str, tuple[tuple[str, ...], list[Params]]] = {}
        self._statements: dict[str, list[Params]] = {}

    def insert(self, table: str, columns: tuple[str, ...], row: Params) -> None:
        """Note a row to be added."""
        found = self._inserts.get(table)
        if found is None:
            self._inserts[table] = (columns, [row])
        else:
            found[1].append(row)

    def later(self, sql: str, params: Params) -> None:
        """Note a statement to be run after the rows are added."""
        found = self._statements.get(sql)
        if found is None:
            self._statements[sql] = [params]
        else:
            found.append(params)

    def rows(self, old: Rows | None, new: Rows) -> None:
        """Note what changes between the rows of a case before and after; before its opening there are none."""
        if old is None:
            self.insert(CASES.name, CASES.columns, _values(new.case))
            for table, added in zip(_KEYED, _keyed(new), strict=True):
                for row in added.values():
                    self.insert(table.name, table.columns, _values(row))
            return
        if old.case != new.case:
            self._change(CASES, old.case, new.case)
        for table, was, now in zip(_KEYED, _keyed(old), _keyed(new), strict=True):
            if was != now:
                self._compare(table, was, now)

    def _compare(self, table: Table, old: dict[str, Any], new: dict[str, Any]) -> None:
        for key, row in new.items():
            was = old.get(key)
            if was is None:
                self.insert(table.name, table.columns, _values(row))
            elif was != row:
                self._change(table, was, row)
        for key, row in old.items():
            if key not in new:
                self.later(_delete_sql(table), _values(row)[: table.keys])

    def _change(self, table: Table, old: msgspec.Struct, new: msgspec.Struct) -> None:
        if table is WAKES:
            self.later(_WAKE_AGAIN, (new.kind, new.at, new.case, new.key))  # type: ignore[attr-defined]
            return
        was, values = _values(old), _values(new)
        changed = tuple(i for i in range(table.keys, len(values)) if was[i] != values[i])
        self.later(_update_sql(table, changed), (*(values[i] for i in changed), *values[: table.keys]))

    def write(self, driver: Driver) -> None:
        """Write everything, many rows of a table at once.

        Raises:
            Duplicate: a key of a table is taken.
        """
        for table, (columns, params) in self._inserts.items():
            driver.insert(table, columns, params)
        for sql, params in self._statements.items():
            driver.run_all(sql, params)


_values = msgspec.structs.astuple
_KEYED = (TASKS, WAKES, PARTIES, REFERENCES, SUBJECTS, BOOKINGS, SHARES)
_keyed = attrgetter("tasks", "wakes", "parties", "references", "subjects", "bookings", "shares")
"""The rows of each of these tables, in the same order."""


@cache
def _update_sql(table: Table, changed: tuple[int, ...]) -> str:
    sets = ", ".join(f"{table.columns[i]} = ?" for i in changed)
    return f"UPDATE {table.name} SET {sets} WHERE {_where(table)}"  # noqa: S608 - names of our own


@cache
def _delete_sql(table: Table) -> str:
    return f"DELETE FROM {table.name} WHERE {_where(table)}"  # noqa: S608 - names of our own


def _where(table: Table) -> str:
    return " AND ".join(f"{name} = ?" for name in table.columns[: table.keys])
