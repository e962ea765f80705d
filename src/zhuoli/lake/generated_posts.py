"""Auxiliary posts over the real villages so that the figures of the report hold (报道：一村一辅警).

Cited: 10,776 auxiliaries; 6,533 of them new since last year; Wuwei, Jinchang and Jiayuguan at least 80 %; 14 counties complete, three of
them in Lanzhou, whose rural share is 77 %. The report's 67 % are of 16,083 villages; the list of 2023 has 15,507, of which
10,776 are 69.5 %: screens show both. Which counties are complete is not cited (but for their number), so it is drawn.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

import pyarrow as pa

TOTAL = 10_776
NEW = 6_533
REPORTED_VILLAGES = 16_083
"""The villages of which the report's 67 % are."""
_COMPLETE, _IN_LANZHOU, _LANZHOU = 14, 3, 0.77
_AT_LEAST_80 = ("6202", "6203", "6206")


def posts(villages: Sequence[tuple[str, str]], seed: int, today: date) -> pa.Table:
    """Draw a post for 10,776 of the villages given as (code, county)."""
    rng = random.Random(f"posts {seed}")  # noqa: S311 - generated rows
    by_county: dict[str, list[str]] = {}
    for code, county in villages:
        by_county.setdefault(county, []).append(code)
    quota = quotas({county: len(codes) for county, codes in by_county.items()}, rng)
    chosen = sorted(
        (code, county) for county, codes in by_county.items() for code in rng.sample(codes, quota[county])
    )
    new = set(rng.sample(range(len(chosen)), NEW))
    return pa.table(
        {
            "post": [f"FJ{number:06d}" for number in range(1, len(chosen) + 1)],
            "village": [code for code, _ in chosen],
            "county": [county for _, county in chosen],
            "since": [_since(rng, today, at in new) for at in range(len(chosen))],
            "filled": ["true"] * len(chosen),
        }
    )


def quotas(sizes: dict[str, int], rng: random.Random) -> dict[str, int]:
    """How many posts each county has; the sum is ``TOTAL``."""
    lanzhou = {county: size for county, size in sizes.items() if county.startswith("6201")}
    smallest = sorted(lanzhou, key=lambda county: (lanzhou[county], county))[:_IN_LANZHOU]
    rest = sorted(county for county in sizes if county not in lanzhou and not county.startswith(_AT_LEAST_80))
    complete = [*smallest, *rng.sample(rest, _COMPLETE - _IN_LANZHOU)]
    found = {county: sizes[county] for county in complete}
    for county in sizes:
        if county.startswith(_AT_LEAST_80):
            found[county] = -(-sizes[county] * rng.randint(81, 88) // 100)
    open_ones = [county for county in lanzhou if county not in found]
    wanted = round(_LANZHOU * sum(lanzhou.values())) - sum(lanzhou[county] for county in smallest)
    found |= _shared(wanted, {county: sizes[county] for county in open_ones}, rng)
    left = {county: size for county, size in sizes.items() if county not in found}
    return found | _shared(TOTAL - sum(found.values()), left, rng)


def _shared(wanted: int, sizes: dict[str, int], rng: random.Random) -> dict[str, int]:
    """Share ``wanted`` posts among counties by size, a little unevenly, none complete."""
    whole = sum(sizes.values())
    found = {
        county: min(round(wanted / whole * size * rng.uniform(0.85, 1.15)), size - 1)
        for county, size in sizes.items()
    }
    while difference := wanted - sum(found.values()):
        step = 1 if difference > 0 else -1
        able = [county for county in sorted(found) if 0 <= found[county] + step < sizes[county]]
        for county in rng.sample(able, min(abs(difference), len(able))):
            found[county] += step
    return found


def _since(rng: random.Random, today: date, new: bool) -> str:
    """The day of the post: since the beginning of last year, or in the five years before."""
    begin = date(today.year - 1, 1, 1)
    if new:
        return (begin + timedelta(days=rng.randrange((today - begin).days))).isoformat()
    return (begin - timedelta(days=rng.randint(1, 1_800))).isoformat()
