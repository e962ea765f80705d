"""Hits and runs as earlier versions kept them: a folder ``lake/hits.<scenario>`` for each model. They are read once, and never written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from zhuoli.lake.folder import RegisterFolder
from zhuoli.lake.hits import Hit

_BEGINS = "hits."


def older_hits(lake: Path) -> Iterator[tuple[str, list[Hit]]]:
    """Give each model that has a folder, with its hits."""
    import pyarrow.parquet  # takes longer than all the rest, and is wanted once in a lake's life

    for name in _names(lake):
        files = RegisterFolder(lake, name).files()
        rows = pyarrow.parquet.read_table(files[0]).to_pylist() if files else []
        yield name.removeprefix(_BEGINS), msgspec.convert(rows, list[Hit])


def older_runs(lake: Path) -> Iterator[bytes]:
    """Give each recorded run as it was written, oldest first for each model."""
    for name in _names(lake):
        path = lake / name / "runs.jsonl"
        if path.is_file():
            yield from path.read_bytes().splitlines()


def _names(lake: Path) -> list[str]:
    return sorted(path.name for path in lake.glob(f"{_BEGINS}*") if path.is_dir())
