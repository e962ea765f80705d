"""How often a model is right: verdicts of handling officers on what it found, counted, with an interval, against its floor.

The verdict on a hit is read from how its case ended: results that the scenario names as ``confirmed``, ``not_so`` or
``duplicate``; a case that was merged into another is a duplicate. Precision is confirmed ÷ (confirmed + not so). Duplicates are
told beside it: the finding was right, somebody was at it already.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Literal

import msgspec

from zhuoli.core.scenario.queries import PrecisionAim, Query

Verdict = Literal["confirmed", "not_so", "duplicate"]


class Precision(msgspec.Struct, frozen=True, kw_only=True):
    """Verdicts, counted, and what follows: ``share`` (None without a verdict) and its 95 % interval ``low`` to ``high``."""

    confirmed: int = 0
    not_so: int = 0
    duplicate: int = 0

    @property
    def judged(self) -> int:
        """How many verdicts say right or wrong."""
        return self.confirmed + self.not_so

    @property
    def share(self) -> float | None:
        """The share of what was right, 0 to 1."""
        return self.confirmed / self.judged if self.judged else None

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return wilson(self.confirmed, self.judged)[0]

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return wilson(self.confirmed, self.judged)[1]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """Retirement is proposed: measured below its floor. ``certain`` when the whole interval lies below it."""

    precision: Precision
    aim: PrecisionAim
    certain: bool


def verdict(query: Query, status: str, result: str) -> Verdict | None:
    """Return what the end of a case says about the hit that opened it; None while it says nothing."""
    if status == "merged":
        return "duplicate"
    if result in query.confirmed:
        return "confirmed"
    if result in query.not_so:
        return "not_so"
    return "duplicate" if result in query.duplicate else None


def counted(query: Query, ends: Iterable[tuple[str, str, int]]) -> Precision:
    """Count verdicts: ``ends`` gives status, result and how many cases ended so."""
    found: Counter[str] = Counter()
    for status, result, count in ends:
        if (said := verdict(query, status, result)) is not None:
            found[said] += count
    return Precision(**found)


def proposal(aim: PrecisionAim, measured: Precision, kept_at: int = 0) -> Proposal | None:
    """Propose retirement where precision is below the floor after enough verdicts.

    ``kept_at`` is how many verdicts there were when a person decided to keep it: it is not proposed again before as many
    have come again as are asked for in the first place.
    """
    due = aim.verdicts if not kept_at else kept_at + aim.verdicts
    if measured.judged < due or measured.share is None or measured.share * 100 >= aim.floor:
        return None
    return Proposal(precision=measured, aim=aim, certain=measured.high * 100 < aim.floor)


def wilson(right: int, judged: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the score interval of a share; (0, 1) where nothing was judged.

    Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209–212; ``z`` is the
    quantile of the normal distribution, 1.959964 for 95 %.
    """
    if not judged:
        return 0.0, 1.0
    share, square = right / judged, z * z / judged
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * math.sqrt(share * (1 - share) / judged + square / (4 * judged))
    return max(middle - half, 0.0), min(middle + half, 1.0)
