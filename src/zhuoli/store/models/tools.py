"""What the desk keeps beside the cases: calls, hand-overs, exports, what is not the same, and the keys of partner bodies.

None of it is a fact of a case, so none of it is in the ledger. Words of people are sealed (``zhuoli.office.box``).
"""

# ruff: noqa: D106 - Meta is Django's
from __future__ import annotations

from django.db import models
from django.db.models import Q


class CallRecord(models.Model):
    """A call that broke off or waits for a call back; ``body`` is the sealed form as it was typed.

    Instants in ms UTC. ``ring_at`` is when to call back (None: only a draft), ``done`` when it was dealt with. The body
    is emptied then, and when the draft has run out.
    """

    id = models.CharField(max_length=36, primary_key=True)
    unit = models.TextField()
    post = models.TextField()
    made = models.BigIntegerField()
    scenario = models.TextField()
    territory = models.TextField()
    case_id = models.BigIntegerField(null=True)
    body = models.TextField()
    ring_at = models.BigIntegerField(null=True)
    done = models.BigIntegerField(null=True)
    done_by = models.TextField(default="")
    outcome = models.TextField(default="")

    class Meta:
        db_table = "store_call"
        indexes = (
            models.Index(fields=("unit", "ring_at"), name="store_call_open", condition=Q(done__isnull=True)),
            models.Index(fields=("made",), name="store_call_made"),
        )


class CallLookRecord(models.Model):
    """Somebody has read the number of a caller. Rows are only added."""

    id = models.BigAutoField(primary_key=True)
    call_id = models.CharField(max_length=36)
    at = models.BigIntegerField()
    unit = models.TextField()
    post = models.TextField()

    class Meta:
        db_table = "store_call_look"
        indexes = (models.Index(fields=("call_id",), name="store_call_look_call"),)


class HandoverRecord(models.Model):
    """What a post has told the next shift of its unit; ``body`` is sealed. Rows are only added."""

    id = models.BigAutoField(primary_key=True)
    unit = models.TextField()
    post = models.TextField()
    shift_from = models.BigIntegerField()
    made = models.BigIntegerField()
    body = models.TextField()
    key = models.TextField(unique=True)

    class Meta:
        db_table = "store_handover"
        indexes = (models.Index(fields=("unit", "made"), name="store_handover_unit"),)


class HandoverSignRecord(models.Model):
    """A post of the next shift has signed for a hand-over. Rows are only added."""

    handover = models.OneToOneField(
        HandoverRecord, models.PROTECT, related_name="signed", primary_key=True, db_constraint=False
    )
    post = models.TextField()
    at = models.BigIntegerField()

    class Meta:
        db_table = "store_handover_sign"


class ShiftRecord(models.Model):
    """The hours at which a unit usually changes shifts: ``08:30`` … in local time, a suggestion only."""

    unit = models.CharField(max_length=40, primary_key=True)
    begins = models.JSONField(default=list)

    class Meta:
        db_table = "store_shift"


class ExportRecord(models.Model):
    """Who has exported which list, when, and how many rows. Rows are only added."""

    id = models.BigAutoField(primary_key=True)
    at = models.BigIntegerField()
    unit = models.TextField()
    post = models.TextField()
    what = models.TextField()
    form = models.TextField()
    rows = models.IntegerField()

    class Meta:
        db_table = "store_export"
        indexes = (models.Index(fields=("unit", "at"), name="store_export_unit"),)


class NotSameRecord(models.Model):
    """A post has judged that two cases are not the same matter; ``first`` is the smaller number. Rows are only added."""

    id = models.BigAutoField(primary_key=True)
    first = models.BigIntegerField()
    second = models.BigIntegerField()
    at = models.BigIntegerField()
    unit = models.TextField()
    post = models.TextField()

    class Meta:
        db_table = "store_not_same"
        indexes = (models.Index(fields=("second",), name="store_not_same_second"),)
        constraints = (models.UniqueConstraint(fields=("first", "second"), name="store_not_same_pair"),)


class PartnerKeyRecord(models.Model):
    """The key by which a partner body asks for the cases that carry its system's numbers; only its hash is kept."""

    hash = models.CharField(max_length=64, primary_key=True)
    system = models.TextField()
    title = models.TextField()
    made = models.BigIntegerField()
    until = models.BigIntegerField(null=True)
    revoked = models.BigIntegerField(null=True)
    used = models.BigIntegerField(null=True)

    class Meta:
        db_table = "store_partner_key"
        indexes = (models.Index(fields=("system",), name="store_partner_key_system"),)
