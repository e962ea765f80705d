"""Pictures with one drawn face or one drawn number plate in them, and where it is: what blurring is measured on.

A drawn face is an oval with shaded eyes, brows, nose and mouth; a drawn plate has the colours and the proportion of GA 36 and characters that
belong to nobody (place, D, five digits). Sizes, tilt, light, softness and the ground follow from the seed. They say how the detectors
hold up from one size and tilt to the next; drawn faces are easier in some ways and harder in others than real ones, so nobody may
call this evidence for real roads.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from zhuoli.channels.papers.font import font_folder

Picture = NDArray[np.uint8]
Kind = Literal["face", "plate"]
WIDTH, HEIGHT = 960, 540
TILTS = (0, 8, 16)
"""Degrees out of the upright."""
LIGHTS = ("day", "dusk", "night")


class Drawn(NamedTuple):
    """A picture, what is in it and where (left, top, width, height in px), and how it was drawn."""

    picture: Picture
    kind: Kind
    box: tuple[int, int, int, int]
    height: int
    tilt: int
    light: str


def draw(seed: int, kind: Kind) -> Drawn:
    """Return the picture of a seed."""
    dice = np.random.default_rng((seed, kind == "face"))
    ground = _ground(dice)
    height = int(dice.choice((20, 32, 48, 80, 120) if kind == "face" else (14, 22, 32, 48, 72)))
    tilt = int(dice.choice(TILTS)) * int(dice.choice((-1, 1)))
    piece, mask = (_face if kind == "face" else _plate)(dice, height)
    piece, mask = _tilted(piece, mask, tilt)
    tall, wide = piece.shape[:2]
    left, top = int(dice.integers(10, WIDTH - wide - 10)), int(dice.integers(10, HEIGHT - tall - 10))
    place = ground[top : top + tall, left : left + wide]
    share = (mask / 255.0)[..., None]
    place[:] = (place * (1 - share) + piece * share).astype(np.uint8)
    light = str(dice.choice(LIGHTS))
    return Drawn(_lit(ground, light, dice), kind, (left, top, wide, tall), height, abs(tilt), light)


def empty(seed: int) -> Picture:
    """Return a picture with neither."""
    dice = np.random.default_rng((seed, 7))
    return _lit(_ground(dice), str(dice.choice(LIGHTS)), dice)


def _ground(dice: np.random.Generator) -> Picture:
    """Draw something like a street: a rough road, a bright sky, some dark and bright boxes with edges."""
    rough = dice.integers(80, 140, (HEIGHT // 12, WIDTH // 12, 1)) + dice.integers(
        -6, 7, (HEIGHT // 12, WIDTH // 12, 3)
    )
    ground = cv2.resize(rough.astype(np.uint8), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    cv2.rectangle(
        ground, (0, 0), (WIDTH, HEIGHT // 3), tuple(int(each) for each in dice.integers(150, 220, 3)), -1
    )
    for _ in range(14):
        x, y = int(dice.integers(0, WIDTH)), int(dice.integers(HEIGHT // 5, HEIGHT))
        size = (x + int(dice.integers(30, 190)), y + int(dice.integers(20, 130)))
        cv2.rectangle(ground, (x, y), size, tuple(int(each) for each in dice.integers(30, 210, 3)), -1)
    return cv2.GaussianBlur(ground, (3, 3), 0).astype(np.uint8)


def _face(dice: np.random.Generator, height: int) -> tuple[Picture, Picture]:
    """Draw a face from the front, at six times its size and brought down."""
    size = 240
    skin = np.array([int(dice.integers(95, 175)), int(dice.integers(125, 195)), int(dice.integers(165, 235))])
    piece = np.zeros((size, size, 3), np.float32)
    mask = np.zeros((size, size), np.uint8)
    cv2.ellipse(mask, (120, 120), (88, 112), 0, 0, 360, 255, -1)
    shade = np.linspace(1.12, 0.82, size)[None, :, None] * np.linspace(1.08, 0.9, size)[:, None, None]
    piece[:] = skin * shade
    dark = (skin * 0.35).tolist()
    for x in (80, 160):
        cv2.ellipse(piece, (x, 100), (24, 15), 0, 0, 360, (skin * 0.72).tolist(), -1)
        cv2.ellipse(piece, (x, 102), (17, 8), 0, 0, 360, (225, 225, 225), -1)
        cv2.circle(piece, (x + int(dice.integers(-3, 4)), 102), 7, (30, 30, 30), -1)
        cv2.ellipse(piece, (x, 80), (25, 7), 0, 180, 360, dark, 6)
    cv2.line(piece, (120, 105), (116, 145), (skin * 0.85).tolist(), 5)
    cv2.ellipse(piece, (120, 150), (17, 7), 0, 0, 180, (skin * 0.6).tolist(), 5)
    cv2.ellipse(
        piece,
        (120, 184),
        (34, int(dice.integers(7, 13))),
        0,
        0,
        360,
        (70, 70, int(dice.integers(130, 180))),
        -1,
    )
    cv2.ellipse(piece, (120, 20), (92, 44), 0, 0, 360, (int(dice.integers(15, 60)),) * 3, -1)
    piece = cv2.GaussianBlur(piece, (0, 0), 2.2)
    wide = max(4, round(height * 1.0))
    small = cv2.resize(np.clip(piece, 0, 255).astype(np.uint8), (wide, height), interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8), cv2.resize(mask, (wide, height), interpolation=cv2.INTER_AREA).astype(
        np.uint8
    )


def _plate(dice: np.random.Generator, height: int) -> tuple[Picture, Picture]:
    """Draw a plate of 440 by 140: white on blue, or black on green as those of electric vehicles have."""
    green = bool(dice.random() < 0.35)
    image = Image.new("RGB", (440, 140), (130, 205, 140) if green else (20, 60, 160))
    pen = ImageDraw.Draw(image)
    ink = (15, 15, 15) if green else (245, 245, 245)
    pen.rounded_rectangle((4, 4, 435, 135), 10, outline=ink, width=4)
    font: Any = ImageFont.truetype(str(next(font_folder().glob("*.?tf"))), 88)
    written = "甘D" + "".join(str(each) for each in dice.integers(0, 10, 6 if green else 5))
    step = 400 / len(written)
    for number, sign in enumerate(written):
        pen.text((24 + number * step, 14), sign, fill=ink, font=font)
    wide = max(8, round(height * 440 / 140))
    piece = np.asarray(image.resize((wide, height), Image.Resampling.LANCZOS))[..., ::-1]
    return piece.astype(np.uint8), np.full((height, wide), 255, np.uint8)


def _tilted(piece: Picture, mask: Picture, tilt: int) -> tuple[Picture, Picture]:
    tall, wide = piece.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, tall / 2), tilt, 1)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    new = (int(tall * sin + wide * cos) + 1, int(tall * cos + wide * sin) + 1)
    turn[0, 2] += new[0] / 2 - wide / 2
    turn[1, 2] += new[1] / 2 - tall / 2
    return cv2.warpAffine(piece, turn, new).astype(np.uint8), cv2.warpAffine(mask, turn, new).astype(np.uint8)


def _lit(picture: Picture, light: str, dice: np.random.Generator) -> Picture:
    share = {"day": 1.0, "dusk": 0.55, "night": 0.25}[light]
    noise = dice.normal(0, {"day": 2, "dusk": 5, "night": 8}[light], picture.shape)
    soft = cv2.GaussianBlur(picture, (0, 0), float(dice.uniform(0.3, 1.3)))
    return np.clip(soft * share + noise, 0, 255).astype(np.uint8)
