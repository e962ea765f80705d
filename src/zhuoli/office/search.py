"""Finding by words, the same on both databases.

Matters are found by grams: pairs of neighbouring characters for Chinese, whole words for the rest. Cases are found by
the plain words that are kept of each (``zhuoli.office.words``): every word that was typed must occur in them, as it
stands. That needs no grams, finds a single character, and costs one look-up for each case of the queue. Nothing sealed
is among those words, so no search can tell anything of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from zhuoli.office.words import plain
from zhuoli.store.models import WordsRecord

MOST_WORDS = 6
"""So many words of a search count; the rest is left out."""

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def grams(text: str) -> list[str]:
    """Return the grams of a text, each once, in order of appearance.

    A run of Chinese characters gives its pairs (a single character itself); other runs of letters and digits give
    the word, in lower case, full-width letters made narrow.
    """
    found: dict[str, None] = {}
    for run in _RUN.findall(plain(text)):
        if not _CHINESE.match(run):
            found[_stem(run)] = None
        elif len(run) == 1:
            found[run] = None
        else:
            for i in range(len(run) - 1):
                found[run[i : i + 2]] = None
    return list(found)


def having(said: str, column: str) -> Q:
    """Return the condition that everything said occurs in the words of the case that ``column`` names.

    Letters are compared without case and width; what has a special meaning in patterns has none here.
    """
    wanted = Q()
    for word in plain(said).split()[:MOST_WORDS]:
        wanted &= Q(words__contains=word)
    return Q(Exists(WordsRecord.objects.filter(wanted, case_id=OuterRef(column))))


def _stem(word: str) -> str:
    """Drop a plural s, so that lights finds light; nothing cleverer."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def resemblance(
    asked: Iterable[str], title: Iterable[str], words: Iterable[str], rest: Iterable[str]
) -> float:
    """Return how well a matter fits what somebody said: shared grams, its own words and title weighing more.

    0 means that nothing is shared.
    """
    said = set(asked)
    return 3.0 * len(said & set(words)) + 2.0 * len(said & set(title)) + 0.25 * len(said & set(rest))
