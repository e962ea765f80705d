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
_REMEMBERED = 20_000


def words_of(plan: Plan, case: Case, directory: Directory) -> str:
    """Return the plain words of a case in both languages, as they are compared."""
    told = _beginning(directory, plan.scenario.title, case.territory).copy()
    answers, personal = case.answers, case.personal
    for form in plan.forms.values():
        for asked in form.questions.values():
            full = asked.full
            if full in answers and full not in personal and asked.question.type in _TYPES:
                value = answers[full]
                if value is not None:
                    told.update(dict.fromkeys(_answer(asked.question, value, directory)))
    return "\n".join(told)


class _Beginnings:
    """The words of matter and place come again with every case of the place; they stand in one directory."""

    __slots__ = ("directory", "known")

    def __init__(self, directory: Directory | None) -> None:
        self.directory = directory
        self.known: dict[tuple[Text, str], dict[str, None]] = {}


_beginnings = _Beginnings(None)


def _beginning(directory: Directory, title: Text, territory: str) -> dict[str, None]:
    """Return the words of the matter and of its place, which the caller does not change."""
    global _beginnings  # put in its place as a whole, so that threads need no lock
    kept = _beginnings
    if kept.directory is not directory or len(kept.known) > _REMEMBERED:
        kept = _beginnings = _Beginnings(directory)
    found = kept.known.get((title, territory))
    if found is None:
        found = dict.fromkeys(_both(title))
        for length in _LEVELS:
            place = directory.place(territory[:length].ljust(12, "0"))
            if place is not None:
                found.update(dict.fromkeys(_both(place)))
        kept.known[title, territory] = found
    return found


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
