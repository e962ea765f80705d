"""What was done beside the cases: to accounts and posts, and to looks that are told later. Only ever added to."""

# ruff: noqa: D106 - Meta is Django's
from __future__ import annotations

from django.db import models


class ActRecord(models.Model):
    """One act of an administrator, of a supervisor, or of an operator at the command line.

    ``at`` is in ms UTC. ``account`` and ``post`` say who (both empty: the command line), ``what`` is a word of
    ``zhuoli.office.acts.ACTS``, ``subject`` what it was done to, ``unit`` the unit concerned, ``details`` a JSON
    object. Acts form one chain: ``prev`` is the hash of the act before, unique, so that nobody can fork it.
    """

    number = models.BigAutoField(primary_key=True)
    at = models.BigIntegerField()
    account = models.TextField()
    post = models.TextField()
    what = models.TextField()
    subject = models.TextField()
    unit = models.TextField()
    case_id = models.BigIntegerField(null=True)
    details = models.TextField()
    prev = models.BinaryField(unique=True)
    hash = models.BinaryField(unique=True)

    class Meta:
        db_table = "store_act"
        indexes = (
            models.Index(
                fields=("case_id",), name="store_act_case", condition=models.Q(case_id__isnull=False)
            ),
            models.Index(fields=("subject",), name="store_act_subject"),
        )
