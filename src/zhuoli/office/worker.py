"""Does what falls due: lets clocks speak and carries out service tasks.

Work is taken at least once and has its effect on the case exactly once: a wake is leased, and the command that
follows from it carries a key made of the clock and its instant, or of the task, its run and its attempt. A worker
that is killed leaves a lease behind that runs out; another one takes over.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Mapping
from threading import Event as Flag
from typing import Any

import msgspec
from django.db import transaction

from zhuoli.core.case.commands import File, FireTimer, OtherMatter, ReportService
from zhuoli.core.case.facts import SYSTEM, Directory
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import Case
from zhuoli.office import read
from zhuoli.office.handle import Office, Request
from zhuoli.office.missing_words import FILLED, fill_in
from zhuoli.office.stories import FIRST_OF_THE_CITY
from zhuoli.store.models import WakeRecord

_log = logging.getLogger(__name__)

LEASE = 5 * 60_000
"""How long (ms) a taken wake is left alone; longer than any capability should take."""
MOST_WAIT = 3600_000
"""The longest wait (ms) before something that went wrong is tried again."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What a capability is given: its task, the case (sealed), and the parameters from the scenario.

    ``key`` is the same in every attempt of one run, so that what a capability does outside can be done once.
    ``now`` in ms UTC. What takes minutes calls ``hold`` now and then, so that no other worker takes it for dead.
    """

    office: Office
    plan: Plan
    case: Case
    task: str
    run: int
    attempt: int
    given: Mapping[str, Any]
    now: int
    hold: Callable[[], None] = lambda: None

    @property
    def key(self) -> str:
        """The key of this run of the task."""
        return f"{self.case.id}:{self.task}:{self.run}"


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What came out: values for the case file (``<task>.<name>``; none of them personal), files, a matter that was opened."""

    values: dict[str, Any] = {}
    files: tuple[File, ...] = ()
    opened: OtherMatter | None = None


class JobFailed(Exception):
    """A capability could not do it this time; the message is kept in the ledger, so it names no person."""


Capability = Callable[[Job], Result]


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What one round of a worker did: clocks that spoke, tasks carried out, tasks that failed, wakes put off."""

    fired: int = 0
    served: int = 0
    failed: int = 0
    put_off: int = 0

    @property
    def total(self) -> int:
        """How many wakes were taken."""
        return self.fired + self.served + self.failed + self.put_off


class Worker:
    """Takes due wakes in batches. Any number of workers may run on PostgreSQL, and on SQLite, too."""

    def __init__(
        self,
        office: Office,
        capabilities: Mapping[str, Capability],
        *,
        name: str = "",
        lease: int = LEASE,
        batch: int = 20,
        current: Callable[[int], Directory] | None = None,
    ) -> None:
        """Give a worker what it works with; ``current`` returns the directory as it is at an instant (ms UTC)."""
        self.office = office
        self._current = current
        self.name = name or f"{socket.gethostname()}:{os.getpid()}"
        self._capabilities = capabilities
        self._lease = lease
        self._batch = batch

    def run_once(self) -> Done:
        """Take one batch of what is due now, and do it."""
        if self._current is not None:
            self.office.directory = self._current(self.office.clock())
        counts = dict.fromkeys(Done.__struct_fields__, 0)
        taken = self.take()
        for wake in taken:
            counts[self._do(wake)] += 1
        self._release(taken)
        return Done(**counts)

    def run(self, stop: Flag, idle: float = 2.0) -> None:
        """Work until ``stop`` is set; look again after ``idle`` seconds when there is nothing to do.

        At the beginning, when nothing is due, cases of an older database get the words by which they are found.
        """
        bare = True
        while not stop.is_set():
            try:
                done = self.run_once()
                rests = done.total == done.put_off
                if rests and bare:
                    bare = fill_in(self.office) == FILLED
                    rests = not bare
            except Exception:  # noqa: BLE001 - whatever it was, the next round is tried
                _log.exception("the worker's round failed")
                stop.wait(idle)
                continue
            if rests:
                stop.wait(idle)

    def take(self) -> list[WakeRecord]:
        """Lease a batch of due wakes that nobody has taken, or whose lease has run out."""
        now = self.office.clock()
        due = (
            WakeRecord.objects.using(self.office.alias)
            .filter(at__lte=now, lease_until__lte=now, case_id__gte=FIRST_OF_THE_CITY)
            .order_by("at")
        )
        with transaction.atomic(using=self.office.alias):
            wakes = list(due.select_for_update(skip_locked=True)[: self._batch])
            for wake in wakes:
                self._mine(wake).update(lease_until=now + self._lease, lease_by=self.name)
        return wakes

    def _do(self, wake: WakeRecord) -> str:
        try:
            if wake.kind == "clock":
                self._fire(wake)
                return "fired"
            return "served" if self._serve(wake) else "failed"
        except Refusal as refusal:
            # The case has moved on, or its clock stands still: the row that brought us here is about to change.
            _log.info("case %s, %s: %s", wake.case_id, wake.key, refusal.code)
        except Exception:  # noqa: BLE001 - one case must not hold up the others
            _log.exception("case %s, %s", wake.case_id, wake.key)
        self._put_off(wake)
        return "put_off"

    def _fire(self, wake: WakeRecord) -> None:
        clock = wake.key.removeprefix("clock:")
        self.office.handle(
            Request(
                key=f"clock:{wake.case_id}:{clock}:{wake.at}",
                command=FireTimer(clock=clock),
                actor=SYSTEM,
                case=wake.case_id,
            )
        )

    def _serve(self, wake: WakeRecord) -> bool:
        case = read.load_state(wake.case_id, self.office.alias)
        item = case.items[wake.key]
        plan = self.office.library.pinned(case.version, case.scenario)
        job = self.job(plan, case, wake.key, item.run, item.attempt + 1)
        result, error = self.carry_out(job, plan)
        self.office.handle(
            Request(
                key=f"service:{case.id}:{wake.key}:{item.run}:{job.attempt}",
                command=ReportService(
                    task=wake.key,
                    attempt=job.attempt,
                    ok=not error,
                    values=result.values,
                    files=result.files,
                    error=error,
                    opened=result.opened,
                ),
                actor=SYSTEM,
                case=case.id,
            )
        )
        return not error

    def job(self, plan: Plan, case: Case, task: str, run: int, attempt: int) -> Job:
        """Return what a capability is given for one attempt at a task."""
        service = plan.service(task)
        given: dict[str, Any] = {}
        for name, value in (service.give if service else {}).items():
            refers = isinstance(value, str) and value.startswith("=")
            given[name] = case.answers.get(str(value)[1:].strip()) if refers else value
        return Job(
            office=self.office,
            plan=plan,
            case=case,
            task=task,
            run=run,
            attempt=attempt,
            given=given,
            now=self.office.clock(),
            hold=lambda: self._hold(case.id, task),
        )

    def carry_out(self, job: Job, plan: Plan) -> tuple[Result, str]:
        """Call the capability; return its result, or what went wrong in words without personal data."""
        service = plan.service(job.task)
        capability = self._capabilities.get(service.call) if service else None
        if capability is None:
            return Result(), f"no capability {service.call if service else job.task}"
        try:
            return capability(job), ""
        except JobFailed as error:
            return Result(), str(error) or "failed"
        except Exception as error:  # noqa: BLE001 - a capability may raise anything
            # Its message may hold anything; the log is for operators, the ledger only learns the kind.
            _log.exception("case %s, %s: attempt %s", job.case.id, job.task, job.attempt)
            return Result(), type(error).__name__

    def _hold(self, case: int, task: str) -> None:
        """Lengthen the lease of what is being done."""
        rows = WakeRecord.objects.using(self.office.alias).filter(case_id=case, key=task, lease_by=self.name)
        rows.update(lease_until=self.office.clock() + 3 * self._lease)

    def _put_off(self, wake: WakeRecord) -> None:
        """Try again later, twice as late each time; a row that has changed meanwhile is a new appointment."""
        wait = min(1000 * 2 ** min(wake.tries, 20), MOST_WAIT)
        self._mine(wake).filter(at=wake.at, lease_by=self.name).update(
            tries=wake.tries + 1, lease_until=self.office.clock() + wait, lease_by=""
        )

    def _release(self, wakes: list[WakeRecord]) -> None:
        """Give back rows that are still leased although their work was done (their instant did not change)."""
        if not wakes:
            return
        left = (
            WakeRecord.objects.using(self.office.alias)
            .filter(lease_by=self.name, case_id__in={wake.case_id for wake in wakes})
            .values_list("case_id", "key", "at")
        )
        ours = {(wake.case_id, wake.key, wake.at): wake for wake in wakes}
        for row in left:
            wake = ours.get(row)
            if wake is not None:
                self._put_off(wake)

    def _mine(self, wake: WakeRecord) -> Any:
        return WakeRecord.objects.using(self.office.alias).filter(case_id=wake.case_id, key=wake.key)
