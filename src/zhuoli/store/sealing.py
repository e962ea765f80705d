"""Sealing what people wrote, after the core has decided and before anything is stored; and opening it again.

``Personal`` values are sealed with the key of their party under the name of their field, fields in ``FREE_TEXT``
with the case's own key under ``<event>.<field>``. Empty texts stay empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from zhuoli.core.case.events import FREE_TEXT, Event, Personal, Recorded, Signed
from zhuoli.core.case.state import Attachment, Case
from zhuoli.store.keys import CASE, Key, KeyTrouble

_NAMED: dict[type[Event], tuple[tuple[str, str], ...]] = {
    kind: tuple((name, f"{kind.__struct_config__.tag}.{name}") for name in names)
    for kind, names in FREE_TEXT.items()
}
ANSWERS = ("closed.answer", "refused.text")
"""Where the text in a state's ``answer`` may come from."""
FILE_NAME = "attached.name"


def parties(events: Iterable[Event]) -> set[str]:
    """Return the parties whose keys are needed to seal these events (``""`` is the case itself)."""
    needed: set[str] = set()
    for event in events:
        kind = type(event)
        if kind is Recorded:
            needed.update([value.party for value in event.personal.values()])  # type: ignore[attr-defined]
        elif kind is Signed:
            if event.phone is not None:  # type: ignore[attr-defined]
                needed.add(event.party)  # type: ignore[attr-defined]
        elif kind in _NAMED:
            for name, _ in _NAMED[kind]:
                if getattr(event, name):
                    needed.add(CASE)
    return needed


def seal(events: Iterable[Event], key: Callable[[str], Key]) -> list[Event]:
    """Return the events with everything sealed; ``key`` gives the key of a party."""
    sealed: list[Event] = []
    for event in events:
        kind = type(event)
        if kind is Recorded:
            sealed.append(_seal_personal(event, key) if event.personal else event)  # type: ignore[arg-type,attr-defined]
        elif kind is Signed:
            sealed.append(_seal_phone(event, key) if event.phone is not None else event)  # type: ignore[arg-type,attr-defined]
        elif kind in _NAMED:
            sealed.append(_change_texts(event, lambda field, text: key(CASE).seal(field, text)))
        else:
            sealed.append(event)
    return sealed


def _seal_personal(event: Recorded, key: Callable[[str], Key]) -> Recorded:
    personal = {
        name: Personal(value.party, key(value.party).seal(name, value.value))
        for name, value in event.personal.items()
    }
    return msgspec.structs.replace(event, personal=personal)


def _seal_phone(event: Signed, key: Callable[[str], Key]) -> Signed:
    if event.phone is None:
        return event
    token = key(event.party).seal(phone_field(event.question), event.phone.value)
    return msgspec.structs.replace(event, phone=Personal(event.party, token))


def open_texts(event: Event, key: Key) -> Event:
    """Return the event with its free texts opened; personal values stay sealed.

    Raises:
        KeyTrouble: a text does not open (code ``bad_seal``).
    """
    return _change_texts(event, key.open)


def open_state(case: Case, key: Key) -> Case:
    """Return the state with its free texts (final answer, names of files) opened; personal values stay sealed.

    Raises:
        KeyTrouble: a text does not open (code ``bad_seal``).
    """
    changes: dict[str, object] = {}
    if case.answer:
        changes["answer"] = _open_answer(case.answer, key)
    if case.files:
        changes["files"] = {
            file: msgspec.structs.replace(attachment, name=_open_name(attachment, key))
            for file, attachment in case.files.items()
        }
    return msgspec.structs.replace(case, **changes) if changes else case


def open_personal(case: Case, name: str, key: Key) -> object:
    """Return one personal value of the state in plain; ``key`` is that of its party.

    Raises:
        KeyError: the state has no such value.
        KeyTrouble: it does not open (code ``bad_seal``).
    """
    value: object = msgspec.json.decode(key.open(name, case.personal[name].value))
    return value


def phone_field(question: str) -> str:
    """Return the name under which the masked telephone of a signature is sealed."""
    return f"{question}.phone"


def open_phone(case: Case, question: str, key: Key) -> str:
    """Return the masked telephone over which a signature was proven; "" when there was none.

    Raises:
        KeyTrouble: it does not open (code ``bad_seal``).
    """
    phone = case.signatures[question].phone
    return (
        "" if phone is None else msgspec.json.decode(key.open(phone_field(question), phone.value), type=str)
    )


def _open_answer(token: str, key: Key) -> str:
    try:
        return key.open(ANSWERS[0], token)
    except KeyTrouble:
        return key.open(ANSWERS[1], token)


def _open_name(attachment: Attachment, key: Key) -> str:
    return key.open(FILE_NAME, attachment.name) if attachment.name else ""


def _change_texts(event: Event, change: Callable[[str, str], str]) -> Event:
    named = _NAMED.get(type(event))
    if named is None:
        return event
    changes: dict[str, object] = {}
    for name, field in named:
        value = getattr(event, name)
        if isinstance(value, str):
            if value:
                changes[name] = change(field, value)
        elif value:
            changes[name] = tuple(change(field, each) for each in value)
    return msgspec.structs.replace(event, **changes) if changes else event
