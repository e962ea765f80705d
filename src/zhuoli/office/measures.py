"""What one case adds to public figures: the counts in which it stands, and what its scenario's indicators measure.

Plain functions of a case's state; nothing here is published before ``zhuoli.web.figures`` has rounded it.

Each of the five rates has a numerator, counted under its own name, and a denominator under ``<rate>/of``:

* ``response``: of the cases whose time for being taken up has been used or has run out, those taken up or refused in it.
* ``on_time``: of the cases that have their answer or are past the time for it, those answered in it.
* ``resolution``: of the cases on which the person was asked, those that the person calls settled. Who was silent until the
  time for it ran out, and who said no, stand in the denominator.
* ``satisfaction``: of the ratings, those of four or five.
* ``unconfirmed``: of the cases that are over and were for the person to confirm, those that the person left unconfirmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

import msgspec

from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import OPEN_STATUS, Case, Clock, Item, JointUnit
from zhuoli.core.feel import Condition, FeelErrors, Value, compile_condition, compile_value
from zhuoli.core.feel.errors import RunError
from zhuoli.core.scenario.figures import MINUTES_TO, indicator_names
from zhuoli.core.scenario.model import Indicator
from zhuoli.core.worktime.instants import day_of, iso_date

Rate = Literal["response", "on_time", "resolution", "satisfaction", "unconfirmed"]
RATES: tuple[Rate, ...] = ("response", "on_time", "resolution", "satisfaction", "unconfirmed")
OF = "/of"
"""Follows the name of a rate or an indicator in the name of its denominator."""
SATISFIED = 4
"""From so many of five on, a rating is one of somebody satisfied."""
COUNTS: tuple[str, ...] = (
    "raised",
    "accepted",
    "answered",
    "in_work",
    "settled",
    "silent",
    "refused",
    "withdrawn",
    "merged",
    *(name for rate in RATES for name in (rate, rate + OF)),
)
"""Every count, in the order in which cells keep them."""
MINUTE, HOUR = 60_000, 3_600_000
DAY = 24 * HOUR

_READ: dict[str, Any] = {
    "status": str,
    "parties": dict[str, str],
    "opened": int,
    "accepted": int | None,
    "closed": int | None,
    "result": str,
    "result_kind": str,
    "answers": dict[str, Any],
    "items": msgspec.Raw,
    "clocks": dict[str, msgspec.Raw],
    "late": tuple[str, ...],
    "joint": dict[str, JointUnit],
    "supplements": int,
    "urges": int,
    "contests": int,
    "reopenings": int,
    "score": int | None,
}


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of a case's state; see ``zhuoli.core.case.state.Case`` for the fields."""

    status: str
    asked: bool
    opened: int
    accepted: int | None
    closed: int | None
    result: str
    result_kind: str
    answers: dict[str, Any]
    items: msgspec.Raw
    acceptance: Clock | None
    clock: Clock | None
    late: tuple[str, ...]
    joint: int
    supplements: int
    urges: int
    contests: int
    reopenings: int
    score: int | None


_STATE = msgspec.msgpack.Decoder(
    msgspec.defstruct(
        "StateInPart",
        [
            (field.name, _READ.get(field.name, msgspec.Raw), msgspec.Raw())
            for field in msgspec.structs.fields(Case)
        ],
        array_like=True,
    )
)
"""Reads what is needed of a snapshot, several times as fast as all of it."""
_ITEMS = msgspec.msgpack.Decoder(dict[str, Item])
_CLOCK = msgspec.msgpack.Decoder(Clock)


def seen(state: bytes | memoryview) -> Seen:
    """Read a snapshot of a case as far as figures need it; what is sealed is not looked at."""
    case: Any = _STATE.decode(state)
    return Seen(
        status=case.status,
        asked=bool(case.parties.get("requester")),
        opened=case.opened,
        accepted=case.accepted,
        closed=case.closed,
        result=case.result,
        result_kind=case.result_kind,
        answers=case.answers,
        items=case.items,
        acceptance=_clock(case.clocks, "loop.accept"),
        clock=_clock(case.clocks, "case"),
        late=case.late,
        joint=len(case.joint),
        supplements=case.supplements,
        urges=case.urges,
        contests=case.contests,
        reopenings=case.reopenings,
        score=case.score,
    )


def _clock(clocks: Mapping[str, msgspec.Raw], name: str) -> Clock | None:
    found = clocks.get(name)
    return None if found is None else _CLOCK.decode(found)


def counts(case: Seen, *, confirmed_by_nobody: bool = False) -> Iterator[str]:
    """Yield the names of the counts in which a case stands once each."""
    yield "raised"
    if case.accepted is not None:
        yield "accepted"
    if case.closed is not None:
        yield "answered"
    if case.status in ("settled", "unconfirmed", "refused", "withdrawn", "merged"):
        yield case.status if case.status != "unconfirmed" else "silent"
    elif case.status in OPEN_STATUS:
        yield "in_work"
    yield from _response(case)
    yield from _on_time(case)
    if case.asked and not confirmed_by_nobody:
        yield from _said(case)
    if case.score is not None:
        yield "satisfaction" + OF
        if case.score >= SATISFIED:
            yield "satisfaction"


def _response(case: Seen) -> Iterator[str]:
    clock = case.acceptance
    if clock is None:
        return
    late = limit_of(clock) in clock.passed
    taken_up = case.accepted is not None or case.status == "refused"
    if late or taken_up:
        yield "response" + OF
        if not late:
            yield "response"


def _on_time(case: Seen) -> Iterator[str]:
    late = bool(case.late)
    if case.clock is None or not (case.closed is not None or (late and case.status in OPEN_STATUS)):
        return
    yield "on_time" + OF
    if case.closed is not None and not late:
        yield "on_time"


def _said(case: Seen) -> Iterator[str]:
    over = case.status in ("settled", "unconfirmed")
    if over or (case.reopenings and case.status in (*OPEN_STATUS, "closed")):
        yield "resolution" + OF
        if case.status == "settled":
            yield "resolution"
    if over:
        yield "unconfirmed" + OF
        if case.status == "unconfirmed":
            yield "unconfirmed"


def limit_of(clock: Clock) -> str:
    """Return which limit was given to the person: the promised one, else the statutory one."""
    return "promised" if clock.promised is not None else "statutory"


class Gauge(msgspec.Struct, frozen=True, kw_only=True):
    """One indicator of a scenario, ready to be counted under ``indicator.<name>``."""

    key: str
    of: Condition | None
    count: Condition | None
    measure: Value | None
    milestones: bool = False

    def take(self, values: Mapping[str, Any]) -> tuple[bool, bool, float | None]:
        """Return whether a case stands in the denominator, whether in the numerator, and what it measures.

        A name without a value, which the indicator needs, leaves the case out.
        """
        try:
            if self.of is not None and not self.of.evaluate(values):
                return False, False, None
            counted = self.count is None or self.count.evaluate(values)
            amount = None if self.measure is None else float(self.measure.evaluate(values))
        except RunError:
            return False, False, None
        return True, counted, amount


def gauges(plan: Plan) -> tuple[Gauge, ...]:
    """Compile the indicators of a scenario; one that this version cannot count is left out."""
    names = {**plan.names, **indicator_names(plan.scenario)}
    found = []
    for key, indicator in plan.scenario.indicators.items():
        try:
            found.append(_gauge(key, indicator, names))
        except FeelErrors:  # a stored version of an older form; the checker refuses it in a new one
            continue
    return tuple(found)


def _gauge(key: str, indicator: Indicator, names: Mapping[str, Any]) -> Gauge:
    return Gauge(
        key=f"indicator.{key}",
        of=compile_condition(indicator.of, names) if indicator.of else None,
        count=compile_condition(indicator.count, names) if indicator.count else None,
        measure=compile_value(indicator.measure, names) if indicator.measure else None,
        milestones=any(MINUTES_TO in said for said in (indicator.of, indicator.count, indicator.measure)),
    )


def indicator_values(case: Seen, *, milestones: bool = False) -> dict[str, Any]:
    """Return what indicators may ask about a case: its answers, and how it went (``indicator_names``).

    ``milestones`` reads when they were reached, too, which takes longer.
    """
    clock = case.clock
    found: dict[str, Any] = {
        **case.answers,
        "case.status": case.status,
        "case.supplements": case.supplements,
        "case.contests": case.contests,
        "case.urges": case.urges,
        "case.reopenings": case.reopenings,
        "case.joint_units": case.joint,
    }
    if case.result:
        found["case.result"] = case.result
        found["case.result_kind"] = case.result_kind
    if case.score is not None:
        found["case.score"] = case.score
    if case.closed is not None and clock is not None:
        if clock.promised is not None or clock.statutory is not None:
            found["case.in_time"] = limit_of(clock) not in case.late
        if clock.statutory is not None:
            found["case.in_statutory_time"] = "statutory" not in case.late
    for name, instant in (("accept", case.accepted), ("close", case.closed)):
        if instant is not None:
            found[f"case.{name}ed_date" if name == "accept" else "case.closed_date"] = iso_date(
                day_of(instant)
            )
            found[f"case.hours_to_{name}"] = _elapsed(instant - case.opened, HOUR)
            found[f"case.days_to_{name}"] = _elapsed(instant - case.opened, DAY)
    if milestones and case.items:
        for name, item in _ITEMS.decode(case.items).items():
            if item.kind == "milestone" and item.ended is not None:
                found[MINUTES_TO + name] = _elapsed(item.ended - case.opened, MINUTE)
    return found


def _elapsed(ms: int, unit: int) -> Decimal:
    return Decimal(max(0, ms) * 100 // unit) / 100
