"""What the handling of a request needs of the office, so that the two do not import each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from zhuoli.core.case.facts import Directory
from zhuoli.core.worktime import Calendar
from zhuoli.office.library import Library
from zhuoli.office.numbers import CaseNumbers
from zhuoli.office.receipts import Receipts
from zhuoli.office.requests import Handled, Request
from zhuoli.office.signing import SigningSystem
from zhuoli.store.files import FileStore
from zhuoli.store.records import Found


class Parts(Protocol):
    """The parts of an office; see ``zhuoli.office.handle.Office``, which has them all."""

    library: Library
    directory: Directory
    calendar: Calendar
    clock: Callable[[], int]
    alias: str
    files: FileStore
    receipts: Receipts
    signing: SigningSystem
    numbers: CaseNumbers
    draw_receipt: Callable[[], str]
    stored_versions: set[str]
    tells_staff: bool

    def digest(self, request: Request) -> bytes:
        """Return the keyed digest of what a request asks for."""
        ...

    def repeat(self, request: Request, found: Found) -> Handled:
        """Return the stored result that belongs to ``found``."""
        ...
