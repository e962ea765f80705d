"""Reads a workbook: every cell as the text that an author meant, whatever Excel has made of it."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from datetime import date, datetime, time
from typing import Any

from zhuoli.channels.workbook.mistakes import mistake
from zhuoli.channels.workbook.model import Cell, Line, Read, ReadBook, SheetKind
from zhuoli.channels.workbook.save import ABOUT, FIRST, FORMAT, HEADING, LISTS, META
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
    taken: set[str] = set()
    for row in meta[1:]:
        if not row or not row[0]:
            continue
        keys = [key for key in row[3:] if key]  # each with its heading: “type|类型”
        name = _named(book, row[0])
        if not name:
            found.append(_lost(book, row[0], keys, known, file))
            continue
        taken.add(name)
        sheets.append(_sheet(book[name], row[0], row[1], row[2], keys, file, found))  # type: ignore[arg-type]
    for name in book.sheetnames:
        if name.startswith(TABLE) and name not in taken and name[len(TABLE) :].strip():
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


def _named(book: Any, wanted: str) -> str:
    """The sheet of this name, whatever blanks or wide letters came into it; none: nothing."""
    if wanted in book.sheetnames:
        return wanted
    return next((name for name in book.sheetnames if _same(name) == _same(wanted)), "")


def _lost(book: Any, wanted: str, keys: list[str], known: set[str], file: str) -> Mistake:
    """A sheet that is not there; one with its headings under another name is taken for it in words only."""
    heads = {_same(key.partition("|")[2]) for key in keys}
    for name in book.sheetnames:
        if name not in {*known, ABOUT, LISTS, META}:
            row = next(book[name].iter_rows(min_row=HEADING, max_row=HEADING, max_col=MOST_COLUMNS), ())
            if heads <= {_head(cell) for cell in row}:
                return mistake("sheet_renamed", file, name=wanted, found=name)
    return mistake("sheet_missing", file, name=wanted)


def _sheet(
    page: Any, name: str, kind: SheetKind, file: str, keys: list[str], book: str, found: list[Mistake]
) -> Read:
    most = {"max_row": min(page.max_row, MOST_ROWS), "max_col": min(page.max_column, MOST_COLUMNS)}
    rows = list(page.iter_rows(**most))
    if kind == "table":  # its own first record is the heading; the row of explanations is no record
        width = max(
            (cell.column for row in rows[HEADING - 1 :] for cell in row if cell.value is not None), default=0
        )
        numbers = {str(number): number + 1 for number in range(width)}
        first = HEADING
        rows = [*rows[:HEADING], (), *rows[HEADING + 1 :]]
    else:
        first = FIRST
        numbers = _columns(rows, name, keys, book, found)
    lines = []
    for number, row in enumerate(rows[first - 1 :], start=first):
        cells: dict[str, str] = {}
        for key, column in numbers.items():
            said = (
                _read(row[column - 1], Cell(name, number, column), book, found) if column <= len(row) else ""
            )
            if said:
                cells[key] = said
        if cells:
            lines.append(Line(number=number, cells=cells))
    return Read(name=name, kind=kind, file=file, numbers=numbers, lines=tuple(lines))


def _columns(rows: list[Any], name: str, keys: list[str], book: str, found: list[Mistake]) -> dict[str, int]:
    """The column (from 1) of each key: that of its heading, wherever it was moved to."""
    heading = rows[HEADING - 1] if len(rows) >= HEADING else ()
    shown: dict[str, list[int]] = {}
    for cell in heading:
        shown.setdefault(_head(cell), []).append(cell.column)
    wanted = {key.partition("|")[0]: key.partition("|")[2] for key in keys}
    if not any(_same(title) in shown for title in wanted.values()):
        found.append(
            mistake("headings_gone", book, Cell(name, HEADING), wanted=next(iter(wanted.values()), ""))
        )
        return {}
    numbers: dict[str, int] = {}
    told: set[int] = set()
    ours = {_same(title) for title in wanted.values()}
    for number, (key, title) in enumerate(wanted.items(), start=1):
        places = shown.get(_same(title), [])
        if places:
            numbers[key] = places[0]
            for twice in places[1:]:
                found.append(mistake("heading_twice", book, Cell(name, HEADING, twice), heading=title))
            continue
        here = heading[number - 1] if number <= len(heading) else None
        said = _plain(here.value).partition("\n")[0].strip() if here is not None else ""
        if said and _head(here) not in ours:
            told.add(number)
            found.append(
                mistake("heading_changed", book, Cell(name, HEADING, number), wanted=title, found=said)
            )
        else:
            found.append(mistake("column_missing", book, Cell(name, HEADING), wanted=title))
    if len(numbers) + len(told) == len(wanted):  # else a column more is the smaller part of what is wrong
        _unknown(rows, name, {*numbers.values(), *told}, book, found)
    return numbers


def _unknown(rows: list[Any], name: str, known: set[int], book: str, found: list[Mistake]) -> None:
    """Notice what somebody wrote where no column of ours is: it would be lost without a word."""
    filled = {
        cell.column: cell.row
        for row in reversed(rows[FIRST - 1 :])
        for cell in row
        if cell.column not in known and _plain(cell.value)
    }
    for column, row in sorted(filled.items()):
        found.append(mistake("column_unknown", book, Cell(name, row, column)))


def _head(cell: Any) -> str:
    """A heading as it is compared: its first line."""
    return _same(_plain(cell.value).partition("\n")[0])


def _same(words: str) -> str:
    """Words without blanks, and wide letters as narrow ones."""
    return "".join(unicodedata.normalize("NFKC", words).split())


def _read(cell: Any, at: Cell, book: str, found: list[Mistake]) -> str:
    if cell.data_type == "f":
        found.append(mistake("cell_formula", book, at))
        return ""
    if cell.data_type == "e":
        found.append(mistake("cell_error", book, at, value=cell.value))
        return ""
    if cell.data_type == "n" and cell.value is not None and "%" in str(cell.number_format):
        return f"{cell.value * 100:.10g}%"  # 60% typed into a cell that Excel made a number
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
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    return str(value).replace("\r\n", "\n").replace("_x000D_", "").strip()
