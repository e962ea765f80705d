"""What a party lets a body outside the office read, such as its insurer: given by the party itself, taken back until it is read.

Each party speaks for itself alone: it can neither pass on what is the other side's, nor take back what the other gave.
Whoever was given it first *takes it up* (from then on it has been read and cannot be taken back), then answers, as often as
its answer changes.
"""

from __future__ import annotations

from zhuoli.core.case import commands as c
from zhuoli.core.case import events as e
from zhuoli.core.case.draft import Draft
from zhuoli.core.case.references import check_number
from zhuoli.core.case.refusals import refuse
from zhuoli.core.case.state import SharedWith
from zhuoli.core.scenario.model import Share

NEVER = ("refused", "withdrawn", "merged")
"""In these states a case has nothing that anybody could use."""


def share_key(kind: str, party: str) -> str:
    """Return the name of what a party gives: one body of each kind at a time."""
    return f"{kind}:{party}"


def share(draft: Draft, command: c.Share) -> None:
    """Let a body read; only for oneself, once there is something to read, and with the consent said."""
    kind, party = _own(draft, command.kind)
    if draft.case.status in NEVER or not any(
        draft.case.happened.get(f"{each}.occurred") for each in kind.after
    ):
        raise refuse("nothing_to_share")
    if share_key(command.kind, party) in draft.case.shares:
        raise refuse("shared_already")
    draft.require_unit(command.unit)
    if draft.directory.kind(command.unit) != kind.body:
        raise refuse("not_that_kind", title=kind.title)
    if not command.consent:
        raise refuse("consent_missing")
    draft.emit(e.Shared(kind=command.kind, party=party, unit=command.unit))


def unshare(draft: Draft, command: c.Unshare) -> None:
    """Take it back, as long as nobody has read it."""
    _, party = _own(draft, command.kind)
    found = draft.case.shares.get(share_key(command.kind, party))
    if found is None:
        raise refuse("not_shared")
    if found.taken is not None:
        raise refuse("share_read")
    draft.emit(e.Unshared(kind=command.kind, party=party, unit=found.unit))


def take_share(draft: Draft, command: c.TakeShare) -> None:
    """The body begins to read; what was read cannot be taken back."""
    kind, party, found = _given(draft, command.share)
    if found.taken is None:
        draft.emit(e.ShareTaken(kind=kind, party=party, unit=found.unit))


def answer_share(draft: Draft, command: c.AnswerShare) -> None:
    """The body says what became of it, and under which number it has it."""
    kind, party, found = _given(draft, command.share)
    if found.taken is None:
        raise refuse("share_unread")
    answers = draft.plan.scenario.shares[kind].answers
    if command.answer not in answers:
        raise refuse("unknown_outcome", outcome=command.answer, outcomes=", ".join(answers))
    number = check_number(command.number) if command.number.strip() else found.number
    if (command.answer, number) != (found.answer, found.number):
        draft.emit(
            e.ShareAnswered(kind=kind, party=party, unit=found.unit, outcome=command.answer, number=number)
        )


def _own(draft: Draft, name: str) -> tuple[Share, str]:
    """Return what may be given under a name, and the acting party."""
    kind = draft.plan.scenario.shares.get(name)
    if kind is None:
        raise refuse("unknown_share", name=name)
    parties = {draft.case.parties.get(role, "") for role in kind.parties} - {""}
    draft.require(draft.actor.kind == "party" and draft.actor.party in parties, "sharer")
    return kind, draft.actor.party


def _given(draft: Draft, name: str) -> tuple[str, str, SharedWith]:
    found = draft.case.shares.get(name)
    # Whoever asks for what was not given to it learns no more than that it is not its business.
    if found is None or draft.actor.kind != "post" or draft.actor.unit != found.unit:
        raise refuse("not_yours", who="receiver")
    kind, _, party = name.partition(":")
    return kind, party, found
