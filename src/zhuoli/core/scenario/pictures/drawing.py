"""Draws a picture: the road, where things came from, the things, and the point of impact on top.

Colours are classes only (``static/css/pictures.css``), so a picture is right in light, dark and print, and a strict policy
has nothing against it. The first vehicle is filled and the second outlined: they differ without colour.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

from zhuoli.core.scenario.line.svg import Element, path
from zhuoli.core.scenario.model import Picture, Thing
from zhuoli.core.scenario.pictures.points import HEIGHT, WIDTH, Point, read_points
from zhuoli.core.scenario.pictures.roads import road

_BEFORE = 17
"""How far before a thing's centre the arrow of its way ends, so that the head is seen."""
_SPIKES = 9
_CUT = 10
"""So much is not shown above and below: nothing stands there, ways only begin there."""


def picture_svg(
    picture: Picture,
    language: str,
    *,
    ident: str,
    title: str = "",
    ground: Iterable[Element] | None = None,
    style: str = "",
) -> str:
    """Return the SVG of a picture. ``title`` is what it is called, ``says`` describes it; ``ident`` makes ids unique.

    ``ground`` is what is drawn below instead of the road; ``style`` the colours, where no page brings them (``PRINTED``).
    """
    drawing = Element(
        "svg",
        viewBox=f"0 {_CUT} {WIDTH} {HEIGHT - 2 * _CUT}",
        class_="picture",
        role="img",
        aria_labelledby=f"{ident}-t {ident}-d" if title else f"{ident}-d",
        focusable="false",
    )
    if title:
        drawing.add(Element("title", text=title, id=f"{ident}-t"))
    drawing.add(Element("desc", text=picture.says.in_language(language), id=f"{ident}-d"))
    if style:
        drawing.add(Element("style", text=style))
    drawing.add(*(road(picture.road) if ground is None else ground))
    for thing in picture.things:
        if thing.points:
            drawing.add(*_way(thing))
    for thing in sorted(picture.things, key=lambda each: each.kind == "impact"):
        if thing.kind != "arrow":
            drawing.add(_placed(thing))
    drawing.add(*(_letter(thing) for thing in picture.things if thing.label and thing.kind != "arrow"))
    return drawing.write()


def _way(thing: Thing) -> Iterator[Element]:
    """Draw the way that a thing came; an ``arrow`` is a way alone, with its head at the end."""
    points = list(read_points(thing.points))
    side = "b" if thing.label == "B" else "a"
    end = points[-1]
    direction = _direction(points)
    if thing.kind != "arrow":
        end = (end[0] - _BEFORE * math.cos(direction), end[1] - _BEFORE * math.sin(direction))
        if math.dist(end, points[-2]) < 4 or math.dist(points[-1], points[-2]) <= _BEFORE:
            end = points[-2]
            points = points[:-1]
            if len(points) < 2:
                return
            direction = _direction(points)
        else:
            points[-1] = end
    steps = _smooth(points)
    yield Element("path", d=steps, class_=f"pic-way pic-way-{side}")
    x, y = end
    left, right = direction + 2.6, direction - 2.6
    head = (
        ("M", x + 5 * math.cos(left), y + 5 * math.sin(left)),
        ("L", x, y),
        ("L", x + 5 * math.cos(right), y + 5 * math.sin(right)),
    )
    yield Element("path", d=path(*head), class_=f"pic-head pic-way-{side}")


def _smooth(points: list[Point]) -> str:
    """Round the corners of a way: a curve through the middles of its inner stretches."""
    first, *inner, last = points
    steps: list[tuple[str | float, ...]] = [("M", *first)]
    for number, (x, y) in enumerate(inner):
        following = inner[number + 1] if number + 1 < len(inner) else None
        to = ((x + following[0]) / 2, (y + following[1]) / 2) if following else last
        steps.append(("Q", x, y, *to))
    if not inner:
        steps.append(("L", *last))
    return path(*_spaced(steps))


def _spaced(steps: list[tuple[str | float, ...]]) -> Iterator[tuple[str | float, ...]]:
    for step in steps:
        yield (step[0], *(round(float(number), 1) for number in step[1:]))


def _direction(points: list[Point]) -> float:
    (x1, y1), (x2, y2) = points[-2], points[-1]
    return math.atan2(y2 - y1, x2 - x1)


def _stand(thing: Thing) -> tuple[float, float, float]:
    """Return where a thing stands, and where it looks in degrees."""
    points = list(read_points(thing.points)) if thing.points else []
    x, y = read_points(thing.at)[0] if thing.at else points[-1]
    if thing.turn:
        return x, y, float(thing.turn)
    turn = math.degrees(_direction(points)) if len(points) > 1 else 0.0
    return x, y, turn + (180 if thing.back else 0)


def _side(thing: Thing) -> str:
    return {"A": "a", "B": "b"}.get(thing.label, "c")


def _placed(thing: Thing) -> Element:
    x, y, turn = _stand(thing)
    return Element(
        "g",
        _SHAPES[thing.kind](_side(thing)),
        transform=f"translate({_short(x)} {_short(y)}) rotate({_short(turn)})",
    )


def _letter(thing: Thing) -> Element:
    """Write the letter of a thing upright: on a vehicle, above somebody who is smaller than it."""
    x, y, turn = _stand(thing)
    if thing.kind in _SMALL:
        side, x, y = "out", x, y - 8.5
    else:
        side, x, y = _side(thing), x - 2 * math.cos(math.radians(turn)), y - 2 * math.sin(math.radians(turn))
    return Element(
        "text", text=thing.label, x=round(x, 1), y=round(y + 3.4, 1), class_=f"pic-letter pic-letter-{side}"
    )


_SMALL = frozenset({"bike", "walker"})


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _body(side: str, length: float, width: float, kind: str = "") -> Element:
    return Element(
        "rect",
        x=-length / 2,
        y=-width / 2,
        width=length,
        height=width,
        rx=3.0,
        class_=f"pic-{side}" + (f" pic-{kind}" if kind else ""),
    )


def _car(side: str) -> list[Element]:
    screen = path(("M", 5, -4.4), ("L", 8.4, -3.2), ("L", 8.4, 3.2), ("L", 5, 4.4), ("Z",))
    return [_body(side, 26.0, 13.0), Element("path", d=screen, class_=f"pic-glass-{side}")]


def _truck(side: str) -> list[Element]:
    cab = Element("rect", x=12.0, y=-6.5, width=9.0, height=13.0, rx=2.5, class_=f"pic-{side}")
    box = Element("rect", x=-20.0, y=-7.5, width=31.0, height=15.0, rx=1.0, class_=f"pic-{side}")
    return [box, cab]


def _bike(side: str) -> list[Element]:
    return [
        Element("path", d=path(("M", -9, 0), ("L", 9, 0)), class_=f"pic-bike pic-stroke-{side}"),
        Element("path", d=path(("M", 4, -5), ("L", 4, 5)), class_=f"pic-bike pic-stroke-{side}"),
        Element("circle", cx=-1, cy=0, r=4.2, class_=f"pic-{side}"),
    ]


def _walker(side: str) -> list[Element]:
    return [
        Element("ellipse", cx=0, cy=0, rx=3.2, ry=6.2, class_=f"pic-{side}"),
        Element("circle", cx=0.5, cy=0, r=2.8, class_=f"pic-{side}"),
    ]


def _parked(side: str) -> list[Element]:
    return [
        _body(side, 26.0, 13.0, "parked"),
        Element("path", d=path(("M", 5, -4), ("L", 5, 4)), class_="pic-edge"),
    ]


def _trailer(side: str) -> list[Element]:
    rope = Element("path", d=path(("M", 13, 0), ("L", 27, 0)), class_="pic-rope")
    return [rope, *_car(side)]


def _train(side: str) -> list[Element]:
    return [Element("rect", x=-26.0, y=-9.0, width=52.0, height=18.0, rx=4.0, class_=f"pic-{side}")]


def _load(side: str) -> list[Element]:
    return [
        Element("rect", x=x, y=y, width=5.0, height=5.0, class_="pic-box")
        for x, y in ((-6.0, -5.0), (1.0, -1.0), (-4.0, 3.0))
    ]


def _door(side: str) -> list[Element]:
    return [Element("path", d=path(("M", 0, 0), ("L", -9, 0)), class_="pic-door")]


def _light(side: str) -> list[Element]:
    lamps = [
        Element("circle", cx=0, cy=y, r=2.4, class_="pic-lamp-on" if y < 0 else "pic-lamp")
        for y in (-6.0, 0.0, 6.0)
    ]
    return [Element("rect", x=-4.5, y=-10.0, width=9.0, height=20.0, rx=2.0, class_="pic-case"), *lamps]


def _sign(side: str) -> list[Element]:
    return [Element("path", d=path(("M", -7, -6), ("L", 7, -6), ("L", 0, 6), ("Z",)), class_="pic-yield")]


def _bar(side: str) -> list[Element]:
    return [Element("path", d=path(("M", -9, 0), ("L", 9, 0)), class_="pic-bar")]


def _impact(side: str) -> list[Element]:
    points = []
    for number in range(2 * _SPIKES):
        radius, angle = (7.5, 3.4)[number % 2], math.pi * number / _SPIKES
        points.append((round(radius * math.cos(angle), 1), round(radius * math.sin(angle), 1)))
    steps = [("M" if number == 0 else "L", *point) for number, point in enumerate(points)]
    return [Element("path", d=path(*steps, ("Z",)), class_="pic-impact")]


_SHAPES: dict[str, Callable[[str], list[Element]]] = {
    "car": _car,
    "truck": _truck,
    "bike": _bike,
    "walker": _walker,
    "parked": _parked,
    "trailer": _trailer,
    "train": _train,
    "load": _load,
    "door": _door,
    "light": _light,
    "sign": _sign,
    "bar": _bar,
    "impact": _impact,
}
