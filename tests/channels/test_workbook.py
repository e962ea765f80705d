"""A scenario as a workbook and back: nothing is lost, what is changed arrives, and every mistake has its cell."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from zhuoli.channels.workbook.book import book_of
from zhuoli.channels.workbook.load import load
from zhuoli.channels.workbook.model import Line, ReadBook
from zhuoli.channels.workbook.save import FIRST, HEADING, save
from zhuoli.channels.workbook.take import Taken, taken
from zhuoli.core.scenario.folder import read_files
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.source import Files, folder_files
from zhuoli.environment import ROOT

SHELF = sorted(path.parent for path in ROOT.glob("scenarios/*/scenario.yaml"))
NEED = ROOT / "scenarios/public_need"
VANS = ROOT / "scenarios/van_inspection_overdue"


@cache
def folder(path: Path) -> tuple[Files, Scenario, bytes]:
    """Return a folder's files, what they mean, and its workbook."""
    files, _ = folder_files(path)
    scenario, found = read_files(files, folder=path.name)
    assert scenario is not None, found
    return files, scenario, save(book_of(files, scenario))


@cache
def loaded(path: Path) -> ReadBook:
    read, found = load(folder(path)[2], "a.xlsx")
    assert read is not None
    assert not found
    return read


def take(path: Path, change: Any) -> Taken:
    """Change the cells of a workbook in Excel's place (``change`` gets openpyxl's), and take it."""
    files, _, data = folder(path)
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book)
    target = io.BytesIO()
    book.save(target)
    read, found = load(target.getvalue(), "a.xlsx")
    if read is None or found:
        return Taken(files=files, changed=(), scenario=None, mistakes=tuple(found))
    return taken(read, files, "a.xlsx", path.name)


def find(page: Any, **wanted: str) -> int:
    """The row of a sheet whose cells, by Chinese heading, are these."""
    heads = {str(cell.value).partition("\n")[0]: cell.column for cell in page[HEADING] if cell.value}
    for row in range(FIRST, page.max_row + 1):
        if all((page.cell(row, heads[key]).value or "") == value for key, value in wanted.items()):
            return row
    raise AssertionError(f"no such row: {wanted}")


def put(page: Any, row: int, head: str, value: Any) -> None:
    heads = {str(cell.value).partition("\n")[0]: cell.column for cell in page[HEADING] if cell.value}
    page.cell(row, heads[head]).value = value


@pytest.mark.parametrize("path", SHELF, ids=lambda path: path.name)
def test_every_scenario_comes_back_as_it_was(path: Path) -> None:
    files, scenario, _ = folder(path)
    again = taken(loaded(path), files, "a.xlsx", path.name)
    assert again.files == files
    assert again.changed == ()
    assert again.scenario == scenario


def test_the_same_folder_gives_the_same_bytes() -> None:
    files, scenario, data = folder(VANS)
    assert save(book_of(files, scenario)) == data


def test_a_changed_sentence_changes_one_line_of_one_file() -> None:
    files, scenario, _ = folder(NEED)

    def change(book: Any) -> None:
        page = book["文字"]
        put(page, find(page, 中文=scenario.title.zh), "英文", "Say: what happened, {here}")

    done = take(NEED, change)
    assert done.changed == ("scenario.yaml",)
    assert done.scenario is not None
    assert done.scenario.title.en == "Say: what happened, {here}"
    before, after = (
        files["scenario.yaml"].decode().split("\n"),
        done.files["scenario.yaml"].decode().split("\n"),
    )
    assert len(before) == len(after)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


def test_a_question_and_its_choices_come_go_and_move() -> None:
    def change(book: Any) -> None:
        page = book["表单"]
        at = find(page, 表单="intake", 问题编号="contact")
        page.insert_rows(at)
        for head, value in (
            ("表单", "intake"),
            ("问题编号", "since"),
            ("类型", "choice · 单选"),
            ("怎么问（中文）", "多久了"),
            ("怎么问（英文）", "Since when"),
            ("是否必答", "否"),
        ):
            put(page, at, head, value)
        choices = book["选项"]
        for number, (key, zh, en) in enumerate([("today", "今天", "Today"), ("long", "很久", "Long")]):
            row = choices.max_row + 1
            for column, value in enumerate(["intake", "since", key, zh, en], start=1):
                choices.cell(row, column).value = value
            assert number < 2

    files, scenario, _ = folder(NEED)
    done = take(NEED, change)
    assert done.sound, done.mistakes
    assert done.scenario is not None
    assert done.changed == ("form.yaml",)
    asked = list(done.scenario.forms["intake"].questions)
    assert asked.index("since") == asked.index("contact") - 1
    assert list(done.scenario.forms["intake"].questions["since"].choices) == ["today", "long"]
    assert {one for one in asked if one != "since"} == set(scenario.forms["intake"].questions)
    old = [line for line in files["form.yaml"].decode().splitlines() if line.lstrip().startswith("#")]
    assert all(line in done.files["form.yaml"].decode() for line in old)


def test_tables_and_servings_take_new_rows_and_numbers_as_excel_keeps_them() -> None:
    def change(book: Any) -> None:
        page = book["上架"]
        row = page.max_row + 1
        for column, value in enumerate(["tianshui", "天水", "Tianshui", 6205, 14, 2.0], start=1):
            page.cell(row, column).value = value

    files, _, _ = folder(VANS)
    done = take(VANS, change)
    assert done.sound, done.mistakes
    assert (
        done.files["servings.csv"]
        == files["servings.csv"] + b"tianshui,\xe5\xa4\xa9\xe6\xb0\xb4,Tianshui,6205,14,2\n"
    )


def test_parameters_indicators_and_notices_arrive() -> None:
    def change(book: Any) -> None:
        page = book["查询参数"]
        put(page, find(page, 编号="grace"), "最大", 400)
        indicators = book["指标"]
        put(indicators, find(indicators, 编号="right"), "目标", "75%")

    done = take(VANS, change)
    assert done.scenario is not None, done.mistakes
    assert done.scenario.query is not None
    assert done.scenario.query.parameters["grace"].maximum == 400
    assert done.scenario.indicators["right"].target == "75%"

    def notice(book: Any) -> None:
        page = book["通知"]
        put(page, find(page, 编号="receipt"), "标题（中文）", "收到了")

    told = take(NEED, notice)
    assert told.changed == ("notices/receipt.md",)
    assert told.scenario is not None
    assert told.scenario.notices["receipt"].title.zh == "收到了"


def clear_english(book: Any) -> None:
    page = book["文字"]
    put(page, find(page, 中文="说说您遇到的事"), "英文", None)


def wrong_duration(book: Any) -> None:
    page = book["参数"]
    for row in range(FIRST, page.max_row + 1):
        if str(page.cell(row, 5).value).endswith("supplement/within"):
            page.cell(row, 3).value = "5 days"


def wrong_rule(book: Any) -> None:
    book["表 pace"].cell(FIRST, 2).value = "nowhere_known"


def wrong_type(book: Any) -> None:
    page = book["表单"]
    put(page, find(page, 表单="intake", 问题编号="place"), "类型", "palce")


def wrong_id(book: Any) -> None:
    page = book["表单"]
    put(page, find(page, 表单="intake", 问题编号="place"), "问题编号", "Place 1")


def twice(book: Any) -> None:
    page = book["选项"]
    row = page.max_row + 1
    for column in range(1, 6):
        page.cell(row, column).value = page.cell(FIRST, column).value


def lonely_choice(book: Any) -> None:
    page = book["选项"]
    for column, value in enumerate(["intake", "nothing", "a", "甲", "A"], start=1):
        page.cell(page.max_row + (column == 1), column).value = value


def formula(book: Any) -> None:
    page = book["文字"]
    put(page, find(page, 中文="说说您遇到的事"), "英文", "=1+1")


def renamed_heading(book: Any) -> None:
    book["文字"].cell(HEADING, 3).value = "Chinese"


def lost_sheet(book: Any) -> None:
    del book["选项"]


def renamed_sheet(book: Any) -> None:
    book["选项"].title = "我的选项"


def lost_column(book: Any) -> None:
    book["选项"].delete_cols(5)


def doubled_column(book: Any) -> None:
    page = book["选项"]
    page.cell(HEADING, page.max_column + 1).value = page.cell(HEADING, 4).value


def row_above(book: Any) -> None:
    book["选项"].insert_rows(1)


def own_column(book: Any) -> None:
    page = book["选项"]
    page.cell(FIRST, page.max_column + 1).value = "问一下老王"


def unknown_place(book: Any) -> None:
    page = book["参数"]
    page.cell(FIRST + 1, 5).value = "scenario.yaml/nowhere"


def moved_column(book: Any) -> None:
    """Chinese and English change places, headings and all, and an empty column comes between."""
    page = book["选项"]
    for row in range(HEADING, page.max_row + 1):
        zh, en = page.cell(row, 4).value, page.cell(row, 5).value
        page.cell(row, 4).value, page.cell(row, 5).value = en, zh
    page.insert_cols(5)


def moved_sheet(book: Any) -> None:
    book.move_sheet("选项", -4)
    book.create_sheet("Sheet1")
    book.create_sheet("我的备注")["A1"] = "问一下老王"
    book["选项"].title = "选项 "


def as_excel_has_it(book: Any) -> None:
    """Numbers as a Chinese keyboard types them, yes as Excel's own, a word of the list without its code."""
    page = book["表单"]
    row = find(page, 表单="intake", 问题编号="story")
    put(page, row, "最多几个字", "３，０００")
    put(page, row, "是否必答", True)
    put(page, row, "类型", "一段话")
    put(page, row, "怎么问（中文）", " 发生了什么事？\u3000\u00a0")


@pytest.mark.parametrize("change", [moved_column, moved_sheet, as_excel_has_it])
def test_what_excel_and_its_author_moved_or_typed_otherwise_means_the_same(change: Any) -> None:
    done = take(NEED, change)
    assert done.sound, [one.message.zh for one in done.mistakes]
    assert done.changed == ()


def test_numbers_of_a_serving_and_percentages_mean_what_excel_shows() -> None:
    def change(book: Any) -> None:
        page = book["上架"]
        page.cell(FIRST, 5).value = "５"
        target = book["指标"].cell(find(book["指标"], 编号="right"), 11)
        target.value, target.number_format = 0.575, "0.0%"

    done = take(VANS, change)
    assert done.scenario is not None, [one.message.zh for one in done.mistakes]
    assert done.scenario.indicators["right"].target == "57.5%"
    assert b",5," in done.files["servings.csv"].splitlines()[1]


def test_a_mistake_in_a_table_has_one_address() -> None:
    def change(book: Any) -> None:
        book["表 pace"].cell(5, 2).value = "－"

    told = next(one for one in take(NEED, change).mistakes if one.code == "full_width")
    assert told.message.zh.startswith("工作表“表 pace”第 5 行 B 列：“－”")
    assert "B3" not in told.message.en


def test_headings_are_shown_whole_however_narrow_their_column() -> None:
    page = openpyxl.load_workbook(io.BytesIO(folder(NEED)[2]))["表单"]
    narrow = next(cell for cell in page[HEADING] if "Whether it must" in str(cell.value))
    assert page.column_dimensions[narrow.column_letter].width < 10
    assert page.row_dimensions[HEADING].height >= 4 * 12  # four lines or more in that column


@pytest.mark.parametrize(
    ("change", "code", "sheet"),
    [
        (clear_english, "missing_translation", "文字"),
        (wrong_duration, "ambiguous_days", "参数"),
        (wrong_rule, "", "表 pace"),
        (wrong_type, "unknown_value", "表单"),
        (wrong_id, "id_wrong", "表单"),
        (twice, "row_twice", "选项"),
        (lonely_choice, "choice_without_question", "选项"),
        (formula, "cell_formula", "文字"),
        (renamed_heading, "heading_changed", "文字"),
        (lost_sheet, "sheet_missing", ""),
        (renamed_sheet, "sheet_renamed", ""),
        (lost_column, "column_missing", "选项"),
        (doubled_column, "heading_twice", "选项"),
        (row_above, "headings_gone", "选项"),
        (own_column, "column_unknown", "选项"),
        (unknown_place, "row_unknown", "参数"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_mistake_is_told_by_its_cell(change: Any, code: str, sheet: str) -> None:
    done = take(NEED, change)
    assert not done.sound
    first = next(one for one in done.mistakes if one.severity == "error")
    assert not code or code in {one.code for one in done.mistakes}, [one.code for one in done.mistakes]
    assert first.file == "a.xlsx"
    assert first.remedy.zh
    assert not sheet or (f"工作表“{sheet}”第 {first.line} 行" in first.message.zh and first.line >= HEADING)


def test_line_ends_and_marks_of_windows_stay() -> None:
    files, scenario, _ = folder(VANS)
    windows = {
        name: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") if not name.endswith(".md") else data
        for name, data in files.items()
    }
    data = save(book_of(windows, scenario))
    read, found = load(data, "a.xlsx")
    assert read is not None
    assert not found
    again = taken(read, windows, "a.xlsx", VANS.name)
    assert again.changed == ()
    book = openpyxl.load_workbook(io.BytesIO(data))
    put(book["查询参数"], find(book["查询参数"], 编号="grace"), "不写时用的数", 9)
    put(book["上架"], FIRST, "grace", 8)
    target = io.BytesIO()
    book.save(target)
    changed, _ = load(target.getvalue(), "a.xlsx")
    assert changed is not None
    done = taken(changed, windows, "a.xlsx", VANS.name)
    assert done.sound, done.mistakes
    assert done.changed == ("query.yaml", "servings.csv")
    for name in done.changed:
        assert done.files[name].startswith(b"\xef\xbb\xbf")
        assert done.files[name].count(b"\n") == done.files[name].count(b"\r\n")


@settings(max_examples=12)
@given(st.data())
def test_any_sentence_arrives_as_it_was_written(data: st.DataObject) -> None:
    files, scenario, _ = folder(NEED)
    read = loaded(NEED)
    sheet = next(one for one in read.sheets if one.kind == "texts")
    words = st.text(
        st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=40
    )
    said = data.draw(words.map(str.strip).filter(bool))
    lines = [line for line in sheet.lines if line["key"]]
    line = data.draw(st.sampled_from(lines))
    changed = tuple(
        Line(number=one.number, cells={**one.cells, "en": said}) if one is line else one
        for one in sheet.lines
    )
    sheets = tuple(replace(one, lines=changed) if one is sheet else one for one in read.sheets)
    done = taken(replace(read, sheets=sheets), files, "a.xlsx", "public_need")
    if line["en"] == said:
        return
    assert done.changed == ("scenario.yaml",)
    back = book_of(done.files, scenario)
    row = next(
        r for s in back.sheets if s.kind == "texts" for r in s.rows if r.cells.get("key") == line["key"]
    )
    assert row.cells["en"] == said
    assert row.cells["zh"] == line["zh"]


@given(st.binary(max_size=300))
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    read, found = load(data, "a.xlsx")
    assert read is None
    assert found[0].code == "workbook_unreadable"


def test_a_foreign_workbook_is_refused() -> None:
    target = io.BytesIO()
    openpyxl.Workbook().save(target)
    read, found = load(target.getvalue(), "a.xlsx")
    assert read is None
    assert found[0].code == "workbook_foreign"
