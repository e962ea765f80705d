"""What was noted in villages: the rounds of a village in a span of time, and what came of what was found there.

A round is a short case about a place. Everything here is counted by village, never by post or person: who noted it is
not even read. The scenario is the caller's to name; its answers ``duty``, ``found``, ``kind``, ``note`` and ``spot`` are
what a round says, and the receipt that a service task gave back is the matter that came of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from django.db.models import Count

from zhuoli.core.case.state import OPEN_STATUS, Case
from zhuoli.core.worktime.instants import DAY, day_begins, day_of
from zhuoli.store.codec import decode_state
from zhuoli.store.models import CaseRecord, StateRecord

NOTHING = "nothing"
"""The answer to ``found`` when all was in order."""
LATE_NOTE = 2 * DAY
"""So much later than it happened (ms) a round may reach us from a phone without a signal."""


def party_of(village: str) -> str:
    """Return who raises what is found in a village: its post, whoever holds it; no person."""
    return f"village-{village}"


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """One noted duty; ``at`` (ms UTC) is when it was done, ``need`` the receipt of the matter that came of it."""

    case: int
    village: str
    at: int
    duty: str
    found: str
    kind: str = ""
    note: str = ""
    spot: str = ""
    status: str = ""
    result: str = ""
    need: str = ""


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """The matter that came of a round: where it stands. Instants in ms UTC."""

    case: int
    receipt: str
    status: str
    result_kind: str
    unit: str
    opened: int
    closed: int | None
    promised: int | None
    late: bool

    @property
    def outcome(self) -> str:
        """``done``, ``no`` (a reasoned no), ``answered`` (nobody has confirmed it yet) or ``open``."""
        if self.status in OPEN_STATUS:
            return "open"
        if self.status in ("withdrawn", "merged"):
            return "ended"
        if self.status == "refused" or self.result_kind in ("impossible", "unlawful"):
            return "no"
        return "done" if self.status == "settled" else "answered"


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """A village's month: ``days`` are its local days so far (since 1970-01-01), ``until`` the instant of counting."""

    village: str
    days: tuple[int, ...]
    until: int
    rounds: tuple[Round, ...]
    came: Mapping[str, Came]

    @property
    def by_duty(self) -> Counter[str]:
        """How often each duty was noted."""
        return Counter(each.duty for each in self.rounds)

    @property
    def found(self) -> tuple[Round, ...]:
        """The rounds on which something was found, oldest first."""
        return tuple(each for each in self.rounds if each.found != NOTHING)

    @property
    def quiet(self) -> tuple[int, ...]:
        """The days on which nothing was noted."""
        noted = {day_of(each.at) for each in self.rounds}
        return tuple(day for day in self.days if day not in noted)

    @property
    def spots(self) -> Counter[str]:
        """The places that were named, and how often."""
        return Counter(each.spot for each in self.rounds if each.spot)

    @property
    def outcomes(self) -> Counter[str]:
        """What came of what was found; several rounds may have led to one matter, which counts once."""
        wanted = {each.need for each in self.found if each.need}
        return Counter(self.came[need].outcome for need in wanted if need in self.came)


def rounds(
    scenario: str, villages: Sequence[str], since: int, until: int, alias: str = "default"
) -> list[Round]:
    """Return what was done in these villages (12-digit codes) with ``since`` ≤ at < ``until``, oldest first."""
    towns = {code[:9] for code in villages}
    cases = CaseRecord.city_cases.using(alias).filter(
        scenario=scenario, town__in=towns, opened__gte=since, opened__lt=until + LATE_NOTE
    )
    if len(towns) == 1 and len(villages) == 1:
        cases = cases.filter(territory=villages[0])
    states = (
        StateRecord.objects.using(alias)
        .filter(case_id__in=cases.values("id"))
        .values_list("state", flat=True)
    )
    wanted = set(villages)
    found = [round_of(decode_state(state)) for state in states.iterator(chunk_size=500)]
    return sorted(
        (each for each in found if each.village in wanted and since <= each.at < until),
        key=lambda each: (each.at, each.case),
    )


def round_of(case: Case) -> Round:
    """Return what a case of the scenario says."""
    said = {
        name: str(case.answers.get(f"form.{name}") or "")
        for name in ("duty", "found", "kind", "note", "spot")
    }
    need = next(
        (str(value) for name, value in case.answers.items() if name.endswith(".receipt") and value), ""
    )
    at = case.opened
    if case.occurred is not None and case.opened - LATE_NOTE <= case.occurred <= case.opened:
        at = case.occurred
    return Round(
        case=case.id,
        village=case.territory,
        at=at,
        status=case.status,
        result=case.result,
        need=need,
        **said,
    )


def what_came(found: Iterable[Round], alias: str = "default") -> dict[str, Came]:
    """Return the matters that came of rounds, by receipt; a merged one is told as the one that it went on in."""
    receipts = {each.need for each in found if each.need}
    rows = list(CaseRecord.objects.using(alias).filter(receipt__in=receipts)) if receipts else []
    into = {row.merged_into for row in rows if row.merged_into is not None and row.status == "merged"}
    others = CaseRecord.objects.using(alias).in_bulk(into) if into else {}
    return {row.receipt: _came(row, others.get(row.merged_into or 0, row)) for row in rows}


def _came(row: CaseRecord, told: CaseRecord) -> Came:
    return Came(
        case=row.id,
        receipt=row.receipt,
        status=told.status,
        result_kind=told.result_kind,
        unit=told.unit or told.dispatcher,
        opened=row.opened,
        closed=told.closed,
        promised=told.promised,
        late=told.late,
    )


def months(
    scenario: str, villages: Sequence[str], first: int, after: int, now: int, alias: str = "default"
) -> dict[str, Month]:
    """Return the month of each village: local days ``first`` ≤ day < ``after``, as far as they have begun by ``now``."""
    until = min(day_begins(after), now + 1)
    days = tuple(day for day in range(first, after) if day_begins(day) <= now)
    found = rounds(scenario, villages, day_begins(first), until, alias) if days else []
    came = what_came(found, alias)
    by_village: dict[str, list[Round]] = {code: [] for code in villages}
    for each in found:
        by_village[each.village].append(each)
    return {
        code: Month(
            village=code,
            days=days,
            until=until - 1,
            rounds=tuple(own),
            came={each.need: came[each.need] for each in own if each.need in came},
        )
        for code, own in by_village.items()
    }


def by_town(
    scenario: str, prefix: str, since: int, until: int, alias: str = "default"
) -> dict[str, tuple[int, int]]:
    """Return for each town (9 digits) below a prefix how many rounds were noted, and in how many villages."""
    column = "county" if len(prefix) == 6 else "city"
    rows = (
        CaseRecord.city_cases.using(alias)
        .filter(**{column: prefix}, scenario=scenario, opened__gte=since, opened__lt=until)
        .values_list("town")
        .annotate(rounds=Count("id"), villages=Count("territory", distinct=True))
    )
    return {town: (number, villages) for town, number, villages in rows}


def villages_with_rounds(scenario: str, since: int, until: int, alias: str = "default") -> list[str]:
    """Return the villages in which anything was noted, in the order of their codes."""
    rows = CaseRecord.city_cases.using(alias).filter(
        scenario=scenario, opened__gte=since, opened__lt=until + LATE_NOTE
    )
    return sorted(rows.values_list("territory", flat=True).distinct())
