"""Models that share a query give what each gives alone; a query of which that is not plain from its text is not shared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from threading import Event
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.queries import Serving
from zhuoli.core.text import Text
from zhuoli.lake import engine, finds
from zhuoli.lake.engine import Engine
from zhuoli.lake.importing import import_file
from zhuoli.lake.looking import Looking, Wanted
from zhuoli.lake.night import night, servings_of, with_queries
from zhuoli.lake.query_check import check_query
from zhuoli.lake.results import Results, Run, read_hits
from zhuoli.lake.sharing import shape_of

from .helpers import NOW
from .test_model import FIRE, REGISTERS, ROWS, SHELF, VANS, fill

MODELS = with_queries(SHELF)
Hits = dict[str, set[tuple[str, ...]]]
BY_ITSELF = {"van_safety_campaign"}
"""Models of the shelf whose text does not show that servings are apart: two sources are put together by UNION."""


def serving(name: str, territory: str = "", **values: int) -> Serving:
    return Serving(id=name, title=Text("甲", "A"), territory=territory, values=values)


def found(lake: Path, models: Mapping[str, Scenario]) -> Hits:
    """What stands, as it was found: everything but the instants."""
    return {
        name: {
            (hit.serving, hit.same, hit.subject, hit.territory, hit.reason_zh, hit.reason_en, hit.evidence)
            for hit in read_hits(lake, name)
            if hit.gone is None
        }
        for name in models
    }


def alone(lake: Path, models: Mapping[str, Scenario], servings: Mapping[str, list[Serving]]) -> Hits:
    """Each model asked by itself, as its text is written, on a connection of its own."""
    made: Hits = {}
    for name, one in models.items():
        with Engine(lake, REGISTERS) as asked:
            asked.see(one.query.reads if one.query else ())
            answer = asked.ask(one, servings[name], shape=None, now=NOW)
        assert not answer.bad
        made[name] = {row for rows in answer.rows.values() for row in rows}
    return made


@pytest.mark.parametrize("name", MODELS)
def test_what_is_on_the_shelf_may_be_shared(name: str) -> None:
    assert shape_of(MODELS[name], REGISTERS).separable == (name not in BY_ITSELF)


@pytest.mark.parametrize(
    ("name", "example"), [(name, example) for name, one in MODELS.items() for example in one.finds]
)
def test_worked_examples_are_found_together_as_alone(
    name: str, example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, find = MODELS[name], MODELS[name].finds[example]
    assert one.query is not None
    for register, rows in find.registers.items():
        finds.fill(tmp_path, REGISTERS[register], rows)
    now = (date.fromisoformat(find.today) - date(1970, 1, 1)).days * 86_400_000
    # The same under two names, with their servings the other way round, other defaults, and territories that overlap.
    parameters = {
        key: msgspec.structs.replace(each, default=min(each.default + 1, each.maximum))
        for key, each in one.query.parameters.items()
    }
    other = msgspec.structs.replace(
        one, scenario="other", query=msgspec.structs.replace(one.query, parameters=parameters)
    )
    models = {name: one, "other": other}
    wider = [serving(f"x{digits}", "620102006001"[:digits]) for digits in (0, 2, 4, 6)]
    monkeypatch.setattr(engine, "OFTEN", 1)
    servings = {name: [*servings_of(one), *wider], "other": [*wider, *reversed(servings_of(one))]}
    expected: Hits = {}
    for key, each in models.items():
        with Engine(tmp_path, REGISTERS) as asked:
            asked.see(one.query.reads)
            answer = asked.ask(each, servings[key], shape=None, now=now)
        expected[key] = {row for rows in answer.rows.values() for row in rows}
    monkeypatch.setattr(engine, "MANY", 1)
    runs = night(tmp_path, REGISTERS, models.values(), now=now, servings=servings)
    assert [run.error for run in runs] == [None, None]
    assert {run.together for run in runs} == ({1} if name in BY_ITSELF else {2})
    assert found(tmp_path, models) == expected


@st.composite
def many_servings(draw: st.DrawFn) -> list[Serving]:
    territories = st.sampled_from(["", "62", "6201", "620102", "6207", "620702", "6299"])
    count = draw(st.integers(1, 6))
    return [
        serving(
            f"s{at}",
            draw(territories),
            grace=draw(st.integers(0, 60)),
            least=draw(st.integers(1, 12)),
        )
        for at in range(count)
    ]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("shared") / "lake"
    fill(place)
    return place


@settings(max_examples=25, deadline=None)
@given(st.lists(many_servings(), min_size=2, max_size=5), st.sampled_from([1, 10**9]))
def test_any_models_find_together_what_each_finds_alone(
    lake: Path, served: list[list[Serving]], many: int
) -> None:
    models = {f"fire_{at}": msgspec.structs.replace(FIRE, scenario=f"fire_{at}") for at in range(len(served))}
    servings = dict(zip(models, served, strict=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "MANY", 10**9)
        expected = alone(lake, models, servings)
        patch.setattr(engine, "MANY", many)
        runs = night(lake, REGISTERS, models.values(), now=NOW, again=True, servings=servings)
    assert {run.together for run in runs} == {len(served)}
    assert [run.hits for run in runs] == [len(expected[run.scenario]) for run in runs]
    names = {name: {each.id for each in servings[name]} for name in models}
    got = found(lake, models)
    assert {name: {row for row in got[name] if row[0] in names[name]} for name in models} == expected


def changed(scenario: Scenario, *changes: tuple[str, str]) -> Scenario:
    sql = scenario.sql
    for old, new in changes:
        assert old in sql, old
        sql = sql.replace(old, new)
    return msgspec.structs.replace(scenario, sql=sql)


COUNTED = (
    "WITH counted AS (SELECT {columns} FROM fire_equipment e JOIN serving s ON e.service_due < s.today - s.grace {group}) "
    "SELECT c.serving, p.premises AS subject, p.place AS territory, concat(p.name, '') AS reason_zh, concat(p.name, '') AS reason_en, "
    "p.name, p.kind, c.pieces, c.oldest FROM counted c JOIN premises p ON p.premises = c.premises {more}"
)
SUM = "sum(e.pieces) AS pieces, min(e.service_due) AS oldest"


def counted(columns: str, group: str, more: str = "") -> Scenario:
    return msgspec.structs.replace(FIRE, sql=COUNTED.format(columns=columns, group=group, more=more))


APART = {
    "grouped in a step": counted(f"s.serving, e.premises, {SUM}", "GROUP BY s.serving, e.premises"),
    "joined to itself": counted(
        f"s.serving, e.premises, {SUM}",
        "GROUP BY s.serving, e.premises",
        "JOIN serving t ON t.serving = c.serving AND starts_with(p.county, t.territory)",
    ),
    "numbered by serving": counted(
        "s.serving, e.premises, e.pieces, e.service_due AS oldest, row_number() OVER (PARTITION BY s.serving, e.premises ORDER BY e.service_due, e.item) AS n",
        "",
        "WHERE c.n = 1",
    ),
    "a look elsewhere": changed(
        FIRE, ("WHERE", "WHERE") if "WHERE" in FIRE.sql else ("GROUP BY s.serving", "WHERE EXISTS (SELECT 1 FROM premises q WHERE q.premises = e.premises) GROUP BY s.serving")
    ),
}  # fmt: skip
MIXED = {
    "grouped without it": counted(f"min(s.serving) AS serving, e.premises, {SUM}", "GROUP BY e.premises"),
    "said in the reason": changed(FIRE, ("concat(p.name, '有 '", "concat(p.name, s.serving, '有 '")),
    "compared with a word": changed(FIRE, ("s.today - s.grace", "s.today - s.grace AND s.serving <> 'x'")),
    "numbered across": counted(
        "s.serving, e.premises, e.pieces, e.service_due AS oldest, row_number() OVER (PARTITION BY e.premises ORDER BY e.service_due, e.item, s.serving) AS n",
        "",
        "WHERE c.n = 1",
    ),
    "the most of all servings": counted(
        f"s.serving, e.premises, {SUM}",
        "GROUP BY s.serving, e.premises",
        "WHERE c.pieces >= (SELECT max(t.least) FROM serving t)",
    ),
    "the first few": counted(f"s.serving, e.premises, {SUM}", "GROUP BY s.serving, e.premises", "ORDER BY c.pieces LIMIT 2"),
    "put together": msgspec.structs.replace(FIRE, sql=f"{FIRE.sql}\nUNION\n{FIRE.sql}"),
    "joined across": counted(
        f"s.serving, e.premises, {SUM}",
        "GROUP BY s.serving, e.premises",
        "JOIN serving t ON c.pieces >= t.least",
    ),
    "where none fits": counted(
        f"s.serving, e.premises, {SUM}",
        "GROUP BY s.serving, e.premises",
        "LEFT JOIN serving t ON c.pieces < t.least WHERE t.serving IS NULL",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", APART)
def test_servings_that_are_kept_apart_may_be_shared(name: str) -> None:
    assert check_query(APART[name], REGISTERS) == []
    assert shape_of(APART[name], REGISTERS).separable


@pytest.mark.parametrize("name", MIXED)
def test_what_depends_on_other_servings_or_their_names_is_not_shared(name: str, lake: Path) -> None:
    one = MIXED[name]
    assert check_query(one, REGISTERS) == []
    assert not shape_of(one, REGISTERS).separable
    models = [
        Wanted(msgspec.structs.replace(one, scenario=f"mixed_{at}"), servings_of(FIRE)) for at in range(3)
    ]
    with Looking(lake, REGISTERS) as looking:
        assert [len(batch.models) for batch in looking.batches(models)] == [1, 1, 1]


def run_all(
    lake: Path, models: list[Scenario], servings: Mapping[str, list[Serving]], now: int = NOW
) -> dict[str, Run]:
    return {run.scenario: run for run in night(lake, REGISTERS, models, now=now, servings=servings)}


def test_one_that_fails_leaves_the_others_that_share_its_query(tmp_path: Path) -> None:
    """With ``grace`` 7 the query cannot be run, with 8 it finds the same twice: only who asks for that is told so."""
    lake = tmp_path / "lake"
    fill(lake)
    sql = FIRE.sql.replace(
        "e.service_due < s.today - s.grace",
        "e.service_due < s.today - CAST(CASE WHEN s.grace = 7 THEN 'seven' ELSE '0' END AS INTEGER)",
    ).replace("GROUP BY s.serving", "GROUP BY CASE WHEN s.grace = 8 THEN e.item ELSE '' END, s.serving")
    names = [f"fire_{at}" for at in range(9)]
    models = [msgspec.structs.replace(FIRE, scenario=name, sql=sql) for name in names]
    assert check_query(models[0], REGISTERS) == []
    servings = {name: [serving("a", grace=1), serving("b", grace=at)] for at, name in enumerate(names)}
    runs = run_all(lake, models, servings)
    assert {name for name, run in runs.items() if run.error} == {"fire_7", "fire_8"}
    failed = {name: run.error.en for name, run in runs.items() if run.error}
    assert "seven" in failed["fire_7"]
    assert "P000001 was found twice in the serving b" in failed["fire_8"]
    assert {runs[name].hits for name in names[:7]} == {4}, "hotel and shop, by either serving"
    assert read_hits(lake, "fire_7") == read_hits(lake, "fire_8") == ()
    # What is wrong with the text is wrong for all; it is told once for each, and nothing is tried again and again.
    wrong = sql.replace("e.pieces", "e.gone")
    broken = [msgspec.structs.replace(one, sql=wrong, version="next") for one in models]
    runs = run_all(lake, broken, servings)
    assert all(run.error for run in runs.values())
    assert read_hits(lake, "fire_0"), "what was found before is kept"


def test_a_changed_register_asks_again_exactly_who_reads_it(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    fill(lake)
    both = [FIRE, VANS]
    servings = {one.scenario: servings_of(one) for one in both}

    def asked(now: int) -> set[str]:
        return {name for name, run in run_all(lake, both, servings, now).items() if not run.unchanged}

    assert asked(NOW) == {"fire_equipment_due", "van_inspection_overdue"}
    assert asked(NOW + 1) == set()
    for at, (register, who) in enumerate(
        {
            "vans": {"van_inspection_overdue"},
            "operators": {"van_inspection_overdue"},
            "premises": {"fire_equipment_due"},
            "fire_equipment": {"fire_equipment_due"},
            "villages": set(),
        }.items(),
        start=2,
    ):
        fill(lake, at, **{register: ROWS[register]})
        assert asked(NOW + at) == set(), f"{register} was imported again and is the same"
        rows = ROWS[register].splitlines()
        path = lake / "gone.csv"
        path.write_text(f"_change,{rows[0]}\nremove,{rows[1]}\n", encoding="utf-8")
        import_file(lake, REGISTERS, register, path, now=NOW + 10 + at, mode="changes")
        assert asked(NOW + 10 + at) == who, register
        assert asked(NOW + 20 + at) == set()


def test_a_query_that_does_not_ask_for_the_day_is_not_asked_again_the_day_after(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    fill(lake)
    timeless = changed(FIRE, ("e.service_due < s.today - s.grace", "e.pieces > s.grace"))
    timeless = msgspec.structs.replace(timeless, scenario="timeless")
    servings = {"timeless": [serving("a")], FIRE.scenario: servings_of(FIRE)}
    run_all(lake, [FIRE, timeless], servings)
    runs = run_all(lake, [FIRE, timeless], servings, NOW + 86_400_000)
    assert runs["timeless"].unchanged
    assert not runs[FIRE.scenario].unchanged


def test_an_import_during_the_night_is_asked_for_the_next_time(tmp_path: Path) -> None:
    """The record names the rows that were read, not those that came while they were."""
    lake = tmp_path / "lake"
    fill(lake)
    model = Wanted(FIRE, servings_of(FIRE))
    with Looking(lake, REGISTERS) as looking:
        assert looking.unchanged(model, now=NOW) is None
        [batch] = looking.batches([model])
        fill(lake, 1, fire_equipment=ROWS["fire_equipment"].replace("2024-05-31", "2025-05-31"))
        assert looking.run(batch, now=NOW + 1)[0].hits == 1
        fill(lake, 2, fire_equipment=ROWS["fire_equipment"].replace("2024-04-01", "2025-04-01"))
    with Looking(lake, REGISTERS) as looking:
        assert looking.unchanged(model, now=NOW + 2) is None
        [run] = looking.run(looking.batches([model])[0], now=NOW + 2)
    assert (run.hits, run.still) == (1, 1)
    assert [hit.reason_zh for hit in read_hits(lake, FIRE.scenario)] == [
        "甲宾馆有 5 件消防器材过了维保日期，最早的是 2024-05-31"
    ]


def test_the_next_query_is_asked_while_what_was_found_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / "lake"
    fill(lake)
    asked: list[str] = []
    second = Event()
    ask, keep = Engine.ask, Results.keep

    def told(engine: Engine, scenario: Scenario, *slots: Any, **more: Any) -> Any:
        asked.append(scenario.scenario)
        if len(asked) == 2:
            second.set()
        return ask(engine, scenario, *slots, **more)

    def late(results: Results, done: Any) -> Any:
        assert second.wait(60), "nothing was asked meanwhile"
        return keep(results, done)

    monkeypatch.setattr(Engine, "ask", told)
    monkeypatch.setattr(Results, "keep", late)
    runs = night(lake, REGISTERS, [FIRE, VANS], now=NOW)
    assert len(asked) == 2
    assert [run.error for run in runs] == [None, None]
    assert all(run.hits for run in runs)
