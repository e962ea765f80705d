"""A new simple scenario from a workbook alone: what is asked for, and the folder that is made of the answers."""

from __future__ import annotations

from typing import Any

from zhuoli.channels.workbook import words
from zhuoli.channels.workbook.book import FORM, choice_columns, question_columns
from zhuoli.channels.workbook.leaves import LIST
from zhuoli.channels.workbook.mistakes import mistake, placed
from zhuoli.channels.workbook.model import Book, Cell, Column, Line, Read, ReadBook, Row, Sheet
from zhuoli.channels.workbook.take import Run, Taken, located
from zhuoli.channels.workbook.words import NO, YES, code_of, offered
from zhuoli.core.case.compile import compile_plan
from zhuoli.core.case.examples import run_example
from zhuoli.core.scenario.build import ID
from zhuoli.core.scenario.directory_words import COMPETENCES
from zhuoli.core.scenario.folder import read_files
from zhuoli.core.scenario.model import PartyRole, Scenario
from zhuoli.core.scenario.scaffold import Beginning, new_files, stage_ids
from zhuoli.core.scenario.source import MAIN
from zhuoli.core.text import Mistake, Text

T = Text
EXAMPLES = "examples.yaml"
_FIELDS: tuple[tuple[str, Text, str, str, str], ...] = (
    ("id", T("编号，也是文件夹名", "Its id, also the folder's name"), "", "", "小写英文，如 street_lamp"),
    ("title", T("事项叫什么", "What it is called"), "", "", "中英文都写"),
    ("purpose", T("一两句话：帮谁、怎么帮", "Who is helped, and how"), "", "", "中英文都写"),
    ("audience", T("谁提出", "Who raises it"), offered("resident"), "", "从列表里选"),
    ("competence", T("归哪项职能", "Which competence is responsible"), "", "", "从列表里选"),
    ("days", T("承诺几个工作日答复", "Working days promised"), "5", "", "整数"),
    ("rows", T("对应任务书的哪几行", "Which rows of the mission"), "S5", "", "几个之间用“；”隔开"),
    ("law", T("法律依据：法名", "The law it rests on"), "", "", "没有就空着"),
    ("version", T("法律依据：哪一版", "Which version of it"), "", "", "如 2024-01-01"),
    ("articles", T("法律依据：哪几条", "Which articles"), "", "", "照原文写，如 第二十条"),
    ("retention", T("办结后保存多久", "How long it is kept"), "24 months", "", "如 24 months"),
)
_LISTS = {
    "audience": tuple(offered(code) for code in ("resident", "enterprise")),
    "competence": tuple(offered(code) for code in COMPETENCES),
}
_MUST = ("id", "title", "purpose", "audience", "competence", "days", "rows", "retention")
_BOTH = ("title", "purpose")
_ASKED: tuple[dict[str, str], ...] = (
    {"question": "place", "type": offered("place"), "title.zh": "在哪里", "title.en": "Where is it", "required": YES, "sample": "620102001000"},
    {"question": "story", "type": offered("long_text"), "title.zh": "什么事", "title.en": "What is it about", "required": YES, "max_length": "1000", "personal": "requester", "why.zh": "了解情况", "why.en": "To understand the matter", "sample": "一件小事"},
    {"question": "phone", "type": offered("phone"), "title.zh": "联系电话", "title.en": "Phone number", "required": YES, "personal": "requester", "why.zh": "告诉您进展", "why.en": "To tell you how it goes", "sample": "13900000000"},
)  # fmt: skip


def fresh_book() -> Book:
    """The workbook from which a new scenario is made; three usual questions stand in it already."""
    return Book(
        scenario="",
        version="",
        title=T("新场景", "A new scenario"),
        sheets=(_matter(), _stages(), _questions(), _choices()),
    )


def _matter() -> Sheet:
    columns = (
        Column(key="key", title=T("项目", "Field"), note=T("不要改", "leave it"), width=14, locked=True),
        Column(key="meaning", title=T("这是什么", "What it is"), note=T("", ""), width=34, locked=True),
        Column(
            key="value",
            title=T("值（中文）", "Value (Chinese)"),
            note=T("填这一列", "fill this in"),
            width=50,
        ),
        Column(
            key="en",
            title=T("英文", "English"),
            note=T("给人看的话要有英文", "sentences need English"),
            width=50,
        ),
        Column(key="hint", title=T("怎么写", "How to write it"), note=T("", ""), width=26, locked=True),
    )
    rows = tuple(
        Row(
            cells={"key": key, "meaning": f"{said.zh}\n{said.en}", "value": value, "en": en, "hint": hint},
            choices={"value": _LISTS[key]} if key in _LISTS else {},
        )
        for key, said, value, en, hint in _FIELDS
    )
    name, about = words.SHEETS["matter"]
    return Sheet(name=name, kind="matter", file=MAIN, about=about, columns=columns, rows=rows, fixed=True)


def _stages() -> Sheet:
    columns = (
        Column(
            key="zh",
            title=T("阶段（中文）", "Stage (Chinese)"),
            note=T("如 核实、办理", "such as 核实"),
            width=30,
        ),
        Column(
            key="en",
            title=T("阶段（英文）", "Stage (English)"),
            note=T("如 Check", "such as Check"),
            width=30,
        ),
        Column(
            key="days",
            title=T("几个工作日", "Working days"),
            note=T("这一步最多几天", "at most for this step"),
            width=14,
        ),
    )
    name, about = words.SHEETS["stages"]
    rows = (Row(cells={"zh": "办理", "en": "Handling", "days": "3"}),)
    return Sheet(name=name, kind="stages", file=MAIN, about=about, columns=columns, rows=rows)


def _questions() -> Sheet:
    sample = Column(
        key="sample",
        title=T("示例回答", "Sample answer"),
        note=T(
            "必答的都要写；多选用“；”隔开，是否写 是/否，选项写编号",
            "for each that must be answered; ids of choices",
        ),
        width=24,
    )
    parties = {"requester": PartyRole(title=T("申请人", "Requester"))}
    columns = (*question_columns(parties), sample)
    head = Row(cells={"form": "intake", "title.zh": "受理表", "title.en": "Intake form"}, head=True)
    rows = (head, *(Row(cells={"form": "intake", **cells}) for cells in _ASKED))
    name, about = words.SHEETS["questions"]
    return Sheet(name=name, kind="questions", file=FORM, about=about, columns=columns, rows=rows)


def _choices() -> Sheet:
    name, about = words.SHEETS["choices"]
    return Sheet(name=name, kind="choices", file=FORM, about=about, columns=tuple(choice_columns()), rows=())


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
            audience=code_of(self.value("audience")),
            competence=code_of(self.value("competence")),
            days=int(self.value("days")),
            stages=tuple(Text(line["zh"], line["en"]) for _, line in stages),
            rows=tuple(
                one.strip() for one in self.value("rows").replace(";", LIST).split(LIST) if one.strip()
            ),
        )
        run = Run(self.read, {name: text.encode() for name, text in new_files(begin).items()}, self.book)
        run.form(keep=True)
        self.found += run.found
        samples = self._samples()
        if self.found:
            return self._refused()
        personal = [name for name, line in self._asked().items() if line["personal"]]
        ids = list(stage_ids(begin.stages))
        days = dict(zip(ids, (line["days"] for _, line in stages), strict=True))
        run.yaml(MAIN, lambda tree: self._main(tree, days, personal))
        run.yaml(EXAMPLES, lambda tree: _with_samples(tree, samples))
        self._marks(run, dict(zip(ids, stages, strict=True)))
        scenario, found = read_files(run.files, folder=self.id)
        told = [located(one, run.files, run.cells, self.book) for one in found]
        if scenario is not None:
            told += self._tried(scenario)
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
        for key, said, *_ in _FIELDS:
            wanted = key in _MUST or (key == "version" and self.value("law"))
            empty = wanted and not self.value(key)
            if empty or (key in _BOTH and not self.value(key, "en")):
                self.say("field_empty", self.cell(key, "value" if empty else "en"), name=said)
        if self.id and (not ID.match(self.id) or not self.id.isascii()):
            self.say("id_wrong", self.cell("id"), key=self.id)
        for key, choices in _LISTS.items():
            written = self.value(key)
            if written and code_of(written) not in [code_of(one) for one in choices]:
                listed = "、".join(one.replace(" · ", " ") for one in choices)
                self.say("value_unknown", self.cell(key), value=written, allowed=listed)
        self._whole(self.value("days"), self.cell("days"))
        stages = [(sheet, line) for sheet in self.read.of_kind("stages") for line in sheet.lines]
        if not stages:
            self.say("sheet_empty", None, name=words.SHEETS["stages"][0])
        for sheet, line in stages:
            for column in ("zh", "en"):
                if not line[column]:
                    self.say("field_empty", sheet.at(line.number, column), name=T("阶段", "stage"))
            self._whole(line["days"], sheet.at(line.number, "days"))
        return stages

    def _whole(self, written: str, cell: Cell | None) -> None:
        if written and not (written.isascii() and written.isdigit() and 1 <= int(written) <= 1000):
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
                    samples[name] = _answer(code_of(line["type"]), line["sample"])
                elif line["required"] == YES and not line["relevant"]:
                    self.say("example_missing", sheet.at(line.number, "sample"))
        return samples

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
                tree["stages"][stage]["human_tasks"][f"do_{stage}"]["due"] = f"{number} working days"
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

    def _tried(self, scenario: Scenario) -> list[Mistake]:
        """What the example says: the sample answers are lived through once."""
        plan = compile_plan(scenario)
        found: list[Mistake] = []
        for name in scenario.examples:
            for failure in run_example(scenario, name, plan=plan).failures:
                one = mistake("sample_wrong", self.book, None, what=failure)
                for sheet in self.read.of_kind("questions"):
                    one = placed(one, self.book, Cell(sheet.name, 2, sheet.numbers.get("sample", 0)))
                found.append(one)
        return found


def _answer(kind: str, written: str) -> Any:
    if kind == "yes_no":
        return {YES: True, NO: False}.get(written, written)
    if kind == "integer" and written.lstrip("-").isdigit():
        return int(written)
    if kind == "decimal":
        try:
            return float(written)
        except ValueError:
            return written
    if kind in ("many", "photos", "files"):
        return [code_of(one.strip()) for one in written.replace(";", LIST).split(LIST) if one.strip()]
    return code_of(written) if kind == "choice" else written


def _with_samples(tree: dict[str, Any], samples: dict[str, Any]) -> dict[str, Any]:
    for example in tree.values():
        for step in example["steps"]:
            if step.get("do") == "open":
                step["with"]["answers"] = samples
    return tree
