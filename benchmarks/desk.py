"""The desk at 100,000 cases: inbox, filter, search, case and an act, each as a whole request in this process.

    python benchmarks/desk.py [cases]

writes the section "desk" of benchmarks/RESULTS.md, in about five minutes. The cases are opened in bulk through the door, over the
units of Lanzhou's two inner districts, so that single units have tens of thousands: far more than any real inbox. A request goes
through Django with session, middleware and template, as a browser's does, but without a network and on one core.

Beside it stand the figures of Signalen 2.50 at 100,000 reports, as cited in the project's notes: measured on two shared cores with
PostgreSQL, over HTTP, on another day. They say where the nearest product in Django stands, not by which factor we are faster.
"""

# ruff: noqa: E402 - Django must know its settings before our modules are read
from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
DATA = tempfile.mkdtemp(prefix="zhuoli-desk-")
os.environ.update(ZHUOLI_MODE="demo", ZHUOLI_DATA=DATA, DJANGO_SETTINGS_MODULE="zhuoli.settings")
os.environ.pop("ZHUOLI_DATABASE_URL", None)

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from results import machine, write_section
from tests.web.site import here

from zhuoli.core.case.commands import Open
from zhuoli.core.case.facts import Actor
from zhuoli.office.directory import install_places, load_directory, load_places
from zhuoli.office.handle import Request
from zhuoli.store.models import CaseRecord, TaskRecord
from zhuoli.web import door

CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
BATCH = 1_000
DAYS = 30
SECONDS = 2.0


def fill() -> float:
    """Open the cases over the last days; return cases per second."""
    office = door.office()
    streets = [each.code for each in here() if each.level == "township"]
    choices = door.plan("public_need").forms["form"].questions["category"].question.choices
    kinds = [name for name in choices if name != "noise"]  # which would ask one more question
    now = time.time_ns() // 1_000_000
    began = time.perf_counter()
    for start in range(0, CASES, BATCH):
        office.handle_many(
            Request(
                key=str(uuid.uuid4()),
                scenario="public_need",
                actor=Actor(kind="party", party=f"p{number}"),
                at=now - DAYS * 86_400_000 + number * (DAYS * 86_400_000 // CASES),
                command=Open(
                    receipt="",
                    channel="web",
                    parties={"requester": f"p{number}"},
                    answers={
                        "danger": "none",
                        "story": "The lamp before the school has been dark for a week.",
                        "category": kinds[number % len(kinds)],
                        "hurt": False,
                        "place": streets[number * 7 % len(streets)],
                        "contact": "receipt",
                    },
                ),
            )
            for number in range(start, min(start + BATCH, CASES))
        )
    return CASES / (time.perf_counter() - began)


def measure(ask: Callable[[], Any]) -> tuple[float, float, float, int]:
    """Return requests per second, p50 and p95 in ms, and statements of one request."""
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
        assert answer.status_code == 200, answer.status_code
    asked = len(captured.captured_queries)
    for _ in range(3):
        ask()
    took: list[float] = []
    began = time.perf_counter()
    while time.perf_counter() - began < SECONDS or len(took) < 20:
        start = time.perf_counter()
        ask()
        took.append(time.perf_counter() - start)
    took.sort()
    p95 = took[int(len(took) * 0.95) - 1]
    return 1 / statistics.fmean(took), 1000 * statistics.median(took), 1000 * p95, asked


def measured_board() -> list[str]:
    """Return rows for the board of the district's supervisor: the page, and what an open board asks again and again."""
    client = Client(headers={"Accept-Language": "zh"})
    client.get("/zh/personas/")
    client.post("/zh/personas/choose/", {"post": "gov-620102/supervisor"})
    rows = []
    for name, path in {"board, page": "/zh/board/", "board, poll": "/zh/board/live/"}.items():
        rate, p50, p95, asked = measure(lambda path=path: client.get(path))
        rows.append(
            f"| the supervisor of a district: {name} | {rate:.1f} | {p50:.0f} | {p95:.0f} | {asked} |"
        )
        print(rows[-1], flush=True)
    return rows


def main() -> None:
    """Fill, measure, write."""
    call_command("migrate", verbosity=0, interactive=False)
    install_places(here())
    load_directory(fresh=True)
    load_places(fresh=True)
    per_second = fill()
    tasks = (
        TaskRecord.objects.filter(state="active").exclude(unit="").values_list("unit", flat=True).iterator()
    )
    held: dict[str, int] = {}
    for unit in tasks:
        held[unit] = held.get(unit, 0) + 1
    handling = [unit for unit in held if unit.startswith(("urban-", "psb-", "housing-", "street-"))]
    busiest = max(handling, key=lambda unit: held[unit])
    usual = min(handling, key=lambda unit: abs(held[unit] - 1000))
    connection.cursor().execute("PRAGMA optimize")
    rows: list[str] = []
    for unit, said in ((usual, "a unit with"), (busiest, "the busiest unit, with")):
        client = Client(headers={"Accept-Language": "zh"})
        client.get("/zh/personas/")
        client.post("/zh/personas/choose/", {"post": f"{unit}/officer"})
        case = CaseRecord.objects.filter(unit=unit).order_by("-opened").first()
        assert case is not None
        pages = {
            "inbox, list of 50": "/zh/desk/",
            "inbox by clock and place": f"/zh/desk/?clock=green&place={case.town}",
            "search, a frequent word": "/zh/desk/?q=城关",
            "search, two words": "/zh/desk/?q=城关 路灯",
            "search, nothing found": "/zh/desk/?q=没有这个词",
            "case page": f"/zh/desk/cases/{case.id}/",
        }
        for name, path in pages.items():
            rate, p50, p95, asked = measure(lambda path=path, client=client: client.get(path))
            rows.append(
                f"| {said} {held[unit]:,} open cases: {name} | {rate:.1f} | {p50:.0f} | {p95:.0f} | {asked} |"
            )
            print(rows[-1], flush=True)
    rows += measured_board()
    write_section(
        "desk",
        [
            f"The desk at {CASES:,} cases, opened in bulk through the door ({per_second:,.0f} per second). Whole requests in one process, on SQLite.",
            "The number of statements is the same whatever the number of cases (asserted in `tests/web/test_desk.py`).",
            "",
            "| what | requests per s | p50, ms | p95, ms | statements |",
            "|---|---|---|---|---|",
            *rows,
            "",
            "*Cited*, not measured in this run (PostgreSQL, over HTTP, two shared cores): Signalen 2.50 at 100,000 reports, list of 50 by status 1.1,",
            "by status and area 1.6, overdue 0.5 requests per s, p50 1.7 s, 389 statements; reading one 18.6 per s.",
            "",
            f"{machine('django')}, SQLite NORMAL. Repeat: `python benchmarks/desk.py`.",
        ],
    )


if __name__ == "__main__":
    main()
