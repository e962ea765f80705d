"""Sends what waits in the outbox: at least once, in decent hours, not too often, and every attempt is kept.

Several messages to the same person become one. What was done in the meantime is not asked for any more. When a channel
fails the sender tries again, later each time, and in the end leaves it to a person: the desk of the responsible unit
has the list. Nothing here changes a case.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Event as Flag
from typing import TYPE_CHECKING, Any, Literal

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from zhuoli.channels.messages import words
from zhuoli.channels.messages.addresses import Address, addresses
from zhuoli.channels.messages.links import make_token
from zhuoli.channels.messages.settings import Channels, send
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case, in_earnest
from zhuoli.core.worktime import instant_of, local
from zhuoli.office import read
from zhuoli.office.one_time_codes import ABOUT, OneTimeCodes
from zhuoli.store.models import AttemptRecord, OutboxRecord, WishRecord

if TYPE_CHECKING:
    from zhuoli.office.handle import Office

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
MORNING, EVENING = 8, 21
"""Hours (Asia/Shanghai) between which people are told; urgent matters at any hour."""
BACKOFF = (MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 8 * HOUR)
"""Waits after each failure; after the last one a person is asked."""
CODE_BACKOFF = (10_000, 20_000)
"""The same for a code: whoever waits for it is told in the form when it is given up."""
STALE = 3 * DAY
"""What could not be told for so long is not news any more."""
LEASE = 2 * MINUTE
BATCH = 20
MOST_A_DAY, APART = 5, 10 * MINUTE
"""Messages to one person of one case in 24 hours, and the least time between two."""
MOST_WAITED_FOR = 12
"""So many in 24 hours to whoever stands there and waits: no side of an accident waits a day for its determination."""
MOST_A_MINUTE = 60
"""Messages of all senders together; codes go out even so."""

Outcome = Literal[
    "sent", "merged", "failed", "done", "stale", "unwanted", "no_address", "no_channel", "by_hand"
]
Send = Callable[[str, str, str], bool]


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What one round did: messages sent, failed attempts, messages put off, messages that were not needed."""

    sent: int = 0
    failed: int = 0
    put_off: int = 0
    dropped: int = 0

    @property
    def total(self) -> int:
        """How many messages were looked at."""
        return self.sent + self.failed + self.put_off + self.dropped


class Sender:
    """Takes waiting messages in batches. Any number of senders may run."""

    def __init__(
        self, office: Office, channels: Channels, *, address: str = "", demo: bool = False, send: Send = send
    ) -> None:
        self.office, self.channels = office, channels
        self._address, self._demo, self._send = address, demo, send

    def run_once(self) -> Sent:
        """Take one batch of what waits, and send it."""
        now = self.office.clock()
        self._all().filter(ended__isnull=True, made__lt=now - STALE).update(ended=now, outcome="stale")
        counts = dict.fromkeys(Sent.__struct_fields__, 0)
        full = self._attempts().filter(at__gt=now - MINUTE).count() >= MOST_A_MINUTE
        together: dict[tuple[int, str, str, str], list[OutboxRecord]] = {}
        # Somebody stands there and waits for a code: it never waits behind the news of others.
        for record in self._take(now, codes=True) or ([] if full else self._take(now)):
            # A code is a message of its own: somebody waits for it, and it says nothing else.
            alone = record.about if is_code(record.about) else ""
            together.setdefault((record.case_id, record.party, record.unit, alone), []).append(record)
        for records in together.values():
            counts[self._tell(records, now)] += len(records)
        return Sent(**counts)

    def run(self, stop: Flag, idle: float = 5.0) -> None:
        """Send until ``stop`` is set; look again after ``idle`` seconds."""
        while not stop.wait(idle):
            while self.run_once().sent and not stop.is_set():
                pass

    def _take(self, now: int, *, codes: bool = False) -> list[OutboxRecord]:
        """Lease a batch of messages whose time has come; ``codes``: only those that carry one."""
        waiting = self._all().filter(ended__isnull=True, not_before__lte=now, lease_until__lte=now)
        if codes:
            waiting = waiting.filter(about__startswith=f"{ABOUT} ")
        with transaction.atomic(using=self.office.alias):
            found = list(waiting.order_by("not_before", "id").select_for_update(skip_locked=True)[:BATCH])
            self._those(found).update(lease_until=now + LEASE)
        return found

    def _tell(self, records: list[OutboxRecord], now: int) -> str:
        """Tell one person or unit of everything that waits for them; return the name of the count."""
        case = read.load_state(records[0].case_id, self.office.alias)
        plan = self.office.library.pinned(case.version, case.scenario)
        if is_code(records[0].about):
            return self._tell_code(plan, case, records[0], now)
        needed = [record for record in records if _is_news(case, record)]
        self._end([record for record in records if record not in needed], "done", now)
        if not needed:
            return "dropped"
        first = max(needed, key=lambda record: _weight(case, record))
        if first.unit:
            return self._tell_unit(case, first, needed, now)
        return self._tell_person(plan, case, first, needed, now)

    def _tell_person(
        self, plan: Plan, case: Case, first: OutboxRecord, records: list[OutboxRecord], now: int
    ) -> str:
        wish = WishRecord.objects.using(self.office.alias).filter(case_id=case.id, party=first.party).first()
        if wish is not None and not wish.told:
            return self._end(records, "unwanted", now)
        later = self._decent(case, first, now)
        if later > now:
            self._those(records).update(not_before=later, lease_until=0)
            return "put_off"
        found = addresses(self.office, plan, case, first.party)
        if not found:
            return self._end(records, "no_address", now)
        language = wish.language if wish is not None else "zh"
        link = f"{self._address}/{language}/m/{make_token(self.office, first)}/"
        said = words.to_person(plan, case, first.about, link).in_language(language)
        for address in found:
            url = self.channels.person(address.kind, address.to)
            if url or self._demo:
                ok = self._attempt(first, url, address, words.TITLE.in_language(language), said, now)
                return self._after(first, records, now, ok=ok)
        return self._end(records, "no_channel", now)

    def _tell_code(self, plan: Plan, case: Case, record: OutboxRecord, now: int) -> str:
        """Send a one-time code at once, at any hour; one that is over by now is not sent."""
        system = self.office.signing
        code = system.code(record.about, now) if isinstance(system, OneTimeCodes) else ""
        if not code or record.party in case.erased:
            return self._end([record], "stale", now)
        found = [each for each in addresses(self.office, plan, case, record.party) if each.kind == "sms"]
        if not found:
            return self._end([record], "no_address", now)
        wish = WishRecord.objects.using(self.office.alias).filter(case_id=case.id, party=record.party).first()
        said = words.with_code(case, code).in_language(wish.language if wish is not None else "zh")
        url = self.channels.person("sms", found[0].to)
        if not url and not self._demo:
            return self._end([record], "no_channel", now)
        ok = self._attempt(record, url, found[0], words.TITLE.zh, said, now)
        return self._after(record, [record], now, ok=ok)

    def _tell_unit(self, case: Case, first: OutboxRecord, records: list[OutboxRecord], now: int) -> str:
        urls = self.channels.unit(first.unit)
        if not urls:
            return self._end(records, "no_channel", now)
        onward = "/zh/desk/shared/" if first.about == "share" else f"/zh/desk/cases/{case.id}/"
        said = words.to_unit(case, first.about, f"{self._address}{onward}")
        body = f"{said.zh}\n{said.en}"
        address = Address("sms", "", first.unit)
        results = [self._attempt(first, url, address, words.STAFF_TITLE.zh, body, now) for url in urls]
        return self._after(first, records, now, ok=any(results))

    def _attempt(
        self, record: OutboxRecord, url: str, address: Address, title: str, body: str, now: int
    ) -> bool:
        """Send once and keep that it was tried; in the demonstration nothing leaves the house."""
        ok = self._demo or self._send(url, title, body)
        channel = "demo" if self._demo else "staff" if record.unit else address.kind
        self._attempts().create(
            message_id=record.id,
            case_id=record.case_id,
            party=record.party,
            channel=channel,
            to=address.masked,
            at=now,
            ok=ok,
        )
        return ok

    def _after(self, first: OutboxRecord, records: list[OutboxRecord], now: int, *, ok: bool) -> str:
        if ok:
            self._all().filter(id=first.id).update(sent=now)
            self._end([first], "sent", now)
            self._end([record for record in records if record.id != first.id], "merged", now)
            return "sent"
        backoff = CODE_BACKOFF if is_code(first.about) else BACKOFF
        if first.tries >= len(backoff):
            self._end(records, "failed", now)
            return "failed"
        later = now + backoff[first.tries]
        self._those(records).update(tries=first.tries + 1, not_before=later, lease_until=0)
        return "failed"

    def _decent(self, case: Case, first: OutboxRecord, now: int) -> int:
        """Return the earliest instant (ms UTC) at which this person may be told."""
        waits = _waits(case, first, now)
        most = MOST_WAITED_FOR if waits else MOST_A_DAY
        told = list(
            self._attempts()
            .filter(case_id=case.id, party=first.party, ok=True, at__gt=now - DAY)
            .exclude(
                message_id__in=self._all().filter(case_id=case.id, about__startswith=f"{ABOUT} ").values("id")
            )
            .order_by("-at")
            .values_list("at", flat=True)[:most]
        )
        at = now
        if told and not waits:
            at = max(at, told[0] + APART)
        if len(told) >= most:
            at = max(at, told[-1] + DAY)
        return at if case.priority == "urgent" or (waits and at == now) else daytime(at)

    def _end(self, records: list[OutboxRecord], outcome: Outcome, now: int) -> str:
        self._those(records).update(ended=now, outcome=outcome, lease_until=0)
        return "dropped"

    def _those(self, records: list[OutboxRecord]) -> QuerySet[OutboxRecord]:
        return self._all().filter(id__in=[record.id for record in records])

    def _all(self) -> QuerySet[OutboxRecord]:
        return OutboxRecord.objects.using(self.office.alias)

    def _attempts(self) -> Any:
        return AttemptRecord.objects.using(self.office.alias)


def is_code(about: str) -> bool:
    """Whether a message carries a one-time code."""
    return about.startswith(f"{ABOUT} ")


def _weight(case: Case, record: OutboxRecord) -> tuple[bool, bool, int, int]:
    """Return what puts one of several messages first: what is asked before what is told; of that what is asked in earnest before
    what one merely may do, and the soonest; then the newest."""
    kind, _, rest = record.about.partition(" ")
    if kind != "task":
        return False, False, 0, record.id
    name = rest.partition(" ")[0]
    clock = case.clocks.get(name)
    due = clock.due if clock is not None else None
    return True, in_earnest(case, name), -due if due is not None else -(1 << 62), record.id


def _waits(case: Case, record: OutboxRecord, now: int) -> bool:
    """Whether somebody stands there and waits: what is asked is promised within the hour (two drivers at the roadside), or
    they did something in this matter within the last one."""
    kind, _, rest = record.about.partition(" ")
    clock = case.clocks.get(rest.partition(" ")[0]) if kind == "task" else None
    term = clock.promised if clock is not None and clock.ended is None else None
    due = term.due if term is not None else None
    if clock is not None and due is not None and due - clock.start <= HOUR and now <= due + HOUR:
        return True
    return any(
        item.party == record.party and item.ended is not None and now - HOUR <= item.ended
        for item in case.items.values()
    )


def daytime(instant: int) -> int:
    """Return an instant (ms UTC), or the next morning when it lies in the quiet hours."""
    here = local(instant)
    if MORNING <= here.hour < EVENING:
        return instant
    morning = here.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return instant_of(morning if here.hour < MORNING else morning + timedelta(days=1))


def _is_news(case: Case, record: OutboxRecord) -> bool:
    """Whether a message is still of use: its party is there, and what it asks for was not done meanwhile."""
    if record.party and record.party in case.erased:
        return False
    kind, _, rest = record.about.partition(" ")
    if kind != "task":
        return True
    name, _, run = rest.partition(" ")
    item = case.items.get(name)
    return item is not None and item.state == "active" and str(item.run) == run
