"""The sheets of ``services/`` become a checked catalogue; every mistake names sheet and cell, and the rest goes on.

    themes.csv     one row a sheet: key, zh, en; its services are in <key>.csv
    grounds.csv    key, law, version
    materials.csv  key, zh, en
    fees.csv       key, zh, en

A sheet of services has the columns of ``COLUMNS``. Several materials or grounds in a cell are parted by ``;``; a ground is
``key:articles``, and its articles may be empty. Times are ``20日``, ``3个工作日``, ``24小时`` or ``当场``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import msgspec

from zhuoli.core.feel.errors import FeelErrors
from zhuoli.core.feel.sheet import Pad, decode_csv, read_sheet
from zhuoli.core.guides.model import Catalogue, Citation, Guide, Theme
from zhuoli.core.text import Mistake, Text

COLUMNS = (
    "id",
    "title.zh",
    "title.en",
    "words",
    "who.zh",
    "who.en",
    "materials",
    "statutory",
    "visits",
    "fee",
    "grounds",
    "confirm",
    "scenario",
)
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TIME = re.compile(r"([1-9][0-9]{0,3})(日|个工作日|小时)")
_UNITS = {"日": ("日", "day"), "个工作日": ("个工作日", "working day"), "小时": ("小时", "hour")}
_AT_ONCE = Text("当场", "while you wait")
_MOST = 9


def read_catalogue(
    folder: Path, scenarios: Collection[str] | None = None, booking: Collection[str] = ()
) -> Catalogue:
    """Read all sheets; ``scenarios`` are the ids on the shelf (None: not checked), ``booking`` those that book a time.

    A missing folder gives an empty catalogue with one mistake.
    """
    found: list[Mistake] = []
    themes = tuple(Theme(key, text) for key, text in _pairs(folder, "themes.csv", found).items())
    materials = _pairs(folder, "materials.csv", found)
    fees = _pairs(folder, "fees.csv", found)
    grounds = _grounds(folder, found)
    guides: dict[str, Guide] = {}
    for theme in themes:
        sheet = _Sheet(folder, f"{theme.id}.csv", COLUMNS, found)
        for row in sheet.rows():
            guide = _Row(sheet, row, theme.id, materials, fees, grounds, scenarios).guide(guides)
            if guide is not None:
                guides[guide.id] = msgspec.structs.replace(guide, appointment=guide.scenario in booking)
        found += sheet.pad.mistakes
    return Catalogue(themes=themes, guides=tuple(guides.values()), mistakes=tuple(found))


class _Sheet:
    """One file: its columns by name. A file that is missing or has other columns has no rows."""

    def __init__(self, folder: Path, name: str, columns: tuple[str, ...], found: list[Mistake]) -> None:
        self.columns = {column: at for at, column in enumerate(columns)}
        rows: list[list[str]] = []
        try:
            rows = read_sheet(decode_csv((folder / name).read_bytes(), name), name)
        except FeelErrors as errors:
            found += errors.mistakes
        except OSError:
            found.append(
                Mistake(
                    code="missing_sheet",
                    message=Text(f"缺少表格 {name}", f"the sheet {name} is missing"),
                    remedy=Text(
                        "放回这个文件，或从 themes.csv 中去掉这一类",
                        "put it back, or take it out of themes.csv",
                    ),
                    file=name,
                )
            )
        self.pad = Pad(rows, name)
        self.sound = bool(rows) and rows[0] == list(columns)
        if rows and not self.sound:
            self.pad.add(
                "wrong_columns",
                1,
                0,
                Text("第一行的列名不对", "the headings in the first row are not right"),
                Text(f"第一行写：{'、'.join(columns)}", f"write in the first row: {', '.join(columns)}"),
            )

    def rows(self) -> range:
        """The rows below the headings, counted from 0."""
        return range(1, len(self.pad.rows)) if self.sound else range(0)

    def cell(self, row: int, column: str) -> str:
        return self.pad.cell(row, self.columns[column])

    def wrong(self, row: int, column: str, code: str, message: Text, remedy: Text) -> None:
        self.pad.add(code, row + 1, self.columns[column] + 1, message, remedy)


def _pairs(folder: Path, name: str, found: list[Mistake]) -> dict[str, Text]:
    sheet = _Sheet(folder, name, ("key", "zh", "en"), found)
    pairs: dict[str, Text] = {}
    for row in sheet.rows():
        key, zh, en = (sheet.cell(row, each) for each in ("key", "zh", "en"))
        if _is_new_key(sheet, row, "key", pairs) and _both(sheet, row, "zh", "en"):
            pairs[key] = Text(zh, en)
    found += sheet.pad.mistakes
    return pairs


def _grounds(folder: Path, found: list[Mistake]) -> dict[str, tuple[str, str]]:
    sheet = _Sheet(folder, "grounds.csv", ("key", "law", "version"), found)
    laws: dict[str, tuple[str, str]] = {}
    for row in sheet.rows():
        law, version = sheet.cell(row, "law"), sheet.cell(row, "version")
        if not _is_new_key(sheet, row, "key", laws):
            continue
        if not law or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", version):
            sheet.wrong(
                row,
                "version" if law else "law",
                "no_version",
                Text("要写法规名称和版本日期", "a law needs its name and the date of its version"),
                Text("版本写成 2021-04-29 这样", "write the version as 2021-04-29"),
            )
            continue
        laws[sheet.cell(row, "key")] = (law, version)
    found += sheet.pad.mistakes
    return laws


def _is_new_key(sheet: _Sheet, row: int, column: str, known: Collection[str]) -> bool:
    key = sheet.cell(row, column)
    if not _KEY.fullmatch(key):
        sheet.wrong(
            row,
            column,
            "bad_key",
            Text("编号不能用", "this id cannot be used"),
            Text(
                "小写字母开头，只用小写字母、数字、下划线",
                "begin with a lower-case letter; then letters, digits, underscores",
            ),
        )
        return False
    if key in known:
        sheet.wrong(
            row,
            column,
            "twice",
            Text("编号重复", "this id is there twice"),
            Text("换一个编号", "choose another"),
        )
        return False
    return True


def _both(sheet: _Sheet, row: int, zh: str, en: str) -> bool:
    for column in (zh, en):
        if not sheet.cell(row, column):
            sheet.wrong(
                row,
                column,
                "missing_language",
                Text("中文、英文都要写", "both languages are needed"),
                Text("补上缺的一种", "fill in the missing one"),
            )
            return False
    return True


class _Row:
    """One row of a sheet on its way to a guide."""

    def __init__(
        self,
        sheet: _Sheet,
        row: int,
        theme: str,
        materials: dict[str, Text],
        fees: dict[str, Text],
        grounds: dict[str, tuple[str, str]],
        scenarios: Collection[str] | None,
    ) -> None:
        self.sheet, self.row, self.theme = sheet, row, theme
        self.materials, self.fees, self.grounds, self.scenarios = materials, fees, grounds, scenarios
        self.sound = True

    def guide(self, known: Collection[str]) -> Guide | None:
        """Return the guide, or None when the row has a mistake."""
        new = _is_new_key(self.sheet, self.row, "id", known)
        whole = [_both(self.sheet, self.row, f"{each}.zh", f"{each}.en") for each in ("title", "who")]
        self.sound = new and all(whole)
        made = Guide(
            id=self.cell("id"),
            theme=self.theme,
            title=Text(self.cell("title.zh"), self.cell("title.en")),
            words=tuple(self.cell("words").split()),
            who=Text(self.cell("who.zh"), self.cell("who.en")),
            materials=self._materials(),
            statutory=self._statutory(),
            visits=self._visits(),
            fee=self._fee(),
            grounds=self._grounds(),
            confirm=self._confirm(),
            scenario=self._scenario(),
        )
        self._certain(made)
        return made if self.sound else None

    def cell(self, column: str) -> str:
        return self.sheet.cell(self.row, column)

    def _wrong(self, column: str, code: str, message: Text, remedy: Text) -> None:
        self.sheet.wrong(self.row, column, code, message, remedy)
        self.sound = False

    def _list(self, column: str) -> list[str]:
        return [each.strip() for each in self.cell(column).split(";") if each.strip()]

    def _materials(self) -> tuple[Text, ...]:
        found: list[Text] = []
        for each in self._list("materials"):
            if each in self.materials:
                found.append(self.materials[each])
            else:
                self._unknown("materials", each, "materials.csv")
        return tuple(found)

    def _fee(self) -> Text:
        fee = self.cell("fee")
        if fee not in self.fees:
            self._unknown("fee", fee, "fees.csv")
        return self.fees.get(fee, Text("", ""))

    def _unknown(self, column: str, name: str, sheet: str) -> None:
        self._wrong(
            column,
            "unknown_key",
            Text(f"{sheet} 里没有“{name}”", f"{sheet} has no “{name}”"),
            Text(f"先在 {sheet} 里加一行", f"add a row to {sheet} first"),
        )

    def _statutory(self) -> Text | None:
        written = self.cell("statutory")
        if not written:
            return None
        if written == "当场":
            return _AT_ONCE
        match = _TIME.fullmatch(written)
        if match is None:
            self._wrong(
                "statutory",
                "bad_time",
                Text("时限读不懂", "this time cannot be read"),
                Text(
                    "写“20日”“3个工作日”“24小时”“当场”，不知道就空着",
                    "write 20日, 3个工作日, 24小时 or 当场; leave it empty if unknown",
                ),
            )
            return None
        amount, (zh, en) = match[1], _UNITS[match[2]]
        return Text(f"{amount}{zh}", f"{amount} {en}{'' if amount == '1' else 's'}")

    def _visits(self) -> int | None:
        written = self.cell("visits")
        if written and (not written.isascii() or not written.isdigit() or int(written) > _MOST):
            self._wrong(
                "visits",
                "bad_number",
                Text("跑几次写数字", "the number of visits is a number"),
                Text(f"写 0 到 {_MOST}，不知道就空着", f"write 0 to {_MOST}; leave it empty if unknown"),
            )
            return None
        return int(written) if written else None

    def _grounds(self) -> tuple[Citation, ...]:
        found: list[Citation] = []
        for each in self._list("grounds"):
            key, _, articles = each.partition(":")
            if key in self.grounds:
                law, version = self.grounds[key]
                found.append(Citation(law=law, version=version, articles=articles))
            else:
                self._unknown("grounds", key, "grounds.csv")
        if not self._list("grounds"):
            self._wrong(
                "grounds",
                "no_ground",
                Text("没有写依据", "the ground in law is missing"),
                Text(
                    "写 grounds.csv 里的编号，加冒号和条款",
                    "write an id of grounds.csv, a colon and the articles",
                ),
            )
        return tuple(found)

    def _confirm(self) -> bool:
        written = self.cell("confirm")
        if written not in ("yes", "no"):
            self._wrong(
                "confirm",
                "bad_word",
                Text("只能写 yes 或 no", "write yes or no"),
                Text(
                    "拿不准的写 yes：页面上会请人到本地核对",
                    "write yes where anything is uncertain: the page then says to confirm locally",
                ),
            )
        return written != "no"

    def _scenario(self) -> str:
        name = self.cell("scenario")
        if name and self.scenarios is not None and name not in self.scenarios:
            self._wrong(
                "scenario",
                "unknown_scenario",
                Text("场景架上没有这个场景", "there is no such scenario on the shelf"),
                Text("改正名称，或空着（只有指南）", "correct the name, or leave it empty (a guide only)"),
            )
        return name

    def _certain(self, made: Guide) -> None:
        """Refuse certainty without an article: what is uncertain has to say so."""
        if not made.confirm and made.grounds and not any(each.articles for each in made.grounds):
            self._wrong(
                "confirm",
                "not_certain",
                Text("没有写条款，却说不用核对", "no article is named, yet nothing is to be confirmed"),
                Text("补上条款，或写 yes", "name the articles, or write yes"),
            )
