"""The roads that pictures are set on, seen from above, with traffic on the right.

Lanes are 20 wide. Where two things meet on a road, its lanes are: ``two_way`` to the right 70, to the left 50;
``lanes`` (all to the right) 40, 60, 80; ``crossing`` across 70 and 50, up 90, down 70; ``junction`` across 60 and 40, the side
road up 100, down 80; ``parking`` to the right 50, bays below.
"""

from __future__ import annotations

from collections.abc import Callable

from zhuoli.core.scenario.line.svg import Element, path


def road(name: str) -> list[Element]:
    """Return the drawing of a road by its name."""
    return ROADS[name]()


def _surface(x: float, y: float, width: float, height: float) -> Element:
    return Element("rect", x=x, y=y, width=width, height=height, class_="pic-road")


def _shape(*steps: tuple[str | float, ...]) -> Element:
    return Element("path", d=path(*steps), class_="pic-road")


def _line(x1: float, y1: float, x2: float, y2: float, kind: str = "edge") -> Element:
    return Element("path", d=path(("M", x1, y1), ("L", x2, y2)), class_=f"pic-{kind}")


def _edges(*ys: float) -> list[Element]:
    return [_line(0, y, 160, y) for y in ys]


def _two_way() -> list[Element]:
    return [_surface(0, 40, 160, 40), *_edges(40, 80), _line(0, 60, 160, 60, "middle")]


def _lanes() -> list[Element]:
    return [
        _surface(0, 30, 160, 60),
        *_edges(30, 90),
        _line(0, 50, 160, 50, "dash"),
        _line(0, 70, 160, 70, "dash"),
    ]


def _crossing() -> list[Element]:
    return [
        _surface(0, 40, 160, 40),
        _surface(60, 0, 40, 120),
        *(_line(x, y, x + 60, y) for x in (0, 100) for y in (40, 80)),
        *(_line(x, y, x, y + 40) for x in (60, 100) for y in (0, 80)),
        _line(0, 60, 54, 60, "middle"),
        _line(106, 60, 160, 60, "middle"),
        _line(80, 0, 80, 34, "middle"),
        _line(80, 86, 80, 120, "middle"),
        _line(55, 61, 55, 80, "stop"),
        _line(105, 40, 105, 59, "stop"),
        _line(60, 35, 79, 35, "stop"),
        _line(81, 85, 100, 85, "stop"),
    ]


def _junction() -> list[Element]:
    return [
        _surface(0, 30, 160, 40),
        _surface(70, 70, 40, 50),
        _line(0, 30, 160, 30),
        _line(0, 70, 70, 70),
        _line(110, 70, 160, 70),
        _line(70, 70, 70, 120),
        _line(110, 70, 110, 120),
        _line(0, 50, 160, 50, "middle"),
        _line(90, 76, 90, 120, "middle"),
        _line(91, 75, 110, 75, "stop"),
    ]


def _roundabout() -> list[Element]:
    return [
        _surface(0, 44, 160, 32),
        _surface(64, 0, 32, 120),
        Element("circle", cx=80, cy=60, r=46, class_="pic-road"),
        Element("circle", cx=80, cy=60, r=16, class_="pic-island"),
        *(_line(x, 60, x + 30, 60, "middle") for x in (2, 128)),
        *(_line(80, y, 80, y + 10, "middle") for y in (2, 108)),
        *(_line(66, y, 94, y, "dash") for y in (14, 106)),
    ]


def _narrow() -> list[Element]:
    return [
        _shape(
            ("M", 0, 36),
            ("L", 50, 36),
            ("L", 62, 48),
            ("L", 98, 48),
            ("L", 110, 36),
            ("L", 160, 36),
            ("L", 160, 84),
            ("L", 110, 84),
            ("L", 98, 72),
            ("L", 62, 72),
            ("L", 50, 84),
            ("L", 0, 84),
            ("Z",),
        ),
        *(
            Element(
                "path", d=path(("M", 50, y), ("L", 62, z), ("L", 98, z), ("L", 110, y)), class_="pic-wall"
            )
            for y, z in ((34, 46), (86, 74))
        ),
        *(_line(x, y, x + 50, y) for x in (0, 110) for y in (36, 84)),
        _line(0, 60, 44, 60, "middle"),
        _line(116, 60, 160, 60, "middle"),
    ]


def _slope() -> list[Element]:
    return [
        _shape(("M", 0, 66), ("L", 160, 26), ("L", 160, 62), ("L", 0, 102), ("Z",)),
        _line(0, 66, 160, 26),
        _line(0, 102, 160, 62),
        Element("path", d=path(("M", 96, 108), ("L", 146, 95.5), ("L", 146, 108), ("Z",)), class_="pic-hill"),
    ]


def _parking() -> list[Element]:
    return [
        _surface(0, 20, 160, 80),
        *_edges(20, 100),
        _line(0, 44, 160, 44, "middle"),
        _line(0, 74, 160, 74, "dash"),
        *(_line(x, 74, x, 100, "bay") for x in (6, 56, 106, 156)),
    ]


def _railway() -> list[Element]:
    sleepers = [_line(86, y, 110, y, "sleeper") for y in range(5, 120, 10)]
    return [
        *_two_way(),
        *sleepers,
        *(_line(x, 0, x, 120, "rail") for x in (91, 105)),
        _line(80, 61, 80, 80, "stop"),
    ]


def _zebra() -> list[Element]:
    bars = [Element("rect", x=92, y=y, width=22, height=4, class_="pic-zebra") for y in range(43, 80, 7)]
    return [
        _surface(0, 40, 160, 40),
        *_edges(40, 80),
        _line(0, 60, 84, 60, "middle"),
        _line(122, 60, 160, 60, "middle"),
        *bars,
    ]


def _bike_lane() -> list[Element]:
    return [
        _surface(0, 24, 160, 66),
        *_edges(24, 90),
        _line(0, 46, 160, 46, "dash"),
        _line(0, 68, 160, 68, "solid"),
        Element("circle", cx=14, cy=79, r=3.4, class_="pic-sign"),
        Element("circle", cx=24, cy=79, r=3.4, class_="pic-sign"),
        Element(
            "path", d=path(("M", 14, 79), ("L", 18, 73), ("L", 22, 73), ("L", 24, 79)), class_="pic-sign"
        ),
    ]


def _ramp() -> list[Element]:
    return [
        _surface(0, 24, 160, 44),
        _shape(
            ("M", 0, 118),
            ("L", 60, 68),
            ("L", 130, 68),
            ("L", 112, 90),
            ("L", 78, 90),
            ("L", 36, 120),
            ("L", 0, 120),
            ("Z",),
        ),
        _line(0, 24, 160, 24),
        _line(0, 46, 160, 46, "dash"),
        _line(0, 68, 60, 68, "solid"),
        _line(60, 68, 130, 68, "dash"),
        _line(130, 68, 160, 68),
        Element(
            "path", d=path(("M", 36, 120), ("L", 78, 90), ("L", 112, 90), ("L", 130, 68)), class_="pic-edge"
        ),
        _line(0, 118, 60, 68),
    ]


def _merging() -> list[Element]:
    return [
        _shape(
            ("M", 0, 34), ("L", 160, 34), ("L", 160, 62), ("L", 118, 62), ("L", 84, 88), ("L", 0, 88), ("Z",)
        ),
        _line(0, 34, 160, 34),
        Element(
            "path", d=path(("M", 0, 88), ("L", 84, 88), ("L", 118, 62), ("L", 160, 62)), class_="pic-edge"
        ),
        _line(0, 61, 96, 61, "dash"),
    ]


ROADS: dict[str, Callable[[], list[Element]]] = {
    "two_way": _two_way,
    "lanes": _lanes,
    "crossing": _crossing,
    "junction": _junction,
    "roundabout": _roundabout,
    "narrow": _narrow,
    "slope": _slope,
    "parking": _parking,
    "railway": _railway,
    "zebra": _zebra,
    "bike_lane": _bike_lane,
    "ramp": _ramp,
    "merging": _merging,
}
