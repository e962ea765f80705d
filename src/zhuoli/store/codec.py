"""How events, actors and states become text and bytes, and come back as they were.

The ledger keeps JSON (readable in fifty years), snapshots keep MessagePack (quick). A Decimal is a JSON number
with a point or without; numbers with a point come back as Decimal, never as float.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import msgspec

from zhuoli.core.case.events import AnyEvent, Event
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.state import Case

_JSON = msgspec.json.Encoder(decimal_format="number")
_EVENTS = msgspec.json.Decoder(tuple[AnyEvent, ...], float_hook=Decimal)
_ACTOR = msgspec.json.Decoder(Actor)
_PACK = msgspec.msgpack.Encoder()
_EXACT = frozenset({str, int, bool, type(None)})
_NOT_PLAIN = frozenset({Decimal, list, tuple, dict})
_DECIMAL = 1
"""The MessagePack extension type of a Decimal."""


def _extension(code: int, data: memoryview) -> Decimal:
    if code != _DECIMAL:
        raise ValueError(f"unknown MessagePack extension {code}")
    return Decimal(bytes(data).decode())


_CASE = msgspec.msgpack.Decoder(Case, ext_hook=_extension)


def encode_events(events: Iterable[Event]) -> str:
    """Return the text of one entry's events, exactly as it is hashed and stored."""
    return _JSON.encode(tuple(events)).decode()


def decode_events(text: str | bytes) -> tuple[AnyEvent, ...]:
    """Read the events of one entry.

    Raises:
        msgspec.ValidationError: it is not the text of events.
    """
    return _EVENTS.decode(text)


def comes_back(values: Iterable[Any]) -> bool:
    """Whether untyped values are of kinds that JSON gives back exactly as they are."""
    return _EXACT.issuperset(map(type, values))


def encode_actor(actor: Actor) -> str:
    """Return the JSON text of an actor."""
    return _JSON.encode(actor).decode()


def decode_actor(text: str | bytes) -> Actor:
    """Read an actor."""
    return _ACTOR.decode(text)


def encode_state(case: Case) -> bytes:
    """Return the snapshot of a case; equal states give equal bytes."""
    if not _NOT_PLAIN.isdisjoint(map(type, case.answers.values())):
        answers = {name: _packable(value) for name, value in case.answers.items()}
        case = msgspec.structs.replace(case, answers=answers)
    return _PACK.encode(case)


def decode_state(data: bytes | memoryview) -> Case:
    """Read a snapshot."""
    return _CASE.decode(data)


def canonical(value: Any) -> bytes:
    """Return bytes that are equal for equal requests: JSON with sorted keys."""
    return _CANONICAL.encode(value)


_CANONICAL = msgspec.json.Encoder(decimal_format="string", order="deterministic")


def _packable(value: Any) -> Any:
    if isinstance(value, Decimal):
        return msgspec.msgpack.Ext(_DECIMAL, str(value).encode())
    if isinstance(value, list | tuple):
        return [_packable(each) for each in value]
    if isinstance(value, dict):
        return {key: _packable(each) for key, each in value.items()}
    return value
