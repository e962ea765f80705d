"""The run of the checker over one scenario: what it looks at, and what it has found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from zhuoli.core.scenario.catalog import Place, did_you_mean, from_entry
from zhuoli.core.scenario.check.catalog import CHECKS, WARNINGS
from zhuoli.core.scenario.check.items import Items
from zhuoli.core.scenario.marks import Marks
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.text import Mistake


@dataclass
class Report:
    """A scenario, where its parts stand, its items by id, and the mistakes so far."""

    scenario: Scenario
    marks: Marks
    items: Items
    mistakes: list[Mistake] = field(default_factory=list)

    def say(self, code: str, place: Place, **values: object) -> None:
        """Note the mistake ``code`` of the catalogue."""
        found = from_entry(code, CHECKS[code], place, values)
        if code in WARNINGS:
            found = msgspec.structs.replace(found, severity="warning")
        self.mistakes.append(found)

    def unknown(self, code: str, place: Place, name: str, allowed: Iterable[str], **values: object) -> None:
        """Note that ``name`` is none of ``allowed``, with the nearest one."""
        names = list(allowed)
        shown = ", ".join(names[:40]) + (" …" if len(names) > 40 else "")
        self.say(code, place, name=name, nearest=did_you_mean(name, names), allowed=shown or "—", **values)

    def add(self, found: Iterable[Mistake], place: Place) -> None:
        """Note mistakes of another language (durations, expressions) at ``place``."""
        file, line, column = place
        self.mistakes.extend(one.at(file, line, column) for one in found)
