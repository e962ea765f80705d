"""Queries are run and what they find is kept: all of them as each night, one of them, or one for a trial of which nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from zhuoli.core.registers.model import Register
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.queries import Serving, read_servings
from zhuoli.lake.engine import LONGEST, BadResult, Engine, wants_shape
from zhuoli.lake.hits import Hit
from zhuoli.lake.known import Known
from zhuoli.lake.looking import Batch, Looking, Wanted, wrong_text
from zhuoli.lake.results import Row, Run


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a trial found: hits, how long it took, the rows of the registers read, the most memory it held (bytes)."""

    hits: tuple[Hit, ...]
    seconds: float
    rows_read: int
    memory: int = 0


def with_queries(scenarios: Mapping[str, Scenario]) -> dict[str, Scenario]:
    """The scenarios that find their own cases."""
    return {name: one for name, one in scenarios.items() if one.query is not None}


def servings_of(scenario: Scenario) -> list[Serving]:
    """The servings on the shelf of a checked scenario."""
    assert scenario.query is not None  # noqa: S101 - callers choose scenarios with a query
    return read_servings(scenario.servings_text, scenario.query)[0]


def night(
    lake: Path,
    registers: Mapping[str, Register],
    scenarios: Iterable[Scenario],
    *,
    now: int,
    again: bool = False,
    servings: Mapping[str, list[Serving]] | None = None,
    told: Callable[[Run], None] = lambda _: None,
) -> list[Run]:
    """Run every query once; ``now`` is in ms UTC. With ``again`` also those whose inputs are unchanged.

    ``servings`` are those by scenario (none given: those of the folders); a scenario without any is left out. Runs are told
    as they end, and given in the order of the scenarios. ``zhuoli.lake.nightly`` is the night of an office: it takes turns with
    other workers, and opens cases.
    """
    models = [
        Wanted(one, served)
        for one in scenarios
        if (served := servings_of(one) if servings is None else servings.get(one.scenario, []))
    ]
    runs: dict[str, Run] = {}

    def tell(run: Run) -> None:
        runs[run.scenario] = run
        told(run)

    with Looking(lake, registers) as looking:
        changed = []
        for one in models:
            if not again and (same := looking.unchanged(one, now=now)) is not None:
                tell(same)
            else:
                changed.append(one)
        for _, made in looking.run_all(looking.batches(changed), clock=lambda: now):
            for run in made:
                tell(run)
        looking.results.forget_runs(now)
    return [runs[one.scenario.scenario] for one in models]


def run_one(
    lake: Path,
    registers: Mapping[str, Register],
    scenario: Scenario,
    servings: list[Serving] | None = None,
    *,
    now: int,
    again: bool = False,
) -> Run:
    """Run one query for its servings (none given: those of its folder) and keep what it found; never raises for what is wrong with it."""
    model = Wanted(scenario, servings_of(scenario) if servings is None else servings)
    with Looking(lake, registers) as looking:
        if not again and (same := looking.unchanged(model, now=now)) is not None:
            return same
        return looking.run(Batch(scenario.scenario, [model]), now=now)[0]


def try_out(
    lake: Path,
    registers: Mapping[str, Register],
    scenario: Scenario,
    servings: list[Serving],
    *,
    now: int,
    longest: float = LONGEST,
) -> Found:
    """Run a query and give what it finds; nothing is kept. After ``longest`` seconds it is stopped.

    Raises:
        BadResult: the query does not pass its check, takes too long, or gives something that cannot be used.
        duckdb.Error: it cannot be run.
    """
    model = Wanted(scenario, servings)
    known = Known(registers)
    if wrong := wrong_text(known.mistakes(scenario)):
        raise BadResult(wrong)
    shape = known.shape(scenario) if wants_shape(len(servings)) else None
    with Engine(lake, registers) as engine:
        states = engine.see(model.query.reads)
        answer = engine.ask(scenario, servings, shape=shape, now=now, longest=longest)
    for serving, bad in answer.bad.items():
        raise BadResult(bad.told(serving))
    return Found(
        hits=tuple(_hit(row, now) for one in servings for row in answer.rows.get(one.id, ())),
        seconds=answer.seconds,
        rows_read=sum(state.rows for state in states.values() if state),
        memory=answer.memory,
    )


def _hit(row: Row, now: int) -> Hit:
    serving, same, subject, territory, zh, en, evidence = row
    return Hit(
        serving=serving,
        same=same,
        subject=subject,
        territory=territory,
        reason_zh=zh,
        reason_en=en,
        evidence=evidence,
        first_seen=now,
        last_seen=now,
    )
