"""Pictures of generated roads with one real face or one drawn number plate in them, and where it is: what blurring is measured on.

A face comes from a photograph (``video_faces.py``), a plate is drawn in the colours and proportions of GA 36 with characters that
belong to nobody (place, D, digits). Size, tilt, slant, light, rain and the blur of motion follow from the seed. They say how
the detectors hold up from one size and light to the next; nobody may call this evidence for real roads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

import cv2
import numpy as np
import video_clips
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from video_faces import Piece

from zhuoli.channels.papers.font import font_folder

Picture = NDArray[np.uint8]
Kind = Literal["face", "plate"]
WIDTH, HEIGHT = 1280, 720
FACES = (12, 18, 26, 36, 60, 90, 120)
PLATES = (10, 14, 20, 28, 40, 64)
"""Heights (px)."""
TILTS = (0, 10, 20, 30)
"""Degrees out of the upright."""
LIGHTS = ("day", "dusk", "night")
WEATHERS = ("dry", "rain", "motion")
COLOURS = ("blue", "green", "yellow", "white")
_SHARE = {"day": 1.0, "dusk": 0.5, "night": 0.25}


class Drawn(NamedTuple):
    """A picture, what is in it and where (left, top, width, height in px), and how it was drawn."""

    picture: Picture
    kind: Kind
    box: tuple[int, int, int, int]
    height: int
    tilt: int
    light: str
    weather: str
    what: str
    """Of a plate its colour, of a face where the photograph comes from."""


class _Plan(NamedTuple):
    height: int
    tilt: int
    light: str
    weather: str
    piece: Piece
    what: str


def draw(seed: int, kind: Kind, faces: Sequence[Piece] = ()) -> Drawn:
    """Return the picture of a seed."""
    dice = np.random.default_rng((seed, kind == "face", 3))
    plan = _plan(dice, kind, faces)
    piece, mask, inner = _turned(plan)
    ground = _ground(dice)
    tall, wide = piece.shape[:2]
    left, top = int(dice.integers(4, WIDTH - wide - 4)), int(dice.integers(HEIGHT // 5, HEIGHT - tall - 4))
    _put(ground, piece, mask, left, top)
    box = (left + inner[0], top + inner[1], inner[2], inner[3])
    seen = _weathered(ground, plan.light, plan.weather, dice)
    return Drawn(seen, kind, box, plan.height, plan.tilt, plan.light, plan.weather, plan.what)


def empty(seed: int) -> Picture:
    """Return a picture with neither, but for the plate that a drawn car may have."""
    dice = np.random.default_rng((seed, 7))
    return _weathered(_ground(dice), str(dice.choice(LIGHTS)), str(dice.choice(WEATHERS)), dice)


def moving(
    seed: int, kind: Kind, faces: Sequence[Piece], pictures: int = 40
) -> Iterator[tuple[Picture, tuple[int, int, int, int], Drawn]]:
    """Give the pictures of 1.6 seconds of 960 by 540, in which it passes by and grows, and where it is in each."""
    dice = np.random.default_rng((seed, kind == "face", 11))
    plan = _plan(dice, kind, faces)._replace(weather=str(dice.choice(("dry", "rain"))))
    clip = video_clips.plan(seed, crash=False, seconds=pictures / 25)._replace(
        rain=False, night=False, potholes=()
    )
    begin = dice.uniform((60, 160), (860, 400))
    step = dice.uniform((2, 0), (7, 2)) * dice.choice((-1, 1), 2)
    pace = float(np.hypot(*step))
    for number, ground in enumerate(video_clips.frames(clip, 960, 540)):
        now = plan._replace(height=max(8, round(plan.height * 0.6 * (1 + 0.5 * number / pictures))))
        piece, mask, inner = _turned(now)
        tall, wide = piece.shape[:2]
        # It turns round at the border.
        left, top = (
            int(abs((each + number * by) % (2 * room) - room) if room > 1 else 0)
            for each, by, room in zip(begin, step, (960 - wide, 540 - tall), strict=True)
        )
        _put(ground, piece, mask, left, top)
        light = _weathered(ground, plan.light, plan.weather, dice)
        if pace > 3:
            light = cv2.blur(light, (max(1, int(pace / 2)), 1)).astype(np.uint8)
        box = (left + inner[0], top + inner[1], inner[2], inner[3])
        yield light, box, Drawn(light, kind, box, now.height, plan.tilt, plan.light, plan.weather, plan.what)


def _plan(dice: np.random.Generator, kind: Kind, faces: Sequence[Piece]) -> _Plan:
    height = int(dice.choice(FACES if kind == "face" else PLATES))
    tilt = int(dice.choice(TILTS)) * int(dice.choice((-1, 1)))
    light, weather = str(dice.choice(LIGHTS)), str(dice.choice(WEATHERS))
    if kind == "face":
        # A photograph is made smaller, hardly ever larger: blown up it would be easier or harder than a face of that size.
        fit = [each for each in faces if each.face[3] * 1.25 >= height]
        sources = sorted({each.whence for each in fit})
        whence = str(dice.choice(sources))
        fit = [each for each in fit if each.whence == whence]
        piece = fit[int(dice.integers(len(fit)))]
        return _Plan(height, tilt, light, weather, piece, "photograph" if "/" in whence else whence)
    colour = str(dice.choice(COLOURS, p=(0.5, 0.25, 0.15, 0.1)))
    return _Plan(height, tilt, light, weather, _plate(dice, colour), colour)


def _turned(plan: _Plan) -> tuple[Picture, Picture, tuple[int, int, int, int]]:
    """Return a piece at its size, tilted; of plates also seen from the side; and the box that holds it."""
    share = plan.height / plan.piece.face[3]
    wide, tall = (max(6, round(each * share)) for each in plan.piece.picture.shape[1::-1])
    piece = cv2.resize(plan.piece.picture, (wide, tall), interpolation=cv2.INTER_AREA)
    mask = cv2.resize(plan.piece.mask, (wide, tall), interpolation=cv2.INTER_AREA)
    x, y, w, h = (each * share for each in plan.piece.face)
    corners = np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]])
    turn = cv2.getRotationMatrix2D((wide / 2, tall / 2), plan.tilt, 1)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    new = (int(tall * sin + wide * cos) + 2, int(tall * cos + wide * sin) + 2)
    turn[0, 2] += new[0] / 2 - wide / 2
    turn[1, 2] += new[1] / 2 - tall / 2
    if plan.piece.whence == "drawn":
        # Seen from the side it is narrower, as a plate is on a car that turns.
        turn[0] *= 1 - 0.35 * abs(plan.tilt) / 30
    around = corners @ turn[:, :2].T + turn[:, 2]
    low, high = around.min(0), around.max(0)
    inner = (int(low[0]), int(low[1]), max(1, int(high[0] - low[0])), max(1, int(high[1] - low[1])))
    return (
        cv2.warpAffine(piece, turn, new).astype(np.uint8),
        cv2.warpAffine(mask, turn, new).astype(np.uint8),
        inner,
    )


def _put(ground: Picture, piece: Picture, mask: Picture, left: int, top: int) -> None:
    place = ground[top : top + piece.shape[0], left : left + piece.shape[1]]
    share = (mask[: place.shape[0], : place.shape[1]] / 255.0)[..., None]
    place[:] = (place * (1 - share) + piece[: place.shape[0], : place.shape[1]] * share).astype(np.uint8)


def _ground(dice: np.random.Generator) -> Picture:
    """Return one picture of a generated road (``video_clips.py``), dry and by day, with some signs and boxes in strong colours."""
    clip = video_clips.plan(int(dice.integers(1 << 30)), crash=False, seconds=0.04)
    ground = next(video_clips.frames(clip._replace(rain=False, night=False), WIDTH, HEIGHT))
    for _ in range(5):
        x, y = int(dice.integers(0, WIDTH)), int(dice.integers(HEIGHT // 5, HEIGHT))
        size = (x + int(dice.integers(20, 160)), y + int(dice.integers(15, 110)))
        colour = tuple(int(each) for each in dice.integers(30, 210, 3))
        cv2.rectangle(ground, (x, y), size, colour, -1)
        for line in range(y + 6, size[1] - 6, 12):
            cv2.line(ground, (x + 4, line), (size[0] - 4, line), (235, 235, 235), 2)
    return ground


_INK = {
    "blue": ((160, 60, 20), (245, 245, 245)),
    "green": ((150, 210, 120), (15, 15, 15)),
    "yellow": ((30, 190, 240), (15, 15, 15)),
    "white": ((235, 235, 235), (20, 20, 20)),
}
"""Ground and characters (BGR)."""


def _plate(dice: np.random.Generator, colour: str) -> Piece:
    """Draw a plate of 440 by 140 (green: 480 by 140, from white above to green below, one digit more)."""
    wide = 480 if colour == "green" else 440
    ground, ink = _INK[colour]
    canvas = np.empty((140, wide, 3), np.uint8)
    canvas[:] = ground
    if colour == "green":
        fade = np.linspace(1, 0, 140)[:, None, None]
        canvas[:] = (canvas * (1 - fade) + 245 * fade).astype(np.uint8)
    image = Image.fromarray(canvas[..., ::-1])
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((4, 4, wide - 5, 135), 10, outline=ink[::-1], width=4)
    font: Any = ImageFont.truetype(str(next(font_folder().glob("*.?tf"))), 88)
    written = "甘D" + "".join(str(each) for each in dice.integers(0, 10, 6 if colour == "green" else 5))
    step = (wide - 40) / len(written)
    for number, sign in enumerate(written):
        pen.text((24 + number * step, 2), sign, fill=ink[::-1], font=font)
    piece = np.ascontiguousarray(np.asarray(image)[..., ::-1]).astype(np.uint8)
    # A bumper around it.
    around = cv2.copyMakeBorder(
        piece, 40, 40, 60, 60, cv2.BORDER_CONSTANT, value=(int(dice.integers(20, 200)),) * 3
    )
    mask = np.full(around.shape[:2], 255, np.uint8)
    return Piece(around.astype(np.uint8), mask, (60, 40, wide, 140), "drawn")


def _weathered(picture: Picture, light: str, weather: str, dice: np.random.Generator) -> Picture:
    """Return the picture as a camera would give it: dark, wet or shaken, noisy, and compressed as JPEG at 80."""
    seen = picture.astype(np.float32)
    if weather == "motion":
        length = int(dice.integers(3, 7))
        seen = cv2.blur(seen, (length, 1) if dice.random() < 0.7 else (1, length)).astype(np.float32)
    if weather == "rain":
        tall, wide = picture.shape[:2]
        for x, y, length in dice.integers((0, 0, tall // 24), (wide, tall, tall // 9), size=(160, 3)):
            cv2.line(
                seen, (int(x), int(y)), (int(x) - int(length) // 4, int(y) + int(length)), (205, 205, 205), 1
            )
    seen = cv2.GaussianBlur(seen, (0, 0), float(dice.uniform(0.3, 0.9))).astype(np.float32) * _SHARE[light]
    seen += dice.normal(0, {"day": 2, "dusk": 4, "night": 6}[light], picture.shape[:2])[..., None]
    return cv2.imdecode(
        cv2.imencode(".jpg", seen.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 80])[1],
        cv2.IMREAD_COLOR,
    ).astype(np.uint8)  # type: ignore[union-attr]
