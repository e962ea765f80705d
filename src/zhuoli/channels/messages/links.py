"""Links by which people answer a message: unguessable, bound to one message, good for a while.

A token is the number of the message and a keyed hash over everything that it may not be used for otherwise: the case,
the party, what it is about, when it ends, and the hash of the receipt's code. So it needs no table of its own, is the
same at every attempt to send, and is void when the message is gone (erasure), when the code was renewed, when its time
is over, and when what it asks for was done.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING, Literal

import msgspec

from zhuoli.core.case.state import Case
from zhuoli.office import read
from zhuoli.store.models import OutboxRecord, ReceiptRecord

if TYPE_CHECKING:
    from zhuoli.office.handle import Office

GOOD_FOR = 30 * 24 * 3600 * 1000
"""How long (ms) a link may be used; most of what is asked ends sooner by itself."""
LEADS_ON = 24 * 3600 * 1000
"""How long (ms) after its task was done a link leads on to what else its person was told."""
_NUMBER, _MAC = 5, 16
"""Bytes: a trillion messages, and 128 bits that nobody guesses; together 28 signs without padding."""

Standing = Literal["open", "done", "expired"]


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A link that was opened: its message's case and party, and what it is about.

    ``item`` is the task that is asked for, ``file`` the notice that was issued, ``share`` the kind of body that has answered; two
    of them are empty.
    """

    case: Case
    party: str
    standing: Standing
    item: str = ""
    file: str = ""
    share: str = ""


def make_token(office: Office, record: OutboxRecord) -> str:
    """Return the token of a message; the same one whenever it is asked for."""
    number = int(record.id).to_bytes(_NUMBER, "big")
    return base64.urlsafe_b64encode(number + _mac(office, record)).decode()


def open_link(office: Office, token: str) -> Link | None:
    """Return what a token opens; None when it is none, or not any more. Nothing is changed."""
    record = record_of(office, token)
    if record is None:
        return None
    case = read.load_state(record.case_id, office.alias)
    if record.party in case.erased or record.party not in case.parties.values():
        return None
    kind, _, rest = record.about.partition(" ")
    if kind not in ("task", "notice", "answer"):
        return None
    name, _, last = rest.partition(" ")
    standing: Standing = "open"
    if office.clock() > record.made + GOOD_FOR:
        standing = "expired"
    elif kind == "task":
        item = case.items.get(name)
        asked = item is not None and item.state == "active" and str(item.run) == last
        standing = "open" if asked else "done"
    return Link(
        case=case,
        party=record.party,
        standing=standing,
        item=name if kind == "task" else "",
        file=last if kind == "notice" else "",
        share=name if kind == "answer" else "",
    )


def others(office: Office, token: str) -> list[tuple[OutboxRecord, Link]]:
    """Return the other messages of the same matter to the same person that are of use, for whoever has a link to a task of
    theirs: what is asked first, in the order of time.

    Messages that wait together go out as one, and a second side of an accident has nothing but its links. A link leads on while
    its task is open and a day longer; a link to a paper, which is easily passed on, leads nowhere.
    """
    record, opened = record_of(office, token), open_link(office, token)
    if record is None or opened is None or not opened.item or opened.standing == "expired":
        return []
    item = opened.case.items.get(opened.item)
    if opened.standing == "done" and (
        item is None or item.ended is None or office.clock() > item.ended + LEADS_ON
    ):
        return []
    found: dict[str, tuple[OutboxRecord, Link]] = {}
    same = OutboxRecord.objects.using(office.alias).filter(case_id=record.case_id, party=record.party)
    for each in same.exclude(id=record.id).exclude(about=record.about).order_by("id"):
        link = open_link(office, make_token(office, each))
        if link is not None and link.standing == "open" and (link.item or link.file):
            found[each.about] = each, link
    return sorted(found.values(), key=lambda pair: (not pair[1].item, pair[0].id))


def record_of(office: Office, token: str) -> OutboxRecord | None:
    """Return the message whose token this is, whether or not its time is over; None when it is none."""
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != _NUMBER + _MAC:
        return None
    number = int.from_bytes(raw[:_NUMBER], "big")
    record = OutboxRecord.objects.using(office.alias).filter(id=number).exclude(party="").first()
    if record is None or not hmac.compare_digest(raw[_NUMBER:], _mac(office, record)):
        return None
    return record


def _mac(office: Office, record: OutboxRecord) -> bytes:
    receipt = (
        ReceiptRecord.objects.using(office.alias)
        .filter(case_id=record.case_id)
        .values_list("receipt", "hash")
        .first()
    )
    code = bytes(receipt[1]).hex() if receipt else ""
    said = f"{record.id}\n{record.case_id}\n{record.party}\n{record.about}\n{record.made}\n{code}"
    key = office.master.derive("message links")
    return hashlib.blake2b(said.encode(), key=key, digest_size=_MAC).digest()
