"""Faces and number plates made unrecognisable in copies. Runs aside.

The detectors are the ones that come with OpenCV (Viola and Jones, CVPR 2001; trained cascades of faces from the front and
the side, and of plates), and a search for what has the colours and the shape of a plate (GA 36: blue, green, yellow). They find no more than a part: a turned, small or dark face and a slanted plate are missed, and
some things are blurred that are neither. So a copy is for showing what happened, and is given to the sides of the case and
its offices only; see docs/offices/accidents.md for what was measured.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Box = tuple[int, int, int, int]
"""Left, top, width, height (px)."""

CELLS = 6
"""Squares along the longer side of what is blurred: nothing can be worked back from them."""
WIDER = 0.25
"""By how much more than what was found is blurred, on each side."""
_PLATES = (((98, 90, 22), (132, 255, 255)), ((42, 40, 40), (88, 255, 255)), ((16, 110, 60), (34, 255, 255)))
"""Hue, saturation and value (OpenCV's scales) of the grounds of plates: blue, green, yellow."""
_LOW, _WIDE, _FLAT, _FULL, _SIGNS = 9, 0.35, (2.1, 5.5), 0.5, (0.02, 0.62)
"""Least height (px), greatest width (of the picture's), proportion, how much of its rectangle it fills, and how much of it is signs, not ground."""
_CASCADES = (
    ("haarcascade_frontalface_alt2.xml", 1.2, 3, 20),
    ("haarcascade_profileface.xml", 1.2, 3, 20),
    ("haarcascade_russian_plate_number.xml", 1.15, 3, 20),
)
"""File, from one size to the next, how many neighbours, the least height (px)."""


def found_in(picture: Picture, edge: int = 1280) -> list[Box]:
    """Return where faces and plates were found in a picture (BGR), looked at with at most ``edge`` px on its longer side."""
    share = min(1.0, edge / max(picture.shape[:2]))
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    if share < 1:
        grey = cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    grey = cv2.equalizeHist(grey)
    boxes: list[Box] = []
    for name, scale, neighbours, least in _CASCADES:
        found = _cascade(name).detectMultiScale(
            grey,
            scaleFactor=scale,
            minNeighbors=neighbours,
            minSize=(least, least // 2 if "plate" in name else least),
        )
        boxes += [(int(x / share), int(y / share), int(w / share), int(h / share)) for x, y, w, h in found]
    small = picture
    if share < 1:
        small = cv2.resize(picture, None, fx=share, fy=share, interpolation=cv2.INTER_AREA).astype(np.uint8)
    boxes += [
        (int(x / share), int(y / share), int(w / share), int(h / share)) for x, y, w, h in _coloured(small)
    ]
    return boxes


def _coloured(picture: Picture) -> list[Box]:
    """Return what has the colour of a plate all over, but for signs in it, and about its proportion, tilted or not."""
    hues = cv2.cvtColor(cv2.medianBlur(picture, 3), cv2.COLOR_BGR2HSV)
    boxes: list[Box] = []
    for low, high in _PLATES:
        ground = cv2.inRange(hues, np.array(low), np.array(high)).astype(np.uint8)
        whole = cv2.morphologyEx(ground, cv2.MORPH_CLOSE, np.ones((5, 9), np.uint8))
        for outline in cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]:
            (_, _), sides, _ = cv2.minAreaRect(outline)
            long, short = max(sides), min(sides)
            fits = _FLAT[0] <= long / max(1.0, short) <= _FLAT[1]
            if short < _LOW or long > _WIDE * picture.shape[1] or not fits:
                continue
            x, y, wide, tall = cv2.boundingRect(outline)
            drawn = np.zeros((tall, wide), np.uint8)
            cv2.drawContours(drawn, [outline], -1, 255, -1, offset=(-x, -y))
            inside = int(np.count_nonzero(drawn))
            signs = 1 - np.count_nonzero(ground[y : y + tall, x : x + wide] & drawn) / max(1, inside)
            if inside >= _FULL * long * short and _SIGNS[0] <= signs <= _SIGNS[1]:
                boxes.append((x, y, wide, tall))
    return boxes


def blur(picture: Picture, boxes: list[Box]) -> None:
    """Blur places of a picture, in place."""
    tall, wide = picture.shape[:2]
    for left, top, width, height in boxes:
        x0, y0 = max(0, int(left - WIDER * width)), max(0, int(top - WIDER * height))
        x1, y1 = min(wide, int(left + (1 + WIDER) * width)), min(tall, int(top + (1 + WIDER) * height))
        if x1 - x0 < 2 or y1 - y0 < 2:
            continue
        share = CELLS / max(x1 - x0, y1 - y0)
        cells = (max(1, int((x1 - x0) * share)), max(1, int((y1 - y0) * share)))
        rough = cv2.resize(picture[y0:y1, x0:x1], cells, interpolation=cv2.INTER_AREA)
        picture[y0:y1, x0:x1] = cv2.resize(rough, (x1 - x0, y1 - y0), interpolation=cv2.INTER_NEAREST)


def blurred_jpeg(jpeg: bytes) -> tuple[bytes, int]:
    """Return a JPEG with faces and plates blurred, and how many places were."""
    decoded = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if decoded is None:
        return jpeg, 0
    picture = decoded.astype(np.uint8)
    boxes = found_in(picture)
    if not boxes:
        return jpeg, 0
    blur(picture, boxes)
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 85])[1]), len(boxes)


@cache
def _cascade(name: str) -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(str(Path(cv2.data.haarcascades) / name))  # type: ignore[attr-defined]
