"""The code that goes with a receipt number: made here, told once, kept as a keyed hash outside the ledger.

The code of a new case follows from its command key by the master key, so a phone that lost the answer and asks
again with the same key is told the same code. It can be made anew for somebody who lost it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

from zhuoli.store.keys import MasterKey
from zhuoli.store.models import ReceiptRecord

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that numbers can be read aloud on the phone."""

_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
_DOUBLED = [2 * (check or 32) % 33 for check in range(32)]
"""The step of the check sum of ISO 7064 in its hybrid form, here mod 33,32."""
_LENGTH = 8
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V", " ": "", "-": "", "‐": "", "—": ""})


class Receipts:
    """Makes and checks codes."""

    def __init__(self, master: MasterKey, alias: str = "default") -> None:
        self._codes = master.derive("receipt codes")
        self._hashes = master.derive("receipt hashes")
        self._alias = alias

    def code(self, key: str, receipt: str) -> str:
        """Return the code for the case that a command key opened."""
        return _written(self._code(key, receipt))

    def made(self, key: str, receipt: str) -> tuple[str, bytes]:
        """Return the code for the case that a command key opens, and what is stored of it."""
        plain = self._code(key, receipt)
        return _written(plain), self._hash(receipt, plain)

    def _code(self, key: str, receipt: str) -> str:
        return _digits(int.from_bytes(_keyed(self._codes, f"{key}\n{receipt}")[:5], "big"), 4)

    def _hash(self, receipt: str, plain: str) -> bytes:
        return _keyed(self._hashes, f"{receipt}\n{plain}")

    def hash(self, receipt: str, code: str) -> bytes:
        """Return what is stored of a code; small slips of reading (O for 0) do not matter."""
        return self._hash(receipt, code.upper().translate(_MISREAD))

    def check(self, receipt: str, code: str) -> int | None:
        """Return the case if the code belongs to the receipt, else None."""
        record = ReceiptRecord.objects.using(self._alias).filter(receipt=receipt).first()
        stored = bytes(record.hash) if record is not None else bytes(32)
        fits = hmac.compare_digest(stored, self.hash(receipt, code))
        return record.case_id if record is not None and fits else None

    def renew(self, receipt: str, now: int) -> str | None:
        """Make a new code for somebody who lost theirs; the old one is void. None: no such receipt."""
        code = _written("".join(secrets.choice(ALPHABET) for _ in range(_LENGTH)))
        changed = (
            ReceiptRecord.objects.using(self._alias)
            .filter(receipt=receipt)
            .update(hash=self.hash(receipt, code), made=now)
        )
        return code if changed else None


def new_receipt() -> str:
    """Return a new random receipt number, such as ``ZL-7K4M-Q2XD-9F3R``; the last character is a check (ISO 7064).

    The check is worked out here along with the digits, many times as fast as from the text; it is the library's.
    """
    number = int.from_bytes(os.urandom(7), "big") >> 1
    check = 16
    for place in (50, 45, 40, 35, 30, 25, 20, 15, 10, 5, 0):
        check = (_DOUBLED[check] + (number >> place & 31)) & 31
    body = _digits(number << 5 | (1 - _DOUBLED[check]) % 32, 6)
    return f"ZL-{body[:4]}-{body[4:8]}-{body[8:]}"


def _keyed(key: bytes, text: str) -> bytes:
    """Return the keyed BLAKE2b hash (RFC 7693) of a text, 32 bytes."""
    return hashlib.blake2b(text.encode(), key=key, digest_size=32).digest()


def _digits(number: int, pairs: int) -> str:
    """Write a number in base 32, two digits at a time."""
    return "".join([_PAIRS[number >> 10 * place & 1023] for place in range(pairs - 1, -1, -1)])


def _written(code: str) -> str:
    return f"{code[:4]}-{code[4:]}"


def written(characters: str) -> str:
    """Write the twelve characters of a receipt number in groups."""
    return "ZL-" + "-".join(characters[i : i + 4] for i in range(0, 12, 4))


def read_receipt(typed: str) -> str | None:
    """Return the receipt number that somebody typed, or None when it cannot be one (a slip of the keys)."""
    plain = typed.upper().strip()
    for prefix in ("ZL-", "ZL"):
        if plain.startswith(prefix):
            plain = plain[len(prefix) :]
            break
    plain = plain.translate(_MISREAD)
    if len(plain) != 12:
        return None
    try:
        mod_37_36.validate(plain, ALPHABET)
    except ValidationError:
        return None
    return written(plain)
