"""Models at work: what offices serve beside the folders, which cases a serving has found, and the nights that were run."""

# ruff: noqa: D106 - Meta is Django's
from __future__ import annotations

from django.db import models


class ServingRecord(models.Model):
    """What an office has decided about one serving of a scenario; with an empty ``serving``: about the whole model.

    ``own``: the serving was made (or changed) by an office, and ``title_zh`` … ``values`` are its content; otherwise they
    stand in the scenario's folder. ``values`` is a JSON object. ``on`` says whether the night runs it. ``kept_at`` is how
    many verdicts there were when it was last kept although retirement was proposed. Who decided what and why is in the chain of acts.
    """

    id = models.BigAutoField(primary_key=True)
    scenario = models.TextField()
    serving = models.TextField()
    own = models.BooleanField()
    title_zh = models.TextField(default="")
    title_en = models.TextField(default="")
    territory = models.CharField(max_length=12, default="")
    values = models.TextField(default="{}")
    unit = models.TextField(default="")
    on = models.BooleanField(default=True)
    kept_at = models.IntegerField(default=0)
    changed = models.BigIntegerField()

    class Meta:
        db_table = "store_serving"
        constraints = (models.UniqueConstraint(fields=("scenario", "serving"), name="store_serving_name"),)


class FoundRecord(models.Model):
    """That a serving found what a case is about; several servings may share a case. Rows follow from the kept hits."""

    pk = models.CompositePrimaryKey("case_id", "serving")
    case = models.ForeignKey(
        "store.CaseRecord", models.DO_NOTHING, related_name="found_by", db_constraint=False, db_index=False
    )
    serving = models.TextField()
    scenario = models.TextField()

    class Meta:
        db_table = "store_found"
        indexes = (models.Index(fields=("scenario", "serving"), name="store_found_serving"),)


class NightRecord(models.Model):
    """One nightly run of all models: taken by one worker at a time, under a lease (instants in ms UTC).

    ``day`` is the local date. ``at_model`` is the model being run now; ``struck`` counts, as JSON, how often a worker was
    lost while running one. ``failures`` is a JSON list of what failed and why.
    """

    day = models.CharField(max_length=10, primary_key=True)
    began = models.BigIntegerField()
    ended = models.BigIntegerField(null=True)
    lease_until = models.BigIntegerField()
    lease_by = models.TextField()
    tries = models.IntegerField(default=1)
    at_model = models.TextField(default="")
    struck = models.TextField(default="{}")
    models_run = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    gone = models.IntegerField(default=0)
    opened = models.IntegerField(default=0)
    waiting = models.IntegerField(default=0)
    failures = models.TextField(default="[]")

    class Meta:
        db_table = "store_night"
