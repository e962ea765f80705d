"""Sealed values open with their key, in their place, and nowhere else."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuoli.environment import read_environment
from zhuoli.store.keys import Key, KeyRing, KeyTrouble, MasterKey, new_master_key, read_master_key

MASTER = MasterKey(bytes(range(32)))


@given(st.text(), st.text(max_size=30), st.integers(0, 2**63 - 1))
def test_what_is_sealed_opens_again(text: str, party: str, case: int) -> None:
    wrapped, key = KeyRing(MASTER).new(case, party)
    token = key.seal("form.name", text)
    assert KeyRing(MASTER).key(case, party, wrapped).open("form.name", token) == text


def test_the_same_text_never_looks_the_same() -> None:
    key = Key(bytes(32), 1, "p")
    assert key.seal("a", "李") != key.seal("a", "李")


@pytest.mark.parametrize(("case", "party", "field"), [(2, "p", "a"), (1, "q", "a"), (1, "p", "b")])
def test_a_value_cannot_be_moved(case: int, party: str, field: str) -> None:
    token = Key(bytes(32), 1, "p").seal("a", "text")
    with pytest.raises(KeyTrouble) as raised:
        Key(bytes(32), case, party).open(field, token)
    assert raised.value.code == "bad_seal"


@given(st.integers(0, 200))
def test_a_changed_value_does_not_open(position: int) -> None:
    key = Key(bytes(32), 1, "p")
    token = key.seal("a", "text")
    data = bytearray(base64.b64decode(token[3:]))
    data[position % len(data)] ^= 1
    with pytest.raises(KeyTrouble):
        key.open("a", "z1." + base64.b64encode(bytes(data)).decode())


@pytest.mark.parametrize("token", ["", "z1.", "z1.AAAA", "z1.!!!!", "plain text"])
def test_what_is_no_token_does_not_open(token: str) -> None:
    with pytest.raises(KeyTrouble):
        Key(bytes(32), 1, "p").open("a", token)


def test_a_wrapped_key_belongs_to_its_case_party_and_master() -> None:
    wrapped = MASTER.wrap(bytes(32), 1, "p")
    assert MASTER.unwrap(wrapped, 1, "p") == bytes(32)
    for case, party in ((2, "p"), (1, "q")):
        with pytest.raises(KeyTrouble) as raised:
            MASTER.unwrap(wrapped, case, party)
        assert raised.value.code == "bad_seal"
    with pytest.raises(KeyTrouble) as raised:
        MasterKey(bytes(32)).unwrap(wrapped, 1, "p")
    assert raised.value.code == "wrong_master_key"


def test_a_ring_does_not_use_a_key_whose_row_is_another_one() -> None:
    ring = KeyRing(MASTER)
    wrapped, key = ring.new(1, "p")
    assert ring.remembered(1, "p") is None
    ring.remember(1, "p", wrapped, key)
    again, other = ring.new(1, "p")
    assert ring.key(1, "p", again) is not key
    assert ring.key(1, "p", again).open("a", other.seal("a", "x")) == "x"
    ring.forget(1, "p")
    assert ring.remembered(1, "p") is None


def test_a_ring_holds_no_more_than_it_may() -> None:
    ring = KeyRing(MASTER, size=3)
    for case in range(10):
        ring.remember(case, "", *ring.new(case, ""))
    assert [case for case in range(10) if ring.remembered(case, "")] == [7, 8, 9]


@pytest.mark.parametrize(
    ("mode", "key", "code"),
    [("serve", "", "no_master_key"), ("serve", "AAAA", "bad_master_key"), ("demo", "线", "bad_master_key")],
)
def test_a_missing_or_wrong_master_key_is_said(mode: str, key: str, code: str) -> None:
    with pytest.raises(KeyTrouble) as raised:
        read_master_key(read_environment({"ZHUOLI_MODE": mode, "ZHUOLI_MASTER_KEY": key}))
    assert raised.value.code == code
    assert raised.value.remedy.zh
    assert raised.value.remedy.en


def test_a_new_master_key_works() -> None:
    text = new_master_key()
    key = read_master_key(read_environment({"ZHUOLI_MODE": "serve", "ZHUOLI_MASTER_KEY": text}))
    assert key.fingerprint != MASTER.fingerprint
    assert key.derive("a") != key.derive("b")
    assert key.digest(b"a") == key.digest(b"a") != key.digest(b"b")
