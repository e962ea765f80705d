"""Looks through a video once: its facts and its key frames. Runs aside.

The pictures of the last second are kept as the decoder gives them, so that the sharpest one beside a moment can be drawn
when the moment turns out to be one of the strongest; nothing is decoded twice for it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO, NamedTuple

import av
import cv2
import msgspec
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from zhuoli.evidence.kinds import LONGEST, MOST_FRAMES, PIXELS, Facts, Unreadable
from zhuoli.evidence.moments import HALF, Chooser, Moment, Signals, sharpness, small_copy

FASTEST = 31.0
"""Pictures per second that are looked at; of faster videos every other one is."""
EDGE = 1920
"""The longer side of a key frame (px)."""
QUALITY = 85
_NEAR = 2
_PLACE = re.compile(r"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)")


class KeyFrame(NamedTuple):
    """A picture of the video as JPEG (upright), its moment, and how sharp it is."""

    moment: Moment
    jpeg: bytes
    sharp: float


class Looked(NamedTuple):
    """What was seen: facts, and key frames in the order of time."""

    facts: Facts
    frames: list[KeyFrame]


def opened(source: BinaryIO) -> Any:
    """Open a video without ever following an address that is written in it.

    Raises:
        Unreadable: it cannot be opened.
    """
    source.seek(0)
    try:
        return av.open(source, options={"protocol_whitelist": "file,pipe"}, metadata_errors="ignore")
    except av.error.FFmpegError as error:
        raise Unreadable("cut" if _lost_its_end(source) else "broken") from error


def first_look(source: BinaryIO, media_type: str) -> Facts:
    """Return what a video says of itself, after its first picture was decoded.

    Raises:
        Unreadable: nothing can be seen in it, or it is larger than it may be.
    """
    with opened(source) as container:
        stream = stream_of(container)
        facts = _facts(container, stream, media_type)
        if facts.seconds > LONGEST + 1:
            raise Unreadable("long")
        for frame in decoded(container, stream):
            if frame.width * frame.height > PIXELS:
                raise Unreadable("pixels")
            return facts
        raise Unreadable("broken")


def look(source: BinaryIO, media_type: str, most: int = MOST_FRAMES) -> Looked:
    """Look through a video and choose at most ``most`` key frames.

    Raises:
        Unreadable: not one picture can be decoded, or it is larger than it may be.
    """
    with opened(source) as container:
        stream = stream_of(container)
        facts = _facts(container, stream, media_type)
        walk = _Walk()
        for frame in decoded(container, stream):
            walk.see(frame)
    if not walk.count:
        raise Unreadable("broken")
    return Looked(walk.completed(facts), walk.chosen(most))


class _Walk:
    """Goes through the pictures of a video, one after the other."""

    def __init__(self) -> None:
        self.count = 0
        self._signals, self._chooser = Signals(), Chooser()
        self._ring: deque[tuple[int, float, VideoFrame]] = deque(maxlen=2 * HALF + 2)
        self._drawn: dict[int, tuple[bytes, float]] = {}
        self._seen = 0
        self._first = self._last = 0.0
        self._steps: list[float] = []
        self._turn = 0
        self._ends: list[tuple[int, float, VideoFrame]] = []
        self._keys: list[int] = []

    def see(self, frame: VideoFrame) -> None:
        """Take the next picture."""
        at = float(frame.time) if frame.time is not None else self._last + 0.04
        if not self.count:
            self._first = at
            self._turn = int(getattr(frame, "rotation", 0)) % 360
            if frame.width * frame.height > PIXELS:
                raise Unreadable("pixels")
        elif at > self._last:
            self._steps.append(at - self._last)
        if frame.key_frame:
            self._keys.append(self.count)
        self._last = at
        self.count += 1
        if at - self._first > LONGEST + 1:
            raise Unreadable("long")
        if self._seen and at - self._signals.at[-1] - self._first < 0.9 / FASTEST:
            return
        self._look(frame, at - self._first)

    def _look(self, frame: VideoFrame, at: float) -> None:
        small = small_copy(_luma(frame))
        self._signals.see(small, at)
        number = self._seen
        self._seen += 1
        self._ring.append((number, sharpness(small), frame))
        if number == 0:
            self._draw(0, [self._ring[0]])
        strengths = self._signals.latest()
        middle = number - HALF
        if strengths and self._chooser.offer(middle, self._signals.at[middle], strengths):
            self._draw(middle, [each for each in self._ring if abs(each[0] - middle) <= _NEAR])
            wanted = self._chooser.wanted() | {0}
            for old in [each for each in self._drawn if each not in wanted]:
                del self._drawn[old]

    def _draw(self, moment: int, near: list[tuple[int, float, VideoFrame]]) -> None:
        _, sharp, frame = max(near, key=lambda each: each[1])
        self._drawn[moment] = (jpeg_of(upright(frame, self._turn, EDGE)), sharp)

    def chosen(self, most: int) -> list[KeyFrame]:
        """Return the key frames, drawn."""
        first = Moment(0, 0.0, "start", 0.0)
        number, sharp, frame = self._ring[-1]
        last = Moment(number, self._signals.at[-1], "end", 0.0)
        if number not in self._drawn:
            self._drawn[number] = (jpeg_of(upright(frame, self._turn, EDGE)), sharp)
        found = self._chooser.choose(self._signals, most, first, last)
        return [KeyFrame(each, *self._drawn[each.number]) for each in found if each.number in self._drawn]

    def completed(self, facts: Facts) -> Facts:
        """Return the facts with what was counted."""
        steps = np.array(self._steps) if self._steps else np.array([0.04])
        seconds = self._last - self._first + float(np.median(steps))
        apart = np.diff([*self._keys, self.count])
        turned = self._turn in (90, 270)
        width, height = (facts.height, facts.width) if turned else (facts.width, facts.height)
        return msgspec.structs.replace(
            facts,
            width=width,
            height=height,
            rotation=self._turn,
            seconds=round(seconds, 3),
            frames=self.count,
            rate=round(self.count / seconds, 3) if seconds > 0 else 0.0,
            variable=bool(np.percentile(steps, 95) > 1.5 * np.percentile(steps, 5)),
            gop=int(apart.max()) if len(apart) else 0,
            cut_off=bool(facts.seconds and seconds < 0.9 * facts.seconds - 0.5),
        )


def decoded(container: Any, stream: Any) -> Iterator[VideoFrame]:
    """Give the pictures; a damaged one is passed over, and what comes after a broken end is not waited for."""
    wrong = 0
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            yield from packet.decode()
        except av.error.FFmpegError:
            wrong += 1
            if wrong > 50:
                return


def stream_of(container: Any) -> Any:
    """Return the first video stream, ready to be decoded by two threads.

    Raises:
        Unreadable: there is none, or its pictures are too large.
    """
    streams = [each for each in container.streams.video if each.codec_context is not None]
    if not streams:
        raise Unreadable("no_picture" if container.streams.audio else "broken")
    stream = streams[0]
    if stream.codec_context.width * stream.codec_context.height > PIXELS:
        raise Unreadable("pixels")
    stream.thread_type = "AUTO"
    stream.codec_context.thread_count = 2
    return stream


def _facts(container: Any, stream: Any, media_type: str) -> Facts:
    tags = {key.lower(): value for key, value in {**stream.metadata, **container.metadata}.items()}
    seconds = float(container.duration or 0) / av.time_base
    maker = " ".join(
        tags[key]
        for key in ("com.apple.quicktime.make", "com.apple.quicktime.model", "make", "model")
        if key in tags
    )
    return Facts(
        media_type=media_type,
        codec=stream.codec_context.name,
        width=stream.codec_context.width,
        height=stream.codec_context.height,
        seconds=round(seconds, 3),
        rate=round(float(stream.average_rate or 0), 3),
        sound=bool(container.streams.audio),
        recorded=_instant(tags.get("com.apple.quicktime.creationdate") or tags.get("creation_time", "")),
        place=_place(tags.get("com.apple.quicktime.location.iso6709") or tags.get("location", "")),
        maker=_short(maker),
        software=_short(
            tags.get("com.apple.quicktime.software")
            or tags.get("com.android.version")
            or tags.get("encoder", "")
        ),
    )


def _instant(written: str) -> int | None:
    """Return an instant of a file (ms UTC); years before 2000 are clocks that were never set."""
    try:
        read = datetime.fromisoformat(written.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    if read.tzinfo is None:
        read = read.replace(tzinfo=UTC)
    return int(read.timestamp() * 1000) if read.year >= 2000 else None


def _place(written: str) -> tuple[float, float] | None:
    """Return a place written as ISO 6709, such as ``+36.0611+103.8343/``."""
    found = _PLACE.match(written)
    if found is None:
        return None
    north, east = float(found[1]), float(found[2])
    return (north, east) if abs(north) <= 90 and abs(east) <= 180 and (north or east) else None


def _short(said: str) -> str:
    return "".join(sign for sign in said if sign.isprintable())[:80]


def _luma(frame: VideoFrame) -> NDArray[np.uint8]:
    """Return the brightness of a picture without copying it, where the decoder gives it in a plane of its own."""
    if not frame.format.name.startswith(("yuv", "nv12", "gray")) or frame.format.components[0].bits != 8:
        frame = frame.reformat(format="gray")
    plane = frame.planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)  # type: ignore[call-overload]
    return rows[: frame.height, : frame.width]  # type: ignore[no-any-return]


def upright(frame: VideoFrame, turn: int, edge: int) -> NDArray[np.uint8]:
    """Return a picture (BGR), turned upright, its longer side at most ``edge``."""
    share = min(1.0, edge / max(frame.width, frame.height))
    wide, tall = (max(2, int(each * share) // 2 * 2) for each in (frame.width, frame.height))
    picture = (
        frame.reformat(width=wide, height=tall, format="bgr24").to_ndarray().astype(np.uint8, copy=False)
    )
    # The decoder says by how much the picture is to be turned against the clock.
    return np.ascontiguousarray(np.rot90(picture, turn // 90))


def jpeg_of(picture: NDArray[np.uint8]) -> bytes:
    """Return a picture (BGR) as JPEG."""
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1])


def _lost_its_end(source: BinaryIO) -> bool:
    """Whether an MP4 lacks its table (``moov``), which many cameras write last: then the end was cut off."""
    source.seek(0)
    place, boxes = 0, set()
    for _ in range(64):
        source.seek(place)
        head = source.read(16)
        if len(head) < 8:
            break
        size, name = int.from_bytes(head[:4], "big"), head[4:8]
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        boxes.add(name)
        if size < 8:
            break
        place += size
    return b"ftyp" in boxes and b"moov" not in boxes
