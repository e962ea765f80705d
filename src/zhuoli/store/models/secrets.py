"""What is kept apart from the ledger because it must be possible to destroy it: keys, files, messages."""

# ruff: noqa: D106 - Meta is Django's
from __future__ import annotations

from django.db import models


class KeyRecord(models.Model):
    """The key of one party of one case (``party`` empty: the case's own key for free text), wrapped.

    Deleting the row erases everything that was sealed with it, in the ledger, in snapshots and in files. The
    table has its own backup, shorter-lived than the ledger's.
    """

    pk = models.CompositePrimaryKey("case_id", "party")
    case_id = models.BigIntegerField()
    party = models.TextField()
    wrapped = models.BinaryField()
    made = models.BigIntegerField()

    class Meta:
        db_table = "store_key"


class ReceiptRecord(models.Model):
    """The keyed hash of the code that goes with a receipt number; the code itself is nowhere."""

    receipt = models.TextField(primary_key=True)
    case_id = models.BigIntegerField()
    hash = models.BinaryField()
    made = models.BigIntegerField()

    class Meta:
        db_table = "store_receipt"


class FileRecord(models.Model):
    """A sealed file: its id is the SHA-256 of the sealed bytes, its own key is wrapped.

    A file that no case has yet (``case_id`` is None) is a draft, its key wrapped with the master key. When a command
    takes it up, the key is wrapped anew with the key of the party that brought it, or else of the case.
    """

    file = models.TextField(primary_key=True)
    case_id = models.BigIntegerField(null=True)
    party = models.TextField()
    wrapped = models.BinaryField()
    sha256 = models.TextField()
    size = models.BigIntegerField()
    made = models.BigIntegerField()

    class Meta:
        db_table = "store_file"
        indexes = (
            models.Index(fields=("case_id",), name="store_file_case"),
            models.Index(fields=("made",), name="store_file_draft", condition=models.Q(case_id__isnull=True)),
        )


class OutboxRecord(models.Model):
    """A message to a party of a case, or to a unit, and what has become of it.

    ``about`` says why: ``task <item> <run>``, ``notice <name> <file>``, ``answer <kind>`` (of a body that was let read), ``code <id>`` (of ``SigningCodeRecord``), or one of ``new``, ``join``, ``urge``, ``order``
    for a unit. A message that carries words of its own (``notice``) has them sealed in title and body; all others are
    put into words when they are sent. ``key`` makes a message that is issued twice one message. Instants in ms UTC;
    ``sent`` is None while it waits, ``ended`` when nothing more is done about it, ``outcome`` why.
    """

    id = models.BigAutoField(primary_key=True)
    key = models.TextField(unique=True)
    case_id = models.BigIntegerField()
    party = models.TextField()
    unit = models.TextField()
    notice = models.TextField()
    title = models.TextField()
    body = models.TextField()
    made = models.BigIntegerField()
    sent = models.BigIntegerField(null=True)
    about = models.TextField(default="", db_default="")
    not_before = models.BigIntegerField(default=0, db_default=0)
    lease_until = models.BigIntegerField(default=0, db_default=0)
    tries = models.IntegerField(default=0, db_default=0)
    ended = models.BigIntegerField(null=True)
    outcome = models.TextField(default="", db_default="")

    class Meta:
        db_table = "store_outbox"
        indexes = (
            models.Index(fields=("case_id",), name="store_outbox_case"),
            models.Index(
                fields=("not_before",), name="store_outbox_open", condition=models.Q(ended__isnull=True)
            ),
            models.Index(
                fields=("unit", "made"), name="store_outbox_failed", condition=models.Q(outcome="failed")
            ),
        )


class AttemptRecord(models.Model):
    """One attempt to send a message: over which channel, to whom (masked), and how it went. ``at`` in ms UTC."""

    id = models.BigAutoField(primary_key=True)
    message_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    party = models.TextField()
    channel = models.TextField()
    to = models.TextField()
    at = models.BigIntegerField()
    ok = models.BooleanField()

    class Meta:
        db_table = "store_attempt"
        indexes = (
            models.Index(fields=("case_id", "party", "at"), name="store_attempt_party"),
            models.Index(fields=("at",), name="store_attempt_at"),
        )


class SigningCodeRecord(models.Model):
    """A one-time code that was sent to somebody who signs: what it is bound to, never the code (``core.case.codes``).

    ``phone`` tells whether the number was written anew since, ``number`` (keyed) whether it was rung too often, ``to`` is it masked.
    Instants in ms UTC.
    """

    id = models.BigAutoField(primary_key=True)
    case_id = models.BigIntegerField()
    party = models.TextField()
    task = models.TextField()
    run = models.IntegerField()
    sha256 = models.TextField()
    nonce = models.BinaryField()
    phone = models.BinaryField()
    number = models.BinaryField()
    to = models.TextField()
    made = models.BigIntegerField()
    tries = models.IntegerField(default=0, db_default=0)
    used = models.BigIntegerField(null=True)

    class Meta:
        db_table = "store_signing_code"
        indexes = (
            models.Index(fields=("case_id", "party", "task"), name="store_signing_code_whose"),
            models.Index(fields=("made",), name="store_signing_code_made"),
        )


class WishRecord(models.Model):
    """How a party of a case wants to be told: in which language, and whether at all."""

    pk = models.CompositePrimaryKey("case_id", "party")
    case_id = models.BigIntegerField()
    party = models.TextField()
    language = models.TextField()
    told = models.BooleanField()

    class Meta:
        db_table = "store_wish"
