"""Territories, the units that serve them, and the posts that people hold in units.

Rows of this module are reference data: loaded in bulk, read at start into memory, never written by a case.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Territory(models.Model):
    """One division; ``city`` and ``county`` are the first 4 and 6 digits, empty above that level.

    ``name_en`` and ``initials`` are generated from the Chinese name.
    """

    code = models.CharField(max_length=12, primary_key=True)
    name_zh = models.TextField()
    name_en = models.TextField()
    initials = models.TextField()
    level = models.TextField()
    parent = models.CharField(max_length=12, blank=True)
    city = models.CharField(max_length=4, blank=True)
    county = models.CharField(max_length=6, blank=True)

    class Meta:
        """Table and indexes."""

        db_table = "store_territory"
        indexes = (models.Index(fields=("parent",), name="store_territory_parent"),)

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class Unit(models.Model):
    """An office that handles, dispatches or supervises.

    ``kind`` is one of ``zhuoli.places.units.KINDS``; ``competences`` a list of words that scenarios route by;
    ``superior`` the id of the unit above, empty for the highest. ``generated`` is true for units made from the list
    of divisions, false once an operator has entered the real one. ``active`` is false for a unit that takes no new
    matters: nothing is routed to it.
    """

    id = models.CharField(max_length=40, primary_key=True)
    kind = models.TextField()
    name_zh = models.TextField()
    name_en = models.TextField()
    short_zh = models.TextField()
    short_en = models.TextField()
    territory = models.CharField(max_length=12)
    superior = models.CharField(max_length=40, blank=True)
    competences = models.JSONField(default=list)
    generated = models.BooleanField(default=False)
    phone = models.TextField(blank=True, default="", db_default="")
    active = models.BooleanField(default=True, db_default=True)

    class Meta:
        """Table and indexes."""

        db_table = "store_unit"
        indexes = (
            models.Index(fields=("territory",), name="store_unit_territory"),
            models.Index(fields=("superior",), name="store_unit_superior"),
        )

    def __str__(self) -> str:
        return f"{self.id} {self.name_zh}"


class Post(models.Model):
    """A post in a unit; a person signs in as the post that their account holds.

    ``roles`` are words such as ``officer``, ``supervisor``, ``dispatcher``. A post without an account is vacant, or a
    persona of the demonstration. ``territory`` is what the post serves, where that is only a part of its unit's: the
    village of an auxiliary. ``shown_name`` is how the public may call whoever holds it: empty unless the office and that
    person chose to show it.
    """

    id = models.CharField(max_length=60, primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    title_zh = models.TextField()
    title_en = models.TextField()
    roles = models.JSONField(default=list)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="posts"
    )
    generated = models.BooleanField(default=False)
    territory = models.CharField(max_length=12, blank=True, default="", db_default="")
    shown_name = models.TextField(blank=True, default="", db_default="")

    class Meta:
        """Table and indexes."""

        db_table = "store_post"

    def __str__(self) -> str:
        return f"{self.id} {self.title_zh}"
