"""Forms that somebody has begun and not sent; no part of any case."""

# ruff: noqa: D106 - Meta is Django's
from __future__ import annotations

from django.db import models


class DraftRecord(models.Model):
    """One begun form, sealed with a key that only whoever began it has (``zhuoli.store.drafts``).

    ``draft`` is made from that key and does not lead back to it. Not even the matter is readable in the row.
    ``expires`` is in ms UTC.
    """

    draft = models.TextField(primary_key=True)
    sealed = models.BinaryField()
    expires = models.BigIntegerField()

    class Meta:
        db_table = "store_draft"
        indexes = (models.Index(fields=("expires",), name="store_draft_expires"),)
