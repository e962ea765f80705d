"""A case as pages tell it: its story, who has it now, and what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec

from zhuoli.core.case.events import Opened
from zhuoli.core.case.facts import Actor, Directory
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.proofs import METHODS
from zhuoli.core.case.state import Case, in_earnest
from zhuoli.core.case.story import Line, tell
from zhuoli.core.scenario.model import Question
from zhuoli.core.text import Text
from zhuoli.core.worktime import format_instant, instant_of, local
from zhuoli.web.naming import name_of
from zhuoli.web.row_choices import row_name
from zhuoli.web.wording import text

Audience = Literal["party", "office"]
TONES = ("late", "milestone", "plain")


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the ledger in sentences."""

    at: int
    who: Text | None
    lines: tuple[Line, ...]
    tone: str


class Now(msgspec.Struct, frozen=True, kw_only=True):
    """Who has the case now and what is happening; ``open`` says that somebody must still act."""

    who: Text
    what: Text
    open: bool

    @property
    def told(self) -> Text | None:
        """One sentence for an office, or None where nobody, or the person concerned, has to act."""
        if not self.open or self.who == text("now.you"):
            return None
        return Text(f"{self.who.zh}{self.what.zh}", f"{self.who.en} {self.what.en}")


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the case file as it is shown; ``value`` is None for a sealed one.

    ``purposes`` are those of the scenario for which a sealed value may be looked at (id and title), none when it was
    erased. ``shown_for`` is the purpose for which it was opened just now.
    """

    name: str
    title: Text
    value: Text | None
    personal: bool
    purposes: tuple[tuple[str, Text], ...] = ()
    shown_for: Text | None = None


def story(plan: Plan, entries: Iterable[Any], directory: Directory, audience: Audience) -> list[Told]:
    """Tell the entries of the ledger, the newest first; entries that say nothing to this reader are left out."""
    told: list[Told] = []
    helpers: dict[str, Text] = {}
    for entry in entries:
        for event in entry.events:
            if isinstance(event, Opened):
                helpers = _helpers(plan, event.parties)
        lines = tell(plan, entry.events, entry.at, directory, audience)
        if lines:
            tone = min((line.tone for line in lines), key=TONES.index)
            told.append(
                Told(
                    at=entry.at,
                    who=helpers.get(entry.actor.party) or actor_name(entry.actor, directory),
                    lines=tuple(lines),
                    tone=tone,
                )
            )
    told.reverse()
    return told


def _helpers(plan: Plan, parties: dict[str, str]) -> dict[str, Text]:
    """Return what those are called who act for the requester: the guardian, for the candidate."""
    known = plan.scenario.parties
    whom = known["requester"].title if "requester" in known else text("actor.party")
    return {
        parties[role]: text(
            "actor_for", who=known[role].title if role in known else text(f"party.{role}"), whom=whom
        )
        for role in ("guardian", "proxy")
        if parties.get(role)
    }


def actor_name(actor: Actor, directory: Directory) -> Text:
    """Return who did something: the person concerned, a unit (not an officer's name), or the software."""
    if actor.kind == "post":
        return directory.name(actor.unit) or Text(actor.unit, actor.unit)
    return text(f"actor.{actor.kind}")


def now(plan: Plan, case: Case, directory: Directory, party: str = "") -> Now:
    """Say who has the case now and what is happening, as the person concerned reads it; ``party`` is whoever reads.

    What a party is asked for is nothing that the unit works on; what one merely may do keeps nobody waiting.
    """
    unit = directory.name(case.unit) or text("now.nobody_yet")
    active = [name for name, item in case.items.items() if item.state == "active"]
    if case.status in ("settled", "unconfirmed", "withdrawn", "merged", "refused"):
        who = directory.name(case.answered_by or case.unit) or unit
        if "loop.review" in active:
            return Now(who=_unit_of(case, "loop.review", directory), what=text("now.review"), open=True)
        return Now(who=who, what=text(f"now.{case.status}"), open=False)
    if "loop.supplement" in active:
        return Now(who=text("now.you"), what=text("now.supplement"), open=True)
    if "loop.review" in active:
        return Now(who=_unit_of(case, "loop.review", directory), what=text("now.review"), open=True)
    if case.status == "closed":
        return Now(who=text("now.you"), what=text("now.confirm"), open=True)
    if "loop.triage" in active:
        return Now(who=_unit_of(case, "loop.triage", directory), what=text("now.triage"), open=True)
    if "loop.accept" in active:
        return Now(who=_unit_of(case, "loop.accept", directory), what=text("now.accept"), open=True)
    if case.suspended:
        return Now(who=unit, what=text("now.suspended"), open=True)
    human = [name for name in active if case.items[name].kind == "human"]
    doing = [plan.title(name) for name in human if not case.items[name].party]
    asked = [name for name in human if in_earnest(case, name)]
    own = [plan.title(name) for name in asked if case.items[name].party == party]
    if party and own:
        return Now(who=text("now.you"), what=_joined(own), open=True)
    if doing:
        return Now(who=unit, what=text("now.doing", what=_joined(doing)), open=True)
    if asked:
        roles = {each: role for role, each in case.parties.items()}
        whom = dict.fromkeys(roles.get(case.items[name].party, "") for name in asked)
        who = _joined([plan.scenario.parties[role].title for role in whom if role in plan.scenario.parties])
        return Now(
            who=text("now.waits", who=who), what=_joined([plan.title(name) for name in asked]), open=True
        )
    doing = [plan.title(name) for name in active if case.items[name].kind == "stage"]
    if not doing:
        return Now(who=unit, what=text("now.working"), open=True)
    return Now(who=unit, what=text("now.doing", what=_joined(doing)), open=True)


def asked_of(case: Case, party: str) -> list[str]:
    """Return the tasks of the scenario that a party is asked to do now, the soonest first."""
    found = [
        name
        for name, item in case.items.items()
        if item.state == "active" and item.kind == "human" and item.party == party and in_earnest(case, name)
    ]

    def due(name: str) -> float:
        clock = case.clocks.get(name)
        return clock.due if clock is not None and clock.due is not None else float("inf")

    return sorted(found, key=due)


def _joined(found: Sequence[Text]) -> Text:
    return Text("、".join(each.zh for each in found), ", ".join(each.en for each in found))


def answers(
    plan: Plan,
    case: Case,
    opened: dict[str, Any] | None = None,
    directory: Directory | None = None,
    phones: Mapping[str, str] | None = None,
) -> list[Answer]:
    """Return what the case file holds, form by form in the order of the questions.

    Personal answers are named but not shown, except those in ``opened``. A signature is followed by how it was given;
    ``phones`` are the (masked) telephones over which.
    """
    opened = opened or {}
    found: list[Answer] = []
    first, second = _reasons(plan)
    for form in plan.forms.values():
        for asked in form.questions.values():
            if asked.full in case.personal:
                found.append(sealed_answer(plan, case, asked.full, opened.get(asked.full), directory))
                if asked.full in case.signatures:
                    found.append(signed(case, asked.full, (phones or {}).get(asked.full, "")))
            elif asked.full == second:
                continue
            elif asked.full == first and case.answers.get(first) is not None:
                both = Text(str(case.answers[first]), str(case.answers.get(second) or case.answers[first]))
                found.append(Answer(name=first, title=asked.question.title, value=both, personal=False))
            elif case.answers.get(asked.full) is not None and asked.question.type not in ("photos", "files"):
                shown = in_words(asked.question, case.answers[asked.full], directory)
                found.append(Answer(name=asked.full, title=asked.question.title, value=shown, personal=False))
    return found


def _reasons(plan: Plan) -> tuple[str, str]:
    """Return the questions that take a query's reason in Chinese and in English: they are one answer in two languages."""
    query = plan.scenario.query
    asked = {column: name for name, column in query.answers.items()} if query else {}
    if "reason_zh" not in asked or "reason_en" not in asked:
        return "", ""
    return f"form.{asked['reason_zh']}", f"form.{asked['reason_en']}"


def signed(case: Case, name: str, phone: str) -> Answer:
    """Return how a signature was given: the method, over which (masked) telephone, when, and under what."""
    signature = case.signatures[name]
    how = METHODS[signature.method]
    value = text(
        "signed.words",
        how=Text(f"{how.zh} {phone}".rstrip(), f"{how.en} {phone}".rstrip()),
        at=f"{local(signature.at):%Y-%m-%d %H:%M}",
        sha=signature.sha256,
        reference=Text(f"，{signature.reference}", f", {signature.reference}")
        if signature.reference
        else Text("", ""),
    )
    return Answer(name=f"{name}.signed", title=text("signed.title"), value=value, personal=False)


def sealed_answer(
    plan: Plan,
    case: Case,
    name: str,
    value: Any = None,
    directory: Directory | None = None,
    purpose: str = "",
) -> Answer:
    """Return a personal answer by its full name: its value when it was opened, else the purposes that may open it."""
    question = next(
        asked.question
        for each in plan.forms.values()
        for asked in each.questions.values()
        if asked.full == name
    )
    purposes = plan.scenario.privacy.purposes
    outside = {share.purpose for share in plan.scenario.shares.values()}
    erased = case.personal[name].party in case.erased
    return Answer(
        name=name,
        title=question.title,
        value=None if value is None else in_words(question, value, directory),
        personal=True,
        purposes=()
        if erased
        else tuple(
            (key, each.title)
            for key, each in purposes.items()
            if key not in outside and (not each.fields or name in each.fields)
        ),
        shown_for=purposes[purpose].title if purpose in purposes else None,
    )


def subject(plan: Plan, case: Case) -> Text | None:
    """Return what a case is about beyond its matter, never a personal answer.

    The scenario's ``subject`` names the answers, in its order; without it, those by which the case was routed.
    """
    named = plan.scenario.subject
    conditions = " ".join(rule.when for rule in plan.scenario.routing)
    asked_of = {each.full: each.question for each in plan.forms["form"].questions.values()}
    wanted = named or tuple(
        name
        for name, question in asked_of.items()
        if question.type == "choice" and re.search(rf"(?<![\w.]){re.escape(name)}(?![\w])", conditions)
    )
    said = [
        in_words(asked_of[name], case.answers[name], None)
        for name in wanted
        if name in asked_of and case.answers.get(name) is not None
    ]
    if not said:
        return None
    return Text("，".join(each.zh for each in said), ", ".join(each.en for each in said))


def in_words(question: Question, value: Any, directory: Directory | None) -> Text:
    """Return an answer as people read it: the titles of choices, the name of a place, yes or no."""
    if question.type == "yes_no" or isinstance(value, bool):  # a calculated conclusion is a yes or no, too
        return text("form.yes") if value else text("form.no")
    if question.type == "choice":
        return _choice(question, value)
    if question.type == "many":
        chosen = [_choice(question, each) for each in value]
        return Text("、".join(each.zh for each in chosen), ", ".join(each.en for each in chosen))
    if question.register:
        return row_name(question.register, str(value))
    if question.stands_for:
        return name_of(question.stands_for, str(value), directory)
    if question.type == "place" and directory is not None:
        return directory.place(str(value)) or Text(str(value), str(value))
    if question.type == "datetime" and isinstance(value, int):
        return Text(format_instant(value, "zh"), format_instant(value, "en"))
    return Text(str(value), str(value))


def _choice(question: Question, value: Any) -> Text:
    found = question.choices.get(str(value))
    return found.title if found else Text(str(value), str(value))


def _unit_of(case: Case, task: str, directory: Directory) -> Text:
    unit = case.items[task].unit
    return directory.name(unit) or Text(unit, unit)


def opened_today(now_at: int) -> int:
    """Return the instant at which the local day of ``now_at`` began."""
    return instant_of(local(now_at).replace(hour=0, minute=0, second=0, microsecond=0))
