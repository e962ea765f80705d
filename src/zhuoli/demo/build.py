"""Makes the demonstration in an empty database: province, units, and so many days of life.

Django must be set up before this module is imported.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import msgspec
from django.db import connection

from zhuoli.capabilities import REGISTRY
from zhuoli.core.case.commands import ReportService
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.state import OPEN_STATUS
from zhuoli.core.scenario.shelf import read_shelf
from zhuoli.core.worktime import statutory_calendar
from zhuoli.core.worktime.instants import DAY, day_begins, day_of
from zhuoli.demo.city import City, Lived
from zhuoli.demo.films import Films
from zhuoli.demo.folder import Sample
from zhuoli.demo.life import Life, checked_receipt, receipt_body
from zhuoli.demo.pictures import Album
from zhuoli.demo.providers import made_providers
from zhuoli.demo.registers import chooser, fill_before
from zhuoli.demo.signing import GeneratedCodes
from zhuoli.demo.texts import demo_texts
from zhuoli.environment import read_environment
from zhuoli.office import read
from zhuoli.office.directory import load_directory, load_places
from zhuoli.office.handle import Handled, Office, Request
from zhuoli.office.seals import DemonstrationSeal
from zhuoli.office.worker import Worker
from zhuoli.places.providers import FILE, written
from zhuoli.store.files import QuickFileStore
from zhuoli.store.keys import KeyRing, read_master_key
from zhuoli.store.tree import seal

_BEGIN = 1_577_836_800_000


class Built(msgspec.Struct, frozen=True, kw_only=True):
    """What was made. Instants in ms UTC."""

    began: int
    ended: int
    lived: Lived
    samples: tuple[Sample, ...]


class _Clock:
    """The clock of the office while the past is lived through."""

    def __init__(self, at: int) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at


class _Door:
    """The office, told of the files first."""

    def __init__(self, office: Office, files: QuickFileStore) -> None:
        self._office, self._files = office, files

    def handle_many(self, requests: Iterable[Request]) -> list[Handled]:
        self._files.flush()
        return self._office.handle_many(requests)


class _Numbers:
    """Case ids in the form of ``office.numbers`` that follow from the order of cases instead of chance."""

    def __init__(self) -> None:
        self._count = 0

    def next(self, now: int) -> int:
        self._count += 1
        return max(now - _BEGIN, 0) << 20 | self._count % (1 << 14)


def _receipts(seed: int) -> Callable[[], str]:
    """Return what draws the receipt numbers of matters that others open; they follow from the seed."""
    rng = random.Random(f"{seed}/receipts")  # noqa: S311 - a demonstration, no secret
    return lambda: checked_receipt(receipt_body(rng))


def build(
    *,
    seed: int,
    days: int,
    now: int,
    volume: float = 1.0,
    told: Callable[[int], None] | None = None,
) -> Built:
    """Live through ``days`` days up to ``now`` (ms UTC); ``told`` hears each instant that has been reached.

    Raises:
        ValueError: the shelf has none of the scenarios that the demonstration has texts for.
    """
    environment = read_environment()
    master = read_master_key(environment)
    files = QuickFileStore(environment.data / "files", KeyRing(master))
    clock = _Clock(now - days * DAY)
    shelf = read_shelf(environment.scenarios, cache=environment.data / "shelf.cache")
    calendar = statutory_calendar()
    office = Office(shelf, load_directory(fresh=True), calendar, clock=clock, master=master, files=files)
    office.signing = GeneratedCodes()
    office.seal = DemonstrationSeal()
    office.numbers = _Numbers()  # type: ignore[assignment]
    office.draw_receipt = _receipts(seed)
    texts = demo_texts()
    plans = {name: office.library.current(name) for name in texts.scenarios if name in shelf.scenarios}
    if not plans:
        raise ValueError(f"none of {', '.join(texts.scenarios)} is on the shelf {environment.scenarios}")
    fill_before(seed=seed, now=now)
    hand = Worker(office, REGISTRY, name="demo")

    def perform(life: Life, task: str, at: int) -> ReportService:
        """Carry out a service task as the worker does, at the simulated instant."""
        clock.at = at
        item = life.state.items[task]
        job = hand.job(life.plan, life.state, task, item.run, item.attempt + 1)
        result, error = hand.carry_out(job, life.plan)
        return ReportService(
            task=task,
            attempt=job.attempt,
            ok=not error,
            values=result.values,
            files=result.files,
            error=error,
            opened=result.opened,
        )

    def look(life: Life, actor: Actor, at: int) -> None:
        """Read what the requester has written, for the scenario's first purpose that covers it; the look is kept."""
        clock.at = at
        party = life.party("requester")
        own = {name for name, value in life.state.personal.items() if value.party == party}
        for name, purpose in life.plan.scenario.privacy.purposes.items():
            fields = sorted(own & set(purpose.fields) if purpose.fields else own)
            if fields:
                read.open_personal(office, life.state.id, party, fields, name, actor)
                return

    city = City(
        _Door(office, files),
        plans,
        load_directory(),
        load_places(fresh=True),
        calendar,
        texts,
        seed=seed,
        evidence=Album(files).take,
        perform=perform,
        look=look,
        volume=volume,
        films=Films(files, now),
        rows=chooser(),
    )
    heads = environment.data / "tree-heads.jsonl"
    began = now - days * DAY
    sealed = day_of(began)

    def tell(at: int) -> None:
        nonlocal sealed
        if day_of(at) >= sealed + 7:  # each week; the worker does it each night
            sealed = day_of(at)
            seal(heads, day_begins(sealed))
        if told is not None:
            told(at)

    (environment.data / FILE).write_text(written(made_providers(load_places())), encoding="utf-8")
    with _hurried():
        lived = city.live(began, now, tell)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return Built(began=began, ended=now, lived=lived, samples=_samples(city, office))


@contextmanager
def _hurried() -> Iterator[None]:
    """Do not wait for the disk, nor look for garbage, while everything can still be made again.

    At the end the database is made durable, once. Whoever is interrupted before begins afresh, since the mark of
    completion is missing.
    """
    sqlite = connection.vendor == "sqlite"
    _pragma(sqlite, "synchronous=OFF", "wal_autocheckpoint=8000")
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        _pragma(
            sqlite, "optimize", "synchronous=NORMAL", "wal_checkpoint(TRUNCATE)", "wal_autocheckpoint=1000"
        )


def _pragma(sqlite: bool, *settings: str) -> None:
    if sqlite:
        with connection.cursor() as cursor:
            for setting in settings:
                cursor.execute(f"PRAGMA {setting}")


def _samples(city: City, office: Office) -> tuple[Sample, ...]:
    """Return the newest case of each scenario in each state that one may want to see as a requester."""
    found: dict[tuple[str, str], Sample] = {}
    for life in reversed(city.lives):
        if life.case is None or not life.case.territory.startswith("6201"):
            continue
        case = life.case
        if case.status not in (*OPEN_STATUS, "closed", "settled") or (case.scenario, case.status) in found:
            continue
        key = life.opened_with
        code = office.receipts.code(key, case.receipt)
        if office.receipts.check(case.receipt, code) == case.id:
            found[case.scenario, case.status] = Sample(
                receipt=case.receipt, code=code, scenario=case.scenario, status=case.status
            )
    return tuple(sorted(found.values(), key=lambda each: (each.scenario, each.status)))
