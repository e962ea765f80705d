"""Who has taken which list out of the house, and when: kept for good, never changed."""

from __future__ import annotations

from zhuoli.store.models import ExportRecord


def note(*, at: int, unit: str, post: str, what: str, form: str, rows: int) -> None:
    """Keep that a list was exported; ``at`` in ms UTC. A partner body is named as ``partner:<title>`` instead of a post."""
    ExportRecord.objects.create(at=at, unit=unit, post=post, what=what, form=form, rows=rows)
