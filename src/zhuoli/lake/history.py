"""The last imports of a register, each with what became of the rows that it did not take."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from zhuoli.core.text import Text
from zhuoli.core.worktime.instants import DAY
from zhuoli.lake.folder import Mode, PastImport, RegisterFolder
from zhuoli.lake.rejects import KEPT_DAYS

Fate = Literal["none", "corrected", "kept", "deleted"]

HOW: dict[Mode, Text] = {
    "whole": Text("整份换掉", "whole file"),
    "changes": Text("只改这些行", "change set"),
    "append": Text("只加新行", "new rows added"),
}


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One import, and the fate of its rejected rows.

    ``corrected``: a file of them came in again with the imports ``again``, oldest first; ``kept``: they lie in the file
    ``rejects`` (its name, without a folder) until ``until`` (ms UTC); ``deleted``: that file is gone; ``none``: there were none.
    """

    past: PastImport
    fate: Fate
    again: tuple[PastImport, ...] = ()
    rejects: str = ""
    until: int = 0

    @property
    def came_in(self) -> int:
        """How many of the rejected rows were taken when they came again."""
        return sum(one.accepted for one in self.again)


def history(lake: Path, register: str) -> list[Told]:
    """Return the imports that a register remembers, newest first; those of which nothing was taken, too."""
    folder = RegisterFolder(lake, register)
    imports = folder.imports()
    return [_told(one, imports, folder) for one in imports]


def as_json(told: Told) -> dict[str, object]:
    """Return an import as programs read it; see ``docs/authors/cli-json.md``."""
    past = told.past
    return {
        **msgspec.structs.asdict(past),
        "rows_per_second": past.pace,
        "rejects": told.rejects,
        "rejected_rows": told.fate,
        "corrected_by": [one.id for one in told.again],
    }


def _told(past: PastImport, known: tuple[PastImport, ...], folder: RegisterFolder) -> Told:
    if past.rejected == 0:
        return Told(past=past, fate="none")
    path = folder.rejects_of(past.id)
    again = tuple(reversed([one for one in known if one.corrects == past.id and one.accepted > 0]))
    kept = path.exists()
    return Told(
        past=past,
        fate="corrected" if again else "kept" if kept else "deleted",
        again=again,
        rejects=path.name if kept else "",
        until=past.at + KEPT_DAYS * DAY if kept else 0,
    )
