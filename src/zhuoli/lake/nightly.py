"""The night: once a day one worker runs every model on the menu, and what is found becomes cases.

A worker takes the night under a lease and renews it before each model, so two workers never both run it. One that is killed
leaves a lease that runs out; the next one goes on: what was run is not run again, and a case is opened once. A model that fails is
told with its cause and stops nothing; one at which a worker was lost twice is left out that night.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event as Flag

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from zhuoli.core.registers.model import Register
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.queries import Serving
from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.lake.loop import refresh
from zhuoli.lake.night import Run, cause, inputs_of, record, run_one, unchanged, with_queries
from zhuoli.lake.opening import Opened, open_hits
from zhuoli.lake.tidying import tidy
from zhuoli.office.handle import Office
from zhuoli.office.menu import menus
from zhuoli.store.models import NightRecord

LEASE = 15 * 60_000
"""How long (ms) a night is left to the worker that has it; longer than the longest query."""
STRIKES = 2
"""After so many lost workers a model is left out for the night."""
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
    served = {name: one.served for name, one in menus(models.values(), alias).items()}
    for name, scenario in models.items():
        if stop is not None and stop.is_set():
            _mine(day, by, alias).update(lease_until=0, at_model="")
            return None
        if served[name] and not _one(office, lake, registers, scenario, served[name], day, by, again, told):
            return None
    if not _mine(day, by, alias).update(ended=office.clock(), lease_until=0, at_model=""):
        return None
    return night_of(day, alias)


def _one(
    office: Office,
    lake: Path,
    registers: Mapping[str, Register],
    scenario: Scenario,
    servings: list[Serving],
    day: str,
    by: str,
    again: bool,
    told: Callable[[Told], None],
) -> bool:
    """Run one model and open what it found; False when the night is no longer ours."""
    alias, name, now = office.alias, scenario.scenario, office.clock()
    run, opened = None, None
    try:
        run = None if again else unchanged(lake, scenario, servings, now=now)
        if run is None:
            if not _mine(day, by, alias).update(at_model=name, lease_until=now + LEASE):
                return False
            run = _struck_out(lake, scenario, servings, day, alias, now) or run_one(
                lake, registers, scenario, servings, now=now, again=again
            )
        if run.error is None:
            opened = open_hits(office, lake, scenario, now=now, servings={one.id for one in servings})
        error = run.error
    except Exception as failed:  # noqa: BLE001 - told with its cause; the others go on
        error = cause(failed)
    counts = {
        "models_run": 1,
        "unchanged": int(run is not None and run.unchanged),
        "new": run.new if run else 0,
        "gone": run.gone if run else 0,
        "opened": opened.opened if opened else 0,
        "waiting": opened.waiting if opened else 0,
    }
    if error is not None:
        _fail(day, by, alias, Failure(name, error))
    if run is not None:
        told(Told(run, opened))
    added = {key: F(key) + count for key, count in counts.items() if count}
    return bool(_mine(day, by, alias).update(at_model="", **added))


def _struck_out(
    lake: Path, scenario: Scenario, servings: list[Serving], day: str, alias: str, now: int
) -> Run | None:
    """Return the run of a model at which workers were lost too often: it is not run, and says so."""
    row = NightRecord.objects.using(alias).get(day=day)
    lost = msgspec.json.decode(row.struck, type=dict[str, int]).get(scenario.scenario, 0)
    if lost < STRIKES:
        return None
    error = Text(
        f"运行它时进程被终止了 {lost} 次，今晚不再运行",
        f"The process was lost {lost} times while it ran; left out tonight",
    )
    run = Run(
        scenario=scenario.scenario,
        version=scenario.version,
        at=now,
        inputs=inputs_of(lake, scenario, servings, now),
        seconds=0.0,
        servings=len(servings),
        rows_read=0,
        hits=0,
        new=0,
        still=0,
        gone=0,
        error=error,
    )
    record(lake, run)
    return run


def _flow(office: Office, lake: Path, registers: Mapping[str, Register], day: str, by: str) -> None:
    """Let our own cases flow into their registers and tidy all of them first; where that fails the models still run."""
    try:
        refresh(lake, registers, now=office.clock(), alias=office.alias)
    except Exception as failed:  # noqa: BLE001 - told with its cause; the models go on
        _fail(day, by, office.alias, Failure(LOOP, cause(failed)))
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
