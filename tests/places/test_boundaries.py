"""Boundaries: known points, checks on loading, and shapes of the map."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhuoli.places import (
    BadPlaces,
    locate,
    packaged_boundaries,
    packaged_divisions,
    packaged_map,
    read_boundaries,
)
from zhuoli.places.boundaries import Area, Ring, signed_area

# Seats and landmarks, from maps in general use; degrees.
KNOWN = [
    ("兰州市政府,城关区", 103.834, 36.061, "620102000000"),
    ("七里河,小西湖", 103.785, 36.066, "620103000000"),
    ("敦煌市区", 94.662, 40.142, "620982000000"),
    ("嘉峪关关城", 98.224, 39.802, "620201000000"),
    ("天水,秦州区", 105.724, 34.581, "620502000000"),
    ("麦积山石窟", 106.003, 34.351, "620503000000"),
    ("武威,凉州区", 102.638, 37.928, "620602000000"),
    ("张掖,甘州区", 100.450, 38.926, "620702000000"),
    ("庆阳,西峰区", 107.643, 35.709, "621002000000"),
    ("陇南,武都区", 104.922, 33.401, "621202000000"),
    ("成县县城", 105.742, 33.751, "621221000000"),
    ("拉卜楞寺,夏河县", 102.508, 35.194, "623027000000"),
    ("临夏市区", 103.243, 35.604, "622901000000"),
    ("中川机场(兰州新区,归永登多边形)", 103.620, 36.515, "620121000000"),
    ("西安", 108.948, 34.263, None),
    ("西宁", 101.778, 36.617, None),
    ("太平洋", 150.0, 20.0, None),
]


@pytest.mark.parametrize(("what", "lon", "lat", "code"), KNOWN)
def test_known_points(what: str, lon: float, lat: float, code: str | None) -> None:
    assert locate(lon, lat) == code, what


def test_every_county_but_the_new_area_has_a_polygon() -> None:
    areas = packaged_boundaries().areas
    counties = {row.code for row in packaged_divisions() if row.level == "county"}
    assert len(areas) == 90
    assert counties - {area.territory for area in areas} == {"620171000000"}
    assert {area.code for area in areas if not area.territory} == {"629700", "629800", "629900"}
    names = {row.code: row.name_zh for row in packaged_divisions()}
    assert [area.code for area in areas if area.territory and names[area.territory] != area.name] == []


def test_a_reserve_is_an_area_without_a_county() -> None:
    boundaries = packaged_boundaries()
    farm = next(area for area in boundaries.areas if area.code == "629700")
    shape = next(shape for shape in packaged_map().shapes if shape.code == "629700")
    assert shape.territory == ""
    west, south, east, north = farm.box
    inside = [
        (west + (east - west) * x / 40, south + (north - south) * y / 40)
        for x in range(41)
        for y in range(41)
    ]
    found = [point for point in inside if boundaries.area(*point) is farm]
    assert found
    assert boundaries.locate(*found[0]) is None


@pytest.mark.parametrize("area", packaged_boundaries().areas, ids=lambda area: area.code)
def test_no_ring_cuts_itself(area: Area) -> None:
    for polygon in area.polygons:
        for ring in polygon:
            assert not list(crossings(ring)), area.name
            assert signed_area(ring) != 0


def crossings(ring: Ring) -> list[tuple[int, int]]:
    """Pairs of edges that properly cross, by orientation; a sweep over west edges keeps it quick."""
    edges = sorted(
        (min(a[0], b[0]), max(a[0], b[0]), number, a, b) for number, (a, b) in enumerate(pairwise(ring))
    )
    found = []
    for position, (_, east, one, a, b) in enumerate(edges):
        for west, _, two, c, d in edges[position + 1 :]:
            if west > east:
                break
            if turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0:
                found.append((one, two))
    return found


def turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def winding(ring: Ring, x: float, y: float) -> int:
    """Winding number: the oracle, by another rule than the code's even-odd."""
    number = 0
    for a, b in pairwise(ring):
        if a[1] <= y < b[1] and turn(a, b, (x, y)) > 0:
            number += 1
        elif b[1] <= y < a[1] and turn(a, b, (x, y)) < 0:
            number -= 1
    return number


@settings(max_examples=80, deadline=None)
@given(st.floats(92.0, 109.5), st.floats(32.0, 43.5))
def test_inside_agrees_with_the_winding_number(lon: float, lat: float) -> None:
    for area in packaged_boundaries().areas:
        oracle = any(
            winding(polygon[0], lon, lat) != 0 and not any(winding(hole, lon, lat) for hole in polygon[1:])
            for polygon in area.polygons
        )
        assert area.contains(lon, lat) == oracle, area.name


def square(code: str, x: float, y: float, size: float = 1, hole: list[Any] | None = None) -> dict[str, Any]:
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    rings = [ring] if hole is None else [ring, hole]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": code},
        "geometry": {"type": "Polygon", "coordinates": rings},
    }


def save(tmp_path: Path, *features: dict[str, Any]) -> Path:
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def test_holes_are_outside_and_borders_belong_to_one_side(tmp_path: Path) -> None:
    hole = [[100.4, 35.4], [100.6, 35.4], [100.6, 35.6], [100.4, 35.6], [100.4, 35.4]]
    found = read_boundaries(save(tmp_path, square("620001", 100, 35, hole=hole), square("620002", 101, 35)))
    assert found.locate(100.5, 35.5) is None
    assert found.locate(100.3, 35.5) == "620001000000"
    on_border = found.area(101.0, 35.5)
    assert on_border is not None
    assert sum(area.contains(101.0, 35.5) for area in found.areas) == 1


@pytest.mark.parametrize(
    ("feature", "code"),
    [
        (square("62000", 100, 35), "code_form"),
        (square("620001", 35, 100), "coordinate"),
        (square("620001", 100, 35, size=0), "ring"),
        (square("620001", 100, 35, hole=[[100.1, 35.1], [100.2, 35.1], [100.2, 35.2]]), "ring"),
        (
            square("620001", 100, 35, hole=[[102.1, 35.1], [102.2, 35.1], [102.2, 35.2], [102.1, 35.1]]),
            "hole",
        ),
    ],
)
def test_bad_polygons_are_named(tmp_path: Path, feature: dict[str, Any], code: str) -> None:
    with pytest.raises(BadPlaces) as caught:
        read_boundaries(save(tmp_path, feature))
    assert code in [each.code for each in caught.value.mistakes]


def test_doubles_counts_and_rubbish(tmp_path: Path) -> None:
    with pytest.raises(BadPlaces) as caught:
        read_boundaries(save(tmp_path, square("620001", 100, 35), square("620001", 102, 35)), 3)
    assert [each.code for each in caught.value.mistakes] == ["code_twice", "count"]
    path = tmp_path / "x.geojson"
    for text in ("", "[]", "{}", '{"features": [{}]}', '{"features": [1]}'):
        path.write_text(text)
        with pytest.raises(BadPlaces, match="geojson"):
            read_boundaries(path)


def test_map_has_every_area_within_its_box() -> None:
    drawn = packaged_map(1000)
    assert len(drawn.shapes) == 90
    for shape in drawn.shapes:
        assert re.fullmatch(r"(M[\d.]+ [\d.]+L([\d.]+ [\d.]+ ?){2,}Z)+", shape.d), shape.name
        numbers = [float(each) for each in re.findall(r"[\d.]+", shape.d)]
        assert min(numbers[::2]) >= 0
        assert max(numbers[::2]) <= drawn.width
        assert max(numbers[1::2]) <= drawn.height
        assert 0 < shape.label_x < drawn.width
        assert 0 < shape.label_y < drawn.height


def test_a_label_lies_in_its_area() -> None:
    boundaries = packaged_boundaries()
    drawn = packaged_map(100_000)  # so fine that rounding does not move a label over a border
    west = min(area.box[0] for area in boundaries.areas)
    east = max(area.box[2] for area in boundaries.areas)
    north = max(area.box[3] for area in boundaries.areas)
    south = min(area.box[1] for area in boundaries.areas)
    for shape, area in zip(drawn.shapes, boundaries.areas, strict=True):
        lon = west + shape.label_x / drawn.width * (east - west)
        lat = north - shape.label_y / drawn.height * (north - south)
        assert area.contains(lon, lat), area.name


def test_map_of_one_city_and_of_nothing() -> None:
    assert {shape.city for shape in packaged_map(500, "6201").shapes} == {"6201"}
    with pytest.raises(ValueError, match="nothing to draw"):
        packaged_map(500, "99")
