"""Where a series turned by itself: dates at which its trend or its level changes, each with how sure it is.

A turn is a joint of two straight trends (joinpoint regression, Kim et al. 2000), a step a change of level. Every possible
date is tried, with neighbours that may resemble each other; the likelihoods of the dates, side by side, say where within
95 % it lies. A further date is taken only where it explains more than its two numbers cost (Schwarz 1978).
"""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np

from zhuoli.evaluate.design import Array, seasons
from zhuoli.evaluate.series import Series

Sort = Literal["turn", "step"]

EDGE = 4
"""So many periods at either end, and between two dates, are too few to see a change by."""
MOST = 3
"""At most so many dates."""
SURE = 6.0
"""By so much (twice the log-likelihood, after Schwarz's price) a date must be better than none: “strong” by Kass and Raftery."""
RHO = (0.0, 0.2, 0.4, 0.6, 0.8)


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """A date of change: the first period of the new trend or level, and the periods between which it lies with 95 %.

    ``gain`` is by how much it explains the series better than none, after its price (twice the log-likelihood).
    """

    sort: Sort
    at: str
    first: str
    last: str
    gain: float


def turns(series: Series) -> tuple[Turn, ...]:
    """Find the dates at which a series changes; none where nothing is sure."""
    response, weights = _response(series)
    length = len(response)
    if length < 4 * EDGE or float(np.ptp(response)) == 0:
        return ()
    time = np.arange(length, dtype=float) / length
    base = np.column_stack([np.ones(length), time, *seasons(series.period, series.start, length)])
    chosen: list[tuple[Sort, int, Array, float]] = []
    for _ in range(MOST):
        known = _likelihood(response, weights, _with(base, chosen, length))
        best = max(
            (_tried(response, weights, base, chosen, sort, length) for sort in ("turn", "step")),
            key=lambda one: one[2].max(),
        )
        gain = 2 * (float(best[2].max()) - known) - 2 * float(np.log(length))
        if gain < SURE:
            break
        chosen.append((best[0], best[1], best[2], gain))
    found = [_told(series, sort, at, tried, gain) for sort, at, tried, gain in chosen]
    return tuple(sorted(found, key=lambda one: one.at))


def _response(series: Series) -> tuple[Array, Array]:
    """The values on the scale on which trends are straight, and how much each weighs."""
    values, of = np.asarray(series.values, dtype=float), np.asarray(series.of, dtype=float)
    if series.kind == "amount":
        return (values / of if of.size else values), np.ones(len(values))
    if series.kind == "share":
        inside, outside = values + 0.5, of - values + 0.5
        return np.log(inside / outside), 1 / (1 / inside + 1 / outside)
    level = np.log(values + 0.5)
    return (level - np.log(of) if of.size else level), values + 0.5


def _column(sort: Sort, at: int, length: int) -> Array:
    time = np.arange(length, dtype=float) - at
    return np.where(time >= 0, time, 0.0) / length if sort == "turn" else (time >= 0).astype(float)


def _with(base: Array, chosen: list[tuple[Sort, int, Array, float]], length: int) -> Array:
    return np.column_stack([base, *(_column(sort, at, length) for sort, at, _, _ in chosen)])


def _tried(
    response: Array,
    weights: Array,
    base: Array,
    chosen: list[tuple[Sort, int, Array, float]],
    sort: Sort,
    length: int,
) -> tuple[Sort, int, Array]:
    """The best date of a sort, with the log-likelihood of every date."""
    known = _with(base, chosen, length)
    tried = np.full(length, -np.inf)
    for at in range(EDGE, length - EDGE + 1):
        if any(abs(at - other) < EDGE for _, other, _, _ in chosen):
            continue
        columns = np.column_stack([known, _column(sort, at, length)])
        tried[at] = _likelihood(response, weights, columns)
    return sort, int(tried.argmax()), tried


def _likelihood(response: Array, weights: Array, columns: Array) -> float:
    """The highest log-likelihood over the correlations of neighbours."""
    root = np.sqrt(weights)
    y, x = response * root, columns * root[:, None]
    best = -np.inf
    for rho in RHO:
        if rho:
            scale = np.sqrt(1 - rho**2)
            y1 = np.concatenate([y[:1], (y[1:] - rho * y[:-1]) / scale])
            x1 = np.concatenate([x[:1], (x[1:] - rho * x[:-1]) / scale])
        else:
            y1, x1 = y, x
        terms = np.linalg.lstsq(x1, y1, rcond=None)[0]
        rest = float(((y1 - x1 @ terms) ** 2).sum())
        value = -0.5 * (len(y) * np.log(max(rest, 1e-300) / len(y)) + (len(y) - 1) * np.log(1 - rho**2))
        best = max(best, float(value))
    return best


def _told(series: Series, sort: Sort, at: int, tried: Array, gain: float) -> Turn:
    """Say a date with the shortest range around it that holds 95 % of what the dates weigh."""
    weight = np.exp(tried - tried.max())
    weight /= weight.sum()
    inside, within = {at}, float(weight[at])
    for one in np.argsort(-weight):
        if within >= 0.95:
            break
        if int(one) not in inside:
            inside.add(int(one))
            within += float(weight[one])
    return Turn(
        sort=sort,
        at=series.name(at),
        first=series.name(min(inside)),
        last=series.name(max(inside)),
        gain=gain,
    )
