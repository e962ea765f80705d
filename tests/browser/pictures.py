"""Takes the pictures of the two READMEs anew, from the tour of a demonstration that is running.

./zhuoli demo --port 8000      in one window, and in another:
.venv/bin/python -m tests.browser.pictures http://127.0.0.1:8000 docs/pictures
"""

from __future__ import annotations

import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

LARGEST = 150_000
"""Bytes that a picture may have."""
TAKEN = {
    # name: chapter, presses of “next” after its opening, width, height, pixels for each of the page's
    "desk": ("street_light", 4, 1440, 860, 1),
    "phone": ("street_light", 6, 360, 880, 2),
    "figure": ("street_light", 7, 360, 880, 2),
    "board": ("command", 3, 1440, 860, 1),
    "model": ("found", 3, 1440, 860, 1),
    "progress": ("vans", 3, 1440, 860, 1),
}


def main(address: str, folder: Path) -> None:
    """Take every picture in both languages."""
    with sync_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in TAKEN:
            for lang in ("zh", "en"):
                path = folder / f"{name}-{lang}.png"
                small(take(browser, address, name, lang), path)
                sys.stdout.write(f"{path} {path.stat().st_size:,}\n")
        browser.close()


def take(browser: Browser, address: str, name: str, lang: str) -> bytes:
    """Walk to the page and return what the screen shows."""
    chapter, presses, width, height, scale = TAKEN[name]
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale, color_scheme="light"
    )
    page = context.new_page()
    page.goto(f"{address}/{lang}/tour/{chapter}/")
    with page.expect_navigation():
        page.click(f"main button[value='go:{chapter}']")
    for _ in range(presses):
        with page.expect_navigation():
            page.click(".tournext")
    shot = page.screenshot()
    context.close()
    return shot


def small(shot: bytes, path: Path) -> None:
    """Write a picture with as many colours as the limit of bytes allows.

    Raises:
        SystemExit: even few colours are too many bytes.
    """
    picture = Image.open(BytesIO(shot)).convert("RGB")
    for colours in (256, 128, 64):
        picture.quantize(colours, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST:
            return
    raise SystemExit(f"{path} has {path.stat().st_size} bytes, more than {LARGEST}")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
