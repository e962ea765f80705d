"""Numbers of papers: the same paper has the same number, and a number tells nothing of its case."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

from zhuoli.office.receipts import ALPHABET
from zhuoli.store.models import PaperRecord

if TYPE_CHECKING:
    from zhuoli.office.handle import Office

_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V", " ": "", "-": "", "‐": "", "—": ""})


def register(office: Office, case: int, kind: str, unit: str, digest: str) -> str:
    """Return the number of a paper of a case, such as ``P-7K4M-Q2XD-9F3R``, and keep that it was handed out.

    It follows from what the paper says by the master key: printing it again changes nothing.
    """
    key = office.master.derive("paper numbers")
    said = hashlib.blake2b(f"{case}\n{kind}\n{digest}".encode(), key=key, digest_size=8).digest()
    number = int.from_bytes(said, "big")
    body = "".join(ALPHABET[number >> 5 * place & 31] for place in range(11))
    body += mod_37_36.calc_check_digit(body, ALPHABET)
    written = f"P-{body[:4]}-{body[4:8]}-{body[8:]}"
    record = PaperRecord(
        number=written, case_id=case, kind=kind, unit=unit, digest=digest, made=office.clock()
    )
    PaperRecord.objects.using(office.alias).bulk_create([record], ignore_conflicts=True)
    return written


def read_number(typed: str) -> str | None:
    """Return the paper number that somebody typed, or None when it cannot be one (a slip of the keys)."""
    plain = typed.upper().strip()
    plain = plain[1:] if plain.startswith("P") and len(plain.translate(_MISREAD)) == 13 else plain
    plain = plain.translate(_MISREAD)
    if len(plain) != 12:
        return None
    try:
        mod_37_36.validate(plain, ALPHABET)
    except ValidationError:
        return None
    return f"P-{plain[:4]}-{plain[4:8]}-{plain[8:]}"


def find(office: Office, number: str) -> PaperRecord | None:
    """Return the paper of a number."""
    return PaperRecord.objects.using(office.alias).filter(number=number).first()
