"""Numbers for new cases."""

from __future__ import annotations

import secrets
import threading

_BEGIN = 1_577_836_800_000  # 2020-01-01 UTC
_SHARD_BITS = 6
_COUNT_BITS = 14


class CaseNumbers:
    """Gives case ids of 63 bits that grow with time: 43 bits of ms since 2020, 6 of shard, 14 of a count.

    Within a process they only grow. The count begins at random in each millisecond, so two processes of one shard
    hardly ever meet; if they do, the ledger refuses the second, and the office stirs and takes another number. In
    JSON an id is a string.
    """

    def __init__(self, shard: int = 0) -> None:
        if not 0 <= shard < 1 << _SHARD_BITS:
            raise ValueError(f"a shard is 0 to {(1 << _SHARD_BITS) - 1}, not {shard}")
        self._shard = shard
        self._moment = -1
        self._count = 0
        self._lock = threading.Lock()

    def next(self, now: int) -> int:
        """Return a new id for a case opened at ``now`` (ms UTC)."""
        with self._lock:
            moment = max(now - _BEGIN, 0)
            if moment > self._moment:
                self._begin(moment)
            elif self._count + 1 < 1 << _COUNT_BITS:
                self._count += 1
            else:
                self._begin(self._moment + 1)
            return (self._moment << _SHARD_BITS | self._shard) << _COUNT_BITS | self._count

    def stir(self) -> None:
        """Go on from somewhere else, because a number was taken."""
        with self._lock:
            self._begin(self._moment + 1 + secrets.randbelow(1000))

    def _begin(self, moment: int) -> None:
        self._moment, self._count = moment, secrets.randbelow(1 << _COUNT_BITS)
