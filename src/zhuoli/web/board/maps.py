"""The map of a board: counties as shapes, or towns and villages as tiles where there are no boundaries.

What is late is said three times: by the number, by the hatching, and by the depth of its colour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import msgspec

from zhuoli.core.text import Text
from zhuoli.office.board import COLOURS, Group
from zhuoli.places.drawing import Shape, packaged_map
from zhuoli.places.units import short_name
from zhuoli.web.board.scope import Scope
from zhuoli.web.wording import text

WIDTH = 300
"""Units of the drawing; points are kept to half a unit."""
STEPS = (1, 3, 6)
"""From so many late cases on an area is hatched more densely."""
MANY = 30
"""From so many shapes on only what is late has its number on the map."""
_CHARACTER = {"zh": 1.0, "en": 0.56}


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the place with its open cases by colour; ``step`` (0 to 3) tells how densely it is hatched."""

    code: str
    name: str
    url: str
    colours: dict[str, int]
    late: int
    open: int
    step: int
    said: str


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """One area on the map: its path, where its number stands, and whether there is room for its name."""

    area: Area | None
    d: str
    x: float
    y: float
    named: bool
    numbered: bool


class Map(msgspec.Struct, frozen=True, kw_only=True):
    """A map (``shapes`` may be empty: then ``areas`` are shown as tiles) and the list that says the same."""

    areas: tuple[Area, ...]
    shapes: tuple[Drawn, ...]
    width: int
    height: int
    size: float
    beside: tuple[Area, ...]


def drawn(scope: Scope, groups: Iterable[Group], lang: str, to: Callable[[str], str] | None = None) -> Map:
    """Return the map of a board: every part of the place, in the order of the list of divisions.

    ``to`` gives the address to which an area leads; without it, to the list of its open matters.
    """
    leads = to or (lambda code: scope.url("board.matters", lang, place=code))
    counted: dict[str, dict[str, int]] = {}
    for group in groups:
        part = counted.setdefault(group.place, {})
        part[group.colour] = part.get(group.colour, 0) + group.number
    areas: list[Area] = []
    for place in scope.parts():
        code = place.code[: scope.prefix]
        areas.append(_area(code, short_name(place), counted.pop(code, {}), lang, leads))
    for code, colours in sorted(counted.items()):
        # What lies in no part of the list: an unknown place, or the county as a whole.
        areas.append(_area(code, text("figures.no_place"), colours, lang, leads))
    by_code = {area.code: area for area in areas}
    found = _shapes(scope.within) if scope.column == "county" else None
    if found is None:
        return Map(areas=tuple(areas), shapes=(), width=0, height=0, size=0, beside=())
    height, shapes = found
    size = WIDTH / 25 if len(shapes) < MANY else WIDTH / 42
    placed = {shape.territory[: scope.prefix] for shape in shapes}
    return Map(
        areas=tuple(areas),
        shapes=_labelled(shapes, by_code, size, lang),
        width=WIDTH,
        height=height,
        size=size,
        beside=tuple(area for area in areas if area.code not in placed and area.open),
    )


def _area(code: str, name: Text, colours: dict[str, int], lang: str, leads: Callable[[str], str]) -> Area:
    late, total = colours.get("red", 0), sum(colours.values())
    said = text("board.area", name=name, late=late, soon=colours.get("amber", 0), n=total)
    return Area(
        code=code,
        name=name.in_language(lang),
        url=leads(code) if code else "",
        colours={colour: colours[colour] for colour in COLOURS if colour in colours},
        late=late,
        open=total,
        step=sum(late >= step for step in STEPS),
        said=said.in_language(lang),
    )


@lru_cache(maxsize=32)
def _shapes(within: str) -> tuple[int, tuple[Shape, ...]] | None:
    """Return the height and the shapes of a province's or city's map; None where no boundaries are known."""
    try:
        found = packaged_map(WIDTH, within)
    except ValueError:
        return None
    return found.height, found.shapes


def _labelled(shapes: Sequence[Shape], by_code: dict[str, Area], size: float, lang: str) -> tuple[Drawn, ...]:
    """Put a number into every area, those with more late cases first, then names where they cover nothing.

    Whatever is late has its number, beside its place or in the worst case over another word.
    """
    taken: list[tuple[float, float, float, float]] = []
    ordered = sorted(
        shapes,
        key=lambda shape: -(by_code[shape.territory[:6]].late if shape.territory[:6] in by_code else -1),
    )
    few = len(shapes) < MANY
    placed: list[Drawn] = []
    for shape in ordered:
        area = by_code.get(shape.territory[:6]) if shape.territory else None
        x, y, numbered = shape.label_x, shape.label_y, False
        if area is not None and (few or area.late > 0):
            number = max(1, len(str(area.late))) * size * 0.62
            aside = _ASIDE if area.late > 0 else _ASIDE[:1]
            free = [(x + dx * size, y + dy * size) for dx, dy in aside]
            spot = next((one for one in free if _room(taken, *one, number, size)), None)
            (x, y), numbered = spot or (x, y), spot is not None or area.late > 0
        placed.append(Drawn(area=area, d=shape.d, x=x, y=y, named=False, numbered=numbered))
    return tuple(
        msgspec.structs.replace(
            one, named=one.area is not None and one.numbered and _name(taken, one, size, lang)
        )
        for one in placed
    )


_ASIDE = ((0.0, 0.0), (0.0, -0.8), (0.0, 0.8), (0.9, 0.0), (-0.9, 0.0))
"""Where a number may stand, in its own size away from the middle of its area."""


def _name(taken: list[tuple[float, float, float, float]], one: Drawn, size: float, lang: str) -> bool:
    """Whether there is room for an area's name below its number."""
    width = len(one.area.name if one.area else "") * size * 0.8 * _CHARACTER[lang]
    return _room(taken, one.x, one.y + size * 1.05, width, size * 0.8)


def _room(
    taken: list[tuple[float, float, float, float]], x: float, y: float, width: float, height: float
) -> bool:
    """Take a box around a point if it is free and on the map."""
    left, right, top, bottom = x - width / 2, x + width / 2, y - height / 2, y + height / 2
    if left < 0 or right > WIDTH:
        return False
    for l, r, t, b in taken:  # noqa: E741 - left, right, top, bottom
        if left < r and right > l and top < b and bottom > t:
            return False
    taken.append((left, right, top, bottom))
    return True
