"""A night in a process of its own that kills itself with -9 at a step; the next one goes on."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.lake.test_model import REGISTERS
from tests.lake.test_nightly import BOTH, DAY
from tests.store.databases import connect, make_office, sqlite_settings

from zhuoli.lake import nightly, opening
from zhuoli.lake.engine import Engine

STEPS: dict[str, tuple[Any, str]] = {
    "running": (Engine, "ask"),
    "opening": (nightly, "open_hits"),
    "linking": (opening.found, "link"),
    "writing": (opening, "keep_cases"),
}
"""Where a process dies: before this function of this module does anything."""


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def night(database: Path, folder: Path, now: int, by: str, dies: Callable[[], None]) -> nightly.Night | None:
    connect("night", **sqlite_settings(database))
    office = make_office("night", folder, BOTH)
    office.clock.now = now
    if not nightly.take(DAY, by, now, "night"):
        return None
    dies()
    return nightly.run_night(office, folder / "lake", REGISTERS, day=DAY, by=by)


if __name__ == "__main__":
    place, name = STEPS[sys.argv[4]]
    night(
        Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4], lambda: setattr(place, name, die)
    )
