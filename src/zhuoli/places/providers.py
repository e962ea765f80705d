"""The directory of places, lawyers, notaries and mediators: a table that an office edits in a spreadsheet.

One row is one provider. Hours are written for working and free days: ``work 09:00-12:00 14:30-17:30; rest 09:00-12:00``
(or ``工作日``, ``休息日``); what is a working day, the calendar says, shifted weekends included. Times are local.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, get_args

import msgspec

from zhuoli.core.text import Mistake, Text
from zhuoli.core.worktime import Calendar
from zhuoli.core.worktime.instants import MINUTE, day_begins, day_of

Kind = Literal["place", "lawyer", "notary", "mediator"]
KINDS: tuple[Kind, ...] = get_args(Kind)
COLUMNS = (
    "id", "kind", "name.zh", "name.en", "territory", "address.zh", "address.en", "phone",
    "languages", "hours", "minutes", "words", "generated",
)  # fmt: skip
LANGUAGES: dict[str, Text] = {
    "zh": Text("汉语", "Chinese"),
    "en": Text("英语", "English"),
    "bo": Text("藏语", "Tibetan"),
    "sign": Text("手语", "sign language"),
}
"""In which languages somebody can be spoken to."""
FILE = "directory.csv"
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_DAYS = {"work": True, "工作日": True, "rest": False, "休息日": False}

Span = tuple[int, int]
"""From and until, in minutes of the day."""


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who gives legal service: hours by working and free days, a meeting in ``minutes``.

    ``territory`` is a code prefix (4, 6 or 9 digits); ``generated`` says that it is made up for the demonstration.
    """

    id: str
    kind: Kind
    name: Text
    territory: str
    address: Text
    phone: str
    languages: tuple[str, ...]
    work: tuple[Span, ...]
    rest: tuple[Span, ...]
    minutes: int
    words: str
    generated: bool

    def spans(self, day: int, calendar: Calendar) -> tuple[Span, ...]:
        """Return the hours of one local day (days since 1970-01-01)."""
        return self.work if calendar.is_working(day) else self.rest

    def opens(self, at: int, calendar: Calendar) -> bool:
        """Whether a meeting can begin at an instant (ms UTC)."""
        return at in set(self._starts(day_of(at), calendar))

    def starts(self, after: int, days: int, calendar: Calendar) -> Iterator[int]:
        """Give the instants (ms UTC) at which a meeting can begin within some days, the next first."""
        for day in range(day_of(after), day_of(after) + days):
            yield from (at for at in self._starts(day, calendar) if at > after)

    def _starts(self, day: int, calendar: Calendar) -> Iterator[int]:
        for begin, end in self.spans(day, calendar):
            for minute in range(begin, end - self.minutes + 1, self.minutes):
                yield day_begins(day) + minute * MINUTE


def read_providers(path: Path) -> tuple[list[Provider], list[Mistake]]:
    """Read the table; a row with a mistake is left out and told by its line. No file: nobody."""
    if not path.is_file():
        return [], []
    try:
        source = path.read_text("utf-8-sig")
    except (UnicodeDecodeError, OSError):
        return [], [
            _mistake(
                path,
                1,
                "不是 UTF-8 文本",
                "This is no UTF-8 text",
                "另存为 UTF-8 的 CSV",
                "Save it as CSV in UTF-8",
            )
        ]
    reader = csv.DictReader(io.StringIO(source))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        listed = ", ".join(missing)
        return [], [_mistake(path, 1, f"缺少列：{listed}", f"Columns are missing: {listed}", f"第一行写：{','.join(COLUMNS)}", f"The first line is {','.join(COLUMNS)}")]  # fmt: skip
    found: dict[str, Provider] = {}
    names: set[str] = set()
    mistakes: list[Mistake] = []
    for row in reader:
        try:
            provider = _provider({key: (value or "").strip() for key, value in row.items() if key})
            if provider.id in found or provider.name.zh in names:
                raise _Wrong(
                    "编号或名称重复", "The id or the name is used twice", "换一个", "Take another one"
                )
        except _Wrong as wrong:
            mistakes.append(_mistake(path, reader.line_num, *wrong.said))
            continue
        found[provider.id] = provider
        names.add(provider.name.zh)
    return list(found.values()), mistakes


def written(providers: Iterable[Provider]) -> str:
    """Return the table of some providers."""
    target = io.StringIO()
    sheet = csv.writer(target, lineterminator="\n")
    sheet.writerow(COLUMNS)
    for p in providers:
        hours = "; ".join(
            f"{name} {' '.join(f'{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}' for a, b in spans)}"
            for name, spans in (("work", p.work), ("rest", p.rest))
            if spans
        )
        sheet.writerow(
            (p.id, p.kind, p.name.zh, p.name.en, p.territory, p.address.zh, p.address.en, p.phone,
             " ".join(p.languages), hours, p.minutes, p.words, "yes" if p.generated else "no")
        )  # fmt: skip
    return target.getvalue()


class _Wrong(Exception):
    def __init__(self, *said: str) -> None:
        self.said = said


def _provider(row: dict[str, str]) -> Provider:
    for name in ("id", "kind", "name.zh", "name.en", "territory", "hours", "minutes"):
        if not row.get(name):
            raise _Wrong(f"“{name}”是空的", f"“{name}” is empty", "填上", "Fill it in")
    kind = next((each for each in KINDS if each == row["kind"]), None)
    if kind is None:
        listed = " ".join(KINDS)
        raise _Wrong(f"没有“{row['kind']}”这一类", f"There is no kind “{row['kind']}”", f"写其中之一：{listed}", f"Write one of: {listed}")  # fmt: skip
    if not re.fullmatch(r"\d{2}|\d{4}|\d{6}|\d{9}|\d{12}", row["territory"]):
        raise _Wrong("地区代码不对", "This is no code of a territory", "写 2、4、6、9 或 12 位代码", "Write a code of 2, 4, 6, 9 or 12 digits")  # fmt: skip
    languages = tuple(row.get("languages", "").split()) or ("zh",)
    unknown = [each for each in languages if each not in LANGUAGES]
    if unknown:
        listed = " ".join(LANGUAGES)
        raise _Wrong(f"不认识的语言 {unknown[0]}", f"Unknown language {unknown[0]}", f"可以写：{listed}", f"Write some of: {listed}")  # fmt: skip
    if not row["minutes"].isdigit() or not 10 <= int(row["minutes"]) <= 240:
        raise _Wrong("一次约见 10 到 240 分钟", "A meeting takes 10 to 240 minutes", "写分钟数，例如 30", "Write minutes, such as 30")  # fmt: skip
    work, rest = _hours(row["hours"])
    return Provider(
        id=row["id"],
        kind=kind,
        name=Text(row["name.zh"], row["name.en"]),
        territory=row["territory"].rstrip("0") if len(row["territory"]) == 12 else row["territory"],
        address=Text(row.get("address.zh", ""), row.get("address.en", "")),
        phone=row.get("phone", ""),
        languages=languages,
        work=work,
        rest=rest,
        minutes=int(row["minutes"]),
        words=row.get("words", ""),
        generated=row.get("generated", "").lower() in ("yes", "是", "true"),
    )


def _hours(written: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    found: dict[bool, tuple[Span, ...]] = {True: (), False: ()}
    for part in re.split(r"[;；]", written):
        name, *spans = part.split()
        if name not in _DAYS or not spans:
            raise _Wrong(f"“{part.strip()}”看不懂", f"“{part.strip()}” cannot be read", "写 work 09:00-12:00 14:30-17:30; rest 09:00-12:00", "Write work 09:00-12:00 14:30-17:30; rest 09:00-12:00")  # fmt: skip
        read = []
        for each in spans:
            match = _SPAN.fullmatch(each)
            if match is None:
                raise _Wrong(f"“{each}”不是时段", f"“{each}” is no span of time", "写 09:00-12:00", "Write 09:00-12:00")  # fmt: skip
            a, b, c, d = map(int, match.groups())
            if a * 60 + b >= c * 60 + d:
                raise _Wrong(f"“{each}”结束早于开始", f"“{each}” ends before it begins", "先写开始再写结束", "Begin first, end last")  # fmt: skip
            read.append((a * 60 + b, c * 60 + d))
        found[_DAYS[name]] = tuple(sorted(read))
    return found[True], found[False]


def _mistake(path: Path, line: int, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Mistake:
    return Mistake(
        code="bad_provider",
        message=Text(zh, en),
        remedy=Text(remedy_zh, remedy_en),
        file=str(path),
        line=line,
        column=0,
    )
