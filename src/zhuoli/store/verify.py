"""Is what was recorded still what it was? Everything that can be known from the tables and the published heads.

Nothing here believes a stored hash: every one is computed again. What is found wrong is told in the order of the
ledger, the first broken entry first.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec
from django.db import connections
from django.db.models import Count

from zhuoli.core.case.events import Erased
from zhuoli.core.text import Text
from zhuoli.store import merkle
from zhuoli.store.chain import START, entry_hash, look_hash
from zhuoli.store.codec import decode_events
from zhuoli.store.models import (
    EntryRecord,
    KeyRecord,
    LeafRecord,
    LookRecord,
    NodeRecord,
    StateRecord,
    TreeHeadRecord,
)
from zhuoli.store.tree import Growing, TreeHead, read_heads

LONG_UNSEALED = 2 * 24 * 3600 * 1000
"""An entry older than this (ms) that the newest head does not cover, though it covers later ones, is reported."""

MOST = 50
"""So many faults are told; more only count."""

_EVENT = '{"e":"'
_ERASED = '{"e":"erased"'
_KEY = re.compile(r"[!-~]{8,200}")
_PAGE = 5_000
APPEND_ONLY = ("store_entry", "store_look", "store_leaf", "store_node", "store_tree_head", "store_act")

Kind = Literal[
    "altered",  # an entry's content does not give its hash
    "unchained",  # an entry does not carry the hash of the one before
    "gap",  # a number is missing in a case's chain
    "key_twice",  # a command key stands twice, or is none
    "leaf_differs",  # the tree holds another hash for the entry
    "entry_missing",  # the tree has a leaf for an entry that is not there
    "never_sealed",  # an old entry has no leaf
    "tree_gap",  # leaves are not numbered without gaps, or a kept node is wrong
    "root_differs",  # leaves do not give the published root
    "head_differs",  # table and published file do not agree
    "state_differs",  # a snapshot is not at the end of its chain
    "look_altered",  # a look, or the chain of looks, was changed
    "key_not_destroyed",  # an erased party has a key
    "guard_missing",  # the database would let the ledger be changed
]


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong and where; ``position`` and ``seq`` are 0 where there is no entry to point at."""

    kind: Kind
    text: Text
    position: int = 0
    case: str = ""
    seq: int = 0


class Verified(msgspec.Struct, kw_only=True):
    """What was looked at, and what is wrong. ``entries``, ``events`` … are counts; ``seconds`` how long it took."""

    entries: int = 0
    events: int = 0
    cases: int = 0
    looks: int = 0
    leaves: int = 0
    heads: int = 0
    published: int = 0
    unsealed: int = 0
    seconds: float = 0.0
    fault_count: int = 0
    faults: list[Fault] = []

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault_count == 0

    def tell(self, kind: Kind, zh: str, en: str, position: int = 0, case: int = 0, seq: int = 0) -> None:
        """Add a fault."""
        self.fault_count += 1
        if len(self.faults) < MOST:
            named = str(case) if case else ""
            self.faults.append(Fault(kind=kind, text=Text(zh, en), position=position, case=named, seq=seq))


def verify(heads: Path | None, now: int, alias: str = "default") -> Verified:
    """Check chains, keys, snapshots, the tree, its heads, the looks and the guards.

    ``heads`` is the published file (None: there is none to compare with), ``now`` in ms UTC.
    """
    began = time.perf_counter()
    found = Verified(faults=[])
    last, erased = _entries(found, now, alias)
    _duplicates(found, alias)
    _states(found, last, alias)
    _tree(found, heads, alias)
    _looks(found, alias)
    _keys(found, erased, alias)
    _guards(found, alias)
    found.cases = len(last)
    found.seconds = time.perf_counter() - began
    return found


def _entries(
    found: Verified, now: int, alias: str
) -> tuple[dict[int, tuple[int, bytes]], set[tuple[int, str]]]:
    """Walk through the ledger in its order, beside the leaves; return the ends of chains and who was erased."""
    last: dict[int, tuple[int, bytes]] = {}
    erased: set[tuple[int, str]] = set()
    leaves = _merge(LeafRecord.objects.using(alias).order_by("entry").values_list("entry", "hash"))
    covered = LeafRecord.objects.using(alias).order_by("-entry").values_list("entry", flat=True).first() or 0
    start = (0, START)
    fields = (
        "position",
        "case_id",
        "seq",
        "recorded",
        "actor",
        "command",
        "command_key",
        "digest",
        "events",
        "prev",
        "hash",
    )
    rows = EntryRecord.objects.using(alias).order_by("position").values_list(*fields).iterator(_PAGE)
    for position, case, seq, recorded, actor, command, key, digest, events, prev, stored in rows:
        found.entries += 1
        before_seq, before_hash = last.get(case, start)
        try:
            found.events += events.count(_EVENT)
            computed = entry_hash(case, seq, recorded, actor, command, key, digest, prev, events)
        except (TypeError, AttributeError):
            # SQLite lets a column hold a value of another type; no entry of ours ever did.
            computed, events, key = b"", "", str(key)
        if computed != stored:
            found.tell(
                "altered",
                f"第 {position} 条（事项 {case} 的第 {seq} 条）的内容与它的哈希不符",
                f"entry {position} (number {seq} of case {case}) does not give its hash",
                position, case, seq,
            )  # fmt: skip
        if seq != before_seq + 1:
            found.tell(
                "gap",
                f"事项 {case} 的第 {before_seq} 条之后是第 {seq} 条",
                f"in case {case} entry {before_seq} is followed by {seq}",
                position, case, seq,
            )  # fmt: skip
        elif prev != before_hash:
            found.tell(
                "unchained",
                f"第 {position} 条（事项 {case} 的第 {seq} 条）没有接上前一条的哈希",
                f"entry {position} (number {seq} of case {case}) does not carry the hash of the one before",
                position, case, seq,
            )  # fmt: skip
        if not _KEY.fullmatch(key):
            found.tell(
                "key_twice",
                f"第 {position} 条没有操作编号",
                f"entry {position} has no key",
                position,
                case,
                seq,
            )
        leaf = leaves(position, found)
        if leaf is None:
            found.unsealed += 1
            if position < covered and recorded < now - LONG_UNSEALED:
                found.tell(
                    "never_sealed",
                    f"第 {position} 条早该封存而没有封存",
                    f"entry {position} should have been sealed long ago",
                    position, case, seq,
                )  # fmt: skip
        elif leaf != merkle.leaf_hash(computed):
            found.tell(
                "leaf_differs",
                f"第 {position} 条（事项 {case} 的第 {seq} 条）与封存时不同",
                f"entry {position} (number {seq} of case {case}) is not what was sealed",
                position, case, seq,
            )  # fmt: skip
        if _ERASED in events:
            erased.update((case, event.party) for event in decode_events(events) if type(event) is Erased)
        last[case] = (seq, computed)
    leaves(1 << 63, found)
    return last, erased


def _merge(leaves: Any) -> Callable[[int, Verified], bytes | None]:
    """Return a function that gives the leaf of each next position, and tells of leaves without an entry."""
    rows: Iterator[tuple[int, bytes]] = leaves.iterator(_PAGE)
    current = next(rows, None)

    def leaf(position: int, found: Verified) -> bytes | None:
        nonlocal current
        while current is not None and current[0] < position:
            found.tell(
                "entry_missing",
                f"第 {current[0]} 条封存过，现在不在账本里",
                f"entry {current[0]} was sealed and is not in the ledger",
                current[0],
            )
            current = next(rows, None)
        if current is None or current[0] != position:
            return None
        value = _raw(current[1])
        current = next(rows, None)
        return value

    return leaf


def _raw(value: object) -> bytes:
    """Return a hash as bytes; something of another type (SQLite allows it) as bytes that are no hash."""
    return bytes(value) if isinstance(value, bytes | memoryview) else repr(value).encode()


def _duplicates(found: Verified, alias: str) -> None:
    twice = (
        EntryRecord.objects.using(alias)
        .values("command_key")
        .annotate(times=Count("position"))
        .filter(times__gt=1)
    )
    for row in twice[:MOST]:
        key = row["command_key"]
        found.tell(
            "key_twice",
            f"操作编号 {key} 出现了 {row['times']} 次",
            f"the key {key} stands {row['times']} times",
        )


def _states(found: Verified, last: dict[int, tuple[int, bytes]], alias: str) -> None:
    seen = 0
    rows = StateRecord.objects.using(alias).values_list("case_id", "seq", "head").iterator(_PAGE)
    for case, seq, head in rows:
        seen += case in last
        if last.get(case) != (seq, _raw(head)):
            end = last.get(case, (0, b""))[0]
            found.tell(
                "state_differs",
                f"事项 {case} 的快照停在第 {seq} 条，账本到第 {end} 条，或两者的哈希不同",
                f"the snapshot of case {case} stands at entry {seq}, its chain ends at {end}, or their hashes differ",
                case=case,
            )
    if seen < len(last):
        without = len(last) - seen
        found.tell("state_differs", f"{without} 件事项没有快照", f"{without} cases have no snapshot")


def _tree(found: Verified, heads: Path | None, alias: str) -> None:
    records = TreeHeadRecord.objects.using(alias).order_by("size")
    roots = {head.size: _raw(head.root) for head in records}
    found.heads = len(roots)
    nodes = {
        (level, number): _raw(value)
        for level, number, value in NodeRecord.objects.using(alias).values_list("level", "number", "hash")
    }
    tree = Growing(0, lambda level, number: b"")
    rows = LeafRecord.objects.using(alias).order_by("number").values_list("number", "hash").iterator(_PAGE)
    for number, value in rows:
        if number != tree.size:
            found.tell("tree_gap", f"缺少第 {tree.size} 片叶子", f"leaf {tree.size} is missing")
            return
        for level, index, computed in tree.add(_raw(value)):
            if nodes.pop((level, index), None) != computed:
                found.tell(
                    "tree_gap",
                    f"节点 ({level}, {index}) 不对",
                    f"the kept node ({level}, {index}) is wrong",
                )
        root = roots.get(tree.size)
        if root is not None and root != tree.root():
            found.tell(
                "root_differs",
                f"前 {tree.size} 片叶子算出的根与已公布的不同",
                f"the first {tree.size} leaves do not give the published root",
            )
    found.leaves = tree.size
    if nodes:
        found.tell("tree_gap", f"多出 {len(nodes)} 个节点", f"{len(nodes)} kept nodes have no leaves")
    if roots and max(roots) > tree.size:
        found.tell(
            "root_differs",
            f"树头写的是 {max(roots)} 片叶子，只有 {tree.size} 片",
            f"a head speaks of {max(roots)} leaves, there are {tree.size}",
        )
    if heads is not None:
        _published(found, heads, roots)


def _published(found: Verified, heads: Path, roots: dict[int, bytes]) -> None:
    """Compare with the file outside the database: it cannot be ahead, and its roots are the roots."""
    try:
        published: list[TreeHead] = read_heads(heads)
    except msgspec.DecodeError as error:
        found.tell("head_differs", f"{heads} 读不懂：{error}", f"{heads} cannot be read: {error}")
        return
    found.published = len(published)
    for head in published:
        root = roots.get(head.tree_size)
        if root is None:
            found.tell(
                "head_differs",
                f"公布过 {head.tree_size} 片叶子的树头，数据库里没有：数据库可能被回退过",
                f"a head of {head.tree_size} leaves was published and is not in the database: it may have been set back",
            )
        elif root.hex() != head.root_hash:
            found.tell(
                "head_differs",
                f"{head.tree_size} 片叶子的树头与公布的不同",
                f"the head of {head.tree_size} leaves is not the one that was published",
            )
    if not published and roots:
        found.tell(
            "head_differs",
            f"{heads} 里没有树头",
            f"{heads} has none of the heads that are in the database",
        )


def _looks(found: Verified, alias: str) -> None:
    case, seq, end = 0, 0, START
    rows = LookRecord.objects.using(alias).order_by("case_id", "seq").iterator(_PAGE)
    for look in rows:
        found.looks += 1
        if look.case_id != case:
            case, seq, end = look.case_id, 0, START
        computed = look_hash(
            look.case_id,
            look.seq,
            look.at,
            look.actor,
            look.party,
            look.fields,
            look.purpose,
            look.deferred_until,
            look.ground,
            look.approver,
            _raw(look.prev),
        )
        if look.seq != seq + 1 or _raw(look.prev) != end or computed != _raw(look.hash):
            found.tell(
                "look_altered",
                f"事项 {case} 的第 {look.seq} 次查看记录被改动过，或前面少了一次",
                f"look {look.seq} of case {case} was altered, or one before it is missing",
                case=case,
                seq=look.seq,
            )
        seq, end = look.seq, computed


def _keys(found: Verified, erased: set[tuple[int, str]], alias: str) -> None:
    for case, party in sorted(erased):
        if KeyRecord.objects.using(alias).filter(case_id=case, party=party).exists():
            found.tell(
                "key_not_destroyed",
                f"事项 {case} 的当事人 {party} 已删除，密钥却还在（从备份恢复过？）。运行 ./zhuoli ledger replay --write 再次销毁",
                f"party {party} of case {case} was erased, yet its key is there (restored from a backup?). Run ./zhuoli ledger replay --write to destroy it again",
                case=case,
            )


def _guards(found: Verified, alias: str) -> None:
    """Look whether the triggers of the first migration are all there."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            wanted = {
                f"{table}_no_{what}" for table in APPEND_ONLY for what in ("update", "delete", "replace")
            }
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'")
            wanted = {f"{table}_no_{what}" for table in APPEND_ONLY for what in ("change", "truncate")}
        there = {row[0] for row in cursor.fetchall()}
    for name in sorted(wanted - there):
        found.tell(
            "guard_missing",
            f"数据库里缺少触发器 {name}：账本可以被改",
            f"the trigger {name} is missing: the ledger could be changed",
        )
