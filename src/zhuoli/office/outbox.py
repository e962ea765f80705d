"""Messages that wait for a channel, sealed with the key of whoever they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.store.append import Work
from zhuoli.store.driver import open_driver
from zhuoli.store.models import CaseRecord, KeyRecord, OutboxRecord

if TYPE_CHECKING:
    from zhuoli.office.handle import Office

MOST_TO_CALL = 100
"""So many people to call are counted and shown."""
_TITLE = "outbox.title"
_BODY = "outbox.body"


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message in plain; ``body`` is Markdown. Instants in ms UTC."""

    id: int
    case: int
    party: str
    unit: str
    notice: str
    title: Text
    body: Text
    made: int
    sent: int | None


def enqueue(
    office: Office,
    state: Case,
    *,
    key: str,
    notice: str,
    title: Text,
    body: Text,
    party: str = "",
    unit: str = "",
) -> bool:
    """Put a message to a party (or a unit) into the outbox; the same key again is the same message.

    False: the party was erased, so there is nobody to tell.
    """
    if party in state.erased:
        return False
    now = office.clock()
    driver = open_driver(office.alias)
    work = Work(driver, office.ring)
    try:
        driver.begin()
        stored = work.load(state.id)
        if stored is None or party in stored.state.erased:
            driver.rollback()
            return False
        sealing = work.keys(stored.state, {party})[party]
        work.add_message(
            key,
            state.id,
            party,
            unit,
            notice,
            sealing.seal(_TITLE, msgspec.json.encode(title).decode()),
            sealing.seal(_BODY, msgspec.json.encode(body).decode()),
            now,
        )
        work.prepare()
        work.write()
        driver.commit()
    except BaseException:
        driver.rollback()
        raise
    work.committed()
    return True


def messages(office: Office, case: int, party: str) -> list[Message]:
    """Return the messages to a party of a case, oldest first, in plain: they are for the party's own eyes."""
    found = (
        OutboxRecord.objects.using(office.alias)
        .filter(case_id=case, party=party)
        .exclude(title="")
        .order_by("id")
    )
    return [message for record in found if (message := _opened(office, record)) is not None]


def waiting(office: Office, most: int = 100) -> list[Message]:
    """Return messages that no channel has sent yet, oldest first."""
    found = (
        OutboxRecord.objects.using(office.alias)
        .filter(sent__isnull=True, ended__isnull=True)
        .exclude(title="")
        .order_by("made", "id")[:most]
    )
    return [message for record in found if (message := _opened(office, record)) is not None]


def mark_sent(office: Office, message: int, at: int) -> None:
    """Note that a channel has sent a message (ms UTC)."""
    OutboxRecord.objects.using(office.alias).filter(id=message, sent__isnull=True).update(sent=at)


def to_call(unit: str) -> QuerySet[OutboxRecord]:
    """Return the messages to people that no channel could send, for the unit that must call them: who answers for the
    case, and who dispatches it while nobody does. Oldest first."""
    here = Q(unit=unit) | Q(unit="", dispatcher=unit)
    cases = CaseRecord.objects.filter(here, id=OuterRef("case_id"))
    return (
        OutboxRecord.objects.filter(Exists(cases), outcome="failed")
        .exclude(party="")
        .exclude(about__startswith="code ")  # whoever waited for it was told in the form
        .order_by("made", "id")
    )


def count_to_call(unit: str) -> int:
    """Return how many people a unit must call, ``MOST_TO_CALL`` at most; one statement."""
    return len(set(to_call(unit).order_by().values_list("case_id", "party")[:MOST_TO_CALL]))


def take_to_call(record: OutboxRecord, now: int) -> list[int]:
    """Take off the list what could not be sent to one person of one case, because they were told (ms UTC); return what
    was taken off, nothing if somebody was quicker. One call tells all of it."""
    waiting = OutboxRecord.objects.filter(case_id=record.case_id, party=record.party, outcome="failed")
    with transaction.atomic():
        taken = list(waiting.values_list("id", flat=True))
        changed = waiting.filter(id__in=taken).update(outcome="by_hand", ended=now)
    return taken if changed else []


def give_back(taken: list[int]) -> None:
    """Put messages back on the list: what was to be noted could not be."""
    OutboxRecord.objects.filter(id__in=taken, outcome="by_hand").update(outcome="failed")


def _opened(office: Office, record: OutboxRecord) -> Message | None:
    wrapped = (
        KeyRecord.objects.using(office.alias)
        .filter(case_id=record.case_id, party=record.party)
        .values_list("wrapped", flat=True)
        .first()
    )
    if wrapped is None:
        return None
    key = office.ring.key(record.case_id, record.party, bytes(wrapped))
    return Message(
        id=record.id,
        case=record.case_id,
        party=record.party,
        unit=record.unit,
        notice=record.notice,
        title=msgspec.json.decode(key.open(_TITLE, record.title), type=Text),
        body=msgspec.json.decode(key.open(_BODY, record.body), type=Text),
        made=record.made,
        sent=record.sent,
    )
