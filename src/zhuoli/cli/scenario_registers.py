"""What of a scenario must go with the registers: its query, what it feeds, and what its forms let people choose from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from zhuoli.core.scenario.folder import marks_of, sort_mistakes
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.text import Mistake
from zhuoli.environment import read_environment

if TYPE_CHECKING:
    from zhuoli.core.registers import Register


def known_registers() -> dict[str, Register]:
    """Return the registers of this installation."""
    from zhuoli.core.registers import read_registers

    return read_registers(read_environment().registers).registers


def wrong_queries(scenarios: dict[str, Scenario], folders: dict[str, Path]) -> list[Mistake]:
    """What is wrong with the text of each ``query.sql``; looked at where there is one."""
    asking = {name: one for name, one in scenarios.items() if one.query is not None}
    if not asking:
        return []
    from zhuoli.lake.query_check import check_query

    registers = known_registers()
    return [
        msgspec.structs.replace(wrong, file=str(folders[name] / wrong.file))
        for name, one in asking.items()
        for wrong in check_query(one, registers)
    ]


def wrong_feeds(scenarios: dict[str, Scenario], folders: dict[str, Path]) -> list[Mistake]:
    """What does not go with the registers in ``feeds.yaml`` and in forms that let people choose from a register."""
    asking = {
        name: one
        for name, one in scenarios.items()
        if one.feeds or any(each.register for form in one.forms.values() for each in form.questions.values())
    }
    if not asking:
        return []
    from zhuoli.lake.feed_check import check_fed

    registers = known_registers()
    found: list[Mistake] = []
    for name, one in asking.items():
        wrong = check_fed(one, registers)
        if wrong:  # where it stands is looked up only then
            wrong = sort_mistakes(
                check_fed(one, registers, marks_of(folders[name], "feeds.yaml", "form.yaml"))
            )
        found += [msgspec.structs.replace(each, file=str(folders[name] / each.file)) for each in wrong]
    return found
