"""The office of this installation, put together from its settings."""

from __future__ import annotations

import gc
from collections.abc import Callable

from zhuoli.core.scenario.shelf import read_shelf
from zhuoli.core.worktime import statutory_calendar
from zhuoli.environment import Environment, read_environment
from zhuoli.office.directory import load_directory
from zhuoli.office.handle import Office, wall_clock
from zhuoli.office.once import Once
from zhuoli.office.seals import seal_system
from zhuoli.office.ways_to_sign import signing_system


def make_office(
    environment: Environment, *, clock: Callable[[], int] = wall_clock, sends_codes: bool = True
) -> Office:
    """Put an office together: the shelf, the directory of the database, the statutory calendar, signing and seal.

    ``clock`` gives ms UTC; ``sends_codes`` says whether messages with one-time codes go out at all.

    Raises:
        KeyTrouble: there is no usable master key.
        BadDirectory: there are no units, or they do not hold together.
        BadSigning, BadSeal: a setting names no system for it.
    """
    shelf = read_shelf(environment.scenarios, cache=environment.data / "shelf.cache")
    office = Office(shelf, load_directory(), statutory_calendar(), clock=clock)
    office.signing = signing_system(office, environment.signing, sends_codes=sends_codes)
    office.seal = seal_system(environment.seal, demo=environment.mode == "demo")
    return office


@Once
def open_office() -> Office:
    """Return the process's office.

    Raises:
        As ``make_office``.
    """
    office = make_office(read_environment())
    # Shelf and directory live as long as the process: the collector need not walk through them again and again.
    gc.freeze()
    return office
