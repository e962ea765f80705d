"""The page for authors says what is true."""

import csv
import io
from pathlib import Path

from zhuoli.core.feel import FUNCTIONS, HIT_POLICIES, NUMBER, choice, compile_condition, read_table

PAGE = (Path(__file__).parents[3] / "docs/authors/expressions.md").read_text(encoding="utf-8")
NAMES = {"form.channel": choice(("joint_online", "own", "phone")), "form.amount": NUMBER, "表单.金额": NUMBER}


def test_the_table_of_the_page_is_a_table():
    start = PAGE.index("| U | when")
    lines = [line for line in PAGE[start : PAGE.index("\n\n", start)].splitlines() if "---" not in line]
    out = io.StringIO()
    csv.writer(out).writerows([[cell.strip() for cell in line.strip("|").split("|")] for line in lines])
    table = read_table(out.getvalue(), NAMES)
    assert table.gaps_and_overlaps() == []
    decision = table.decide({"form.channel": "phone", "form.amount": 5})
    assert (decision.outputs["liability"], decision.rules) == ("shared", (2,))
    assert decision.notes[0]["reason"].zh == "当场调解"


def test_the_conditions_of_the_page_are_conditions():
    examples = [line.strip() for line in PAGE.splitlines() if line.startswith("    ")]
    assert len(examples) == 2
    for example in examples:
        assert compile_condition(example, NAMES).names


def test_every_function_and_policy_is_on_the_page():
    for function in FUNCTIONS:
        assert f"`{function}(" in PAGE or f" {function}(" in PAGE
    for policy in HIT_POLICIES:
        assert f"{policy} " in PAGE
