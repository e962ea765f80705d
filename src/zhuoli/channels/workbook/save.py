"""Writes a workbook as ``.xlsx``: headings that stay in sight, lists to choose from, grey cells that are not for typing."""

from __future__ import annotations

import io
import unicodedata
from datetime import datetime
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from zhuoli.channels.workbook.model import Book, Column, Row, Sheet
from zhuoli.core.feel.sheet import place
from zhuoli.core.text import Text

FORMAT = "1"
META, LISTS, ABOUT = "_zhuoli", "_lists", "说明"
HEADING, FIRST = 2, 4
"""The row of the headings, and the first row of data (from 1); between them stand the explanations."""
SPARE = 300
"""So many rows behind the last one have the lists and the frames, too."""
_FONT = "Microsoft YaHei"
_INK, _LINE, _PAPER, _ACCENT, _SOFT = "#1b2733", "#d9d6cf", "#f3f1ec", "#0b5c73", "#5a6672"
_TABS = {
    "texts": "#0b5c73",
    "settings": "#0b5c73",
    "questions": "#3d7a52",
    "choices": "#3d7a52",
    "table": "#8a6d1d",
    "notices": "#6b5b8a",
}
_PROTECTED = {"format_columns": True, "format_rows": True, "autofilter": True}


def save(book: Book) -> bytes:
    """Return the bytes of the workbook; the same book gives the same bytes."""
    return _Writer(book).write()


class _Writer:
    """The run over one workbook."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.target = io.BytesIO()
        self.file: Any = xlsxwriter.Workbook(self.target, {"in_memory": True, "strings_to_urls": False})
        self.file.set_properties({"title": book.title.zh, "created": datetime(2026, 1, 1)})  # noqa: DTZ001
        self.lists: dict[tuple[str, ...], str] = {}
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def write(self) -> bytes:
        about = self.file.add_worksheet(ABOUT)
        pages = [self.file.add_worksheet(sheet.name) for sheet in self.book.sheets]
        listed = self.file.add_worksheet(LISTS)
        meta = self.file.add_worksheet(META)
        self._about(about)
        for sheet, page in zip(self.book.sheets, pages, strict=True):
            self._sheet(page, sheet)
        for number, choices in enumerate(self.lists):
            listed.write_column(0, number, choices)
        listed.hide()
        self._meta(meta)
        meta.very_hidden()
        about.activate()
        self.file.close()
        return self.target.getvalue()

    def format(self, **wishes: Any) -> Any:
        """A cell's look, made once."""
        key = tuple(sorted(wishes.items()))
        if key not in self.formats:
            usual = {
                "font_name": _FONT,
                "font_size": 10,
                "font_color": _INK,
                "valign": "top",
                "num_format": "@",
            }
            self.formats[key] = self.file.add_format({**usual, **wishes})
        return self.formats[key]

    def _meta(self, page: Any) -> None:
        page.write_row(0, 0, ["zhuoli-workbook", FORMAT, self.book.scenario, self.book.version])
        for number, sheet in enumerate(self.book.sheets, start=1):
            keys = [f"{column.key}|{column.title.zh}" for column in sheet.columns]
            page.write_row(number, 0, [sheet.name, sheet.kind, sheet.file, *keys])

    def _sheet(self, page: Any, sheet: Sheet) -> None:
        page.set_tab_color(_TABS.get(sheet.kind, _SOFT))
        page.hide_gridlines(2)
        last = max(1, len(sheet.columns)) - 1
        for number, column in enumerate(sheet.columns):
            page.set_column(number, number, column.width, self._cell(column, sheet))
        self._top(page, sheet, last)
        for number, row in enumerate(sheet.rows):
            self._row(page, sheet, FIRST - 1 + number, row)
        self._validate(page, sheet)
        page.freeze_panes(FIRST - 1, _held(sheet))
        page.autofilter(HEADING - 1, 0, FIRST - 2 + len(sheet.rows), last)
        if sheet.fixed:  # elsewhere rows come and go, which Excel does not allow beside locked cells
            page.protect("", _PROTECTED)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(HEADING - 1)

    def _top(self, page: Any, sheet: Sheet, last: int) -> None:
        about = self.format(text_wrap=True, font_color=_SOFT, bg_color="#ffffff")
        words = f"{sheet.about.zh}\n{sheet.about.en}"
        page.set_row(0, 36, about)
        page.write_string(0, 0, words, self.format(text_wrap=False, font_color=_SOFT))
        if last:
            page.merge_range(0, 0, 0, min(last, 6), words, about)
        head = self.format(
            bold=True,
            font_color="#ffffff",
            bg_color=_ACCENT,
            text_wrap=True,
            border=1,
            border_color=_LINE,
            valign="vcenter",
        )
        note = self.format(
            font_size=8, font_color=_SOFT, bg_color=_PAPER, text_wrap=True, border=1, border_color=_LINE
        )
        tall, high = 1, 2
        for number, column in enumerate(sheet.columns):
            high = max(high, _lines(_two(column.title), column.width * 0.8))  # bold letters are wider
            page.write_string(HEADING - 1, number, _two(column.title), head)
            page.write_string(HEADING, number, column.note.zh, note)
            tall = max(tall, _lines(column.note.zh, column.width * 1.2))
            if column.note.en:
                page.write_comment(
                    HEADING - 1, number, f"{column.note.zh}\n{column.note.en}", {"x_scale": 1.6}
                )
        page.set_row(HEADING - 1, 14 * high + 4)
        page.set_row(HEADING, 12 * tall + 4)

    def _row(self, page: Any, sheet: Sheet, at: int, row: Row) -> None:
        tall = 1
        for number, column in enumerate(sheet.columns):
            said = row.cells.get(column.key, "")
            look = self._cell(column, sheet, head=row.head, formula=said[:1] in ("=", "+", "-", "@"))
            if said:
                page.write_string(at, number, said, look)
            else:
                page.write_blank(at, number, None, look)
            if column.key != "key":
                tall = max(tall, _lines(said, column.width - 2))
        page.set_row(at, min(409, 15 * tall + 6))

    def _cell(self, column: Column, sheet: Sheet, *, head: bool = False, formula: bool = False) -> Any:
        wishes: dict[str, Any] = {
            "text_wrap": column.key != "key",
            "border": 1,
            "border_color": _LINE,
            "indent": 1,
        }
        wishes["locked"] = column.locked
        if column.locked:
            wishes |= {"bg_color": _PAPER, "font_color": _SOFT, "font_size": 9}
        if column.id or (sheet.kind == "table" and column.key == "0"):
            wishes |= {"bg_color": _PAPER}
        if head:
            wishes |= {
                "bg_color": "#e3edf0",
                "bold": True,
                "font_color": _INK,
                "font_size": 10,
                "text_wrap": False,
            }
        if formula:
            wishes["quote_prefix"] = True
        return self.format(**wishes)

    def _validate(self, page: Any, sheet: Sheet) -> None:
        end = FIRST - 2 + len(sheet.rows) + (0 if sheet.fixed else SPARE)
        for number, column in enumerate(sheet.columns):
            if column.choices:
                page.data_validation(FIRST - 1, number, end, number, self._list(column.choices, column.free))
            elif column.id and not sheet.fixed:
                letter = _letter(number)
                page.data_validation(
                    FIRST - 1,
                    number,
                    end,
                    number,
                    {
                        "validate": "custom",
                        "value": f"=EXACT({letter}{FIRST},LOWER({letter}{FIRST}))",
                        "error_title": "编号 Id",
                        "error_message": "只用小写字母、数字、下划线。\nLower-case letters, digits, underscores.",
                    },
                )
        for at, row in enumerate(sheet.rows, start=FIRST - 1):
            for number, column in enumerate(sheet.columns):
                if column.key in row.choices:
                    page.data_validation(at, number, at, number, self._list(row.choices[column.key], False))

    def _list(self, choices: tuple[str, ...], free: bool) -> dict[str, Any]:
        if choices not in self.lists:
            letter = _letter(len(self.lists))
            self.lists[choices] = f"={LISTS}!${letter}$1:${letter}${len(choices)}"
        return {
            "validate": "list",
            "source": self.lists[choices],
            "show_error": not free,
            "error_title": "从列表里选 Choose",
            "error_message": "请从列表里选一个。\nPlease choose one of the list.",
        }

    def _about(self, page: Any) -> None:
        page.hide_gridlines(2)
        page.set_column(0, 0, 3)
        page.set_column(1, 1, 20)
        page.set_column(2, 2, _WIDE)
        title = self.format(bold=True, font_size=18)
        page.set_row(0, 12)
        page.set_row(1, 30)
        page.write_string(1, 1, self.book.title.zh, title)
        page.write_string(2, 1, self.book.title.en, self.format(font_size=12, font_color=_SOFT))
        at = 4
        for zh, en in _STEPS_NEW if not self.book.scenario else _STEPS:
            page.write_string(at, 1, zh.partition("：")[0], self.format(bold=True))
            self._said(page, at, f"{zh.partition('：')[2]}\n{en}")
            at += 1
        at += 1
        page.write_string(at, 1, "工作表 Sheets", self.format(bold=True, font_color=_ACCENT))
        link = self.format(font_color=_ACCENT, underline=1)
        for sheet in self.book.sheets:
            at += 1
            page.write_url(at, 1, f"internal:'{sheet.name}'!A{FIRST}", link, sheet.name)
            self._said(page, at, f"{sheet.about.zh}\n{sheet.about.en}")
        at += 2
        for look, words in (
            (
                {"bg_color": "#ffffff", "border": 1, "border_color": _LINE},
                "白色：可以改 · White: yours to change",
            ),
            (
                {"bg_color": _PAPER, "border": 1, "border_color": _LINE},
                "灰色：编号和说明，别处按它引用 · Grey: ids and explanations",
            ),
        ):
            page.write_string(at, 1, "", self.format(**look))
            page.write_string(at, 2, words, self.format())
            at += 1
        if self.book.scenario:
            page.write_string(
                at,
                2,
                f"{self.book.scenario} · {self.book.version}",
                self.format(font_color=_SOFT, font_size=9),
            )
        page.protect("")
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)

    def _said(self, page: Any, at: int, words: str) -> None:
        """Some lines of explanation, in a row that is as high as they need."""
        page.write_string(at, 2, words, self.format(text_wrap=True))
        page.set_row(at, 15 * _lines(words, _WIDE * 0.85) + 4)


_WIDE = 96
_STEPS = (
    ("一、改：在各张工作表里改白色的格子，保存。", "Change white cells in the sheets, and save."),
    ("二、先看：./zhuoli scenario workbook import 文件.xlsx --check 只检查，不写。", "See first what is wrong: with --check nothing is written."),
    ("三、写回：./zhuoli scenario workbook import 文件.xlsx 有错就说在哪张表、哪一行、哪一列，一处不对什么也不写。", "Write back: every mistake is told by sheet, row and column; with one mistake nothing is written."),
    ("没有带上的：示意图和查询语句在文件夹里改，工作簿不动它们。", "Pictures and the query are changed in the folder; the workbook leaves them as they are."),
)  # fmt: skip
_STEPS_NEW = (
    ("一、填：先填“事项”和“阶段”，再看“表单”问什么；每个必答的问题写一个示例回答；“示例”里再写几个不一样的办法。", "Fill in the matter and its stages, then the questions; give each one that must be answered a sample answer. Under 示例 write other ways that it may go."),
    ("二、导入：./zhuoli scenario workbook import 文件.xlsx 做出场景文件夹，检查它，运行它的每个示例。", "Import it: the folder is made, checked, and each of its examples is run."),
    ("三、接着改：./zhuoli scenario workbook export 编号，得到完整的工作簿。", "Go on: export gives you the whole workbook."),
)  # fmt: skip


def _held(sheet: Sheet) -> int:
    """How many columns stay in sight while scrolling sideways."""
    if sheet.fixed:
        return 0
    return max(1, sum(column.id for column in sheet.columns))


def _two(title: Text) -> str:
    return f"{title.zh}\n{title.en}" if title.en else title.zh


def _lines(words: str, width: float) -> int:
    """So many lines a text takes in a column of so many Latin characters."""
    return sum(max(1, -(-_width(line) // max(4, int(width * 1.15)))) for line in words.split("\n"))


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in line)


def _letter(number: int) -> str:
    """The letters of a column, from 0."""
    return place(1, number + 1)[:-1]
