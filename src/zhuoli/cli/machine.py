"""What this machine has beside Python: PostgreSQL, a browser, Chinese fonts.

The tests' configuration reads it before anything else is imported, so it imports next to nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path

# Without windows it takes half the time and half the processor.
_CHROMIUM = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
)
_POSTGRESQL = (Path("/usr/lib/postgresql"), Path("/usr/local/pgsql"), Path("/opt/homebrew/opt"))
_CJK_NAMES = (
    "noto*cjk*",
    "notosans*sc*",
    "notoserif*sc*",
    "wqy*",
    "sourcehan*",
    "*fandol*",
    "simsun*",
    "pingfang*",
)
_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts", "/Library/Fonts")


def find_chromium() -> Path | None:
    """Return the browser for tests and pictures: ZHUOLI_CHROMIUM, or else one of the usual names."""
    wanted = os.environ.get("ZHUOLI_CHROMIUM")
    for name in (wanted,) if wanted else _CHROMIUM:
        found = shutil.which(name)
        if found:
            return Path(found)
    return None


def find_postgresql() -> Path | None:
    """Return the folder with PostgreSQL's ``initdb`` and ``pg_ctl``, the newest there is."""
    found = shutil.which("initdb")
    candidates = [Path(found).parent] if found else []
    for place in _POSTGRESQL:
        candidates += sorted(
            (path.parent for path in place.glob("**/bin/initdb")), key=_version, reverse=True
        )
    return next((path for path in candidates if (path / "pg_ctl").exists()), None)


def find_cjk_font() -> str | None:
    """Return the name of an installed font with Chinese characters."""
    fc_list = shutil.which("fc-list")
    if fc_list:
        answer = subprocess.run(  # noqa: S603  # a fixed command
            [fc_list, ":lang=zh-cn", "family"], capture_output=True, text=True, check=False
        )
        names = sorted(line.split(",")[0].strip() for line in answer.stdout.splitlines() if line.strip())
        if names:
            return names[0]
    for folder in _FONTS:
        for path in Path(folder).expanduser().rglob("*"):
            if path.is_file() and any(fnmatch(path.name.lower(), pattern) for pattern in _CJK_NAMES):
                return path.stem
    return None


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in path.parts if part.isdigit())
