"""Says everything that is wrong with a descriptor's meaning: each with file, line, and what to write instead."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from zhuoli.core.registers.catalog import CHECKS
from zhuoli.core.registers.model import FORMAT, Field, Register
from zhuoli.core.registers.special import special_word
from zhuoli.core.scenario.build import ID
from zhuoli.core.scenario.catalog import Place, did_you_mean, from_entry
from zhuoli.core.scenario.marks import Marks
from zhuoli.core.text import Mistake, Text

FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
RESERVED = frozenset({"serving", "hits"})
LONGEST = 36_500
_ORDERED = ("integer", "number", "date", "datetime")
_TYPES: dict[str, tuple[Text, str]] = {
    "integer": (Text("整数", "whole number"), "7"),
    "number": (Text("数", "number"), "0.5"),
    "date": (Text("日期", "date"), "2024-03-01"),
    "datetime": (Text("日期时间", "date and time"), "2024-03-01 08:00"),
}


def check_register(register: Register, marks: Marks, file: str) -> list[Mistake]:
    """Check one descriptor by itself; ``file`` is the stem of its file's name."""
    run = _Run(register, marks)
    if register.format != FORMAT:
        run.say("unknown_format", marks.value("format"), value=register.format, known=FORMAT)
    if register.register != file:
        run.say("register_id_differs", marks.value("register"), written=register.register, file=file)
    if not ID.match(register.register) or not register.register.isascii():
        run.say(
            "bad_field_name",
            marks.value("register"),
            name=register.register,
            better=_better(register.register),
        )
    if register.register in RESERVED:
        run.say("reserved_name", marks.value("register"), name=register.register)
    if not register.fields:
        run.say("no_fields", marks.key("fields"))
    for number, one in enumerate(register.fields):
        _check_field(run, number, one)
    _check_keys(run)
    _check_keeping(run)
    return run.mistakes


def check_together(registers: Mapping[str, Register], marks: Mapping[str, Marks]) -> dict[str, list[Mistake]]:
    """Check what descriptors say of each other; gives the mistakes of those that cannot be used."""
    found: dict[str, list[Mistake]] = {}
    for name, register in registers.items():
        run = _Run(register, marks[name])
        for number, key in enumerate(register.foreign_keys):
            other = registers.get(key.reference.resource or name)
            if other is None:
                place = run.marks.value("foreign_keys", number, "reference", "resource")
                run.unknown("unknown_register", place, key.reference.resource, registers)
                continue
            for at, (here, there) in enumerate(zip(key.fields, key.reference.fields, strict=False)):
                place = run.marks.value("foreign_keys", number, "reference", "fields", at)
                theirs, ours = other.field(there), register.field(here)
                if theirs is None:
                    run.unknown("unknown_field", place, there, other.names)
                elif ours is not None and ours.type != theirs.type:
                    run.say("unlike_types", place, here=ours.type, there=theirs.type)
        if run.mistakes:
            found[name] = run.mistakes
    return found


@dataclass
class _Run:
    """The run over one descriptor."""

    register: Register
    marks: Marks
    mistakes: list[Mistake] = field(default_factory=list)

    def say(self, code: str, place: Place, **values: object) -> None:
        self.mistakes.append(from_entry(code, CHECKS[code], place, values))

    def unknown(self, code: str, place: Place, name: str, allowed: Iterable[str]) -> None:
        names = list(allowed)
        self.say(code, place, name=name, nearest=did_you_mean(name, names), allowed=", ".join(names))

    def known(self, place: Place, name: str) -> Field | None:
        """Return a field by its name, and note where there is none."""
        one = self.register.field(name)
        if one is None:
            self.unknown("unknown_field", place, name, self.register.names)
        return one


def _check_field(run: _Run, number: int, one: Field) -> None:
    marks, place = run.marks, run.marks.value("fields", number, "name")
    if not FIELD_NAME.match(one.name):
        run.say("bad_field_name", place, name=one.name, better=_better(one.name))
    if one.name in run.register.names[:number]:
        run.say("same_field", place, name=one.name)
    word = special_word(one.name, one.title.zh, one.title.en)
    if word:
        run.say("special_category", place, name=one.name, word=word)
    if one.format and one.type != "string":
        run.say("format_not_here", marks.value("fields", number, "format"), format=one.format)
    if one.categories and one.type != "string":
        run.say("categories_not_here", marks.key("fields", number, "categories"))
    seen: set[str] = set()
    for at, category in enumerate(one.categories):
        if category.value in seen:
            run.say("same_category", marks.value("fields", number, "categories", at), value=category.value)
        seen.add(category.value)
    if one.format == "resident_id" and not one.personal:
        run.say("not_marked_personal", place, name=one.name)
    if one.personal and one.purpose is None:
        run.say("personal_without_purpose", place, name=one.name)
    _check_limits(run, number, one)


def _check_limits(run: _Run, number: int, one: Field) -> None:
    limits = one.constraints
    for key, value in (("minimum", limits.minimum), ("maximum", limits.maximum)):
        if value is None:
            continue
        place = run.marks.value("fields", number, "constraints", key)
        if one.type not in _ORDERED:
            run.say("limit_not_here", place, type=one.type, key=key, instead="minLength, maxLength")
        elif not _fits(value, one.type):
            said, example = _TYPES[one.type]
            run.say("bad_limit", place, key=key, value=value, type=said, example=example)
    if (
        limits.minimum is not None
        and type(limits.minimum) is type(limits.maximum)
        and limits.minimum > limits.maximum  # type: ignore[operator]
    ):
        run.say("limits_crossed", run.marks.value("fields", number, "constraints", "minimum"))
    for key, length in (("minLength", limits.shortest), ("maxLength", limits.longest)):
        if length is not None and one.type != "string":
            place = run.marks.value("fields", number, "constraints", key)
            run.say("limit_not_here", place, type=one.type, key=key, instead="minimum, maximum")
    if limits.pattern:
        place = run.marks.value("fields", number, "constraints", "pattern")
        if one.type != "string":
            run.say("limit_not_here", place, type=one.type, key="pattern", instead="minimum, maximum")
        problem = _pattern_problem(limits.pattern)
        if problem:
            run.say("bad_pattern", place, problem=problem)


def _check_keys(run: _Run) -> None:
    register, marks = run.register, run.marks
    if not register.primary_key:
        run.say("no_primary_key", marks.key("primary_key"))
    for at, name in enumerate(register.primary_key):
        place = marks.value("primary_key", at)
        one = run.known(place, name)
        if one is not None and not one.constraints.required:
            run.say("key_not_required", place, name=name)
        if one is not None and one.personal:
            run.say("personal_key", place, name=name)
    for number, key in enumerate(register.foreign_keys):
        for at, name in enumerate(key.fields):
            run.known(marks.value("foreign_keys", number, "fields", at), name)
        if len(key.fields) != len(key.reference.fields) or not key.fields:
            run.say("unequal_key", marks.value("foreign_keys", number))


def _check_keeping(run: _Run) -> None:
    register, marks = run.register, run.marks
    if not 1 <= register.fresh_days <= LONGEST:
        run.say("bad_days", marks.value("fresh_days"), value=register.fresh_days)
    if register.deletion is not None:
        if not 1 <= register.deletion.after_days <= LONGEST:
            run.say("bad_days", marks.value("deletion", "after_days"), value=register.deletion.after_days)
        place = marks.value("deletion", "by")
        one = run.known(place, register.deletion.by)
        if one is not None and one.type not in ("date", "datetime"):
            run.say("deletion_not_a_date", place, name=register.deletion.by)
    elif register.personal:
        run.say("personal_without_deletion", marks.key("fields"))
    if register.partition:
        place = marks.value("partition")
        one = run.known(place, register.partition)
        parted = one is not None and (
            one.format == "division" or one.type in ("date", "datetime") or bool(one.categories)
        )
        if one is not None and not (parted and one.constraints.required):
            run.say("bad_partition", place, name=register.partition)


def _fits(value: object, kind: str) -> bool:
    if kind == "integer":
        return isinstance(value, int)
    if kind == "number":
        return isinstance(value, int | float)
    try:
        return isinstance(value, str) and bool(dt.datetime.fromisoformat(value))
    except ValueError:
        return False


def _pattern_problem(pattern: str) -> str:
    if re.search(r"\(\?<?[=!]|\\[1-9]|\(\?P=", pattern):
        return "look-around"
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return ""


def _better(name: str) -> str:
    better = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")
    return better if FIELD_NAME.match(better) else f"f_{better}".strip("_")
