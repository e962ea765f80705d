"""The life of a one-time code: six digits, good for ten minutes and five tries, for one thing and one person, used once.

A code is stored nowhere. It is worked out, each time that it is needed, from a key and from everything that it is bound to:
the case, the task and its turn, the party, the telephone and the SHA-256 of what is signed. So whoever reads the store learns none,
and none can be used for anything else.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

import msgspec

DIGITS = 6
MINUTE = 60_000
GOOD_FOR = 10 * MINUTE
"""How long (ms) a code may be used."""
TRIES = 5
"""After so many tries a code is void."""
APART = MINUTE
"""The least time (ms) between two codes for the same person and task."""
MOST_AN_HOUR = 5
"""Codes for one person of one case in an hour."""
HOUR = 60 * MINUTE

_NARROW = str.maketrans("０１２３４５６７８９", "0123456789", " \u3000-")


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a code is bound to; ``nonce`` makes each one different, ``phone`` is a digest of where it went."""

    nonce: bytes
    case: int
    task: str
    run: int
    party: str
    phone: bytes
    sha256: str


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A code that was sent: to what it is bound, when (ms UTC), how often it was tried (this try counted), when it was used."""

    bound: Bound
    made: int
    tries: int = 0
    used: int | None = None


def code_of(key: bytes, bound: Bound) -> str:
    """Return the six digits that belong to a key and to what the code is bound to."""
    said = msgspec.json.encode(bound, order="sorted")
    number = int.from_bytes(hmac.digest(key, said, hashlib.sha256)[:8], "big")
    return f"{number % 10**DIGITS:0{DIGITS}}"


def read_code(typed: str) -> str:
    """Return a code as somebody typed it, without spaces and in narrow digits; it need not be one."""
    return typed.translate(_NARROW)


def judge(sent: Sent | None, now_bound: Bound | None, typed: str, key: bytes, now: int) -> str:
    """Return the code of the refusal that a typed code meets at ``now`` (ms UTC); "" when it holds.

    ``now_bound`` says what it would have to be bound to now. What was sent for something else, to another telephone, or is
    too old or tried too often is never compared with what was typed.
    """
    typed = read_code(typed)
    if not typed:
        return "code_missing"
    if sent is None or now_bound is None:
        return "code_unasked"
    if sent.used is not None:
        return "code_used"
    if now >= sent.made + GOOD_FOR:
        return "code_stale"
    if sent.tries > TRIES:
        return "code_tries"
    if sent.bound.phone != now_bound.phone:
        return "code_phone"
    if sent.bound != now_bound:
        return "code_changed"
    expected = code_of(key, sent.bound)
    return "" if hmac.compare_digest(expected.encode(), typed.encode()) else "code_wrong"


def tries_left(sent: Sent) -> int:
    """Return how often a code may still be tried."""
    return max(0, TRIES - sent.tries)


def may_send_at(made: Sequence[int], now: int) -> int:
    """Return the earliest instant (ms UTC) at which another code may be sent, after those that were made when."""
    recent = sorted(at for at in made if at > now - HOUR)
    earliest = now
    if recent:
        earliest = max(earliest, recent[-1] + APART)
    if len(recent) >= MOST_AN_HOUR:
        earliest = max(earliest, recent[-MOST_AN_HOUR] + HOUR)
    return earliest
