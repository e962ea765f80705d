"""What a register keeps no longer goes, and nothing else: rows past their deletion period, old rejects, old generations."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhuoli.core.worktime.instants import DAY, HOUR
from zhuoli.lake.folder import Busy, RegisterFolder
from zhuoli.lake.importing import import_file
from zhuoli.lake.reading import connect
from zhuoli.lake.rejects import KEPT_DAYS
from zhuoli.lake.tidying import tidy

from .helpers import NOW, TOWN_ROWS, registers

HEAD = "van,town,due\n"
TODAY = date(2024, 6, 1)
KEPT = 3650  # days, by the field due


def fill(folder: Path, rows: str, now: int = NOW) -> Path:
    known = registers(folder)
    for name, text in (("towns", TOWN_ROWS), ("vans", rows)):
        path = folder / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        import_file(folder / "lake", known, name, path, now=now)
    return folder / "lake"


def vans(lake: Path, folder: Path) -> list[int]:
    connection = connect(lake, [registers(folder)["vans"]])
    found = [int(row[0]) for row in connection.execute("SELECT van FROM vans ORDER BY van").fetchall()]
    connection.close()
    return found


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ages=st.lists(st.integers(0, KEPT), min_size=1, max_size=6), later=st.integers(0, 40))
def test_rows_go_when_their_time_is_over_and_no_others(
    tmp_path_factory: pytest.TempPathFactory, ages: list[int], later: int
) -> None:
    folder = tmp_path_factory.mktemp("tidy")
    rows = "".join(
        f"{n},62010{2 + n % 2}001000,{TODAY - timedelta(days=age)}\n" for n, age in enumerate(ages, start=1)
    )
    lake = fill(folder, HEAD + rows)
    register = registers(folder)["vans"]
    before = RegisterFolder(lake, "vans").state()
    assert before is not None
    made = tidy(lake, register, now=NOW + later * DAY)
    stay = [n for n, age in enumerate(ages, start=1) if age + later <= KEPT]
    assert vans(lake, folder) == stay
    assert made.rows == len(ages) - len(stay)
    after = RegisterFolder(lake, "vans").state()
    assert after is not None
    assert (after.rows, after.at, after.digest) == (len(stay), before.at, before.digest)
    assert (after.generation == before.generation) == (made.rows == 0), (
        "nothing is written where nothing goes"
    )
    assert tidy(lake, register, now=NOW + later * DAY).rows == 0


def test_what_was_removed_is_gone_from_the_disk_the_next_time(tmp_path: Path) -> None:
    lake = fill(tmp_path, HEAD + "1,620102001000,2014-06-10\n2,620103001000,2024-01-01\n")
    register = registers(tmp_path)["vans"]
    first = tidy(lake, register, now=NOW + 30 * DAY)
    assert (first.rows, first.generations) == (1, 0)

    def on_disk() -> list[int]:
        files = list((lake / "vans").rglob("*.parquet"))
        return sorted(
            value for path in files for value in pyarrow.parquet.read_table(path)["van"].to_pylist()
        )

    assert on_disk() == [1, 2, 2], "whoever reads the state before may finish"
    assert tidy(lake, register, now=NOW + 30 * DAY + HOUR // 2).generations == 0
    assert tidy(lake, register, now=NOW + 31 * DAY).generations == 1
    assert on_disk() == [2]


def test_rows_that_were_not_taken_are_kept_for_thirty_days(tmp_path: Path) -> None:
    lake = fill(tmp_path, HEAD + "1,620102001000,2024-01-01\nx,620102001000,2024-01-01\n")
    register = registers(tmp_path)["vans"]
    state = RegisterFolder(lake, "vans").state()
    assert state is not None
    rejects = RegisterFolder(lake, "vans").rejects(state)
    assert rejects.exists()
    assert tidy(lake, register, now=NOW + KEPT_DAYS * DAY).rejects == 0
    assert tidy(lake, register, now=NOW + KEPT_DAYS * DAY + 1).rejects == 1
    assert not rejects.exists()


def test_what_is_being_imported_or_not_there_is_left_alone(tmp_path: Path) -> None:
    lake = fill(tmp_path, HEAD + "1,620102001000,2014-06-10\n")
    register = registers(tmp_path)["vans"]
    with RegisterFolder(lake, "vans").writing(f"{NOW + DAY:014d}-x"), pytest.raises(Busy):
        tidy(lake, register, now=NOW + 100 * DAY)
    assert vans(lake, tmp_path) == [1]
    assert tidy(tmp_path / "nowhere", register, now=NOW).total == 0
    # A register all of whose rows are past their time is an empty one.
    assert tidy(lake, register, now=NOW + 100 * DAY).rows == 1
    assert vans(lake, tmp_path) == []
