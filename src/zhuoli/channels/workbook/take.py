"""What was changed in a workbook is put into the files of its folder; nothing else in them is touched.

``taken`` gives the files as they would be and what is wrong with them, each mistake at its cell. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import yaml

from zhuoli.channels.workbook import records
from zhuoli.channels.workbook.book import FORM, INDICATORS, LEAVES, QUERY, decoded, tree_of
from zhuoli.channels.workbook.leaves import leaves, put_text, put_word
from zhuoli.channels.workbook.mistakes import mistake, placed
from zhuoli.channels.workbook.model import Cell, Line, Place, Read, ReadBook
from zhuoli.channels.workbook.tables import csv_text, notice_text
from zhuoli.channels.workbook.take_process import take_examples, take_process
from zhuoli.core.scenario.build import CHOICE_ID, ID
from zhuoli.core.scenario.folder import read_files
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.shapes import file_shapes
from zhuoli.core.scenario.source import NOTICES, Files
from zhuoli.core.scenario.yamledit import edited, plain
from zhuoli.core.text import Mistake


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
    run.all()
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
        return placed(one, book, cell) if cell else one
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


class Run:
    """One workbook on its way into a folder."""

    def __init__(self, read: ReadBook, files: Files, book: str) -> None:
        self.read, self.book = read, book
        self.files: Files = dict(files)
        self.found: list[Mistake] = []
        self.cells: dict[Place, Cell] = {}

    def all(self) -> None:
        """Take every sheet."""
        self._leaves()
        self.form()
        for kind, file, parts, within in (
            ("indicators", INDICATORS, records.INDICATOR, None),
            ("parameters", QUERY, records.PARAMETER, "parameters"),
        ):
            for sheet in self.read.of_kind(kind):  # type: ignore[arg-type]
                self._entries(sheet, file, parts, within)
        take_process(self)
        take_examples(self)
        for sheet in self.read.of_kind("table"):
            self._table(sheet)
        for sheet in self.read.of_kind("notices"):
            self._notices(sheet)

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

    def _leaves(self) -> None:
        sheets = [*self.read.of_kind("texts"), *self.read.of_kind("settings")]
        lines: dict[str, tuple[Read, Line]] = {}
        for sheet in sheets:
            for line in sheet.lines:
                key = line["key"]
                if not key and not any(line[each] for each in ("zh", "en", "value")):
                    continue  # a heading
                if not key:
                    self.say("row_without_id", sheet.at(line.number), column="位置")
                elif key in lines:
                    self.say("row_twice", sheet.at(line.number, "key"), key=key, first=lines[key][1].number)
                else:
                    lines[key] = (sheet, line)
        for file, skip in LEAVES.items():
            data = self.files.get(file)
            root = tree_of(decoded(data), file) if data is not None else None
            if root is None:
                continue
            known = {f"{file}/{leaf.key}": leaf for leaf in leaves(root, file_shapes()[file], skip)}
            mine = [(known[key], *lines.pop(key)) for key in list(lines) if key in known]

            def change(tree: Any, mine: Any = mine, file: str = file) -> Any:
                for leaf, sheet, line in mine:
                    if leaf.kind == "text":
                        put_text(tree, leaf, line["zh"], line["en"])
                        self.mark(file, leaf.path, sheet, line, "zh")
                        for language in ("zh", "en"):
                            self.mark(file, (*leaf.path, language), sheet, line, language)
                    else:
                        put_word(tree, leaf, line["value"])
                        self.mark(file, leaf.path, sheet, line, "value")
                return tree

            self.yaml(file, change)
        for key, (sheet, line) in lines.items():
            self.say("row_unknown", sheet.at(line.number, "key"), key=key, source=key.partition("/")[0])

    def mark(self, file: str, path: tuple[str | int, ...], sheet: Read, line: Line, key: str = "") -> None:
        """Remember in which cell a part of a file stands."""
        self.cells[file, path] = sheet.at(line.number, key)

    def _mark_record(
        self, file: str, path: tuple[str | int, ...], sheet: Read, line: Line, parts: tuple[records.Part, ...]
    ) -> None:
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

    def form(self, *, keep: bool = False) -> None:
        """Take questions and choices; with ``keep`` forms that the sheet does not name stay."""
        for sheet in self.read.of_kind("questions"):
            rows = self.ids(sheet, ("form", "question"), "question")
            chosen: dict[tuple[str, str], dict[str, Line]] = {}
            for choices in self.read.of_kind("choices"):
                for (form, question, choice), line in self.ids(
                    choices, ("form", "question", "choice"), ""
                ).items():
                    if (form, question) not in rows:
                        at = choices.at(line.number, "question")
                        self.say("choice_without_question", at, form=form, question=question)
                    chosen.setdefault((form, question), {})[choice] = line
                    place = (form, "questions", question, "choices", choice)
                    self._mark_record(FORM, place, choices, line, records.CHOICE)
            for (form, question), line in rows.items():
                path = (form, "questions", question) if question else (form,)
                self._mark_record(FORM, path, sheet, line, records.QUESTION)

            def change(tree: Any, sheet: Read = sheet, rows: Any = rows, chosen: Any = chosen) -> Any:
                made = self._forms(tree, sheet, rows, chosen)
                return {**made, **{form: tree[form] for form in tree if form not in made}} if keep else made

            self.yaml(FORM, change)

    def _forms(
        self,
        tree: dict[str, Any],
        sheet: Read,
        rows: dict[tuple[str, ...], Line],
        chosen: dict[tuple[str, str], dict[str, Line]],
    ) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for (form, question), line in rows.items():
            old = tree.get(form, {})
            if form not in made:
                made[form] = {key: value for key, value in old.items() if key != "questions"}
                made[form]["questions"] = {}
            if not question:
                title = (records.PART_TITLE,)
                made[form] |= records.merged({"title": old.get("title", {})}, title, line.cells)
                continue
            before = old.get("questions", {}).get(question)
            after = records.merged(before, records.QUESTION, line.cells)
            choices = self._choices(before, chosen.get((form, question), {}))
            made[form]["questions"][question] = _with_choices(after, choices)
        for form, body in made.items():
            if not body.get("title"):
                first = next(line for (one, _), line in rows.items() if one == form)
                self.say("form_without_title", sheet.at(first.number, "form"), form=form)
            made[form] = _in_order(body, tree.get(form, {}))
        return made

    def _choices(self, question: Any, lines: dict[str, Line]) -> dict[str, Any]:
        old = (question or {}).get("choices", {})
        return {
            key: records.merged(old.get(key), records.CHOICE, line.cells, short=True)
            for key, line in lines.items()
        }

    def _entries(self, sheet: Read, file: str, parts: tuple[records.Part, ...], within: str | None) -> None:
        key = "indicator" if within is None else "parameter"
        rows = self.ids(sheet, (key,), "")
        for (name,), line in rows.items():
            path = (name,) if within is None else (within, name)
            self._mark_record(file, path, sheet, line, parts)

        def change(tree: dict[str, Any]) -> dict[str, Any]:
            old = tree if within is None else tree[within]
            made = {name: records.merged(old.get(name), parts, line.cells) for (name,), line in rows.items()}
            return made if within is None else {**tree, within: made}

        self.yaml(file, change)

    def _table(self, sheet: Read) -> None:
        width = len(sheet.numbers)
        rows = [[line[str(number)] for number in range(width)] for line in sheet.lines]
        data = self.files.get(sheet.file, b"")
        text = data.decode()
        made = csv_text(rows, text)
        if made != text:
            self.files[sheet.file] = made.encode()
        for record, line in enumerate(sheet.lines, start=1):
            self.cells[sheet.file, (record,)] = sheet.at(line.number)
            for number in range(width):
                self.cells[sheet.file, (record, number + 1)] = sheet.at(line.number, str(number))

    def _notices(self, sheet: Read) -> None:
        for (name,), line in self.ids(sheet, ("notice",), "").items():
            file = f"{NOTICES}/{name}.md"
            before = decoded(self.files[file]) if file in self.files else None
            made = notice_text(line.cells, before, file)
            if made != before:
                self.files[file] = made.encode()
            self.mark(file, (), sheet, line, "title.zh")
            for key in ("body.zh", "body.en"):
                self.mark(file, (key,), sheet, line, key)


def _with_choices(question: dict[str, Any], choices: dict[str, Any]) -> dict[str, Any]:
    """A question with its choices where they stood, or at its end."""
    if "choices" not in question:
        return {**question, "choices": choices} if choices else question
    if choices:
        return {key: choices if key == "choices" else value for key, value in question.items()}
    return {key: value for key, value in question.items() if key != "choices"}


def _in_order(made: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    """The keys as they stood before, new ones behind."""
    return {
        key: made[key]
        for key in [*(key for key in old if key in made), *(key for key in made if key not in old)]
    }
