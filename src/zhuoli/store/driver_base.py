"""What the drivers of both databases have in common; see ``zhuoli.store.driver``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from zhuoli.core.text import Text

Row = Sequence[Any]
Params = Sequence[Any]


class StoreBusy(Exception):
    """The database could not be had in time, or broke off; the command may be sent again with the same key."""

    code = "store_busy"
    text = Text("系统正忙，这一次没有办成。", "The system is busy; this has not been done.")
    remedy = Text(
        "请稍候再试一次，不会重复办理。", "Please try again in a moment; it will not be done twice."
    )

    def __init__(self, why: str) -> None:
        super().__init__(f"{self.code}: {why}")


class Duplicate(Exception):
    """A row with one of these unique values is already there; nothing was written."""


class Retry(Exception):
    """The transaction was chosen as the victim of a deadlock and may simply be tried again."""


@cache
def insert_sql(table: str, columns: tuple[str, ...], mark: str = "?") -> str:
    """Return the INSERT statement for a table's columns."""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"  # noqa: S608
