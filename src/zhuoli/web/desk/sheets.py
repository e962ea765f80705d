"""Tables that leave the house: CSV as a stream, Excel as a file; cells that a spreadsheet could take for a formula are defused.

A table says at its end what it holds and what was left out. Cells are text, whole numbers or instants; nothing is computed by
whoever opens it.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence

from django.http import FileResponse, StreamingHttpResponse

from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.web.downloads import named
from zhuoli.web.wording import text

Cell = str | int | None
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell must not begin with: spreadsheets take the rest for a formula (OWASP, CSV injection)."""
CHUNK = 200
WIDTH = {"text": 18, "time": 17, "number": 9}
MOST_SIGNS = 32_000
"""Excel takes no longer cell."""


def safe(value: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula; control characters are dropped."""
    if not isinstance(value, str):
        return value
    kept = "".join(sign for sign in value if sign == "\n" or sign >= " ")[:MOST_SIGNS]
    # A blank before the sign hides it from people, not from every program.
    return "'" + kept if kept.lstrip().startswith(RISKY) else kept


def instant(at: int | None) -> str:
    """Write an instant (ms UTC) as spreadsheets sort it, in local time; empty for None."""
    return "" if at is None else f"{local(at):%Y-%m-%d %H:%M}"


def both(heading: Text) -> str:
    """Return a heading in both languages, Chinese first."""
    return f"{heading.zh} / {heading.en}"


def as_csv(
    name: Text, headings: Sequence[Text], rows: Iterable[Sequence[Cell]], notes: Sequence[Text], lang: str
) -> StreamingHttpResponse:
    """Return a table, called ``name`` in the page's language, as CSV in UTF-8 with a mark by which Excel knows it; rows are written as they are read."""
    answer = StreamingHttpResponse(_lines(headings, rows, notes), content_type="text/csv; charset=utf-8")
    named(answer, name, "csv", lang, attached=True)
    return answer


def _lines(
    headings: Sequence[Text], rows: Iterable[Sequence[Cell]], notes: Sequence[Text]
) -> Iterator[bytes]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def taken() -> bytes:
        data = buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
        return data

    buffer.write("\ufeff")
    writer.writerow([safe(both(each)) for each in headings])
    for number, row in enumerate(rows, 1):
        writer.writerow([safe(each) for each in row])
        if number % CHUNK == 0:
            yield taken()
    writer.writerow([])
    for note in notes:
        writer.writerow([safe(both(note))])
    yield taken()


def as_xlsx(
    name: Text, headings: Sequence[Text], rows: Iterable[Sequence[Cell]], notes: Sequence[Text], lang: str
) -> FileResponse:
    """Return a table, called ``name`` in the page's language, as an Excel file, written row by row, with a second sheet that says what it holds."""
    import xlsxwriter  # type: ignore[import-untyped]  # takes long to import

    target = tempfile.TemporaryFile(prefix="zhuoli-sheet-")  # noqa: SIM115 - closed by the response
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet = book.add_worksheet("列表 List")
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(headings) - 1, WIDTH["text"])
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, str(safe(both(heading))), head)
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            value = safe(cell)
            if isinstance(value, int):
                sheet.write_number(line, column, value)
            elif value:
                sheet.write_string(line, column, value)
    about = book.add_worksheet("说明 About")
    about.set_column(0, 0, 100)
    for line, note in enumerate(notes):
        about.write_string(line, 0, str(safe(both(note))))
    book.close()
    target.seek(0)
    answer = FileResponse(
        target, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    named(answer, name, "xlsx", lang, attached=True)
    return answer


def left_out(most: int) -> Text:
    """Return the sentence that says what a table never holds, and how long it may become."""
    return text("export.left_out", most=f"{most:,}")
