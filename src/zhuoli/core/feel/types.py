"""The types of answers, and how a raw value is read as one, exactly or not at all.

A number is an ``int`` or a ``Decimal`` with at most 12 digits before the point and 6 after it, the same in Python
and in SQL (``DECIMAL(18,6)``). A ``float`` is read as the decimal that a person would have typed for it
(``Decimal(repr(value))``), a number written as text as that number. ``bool`` is never a number.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from typing import Literal

import msgspec

from zhuoli.core.feel.errors import WrongValue
from zhuoli.core.text import Text

Kind = Literal["text", "number", "boolean", "date", "datetime", "days", "choice", "many"]

NUMBER_LIMIT = 10**12
"""Numbers are smaller than this, in both directions."""
DECIMALS = 6
"""Numbers have at most so many digits after the point."""
INSTANT_LIMIT = 253_402_214_400_000
"""Instants lie before 9999-12-31T00:00Z (milliseconds since the epoch), so that every one has a local date."""

EXACT = Context(prec=200, traps=[Inexact, InvalidOperation, Overflow, DivisionByZero])
"""Arithmetic that raises rather than rounds."""

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PLAIN_NUMBER = re.compile(r"-?\d{1,40}(\.\d{1,40})?", re.ASCII)


class Type(msgspec.Struct, frozen=True):
    """The declared type of a name.

    ``values`` are the choices of ``choice`` and ``many``. ``whole``, ``low`` and ``high`` (both inclusive) describe
    numbers: ``whole`` is enforced, ``low`` and ``high`` only tell the analysis of tables what cannot occur.
    """

    kind: Kind
    values: tuple[str, ...] = ()
    whole: bool = False
    low: int | Decimal | None = None
    high: int | Decimal | None = None

    def read(self, raw: object, name: str = "") -> object:
        """Return ``raw`` as the value that expressions work with; plain JSON forms are understood.

        ``text``, ``choice``: ``str``; ``number``: ``int`` or ``Decimal``; ``boolean``: ``bool``; ``date``:
        ``datetime.date`` (or ISO text); ``datetime``: ``int``, milliseconds since the epoch, UTC; ``days``: ``int``;
        ``many``: ``tuple`` of ``str``.

        Raises:
            WrongValue: the value does not belong to the type; ``name`` says whose value it was.
        """
        value = _READERS[self.kind](self, raw)
        if value is None:
            raise WrongValue(name, self.in_words())
        return value

    def in_words(self) -> Text:
        """Say what a value of this type is, for messages."""
        if self.kind in ("choice", "many"):
            shown = self.values[:12]
            more = len(self.values) > len(shown)
            zh = "、".join(f"“{value}”" for value in shown) + ("等" if more else "")
            en = ", ".join(f'"{value}"' for value in shown) + (" …" if more else "")
            if self.kind == "choice":
                return Text(f"{zh}之一", f"one of {en}")
            return Text(f"{zh}中的若干项", f"a list out of {en}")
        if self.kind == "number" and self.whole:
            return Text("整数", "a whole number")
        return _KIND_WORDS[self.kind]


TEXT = Type("text")
NUMBER = Type("number")
WHOLE = Type("number", whole=True)
BOOLEAN = Type("boolean")
DATE = Type("date")
DATETIME = Type("datetime")
DAYS = Type("days", whole=True)


def number(
    *, low: int | Decimal | None = None, high: int | Decimal | None = None, whole: bool = False
) -> Type:
    """Return a number type; ``low`` and ``high`` are the smallest and greatest values that can occur."""
    return Type("number", whole=whole, low=low, high=high)


def choice(values: Iterable[str]) -> Type:
    """Return the type of a question with one answer out of ``values``."""
    return Type("choice", _distinct(values))


def many(values: Iterable[str]) -> Type:
    """Return the type of a question with any number of answers out of ``values``."""
    return Type("many", _distinct(values))


def canonical(value: int | Decimal) -> int | Decimal:
    """Return the one form of a number: ``int`` where it is whole, else a ``Decimal`` without trailing zeros."""
    if isinstance(value, int):
        return value
    if value == value.to_integral_value():
        return int(value)
    return value.normalize(EXACT)


def written(value: int | Decimal) -> str:
    """Return a number as a person writes it: no exponent, no thousands."""
    return str(value) if isinstance(value, int) else f"{value:f}"


def round_half_up(value: int | Decimal, digits: int) -> int | Decimal:
    """Round to ``digits`` decimals, halves away from zero, as ``round`` does on decimals in SQL."""
    if isinstance(value, int):
        return value
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP, context=Context(prec=200))


def iso_day(raw: str) -> datetime.date:
    """Return the date written as ``YYYY-MM-DD``; no other form of ISO 8601 is taken.

    Raises:
        ValueError: ``raw`` is not a date in this form.
    """
    if _ISO_DATE.fullmatch(raw) is None:
        raise ValueError(raw)
    return datetime.date.fromisoformat(raw)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    found = tuple(values)
    if not found or len(set(found)) != len(found) or not all(isinstance(value, str) for value in found):
        raise ValueError("choices must be texts, at least one, and no two the same")
    return found


def _text(kind: Type, raw: object) -> object | None:
    return str(raw) if isinstance(raw, str) else None


def _choice(kind: Type, raw: object) -> object | None:
    return str(raw) if isinstance(raw, str) and raw in kind.values else None


def _many(kind: Type, raw: object) -> object | None:
    if not isinstance(raw, list | tuple | set | frozenset):
        return None
    items = sorted(raw) if isinstance(raw, set | frozenset) else raw
    if any(not isinstance(item, str) or item not in kind.values for item in items):
        return None
    return tuple(items)


def _boolean(kind: Type, raw: object) -> object | None:
    return raw if isinstance(raw, bool) else None


def _number(kind: Type, raw: object) -> object | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, float):
        value: int | Decimal = Decimal(repr(raw))
    elif isinstance(raw, str):
        if not _PLAIN_NUMBER.fullmatch(raw):
            return None
        value = Decimal(raw)
    elif isinstance(raw, int | Decimal):
        value = raw
    else:
        return None
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value) >= NUMBER_LIMIT:
            return None
        if value != round_half_up(value, DECIMALS):
            return None
        value = canonical(value)
    if not -NUMBER_LIMIT < value < NUMBER_LIMIT or (kind.whole and not isinstance(value, int)):
        return None
    return value


def _date(kind: Type, raw: object) -> object | None:
    if isinstance(raw, datetime.datetime):
        return None
    if isinstance(raw, datetime.date):
        return raw
    if isinstance(raw, str):
        try:
            return iso_day(raw)
        except ValueError:
            return None
    return None


def _instant(kind: Type, raw: object) -> object | None:
    if isinstance(raw, bool) or not isinstance(raw, int) or not -INSTANT_LIMIT < raw < INSTANT_LIMIT:
        return None
    return int(raw)


def _days(kind: Type, raw: object) -> object | None:
    return _number(WHOLE, raw) if not isinstance(raw, str) else None


_READERS: dict[str, Callable[[Type, object], object | None]] = {
    "text": _text,
    "choice": _choice,
    "many": _many,
    "boolean": _boolean,
    "number": _number,
    "date": _date,
    "datetime": _instant,
    "days": _days,
}

_KIND_WORDS = {
    "text": Text("文字", "text"),
    "number": Text("数字", "a number"),
    "boolean": Text("是或否（true / false）", "true or false"),
    "date": Text("日期", "a date"),
    "datetime": Text("时刻", "a point in time"),
    "days": Text("天数", "a number of days"),
}
