"""Every worked example on the shelf comes true."""

from __future__ import annotations

import pytest
from tests.shelf import project_shelf

from zhuoli.core.case.compile import compile_plan
from zhuoli.core.case.examples import run_example

SHELF = project_shelf()
PLANS = {name: compile_plan(scenario) for name, scenario in SHELF.scenarios.items()}
EXAMPLES = [(name, example) for name, scenario in SHELF.scenarios.items() for example in scenario.examples]


@pytest.mark.parametrize(("scenario", "example"), EXAMPLES)
def test_example(scenario: str, example: str) -> None:
    report = run_example(SHELF.scenarios[scenario], example, plan=PLANS[scenario])
    assert report.passed, "\n".join(failure.en for failure in report.failures)


def test_each_shipped_scenario_has_eight_examples_and_unhappy_ones() -> None:
    assert len(SHELF.scenarios) >= 3
    for scenario in SHELF.scenarios.values():
        # What a query finds is shown by examples of its own, which begin before a case does.
        assert len(scenario.examples) >= 6, scenario.scenario
        assert len(scenario.examples) + len(scenario.finds) >= 8, scenario.scenario
        refused = [step for example in scenario.examples.values() for step in example.steps if step.refused]
        assert refused, scenario.scenario


def test_an_example_whose_expectation_is_wrong_fails() -> None:
    """The runner would be worthless if it let everything pass."""
    import msgspec

    scenario = SHELF.scenarios["public_need"]
    name, example = next(iter(scenario.examples.items()))
    first = msgspec.structs.replace(example.steps[0], expect={"status": "settled"})
    changed = msgspec.structs.replace(example, steps=(first,))
    broken = msgspec.structs.replace(scenario, examples={name: changed})
    report = run_example(broken, name)
    assert not report.passed
    assert "should be 'settled'" in report.failures[0].en
