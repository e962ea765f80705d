"""Drawings of one indicator, made on the server like the trend of a rate: months with their turns, and a funnel of places.

Colours are the tokens of the page. What a drawing shows also stands in the table beside it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec
from django.utils.safestring import SafeString

from zhuoli.channels.papers.font import FAMILY
from zhuoli.web.figures.charts import HEIGHT, WIDTH, Point, svg_of


class Mark(msgspec.Struct, frozen=True):
    """A turn on the axis of months: where it is, and between which months."""

    at: str
    first: str
    last: str


class Dot(msgspec.Struct, frozen=True):
    """A place in the funnel: size, share, whether it is ``inside``, ``high`` or ``low``, and its name where that is shown."""

    of: float
    rate: float
    place: str
    name: str


@lru_cache(maxsize=256)
def months(
    points: tuple[Point, ...], marks: tuple[Mark, ...], *, share: bool, target: float | None
) -> SafeString:
    """Draw values by month with their turns as bands, and the target as a dashed line.

    Points' labels are unique words; the axis shows what stands behind their last ``|``. Shares go from nothing to all.

    Raises:
        ValueError: the drawing failed.
    """
    import altair as alt

    order = [point.label for point in points]
    values = [{"m": point.label, "v": point.value} for point in points]
    x = alt.X(
        "m:N",
        sort=order,
        title=None,
        scale=alt.Scale(domain=order),
        axis=alt.Axis(
            labelAngle=0,
            labelOverlap=True,
            ticks=False,
            labelPadding=8,
            labelExpr="split(datum.label, '|')[1]",
        ),
    )
    scale = alt.Scale(domain=[0, 1]) if share else alt.Scale(zero=True)
    axis = alt.Axis(format="%" if share else "~s", tickCount=5, ticks=False, domain=False, labelPadding=6)
    y = alt.Y("v:Q", title=None, scale=scale, axis=axis)
    data = alt.InlineData(values=values)
    layers: list[Any] = []
    if marks:
        spans = alt.InlineData(values=[{"m": one.first, "n": one.last, "at": one.at} for one in marks])
        band = alt.Chart(spans).mark_rect(color="var(--line)", opacity=0.7)
        layers += [
            band.encode(x=x, x2="n:N"),
            alt.Chart(spans)
            .mark_rule(color="var(--ink)", strokeWidth=1.5)
            .encode(x=alt.X("at:N", scale=alt.Scale(domain=order))),
        ]
    if target is not None:
        aim = alt.Chart(alt.InlineData(values=[{"v": target}]))
        layers.append(aim.mark_rule(color="var(--soft)", strokeDash=[5, 4], strokeWidth=1.5).encode(y=y))
    layers.append(alt.Chart(data).mark_line(color="var(--accent)", strokeWidth=2.5).encode(x=x, y=y))
    dots = alt.Chart(data).mark_point(filled=True, opacity=1, size=40, color="var(--accent)")
    layers.append(dots.encode(x=x, y=y))
    return svg_of(_finished(alt.layer(*layers)))


@lru_cache(maxsize=256)
def places(
    dots: tuple[Dot, ...],
    limits: tuple[tuple[float, float, float, float, float], ...],
    target: float,
    title: str,
) -> SafeString:
    """Draw a funnel: shares over sizes, the share of all, the limits of chance; who is outside bears a name.

    Raises:
        ValueError: the drawing failed.
    """
    import altair as alt

    least, most = limits[0][0], limits[-1][0]
    x = alt.X(
        "n:Q",
        title=title,
        scale=alt.Scale(type="log", domain=[least, most], nice=False),
        axis=alt.Axis(grid=False, tickCount=5, format="~s", labelPadding=6, titleFontWeight="normal"),
    )
    y = alt.Y(
        "v:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", tickCount=5, ticks=False, domain=False, labelPadding=6),
    )
    layers: list[Any] = []
    for column, dash in ((1, [2, 3]), (2, [1, 0]), (3, [1, 0]), (4, [2, 3])):
        line = alt.InlineData(values=[{"n": row[0], "v": row[column]} for row in limits])
        mark = alt.Chart(line).mark_line(color="var(--edge)", strokeWidth=1.2, strokeDash=dash)
        layers.append(mark.encode(x=x, y=y))
    whole = alt.InlineData(values=[{"n": least, "v": target}, {"n": most, "v": target}])
    layers.append(alt.Chart(whole).mark_line(color="var(--soft)", strokeWidth=1.5).encode(x=x, y=y))
    for place, shape, colour in (
        ("inside", "circle", "var(--edge)"),
        ("high", "triangle-up", "var(--accent)"),
        ("low", "triangle-down", "var(--accent)"),
    ):
        some = [{"n": dot.of, "v": dot.rate, "t": dot.name} for dot in dots if dot.place == place]
        if not some:
            continue
        chart = alt.Chart(alt.InlineData(values=some))
        size = 34 if place == "inside" else 80
        mark = chart.mark_point(filled=True, opacity=1, size=size, color=colour, shape=shape)
        layers.append(mark.encode(x=x, y=y))
        if place != "inside":
            words = chart.mark_text(align="left", dx=7, fontSize=11, color="var(--ink)")
            layers.append(words.encode(x=x, y=y, text="t:N"))
    return svg_of(_finished(alt.layer(*layers)))


def _finished(chart: Any) -> dict[str, Any]:
    made = (
        chart.properties(width=WIDTH, height=HEIGHT, background="transparent")
        .configure(font=FAMILY, aria=False, padding=4)
        .configure_mark(invalid="break-paths-show-path-domains")
        .configure_point(invalid="filter")
        .configure_axis(
            labelColor="var(--soft)", titleColor="var(--soft)", labelFontSize=12, gridColor="var(--line)"
        )
        .configure_axisX(domainColor="var(--edge)", grid=False)
        .configure_view(strokeWidth=0)
    )
    found: dict[str, Any] = made.to_dict()
    return found
