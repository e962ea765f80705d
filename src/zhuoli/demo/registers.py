"""The demonstration's registers: the real list of places, drawn rows marked generated, the city's own loop; and two nights of models.

Django must be set up before this module is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from zhuoli.core.registers import Register, read_registers
from zhuoli.core.worktime.instants import DAY
from zhuoli.demo.verdicts import give_verdicts
from zhuoli.environment import read_environment
from zhuoli.lake.folder import RegisterFolder
from zhuoli.lake.generated import FIRST, ORDER, REAL, generate
from zhuoli.lake.loop import refresh
from zhuoli.lake.night import with_queries
from zhuoli.lake.nightly import due_night, run_night, take
from zhuoli.lake.row_names import NamedRow, rows_of
from zhuoli.office.handle import Office
from zhuoli.office.opening import open_office

BEFORE = (*REAL, FIRST)
"""The registers that are there before the city lives."""
BY = "demo"
"""By whom the nights of the demonstration are run."""
EARLIER = 21
"""So many days ago there was a night whose cases units have dealt with since."""


def fill_registers(*, seed: int, now: int, days: int) -> int:
    """Make every register of a city of so many ``days`` as of ``now`` (ms UTC); return how many rows there are.

    Models are run as of some weeks ago, and what they found is dealt with; then as of this day, so that the worker does
    not run the night once more when it starts.
    """
    environment = read_environment()
    registers = read_registers(environment.registers).registers
    lake = environment.data / "lake"
    rows = sum(state.rows for name in BEFORE if (state := RegisterFolder(lake, name).state()) is not None)
    rest = tuple(name for name in ORDER if RegisterFolder(lake, name).state() is None)
    rows += sum(made.accepted for made in generate(lake, registers, seed=seed, now=now, only=rest))
    rows += refresh(
        lake, registers, now=now
    ).entries  # before the night: models ask about the city's own work too
    office = open_office()
    before = now - min(EARLIER, max(days - 1, 1)) * DAY
    then = Office(office.library, office.directory, office.calendar, clock=lambda: before)
    _night(then, lake, registers, before)
    for scenario in with_queries(office.library.scenarios()).values():
        give_verdicts(then, scenario, seed=seed, found_at=before, now=now)
    _night(office, lake, registers, now)
    return rows + refresh(lake, registers, now=now).entries


def fill_before(*, seed: int, now: int) -> None:
    """Make the registers from whose rows the people of the city choose while they fill in forms."""
    environment = read_environment()
    registers = read_registers(environment.registers).registers
    for _ in generate(environment.data / "lake", registers, seed=seed, now=now, only=BEFORE):
        pass


def chooser() -> Callable[[str, str], list[NamedRow]]:
    """Return what gives a register's rows near a place (12 digits): those of its town, else of its county, by key."""
    environment = read_environment()
    registers = read_registers(environment.registers).registers

    def near(register: str, place: str) -> list[NamedRow]:
        known = registers.get(register)
        rows = rows_of(environment.data / "lake", known, place[:6]) if known is not None else ()
        town = [row for row in rows if row.place[:9] == place[:9]]
        return sorted(town or rows, key=lambda row: row.key)

    return near


def _night(office: Office, lake: Path, registers: Mapping[str, Register], at: int) -> None:
    day = due_night(at, 0)
    if take(day, BY, at):
        run_night(office, lake, registers, day=day, by=BY)
