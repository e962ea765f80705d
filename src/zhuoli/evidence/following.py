"""Carries what was found in one picture of a video to the pictures around it, so that no face or plate flickers. Runs aside.

Faces and plates are looked for in every fifth picture only. What was found in one of them is searched for in the next and in
the one before (normalised correlation with a small patch of the picture), two looks far each way: so it stays blurred where
the detector misses it once or twice, and is blurred already a moment before it was found first. Between two looks its place is
interpolated. Nothing is known of it but its place, and that is forgotten after two looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from zhuoli.evidence.detectors import Box, Picture

TOGETHER = 5
"""Pictures from one look to the next."""
FAR = 2
"""Looks that something is carried on for, each way, without being found again."""
_PATCH = 24
"""The longer side of a patch that is searched for (px)."""
_AROUND = 1.0
"""How far it is searched for: so many times its size, each way."""
_ALIKE = 0.4
"""Least correlation for a found patch to count; below, it is taken to have stayed where it was."""


class _Look(NamedTuple):
    """The pictures up to a look and with it, the last of them in grey, what was found in it, and what was carried into it
    from looks before, with how far."""

    pictures: list[Picture]
    grey: NDArray[np.uint8]
    found: list[Box]
    carried: list[tuple[Box, int]]

    def all(self) -> list[Box]:
        return [*self.found, *(box for box, _ in self.carried)]


def followed(
    pictures: Iterable[Picture], find: Callable[[Picture], list[Box]]
) -> Iterator[tuple[Picture, list[Box]]]:
    """Give each picture with the places to blur in it. About fifteen pictures are held at a time."""
    waiting: list[_Look] = []
    before: list[Box] | None = None
    last: _Look | None = None
    for group in _groups(pictures):
        grey = cv2.cvtColor(group[-1], cv2.COLOR_BGR2GRAY).astype(np.uint8)
        look = _Look(group, grey, find(group[-1]), [])
        if last is not None and last.grey.shape == grey.shape:
            look.carried.extend(_onward(last, look))
        last = look
        waiting.append(look)
        if len(waiting) > FAR:
            now = _with_later(waiting)
            yield from _between(waiting.pop(0).pictures, before, now)
            before = now
    while waiting:
        now = _with_later(waiting)
        yield from _between(waiting.pop(0).pictures, before, now)
        before = now


def _groups(pictures: Iterable[Picture]) -> Iterator[list[Picture]]:
    """Give the first picture alone, so that there is a look before all others, then groups."""
    group: list[Picture] = []
    most = 1
    for picture in pictures:
        group.append(picture)
        if len(group) == most:
            yield group
            group, most = [], TOGETHER
    if group:
        yield group


def _onward(last: _Look, look: _Look) -> list[tuple[Box, int]]:
    """Return what was in the look before and was not found again, at its new place."""
    known = [(box, 0) for box in last.found] + last.carried
    moved = [(_searched(last.grey, look.grey, box), far + 1) for box, far in known if far < FAR]
    return [(box, far) for box, far in moved if not any(_same(box, each) for each in look.found)]


def _with_later(waiting: list[_Look]) -> list[Box]:
    """Return what is in the first of the looks, with what was found first in those after it."""
    boxes: list[Box] = []
    for later in range(len(waiting) - 1, 0, -1):
        here, there = waiting[later - 1], waiting[later]
        boxes += there.found
        if here.grey.shape == there.grey.shape:
            boxes = [_searched(there.grey, here.grey, box) for box in boxes]
        known = here.all()
        boxes = [box for box in boxes if not any(_same(box, each) for each in known)]
    return waiting[0].all() + boxes


def _between(
    pictures: list[Picture], before: list[Box] | None, now: list[Box]
) -> Iterator[tuple[Picture, list[Box]]]:
    """Give the pictures between two looks; what is in both moves from one place to the other, the rest stays."""
    pairs: list[tuple[Box, Box]] = []
    gone = list(before or ())
    for box in now:
        same = [each for each in before or () if _same(each, box)]
        pairs += [(each, box) for each in same] or [(box, box)]
        gone = [each for each in gone if each not in same]
    pairs += [(box, box) for box in gone]
    for number, picture in enumerate(pictures, 1):
        share = number / len(pictures)
        boxes = {
            (
                round(a[0] + (b[0] - a[0]) * share),
                round(a[1] + (b[1] - a[1]) * share),
                round(a[2] + (b[2] - a[2]) * share),
                round(a[3] + (b[3] - a[3]) * share),
            )
            for a, b in pairs
        }
        yield picture, sorted(boxes)


def _same(one: Box, other: Box) -> bool:
    """Whether two places are likely of one thing: about as large, and their middles closer than its size."""
    wide, tall = max(one[2], other[2]), max(one[3], other[3])
    if min(one[2], other[2]) * 2 < wide or min(one[3], other[3]) * 2 < tall:
        return False
    apart_x = abs(one[0] + one[2] / 2 - other[0] - other[2] / 2)
    apart_y = abs(one[1] + one[3] / 2 - other[1] - other[3] / 2)
    return apart_x < 0.7 * wide and apart_y < 0.7 * tall


def _searched(there: NDArray[np.uint8], here: NDArray[np.uint8], box: Box) -> Box:
    """Return the place in one picture of what is at ``box`` in another."""
    tall, wide = there.shape
    x0, y0 = max(0, box[0]), max(0, box[1])
    x1, y1 = min(wide, box[0] + box[2]), min(tall, box[1] + box[3])
    if x1 - x0 < 4 or y1 - y0 < 4:
        return box
    reach = (int(_AROUND * (x1 - x0)) + 4, int(_AROUND * (y1 - y0)) + 4)
    u0, v0 = max(0, x0 - reach[0]), max(0, y0 - reach[1])
    u1, v1 = min(wide, x1 + reach[0]), min(tall, y1 + reach[1])
    share = min(1.0, _PATCH / max(x1 - x0, y1 - y0))
    patch = cv2.resize(there[y0:y1, x0:x1], None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    around = cv2.resize(here[v0:v1, u0:u1], None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    if patch.shape[0] > around.shape[0] or patch.shape[1] > around.shape[1]:
        return box
    alike = cv2.matchTemplate(around, patch, cv2.TM_CCOEFF_NORMED)
    _, best, _, place = cv2.minMaxLoc(alike)
    if not best >= _ALIKE:
        return box
    left, top = u0 + round(place[0] / share), v0 + round(place[1] / share)
    return (left + box[0] - x0, top + box[1] - y0, box[2], box[3])
