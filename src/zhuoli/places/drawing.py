"""Counties as SVG path data: projected, simplified, without any library in the browser."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

import msgspec

from zhuoli.places.boundaries import Area, Boundaries, Ring, packaged_boundaries, signed_area


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """One area on a map: SVG path data ``d`` and a place for its label, in the units of the map.

    ``territory`` is the 12-digit code, empty for polygons without one; ``city`` its first four digits.
    """

    code: str
    territory: str
    city: str
    name: str
    d: str
    label_x: float
    label_y: float


class Map(msgspec.Struct, frozen=True, kw_only=True):
    """Shapes and the size of their ``viewBox`` (``0 0 width height``)."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


@lru_cache(maxsize=16)
def packaged_map(width: int = 1000, within: str = "") -> Map:
    """Return the map of Gansu, or of the areas whose code begins with ``within`` (``6201``)."""
    return draw(packaged_boundaries(), width, within)


def draw(boundaries: Boundaries, width: int = 1000, within: str = "") -> Map:
    """Project the areas whose 6-digit code begins with ``within`` on a map ``width`` units wide.

    The projection is equirectangular, true to scale in the middle latitude of what is shown. Points are rounded
    to half a unit and repeated ones left out, so that neighbours keep a common border.

    Raises:
        ValueError: no area has such a code, or the width is below 50.
    """
    areas = [area for area in boundaries.areas if area.code.startswith(within)]
    if not areas or width < 50:
        raise ValueError(f"nothing to draw: {len(areas)} areas within “{within}”, width {width}")
    project = projection(areas, width)
    shapes = []
    for area in areas:
        rings = [[project(*point) for point in ring] for polygon in area.polygons for ring in polygon]
        x, y = project(*_label(area))
        shapes.append(
            Shape(
                code=area.code,
                territory=area.territory,
                city=area.code[:4],
                name=area.name,
                d="".join(_path(ring) for ring in rings),
                label_x=x,
                label_y=y,
            )
        )
    south, west = min(area.box[1] for area in areas), min(area.box[0] for area in areas)
    return Map(width=width, height=math.ceil(project(west, south)[1]), shapes=tuple(shapes))


def projection(areas: list[Area], width: int) -> Callable[[float, float], tuple[float, float]]:
    """Return what puts a longitude and latitude on a map of these areas that is ``width`` units wide, to half a unit."""
    west = min(area.box[0] for area in areas)
    south = min(area.box[1] for area in areas)
    east = max(area.box[2] for area in areas)
    north = max(area.box[3] for area in areas)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = width / ((east - west) * squeeze)

    def project(lon: float, lat: float) -> tuple[float, float]:
        return (
            round((lon - west) * squeeze * scale * 2) / 2,
            round((north - lat) * scale * 2) / 2,
        )

    return project


def _path(points: list[tuple[float, float]]) -> str:
    kept: list[tuple[float, float]] = []
    for point in points:
        if kept and kept[-1] == point:
            continue
        # A point in the middle of a straight piece says nothing.
        if len(kept) > 1 and _straight(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    if len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    if len(kept) < 3:
        return ""  # smaller than half a unit
    (x, y), *rest = kept
    return f"M{x:g} {y:g}L" + " ".join(f"{x:g} {y:g}" for x, y in rest) + "Z"


def _straight(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    forward = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) > 0
    return forward and (b[0] - a[0]) * (c[1] - a[1]) == (b[1] - a[1]) * (c[0] - a[0])


def _label(area: Area) -> tuple[float, float]:
    """Return a point inside the largest polygon, far from its sides along the middle latitude."""
    largest = max((polygon[0] for polygon in area.polygons), key=lambda ring: abs(signed_area(ring)))
    lats = [lat for _, lat in largest]
    best: tuple[float, float, float] = (-1.0, *largest[0])
    for share in (0.5, 0.42, 0.58, 0.34, 0.66):
        # Off every vertex: a hair keeps the crossing count even.
        lat = min(lats) + (max(lats) - min(lats)) * share + 1e-7
        crossings = sorted(_crossings(largest, lat))
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            best = max(best, (right - left, (left + right) / 2, lat))
    return best[1], best[2]


def _crossings(ring: Ring, lat: float) -> list[float]:
    found = []
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > lat) != (y2 > lat):
            found.append((x2 - x1) * (lat - y1) / (y2 - y1) + x1)
    return found
