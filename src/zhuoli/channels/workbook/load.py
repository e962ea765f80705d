"""Reads a workbook: every cell as the text that an author meant, whatever Excel has made of it."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

from zhuoli.channels.workbook.mistakes import mistake
from zhuoli.channels.workbook.model import Cell, Line, Read, ReadBook, SheetKind
from zhuoli.channels.workbook.save import FIRST, FORMAT, HEADING, META
from zhuoli.channels.workbook.words import TABLE
from zhuoli.core.text import Mistake

LARGEST = 20_000_000
"""A larger file is not opened, in bytes."""
MOST_ROWS, MOST_COLUMNS = 20_000, 200


def load(data: bytes, file: str) -> tuple[ReadBook | None, list[Mistake]]:
    """Read the bytes of an ``.xlsx`` file; nothing and the reasons when it is none of ours."""
    from openpyxl import load_workbook

    if len(data) > LARGEST or _unpacked(data) > 10 * LARGEST:
        return None, [mistake("workbook_unreadable", file)]
    try:
        book = load_workbook(io.BytesIO(data), data_only=False)
    except Exception:  # noqa: BLE001 - openpyxl raises whatever the broken file makes it raise
        return None, [mistake("workbook_unreadable", file)]
    if META not in book.sheetnames:
        return None, [mistake("workbook_foreign", file)]
    meta = [
        [_plain(cell.value) for cell in row]
        for row in book[META].iter_rows(max_col=min(book[META].max_column, MOST_COLUMNS))
    ]
    head = [*meta[0], "", "", "", ""] if meta else [""] * 4
    if head[0] != "zhuoli-workbook":
        return None, [mistake("workbook_foreign", file)]
    if head[1] != FORMAT:
        return None, [mistake("workbook_newer", file)]
    found: list[Mistake] = []
    sheets: list[Read] = []
    known = {row[0] for row in meta[1:] if row and row[0]}
    for row in meta[1:]:
        if not row or not row[0]:
            continue
        keys = [key for key in row[3:] if key]  # each with its heading: “type|类型”
        if row[0] not in book.sheetnames:
            found.append(mistake("sheet_missing", file, name=row[0]))
            continue
        sheets.append(_sheet(book[row[0]], row[0], row[1], row[2], keys, file, found))  # type: ignore[arg-type]
    for name in book.sheetnames:
        if name.startswith(TABLE) and name not in known and name[len(TABLE) :].strip():
            stem = name[len(TABLE) :].strip()
            sheets.append(_sheet(book[name], name, "table", f"{stem}.csv", [], file, found))
    return ReadBook(scenario=head[2], version=head[3], sheets=tuple(sheets)), found


def _unpacked(data: bytes) -> int:
    """How large the parts of the archive are together; 0 when it is no archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        return 0


def _sheet(
    page: Any, name: str, kind: SheetKind, file: str, keys: list[str], book: str, found: list[Mistake]
) -> Read:
    most = {"max_row": min(page.max_row, MOST_ROWS), "max_col": min(page.max_column, MOST_COLUMNS)}
    rows = list(page.iter_rows(**most))
    heading = rows[HEADING - 1] if len(rows) >= HEADING else ()
    if kind == "table":  # its own first record is the heading; the row of explanations is no record
        width = max(
            (cell.column for row in rows[HEADING - 1 :] for cell in row if cell.value is not None), default=0
        )
        keys = [str(number) for number in range(width)]
        first = HEADING
        rows = [*rows[:HEADING], (), *rows[HEADING + 1 :]]
    else:
        first = FIRST
        _headings(heading, name, keys, book, found)
        keys = [key.partition("|")[0] for key in keys]
    numbers = {key: number for number, key in enumerate(keys, start=1)}
    lines = []
    for number, row in enumerate(rows[first - 1 :], start=first):
        cells: dict[str, str] = {}
        for key, cell in zip(keys, row, strict=False):
            said = _read(cell, Cell(name, number, numbers[key]), book, found)
            if said:
                cells[key] = said
        if cells:
            lines.append(Line(number=number, cells=cells))
    return Read(name=name, kind=kind, file=file, numbers=numbers, lines=tuple(lines))


def _headings(heading: Any, name: str, keys: list[str], book: str, found: list[Mistake]) -> None:
    """Notice columns that were moved or renamed."""
    for number, (key, cell) in enumerate(zip(keys, heading, strict=False), start=1):
        wanted = key.partition("|")[2]
        shown = _plain(cell.value).partition("\n")[0].strip()
        if shown != wanted:
            place = Cell(name, HEADING, number)
            found.append(mistake("heading_changed", book, place, wanted=wanted, found=shown))


def _read(cell: Any, at: Cell, book: str, found: list[Mistake]) -> str:
    if cell.data_type == "f":
        found.append(mistake("cell_formula", book, at))
        return ""
    if cell.data_type == "e":
        found.append(mistake("cell_error", book, at, value=cell.value))
        return ""
    return _plain(cell.value)


def _plain(value: Any) -> str:
    """The text of a value: 5.0 is “5”, a date is written by the standard, true is as in a scenario."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").strip()
