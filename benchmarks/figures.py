"""Public figures at 100,000 cases: each page as a whole request in this process, first counted and counted again.

    python benchmarks/figures.py [cases] [folder]

writes the section "figures" of benchmarks/RESULTS.md. A generated city of twenty days is lived through the door; its cases are then
copied into the rows of twenty-four months, with their instants moved, until there are so many. The copies have rows and states
but no entries of their own: figures are counted from states, and what has changed is known by entries, of which the script
adds real ones. With a folder the city is left there, to be looked at with ``./zhuoli demo --data``.
"""

# ruff: noqa: E402 - Django must know its settings before our modules are read
from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
DATA = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="zhuoli-figures-")
os.environ.update(ZHUOLI_MODE="demo", ZHUOLI_DATA=DATA, DJANGO_SETTINGS_MODULE="zhuoli.settings")
os.environ.pop("ZHUOLI_DATABASE_URL", None)

import django

django.setup()

import msgspec
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from results import machine, write_section

from zhuoli.core.case.commands import Open
from zhuoli.core.case.facts import Actor
from zhuoli.demo.build import build
from zhuoli.office.directory import install_places, load_directory, load_places
from zhuoli.office.errors import BeingCounted
from zhuoli.office.figures import Counted, Figures
from zhuoli.office.handle import Request
from zhuoli.store.codec import decode_state, encode_state
from zhuoli.store.models import CaseRecord, StateRecord
from zhuoli.web import door, when
from zhuoli.web.figures import charts, tables

DAY = 86_400_000
DAYS = 20
MONTHS = 24
TIMES = ("opened", "occurred", "accepted", "closed", "ended")
BATCH = 2_000
TRIES = 15


def fill() -> int:
    """Copy the cases of the city over two years until there are so many; return how many there are."""
    there = CaseRecord.city_cases.count()
    if there >= CASES:
        return there
    chance = random.Random(7)
    models = list(
        CaseRecord.city_cases.filter(closed__isnull=False)
        .exclude(receipt__startswith="copy-")
        .values_list("id", "snapshot__recorded", "snapshot__head")
    )
    states = {
        number: decode_state(bytes(StateRecord.objects.get(pk=number).state)) for number, _, _ in models
    }
    rows = {row["id"]: row for row in CaseRecord.objects.filter(id__in=states).values()}
    batch: list[tuple[CaseRecord, StateRecord]] = []
    last = max(CaseRecord.objects.values_list("id", flat=True))
    for number in range(1, CASES - there + 1):
        old, recorded, head = chance.choice(models)
        back = chance.randrange(1, MONTHS * 30) * DAY
        moved = {name: rows[old][name] - back for name in TIMES if rows[old][name] is not None}
        ident = last + number
        state = msgspec.structs.replace(states[old], id=ident, receipt=f"copy-{ident}", **moved)
        row = CaseRecord(**{**rows[old], **moved, "id": ident, "receipt": f"copy-{ident}"})
        kept = StateRecord(
            case_id=ident, seq=row.seq, recorded=recorded - back, head=head, state=encode_state(state)
        )
        batch.append((row, kept))
        if len(batch) == BATCH:
            _write(batch)
    _write(batch)
    connection.cursor().execute("PRAGMA optimize")
    return CaseRecord.city_cases.count()


def _write(batch: list[tuple[CaseRecord, StateRecord]]) -> None:
    CaseRecord.objects.bulk_create([row for row, _ in batch], batch_size=500)
    StateRecord.objects.bulk_create([state for _, state in batch], batch_size=500)
    batch.clear()


def timed(do: Callable[[], Any]) -> float:
    """Return how many ms something took."""
    begun = time.perf_counter()
    do()
    return 1000 * (time.perf_counter() - begun)


def counted_or_told(figures: Figures) -> None:
    """Wait as long as a page does: until everything is counted, or until it is told that it takes longer."""
    with suppress(BeingCounted):
        figures.counted()


def counted(figures: Figures) -> Counted:
    """Ask until everything is counted."""
    while True:
        try:
            return figures.counted()
        except BeingCounted:
            continue


def open_one(place: str) -> None:
    """Raise a real matter, so that the ledger has a new entry."""
    door.office().handle(
        Request(
            key=str(uuid.uuid4()),
            scenario="public_need",
            actor=Actor(kind="party", party="p1"),
            command=Open(
                receipt="",
                channel="web",
                parties={"requester": "p1"},
                answers={
                    "danger": "none",
                    "story": "The lamp before the school has been dark for a week.",
                    "category": "road_lighting",
                    "hurt": False,
                    "place": place,
                    "contact": "receipt",
                },
            ),
        )
    )


def pages() -> Iterator[tuple[str, str]]:
    """Yield what is measured: words and address."""
    month = tables.month_key(tables.month_of(when.now()) - 1)
    yield "the page, whole province", "/zh/figures/"
    yield "one city", "/zh/figures/?place=6201"
    yield "one county, one matter", "/zh/figures/?place=620102&scenario=public_need"
    yield "one month by county", f"/zh/figures/?month={month}&by=county&rate=on_time"
    yield "a scenario's own indicators", "/zh/figures/public_need/"
    yield "JSON", "/zh/figures.json"
    yield "CSV by county", "/zh/figures.csv?by=county"


def main() -> None:
    """Make, fill, measure, write."""
    call_command("migrate", verbosity=0, interactive=False)
    install_places()
    load_directory(fresh=True)
    load_places(fresh=True)
    if not CaseRecord.objects.exists():
        build(seed=7, days=DAYS, now=when.now())
    number = fill()
    client = Client(headers={"Accept-Language": "zh"})
    cache.clear()
    figures = Figures(door.office().library, when.now)
    told = timed(lambda: counted_or_told(figures))
    everything = told + timed(lambda: counted(figures))
    kept = timed(Figures(door.office().library, when.now).counted)
    warm = timed(charts.warm)
    rows: list[str] = []
    for path in ("/zh/figures/?place=6205", "/zh/figures/small_case/"):
        client.get(path)  # the first request of a process reads its templates
    for words, path in pages():
        charts.trend.cache_clear()
        begun = time.process_time()
        first = timed(lambda path=path: client.get(path))
        first_spent = 1000 * (time.process_time() - begun)
        took, spent = [], []
        for _ in range(TRIES):
            begun = time.process_time()
            took.append(timed(lambda path=path: client.get(path)))
            spent.append(1000 * (time.process_time() - begun))
        after = []
        for _ in range(5):
            open_one("620102001000")
            after.append(timed(lambda path=path: client.get(path)))
        rows.append(
            f"| {words} | {first:.0f} | {first_spent:.0f} | {statistics.median(took):.0f} | {max(took):.0f} | {statistics.median(spent):.0f} | {statistics.median(after):.0f} |"
        )
        print(rows[-1], flush=True)
    write_section(
        "figures",
        [
            f"Public figures at {number:,} cases of {MONTHS} months, whole requests in one process, on SQLite. *First*: the chart is drawn anew."
            " *After a command*: a matter has just been raised in the busiest cell (one scenario, one county, one month), which is counted"
            " again before the page is shown.",
            f"The machine had {os.getloadavg()[0]:.0f} processes waiting for its {os.cpu_count()} processors, so look at the processor's time, too.",
            "",
            "| what | first, ms | of processor | p50, ms | worst, ms | p50 of processor | after a command, ms |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            f"Counting everything, once for a new server: {everything / 1000:.1f} s, beside; whoever asks meanwhile is told so after {told / 1000:.1f} s, with how far"
            f" it is; taking what an earlier process has counted: {kept:.0f} ms; beginning the drawing"
            f" machine: {warm:.0f} ms. A server does these before it is asked.",
            "",
            f"{machine('django')}, other work on the machine. Repeat: `python benchmarks/figures.py`.",
        ],
    )


if __name__ == "__main__":
    main()
