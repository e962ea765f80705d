"""Videos for the demonstration: drawn cars that nobody takes for real ones, with a word across every picture that says so."""

from __future__ import annotations

import io
import random
from fractions import Fraction
from functools import cache
from typing import Any

import av
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from zhuoli.core.case.commands import File
from zhuoli.core.worktime.instants import DAY
from zhuoli.store.files import FileStore

MARK = "GENERATED - DEMO"
CITY = "6201"
RATE, SECONDS, WIDTH, HEIGHT = 25, 2.4, 320, 180
IMPACT = 1.4
"""When (s) one drawn car touches the other."""


class Films:
    """Gives a few videos to the first accidents of the last days in the city: looking through one takes seconds."""

    def __init__(self, files: FileStore, until: int, *, days: int = 10, most: int = 3) -> None:
        self._files = files
        self._since = until - days * DAY
        self._left = most
        self._given = 0

    def sides(self, place: str, at: int) -> int:
        """Return how many sides of a matter raised at ``place`` at ``at`` (ms UTC) bring one: two as long as there are two."""
        if at < self._since or not place.startswith(CITY):
            return 0
        given = min(2, self._left)
        self._left -= given
        return given

    def take(self, shot: str, at: int) -> File:
        """Return a video that no case has yet, as a shot."""
        self._given += 1
        return self._files.put(
            film(self._given),
            name=f"行车记录{self._given}（演示生成）.mp4",
            media_type="video/mp4",
            now=at,
            question=shot,
        )


@cache
def film(number: int) -> bytes:
    """Return a short MP4 of two drawn cars, one of which runs into the other; the same for the same number."""
    rng = random.Random(number)  # noqa: S311 - a picture
    colours = [tuple(rng.randrange(60, 200) for _ in range(3)) for _ in range(2)]
    ground = np.random.default_rng(number).integers(112, 132, (HEIGHT // 6, WIDTH // 6, 1), np.uint8)
    road = np.repeat(np.kron(ground[..., 0], np.ones((6, 6), np.uint8))[..., None], 3, axis=2)
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as container:
        container.metadata["comment"] = "Generated for a demonstration"
        stream: Any = container.add_stream(
            "libx264", rate=RATE, options={"preset": "ultrafast", "threads": "1"}
        )
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.time_base = Fraction(1, RATE)
        for count in range(int(SECONDS * RATE)):
            picture = np.asarray(_picture(road, colours, count / RATE))
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.time_base, frame.pts = Fraction(1, RATE), count
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return target.getvalue()


def _picture(road: np.ndarray[Any, Any], colours: list[tuple[int, ...]], at: float) -> Image.Image:
    shake = int(7 * np.exp(-(at - IMPACT) / 0.15) * np.cos((at - IMPACT) * 30)) if at >= IMPACT else 0
    image = Image.fromarray(np.roll(road, shake, axis=0))
    draw = ImageDraw.Draw(image)
    for lane in (HEIGHT // 3, HEIGHT * 2 // 3):
        for dash in range(0, WIDTH, 40):
            draw.rectangle((dash, lane + shake, dash + 20, lane + 3 + shake), fill=(225, 225, 215))
    top, length = 75 + shake, 64
    ahead = 176 + (5 if at >= IMPACT else 0)
    behind = int(8 + (176 - length - 8) * min(at, IMPACT) / IMPACT)
    for left, colour in ((behind, colours[0]), (ahead, colours[1])):
        draw.rounded_rectangle((left, top, left + length, top + 34), 7, fill=colour)
        draw.rectangle((left + 15, top + 5, left + length - 15, top + 29), fill=(40, 48, 58))
    draw.text((6, 4), MARK, fill=(20, 20, 20), font=ImageFont.load_default(14))
    return image
