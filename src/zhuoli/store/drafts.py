"""Begun forms, sealed so that neither the database alone nor the device alone can read them.

Whoever begins a form gets a random *token*. From it follow the name of the row and the key of its content; the key
needs the installation's master key as well. Without the token, which only the person's browser keeps, the row is
noise: an operator cannot read it, a backup does not give it away, and losing the token is the same as erasing it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhuoli.store.keys import MasterKey
from zhuoli.store.models import DraftRecord

LARGEST = 64 * 1024
"""Bytes of one draft before sealing: a form of long answers, and no store for anything else."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_NONCE = 12


class DraftTooLarge(Exception):
    """More was to be kept than any form can hold."""


def new_token() -> str:
    """Return a new random token (24 bytes in base64url)."""
    return base64.urlsafe_b64encode(os.urandom(24)).decode()


def is_token(text: str) -> bool:
    """Whether a text has the form of a token."""
    return _TOKEN.fullmatch(text) is not None


def name_of(token: str) -> str:
    """Return the name of the row that a token leads to; the way back is closed."""
    return hashlib.sha256(b"zhuoli draft name\n" + token.encode()).hexdigest()[:32]


class Drafts:
    """Keeps, opens and sweeps begun forms on one database. Instants are ms UTC."""

    def __init__(self, master: MasterKey, alias: str = "default") -> None:
        self._secret = master.derive("drafts")
        self._records = DraftRecord.objects.using(alias)

    def keep(self, token: str, content: bytes, expires: int) -> None:
        """Seal a draft, or what it has become, until an instant.

        Raises:
            DraftTooLarge: it has more than ``LARGEST`` bytes.
        """
        if len(content) > LARGEST:
            raise DraftTooLarge
        draft, nonce = name_of(token), os.urandom(_NONCE)
        sealed = nonce + self._cipher(token).encrypt(nonce, content, draft.encode())
        self._records.update_or_create(draft=draft, defaults={"sealed": sealed, "expires": expires})

    def open(self, token: str, now: int) -> bytes | None:
        """Return what a token leads to; None when it has run out, was deleted or altered."""
        draft = name_of(token)
        row = self._records.filter(draft=draft, expires__gt=now).values_list("sealed", flat=True).first()
        if row is None:
            return None
        data = bytes(row)
        try:
            return self._cipher(token).decrypt(data[:_NONCE], data[_NONCE:], draft.encode())
        except InvalidTag:
            return None

    def delete(self, token: str) -> None:
        """Delete a draft at once."""
        self._records.filter(draft=name_of(token)).delete()

    def sweep(self, now: int) -> int:
        """Delete the drafts that have run out; return how many."""
        return self._records.filter(expires__lte=now).delete()[0]

    def _cipher(self, token: str) -> AESGCM:
        return AESGCM(hmac.digest(self._secret, b"zhuoli draft key\n" + token.encode(), "sha256"))
