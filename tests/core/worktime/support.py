"""Short ways to write limits and instants in tests, and what hypothesis draws from."""

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from zhuoli.core.worktime import Duration, Limit, Pause, instant_of, parse_duration

HOUR = 3_600_000
DAY = 24 * HOUR


def limit(written: str, **rule: Any) -> Limit:
    return Limit(parse_duration(written), **rule)


def at(written: str) -> int:
    """``2026-11-23 09:00`` local; ``24:00`` is the end of the day."""
    day, _, clock = written.partition(" ")
    hours, minutes = (clock or "00:00").split(":")
    return instant_of(datetime.fromisoformat(day)) + int(hours) * HOUR + int(minutes) * 60_000


_FROM, _UNTIL = at("2023-12-01"), at("2027-06-01")

instants = st.integers(_FROM, _UNTIL)
day_units = st.sampled_from(["calendar_days", "working_days", "months"])
time_units = st.sampled_from(["minutes", "hours"])
_MOST = {"minutes": 5000, "hours": 400, "calendar_days": 90, "working_days": 60, "months": 9}


@st.composite
def limits(draw: st.DrawFn, units: st.SearchStrategy[str] = day_units | time_units, **fixed: Any) -> Limit:
    """Draw a limit; minutes and hours do not roll unless ``hours_roll`` is fixed to a strategy's value."""
    unit = draw(units)
    rule: dict[str, Any] = {
        "day_of_event": draw(st.sampled_from(["excluded", "included"])),
        "roll_over": draw(st.booleans()),
        "day_ends": draw(st.sampled_from(["24:00", "17:30", "12:00"])),
    }
    return Limit(Duration(draw(st.integers(1, _MOST[unit])), unit), **(rule | fixed))  # type: ignore[arg-type]


@st.composite
def finished_pauses(draw: st.DrawFn, start: int, most: int = 4) -> list[Pause]:
    """Draw closed pauses around and after ``start``; they may overlap, touch, be empty or lie before it."""
    pauses: list[Pause] = []
    for _ in range(draw(st.integers(0, most))):
        stopped = start + draw(st.integers(-5 * DAY, 60 * DAY) | st.integers(-8, 160).map(lambda n: n * HOUR))
        length = draw(st.integers(0, 20 * DAY) | st.integers(0, 60).map(lambda n: n * HOUR))
        pauses.append((stopped, stopped + length))
    return pauses


@st.composite
def stories(
    draw: st.DrawFn, units: st.SearchStrategy[str] = day_units | time_units, **fixed: Any
) -> tuple[Limit, int, list[Pause]]:
    """Draw a limit, its start, and closed pauses."""
    start = draw(instants)
    return draw(limits(units, **fixed)), start, draw(finished_pauses(start))
