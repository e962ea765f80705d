"""Boundaries of counties: which county a point lies in, and the shapes of a map.

Longitude and latitude are degrees in CGCS2000 (within a metre of WGS 84). The boundaries are newer than the list of
divisions: near a redrawn border a point may fall in another county than the code of its village says, and then
the code is right. Lanzhou New Area has no polygon of its own (its land lies in Yongdeng and Gaolan).
"""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from zhuoli.core.text import Mistake
from zhuoli.places.divisions import DATA
from zhuoli.places.mistakes import BadPlaces, mistake

BOUNDARIES = DATA / "gansu_counties.geojson.gz"
POLYGONS = 90

_OTHER_CODES = {
    "620200": "620201"
}  # Jiayuguan: a city without counties, coded as a county of itself in the list
_WITHOUT_TERRITORY = frozenset({"629700", "629800", "629900"})  # a farm and two reserves: polygons only

_WEST, _EAST, _SOUTH, _NORTH = 92.0, 109.0, 32.0, 43.0  # nothing of Gansu lies outside

Point = tuple[float, float]
Ring = tuple[Point, ...]


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """One county-level area.

    ``code`` has 6 digits as in the file, ``territory`` the 12 digits of the list of divisions (empty for the farm
    and the two reserves that are polygons only). ``polygons`` hold an outer ring and its holes; ``box`` is west,
    south, east, north.
    """

    code: str
    name: str
    territory: str
    polygons: tuple[tuple[Ring, ...], ...]
    box: tuple[float, float, float, float]

    def contains(self, lon: float, lat: float) -> bool:
        """Whether the point lies inside, by the even-odd rule over all rings; a hole is outside."""
        west, south, east, north = self.box
        if not (west <= lon <= east and south <= lat <= north):
            return False
        inside = False
        for polygon in self.polygons:
            for ring in polygon:
                if _crosses(ring, lon, lat):
                    inside = not inside
        return inside


class Boundaries(msgspec.Struct, frozen=True):
    """The areas of a province, in the order of the file."""

    areas: tuple[Area, ...]

    def area(self, lon: float, lat: float) -> Area | None:
        """Return the area in which the point lies, or None."""
        for area in self.areas:
            if area.contains(lon, lat):
                return area
        return None

    def locate(self, lon: float, lat: float) -> str | None:
        """Return the 12-digit code of the county in which the point lies.

        None outside the province, and in the farm and the two reserves that have no county code.
        """
        area = self.area(lon, lat)
        return area.territory or None if area else None


@cache
def packaged_boundaries() -> Boundaries:
    """Return the packaged boundaries of Gansu.

    Raises:
        BadPlaces: the file is damaged.
    """
    return read_boundaries(BOUNDARIES, POLYGONS)


def locate(lon: float, lat: float) -> str | None:
    """Return the 12-digit code of the county of Gansu in which a point lies, or None (see ``Boundaries.locate``)."""
    return packaged_boundaries().locate(lon, lat)


def read_boundaries(path: Path, expected: int | None = None) -> Boundaries:
    """Read polygons from GeoJSON (gzipped when the name ends so), with ``code`` and ``name``, and check them.

    Checked: closed rings of at least four points, no zero area, coordinates within the province's surroundings,
    holes inside their outer ring, every code once, and the number of polygons.

    Raises:
        BadPlaces: with every mistake found.
    """
    file = path.name
    try:
        raw = path.read_bytes()
        document = msgspec.json.decode(gzip.decompress(raw) if path.suffix == ".gz" else raw)
        features: list[dict[str, Any]] = document["features"]
        read = [_feature(each) for each in features]
    except (OSError, EOFError, msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
        raise BadPlaces(
            [mistake("geojson", f"不是可用的 GeoJSON:{error!r}", f"Not usable GeoJSON: {error!r}", file=file)]
        ) from error
    found = list(_check(read, expected, file))
    if found:
        raise BadPlaces(found)
    return Boundaries(tuple(read))


def _feature(feature: dict[str, Any]) -> Area:
    code, name = str(feature["properties"]["code"]), str(feature["properties"]["name"])
    geometry = feature["geometry"]
    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"{code}: {geometry['type']}")
    coordinates = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    polygons = tuple(
        tuple(tuple((float(point[0]), float(point[1])) for point in ring) for ring in polygon)
        for polygon in coordinates
    )
    points = [point for polygon in polygons for ring in polygon for point in ring]
    if not points:
        raise ValueError(f"{code}: no points")
    lons, lats = [point[0] for point in points], [point[1] for point in points]
    territory = "" if code in _WITHOUT_TERRITORY else _OTHER_CODES.get(code, code) + "000000"
    return Area(
        code=code,
        name=name,
        territory=territory,
        polygons=polygons,
        box=(min(lons), min(lats), max(lons), max(lats)),
    )


def _check(areas: list[Area], expected: int | None, file: str) -> Iterator[Mistake]:
    seen: set[str] = set()
    for area in areas:
        code = area.code
        if not (len(code) == 6 and code.isascii() and code.isdigit()):
            yield mistake("code_form", f"“{code}”不是 6 位代码。", f"“{code}” has not 6 digits.", file=file)
        if code in seen:
            yield mistake("code_twice", f"{code} 出现了两次。", f"{code} appears twice.", file=file)
        seen.add(code)
        for polygon in area.polygons:
            if not polygon:
                yield mistake("ring", f"{code} 有空的多边形。", f"{code} has an empty polygon.", file=file)
            for number, ring in enumerate(polygon):
                yield from _check_ring(ring, code, file)
                if number and not all(_crosses_or_touches(polygon[0], point) for point in ring[:-1]):
                    yield mistake(
                        "hole",
                        f"{code}（{area.name}）的一个洞不在外环之内。",
                        f"A hole of {code} ({area.name}) is not inside its outer ring.",
                        file=file,
                    )
    if expected is not None and len(areas) != expected:
        yield mistake(
            "count",
            f"应有 {expected} 个多边形，文件有 {len(areas)} 个。",
            f"There must be {expected} polygons; the file has {len(areas)}.",
            file=file,
        )


def _check_ring(ring: Ring, code: str, file: str) -> Iterator[Mistake]:
    if len(ring) < 4 or ring[0] != ring[-1]:
        yield mistake(
            "ring",
            f"{code} 有一个环没有闭合或少于四个点。",
            f"A ring of {code} is not closed or has fewer than four points.",
            file=file,
        )
        return
    outside = [point for point in ring if not (_WEST <= point[0] <= _EAST and _SOUTH <= point[1] <= _NORTH)]
    if outside or not all(math.isfinite(number) for point in ring for number in point):
        lon, lat = outside[0] if outside else (math.nan, math.nan)
        yield mistake(
            "coordinate",
            f"{code} 有一个点 ({lon}, {lat}) 不在甘肃附近；可能经纬度颠倒。",
            f"A point of {code}, ({lon}, {lat}), is nowhere near Gansu; longitude and latitude may be swapped.",
            file=file,
        )
    elif signed_area(ring) == 0:
        yield mistake("ring", f"{code} 有一个环面积为零。", f"A ring of {code} has no area.", file=file)


def signed_area(ring: Iterable[Point]) -> float:
    """Return the area of a closed ring in square degrees, positive when it runs counter-clockwise."""
    points = list(ring)
    return 0.5 * math.fsum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(points))


def _crosses(ring: Ring, x: float, y: float) -> bool:
    # Half-open edges: a vertex on the ray counts once, and a shared border belongs to one side only.
    inside = False
    x1, y1 = ring[0]
    for x2, y2 in ring:
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
        x1, y1 = x2, y2
    return inside


def _crosses_or_touches(ring: Ring, point: Point) -> bool:
    return point in ring or _crosses(ring, *point)
