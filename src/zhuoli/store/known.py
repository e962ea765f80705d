"""States that were just seen, kept in memory for the next command of the same case."""

from __future__ import annotations

from zhuoli.core.case.rows import Rows, rows
from zhuoli.core.case.state import Case


class KnownStates:
    """States and rows that this process has just seen, by the head of their chain.

    The head is the hash of the whole history, so whoever reads the same head from the database may take the state from
    here instead of decoding it. Nobody changes a state that was given out.
    """

    def __init__(self, size: int = 2_000) -> None:
        self._size = size
        self._known: dict[int, tuple[bytes, Case, Rows]] = {}

    def get(self, case: int, head: bytes) -> Case | None:
        """Return the state of a case whose chain ends with ``head``, if it is known."""
        known = self._known.get(case)
        return known[1] if known is not None and known[0] == head else None

    def rows(self, state: Case) -> Rows:
        """Return the rows of a state that was given out, or compute them."""
        known = self._known.get(state.id)
        return known[2] if known is not None and known[1] is state else rows(state)

    def keep(self, head: bytes, state: Case, computed: Rows) -> None:
        """Remember a state and its rows."""
        known = self._known
        known.pop(state.id, None)
        known[state.id] = (head, state, computed)
        while len(known) > self._size:
            known.pop(next(iter(known)), None)
