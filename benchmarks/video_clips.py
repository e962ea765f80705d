"""Makes clips of crashes out of a seed: fixed before anything was tuned on them, and nobody's evidence for real roads.

    python benchmarks/video_clips.py 7 clip.mp4     # writes one clip and says what is in it

A clip is drawn by a small world of flat textured shapes, seen from a windscreen or from the roadside. The seed decides the
kind (running into a car ahead, being hit from behind, two cars seen from the side; or no crash at all: hard braking,
plain driving), the instant, the strength, and the conditions: shaking hands or road, rain, night, potholes, noise of the
sensor. What moves and when is decided before the first frame is drawn, so the truth is known to the frame.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from typing import Literal, NamedTuple

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
Kind = Literal["runs_into", "hit_from_behind", "seen_from_the_side", "hard_braking", "driving"]
CRASHES: tuple[Kind, ...] = ("runs_into", "hit_from_behind", "seen_from_the_side")
QUIET: tuple[Kind, ...] = ("hard_braking", "driving")


class Clip(NamedTuple):
    """What is in a clip. Seconds and frames per second; ``impact`` is None where nothing is hit."""

    seed: int
    kind: Kind
    seconds: float
    rate: int
    impact: float | None
    strength: float
    shake: float
    rain: bool
    night: bool
    potholes: tuple[float, ...]
    brake: float | None


def plan(seed: int, *, crash: bool, seconds: float = 30.0, rate: int = 25) -> Clip:
    """Return what a seed stands for. One clip in three shakes, one in three has rain, one in three is at night."""
    dice = random.Random(f"clip {seed} {crash}")
    kind = dice.choice(CRASHES if crash else QUIET)
    impact = dice.uniform(0.15, 0.9) * seconds if crash else None
    holes = tuple(sorted(dice.uniform(0.5, seconds - 0.5) for _ in range(dice.choice((0, 0, 1, 2, 4)))))
    if kind == "seen_from_the_side":
        holes = ()
    return Clip(
        seed=seed,
        kind=kind,
        seconds=seconds,
        rate=rate,
        impact=impact,
        strength=dice.uniform(0.45, 1.0),
        shake=dice.choice((0.0, 0.0, 1.0)) * dice.uniform(0.4, 1.2),
        rain=dice.random() < 1 / 3,
        night=dice.random() < 1 / 3,
        potholes=holes,
        brake=dice.uniform(0.2, 0.8) * seconds if kind == "hard_braking" else None,
    )


def frames(clip: Clip, width: int, height: int) -> Iterator[Frame]:
    """Draw a clip, frame by frame (BGR)."""
    world = (
        _Side(clip, width, height) if clip.kind == "seen_from_the_side" else _Windscreen(clip, width, height)
    )
    noise = np.random.default_rng(clip.seed)
    for number in range(int(clip.seconds * clip.rate)):
        yield _weather(world.draw(number / clip.rate), clip, noise)


def write(clip: Clip, path: str, width: int, height: int, *, codec: str = "libx264", gop: int = 50) -> None:
    """Write a clip as MP4; ``gop`` is the most frames between two that stand alone."""
    with av.open(path, "w") as container:
        stream = container.add_stream(codec, rate=clip.rate, options={"preset": "veryfast", "crf": "23"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.gop_size = gop
        for frame in frames(clip, width, height):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="bgr24")))
        container.mux(stream.encode())


class _Windscreen:
    """The road ahead: ground and houses pass by, a car is ahead, the picture nods when the car does."""

    def __init__(self, clip: Clip, width: int, height: int) -> None:
        self.clip, self.width, self.height = clip, width, height
        dice = np.random.default_rng(clip.seed + 1)
        self.speed_before = float(dice.uniform(8, 16))
        self.ground = _texture(dice, 512, 256, 70, 110, 3)
        self.walls = _texture(dice, 1024, 256, 60, 200, 24)
        self.car = _car(dice, 160, 120)
        self.place = 0.0
        self.last = 0.0
        self.phase = dice.uniform(0, 6.28, size=6)

    def speed(self, at: float) -> float:
        """Return the own speed (m/s)."""
        clip, before = self.clip, self.speed_before
        if clip.kind == "runs_into" and clip.impact is not None:
            if at < clip.impact - 0.7:
                return before
            if at < clip.impact:
                return before * (1 - 0.25 * (at - clip.impact + 0.7) / 0.7)
            left = 0.75 * before * (1 - 0.85 * clip.strength)
            return max(0.0, left * (1 - (at - clip.impact) / 2.0))
        if clip.kind == "hit_from_behind" and clip.impact is not None:
            slow = before * 0.25
            if at < clip.impact:
                return slow
            return max(0.0, (slow + 4.0 * clip.strength) * (1 - (at - clip.impact) / 2.5))
        if clip.brake is not None and at >= clip.brake:
            since = at - clip.brake
            return before * max(0.0, 1 - since / 1.6) if since < 4 else before * min(1.0, (since - 4) / 3)
        return before

    def gap(self, at: float) -> float:
        """Return the distance to the car ahead (m)."""
        clip = self.clip
        if clip.kind == "runs_into" and clip.impact is not None:
            if at < clip.impact - 3:
                return 22.0
            if at < clip.impact:
                return 2.6 + 19.4 * ((clip.impact - at) / 3) ** 1.3
            return 2.6 + min(1.2, 2.0 * clip.strength * (at - clip.impact))
        if clip.brake is not None and at >= clip.brake:
            return max(6.0, 22 - 8 * min(2.0, at - clip.brake)) + max(0.0, at - clip.brake - 4) * 3
        return 22.0 + 3 * np.sin(at / 3 + self.phase[0])

    def nod(self, at: float) -> tuple[float, float]:
        """Return by how much the picture is off, right and down, as shares of its height."""
        clip, right, down = self.clip, 0.0, 0.0
        if clip.impact is not None and at >= clip.impact:
            since = at - clip.impact
            swing = 0.05 * clip.strength * np.exp(-since / 0.18)
            sign = 1 if clip.kind == "runs_into" else -1
            down += sign * swing * np.cos(since * 32)
            right += 0.6 * swing * np.sin(since * 27 + self.phase[1])
        if clip.brake is not None and clip.brake <= at < clip.brake + 2.4:
            down += (
                0.025
                * np.sin(min(1.0, (at - clip.brake) / 0.5) * np.pi / 2)
                * max(0.0, 1 - (at - clip.brake) / 2.4)
            )
        for hole in clip.potholes:
            if at >= hole:
                down += 0.014 * np.exp(-(at - hole) / 0.12) * np.sin((at - hole) * 38)
        down += 0.002 * np.sin(at * 7 + self.phase[2])
        for number, (hertz, size) in enumerate(((2.3, 0.006), (4.1, 0.004), (7.7, 0.002))):
            right += clip.shake * size * np.sin(at * hertz * 6.28 + self.phase[number + 1])
            down += clip.shake * size * np.cos(at * hertz * 6.0 + self.phase[number + 3])
        return float(right), float(down)

    def draw(self, at: float) -> Frame:
        """Return the picture at an instant (s)."""
        self.place += self.speed(at) * (at - self.last)
        self.last = at
        w, h = self.width, self.height
        right, down = self.nod(at)
        picture = np.full((h, w, 3), (190, 170, 150), np.uint8)
        horizon = int(h * (0.42 + down))
        middle = int(w * 0.5 + right * h)
        self._houses(picture, horizon, middle)
        self._road(picture, horizon, middle)
        self._car_ahead(picture, horizon, middle, at)
        bonnet = int(h * (0.93 + 0.3 * down))
        cv2.ellipse(
            picture,
            (w // 2, h + h // 12),
            (int(w * 0.55), h + h // 12 - bonnet),
            0,
            180,
            360,
            (40, 38, 36),
            -1,
        )
        return picture

    def _houses(self, picture: Frame, horizon: int, middle: int) -> None:
        h, w = self.height, self.width
        tall = max(2, int(h * 0.3))
        for side in (-1, 1):
            for near, far in ((6.0, 14.0), (14.0, 34.0), (34.0, 90.0)):
                outer = middle + side * int(0.5 * w * 9 / near)
                inner = middle + side * int(0.5 * w * 9 / far)
                left, stop = sorted((outer, inner))
                left, stop = max(0, left), min(w, stop)
                top = max(0, horizon - int(tall * 14 / far))
                if stop - left < 2 or horizon - top < 2:
                    continue
                start = int(self.place * 12 + near * 37) % (self.walls.shape[1] - 128)
                piece = self.walls[:, start : start + 128]
                if side < 0:
                    piece = piece[:, ::-1]
                picture[top:horizon, left:stop] = cv2.resize(piece, (stop - left, horizon - top))

    def _road(self, picture: Frame, horizon: int, middle: int) -> None:
        h, w = self.height, self.width
        rows = np.arange(max(0, horizon + 1), h)
        if not len(rows):
            return
        far = h * 0.55 / np.maximum(1, rows - horizon)
        along = ((self.place + far * 3) * 16).astype(int) % self.ground.shape[0]
        columns = np.arange(w)
        across = ((columns[None, :] - middle) * far[:, None] * 0.35 + 128).astype(int) % self.ground.shape[1]
        picture[rows] = self.ground[along[:, None], across]
        dashes = ((self.place + far * 3) % 6) < 3
        for row, distance, dash in zip(rows, far, dashes, strict=True):
            if dash:
                half = max(1, int(3 / distance * h / 360))
                for lane in (-1, 1):
                    at = middle + int(lane * 0.22 * w / distance)
                    picture[row, max(0, at - half) : max(0, at + half)] = (225, 225, 225)

    def _car_ahead(self, picture: Frame, horizon: int, middle: int, at: float) -> None:
        gap = self.gap(at)
        wide = int(self.width * 0.9 / gap)
        tall = int(wide * 0.75)
        left, bottom = middle - wide // 2, horizon + int(self.height * 0.9 / gap)
        braking = self.clip.kind == "runs_into" and self.clip.impact is not None and at > self.clip.impact - 2
        braking |= self.clip.brake is not None and 0 < at - self.clip.brake < 4
        car = self.car.copy()
        if braking:
            car[60:78, 8:34] = car[60:78, -34:-8] = (40, 40, 250)
        _paste(picture, cv2.resize(car, (max(2, wide), max(2, tall))), left, bottom - tall)


class _Side:
    """A crossing seen from the roadside: one car from the left, another from the right or from above."""

    def __init__(self, clip: Clip, width: int, height: int) -> None:
        self.clip, self.width, self.height = clip, width, height
        dice = np.random.default_rng(clip.seed + 2)
        self.scene = cv2.resize(_texture(dice, 240, 320, 80, 150, 8), (width + 80, height + 80))
        cv2.rectangle(self.scene, (0, int(height * 0.5)), (width + 80, int(height * 0.85)), (92, 92, 92), -1)
        self.cars = [_side_car(dice, 200, 80) for _ in range(4)]
        self.speeds = dice.uniform(0.18, 0.34, size=4)
        self.phase = dice.uniform(0, 6.28, size=6)
        self.debris = dice.uniform(-1, 1, size=(40, 2))
        self.meet = float(dice.uniform(0.4, 0.6))

    def draw(self, at: float) -> Frame:
        """Return the picture at an instant (s)."""
        clip, w, h = self.clip, self.width, self.height
        right = down = 0.0
        for number, (hertz, size) in enumerate(((0.9, 0.008), (2.7, 0.005), (6.1, 0.002))):
            right += clip.shake * size * np.sin(at * hertz * 6.28 + self.phase[number])
            down += clip.shake * size * np.cos(at * hertz * 5.9 + self.phase[number + 3])
        x, y = int(40 + right * h), int(40 + down * h)
        picture = self.scene[y : y + h, x : x + w].copy()
        dx, dy = 40 - x, 40 - y
        impact = clip.impact or 0.0
        for number, passing in enumerate((impact - 9, impact - 5, impact + 6)):
            share = (at - passing) * float(self.speeds[number % 4]) + 0.5
            if 0 < share + 0.2 < 1.4:
                self._put(picture, self.cars[number % 4], share, 0.56 if number % 2 else 0.78, dx, dy)
        self._crash(picture, at - impact, dx, dy)
        return picture

    def _crash(self, picture: Frame, since: float, dx: int, dy: int) -> None:
        force = self.clip.strength
        if since < 0:
            first, second, fall = self.meet + since * 0.3 - 0.085, self.meet - since * 0.26 + 0.085, 0.0
        else:
            slide = 0.06 * force * (1 - np.exp(-since / 0.4))
            first, second, fall = self.meet - 0.085 + slide * 0.3, self.meet + 0.085 + slide, 0.02 * force
        if since > 8:
            first, second = first, second
        self._put(picture, self.cars[1], first, 0.68, dx, dy)
        self._put(picture, self.cars[2][:, ::-1], second, 0.68 - fall, dx, dy)
        if 0 <= since < 0.8:
            h = self.height
            for way in self.debris:
                px = int((self.meet * self.width) + dx + way[0] * since * h * 0.5)
                py = int(0.68 * h + dy + way[1] * since * h * 0.3 + since * since * h * 0.2)
                cv2.circle(picture, (px, py), max(1, h // 240), (210, 210, 215), -1)

    def _put(self, picture: Frame, car: Frame, share: float, level: float, dx: int, dy: int) -> None:
        wide, tall = int(self.width * 0.17), int(self.width * 0.17 * 0.4)
        _paste(
            picture,
            cv2.resize(car, (wide, tall)),
            int(share * self.width) - wide // 2 + dx,
            int(level * self.height) - tall // 2 + dy,
        )


def _weather(picture: Frame, clip: Clip, noise: np.random.Generator) -> Frame:
    if clip.night:
        h, w = picture.shape[:2]
        light = np.zeros((h, w), np.float32)
        cv2.ellipse(light, (w // 2, int(h * 0.75)), (int(w * 0.4), int(h * 0.35)), 0, 0, 360, 0.6, -1)
        light = cv2.resize(cv2.GaussianBlur(cv2.resize(light, (80, 45)), (0, 0), 6), (w, h)) + 0.18
        picture = (picture * light[:, :, None]).clip(0, 255).astype(np.uint8)
    if clip.rain:
        picture = picture.copy()
        h, w = picture.shape[:2]
        for x, y, length in noise.integers((0, 0, h // 24), (w, h, h // 9), size=(140, 3)):
            cv2.line(
                picture,
                (int(x), int(y)),
                (int(x) - int(length) // 4, int(y) + int(length)),
                (205, 205, 205),
                1,
            )
    grain = 9 if clip.night else 4
    rough = noise.normal(0, grain, size=(picture.shape[0] // 2, picture.shape[1] // 2)).astype(np.float32)
    rough = cv2.resize(rough, (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_NEAREST)
    return (picture.astype(np.float32) + rough[:, :, None]).clip(0, 255).astype(np.uint8)


def _texture(dice: np.random.Generator, tall: int, wide: int, low: int, high: int, grain: int) -> Frame:
    rough = dice.integers(low, high, size=(max(2, tall // grain), max(2, wide // grain), 3)).astype(np.uint8)
    return cv2.resize(rough, (wide, tall), interpolation=cv2.INTER_NEAREST)


def _car(dice: np.random.Generator, wide: int, tall: int) -> Frame:
    colour = tuple(int(each) for each in dice.integers(30, 220, size=3))
    car = np.full((tall, wide, 3), colour, np.uint8)
    cv2.rectangle(car, (18, 8), (wide - 18, 48), (60, 50, 45), -1)
    cv2.rectangle(car, (8, 60), (34, 78), (30, 30, 140), -1)
    cv2.rectangle(car, (wide - 34, 60), (wide - 8, 78), (30, 30, 140), -1)
    cv2.rectangle(car, (wide // 2 - 26, 84), (wide // 2 + 26, 98), (190, 90, 20), -1)
    cv2.rectangle(car, (0, tall - 16), (30, tall), (15, 15, 15), -1)
    cv2.rectangle(car, (wide - 30, tall - 16), (wide, tall), (15, 15, 15), -1)
    return car


def _side_car(dice: np.random.Generator, wide: int, tall: int) -> Frame:
    colour = tuple(int(each) for each in dice.integers(30, 230, size=3))
    car = np.full((tall, wide, 3), colour, np.uint8)
    cv2.rectangle(car, (50, 6), (150, 34), (60, 50, 45), -1)
    cv2.circle(car, (44, tall - 14), 13, (15, 15, 15), -1)
    cv2.circle(car, (wide - 44, tall - 14), 13, (15, 15, 15), -1)
    return car


def _paste(picture: Frame, piece: Frame, left: int, top: int) -> None:
    h, w = picture.shape[:2]
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(w, left + piece.shape[1]), min(h, top + piece.shape[0])
    if x1 > x0 and y1 > y0:
        picture[y0:y1, x0:x1] = piece[y0 - top : y1 - top, x0 - left : x1 - left]


if __name__ == "__main__":
    chosen = plan(int(sys.argv[1]), crash=(sys.argv[3:] or ["crash"])[0] == "crash")
    print(chosen)
    write(chosen, sys.argv[2], 640, 360)
