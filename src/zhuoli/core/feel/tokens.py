"""From characters to tokens. Characters that only look right are refused, each with what to type instead.

The input method of a Chinese keyboard types full-width quotes, brackets, commas and digits. They are refused, not
silently taken, so that a rule reads the same for everybody; reading goes on as if they had been typed right, so that
the other mistakes are found in the same go.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Container
from decimal import Decimal
from typing import Literal

import msgspec

from zhuoli.core.feel.types import DECIMALS, NUMBER_LIMIT
from zhuoli.core.text import Mistake, Text

MAX_CHARACTERS = 4000
MAX_TOKENS = 1000

KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false", "TRUE", "FALSE"})

TokenKind = Literal["name", "keyword", "number", "text", "date", "op", "end"]


class Token(msgspec.Struct, frozen=True):
    """A piece of an expression; ``at`` is its column from 1, ``value`` what a literal stands for."""

    kind: TokenKind
    text: str
    at: int
    value: str | int | Decimal | datetime.date | None = None


_LOOKALIKES = {
    "\u3000": " ", "\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u202f": " ",
    "\ufeff": " ", "\u200b": " ",
    "“": '"', "”": '"', "„": '"', "‟": '"', "「": '"', "」": '"', "‘": '"', "’": '"', "＇": '"',
    "、": ",", "。": ".", "…": "..", "‥": "..", "·": ".",
    "≤": "<=", "≥": ">=", "≦": "<=", "≧": ">=", "≠": "!=",
    "〈": "<", "〉": ">", "《": "<", "》": ">", "【": "[", "】": "]", "〔": "[", "〕": "]",
    "×": "*", "✕": "*", "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "﹣": "-",
}  # fmt: skip
_QUOTES = frozenset('"“”„‟「」＂')
_SINGLE = frozenset("‘’＇'")
_WRONG_OPERATORS = {
    "==": "=", "<>": "!=", "=<": "<=", "=>": ">=", "&&": "and", "||": "or", "!": "not", "&": "and", "|": "or",
    "'": '"', "{": "(", "}": ")", ";": ",",
}  # fmt: skip
_OPERATORS = ("<=", ">=", "!=", "..", "=", "<", ">", "(", ")", "[", "]", ",", "+", "-", "*")
_WRONG_WORDS = {
    "AND": "and", "OR": "or", "NOT": "not", "IN": "in", "And": "and", "Or": "or", "Not": "not", "In": "in",
    "True": "true", "False": "false", "且": "and", "并且": "and", "而且": "and", "和": "and", "或": "or",
    "或者": "or", "非": "not", "不是": "!=", "等于": "=", "大于": ">", "小于": "<", "是": "=",
}  # fmt: skip
_UNITS = {"百": 10**2, "千": 10**3, "万": 10**4, "亿": 10**8}
_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?![\d.])", re.ASCII)
_NUMBER = re.compile(r"\d+(?:\.\d+)?", re.ASCII)


def tokenize(text: str, mistakes: list[Mistake], declared: frozenset[str] = frozenset()) -> list[Token]:
    """Return the tokens of ``text``, the last one of kind ``end``; what is wrong is added to ``mistakes``.

    ``declared`` are the names in use: a Chinese word such as 是 is a hint at an operator only where it is no name.
    """
    if len(text) > MAX_CHARACTERS:
        mistakes.append(too_long())
        return [Token("end", "", 1)]
    return _Lexer(text, mistakes, declared).run()


def too_long() -> Mistake:
    """Return the mistake of an expression that is too long to be read by a person."""
    return Mistake(
        code="too_long",
        message=Text(
            f"表达式过长（最多 {MAX_CHARACTERS} 个字符、{MAX_TOKENS} 个词）",
            f"the expression is too long (at most {MAX_CHARACTERS} characters and {MAX_TOKENS} words)",
        ),
        remedy=Text("请改用决策表，或拆成几个计算项", "use a decision table, or split it into calculations"),
        column=1,
    )


class _Lexer:
    def __init__(self, text: str, mistakes: list[Mistake], declared: frozenset[str]) -> None:
        self.mistakes = mistakes
        self.declared = declared
        self.typed: list[str] = []  # the character that was typed
        self.meant: list[str] = []  # the character that it stands for
        self.columns: list[int] = []
        for column, character in enumerate(text, 1):
            for meant in _meant(character):
                self.typed.append(character)
                self.meant.append(meant)
                self.columns.append(column)
        self.line = "".join(self.meant)
        self.place = 0
        self.tokens: list[Token] = []
        self.wrong: list[int] = []  # places of look-alikes outside of texts
        self.in_text: set[int] = set()

    def run(self) -> list[Token]:
        size = len(self.line)
        while self.place < size:
            if len(self.tokens) >= MAX_TOKENS:
                self.mistakes.append(too_long())
                break
            self._next()
        self.wrong += [
            place
            for place in range(size)
            if self.typed[place] != self.meant[place] and place not in self.in_text
        ]
        if self.wrong:
            self.mistakes.insert(0, self._lookalikes())
        self.tokens.append(Token("end", "", (self.columns[-1] if self.columns else 0) + 1))
        return self.tokens

    def _next(self) -> None:
        place, line = self.place, self.line
        character = line[place]
        if character in " \t\r\n":
            self.place += 1
        elif character == '"':
            self._text()
        elif character.isascii() and character.isdigit():
            self._number()
        elif character.isidentifier():
            self._name()
        else:
            self._operator()

    def _add(
        self, kind: TokenKind, end: int, value: str | int | Decimal | datetime.date | None = None
    ) -> None:
        self.tokens.append(Token(kind, self.line[self.place : end], self.columns[self.place], value))
        self.place = end

    def _text(self) -> None:
        start = self.place
        opening = self.typed[start]
        closing: Container[str] = opening if opening == '"' else _SINGLE if opening in _SINGLE else _QUOTES
        end = start + 1
        while end < len(self.line) and self.typed[end] not in closing:
            end += 1
        inside = range(start + 1, end)
        self.in_text.update(inside)
        value = "".join(
            self.typed[place]
            for place in inside
            if place == 0 or self.columns[place] != self.columns[place - 1]
        )
        if end == len(self.line):
            wrong_quote = any(quote in value for quote in _QUOTES)
            self._mistake(
                "unclosed_text",
                start,
                Text('文字没有以 " 结束', 'a text has no closing "'),
                Text(
                    '请把结尾的引号改成半角的 "' if wrong_quote else '请在文字末尾加上 "',
                    'type the closing quote as "' if wrong_quote else 'put a " at the end of the text',
                ),
            )
        elif any(ord(character) < 32 or ord(character) == 127 for character in value):
            self._mistake(
                "control_character",
                start,
                Text("文字中有换行或控制字符", "a text holds a line break or a control character"),
                Text("请删去这些字符", "take these characters out"),
            )
        self._add("text", min(end + 1, len(self.line)), value)

    def _number(self) -> None:
        date = _DATE.match(self.line, self.place)
        if date:
            self._bare_date(date)
            return
        found = _NUMBER.match(self.line, self.place)
        end = found.end() if found else self.place + 1
        digits = self.line[self.place : end]
        tail = end
        while tail < len(self.line) and ("a" + self.line[tail]).isidentifier():
            tail += 1
        number = Decimal(digits)
        remedy: Text | None = None
        if tail > end:
            unit = _UNITS.get(self.line[end:tail])
            if unit is not None:
                plain = f"{(number * unit).normalize():f}"
                remedy = Text(f"请写成 {plain}", f"write {plain}")
            elif self.line[end:tail] in ("天", "日", "days", "day", "d"):
                remedy = Text(f"请写成 days({digits})", f"write days({digits})")
            else:
                remedy = Text(
                    "请在数字与后面的词之间加空格，或给文字加引号",
                    "put quotes around a text, or a space after the number",
                )
        elif len(digits) > 1 and digits[0] == "0" and digits[1] != ".":
            remedy = Text(
                f'数字请写成 {number:f}；若是编码，请加引号："{digits}"',
                f'write {number:f} for the number, or "{digits}" for a code',
            )
        elif number >= NUMBER_LIMIT or -int(number.as_tuple().exponent) > DECIMALS:
            remedy = Text(
                f"整数部分最多 12 位，小数部分最多 {DECIMALS} 位",
                f"use at most 12 digits before the point and {DECIMALS} after it",
            )
        if remedy is not None:
            shown = self.line[self.place : tail]
            self._mistake(
                "bad_number", self.place, Text(f"“{shown}”不是数字", f'"{shown}" is not a number'), remedy
            )
            number = Decimal(0)
        self._thousands(digits)
        self._add("number", tail, int(number) if "." not in digits or number == int(number) else number)

    def _thousands(self, digits: str) -> None:
        before = self.tokens[-2:]
        if (
            len(before) == 2
            and len(digits.partition(".")[0]) == 3
            and before[1].text == ","
            and before[0].kind == "number"
            and before[1].at == self.columns[self.place] - 1
            and before[0].at + len(before[0].text) == before[1].at
        ):
            head = before[0].text
            self._mistake(
                "thousands",
                self.place,
                Text(
                    f"“{head},{digits}”看不出是一个数还是两个数",
                    f'"{head},{digits}" could be one number or two',
                ),
                Text(
                    f"一个数请写 {head}{digits}；两个数请在逗号后加空格：{head}, {digits}",
                    f"write {head}{digits} for one number, {head}, {digits} (with a space) for two",
                ),
            )

    def _bare_date(self, found: re.Match[str]) -> None:
        year, month, day = (int(part) for part in found.groups())
        try:
            value = datetime.date(year, month, day)
        except ValueError:
            self._mistake(
                "bad_date",
                self.place,
                Text(f"日期 {found.group()} 不存在", f"there is no date {found.group()}"),
                Text('请写成 date("2026-01-31") 的样子', 'write it like date("2026-01-31")'),
            )
            value = datetime.date(2000, 1, 1)
        else:
            self._mistake(
                "bare_date",
                self.place,
                Text(
                    f"日期 {found.group()} 的写法不对", f"the date {found.group()} is not written as a date"
                ),
                Text(f'请写成 date("{value}")', f'write date("{value}")'),
            )
        self._add("date", found.end(), value)

    def _name(self) -> None:
        line, end = self.line, self.place + 1
        while end < len(line):
            if ("a" + line[end]).isidentifier():
                end += 1
            elif line[end] == "." and end + 1 < len(line) and line[end + 1].isidentifier():
                end += 2
            else:
                break
        word = line[self.place : end]
        if word in _WRONG_WORDS and word not in self.declared:
            right = _WRONG_WORDS[word]
            self._mistake(
                "wrong_word",
                self.place,
                Text(f"“{word}”不是这门语言的词", f'"{word}" is not a word of this language'),
                Text(f"请写成 {right}", f"write {right}"),
            )
            kind: TokenKind = "keyword" if right in KEYWORDS else "op"
            self.tokens.append(Token(kind, right, self.columns[self.place]))
            self.place = end
        else:
            self._add("keyword" if word in KEYWORDS else "name", end)

    def _operator(self) -> None:
        line, place = self.line, self.place
        for wrong in sorted(_WRONG_OPERATORS, key=len, reverse=True):
            if line.startswith(wrong, place) and not (wrong == "!" and line.startswith("!=", place)):
                right = _WRONG_OPERATORS[wrong]
                self._mistake(
                    "wrong_operator",
                    place,
                    Text(f"“{wrong}”不是这门语言的符号", f'"{wrong}" is not a sign of this language'),
                    Text(f"请写成 {right}", f"write {right}"),
                )
                if right == '"':
                    close = line.find("'", place + 1)
                    close = len(line) - 1 if close < 0 else close
                    self.in_text.update(range(place + 1, close))
                    self._add("text", close + 1, "".join(self.typed[place + 1 : close]))
                    return
                kind: TokenKind = "keyword" if right in KEYWORDS else "op"
                self.tokens.append(Token(kind, right, self.columns[place]))
                self.place += len(wrong)
                return
        for operator in _OPERATORS:
            if line.startswith(operator, place):
                self._add("op", place + len(operator))
                return
        character = line[place]
        remedy = {
            "/": Text(
                "没有除法，请改用乘法，例如 * 0.01", "there is no division: multiply instead, such as * 0.01"
            ),
            "%": Text("请写成小数，例如 5% 写成 0.05", "write a decimal: 0.05 for 5%"),
        }.get(character, Text('请删去它；文字要放在半角引号 " 之间', 'take it out; texts stand between "'))
        shown = character if character.isprintable() else f"U+{ord(character):04X}"
        self._mistake(
            "unknown_character",
            place,
            Text(f"不认识的字符“{shown}”", f'the character "{shown}" has no meaning here'),
            remedy,
        )
        self.place += 1

    def _lookalikes(self) -> Mistake:
        places = sorted(self.wrong)
        shown = list(dict.fromkeys(self.typed[place] for place in places))
        right = self._corrected()
        zh = "".join(f"“{_visible(character)}”" for character in shown)
        en = ", ".join(_visible(character) for character in shown)
        return Mistake(
            code="full_width",
            message=Text(f"这里用了全角或相似字符 {zh}", f"these characters only look right: {en}"),
            remedy=Text(f"请用半角字符写成：{right}", f"type it in half-width characters: {right}"),
            column=self.columns[places[0]],
        )

    def _corrected(self) -> str:
        parts = []
        for place, (typed, meant) in enumerate(zip(self.typed, self.meant, strict=True)):
            if place not in self.in_text:
                parts.append(meant)
            elif self.columns[place] != self.columns[place - 1]:
                parts.append(typed)
        return "".join(parts).strip()

    def _mistake(self, code: str, place: int, message: Text, remedy: Text) -> None:
        self.mistakes.append(Mistake(code=code, message=message, remedy=remedy, column=self.columns[place]))


def _meant(character: str) -> str:
    if "！" <= character <= "～":
        meant = chr(ord(character) - 0xFEE0)
        return '"' if meant == "'" else meant
    return _LOOKALIKES.get(character, character)


def _visible(character: str) -> str:
    return character if character.isprintable() and not character.isspace() else f"U+{ord(character):04X}"
