"""A file that somebody brings becomes batches of plain strings with row numbers: CSV, Excel or Parquet.

Row numbers are those that the file's own program shows: the heading is row 1.
"""

from __future__ import annotations

import codecs
import datetime as dt
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from zhuoli.core.registers.reasons import Reason, reason
from zhuoli.core.text import Mistake, Text

ROW = "_row"
BATCH = 262_144
"""Rows that are checked together."""
_BLOCK = 16 << 20
_PEEK = 4 << 20
"""So many bytes tell GB18030."""
_LONGEST_HEADING = 1 << 20
_ENOUGH = 16
"""So many characters of UTF-8 in a file show that it is UTF-8, even if it is damaged further down."""


class Unreadable(Exception):
    """A file cannot be taken in at all; ``mistake`` says why and what to do."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(f"{mistake.message.en}. {mistake.remedy.en}")
        self.mistake = mistake


@dataclass
class Source:
    """One file: its headings, its batches (strings by heading, with ``_row``), and rows that are no rows."""

    path: Path
    kind: str
    encoding: str = ""
    headings: tuple[str, ...] = ()
    broken: list[tuple[int, str, Reason]] = field(default_factory=list)

    def batches(self) -> Iterator[pa.Table]:
        """Give the rows; ``broken`` is complete when they have been given."""
        if self.kind == "parquet":
            return self._parquet()
        return self._excel() if self.kind == "excel" else self._csv()

    def _csv(self) -> Iterator[pa.Table]:
        fresh: list[int] = []

        def skip(row: Any) -> str:
            fresh.append(row.number)
            why = reason("width", "", actual=row.actual_columns, expected=row.expected_columns)
            self.broken.append((row.number, row.text, why))
            return "skip"

        line = _first_line(self.path, self.encoding)
        written = next(_csv_rows([line], _delimiter(line)))
        encoding = "utf8" if self.encoding.startswith("utf-8") else self.encoding
        try:
            reader = pyarrow.csv.open_csv(
                self.path,
                read_options=pyarrow.csv.ReadOptions(encoding=encoding, block_size=_BLOCK, use_threads=False),
                parse_options=pyarrow.csv.ParseOptions(
                    delimiter=_delimiter(line),
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=skip,
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    column_types=dict.fromkeys(written, pa.string()),
                    strings_can_be_null=False,
                    null_values=[],
                ),
            )
        except (pa.ArrowInvalid, UnicodeDecodeError) as error:
            raise Unreadable(self._unread(error)) from error
        number, at = 2, 0
        while True:
            try:
                batch = reader.read_next_batch()
            except StopIteration:
                return
            except (pa.ArrowInvalid, UnicodeDecodeError) as error:
                raise Unreadable(self._unread(error)) from error
            rows, number, at = _numbered(batch.num_rows, number, fresh, at)
            yield pa.table([*batch.columns, rows], names=[*self.headings, ROW])

    def _unread(self, error: Exception) -> Mistake:
        bad = _first_bad(self.path, self.encoding)[0] if self.encoding == "gb18030" else None
        return _neither(self.path, bad) if bad else _damaged(self.path, str(error))

    def _parquet(self) -> Iterator[pa.Table]:
        number = 2
        try:
            for batch in pyarrow.parquet.ParquetFile(self.path).iter_batches(batch_size=BATCH):
                columns = {name: _as_strings(batch.column(at)) for at, name in enumerate(batch.schema.names)}
                columns[ROW] = _count(number, batch.num_rows)
                number += batch.num_rows
                yield pa.table(columns)
        except (pa.ArrowException, OSError) as error:
            raise Unreadable(_damaged(self.path, str(error))) from error

    def _excel(self) -> Iterator[pa.Table]:
        book = _book(self.path)
        try:
            rows = enumerate(book.worksheets[0].iter_rows(min_row=2, values_only=True), start=2)
            while some := _some(self.path, rows):
                some = [(number, row) for number, row in some if any(cell not in (None, "") for cell in row)]
                columns: dict[str, Any] = {
                    name: pa.array(
                        [_cell(row[at] if at < len(row) else None) for _, row in some], pa.string()
                    )
                    for at, name in enumerate(self.headings)
                    if name
                }
                columns[ROW] = pa.array([number for number, _ in some], pa.int64())
                if some:
                    yield pa.table(columns)
        finally:
            book.close()


def open_source(path: Path) -> Source:
    """Look at a file: its kind, encoding and headings.

    Raises:
        Unreadable: it is none of CSV, Excel and Parquet, empty, or damaged.
    """
    if not path.is_file():
        raise Unreadable(
            _mistake(
                path,
                "no_file",
                Text("没有这个文件", "There is no such file"),
                Text("检查路径", "Check the path"),
            )
        )
    with path.open("rb") as file:
        start = file.read(8)
    if start[:4] == b"PAR1":
        return _open_parquet(path)
    if start[:4] == b"PK\x03\x04":
        return _open_excel(path)
    if start[:4] == b"\xd0\xcf\x11\xe0":
        raise Unreadable(
            _mistake(
                path,
                "old_excel",
                Text("这是旧的 Excel 格式（.xls）", "This is the old format of Excel (.xls)"),
                Text("在 Excel 里另存为 .xlsx 或 CSV", "Save it as .xlsx or CSV"),
            )
        )
    encoding = tell_encoding(path)
    line = _first_line(path, encoding)
    if not line.strip():
        raise Unreadable(_empty(path))
    if "\0" in line:
        raise Unreadable(_neither(path, 1))  # UTF-16 without its mark, or no text at all
    open_at = _open_quote(path, encoding, _delimiter(line))
    if open_at:
        raise Unreadable(
            _mistake(
                path,
                "quote_open",
                Text(
                    "从这里起引号没有关上，后面的行都成了一格",
                    "A quote opens here and never closes: all rows below would be one cell",
                ),
                Text("补上后一个引号，或删去这一个", "Close it, or remove it"),
                line=open_at,
            )
        )
    headings = _unique(path, next(_csv_rows([line], _delimiter(line))))
    return Source(path, "csv", encoding, headings)


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tell_encoding(path: Path) -> str:
    """Tell UTF-8, GB18030 and UTF-16 (with its mark) apart: UTF-8 by the whole file, GB18030 by its first megabytes.

    Further down a bad byte of GB18030 is met when the rows are read, and told alike.

    Raises:
        Unreadable: it is none of them; the line of the first bad byte is named.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    bad, many = _first_bad(path, "utf-8")
    if bad is None:
        return "utf-8-sig" if start[:3] == codecs.BOM_UTF8 else "utf-8"
    if many < _ENOUGH:
        other, _ = _first_bad(path, "gb18030", _PEEK)
        if other is None:
            return "gb18030"
    raise Unreadable(_neither(path, bad))


def _neither(path: Path, line: int) -> Mistake:
    return _mistake(
        path,
        "encoding",
        Text("这里的字符既不是 UTF-8 也不是 GB18030", "These characters are neither UTF-8 nor GB18030"),
        Text(
            "重新导出一次，选 UTF-8；或删去坏字符",
            "Export it again as UTF-8, or remove the bad characters",
        ),
        line=line,
    )


def _first_bad(path: Path, encoding: str, most: int = 0) -> tuple[int | None, int]:
    """The line (from 1) of the first byte that is not ``encoding``, and how many other characters than ASCII came before.

    With ``most`` the file is read no further than so many bytes.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    line, many = 1, 0
    with path.open("rb") as file:
        while True:
            block = file.read(1 << 20)
            if most and file.tell() > most:
                return None, many
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                good = error.object[: error.start].decode(encoding, "ignore")
                return line + good.count("\n"), many + _beyond_ascii(good)
            if many < _ENOUGH and not text.isascii():
                many += _beyond_ascii(text)
            line += block.count(b"\n")
            if not block:
                return None, many


def _count(start: int, many: int) -> pa.Array:
    return pa.array(np.arange(start, start + many, dtype=np.int64))


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _numbered(count: int, number: int, broken: list[int], at: int) -> tuple[pa.Array, int, int]:
    """Row numbers for ``count`` rows from ``number`` on, leaving out those of broken rows (ascending, from ``at``)."""
    if at >= len(broken):
        return _count(number, count), number + count, at
    numbers: list[int] = []
    while len(numbers) < count:
        stop = broken[at] if at < len(broken) else number + count - len(numbers)
        take = min(max(stop - number, 0), count - len(numbers))
        numbers.extend(range(number, number + take))
        number += take
        if at < len(broken) and number == broken[at]:
            number += 1
            at += 1
    return pa.array(numbers, pa.int64()), number, at


def _open_quote(path: Path, encoding: str, delimiter: str) -> int:
    """The line in which a quoted cell begins that no quote closes; 0 where there is none."""
    import csv

    odd = False
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            odd ^= block.count(b'"') % 2 == 1
    if not odd:
        return 0  # a quote that stays open is one too many
    last = 1
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        reader = csv.reader(text, delimiter=delimiter, strict=False)
        try:
            for _ in reader:
                begin, last = last, reader.line_num + 1
        except csv.Error:  # a cell longer than any: it is the one that does not end
            return last
    # The last record is open if a quote added to it makes it no longer.
    with path.open(encoding=encoding, errors="replace", newline="") as text:
        rest = "".join(line for number, line in enumerate(text, start=1) if number >= begin)
    try:
        list(csv.reader(io.StringIO(rest, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return begin if "end of data" in str(error) else 0
    return 0


def _first_line(path: Path, encoding: str) -> str:
    """The heading: the first record, which may hold quoted line breaks."""
    line = ""
    with path.open(encoding=encoding, newline="") as file:
        for part in file:
            line += part
            if line.count('"') % 2 == 0 or len(line) > _LONGEST_HEADING:
                break
    return line.rstrip("\r\n")


def _delimiter(line: str) -> str:
    return max(",\t;", key=line.count)


def _csv_rows(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    import csv

    return csv.reader(lines, delimiter=delimiter)


def _open_parquet(path: Path) -> Source:
    try:
        names = pyarrow.parquet.read_schema(path).names
    except (pa.ArrowInvalid, OSError) as error:
        raise Unreadable(_damaged(path, str(error))) from error
    return Source(path, "parquet", "", _unique(path, names))


def _book(path: Path) -> Any:
    """Open a workbook, whatever its file is called."""
    from openpyxl import load_workbook

    try:
        return load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever the broken file makes it raise
        raise Unreadable(_damaged(path, str(error))) from error


def _some(path: Path, rows: Iterator[Any]) -> list[Any]:
    """The next rows of a sheet."""
    try:
        return list(islice(rows, BATCH))
    except Exception as error:  # as above: the sheet is read as its rows are
        raise Unreadable(_damaged(path, str(error))) from error


def _open_excel(path: Path) -> Source:
    book = _book(path)
    try:
        first = next(iter(_some(path, book.worksheets[0].iter_rows(max_row=1, values_only=True))), ())
    finally:
        book.close()
    cells = [_cell(cell) or "" for cell in first]
    if not any(cells):
        raise Unreadable(_empty(path))
    return Source(path, "excel", "", _unique(path, cells))


def _unique(path: Path, names: list[str]) -> tuple[str, ...]:
    found = tuple(name.strip() for name in names)
    for at, name in enumerate(found):
        if name and name in found[:at]:
            raise Unreadable(
                _mistake(
                    path,
                    "same_heading",
                    Text(f"表头“{name}”出现了两次", f"The heading “{name}” stands there twice"),
                    Text("改名或删去一列", "Rename one column, or remove it"),
                    line=1,
                    column=at + 1,
                )
            )
    return tuple(name or f"_{at + 1}" for at, name in enumerate(found))


def _cell(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    return str(value)


def _as_strings(column: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
        return pa.nulls(len(column), pa.string())
    return pc.cast(column, pa.string())


def _mistake(path: Path, code: str, message: Text, remedy: Text, line: int = 0, column: int = 0) -> Mistake:
    return Mistake(code=code, message=message, remedy=remedy, file=str(path), line=line, column=column)


def _empty(path: Path) -> Mistake:
    return _mistake(
        path,
        "empty_file",
        Text("文件是空的", "The file is empty"),
        Text("第一行写表头", "Write the headings in the first row"),
        line=1,
    )


def _damaged(path: Path, problem: str) -> Mistake:
    return _mistake(
        path,
        "damaged_file",
        Text(f"文件读不出来：{problem}", f"The file cannot be read: {problem}"),
        Text("重新导出一次再导入", "Export it again, then import it"),
    )
