"""Two versions of a model, or two of its servings, are run on the same data: what only the one finds, what only the other, what both.

Hits are the same when they found the same thing (the column ``same`` of the query), whichever serving found it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from zhuoli.core.registers.model import Register
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.queries import Serving
from zhuoli.core.text import Text
from zhuoli.lake.engine import LONGEST, BadResult
from zhuoli.lake.hits import Hit
from zhuoli.lake.night import Found, try_out


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One of the two: a version of a scenario with the servings that it is run for; ``name`` as people call it."""

    name: Text
    scenario: Scenario
    servings: list[Serving]


class Split(msgspec.Struct, frozen=True, kw_only=True):
    """Hits by who found them, each thing once, in the order of what they are about."""

    only_a: tuple[Hit, ...]
    only_b: tuple[Hit, ...]
    both: tuple[Hit, ...]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What both sides found, split, and what each run cost."""

    split: Split
    a: Found
    b: Found


def compare_sides(
    lake: Path, registers: Mapping[str, Register], a: Side, b: Side, *, now: int, longest: float = LONGEST
) -> Comparison:
    """Run both sides on today's data; nothing is kept and no case is opened.

    Raises:
        BadResult: they find different kinds of things, or one of them cannot be run.
        duckdb.Error: one of them cannot be run.
    """
    kinds = [side.scenario.query.subject if side.scenario.query else "" for side in (a, b)]
    if kinds[0] != kinds[1]:
        raise BadResult(
            Text(
                "两个模型找的不是同一类对象，没法比较",
                "The two find different kinds of things; there is nothing to compare",
            )
        )
    found = [
        try_out(lake, registers, side.scenario, side.servings, now=now, longest=longest) for side in (a, b)
    ]
    return Comparison(split=split(found[0].hits, found[1].hits), a=found[0], b=found[1])


def split(a: Sequence[Hit], b: Sequence[Hit]) -> Split:
    """Split hits by what they found; of several hits for one thing the first is shown."""
    first_a, first_b = _firsts(a), _firsts(b)
    return Split(
        only_a=tuple(hit for same, hit in first_a.items() if same not in first_b),
        only_b=tuple(hit for same, hit in first_b.items() if same not in first_a),
        both=tuple(hit for same, hit in first_a.items() if same in first_b),
    )


def _firsts(hits: Sequence[Hit]) -> dict[str, Hit]:
    found: dict[str, Hit] = {}
    for hit in sorted(hits, key=lambda each: (each.same, each.serving)):
        found.setdefault(hit.same, hit)
    return found
