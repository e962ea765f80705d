"""The one door to the ledger: a request is decided by the core, sealed, and written in one transaction.

    office = Office(read_shelf(path), directory, statutory_calendar())
    handled = office.handle(Request(key=str(uuid7()), command=Open(...), actor=actor, scenario="public_need"))

Every request carries a key of its own. The same request again is answered with the stored result and changes
nothing; another request with the same key is refused.
"""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import msgspec

from zhuoli.core.case.commands import File, Open
from zhuoli.core.case.facts import Directory
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.shelf import Shelf
from zhuoli.core.worktime import Calendar
from zhuoli.environment import read_environment
from zhuoli.office.errors import BadKey, KeyReused, OfficeError
from zhuoli.office.handling import Handling
from zhuoli.office.library import Library
from zhuoli.office.numbers import CaseNumbers
from zhuoli.office.receipts import Receipts, new_receipt
from zhuoli.office.requests import Handled, Request
from zhuoli.office.sealed import find_key, result_of
from zhuoli.office.seals import NoSeal, SealSystem
from zhuoli.office.signing import OnPaper, SigningSystem
from zhuoli.store.append import Work
from zhuoli.store.codec import canonical
from zhuoli.store.driver import Duplicate, Retry, StoreBusy, open_driver, pause
from zhuoli.store.files import FileStore
from zhuoli.store.keys import KeyRing, MasterKey, read_master_key
from zhuoli.store.known import KnownStates
from zhuoli.store.records import Found

__all__ = ["Handled", "Office", "Request", "wall_clock"]

_KEY = re.compile(r"[!-~]{8,200}")
_ATTEMPTS = 4


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep Python's collector from searching what a bulk makes: all of it lives until the commit anyway."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def wall_clock() -> int:
    """Return the present instant in ms UTC."""
    return time.time_ns() // 1_000_000


class Office:
    """Handles requests on one database. One instance serves all threads of a process."""

    def __init__(
        self,
        shelf: Shelf | Iterable[Scenario] | Library,
        directory: Directory,
        calendar: Calendar,
        *,
        clock: Callable[[], int] = wall_clock,
        alias: str = "default",
        master: MasterKey | None = None,
        files: FileStore | None = None,
        shard: int = 0,
    ) -> None:
        self.library = shelf if isinstance(shelf, Library) else Library(shelf, alias=alias)
        self.directory = directory
        self.calendar = calendar
        self.clock = clock
        self.alias = alias
        self.master = master or read_master_key(read_environment())
        self.ring = KeyRing(self.master)
        self.files = files or FileStore(read_environment().data / "files", self.ring, alias)
        self.receipts = Receipts(self.master, alias)
        self.states = KnownStates()
        self.numbers = CaseNumbers(shard)
        self.signing: SigningSystem = OnPaper()
        self.seal: SealSystem = NoSeal()
        self.draw_receipt: Callable[[], str] = new_receipt
        self.stored_versions: set[str] = set()
        self.tells_staff = read_environment().channels is not None

    def handle(self, request: Request) -> Handled:
        """Decide one request and write what follows, in one transaction.

        Raises:
            Refusal: the core does not grant it.
            Denied: no role of the actor includes it.
            Conflict: ``expected_seq`` is not where the case stands.
            UnknownCase, UnknownScenario, KeyReused, BadKey: see ``zhuoli.office.errors``.
            StoreBusy: the database could not be had; send the request again with the same key.
        """
        return self._transact([request], bulk=False)[0]

    def handle_many(self, requests: Iterable[Request]) -> list[Handled]:
        """Handle many requests in their order in one transaction: all of them, or none.

        Raises:
            As ``handle``; a note on the error tells the number of the request, from 0.
        """
        wanted = list(requests)
        if not wanted:
            return []
        with _collector_paused():
            return self._transact(wanted, bulk=True)

    def _transact(self, requests: list[Request], *, bulk: bool) -> list[Handled]:
        for request in requests:
            if not _KEY.fullmatch(request.key):
                raise BadKey
            self.signing.count(request)
        for attempt in range(_ATTEMPTS):
            driver = open_driver(self.alias, bulk=bulk)
            work = Handling(self, Work(driver, self.ring, self.states))
            # SQLite locks the whole database: decide first, lock then, and look whether the case is still the same.
            early = (
                attempt == 0 and not bulk and driver.vendor == "sqlite" and not _mentions_files(requests[0])
            )
            try:
                if not early:
                    driver.begin()
                handled = work.run_all(requests) if bulk else [work.run(requests[0])]
                work.store.prepare()
                if early:
                    driver.begin()
                    if not work.store.unchanged():
                        raise Retry("the case has changed meanwhile")
                work.store.write()
                driver.commit()
            except Retry:
                driver.rollback()
                if not early:
                    pause(attempt)
                continue
            except Duplicate:
                driver.rollback()
                if not bulk and (again := self._handled_before(requests[0])):
                    return [again]
                if attempt == _ATTEMPTS - 1 or (not bulk and _has_own_receipt(requests[0])):
                    raise
                self.numbers.stir()
                pause(attempt)
                continue
            except (Refusal, OfficeError):
                driver.rollback()
                if not bulk and (again := self._handled_before(requests[0])):
                    return [again]
                raise
            except BaseException:
                driver.rollback()
                raise
            work.committed()
            return handled
        raise StoreBusy(f"given up after {_ATTEMPTS} attempts")

    def _handled_before(self, request: Request) -> Handled | None:
        """Return the stored result of a request that has its entry already.

        Raises:
            KeyReused: the key belongs to another request.
        """
        found = find_key(request.key, self.alias)
        return None if found is None else self.repeat(request, found)

    def repeat(self, request: Request, found: Found) -> Handled:
        """Return the stored result that belongs to ``found``."""
        if found.digest != self.digest(request):
            raise KeyReused(request.key)
        state, events = result_of(found.case, found.seq, self.alias)
        code = ""
        if isinstance(request.command, Open):
            code = self.receipts.code(request.key, state.receipt)
            if self.receipts.check(state.receipt, code) is None:
                code = ""
        return Handled(case=found.case, seq=found.seq, events=events, state=state, repeated=True, code=code)

    def digest(self, request: Request) -> bytes:
        """Return the keyed digest of what a request asks for.

        What is drawn anew when a form is sent twice is no part of it: a receipt number, the ids of sealed files.
        """
        command = request.command
        if isinstance(command, Open):
            command = msgspec.structs.replace(command, receipt="")
        files: tuple[File, ...] = getattr(command, "files", ())
        if files:
            plain = tuple(msgspec.structs.replace(file, file="") for file in files)
            command = msgspec.structs.replace(command, files=plain)
        actor = request.actor
        return self.master.digest(
            canonical(
                (request.case, request.scenario, command, actor.kind, actor.party, actor.unit, actor.post)
            )
        )


def _mentions_files(request: Request) -> bool:
    return bool(getattr(request.command, "files", ()))


def _has_own_receipt(request: Request) -> bool:
    return isinstance(request.command, Open) and bool(request.command.receipt)
