"""What a scenario's query has found: each hit with when it was first and last seen, whether it is gone, and its case."""

from __future__ import annotations

import hashlib

import msgspec


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One hit. ``evidence`` is JSON of the columns that the query declares; instants in ms UTC; ``gone`` is None while it stands."""

    serving: str
    same: str
    subject: str
    territory: str
    reason_zh: str
    reason_en: str
    evidence: str
    first_seen: int
    last_seen: int
    gone: int | None = None
    case_id: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same hit."""
        return self.serving, self.same

    def request_key(self, scenario: str) -> str:
        """The key under which its case is opened: the same for the same appearance, so that a case is opened once."""
        word = f"{scenario}\0{self.serving}\0{self.same}\0{self.first_seen}"
        return f"hit-{hashlib.sha256(word.encode()).hexdigest()[:40]}"
