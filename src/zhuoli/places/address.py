"""Finding a place by the words of an address: 城关区酒泉路, chengguan jiuquan, jqljd.

People write several levels in one go and leave endings out. A division is found when its own name, without the
ending, stands in the words; each level above it that stands there, too, makes it more certain.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from zhuoli.places.divisions import Division
from zhuoli.places.english import _split, without_peoples
from zhuoli.places.index import Places

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_NEVER_ALONE = 2
"""Names of fewer characters are only taken with their ending: 成县, not 成."""
_ENOUGH = 3
"""A name of so many characters is certain by itself where it is unique in the province."""


class Hit(msgspec.Struct, frozen=True):
    """A division that the words name: how many characters agree, and how many of them are its own."""

    division: Division
    score: int
    own: int


def find(places: Places, words: str, limit: int = 8) -> tuple[Division, ...]:
    """Return the divisions that the words may mean, the likeliest first.

    Parts of names, pinyin and pinyin initials count, and several levels in one go.
    """
    found = dict.fromkeys(places.search(words, limit=limit))
    if _CHINESE.search(words):
        found.update(dict.fromkeys(hit.division for hit in hits(places, words)))
    else:
        found.update(dict.fromkeys(_by_sound(places, words.lower().split())))
    return tuple(found)[:limit]


def certain(places: Places, words: str) -> Division | None:
    """Return the place that a sentence names beyond doubt, at county level or below; else None."""
    found = hits(places, words)
    if not found:
        return None
    best = found[0]
    if len(found) > 1 and (found[1].score, found[1].own) == (best.score, best.own):
        return None
    if best.division.level in ("province", "prefecture"):
        return None
    alone = best.score == best.own
    return None if alone and best.own < _ENOUGH else best.division


def hits(places: Places, words: str) -> list[Hit]:
    """Return the divisions whose names stand in the words, the likeliest first."""
    plain = "".join(words.split())
    named = {each.code: stem for each, stem in _stems(places) if stem in plain}
    found = []
    for each, stem in _stems(places):
        if each.code not in named:
            continue
        above = {named[upper.code] for upper in places.path(each.code)[:-1] if upper.code in named}
        score = len(stem) + sum(len(name) for name in above if name != stem)
        # 安宁区 rather than the community of 安宁 somewhere else: the ending is said, too.
        own = len(each.name_zh) if each.name_zh in plain else len(stem)
        found.append(Hit(each, score + own - len(stem), own))
    return sorted(found, key=lambda hit: (-hit.score, -hit.own))


@lru_cache(maxsize=2)
def _stems(places: Places) -> tuple[tuple[Division, str], ...]:
    return tuple((each, _stem(each)) for each in places.all if each.level != "province")


def _stem(division: Division) -> str:
    stem = without_peoples(_split(division.name_zh, division.level)[0])
    return stem if len(stem) >= _NEVER_ALONE else division.name_zh


def _by_sound(places: Places, tokens: list[str]) -> list[Division]:
    if len(tokens) < 2:
        return []
    found: dict[Division, None] = {}
    for number, token in enumerate(tokens):
        others = tokens[:number] + tokens[number + 1 :]
        for each in places.search(token, limit=200):
            above = places.path(each.code)[:-1]
            if all(any(_sounds(upper, other) for upper in above) for other in others):
                found[each] = None
    return list(found)


def _sounds(division: Division, token: str) -> bool:
    plain = division.name_en.lower().replace("'", "").replace(" ", "")
    return division.initials == token or plain.startswith(token)
