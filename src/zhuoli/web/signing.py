"""Signing a form: what is signed, the code that is sent on request, and where else one can sign."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from django.http import HttpRequest

from zhuoli.core.case.commands import Command, Complete
from zhuoli.core.case.decide import decide
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.proofs import Proven, Wanted
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.office.signing import Standing
from zhuoli.web import cases, door, quota, viewers, when
from zhuoli.web.errors import BadRequestPage
from zhuoli.web.wording import text

SEND = "_sign"
"""The button that asks for a code."""
CODE = "_code"
"""The field in which it is typed."""
MOST_SENT = 10
"""Codes that one address may ask for in a minute."""


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """A signature as the template shows it.

    ``what`` are the answers of others that are signed, in words; empty when it is what stands above in the same form. ``wait`` are
    the seconds until another code may be sent.
    """

    standing: Standing
    what: tuple[tuple[Text, Text], ...]
    code: str
    mistake: Text | None
    wait: int
    unit: Text | None
    phone: str
    demo: bool

    @property
    def sent(self) -> bool:
        """Whether there is a code that may still be typed."""
        return self.standing.sent is not None and self.standing.until > when.now()

    @property
    def looks_again(self) -> bool:
        """Whether the page looks by itself whether the message has gone out."""
        return self.sent and self.standing.out in ("waiting", "refused")


def sign_of(
    plan: Plan, case: Case, task: str, actor: Actor, typed: str, mistakes: Mapping[str, Text]
) -> Sign | None:
    """Return how a party signs a task's form; None for a form without a signature, and for a post."""
    form = plan.forms.get(task)
    asked = form.signature if form is not None else None
    if asked is None or actor.kind != "party":
        return None
    # Somebody may act for the signer, such as a guardian: the code goes to whoever signs.
    signer = case.parties.get(asked.question.personal, actor.party)
    standing = door.office().signing.standing(case, task, signer)
    questions = {each.full: each.question for some in plan.forms.values() for each in some.asked}
    return Sign(
        standing=standing,
        what=tuple(
            (questions[name].title, cases.in_words(questions[name], case.answers[name], door.directory()))
            for name in asked.question.signs
            if name in questions and case.answers.get(name) is not None and not name.startswith(f"{task}.")
        ),
        code=typed[:20],
        mistake=mistakes.get(f"{asked.name}.code"),
        wait=max(0, -(-(standing.again - when.now()) // 1000)),
        unit=door.directory().name(case.unit),
        phone=door.directory().phone(case.unit),
        demo=viewers.demo(),
    )


def send(request: HttpRequest, plan: Plan, case: Case, actor: Actor, command: Command) -> Standing:
    """Begin the signature of what a form holds: nothing is signed yet, and nothing in the case changes.

    Raises:
        Refusal: the form is not complete, or no code can be sent now.
        BadRequestPage: 429, an address asks too often; 400, the form has nothing to sign.
    """
    if not isinstance(command, Complete):
        raise BadRequestPage(text("sign.nothing"))
    if quota.over(request, "signing", MOST_SENT):
        raise BadRequestPage(text("sign.too_often"), text("sign.too_often.remedy"), status=429)
    noted = _Noted()
    facts = msgspec.structs.replace(door.facts(actor), signing=noted)
    decide(plan, case, command, facts)
    if noted.wanted is None:
        raise BadRequestPage(text("sign.nothing"))
    return door.office().signing.begin(noted.wanted)


class _Noted:
    """Notes which signature is wanted, while the core looks at everything else in the form."""

    wanted: Wanted | None = None

    def prove(self, wanted: Wanted, code: str) -> Proven:
        """Note it."""
        self.wanted = wanted
        return Proven(method="code")
