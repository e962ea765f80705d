"""Sheets that people keep in Excel and save as CSV."""

from __future__ import annotations

import codecs
import csv
import io

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
                    message=Text(f"CSV 文件读不懂:{error}", f"the CSV file cannot be read: {error}"),
                    remedy=Text(
                        "请在 Excel 中另存为“CSV UTF-8(逗号分隔)”", "save it again from Excel as CSV UTF-8"
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


def _encoding_mistake(file: str) -> Mistake:
    return Mistake(
        code="bad_encoding",
        message=Text("文件不是 UTF-8 或 GB18030 编码", "the file is neither UTF-8 nor GB18030"),
        remedy=Text("请在 Excel 中另存为“CSV UTF-8(逗号分隔)”", "save it from Excel as CSV UTF-8"),
        file=file,
    )
