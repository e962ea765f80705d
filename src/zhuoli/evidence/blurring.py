"""Faces and number plates made unrecognisable in copies. Runs aside.

Where they are is said by two networks (``detectors``) and by a rule for the colours of plates (``plates``). They find most, not
all: the smallest faces, heads turned away and bent plates are missed, and some things are blurred that are neither. So a copy is
for showing what happened, and is given to the sides of the case and its offices only; see docs/offices/accidents.md for
what was measured. Nobody is recognised: places are blurred and forgotten.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from zhuoli.evidence import detectors, plates
from zhuoli.evidence.detectors import Box, Picture

CELLS = 6
"""Squares along the longer side of what is blurred: nothing can be worked back from them."""
WIDER = 0.25
"""By how much more than what was found is blurred, on each side."""


def found_in(picture: NDArray[np.uint8], *, fine: bool = True) -> list[Box]:
    """Return where faces and plates were found in a picture (BGR, grey, or BGR with alpha).

    ``fine`` looks for small faces too and takes about four times as long.

    Raises:
        NoDetector: a network is not there.
    """
    seen = _coloured(picture)
    return [*detectors.faces(seen, fine=fine), *detectors.plates(seen), *plates.coloured(seen)]


def _coloured(picture: NDArray[np.uint8]) -> Picture:
    if picture.ndim == 2 or picture.shape[2] == 1:
        return cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR).astype(np.uint8)
    return picture[:, :, :3] if picture.shape[2] > 3 else picture


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
