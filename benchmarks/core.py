"""Commands per second of the pure core, on the commands of every worked example on the shelf.

    python benchmarks/core.py

writes the section "core" of benchmarks/RESULTS.md. Each example is lived through again, from its opening, with the
commands that it grants. The floor, in the same run, is what nobody can do without: to copy the state and to encode the
events of the same commands.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
from results import machine, write_section

from zhuoli.core.case.compile import compile_plan
from zhuoli.core.case.decide import advance
from zhuoli.core.case.evolve import copy, evolve_entry
from zhuoli.core.case.examples import Performed, run_example
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.shelf import read_shelf

SHELF = Path(__file__).parents[1] / "scenarios"
REPEATS = 15
ROUNDS = 10

FIRST = ("public_need", "exam_id_green_channel", "enterprise_problem_list")
"""The scenarios for which the aim of 50,000 was set; later ones have more events for each command."""

Life = tuple[Plan, list[Performed]]


class Speed(NamedTuple):
    """What was measured, and its runs in commands per second, the slowest first."""

    what: str
    runs: list[float]

    @property
    def median(self) -> float:
        """The middle one of the runs."""
        return statistics.median(self.runs)


def lives() -> list[Life]:
    """Return every example as it went: its plan and its granted commands, in their order."""
    found: list[Life] = []
    for scenario in read_shelf(SHELF).scenarios.values():
        plan = compile_plan(scenario)
        for name in scenario.examples:
            report = run_example(scenario, name, plan=plan)
            if not report.passed:
                raise SystemExit(f"{scenario.scenario}/{name}: {report.failures[0].en}")
            found.append((plan, [step for step in report.steps if not step.refusal]))
    return found


def per_second(what: str, live: Callable[[Plan, list[Performed]], object], among: list[Life]) -> Speed:
    """Return commands per second of processor time on one core, in several runs."""
    commands = sum(len(steps) for _, steps in among)
    found = []
    for _ in range(REPEATS):
        start = time.process_time()
        for _ in range(ROUNDS):
            for plan, steps in among:
                live(plan, steps)
        found.append(ROUNDS * commands / (time.process_time() - start))
    return Speed(what, sorted(found))


def measure(among: list[Life]) -> list[Speed]:
    """Measure deciding, replaying, and the floor of both."""
    encode = msgspec.json.Encoder().encode

    def decide(plan: Plan, steps: list[Performed]) -> Case:
        case = Case(id=1)
        for step in steps:
            case = advance(plan, case, step.command, step.facts)[1]
        return case

    def replay(plan: Plan, steps: list[Performed]) -> Case:
        case = Case(id=1)
        for step in steps:
            case = evolve_entry(case, step.events, step.facts.now)
        return case

    def floor(plan: Plan, steps: list[Performed]) -> None:
        for step in steps:
            copy(step.before)
            encode(step.events)

    for plan, steps in among:
        if not decide(plan, steps) == replay(plan, steps) == steps[-1].case:
            raise SystemExit("deciding and replaying disagree")
    first = [life for life in among if life[0].scenario.scenario in FIRST]
    few = per_second(f"decide and evolve, {_commands(first)} of the first three scenarios", decide, first)
    plain = per_second("decide and evolve (`advance`), all", decide, among)
    # As the worker does once its office is open: what was loaded at the start is left alone by the collector.
    gc.freeze()
    frozen = per_second(
        "the same, with scenarios and directory left alone by the collector (`gc.freeze`)", decide, among
    )
    gc.unfreeze()
    return [
        few,
        plain,
        frozen,
        per_second("replay of the same commands (`evolve_entry`)", replay, among),
        per_second("floor: copy the state, encode the events", floor, among),
    ]


def _commands(among: list[Life]) -> str:
    commands = sum(len(steps) for _, steps in among)
    events = sum(len(step.events) for _, steps in among for step in steps)
    return f"{commands} ({events / commands:.1f} events each)"


def section(found: list[Speed], among: list[Life]) -> list[str]:
    """Return the section of the results page."""
    commands = sum(len(steps) for _, steps in among)
    events = sum(len(step.events) for _, steps in among for step in steps)
    floor = found[-1].median
    return [
        f"Commands per second of processor time on one core: the {commands} granted commands of all worked examples on the",
        f"shelf ({events / commands:.1f} events each), each case lived through from its opening. No database, no sealing.",
        "",
        "| what | per second | slowest and fastest run | share of the floor |",
        "|---|---|---|---|",
        *(
            f"| {speed.what} | {speed.median:,.0f} | {speed.runs[0]:,.0f}–{speed.runs[-1]:,.0f} | {speed.median / floor:.2f} |"
            for speed in found
        ),
        "",
        f"{machine('msgspec')}; median of {REPEATS} runs. Repeat: `python benchmarks/core.py`.",
    ]


if __name__ == "__main__":
    examples = lives()
    results = measure(examples)
    write_section("core", section(results, examples))
    for speed in results:
        sys.stdout.write(
            f"{speed.what}: {speed.median:,.0f} per second ({speed.runs[0]:,.0f}–{speed.runs[-1]:,.0f})\n"
        )
