"""Workbooks by command: written all or nothing, and a new scenario made in one alone."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from tests.channels.test_workbook import find, folder, put

from zhuoli import cli
from zhuoli.channels.workbook.save import FIRST
from zhuoli.core.scenario.folder import read_files
from zhuoli.core.scenario.source import folder_files
from zhuoli.environment import ROOT

VANS = ROOT / "scenarios/van_inspection_overdue"


def run(shelf: Path, *words: str) -> Result:
    arguments = ["scenario", "--shelf", str(shelf), "workbook", *words]
    return CliRunner().invoke(cli.main, arguments, env={"ZHUOLI_LANG": "zh"})


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Return a shelf with one scenario."""
    files, _, _ = folder(VANS)
    for name, data in files.items():
        path = tmp_path / "shelf" / VANS.name / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return tmp_path / "shelf"


def test_the_commands_write_all_or_nothing(shelf: Path, tmp_path: Path) -> None:
    target = tmp_path / "vans.xlsx"
    assert run(shelf, "export", VANS.name, str(target)).exit_code == 0
    assert run(shelf, "export", VANS.name, str(target)).exit_code == 2
    assert "没有要写的" in run(shelf, "import", str(target)).output

    book = openpyxl.load_workbook(target)
    put(book["查询参数"], find(book["查询参数"], 编号="grace"), "不写时用的数", 9)
    good = tmp_path / "good.xlsx"
    book.save(good)
    put(book["指标"], find(book["指标"], 编号="right"), "目标", "high")
    bad = tmp_path / "bad.xlsx"
    book.save(bad)

    before = {path: path.read_bytes() for path in (shelf / VANS.name).iterdir()}
    refused = run(shelf, "import", str(bad))
    assert refused.exit_code == 1
    assert "工作表“指标”" in refused.output
    checked = run(shelf, "import", str(good), "--check")
    assert checked.exit_code == 0
    assert {path: path.read_bytes() for path in (shelf / VANS.name).iterdir()} == before
    assert run(shelf, "import", str(good)).exit_code == 0
    now = {path: path.read_bytes() for path in (shelf / VANS.name).iterdir()}
    assert [path.name for path in now if now[path] != before[path]] == ["query.yaml"]
    assert "没有要写的" in run(shelf, "import", str(good)).output
    stale = run(shelf, "import", str(target))
    assert stale.exit_code == 1
    assert "--anyway" in stale.output


def test_a_folder_that_cannot_be_written_stays_whole(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "vans.xlsx"
    run(shelf, "export", VANS.name, str(target))
    book = openpyxl.load_workbook(target)
    put(book["查询参数"], find(book["查询参数"], 编号="grace"), "不写时用的数", 9)
    put(book["指标"], find(book["指标"], 编号="right"), "目标", "70%")
    book.save(target)
    before = {path: path.read_bytes() for path in (shelf / VANS.name).iterdir()}
    real, calls = Path.replace, []

    def fails_at_the_second(self: Path, to: Path) -> Path:
        calls.append(to)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return real(self, to)

    monkeypatch.setattr(Path, "replace", fails_at_the_second)
    told = run(shelf, "import", str(target))
    assert told.exit_code == 1
    assert "什么也没有改" in told.output
    assert {path: path.read_bytes() for path in (shelf / VANS.name).iterdir()} == before


def fill(path: Path, **changes: Any) -> None:
    """Fill in the workbook of a new scenario; ``changes`` are fields of the matter."""
    book = openpyxl.load_workbook(path)
    matter = book["事项"]
    said = {
        "id": ("street_tree", None),
        "title": ("行道树挡路", "A tree blocks the way"),
        "purpose": ("树枝挡了路，说一声就修。", "Branches block a path: say so and they are cut."),
        "competence": ("urban_management · 城市管理", None),
        **changes,
    }
    for key, (value, en) in said.items():
        row = find(matter, 项目=key)
        put(matter, row, "值（中文）", value)
        put(matter, row, "英文", en)
    form = book["表单"]
    row = form.max_row + 1
    for head, value in (
        ("表单", "intake"),
        ("问题编号", "what"),
        ("类型", "choice · 单选"),
        ("怎么问（中文）", "挡住了什么"),
        ("怎么问（英文）", "What does it block"),
        ("是否必答", "是"),
        ("示例回答", "lamp"),
    ):
        put(form, row, head, value)
    for number, (key, zh, en) in enumerate([("path", "人行道", "The path"), ("lamp", "路灯", "A lamp")]):
        for column, value in enumerate(["intake", "what", key, zh, en], start=1):
            book["选项"].cell(FIRST + number, column).value = value
    book.save(path)


def test_a_new_scenario_is_made_in_the_workbook_alone(tmp_path: Path) -> None:
    file, shelf = tmp_path / "new.xlsx", tmp_path / "shelf"
    shelf.mkdir()
    assert run(shelf, "new", str(file)).exit_code == 0
    empty = run(shelf, "import", str(file))
    assert empty.exit_code == 1
    assert "工作表“事项”第 4 行 C 列" in empty.output
    assert list(shelf.iterdir()) == []
    fill(file)
    made = run(shelf, "import", str(file))
    assert made.exit_code == 0, made.output
    files, _ = folder_files(shelf / "street_tree")
    scenario, found = read_files(files, folder="street_tree")
    assert scenario is not None, found
    assert list(scenario.forms["intake"].questions) == ["place", "story", "phone", "what"]
    passed = CliRunner().invoke(cli.main, ["scenario", "--shelf", str(shelf), "test"])
    assert passed.exit_code == 0, passed.output
    assert "已经有了" in run(shelf, "import", str(file)).output
    assert "不是“elsewhere”" in run(shelf, "import", str(file), str(shelf / "elsewhere")).output
    assert run(shelf, "export", "street_tree", str(tmp_path / "again.xlsx")).exit_code == 0


def add(book: Any, sheet: str, *rows: dict[str, Any]) -> None:
    """Write rows behind the last one, each value below its heading."""
    page = book[sheet]
    for row in rows:
        at = page.max_row + 1
        while all(cell.value is None for cell in page[at - 1]):
            at -= 1
        for head, value in row.items():
            put(page, at, head, value)


def two_stages_and_a_clearance_refused(book: Any) -> None:
    """A second stage, a receipt of one's own, and an example in which the path is blocked and nothing can be done."""
    for column, value in enumerate(["复查", "Check", 2], start=1):
        book["阶段"].cell(FIRST + 1, column).value = value
    put(book["通知"], FIRST, "正文（中文）", "收到了：{{case.receipt}}，{{case.promised}} 前答复。")
    add(
        book,
        "示例",
        {
            "示例编号": "cannot_be_done",
            "名称（中文）": "挡了人行道，动不了",
            "名称（英文）": "The path is blocked, nothing to be done",
            "开始时间": "2026-03-02 09:00",
        },
    )
    name = {"示例编号": "cannot_be_done"}
    done = "answers/what_was_done = 看过"
    add(
        book,
        "示例步骤",
        name
        | {
            "谁": "requester",
            "做什么": "open",
            "内容": "channel = phone\nanswers/what = path\nanswers/phone = 13900000001",
        },
        name | {"谁": "lead", "做什么": "accept", "过多久": "30 minutes", "之后应当": "status = accepted"},
        name | {"谁": "lead", "做什么": "complete", "内容": f"task = do_handling\n{done}"},
        name | {"谁": "lead", "做什么": "complete", "内容": f"task = do_check\n{done}"},
        name
        | {
            "谁": "lead",
            "做什么": "close",
            "内容": "result = not_possible\nanswer = 古树，不能修",
            "之后应当": "status = closed\nresult = not_possible",
        },
    )


def test_life_form_texts_and_examples_of_a_new_one_are_made_in_the_workbook_alone(tmp_path: Path) -> None:
    file, shelf = tmp_path / "new.xlsx", tmp_path / "shelf"
    shelf.mkdir()
    run(shelf, "new", str(file))
    fill(file)
    book = openpyxl.load_workbook(file)
    two_stages_and_a_clearance_refused(book)
    book.save(file)
    made = run(shelf, "import", str(file))
    assert made.exit_code == 0, made.output
    for words in (["check"], ["test"]):
        passed = CliRunner().invoke(cli.main, ["scenario", "--shelf", str(shelf), *words])
        assert passed.exit_code == 0, passed.output
    files, _ = folder_files(shelf / "street_tree")
    scenario, _ = read_files(files, folder="street_tree")
    assert scenario is not None
    assert list(scenario.stages) == ["handling", "check"]
    assert list(scenario.examples) == ["settled", "withdrawn", "cannot_be_done"]
    answers = scenario.examples["cannot_be_done"].steps[0].give["answers"]
    assert answers == {"place": "620102001000", "story": "一件小事", "phone": "13900000001", "what": "path"}
    assert "收到了：{{case.receipt}}" in files["notices/receipt.md"].decode()
    # What comes out of it goes round like any other: nothing is different.
    again = tmp_path / "again.xlsx"
    assert run(shelf, "export", "street_tree", str(again)).exit_code == 0
    assert "没有要写的" in run(shelf, "import", str(again)).output


def step_at(book: Any, **cells: Any) -> tuple[Any, int]:
    page = book["示例步骤"]
    return page, find(page, **cells)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return a workbook that is filled in and sound."""
    file = tmp_path_factory.mktemp("filled") / "new.xlsx"
    run(file.parent, "new", str(file))
    fill(file)
    book = openpyxl.load_workbook(file)
    two_stages_and_a_clearance_refused(book)
    book.save(file)
    return file.read_bytes()


def no_such_choice(book: Any) -> None:
    page, row = step_at(book, 示例编号="cannot_be_done", 做什么="open")
    put(page, row, "内容", "channel = phone\nanswers/what = roof")


def no_such_question(book: Any) -> None:
    page, row = step_at(book, 示例编号="cannot_be_done", 做什么="open")
    put(page, row, "内容", "channel = phone\nanswers/height = 3")


def another_status(book: Any) -> None:
    page, row = step_at(book, 示例编号="withdrawn", 做什么="withdraw")
    put(page, row, "之后应当", "status = closed")


def no_such_act(book: Any) -> None:
    page, row = step_at(book, 示例编号="withdrawn", 做什么="withdraw")
    put(page, row, "做什么", "vanish")


def not_yet(book: Any) -> None:
    page, row = step_at(book, 示例编号="cannot_be_done", 做什么="accept")
    put(page, row, "做什么", "close")
    put(page, row, "内容", "result = not_possible\nanswer = 不行")


def no_sense(book: Any) -> None:
    page, row = step_at(book, 示例编号="withdrawn", 做什么="withdraw")
    put(page, row, "内容", "reason = 好了\n随便")


def nobody_knows_it(book: Any) -> None:
    page, row = step_at(book, 示例编号="withdrawn", 做什么="withdraw")
    put(page, row, "示例编号", "another")


def empty_text(book: Any) -> None:
    put(book["通知"], FIRST, "正文（英文）", "{{case.nothing}}")


def word_for_an_id(book: Any) -> None:
    page = book["表单"]
    put(page, find(page, 问题编号="what"), "示例回答", "路灯")


def no_choices_yet(book: Any) -> None:
    page = book["表单"]
    put(page, find(page, 问题编号="place"), "类型", "单选")


def too_early(book: Any) -> None:
    page, row = step_at(book, 示例编号="cannot_be_done", 做什么="accept")
    put(page, row, "做什么", "complete")
    put(page, row, "内容", "task = do_handling")


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (word_for_an_id, "工作表“表单”第 8 行 X 列", "path"),
        (no_choices_yet, "工作表“表单”第 5 行", "在“选项”里加行"),
        (too_early, "工作表“示例步骤”第 7 行 C 列", "此时 status = received"),
        (no_such_choice, "工作表“示例步骤”第 6 行 F 列", ""),
        (no_such_question, "工作表“示例步骤”第 6 行 F 列", "height"),
        (another_status, "工作表“示例步骤”第 5 行 H 列", "status 应为 'closed'"),
        (no_such_act, "工作表“示例步骤”第 5 行 C 列", "vanish"),
        (not_yet, "工作表“示例步骤”第 7 行 C 列", "走不通"),
        (no_sense, "工作表“示例步骤”第 5 行 F 列", "随便"),
        (nobody_knows_it, "工作表“示例步骤”第 5 行 A 列", "another"),
        (empty_text, "工作表“通知”第 4 行 E 列", "case.nothing"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_mistake_in_an_example_of_a_new_one_is_told_by_its_cell(
    filled: bytes, tmp_path: Path, change: Any, place: str, words: str
) -> None:
    file, shelf = tmp_path / "new.xlsx", tmp_path / "shelf"
    shelf.mkdir()
    book = openpyxl.load_workbook(io.BytesIO(filled))
    change(book)
    book.save(file)
    told = run(shelf, "import", str(file))
    assert told.exit_code == 1, told.output
    assert place in told.output
    assert words in told.output
    assert list(shelf.iterdir()) == []


def documented(page: str) -> list[dict[str, str]]:
    """The rows of the table of steps in the documentation, by their headings."""
    lines = [line.strip() for line in page.splitlines() if line.strip().startswith("| ")]
    at = next(number for number, line in enumerate(lines) if line.startswith("| 示例编号"))
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[at:]]
    return [
        {head: cell.replace("<br>", "\n") for head, cell in zip(cells[0], row, strict=True) if cell}
        for row in cells[1:]
        if row[0] == "path_blocked"
    ]


def test_the_example_of_the_documentation_holds(tmp_path: Path) -> None:
    file, shelf = tmp_path / "new.xlsx", tmp_path / "shelf"
    shelf.mkdir()
    run(shelf, "new", str(file))
    fill(file)
    book = openpyxl.load_workbook(file)
    title = {"名称（中文）": "人行道挡住了", "名称（英文）": "The path is blocked"}
    add(book, "示例", {"示例编号": "path_blocked", **title, "开始时间": "2026-03-02 09:00"})
    steps = documented((ROOT / "docs/authors/workbook.md").read_text())
    assert len(steps) == 4
    add(book, "示例步骤", *steps)
    book.save(file)
    told = run(shelf, "import", str(file))
    assert told.exit_code == 0, told.output


def test_a_new_one_takes_what_a_chinese_keyboard_types(tmp_path: Path) -> None:
    file, shelf = tmp_path / "new.xlsx", tmp_path / "shelf"
    shelf.mkdir()
    run(shelf, "new", str(file))
    fill(file, days=("７", None), competence=("城市管理", None))
    told = run(shelf, "import", str(file))
    assert told.exit_code == 0, told.output
    text = (shelf / "street_tree" / "scenario.yaml").read_text()
    assert "7 working days" in text
    assert "urban_management" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": ("Street Tree", None)}, "不能用作编号"),
        ({"days": ("soon", None)}, "不是工作日数"),
        ({"competence": ("gardening", None)}, "不在列表里"),
        ({"law": ("城市绿化条例", None)}, "工作表“事项”"),
        ({"retention": ("2 years", None)}, "工作表“事项”"),
    ],
)
def test_what_is_wrong_with_a_new_one_is_told(tmp_path: Path, changes: Any, words: str) -> None:
    file, shelf = tmp_path / "new.xlsx", tmp_path / "shelf"
    shelf.mkdir()
    run(shelf, "new", str(file))
    fill(file, **changes)
    told = run(shelf, "import", str(file))
    assert told.exit_code == 1, told.output
    assert words in told.output
    assert list(shelf.iterdir()) == []
