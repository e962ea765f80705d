"""Instants, days and lengths as people read them, in both languages. Instants are ms UTC."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from zhuoli.core.text import Text
from zhuoli.core.worktime import format_instant, in_words, local
from zhuoli.core.worktime.words import date_text, length_text, set_off

_HELD: ContextVar[int | None] = ContextVar("held", default=None)


def wall() -> int:
    """Return the instant on the clock on the wall; in one place so that tests can move it."""
    return time.time_ns() // 1_000_000


def now() -> int:
    """Return the present instant: the pages' and the office's clock, also where a story holds it."""
    held_at = _HELD.get()
    return wall() if held_at is None else held_at


@contextmanager
def held(instant: int) -> Iterator[None]:
    """Let the clock stand at an instant within the block, for this request alone."""
    token = _HELD.set(instant)
    try:
        yield
    finally:
        _HELD.reset(token)


def moment(instant: int, language: str) -> str:
    """Return ``11月26日（周四） 17:30`` / ``Thu 26 Nov, 17:30``, with the year when it is not this one."""
    return format_instant(instant, language, local(now()).year)


def dated(instant: int, language: str) -> str:
    """Return an instant with its year, for what is kept: ``2026年11月26日（周四） 17:30``."""
    return format_instant(instant, language, 0)


def dated_day(instant: int) -> Text:
    """Return the day of an instant with its year."""
    return date_text(local(instant).date(), 0)


def clock_time(instant: int) -> str:
    """Return ``17:30``."""
    return local(instant).strftime("%H:%M")


def day(instant: int) -> Text:
    """Return the day of an instant; midnight belongs to the day that it closes."""
    return date_text(local(instant - 1).date(), local(now()).year)


def left(due: int, at: int | None = None) -> Text:
    """Return what is left until ``due`` or how late it is."""
    return in_words(due - (now() if at is None else at))


def ago(instant: int, at: int | None = None) -> Text:
    """Return how long ago something was, in its largest unit."""
    ms = max(0, (now() if at is None else at) - instant)
    minutes, hours, days = ms // 60_000, ms // 3_600_000, ms // 86_400_000
    if minutes < 1:
        return Text("刚刚", "just now")
    if hours < 1:
        return Text(f"{minutes} 分钟前", f"{minutes} min ago")
    if hours < 48:
        return Text(f"{hours} 小时前", f"{hours} h ago")
    return Text(f"{days} 天前", f"{days} days ago")


def length(ms: int) -> Text:
    """Return a length in words, days and hours at most where it is long."""
    if ms >= 86_400_000:
        ms -= ms % 3_600_000
    return set_off(length_text(ms))


def machine(instant: int) -> str:
    """Return an instant for ``<time datetime>``: ISO 8601 with the local offset."""
    return local(instant).isoformat(timespec="seconds")
