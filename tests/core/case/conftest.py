"""How long the generated histories are."""

import pytest


@pytest.fixture
def history_steps(request: pytest.FixtureRequest) -> int:
    """Steps per scenario: some 70,000 over the shelf in the usual run, more than twenty times as many with ``--all``."""
    return 40_000 if request.config.getoption("--all") else 2_000
