"""The only place that writes cases: entries, snapshots and rows, in one transaction.

A ``Work`` reads states and takes entries, works out what that changes (``prepare``), and writes it and nothing else
(``write``); which rows and columns change is worked out in ``zhuoli.store.changes``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zhuoli.core.case.earlier import EarlierCase
from zhuoli.core.case.rows import Rows, rows
from zhuoli.core.case.state import OPEN_STATUS, Case
from zhuoli.store.chain import START, entry_hash
from zhuoli.store.changes import Changes
from zhuoli.store.codec import decode_state, encode_state
from zhuoli.store.driver import Driver, Params, chunks
from zhuoli.store.keys import CASE, Key, KeyRing
from zhuoli.store.known import KnownStates
from zhuoli.store.records import (
    ENTRY,
    KEY,
    STATES,
    FileRow,
    Found,
    NewEntry,
    Stored,
)

_HEAD = "SELECT head FROM store_state WHERE case_id = ?"
_LOAD = "SELECT recorded, head, state FROM store_state WHERE case_id = ?"
_SAVE = "UPDATE store_state SET seq = ?, recorded = ?, head = ?, state = ? WHERE case_id = ?"
_KEY_TAKEN = "SELECT case_id, seq, digest FROM store_entry WHERE command_key = ?"
_ABOUT = (
    "SELECT s.case_id, c.status, s.what, s.at FROM store_subject s JOIN store_case c ON c.id = s.case_id"
    " WHERE s.scenario = ? AND s.about = ? ORDER BY s.case_id, s.what"
)


def everyone_erased(state: Case) -> bool:
    """Whether no party of the case is left, so that its own key goes, too."""
    return bool(state.erased) and set(state.parties.values()) <= set(state.erased)


class Work:
    """Reading and writing of cases within one transaction."""

    def __init__(self, driver: Driver, ring: KeyRing, states: KnownStates | None = None) -> None:
        self._driver = driver
        self._ring = ring
        self._states = states or KnownStates(0)
        self._rows: dict[int, Rows] = {}
        self._load = _LOAD if driver.vendor == "sqlite" else _LOAD + " FOR UPDATE"
        self._now: dict[int, Stored] = {}
        self._before: dict[int, Case | None] = {}
        self._loaded: dict[int, bytes] = {}
        self._entries: list[Params] = []
        self._changes = Changes()
        self._new_keys: dict[tuple[int, str], tuple[bytes, Key]] = {}
        self._destroyed: list[tuple[int, str]] = []
        self._counted: dict[tuple[str, str], list[Any]] = {}

    # --- reading -----------------------------------------------------------------------------------------

    def load(self, case: int) -> Stored | None:
        """Return a case as this transaction sees it; on PostgreSQL it is locked until the end."""
        if case in self._now:
            return self._now[case]
        row = self._driver.one(self._load, (case,))
        if row is None:
            return None
        stored = self._stored(case, *row)
        self._now[case] = stored
        self._before[case] = stored.state
        self._loaded[case] = stored.head
        return stored

    def load_all(self, cases: Iterable[int]) -> None:
        """Load many cases at once, in the order of their ids, so that two such works cannot deadlock."""
        for chunk in chunks(sorted(set(cases) - self._now.keys())):
            marks = ", ".join("?" * len(chunk))
            lock = "" if self._driver.vendor == "sqlite" else " FOR UPDATE"
            found = self._driver.all(
                f"SELECT case_id, recorded, head, state FROM store_state WHERE case_id IN ({marks}) ORDER BY case_id{lock}",  # noqa: S608
                chunk,
            )
            for case, recorded, head, state in found:
                self._now[case] = self._stored(case, recorded, head, state)
                self._before[case] = self._now[case].state

    def _stored(self, case: int, recorded: int, head: bytes, state: bytes) -> Stored:
        known = self._states.get(case, head)
        return Stored(known if known is not None else decode_state(state), bytes(head), recorded)

    def taken(self, key: str) -> Found | None:
        """Return the entry that was written for a command key."""
        row = self._driver.one(_KEY_TAKEN, (key,))
        return None if row is None else Found(row[0], row[1], bytes(row[2]))

    def all_taken(self, keys: list[str]) -> dict[str, Found]:
        """Return the entries that were written for any of these command keys."""
        found: dict[str, Found] = {}
        for chunk in chunks(keys):
            marks = ", ".join("?" * len(chunk))
            for key, case, seq, digest in self._driver.all(
                f"SELECT command_key, case_id, seq, digest FROM store_entry WHERE command_key IN ({marks})",  # noqa: S608
                chunk,
            ):
                found[key] = Found(case, seq, bytes(digest))
        return found

    def keys(self, state: Case, parties: set[str], *, fresh: bool = False) -> dict[str, Key]:
        """Return keys to seal with, making those that are missing. ``fresh``: the case has none yet.

        The caller sees to it that no erased party is among them.
        """
        keys: dict[str, Key] = {}
        missing: list[str] = []
        for party in parties:
            made = self._new_keys.get((state.id, party))
            known = made[1] if made else None
            if known is None and not (party == CASE and everyone_erased(state)):
                known = self._ring.remembered(state.id, party)
            if known is None:
                missing.append(party)
            else:
                keys[party] = known
        if missing and not fresh:
            for party, wrapped in self._driver.all(
                f"SELECT party, wrapped FROM store_key WHERE case_id = ? AND party IN ({', '.join('?' * len(missing))})",  # noqa: S608
                (state.id, *missing),
            ):
                keys[party] = self._ring.key(state.id, party, bytes(wrapped))
        for party in missing:
            if party not in keys:
                made = self._new_keys[state.id, party] = self._ring.new(state.id, party)
                keys[party] = made[1]
        return keys

    def files(self, files: Iterable[str]) -> dict[str, FileRow]:
        """Return the rows of files."""
        found: dict[str, FileRow] = {}
        for chunk in chunks(files):
            marks = ", ".join("?" * len(chunk))
            for file, case, party, wrapped in self._driver.all(
                f"SELECT file, case_id, party, wrapped FROM store_file WHERE file IN ({marks})",  # noqa: S608
                chunk,
            ):
                found[file] = FileRow(file, case, party, bytes(wrapped))
        return found

    def files_of(self, case: int, party: str) -> list[str]:
        """Return the files that a party has brought."""
        found = self._driver.all("SELECT file FROM store_file WHERE case_id = ? AND party = ?", (case, party))
        return [row[0] for row in found]

    def about(self, scenario: str, about: str) -> list[EarlierCase]:
        """Return the cases of a scenario about the same organisation or place, those of this work as they are by now.

        Two works that count the same do so one after the other: on PostgreSQL by a lock until the end, on SQLite because
        ``unchanged`` asks again.
        """
        known = self._counted.get((scenario, about))
        if known is None:
            if self._driver.vendor == "postgresql":
                self._driver.one(
                    "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", (f"{scenario} {about}",)
                )
            known = self._counted[scenario, about] = self._driver.all(_ABOUT, (scenario, about))
        found: dict[int, EarlierCase] = {}
        for case, status, what, at in known:
            reached = dict(found[case].reached) if case in found else {}
            found[case] = EarlierCase(case=case, open=status in OPEN_STATUS, reached={**reached, what: at})
        for case, stored in self._now.items():
            state = stored.state
            found.pop(case, None)
            if state.scenario == scenario and state.about == about:
                reached = {what: row.at for what, row in rows(state).subjects.items()}
                found[case] = EarlierCase(case=case, open=state.status in OPEN_STATUS, reached=reached)
        return list(found.values())

    def booked(self, provider: str, at: int) -> int | None:
        """Return the case that holds a provider's time (ms UTC), as this work has it by now."""
        for case, stored in self._now.items():
            held = stored.state.booking
            if (
                stored.state.status in OPEN_STATUS
                and held is not None
                and (held.provider, held.at) == (provider, at)
            ):
                return case
        row = self._driver.one(
            "SELECT case_id FROM store_booking WHERE provider = ? AND at = ?", (provider, at)
        )
        if row is None or (row[0] in self._now):
            return None
        return int(row[0])

    # --- writing -----------------------------------------------------------------------------------------

    def add(self, entry: NewEntry) -> Stored:
        """Add an entry to the end of its case's chain; ``entry.state.seq`` is its number."""
        state = entry.state
        last = self._now.get(state.id)
        prev = last.head if last is not None else START
        head = entry_hash(
            state.id,
            state.seq,
            entry.recorded,
            entry.actor,
            entry.command,
            entry.key,
            entry.digest,
            prev,
            entry.events,
        )
        self._entries.append(
            (
                state.id,
                state.seq,
                entry.recorded,
                entry.actor,
                entry.command,
                entry.key,
                entry.digest,
                entry.events,
                prev,
                head,
            )
        )
        self._before.setdefault(state.id, None)
        stored = self._now[state.id] = Stored(state, head, entry.recorded)
        return stored

    def take_up_file(self, file: str, case: int, party: str, wrapped: bytes) -> None:
        """Give a draft file to a case, its key wrapped anew."""
        self._changes.later(
            "UPDATE store_file SET case_id = ?, party = ?, wrapped = ? WHERE file = ?",
            (case, party, wrapped, file),
        )

    def destroy_key(self, case: int, party: str) -> None:
        """Destroy the key of a party, and what else is kept of it outside the ledger."""
        self._destroyed.append((case, party))
        self._new_keys.pop((case, party), None)
        self._changes.later("DELETE FROM store_key WHERE case_id = ? AND party = ?", (case, party))
        self._changes.later("DELETE FROM store_file WHERE case_id = ? AND party = ?", (case, party))
        for table in ("store_outbox", "store_attempt", "store_wish", "store_signing_code"):
            self._changes.later(f"DELETE FROM {table} WHERE case_id = ? AND party = ?", (case, party))  # noqa: S608 - ours
        if party == CASE:
            self._changes.later("DELETE FROM store_words WHERE case_id = ?", (case,))

    def put_words(self, case: int, words: str) -> None:
        """Keep the plain words by which a case is found."""
        if self._before[case] is None and self._now[case].state.seq == 1:
            self._changes.insert("store_words", ("case_id", "words"), (case, words))
            return
        self._changes.later(
            "INSERT INTO store_words (case_id, words) VALUES (?, ?)"
            " ON CONFLICT (case_id) DO UPDATE SET words = excluded.words",
            (case, words),
        )

    def add_receipt(self, receipt: str, case: int, hashed: bytes, made: int) -> None:
        """Keep the hash of a receipt's code."""
        self._changes.insert(
            "store_receipt", ("receipt", "case_id", "hash", "made"), (receipt, case, hashed, made)
        )

    def add_message(
        self, key: str, case: int, party: str, unit: str, notice: str, title: str, body: str, made: int
    ) -> None:
        """Put a sealed message into the outbox, unless one with this key is there."""
        self._changes.later(
            "INSERT INTO store_outbox (key, case_id, party, unit, notice, title, body, made)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
            (key, case, party, unit, notice, title, body, made),
        )

    def tell(self, key: str, case: int, party: str, unit: str, about: str, made: int) -> None:
        """Put a message without words of its own into the outbox, unless one with this key is there."""
        self._changes.later(
            "INSERT INTO store_outbox (key, case_id, party, unit, notice, title, body, made, about)"
            " VALUES (?, ?, ?, ?, '', '', '', ?, ?) ON CONFLICT (key) DO NOTHING",
            (key, case, party, unit, made, about),
        )

    def use_code(self, number: int, at: int) -> None:
        """Note that a one-time code was used (ms UTC)."""
        self._changes.later("UPDATE store_signing_code SET used = ? WHERE id = ?", (at, number))

    def add_scenario(self, version: str, scenario: str, archive: bytes, stored: int) -> None:
        """Keep a version of a scenario, unless it is there."""
        self._changes.later(
            "INSERT INTO store_scenario (version, scenario, archive, stored) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (version) DO NOTHING",
            (version, scenario, archive, stored),
        )

    def prepare(self) -> None:
        """Work out every row and statement that is to be written; nothing is asked of the database."""
        for (case, party), (wrapped, _key) in self._new_keys.items():
            self._changes.insert("store_key", KEY, (case, party, wrapped, self._now[case].recorded))
        for case, before in self._before.items():
            stored = self._now[case]
            if stored.state is not before:
                self._save(before, stored)

    def unchanged(self) -> bool:
        """Whether every case that was loaded, and every count, is still as it was before the transaction began."""
        for case, head in self._loaded.items():
            row = self._driver.one(_HEAD, (case,))
            if row is None or row[0] != head:
                return False
        return all(self._driver.all(_ABOUT, asked) == known for asked, known in self._counted.items())

    def write(self) -> None:
        """Write what was prepared.

        Raises:
            Duplicate: a command key, a receipt or a case id is taken.
        """
        if self._entries:
            self._driver.insert("store_entry", ENTRY, self._entries)
        self._changes.write(self._driver)

    def committed(self) -> None:
        """Remember keys and states that are now in the tables, forget keys that are not."""
        for case, computed in self._rows.items():
            stored = self._now[case]
            self._states.keep(stored.head, stored.state, computed)
        for (case, party), (wrapped, key) in self._new_keys.items():
            self._ring.remember(case, party, wrapped, key)
        for case, party in self._destroyed:
            self._ring.forget(case, party)

    def _save(self, before: Case | None, stored: Stored) -> None:
        state = stored.state
        snapshot = encode_state(state)
        new = rows(state)
        if before is None:
            self._changes.insert(
                STATES.name, STATES.columns, (state.id, state.seq, stored.recorded, stored.head, snapshot)
            )
            old = None
        else:
            self._changes.later(_SAVE, (state.seq, stored.recorded, stored.head, snapshot, state.id))
            old = self._states.rows(before)
        self._rows[state.id] = new
        self._changes.rows(old, new)
