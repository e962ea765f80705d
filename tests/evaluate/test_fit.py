"""The fit against statsmodels, and its intervals against simulated truth."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import toeplitz
from tests.evaluate.made import made, series

from zhuoli.evaluate.design import design
from zhuoli.evaluate.fit import CannotFit, Data, data_of, fit


@pytest.fixture(scope="module")
def sm() -> Any:
    """statsmodels, which takes longer to import than all of these tests to be collected."""
    return import_module("statsmodels.api")


def test_without_correlation_counts_are_fitted_as_statsmodels_does(sm: Any) -> None:
    own = series(made(1, 48, 36, 200, -0.2))
    plan = design(own, 36)
    found = fit(data_of(own), plan.columns, rhos=(0.0,))
    theirs = sm.GLM(np.array(own.values), plan.columns, family=sm.families.Poisson()).fit()
    assert found.mean == pytest.approx(theirs.params, abs=1e-6)
    error = np.sqrt(np.diag(found.covariances[0]) / found.dispersion)
    assert error == pytest.approx(theirs.bse, rel=1e-4)


def test_shares_are_fitted_as_statsmodels_does(sm: Any) -> None:
    chance = np.random.default_rng(2)
    of = np.full(40, 300.0)
    own = series(chance.binomial(300, 0.4, 40), "share", of=tuple(of))
    plan = design(own, 25)
    found = fit(data_of(own), plan.columns, rhos=(0.0,))
    both = np.column_stack([own.values, of - np.array(own.values)])
    theirs = sm.GLM(both, plan.columns, family=sm.families.Binomial()).fit()
    assert found.mean == pytest.approx(theirs.params, abs=1e-6)


def test_a_known_correlation_is_fitted_as_statsmodels_does(sm: Any) -> None:
    data = sm.datasets.co2.load_pandas().data["co2"].resample("MS").mean().ffill().iloc[:120]
    own = series(np.asarray(data), "amount")
    plan = design(own, 90)
    found = fit(data_of(own), plan.columns, rhos=(0.6,))
    correlated = toeplitz(0.6 ** np.arange(120))
    theirs = sm.GLS(np.array(own.values), plan.columns, sigma=correlated).fit()
    assert found.mean == pytest.approx(theirs.params, rel=1e-6)
    assert np.sqrt(np.diag(found.covariances[0])) == pytest.approx(theirs.bse, rel=1e-6)
    low, high = found.interval(np.eye(len(theirs.params))[plan.level])
    assert (low, high) == pytest.approx(tuple(theirs.conf_int()[plan.level]), rel=1e-6)


@pytest.mark.parametrize(
    ("length", "at", "mean", "effect", "rho"),
    [(48, 36, 200, 0.0, 0.0), (48, 36, 200, 0.0, 0.4), (24, 16, 50, 0.0, 0.3), (60, 45, 300, -0.25, 0.2)],
)
def test_the_interval_holds_the_truth_as_often_as_it_says(
    length: int, at: int, mean: float, effect: float, rho: float
) -> None:
    times, inside = 80, 0
    for seed in range(times):
        own = series(made(seed, length, at, mean, effect, rho))
        plan = design(own, at)
        low, high = fit(data_of(own), plan.columns).interval(plan.average)
        inside += low <= np.log1p(effect) <= high
    assert inside >= 0.88 * times


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.floats(0.01, 100))
def test_a_steady_exposure_changes_nothing(seed: int, people: float) -> None:
    own = made(seed, 36, 24, 80, -0.1)
    plain, of = series(own), series(own, of=(people,) * 36)
    plan = design(plain, 24)
    one, other = (fit(data_of(each), plan.columns) for each in (plain, of))
    assert one.interval(plan.average) == pytest.approx(other.interval(plan.average), abs=1e-6)
    assert one.interval(plan.average)[0] <= one.estimate(plan.average) <= one.interval(plan.average)[1]


def test_what_cannot_be_fitted_is_said() -> None:
    none = series(np.zeros(30))
    with pytest.raises(CannotFit) as rare:
        fit(data_of(none), design(none, 20).columns)
    assert rare.value.code == "series_rare"
    ones = np.ones(6)
    with pytest.raises(CannotFit) as few:
        fit(Data("identity", ones, ones, ones, ones), design(series(ones), 3).columns)
    assert few.value.code == "series_short"
