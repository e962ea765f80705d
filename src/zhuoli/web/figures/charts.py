"""A rate by month as a drawing, made on the server: altair says what it is, vl-convert draws it as SVG.

Colours are the tokens of the page (``var(--accent)``), so that one drawing serves light, dark and paper. A drawing is made once
for the numbers that it shows.
"""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from functools import cache, lru_cache
from typing import Any

import msgspec
from django.utils.safestring import SafeString, mark_safe

from zhuoli.channels.papers.font import FAMILY, NoFont, font_folder

WIDTH, HEIGHT = 430, 190
"""Units of the drawing without its labels; a phone shows them at about three quarters."""
_LOCK = threading.Lock()


class Point(msgspec.Struct, frozen=True):
    """One month: what it is called under the axis, and a share (0 to 1), or None where it is not given."""

    label: str
    value: float | None


@lru_cache(maxsize=512)
def trend(points: tuple[Point, ...]) -> SafeString:
    """Draw shares by month; the axis goes from nothing to all, months without a share leave a gap.

    Raises:
        ValueError: the drawing failed.
    """
    values = [{"m": point.label, "v": point.value} for point in points]
    with _LOCK:  # the drawing machine works one at a time
        drawing = _drawing()
        data = [{**each, "values": values} if "values" in each else each for each in drawing["data"]]
        svg = _machine().vega_to_svg({**drawing, "data": data})
    return mark_safe(_plain(svg))  # noqa: S308 - drawn from numbers and the names of months


def svg_of(spec: dict[str, Any]) -> SafeString:
    """Draw a chart that altair has written down; whoever calls keeps the drawing.

    Raises:
        ValueError: the drawing failed.
    """
    with _LOCK:
        svg = _machine().vegalite_to_svg(spec)
    return mark_safe(_plain(svg))  # noqa: S308 - drawn from numbers, months and names of places


@cache
def _drawing() -> dict[str, Any]:
    """Return the drawing without its numbers. It is worked out once: that takes twice as long as drawing."""
    found: dict[str, Any] = _machine().vegalite_to_vega(_spec())
    return found


def _spec() -> dict[str, Any]:
    import altair as alt

    data = alt.InlineData(values=[{"m": "", "v": 0}])
    x = alt.X(
        "m:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelAngle=0, labelOverlap=True, ticks=False, labelPadding=8),
    )
    y = alt.Y(
        "v:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format="%", tickCount=5, ticks=False, domain=False, labelPadding=6),
    )
    line = alt.Chart(data).mark_line(color="var(--accent)", strokeWidth=2.5).encode(x=x, y=y)
    dots = alt.Chart(data).mark_point(filled=True, opacity=1, size=46, color="var(--accent)").encode(x=x, y=y)
    chart = (
        alt.layer(line, dots)
        .properties(width=WIDTH, height=HEIGHT, background="transparent")
        .configure(font=FAMILY, aria=False, padding=4)
        .configure_mark(invalid="break-paths-show-path-domains")
        .configure_point(invalid="filter")
        .configure_axis(labelColor="var(--soft)", labelFontSize=12, gridColor="var(--line)")
        .configure_axisX(domainColor="var(--edge)", grid=False)
        .configure_view(strokeWidth=0)
    )
    found: dict[str, Any] = chart.to_dict()
    return found


def _plain(svg: str) -> str:
    """Leave the size to the style sheet, and the saying to the page."""
    return re.sub(
        r'<svg ([^>]*?) width="[\d.]+" height="[\d.]+"',
        r'<svg \1 aria-hidden="true" focusable="false"',
        svg,
        count=1,
    )


@cache
def _machine() -> Any:
    import vl_convert

    with suppress(NoFont):  # then it measures with what the machine has
        vl_convert.register_font_directory(str(font_folder()))
    return vl_convert


def warm() -> None:
    """Begin the drawing machine, which takes a second or two, before somebody waits for it."""
    trend((Point("1", 0.5), Point("2", 0.6)))
