"""The worked examples on the page for scenario authors are right."""

from pathlib import Path
from typing import Any

import pytest
from tests.core.worktime.support import at, limit

from zhuoli.core.worktime import due_at, explain, statutory_calendar

PAGE = Path(__file__).parents[3] / "docs/authors/deadlines.md"
CN = statutory_calendar()


def _examples() -> list[list[str]]:
    table = PAGE.read_text(encoding="utf-8").split("## 例子")[1].split("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def _rule(written: str) -> dict[str, Any]:
    words = dict(part.split(": ") for part in written.split(", ") if part)
    return {name: value == "true" if name == "roll_over" else value for name, value in words.items()}


def test_the_page_has_examples_of_every_unit() -> None:
    assert len(_examples()) >= 15
    units = {limit(row[0]).duration.unit for row in _examples()}
    assert units == {"hours", "calendar_days", "working_days", "months"}


@pytest.mark.parametrize(("written", "rule", "start", "stopped", "due", "why"), _examples())
def test_worked_example(written: str, rule: str, start: str, stopped: str, due: str, why: str) -> None:
    pauses = []
    if stopped:
        begun, ended = stopped.split(" – ")
        pauses.append((at(begun), at(ended)))
    example = limit(written, **_rule(rule))
    assert due_at(example, at(start), pauses, CN) == at(due)
    assert explain(example, at(start), pauses, CN).due == at(due)
    assert why


def test_the_page_names_the_years_of_the_calendar() -> None:
    years = f"{CN.known_from.year} 至 {CN.known_until.year} 年"
    assert years in PAGE.read_text(encoding="utf-8")
