"""The place picker: one box per level, city → county → street or town → community or village."""

from __future__ import annotations

from zhuoli.core.text import Text
from zhuoli.places import Division
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


def _options(children: tuple[Division, ...]) -> tuple[tuple[str, Text], ...]:
    return tuple((each.code, Text(each.name_zh, each.name_en)) for each in children)
