"""What the append module takes and gives, and the tables and columns that it writes."""

from __future__ import annotations

import msgspec

from zhuoli.core.case.rows import (
    BookingRow,
    CaseRow,
    PartyRow,
    ReferenceRow,
    ShareRow,
    SubjectRow,
    TaskRow,
    WakeRow,
)
from zhuoli.core.case.state import Case


class Stored(msgspec.Struct, frozen=True):
    """A case as it stands: its state, the hash of its last entry, and when that was recorded (ms UTC)."""

    state: Case
    head: bytes
    recorded: int


class Found(msgspec.Struct, frozen=True):
    """An entry that was written for a command key before."""

    case: int
    seq: int
    digest: bytes


class NewEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be added to the ledger; ``actor`` and ``events`` are JSON text, ``state`` what is true afterwards."""

    state: Case
    recorded: int
    actor: str
    command: str
    key: str
    digest: bytes
    events: str


class NewLook(msgspec.Struct, frozen=True, kw_only=True):
    """A look that is to be recorded; ``actor`` and ``fields`` are JSON text."""

    case: int
    at: int
    actor: str
    post: str
    party: str
    fields: str
    purpose: str
    deferred_until: int | None = None
    ground: str = ""
    approver: str = ""


class FileRow(msgspec.Struct, frozen=True):
    """A stored file; ``case`` is None while it is a draft."""

    file: str
    case: int | None
    party: str
    wrapped: bytes


ENTRY = (
    "case_id",
    "seq",
    "recorded",
    "actor",
    "command",
    "command_key",
    "digest",
    "events",
    "prev",
    "hash",
)
LOOK = (
    "case_id",
    "seq",
    "at",
    "actor",
    "post",
    "party",
    "fields",
    "purpose",
    "deferred_until",
    "ground",
    "approver",
    "prev",
    "hash",
)
KEY = ("case_id", "party", "wrapped", "made")


def _columns(row: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple("case_id" if name == "case" else name for name in row.__struct_fields__)


class Table:
    """A table of rows that are computed from states: its columns, and how many of them are its key."""

    __slots__ = ("columns", "keys", "name")

    def __init__(self, name: str, columns: tuple[str, ...], keys: int) -> None:
        self.name, self.columns, self.keys = name, columns, keys


STATES = Table("store_state", ("case_id", "seq", "recorded", "head", "state"), 1)
CASES = Table("store_case", _columns(CaseRow), 1)
TASKS = Table("store_task", _columns(TaskRow), 2)
WAKES = Table("store_wake", _columns(WakeRow), 2)
PARTIES = Table("store_party", _columns(PartyRow), 2)
REFERENCES = Table("store_reference", _columns(ReferenceRow), 2)
SUBJECTS = Table("store_subject", _columns(SubjectRow), 2)
BOOKINGS = Table("store_booking", _columns(BookingRow), 1)
SHARES = Table("store_share", _columns(ShareRow), 2)
