"""A scenario's own indicators: value, target, what is counted in words, and the last twelve months."""

from __future__ import annotations

from typing import Any

import msgspec

from zhuoli.core.case.plan import Plan
from zhuoli.core.feel import compile_condition, compile_value
from zhuoli.core.scenario.figures import MINUTES_TO, STATUSES, indicator_names
from zhuoli.core.scenario.labels import labels_of
from zhuoli.core.scenario.model import Indicator
from zhuoli.core.text import Text
from zhuoli.office.figures import Cell, Counted, summed
from zhuoli.web.figures.published import ENOUGH, Share, count, share
from zhuoli.web.figures.say import count_text, fraction, rate_text
from zhuoli.web.figures.tables import Asked, month_key, month_text
from zhuoli.web.wording import maybe, text

WIDTH, HEIGHT = 240, 56
"""Units of the small drawing of the months."""


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """An indicator's value as published: a share, a count, or the mean of a measure, over ``of`` cases.

    ``value`` is a share (0 to 1), a rounded count, or the mean (one decimal); None is “not published”.
    """

    unit: str
    value: float | None
    count: int | None
    of: int | None
    share: Share | None = None

    @property
    def words(self) -> Text:
        """The value with its unit."""
        if self.share is not None:
            return rate_text(self.share)
        if self.of == 0:
            return text("figures.none")
        if self.unit == "count":
            return count_text(self.count)
        if self.value is None:
            return text("figures.too_few")
        return text(f"indicator_unit.{self.unit}", n=f"{self.value:g}")

    @property
    def basis(self) -> Text:
        """Over how many cases it is counted."""
        if self.share is not None:
            return fraction(self.share)
        return text("figures.of_cases", n=count_text(self.of))


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An indicator ready to be shown; ``months`` are the last twelve, oldest first."""

    key: str
    indicator: Indicator
    now: Value
    months: tuple[tuple[int, Value], ...]
    counted: Text
    outof: Text | None
    target: Text | None
    base: Text | None
    verdict: Text | None
    line: str
    dots: tuple[tuple[float, float], ...]

    @property
    def directed(self) -> bool:
        """Whether to say which way is better: up goes without saying, and may not even be meant, where nothing is aimed at."""
        return bool(self.target or self.base) or self.indicator.direction == "down"

    @property
    def table(self) -> list[tuple[Text, Text, Text]]:
        """The months as words: month, value, basis."""
        return [(month_text(month), value.words, value.basis) for month, value in self.months]


def told(counted: Counted, asked: Asked, plan: Plan) -> list[Told]:
    """Return every indicator of a scenario for what is asked."""
    scenario = plan.scenario
    names = {**plan.names, **indicator_names(scenario)}
    labels = {**labels_of(scenario), **_labels(plan)}
    twelve = asked.but(month=0)
    by_month = summed(
        counted, twelve.months, lambda key: month_key(key[0]) if asked.within(key) else None, "gauges"
    )
    total = Cell()
    for month in asked.months:
        total.add(by_month.get(month_key(month), Cell()), "gauges")
    found = []
    for key, indicator in scenario.indicators.items():
        months = tuple(
            (month, value_of(indicator, by_month.get(month_key(month), Cell()), key))
            for month in twelve.months
        )
        now = value_of(indicator, total, key)
        line, dots = _drawing(months)
        found.append(
            Told(
                key=key,
                indicator=indicator,
                now=now,
                months=_begun(months),
                counted=compile_condition(indicator.count, names).in_words(labels)
                if indicator.count
                else compile_value(indicator.measure, names).in_words(labels),
                outof=compile_condition(indicator.of, names).in_words(labels) if indicator.of else None,
                target=limit_text(indicator, indicator.target),
                base=limit_text(indicator, indicator.base),
                verdict=_verdict(indicator, now),
                line=line,
                dots=dots,
            )
        )
    return found


def as_json(each: Told) -> dict[str, Any]:
    """Return an indicator as the JSON document has it."""
    title, source = each.indicator.title, each.indicator.source
    return {
        "key": each.key,
        "title": _both(title),
        "unit": each.indicator.unit,
        "direction": each.indicator.direction,
        "target": each.indicator.target or None,
        "base": each.indicator.base or None,
        "base_period": each.indicator.base_period or None,
        "suppressed_below": each.indicator.suppress_below,
        "source": _both(source) if source else None,
        "counted": _both(each.counted),
        "out_of": _both(each.outof) if each.outof else None,
        **value_json(each.now),
        "months": [{"month": month_key(month), **value_json(value)} for month, value in each.months],
    }


def value_json(value: Value) -> dict[str, Any]:
    """Return a value as the JSON documents have it."""
    return {"value": value.value, "count": value.count, "of": value.of}


def _both(said: Text) -> dict[str, str]:
    return {"zh": said.zh, "en": said.en}


def value_of(indicator: Indicator, cell: Cell, key: str) -> Value:
    """Return what a cell says of an indicator, as it is published."""
    of, counted, amount = cell.gauges.get(f"indicator.{key}", (0, 0, 0.0))
    part, whole, least = int(counted), int(of), indicator.suppress_below
    if indicator.unit == "share":
        rate = share(part, whole, least)
        return Value(unit="share", value=rate.rate, count=rate.count, of=rate.of, share=rate)
    outof = count(whole, least)
    if indicator.unit == "count":
        return Value(unit="count", value=count(part, least), count=count(part, least), of=outof)
    enough = outof is not None and outof >= ENOUGH
    mean = round(amount / whole, 1) if enough else None
    return Value(unit=indicator.unit, value=mean, count=None, of=outof)


def limit_text(indicator: Indicator, written: str) -> Text | None:
    """Return a target or base in words; None where there is none."""
    if not written:
        return None
    if indicator.unit in ("share", "count"):
        return Text(written, written)
    return text(f"indicator_unit.{indicator.unit}", n=written)


def _verdict(indicator: Indicator, now: Value) -> Text | None:
    """Say whether the target is met; nothing where rounding could decide it."""
    if not indicator.target or now.value is None:
        return None
    target = float(indicator.target.rstrip("%")) / (100 if indicator.unit == "share" else 1)
    room = (5 / now.of if now.of else 1) if indicator.unit == "share" else 0.05
    ahead = (now.value - target) * (1 if indicator.direction == "up" else -1)
    if indicator.unit == "share" and abs(ahead) <= room:
        return text("figures.at_target")
    return text("figures.met" if ahead >= 0 else "figures.not_met")


def _begun(months: tuple[tuple[int, Value], ...]) -> tuple[tuple[int, Value], ...]:
    empty = next((n for n, (_, value) in enumerate(months) if value.of != 0), len(months))
    return months[min(empty, len(months) - 1) :]


def _drawing(months: tuple[tuple[int, Value], ...]) -> tuple[str, tuple[tuple[float, float], ...]]:
    """Return a line and dots over the twelve months; the axis begins at zero, and ends at one for shares."""
    values = [(n, value) for n, (_, value) in enumerate(months)]
    highest = max((value.value or 0.0 for _, value in values), default=0.0)
    if values and values[0][1].unit == "share":
        highest = 1.0
    if not highest:
        return "", ()
    step = WIDTH / max(1, len(values) - 1)
    dots: list[tuple[float, float]] = []
    path, pen = "", "M"
    for number, value in values:
        if value.value is None:
            pen = "M"
            continue
        at = (round(number * step, 1), round(HEIGHT * (1 - max(0.0, value.value) / highest), 1))
        dots.append(at)
        path += f"{pen}{at[0]:g} {at[1]:g}"
        pen = "L"
    return path, tuple(dots)


def _labels(plan: Plan) -> dict[str, Text]:
    """Return what is asked about a case, and its choices, in words."""
    found = {}
    for name in indicator_names(plan.scenario):
        said = maybe(f"indicator_name.{name.removeprefix('case.')}")
        if said is not None:
            found[name] = said
    for name, milestone in plan.scenario.milestones.items():
        found[MINUTES_TO + name] = text("figures.minutes_to", milestone=milestone.title)
    for status in STATUSES:
        found[f"case.status={status}"] = text(f"indicator_status.{status}")
    for kind in ("done", "impossible", "unlawful", "handed_over"):
        found[f"case.result_kind={kind}"] = text(f"indicator_kind.{kind}")
    for key, result in plan.scenario.closing.results.items():
        found[f"case.result={key}"] = result.title
    return found
