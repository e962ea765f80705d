"""Finding by words, the same on both databases.

Matters are found by grams: pairs of neighbouring characters for Chinese, whole words for the rest. Cases are found
by what their state says in plain: the states of one queue are read and looked through, a bounded number of them.
So no index of anybody's words exists that would have to be kept out of replay and erased with the person, and
what is sealed cannot be searched without a look.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from zhuoli.core.case.state import Case
from zhuoli.store.codec import decode_state
from zhuoli.store.models import StateRecord

SEARCHED = 2000
"""So many cases of a queue are looked through, the most urgent ones."""

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


def find_in(cases: Iterable[int], said: str, words_of: Callable[[Case], Iterable[str]]) -> tuple[int, ...]:
    """Return those of the cases in whose words everything that was said occurs; one statement.

    ``words_of`` gives the plain words of a case. Letters are compared without case and width.
    """
    wanted = plain(said).split()
    found: list[int] = []
    for number, state in StateRecord.objects.filter(case_id__in=list(cases)).values_list("case_id", "state"):
        text = plain("\n".join(words_of(decode_state(state))))
        if all(word in text for word in wanted):
            found.append(number)
    return tuple(found)


def plain(text: str) -> str:
    """Return a text as it is compared: narrow letters, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


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
