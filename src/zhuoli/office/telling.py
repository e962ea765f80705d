"""Who must be told of what has happened: worked out with each command, and kept in the same transaction.

So nobody is asked for something without being told, even if the process dies the moment after. What is said, and over
which channel, is worked out when the message is sent (``zhuoli.channels.messages``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from zhuoli.core.case import events as e
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """One message: to a party or to a unit, and about what (see ``OutboxRecord``)."""

    about: str
    party: str = ""
    unit: str = ""


def tellings(plan: Plan, after: Case, events: Iterable[e.Event], *, staff: bool) -> Iterator[Telling]:
    """Give the messages that follow from the events of one command; ``staff`` says whether units are told, too."""
    file = ""
    for event in events:
        kind = type(event)
        if kind is e.Attached:
            file = event.file  # type: ignore[attr-defined]
        elif kind is e.Activated:
            if event.party and event.party not in after.erased:  # type: ignore[attr-defined]
                yield Telling(about=f"task {event.item} {event.run}", party=event.party)  # type: ignore[attr-defined]
        elif kind is e.Completed:
            yield from _notice(plan, after, event.item, file)  # type: ignore[attr-defined]
        elif kind is e.ShareAnswered:
            if event.party not in after.erased:  # type: ignore[attr-defined]
                yield Telling(about=f"answer {event.kind}", party=event.party)  # type: ignore[attr-defined]
        elif staff:
            yield from _to_units(after, event)


def _notice(plan: Plan, after: Case, item: str, file: str) -> Iterator[Telling]:
    """Give the message that a notice was issued, to whom it is for."""
    service = plan.service(item) if file else None
    if service is None or service.call != "notice.issue":
        return
    party = after.parties.get(str(service.give.get("to", "")), "")
    if party and party not in after.erased:
        yield Telling(about=f"notice {service.give.get('notice')} {file}", party=party)


def _to_units(after: Case, event: e.Event) -> Iterator[Telling]:
    if isinstance(event, e.Routed) and event.unit:
        yield Telling(about="new", unit=event.unit)
    elif isinstance(event, e.Joined):
        yield Telling(about="join", unit=event.unit)
    elif isinstance(event, e.Shared):
        yield Telling(about="share", unit=event.unit)
    elif isinstance(event, e.Urged) and after.unit:
        yield Telling(about="urge", unit=after.unit)
    elif isinstance(event, e.Supervised) and after.unit:
        yield Telling(about="order", unit=after.unit)
