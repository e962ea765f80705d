"""The demonstration's registers: the real list of places, drawn rows marked generated, and the city's own loop.

Django must be set up before this module is imported.
"""

from __future__ import annotations

from zhuoli.core.registers import read_registers
from zhuoli.environment import read_environment
from zhuoli.lake.generated import generate
from zhuoli.lake.loop import refresh


def fill_registers(*, seed: int, now: int) -> int:
    """Make every register of the demonstration as of ``now`` (ms UTC); return how many rows there are."""
    environment = read_environment()
    registers = read_registers(environment.registers).registers
    lake = environment.data / "lake"
    rows = sum(made.accepted for made in generate(lake, registers, seed=seed, now=now))
    return rows + refresh(lake, registers, now=now).entries
