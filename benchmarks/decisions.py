"""Decisions per second of a table with 20 rows and 3 inputs: compiled, against the same rows interpreted, in one run.

    python benchmarks/decisions.py

writes the section "decisions" of benchmarks/RESULTS.md. The floor is what one would write by hand without a compiler:
a list of rows, each cell a small test, asked from left to right. Both sides get the same dictionaries of answers, and
their outcomes are compared before anything is measured.
"""

from __future__ import annotations

import operator
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from results import machine, write_section

from zhuoli.core.feel import BOOLEAN, NUMBER, Table, choice, compile_condition, read_table

CHANNELS = ("joint_online", "own_agreement", "simplified", "ordinary")
LIMITS = (1000, 5000, 10000, 50000)
INPUTS = {"form.channel": choice(CHANNELS), "form.amount": NUMBER, "form.injured": BOOLEAN}
REPEATS = 7
SECONDS = 0.4

Row = tuple[tuple[tuple[str, Callable[[Any, Any], bool], Any], ...], str]


def rows() -> list[tuple[list[str], Row]]:
    """Return 20 rules that cover everything once: as cells of a sheet, and as tests for the interpreter."""
    made: list[tuple[list[str], Row]] = []
    for channel in CHANNELS:
        for low, high in zip((None, *LIMITS[:3]), (*LIMITS[:3], None), strict=True):
            cell = f"< {high}" if low is None else f">= {low}" if high is None else f"[{low}..{high})"
            tests: list[tuple[str, Callable[[Any, Any], bool], Any]] = [
                ("form.channel", operator.eq, channel)
            ]
            if low is not None:
                tests.append(("form.amount", operator.ge, low))
            if high is not None:
                tests.append(("form.amount", operator.lt, high))
            tests.append(("form.injured", operator.is_, False))
            outcome = f"{channel} {low}"
            made.append(([f'"{channel}"', cell, "false", f'"{outcome}"'], (tuple(tests), outcome)))
        outcome = f"{channel} injured"
        last: Row = ((("form.channel", operator.eq, channel), ("form.injured", operator.is_, True)), outcome)
        made.append(([f'"{channel}"', "-", "true", f'"{outcome}"'], last))
    return made


def table(policy: str) -> Table:
    """Return the compiled table."""
    head = f"{policy},when form.channel,when form.amount,when form.injured,then path\n"
    body = "".join(
        f"{number}," + ",".join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\n"
        for number, (cells, _) in enumerate(rows(), 1)
    )
    return read_table(head + body, INPUTS, file="decisions.csv")


def interpreter(policy: str) -> Callable[[dict[str, Any]], tuple[str, int]]:
    """Return the floor: rows asked one after the other (all of them under U, to see a second hit)."""
    plain = [row for _, row in rows()]

    def decide(values: dict[str, Any]) -> tuple[str, int]:
        found: tuple[str, int] | None = None
        for number, (tests, outcome) in enumerate(plain, 1):
            for name, test, constant in tests:
                if not test(values[name], constant):
                    break
            else:
                if policy == "F":
                    return outcome, number
                if found is not None:
                    raise ValueError("two rules fit")
                found = outcome, number
        if found is None:
            raise ValueError("no rule fits")
        return found

    return decide


def answers() -> list[dict[str, Any]]:
    """Return 1,000 different sets of answers, always the same ones."""
    chance = random.Random(20260131)
    return [
        {
            "form.channel": chance.choice(CHANNELS),
            "form.amount": chance.choice((chance.randrange(100_000), *LIMITS)),
            "form.injured": chance.random() < 0.3,
        }
        for _ in range(1000)
    ]


def per_second(function: Callable[[dict[str, Any]], object], given: Iterable[dict[str, Any]]) -> float:
    """Return calls per second on one core: the median of several runs."""
    values = list(given)
    found = []
    for _ in range(REPEATS):
        calls, start = 0, time.perf_counter()
        while time.perf_counter() - start < SECONDS:
            for each in values:
                function(each)
            calls += len(values)
        found.append(calls / (time.perf_counter() - start))
    return statistics.median(found)


def measure() -> list[tuple[str, float, float]]:
    """Return (what, compiled per second, interpreted per second)."""
    given = answers()
    found = []
    for policy, name in (("U", "UNIQUE"), ("F", "FIRST")):
        compiled, floor = table(policy), interpreter(policy)
        for each in given:
            decision = compiled.decide(each)
            if (decision.outputs["path"], decision.rules[0]) != floor(each):
                raise SystemExit(f"the compiled table and the floor disagree on {each}")
        found.append(
            (
                f"table of 20 rows, 3 inputs, {name}",
                per_second(compiled.decide, given),
                per_second(floor, given),
            )
        )
    text = 'form.channel = "joint_online" and form.amount < 50000 and not form.injured'
    condition = compile_condition(text, INPUTS)
    tests = (
        ("form.channel", operator.eq, "joint_online"),
        ("form.amount", operator.lt, 50000),
        ("form.injured", operator.is_, False),
    )

    def floor_condition(values: dict[str, Any]) -> bool:
        return all(test(values[name], constant) for name, test, constant in tests)

    found.append(
        (
            "condition of 3 comparisons",
            per_second(condition.evaluate, given),
            per_second(floor_condition, given),
        )
    )
    return found


def section(found: list[tuple[str, float, float]]) -> list[str]:
    """Return the section of the results page."""
    return [
        "Decisions per second on one core, each saying the outcome, the rule that fired and its notes; values are checked",
        "against their types on the way. The floor asks the same rows one after the other in plain Python and checks nothing.",
        "",
        "| what | compiled | interpreted floor | ratio |",
        "|---|---|---|---|",
        *(f"| {what} | {one:,.0f} | {two:,.0f} | {one / two:.1f} |" for what, one, two in found),
        "",
        f"{machine('msgspec')}; median of {REPEATS} runs of {SECONDS} s. Repeat: `python benchmarks/decisions.py`.",
    ]


if __name__ == "__main__":
    results = measure()
    write_section("decisions", section(results))
    for what, one, two in results:
        sys.stdout.write(f"{what}: {one:,.0f} per second, floor {two:,.0f} ({one / two:.1f} times)\n")
