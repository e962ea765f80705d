"""How long: an amount and its unit, as authors write it and as people read it."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from zhuoli.core.text import Mistake, Text

Unit = Literal["minutes", "hours", "calendar_days", "working_days", "months"]

UNITS: tuple[Unit, ...] = ("minutes", "hours", "calendar_days", "working_days", "months")

# One hundred years in each unit: longer is a slip of the pen, and dates stay inside Python's range.
_LONGEST: dict[str, int] = {
    "minutes": 52_560_000,
    "hours": 876_000,
    "calendar_days": 36_500,
    "working_days": 25_000,
    "months": 1_200,
}

_NAMES: dict[str, tuple[str, str, str]] = {
    "minutes": ("分钟", "minute", "minutes"),
    "hours": ("小时", "hour", "hours"),
    "calendar_days": ("个自然日", "calendar day", "calendar days"),
    "working_days": ("个工作日", "working day", "working days"),
    "months": ("个月", "month", "months"),
}

_WORDS: dict[str, Unit] = {
    **dict.fromkeys(("minute", "minutes", "min", "mins", "分钟"), "minutes"),
    **dict.fromkeys(("hour", "hours", "h", "小时", "个小时"), "hours"),
    **dict.fromkeys(("calendar day", "calendar days", "calendar_days"), "calendar_days"),
    **dict.fromkeys(("自然日", "个自然日", "日历日", "个日历日"), "calendar_days"),
    **dict.fromkeys(("working day", "working days", "working_days"), "working_days"),
    **dict.fromkeys(("business day", "business days", "工作日", "个工作日"), "working_days"),
    **dict.fromkeys(("month", "months", "个月"), "months"),
}

_DAY_WORDS = frozenset(("day", "days", "d", "天", "日", "个日"))
_WEEK_WORDS = frozenset(("week", "weeks", "周", "个周", "星期", "个星期"))
_YEAR_WORDS = frozenset(("year", "years", "年"))
_MONTH_SLIPS = frozenset(("月", "月份"))

_FORM = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*([^\s0-9.].*)")
_CHINESE_FORM = re.compile(r"([零〇一二两三四五六七八九十百]+)\s*(.+)")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－＋　", "0123456789.-+ ")


class BadDuration(ValueError):
    """A duration that cannot be used; ``mistake`` says why and what to write instead."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(f"{mistake.message.en} {mistake.remedy.en}")
        self.mistake = mistake


class Duration(msgspec.Struct, frozen=True):
    """An amount of one unit: minutes, hours, calendar days, working days or months.

    Raises:
        BadDuration: the amount is less than 1 or longer than one hundred years.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in _LONGEST:
            raise BadDuration(_unknown(str(self.unit)))
        if self.amount < 1:
            raise BadDuration(_TOO_SHORT)
        if self.amount > _LONGEST[self.unit]:
            raise BadDuration(
                _mistake(
                    "duration_too_long",
                    f"时限“{self.amount}{_NAMES[self.unit][0]}”超过一百年。",
                    f"The time limit “{self.amount} {_NAMES[self.unit][2]}” is longer than a hundred years.",
                    "请核对数字。",
                    "Check the number.",
                )
            )

    def text(self) -> Text:
        """Return the duration for people, such as 15个工作日 / 15 working days."""
        return amount_text(self.amount, self.unit)


def amount_text(amount: int, unit: Unit) -> Text:
    """Return an amount of a unit for people; the amount may be 0."""
    zh, one, many = _NAMES[unit]
    return Text(f"{amount}{zh}", f"{amount} {one if amount == 1 else many}")


def parse_duration(written: str) -> Duration:
    """Read a duration as an author writes it: ``15 working days``, ``15个工作日``, ``2 hours``, ``3个月``.

    Plain “days” are refused: whether 日 means calendar days or working days differs from law to law
    (道路交通事故处理程序规定 art. 112(5) and 机动车登记规定 art. 92 make short 日 working days; elsewhere 日 are
    calendar days), so the author has to say it.

    Raises:
        BadDuration: with codes ``bad_duration``, ``ambiguous_days``, ``unknown_unit``, ``wrong_digits``,
            ``not_whole``, ``duration_too_short`` or ``duration_too_long``.
    """
    text = written.strip()
    plain = text.translate(_FULL_WIDTH).strip()
    if plain != text:
        raise BadDuration(
            _mistake(
                "wrong_digits",
                f"时限“{text}”用了全角字符。",
                f"The time limit “{text}” uses full-width characters.",
                f"请用半角数字，写“{plain}”。",
                f"Use plain digits: write “{plain}”.",
            )
        )
    found = _FORM.fullmatch(text)
    if found is None:
        raise BadDuration(_not_read(text))
    number, word = found.group(1), " ".join(found.group(2).lower().split())
    unit = _WORDS.get(word)
    if unit is None:
        raise BadDuration(_wrong_unit(number, word))
    if "." in number:
        raise BadDuration(_not_whole(text, number, unit))
    return Duration(int(number), unit)


def _wrong_unit(number: str, word: str) -> Mistake:
    """Say what is wrong with a word that is not one of the units."""
    if word in _DAY_WORDS:
        return _mistake(
            "ambiguous_days",
            f"“{number}{'日' if word.isascii() else word}”不清楚：是自然日还是工作日？",
            f"“{number} days” is not clear: calendar days or working days?",
            f"请写“{number}个自然日”或“{number}个工作日”，以所依据的规定为准。",
            f"Write “{number} calendar days” or “{number} working days”, as the rule you follow says.",
        )
    if word in _WEEK_WORDS and number.isdigit():
        weeks = int(number)
        return _mistake(
            "unknown_unit",
            "时限不能用“周”作单位。",
            "A time limit cannot be given in weeks.",
            f"请写“{weeks * 7}个自然日”或“{weeks * 5}个工作日”。",
            f"Write “{weeks * 7} calendar days” or “{weeks * 5} working days”.",
        )
    if word in _YEAR_WORDS and number.isdigit():
        return _mistake(
            "unknown_unit",
            "时限不能用“年”作单位。",
            "A time limit cannot be given in years.",
            f"请写“{int(number) * 12}个月”。",
            f"Write “{int(number) * 12} months”.",
        )
    if word in _MONTH_SLIPS:
        return _mistake(
            "unknown_unit",
            f"“{number}{word}”像是月份，不是时限。",
            f"“{number}{word}” reads as the name of a month, not as a time limit.",
            f"请写“{number}个月”。",
            f"Write “{number} months”.",
        )
    return _unknown(word)


def _unknown(word: str) -> Mistake:
    return _mistake(
        "unknown_unit",
        f"不认识的时限单位“{word}”。",
        f"“{word}” is not a unit of time limits.",
        "可用的单位：分钟、小时、个自然日、个工作日、个月。",
        "Units: minutes, hours, calendar days, working days, months.",
    )


def _not_read(text: str) -> Mistake:
    """Say that the text is no duration; Chinese numerals get their digits as the remedy."""
    chinese = _CHINESE_FORM.fullmatch(text)
    number = _chinese_number(chinese.group(1)) if chinese else None
    if chinese and number is not None:
        return _mistake(
            "wrong_digits",
            f"时限“{text}”用了汉字数字。",
            f"The time limit “{text}” uses Chinese numerals.",
            f"请用阿拉伯数字，写“{number}{chinese.group(2)}”。",
            f"Use plain digits: write “{number}{chinese.group(2)}”.",
        )
    return _mistake(
        "bad_duration",
        f"看不懂时限“{text}”。",
        f"“{text}” is not a time limit.",
        "请写数字加单位，例如“15个工作日”“2小时”“30分钟”“3个月”。",
        "Write a number and a unit, such as “15 working days”, “2 hours”, “30 minutes”, “3 months”.",
    )


def _not_whole(text: str, number: str, unit: Unit) -> Mistake:
    """Say that the amount must be whole; for hours name the minutes when they come out whole."""
    zh, en = "请写整数，必要时换用更小的单位。", "Write a whole number, in a smaller unit if need be."
    whole, _, part = number.partition(".")
    minutes, rest = divmod(int(whole + part) * 60, 10 ** len(part))
    if unit == "hours" and not rest and minutes > 0:
        zh, en = f"请写“{minutes}分钟”。", f"Write “{minutes} minutes”."
    return _mistake("not_whole", f"时限“{text}”不是整数。", f"“{text}” is not a whole number.", zh, en)


def _chinese_number(numeral: str) -> int | None:
    """Return the value of a Chinese numeral below 1,000, or None; only used to word a remedy."""
    digits = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
    total = pending = 0
    for sign in numeral:
        if sign in "十百":
            total += (pending or 1) * (10 if sign == "十" else 100)
            pending = 0
        elif pending:
            return None
        else:
            pending = digits[sign]
    return total + pending or None


def _mistake(code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Mistake:
    return Mistake(code=code, message=Text(zh, en), remedy=Text(remedy_zh, remedy_en))


_TOO_SHORT = _mistake(
    "duration_too_short",
    "时限至少为 1。",
    "A time limit is at least 1.",
    "当日办结请写“1个自然日”，并注明当天计入(day_of_event: included)。",
    "For “the same day” write “1 calendar day” and say that the day itself counts (day_of_event: included).",
)
