"""The file of the rows that were not taken: each with its row number, field, reason and remedy, as it was written.

It opens in Excel, can be corrected there and imported again with ``--changes``: columns whose heading begins with ``#`` are
ours and are left out then. It may hold personal data, so only its owner can read it, and it is deleted after ``KEPT_DAYS``.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

import pyarrow as pa

from zhuoli.core.registers.model import Register
from zhuoli.core.registers.reasons import Reason
from zhuoli.lake.checking import CHANGE
from zhuoli.lake.source import ROW

MARK = "#"
KEPT_DAYS = 30
LONGEST_ID = 40
HEADINGS = ("#行号 row", "#字段 field", "#原因", "#怎么改", "#reason", "#remedy")
OF_IMPORT = "#导入 import "
"""The last heading begins with it and ends with the import of which the rows are: so a corrected file is known again."""


def corrected(headings: Iterable[str]) -> str:
    """Return the import whose rejected rows a file with these headings holds; empty where it is another file."""
    for heading in headings:
        if heading.startswith(OF_IMPORT):
            return heading.removeprefix(OF_IMPORT).strip()[:LONGEST_ID]
    return ""


class Rejects:
    """Writes the file while an import runs; nothing is written before the first rejected row."""

    def __init__(self, path: Path, register: Register, generation: str) -> None:
        self.path = path
        self._generation = generation
        self.rows = 0
        self._register = register
        self._file: IO[str] | None = None
        self._fields: list[str] = [*register.names]

    def add_batch(self, batch: pa.Table, rejected: Sequence[tuple[int, list[Reason]]]) -> None:
        """Add rows of a batch; both are in the order of row numbers."""
        if not rejected:
            return
        if CHANGE in batch.schema.names and CHANGE not in self._fields:
            self._fields.append(CHANGE)
        numbers = {number: at for at, number in enumerate(batch.column(ROW).to_pylist())}
        wanted = batch.take(pa.array([numbers[row] for row, _ in rejected], pa.int64())).to_pylist()
        for values, (row, reasons) in zip(wanted, rejected, strict=True):
            self._write(row, reasons, values)

    def add(self, row: dict[str, object], reasons: list[Reason]) -> None:
        """Add a row that was sound by itself, but not together with the others."""
        number = row[ROW]
        self._write(number if isinstance(number, int) else 0, reasons, row)

    def add_line(self, number: int, text: str, why: Reason) -> None:
        """Add a line that has not as many cells as the heading; its text stands in the first field."""
        self._write(number, [why], {self._fields[0]: text})

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._file = None

    def keep(self, place: Path) -> str:
        """Move the finished file to where people find it."""
        place.parent.mkdir(exist_ok=True)
        self.path.replace(place)
        return str(place)

    def _write(self, number: int, reasons: list[Reason], values: dict[str, object]) -> None:
        if self._file is None:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._file = os.fdopen(handle, "w", encoding="utf-8-sig", newline="")
            titles = [one.title.zh if (one := self._register.field(name)) else name for name in self._fields]
            csv.writer(self._file).writerow([*HEADINGS, *titles, f"{OF_IMPORT}{self._generation}"])
        told = [
            str(number),
            "；".join(one.field for one in reasons if one.field),
            "；".join(one.message.zh for one in reasons),
            "；".join(one.remedy.zh for one in reasons),
            "; ".join(one.message.en for one in reasons),
            "; ".join(one.remedy.en for one in reasons),
        ]
        cells = ["" if (value := values.get(name)) is None else str(value) for name in self._fields]
        csv.writer(self._file).writerow([*told, *cells, ""])
        self.rows += 1
