"""Tables in CSV and notices in Markdown: their cells, and the text again with every untouched row as it was."""

from __future__ import annotations

import csv
import io

from zhuoli.core.scenario.notices import read_notice

Records = list[list[str]]


def records_of(text: str) -> Records:
    """The rows of a CSV text, without blanks around cells and without empty rows at the end."""
    rows = [_trimmed(row) for row in csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""))]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _trimmed(row: list[str]) -> list[str]:
    cells = [cell.strip(" \t\r\n") for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def csv_text(records: Records, before: str = "") -> str:
    """The text of a table; rows that stood in ``before`` are written as they were there, and lines end as they did."""
    wanted = [_trimmed(row) for row in records]
    wanted = [row for row in wanted if row]
    if [row for row in records_of(before) if row] == wanted:
        return before
    raw = _raw(before)
    ending = "\r\n" if "\r\n" in before else "\n"
    width = max((len(row) for row in wanted), default=0)
    lines = []
    for row in wanted:
        kept = raw.get(tuple(row))
        lines.append(kept if kept is not None else _line([*row, *[""] * (width - len(row))]))
    mark = "\ufeff" if before.startswith("\ufeff") else ""
    return mark + "".join(line + ending for line in lines)


def _raw(text: str) -> dict[tuple[str, ...], str]:
    """The rows of a table as they are written, by their cells."""
    found: dict[tuple[str, ...], str] = {}
    taken: list[str] = []

    def lines() -> object:
        for line in io.StringIO(text.lstrip("\ufeff"), newline=""):
            taken.append(line)
            yield line

    for row in csv.reader(lines()):  # type: ignore[arg-type]
        found.setdefault(tuple(_trimmed(row)), "".join(taken).rstrip("\r\n"))
        taken.clear()
    return found


def _line(cells: list[str]) -> str:
    target = io.StringIO()
    csv.writer(target, lineterminator="").writerow(cells)
    return target.getvalue()


def notice_cells(text: str, file: str) -> dict[str, str] | None:
    """A notice as cells: titles and bodies in both languages; None where it cannot be read."""
    notice, _ = read_notice(text, file)
    if notice is None:
        return None
    return {
        "title.zh": notice.title.zh,
        "title.en": notice.title.en,
        "body.zh": notice.body.zh,
        "body.en": notice.body.en,
    }


def notice_text(cells: dict[str, str], before: str | None, file: str) -> str:
    """The text of a notice; the same text where nothing in it was changed."""
    if before is not None and notice_cells(before, file) == {key: cells.get(key, "") for key in NOTICE_KEYS}:
        return before
    said = {key: cells.get(key, "") for key in NOTICE_KEYS}
    return (
        f"# {said['title.zh']} | {said['title.en']}\n\n{said['body.zh']}\n\n---en---\n\n{said['body.en']}\n"
    )


NOTICE_KEYS = ("title.zh", "title.en", "body.zh", "body.en")
