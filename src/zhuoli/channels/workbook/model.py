"""What a workbook holds, without a word about Excel: sheets of rows, and where in the folder each cell belongs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from zhuoli.core.text import Text

Place = tuple[str, tuple[str | int, ...]]
"""A part of a folder: the file, and the keys and numbers that lead to it (of a table: record and column)."""

SheetKind = Literal[
    "texts",
    "settings",
    "questions",
    "choices",
    "indicators",
    "parameters",
    "table",
    "notices",
    "process",
    "outcomes",
    "examples",
    "steps",
    "matter",
    "stages",
]


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column: its ``key`` for programs, its heading and an explanation, its width in characters.

    ``locked`` cells are not for typing. ``choices`` are offered in a list; with ``free`` other words are taken, too.
    """

    key: str
    title: Text
    note: Text
    width: int = 24
    locked: bool = False
    choices: tuple[str, ...] = ()
    free: bool = False
    id: bool = False


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row: cells by column key; ``choices`` are lists for single cells, ``head`` marks the beginning of a group."""

    cells: dict[str, str]
    choices: dict[str, tuple[str, ...]] = {}
    head: bool = False


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet. ``file`` is where its rows come from; ``fixed`` says that rows neither come nor go."""

    name: str
    kind: SheetKind
    file: str
    about: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    fixed: bool = False


class Book(msgspec.Struct, frozen=True, kw_only=True):
    """A workbook: of which scenario in which version (none: a new one), and its sheets."""

    scenario: str
    version: str
    title: Text
    sheets: tuple[Sheet, ...]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A row as it was read: its number in the sheet, and its cells by column key."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, key: str) -> str:
        """A cell; empty where there is none."""
        return self.cells.get(key, "")


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet as it was read; ``numbers`` are its columns, from 1, by key."""

    name: str
    kind: SheetKind
    file: str
    numbers: dict[str, int]
    lines: tuple[Line, ...]

    def at(self, number: int, key: str = "") -> Cell:
        """The address of a cell of a row."""
        return Cell(self.name, number, self.numbers.get(key, 0))


class ReadBook(msgspec.Struct, frozen=True, kw_only=True):
    """A workbook as it was read."""

    scenario: str
    version: str
    sheets: tuple[Read, ...]

    def of_kind(self, kind: SheetKind) -> list[Read]:
        """The sheets of one kind, in their order."""
        return [sheet for sheet in self.sheets if sheet.kind == kind]


class Cell(msgspec.Struct, frozen=True):
    """An address: sheet, row and column (from 1; column 0: the whole row)."""

    sheet: str
    row: int
    column: int = 0


Cells = Mapping[Place, Cell]
"""Where each part of a folder stands in the workbook."""
