"""The tree against published vectors, and every proof in small trees against its opposite."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuoli.store import merkle
from zhuoli.store.tree import Growing

# The reference vectors of the Certificate Transparency project (RFC 6962 and 9162 hash alike).
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def hashes(count: int) -> list[bytes]:
    return [merkle.leaf_hash(bytes([n % 256, n // 256])) for n in range(count)]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_of_the_reference(size: int) -> None:
    leaves = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES[:size]]
    assert merkle.root(size, merkle.from_leaves(leaves)).hex() == ROOTS[size - 1]


def test_the_empty_tree() -> None:
    assert merkle.root(0, merkle.from_leaves([])) == hashlib.sha256(b"").digest()
    assert Growing(0, merkle.from_leaves([])).root() == merkle.EMPTY


def test_a_proof_of_the_reference() -> None:
    leaves = [merkle.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]
    path = merkle.inclusion(5, 8, merkle.from_leaves(leaves))
    assert [each.hex() for each in path] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_every_inclusion_in_small_trees() -> None:
    leaves = hashes(40)
    subtree = merkle.from_leaves(leaves)
    for size in range(1, 41):
        head = merkle.root(size, subtree)
        for number in range(size):
            path = merkle.inclusion(number, size, subtree)
            assert merkle.check_inclusion(leaves[number], number, size, path, head)
            assert not merkle.check_inclusion(leaves[(number + 1) % 40], number, size, path, head)
            assert not merkle.check_inclusion(leaves[number], number, size, [*path, head], head)
            if path:
                assert not merkle.check_inclusion(leaves[number], number, size, path[1:], head)
                assert not merkle.check_inclusion(leaves[number], (number + 1) % size, size, path, head)


def test_every_consistency_of_small_trees() -> None:
    subtree = merkle.from_leaves(hashes(40))
    other = hashes(40)
    other[0] = bytes(32)
    forged = merkle.from_leaves(other)
    for size in range(1, 41):
        head = merkle.root(size, subtree)
        for old in range(1, size + 1):
            path = merkle.consistency(old, size, subtree)
            assert merkle.check_consistency(old, size, path, merkle.root(old, subtree), head)
            assert not merkle.check_consistency(old, size, path, merkle.root(old, forged), head)
            assert not merkle.check_consistency(
                old, size, path, merkle.root(old, subtree), merkle.root(size, forged)
            )


@given(st.integers(0, 700))
def test_growing_gives_the_root_and_keeps_full_subtrees(size: int) -> None:
    leaves = hashes(size)
    subtree = merkle.from_leaves(leaves)
    tree = Growing(0, subtree)
    for number, leaf in enumerate(leaves):
        for level, index, value in tree.add(leaf):
            assert level == 8
            assert (index + 1) << 8 == number + 1
            assert value == subtree(8, index)
    assert tree.root() == merkle.root(size, subtree)
    # Going on from the stored subtrees gives the same tree.
    assert Growing(size, subtree).root() == tree.root()


@pytest.mark.parametrize(("number", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_of_what_is_not_there(number: int, size: int) -> None:
    with pytest.raises(ValueError, match="leaf"):
        merkle.inclusion(number, size, merkle.from_leaves(hashes(3)))
    assert not merkle.check_inclusion(bytes(32), number, size, [], bytes(32))
