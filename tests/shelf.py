"""The shelf of the project, read and checked once for all tests of a process; what is on it is frozen."""

from __future__ import annotations

import gc
from functools import cache
from pathlib import Path

from zhuoli.core.scenario.shelf import Shelf, read_shelf


@cache
def project_shelf() -> Shelf:
    """Return the shelf that is shipped."""
    shelf = read_shelf(Path(__file__).parents[1] / "scenarios")
    gc.freeze()
    return shelf
