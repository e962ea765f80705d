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
    """A message to somebody, waiting for a channel; title and body are sealed with the case's key.

    ``key`` makes a message that is issued twice one message. ``sent`` is in ms UTC, None while it waits.
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

    class Meta:
        db_table = "store_outbox"
        indexes = (
            models.Index(fields=("case_id",), name="store_outbox_case"),
            models.Index(
                fields=("made",), name="store_outbox_waiting", condition=models.Q(sent__isnull=True)
            ),
        )
