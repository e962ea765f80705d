"""Sheets that people keep in Excel and save as CSV."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence

from zhuoli.core.feel.errors import FeelErrors
from zhuoli.core.text import Mistake, Text


def decode_csv(data: bytes, file: str = "") -> str:
    """Return the text of a CSV file: UTF-8 with or without a byte order mark, or GB18030 as Excel saves it in China.

    What is valid UTF-8 is read as UTF-8; only then is GB18030 tried.

    Raises:
        FeelErrors: the bytes are neither.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FeelErrors([_encoding_mistake(file)])
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise FeelErrors([_encoding_mistake(file)])


def read_sheet(text: str, file: str = "") -> list[list[str]]:
    """Return the cells of a CSV text by row, without blanks around them, and without empty rows at the end.

    Raises:
        FeelErrors: a quotation mark is not closed, or the text is no CSV.
    """
    try:
        rows = [
            [cell.strip(" \t\r\n") for cell in row]
            for row in csv.reader(io.StringIO(text, newline=""), strict=True)
        ]
    except csv.Error as error:
        raise FeelErrors(
            [
                Mistake(
                    code="bad_csv",
                    message=Text(f"CSV 文件读不懂：{error}", f"the CSV file cannot be read: {error}"),
                    remedy=Text(
                        "请在 Excel 中另存为“CSV UTF-8（逗号分隔）”", "save it again from Excel as CSV UTF-8"
                    ),
                    file=file,
                )
            ]
        ) from None
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def place(row: int, column: int) -> str:
    """Return a cell's address as Excel shows it, such as ``B3``; both count from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


class Pad:
    """The cells of a sheet, and the mistakes found in them so far."""

    def __init__(self, rows: list[list[str]], file: str) -> None:
        self.rows = rows
        self.file = file
        self.mistakes: list[Mistake] = []

    def cell(self, row: int, column: int) -> str:
        """Return a cell; rows and columns count from 0 here, from 1 in mistakes."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""

    def cell_mistakes(self, row: int, column: int, found: Sequence[Mistake]) -> None:
        """Add the mistakes of a cell's text, with its address."""
        text = self.cell(row, column)
        shown = text if len(text) <= 60 else text[:60] + "…"
        address = place(row + 1, column + 1)
        for mistake in found:
            message = Text(
                f"{address}“{shown}”：{mistake.message.zh}", f'{address} "{shown}": {mistake.message.en}'
            )
            self.add(mistake.code, row + 1, column + 1, message, mistake.remedy, bare=True)

    def add(
        self, code: str, line: int, column: int, message: Text, remedy: Text, *, bare: bool = False
    ) -> None:
        """Add a mistake; ``column`` 0 stands for a whole row."""
        if not bare and column:
            text = self.cell(line - 1, column - 1) if line <= len(self.rows) else ""
            address = place(line, column)
            message = Text(f"{address}“{text}”：{message.zh}", f'{address} "{text}": {message.en}')
        self.mistakes.append(
            Mistake(code=code, message=message, remedy=remedy, file=self.file, line=line, column=column)
        )


def _encoding_mistake(file: str) -> Mistake:
    return Mistake(
        code="bad_encoding",
        message=Text("文件不是 UTF-8 或 GB18030 编码", "the file is neither UTF-8 nor GB18030"),
        remedy=Text("请在 Excel 中另存为“CSV UTF-8（逗号分隔）”", "save it from Excel as CSV UTF-8"),
        file=file,
    )
