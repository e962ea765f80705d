"""The demonstration's registers: the real list of places, drawn rows marked generated, the city's own loop; and one night of models.

Django must be set up before this module is imported.
"""

from __future__ import annotations

from zhuoli.core.registers import read_registers
from zhuoli.environment import read_environment
from zhuoli.lake.generated import generate
from zhuoli.lake.loop import refresh
from zhuoli.lake.night import night, with_queries
from zhuoli.lake.opening import open_hits
from zhuoli.office.opening import open_office


def fill_registers(*, seed: int, now: int) -> int:
    """Make every register of the demonstration as of ``now`` (ms UTC); return how many rows there are."""
    environment = read_environment()
    registers = read_registers(environment.registers).registers
    lake = environment.data / "lake"
    rows = sum(made.accepted for made in generate(lake, registers, seed=seed, now=now))
    office = open_office()
    models = with_queries(office.library.scenarios())
    night(lake, registers, models.values(), now=now)
    for scenario in models.values():
        open_hits(office, lake, scenario, now=now)
    return rows + refresh(lake, registers, now=now).entries
