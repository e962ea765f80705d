"""Finding by words: pairs of neighbouring characters for Chinese, whole words for the rest.

Both databases are asked in the same way, by equality on short grams made here, because SQLite's own index
finds nothing for two characters and PostgreSQL has no word breaker for Chinese.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def grams(text: str) -> list[str]:
    """Return the grams of a text, each once, in order of appearance.

    A run of Chinese characters gives its pairs (a single character itself); other runs of letters and digits give
    the word, in lower case, full-width letters made narrow.
    """
    found: dict[str, None] = {}
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if not _CHINESE.match(run):
            found[_stem(run)] = None
        elif len(run) == 1:
            found[run] = None
        else:
            for i in range(len(run) - 1):
                found[run[i : i + 2]] = None
    return list(found)


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
