"""Small copies of pictures that were drawn anew before: made when somebody asks, kept nowhere."""

from __future__ import annotations

import io

from PIL import Image

SMALL = 320
"""The longer side (px)."""
MOST = 12_000_000
"""Pixels of a stored picture; ours have fewer."""


def small_copy(data: bytes) -> bytes | None:
    """Return a JPEG of at most ``SMALL`` px; None when these bytes are no picture of ours."""
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG"]) as image:
            if image.width * image.height > MOST:
                return None
            image.draft("RGB", (SMALL, SMALL))
            image.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
            target = io.BytesIO()
            image.convert("RGB").save(target, "JPEG", quality=78)
            return target.getvalue()
    except (OSError, ValueError, SyntaxError):
        return None
