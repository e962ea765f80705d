"""A picture drawn anew: only its pixels stay, upright, in sRGB, bounded in size. Runs aside."""

from __future__ import annotations

import io
from typing import cast

import pillow_heif
from PIL import Image, ImageCms, ImageOps

from zhuoli.channels.attachments.kinds import Unfit

PIXELS = 60_000_000
"""Of the picture as it comes: a telephone's 50 megapixels pass."""
EDGE = 2560
"""Of the picture as it is kept (px, the longer side): a number plate across the street can still be read."""
LARGEST_PNG = 4 * 1024 * 1024
"""Bytes; a drawing larger than that is a photograph, and kept as JPEG."""
QUALITY = 85

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/heic": "HEIF"}
_PAPER = (255, 255, 255)

Image.MAX_IMAGE_PIXELS = None  # ours is stricter, and an error where Pillow only warns
pillow_heif.register_heif_opener(thumbnails=False, decode_threads=2)


def redraw(data: bytes, media_type: str) -> tuple[bytes, str]:
    """Return the picture drawn anew and its media type: JPEG, or PNG for what came as PNG and stays small.

    Raises:
        Unfit: it is no still picture of this type, or larger than it may be.
    """
    try:
        with Image.open(io.BytesIO(data), formats=[_FORMATS[media_type]]) as image:
            width, height = image.size
            if width * height > PIXELS:
                raise Unfit("pixels")
            # A HEIC or a JPEG may hold several pictures (depth, a burst); the first is the one that was meant.
            if media_type in ("image/png", "image/webp") and getattr(image, "n_frames", 1) > 1:
                raise Unfit("moving")
            if media_type == "image/jpeg":
                image.draft(None, (EDGE, EDGE))
            image.load()
            clean = _clean(image)
    except Unfit:
        raise
    except MemoryError:
        raise Unfit("pixels") from None
    except Exception as error:  # a decoder raises whatever it likes on hostile bytes
        raise Unfit("broken") from error
    if media_type == "image/png":
        drawn = _saved(clean, "PNG")
        if len(drawn) <= LARGEST_PNG:
            return drawn, "image/png"
    return _saved(clean, "JPEG"), "image/jpeg"


def _clean(image: Image.Image) -> Image.Image:
    """Return a new picture with the pixels of another and nothing else of it."""
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(_plain(image))
    upright.thumbnail((EDGE, EDGE), Image.Resampling.LANCZOS)
    upright = _in_srgb(upright, profile)
    clean = Image.new("RGB", upright.size, _PAPER)
    if upright.mode == "RGBA":
        clean.paste(upright, mask=upright.getchannel("A"))
    else:
        clean.paste(upright)
    return clean


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture in RGB or RGBA, with its orientation still written beside it."""
    if image.mode.startswith(("I", "F")):
        # 16 bits of grey: converted by Pillow they would all be white.
        _, high = cast(tuple[float, float], image.getextrema())
        wide = 65535.0 if high > 255 else 255.0
        image = image.convert("F").point(lambda value: value * (255.0 / wide)).convert("L")
    through = image.has_transparency_data
    converted = image.convert("RGBA" if through else "RGB") if image.mode not in ("RGB", "RGBA") else image
    converted.info.update({key: image.info[key] for key in ("exif",) if key in image.info})
    return converted


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in the colours that every screen shows; a profile that is no use is left out."""
    if not profile or image.mode != "RGB":
        return image
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return converted or image


def _saved(image: Image.Image, kind: str) -> bytes:
    target = io.BytesIO()
    options = {"quality": QUALITY} if kind == "JPEG" else {"optimize": False}
    image.save(target, kind, **options)
    return target.getvalue()
