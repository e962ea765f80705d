"""What takes long to make is made once for all processes of a run, by whichever needs it first; the others wait."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path


def made_once(path: Path, make: Callable[[Path], object]) -> Path:
    """Return a file of the run's folder, made by ``make(path)`` if nobody has made it yet; nobody sees half a file."""
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            half = path.with_name(f"{path.name}.half")
            make(half)
            half.rename(path)
    return path
