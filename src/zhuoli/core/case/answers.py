"""Checks what somebody has filled in, question by question, and turns it into a record for the case file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
from stdnum import exceptions as stdnum_errors
from stdnum.cn import ric, uscc
from stdnum.iso7064 import mod_11_2

from zhuoli.core.case import events as e
from zhuoli.core.case.commands import File
from zhuoli.core.case.facts import Directory
from zhuoli.core.case.plan import PlanForm, PlanQuestion
from zhuoli.core.case.refusals import refuse
from zhuoli.core.feel import Condition, MissingAnswer
from zhuoli.core.feel.errors import RunError, WrongValue
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_of

MAX_TEXT = 4000
"""Longest text answer in characters, where a question sets no limit of its own."""

_PLAIN_TEXT = frozenset({"text", "long_text"})
_FILES = frozenset({"photos", "files"})
_PLACE = re.compile(r"\d{12}")
_POINT = re.compile(r"-?\d{1,3}(\.\d{1,7})?,-?\d{1,2}(\.\d{1,7})?")
_ID_NUMBER = re.compile(r"[1-9]\d{16}[0-9X]", re.ASCII)
_PHONE = re.compile(r"\+?[0-9]{5,15}")
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]{1,190}(\.[^@\s.]{1,63}){1,8}")
# GA 36-2018: province, office letter, then five signs (six for new-energy vehicles), and the special kinds.
_PLATE = re.compile(
    r"[京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新]"
    r"[A-HJ-NP-Z]([A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[A-HJ-NP-Z0-9]{6})"
)
_PHONE_SIGNS = str.maketrans("", "", " -()\u00a0")


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What has been filled in and holds: ready for a ``Recorded`` event and its ``Attached`` ones."""

    answers: dict[str, Any]
    personal: dict[str, e.Personal]
    files: tuple[File, ...]


def check_answers(
    form: PlanForm,
    given: Mapping[str, Any],
    files: Iterable[File],
    known: dict[str, Any],
    parties: Mapping[str, str],
    directory: Directory,
    *,
    partial: bool = False,
) -> Checked:
    """Check answers against their form.

    ``known`` is the case file so far, by full name; it is written on. Questions that are not relevant are dropped, as XLSForm
    does; with ``partial`` only the given questions are checked and none is required.

    Raises:
        Refusal: ``answers_wrong``, with a sentence for each question.
    """
    work = _Work(form, known, parties, directory)
    files = tuple(files)
    for file in files:
        work.count_file(file)
    for name in given:
        if name not in form.questions:
            work.wrong[name] = _text_unknown(name)
    for name, question in form.questions.items():
        if not question.idle or name in given:
            work.check(question, given, partial=partial)
    if work.wrong:
        raise refuse("answers_wrong", work.wrong, count=len(work.wrong))
    return Checked(answers=work.answers, personal=work.personal, files=files)


class _Work:
    """One pass over a form, in its order; earlier answers are visible to later expressions."""

    def __init__(
        self, form: PlanForm, known: dict[str, Any], parties: Mapping[str, str], directory: Directory
    ) -> None:
        self.form = form
        self.known = known
        self.parties = parties
        self.directory = directory
        self.answers: dict[str, Any] = {}
        self.personal: dict[str, e.Personal] = {}
        self.wrong: dict[str, Text] = {}

    def count_file(self, file: File) -> None:
        """Count a file for the question that it answers."""
        if not file.question:
            return
        question = self.form.questions.get(file.question)
        if question is None or question.question.type not in _FILES:
            self.wrong[file.question] = _text_unknown(file.question)
            return
        self.known[question.full] = self.known.get(question.full, 0) + 1

    def check(self, asked: PlanQuestion, given: Mapping[str, Any], *, partial: bool) -> None:
        """Check one question and take its answer into the record."""
        question = asked.question
        if question.type == "note" or asked.name in self.wrong:
            return
        if asked.relevant is not None and not self._holds(asked.relevant):
            return
        if asked.calculate is not None:
            self._calculate(asked)
            return
        if question.type in _FILES:
            if question.required and not partial and not self.known.get(asked.full):
                self.wrong[asked.name] = _NEED_FILE
            return
        raw = given.get(asked.name)
        if isinstance(raw, str):
            raw = raw.strip()
        if raw is None or raw == "" or raw == []:
            if question.required and not partial:
                self.wrong[asked.name] = _REQUIRED
            elif asked.name in given and partial:
                self._take(asked, None)
            return
        value, problem = self._read(asked, raw)
        if problem is not None:
            self.wrong[asked.name] = problem
            return
        self.known[asked.full] = value
        if asked.constraint is not None:
            self._constrain(asked)
        if asked.name not in self.wrong:
            self._take(asked, value)

    def _take(self, asked: PlanQuestion, value: Any) -> None:
        role = asked.question.personal
        if role and value is not None:
            party = self.parties.get(role, "")
            if not party:
                self.wrong[asked.name] = _NO_PARTY
                return
            encoded = msgspec.json.encode(value).decode()
            self.personal[asked.full] = e.Personal(party, encoded)
        elif not role:
            self.answers[asked.full] = value

    def _calculate(self, asked: PlanQuestion) -> None:
        if asked.calculate is None:
            return
        try:
            value = _plain(asked.calculate.evaluate(self.known))
        except MissingAnswer:
            return
        except RunError as error:
            self.wrong[asked.name] = error.text
            return
        self.known[asked.full] = value
        self._take(asked, value)

    def _constrain(self, asked: PlanQuestion) -> None:
        if asked.constraint is None:
            return
        try:
            if asked.constraint.evaluate(self.known):
                return
        except MissingAnswer:
            return
        except RunError as error:
            self.wrong[asked.name] = error.text
            return
        self.wrong[asked.name] = asked.question.constraint_message or _CONSTRAINT

    def _holds(self, condition: Condition) -> bool:
        try:
            return bool(condition.evaluate(self.known))
        except MissingAnswer:
            return False

    def _read(self, asked: PlanQuestion, raw: Any) -> tuple[Any, Text | None]:
        """Return the answer in its one stored form, or what is wrong with it."""
        question = asked.question
        kind = question.type
        if kind == "choice":
            if isinstance(raw, str) and raw in question.choices:
                return raw, None
        elif kind == "yes_no":
            if raw is True or raw is False:
                return raw, None
        elif kind in _PLAIN_TEXT:
            return _read_text(raw, question.max_length or MAX_TEXT)
        elif kind in _SIGNS:
            if not isinstance(raw, str):
                return None, _NOT_TEXT
            value, problem = _SIGNS[kind](raw)
            if problem is None and kind == "place" and self.directory.place(value) is None:
                return None, _NO_PLACE
            return value, problem
        elif kind == "datetime" and isinstance(raw, str):
            try:
                raw = instant_of(datetime.fromisoformat(raw))
            except ValueError:
                return None, _NOT_MOMENT
        if asked.type is None:
            return None, _NOT_TEXT
        try:
            value = _plain(asked.type.read(raw, asked.full))
        except WrongValue as error:
            return None, _WRONG.format(wanted=error.wanted)
        return value, _range_problem(asked, value)


def _read_text(raw: Any, longest: int) -> tuple[Any, Text | None]:
    if not isinstance(raw, str):
        return None, _NOT_TEXT
    if len(raw) > longest:
        return None, _TOO_LONG.format(longest=longest, length=len(raw))
    if "\x00" in raw:
        return None, _CONTROL
    return raw, None


def _range_problem(asked: PlanQuestion, value: Any) -> Text | None:
    question = asked.question
    low, high = question.min, question.max
    if not low and not high:
        return None
    if question.type in ("integer", "decimal"):
        number = Decimal(str(value))
        if low and number < Decimal(low):
            return _TOO_LOW.format(limit=low)
        if high and number > Decimal(high):
            return _TOO_HIGH.format(limit=high)
    elif question.type == "date":
        if low and value < low:
            return _TOO_EARLY.format(limit=low)
        if high and value > high:
            return _TOO_LATE.format(limit=high)
    return None


def _plain(value: object) -> Any:
    """Return a value in the form in which the ledger keeps it (JSON)."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return list(value)
    return value


def plain_outputs(outputs: Mapping[str, object]) -> dict[str, Any]:
    """Return a decision's outputs in the form in which the ledger keeps them."""
    return {name: _plain(value) for name, value in outputs.items()}


def _read_place(raw: str) -> tuple[str, Text | None]:
    return raw, None if _PLACE.fullmatch(raw) else _NO_PLACE


def _read_point(raw: str) -> tuple[str, Text | None]:
    if not _POINT.fullmatch(raw):
        return raw, _NO_POINT
    longitude, latitude = map(float, raw.split(","))
    return raw, None if abs(longitude) <= 180 and abs(latitude) <= 90 else _NO_POINT


def _read_phone(raw: str) -> tuple[str, Text | None]:
    """Read a number in the E.164 range, or a national one; signs between the digits are dropped."""
    digits = raw.translate(_PHONE_SIGNS)
    return digits, None if _PHONE.fullmatch(digits) else _NO_PHONE


def _read_email(raw: str) -> tuple[str, Text | None]:
    return raw, None if _EMAIL.fullmatch(raw) else _NO_EMAIL


def _read_id_number(raw: str) -> tuple[str, Text | None]:
    """Check a resident identity number by GB 11643 (structure, birth date, check character).

    The division in its first six digits is that of the first registration, often abolished since, so it is not
    looked up.
    """
    number = raw.upper().replace(" ", "")
    if not _ID_NUMBER.fullmatch(number):
        return raw, _NO_ID
    try:
        ric.get_birth_date(number)
        mod_11_2.validate(number)
    except stdnum_errors.ValidationError:
        return raw, _NO_ID
    return number, None


def _read_credit_code(raw: str) -> tuple[str, Text | None]:
    """Check a unified social credit code by GB 32100 (structure, check character)."""
    try:
        return uscc.validate(raw.upper()), None
    except stdnum_errors.ValidationError:
        return raw, _NO_CREDIT_CODE


def _read_plate(raw: str) -> tuple[str, Text | None]:
    """Check a number plate by GA 36."""
    plate = raw.upper().replace(" ", "").replace("·", "")
    return plate, None if _PLATE.fullmatch(plate) else _NO_PLATE


_SIGNS = {
    "place": _read_place,
    "point": _read_point,
    "phone": _read_phone,
    "email": _read_email,
    "id_number": _read_id_number,
    "credit_code": _read_credit_code,
    "plate": _read_plate,
}

_REQUIRED = Text("请填写这一项", "Answer this question")
_NEED_FILE = Text("请至少上传一个文件", "Add at least one file")
_NO_PARTY = Text("还没有说明这是谁的信息", "It is not said yet whose answer this is")
_CONSTRAINT = Text("这个答案不符合要求", "This answer does not meet the condition")
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


def _text_unknown(name: str) -> Text:
    return Text(f"表单里没有“{name}”这一项", f"The form has no question “{name}”")
