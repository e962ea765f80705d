"""A good scenario folder, and what becomes of it when one thing is changed."""

from __future__ import annotations

from pathlib import Path

from zhuoli.core.scenario.folder import read_files
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.source import Files, folder_files
from zhuoli.core.text import Mistake

SHELF = Path(__file__).parent / "shelf"
GOOD = SHELF / "street_lamp"


def good_files() -> Files:
    files, mistakes = folder_files(GOOD)
    assert not mistakes
    return files


def changed(file: str, old: str, new: str) -> Files:
    """The good folder with one passage of one file replaced."""
    files = good_files()
    text = files[file].decode()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    files[file] = text.replace(old, new).encode()
    return files


def read(files: Files) -> tuple[Scenario | None, list[Mistake]]:
    return read_files(files, folder="street_lamp")


def line_of(files: Files, file: str, passage: str) -> int:
    """The line (from 1) on which a passage stands."""
    text = files[file].decode()
    assert passage in text, passage
    return text.count("\n", 0, text.index(passage)) + 1
