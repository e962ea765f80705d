"""A link to a paper that has run out, or was lost, is sent anew: to the telephone of the person whose it was, never shown.

Who asks need not be believed: what is sent goes to the number that this person gave, at most once a day.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from zhuoli.channels.messages.addresses import PURPOSE
from zhuoli.channels.messages.links import record_of
from zhuoli.core.case.facts import SYSTEM
from zhuoli.core.case.state import Case
from zhuoli.core.worktime.instants import day_of
from zhuoli.office import read
from zhuoli.office.one_time_codes import phone_fields
from zhuoli.store.models import OutboxRecord

if TYPE_CHECKING:
    from zhuoli.office.handle import Office

LASTING = ("notice", "answer")
"""What messages are about that leads to something of lasting use."""


def renew(office: Office, token: str) -> bool:
    """Send a link in the place of one that has run out; False when it is none, or was about something that ended by itself."""
    record = record_of(office, token)
    if record is None or record.about.partition(" ")[0] not in LASTING:
        return False
    _again(office, record)
    return True


def send_again(office: Office, case: Case, telephone: str) -> None:
    """Send whoever has this telephone in a case the link to the last paper that was issued to them; nobody else anything.

    Nothing is returned: whether somebody has this telephone is nobody's business.
    """
    wanted = _digits(telephone)
    plan = office.library.pinned(case.version, case.scenario)
    for party in dict.fromkeys(case.parties.values()):
        last = (
            OutboxRecord.objects.using(office.alias)
            .filter(case_id=case.id, party=party, about__startswith="notice ")
            .order_by("-id")
            .first()
        )
        fields = phone_fields(plan, case, party)
        if last is None or not fields:
            continue
        opened = read.open_personal(office, case.id, party, fields, PURPOSE, SYSTEM)
        if any(hmac.compare_digest(_digits(str(value)), wanted) for value in opened.values()):
            _again(office, last)


def _again(office: Office, record: OutboxRecord) -> None:
    """Put a message about the same into the outbox, once a day."""
    now = office.clock()
    OutboxRecord.objects.using(office.alias).get_or_create(
        key=f"again:{record.case_id}:{record.party}:{record.about}:{day_of(now)}",
        defaults={
            "case_id": record.case_id,
            "party": record.party,
            "unit": "",
            "notice": "",
            "title": "",
            "body": "",
            "made": now,
            "about": record.about,
        },
    )


def _digits(typed: str) -> str:
    return "".join(sign for sign in typed if sign.isascii() and sign.isdigit())[-11:]
