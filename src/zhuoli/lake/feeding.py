"""Ended cases become rows of the registers that their scenarios feed (``feeds.yaml``): no party, no words, no post.

A case is read by the version that it was begun with, so a row never changes because a folder was edited. A case that is no row any
more (handled again, or answered with another result) is removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.feel import Condition, FeelErrors, Value, compile_condition, compile_value
from zhuoli.core.feel.errors import RunError
from zhuoli.core.scenario.feeds import COUNTY, KEY, Feed, feed_names
from zhuoli.core.scenario.figures import indicator_names
from zhuoli.lake.checking import CHANGE
from zhuoli.lake.instants import written_instant
from zhuoli.office.library import Library
from zhuoli.office.measures import indicator_values, seen
from zhuoli.store.codec import decode_state
from zhuoli.store.models import CaseRecord, ScenarioRecord, StateRecord

ANSWERED = ("closed", "settled", "unconfirmed")
"""A case is a row only while it stands as answered."""
_CHUNK = 5_000
_NOTHING: set[str] = set()
"""Versions (they are named by their content) that are known to feed nothing."""


class ReadyFeed(msgspec.Struct, frozen=True):
    """A feed compiled for one version of a scenario."""

    results: frozenset[str]
    condition: Condition | None
    row: dict[str, tuple[tuple[Value, Condition | None], ...]]

    def take(self, values: Mapping[str, Any]) -> dict[str, str | None] | None:
        """Return the row of a case as strings, or None where it is none; a column without a value is empty."""
        if values.get("case.result") not in self.results or not _holds(self.condition, values):
            return None
        return {name: _first(ways, values) for name, ways in self.row.items()}


def ready(plan: Plan) -> dict[str, ReadyFeed]:
    """Compile what a version feeds, by register; one that this program cannot read is left out."""
    known = {**plan.names, **indicator_names(plan.scenario)}
    found = {}
    for register, feed in plan.scenario.feeds.items():
        try:
            found[register] = _ready(feed, known)
        except FeelErrors:  # a stored version of an older form; the checker refuses it in a new one
            continue
    return found


def _ready(feed: Feed, known: Mapping[str, Any]) -> ReadyFeed:
    names = feed_names(feed, known)

    def condition(text: str) -> Condition | None:
        return compile_condition(text, names) if text else None

    return ReadyFeed(
        frozenset(feed.results),
        condition(feed.when),
        {
            column: tuple((compile_value(way.value, names), condition(way.when)) for way in ways)
            for column, ways in feed.row.items()
        },
    )


def feed_values(state: bytes | memoryview, county: str) -> dict[str, Any] | None:
    """Return what a feed may ask of a case; None while it is not answered. ``county`` has six digits, or none."""
    found = seen(state)
    if found.status not in ANSWERED or found.closed is None:
        return None
    values = indicator_values(found, milestones=True)
    if county:
        values[COUNTY] = f"{county}000000"
    case: Case = decode_state(state)
    return values | {f"reference.{system}": number for system, number in case.references.items()}


class Feeding:
    """What the versions of a database's cases feed; those that feed nothing are never compiled."""

    def __init__(self, alias: str) -> None:
        self._alias = alias
        self._library = Library((), alias=alias)
        self._versions: dict[str, dict[str, ReadyFeed]] = {}

    def _look(self, versions: Iterable[str]) -> None:
        """Compile what these versions feed, unless that is known."""
        unknown = [each for each in versions if each not in self._versions and each not in _NOTHING]
        stored = ScenarioRecord.objects.using(self._alias).filter(version__in=unknown)
        for version, scenario, archive in stored.values_list("version", "scenario", "archive").iterator():
            feeds = ready(self._library.pinned(version, scenario)) if b"feeds" in bytes(archive) else {}
            if feeds:
                self._versions[version] = feeds
            else:
                _NOTHING.add(version)

    def cases(self) -> list[int]:
        """Return every case whose version feeds something."""
        every = CaseRecord.city_cases.using(self._alias)
        self._look(every.values_list("version", flat=True).distinct())
        return sorted(every.filter(version__in=list(self._versions)).values_list("id", flat=True))

    def changes(
        self, register: str, cases: Iterable[int], known: set[int]
    ) -> Iterator[dict[str, str | None]]:
        """Yield what is to be put into a register for these cases, and what is to be removed: those ``known`` that are no row."""
        gone = set(known)
        for case, version, county, state in self._states(register, list(cases)):
            values = feed_values(state, county)
            row = None if values is None else self._versions[version][register].take(values)
            if row is not None:
                gone.discard(case)
                yield {CHANGE: "put", KEY: str(case), **row}
        for case in sorted(gone):
            yield {CHANGE: "remove", KEY: str(case)}

    def _states(self, register: str, cases: list[int]) -> Iterator[tuple[int, str, str, bytes]]:
        for start in range(0, len(cases), _CHUNK):
            some = CaseRecord.city_cases.using(self._alias).filter(id__in=cases[start : start + _CHUNK])
            rows = list(some.values_list("id", "version", "county"))
            self._look({version for _, version, _ in rows})
            about = {
                case: (version, county)
                for case, version, county in rows
                if register in self._versions.get(version, {})
            }
            states = (
                StateRecord.objects.using(self._alias).filter(case_id__in=list(about)).order_by("case_id")
            )
            for case, state in states.values_list("case_id", "state").iterator():
                yield case, *about[case], bytes(state)


def _holds(condition: Condition | None, values: Mapping[str, Any]) -> bool:
    try:
        return condition is None or condition.evaluate(values)
    except RunError:  # a name without a value
        return False


def _first(ways: Iterable[tuple[Value, Condition | None]], values: Mapping[str, Any]) -> str | None:
    for value, condition in ways:
        if not _holds(condition, values):
            continue
        try:
            found = _written(value.evaluate(values), value.type.kind)
        except RunError:
            continue
        if found:
            return found
    return None


def _written(value: Any, kind: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if kind == "datetime":
        return written_instant(value)
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
