"""Why a date is what it is: each limit of a clock explained from what the ledger holds, nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from zhuoli.core.case.events import Term
from zhuoli.core.case.state import Clock
from zhuoli.core.text import Text
from zhuoli.core.worktime import Calendar, DueRecord, Explanation, recompute


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """One limit of a clock: its instant (None while stopped), whether it has passed, and the explanation."""

    kind: str
    title: Text
    due: int | None
    passed: bool
    explanation: Explanation


TITLES: dict[str, Text] = {
    "promised": Text("承诺时限", "Promised time"),
    "statutory": Text("法定时限", "Statutory time"),
}


def explain_clock(clock: Clock, calendars: Mapping[str, Calendar]) -> list[Deadline]:
    """Return the clock's limits, the promised one first, each recomputed and explained.

    ``calendars`` are the working calendars by version.

    Raises:
        CannotRecompute: the calendar version is not known, or the recomputed instant differs from the stored
            one (which would mean that the rules of counting have been changed).
    """
    found: list[Deadline] = []
    for kind, term in (("promised", clock.promised), ("statutory", clock.statutory)):
        if term is not None:
            found.append(_explain(kind, term, clock, calendars))
    return found


def _explain(kind: str, term: Term, clock: Clock, calendars: Mapping[str, Calendar]) -> Deadline:
    record = DueRecord(
        limit=term.limit,
        start=clock.start,
        pauses=clock.pauses,
        calendar=clock.calendar,
        due=term.due,
    )
    return Deadline(
        kind=kind,
        title=TITLES[kind],
        due=term.due,
        passed=kind in clock.passed,
        explanation=recompute(record, calendars),
    )
