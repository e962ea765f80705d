"""Earlier cases about the same organisation or place, counted within the transaction of a command (decision 0013)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from zhuoli.core.case.earlier import Earlier, Given, counted
from zhuoli.core.scenario.model import EarlierCount
from zhuoli.office.stories import is_story
from zhuoli.store.append import Work

_GIVEN: ContextVar[Earlier | None] = ContextVar("earlier cases", default=None)


@contextmanager
def given_earlier(counts: Mapping[str, int]) -> Iterator[None]:
    """Let earlier cases be counted as a worked example assumes, for as long as its story is played."""
    token = _GIVEN.set(Given(counts))
    try:
        yield
    finally:
        _GIVEN.reset(token)


def earlier_cases(store: Work) -> Earlier:
    """Return how earlier cases are counted within a transaction: as they are, or as a worked example assumes."""
    return _GIVEN.get() or _EarlierCases(store)


class _EarlierCases:
    """Counts earlier cases within a transaction; cases of stories and of the city do not count for each other."""

    def __init__(self, store: Work) -> None:
        self._store = store

    def times(self, scenario: str, about: str, name: str, wanted: EarlierCount, since: int, but: int) -> int:
        """Return how many cases about the same are wanted."""
        story = is_story(but)
        cases = [each for each in self._store.about(scenario, about) if is_story(each.case) == story]
        return counted(cases, wanted, since, but)
