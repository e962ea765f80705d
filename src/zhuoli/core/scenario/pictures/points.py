"""Places on a picture: how they are written, and what is wrong with a thing that cannot be drawn."""

from __future__ import annotations

from zhuoli.core.scenario.model import Thing

WIDTH, HEIGHT = 160, 120
"""The units of a picture, from the upper left."""

Point = tuple[float, float]


def read_points(written: str) -> tuple[Point, ...]:
    """Return the points of ``20 60, 70 60``.

    Raises:
        ValueError: it is not written like that, or a point lies outside the picture.
    """
    points: list[Point] = []
    for part in written.split(","):
        x, y = (float(number) for number in part.split())
        if not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
            raise ValueError(part)
        points.append((x, y))
    return tuple(points)


def problem(thing: Thing) -> str:
    """Return the key of a thing that is not written as it should be, or ""."""
    for key in ("at", "points"):
        written = getattr(thing, key)
        try:
            count = len(read_points(written)) if written else 0
        except ValueError:
            return key
        if written and count < (2 if key == "points" else 1):
            return key
    if not thing.at and not thing.points:
        return "at"
    try:
        float(thing.turn or 0)
    except ValueError:
        return "turn"
    return ""
