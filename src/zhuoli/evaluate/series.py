"""A series in time, and how it is read from a table; every mistake says line, column and remedy."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from typing import Literal

import msgspec

from zhuoli.core.scenario.catalog import Entry, from_entry
from zhuoli.core.text import Mistake, Text
from zhuoli.evaluate.periods import Period, read_period, written

Kind = Literal["count", "share", "amount"]
"""``count``: how many happened; ``share``: how many of so many; ``amount``: anything else that is measured."""

LONGEST = 20_000
"""So many periods are taken at most: fifty years of days."""

_HEADS: dict[str, tuple[str, ...]] = {
    "area": ("area", "territory", "county", "unit", "地区", "县区", "单位"),
    "date": ("date", "period", "month", "week", "day", "year", "日期", "时间", "月份", "周", "年份", "年月"),
    "value": ("value", "count", "cases", "数值", "数量", "件数", "起数", "值"),
    "of": ("of", "exposure", "denominator", "population", "分母", "基数", "总数", "人口"),
    "comparison": ("comparison", "control", "对照", "对照地区", "比较地区"),
    "comparison_of": ("comparison_of", "control_of", "对照分母", "对照基数"),
}

MISTAKES: dict[str, Entry] = {
    "series_encoding": (
        Text("文件既不是 UTF-8，也不是 GB18030", "The file is neither UTF-8 nor GB18030"),
        Text("在 Excel 中另存为“CSV UTF-8”", "Save it in Excel as “CSV UTF-8”"),
    ),
    "series_heading": (
        Text("表头里没有“{name}”这一列", "The heading has no column “{name}”"),
        Text(
            "第一行写 date,value（或 日期,数值）；可加 of（分母）、comparison（对照）",
            "The first line is date,value; of (denominator) and comparison may follow",
        ),
    ),
    "series_column": (
        Text("不认识的列“{name}”", "Unknown column “{name}”"),
        Text("可用的列：{allowed}；别的列删去", "Columns: {allowed}; remove others"),
    ),
    "series_width": (
        Text(
            "这一行有 {actual} 列，表头有 {expected} 列",
            "This row has {actual} columns, the heading {expected}",
        ),
        Text("检查多出或漏掉的逗号", "Look for a comma too many or too few"),
    ),
    "series_date": (
        Text("“{value}”不是日期或时段", "“{value}” is no date or period"),
        Text(
            "写成 2024-03-01、2024-W05、2024-03、2024Q1 或 2024，全表一种",
            "Write 2024-03-01, 2024-W05, 2024-03, 2024Q1 or 2024, one kind in the whole table",
        ),
    ),
    "series_mixed": (
        Text("“{value}”与第一行的时段不同类", "“{value}” is another kind of period than the first row"),
        Text("全表用同一种时段", "Use one kind of period in the whole table"),
    ),
    "series_twice": (
        Text("{value} 出现了两次（第 {first} 行）", "{value} is there twice (line {first})"),
        Text("合并成一行", "Join the two rows"),
    ),
    "series_gap": (
        Text("缺 {value}（前一行是 {before}）", "{value} is missing (the row before is {before})"),
        Text("补上这一行；没有发生就写 0", "Add the row; where nothing happened write 0"),
    ),
    "series_number": (
        Text("“{value}”不是数", "“{value}” is no number"),
        Text("只写半角数字和小数点；没有发生写 0", "Digits and a point only; where nothing happened write 0"),
    ),
    "series_negative": (
        Text("数量不能是负数：{value}", "A count cannot be below zero: {value}"),
        Text("核对；若本来就可为负，用 --kind amount", "Check it; if it may be negative use --kind amount"),
    ),
    "series_whole": (
        Text("数量应是整数：{value}", "A count is a whole number: {value}"),
        Text("核对；若量的不是件数，用 --kind amount", "Check it; if it is no count use --kind amount"),
    ),
    "series_over": (
        Text("分子 {value} 大于分母 {of}", "The numerator {value} is greater than the denominator {of}"),
        Text("核对；若分母是人口之类，用 --kind count", "Check it; if “of” is a population use --kind count"),
    ),
    "series_base": (
        Text("分母应大于 0：{value}", "The denominator is above zero: {value}"),
        Text("没有分母的时段，并到相邻时段里", "Join a period without denominator with its neighbour"),
    ),
    "series_needs_of": (
        Text("比率（share）要有分母一列", "A share needs a column with its denominator"),
        Text("加一列 of（分母）", "Add the column of"),
    ),
    "series_long": (
        Text("有 {rows} 行，最多 {limit} 行", "There are {rows} rows, at most {limit} are taken"),
        Text("先按周或月合计", "Sum up by week or month first"),
    ),
    "series_empty": (
        Text("没有数据", "There are no rows"),
        Text("表头之后每个时段一行", "After the heading one row for each period"),
    ),
}


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """Values of periods that follow one another without a gap.

    ``of`` is the denominator of a share, or what a count grows with (population, vehicle kilometres); ``comparison`` is the
    same thing where nothing was done. Empty tuples: there is none.
    """

    period: Period
    start: int
    values: tuple[float, ...]
    kind: Kind = "count"
    of: tuple[float, ...] = ()
    comparison: tuple[float, ...] = ()
    comparison_of: tuple[float, ...] = ()

    def __len__(self) -> int:
        """How many periods."""
        return len(self.values)

    def part(self, begin: int, end: int) -> Series:
        """The periods from ``begin`` up to ``end`` (positions)."""
        return Series(
            period=self.period,
            start=self.start + begin,
            kind=self.kind,
            values=self.values[begin:end],
            of=self.of[begin:end],
            comparison=self.comparison[begin:end],
            comparison_of=self.comparison_of[begin:end],
        )

    def name(self, position: int) -> str:
        """How the period at a position is written."""
        return written(self.start + position, self.period)


def read_series(data: bytes, file: str, kind: Kind | None = None) -> tuple[dict[str, Series], list[Mistake]]:
    """Read a CSV table (UTF-8 or GB18030): one series for each area, under "" where the table has no areas.

    The kind is guessed where it is not given: whole numbers with a denominator that is never smaller are a share, whole
    numbers otherwise a count, anything else an amount. With a mistake there is no series.
    """
    text = _decode(data)
    if text is None:
        return {}, [_say("series_encoding", file)]
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        return {}, [_say("series_encoding", file)]
    numbered = [(line, row) for line, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if len(numbered) < 2:
        return {}, [_say("series_empty", file, len(rows) or 1)]
    columns, found = _columns(numbered[0][1], file)
    if found:
        return {}, found
    at = columns.pop("area", None)
    by_area: dict[str, list[tuple[int, list[str]]]] = {}
    for line, row in numbered[1:]:
        area = "" if at is None or at >= len(row) else row[at].strip()
        by_area.setdefault(area, []).append((line, row))
    made: dict[str, Series] = {}
    for area, part in by_area.items():
        one, wrong = _Table(file, columns, part).read(kind)
        found += wrong
        if one is not None:
            made[area] = one
    kinds = {one.kind for one in made.values()}
    if not found and len(kinds) > 1:
        return read_series(data, file, "amount" if "amount" in kinds else "count")
    return ({} if found else made), found


def _decode(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _say(code: str, file: str, line: int = 0, column: int = 0, **values: object) -> Mistake:
    return from_entry(code, MISTAKES[code], (file, line, column), values)


def _columns(heading: Sequence[str], file: str) -> tuple[dict[str, int], list[Mistake]]:
    columns: dict[str, int] = {}
    found: list[Mistake] = []
    for number, cell in enumerate(heading):
        name = cell.strip().lower()
        known = next((key for key, words in _HEADS.items() if name in words), None)
        if known is None:
            allowed = ", ".join(f"{key} ({words[-1]})" for key, words in _HEADS.items())
            found.append(_say("series_column", file, 1, number + 1, name=cell, allowed=allowed))
        else:
            columns[known] = number
    found += [
        _say("series_heading", file, 1, 1, name=each) for each in ("date", "value") if each not in columns
    ]
    return columns, found


class _Table:
    """The rows of a table on their way to a series."""

    def __init__(self, file: str, columns: dict[str, int], rows: list[tuple[int, list[str]]]) -> None:
        self.file, self.columns, self.rows = file, columns, rows
        self.found: list[Mistake] = []

    def read(self, kind: Kind | None) -> tuple[Series | None, list[Mistake]]:
        if len(self.rows) > LONGEST:
            return None, [_say("series_long", self.file, 0, rows=len(self.rows), limit=LONGEST)]
        width = max(self.columns.values()) + 1
        for line, row in self.rows:
            if len(row) < width:
                self._say("series_width", line, 0, actual=len(row), expected=width)
        if self.found:
            return None, self.found
        dated = self._dates()
        numbers = {name: self._numbers(name) for name in self.columns if name != "date"}
        if self.found or not dated:
            return None, self.found
        order = sorted(range(len(dated)), key=lambda at: dated[at][1])
        self._gaps([(self.rows[at][0], dated[at][1]) for at in order], dated[0][0])
        picked = {name: tuple(values[at] for at in order) for name, values in numbers.items()}
        kind = kind or _guessed(picked)
        self._fits(picked, kind, [self.rows[at][0] for at in order])
        if self.found:
            return None, self.found
        values = picked.pop("value")
        return Series(period=dated[0][0], start=dated[order[0]][1], values=values, kind=kind, **picked), []

    def _say(self, code: str, line: int, column: int, **values: object) -> None:
        self.found.append(_say(code, self.file, line, column, **values))

    def _dates(self) -> list[tuple[Period, int]]:
        at = self.columns["date"]
        dated: list[tuple[Period, int]] = []
        for line, row in self.rows:
            period = read_period(row[at])
            if period is None:
                self._say("series_date", line, at + 1, value=row[at].strip())
                continue
            if dated and period[0] != dated[0][0]:
                self._say("series_mixed", line, at + 1, value=row[at].strip())
            dated.append(period)
        return _as_weeks(dated)

    def _numbers(self, name: str) -> list[float]:
        at = self.columns[name]
        numbers: list[float] = []
        for line, row in self.rows:
            try:
                number = float(row[at])
            except ValueError:
                number = math.nan
            if not math.isfinite(number):
                self._say("series_number", line, at + 1, value=row[at].strip())
            numbers.append(number)
        return numbers

    def _gaps(self, dated: list[tuple[int, int]], period: Period) -> None:
        seen: dict[int, int] = {}
        before: int | None = None
        for line, number in dated:
            if number in seen:
                self._say("series_twice", line, 1, value=written(number, period), first=seen[number])
            elif before is not None and number != before + 1:
                missing, last = written(before + 1, period), written(before, period)
                self._say("series_gap", line, 1, value=missing, before=last)
            seen.setdefault(number, line)
            before = number

    def _fits(self, picked: dict[str, tuple[float, ...]], kind: Kind, lines: list[int]) -> None:
        if kind == "amount":
            return
        if kind == "share" and "of" not in picked:
            self._say("series_needs_of", 1, 0)
        for value_name, of_name in (("value", "of"), ("comparison", "comparison_of")):
            of = picked.get(of_name)
            for at, value in enumerate(picked.get(value_name, ())):
                line, column = lines[at], self.columns[value_name] + 1
                if value < 0:
                    self._say("series_negative", line, column, value=f"{value:g}")
                elif value != int(value):
                    self._say("series_whole", line, column, value=f"{value:g}")
                if of is not None and of[at] <= 0:
                    self._say("series_base", line, self.columns[of_name] + 1, value=f"{of[at]:g}")
                elif of is not None and kind == "share" and value > of[at]:
                    self._say("series_over", line, column, value=f"{value:g}", of=f"{of[at]:g}")


def _as_weeks(dated: list[tuple[Period, int]]) -> list[tuple[Period, int]]:
    """Days that are all seven apart are weeks, named by their first day."""
    days = [number for period, number in dated if period == "day"]
    if len(days) != len(dated) or len(days) < 3:
        return dated
    weekly = len({day % 7 for day in days}) == 1
    return [("week", (day - 1) // 7) for day in days] if weekly else dated


def _guessed(picked: dict[str, tuple[float, ...]]) -> Kind:
    values = picked["value"]
    if any(value < 0 or value != int(value) for value in values):
        return "amount"
    of = picked.get("of")
    return "share" if of and all(v <= o for v, o in zip(values, of, strict=True)) else "count"
