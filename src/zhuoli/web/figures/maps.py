"""The map of a rate: the counties of a city, or of the province by city, in five depths of one colour.

Whatever it shows stands in the list beside it, too; where there is too little to tell, it is hatched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import pairwise

import msgspec
from django.urls import reverse

from zhuoli.core.text import Text
from zhuoli.places.drawing import Shape, packaged_map
from zhuoli.places.units import short_name
from zhuoli.web import door
from zhuoli.web.figures.published import Row, Share
from zhuoli.web.figures.say import fraction, said
from zhuoli.web.figures.tables import Asked
from zhuoli.web.wording import text

WIDTH = 300
"""Units of the drawing."""
EDGES = {False: (0.7, 0.8, 0.9, 0.95), True: (0.05, 0.1, 0.2, 0.3)}
"""Where the depths of colour part, the same at all times; by whether it is the unconfirmed."""
_WIDE = {"zh": 1.0, "en": 0.6}


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """One part: ``depth`` is ``r0`` to ``r4``, ``few`` (too few to tell) or ``none`` (no case); ``short`` stands on the map."""

    code: str
    name: str
    url: str
    depth: str
    rate: str
    short: str
    of: str
    said: str


class Drawn(msgspec.Struct, frozen=True):
    """A path with its area, None where nothing is known; ``again`` when another path leads there already."""

    area: Area | None
    d: str
    again: bool


class Label(msgspec.Struct, frozen=True):
    """A name and a rate on the map."""

    name: str
    rate: str
    x: float
    y: float


class Map(msgspec.Struct, frozen=True, kw_only=True):
    """The drawing, its list, and its legend (class, words)."""

    areas: tuple[Area, ...]
    shapes: tuple[Drawn, ...]
    labels: tuple[Label, ...]
    legend: tuple[tuple[str, str], ...]
    width: int
    height: int
    size: float


def drawn(asked: Asked, rows: Iterable[Row], lang: str) -> Map | None:
    """Draw the rows of a breakdown by place or county; None where no boundaries are known."""
    digits = 6 if asked.place or asked.by == "county" else 4

    def link(code: str) -> str:
        narrowed = asked.but(place=code, by="place" if len(code) == 4 else asked.but(by="scenario").by)
        return reverse("figures", args=(lang,)) + "?" + narrowed.query()

    told = {each.key: each.rates[asked.rate] for each in rows}
    return shaded(told, asked.place[:4], digits, lang, link, EDGES[asked.rate == "unconfirmed"])


def shaded(
    told: Mapping[str, Share],
    city: str,
    digits: int,
    lang: str,
    link: Callable[[str], str],
    edges: tuple[float, ...],
) -> Map | None:
    """Draw shares by the codes of cities (``digits`` 4) or counties (6), within a city or the province.

    ``link`` says where a part leads, ``edges`` where the depths of colour part. None where no boundaries are known.
    """
    found = _shapes(city)
    if found is None:
        return None
    height, shapes = found
    above = city.ljust(12, "0") if city else "62".ljust(12, "0")
    parts = door.places().children(above)
    if not city and digits == 6:
        parts = tuple(county for each in parts for county in door.places().children(each.code))
    areas = {}
    for place in parts:
        code = place.code[:digits]
        name = short_name(place).in_language(lang)
        areas[code] = _area(code, name, told.get(code), lang, link(code), edges)
    size = WIDTH / 26 if len(areas) < 30 else WIDTH / 44
    return Map(
        areas=tuple(areas.values()),
        shapes=_paths(shapes, areas, digits),
        labels=_labels(shapes, areas, digits, size, height, lang),
        legend=_legend(edges, lang),
        width=WIDTH,
        height=height,
        size=size,
    )


def _paths(shapes: tuple[Shape, ...], areas: Mapping[str, Area], digits: int) -> tuple[Drawn, ...]:
    led: set[str] = set()
    found = []
    for shape in shapes:
        code = shape.territory[:digits]
        found.append(Drawn(areas.get(code), shape.d, code in led))
        led.add(code)
    return tuple(found)


def _area(code: str, name: str, share: Share | None, lang: str, url: str, edges: tuple[float, ...]) -> Area:
    rate = said(share, lang) if share is not None else text("figures.none").in_language(lang)
    of = (
        fraction(share).in_language(lang) if share is not None else text("figures.no_cases").in_language(lang)
    )
    return Area(
        code=code,
        name=name,
        url=url,
        depth=_depth(share, edges),
        rate=rate,
        short=_short(share),
        of=of,
        said=Text(f"{name}：{rate}（{of}）", f"{name}: {rate} ({of})").in_language(lang),
    )


def _short(share: Share | None) -> str:
    """Return a rate as it stands on the map: exact enough for its place there."""
    if share is None or share.value is None or share.of == 0:
        return ""
    if share.bound and share.limit is not None:
        return f"{'<' if share.bound == 'below' else '≥'}{100 * share.limit:.0f}%"
    return f"{100 * share.value:.0f}%"


def _depth(share: Share | None, edges: tuple[float, ...]) -> str:
    if share is None or share.of == 0:
        return "none"
    if share.value is None:
        return "few"
    return f"r{sum(share.value >= edge for edge in edges)}"


def _legend(parted: tuple[float, ...], lang: str) -> tuple[tuple[str, str], ...]:
    edges = [round(100 * edge) for edge in parted]
    ranges = [
        text("figures.less_than", n=edges[0]).in_language(lang),
        *(f"{low}–{high - 1}%" for low, high in pairwise(edges)),
        text("figures.from_on", n=edges[-1]).in_language(lang),
    ]
    told = [(f"r{number}", words) for number, words in enumerate(ranges)]
    return (
        *told,
        ("few", text("figures.too_few").in_language(lang)),
        ("none", text("figures.no_cases").in_language(lang)),
    )


@lru_cache(maxsize=32)
def _shapes(within: str) -> tuple[int, tuple[Shape, ...]] | None:
    """Return the height and the shapes of the province's or a city's map; None where no boundaries are known."""
    try:
        found = packaged_map(WIDTH, within)
    except ValueError:
        return None
    return found.height, found.shapes


def _labels(
    shapes: tuple[Shape, ...], areas: Mapping[str, Area], digits: int, size: float, height: int, lang: str
) -> tuple[Label, ...]:
    """Put names and rates where there is room for them, those with a rate first."""
    middle: dict[str, list[Shape]] = {}
    for shape in shapes:
        if shape.territory[:digits] in areas:
            middle.setdefault(shape.territory[:digits], []).append(shape)
    taken: list[tuple[float, float, float, float]] = []
    found: list[Label] = []
    for code, parts in sorted(middle.items(), key=lambda pair: areas[pair[0]].short == ""):
        area = areas[code]
        told = area.short != ""
        biggest = max(parts, key=lambda shape: len(shape.d))
        width = size * 0.9 * max(len(area.name) * _WIDE[lang], len(area.short) * 0.65)
        tall = size * (2.2 if told else 1.1)
        box = (
            biggest.label_x - width / 2,
            biggest.label_x + width / 2,
            biggest.label_y - tall / 2,
            biggest.label_y + tall / 2,
        )
        inside = box[0] >= 0 and box[1] <= WIDTH and box[2] >= 0 and box[3] <= height
        if not inside or any(_meet(box, other) for other in taken):
            continue
        taken.append(box)
        found.append(Label(area.name, area.short, biggest.label_x, biggest.label_y))
    return tuple(found)


def _meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[1] and one[1] > other[0] and one[2] < other[3] and one[3] > other[2]
