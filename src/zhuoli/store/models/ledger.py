"""What is only ever added to: the ledger, the looks, the leaves of the tree and its heads.

The migration gives these tables triggers that refuse UPDATE, DELETE and TRUNCATE. They are written by
``zhuoli.store.append`` alone; the models declare the schema and serve reads.
"""

# ruff: noqa: D106 - Meta is Django's
from __future__ import annotations

from django.db import models


class EntryRecord(models.Model):
    """One command that was granted: its events and its place in the chain of its case.

    ``recorded`` is in ms UTC. ``events`` is the exact JSON text that was hashed. ``digest`` is a keyed digest
    of the request (it tells a repeated request from another one with the same key, and reveals nothing).
    ``prev`` is the hash of the case's entry before, ``hash`` that of this one (``zhuoli.store.chain``).
    """

    position = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(
        "CaseRecord", models.DO_NOTHING, related_name="entries", db_constraint=False, db_index=False
    )
    seq = models.IntegerField()
    recorded = models.BigIntegerField()
    actor = models.TextField()
    command = models.TextField()
    command_key = models.TextField(unique=True)
    digest = models.BinaryField()
    events = models.TextField()
    prev = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "store_entry"
        constraints = (models.UniqueConstraint(fields=("case", "seq"), name="store_entry_case_seq"),)


class LookRecord(models.Model):
    """Somebody looked at personal data: who, when, whose, which fields, and for what purpose.

    Looks have a stream and a chain of their own for each case, so that reading never makes a command
    conflict. ``fields`` is a JSON list of names. A look may be kept from the person until ``deferred_until`` (ms
    UTC) on a legal ``ground`` and by an ``approver``; the deferral stands in the record and so is disclosed with it.
    """

    pk = models.CompositePrimaryKey("case_id", "seq")
    case = models.ForeignKey(
        "CaseRecord", models.DO_NOTHING, related_name="looks", db_constraint=False, db_index=False
    )
    seq = models.IntegerField()
    at = models.BigIntegerField()
    actor = models.TextField()
    post = models.TextField()
    party = models.TextField()
    fields = models.TextField()
    purpose = models.TextField()
    deferred_until = models.BigIntegerField(null=True)
    ground = models.TextField()
    approver = models.TextField()
    prev = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "store_look"
        indexes = (models.Index(fields=("post", "at"), name="store_look_post_at"),)


class LeafRecord(models.Model):
    """A leaf of the Merkle tree: ``number`` counts from 0 without gaps, ``entry`` is a ledger position."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.BigIntegerField(unique=True)
    hash = models.BinaryField()

    class Meta:
        db_table = "store_leaf"


class NodeRecord(models.Model):
    """The hash of a full subtree of the Merkle tree, kept for every eighth level so that proofs are quick.

    ``number`` counts the subtrees of 2^``level`` leaves from 0. A node can be computed again from the leaves.
    """

    pk = models.CompositePrimaryKey("level", "number")
    level = models.IntegerField()
    number = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "store_node"


class TreeHeadRecord(models.Model):
    """What was published: the root of the tree over its first ``size`` leaves, at an instant in ms UTC."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    at = models.BigIntegerField()

    class Meta:
        db_table = "store_tree_head"
