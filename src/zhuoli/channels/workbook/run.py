"""A workbook on its way into the files of a folder: what every kind of sheet needs to put its rows there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from zhuoli.channels.workbook import records
from zhuoli.channels.workbook.book import decoded, tree_of
from zhuoli.channels.workbook.mistakes import mistake
from zhuoli.channels.workbook.model import Cell, Line, Place, Read, ReadBook
from zhuoli.core.scenario.build import CHOICE_ID, ID
from zhuoli.core.scenario.source import Files
from zhuoli.core.scenario.yamledit import edited, plain
from zhuoli.core.text import Mistake

Path = tuple[str | int, ...]


class Run:
    """One workbook on its way into a folder: the files as they become, the mistakes, and where each part stands."""

    def __init__(self, read: ReadBook, files: Files, book: str) -> None:
        self.read, self.book = read, book
        self.files: Files = dict(files)
        self.found: list[Mistake] = []
        self.cells: dict[Place, Cell] = {}

    def say(self, code: str, cell: Cell | None, **values: object) -> None:
        """Note a mistake at a cell."""
        self.found.append(mistake(code, self.book, cell, **values))

    def yaml(self, file: str, change: Callable[[Any], Any], read: Callable[[yaml.Node], Any] = plain) -> None:
        """Change a YAML file's tree as ``read`` gives it; the text is written anew only where it differs."""
        data = self.files.get(file)
        root = tree_of(decoded(data), file) if data is not None else None
        if data is None or root is None:
            return
        text = decoded(data)
        made = edited(text, change(read(root)))
        if made != text:
            mark = "\ufeff" if data.startswith(b"\xef\xbb\xbf") else ""
            self.files[file] = (mark + (made.replace("\n", "\r\n") if b"\r\n" in data else made)).encode()

    def mark(self, file: str, path: Path, sheet: Read, line: Line, key: str = "") -> None:
        """Remember in which cell a part of a file stands."""
        self.cells[file, path] = sheet.at(line.number, key)

    def mark_record(
        self, file: str, path: Path, sheet: Read, line: Line, parts: tuple[records.Part, ...]
    ) -> None:
        """Remember in which cell each part of a record stands."""
        self.mark(file, path, sheet, line)
        self.mark(file, (*path, "zh"), sheet, line, "title.zh")
        self.mark(file, (*path, "en"), sheet, line, "title.en")
        for part in parts:
            languages = ("zh", "en") if part.kind == "text" else ()
            self.mark(file, (*path, part.key), sheet, line, f"{part.key}.zh" if languages else part.key)
            for language in languages:
                self.mark(file, (*path, part.key, language), sheet, line, f"{part.key}.{language}")

    def ids(self, sheet: Read, keys: tuple[str, ...], last: str) -> dict[tuple[str, ...], Line]:
        """The rows of a sheet by their ids; what is twice, missing or no id is said."""
        rows: dict[tuple[str, ...], Line] = {}
        for line in sheet.lines:
            ids = tuple(line[key] for key in keys)
            for key, one in zip(keys, ids, strict=True):
                pattern = CHOICE_ID if key == "choice" else ID
                if not one and key != last:
                    self.say("row_without_id", sheet.at(line.number, key), column=key)
                    break
                if one and not pattern.match(one):
                    self.say("id_wrong", sheet.at(line.number, key), key=one)
                    break
            else:
                if ids in rows:
                    shown = " / ".join(one for one in ids if one)
                    self.say("row_twice", sheet.at(line.number, keys[-1]), key=shown, first=rows[ids].number)
                else:
                    rows[ids] = line
        return rows
