"""How an answer is read: what somebody has written becomes its one stored form, or it is said what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from stdnum import exceptions as stdnum_errors
from stdnum.cn import ric, uscc

from zhuoli.core.case.facts import Directory
from zhuoli.core.feel import Type
from zhuoli.core.feel.errors import WrongValue
from zhuoli.core.scenario.model import Question
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_of

MAX_TEXT = 4000
"""Longest text answer in characters, where a question sets no limit of its own."""

Read = tuple[Any, Text | None]
"""The answer in its stored form, and what is wrong with it."""
Reader = Callable[[Any, Directory], Read]
"""Reads a given answer; the directory knows the places."""


def reader(question: Question, kind: Type | None) -> Reader:
    """Return how answers to a question of this type are read."""
    typed = _typed(kind)
    match question.type:
        case "text" | "long_text" | "signature":
            return _text(question.max_length or MAX_TEXT)
        case "choice":
            return _one_of(frozenset(question.choices), typed)
        case "yes_no":
            return lambda raw, directory: (
                (raw, None) if raw is True or raw is False else typed(raw, directory)
            )
        case "place":
            return _read_place
        case "datetime":
            return _moment(typed)
        case "integer" | "decimal" if question.min or question.max:
            return _number_within(question.min, question.max, typed)
        case "date" if question.min or question.max:
            return _date_within(question.min, question.max, typed)
        case named if named in _SIGNS:
            return _sign(_SIGNS[named])
        case _:
            return typed


def plain(value: object) -> Any:
    """Return a value in the form in which the ledger keeps it (JSON)."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return list(value)
    return value


def _typed(kind: Type | None) -> Reader:
    """Read what belongs to a type of the expression language."""

    def read(raw: Any, directory: Directory) -> Read:
        if kind is None:
            return None, _NOT_TEXT
        try:
            return plain(kind.read(raw)), None
        except WrongValue as error:
            return None, _WRONG.format(wanted=error.wanted)

    return read


def _one_of(choices: frozenset[str], typed: Reader) -> Reader:
    def read(raw: Any, directory: Directory) -> Read:
        return (raw, None) if isinstance(raw, str) and raw in choices else typed(raw, directory)

    return read


def _text(longest: int) -> Reader:
    def read(raw: Any, directory: Directory) -> Read:
        if not isinstance(raw, str):
            return None, _NOT_TEXT
        if len(raw) > longest:
            return None, _TOO_LONG.format(longest=longest, length=len(raw))
        if "\x00" in raw:
            return None, _CONTROL
        return raw, None

    return read


def _moment(typed: Reader) -> Reader:
    def read(raw: Any, directory: Directory) -> Read:
        if isinstance(raw, str):
            try:
                raw = instant_of(datetime.fromisoformat(raw))
            except ValueError:
                return None, _NOT_MOMENT
        return typed(raw, directory)

    return read


def _number_within(low: str, high: str, typed: Reader) -> Reader:
    lowest, highest = (Decimal(limit) if limit else None for limit in (low, high))

    def read(raw: Any, directory: Directory) -> Read:
        value, problem = typed(raw, directory)
        if problem is None:
            number = Decimal(str(value))
            if lowest is not None and number < lowest:
                problem = _TOO_LOW.format(limit=low)
            elif highest is not None and number > highest:
                problem = _TOO_HIGH.format(limit=high)
        return value, problem

    return read


def _date_within(low: str, high: str, typed: Reader) -> Reader:
    def read(raw: Any, directory: Directory) -> Read:
        value, problem = typed(raw, directory)
        if problem is None:
            if low and value < low:
                problem = _TOO_EARLY.format(limit=low)
            elif high and value > high:
                problem = _TOO_LATE.format(limit=high)
        return value, problem

    return read


def _sign(check: Callable[[str], Read]) -> Reader:
    """Read a number or an address that has a form of its own."""
    return lambda raw, directory: check(raw) if isinstance(raw, str) else (None, _NOT_TEXT)


def _read_place(raw: Any, directory: Directory) -> Read:
    if not isinstance(raw, str):
        return None, _NOT_TEXT
    return raw, None if _PLACE.fullmatch(raw) and directory.place(raw) is not None else _NO_PLACE


def _read_point(raw: str) -> Read:
    if not _POINT.fullmatch(raw):
        return raw, _NO_POINT
    longitude, latitude = map(float, raw.split(","))
    return raw, None if abs(longitude) <= 180 and abs(latitude) <= 90 else _NO_POINT


def _read_phone(raw: str) -> Read:
    """Read a number in the E.164 range, or a national one; signs between the digits are dropped."""
    digits = raw.translate(_PHONE_SIGNS)
    return digits, None if _PHONE.fullmatch(digits) else _NO_PHONE


def _read_email(raw: str) -> Read:
    return raw, None if _EMAIL.fullmatch(raw) else _NO_EMAIL


def _read_id_number(raw: str) -> Read:
    """Check a resident identity number by GB 11643 (structure, birth date, check character).

    The division in its first six digits is that of the first registration, often abolished since, so it is not
    looked up.
    """
    number = raw.upper().replace(" ", "")
    if not _ID_NUMBER.fullmatch(number):
        return raw, _NO_ID
    try:
        date.fromisoformat(number[6:14])
    except ValueError:
        return raw, _NO_ID
    return number, None if number[-1] == ric.calc_check_digit(number) else _NO_ID


def _read_credit_code(raw: str) -> Read:
    """Check a unified social credit code by GB 32100 (structure, check character)."""
    code = raw.upper()
    if _CREDIT_CODE.fullmatch(code) and code[-1] == uscc.calc_check_digit(code):
        return code, None
    try:
        return uscc.validate(code), None
    except stdnum_errors.ValidationError:
        return raw, _NO_CREDIT_CODE


def _read_plate(raw: str) -> Read:
    """Check a number plate by GA 36."""
    plate = raw.upper().replace(" ", "").replace("·", "")
    return plate, None if _PLATE.fullmatch(plate) else _NO_PLATE


_SIGNS: dict[str, Callable[[str], Read]] = {
    "point": _read_point,
    "phone": _read_phone,
    "email": _read_email,
    "id_number": _read_id_number,
    "credit_code": _read_credit_code,
    "plate": _read_plate,
}

_PLACE = re.compile(r"\d{12}")
_POINT = re.compile(r"-?\d{1,3}(\.\d{1,7})?,-?\d{1,2}(\.\d{1,7})?")
_ID_NUMBER = re.compile(r"[1-9]\d{16}[0-9X]", re.ASCII)
_CREDIT_CODE = re.compile(r"[0-9]{8}[0-9A-HJ-NP-RTUWXY]{10}")
_PHONE = re.compile(r"\+?[0-9]{5,15}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,190}(\.[^@\s.]{1,63}){1,8}")
# GA 36-2018: province, office letter, then five signs (six for new-energy vehicles), and the special kinds.
_PLATE = re.compile(
    r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新]"
    r"[A-HJ-NP-Z]([A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJ-NP-Z0-9]{6})"
)
_PHONE_SIGNS = str.maketrans("", "", " -()\u00a0")

_NOT_TEXT = Text("请填写文字", "Write text here")
_TOO_LONG = Text("最多 {longest} 个字，现在是 {length} 个", "At most {longest} characters; this has {length}")
_CONTROL = Text("含有不可见的控制字符，请删去", "Remove the invisible control characters")
_NOT_MOMENT = Text("请写成 2026-03-02 09:30 的样子", "Write it like 2026-03-02 09:30")
_WRONG = Text("请填写{wanted}", "Give {wanted}")
_TOO_LOW = Text("不能小于 {limit}", "Not less than {limit}")
_TOO_HIGH = Text("不能大于 {limit}", "Not more than {limit}")
_TOO_EARLY = Text("不能早于 {limit}", "Not before {limit}")
_TOO_LATE = Text("不能晚于 {limit}", "Not after {limit}")
_NO_PLACE = Text("请选择一个地点", "Choose a place")
_NO_POINT = Text("请写成“经度,纬度”，例如 103.834,36.061", "Write longitude,latitude, such as 103.834,36.061")
_NO_PHONE = Text("请填写电话号码，例如 13900000000", "Give a phone number, such as 13900000000")
_NO_EMAIL = Text("请填写电子邮箱，例如 name@example.com", "Give an e-mail address, such as name@example.com")
_NO_ID = Text("身份证号码有误，请核对 18 位号码", "This identity number is not right; check its 18 digits")
_NO_CREDIT_CODE = Text(
    "统一社会信用代码有误，请核对 18 位代码", "This credit code is not right; check its 18 signs"
)
_NO_PLATE = Text("号牌有误，例如 甘A12345", "This plate is not right; an example is 甘A12345")
