"""The office of this installation, put together from its settings."""

from __future__ import annotations

import gc

from zhuoli.core.scenario.shelf import read_shelf
from zhuoli.core.worktime import statutory_calendar
from zhuoli.environment import read_environment
from zhuoli.office.directory import load_directory
from zhuoli.office.handle import Office
from zhuoli.office.once import Once
from zhuoli.office.seals import seal_system
from zhuoli.office.ways_to_sign import signing_system


@Once
def open_office() -> Office:
    """Return the process's office: the shelf, the directory of the database, the statutory calendar.

    Raises:
        KeyTrouble: there is no usable master key.
        BadDirectory: there are no units, or they do not hold together.
        BadSigning: ``ZHUOLI_SIGNING`` names no signing system.
    """
    environment = read_environment()
    shelf = read_shelf(environment.scenarios, cache=environment.data / "shelf.cache")
    office = Office(shelf, load_directory(), statutory_calendar())
    office.signing = signing_system(office, environment.signing)
    office.seal = seal_system(environment.seal, demo=environment.mode == "demo")
    # Shelf and directory live as long as the process: the collector need not walk through them again and again.
    gc.freeze()
    return office
