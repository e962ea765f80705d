"""The database refuses to change the ledger; and where somebody changed it nevertheless, it is found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction
from tests.core.case.lamp import DAY, START
from tests.store.databases import TestOffice, connect, disconnect, in_threads

from zhuoli.core.case import commands as c
from zhuoli.environment import ROOT
from zhuoli.office import read
from zhuoli.store import tree
from zhuoli.store.chain import entry_hash
from zhuoli.store.models import EntryRecord, LeafRecord, LookRecord, NodeRecord, TreeHeadRecord
from zhuoli.store.role import RoleError, apply_role, role_sql
from zhuoli.store.tree import TreeError, seal
from zhuoli.store.verify import APPEND_ONLY, Verified, verify

OFFICER = {"kind": "post", "unit": "lamps@620102", "post": "post-1"}


@pytest.fixture
def heads(tmp_path: Path) -> Path:
    return tmp_path / "tree-heads.jsonl"


@pytest.fixture
def lived(office: TestOffice, heads: Path) -> TestOffice:
    """An office with three cases, looks, and two tree heads; the last entry is not sealed."""
    cases = [office.open() for _ in range(3)]
    for case in cases:
        office.do(case, c.Accept())
    seal(heads, office.clock(), office.alias)
    lead = office.asking(cases[0], c.Accept()).actor
    for _ in range(3):
        read.open_personal(office, cases[0].case, "p-requester", ["form.phone"], "call_back", lead)
    office.clock.now += DAY
    for case in cases:
        office.do(case, c.Complete(task="look", outcome="broken"))
    seal(heads, office.clock(), office.alias)
    office.do(cases[0], c.Note(text="x"))
    return office


def run(alias: str, *statements: str) -> None:
    with connections[alias].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def unguarded(alias: str, *statements: str) -> None:
    """What somebody with the rights of the owner could do: take the triggers away, change, put them back."""
    with connections[alias].cursor() as cursor:
        if connections[alias].vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                cursor.execute(statement)
            for _, sql in triggers:
                cursor.execute(sql)
        else:
            names = [f"{table}_no_{what}" for table in APPEND_ONLY for what in ("change", "truncate")]
            for name in names:
                cursor.execute(f"ALTER TABLE {name.rpartition('_no_')[0]} DISABLE TRIGGER {name}")
            for statement in statements:
                cursor.execute(statement)
            for name in names:
                cursor.execute(f"ALTER TABLE {name.rpartition('_no_')[0]} ENABLE ALWAYS TRIGGER {name}")


def check(office: TestOffice, heads: Path | None = None) -> Verified:
    return verify(heads, office.clock(), office.alias)


# --- guards --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_database_refuses_changes(lived: TestOffice, table: str, database: dict[str, Any]) -> None:
    if table == "store_node":
        run(lived.alias, "INSERT INTO store_node (level, number, hash) VALUES (8, 0, '')")
    if table == "store_act":
        run(
            lived.alias,
            "INSERT INTO store_act (number, at, account, post, what, subject, unit, details, prev, hash)"
            " VALUES (1, 0, '', '', 'post.give', '', '', '{}', '', '')",
        )
    column = {"store_leaf": "hash", "store_node": "hash", "store_tree_head": "at", "store_act": "at"}.get(
        table, "seq"
    )
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"DELETE FROM {table} WHERE 1 = 1",
    ):
        with pytest.raises(DatabaseError, match="append-only"):
            run(lived.alias, statement)
    if connections[lived.alias].vendor == "postgresql":
        for statements in (
            [f"TRUNCATE {table} CASCADE"],
            ["SET session_replication_role = replica", f"DELETE FROM {table}"],
        ):
            with pytest.raises(DatabaseError, match="append-only"):
                run(lived.alias, *statements)
        return
    replace = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"
    for recursive in ("ON", "OFF"):
        with pytest.raises(DatabaseError, match="append-only"):
            run(lived.alias, f"PRAGMA recursive_triggers = {recursive}", replace)
    with pytest.raises(DatabaseError, match="append-only"):
        run(lived.alias, f"UPDATE OR REPLACE {table} SET {column} = {column}")


def test_models_cannot_go_round_the_guards(lived: TestOffice) -> None:
    entry = EntryRecord.objects.using(lived.alias).first()
    assert entry is not None
    entry.events = "[]"
    for change in (entry.save, entry.delete, EntryRecord.objects.using(lived.alias).all().delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(using=lived.alias):
            change()
    assert check(lived).good


def test_the_role_may_work_and_not_change_the_ledger(lived: TestOffice, database: dict[str, Any]) -> None:
    if connections[lived.alias].vendor == "sqlite":
        with pytest.raises(RoleError):
            role_sql("zhuoli_app", lived.alias)
        return
    with pytest.raises(RoleError):
        role_sql("x; DROP TABLE store_entry", lived.alias)
    apply_role("zhuoli_app", lived.alias)
    apply_role("zhuoli_app", lived.alias)
    case = lived.open()
    run(lived.alias, "SET SESSION AUTHORIZATION zhuoli_app")
    try:
        for statement in (
            "UPDATE store_entry SET seq = 1",
            "DELETE FROM store_look",
            "TRUNCATE store_leaf",
            "ALTER TABLE store_entry DISABLE TRIGGER store_entry_no_change",
            "DROP TRIGGER store_entry_no_change ON store_entry",
            "SET session_replication_role = replica",
        ):
            with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
                run(lived.alias, statement)
        lived.do(case, c.Accept())
        lived.open()
        lead = lived.asking(case, c.Accept()).actor
        assert read.open_personal(lived, case.case, "p-requester", ["form.phone"], "call_back", lead)
        assert check(lived).good
    finally:
        run(lived.alias, "RESET SESSION AUTHORIZATION")


# --- finding what was changed --------------------------------------------------------------------------


def test_a_whole_ledger_is_good(lived: TestOffice, heads: Path) -> None:
    found = check(lived, heads)
    assert found.good, found.faults
    assert (found.entries, found.cases, found.leaves, found.heads, found.published) == (10, 3, 9, 2, 2)
    assert (found.looks, found.unsealed) == (3, 1)
    assert found.events > found.entries


def first_of(office: TestOffice, position: int) -> tuple[int, int]:
    entry = EntryRecord.objects.using(office.alias).get(position=position)
    return entry.case_id, entry.seq


def test_an_altered_entry_is_named(lived: TestOffice) -> None:
    case, seq = first_of(lived, 5)
    unguarded(
        lived.alias,
        "UPDATE store_entry SET events = replace(events, 'accepted', 'Accepted') WHERE position = 5",
    )
    fault = check(lived).faults[0]
    assert (fault.kind, fault.position, fault.case, fault.seq) == ("altered", 5, str(case), seq)


@pytest.mark.parametrize("column", ["recorded", "actor", "command", "command_key", "digest", "prev"])
def test_every_column_counts(lived: TestOffice, column: str) -> None:
    new = {"recorded": "recorded + 1", "digest": "prev", "prev": "hash"}.get(column, f"{column} || 'x'")
    unguarded(lived.alias, f"UPDATE store_entry SET {column} = {new} WHERE position = 2")
    found = check(lived)
    assert ("altered", 2) in [(fault.kind, fault.position) for fault in found.faults]
    assert found.faults[0].position == 2


def forge(office: TestOffice, position: int) -> None:
    """Alter an entry and compute its hash again, as somebody would who knows the recipe."""
    entry = EntryRecord.objects.using(office.alias).get(position=position)
    events = entry.events.replace('"unit":', '"unit" :')
    assert events != entry.events
    hashed = entry_hash(
        entry.case_id, entry.seq, entry.recorded, entry.actor, entry.command, entry.command_key,
        bytes(entry.digest), bytes(entry.prev), events,
    )  # fmt: skip
    blob = f"X'{hashed.hex()}'" if connections[office.alias].vendor == "sqlite" else f"'\\x{hashed.hex()}'"
    unguarded(
        office.alias,
        f"UPDATE store_entry SET events = replace(events, '\"unit\":', '\"unit\" :'), hash = {blob} WHERE position = {position}",
    )


def test_a_forged_entry_breaks_the_chain_and_the_tree(lived: TestOffice) -> None:
    forge(lived, 1)
    kinds = [(fault.kind, fault.position) for fault in check(lived).faults]
    assert kinds[0] == ("leaf_differs", 1)
    assert kinds[1][0] == "unchained"
    follower = EntryRecord.objects.using(lived.alias).get(case_id=first_of(lived, 1)[0], seq=2)
    assert kinds[1][1] == follower.position


def test_a_missing_entry_is_found_by_gap_and_by_tree(lived: TestOffice) -> None:
    unguarded(lived.alias, "DELETE FROM store_entry WHERE position = 4")
    kinds = {(fault.kind, fault.position) for fault in check(lived).faults}
    assert ("entry_missing", 4) in kinds
    assert {"gap", "entry_missing"} <= {kind for kind, _ in kinds}


def test_the_cut_off_end_of_a_chain_is_found_by_the_tree(lived: TestOffice) -> None:
    """Remove a case's last sealed entries and set its snapshot back: the chain alone looks whole."""
    case = EntryRecord.objects.using(lived.alias).get(position=9).case_id
    unguarded(lived.alias, "DELETE FROM store_entry WHERE position = 9")
    run(
        lived.alias,
        f"UPDATE store_state SET seq = 2, head = (SELECT hash FROM store_entry WHERE case_id = {case} AND seq = 2)"
        f" WHERE case_id = {case}",
    )
    assert [(fault.kind, fault.position) for fault in check(lived).faults] == [("entry_missing", 9)]


def test_even_leaves_cannot_be_taken_along(lived: TestOffice, heads: Path) -> None:
    """Remove everything of the second day, heads too: the published file still knows."""
    unguarded(
        lived.alias,
        "DELETE FROM store_entry WHERE position >= 7",
        "DELETE FROM store_leaf WHERE number >= 6",
        "DELETE FROM store_tree_head WHERE size > 6",
    )
    from zhuoli.store.replay import replay

    replay(lived.alias, write=True)
    assert check(lived).good
    (fault,) = check(lived, heads).faults
    assert fault.kind == "head_differs"


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE store_leaf SET hash = (SELECT root FROM store_tree_head WHERE size = 6) WHERE number = 3", "leaf_differs"),
        ("DELETE FROM store_leaf WHERE number = 3", "tree_gap"),
        ("UPDATE store_tree_head SET root = (SELECT hash FROM store_leaf WHERE number = 0) WHERE size = 6", "root_differs"),
        ("DELETE FROM store_tree_head WHERE size = 6", "head_differs"),
        ("UPDATE store_look SET purpose = 'visit' WHERE seq = 2", "look_altered"),
        ("DELETE FROM store_look WHERE seq = 1", "look_altered"),
        ("DELETE FROM store_look WHERE seq = 2", "look_altered"),
        ("UPDATE store_state SET seq = seq + 1", "state_differs"),
        ("DELETE FROM store_state", "state_differs"),
        ("INSERT INTO store_node (level, number, hash) VALUES (8, 3, '')", "tree_gap"),
    ],
)  # fmt: skip
def test_each_kind_of_tampering_is_found(lived: TestOffice, heads: Path, statement: str, kind: str) -> None:
    unguarded(lived.alias, statement)
    assert kind in {fault.kind for fault in check(lived, heads).faults}


def test_missing_guards_are_told(lived: TestOffice) -> None:
    on = "" if connections[lived.alias].vendor == "sqlite" else " ON store_entry"
    name = "store_entry_no_update" if not on else "store_entry_no_change"
    run(lived.alias, f"DROP TRIGGER {name}{on}")
    (fault,) = check(lived).faults
    assert fault.kind == "guard_missing"
    assert name in fault.text.en


def test_an_old_entry_without_a_leaf_is_told(lived: TestOffice) -> None:
    unguarded(
        lived.alias,
        "DELETE FROM store_leaf",
        "DELETE FROM store_tree_head",
        "INSERT INTO store_leaf (number, entry, hash) VALUES (0, 9, '')",
    )
    lived.clock.now += 3 * DAY
    assert "never_sealed" in {fault.kind for fault in check(lived).faults}


def test_a_key_that_came_back_is_told_and_destroyed_again(lived: TestOffice) -> None:
    from zhuoli.store.models import KeyRecord
    from zhuoli.store.replay import replay

    case = lived.open()
    lived.do(case, c.Withdraw(), "requester")
    lived.clock.now += 800 * DAY
    backup = list(KeyRecord.objects.using(lived.alias).filter(case_id=case.case).values())
    lived.do(case, c.Erase(party="p-requester", reason="asked"), "requester")
    KeyRecord.objects.using(lived.alias).bulk_create(
        [KeyRecord(**row) for row in backup if row["party"] == "p-requester"]
    )
    assert [fault.kind for fault in check(lived).faults] == ["key_not_destroyed"]
    assert not replay(lived.alias, write=True).equal
    assert check(lived).good
    assert replay(lived.alias).equal


# --- the tree ------------------------------------------------------------------------------------------


def documented_check() -> Callable[[dict[str, Any], str], bool]:
    """The lines that docs/operators/ledger.md gives to third parties, as they stand there."""
    page = (ROOT / "docs" / "operators" / "ledger.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(code.strip().splitlines()) <= 20
    names: dict[str, Any] = {}
    exec(code, names)
    found: Callable[[dict[str, Any], str], bool] = names["check"]
    return found


def as_given(proof: Any) -> dict[str, Any]:
    import msgspec

    given: dict[str, Any] = json.loads(msgspec.json.encode(proof))
    return given


def test_a_third_party_can_check_every_proof(lived: TestOffice, heads: Path) -> None:
    holds = documented_check()
    published = {head.tree_size: head.root_hash for head in tree.read_heads(heads)}
    entries = EntryRecord.objects.using(lived.alias).order_by("position")
    for size in published:
        for entry in entries[:size]:
            proof = as_given(tree.prove(entry.case_id, entry.seq, lived.alias, size))
            assert holds(proof, published[size])
            assert not holds(proof, published[15 - size])
            assert not holds(
                {**proof, "text": proof["text"].replace("accept", "refuse")}, published[size]
            ) or ("accept" not in proof["text"])
            assert not holds({**proof, "leaf_number": (proof["leaf_number"] + 1) % size}, published[size])


def test_heads_are_consistent_until_something_was_changed(lived: TestOffice) -> None:
    found = tree.consistency(6, None, lived.alias)
    assert (found.old.tree_size, found.new.tree_size, found.consistent) == (6, 9, True)
    assert tree.consistency(9, 6, lived.alias).consistent
    unguarded(
        lived.alias,
        "UPDATE store_tree_head SET root = (SELECT hash FROM store_leaf WHERE number = 0) WHERE size = 6",
    )
    assert not tree.consistency(6, None, lived.alias).consistent


@pytest.mark.parametrize(
    ("wanted", "code"), [((0, 1), "no_entry"), ((1, 99), "no_entry"), ((1, 4), "not_sealed")]
)
def test_what_cannot_be_proved_is_said(lived: TestOffice, wanted: tuple[int, int], code: str) -> None:
    case = first_of(lived, 1)[0] if wanted[0] else 5
    with pytest.raises(TreeError) as raised:
        tree.prove(case, wanted[1], lived.alias)
    assert raised.value.code == code


def test_there_is_nothing_to_prove_before_the_first_head(office: TestOffice, heads: Path) -> None:
    case = office.open()
    with pytest.raises(TreeError) as raised:
        tree.prove(case.case, 1, office.alias)
    assert raised.value.code == "no_head"
    assert seal(heads, START, office.alias).added == 1
    assert tree.prove(case.case, 1, office.alias).path == ()


def test_sealing_nothing_is_nothing(office: TestOffice, heads: Path) -> None:
    assert seal(heads, START, office.alias).head is None
    assert not heads.exists()
    office.open()
    first = seal(heads, START, office.alias)
    again = seal(heads, START + DAY, office.alias)
    assert (first.added, again.added) == (1, 0)
    assert again.head == first.head
    assert len(heads.read_text().splitlines()) == 1


def test_large_trees_keep_subtrees(office: TestOffice, heads: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "KEPT", 2)
    monkeypatch.setattr(tree, "_BATCH", 7)
    for size in (3, 30, 31, 75):
        office.handle_many(
            [office.opening() for _ in range(size - EntryRecord.objects.using(office.alias).count())]
        )
        seal(heads, office.clock(), office.alias)
    assert set(NodeRecord.objects.using(office.alias).values_list("level", flat=True)) == {2, 4, 6}
    found = check(office, heads)
    assert found.good, found.faults
    holds = documented_check()
    root = tree.read_heads(heads)[-1].root_hash
    for case, seq in EntryRecord.objects.using(office.alias).values_list("case_id", "seq"):
        assert holds(as_given(tree.prove(case, seq, office.alias)), root)
    for old in (3, 30, 31):
        assert tree.consistency(old, None, office.alias).consistent


def test_a_head_that_a_crash_kept_from_the_file_is_published_later(lived: TestOffice, heads: Path) -> None:
    whole = heads.read_bytes()
    for cut in (0, 1, whole.index(b"\n"), whole.index(b"\n") + 1, len(whole) - 1):
        heads.write_bytes(whole[:cut])
        seal(heads, lived.clock(), lived.alias)
        assert heads.read_bytes().startswith(whole)
        assert check(lived, heads).good
        whole = heads.read_bytes()


def test_only_one_sealer_works(lived: TestOffice, heads: Path, database: dict[str, Any]) -> None:
    from zhuoli.store.tree import _only_sealer

    with _only_sealer(heads, lived.alias):
        with pytest.raises(TreeError) as raised:
            seal(heads, lived.clock(), lived.alias)
        assert raised.value.code == "sealer_busy"
        if connections[lived.alias].vendor == "postgresql":
            # On another machine: another file to lock, the same database.
            connect("elsewhere", **database)
            with pytest.raises(TreeError) as raised:
                seal(heads.with_name("other.jsonl"), lived.clock(), "elsewhere")
            assert raised.value.code == "sealer_busy"
            disconnect("elsewhere")
    assert seal(heads, lived.clock(), lived.alias).added == 1


def test_sealing_while_others_write_misses_nothing(office: TestOffice, heads: Path) -> None:
    def work(number: int) -> None:
        if number == 0:
            for _ in range(12):
                seal(heads, office.clock(), office.alias)
        else:
            for _ in range(12):
                office.open()

    results = in_threads(4, work, office.alias)
    assert results == [None] * 4, results
    seal(heads, office.clock(), office.alias)
    found = check(office, heads)
    assert found.good, found.faults
    assert (found.entries, found.leaves, found.unsealed) == (36, 36, 0)


def test_an_entry_that_is_committed_late_still_gets_its_leaf(
    office: TestOffice, heads: Path, database: dict[str, Any]
) -> None:
    """On PostgreSQL positions are given before the commit; the sealer must not count on their order."""
    if connections[office.alias].vendor == "sqlite":
        pytest.skip("SQLite has one writer: positions are given in the order of commits")
    import psycopg

    office.open()
    with psycopg.connect(
        dbname=database["NAME"], user=database["USER"], host=database["HOST"], port=database["PORT"] or None
    ) as slow:
        slow.execute(
            "INSERT INTO store_entry (case_id, seq, recorded, actor, command, command_key, digest, events, prev, hash)"
            " SELECT case_id, 2, recorded, actor, command, 'late-key-1', digest, events, hash, prev FROM store_entry"
        )
        office.open()
        assert seal(heads, office.clock(), office.alias).added == 2
        slow.commit()
    assert seal(heads, office.clock(), office.alias).added == 1
    entries = LeafRecord.objects.using(office.alias).order_by("number").values_list("entry", flat=True)
    assert list(entries) == [1, 3, 2]


def test_looks_of_many_readers_form_one_chain(lived: TestOffice) -> None:
    case = first_of(lived, 1)[0]
    lead = lived.asking(case, c.Accept()).actor
    before = LookRecord.objects.using(lived.alias).count()

    def work(number: int) -> None:
        for _ in range(5):
            read.open_personal(lived, case, "p-requester", ["form.phone"], "call_back", lead)

    assert in_threads(4, work, lived.alias) == [None] * 4
    assert LookRecord.objects.using(lived.alias).count() == before + 20
    assert check(lived).good
    assert TreeHeadRecord.objects.using(lived.alias).count() == 2
