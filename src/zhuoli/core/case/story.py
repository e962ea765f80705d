"""Tells what has happened in sentences: one or more for each event that means something to the reader.

The ledger's free texts are sealed; whoever tells a story hands over the opened events. ``audience`` is
``party`` (whoever raised it: no internal steps) or ``office`` (everything).
"""

from __future__ import annotations

from collections.abc import Iterable

from zhuoli.core.case import events as e
from zhuoli.core.case.facts import Directory
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.sentences import SPEAK
from zhuoli.core.case.teller import CHANNELS, Audience, Line, Teller

__all__ = ["CHANNELS", "Audience", "Line", "tell"]


def tell(
    plan: Plan, events: Iterable[e.Event], at: int, directory: Directory, audience: Audience
) -> list[Line]:
    """Return the sentences for the events of one ledger entry recorded at ``at`` (ms UTC)."""
    teller = Teller(plan, directory, at, audience)
    lines: list[Line] = []
    for event in events:
        speak = SPEAK.get(type(event))
        line = speak(teller, event) if speak is not None else None
        if line is not None:
            lines.append(line)
    return lines
