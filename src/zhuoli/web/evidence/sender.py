"""Who brings evidence: the holder of a receipt, or whoever was sent a link about a task of the case."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest
from django.urls import reverse

from zhuoli.channels.messages.links import open_link
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.plan import PlanForm
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.names import EVIDENCE
from zhuoli.web import door
from zhuoli.web.context import asked
from zhuoli.web.errors import BadRequestPage, not_found
from zhuoli.web.portal.progress import held
from zhuoli.web.wording import text

OPEN = ("received", "accepted")


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """A party of a case and its way in: ``room`` names the addresses, ``key`` is what stands in them."""

    case: Case
    actor: Actor
    shots: PlanForm
    room: str
    key: str
    lang: str

    def url(self, name: str, *rest: str) -> str:
        """Return an address of this way in."""
        return reverse(f"{self.room}.{name}", args=(self.lang, self.key, *rest))

    @property
    def back(self) -> str:
        """Where the page leads back to."""
        return reverse("progress" if self.room == "evidence" else "link", args=(self.lang, self.key))

    @property
    def may_add(self) -> bool:
        """Whether the case still takes evidence."""
        return self.case.status in OPEN

    def own(self, file: str) -> bool:
        """Whether a file of the case was brought by this party, or made for it."""
        attachment = self.case.files.get(file)
        return attachment is not None and attachment.by == self.actor.party


def of_receipt(request: HttpRequest, receipt: str) -> Sender:
    """Return the holder of a receipt.

    Raises:
        Denied: this session does not hold it.
        BadRequestPage: 404, the matter takes no evidence.
    """
    case, actor = held(request, receipt)
    return _sender(request, case, actor, "evidence", receipt)


def of_link(request: HttpRequest, token: str) -> Sender:
    """Return whoever has the link of a message about a task; what is on its way may arrive after the task is done.

    Raises:
        BadRequestPage: 404, the link is void or too old, or the matter takes no evidence.
    """
    link = open_link(door.office(), token)
    if link is None or not link.item or link.standing == "expired":
        raise BadRequestPage(text("link.void"), text("link.void.remedy"), status=404)
    return _sender(request, link.case, Actor(kind="party", party=link.party), "link.evidence", token)


def takes_evidence(case: Case) -> bool:
    """Whether a case's scenario takes evidence."""
    return EVIDENCE in door.plan_of(case).forms


def _sender(request: HttpRequest, case: Case, actor: Actor, room: str, key: str) -> Sender:
    shots = door.plan_of(case).forms.get(EVIDENCE)
    if shots is None:
        raise not_found(text("evidence.none_here"))
    return Sender(case=case, actor=actor, shots=shots, room=room, key=key, lang=asked(request).lang)
