"""The place picker: one box per level, city → county → street or town → community or village."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from zhuoli.core.case.plan import PlanForm
from zhuoli.core.text import Text
from zhuoli.places import Division, Places, find, locate, packaged_boundaries
from zhuoli.web import door
from zhuoli.web.questions import PlaceLevel

LEVELS = {
    "prefecture": "city",
    "county": "county",
    "township": "town",
    "community": "village",
    "village": "village",
}


def levels(code: str) -> list[PlaceLevel]:
    """Return the boxes for a place chosen so far: every level down to it, and the next one to choose from.

    The province is not asked where there is only one.
    """
    places = door.places()
    path = [each.code for each in places.path(code)]
    boxes: list[PlaceLevel] = []
    parent = ""
    children = places.children()
    while len(children) == 1 and children[0].level == "province":
        parent = children[0].code
        children = places.children(parent)
    while children:
        chosen = next((each.code for each in children if each.code in path), "")
        boxes.append(PlaceLevel(LEVELS.get(children[0].level, "city"), _options(children), chosen))
        if not chosen:
            break
        children = places.children(chosen)
    return boxes


def suggestions(words: str, limit: int = 8) -> list[tuple[str, Text]]:
    """Return the places that the words of an address may mean, with their whole names."""
    index = door.places()
    found = find(index, words, limit + 2)
    named = [(each.code, index.full_name(each.code)) for each in found if each.level != "province"]
    return [(code, name) for code, name in named if name is not None][:limit]


def at_point(lon: float, lat: float) -> Division | None:
    """Return the county in which a point lies, if the list of places has it.

    The boundaries are newer than the list: near a redrawn border the county may be another than the code of a village
    says, and then the code is right. So a point only ever proposes a county; it never changes a place that was chosen.
    """
    code = locate(lon, lat)
    return door.places().get(code) if code else None


def read_point(typed: str) -> tuple[float, float] | None:
    """Return longitude and latitude of an answer such as ``103.834,36.061``, or None."""
    parts = typed.split(",")
    if len(parts) != 2:
        return None
    try:
        lon, lat = float(parts[0]), float(parts[1])
    except ValueError:
        return None
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None


def from_point(form: PlanForm, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers with the county of a given point as the place, where no place was chosen."""
    filled = dict(answers)
    typed = [
        str(answers[name])
        for name, asked in form.questions.items()
        if asked.question.type == "point" and name in answers
    ]
    point = read_point(typed[0]) if typed else None
    if point is None:
        return filled
    for name, asked in form.questions.items():
        if asked.question.type == "place" and not filled.get(name) and not asked.question.relevant:
            county = at_point(*point)
            if county is not None:
                filled[name] = county.code
    return filled


PRECISION = 3
"""Digits of a degree on the map: about 100 m, finer than a screen shows of a county."""


@lru_cache(maxsize=1)
def county_map(index: Places) -> bytes:
    """Return the counties as GeoJSON for a map on a page, rounded; neighbours keep their common border."""
    features = []
    for area in packaged_boundaries().areas:
        found = index.get(area.territory) if area.territory else None
        if found is None:
            continue
        polygons = [[_rounded(ring) for ring in polygon] for polygon in area.polygons]
        features.append(
            {
                "type": "Feature",
                "properties": {"code": found.code, "zh": found.name_zh, "en": found.name_en},
                "geometry": {
                    "type": "MultiPolygon",
                    "coordinates": [
                        [ring for ring in polygon if len(ring) > 3]
                        for polygon in polygons
                        if len(polygon[0]) > 3
                    ],
                },
            }
        )
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def _rounded(ring: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """Round the points of a ring; what falls on the point before is left out."""
    kept: list[tuple[float, float]] = []
    for lon, lat in ring:
        point = (round(lon, PRECISION), round(lat, PRECISION))
        if not kept or kept[-1] != point:
            kept.append(point)
    return kept


def _options(children: tuple[Division, ...]) -> tuple[tuple[str, Text], ...]:
    return tuple((each.code, Text(each.name_zh, each.name_en)) for each in children)
