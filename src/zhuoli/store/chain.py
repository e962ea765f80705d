"""The hash chain of a case: each entry, and each look, carries the hash of the one before.

What is hashed is text that anybody can put together from the columns of a row, joined by line feeds:

    zhuoli entry 1 / case / seq / recorded / actor / command / key / digest (hex) / prev (hex) / events

None of these fields can contain a line feed: numbers, hex, JSON texts, and names and keys that are checked.
The version in the first line changes when the recipe does.
"""

from __future__ import annotations

import hashlib

START = bytes(32)
"""What stands for the hash before a case's first entry or look."""


def entry_text(
    case: int,
    seq: int,
    recorded: int,
    actor: str,
    command: str,
    key: str,
    digest: bytes,
    prev: bytes,
    events: str,
) -> str:
    """Return the text whose SHA-256 is the entry's hash."""
    return (
        f"zhuoli entry 1\n{case}\n{seq}\n{recorded}\n{actor}\n{command}\n{key}\n"
        f"{digest.hex()}\n{prev.hex()}\n{events}"
    )


def entry_hash(
    case: int,
    seq: int,
    recorded: int,
    actor: str,
    command: str,
    key: str,
    digest: bytes,
    prev: bytes,
    events: str,
) -> bytes:
    """Return the hash of an entry."""
    return hashlib.sha256(
        (
            f"zhuoli entry 1\n{case}\n{seq}\n{recorded}\n{actor}\n{command}\n{key}\n"
            f"{digest.hex()}\n{prev.hex()}\n{events}"
        ).encode()
    ).digest()


def look_hash(
    case: int,
    seq: int,
    at: int,
    actor: str,
    party: str,
    fields: str,
    purpose: str,
    deferred_until: int | None,
    ground: str,
    approver: str,
    prev: bytes,
) -> bytes:
    """Return the hash of a look; ``ground`` is written by people and may hold line feeds, so it is hashed first."""
    ground_hash = hashlib.sha256(ground.encode()).hexdigest()
    until = "" if deferred_until is None else str(deferred_until)
    text = (
        f"zhuoli look 1\n{case}\n{seq}\n{at}\n{actor}\n{party}\n{fields}\n{purpose}\n"
        f"{until}\n{ground_hash}\n{approver}\n{prev.hex()}"
    )
    return hashlib.sha256(text.encode()).digest()
