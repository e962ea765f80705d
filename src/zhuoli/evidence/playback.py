"""A copy of a video to look at: upright, of even rate, small, silent, faces and plates blurred. Runs aside.

H.264 in MP4, because every telephone and browser plays it. The sound stays in the original: bystanders talk in it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from typing import Any, BinaryIO

import av
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from zhuoli.evidence import blurring
from zhuoli.evidence.following import followed
from zhuoli.evidence.kinds import Unreadable
from zhuoli.evidence.looking import decoded, opened, stream_of, upright

EDGE = 960
"""The longer side (px)."""
RATE = 25
"""Pictures per second; the copy stays in time with the original to within half a picture."""
LARGEST = 96 * 1024 * 1024


def playback_copy(source: BinaryIO) -> tuple[bytes, int]:
    """Return the copy, and how many pictures of it have something blurred.

    Raises:
        Unreadable: nothing could be decoded, or the copy would be too large.
        NoDetector: a network is not there.
    """
    target = io.BytesIO()
    blurred = 0
    container = av.open(target, "w", format="mp4")
    stream: Any = None
    for picture, boxes in followed(_even(source), partial(blurring.found_in, fine=False)):
        blurring.blur(picture, boxes)
        blurred += bool(boxes)
        if stream is None:
            stream = _begin(container, picture)
        container.mux(stream.encode(VideoFrame.from_ndarray(picture, format="bgr24")))
        if target.tell() > LARGEST:
            raise Unreadable("long")
    if stream is None:
        raise Unreadable("broken")
    container.mux(stream.encode())
    container.close()
    return target.getvalue(), blurred


def _begin(container: Any, picture: NDArray[np.uint8]) -> Any:
    stream = container.add_stream(
        "libx264", rate=RATE, options={"preset": "veryfast", "crf": "27", "tune": "fastdecode"}
    )
    stream.height, stream.width = picture.shape[:2]
    stream.pix_fmt = "yuv420p"
    stream.gop_size = RATE
    stream.codec_context.time_base = Fraction(1, RATE)
    return stream


def _even(source: BinaryIO) -> Iterator[NDArray[np.uint8]]:
    """Give pictures at an even rate: one that stays longer comes several times, one too many is left out."""
    with opened(source) as container:
        stream = stream_of(container)
        first: float | None = None
        given, turn, before = 0, 0, None
        size: tuple[int, ...] | None = None
        for frame in decoded(container, stream):
            at = float(frame.time) if frame.time is not None else given / RATE
            if first is None:
                first, turn = at, int(getattr(frame, "rotation", 0)) % 360
            due = round((at - first) * RATE)
            while before is not None and given < due:
                yield before.copy()
                given += 1
            picture = upright(frame, turn, EDGE)
            if size is None:
                size = picture.shape
            if picture.shape == size:
                before = picture
        if before is not None:
            yield before
