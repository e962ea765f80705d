"""Taking back what was just done, where the law and the loop allow it: a command of its own, like every other.

What has told somebody outside something (accepted, refused, urged, answered) is not taken back; it is set right in
the open.
"""

from __future__ import annotations

import msgspec
from django.http import HttpRequest
from django.urls import reverse

from zhuoli.core.case.facts import Actor
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.web import acting, acts, door
from zhuoli.web.wording import text

REVERSE = {"claim": "release", "assign": "release", "release": "claim", "merge": "split"}
"""What takes back what."""
NOTED = {"apart": "duplicates.told_apart"}
"""What is noted beside a case: no act of the loop, but said to be done in the same way."""


class Undo(msgspec.Struct, frozen=True, kw_only=True):
    """A form of one button that takes back an act; ``shown`` is the case that stays on the screen."""

    url: str
    key: str
    seq: int
    task: str
    reason: Text | None
    shown: int


class Toast(msgspec.Struct, frozen=True, kw_only=True):
    """A short note about what has just happened, and how to take it back."""

    say: Text
    undo: Undo | None = None


def toast(
    request: HttpRequest,
    case: Case,
    actor: Actor,
    command: str,
    task: str,
    lang: str,
    *,
    shown: int | None = None,
) -> Toast | None:
    """Return what a page says after an act; the way back only if it is open now."""
    if command in NOTED:
        return Toast(say=text(NOTED[command]))
    say = acts.done(command)
    if say is None:
        return None
    if "_undo" in request.POST:
        return Toast(say=text("undo.done"))
    back = REVERSE.get(command)
    plan = door.plan_of(case)
    subject = task if back in ("claim", "release") else ""
    found = next(
        (
            each
            for each in (acting.actions_of(plan, case, actor) if back else ())
            if each.command == back and each.task == subject and not each.blocked
        ),
        None,
    )
    if found is None or back is None:
        return Toast(say=say)
    undo = Undo(
        url=reverse("desk.act", args=(lang, case.id, back)),
        key=acts.new_key(),
        seq=case.seq,
        task=subject,
        reason=text("undo.reason") if back == "split" else None,
        shown=case.id if shown is None else shown,
    )
    return Toast(say=say, undo=undo)
