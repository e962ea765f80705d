"""Signatures: a typed name becomes one by a proof that its person gave it, to exactly this.

What is signed is written down in one way and its SHA-256 kept, so that whoever has the answers can work it out again.
Whether a proof holds is a fact of the command (``Facts.signing``): a one-time code, or the word of the office's own signing
system. A post of the responsible unit can note that the person has signed on paper; then the sheet is in the case file.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from zhuoli.core.case import events as e
from zhuoli.core.case.answers import Checked
from zhuoli.core.case.commands import Complete
from zhuoli.core.case.draft import Draft
from zhuoli.core.case.plan import PlanForm, PlanQuestion
from zhuoli.core.case.proofs import Proven, Wanted
from zhuoli.core.case.refusals import refuse

_ENCODE = msgspec.json.Encoder(order="sorted", decimal_format="number").encode


def sign(draft: Draft, form: PlanForm | None, command: Complete, checked: Checked | None) -> e.Signed | None:
    """Return that a task's form was signed; None where it asks for no signature now.

    Raises:
        Refusal: the proof does not hold, or there is no picture of the paper that was signed.
    """
    asked = form.signature if form is not None else None
    if asked is None or checked is None or asked.full not in checked.personal:
        return None
    party = checked.personal[asked.full].party
    digest = digest_of(draft, asked, command, checked)
    if draft.actor.kind == "party":
        item = draft.case.items[command.task]
        wanted = Wanted(
            case=draft.case.id,
            task=command.task,
            run=item.run,
            question=asked.full,
            party=party,
            sha256=digest,
            at=draft.at,
        )
        proven = draft.facts.signing.prove(wanted, command.code)
    elif checked.files:
        proven = Proven(method="paper")
    else:
        raise refuse("paper_missing")
    return e.Signed(
        item=command.task,
        question=asked.full,
        party=party,
        method=proven.method,
        sha256=digest,
        phone=e.Personal(party, _ENCODE(proven.phone).decode()) if proven.phone else None,
        reference=proven.reference,
    )


def digest_of(draft: Draft, asked: PlanQuestion, command: Complete, checked: Checked) -> str:
    """Return the SHA-256 (hex) of what is signed; ``signed_text`` says of which text."""
    return hashlib.sha256(signed_text(draft, asked, command, checked)).hexdigest()


def signed_text(draft: Draft, asked: PlanQuestion, command: Complete, checked: Checked) -> bytes:
    """Return what is signed, as one JSON text (UTF-8, keys in order, no spaces).

    It names the receipt, the version of the scenario (which holds the words of all questions and choices), the task with its
    outcome, the question, whose signature it is, and the answers that are signed; of files their SHA-256.
    """
    case = draft.case
    form = draft.plan.forms[command.task]
    names = asked.question.signs or tuple(
        each.full for each in form.asked if each is not asked and not each.question.personal
    )
    answers: dict[str, Any] = {}
    for name in names:
        sums = sorted(
            [each.sha256 for each in case.files.values() if each.question == name]
            + [each.sha256 for each in checked.files if f"{command.task}.{each.question}" == name]
        )
        value = sums or checked.answers.get(name, case.answers.get(name))
        if value is not None:
            answers[name] = value
    party = checked.personal[asked.full].party
    return _ENCODE(
        {
            "receipt": case.receipt,
            "version": case.version,
            "task": command.task,
            "outcome": command.outcome,
            "question": asked.full,
            "party": next((role for role, each in case.parties.items() if each == party), ""),
            "answers": answers,
        }
    )
