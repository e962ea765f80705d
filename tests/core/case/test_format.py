"""The ledger's event format, version 1, held by golden copies: old ledgers must stay readable for ever.

``golden/events-1.jsonl`` has one event of each kind with every field set, and one with only what is required.
When an event gets a new optional field, the old lines stay as they are and must still be read; new lines go
into a new golden file.
"""

from __future__ import annotations

import typing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from zhuoli.core.case import events as e
from zhuoli.core.worktime import Duration, Limit

GOLDEN = Path(__file__).parent / "golden" / "events-1.jsonl"
DECODE = msgspec.json.Decoder(e.AnyEvent).decode
LIMIT = Limit(Duration(15, "working_days"), day_ends="17:30")


def sample(kind: Any) -> Any:
    """Return a value of an annotation, recognisable and never its default."""
    origin = typing.get_origin(kind)
    if origin is typing.Literal:
        return typing.get_args(kind)[-1]
    if origin is tuple:
        return ("x", "y") if typing.get_args(kind)[0] is str else (1, 3)
    if origin is dict:
        value = typing.get_args(kind)[1]
        if value is typing.Any:
            return {
                "form.text": "字",
                "form.number": 3,
                "form.yes": True,
                "form.many": ["a"],
                "form.none": None,
            }
        return {"name": sample(value)}
    if kind is e.Personal:
        return e.Personal("party-1", '"13900000000"')
    if kind is e.Term:
        return e.Term(LIMIT, 1_772_413_200_000)
    if kind is e.NewDue:
        return e.NewDue(1, None, 3)
    if kind is e.ClockStart:
        return e.ClockStart(
            1, "cn-2026-1.11.0", e.Term(LIMIT, 9), e.Term(LIMIT, None), 5, ("supplement",), 75, ("urge",)
        )
    if kind is bool:
        return False
    if kind is int:
        return 7
    if kind is str:
        return "text"
    return sample(next(arg for arg in typing.get_args(kind) if arg is not type(None)))


def samples() -> list[e.Event]:
    found: list[e.Event] = []
    for kind in typing.get_args(e.AnyEvent):
        hints = typing.get_type_hints(kind)
        fields = msgspec.structs.fields(kind)
        found.append(kind(**{field.name: sample(hints[field.name]) for field in fields}))
        if any(not field.required for field in fields):
            found.append(
                kind(**{field.name: sample(hints[field.name]) for field in fields if field.required})
            )
    return found


def test_golden_copies_are_read_and_written_as_they_are() -> None:
    written = [msgspec.json.encode(event).decode() for event in samples()]
    golden = GOLDEN.read_text(encoding="utf-8").splitlines()
    assert written == golden


@pytest.mark.parametrize("line", GOLDEN.read_text(encoding="utf-8").splitlines())
def test_each_golden_copy_survives(line: str) -> None:
    assert msgspec.json.encode(DECODE(line)).decode() == line


def test_every_event_can_be_applied_told_and_sealed() -> None:
    """Nobody adds an event and forgets what it does, how it is told, or that it holds words of a person."""
    from zhuoli.core.case.evolve import APPLY
    from zhuoli.core.case.sentences import SPEAK

    kinds = set(typing.get_args(e.AnyEvent))
    assert set(APPLY) == kinds
    silent = {e.PlanDone, e.ClockStarted, e.ClockEnded, e.Paused, e.Resumed}
    assert set(SPEAK) | silent == kinds
    for kind in kinds:
        names = {field.name for field in msgspec.structs.fields(kind)}
        worded = {"text", "reason", "comment", "order", "ground", "duty", "answer", "note"} & names
        exempt = {(e.Refused, "reason")}
        for name in worded:
            if (kind, name) not in exempt:
                assert name in e.FREE_TEXT.get(kind, ()), (kind.__name__, name)
