"""What a hit tells the intake form of the case that it opens."""

from __future__ import annotations

from typing import Any

import msgspec

from zhuoli.core.scenario.queries import REQUIRED, Query
from zhuoli.lake.hits import Hit


def shown(query: Query, hit: Hit) -> dict[str, Any]:
    """Every column of a hit by name: those that all queries give, and those that this one declares."""
    return {**msgspec.json.decode(hit.evidence), **{name: getattr(hit, name) for name in REQUIRED}}


def answers_of(query: Query, hit: Hit) -> dict[str, Any]:
    """The answers of the intake form, as the query declares them; a column without a value answers nothing."""
    known = shown(query, hit)
    return {
        question: known[column] for question, column in query.answers.items() if known[column] is not None
    }
