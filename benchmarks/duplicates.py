"""Likely duplicates among 100,000 open cases: how long one question takes. Run: .venv/bin/python benchmarks/duplicates.py [cases]

A temporary SQLite database with cases of one matter, spread over the real streets of Gansu and sixty days; every tenth
case is in one crowded street, so that the worst street is among the measured.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

FOLDER = tempfile.mkdtemp(prefix="zhuoli-bench-")
os.environ.update(ZHUOLI_MODE="test", ZHUOLI_DATA=FOLDER, DJANGO_SETTINGS_MODULE="zhuoli.settings")
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import django  # noqa: E402

django.setup()

import msgspec  # noqa: E402
from django.core.management import call_command  # noqa: E402

from zhuoli.core.case.compile import compile_plan  # noqa: E402
from zhuoli.core.case.rows import rows  # noqa: E402
from zhuoli.core.case.state import Case  # noqa: E402
from zhuoli.core.scenario.shelf import read_shelf  # noqa: E402
from zhuoli.office import duplicates  # noqa: E402
from zhuoli.office.likeness import matter_of  # noqa: E402
from zhuoli.places import Places, packaged_divisions  # noqa: E402
from zhuoli.store.codec import encode_state  # noqa: E402
from zhuoli.store.models import CaseRecord, StateRecord  # noqa: E402

NOW = 1_772_593_200_000
DAY = 86_400_000
KINDS = ("road_lighting", "noise", "environment", "housing", "traffic", "other")


def main(count: int) -> None:
    """Fill the database, ask, and print the figures."""
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    plan = compile_plan(
        read_shelf(Path(__file__).parents[1] / "scenarios", check=False).scenarios["public_need"]
    )
    divisions = packaged_divisions()
    towns = [each.code for each in divisions if each.level == "township"]
    rng = random.Random(1)
    batch: list[Case] = []
    subjects: list[Case] = []
    for number in range(count):
        case = Case(
            id=number + 1,
            seq=1,
            scenario="public_need",
            version="v",
            receipt=f"R{number}",
            channel="web",
            territory=towns[0] if number % 10 == 0 else rng.choice(towns),
            unit="u",
            dispatcher="d",
            opened=NOW - rng.randrange(60 * DAY),
            answers={"form.category": rng.choice(KINDS), "form.hurt": False},
        )
        batch.append(case)
        if number % (count // 200) == 0:
            subjects.append(case)
        if len(batch) == 5000 or number == count - 1:
            store(batch)
            batch = []
    places = Places(divisions)
    times = []
    for case in subjects:
        began = time.perf_counter()
        duplicates.suggest(matter_of(plan, case), lambda _v, _s: plan, places, lambda _: True)
        times.append(1000 * (time.perf_counter() - began))
    times.sort()
    print(
        f"{count:,} open cases: median {statistics.median(times):.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms, worst {times[-1]:.1f} ms"
    )


def store(cases: list[Case]) -> None:
    """Write cases as the ledger's rows are written."""
    CaseRecord.objects.bulk_create([CaseRecord(**msgspec.structs.asdict(rows(case).case)) for case in cases])
    StateRecord.objects.bulk_create(
        [StateRecord(case_id=c.id, seq=1, recorded=c.opened, head=b"", state=encode_state(c)) for c in cases]
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
