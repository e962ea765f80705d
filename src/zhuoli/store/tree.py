"""The Merkle tree as it is kept: leaves, every eighth level of full subtrees, and published heads."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from django.db import connections, transaction
from django.db.models import Exists, Min, OuterRef, QuerySet

from zhuoli.core.text import Text
from zhuoli.store import merkle
from zhuoli.store.chain import entry_text
from zhuoli.store.models import EntryRecord, LeafRecord, NodeRecord, TreeHeadRecord

KEPT = 8
"""Every so many levels the hashes of full subtrees are kept, so that a proof reads a few hundred rows at most."""

_BATCH = 5_000
_DAY = 24 * 3600 * 1000
_LOOK_BACK = 1_000
_LOCK = 0x7A68756F6C69  # "zhuoli": the advisory lock of the sealer on PostgreSQL


class TreeError(Exception):
    """The tree cannot give what was asked for."""

    def __init__(self, code: str, text: Text, remedy: Text) -> None:
        super().__init__(f"{code}: {text.en}")
        self.code, self.text, self.remedy = code, text, remedy


class TreeHead(msgspec.Struct, frozen=True, kw_only=True):
    """A published head: the root (hex) over the first ``tree_size`` leaves at ``timestamp`` (ms UTC)."""

    tree_size: int
    root_hash: str
    timestamp: int


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """What a run of the sealer did: the present head and how many leaves were added."""

    head: TreeHead | None
    added: int


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """That an entry is in the published tree; docs/operators/ledger.md has the lines that check it.

    ``text`` is what was hashed for the entry, ``path`` are the sibling hashes (hex) from the leaf upwards.
    """

    case: str
    seq: int
    text: str
    entry_hash: str
    leaf_number: int
    path: tuple[str, ...]
    head: TreeHead


class Consistency(msgspec.Struct, frozen=True, kw_only=True):
    """That a later tree begins with an earlier one."""

    old: TreeHead
    new: TreeHead
    path: tuple[str, ...]
    consistent: bool


class StoredTree:
    """The subtrees that are in the database; those in between are computed."""

    def __init__(self, alias: str = "default") -> None:
        self._alias = alias
        self._known: dict[tuple[int, int], bytes] = {}

    def subtree(self, level: int, number: int) -> bytes:
        """Return the hash of a full subtree (``merkle.Subtree``)."""
        known = self._known.get((level, number))
        if known is None:
            base = level - level % KEPT
            first, last = number << (level - base), (number + 1) << (level - base)
            row = self._row(base, first, last)
            known = self._known[level, number] = merkle.from_leaves(row)(level - base, 0)
        return known

    def _row(self, level: int, first: int, last: int) -> list[bytes]:
        model: QuerySet[Any] = NodeRecord.objects.filter(level=level) if level else LeafRecord.objects.all()
        found = (
            model.using(self._alias)
            .filter(number__gte=first, number__lt=last)
            .order_by("number")
            .values_list("hash", flat=True)
        )
        row = [bytes(each) for each in found]
        if len(row) != last - first:
            raise TreeError(
                "tree_incomplete",
                Text("默克尔树缺少节点。", "Nodes of the Merkle tree are missing."),
                Text("运行 ./zhuoli ledger verify 查明。", "Run ./zhuoli ledger verify to find out which."),
            )
        return row


class Growing:
    """The right edge of a tree to which leaves are added."""

    def __init__(self, size: int, subtree: merkle.Subtree) -> None:
        self.size = size
        self._edge = [
            subtree(level, (size >> level + 1) << 1)
            for level in range(size.bit_length() - 1, -1, -1)
            if size >> level & 1
        ]

    def add(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Add a leaf hash; return the full subtrees (level, number, hash) that are to be kept."""
        value, level, number = leaf, 0, self.size
        kept: list[tuple[int, int, bytes]] = []
        while number & 1:
            value = merkle.node_hash(self._edge.pop(), value)
            level, number = level + 1, number >> 1
            if level % KEPT == 0:
                kept.append((level, number, value))
        self._edge.append(value)
        self.size += 1
        return kept

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        if not self._edge:
            return merkle.EMPTY
        value = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            value = merkle.node_hash(left, value)
        return value


def seal(heads: Path, now: int, alias: str = "default") -> Sealed:
    """Give every entry that has none a leaf, publish the head in the database and as a line of ``heads``.

    Heads that a crash kept from the file are written to it, too.

    Raises:
        TreeError: another sealer is at work (code ``sealer_busy``).
    """
    with _only_sealer(heads, alias):
        added = 0
        while batch := _add_leaves(now, alias):
            added += batch
        head = _add_head(now, alias)
        _publish(heads, alias)
        return Sealed(head=head, added=added)


def latest_head(alias: str = "default", size: int | None = None) -> TreeHead | None:
    """Return the newest head, or the one of ``size`` leaves."""
    records = TreeHeadRecord.objects.using(alias)
    record = (records.filter(size=size) if size is not None else records.order_by("-size")).first()
    return None if record is None else _head(record)


def read_heads(heads: Path) -> list[TreeHead]:
    """Return the heads that were published in the file.

    Raises:
        msgspec.DecodeError: a line is not a head; an unfinished last line (a crash) is passed over.
    """
    if not heads.exists():
        return []
    lines = heads.read_bytes().split(b"\n")
    return [msgspec.json.decode(line, type=TreeHead) for line in lines[:-1] if line.strip()]


def prove(case: int, seq: int, alias: str = "default", size: int | None = None) -> Proof:
    """Return the proof that an entry is in the newest published tree (or the one of ``size`` leaves).

    Raises:
        TreeError: there is no such entry or head, or the entry is not sealed yet (``no_entry``, ``no_head``,
            ``not_sealed``).
    """
    entry = EntryRecord.objects.using(alias).filter(case_id=case, seq=seq).first()
    if entry is None:
        raise TreeError(
            "no_entry",
            Text(f"事项 {case} 没有第 {seq} 条记录。", f"Case {case} has no entry {seq}."),
            Text("请核对事项编号和序号。", "Check the case id and the number of the entry."),
        )
    head = _wanted_head(alias, size)
    number = (
        LeafRecord.objects.using(alias).filter(entry=entry.position).values_list("number", flat=True).first()
    )
    if number is None or number >= head.tree_size:
        raise TreeError(
            "not_sealed",
            Text("这条记录还没有封存进已公布的树。", "This entry is not sealed into the published tree yet."),
            Text("运行 ./zhuoli ledger seal 后再试。", "Run ./zhuoli ledger seal, then try again."),
        )
    path = merkle.inclusion(number, head.tree_size, StoredTree(alias).subtree)
    return Proof(
        case=str(case),
        seq=seq,
        text=entry_text(
            case,
            seq,
            entry.recorded,
            entry.actor,
            entry.command,
            entry.command_key,
            bytes(entry.digest),
            bytes(entry.prev),
            entry.events,
        ),
        entry_hash=bytes(entry.hash).hex(),
        leaf_number=number,
        path=tuple(each.hex() for each in path),
        head=head,
    )


def consistency(old: int, size: int | None = None, alias: str = "default") -> Consistency:
    """Return the proof that the tree of ``size`` leaves (default: the newest head) begins with that of ``old``.

    Raises:
        TreeError: there is no head of one of the sizes (code ``no_head``).
    """
    first, second = _wanted_head(alias, old), _wanted_head(alias, size)
    if first.tree_size > second.tree_size:
        first, second = second, first
    path = merkle.consistency(first.tree_size, second.tree_size, StoredTree(alias).subtree)
    return Consistency(
        old=first,
        new=second,
        path=tuple(each.hex() for each in path),
        consistent=merkle.check_consistency(
            first.tree_size,
            second.tree_size,
            path,
            bytes.fromhex(first.root_hash),
            bytes.fromhex(second.root_hash),
        ),
    )


def _wanted_head(alias: str, size: int | None) -> TreeHead:
    head = latest_head(alias, size)
    if head is None:
        raise TreeError(
            "no_head",
            Text("没有这样的树头。", "There is no such tree head."),
            Text("运行 ./zhuoli ledger seal 生成树头。", "Run ./zhuoli ledger seal to make one."),
        )
    return head


def _add_leaves(now: int, alias: str) -> int:
    """Add a batch of leaves in one transaction; return how many."""
    sealed = LeafRecord.objects.using(alias).filter(entry=OuterRef("position"))
    with transaction.atomic(using=alias):
        tree = Growing(_size(alias), StoredTree(alias).subtree)
        # An entry may be committed after another one of a higher position, so leaves are looked for, not counted on.
        entries = list(
            EntryRecord.objects.using(alias)
            .filter(~Exists(sealed), position__gt=_floor(now, alias))
            .order_by("position")
            .values_list("position", "hash")[:_BATCH]
        )
        if not entries:
            return 0
        leaves, nodes = [], []
        for position, hashed in entries:
            leaf = merkle.leaf_hash(bytes(hashed))
            leaves.append(LeafRecord(number=tree.size, entry=position, hash=leaf))
            nodes += [NodeRecord(level=a, number=b, hash=c) for a, b, c in tree.add(leaf)]
        LeafRecord.objects.using(alias).bulk_create(leaves, batch_size=300)
        NodeRecord.objects.using(alias).bulk_create(nodes, batch_size=300)
    return len(entries)


def _size(alias: str) -> int:
    last = LeafRecord.objects.using(alias).order_by("-number").values_list("number", flat=True).first()
    return 0 if last is None else last + 1


def _add_head(now: int, alias: str) -> TreeHead | None:
    """Make a head over all leaves, unless the newest one is that already."""
    head, size = latest_head(alias), _size(alias)
    if size == (head.tree_size if head else 0):
        return head
    root = Growing(size, StoredTree(alias).subtree).root()
    return _head(TreeHeadRecord.objects.using(alias).create(size=size, root=root, at=now))


def _floor(now: int, alias: str) -> int:
    """Return a position below which everything was sealed a day ago: no transaction lives that long."""
    old = TreeHeadRecord.objects.using(alias).filter(at__lte=now - _DAY).order_by("-size").first()
    if old is None:
        return 0
    lowest = (
        LeafRecord.objects.using(alias)
        .filter(number__gte=old.size - _LOOK_BACK, number__lt=old.size)
        .aggregate(lowest=Min("entry"))["lowest"]
    )
    return lowest - 1 if lowest is not None else 0


def _publish(heads: Path, alias: str) -> None:
    known = read_heads(heads)
    size = known[-1].tree_size if known else 0
    missing = TreeHeadRecord.objects.using(alias).filter(size__gt=size).order_by("size")
    lines = [msgspec.json.encode(_head(record)) + b"\n" for record in missing]
    if not lines:
        return
    heads.parent.mkdir(parents=True, exist_ok=True)
    with heads.open("a+b") as target:
        target.seek(0)
        # A line that a crash cut off is written again, whole.
        target.truncate(target.read().rfind(b"\n") + 1)
        target.writelines(lines)
        target.flush()
        os.fsync(target.fileno())


def _head(record: TreeHeadRecord) -> TreeHead:
    return TreeHead(tree_size=record.size, root_hash=bytes(record.root).hex(), timestamp=record.at)


@contextmanager
def _only_sealer(heads: Path, alias: str) -> Iterator[None]:
    """Hold the sealer's lock: a locked file on this machine and, on PostgreSQL, an advisory lock for all machines."""
    heads.parent.mkdir(parents=True, exist_ok=True)
    connection = connections[alias]
    with heads.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise _busy() from error
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            if not cursor.fetchone()[0]:
                raise _busy()
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _busy() -> TreeError:
    return TreeError(
        "sealer_busy",
        Text("另一个封存程序正在运行。", "Another sealer is at work."),
        Text("等它结束即可，不必再运行一次。", "Wait for it to end; there is no need to run another."),
    )
