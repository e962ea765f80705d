"""The demonstration's registers: the real list of places, drawn rows marked generated, the city's own loop; and one night of models.

Django must be set up before this module is imported.
"""

from __future__ import annotations

from zhuoli.core.registers import read_registers
from zhuoli.environment import read_environment
from zhuoli.lake.generated import generate
from zhuoli.lake.loop import refresh
from zhuoli.lake.nightly import due_night, run_night, take
from zhuoli.office.opening import open_office

BY = "demo"
"""By whom the first night of the demonstration is run."""


def fill_registers(*, seed: int, now: int) -> int:
    """Make every register of the demonstration as of ``now`` (ms UTC); return how many rows there are."""
    environment = read_environment()
    registers = read_registers(environment.registers).registers
    lake = environment.data / "lake"
    rows = sum(made.accepted for made in generate(lake, registers, seed=seed, now=now))
    office = open_office()
    # The night of this day is run now, so that the worker does not run it once more when it starts.
    day = due_night(now, 0)
    if take(day, BY, now):
        run_night(office, lake, registers, day=day, by=BY)
    return rows + refresh(lake, registers, now=now).entries
