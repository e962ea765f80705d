"""An import in a process of its own, which tells each step and waits for a word before it goes on."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.lake.helpers import NOW, registers

from zhuoli.lake.importing import Progress, import_file


def told(progress: Progress) -> None:
    """Say where we are; whoever listens lets us go on, or kills us."""
    sys.stdout.write(f"{progress.stage}\n")
    sys.stdout.flush()
    sys.stdin.readline()


if __name__ == "__main__":
    place = Path(sys.argv[1])
    import_file(
        place / "lake",
        registers(place),
        "towns",
        Path(sys.argv[2]),
        now=NOW + int(sys.argv[3]),
        told=told,
        threads=1,
    )
