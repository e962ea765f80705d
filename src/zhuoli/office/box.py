"""Words that the desk keeps outside of cases, sealed: drafts of calls, hand-overs.

The keys follow from the master key by the name of the box, so there is nothing to store; what is in a box is forgotten by
deleting its row.
"""

from __future__ import annotations

from typing import Any

import msgspec

from zhuoli.store.keys import Key, MasterKey


class Box:
    """Seals and opens values of one kind; each is bound to the id of its row."""

    def __init__(self, master: MasterKey, name: str) -> None:
        self._key = Key(master.derive(f"box {name}"), 0, f"box:{name}")

    def seal(self, row: str, value: Any) -> str:
        """Return a value sealed for a row."""
        return self._key.seal(row, msgspec.json.encode(value).decode())

    def open(self, row: str, sealed: str) -> Any:
        """Return the value of a row; None when it was emptied.

        Raises:
            KeyTrouble: it was altered, or belongs to another row.
        """
        return msgspec.json.decode(self._key.open(row, sealed)) if sealed else None
