"""The plain words of a case, by which it is found: its matter, its place, and the answers that are nobody's own.

Sealed answers are not in them, nor what somebody wrote in their own words as a personal answer. So the words can be
made again from the state at any time (``missing_words``), and nothing is lost with them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from zhuoli.core.case.facts import Directory
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.model import Question
from zhuoli.core.text import Text

_TYPES = frozenset({"text", "long_text", "choice", "many", "place", "credit_code"})
_LEVELS = (4, 6, 9, 12)
_NOWHERE = Text("", "")


def words_of(plan: Plan, case: Case, directory: Directory) -> str:
    """Return the plain words of a case in both languages, as they are compared."""
    told = dict.fromkeys(_both(plan.scenario.title))
    for length in _LEVELS:
        place = directory.place(case.territory[:length].ljust(12, "0"))
        if place is not None:
            told.update(dict.fromkeys(_both(place)))
    for form in plan.forms.values():
        for asked in form.questions.values():
            value = case.answers.get(asked.full)
            if value is not None and asked.full not in case.personal and asked.question.type in _TYPES:
                told.update(dict.fromkeys(_answer(asked.question, value, directory)))
    return "\n".join(told)


def plain(text: str) -> str:
    """Return a text as it is compared: narrow letters, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def tells_anew(before: Case, after: Case) -> bool:
    """Whether the words of a case may have changed between two of its states."""
    if before.seq == 0 or before.territory != after.territory:
        return True
    if before.answers == after.answers:
        return False
    changed = before.answers.keys() ^ after.answers.keys()
    changed |= {name for name, value in after.answers.items() if before.answers.get(name) != value}
    return not all(name.endswith(".outcome") or name.startswith("case.") for name in changed)


def _answer(question: Question, value: object, directory: Directory) -> Iterator[str]:
    for each in value if isinstance(value, (list, tuple)) else (value,):
        choice = question.choices.get(str(each))
        if choice is not None:
            yield from _both(choice.title)
        elif question.type == "place":
            yield from _both(directory.place(str(each)) or _NOWHERE)
        else:
            yield plain(str(each))


@lru_cache(maxsize=10_000)
def _both(text: Text) -> tuple[str, str]:
    """Return both languages as they are compared; titles and places come again and again."""
    return plain(text.zh), plain(text.en)
