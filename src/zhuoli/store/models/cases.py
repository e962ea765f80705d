"""What is true now, computed from the ledger: state snapshots and the rows that screens and the worker read.

All of it can be thrown away and rebuilt (``ledger replay --write``). The fields are those of
``zhuoli.core.case.rows``; a test holds them equal.
"""

# ruff: noqa: D106 - Meta is Django's
from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual

FIRST_OF_THE_CITY = 1 << 20
"""Case ids from here on are those of ``zhuoli.office.numbers``; smaller ones are those of the demonstration's stories."""


class CityManager(models.Manager[Any]):
    """Rows of the city's own cases, for lists and figures: without those of stories.

    Stories are played in the demonstration only, so in service nothing is asked. The sum keeps the database from
    taking the condition for a reason to walk along the numbers.
    """

    def __init__(self, column: str) -> None:
        super().__init__()
        self._column = column

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the rows to begin with."""
        rows = super().get_queryset()
        if settings.ENVIRONMENT.mode != "demo":
            return rows
        return rows.filter(GreaterThanOrEqual(F(self._column) + 0, FIRST_OF_THE_CITY))


class CaseRecord(models.Model):
    """One case in lists and figures. Instants in ms UTC; city, county and town are code prefixes."""

    id = models.BigIntegerField(primary_key=True)
    seq = models.IntegerField()
    scenario = models.TextField()
    version = models.TextField()
    receipt = models.TextField(unique=True)
    channel = models.TextField()
    status = models.TextField()
    result = models.TextField()
    result_kind = models.TextField()
    priority = models.TextField()
    territory = models.TextField()
    city = models.TextField()
    county = models.TextField()
    town = models.TextField()
    unit = models.TextField()
    dispatcher = models.TextField()
    competence = models.TextField()
    stage = models.TextField()
    opened = models.BigIntegerField()
    occurred = models.BigIntegerField(null=True)
    accepted = models.BigIntegerField(null=True)
    closed = models.BigIntegerField(null=True)
    ended = models.BigIntegerField(null=True)
    due = models.BigIntegerField(null=True)
    promised = models.BigIntegerField(null=True)
    stopped = models.BooleanField()
    late = models.BooleanField()
    late_statutory = models.BooleanField()
    level = models.IntegerField()
    urges = models.IntegerField()
    reopenings = models.IntegerField()
    contests = models.IntegerField()
    score = models.IntegerField(null=True)
    merged_into = models.BigIntegerField(null=True)

    objects = models.Manager["CaseRecord"]()
    city_cases = CityManager("id")

    class Meta:
        db_table = "store_case"
        indexes = (
            models.Index(fields=("city", "status", "opened"), name="store_case_city"),
            models.Index(fields=("county", "status", "opened"), name="store_case_county"),
            models.Index(fields=("town", "status", "opened"), name="store_case_town"),
            models.Index(fields=("unit", "status", "due"), name="store_case_unit"),
            models.Index(fields=("scenario", "status", "opened"), name="store_case_scenario"),
            models.Index(
                fields=("merged_into",),
                name="store_case_merged",
                condition=Q(merged_into__isnull=False),
            ),
        )


class StateRecord(models.Model):
    """The state of a case after its last entry, as MessagePack, with the head of its chain.

    Only sealed values are in it. ``recorded`` is the instant (ms UTC) of the last entry.
    """

    case = models.OneToOneField(
        CaseRecord, models.DO_NOTHING, related_name="snapshot", db_constraint=False, primary_key=True
    )
    seq = models.IntegerField()
    recorded = models.BigIntegerField()
    head = models.BinaryField()
    state = models.BinaryField()

    class Meta:
        db_table = "store_state"


class TaskRecord(models.Model):
    """One thing that is asked of a unit, a party or the software now."""

    pk = models.CompositePrimaryKey("case_id", "item")
    case = models.ForeignKey(
        CaseRecord, models.DO_NOTHING, related_name="tasks", db_constraint=False, db_index=False
    )
    item = models.TextField()
    run = models.IntegerField()
    kind = models.TextField()
    state = models.TextField()
    stage = models.TextField()
    unit = models.TextField()
    party = models.TextField()
    role = models.TextField()
    post = models.TextField()
    started = models.BooleanField()
    required = models.BooleanField()
    since = models.BigIntegerField()
    due = models.BigIntegerField(null=True)
    promised = models.BigIntegerField(null=True)
    stopped = models.BooleanField()

    objects = models.Manager["TaskRecord"]()
    city_cases = CityManager("case_id")

    class Meta:
        db_table = "store_task"
        indexes = (
            models.Index(fields=("unit", "state", "due"), name="store_task_unit"),
            models.Index(fields=("party", "due"), name="store_task_party", condition=~Q(party="")),
            models.Index(fields=("post", "due"), name="store_task_post", condition=~Q(post="")),
        )


class WakeRecord(models.Model):
    """An appointment of the worker at an instant in ms UTC, and who has taken it until when.

    The lease and the count of tries are the worker's own and no part of what replay compares.
    """

    pk = models.CompositePrimaryKey("case_id", "key")
    case = models.ForeignKey(
        CaseRecord, models.DO_NOTHING, related_name="wakes", db_constraint=False, db_index=False
    )
    key = models.TextField()
    kind = models.TextField()
    at = models.BigIntegerField()
    lease_until = models.BigIntegerField(default=0, db_default=0)
    lease_by = models.TextField(default="", db_default="")
    tries = models.IntegerField(default=0, db_default=0)

    class Meta:
        db_table = "store_wake"
        indexes = (models.Index(fields=("at",), name="store_wake_at"),)


class PartyRecord(models.Model):
    """A party of a case and its role."""

    pk = models.CompositePrimaryKey("case_id", "role")
    case = models.ForeignKey(
        CaseRecord, models.DO_NOTHING, related_name="roles", db_constraint=False, db_index=False
    )
    role = models.TextField()
    party = models.TextField()

    class Meta:
        db_table = "store_party"
        indexes = (models.Index(fields=("party",), name="store_party_party"),)


class ReferenceRecord(models.Model):
    """The number by which another system knows a case, for looking it up and for exporting back."""

    pk = models.CompositePrimaryKey("case_id", "system")
    case = models.ForeignKey(
        CaseRecord, models.DO_NOTHING, related_name="references", db_constraint=False, db_index=False
    )
    system = models.TextField()
    number = models.TextField()

    class Meta:
        db_table = "store_reference"
        indexes = (
            models.Index(fields=("number",), name="store_reference_number"),
            models.Index(fields=("system", "number"), name="store_reference_system"),
        )


class SubjectRecord(models.Model):
    """That a case about an organisation or a place was raised, or reached a milestone: for counting earlier cases."""

    pk = models.CompositePrimaryKey("case_id", "what")
    case = models.ForeignKey(
        CaseRecord, models.DO_NOTHING, related_name="subjects", db_constraint=False, db_index=False
    )
    what = models.TextField()
    scenario = models.TextField()
    about = models.TextField()
    at = models.BigIntegerField()

    class Meta:
        db_table = "store_subject"
        indexes = (models.Index(fields=("scenario", "about"), name="store_subject_about"),)


class BookingRecord(models.Model):
    """A provider's time that an open case holds; nobody else gets it."""

    case = models.OneToOneField(
        CaseRecord,
        models.DO_NOTHING,
        primary_key=True,
        related_name="booking",
        db_constraint=False,
    )
    provider = models.TextField()
    at = models.BigIntegerField()

    class Meta:
        db_table = "store_booking"
        constraints = (models.UniqueConstraint(fields=("provider", "at"), name="store_booking_time"),)


class ShareRecord(models.Model):
    """That a party lets a body outside the office, such as its insurer, read its own copy of the result."""

    pk = models.CompositePrimaryKey("case_id", "name")
    case = models.ForeignKey(
        CaseRecord, models.DO_NOTHING, related_name="shares", db_constraint=False, db_index=False
    )
    name = models.TextField()
    unit = models.TextField()
    at = models.BigIntegerField()
    taken = models.BigIntegerField(null=True)
    answered = models.BigIntegerField(null=True)
    answer = models.TextField()
    number = models.TextField()

    class Meta:
        db_table = "store_share"
        indexes = (models.Index(fields=("unit", "at"), name="store_share_unit"),)


class ScenarioRecord(models.Model):
    """One version of a scenario folder as bytes; cases stay pinned to the version they began with."""

    version = models.TextField(primary_key=True)
    scenario = models.TextField()
    archive = models.BinaryField()
    stored = models.BigIntegerField()

    class Meta:
        db_table = "store_scenario"
        indexes = (models.Index(fields=("scenario", "stored"), name="store_scenario_name"),)
