"""Keys of partner bodies: whoever holds one reads how the cases stand that carry its system's numbers, nothing else."""

from __future__ import annotations

import hashlib
import secrets

from zhuoli.store.keys import MasterKey
from zhuoli.store.models import PartnerKeyRecord

PREFIX = "zlp_"
_NOTED = 60_000
"""The last use is noted once a minute (ms) at most."""


def make(master: MasterKey, system: str, title: str, now: int, until: int | None = None) -> str:
    """Make a key for a system and return it; it is kept nowhere, only its hash is. ``until`` in ms UTC."""
    key = PREFIX + secrets.token_urlsafe(32)
    PartnerKeyRecord.objects.create(
        hash=_hash(master, key), system=system, title=title, made=now, until=until
    )
    return key


def find(master: MasterKey, key: str, now: int) -> PartnerKeyRecord | None:
    """Return the record of a key that is valid now, and note that it was used."""
    if not key.startswith(PREFIX) or len(key) > 100:
        return None
    record = PartnerKeyRecord.objects.filter(hash=_hash(master, key), revoked=None).first()
    if record is None or (record.until is not None and record.until <= now):
        return None
    if record.used is None or record.used + _NOTED < now:
        PartnerKeyRecord.objects.filter(pk=record.pk).update(used=now)
    return record


def revoke(beginning: str, now: int) -> int:
    """Make keys void whose hash begins so; return how many were valid before."""
    return PartnerKeyRecord.objects.filter(hash__startswith=beginning, revoked=None).update(revoked=now)


def _hash(master: MasterKey, key: str) -> str:
    return hashlib.blake2b(key.encode(), key=master.derive("partner keys"), digest_size=32).hexdigest()
