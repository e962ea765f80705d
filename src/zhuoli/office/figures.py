"""Counts for public figures: cells of month, scenario and county, kept in memory and brought up to date cell by cell.

A case never changes its month (of raising), its scenario or its county, so that a command changes one cell. Whoever asks gets
the cells as they are after the last entry of the ledger that was looked at; ``Counted.at`` says when that was. What was
counted is also left in the cache for the next start. Where nothing was counted before and there is much to count, one process
does so beside, and whoever asks meanwhile is told how far it is.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from operator import add
from typing import Any, Literal

import msgspec
from django.core.cache import cache
from django.db import connections
from django.db.models import QuerySet

from zhuoli.core.case.plan import Plan
from zhuoli.core.worktime import instant_of, local
from zhuoli.office import measures
from zhuoli.office.errors import BeingCounted, UnknownScenario
from zhuoli.office.library import Library
from zhuoli.office.measures import COUNTS, HOUR, Gauge
from zhuoli.store.models import CaseRecord, EntryRecord

MONTHS = 24
"""So many months are counted, this one included: twelve, and the twelve before."""
INLINE = 3_000
"""So many cases at most are read while somebody waits for a page; more are read beside."""
OVERLAP = 200
"""So many entries before the last known one are looked at again: they may have become visible after it."""
PATIENCE = 20.0
"""A look that took a second is not repeated for so many seconds."""
KEEP_EVERY = 300.0
"""Seconds after which what was counted is left in the cache anew."""
WAIT = 3.0
"""Seconds that somebody waits for what is counted for the first time, before being told that it takes longer."""
SAY_EVERY = 2_000
"""After so many cases it is told how far the counting is."""
SILENT = 60.0
"""Seconds after which a process that counts and says nothing is taken for gone."""
_KEPT = "figures.counted.1"
_PROGRESS = "figures.counting"

Key = tuple[int, str, str]
"""Month (year × 12 + month − 1), scenario, county (six digits, empty where it is not known)."""
Mark = tuple[int, bytes, frozenset[int]]
"""An entry of the ledger, its hash, and the entries shortly before it that were there."""
Part = Literal["counts", "hours", "gauges"]
"""What of the cells is added up: the counts alone, or with them the hours to the answer, or the indicators."""
LOG = logging.getLogger("zhuoli.office.figures")


class Cell(msgspec.Struct, array_like=True):
    """What is counted of the cases of one cell.

    ``counts`` are in the order of ``measures.COUNTS``, ``scores`` is the sum of the ratings, ``hours`` how many cases were
    answered in so many whole hours, ``gauges`` by indicator: denominator, numerator, and the sum of what is measured.
    """

    counts: list[int] = msgspec.field(default_factory=lambda: [0] * len(COUNTS))
    scores: int = 0
    hours: dict[int, int] = {}
    gauges: dict[str, list[float]] = {}

    def add(self, other: Cell, part: Part = "counts") -> None:
        """Add the counts of another cell, and its hours or its indicators where they are asked for."""
        self.counts = list(map(add, self.counts, other.counts))
        self.scores += other.scores
        if part == "hours":
            for hour, number in other.hours.items():
                self.hours[hour] = self.hours.get(hour, 0) + number
        elif part == "gauges":
            for name, sums in other.gauges.items():
                self.gauges[name] = list(map(add, self.gauges.get(name, (0, 0, 0.0)), sums))

    def __getitem__(self, name: str) -> int:
        """Return a count by its name."""
        return self.counts[_PLACE[name]]


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """All cells as of an entry of the ledger; ``at`` is the instant (ms UTC) of looking.

    ``anchor`` is the hash of the entry at ``position``: another database has another one. ``recent`` are the entries
    shortly before it that were seen. ``versions`` are those of the scenarios by whose indicators was counted. ``answers`` keeps
    what was made of the cells, for as long as they are the newest.
    """

    at: int
    position: int
    anchor: bytes
    recent: frozenset[int]
    versions: dict[str, str]
    cells: dict[Key, Cell]
    answers: dict[Any, Any] = {}


_PLACE = {name: number for number, name in enumerate(COUNTS)}
_PACK = msgspec.msgpack.Encoder()
_UNPACK = msgspec.msgpack.Decoder(
    tuple[int, int, bytes, frozenset[int], dict[str, str], list[tuple[Key, Cell]]]
)


class Figures:
    """Counts, remembers, and counts again what has changed; one for each process."""

    def __init__(self, library: Library, clock: Callable[[], int]) -> None:
        self._library = library
        self._clock = clock
        self._lock = threading.Lock()
        self._counted: Counted | None = None
        self._next = 0.0
        self._kept_at = time.monotonic()
        self._beside: threading.Thread | None = None

    def counted(self) -> Counted:
        """Return the cells: up to date, or where much has changed as they were, while they are counted anew beside.

        Raises:
            BeingCounted: nothing was counted before, and counting takes longer than one waits for a page.
        """
        try:
            return self._counted_by_now()
        except BeingCounted:
            if self._beside is None:
                raise
            self._beside.join(WAIT)
            return self._counted_by_now()

    def _counted_by_now(self) -> Counted:
        with self._lock:
            if self._counted is not None and time.monotonic() < self._next:
                return self._counted
            begun = time.monotonic()
            known = self._counted or _kept()
            mark = _last()  # before looking for what is new: what comes between is looked at twice, not never
            changed = self._changed(known)
            if known is None or (changed is None and not self._may_be_shown(known)):
                number = self._cases(self._clock()).count()
                if number > INLINE:
                    self._count_beside()
                    raise BeingCounted(min(number, _progress()), number)
                found = self._all()
            elif changed is not None and self._cost(known, changed) <= INLINE:
                found = self._again(known, changed, mark)
            else:
                self._count_beside()
                found = known
            self._counted = found
            took = time.monotonic() - begun
            self._next = begun + (PATIENCE * took if took > 0.05 else 0.0)
            return found

    def _same_place(self, known: Counted) -> bool:
        """Whether what is known is of this database, so that it may be shown until it is counted again."""
        anchor = EntryRecord.objects.filter(position=known.position).values_list("hash", flat=True).first()
        return bool(known.position) and anchor is not None and bytes(anchor) == known.anchor

    def _may_be_shown(self, known: Counted) -> bool:
        """Whether to show what is known until all is counted: it is of this database, and counting takes long."""
        number = sum(cell["raised"] for cell in known.cells.values())
        return number > INLINE and self._same_place(known)

    def _changed(self, known: Counted | None) -> dict[Key, int] | None:
        """Return the cells of the cases of new entries with how many of them are new; None: count all."""
        if known is None or known.versions != self._versions():
            return None
        if known.position and not self._same_place(known):
            return None
        fresh: dict[int, int] = {}
        entries = EntryRecord.objects.filter(position__gt=known.position - OVERLAP)
        for position, case in entries.values_list("position", "case_id"):
            if position not in known.recent:
                fresh[case] = position
        changed: dict[Key, int] = {}
        ids = list(fresh)
        for start in range(0, len(ids), 500):
            cases = CaseRecord.city_cases.filter(id__in=ids[start : start + 500])
            for opened, scenario, county in cases.values_list("opened", "scenario", "county"):
                key = (month_of(opened), scenario, county)
                changed[key] = changed.get(key, 0) + 1
        return changed

    def _cost(self, known: Counted, changed: dict[Key, int]) -> int:
        return sum(
            number + (known.cells[key]["raised"] if key in known.cells else 0)
            for key, number in changed.items()
        )

    def _again(self, known: Counted, changed: Iterable[Key], mark: Mark) -> Counted:
        at = self._clock()
        cells = dict(known.cells)
        for key in changed:
            month, scenario, county = key
            inside = CaseRecord.city_cases.filter(
                scenario=scenario,
                county=county,
                opened__gte=month_start(month),
                opened__lt=month_start(month + 1),
            )
            cells[key] = self._read(inside).get(key, Cell())
        found = self._made(at, mark, cells)
        if time.monotonic() > self._kept_at + KEEP_EVERY:
            self._keep(found)
        return found

    def _all(self) -> Counted:
        at, mark = self._clock(), _last()
        found = self._made(at, mark, self._read(self._cases(at)))
        self._keep(found)
        return found

    def _cases(self, at: int) -> QuerySet[CaseRecord, Any]:
        """Return the cases that are counted at all."""
        return CaseRecord.city_cases.filter(opened__gte=month_start(month_of(at) - MONTHS + 1))

    def _keep(self, found: Counted) -> None:
        """Leave what was counted for the next start."""
        self._kept_at = time.monotonic()
        cells = list(found.cells.items())
        packed = _PACK.encode(
            (found.at, found.position, found.anchor, sorted(found.recent), found.versions, cells)
        )
        cache.set(_KEPT, packed, None)

    def _made(self, at: int, mark: Mark, cells: dict[Key, Cell]) -> Counted:
        position, anchor, recent = mark
        return Counted(
            at=at, position=position, anchor=anchor, recent=recent, versions=self._versions(), cells=cells
        )

    def _count_beside(self) -> None:
        """Count everything in a thread, unless one does already, here or in another process of this server."""
        own = self._beside is not None and self._beside.is_alive()
        if not own and _counting_elsewhere() is None:
            _tell(0)
            self._beside = threading.Thread(target=self._count_and_take, name="figures", daemon=True)
            self._beside.start()

    def _count_and_take(self) -> None:
        try:
            found = self._all()
        except Exception:
            LOG.exception("counting figures beside failed; what is shown is of an earlier time")
            return
        finally:
            cache.delete(_PROGRESS)
            connections.close_all()
        with self._lock:
            self._counted = found

    def _versions(self) -> dict[str, str]:
        return {name: scenario.version for name, scenario in self._library.scenarios().items()}

    def _plan(self, scenario: str, version: str) -> Plan | None:
        """Return the plan by whose indicators a scenario is counted: the shelf's, so that a series has one definition."""
        try:
            return self._library.current(scenario)
        except UnknownScenario:
            pass
        try:
            return self._library.pinned(version, scenario)
        except UnknownScenario:
            return None

    def _read(self, cases: QuerySet[CaseRecord, Any]) -> dict[Key, Cell]:
        """Count cases from their snapshots."""
        cells: dict[Key, Cell] = {}
        rules: dict[str, tuple[bool, tuple[Gauge, ...]]] = {}
        rows = cases.values_list("opened", "scenario", "county", "version", "snapshot__state").order_by()
        told = threading.current_thread() is self._beside
        for number, row in enumerate(rows.iterator(chunk_size=500), start=1):
            opened, scenario, county, version, state = row
            if told and number % SAY_EVERY == 0:
                _tell(number)
            if state is None:
                continue
            if scenario not in rules:
                plan = self._plan(scenario, version)
                nobody = plan is not None and plan.scenario.confirmation.by == "nobody"
                rules[scenario] = (nobody, measures.gauges(plan) if plan is not None else ())
            cell = cells.setdefault((month_of(opened), scenario, county), Cell())
            _take(cell, measures.seen(state), *rules[scenario])
        return cells


def _take(cell: Cell, case: measures.Seen, nobody: bool, gauges: tuple[Gauge, ...]) -> None:
    for name in measures.counts(case, confirmed_by_nobody=nobody):
        cell.counts[_PLACE[name]] += 1
    if case.score is not None:
        cell.scores += case.score
    if case.closed is not None:
        hour = max(0, case.closed - case.opened) // HOUR
        cell.hours[hour] = cell.hours.get(hour, 0) + 1
    if not gauges:
        return
    values = measures.indicator_values(case, milestones=any(gauge.milestones for gauge in gauges))
    for gauge in gauges:
        inside, counted, amount = gauge.take(values)
        if inside:
            sums = cell.gauges.setdefault(gauge.key, [0, 0, 0.0])
            sums[0] += 1
            sums[1] += counted
            sums[2] += amount or 0.0


def _last() -> Mark:
    """Return the last entry, its hash, and the entries shortly before it that are there now."""
    found = EntryRecord.objects.order_by("-position").values_list("position", "hash").first()
    if found is None:
        return 0, b"", frozenset()
    position, anchor = found
    before = EntryRecord.objects.filter(position__gt=position - OVERLAP, position__lte=position)
    return position, bytes(anchor), frozenset(before.values_list("position", flat=True))


def _tell(read: int) -> None:
    """Let every process of this server know how far the counting is, and who does it."""
    cache.set(_PROGRESS, (os.getpid(), read), SILENT)


def _progress() -> int:
    """Return how many cases have been read by whoever counts."""
    told = cache.get(_PROGRESS)
    return int(told[1]) if told is not None else 0


def _counting_elsewhere() -> int | None:
    """Return the process that counts, if it is another one and has said so lately."""
    told = cache.get(_PROGRESS)
    return int(told[0]) if told is not None and told[0] != os.getpid() else None


def _kept() -> Counted | None:
    """Return what an earlier process has counted, if this version can read it."""
    packed = cache.get(_KEPT)
    if packed is None:
        return None
    try:
        at, position, anchor, recent, versions, cells = _UNPACK.decode(packed)
    except msgspec.DecodeError:
        return None
    return Counted(
        at=at, position=position, anchor=anchor, recent=recent, versions=versions, cells=dict(cells)
    )


def month_of(instant: int) -> int:
    """Return the local month of an instant as year × 12 + month − 1."""
    at = local(instant)
    return at.year * 12 + at.month - 1


def month_start(month: int) -> int:
    """Return the first instant (ms UTC) of a month given as year × 12 + month − 1."""
    year, number = divmod(month, 12)
    midnight = local(0).replace(year=year, month=number + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
    return instant_of(midnight)


def summed(
    counted: Counted, months: range, key: Callable[[Key], str | None], part: Part = "counts"
) -> dict[str, Cell]:
    """Add up the cells of some months by a key; cells for which it is None are left out."""
    found: dict[str, Cell] = {}
    first, last = months.start, months.stop - 1
    for place, cell in counted.cells.items():
        if first <= place[0] <= last:
            name = key(place)
            if name is not None:
                if name not in found:
                    found[name] = Cell()
                found[name].add(cell, part)
    return found
