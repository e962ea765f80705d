"""What was changed in a workbook is put into the files of its folder; nothing else in them is touched.

``taken`` gives the files as they would be and what is wrong with them, each mistake at its cell. It writes nothing.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
import yaml

from zhuoli.channels.workbook import records
from zhuoli.channels.workbook.book import INDICATORS, LEAVES, QUERY, SERVINGS, decoded, tree_of
from zhuoli.channels.workbook.leaves import leaves, put_text, put_word
from zhuoli.channels.workbook.mistakes import placed
from zhuoli.channels.workbook.model import Cell, Line, Place, Read, ReadBook
from zhuoli.channels.workbook.run import Run
from zhuoli.channels.workbook.tables import csv_text, notice_text
from zhuoli.channels.workbook.take_form import take_form
from zhuoli.channels.workbook.take_process import take_examples, take_process
from zhuoli.channels.workbook.words import digits
from zhuoli.core.scenario.folder import read_files
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.shapes import file_shapes
from zhuoli.core.scenario.source import NOTICES, Files
from zhuoli.core.text import Mistake, Text


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """The files after a workbook, the scenario they make (None: with mistakes none), which files differ, and the mistakes."""

    files: Files
    changed: tuple[str, ...]
    scenario: Scenario | None
    mistakes: tuple[Mistake, ...]

    @property
    def sound(self) -> bool:
        """Whether the files may be written."""
        return self.scenario is not None and not any(one.severity == "error" for one in self.mistakes)


def taken(read: ReadBook, files: Files, book: str, folder: str) -> Taken:
    """Put what a workbook says into the files of the folder named ``folder``; ``book`` is the workbook's name in mistakes."""
    run = Run(read, files, book)
    _all(run)
    changed = tuple(name for name in sorted(run.files) if run.files[name] != files.get(name))
    if run.found:
        return Taken(files=run.files, changed=changed, scenario=None, mistakes=tuple(run.found))
    scenario, found = read_files(run.files, folder=folder)
    told = tuple(located(one, run.files, run.cells, book) for one in found)
    return Taken(files=run.files, changed=changed, scenario=scenario, mistakes=told)


def located(one: Mistake, files: Files, cells: dict[Place, Cell], book: str) -> Mistake:
    """A mistake of the checker at its cell; where the workbook does not carry the place, at the file."""
    if one.file.endswith(".csv"):
        cell = cells.get((one.file, (one.line, one.column))) or cells.get((one.file, (one.line,)))
        return placed(_without_place(one), book, cell) if cell else one
    path: tuple[str | int, ...] = ()
    if one.file in file_shapes() and one.file in files:
        root = tree_of(decoded(files[one.file]), one.file)
        path = _path_at(root, one.line - 1, one.column - 1) if root is not None and one.line else ()
    elif one.file.startswith(f"{NOTICES}/"):
        english = decoded(files.get(one.file, b"")).partition("---en---")[0].count("\n")
        path = ("body.zh" if one.line - 1 < english else "body.en",)
    for length in range(len(path), -1, -1):
        cell = cells.get((one.file, path[:length]))
        if cell is not None:
            return placed(one, book, cell)
    return one


def _without_place(one: Mistake) -> Mistake:
    """A mistake of a table without the address that its cell has in the file: in the workbook it has another."""
    zh, en = (_ADDRESS.sub("", said) for said in (one.message.zh, one.message.en))
    return msgspec.structs.replace(one, message=Text(zh, en))


_ADDRESS = re.compile(r"^[A-Z]{1,3}[0-9]+(?=[ “\"])\s*")


def _path_at(node: yaml.Node, line: int, column: int) -> tuple[str | int, ...]:
    """The keys that lead to what stands at a place of a YAML file (from 0)."""
    at = (line, column)
    if isinstance(node, yaml.MappingNode):
        last: tuple[str, yaml.Node] | None = None
        for key, inner in node.value:
            if (key.start_mark.line, key.start_mark.column) > at:
                break
            last = (key.value, inner)
        if last is not None:
            return (last[0], *_path_at(last[1], line, column))
    elif isinstance(node, yaml.SequenceNode):
        number = sum((item.start_mark.line, item.start_mark.column) <= at for item in node.value) - 1
        if number >= 0:
            return (number, *_path_at(node.value[number], line, column))
    return ()


def _all(run: Run) -> None:
    """Take every sheet."""
    _leaves(run)
    take_form(run)
    for kind, file, parts, within in (
        ("indicators", INDICATORS, records.INDICATOR, None),
        ("parameters", QUERY, records.PARAMETER, "parameters"),
    ):
        for sheet in run.read.of_kind(kind):  # type: ignore[arg-type]
            _entries(run, sheet, file, parts, within)
    take_process(run)
    take_examples(run)
    for sheet in run.read.of_kind("table"):
        _table(run, sheet)
    for sheet in run.read.of_kind("notices"):
        take_notices(run, sheet)


def _leaves(run: Run) -> None:
    sheets = [*run.read.of_kind("texts"), *run.read.of_kind("settings")]
    lines: dict[str, tuple[Read, Line]] = {}
    for sheet in sheets:
        for line in sheet.lines:
            key = line["key"]
            if not key and not any(line[each] for each in ("zh", "en", "value")):
                continue  # a heading
            if not key:
                run.say("row_without_id", sheet.at(line.number), column="位置")
            elif key in lines:
                run.say("row_twice", sheet.at(line.number, "key"), key=key, first=lines[key][1].number)
            else:
                lines[key] = (sheet, line)
    for file, skip in LEAVES.items():
        data = run.files.get(file)
        root = tree_of(decoded(data), file) if data is not None else None
        if root is None:
            continue
        known = {f"{file}/{leaf.key}": leaf for leaf in leaves(root, file_shapes()[file], skip)}
        mine = [(known[key], *lines.pop(key)) for key in list(lines) if key in known]

        def change(tree: Any, mine: Any = mine, file: str = file) -> Any:
            for leaf, sheet, line in mine:
                if leaf.kind == "text":
                    put_text(tree, leaf, line["zh"], line["en"])
                    run.mark(file, leaf.path, sheet, line, "zh")
                    for language in ("zh", "en"):
                        run.mark(file, (*leaf.path, language), sheet, line, language)
                else:
                    put_word(tree, leaf, line["value"])
                    run.mark(file, leaf.path, sheet, line, "value")
            return tree

        run.yaml(file, change)
    for key, (sheet, line) in lines.items():
        run.say("row_unknown", sheet.at(line.number, "key"), key=key, source=key.partition("/")[0])


def _entries(run: Run, sheet: Read, file: str, parts: tuple[records.Part, ...], within: str | None) -> None:
    key = "indicator" if within is None else "parameter"
    rows = run.ids(sheet, (key,), "")
    for (name,), line in rows.items():
        path = (name,) if within is None else (within, name)
        run.mark_record(file, path, sheet, line, parts)

    def change(tree: dict[str, Any]) -> dict[str, Any]:
        old = tree if within is None else tree[within]
        made = {name: records.merged(old.get(name), parts, line.cells) for (name,), line in rows.items()}
        return made if within is None else {**tree, within: made}

    run.yaml(file, change)


def _table(run: Run, sheet: Read) -> None:
    width = len(sheet.numbers)
    rows = [[line[str(number)] for number in range(width)] for line in sheet.lines]
    if sheet.file == SERVINGS and rows:
        rows[1:] = [
            [one if head.startswith("title") else digits(one) for head, one in zip(rows[0], row, strict=True)]
            for row in rows[1:]
        ]
    data = run.files.get(sheet.file, b"")
    text = data.decode()
    made = csv_text(rows, text)
    if made != text:
        run.files[sheet.file] = made.encode()
    for record, line in enumerate(sheet.lines, start=1):
        run.cells[sheet.file, (record,)] = sheet.at(line.number)
        for number in range(width):
            run.cells[sheet.file, (record, number + 1)] = sheet.at(line.number, str(number))


def take_notices(run: Run, sheet: Read) -> None:
    """Take notices and papers: a row is a file."""
    for (name,), line in run.ids(sheet, ("notice",), "").items():
        file = f"{NOTICES}/{name}.md"
        before = decoded(run.files[file]) if file in run.files else None
        made = notice_text(line.cells, before, file)
        if made != before:
            run.files[file] = made.encode()
        run.mark(file, (), sheet, line, "title.zh")
        for key in ("body.zh", "body.en"):
            run.mark(file, (key,), sheet, line, key)
