"""The Merkle tree over ledger entries, in the terms of RFC 9162 (Certificate Transparency 2.0), section 2.1.

Leaf hash: SHA-256(0x00 ‖ data); node hash: SHA-256(0x01 ‖ left ‖ right). The data of a leaf is the 32-byte hash
of its entry. Whole subtrees are asked for by level and number, so that a store may keep some of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

Subtree = Callable[[int, int], bytes]
"""``subtree(level, number)``: the hash of the full subtree over leaves number·2^level … (number+1)·2^level - 1."""

EMPTY = hashlib.sha256(b"").digest()
"""The root of the tree without leaves."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\1" + left + right).digest()


def from_leaves(leaves: Sequence[bytes]) -> Subtree:
    """Return the subtrees over leaf hashes that are all at hand."""

    def subtree(level: int, number: int) -> bytes:
        row: Sequence[bytes] = leaves[number << level : (number + 1) << level]
        while len(row) > 1:
            row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
        return row[0]

    return subtree


def root(size: int, subtree: Subtree) -> bytes:
    """Return the root over the first ``size`` leaves."""
    return _range(0, size, subtree) if size else EMPTY


def inclusion(number: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the proof that leaf ``number`` is in the tree of ``size`` leaves (RFC 9162, 2.1.3.1).

    Raises:
        ValueError: there is no such leaf.
    """
    if not 0 <= number < size:
        raise ValueError(f"leaf {number} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if number < middle:
            path.append(_range(middle, end, subtree))
            end = middle
        else:
            path.append(_range(start, middle, subtree))
            start = middle
    return path[::-1]


def consistency(old: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the proof that the tree of ``size`` leaves begins with that of ``old`` (RFC 9162, 2.1.4.1).

    Raises:
        ValueError: not 0 < old ≤ size.
    """
    if not 0 < old <= size:
        raise ValueError(f"no consistency between {old} and {size} leaves")
    path: list[bytes] = []
    start, end, whole = 0, size, True
    while end - start != old - start:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range(middle, end, subtree))
            end = middle
        else:
            path.append(_range(start, middle, subtree))
            start, whole = middle, False
    if not whole:
        path.append(_range(start, end, subtree))
    return path[::-1]


def check_inclusion(leaf: bytes, number: int, size: int, path: Iterable[bytes], head: bytes) -> bool:
    """Whether the proof leads from the leaf's hash to the root ``head`` (RFC 9162, 2.1.3.2)."""
    if not 0 <= number < size:
        return False
    here, last, value = number, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            value = node_hash(sibling, value)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            value = node_hash(value, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and value == head


def check_consistency(old: int, size: int, path: Sequence[bytes], old_head: bytes, head: bytes) -> bool:
    """Whether the proof leads to both roots (RFC 9162, 2.1.4.2)."""
    if old == size:
        return not path and old_head == head
    if not 0 < old < size:
        return False
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_head)
    if not steps:
        return False
    here, last = old - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            second = node_hash(second, step)
        here, last = here >> 1, last >> 1
    return last == 0 and first == old_head and second == head


def _split(count: int) -> int:
    """Return the largest power of two smaller than ``count``."""
    return 1 << (count - 1).bit_length() - 1


def _range(start: int, end: int, subtree: Subtree) -> bytes:
    """Return the hash over leaves ``start`` … ``end`` - 1; ``start`` is a multiple of the split, as in the RFC."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return subtree(level, start >> level)
    middle = start + _split(count)
    return node_hash(_range(start, middle, subtree), _range(middle, end, subtree))
