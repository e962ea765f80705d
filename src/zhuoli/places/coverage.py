"""Which villages have an auxiliary, so that the figures of the report hold over the real list (报道：一村一辅警).

Cited: 10,776 auxiliaries; Wuwei, Jinchang and Jiayuguan at least 80 %; 14 counties complete, three of them in Lanzhou, whose
rural share is 77 %. The report's 67 % are of 16,083 villages; the list of 2023 has 15,507, of which 10,776 are 69.5 %:
screens show both. Which counties are complete is not cited (but for their number), so it is drawn, always in the same way:
posts are *generated* like the units, until an office enters its own.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

from zhuoli.places.divisions import packaged_divisions

TOTAL = 10_776
"""Auxiliaries in villages, as the report says."""
REPORTED_VILLAGES = 16_083
"""The villages of which the report's 67 % are."""
REPORTED_SHARE = 67
"""Percent, as the report says."""
_COMPLETE, _IN_LANZHOU, _LANZHOU = 14, 3, 0.77
_AT_LEAST_80 = ("6202", "6203", "6206")


@cache
def villages_with_post() -> frozenset[str]:
    """Return the 10,776 of the packaged list's villages (12-digit codes) that have a post."""
    rows = packaged_divisions()
    county = {each.code: each.parent for each in rows if each.level == "township"}
    return chosen([(each.code, county[each.parent]) for each in rows if each.level == "village"])


def chosen(villages: Sequence[tuple[str, str]], seed: int = 1) -> frozenset[str]:
    """Draw the villages with a post from those given as (code, county)."""
    rng = random.Random(f"coverage {seed}")  # noqa: S311 - generated rows
    by_county: dict[str, list[str]] = {}
    for code, county in villages:
        by_county.setdefault(county, []).append(code)
    quota = quotas({county: len(codes) for county, codes in by_county.items()}, rng)
    return frozenset(code for county, codes in by_county.items() for code in rng.sample(codes, quota[county]))


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
