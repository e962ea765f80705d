"""Looks at personal data: a stream of their own for each case, each chained to the one before."""

from __future__ import annotations

from zhuoli.store.chain import START, look_hash
from zhuoli.store.driver import Driver
from zhuoli.store.records import LOOK, NewLook


def append_look(driver: Driver, look: NewLook) -> int:
    """Add a look to the stream of its case, and return its number in it.

    Raises:
        Duplicate: another look of the same case came first; try again in a new transaction.
    """
    last = driver.one(
        "SELECT seq, hash FROM store_look WHERE case_id = ? ORDER BY seq DESC LIMIT 1", (look.case,)
    )
    seq, prev = (last[0] + 1, bytes(last[1])) if last else (1, START)
    hashed = look_hash(
        look.case,
        seq,
        look.at,
        look.actor,
        look.party,
        look.fields,
        look.purpose,
        look.deferred_until,
        look.ground,
        look.approver,
        prev,
    )
    driver.insert(
        "store_look",
        LOOK,
        [
            (
                look.case,
                seq,
                look.at,
                look.actor,
                look.post,
                look.party,
                look.fields,
                look.purpose,
                look.deferred_until,
                look.ground,
                look.approver,
                prev,
                hashed,
            )
        ],
    )
    return seq
