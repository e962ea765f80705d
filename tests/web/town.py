"""A town in which weeks have been lived: real cases of two districts by the demonstration's own people."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from tests.once import made_once
from tests.web.site import WEDNESDAY, Clock, fresh_site, written_out

from zhuoli.core.case.evolve import evolve_entry
from zhuoli.core.case.state import Case
from zhuoli.office import read
from zhuoli.store.models import CaseRecord

NOW = WEDNESDAY + 4 * 3_600_000
DAYS = 40


@pytest.fixture(scope="module")
def town(site_template: Path, run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clock]:
    """The site after forty days; its clock."""
    lived = made_once(run_folder / "town.sqlite3", partial(_live, site_template))
    with fresh_site(lived, tmp_path_factory.mktemp("town") / "site.sqlite3") as clock:
        clock.now = NOW
        yield clock


def _live(template: Path, path: Path) -> None:
    from zhuoli.demo import build
    from zhuoli.demo.films import Films

    with fresh_site(template, path) as clock, pytest.MonkeyPatch.context() as patch:
        clock.now = NOW
        patch.setattr(build, "Films", partial(Films, most=1))  # to look through a video takes seconds
        build.build(seed=7, days=DAYS, now=NOW, volume=0.25)
        written_out()


def replayed() -> list[Case]:
    """Return every case as its ledger tells it, from the first entry on, without any row or snapshot."""
    found = []
    for number in CaseRecord.objects.values_list("id", flat=True):
        case = Case(id=number)
        for entry in read.history(number):
            case = evolve_entry(case, entry.events, entry.at)
        found.append(case)
    return found
