"""What a segmented regression is made of: trend, season, and what changes at a date (Wagner et al. 2002; Bernal et al. 2017)."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from zhuoli.evaluate.periods import PER_YEAR, Period
from zhuoli.evaluate.series import Series

Array = npt.NDArray[np.float64]

SEASON_YEARS = 2.0
"""A season is looked for from so many years on: before that it cannot be told from a trend."""
SLOPE_AFTER = 6
"""From so many periods after the date on, the trend may change there too, not only the level."""


class Design(msgspec.Struct, frozen=True):
    """The columns of a regression, and the contrast that is asked for.

    ``columns`` is (periods × terms); ``average`` weighs the terms so that the result is the mean difference, over all
    periods after the date, between what was and what trend and season alone would have given. ``level`` and ``slope`` are the
    positions of these terms (``slope`` is None where the trend does not change). ``season`` is the number of terms for the season.
    """

    columns: Array
    average: Array
    level: int
    slope: int | None
    season: int


def design(series: Series, at: int) -> Design:
    """Make the columns for a change at position ``at``; time is counted in periods from there.

    With a comparison, trend and season are those of the difference. They are never left out because none is seen: whoever
    tests for parallel trends first, and then takes them for granted, gets intervals that are too narrow (Roth 2022).
    """
    length = len(series)
    time = np.arange(length, dtype=float) - at
    after = (time >= 0).astype(float)
    season = seasons(series.period, series.start, length)
    columns = [np.ones(length), time / max(length, 1), *season, after]
    level = len(columns) - 1
    slope = None
    if length - at >= SLOPE_AFTER:
        columns.append(np.where(time >= 0, time, 0.0) / max(length, 1))
        slope = level + 1
    made = np.column_stack(columns)
    average = np.zeros(made.shape[1])
    average[level] = 1.0
    if slope is not None:
        average[slope] = float(made[at:, slope].mean())
    return Design(made, average, level, slope, len(season))


def trend_only(series: Series) -> Array:
    """The columns of a straight trend: position 1 is the trend."""
    time = np.arange(len(series), dtype=float)
    return np.column_stack([np.ones(len(series)), time / len(series)])


def seasons(period: Period, start: int, length: int) -> list[Array]:
    """Waves of a year, as many as the data can bear, and for days those of a week; empty where nothing can be told.

    One pair of waves from two years on, two pairs from three, three from five.
    """
    number = np.arange(start, start + length, dtype=float)
    found: list[Array] = []
    if period == "day" and length >= 28:
        found += [(number % 7 == day).astype(float) for day in range(1, 7)]
    per, years = PER_YEAR[period], length / PER_YEAR[period]
    if per < 4 or years < SEASON_YEARS:
        return found
    pairs = 1 if years < 3 or per == 4 else 2 if years < 5 else 3
    for wave in range(1, pairs + 1):
        angle = 2 * np.pi * wave * number / per
        found += [np.cos(angle), np.sin(angle)]
    if per == 4:
        found.append(np.cos(np.pi * number))
    return found
