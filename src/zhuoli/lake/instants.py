"""Instants as registers hold them: the date and time of China, without a zone."""

from __future__ import annotations

import datetime as dt

from zhuoli.lake.importing import CHINA


def written_instant(at: int) -> str:
    """Write an instant (ms UTC) as China's date and time."""
    there = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=at + CHINA)  # noqa: DTZ001 - a local time without zone
    return there.isoformat(" ", "milliseconds")
