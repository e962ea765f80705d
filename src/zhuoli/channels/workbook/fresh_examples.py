"""The worked examples of a new scenario: sample answers are put into them, and they are lived through at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from zhuoli.channels.workbook.leaves import LIST
from zhuoli.channels.workbook.mistakes import mistake
from zhuoli.channels.workbook.model import Cell, ReadBook
from zhuoli.channels.workbook.process import EXAMPLES
from zhuoli.channels.workbook.run import Run
from zhuoli.channels.workbook.words import NO, YES, code_of
from zhuoli.core.case.compile import compile_plan
from zhuoli.core.case.examples import run_example
from zhuoli.core.case.plan import Plan
from zhuoli.core.scenario.model import Example, Scenario
from zhuoli.core.text import Mistake, Text


def answer(kind: str, written: str) -> Any:
    """A sample answer to a question of a kind, as its form takes it; what cannot be one stays as it was written."""
    if kind == "yes_no":
        return {YES: True, NO: False, "true": True, "false": False}.get(written, written)
    if kind == "integer" and written.lstrip("-").isdigit():
        return int(written)
    if kind == "decimal":
        try:
            return float(written)
        except ValueError:
            return written
    if kind in ("many", "photos", "files"):
        return [code_of(one.strip()) for one in written.replace(";", LIST).split(LIST) if one.strip()]
    return code_of(written) if kind == "choice" else written


def with_samples(tree: dict[str, Any], samples: dict[str, Any], kinds: dict[str, str]) -> dict[str, Any]:
    """Fill in what the examples do not answer when a matter is opened; ``kinds`` are the types of the questions.

    An answer that is null means: not answered.
    """
    for example in tree.values():
        for step in example["steps"]:
            if step.get("do") != "open":
                continue
            given = step.setdefault("with", {})
            if not isinstance(given, dict):
                continue  # said by the checker
            own = given.get("answers") or {}
            typed = {name: _typed(kinds.get(name, ""), one) for name, one in own.items()}
            given["answers"] = {key: one for key, one in {**samples, **typed}.items() if one is not None}
    return tree


def _typed(kind: str, value: Any) -> Any:
    """An answer of a step: a cell cannot tell the text “5” from the number 5, the question can."""
    if isinstance(value, str):
        return answer(kind, value)
    whole = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if whole and kind not in ("integer", "decimal") else value


def tried(scenario: Scenario, run: Run, read: ReadBook, book: str) -> list[Mistake]:
    """Live through every example; what is wrong is said at its step, or at the sample answers where the sheet has no step."""
    plan = compile_plan(scenario)
    found: list[Mistake] = []
    samples = next(
        (Cell(one.name, 2, one.numbers.get("sample", 0)) for one in read.of_kind("questions")), None
    )
    for name, example in scenario.examples.items():
        for number, column, failure in _failures(scenario, name, example, plan):
            cell = run.cells.get((EXAMPLES, (name, "steps", number, column)))
            code = "sample_wrong" if cell is None else "example_wrong"
            found.append(mistake(code, book, cell or samples, what=failure))
    return found


def _failures(scenario: Scenario, name: str, example: Example, plan: Plan) -> Iterator[tuple[int, str, Text]]:
    """What differs from what is expected: the step (from 0), the column that is to blame, and the words for it."""

    def failing(steps: Any) -> tuple[Text, ...]:
        one = msgspec.structs.replace(example, steps=steps)
        whole = msgspec.structs.replace(scenario, examples={**scenario.examples, name: one})
        return run_example(whole, name, plan=plan).failures

    if not failing(example.steps):
        return
    seen = 0
    for number, step in enumerate(example.steps):
        until = (*example.steps[:number], step)
        told = failing(until)
        done = failing((*until[:-1], msgspec.structs.replace(step, expect={})))
        for at, failure in enumerate(told[seen:], start=seen):
            yield number, "do" if at < len(done) else "expect", failure
        seen = max(seen, len(told))
