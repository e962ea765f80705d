"""The results table: every hit is new, still there or gone; all of a query's results or none; older folders are taken in once."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuoli.lake.folder import RegisterFolder, State
from zhuoli.lake.hits import Hit
from zhuoli.lake.results import FILE, KEPT_DAYS, Results, Row, Run, last_run, read_hits, runs_of


def run(at: int, model: str = "m") -> Run:
    return Run(scenario=model, version="v", at=at, inputs="i", seconds=0.1, servings=1, rows_read=1, hits=0, new=0, still=0, gone=0)  # fmt: skip


def row(number: int, serving: str = "a", reason: str = "甲") -> Row:
    return (serving, str(number), f"S{number}", "620102000000", reason, "A", "{}")


@given(st.lists(st.sets(st.integers(0, 8)), max_size=8))
def test_every_hit_is_new_still_there_or_gone(nights: list[set[int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("zhuoli.lake.results.FILE", ":memory:")
        patch.setattr(Path, "__truediv__", lambda _, name: name)
        with Results(Path()) as results:
            before: set[int] = set()
            known = 0
            for at, numbers in enumerate(nights, start=1):
                [told] = results.keep([(run(at), {"a"}, [row(number) for number in numbers])])
                assert (told.new, told.still, told.gone, told.hits) == (
                    len(numbers - before),
                    len(numbers & before),
                    len(before - numbers),
                    len(numbers),
                )
                hits = results.hits("m")
                known += told.new
                assert len(hits) == known, (
                    "nothing known is forgotten, and what comes back is a hit of its own"
                )
                assert {int(one.same) for one in hits if one.gone is None} == numbers
                assert {one.last_seen for one in hits if one.gone is None} <= {at}
                before = numbers


def test_what_still_stands_keeps_its_case_and_tells_the_latest_reason(tmp_path: Path) -> None:
    with Results(tmp_path) as results:
        results.keep([(run(1), {"a", "b"}, [row(1), row(1, "b"), row(2, "b")])])
        assert results.waits("m")
        cased = [msgspec.structs.replace(hit, case_id=7) for hit in results.hits("m")]
        results.set_cases("m", cased)
        assert not results.waits("m")
        assert results.opened() == {"m": 2}
        [told] = results.keep([(run(2), {"a"}, [row(1, reason="乙")])])
        assert (told.new, told.still, told.gone) == (0, 1, 0), "nobody has looked for b"
        one = next(hit for hit in results.hits("m", standing=True) if hit.serving == "a")
        assert (one.first_seen, one.last_seen, one.case_id, one.reason_zh) == (1, 2, 7, "乙")
        results.keep([(run(3), {"a"}, []), (run(3), {"a"}, None)])
        assert [hit.gone for hit in results.hits("m") if hit.serving == "a"] == [3]
        results.keep([(run(4), {"a"}, [row(1)])])
        assert [hit.case_id for hit in results.hits("m", standing=True)] == [None, 7, 7]


def test_all_of_a_query_or_nothing(tmp_path: Path) -> None:
    with Results(tmp_path) as results:
        broken = ("a", "1", None, "62", "甲", "A", "{}")
        with pytest.raises(Exception, match="NOT NULL"):
            results.keep([(run(1), {"a"}, [row(1)]), (run(1, "other"), {"a"}, [broken])])  # type: ignore[list-item]
        assert results.hits("m") == ()
        assert results.last() == {}
    assert read_hits(tmp_path, "m") == ()


def test_runs_are_recorded_and_forgotten_after_their_time(tmp_path: Path) -> None:
    with Results(tmp_path) as results:
        for at in (1, 2, 3):
            results.keep([(run(at * 86_400_000), {"a"}, [row(1)]), (run(at, "other"), {"a"}, [])])
        assert {name: one.at for name, one in results.last().items()} == {"m": 3 * 86_400_000, "other": 3}
        results.forget_runs((KEPT_DAYS + 2) * 86_400_000)
    assert [one.at for one in runs_of(tmp_path, "m")] == [2 * 86_400_000, 3 * 86_400_000]
    assert last_run(tmp_path, "other") is None
    assert len(read_hits(tmp_path, "m")) == 1


def test_whoever_only_reads_makes_no_file(tmp_path: Path) -> None:
    assert (read_hits(tmp_path, "m"), runs_of(tmp_path, "m"), last_run(tmp_path, "m")) == ((), [], None)
    assert not (tmp_path / FILE).exists()


def test_folders_of_earlier_versions_are_taken_in_once(tmp_path: Path) -> None:
    hit = Hit(serving="a", same="1", subject="S1", territory="62", reason_zh="甲", reason_en="A", evidence="{}", first_seen=1, last_seen=2, case_id=9)  # fmt: skip
    folder = RegisterFolder(tmp_path, "hits.m")
    with folder.writing("00000000000001-a") as stage:
        (stage / "new").mkdir()
        pa.parquet.write_table(
            pa.Table.from_pylist([msgspec.structs.asdict(hit)]), stage / "new" / "hits.parquet"
        )
        folder.publish(stage / "new", State(generation="00000000000001-a", rows=1, origin="own", at=1))
    (tmp_path / "hits.m" / "runs.jsonl").write_bytes(
        msgspec.json.encode(run(1)) + b"\n" + msgspec.json.encode(run(2)) + b'\n{"torn":'
    )
    assert read_hits(tmp_path, "m") == (hit,)
    assert [one.at for one in runs_of(tmp_path, "m")] == [1, 2]
    with Results(tmp_path) as results:
        results.keep([(run(3), {"a"}, [])])
    assert [one.gone for one in read_hits(tmp_path, "m")] == [3]
