"""Small real videos for tests, made here: a square that moves and, if wanted, is stopped by a blow."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import Any

import av
import numpy as np

RATE = 25


def clip(
    *,
    seconds: float = 4.0,
    size: tuple[int, int] = (320, 180),
    impact: float | None = None,
    codec: str = "libx264",
    form: str = "mp4",
    sound: bool = False,
    turned: int = 0,
    variable: bool = False,
    tags: dict[str, str] | None = None,
    seed: int = 1,
) -> bytes:
    """Return the bytes of a video."""
    target = io.BytesIO()
    with av.open(target, "w", format=form) as container:
        container.metadata.update(tags or {})
        stream: Any = container.add_stream(codec, rate=RATE)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        audio: Any = container.add_stream("aac", rate=48000, layout="mono") if sound else None
        dice = np.random.default_rng(seed)
        ground = np.kron(dice.integers(60, 190, size=(size[1] // 10, size[0] // 10, 3)), np.ones((10, 10, 1)))
        for number in range(int(seconds * RATE)):
            at = number / RATE
            push = (
                0
                if impact is None or at < impact
                else int(14 * np.exp(-(at - impact) / 0.15) * np.cos((at - impact) * 30))
            )
            picture = np.roll(
                ground, (push, number if impact is None or at < impact else int(impact * RATE)), (0, 1)
            )
            frame = av.VideoFrame.from_ndarray(picture.astype(np.uint8), format="bgr24")
            frame.time_base = Fraction(1, 1000)
            frame.pts = int(at * 1000) + (int(number % 3) * 13 if variable else 0)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
        if audio is not None:
            for number in range(int(seconds * 48000 / 1024)):
                piece = av.AudioFrame.from_ndarray(
                    np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
                )
                piece.sample_rate, piece.pts = 48000, number * 1024
                container.mux(audio.encode(piece))
            container.mux(audio.encode())
    data = target.getvalue()
    return _turn(data) if turned else data


def _turn(data: bytes) -> bytes:
    """Write into the track's header that the picture is to be turned by a quarter (ISO 14496-12, tkhd matrix)."""
    place = data.index(b"tkhd") + 4 + 4 + 20 + 16
    matrix = b"".join(
        value.to_bytes(4, "big", signed=True) for value in (0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)
    )
    return data[:place] + matrix + data[place + 36 :]
