"""The chain of custody of evidence: received, looked through, looked at; and whether each original is still the same."""

from __future__ import annotations

import hashlib

import msgspec

from zhuoli.core.case import events as e
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.names import EVIDENCE
from zhuoli.core.text import Text
from zhuoli.evidence import bundle
from zhuoli.office import read
from zhuoli.web import door
from zhuoli.web.cases import actor_name
from zhuoli.web.evidence.items import clock, copies_of, facts_of, side_of
from zhuoli.web.evidence.taking import why_not
from zhuoli.web.wording import text


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened to an original, at an instant (ms UTC), by whom."""

    at: int
    who: Text | None
    what: Text


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One original in the chain: what it is, its entry in the ledger, its steps.

    ``same`` says whether its SHA-256 is what was entered, None when it was not taken again or the original was erased.
    """

    number: int
    file: str
    name: str
    side: Text
    sha256: str
    size: int
    entry: int
    received: int
    steps: tuple[Step, ...]
    facts: tuple[tuple[Text, str], ...]
    doubts: tuple[Text, ...]
    moments: tuple[str, ...]
    erased: bool
    same: bool | None


def chain(opened: read.OpenedCase, *, check: bool = False) -> list[Link]:
    """Return the chain of every original of an opened case; ``check`` takes each SHA-256 anew."""
    case = opened.state
    copies = copies_of(case)
    looks = read.looks(case.id, now=door.office().clock())
    links: list[Link] = []
    for entry in opened.history:
        for event in entry.events:
            if not isinstance(event, e.Attached) or not event.question.startswith(f"{EVIDENCE}."):
                continue
            report = copies.get(event.file)
            digest = _digest(case, event.file) if check else None
            steps = [
                Step(
                    at=entry.at,
                    who=actor_name(entry.actor, door.directory()),
                    what=text("custody.received", entry=entry.seq),
                )
            ]
            steps += _copied(
                opened,
                event.file,
                report is not None,
                why_not(report.reason) if report and report.reason else None,
            )
            steps += [
                Step(at=look.at, who=actor_name(look.actor, door.directory()), what=_looked(case, look))
                for look in looks
                if look.party == event.by and _mark(event.sha256) in look.fields
            ]
            links.append(
                Link(
                    number=len(links) + 1,
                    file=event.file,
                    name=event.name,
                    side=side_of(case, event.by),
                    sha256=event.sha256,
                    size=event.size,
                    entry=entry.seq,
                    received=entry.at,
                    steps=tuple(sorted(steps, key=lambda step: step.at)),
                    facts=facts_of(report) if report else (),
                    doubts=tuple(each.text for each in report.doubts) if report else (),
                    moments=tuple(clock(each.at) for each in report.frames) if report else (),
                    erased=event.by in case.erased,
                    same=None if not digest else digest == event.sha256,
                )
            )
    return links


def look_fields(question: str, sha256: str) -> tuple[str, ...]:
    """Return what is noted as looked at: the shot, and which of its files by the beginning of its SHA-256."""
    return (question, _mark(sha256)) if question else ("file", _mark(sha256))


def _mark(sha256: str) -> str:
    return f"SHA-256 {sha256[:8]}"


def _looked(case: Case, look: read.Look) -> Text:
    chosen = door.plan_of(case).scenario.privacy.purposes.get(look.purpose)
    return text("custody.opened", purpose=chosen.title) if chosen else text("custody.looked")


def _copied(opened: read.OpenedCase, original: str, looked: bool, wrong: Text | None) -> list[Step]:
    """Return when the copy was made, from the entry of the service task that made it."""
    if not looked:
        return []
    made = [
        entry
        for entry in opened.history
        for event in entry.events
        if isinstance(event, e.Attached) and _is_copy_of(opened.state, event.file, original)
    ]
    return [
        Step(at=entry.at, who=text("actor.system"), what=wrong or text("custody.copied")) for entry in made
    ]


def _is_copy_of(case: Case, file: str, original: str) -> bool:
    attachment = case.files.get(file)
    if attachment is None or attachment.media_type != bundle.MEDIA_TYPE:
        return False
    try:
        return bundle.open_head(door.office().files.read(file, case.id)).original == original
    except (FileNotFoundError, bundle.NoBundle):
        return False


def _digest(case: Case, file: str) -> str:
    digest = hashlib.sha256()
    try:
        for piece in door.office().files.read(file, case.id):
            digest.update(piece)
    except FileNotFoundError:
        return ""
    return digest.hexdigest()
