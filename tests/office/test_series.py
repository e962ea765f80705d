"""An indicator as a series of months: which cells count, where it begins, and what cannot be counted."""

from __future__ import annotations

import pytest

from zhuoli.core.scenario.model import Indicator
from zhuoli.core.text import Text
from zhuoli.office.figures import Cell, Counted, Key
from zhuoli.office.series import NoSeries, one_series

NOW = 2026 * 12 + 5


def counted(*cells: tuple[int, str, list[float]]) -> Counted:
    made: dict[Key, Cell] = {}
    for back, county, sums in cells:
        made[(NOW - back, "lamp", county)] = Cell(gauges={"indicator.quick": sums})
    return Counted(at=0, position=0, anchor=b"", recent=frozenset(), versions={}, cells=made)


def quick(unit: str) -> Indicator:
    return Indicator(title=Text("快", "Quick"), unit=unit)  # type: ignore[arg-type]


CELLS = counted(
    (4, "620102", [10, 7, 30.0]),
    (3, "620102", [8, 8, 9.0]),
    (2, "620103", [5, 0, 2.0]),
    (0, "620102", [9, 9, 9.0]),
)


def test_months_are_joined_by_area_and_the_present_one_is_left_out() -> None:
    with pytest.raises(NoSeries) as gap:
        one_series(CELLS, "lamp", "quick", quick("share"), "620102", NOW)
    assert gap.value.mistake.code == "month_without"
    two = counted((2, "620102", [10, 7, 30.0]), (2, "620103", [10, 1, 3.0]), (1, "620102", [8, 8, 9.0]))
    whole = one_series(two, "lamp", "quick", quick("share"), "", NOW)
    assert (whole.kind, whole.values, whole.of) == ("share", (8.0, 8.0), (20.0, 8.0))
    assert whole.name(0) == "2026-04"
    assert one_series(two, "lamp", "quick", quick("days"), "", NOW).values == (33.0, 9.0)


def test_a_count_has_months_without() -> None:
    found = one_series(CELLS, "lamp", "quick", quick("count"), "", NOW)
    assert found.values == (7.0, 8.0, 0.0, 0.0)


def test_nothing_to_count_is_said() -> None:
    with pytest.raises(NoSeries) as none:
        one_series(CELLS, "lamp", "quick", quick("count"), "6209", NOW)
    assert none.value.mistake.code == "no_cases"
