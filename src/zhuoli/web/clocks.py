"""The clock of a case as a page tells it: the date, its colour, and why it is that date."""

from __future__ import annotations

from typing import Literal

import msgspec

from zhuoli.core.case.events import Term
from zhuoli.core.case.state import Case, Clock
from zhuoli.core.text import Text
from zhuoli.core.worktime import Calendar, clock, explain, in_sentences
from zhuoli.web import when
from zhuoli.web.wording import text

Colour = Literal["green", "amber", "red", "stopped", "none"]


class Shown(msgspec.Struct, frozen=True):
    """A clock in a row or a sentence: its colour and the instant (ms UTC) that it runs to."""

    colour: Colour
    due: int | None


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """A date that somebody was told: what it is for, when (None: stopped), and the sentences that explain it."""

    label: Text
    due: int | None
    clock: Shown
    why: tuple[Text, ...]


NO_CLOCK = Shown("none", None)


def shown(due: int | None, promised: int | None, stopped: bool, since: int, now: int | None = None) -> Shown:
    """Return the clock of a row: the promised time counts, the statutory one where nothing is promised.

    Once the promised time has passed the clock is red; rows without any limit have none.
    """
    nearest = promised if promised is not None else due
    if stopped:
        return Shown("stopped", None)
    if nearest is None:
        return NO_CLOCK
    return Shown(clock(nearest, since, when.now() if now is None else now), nearest)


def of_clock(running: Clock | None, now: int | None = None) -> Shown:
    """Return a clock of the state as it is shown."""
    if running is None or running.ended is not None:
        return NO_CLOCK
    return shown(_due(running.statutory), _due(running.promised), running.stopped, running.start, now)


def promise(case: Case, calendar: Calendar, *, office: bool = False) -> Promise | None:
    """Return what the person was told about time, for the whole case, else for the acceptance.

    ``office`` puts it into the words of those who must keep it.
    """
    for name in ("case", "loop.accept", "loop.review"):
        running = case.clocks.get(name)
        if running is not None and running.ended is None:
            label = text(f"promise_office.{name}") if office else text(f"promise.{name}")
            return _promise(label, running, calendar)
    return None


def why(running: Clock, calendar: Calendar) -> tuple[Text, ...]:
    """Explain a clock's date, promised before statutory, with the calendar it was computed by.

    A clock that was computed by another version of the calendar is not explained with this one.
    """
    sentences: list[Text] = []
    for kind, term in (("promised", running.promised), ("statutory", running.statutory)):
        if term is None:
            continue
        if sentences or kind == "statutory":
            sentences.append(text(f"why.{kind}"))
        if running.calendar != calendar.version:
            sentences.append(text("why.other_calendar", version=running.calendar))
            continue
        sentences.extend(in_sentences(explain(term.limit, running.start, running.pauses, calendar)))
    return tuple(sentences)


def _promise(label: Text, running: Clock, calendar: Calendar) -> Promise:
    seen = of_clock(running)
    return Promise(label=label, due=seen.due, clock=seen, why=why(running, calendar))


def _due(term: Term | None) -> int | None:
    return term.due if term is not None else None
