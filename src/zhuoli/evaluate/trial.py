"""Did a series change at a date? Segmented regression, placebo dates, what could have been seen, and the answer in words.

The answer is one of four: it fell, it rose, it cannot be told, or (for an interval that is narrow around nothing) there was
no change that matters. An effect is believed only if the same method does not find effects at dates where nothing happened.
"""

from __future__ import annotations

from typing import Literal

import msgspec
import numpy as np

from zhuoli.core.scenario.catalog import Entry, from_entry
from zhuoli.core.text import Mistake, Text
from zhuoli.evaluate.design import Array, Design, design, trend_only
from zhuoli.evaluate.fit import CannotFit, Data, Fit, data_of, fit
from zhuoli.evaluate.periods import first_day, period_of, read_period
from zhuoli.evaluate.series import Series

Verdict = Literal["fell", "rose", "cannot_tell", "no_change"]
Unit = Literal["ratio", "points", "amount"]

BEFORE, AFTER = 8, 3
"""At least so many periods before the date and from it on."""
PLACEBOS = 12
"""At most so many placebo dates are tried."""
SMALL = 0.05
"""An interval that lies within this share of nothing says that there was no change that matters."""
POWERED = 0.8
"""What could have been seen is what would have been found with this probability."""
_Z = 1.959964, 0.841621

MISTAKES: dict[str, Entry] = {
    "series_short": (
        Text(
            "{before} 个时段在此日期之前、{after} 个在之后，不够判断",
            "{before} periods before the date and {after} from it on are too few",
        ),
        Text(
            "之前至少 8 个、之后至少 3 个；再等一等，或用更短的时段（按周）",
            "At least 8 before and 3 after: wait, or use shorter periods (weeks)",
        ),
    ),
    "series_rare": (
        Text("发生得太少，算不出变化", "It happens too rarely for a change to be worked out"),
        Text("换更长的时段（按季度），或合并几个地区", "Use longer periods (quarters), or join areas"),
    ),
    "series_flat": (
        Text("所有时段的数值都一样", "All periods have the same value"),
        Text("核对数据", "Check the data"),
    ),
    "series_needs_comparison_of": (
        Text("对照的比率也要有分母", "The comparison's share needs its denominator, too"),
        Text("加一列 comparison_of（对照分母）", "Add the column comparison_of"),
    ),
    "date_unclear": (
        Text("“{at}”不是日期", "“{at}” is no date"),
        Text("写成 2024-03-01 或 2024-03", "Write 2024-03-01 or 2024-03"),
    ),
    "date_outside": (
        Text("{at} 不在数据里（{first} 到 {last}）", "{at} is outside the data ({first} to {last})"),
        Text("换一个日期，或补上数据", "Take another date, or add the data"),
    ),
}


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """A change with its 95 % interval, in the unit of the evaluation; −0.2 is a fifth less, or 20 points less."""

    value: float
    low: float
    high: float

    @property
    def clear(self) -> bool:
        """Whether nothing lies outside of the interval."""
        return self.low > 0 or self.high < 0


class Placebo(msgspec.Struct, frozen=True, kw_only=True):
    """What the method finds at a date where nothing happened."""

    at: str
    effect: Effect


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer.

    ``effect`` is the average over all periods from the date on, against what trend and season alone would have given. ``at_once``
    is the step at the date. Their ``unit`` is a ``ratio`` to what was expected (−0.2: a fifth less), ``points`` of a share (−0.2:
    from 60 % to 40 %), or an ``amount`` as measured. ``seen_from`` is the smallest fall that this design would have found four
    times out of five, as a size. ``expected`` are the values that trend and season alone would have given, ``fitted`` those with
    the change; with a comparison they are the series' part of both, and ``parallel`` tells that no difference of trends is seen before
    the date. The answer does not rest on that: a difference that is not seen is allowed for in the interval.
    """

    verdict: Verdict
    at: str
    before: int
    after: int
    kind: str
    compared: bool
    parallel: bool
    unit: Unit
    effect: Effect
    at_once: Effect
    placebos: tuple[Placebo, ...]
    seen_from: float
    rho: float
    dispersion: float
    season: int
    periods: tuple[str, ...]
    values: tuple[float, ...]
    fitted: tuple[float, ...]
    expected: tuple[float, ...]

    @property
    def false_alarms(self) -> int:
        """How many placebo dates show a clear effect."""
        return sum(one.effect.clear for one in self.placebos)


class CannotEvaluate(Exception):
    """The series cannot bear an answer; ``mistake`` says why and what to do."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.message.en)
        self.mistake = mistake


def evaluate(series: Series, at: int) -> Evaluation:
    """Ask whether ``series`` changed at position ``at``, the first period that could show it.

    Raises:
        CannotEvaluate: too short, too rare, flat, or the date is outside.
    """
    length = len(series)
    if not 0 < at < length:
        raise _cannot("date_outside", at=series.name(at), first=series.name(0), last=series.name(length - 1))
    if at < BEFORE or length - at < AFTER:
        raise _cannot("series_short", before=at, after=length - at)
    if len(set(series.values)) == 1:
        raise _cannot("series_flat")
    try:
        data, plan, found = _fitted(series, at)
        placebos = _placebos(series, at)
    except CannotFit as error:
        raise _cannot(error.code, before=at, after=length - at) from error
    scale = _scale(series, at, found, plan)
    effect = _effect(found, plan.average, scale)
    fitted, expected = _lines(data, plan, found)
    return Evaluation(
        verdict=verdict(effect, placebos, scale.unit),
        at=series.name(at),
        before=at,
        after=length - at,
        kind=series.kind,
        compared=bool(series.comparison),
        parallel=_parallel(series, at),
        unit=scale.unit,
        effect=effect,
        at_once=_effect(found, _unit(plan, plan.level), scale),
        placebos=placebos,
        seen_from=_seen_from(found, plan, scale),
        rho=found.rho,
        dispersion=found.dispersion,
        season=plan.season,
        periods=tuple(series.name(one) for one in range(length)),
        values=tuple(float(each) for each in _shown(data)),
        fitted=fitted,
        expected=expected,
    )


def position(series: Series, at: str) -> int:
    """The position of the period in which a date lies, or which is written so: the first that counts as after.

    Raises:
        CannotEvaluate: this is no date.
    """
    found = read_period(at)
    if found is None:
        raise _cannot("date_unclear", at=at)
    return period_of(first_day(found[1], found[0]), series.period) - series.start


def _cannot(code: str, **values: object) -> CannotEvaluate:
    return CannotEvaluate(from_entry(code, MISTAKES[code], ("", 0, 0), values))


def _fitted(series: Series, at: int) -> tuple[Data, Design, Fit]:
    data = data_of(series)
    _refuse_rare(data, at)
    plan = design(series, at)
    return data, plan, fit(data, plan.columns)


def _parallel(series: Series, at: int) -> bool:
    """Whether no difference between the trends of a series and its comparison is seen before the date."""
    if not series.comparison:
        return False
    before = series.part(0, at)
    low, high = fit(data_of(before), trend_only(before)).interval(np.array([0.0, 1.0]))
    return low <= 0 <= high


def _refuse_rare(data: Data, at: int) -> None:
    if data.link == "identity":
        return
    for part in (slice(0, at), slice(at, None)):
        happened = data.values[part].sum()
        if happened < 5 or (data.link == "logit" and (data.trials[part] - data.values[part]).sum() < 5):
            raise CannotFit("series_rare")


def _unit(plan: Design, position: int) -> Array:
    contrast = np.zeros(plan.columns.shape[1])
    contrast[position] = 1.0
    return contrast


class _Scale(msgspec.Struct, frozen=True):
    """How a difference on the link's scale is told; ``expected`` is the logit of the share that was expected."""

    unit: Unit
    expected: float = 0.0

    def told(self, difference: float) -> float:
        if self.unit == "ratio":
            return float(np.expm1(difference))
        if self.unit == "points":
            return _share(self.expected + difference) - _share(self.expected)
        return difference


def _share(logit: float) -> float:
    return float(1 / (1 + np.exp(-logit)))


def _scale(series: Series, at: int, found: Fit, plan: Design) -> _Scale:
    if series.kind == "amount":
        return _Scale("amount")
    if series.kind == "count":
        return _Scale("ratio")
    inside, whole = sum(series.values[at:]) + 0.5, sum(series.of[at:]) + 1
    observed = float(np.log(inside / (whole - inside)))
    return _Scale("points", observed - found.estimate(plan.average))


def _effect(found: Fit, contrast: Array, scale: _Scale) -> Effect:
    low, high = found.interval(contrast)
    return Effect(value=scale.told(found.estimate(contrast)), low=scale.told(low), high=scale.told(high))


def _placebos(series: Series, at: int) -> tuple[Placebo, ...]:
    """Try dates within the time before, where nothing happened, with at least as much before and after as is asked for."""
    before = series.part(0, at)
    possible = list(range(BEFORE, at - AFTER + 1))
    if len(possible) > PLACEBOS:
        step = (len(possible) - 1) / (PLACEBOS - 1)
        possible = [possible[round(number * step)] for number in range(PLACEBOS)]
    found: list[Placebo] = []
    for date in possible:
        try:
            _, plan, fitted = _fitted(before, date)
        except CannotFit:
            continue
        effect = _effect(fitted, plan.average, _scale(before, date, fitted, plan))
        found.append(Placebo(at=series.name(date), effect=effect))
    return tuple(found)


def verdict(effect: Effect, placebos: tuple[Placebo, ...], unit: Unit) -> Verdict:
    """Say what an effect amounts to, seen beside what was found where nothing happened."""
    alarms = sum(one.effect.clear for one in placebos)
    if effect.clear:
        # One false alarm in a few is chance; more of them say that the series jumps by itself.
        if alarms >= 2 and alarms * 5 > len(placebos):
            return "cannot_tell"
        return "fell" if effect.high < 0 else "rose"
    narrow = unit != "amount" and effect.low > -SMALL and effect.high < SMALL
    return "no_change" if narrow else "cannot_tell"


def _seen_from(found: Fit, plan: Design, scale: _Scale) -> float:
    """The smallest fall that would have been found with the probability ``POWERED``."""
    low, high = found.interval(plan.average)
    half = (high - low) / 2
    needed = half * (sum(_Z) / _Z[0])
    return -scale.told(-needed)


def _shown(data: Data) -> Array:
    """The values as they are drawn: counts, shares, or what is measured."""
    return data.values / data.trials if data.link == "logit" else data.values


def _lines(data: Data, plan: Design, found: Fit) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The fitted line, and the line without the change."""
    without = plan.columns.copy()
    without[:, plan.level] = 0
    if plan.slope is not None:
        without[:, plan.slope] = 0
    lines = []
    for columns in (plan.columns, without):
        eta = columns @ found.mean + data.offset
        if data.link == "log":
            eta = np.exp(eta)
        elif data.link == "logit":
            eta = 1 / (1 + np.exp(-eta))
        lines.append(tuple(float(one) for one in eta))
    return lines[0], lines[1]
