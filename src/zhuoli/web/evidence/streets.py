"""A street map below a sketch, where the office has tiles (``ZHUOLI_TILES``): the surroundings of one point, north up.

The page shows the tiles; paper, for which nothing is fetched, shows the point, a grid and the scale instead. Tiles are those of Web
Mercator (EPSG:3857) with latitude and longitude of WGS 84 or CGCS2000, which agree within a metre; maps that are shifted
(GCJ-02) do not fit what cameras note.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

from zhuoli.core.scenario.line.svg import Element
from zhuoli.core.scenario.pictures.points import HEIGHT, WIDTH

STREETS = "streets"
"""The word for this ground among the roads of a sketch."""
ACROSS = 120.0
"""So many metres lie between the left and the right edge."""
ZOOM = 18
"""The finest tiles that every public map of the country has."""
GRID = 20
"""Metres from line to line on paper, and the length of the scale."""
_EQUATOR = 40_075_016.686
"""Metres around the equator, as Web Mercator has it."""
_UNIT = ACROSS / WIDTH
_CUT = 10
_PAIR = re.compile(r"\s*([0-9]{1,2}(?:\.[0-9]{1,10})?)\s*[,，;；\s]\s*([0-9]{2,3}(?:\.[0-9]{1,10})?)\s*")

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


def read_point(written: str) -> Point | None:
    """Return the latitude and longitude that somebody wrote (``36.0614, 103.8343``), or None when it is no place in the country."""
    found = _PAIR.fullmatch(written)
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if 3 <= latitude <= 54 and 73 <= longitude <= 136 else None


def write_point(point: Point) -> str:
    """Write a point so that ``read_point`` reads it, to a tenth of a metre."""
    return f"{point[0]:.6f}, {point[1]:.6f}"


def tile_at(point: Point) -> tuple[float, float]:
    """Return the column and row of the tile in which a point lies; the fraction tells where in it (Web Mercator)."""
    latitude, longitude = math.radians(point[0]), point[1]
    tiles = 2**ZOOM
    return (longitude + 180) / 360 * tiles, (1 - math.asinh(math.tan(latitude)) / math.pi) / 2 * tiles


def tile_units(latitude: float) -> float:
    """Return how long the edge of a tile is in a picture, at this latitude."""
    return float(_EQUATOR * math.cos(math.radians(latitude)) / 2**ZOOM / _UNIT)


def placed(point: Point, center: Point) -> tuple[float, float]:
    """Return where a point comes to lie in the picture around ``center``."""
    edge = tile_units(center[0])
    (x, y), (at_x, at_y) = tile_at(point), tile_at(center)
    return WIDTH / 2 + (x - at_x) * edge, HEIGHT / 2 + (y - at_y) * edge


def streets(
    center: Point, tiles: str = "", credit: str = "", found: Iterable[Point] = ()
) -> Iterator[Element]:
    """Draw the surroundings of a point: its tiles, or a grid where there are none; ``found`` are places that videos name."""
    yield Element("rect", x=0, y=0, width=WIDTH, height=HEIGHT, class_="pic-plain")
    yield from _tiles(center, tiles) if tiles else _grid()
    for x, y in (placed(each, center) for each in found):
        if 0 <= x <= WIDTH and _CUT <= y <= HEIGHT - _CUT:
            yield Element("circle", cx=round(x, 1), cy=round(y, 1), r=4, class_="pic-gps")
    yield from _scale()
    if tiles and credit:
        yield Element("text", text=credit, x=WIDTH - 3, y=HEIGHT - _CUT - 3, class_="pic-credit")


def _tiles(center: Point, tiles: str) -> Iterator[Element]:
    edge = tile_units(center[0])
    column, row = tile_at(center)
    half = WIDTH / 2 / edge, HEIGHT / 2 / edge
    for y in range(math.floor(row - half[1]), math.floor(row + half[1]) + 1):
        for x in range(math.floor(column - half[0]), math.floor(column + half[0]) + 1):
            address = tiles.replace("{s}", "a").replace("{z}", str(ZOOM))
            yield Element(
                "image",
                href=address.replace("{x}", str(x)).replace("{y}", str(y)),
                x=round(WIDTH / 2 + (x - column) * edge, 2),
                y=round(HEIGHT / 2 + (y - row) * edge, 2),
                width=round(edge, 2),
                height=round(edge, 2),
                preserveAspectRatio="none",
            )


def _grid() -> Iterator[Element]:
    step = GRID / _UNIT
    for number in range(-4, 5):
        x, y = WIDTH / 2 + number * step, HEIGHT / 2 + number * step
        if 0 <= x <= WIDTH:
            yield Element("path", d=f"M{x:.1f} 0V{HEIGHT}", class_="pic-grid")
        if 0 <= y <= HEIGHT:
            yield Element("path", d=f"M0 {y:.1f}H{WIDTH}", class_="pic-grid")


def _scale() -> Iterator[Element]:
    """Draw the length of 20 m, and which way is north."""
    bottom, length = HEIGHT - _CUT - 5, GRID / _UNIT
    yield Element("path", d=f"M5 {bottom - 2}V{bottom}H{5 + length:.1f}V{bottom - 2}", class_="pic-scale")
    yield Element("text", text=f"{GRID} m", x=5 + length / 2, y=bottom - 3, class_="pic-note")
    yield Element("path", d=f"M8 {_CUT + 16}V{_CUT + 6}l-2.4 4M8 {_CUT + 6}l2.4 4", class_="pic-scale")
    yield Element("text", text="北 N", x=20, y=_CUT + 13.5, class_="pic-note")
