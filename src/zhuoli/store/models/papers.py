"""Papers that were handed out: enough to say that one is genuine, nothing of what it says."""

# ruff: noqa: D106 - Meta is Django's
from __future__ import annotations

from django.db import models


class PaperRecord(models.Model):
    """One paper by its number. ``digest`` is the SHA-256 of what it says; ``made`` is in ms UTC."""

    number = models.TextField(primary_key=True)
    case_id = models.BigIntegerField()
    kind = models.TextField()
    unit = models.TextField()
    digest = models.TextField()
    made = models.BigIntegerField()

    class Meta:
        db_table = "store_paper"
        indexes = (models.Index(fields=("case_id",), name="store_paper_case"),)
