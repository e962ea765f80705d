"""A new simple scenario from a workbook alone: the folder that is made of what was filled in (see ``fresh_sheets``)."""

from __future__ import annotations

from typing import Any

from zhuoli.channels.workbook import words
from zhuoli.channels.workbook.fresh_examples import answer, tried, with_samples
from zhuoli.channels.workbook.fresh_sheets import BOTH, FIELDS, LISTS, MUST
from zhuoli.channels.workbook.leaves import LIST
from zhuoli.channels.workbook.mistakes import mistake
from zhuoli.channels.workbook.model import Cell, Line, Read, ReadBook
from zhuoli.channels.workbook.process import EXAMPLES
from zhuoli.channels.workbook.records import TYPES
from zhuoli.channels.workbook.run import Run
from zhuoli.channels.workbook.take import Taken, located, take_notices
from zhuoli.channels.workbook.take_form import take_form
from zhuoli.channels.workbook.take_process import take_examples
from zhuoli.channels.workbook.words import YES, code_of, digits
from zhuoli.core.scenario.build import ID
from zhuoli.core.scenario.folder import read_files
from zhuoli.core.scenario.scaffold import Beginning, new_files, stage_ids
from zhuoli.core.scenario.source import MAIN
from zhuoli.core.scenario.yamledit import meant
from zhuoli.core.text import Mistake, Text


def fresh_files(read: ReadBook, book: str) -> tuple[str, Taken]:
    """The folder of a new scenario and its id; with mistakes no scenario."""
    making = _Making(read, book)
    return making.id, making.made()


class _Making:
    """One new scenario on its way."""

    def __init__(self, read: ReadBook, book: str) -> None:
        self.read, self.book = read, book
        self.found: list[Mistake] = []
        self.fields: dict[str, tuple[Read, Line]] = {}
        for sheet in read.of_kind("matter"):
            self.fields |= {line["key"]: (sheet, line) for line in sheet.lines}

    @property
    def id(self) -> str:
        """Its id as it was written."""
        return self.value("id")

    def value(self, key: str, column: str = "value") -> str:
        """What was filled in for a field."""
        return self.fields[key][1][column] if key in self.fields else ""

    def cell(self, key: str, column: str = "value") -> Cell | None:
        """Where a field stands."""
        if key not in self.fields:
            return None
        sheet, line = self.fields[key]
        return sheet.at(line.number, column)

    def say(self, code: str, cell: Cell | None, **values: object) -> None:
        self.found.append(mistake(code, self.book, cell, **values))

    def made(self) -> Taken:
        stages = self._begin()
        if self.found:
            return self._refused()
        begin = Beginning(
            id=self.id,
            title=self._both("title"),
            audience=code_of(self.value("audience"), LISTS["audience"]),
            competence=code_of(self.value("competence"), LISTS["competence"]),
            days=int(digits(self.value("days"))),
            stages=tuple(Text(line["zh"], line["en"]) for _, line in stages),
            rows=tuple(
                one.strip() for one in self.value("rows").replace(";", LIST).split(LIST) if one.strip()
            ),
        )
        run = Run(self.read, {name: text.encode() for name, text in new_files(begin).items()}, self.book)
        take_form(run, keep=True)
        before = list(run.found)
        self.found += before
        samples = self._samples()
        kinds = {name: code_of(line["type"], TYPES) for name, line in self._asked().items()}
        if self.found:
            return self._refused()
        personal = [name for name, line in self._asked().items() if line["personal"]]
        ids = list(stage_ids(begin.stages))
        days = dict(zip(ids, (line["days"] for _, line in stages), strict=True))
        run.yaml(MAIN, lambda tree: self._main(tree, days, personal))
        run.yaml(EXAMPLES, lambda tree: with_samples(tree, samples, kinds))
        self._marks(run, dict(zip(ids, stages, strict=True)))
        take_examples(run, keep=True)
        for sheet in self.read.of_kind("notices"):
            take_notices(run, sheet)
        run.yaml(EXAMPLES, lambda tree: self._with_samples(run, tree, samples, kinds), meant)
        self.found += run.found[len(before) :]
        if self.found:
            return self._refused()
        scenario, found = read_files(run.files, folder=self.id)
        told = list(dict.fromkeys(located(one, run.files, run.cells, self.book) for one in found))
        if scenario is not None:
            told += tried(scenario, run, self.read, self.book)
        wrong = any(one.severity == "error" for one in told)
        return Taken(
            files=run.files,
            changed=tuple(sorted(run.files)),
            scenario=None if wrong else scenario,
            mistakes=tuple(told),
        )

    def _refused(self) -> Taken:
        return Taken(files={}, changed=(), scenario=None, mistakes=tuple(self.found))

    def _both(self, key: str) -> Text:
        return Text(self.value(key), self.value(key, "en"))

    def _begin(self) -> list[tuple[Read, Line]]:
        for key, said, *_ in FIELDS:
            wanted = key in MUST or (key == "version" and self.value("law"))
            empty = wanted and not self.value(key)
            if empty or (key in BOTH and not self.value(key, "en")):
                self.say("field_empty", self.cell(key, "value" if empty else "en"), name=said)
        if self.id and (not ID.match(self.id) or not self.id.isascii()):
            self.say("id_wrong", self.cell("id"), key=self.id)
        for key, choices in LISTS.items():
            written = self.value(key)
            if written and code_of(written, choices) not in [code_of(one) for one in choices]:
                listed = "、".join(one.replace(" · ", " ") for one in choices)
                self.say("value_unknown", self.cell(key), value=written, allowed=listed)
        self._whole(self.value("days"), self.cell("days"))
        stages = [(sheet, line) for sheet in self.read.of_kind("stages") for line in sheet.lines]
        if not stages:
            self.say("sheet_empty", None, name=words.SHEETS["stages"][0])
        for sheet, line in stages:
            for column in ("zh", "en"):
                if not line[column]:
                    self.say("field_empty", sheet.at(line.number, column), name=Text("阶段", "stage"))
            self._whole(line["days"], sheet.at(line.number, "days"))
        return stages

    def _whole(self, written: str, cell: Cell | None) -> None:
        number = digits(written)
        if written and not (number.isascii() and number.isdigit() and 1 <= int(number) <= 1000):
            self.say("days_wrong", cell, value=written)

    def _asked(self) -> dict[str, Line]:
        return {
            line["question"]: line
            for sheet in self.read.of_kind("questions")
            for line in sheet.lines
            if line["question"] and line["form"] == "intake"
        }

    def _samples(self) -> dict[str, Any]:
        samples: dict[str, Any] = {}
        for sheet in self.read.of_kind("questions"):
            for name, line in self._asked().items():
                if line["sample"]:
                    samples[name] = answer(code_of(line["type"], TYPES), line["sample"])
                elif line["required"] in (YES, "true") and not line["relevant"]:
                    self.say("example_missing", sheet.at(line.number, "sample"))
        return samples

    def _with_samples(
        self, run: Run, tree: dict[str, Any], samples: dict[str, Any], kinds: dict[str, str]
    ) -> Any:
        """The examples with their sample answers, and where each of these stands: in the row of its question."""
        own = {
            (name, at): set((step.get("with") or {}).get("answers") or {})
            for name, example in tree.items()
            for at, step in enumerate(example["steps"])
            if step.get("do") == "open" and isinstance(step.get("with"), dict | None)
        }
        settled = set(tree) - {
            line["example"] for sheet in self.read.of_kind("examples") for line in sheet.lines
        }
        for (name, at), answered in own.items():
            for sheet in self.read.of_kind("questions"):
                for question, line in self._asked().items():
                    if question in samples and (name in settled or question not in answered):
                        run.mark(
                            EXAMPLES, (name, "steps", at, "with", "answers", question), sheet, line, "sample"
                        )
        return with_samples(tree, samples, kinds)

    def _main(self, tree: dict[str, Any], days: dict[str, str], personal: list[str]) -> dict[str, Any]:
        purpose = self._both("purpose")
        tree["purpose"] = {"zh": purpose.zh, "en": purpose.en}
        if self.value("law"):
            ground = {
                "law": self.value("law"),
                "version": self.value("version"),
                "articles": self.value("articles"),
            }
            tree["legal_ground"] = [{key: said for key, said in ground.items() if said or key == "version"}]
        tree["privacy"]["retention"] = self.value("retention")
        tree["privacy"]["purposes"]["handling"]["fields"] = [f"form.{name}" for name in personal]
        for stage, number in days.items():
            if number:
                tree["stages"][stage]["human_tasks"][f"do_{stage}"]["due"] = f"{digits(number)} working days"
        return tree

    def _marks(self, run: Run, stages: dict[str, tuple[Read, Line]]) -> None:
        at = {
            ("scenario",): ("id", "value"),
            ("title",): ("title", "value"),
            ("title", "en"): ("title", "en"),
            ("purpose",): ("purpose", "value"),
            ("purpose", "en"): ("purpose", "en"),
            ("audience",): ("audience", "value"),
            ("routing",): ("competence", "value"),
            ("due",): ("days", "value"),
            ("rows",): ("rows", "value"),
            ("legal_ground",): ("law", "value"),
            ("legal_ground", 0, "version"): ("version", "value"),
            ("legal_ground", 0, "articles"): ("articles", "value"),
            ("privacy", "retention"): ("retention", "value"),
        }
        for path, (key, column) in at.items():
            cell = self.cell(key, column)
            if cell is not None:
                run.cells[MAIN, path] = cell
        for name, (sheet, line) in stages.items():
            run.cells[MAIN, ("stages", name)] = sheet.at(line.number, "zh")
        for sheet in self.read.of_kind("questions"):
            run.cells[EXAMPLES, ()] = Cell(sheet.name, 2, sheet.numbers.get("sample", 0))
