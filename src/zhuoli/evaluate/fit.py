"""A regression on a series whose neighbours resemble each other, with intervals that do not pretend otherwise.

The mean is that of a generalised linear model (counts: log link, Poisson; shares: logit, binomial; amounts: identity), the
starting point is statsmodels' fit. Around it the model is a weighted linear one with errors that follow each other with
correlation ρ (first order), as in generalised estimating equations (Liang and Zeger 1986). ρ is not known: the interval is
averaged over all ρ of a grid, each weighted by its restricted likelihood (Patterson and Thompson 1971), with Student's t and
an estimated dispersion, of at least one for counts. So a short or sticky series gets a wide interval, as it should.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np
from scipy.optimize import brentq
from scipy.special import stdtr, stdtrit

from zhuoli.evaluate.design import Array
from zhuoli.evaluate.series import Series

RHO = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""The correlations of neighbours that are considered: 0 to 0.95."""
STEPS = 3
"""So often the weights are worked out anew; they settle after two."""

Link = Literal["log", "logit", "identity"]


class Data(msgspec.Struct, frozen=True):
    """What is fitted: ``successes`` of ``trials`` (logit), counts with an ``offset`` (log), or plain values (identity)."""

    link: Link
    values: Array
    trials: Array
    offset: Array
    weights: Array


class Fit(msgspec.Struct, frozen=True):
    """The result: for each ρ its ``weight`` (together 1), the terms, their covariance, and what it rests on.

    ``mean`` is the average of the terms over ρ; ``free`` the degrees of freedom; ``dispersion`` and ``rho`` are averages.
    """

    link: Link
    weight: Array
    terms: Array
    covariances: Array
    free: int
    mean: Array
    dispersion: float
    rho: float
    residuals: Array

    def estimate(self, contrast: Array) -> float:
        """The best value of a weighted sum of terms."""
        return float(self.mean @ contrast)

    def interval(self, contrast: Array, inside: float = 0.95) -> tuple[float, float]:
        """Where a weighted sum of terms lies with probability ``inside``."""
        centres = self.terms @ contrast
        spread = np.sqrt(np.einsum("i,kij,j->k", contrast, self.covariances, contrast))
        tail = (1 - inside) / 2
        reach = float(stdtrit(self.free, 1 - tail / 100)) * float(spread.max())
        low, high = float(centres.min()) - reach, float(centres.max()) + reach

        def below(x: float) -> float:
            return float(self.weight @ stdtr(self.free, (x - centres) / spread))

        def quantile(share: float) -> float:
            return float(brentq(lambda x: below(x) - share, low, high))

        return quantile(tail), quantile(1 - tail)


class CannotFit(Exception):
    """The data cannot bear this regression; ``code`` is the mistake that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def data_of(series: Series) -> Data:
    """What of a series is fitted.

    With a comparison, counts are fitted as the series' part of both together, so that whatever moves both alike falls out;
    of shares and amounts the difference is taken.
    """
    values, of = _array(series.values), _array(series.of)
    other, other_of = _array(series.comparison), _array(series.comparison_of)
    length = len(values)
    none, ones = np.zeros(length), np.ones(length)
    if series.kind == "amount":
        level = values / of if of.size else values
        if other.size:
            level = level - (other / other_of if other_of.size else other)
        return Data("identity", level, ones, none, ones)
    if series.kind == "share":
        if not other.size:
            return Data("logit", values, of, none, ones)
        if not other_of.size:
            raise CannotFit("series_needs_comparison_of")
        near, far = _logit(values, of), _logit(other, other_of)
        return Data("identity", near[0] - far[0], ones, none, 1 / (near[1] + far[1]))
    exposure = np.log(of) if of.size else none
    if not other.size:
        return Data("log", values, ones, exposure, ones)
    other_exposure = np.log(other_of) if other_of.size else none
    return Data("logit", values, values + other, exposure - other_exposure, ones)


def _array(values: Sequence[float]) -> Array:
    return np.asarray(values, dtype=float)


def _logit(part: Array, whole: Array) -> tuple[Array, Array]:
    """The logit of a share and its variance, with half a case on both sides (Haldane 1956)."""
    inside, outside = part + 0.5, whole - part + 0.5
    return np.log(inside / outside), 1 / inside + 1 / outside


def fit(data: Data, columns: Array, rhos: Sequence[float] = RHO) -> Fit:
    """Fit a regression with the columns of a design.

    Raises:
        CannotFit: too few periods for so many columns, or columns that cannot be told apart.
    """
    free = columns.shape[0] - columns.shape[1]
    if free < 4:
        raise CannotFit("series_short")
    if np.linalg.matrix_rank(columns) < columns.shape[1]:
        raise CannotFit("series_short")
    terms = _first(data, columns)
    for _ in range(STEPS if data.link != "identity" else 1):
        response, weights = _working(data, columns @ terms)
        made = [_at(rho, response, weights, columns) for rho in rhos]
        likelihood = np.array([one[2] for one in made])
        weight = np.exp(likelihood - likelihood.max())
        weight /= weight.sum()
        terms = weight @ np.array([one[0] for one in made])
    least = 0.0 if data.link == "identity" else 1.0
    dispersions = np.array([max(one[3], least) for one in made])
    return Fit(
        link=data.link,
        weight=weight,
        terms=np.array([one[0] for one in made]),
        covariances=np.array([one[1] * d for one, d in zip(made, dispersions, strict=True)]),
        free=free,
        mean=terms,
        dispersion=float(weight @ dispersions),
        rho=float(weight @ np.array(rhos)),
        residuals=(response - columns @ terms) * np.sqrt(weights),
    )


def _first(data: Data, columns: Array) -> Array:
    """The ordinary generalised linear fit, from which the rest starts."""
    from statsmodels.genmod.families import Binomial, Poisson
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.regression.linear_model import WLS

    if data.link == "identity":
        return np.asarray(WLS(data.values, columns, weights=data.weights).fit().params, dtype=float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if data.link == "log":
            model = GLM(data.values, columns, family=Poisson(), offset=data.offset)
        else:
            both = np.column_stack([data.values, data.trials - data.values])
            model = GLM(both, columns, family=Binomial(), offset=data.offset)
        try:
            found = np.asarray(model.fit().params, dtype=float)
        except (ValueError, np.linalg.LinAlgError, FloatingPointError) as error:
            raise CannotFit("series_rare") from error
    if not np.isfinite(found).all() or np.abs(columns @ found).max() > 30:
        raise CannotFit("series_rare")
    return found


def _working(data: Data, linear: Array) -> tuple[Array, Array]:
    """Response and weights of the linear model that touches the generalised one at ``linear``."""
    if data.link == "identity":
        return data.values, data.weights
    eta = np.clip(linear + data.offset, -30, 30)
    if data.link == "log":
        mean = np.exp(eta)
        slope = mean
    else:
        share = 1 / (1 + np.exp(-eta))
        mean = data.trials * share
        slope = np.maximum(mean * (1 - share), 1e-9)
    return linear + (data.values - mean) / slope, slope


def _at(rho: float, response: Array, weights: Array, columns: Array) -> tuple[Array, Array, float, float]:
    """Terms, covariance without dispersion, restricted log-likelihood and dispersion for one ρ."""
    root = np.sqrt(weights)
    y, x = _whitened(response * root, rho), _whitened(columns * root[:, None], rho)
    inverse = np.linalg.pinv(x.T @ x)
    terms = inverse @ (x.T @ y)
    rest = float(((y - x @ terms) ** 2).sum())
    free = len(y) - x.shape[1]
    # The whitened rows are already divided by √(1 − ρ²): the determinant of their covariance is (1 − ρ²)^(n − 1).
    likelihood = -0.5 * (
        (len(y) - 1) * np.log(1 - rho**2) + np.linalg.slogdet(x.T @ x)[1] + free * np.log(max(rest, 1e-300))
    )
    return terms, np.asarray(inverse, dtype=float), float(likelihood), rest / free


def _whitened(rows: Array, rho: float) -> Array:
    if rho == 0:
        return rows
    made = rows.copy()
    made[1:] = (rows[1:] - rho * rows[:-1]) / np.sqrt(1 - rho**2)
    return made
