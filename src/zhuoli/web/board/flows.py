"""The day as three small charts: what came in, was settled, ran out of time, against what is usual by this hour."""

from __future__ import annotations

import msgspec

from zhuoli.core.text import Text
from zhuoli.core.worktime.instants import DAY, HOUR, day_begins, day_of
from zhuoli.office.flow import HOURS, SERIES, Flow, Series, Usual, running
from zhuoli.web.wording import text

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 360, 118, 34, 12, 10, 20


class Hour(msgspec.Struct, frozen=True):
    """One line of the table: an hour, how many until then today, and how many usually."""

    label: str
    today: int | None
    usual: str


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """One series: its finding in words, the drawing (paths in a box of ``WIDTH`` by ``HEIGHT``), and its table."""

    key: Series
    number: int
    finding: Text
    line: str
    middle: str
    band: str
    x: float
    y: float
    top: int
    zero_y: float
    top_y: float
    ticks: tuple[tuple[float, str], ...]
    hours: tuple[Hour, ...]


def charts(flow: Flow, now: int) -> tuple[Chart, ...]:
    """Draw the three series of a day; all have the same axis, from zero."""
    grown = {series: running(flow.by_hour[series]) for series in SERIES}
    highest = max(
        [grown[series][-1] for series in SERIES]
        + [int(flow.usual[series].high[-1] + 0.999) for series in SERIES if flow.usual]
    )
    top = _round_up(highest)
    passed = (now - day_begins(day_of(now))) / HOUR
    return tuple(
        _chart(series, grown[series], flow.usual[series] if flow.usual else None, passed, top)
        for series in SERIES
    )


def _chart(series: Series, grown: tuple[int, ...], usual: Usual | None, passed: float, top: int) -> Chart:
    hour = int(passed)
    points = [(0.0, 0.0), *((number + 1.0, float(grown[number])) for number in range(hour))]
    points.append((passed, float(grown[min(hour, HOURS - 1)])))
    number = grown[min(hour, HOURS - 1)]
    if usual is None:
        finding = text("flow.alone", n=number)
    else:
        low, middle, high = (round(_until(part, passed)) for part in (usual.low, usual.middle, usual.high))
        finding = (
            text("flow.range", n=number, usual=middle, low=low, high=high)
            if low != high
            else text("flow.usual", n=number, usual=middle)
        )
    return Chart(
        key=series,
        number=number,
        finding=finding,
        line=_path(points, top),
        middle=_path(_points(usual.middle), top) if usual else "",
        band=_band(usual, top) if usual else "",
        x=_x(passed),
        y=_y(number, top),
        top=top,
        zero_y=_y(0, top),
        top_y=_y(top, top),
        ticks=tuple((_x(at), f"{at}:00") for at in (0, 6, 12, 18, 24)),
        hours=tuple(
            Hour(
                f"{at + 1}:00",
                grown[at] if at < hour else None,
                f"{round(usual.middle[at])} ({round(usual.low[at])}–{round(usual.high[at])})"
                if usual
                else "",
            )
            for at in range(HOURS)
            if (at + 1) % 2 == 0
        ),
    )


def _until(counts: tuple[float, ...], passed: float) -> float:
    """Return what is usual at a moment within an hour."""
    hour = min(int(passed), HOURS - 1)
    before = counts[hour - 1] if hour else 0.0
    return before + (counts[hour] - before) * min(1.0, passed - hour)


def _points(counts: tuple[float, ...]) -> list[tuple[float, float]]:
    return [(0.0, 0.0), *((hour + 1.0, value) for hour, value in enumerate(counts))]


def _band(usual: Usual, top: int) -> str:
    forth = _path(_points(usual.high), top)
    back = _path(_points(usual.low)[::-1], top)
    return f"{forth}L{back[1:]}Z"


def _path(points: list[tuple[float, float]], top: int) -> str:
    return "M" + "L".join(f"{_x(x):g} {_y(y, top):g}" for x, y in points)


def _x(hours: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * hours * HOUR / DAY, 1)


def _y(value: float, top: int) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top, 1)


def _round_up(number: int) -> int:
    """Return the next 1, 2 or 5 with zeros."""
    size = 1
    while True:
        for step in (1, 2, 5):
            if size * step >= max(4, number):
                return size * step
        size *= 10
