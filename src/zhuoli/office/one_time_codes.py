"""The signing system that is shipped: a typed name, and a one-time code sent to the telephone that the party itself gave.

What a code may do and how long is the core's (``zhuoli.core.case.codes``). Here is what was sent: one row a code, without the
code. The message waits in the outbox in the same transaction, and its words are made when it is sent; a process that dies in
between loses nothing. Where there is no telephone, or no channel to it, ``standing`` says so.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Literal

from django.db import transaction
from django.db.models import F, QuerySet

from zhuoli.core.case import codes
from zhuoli.core.case.commands import Complete
from zhuoli.core.case.facts import SYSTEM
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.proofs import Proven, Wanted, code_refused
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.office import read
from zhuoli.office.masking import masked
from zhuoli.office.signing import Standing
from zhuoli.store.models import CaseRecord, OutboxRecord, SigningCodeRecord

if TYPE_CHECKING:
    from zhuoli.office.handle import Office
    from zhuoli.office.requests import Request
    from zhuoli.store.append import Work

ABOUT = "code"
"""Messages with a code are about ``code <id>``."""
PURPOSE = "message"
MOST_A_NUMBER = 10
"""Codes to one telephone in an hour, over all cases: nobody's telephone is to be rung by strangers."""
KEPT = 7 * 24 * codes.HOUR
"""How long (ms) a row is kept after its code was made."""


class OneTimeCodes:
    """Sends codes and judges them. ``sends`` says whether messages to telephones go out at all."""

    def __init__(self, office: Office, *, sends: bool = True) -> None:
        self._office = office
        self.sends = sends
        self._key = office.master.derive("signing codes")
        self._numbers = office.master.derive("signing numbers")

    def standing(self, case: Case, task: str, party: str) -> Standing:
        """Return how a party can sign a task now."""
        if why := self._why_not(case, party):
            return Standing(why=why)
        item = case.items.get(task)
        row = self._last(case.id, task, party)
        if row is None or item is None or row.run != item.run or row.used is not None:
            return Standing(again=codes.may_send_at(self._made(case.id, party), self._office.clock()))
        return self._stands(row)

    def begin(self, wanted: Wanted) -> Standing:
        """Send a code for exactly this.

        Raises:
            Refusal: ``code_wait`` so soon after the last one, ``code_nowhere`` where there is no telephone.
        """
        office, now = self._office, self._office.clock()
        case = read.load_state(wanted.case, office.alias)
        plan = office.library.pinned(case.version, case.scenario)
        if why := self._why_not(case, wanted.party):
            raise _nowhere(why, wanted.question)
        self._refuse_too_soon(wanted, self._made(case.id, wanted.party), now)
        (field,) = phone_fields(plan, case, wanted.party)[:1]
        opened = read.open_personal(office, case.id, wanted.party, (field,), PURPOSE, SYSTEM)
        digits = "".join(sign for sign in str(opened.get(field, "")) if sign.isdigit())
        number = hmac.digest(self._numbers, digits[-11:].encode(), hashlib.sha256)
        with transaction.atomic(using=office.alias):
            # Two taps on the button are one code: whoever comes second waits here and is told to wait.
            CaseRecord.objects.using(office.alias).select_for_update().filter(id=case.id).first()
            made = self._made(case.id, wanted.party)
            self._refuse_too_soon(wanted, made, now)
            to_number = self._all().filter(number=number, made__gt=now - codes.HOUR)
            if to_number.count() >= MOST_A_NUMBER:
                raise _wait(wanted.question, codes.HOUR)
            self._all().filter(made__lt=now - KEPT).delete()
            row = self._all().create(
                case_id=case.id,
                party=wanted.party,
                task=wanted.task,
                run=wanted.run,
                sha256=wanted.sha256,
                nonce=secrets.token_bytes(16),
                phone=_token(case, field),
                number=number,
                to=masked("phone", digits[-11:]),
                made=now,
            )
            OutboxRecord.objects.using(office.alias).create(
                key=f"{ABOUT} {row.id}",
                case_id=case.id,
                party=wanted.party,
                unit="",
                notice="",
                title="",
                body="",
                made=now,
                about=f"{ABOUT} {row.id}",
            )
        return self._stands(row)

    def count(self, request: Request) -> None:
        """Count a try at the newest code for a task, whoever makes it: somebody may act for the signer."""
        command, actor = request.command, request.actor
        if not isinstance(command, Complete) or not command.code or actor.kind != "party":
            return
        if request.case is None:
            return
        row = self._all().filter(case_id=request.case, task=command.task).order_by("-id").first()
        if row is not None:
            self._all().filter(id=row.id).update(tries=F("tries") + 1)

    def within(self, store: Work, case: Case) -> Judge:
        """Return what judges codes within one transaction."""
        return Judge(self, store, case)

    def code(self, about: str, now: int) -> str:
        """Return the code that a message is about, for whoever puts it into words; "" when it is of no use any more."""
        _, _, number = about.partition(" ")
        row = self._all().filter(id=int(number)).first() if number.isdigit() else None
        if row is None or row.used is not None or now >= row.made + codes.GOOD_FOR:
            return ""
        return codes.code_of(self._key, _sent(row).bound)

    def prove(self, case: Case, wanted: Wanted, typed: str, store: Work) -> Proven:
        """Judge a typed code, and note that it is used.

        Raises:
            Refusal: it does not hold; the code says why.
        """
        row = self._last(case.id, wanted.task, wanted.party)
        sent = None if row is None else _sent(row)
        now_bound = None
        if row is not None:
            plan = self._office.library.pinned(case.version, case.scenario)
            fields = phone_fields(plan, case, wanted.party)
            now_bound = codes.Bound(
                nonce=bytes(row.nonce),
                case=case.id,
                task=wanted.task,
                run=wanted.run,
                party=wanted.party,
                phone=_token(case, fields[0]) if fields else b"",
                sha256=wanted.sha256,
            )
        objection = codes.judge(sent, now_bound, typed, self._key, wanted.at)
        if row is None or objection:
            left = codes.tries_left(sent) if sent is not None else 0
            raise code_refused(objection, wanted.question, left=left)
        store.use_code(row.id, wanted.at)
        return Proven(method="code", phone=row.to)

    def _why_not(self, case: Case, party: str) -> Text | None:
        if not self.sends:
            return _NO_CHANNEL
        plan = self._office.library.pinned(case.version, case.scenario)
        return None if phone_fields(plan, case, party) else _NO_PHONE

    def _refuse_too_soon(self, wanted: Wanted, made: list[int], now: int) -> None:
        earliest = codes.may_send_at(made, now)
        if earliest > now:
            raise _wait(wanted.question, earliest - now)

    def _stands(self, row: SigningCodeRecord) -> Standing:
        now = self._office.clock()
        return Standing(
            to=row.to,
            sent=row.made,
            until=row.made + codes.GOOD_FOR,
            again=codes.may_send_at(self._made(row.case_id, row.party), now),
            left=codes.tries_left(_sent(row)),
            out=self._out(row),
        )

    def _out(self, row: SigningCodeRecord) -> Literal["gone", "waiting", "refused", "given_up"]:
        """Return how far the message with a code is."""
        records = OutboxRecord.objects.using(self._office.alias)
        message = records.filter(key=f"{ABOUT} {row.id}").only("sent", "ended", "outcome", "tries").first()
        if message is None or message.outcome == "sent":
            return "gone"
        if message.ended is not None:
            return "given_up"
        return "refused" if message.tries else "waiting"

    def _last(self, case: int, task: str, party: str) -> SigningCodeRecord | None:
        return self._all().filter(case_id=case, party=party, task=task).order_by("-id").first()

    def _made(self, case: int, party: str) -> list[int]:
        since = self._office.clock() - codes.HOUR
        return list(
            self._all().filter(case_id=case, party=party, made__gt=since).values_list("made", flat=True)
        )

    def _all(self) -> QuerySet[SigningCodeRecord]:
        return SigningCodeRecord.objects.using(self._office.alias)


class Judge:
    """What judges codes within one transaction."""

    def __init__(self, system: OneTimeCodes, store: Work, case: Case) -> None:
        self._system, self._store, self._case = system, store, case

    def prove(self, wanted: Wanted, code: str) -> Proven:
        """Judge a code and use it up.

        Raises:
            Refusal: it does not hold.
        """
        return self._system.prove(self._case, wanted, code, self._store)


def phone_fields(plan: Plan, case: Case, party: str) -> list[str]:
    """Return the answers of a party that are telephones, by full name, the intake form's first."""
    if party in case.erased:
        return []
    return [
        asked.full
        for form in plan.forms.values()
        for asked in form.questions.values()
        if asked.question.type == "phone"
        and asked.full in case.personal
        and case.personal[asked.full].party == party
    ]


def _token(case: Case, field: str) -> bytes:
    """Return what tells that an answer was written anew, without opening it."""
    return hashlib.blake2b(case.personal[field].value.encode(), digest_size=16).digest()


def _sent(row: SigningCodeRecord) -> codes.Sent:
    bound = codes.Bound(
        nonce=bytes(row.nonce),
        case=row.case_id,
        task=row.task,
        run=row.run,
        party=row.party,
        phone=bytes(row.phone),
        sha256=row.sha256,
    )
    return codes.Sent(bound=bound, made=row.made, tries=row.tries, used=row.used)


def _wait(question: str, wait: int) -> Refusal:
    return code_refused("code_wait", question, seconds=-(-wait // 1000))


def _nowhere(why: Text, question: str) -> Refusal:
    found = code_refused("code_nowhere", question)
    return Refusal(found.code, why, found.remedy, dict.fromkeys(found.fields, why))


_NO_CHANNEL = Text("这里发不出短信", "No text messages go out from here")
_NO_PHONE = Text("没有留下您本人的手机号", "There is no mobile number of your own in this matter")
