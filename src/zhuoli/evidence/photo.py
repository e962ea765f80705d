"""A photo as evidence: what it says of itself, and a copy to look at. Runs aside."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone
from typing import Any, BinaryIO

import cv2
import numpy as np
import pillow_heif
from PIL import ExifTags, Image, ImageOps

from zhuoli.evidence import blurring
from zhuoli.evidence.kinds import Facts, Unreadable
from zhuoli.evidence.looking import jpeg_of

EDGE = 2560
"""Of the copy (px, the longer side)."""
PIXELS = 60_000_000
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}
_LOCAL = timezone(timedelta(hours=8))

Image.MAX_IMAGE_PIXELS = None  # ours is stricter, and an error where Pillow only warns
pillow_heif.register_heif_opener(thumbnails=False, decode_threads=2)


def facts_of(source: BinaryIO, media_type: str) -> Facts:
    """Return what a photo says of itself; its pixels are decoded once, so that a broken one is found out.

    Raises:
        Unreadable: it cannot be decoded, or has too many pixels.
    """
    return _read(source, media_type)[0]


def copy_of(source: BinaryIO, media_type: str) -> tuple[Facts, bytes, int]:
    """Return the facts, a copy (JPEG) with faces and plates blurred, and how many places were.

    Raises:
        Unreadable: it cannot be decoded, or has too many pixels.
    """
    facts, image = _read(source, media_type)
    picture = cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGR).astype(np.uint8)
    boxes = blurring.found_in(picture)
    blurring.blur(picture, boxes)
    return facts, jpeg_of(picture), len(boxes)


def _read(source: BinaryIO, media_type: str) -> tuple[Facts, Image.Image]:
    source.seek(0)
    try:
        with Image.open(io.BytesIO(source.read()), formats=[_FORMATS[media_type]]) as image:
            if image.width * image.height > PIXELS:
                raise Unreadable("pixels")
            image.load()
            tags = _tags(image)
            upright = ImageOps.exif_transpose(image.convert("RGB"))
            upright.thumbnail((EDGE, EDGE), Image.Resampling.LANCZOS)
    except Unreadable:
        raise
    except MemoryError:
        raise Unreadable("pixels") from None
    except Exception as error:  # a decoder raises whatever it likes on hostile bytes
        raise Unreadable("cut" if "truncated" in str(error) else "broken") from error
    facts = Facts(
        media_type=media_type,
        codec=_FORMATS[media_type].lower(),
        width=upright.width,
        height=upright.height,
        frames=1,
        recorded=_instant(tags),
        place=_place(tags.get("GPS", {})),
        maker=" ".join(str(tags.get(key, "")).strip("\0 ") for key in ("Make", "Model")).strip()[:80],
        software=str(tags.get("Software", "")).strip("\0 ")[:80],
    )
    return facts, upright


def _tags(image: Image.Image) -> dict[str, Any]:
    exif = image.getexif()
    found = {ExifTags.TAGS.get(key, ""): value for key, value in exif.items()}
    found |= {ExifTags.TAGS.get(key, ""): value for key, value in exif.get_ifd(ExifTags.IFD.Exif).items()}
    found["GPS"] = {
        ExifTags.GPSTAGS.get(key, ""): value for key, value in exif.get_ifd(ExifTags.IFD.GPSInfo).items()
    }
    return found


def _instant(tags: dict[str, Any]) -> int | None:
    """Return when it was taken (ms UTC); a camera that names no offset is taken to run on local time (+08:00)."""
    written = str(tags.get("DateTimeOriginal", "")).strip("\0 ")
    offset = str(tags.get("OffsetTimeOriginal", "")).strip("\0 ")
    try:
        read = datetime.strptime(written, "%Y:%m:%d %H:%M:%S").replace(tzinfo=_LOCAL)
        if offset:
            read = datetime.fromisoformat(read.strftime("%Y-%m-%dT%H:%M:%S") + offset)
    except ValueError:
        return None
    return int(read.timestamp() * 1000) if read.year >= 2000 else None


def _place(tags: dict[str, Any]) -> tuple[float, float] | None:
    try:
        north, east = (
            sum(float(part) / 60**power for power, part in enumerate(tags[key]))
            for key in ("GPSLatitude", "GPSLongitude")
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    north = -north if tags.get("GPSLatitudeRef") == "S" else north
    east = -east if tags.get("GPSLongitudeRef") == "W" else east
    return (
        (round(north, 6), round(east, 6))
        if abs(north) <= 90 and abs(east) <= 180 and (north or east)
        else None
    )
