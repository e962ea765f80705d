"""Keys: one for each party of a case and one for the case's free text, wrapped with the master key.

AES-256-GCM throughout. The additional data binds a sealed value to its case, party and field, and a wrapped key
to its case and party, so that nothing can be moved to another place. To erase is to delete the wrapped key.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections import OrderedDict

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zhuoli.core.text import Text
from zhuoli.environment import Environment

CASE = ""
"""The party name under which the case's own key is kept."""

PREFIX = "z1."
"""Begins every sealed value; the number changes when the recipe does."""

_NONCE = 12
_WRAPPED_VERSION = b"\x01"
_FINGERPRINT = 4


class KeyTrouble(Exception):
    """A key is missing, wrong, or a sealed value was tampered with. ``code`` is a stable word."""

    def __init__(self, code: str, text: Text, remedy: Text) -> None:
        super().__init__(f"{code}: {text.en}")
        self.code, self.text, self.remedy = code, text, remedy


class Key:
    """A key that seals and opens values of one party of one case."""

    __slots__ = ("_bound", "_cipher")

    def __init__(self, secret: bytes, case: int, party: str) -> None:
        self._cipher = AESGCM(secret)
        self._bound = f"zhuoli value 1\n{case}\n{party}\n"

    def seal(self, field: str, text: str) -> str:
        """Seal a text as a value of ``field``."""
        nonce = os.urandom(_NONCE)
        sealed = self._cipher.encrypt(nonce, text.encode(), (self._bound + field).encode())
        return PREFIX + binascii.b2a_base64(nonce + sealed, newline=False).decode()

    def open(self, field: str, token: str) -> str:
        """Open a sealed value.

        Raises:
            KeyTrouble: it was not sealed with this key for this field (code ``bad_seal``).
        """
        try:
            data = binascii.a2b_base64(token.removeprefix(PREFIX), strict_mode=True)
            return self._cipher.decrypt(data[:_NONCE], data[_NONCE:], (self._bound + field).encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise bad_seal(field) from error

    def seal_key(self, file: str, secret: bytes) -> bytes:
        """Wrap the key of a file."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, secret, f"{self._bound}file {file}".encode())

    def open_key(self, file: str, wrapped: bytes) -> bytes:
        """Unwrap the key of a file.

        Raises:
            KeyTrouble: it was not wrapped with this key (code ``bad_seal``).
        """
        try:
            return self._cipher.decrypt(
                wrapped[:_NONCE], wrapped[_NONCE:], f"{self._bound}file {file}".encode()
            )
        except InvalidTag as error:
            raise bad_seal(file) from error


class MasterKey:
    """The installation's own key: wraps all others, and gives keyed digests for requests and receipts."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != 32:
            raise _bad_master_key()
        self._secret = secret
        self._cipher = AESGCM(secret)
        self.fingerprint = hashlib.sha256(b"zhuoli master key\n" + secret).digest()[:_FINGERPRINT]
        self._requests = self.derive("requests")

    def derive(self, purpose: str) -> bytes:
        """Return a key for one purpose (HMAC-SHA-256 of its name), from which the master key cannot be found."""
        return hmac.digest(self._secret, b"zhuoli derived key\n" + purpose.encode(), "sha256")

    def digest(self, data: bytes) -> bytes:
        """Return the keyed digest by which a repeated request is known; it gives no handle for guessing."""
        return hashlib.blake2b(data, key=self._requests, digest_size=32).digest()

    def wrap(self, secret: bytes, case: int, party: str) -> bytes:
        """Wrap a party's key."""
        nonce = os.urandom(_NONCE)
        sealed = self._cipher.encrypt(nonce, secret, f"zhuoli key 1\n{case}\n{party}".encode())
        return _WRAPPED_VERSION + self.fingerprint + nonce + sealed

    def unwrap(self, wrapped: bytes, case: int, party: str) -> bytes:
        """Unwrap a party's key.

        Raises:
            KeyTrouble: wrapped with another master key (code ``wrong_master_key``) or altered (``bad_seal``).
        """
        head = 1 + _FINGERPRINT
        if wrapped[1:head] != self.fingerprint:
            raise wrong_master_key()
        nonce, sealed = wrapped[head : head + _NONCE], wrapped[head + _NONCE :]
        try:
            return self._cipher.decrypt(nonce, sealed, f"zhuoli key 1\n{case}\n{party}".encode())
        except InvalidTag as error:
            raise bad_seal(f"key of party {party!r}") from error


class KeyRing:
    """Makes, wraps and remembers keys.

    It remembers by the wrapped bytes, so a key is only ever used while its row was just read; to seal, it may also
    remember by case and party, for as long as the state read in the same transaction says that nobody was erased.
    """

    def __init__(self, master: MasterKey, size: int = 20_000) -> None:
        self.master = master
        self._size = size
        self._known: OrderedDict[tuple[int, str], tuple[bytes, Key]] = OrderedDict()

    def new(self, case: int, party: str) -> tuple[bytes, Key]:
        """Make a key; return it wrapped, for the table, and ready for use. It is not remembered yet."""
        secret = os.urandom(32)
        return self.master.wrap(secret, case, party), Key(secret, case, party)

    def key(self, case: int, party: str, wrapped: bytes) -> Key:
        """Return the key whose row has just been read.

        Raises:
            KeyTrouble: see ``MasterKey.unwrap``.
        """
        known = self._known.get((case, party))
        if known is not None and known[0] == wrapped:
            return known[1]
        key = Key(self.master.unwrap(wrapped, case, party), case, party)
        self.remember(case, party, wrapped, key)
        return key

    def remembered(self, case: int, party: str) -> Key | None:
        """Return a key to seal with, without looking at its row."""
        known = self._known.get((case, party))
        return None if known is None else known[1]

    def remember(self, case: int, party: str, wrapped: bytes, key: Key) -> None:
        """Remember a key whose row is committed."""
        self._known[case, party] = (wrapped, key)
        if len(self._known) > self._size:
            self._known.popitem(last=False)

    def forget(self, case: int, party: str) -> None:
        """Forget a key that was destroyed."""
        self._known.pop((case, party), None)


def read_master_key(environment: Environment) -> MasterKey:
    """Return the master key that the environment names; the demonstration and tests have one that protects nothing.

    Raises:
        KeyTrouble: there is none, or it is not 32 bytes in base64url (``no_master_key``, ``bad_master_key``).
    """
    text = environment.master_key
    if not text:
        if environment.mode in ("demo", "test"):
            return MasterKey(
                hashlib.sha256(b"zhuoli: a key for demonstrations; it protects nothing").digest()
            )
        raise KeyTrouble(
            "no_master_key",
            Text("没有设置主密钥 ZHUOLI_MASTER_KEY。", "The master key ZHUOLI_MASTER_KEY is not set."),
            Text(
                "运行 ./zhuoli ledger key 生成一个，放进环境变量，并另存一份到数据库备份之外。",
                "Run ./zhuoli ledger key to make one, put it into the environment, and keep a copy away from the database's backups.",
            ),
        )
    try:
        return MasterKey(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
    except ValueError as error:
        raise _bad_master_key() from error


def new_master_key() -> str:
    """Return a new random master key in base64url."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")


def bad_seal(field: str) -> KeyTrouble:
    """Return the error for a sealed value that does not open."""
    return KeyTrouble(
        "bad_seal",
        Text(
            f"“{field}”打不开：密文被改动过，或被搬了位置。",
            f"“{field}” does not open: it was altered or moved.",
        ),
        Text(
            "运行 ./zhuoli ledger verify 找出被改动的地方，然后从备份恢复。",
            "Run ./zhuoli ledger verify to find what was altered, then restore it from a backup.",
        ),
    )


def wrong_master_key() -> KeyTrouble:
    """Return the error for keys that were wrapped with another master key."""
    return KeyTrouble(
        "wrong_master_key",
        Text("这些数据是用另一把主密钥加密的。", "These data were encrypted under another master key."),
        Text(
            "把 ZHUOLI_MASTER_KEY 设为写入这些数据时用的那一把。",
            "Set ZHUOLI_MASTER_KEY to the one that was in use when they were written.",
        ),
    )


def _bad_master_key() -> KeyTrouble:
    return KeyTrouble(
        "bad_master_key",
        Text(
            "ZHUOLI_MASTER_KEY 不是 32 字节的 base64url。", "ZHUOLI_MASTER_KEY is not 32 bytes in base64url."
        ),
        Text("运行 ./zhuoli ledger key 生成一个。", "Run ./zhuoli ledger key to make one."),
    )
