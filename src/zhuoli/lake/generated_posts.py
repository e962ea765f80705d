"""The register of auxiliary posts: those of the directory (``places.coverage``), each with the day since when there is one.

Cited: 6,533 of the 10,776 are new since last year.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

import pyarrow as pa

from zhuoli.places.coverage import villages_with_post

NEW = 6_533


def posts(villages: Sequence[tuple[str, str]], seed: int, today: date) -> pa.Table:
    """Return a post for each of the villages, given as (code, county), that have one."""
    rng = random.Random(f"posts {seed}")  # noqa: S311 - generated rows
    held = villages_with_post()
    found = sorted((code, county) for code, county in villages if code in held)
    new = set(rng.sample(range(len(found)), NEW))
    return pa.table(
        {
            "post": [f"FJ{number:06d}" for number in range(1, len(found) + 1)],
            "village": [code for code, _ in found],
            "county": [county for _, county in found],
            "since": [_since(rng, today, at in new) for at in range(len(found))],
            "filled": ["true"] * len(found),
        }
    )


def _since(rng: random.Random, today: date, new: bool) -> str:
    """The day of the post: since the beginning of last year, or in the five years before."""
    begin = date(today.year - 1, 1, 1)
    if new:
        return (begin + timedelta(days=rng.randrange((today - begin).days))).isoformat()
    return (begin - timedelta(days=rng.randint(1, 1_800))).isoformat()
