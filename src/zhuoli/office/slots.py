"""Times of the directory's providers: which are open, which are taken, which come next.

A provider is known by its Chinese name, as it stands in the answer. Somebody who is not in the directory has no hours that could
be checked, but is given to one case at a time all the same.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from zhuoli.core.text import Text
from zhuoli.core.worktime import Calendar, instant_text
from zhuoli.environment import read_environment
from zhuoli.places.providers import FILE, Provider, read_providers
from zhuoli.store.models import BookingRecord

if TYPE_CHECKING:
    from zhuoli.store.append import Work

AHEAD = 21
"""So many days are looked ahead for free times."""
SHOWN = 3

_read: dict[Path, tuple[float, list[Provider]]] = {}


def directory_file() -> Path:
    """Return where the office keeps its table."""
    return read_environment().data / FILE


def providers() -> list[Provider]:
    """Return the directory, read anew when the table has changed."""
    path = directory_file()
    changed = path.stat().st_mtime if path.is_file() else 0.0
    known = _read.get(path)
    if known is None or known[0] != changed:
        known = _read[path] = (changed, read_providers(path)[0])
    return known[1]


def provider_named(name: str) -> Provider | None:
    """Return the provider of this Chinese name."""
    return next((each for each in providers() if each.name.zh == name), None)


def free_times(
    provider: Provider, now: int, calendar: Calendar, most: int, alias: str = "default"
) -> list[int]:
    """Return the next free times (ms UTC) of a provider; one statement."""
    taken = set(
        BookingRecord.objects.using(alias)
        .filter(provider=provider.name.zh, at__gt=now)
        .values_list("at", flat=True)
    )
    return list(islice((at for at in provider.starts(now, AHEAD, calendar) if at not in taken), most))


class OfficeSlots:
    """What the office knows of times within one transaction."""

    def __init__(self, store: Work, calendar: Calendar, now: int, alias: str) -> None:
        self._store, self._calendar, self._now, self._alias = store, calendar, now, alias

    def objection(self, provider: str, at: int, case: int) -> tuple[Text, Text] | None:
        """Return why the time cannot be had and which are free, or None."""
        known = provider_named(provider)
        if known is not None and not known.opens(at, self._calendar):
            said = Text("{at} {name}不接待", "{name} receives nobody at {at}")
        elif self._store.booked(provider, at) not in (None, case):
            said = Text("{at} {name}已经约给别人了", "{name} is taken at {at}")
        else:
            return None
        name = known.name if known is not None else Text(provider, provider)
        return said.format(at=instant_text(at), name=name), self._remedy(known)

    def _remedy(self, known: Provider | None) -> Text:
        free = free_times(known, self._now, self._calendar, SHOWN, self._alias) if known is not None else []
        if not free:
            return Text("请另选一个时间", "Choose another time")
        times = [instant_text(each) for each in free]
        return Text(
            f"最近的空闲：{'；'.join(each.zh for each in times)}",
            f"The next free times: {'; '.join(each.en for each in times)}",
        )
