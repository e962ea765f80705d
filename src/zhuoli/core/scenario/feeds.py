"""What ended cases of a scenario are counted for: each is one row of a register that the loop feeds (``feeds.yaml``).

A row says what happened, where and how it ended, never to whom: its columns are made of answers that belong to nobody. Whether
the register takes such rows is looked at where the registers are known (``zhuoli.lake.feed_check``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from zhuoli.core.feel import TEXT, Type

KEY = "case_id"
"""The field of the register that says from which case a row is; it is filled in by itself."""
COUNTY = "case.county"
"""The county of a case as a code of 12 digits."""
REFERENCE = re.compile(r"\breference\.[a-z0-9_]{1,40}\b")
"""A number that another system has given the matter, by the system's key: ``reference.hotline``."""


class FeedValue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to a column's value: an expression, and when it is to be used.

    It is passed over where ``when`` does not hold, or where a name that it needs has no value.
    """

    value: str
    when: str = ""


class Feed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which cases are a row of a register, and of what its columns are made; of several ways the first that gives a value counts.

    A case is a row for as long as it is answered with one of ``results`` and ``when`` holds: one that is withdrawn, refused, merged
    or handled again is none.
    """

    results: tuple[str, ...]
    when: str = ""
    row: dict[str, tuple[FeedValue, ...]]

    def written(self) -> Iterator[str]:
        """Give every expression."""
        yield self.when
        for ways in self.row.values():
            for way in ways:
                yield way.value
                yield way.when


def feed_names(feed: Feed, known: Mapping[str, Type]) -> dict[str, Type]:
    """Return the names that a feed may use: ``known`` ones, the county, and numbers of other systems that it names."""
    references = {name: TEXT for text in feed.written() for name in REFERENCE.findall(text)}
    return {**known, COUNTY: TEXT, **references}
