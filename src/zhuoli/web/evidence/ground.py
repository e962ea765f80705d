"""The map of a place below a sketch: the outline of its county, and where the videos say that they were taken.

The boundaries are those that come with the program; there are no streets in them, so this says where in the county it was, and a
drawn road (``core.scenario.pictures``) how the vehicles met.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from zhuoli.core.scenario.line.svg import Element
from zhuoli.core.scenario.pictures.points import HEIGHT, WIDTH
from zhuoli.places.boundaries import packaged_boundaries
from zhuoli.places.drawing import packaged_map, projection

MAP = "map"
"""The word for this ground among the roads of a sketch."""
_SIDE, _TOP = 6, 16
_CODE = 6


def county_of(territory: str) -> str:
    """Return the county of a place, if its outline is known, else ""."""
    county = territory[:_CODE]
    known = any(area.code == county for area in packaged_boundaries().areas)
    return county if known else ""


def ground(county: str, found: Iterable[tuple[float, float]] = ()) -> Iterator[Element]:
    """Draw the county; ``found`` are places (latitude, longitude) that videos name, as far as they lie in it."""
    width, left, top = _fit(county)
    drawn = packaged_map(width, county)
    inner = Element("g", transform=f"translate({left} {top})")
    for shape in drawn.shapes:
        inner.add(Element("path", d=shape.d, class_="pic-county"))
        inner.add(Element("text", text=shape.name, x=shape.label_x, y=shape.label_y, class_="pic-place"))
    project = projection([area for area in packaged_boundaries().areas if area.code == county], width)
    for latitude, longitude in found:
        x, y = project(longitude, latitude)
        if 0 <= x <= drawn.width and 0 <= y <= drawn.height:
            inner.add(Element("circle", cx=x, cy=y, r=4, class_="pic-gps"))
    yield inner


@lru_cache(maxsize=128)
def _fit(county: str) -> tuple[int, float, float]:
    """Return the width at which a county fits into a picture, and where its upper left comes to lie."""
    wide, high = WIDTH - 2 * _SIDE, HEIGHT - 2 * _TOP
    whole = packaged_map(1000, county)
    width = max(50, int(min(wide, high * 1000 / whole.height)))
    drawn = packaged_map(width, county)
    return width, (WIDTH - width) / 2, (HEIGHT - drawn.height) / 2
