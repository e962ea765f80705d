"""What the desk keeps beside the ledger: plain words to find cases by, and the views that posts have saved."""

# ruff: noqa: D106 - Meta is Django's
from __future__ import annotations

from django.db import models


class WordsRecord(models.Model):
    """The plain words of one case: matter, place and answers that are nobody's personal data, in both languages.

    Written with the entry that changes them, outside of replay; a case without a row gets one from the worker.
    Nothing that is sealed is ever in it, and the row goes when the case's own key is destroyed.
    """

    case_id = models.BigIntegerField(primary_key=True)
    words = models.TextField()

    class Meta:
        db_table = "store_words"


class SavedViewRecord(models.Model):
    """A queue narrowed in a certain way, under a name: a post's own, or shared with its unit.

    ``query`` is what stands in the address, made of closed choices only: words that somebody searched for are
    never kept. ``made`` is in ms UTC.
    """

    id = models.BigAutoField(primary_key=True)
    unit = models.TextField()
    post = models.TextField()
    name = models.TextField()
    query = models.TextField()
    shared = models.BooleanField()
    made = models.BigIntegerField()

    class Meta:
        db_table = "store_saved_view"
        indexes = (models.Index(fields=("unit", "made"), name="store_saved_view_unit"),)
        constraints = (models.UniqueConstraint(fields=("post", "name"), name="store_saved_view_name"),)
