"""The night: once a day one worker runs every model on the menu, and what is found becomes cases.

A worker takes the night under a lease and renews it before each query, so two workers never both run it. One that is killed
leaves a lease that runs out; the next one goes on: what was run is not run again, and a case is opened once. Models that share a query are
run as one; where a worker was lost at them they are run one at a time. A model that fails is told with its cause and stops
nothing; one at which a worker was lost twice is left out that night.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from threading import Event as Flag

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from zhuoli.core.registers.model import Register
from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.lake.looking import Batch, Looking, Wanted, cause
from zhuoli.lake.loop import refresh
from zhuoli.lake.night import with_queries
from zhuoli.lake.opening import NOTHING, Opened, open_hits
from zhuoli.lake.results import Run
from zhuoli.lake.tidying import tidy
from zhuoli.office import found
from zhuoli.office.handle import Office
from zhuoli.office.menu import menus
from zhuoli.store.models import NightRecord

LEASE = 15 * 60_000
"""How long (ms) a night is left to the worker that has it; longer than the longest query."""
_TOGETHER = 100
"""So many unchanged models are counted at a time."""
STRIKES = 2
"""After so many lost workers a model is left out for the night."""
REFUSED = Text(
    "有办结的事没有收下，登记册的页面写着几行，原因在没有收下的行的文件里",
    "Ended cases were not taken: its page says how many, the file of rows not taken says why",
)
LOOP = "loop"
"""What the failures call the part of the night in which our own cases flow into registers."""


class Failure(msgspec.Struct, frozen=True):
    """A model that was not run well, or a register that was not made ready, and why."""

    model: str
    error: Text


class Night(msgspec.Struct, frozen=True, kw_only=True):
    """One night as it is told. Instants in ms UTC; ``ended`` is None while it is run."""

    day: str
    began: int
    ended: int | None
    by: str
    tries: int
    models: int
    unchanged: int
    new: int
    gone: int
    opened: int
    waiting: int
    failures: tuple[Failure, ...]


class Told(msgspec.Struct, frozen=True):
    """What is told of one model: its run, and what was opened (None: nothing was to be opened)."""

    run: Run
    opened: Opened | None


def due_night(now: int, begins: int) -> str:
    """Return the night (local date) that is due at ``now``, or "" before it ``begins`` (minutes after midnight)."""
    at = local(now)
    return at.date().isoformat() if at.hour * 60 + at.minute >= begins else ""


def take(day: str, by: str, now: int, alias: str = "default", *, again: bool = False) -> bool:
    """Take the night for ``by``; False when somebody has it, or (unless ``again``) when it is over."""
    rows = NightRecord.objects.using(alias).filter(day=day)
    free = Q(ended__isnull=True, lease_until__lte=now)
    lease = {"lease_by": by, "lease_until": now + LEASE}
    if again and rows.filter(ended__isnull=False).update(**lease, ended=None, began=now, tries=1, **_NOTHING):
        return True
    # All models are walked through once more: what was run is unchanged by now, and counted as such.
    if rows.filter(free).update(**lease, tries=F("tries") + 1, models_run=0, unchanged=0, waiting=0):
        _strike(day, by, alias)
        return True
    try:
        with transaction.atomic(using=alias):
            NightRecord.objects.using(alias).create(day=day, began=now, **lease)
    except IntegrityError:
        return False
    return True


_NOTHING = {
    "at_model": "",
    "struck": "{}",
    "models_run": 0,
    "unchanged": 0,
    "new": 0,
    "gone": 0,
    "opened": 0,
    "waiting": 0,
    "failures": "[]",
}


def _strike(day: str, by: str, alias: str) -> None:
    """Count the model at which the worker before was lost."""
    row = _mine(day, by, alias).first()
    if row is not None and row.at_model:
        struck = msgspec.json.decode(row.struck, type=dict[str, int])
        struck[row.at_model] = struck.get(row.at_model, 0) + 1
        _mine(day, by, alias).update(struck=msgspec.json.encode(struck).decode(), at_model="")


def run_night(
    office: Office,
    lake: Path,
    registers: Mapping[str, Register],
    *,
    day: str,
    by: str,
    again: bool = False,
    stop: Flag | None = None,
    told: Callable[[Told], None] = lambda _: None,
) -> Night | None:
    """Run a night that ``by`` has taken; None when it was left: because of ``stop``, or because somebody else has it now.

    With ``again`` models run even when nothing has changed.
    """
    alias = office.alias
    if not _mine(day, by, alias).exists():
        return None
    _flow(office, lake, registers, day, by)
    models = with_queries(office.library.scenarios())
    wanted = [
        Wanted(models[name], one.served) for name, one in menus(models.values(), alias).items() if one.served
    ]
    with Looking(lake, registers) as looking:
        walk = _Walk(office, lake, looking, day, by, told)
        try:
            walk.all(wanted, again=again, stop=stop)
        except _Left:
            return None
        looking.results.forget_runs(office.clock())
    if not _mine(day, by, alias).update(ended=office.clock(), lease_until=0, at_model=""):
        return None
    return night_of(day, alias)


class _Left(Exception):
    """The night is no longer ours, or is to be left."""


class _Walk:
    """Goes through the models of one night, a batch at a time."""

    def __init__(
        self,
        office: Office,
        lake: Path,
        looking: Looking,
        day: str,
        by: str,
        told: Callable[[Told], None],
    ) -> None:
        self._office, self._lake, self._looking, self._told = office, lake, looking, told
        self._day, self._by, self._alias = day, by, office.alias
        self._stopped = False
        linked = found.linked(self._alias)
        self._unlinked = {
            model for model, pairs in looking.results.opened().items() if linked.get(model, 0) < pairs
        }

    def all(self, wanted: list[Wanted], *, again: bool, stop: Flag | None) -> None:
        """Run what has changed, and open what was found.

        Raises:
            _Left: before all were run.
        """
        changed: list[Wanted] = []
        same: list[tuple[Wanted, Run]] = []
        for one in wanted:
            run = None if again else self._looking.unchanged(one, now=self._office.clock())
            if run is None:
                changed.append(one)
            else:
                same.append((one, run))
        for start in range(0, len(same), _TOGETHER):
            self._end(same[start : start + _TOGETHER])
        # Where a worker was lost it must be plain at which query: then none is asked ahead.
        ahead = not self._struck()
        parts = self._parts(changed, stop)
        for batch, runs in self._looking.run_all(
            parts, clock=self._office.clock, before=self._begin, ahead=ahead
        ):
            of = {run.scenario: run for run in runs}
            self._end([(one, of[one.scenario.scenario]) for one in batch.models])
        if self._stopped:
            self._rows().update(lease_until=0, at_model="")
            raise _Left

    def _parts(self, changed: list[Wanted], stop: Flag | None) -> Iterator[Batch]:
        """What is to be run, query by query, until we are to stop; a batch at which a worker was lost is run one model at a time."""
        struck = self._struck()
        for batch in self._looking.batches(changed):
            alone = len(batch.models) == 1 or batch.key in struck
            for part in [Batch(batch.key, [one]) for one in batch.models] if alone else [batch]:
                if stop is not None and stop.is_set():
                    self._stopped = True
                    return
                names = {part.models[0].scenario.scenario, batch.key}
                lost = sum(struck.get(name, 0) for name in names) if alone else 0
                if lost >= STRIKES:
                    self._leave_out(part.models[0], lost)
                else:
                    yield part

    def _struck(self) -> dict[str, int]:
        """How often a worker was lost at which model or query tonight."""
        row = NightRecord.objects.using(self._alias).get(day=self._day)
        return msgspec.json.decode(row.struck, type=dict[str, int])

    def _leave_out(self, model: Wanted, lost: int) -> None:
        error = Text(
            f"运行它时进程被终止了 {lost} 次，今晚不再运行",
            f"The process was lost {lost} times while it ran; left out tonight",
        )
        self._end([(model, self._looking.leave_out(model, error, now=self._office.clock()))])

    def _begin(self, batch: Batch, some: Sequence[Wanted]) -> None:
        """Renew the lease, and say what is asked now: it stays until something else is asked, or the night ends."""
        at = batch.key if len(some) > 1 else some[0].scenario.scenario
        if not self._rows().update(at_model=at, lease_until=self._office.clock() + LEASE):
            raise _Left

    def _end(self, done: Sequence[tuple[Wanted, Run]]) -> None:
        """Open what was found, tell it and count it."""
        counts: dict[str, int] = dict.fromkeys(
            ("models_run", "unchanged", "new", "gone", "opened", "waiting"), 0
        )
        for model, run in done:
            opened, error = None, run.error
            if error is None:
                try:
                    opened = self._open(model, run)
                except Exception as failed:  # noqa: BLE001 - told with its cause; the others go on
                    error = cause(failed)
            counts["models_run"] += 1
            counts["unchanged"] += run.unchanged
            counts["new"] += run.new
            counts["gone"] += run.gone
            counts["opened"] += opened.opened if opened else 0
            counts["waiting"] += opened.waiting if opened else 0
            if error is not None:
                _fail(self._day, self._by, self._alias, Failure(model.scenario.scenario, error))
            self._told(Told(run, opened))
        added = {key: F(key) + count for key, count in counts.items() if count}
        if not self._rows().update(lease_until=self._office.clock() + LEASE, **added):
            raise _Left

    def _open(self, model: Wanted, run: Run) -> Opened | None:
        name = model.scenario.scenario
        if name not in self._unlinked and not (run.hits and self._looking.results.waits(name)):
            return NOTHING
        return open_hits(
            self._office, self._lake, model.scenario, servings={one.id for one in model.servings}
        )

    def _rows(self) -> QuerySet[NightRecord]:
        return _mine(self._day, self._by, self._alias)


def _flow(office: Office, lake: Path, registers: Mapping[str, Register], day: str, by: str) -> None:
    """Let our own cases flow into their registers and tidy all of them first; where that fails the models still run."""
    try:
        made = refresh(lake, registers, now=office.clock(), alias=office.alias)
    except Exception as failed:  # noqa: BLE001 - told with its cause; the models go on
        _fail(day, by, office.alias, Failure(LOOP, cause(failed)))
    else:
        for name in made.refused:
            _fail(day, by, office.alias, Failure(name, REFUSED))
    for name, register in registers.items():
        try:
            tidy(lake, register, now=office.clock())
        except Exception as failed:  # noqa: BLE001 - the same
            _fail(day, by, office.alias, Failure(name, cause(failed)))


def _fail(day: str, by: str, alias: str, failure: Failure) -> None:
    row = _mine(day, by, alias).first()
    if row is not None:
        failures = [each for each in _failures(row) if each.model != failure.model]
        failures.append(failure)
        _mine(day, by, alias).update(failures=msgspec.json.encode(failures).decode())


def night_of(day: str, alias: str = "default") -> Night | None:
    """Return what is recorded of one night."""
    row = NightRecord.objects.using(alias).filter(day=day).first()
    return _night(row) if row is not None else None


def nights(most: int = 14, alias: str = "default") -> list[Night]:
    """Return the latest nights, newest first."""
    return [_night(row) for row in NightRecord.objects.using(alias).order_by("-day")[:most]]


def _night(row: NightRecord) -> Night:
    return Night(
        day=row.day,
        began=row.began,
        ended=row.ended,
        by=row.lease_by,
        tries=row.tries,
        models=row.models_run,
        unchanged=row.unchanged,
        new=row.new,
        gone=row.gone,
        opened=row.opened,
        waiting=row.waiting,
        failures=tuple(_failures(row)),
    )


def _failures(row: NightRecord) -> list[Failure]:
    return msgspec.json.decode(row.failures, type=list[Failure])


def _mine(day: str, by: str, alias: str) -> QuerySet[NightRecord]:
    return NightRecord.objects.using(alias).filter(day=day, lease_by=by, ended__isnull=True)
