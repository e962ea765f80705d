"""Funnels do not shame small units; turns are found where they are, and not where they are not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.evaluate.made import series

from zhuoli.evaluate.funnel import Unit, funnel
from zhuoli.evaluate.series import Series
from zhuoli.evaluate.turns import turns


def test_the_same_rate_is_chance_in_a_small_unit_and_not_in_a_large_one() -> None:
    others = [Unit(f"u{number}", 800, 1000) for number in range(6)]
    found = funnel([*others, Unit("small", 7, 10), Unit("large", 1400, 2000)], target=0.8)
    place = {one.key: one.place for one in found.points}
    assert place["small"] == "inside"
    assert place["large"] == "very_low"


def test_units_that_all_differ_widen_the_limits() -> None:
    chance = np.random.default_rng(1)
    alike = [Unit(str(n), float(chance.binomial(1000, 0.8)), 1000) for n in range(40)]
    unlike = [Unit(str(n), float(chance.binomial(1000, chance.uniform(0.7, 0.9))), 1000) for n in range(40)]
    assert funnel(alike).widened == 1
    assert funnel(unlike).widened > 2
    assert sum(one.place != "inside" for one in funnel(unlike).points) <= 4


def test_chance_alone_is_outside_as_often_as_the_limits_say() -> None:
    chance = np.random.default_rng(2)
    sizes = chance.integers(40, 4000, 4000)
    units = [Unit(str(n), float(chance.binomial(size, 0.3)), float(size)) for n, size in enumerate(sizes)]
    outside = sum(one.place != "inside" for one in funnel(units, target=0.3).points)
    assert 0.03 < outside / 4000 < 0.075


UNIT = st.builds(lambda of, share: Unit("a", round(of * share), of), st.integers(1, 5000), st.floats(0, 1))


@given(st.lists(UNIT, min_size=1, max_size=30), st.floats(0, 5))
def test_slack_never_moves_a_unit_outside(units: list[Unit], slack: float) -> None:
    strict, lenient = funnel(units), funnel(units, slack=slack)
    for one, other in zip(strict.points, lenient.points, strict=True):
        if one.place == "inside":
            assert other.place == "inside"
    for row in strict.limits:
        assert 0 <= row[1] <= row[2] <= strict.target + 1e-9
        assert strict.target - 1e-9 <= row[3] <= row[4] <= 1


def test_a_funnel_needs_a_unit() -> None:
    with pytest.raises(ValueError, match="denominator"):
        funnel([Unit("a", 0, 0)])


def test_the_nile_changed_when_the_dam_came() -> None:
    """Cobb (1978): one change, in 1898; 1899 is the first year of the new level."""
    from statsmodels.datasets import nile as read  # takes long to import

    data = read.load_pandas().data
    nile = Series(
        period="year", start=int(data.year[0]), kind="amount", values=tuple(map(float, data.volume))
    )
    (found,) = turns(nile)
    assert (found.sort, found.at) == ("step", "1899")
    assert found.first <= "1898" <= found.last


def test_a_turn_is_found_within_its_range() -> None:
    hits = 0
    for seed in range(10):
        month = np.arange(72)
        level = 5 + 0.02 * np.minimum(month, 30) - 0.03 * np.maximum(month - 30, 0)
        found = turns(series(np.random.default_rng(seed).poisson(np.exp(level))))
        hits += len(found) == 1 and found[0].sort == "turn" and found[0].first <= "2022-07" <= found[0].last
    assert hits >= 8


def test_chance_is_seldom_called_a_turn() -> None:
    found = [turns(series(np.random.default_rng(seed).poisson(60, 48))) for seed in range(40)]
    assert sum(bool(one) for one in found) <= 3
    assert turns(series([7.0] * 30)) == ()
