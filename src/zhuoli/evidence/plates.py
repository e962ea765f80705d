"""Finds what has the colour of a number plate all over but for the signs in it, and about its proportion. Runs aside.

GA 36-2018: white on blue, black on yellow (also in two rows, on heavy vehicles), black on green that fades to white, black
on white. This finds plates that are too small, too slanted or too dark for the network in ``detectors``, and other things
too: a coloured sign with writing is blurred with them.
"""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from zhuoli.evidence.detectors import Box, Picture


class _Ground(NamedTuple):
    """Least and most hue, saturation and value (OpenCV's scales) of a ground, how much of another colour is in it, and its least height (px)."""

    low: tuple[int, int, int]
    high: tuple[int, int, int]
    other: tuple[float, float]
    tall: float


_GROUNDS = (
    _Ground((98, 80, 50), (132, 255, 255), (0.0, 0.62), 6),  # blue
    _Ground((38, 40, 45), (88, 255, 255), (0.0, 0.62), 6),  # green
    _Ground((13, 90, 60), (34, 255, 255), (0.0, 0.62), 7),  # yellow
    _Ground((0, 0, 170), (180, 60, 255), (0.08, 0.55), 9),  # white
)
EDGE = 1280
_WIDE = 0.35
"""Greatest width, as a share of the picture's."""
_FLAT = (1.5, 6.0)
_FULL = 0.5
"""How much of its rectangle it fills at least."""
_CONTRAST = 0.2
"""Signs are brighter or darker than their ground by so much at least, of the brighter one. (Their colour says less: it is washed over
small signs where a picture was compressed.)"""
_BRIGHT, _MOST = 235, 5.0
"""In a dark picture values are raised until the brightest hundredth has this one, at most so many times."""


def coloured(picture: Picture) -> list[Box]:
    """Return the places in a picture (BGR), looked at with at most ``EDGE`` px on its longer side."""
    share = min(1.0, EDGE / max(picture.shape[:2]))
    if share < 1:
        tall, wide = (max(1, int(each * share)) for each in picture.shape[:2])
        picture = cv2.resize(picture, (wide, tall), interpolation=cv2.INTER_AREA).astype(np.uint8)
    hues = cv2.cvtColor(cv2.medianBlur(picture, 3), cv2.COLOR_BGR2HSV)
    # The value alone is raised: brighter colours would run into their limit, and into another hue.
    gain = min(_MOST, max(1.0, _BRIGHT / max(1.0, float(np.percentile(hues[::4, ::4, 2], 99)))))
    values = hues[:, :, 2].astype(np.uint8)
    hues[:, :, 2] = cv2.convertScaleAbs(values, alpha=gain)
    boxes: list[Box] = []
    for each in _GROUNDS:
        ground = cv2.inRange(hues, np.array(each.low), np.array(each.high)).astype(np.uint8)
        whole = cv2.morphologyEx(ground, cv2.MORPH_CLOSE, np.ones((5, 9), np.uint8))
        for traced in cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
            outline = np.asarray(traced, np.int32)
            left, top, wide, tall = cv2.boundingRect(outline)
            box = (int(left), int(top), int(wide), int(tall))
            if box[2] >= each.tall and box[3] >= each.tall and _like(each, outline, box, ground, values):
                boxes.append(tuple(int(side / share) for side in box))  # type: ignore[arg-type]
    return boxes


def _like(
    ground: _Ground, outline: NDArray[np.int32], box: Box, seen: NDArray[np.uint8], values: NDArray[np.uint8]
) -> bool:
    (_, _), sides, _ = cv2.minAreaRect(outline)
    long, short = max(sides) + 1, min(sides) + 1
    if short < ground.tall or long > _WIDE * seen.shape[1] or not _FLAT[0] <= long / short <= _FLAT[1]:
        return False
    x, y, wide, tall = box
    drawn = np.zeros((tall, wide), np.uint8)
    cv2.drawContours(drawn, [outline], -1, 255, -1, offset=(-x, -y))
    inside = drawn > 0
    if np.count_nonzero(inside) < _FULL * long * short:
        return False
    other = 1 - float((seen[y : y + tall, x : x + wide][inside] > 0).mean())
    if not ground.other[0] <= other <= ground.other[1]:
        return False
    dark, bright = np.percentile(values[y : y + tall, x : x + wide][inside], (8, 92))
    return bool(bright - dark >= _CONTRAST * bright)
