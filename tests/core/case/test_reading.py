"""How answers are read: what is taken, in which stored form, and what is said about the rest."""

from __future__ import annotations

from typing import Any

import pytest

from zhuoli.core.case.examples import ExampleDirectory
from zhuoli.core.case.reading import MAX_TEXT, Read, reader
from zhuoli.core.scenario.model import Choice, Question
from zhuoli.core.scenario.names import question_type
from zhuoli.core.text import Text

TITLE = Text("问", "ask")


def read(kind: str, raw: Any, **more: Any) -> Read:
    """Read one answer to a question of this type."""
    question = Question(type=kind, title=TITLE, **more)
    return reader(question, question_type(question))(raw, ExampleDirectory())


CHOICES = {"choices": {"a": Choice(title=TITLE), "b": Choice(title=TITLE)}}
TAKEN: list[tuple[str, Any, Any, dict[str, Any]]] = [
    ("text", "路灯坏了", "路灯坏了", {}),
    ("long_text", "x" * MAX_TEXT, "x" * MAX_TEXT, {}),
    ("choice", "a", "a", CHOICES),
    ("many", ("b", "a"), ["b", "a"], CHOICES),
    ("yes_no", False, False, {}),
    ("integer", "12", 12, {}),
    ("integer", 12, 12, {"min": "12", "max": "12"}),
    ("decimal", "1.50", "1.5", {"max": "1.5"}),
    ("date", "2026-03-02", "2026-03-02", {"min": "2026-03-02", "max": "2026-03-02"}),
    ("datetime", "2026-03-02 09:30", 1_772_415_000_000, {}),
    ("place", "620102001000", "620102001000", {}),
    ("point", "103.834,36.061", "103.834,36.061", {}),
    ("phone", "139-0000 0000", "13900000000", {}),
    ("phone", "+8613900000000", "+8613900000000", {}),
    ("email", "name@example.com", "name@example.com", {}),
    ("id_number", "11010519491231002x", "11010519491231002X", {}),
    ("id_number", "110105 19491231 002X", "11010519491231002X", {}),
    ("credit_code", "91110000600037341l", "91110000600037341L", {}),
    ("credit_code", "9 1 110000 600037341L", "91110000600037341L", {}),
    ("credit_code", "９1110000600037341L", "91110000600037341L", {}),
    ("plate", "甘a·12345", "甘A12345", {}),
]


@pytest.mark.parametrize(("kind", "raw", "stored", "more"), TAKEN)
def test_what_is_right_is_kept_in_its_one_form(
    kind: str, raw: Any, stored: Any, more: dict[str, Any]
) -> None:
    value, problem = read(kind, raw, **more)
    assert problem is None
    assert value == stored
    assert type(value) is type(stored)


REFUSED: list[tuple[str, Any, str, dict[str, Any]]] = [
    ("text", 5, "Write text here", {}),
    ("text", "long", "At most 3 characters; this has 4", {"max_length": 3}),
    ("text", "a\x00", "Remove the invisible control characters", {}),
    ("choice", "c", 'Give one of "a", "b"', CHOICES),
    ("yes_no", "yes", "Give true or false", {}),
    ("yes_no", 1, "Give true or false", {}),
    ("integer", "1.5", "Give a whole number", {}),
    ("integer", "11", "Not less than 12", {"min": "12"}),
    ("decimal", "2", "Not more than 1.5", {"max": "1.5"}),
    ("date", "2026-02-30", "Give a date", {}),
    ("date", "20260302", "Give a date", {}),
    ("date", "2026-W10-1", "Give a date", {}),
    ("date", "2026-03-01", "Not before 2026-03-02", {"min": "2026-03-02"}),
    ("date", "2026-03-03", "Not after 2026-03-02", {"max": "2026-03-02"}),
    ("datetime", "tomorrow", "Write it like 2026-03-02 09:30", {}),
    ("place", "620102", "Choose a place", {}),
    ("place", "110102001000", "Choose a place", {}),
    ("place", 620102001000, "Write text here", {}),
    ("point", "181,36", "Write longitude,latitude, such as 103.834,36.061", {}),
    ("phone", "12", "Give a phone number, such as 13900000000", {}),
    ("email", "name", "Give an e-mail address, such as name@example.com", {}),
    ("id_number", "110105194912310021", "This identity number is not right; check its 18 digits", {}),
    ("id_number", "11010519490231002X", "This identity number is not right; check its 18 digits", {}),
    ("id_number", "1101051949123100", "This identity number is not right; check its 18 digits", {}),
    ("credit_code", "91110000600037341M", "This credit code is not right; check its 18 signs", {}),
    ("credit_code", "91110000600037341I", "This credit code is not right; check its 18 signs", {}),
    ("plate", "A12345", "This plate is not right; an example is 甘A12345", {}),
]


@pytest.mark.parametrize(("kind", "raw", "said", "more"), REFUSED)
def test_what_is_wrong_is_said(kind: str, raw: Any, said: str, more: dict[str, Any]) -> None:
    problem = read(kind, raw, **more)[1]
    assert problem is not None
    assert problem.en == said
    assert problem.zh
