"""Events and states come back as they were; every field of an entry is part of its hash."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.case.histories import live
from tests.store.databases import scenario

from zhuoli.core.case.compile import compile_plan
from zhuoli.core.case.events import FREE_TEXT, AnyEvent, Opened, Personal, Recorded
from zhuoli.core.case.evolve import evolve_entry
from zhuoli.core.case.state import Case
from zhuoli.store import chain
from zhuoli.store.codec import canonical, decode_events, decode_state, encode_events, encode_state
from zhuoli.store.keys import Key
from zhuoli.store.sealing import open_state, open_texts, parties, seal

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.text()
    | st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.text(), values, max_size=5))
def test_answers_keep_their_type(answers: dict[str, Any]) -> None:
    (event,) = decode_events(encode_events([Recorded(source="form", answers=answers)]))
    assert event.answers == answers
    state = evolve_entry(Case(id=1), [event], 5)
    again = decode_state(encode_state(state))
    assert again == state
    assert [type(value) for value in again.answers.values()] == [
        type(value) for value in state.answers.values()
    ]
    assert encode_state(again) == encode_state(state)


def test_a_decimal_stays_exact() -> None:
    text = encode_events([Recorded(source="form", answers={"a": Decimal("0.10")})])
    assert '"a":0.10' in text
    assert decode_events(text)[0].answers["a"] == Decimal("0.1")


def test_canonical_bytes_do_not_depend_on_order() -> None:
    assert canonical({"a": 1, "b": Decimal("2.50")}) == canonical({"b": Decimal("2.50"), "a": 1})
    assert canonical({"a": 1}) != canonical({"a": "1"})


ENTRY: dict[str, Any] = {
    "case": 7,
    "seq": 3,
    "recorded": 1_772_413_200_000,
    "actor": '{"kind":"system"}',
    "command": "accept",
    "key": "0191-key",
    "digest": bytes(32),
    "prev": bytes(range(32)),
    "events": '[{"e":"accepted"}]',
}


def test_the_hash_of_an_entry_is_fixed() -> None:
    """Written down once: entries that were hashed by an older version must still verify."""
    assert (
        chain.entry_hash(**ENTRY).hex() == "6f91b6e9a7cab0abf5d684e7edf92c4e0acfe85f4a8ca8f9ef88b5be0e7f1862"
    )
    assert hashlib.sha256(chain.entry_text(**ENTRY).encode()).digest() == chain.entry_hash(**ENTRY)


@pytest.mark.parametrize("name", list(ENTRY))
def test_every_field_is_hashed(name: str) -> None:
    old = ENTRY[name]
    new = old + 1 if isinstance(old, int) else old + "x" if isinstance(old, str) else bytes([1]) + old[1:]
    assert chain.entry_hash(**{**ENTRY, name: new}) != chain.entry_hash(**ENTRY)


def _texts(event: AnyEvent) -> list[str]:
    found: list[str] = []
    for name in FREE_TEXT.get(type(event), ()):
        value = getattr(event, name)
        found += [value] if isinstance(value, str) else list(value)
    return found


@pytest.mark.parametrize("seed", range(5))
def test_sealing_whole_lives(seed: int) -> None:
    """Sealed events hold nothing that people wrote, open to what they were, and give the same state but for texts."""
    plan = compile_plan(scenario())
    keys: dict[str, Key] = {}

    def key(party: str) -> Key:
        return keys.setdefault(party, Key(bytes(32), 1, party))

    sealed_state = Case(id=1)
    for taken in live(plan, seed, 150):
        if taken.after is None:
            continue
        sealed = seal(taken.events, key)
        text = encode_events(sealed)
        assert parties(taken.events) <= keys.keys()
        for event, closed in zip(taken.events, sealed, strict=True):
            assert open_texts(closed, key("")) == (event if type(event) is not Recorded else closed)
            for plain in _texts(event):
                assert plain == "" or plain not in _texts(closed)
        stored = decode_events(text)
        assert encode_events(stored) == text
        sealed_state = evolve_entry(sealed_state, stored, taken.facts.now)
        opened = open_state(sealed_state, key(""))
        for name, value in taken.after.personal.items():
            token = sealed_state.personal[name]
            assert msgspec.structs.replace(token, value=key(token.party).open(name, token.value)) == value
        same = msgspec.structs.replace(opened, personal=taken.after.personal)
        assert same == taken.after


def test_personal_values_are_sealed_under_their_field() -> None:
    key = Key(bytes(32), 1, "p")
    event = Recorded(source="form", personal={"form.name": Personal("p", '"李"')})
    (sealed,) = seal([event], {"p": key}.__getitem__)
    token = sealed.personal["form.name"].value
    assert key.open("form.name", token) == '"李"'
    assert "李" not in encode_events([sealed])


def test_events_that_nobody_wrote_in_stay_the_same_object() -> None:
    opened = Opened(
        scenario="s", version="v", receipt="r", channel="web", parties={}, territory="", dispatcher=""
    )
    assert seal([opened], {}.__getitem__)[0] is opened
    assert parties([opened]) == set()
