"""A writer is killed with SIGKILL at random moments. What it acknowledged is there; what it did not is whole or absent.

The acknowledgements are kept outside the writer's process, in a file that is fsynced line by line, as a client with
a good memory would. Twenty kills for each database in the usual run, two hundred with ``--all``.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from tests.crash.writer import write
from tests.store.databases import TestOffice, make_office

from zhuoli.office import read
from zhuoli.store.models import CaseRecord, EntryRecord, FileRecord
from zhuoli.store.replay import replay
from zhuoli.store.tree import seal
from zhuoli.store.verify import verify

# Writers are forked from a clean process that has imported everything: a start costs milliseconds.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.crash.writer"])

AHEAD = 6
"""So many orders are under way at any moment."""


class Memory:
    """What the client remembers: orders that it gave, and answers that it got, each line fsynced."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a")
        self.acknowledged: dict[str, dict[str, Any]] = {}
        self.cases: list[int] = []

    def keep(self, answers: list[dict[str, Any]]) -> None:
        self._file.write(json.dumps(answers) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        for answer in answers:
            self.acknowledged[answer["key"]] = answer
            if answer["seq"] == 1:
                self.cases.append(answer["case"])


class Client:
    """Gives orders to a writer, repeats those that were never answered, and kills it."""

    def __init__(self, rng: random.Random, memory: Memory) -> None:
        self.rng = rng
        self.memory = memory
        self.open: list[list[dict[str, Any]]] = []
        self.number = 0
        self.rounds = 0

    def round(self, settings: dict[str, Any], folder: Path) -> int:
        """Run a writer until it is killed; return how many orders it answered."""
        hear_orders, give_orders = PROCESSES.Pipe(duplex=False)
        hear_answers, give_answers = PROCESSES.Pipe(duplex=False)
        writer = PROCESSES.Process(
            target=write, args=(hear_orders, give_answers, settings, folder), daemon=True
        )
        writer.start()
        hear_orders.close()
        give_answers.close()
        try:
            assert hear_answers.recv() == "ready"
            # By progress and not by the clock, so that a busy machine kills at work too. The first moments count as
            # well: what the last writer left behind is asked for again in them.
            enough = (
                self.rng.choice((self.rng.randint(1, 5), self.rng.randint(5, 60))) if self.rounds % 4 else 0
            )
            self.rounds += 1
            killer = threading.Timer(self.rng.uniform(0, 0.03), writer.kill)
            answered = self._talk(give_orders, hear_answers, killer, enough)
        finally:
            writer.kill()
            writer.join()
            give_orders.close()
            hear_answers.close()
        # Killed by us, not ended by an error of its own (which stands on standard error).
        assert killer.finished.is_set()
        assert writer.exitcode == -signal.SIGKILL
        return answered

    def _talk(self, orders: Connection, answers: Connection, killer: threading.Timer, enough: int) -> int:
        """Give orders; start the killer once so many were answered."""
        # Whatever was not answered is asked again with the same keys.
        again, self.open = self.open, []
        answered = 0
        if not enough:
            killer.start()
        try:
            for wanted in again:
                self._send(orders, wanted)
            while True:
                while len(self.open) < AHEAD:
                    self._send(orders, self._orders())
                self.memory.keep(answers.recv())
                self.open.pop(0)
                answered += 1
                if answered == enough:
                    killer.start()
        except (BrokenPipeError, EOFError, ConnectionResetError):
            return answered

    def _send(self, orders: Connection, wanted: list[dict[str, Any]]) -> None:
        self.open.append(wanted)
        orders.send(wanted)

    def _orders(self) -> list[dict[str, Any]]:
        kind = self.rng.random()
        if kind < 0.3 or len(self.memory.cases) < 3:
            return [self._order("open", file=self.rng.random() < 0.3, question="pictures")]
        if kind < 0.5:
            return [self._order("open") for _ in range(5)]
        if kind < 0.6:
            return [self._order("attach", case=self.rng.choice(self.memory.cases), file=True)]
        if kind < 0.75:
            return [self._order("note", case=case) for case in self.rng.choices(self.memory.cases, k=4)]
        return [self._order("note", case=self.rng.choice(self.memory.cases))]

    def _order(self, do: str, **more: Any) -> dict[str, Any]:
        self.number += 1
        return {"do": do, "key": f"crash-{self.number:06d}", **more}


def check(office: TestOffice, memory: Memory, heads: Path, *, whole: bool) -> None:
    """Nothing acknowledged is lost; and, looking at the whole ledger, nothing is half done."""
    entries = {
        key: (case, seq)
        for key, case, seq in EntryRecord.objects.using(office.alias).values_list(
            "command_key", "case_id", "seq"
        )
    }
    for key, answer in memory.acknowledged.items():
        assert entries.get(key) == (answer["case"], answer["seq"]), f"{key} was acknowledged and is lost"
    if not whole:
        return
    replayed = replay(office.alias)
    assert replayed.equal, replayed.differences[:3]
    verified = verify(heads, int(time.time() * 1000), office.alias)
    assert verified.good, verified.faults[:3]
    assert list(office.files.missing()) == []
    for file, case in (
        FileRecord.objects.using(office.alias).filter(case_id__isnull=False).values_list("file", "case_id")
    ):
        assert b"".join(office.files.read(file, case)).startswith(b"crash-")


def test_a_killed_writer_loses_nothing_and_leaves_nothing_half_done(
    database: dict[str, Any], alias: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    rounds = 200 if request.config.getoption("--all") else 20
    rng = random.Random(20260302)
    heads = tmp_path / "tree-heads.jsonl"
    memory = Memory(tmp_path / "acknowledged.jsonl")
    client = Client(rng, memory)
    office = make_office(alias, tmp_path)
    answered = []
    for number in range(rounds):
        answered.append(client.round(database, tmp_path))
        # The whole ledger grows with every round; it is looked at each time at first, then now and then.
        check(office, memory, heads, whole=number < 20 or number % 20 == 19)
        if number % 5 == 4:
            seal(heads, int(time.time() * 1000), alias)
        # The next writer must not find this process's connection in its way.
        connections[alias].close()
    # The test is worth something only if writers were killed at work.
    assert sum(answered) > rounds * 3
    assert sum(count == 0 for count in answered) < rounds / 2
    # Whatever was under way at the last kill is either there, whole, or can still be done; never twice.
    keys = EntryRecord.objects.using(alias).values_list("command_key", flat=True)
    assert len(set(keys)) == len(keys)
    assert set(keys) >= memory.acknowledged.keys()
    under_way = {order["key"] for orders in client.open for order in orders}
    assert set(keys) <= memory.acknowledged.keys() | under_way
    for orders in client.open:
        done = sum(order["key"] in set(keys) for order in orders)
        assert done in (0, len(orders)), "a batch was torn"
    cases = CaseRecord.objects.using(alias).values_list("id", flat=True)
    assert all(read.load_state(case, alias).seq >= 1 for case in cases)
