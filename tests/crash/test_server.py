"""The real server is killed with SIGKILL while people send forms over HTTP. What it acknowledged is there, once.

The clients stand outside the server and keep their own list. A form counts as acknowledged as soon as the answer
with its receipt number has been read, which is earlier than the receipt page. A killed process loses nothing that
it has handed to the kernel, so this says nothing of a machine that loses power.
"""

from __future__ import annotations

import hashlib
import io
import random
import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections
from PIL import Image
from tests.crash.served import CutOff, Person, Sent, Server
from tests.store.databases import connect, disconnect, postgres_settings, sqlite_settings

from zhuoli.channels.attachments.pictures import redraw
from zhuoli.environment import read_environment
from zhuoli.office import read
from zhuoli.office.receipts import Receipts
from zhuoli.store.files import FileStore
from zhuoli.store.keys import KeyRing, new_master_key, read_master_key
from zhuoli.store.models import CaseRecord, EntryRecord, FileRecord, ReceiptRecord, StateRecord
from zhuoli.store.replay import replay
from zhuoli.store.tree import seal
from zhuoli.store.verify import verify

ALIAS = "served"
CLIENTS = 4
PROCESSES = ("--workers", "2", "--threads", "4")
THREADS = ("--workers", "1", "--threads", "4")
"""Two ways to serve."""
TWO_DAYS = 2 * 24 * 3600 * 1000


def picture(story: str) -> bytes:
    """Return a small picture that no other story has."""
    target = io.BytesIO()
    pixels = hashlib.shake_256(story.encode()).digest(3 * 24 * 24)
    Image.frombytes("RGB", (24, 24), pixels).save(target, "PNG")
    return target.getvalue()


class Clients:
    """People who send forms, and what they remember."""

    def __init__(self, server: Server, rng: random.Random) -> None:
        self.server = server
        self.sent: dict[str, Sent] = {}
        """Every form that was ever posted, by its key."""
        self.cut_off = 0
        """So many posts were under way when the server was killed."""
        self.repeated = 0
        self._rng = rng
        self._lock = threading.Lock()
        self._again: deque[Sent] = deque()

    def work(self, seconds: float) -> int:
        """Send forms for so long, kill the server, and return how many new receipts were read.

        A slow machine is given longer, up to twenty seconds, until four receipts have been read.
        """
        before = self.receipts()
        latest = time.monotonic() + 20
        with ThreadPoolExecutor(CLIENTS) as threads:
            try:
                running = [threads.submit(self._client, number) for number in range(CLIENTS)]
                self.server.dying.wait(seconds)
                while self.receipts() < before + 4 and time.monotonic() < latest:
                    self.server.dying.wait(0.05)
            finally:
                self.server.kill()
            for each in running:
                each.result()
        return self.receipts() - before

    def settle(self) -> None:
        """Send everything again that is still waiting for it, undisturbed."""
        while self._again:
            self._send_again(self._again.popleft())

    def receipts(self) -> int:
        """Return how many forms have been acknowledged."""
        return sum(bool(form.receipt) for form in list(self.sent.values()))

    def _client(self, number: int) -> None:
        # Half of them first ask again for what the last server was asked, the other half always asks for more.
        while not self.server.dying.is_set():
            form = None
            if number % 2:
                with self._lock:
                    form = self._again.popleft() if self._again else None
            try:
                if form is None:
                    self._send_new()
                else:
                    self._send_again(form)
            except CutOff:
                return

    def _send_new(self) -> None:
        with self._lock:
            story = f"The lamp is dark. {self._rng.getrandbits(64):x}"
            photo = picture(story) if self._rng.random() < 0.3 else b""
        person = Person(self.server)
        try:
            form = person.fill_in(story, photo)
            with self._lock:
                assert form.key not in self.sent
                self.sent[form.key] = form
            self._post(person, form)
        finally:
            person.leave()

    def _send_again(self, form: Sent) -> None:
        person = Person(self.server, form.cookies)
        try:
            if form.code:
                # The session that was begun before the kill still opens its receipt.
                self._same(form, form.receipt, person.read_code(form.receipt))
            self._post(person, form)
        except CutOff:
            self._ask_again_for(form)
            raise
        finally:
            person.leave()

    def _post(self, person: Person, form: Sent) -> None:
        """Post a form and open its receipt; what is new in this will be asked for again."""
        again = bool(form.receipt)
        try:
            receipt = person.send(form)
            self._same(form, receipt, form.code)
            form.receipt = receipt
        except CutOff:
            with self._lock:
                self.cut_off += 1
            raise
        finally:
            if not again:
                self._ask_again_for(form)
        self._same(form, receipt, person.read_code(receipt))
        if again:
            with self._lock:
                self.repeated += 1

    def _ask_again_for(self, form: Sent) -> None:
        with self._lock:
            if form not in self._again:
                self._again.append(form)

    def _same(self, form: Sent, receipt: str, code: str) -> None:
        assert form.receipt in ("", receipt), f"{form.key}: {form.receipt} first, {receipt} when sent again"
        assert form.code in ("", code), f"{form.key}: another code when sent again"
        form.code = code


class Records:
    """What lies in the database and the folder of files, looked at without the server."""

    def __init__(self, folder: Path, master_key: str) -> None:
        environment = read_environment({"ZHUOLI_MASTER_KEY": master_key})
        master = read_master_key(environment)
        self.files = FileStore(folder / "files", KeyRing(master), ALIAS)
        self.receipts = Receipts(master, ALIAS)
        self.heads = folder / "tree-heads.jsonl"

    def check(self, sent: dict[str, Sent]) -> None:
        """Nothing acknowledged is lost, nothing is there twice, nothing is half done."""
        entries = EntryRecord.objects.using(ALIAS).values_list("command_key", "case_id", "seq")
        assert all(seq == 1 for _, _, seq in entries)
        cases = {key: case for key, case, _ in entries}
        assert cases.keys() <= sent.keys(), "a case that nobody asked for"
        assert len(cases) == len(set(cases.values())) == len(entries)
        numbers = dict(CaseRecord.objects.using(ALIAS).values_list("id", "receipt"))
        for table in (StateRecord, ReceiptRecord):
            held = list(table.objects.using(ALIAS).values_list("case_id", flat=True))
            assert sorted(held) == sorted(numbers), table.__name__
        assert numbers.keys() == set(cases.values()), "a case without its entry, or an entry without its case"
        for form in sent.values():
            if form.receipt:
                assert form.key in cases, f"{form.receipt} was acknowledged and is lost"
                assert numbers[cases[form.key]] == form.receipt
            if form.code:
                assert self.receipts.check(form.receipt, form.code) == cases[form.key]
        replayed = replay(ALIAS)
        assert replayed.equal, replayed.differences[:3]
        assert replayed.cases == len(numbers)
        for case, number in numbers.items():
            assert read.load_state(case, ALIAS).receipt == number
        verified = verify(self.heads, now(), ALIAS)
        assert verified.good, verified.faults[:3]
        assert verified.entries == len(entries)
        self._check_files({case: sent[key].photo for key, case in cases.items()})

    def _check_files(self, photos: dict[int, bytes]) -> None:
        """Each case has the photo that came with its form, drawn anew and readable to the last byte, and no other."""
        assert list(self.files.missing()) == []
        records = FileRecord.objects.using(ALIAS).filter(case_id__isnull=False)
        found = [
            (case, b"".join(self.files.read(file, case)))
            for file, case in records.values_list("file", "case_id")
        ]
        kept = [(case, redraw(photo, "image/png")[0]) for case, photo in photos.items() if photo]
        assert sorted(found) == sorted(kept)

    def check_swept(self) -> None:
        """What killed servers have left in the folder can be swept, and nothing else goes with it."""
        self.files.sweep(now() + TWO_DAYS)
        left = {path.name for path in self.files.folder.rglob("*") if path.is_file()}
        held = FileRecord.objects.using(ALIAS).values_list("file", "case_id")
        assert all(case is not None for _, case in held)
        assert left == {file for file, _ in held}


def now() -> int:
    """Return the present instant in ms UTC."""
    return time.time_ns() // 1_000_000


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest) -> str:
    """The address of an empty PostgreSQL database; nothing stands for SQLite in the server's folder."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres"))


@pytest.fixture
def connected(address: str, tmp_path: Path) -> Iterator[None]:
    """This process's own connection to the server's database."""
    found = postgres_settings(address) if address else sqlite_settings(tmp_path / "zhuoli.sqlite3")
    connect(ALIAS, **found)
    yield
    disconnect(ALIAS)


def wait_for_backends(seconds: float = 20) -> None:
    """Wait until PostgreSQL has noticed that the killed server is gone; until then its last words may be carried out."""
    if connections[ALIAS].vendor != "postgresql":
        return
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    until = time.monotonic() + seconds
    with connections[ALIAS].cursor() as cursor:
        while True:
            cursor.execute(others)
            if cursor.fetchone() == (0,):
                return
            assert time.monotonic() < until, "PostgreSQL still serves a server that was killed"
            time.sleep(0.01)


def make_server(folder: Path, master_key: str, address: str = "") -> Server:
    """Return a server that is set up as in earnest, not started yet."""
    return Server(
        folder,
        ZHUOLI_DATA=str(folder),
        ZHUOLI_DATABASE_URL=address,
        ZHUOLI_HOSTS="127.0.0.1",
        ZHUOLI_SECRET="a secret of forty signs or more, for tests",
        ZHUOLI_MASTER_KEY=master_key,
    )


def run(kills: int, address: str, folder: Path) -> None:
    """Start, work, kill, look, as many times as told; then send all that is left to the last server."""
    rng = random.Random(20260304)
    master_key = new_master_key()
    server = make_server(folder, master_key, address)
    clients, records = Clients(server, rng), Records(folder, master_key)
    taken = []
    try:
        server.start(*PROCESSES, "--migrate")
        for number in range(kills):
            taken.append(clients.work(rng.uniform(0.2, 1.5)))
            # In turn: now this process opens first what was left behind, now the new server does.
            if number % 2:
                server.start(*PROCESSES)
            else:
                wait_for_backends()
            records.check(clients.sent)
            seal(records.heads, now(), ALIAS)
            connections[ALIAS].close()
            if not number % 2:
                server.start(*THREADS)
        clients.settle()
    finally:
        server.kill()
    wait_for_backends()
    records.check(clients.sent)
    # Every form that was ever posted is one case now, and every one was acknowledged twice, alike.
    assert clients.receipts() == len(clients.sent) == CaseRecord.objects.using(ALIAS).count()
    assert all(form.code for form in clients.sent.values())
    assert clients.repeated >= len(clients.sent)
    records.check_swept()
    if not address:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchall() == [("ok",)]
    # The test is worth something only if servers were killed at work.
    assert min(taken) >= 4, taken
    assert clients.cut_off, clients.cut_off


def test_a_killed_server_loses_no_receipt_and_takes_no_form_twice(
    connected: None, address: str, tmp_path: Path
) -> None:
    run(2 if address else 5, address, tmp_path)


@pytest.mark.slow
def test_many_kills(connected: None, address: str, tmp_path: Path) -> None:
    run(40, address, tmp_path)


def test_the_first_requests_of_a_new_process_are_answered_when_they_come_at_once(tmp_path: Path) -> None:
    server = make_server(tmp_path, new_master_key())
    try:
        # From the second start on the shelf comes from its cache; the first forms make the process read the folder.
        for options in (("--migrate",), (), (), ()):
            server.start(*THREADS, *options)
            people = [Person(server) for _ in range(CLIENTS)]
            forms = [person.fill_in("Dark.", b"") for person in people]
            with ThreadPoolExecutor(CLIENTS) as threads:
                assert len(set(threads.map(Person.send, people, forms))) == CLIENTS
            server.kill()
    finally:
        server.kill()
