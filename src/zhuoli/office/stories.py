"""Cases of the demonstration's stories: real cases in the real ledger, known by their numbers.

The numbers below ``FIRST_OF_THE_CITY`` belong to the first millisecond of 2020, in which no case was ever raised.
A story's case lives on the clock of its worked example, months ago as a rule; so the worker, which goes by the clock on
the wall, leaves its wakes alone, and lists and figures of the city leave it out.
"""

from __future__ import annotations

import secrets

from zhuoli.store.models.cases import FIRST_OF_THE_CITY

__all__ = ["FIRST_OF_THE_CITY", "StoryNumbers", "is_story"]


class StoryNumbers:
    """Gives story cases their ids, at random; if one is taken the ledger refuses it and the next is tried."""

    def next(self, now: int) -> int:
        """Return an id below ``FIRST_OF_THE_CITY``."""
        return 1 + secrets.randbelow(FIRST_OF_THE_CITY - 1)

    def stir(self) -> None:
        """Do nothing: the next number is another one anyway."""


def is_story(case: int) -> bool:
    """Whether a case belongs to a story."""
    return 0 < case < FIRST_OF_THE_CITY
