"""The list of divisions: reading it, and refusing it when it does not hold together.

Codes are those of GB/T 2260 and of the National Bureau of Statistics (统计用区划代码): 12 digits, of which each
level fixes 2, 4, 6, 9 or 12 and leaves the rest zero, so that each level is a prefix of the next.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from zhuoli.core.text import Mistake, Text
from zhuoli.places.english import english_name, initials
from zhuoli.places.mistakes import BadPlaces, mistake

Level = Literal["province", "prefecture", "county", "township", "community", "village"]

DIGITS: dict[str, int] = {
    "province": 2,
    "prefecture": 4,
    "county": 6,
    "township": 9,
    "community": 12,
    "village": 12,
}
"""How many digits of the code a level fixes."""

_ABOVE = {
    "prefecture": "province",
    "county": "prefecture",
    "township": "county",
    "community": "township",
    "village": "township",
}

DATA = Path(__file__).parent / "data"
DIVISIONS = DATA / "gansu_divisions.csv.gz"
GANSU: dict[str, int] = {
    "province": 1,
    "prefecture": 14,
    "county": 88,
    "township": 1403,
    "community": 2211,
    "village": 15507,
}
"""How many of each level the packaged list has (as of 2023-06-30)."""

_COLUMNS = ["code", "name", "level", "parent"]


class Division(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One territory. ``name_en`` and ``initials`` (``jqljd`` for 酒泉路街道) are generated from the Chinese name."""

    code: str
    level: str
    parent: str
    name_zh: str
    name_en: str
    initials: str

    @property
    def prefix(self) -> str:
        """The digits of the code that the level fixes."""
        return self.code[: DIGITS[self.level]]

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return Text(self.name_zh, self.name_en)


@cache
def packaged_divisions() -> tuple[Division, ...]:
    """Return the packaged list of Gansu (it takes a moment: the English names are made here).

    Raises:
        BadPlaces: the file is damaged.
    """
    return read_divisions(DIVISIONS, GANSU)


def read_divisions(path: Path, expected: Mapping[str, int] | None = None) -> tuple[Division, ...]:
    """Read ``code,name,level,parent`` (CSV in UTF-8, gzipped when the name ends so) and check it.

    ``expected`` is the number of territories of each level, where it is known.

    Raises:
        BadPlaces: with every mistake found.
    """
    file = path.name
    rows = _rows(path)
    found = [*_each(rows, file), *_together(rows, file), *_counts(rows, expected or {}, file)]
    if found:
        raise BadPlaces(found)
    return tuple(
        Division(
            code=code,
            level=level,
            parent=parent,
            name_zh=name,
            name_en=english_name(name, level),
            initials=initials(name),
        )
        for code, name, level, parent in rows
    )


def _rows(path: Path) -> list[list[str]]:
    file = path.name
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    except FileNotFoundError as error:
        raise BadPlaces(
            [mistake("file_missing", f"没有文件 {path}。", f"There is no file {path}.", file=file)]
        ) from error
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BadPlaces(
            [mistake("file_unreadable", f"文件读不出来：{error}", f"Cannot be read: {error}", file=file)]
        ) from error
    lines = list(csv.reader(io.StringIO(text)))
    if not lines or lines[0] != _COLUMNS:
        head = ",".join(lines[0]) if lines else ""
        raise BadPlaces(
            [
                mistake(
                    "columns",
                    f"第一行应是 {','.join(_COLUMNS)}，现在是“{head}”。",
                    f"The first line must be {','.join(_COLUMNS)}; it is “{head}”.",
                    file=file,
                    line=1,
                )
            ]
        )
    broken = [
        mistake(
            "columns",
            f"这一行有 {len(row)} 列，应有 4 列。",
            f"This line has {len(row)} columns, not 4.",
            file=file,
            line=number,
        )
        for number, row in enumerate(lines[1:], 2)
        if len(row) != len(_COLUMNS)
    ]
    if broken:
        raise BadPlaces(broken)
    return lines[1:]


def _each(rows: Iterable[list[str]], file: str) -> Iterable[Mistake]:
    for number, (code, name, level, _) in enumerate(rows, 2):
        if not (len(code) == 12 and code.isascii() and code.isdigit()):
            yield mistake(
                "code_form",
                f"“{code}”不是 12 位数字代码。",
                f"“{code}” is not a code of 12 digits.",
                file=file,
                line=number,
            )
        if not name.strip():
            yield mistake("name_empty", f"{code} 没有名称。", f"{code} has no name.", file=file, line=number)
        if level not in DIGITS:
            yield mistake(
                "level_unknown",
                f"“{level}”不是已知的层级（{'、'.join(DIGITS)}）。",
                f"“{level}” is not a level ({', '.join(DIGITS)}).",
                file=file,
                line=number,
            )
        elif code[DIGITS[level] :].strip("0"):
            yield mistake(
                "code_level",
                f"{code} 的层级是 {level}，第 {DIGITS[level]} 位以后应全是 0。",
                f"{code} is a {level}: after digit {DIGITS[level]} there must be zeros only.",
                file=file,
                line=number,
            )


def _together(rows: list[list[str]], file: str) -> Iterable[Mistake]:
    levels: dict[str, str] = {}
    for number, (code, _, level, _) in enumerate(rows, 2):
        if code in levels:
            yield mistake(
                "code_twice",
                f"代码 {code} 出现了两次。",
                f"Code {code} appears twice.",
                file=file,
                line=number,
            )
        levels[code] = level
    for number, (code, _, level, parent) in enumerate(rows, 2):
        wanted = _ABOVE.get(level)
        if wanted is None:
            if parent:
                yield mistake(
                    "parent_unwanted",
                    f"{code} 是最高一级，不应有上级。",
                    f"{code} is the highest level and has no parent.",
                    file=file,
                    line=number,
                )
        elif parent not in levels:
            yield mistake(
                "parent_missing",
                f"{code} 的上级 {parent or '(空)'} 不在表中。",
                f"The parent of {code}, {parent or '(empty)'}, is not in the list.",
                file=file,
                line=number,
            )
        elif levels[parent] != wanted:
            yield mistake(
                "parent_level",
                f"{code} 是 {level}，上级应是 {wanted}，{parent} 却是 {levels[parent]}。",
                f"{code} is a {level}, so its parent must be a {wanted}; {parent} is a {levels[parent]}.",
                file=file,
                line=number,
            )
        elif not code.startswith(parent[: DIGITS[wanted]]):
            yield mistake(
                "prefix",
                f"{code} 不以上级 {parent} 的前 {DIGITS[wanted]} 位开头。",
                f"{code} does not begin with the first {DIGITS[wanted]} digits of its parent {parent}.",
                file=file,
                line=number,
            )


def _counts(rows: list[list[str]], expected: Mapping[str, int], file: str) -> Iterable[Mistake]:
    counted = Counter(row[2] for row in rows)
    for level, wanted in expected.items():
        if counted[level] != wanted:
            yield mistake(
                "count",
                f"{level} 应有 {wanted} 个，表中有 {counted[level]} 个。",
                f"There must be {wanted} of level {level}; the list has {counted[level]}.",
                file=file,
            )
