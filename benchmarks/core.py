"""Commands per second of the pure core, on the commands of every worked example on the shelf.

    python benchmarks/core.py

writes the section "core" of benchmarks/RESULTS.md. Each command that an example grants is decided again from the
state in which it was issued. The floor, in the same run, is what nobody can do without: to copy the state and to
encode the events of the same commands.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
from results import machine, write_section

from zhuoli.core.case.compile import compile_plan
from zhuoli.core.case.decide import advance
from zhuoli.core.case.evolve import copy, evolve_entry
from zhuoli.core.case.examples import Performed, run_example
from zhuoli.core.case.plan import Plan
from zhuoli.core.scenario.shelf import read_shelf

SHELF = Path(__file__).parents[1] / "scenarios"
REPEATS = 9
ROUNDS = 4

Work = list[tuple[Plan, Performed]]


def work() -> Work:
    """Return every granted command of every example, with the plan and the state that it was issued on."""
    found: Work = []
    for scenario in read_shelf(SHELF).scenarios.values():
        plan = compile_plan(scenario)
        for name in scenario.examples:
            report = run_example(scenario, name, plan=plan)
            if not report.passed:
                raise SystemExit(f"{scenario.scenario}/{name}: {report.failures[0].en}")
            found += [(plan, step) for step in report.steps if not step.refusal]
    return found


def per_second(function: Callable[[Plan, Performed], object], among: Work) -> float:
    """Return commands per second of processor time on one core: the median of several runs."""
    found = []
    for _ in range(REPEATS):
        start = time.process_time()
        for _ in range(ROUNDS):
            for plan, step in among:
                function(plan, step)
        found.append(ROUNDS * len(among) / (time.process_time() - start))
    return statistics.median(found)


def measure(among: Work) -> list[tuple[str, float]]:
    """Return (what, per second)."""
    encode = msgspec.json.Encoder().encode

    def decide(plan: Plan, step: Performed) -> object:
        return advance(plan, step.before, step.command, step.facts)

    def replay(plan: Plan, step: Performed) -> object:
        return evolve_entry(step.before, step.events, step.facts.now)

    def floor(plan: Plan, step: Performed) -> object:
        return copy(step.before), encode(step.events)

    return [
        ("decide and evolve (`advance`)", per_second(decide, among)),
        ("replay of the same commands (`evolve_entry`)", per_second(replay, among)),
        ("floor: copy the state, encode the events", per_second(floor, among)),
    ]


def section(found: list[tuple[str, float]], among: Work) -> list[str]:
    """Return the section of the results page."""
    events = sum(len(step.events) for _, step in among)
    floor = found[-1][1]
    return [
        f"Commands per second of processor time on one core: the {len(among)} granted commands of all worked examples on the",
        f"shelf ({events / len(among):.1f} events each), again and again. No database, no sealing.",
        "",
        "| what | per second | share of the floor |",
        "|---|---|---|",
        *(f"| {what} | {speed:,.0f} | {speed / floor:.2f} |" for what, speed in found),
        "",
        f"{machine('msgspec')}; median of {REPEATS} runs. Repeat: `python benchmarks/core.py`.",
    ]


if __name__ == "__main__":
    commands = work()
    results = measure(commands)
    write_section("core", section(results, commands))
    for what, speed in results:
        sys.stdout.write(f"{what}: {speed:,.0f} per second\n")
