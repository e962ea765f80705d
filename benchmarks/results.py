"""Writes a section of the results page; every benchmark has one, between its own two marks."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"


def machine(*packages: str) -> str:
    """Return machine, Python, the versions of ``packages`` and the date, as one phrase."""
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    cores = os.cpu_count()
    return (
        f"{platform.machine()}, {cores} cores, {platform.system()}, Python {platform.python_version()}, {versions}; "
        f"{datetime.datetime.now(datetime.UTC).date()}"
    )


def most_memory(process: int | str = "self") -> int | None:
    """Return the most memory that a process has held so far, in bytes; None where the system does not tell or it has ended.

    What ``getrusage`` tells of a process that was started by another one is at least what that one held at the start.
    """
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return None


def write_section(name: str, lines: Iterable[str]) -> None:
    """Put the section ``name`` in its place in the results page, or at its end."""
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    text = "\n".join((begin, f"## {name}", "", *lines, end))
    before = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else "# Measured results\n"
    if begin in before and end in before:
        start, stop = before.index(begin), before.index(end) + len(end)
        after = before[:start] + text + before[stop:]
    else:
        after = before.rstrip("\n") + "\n\n" + text + "\n"
    RESULTS.write_text(after, encoding="utf-8")
