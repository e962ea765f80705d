"""Evidence as pages show it: each original with what was found in it, in the order in which it came."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from zhuoli.core.case.plan import PlanForm
from zhuoli.core.case.state import Attachment, Case
from zhuoli.core.scenario.names import EVIDENCE
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_text
from zhuoli.evidence import PHOTOS, bundle
from zhuoli.web import door
from zhuoli.web.evidence.taking import why_not
from zhuoli.web.wording import text


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """A key frame on a page: its picture, its instant (s), why it was chosen."""

    url: str
    at: float
    clock: str
    why: Text
    alarm: bool
    blurred: int


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """One original: who brought it when, as which shot; its copies once they are made, or why there are none."""

    file: str
    attachment: Attachment
    number: int
    side: Text
    shot: Text
    video: bool
    looked: bool
    wrong: Text | None = None
    report: bundle.Report | None = None
    frames: tuple[Frame, ...] = ()
    playback: str = ""
    facts: tuple[tuple[Text, str], ...] = ()
    doubts: tuple[Text, ...] = ()


def pieces_of(case: Case, url: Callable[[str, str], str], *, only: str = "") -> list[Piece]:
    """Return the evidence of a case; ``url`` gives the address of a part of a piece, ``only`` keeps that of one party."""
    plan = door.plan_of(case)
    shots = plan.forms[EVIDENCE]
    copies = copies_of(case)
    originals = [
        (file, each)
        for file, each in case.files.items()
        if each.question.startswith(f"{EVIDENCE}.") and (not only or each.by == only)
    ]
    originals.sort(key=lambda pair: pair[1].at)
    return [
        _piece(case, shots, number, file, each, copies.get(file), url)
        for number, (file, each) in enumerate(originals, 1)
    ]


def copies_of(case: Case) -> dict[str, bundle.Report]:
    """Return the reports of the copies by the original's id; what was erased is not there."""
    found: dict[str, bundle.Report] = {}
    for file, attachment in case.files.items():
        if attachment.media_type != bundle.MEDIA_TYPE:
            continue
        try:
            report = bundle.open_head(door.office().files.read(file, case.id))
        except (FileNotFoundError, bundle.NoBundle):
            continue
        found[report.original] = report
    return found


def side_of(case: Case, by: str) -> Text:
    """Return who brought something: a side of the case by its role, or a unit."""
    parties = door.plan_of(case).scenario.parties
    for role, party in case.parties.items():
        if party == by and role in parties:
            return parties[role].title
    return door.directory().name(by) or text("actor.party")


def _piece(
    case: Case,
    shots: PlanForm,
    number: int,
    file: str,
    attachment: Attachment,
    report: bundle.Report | None,
    url: Callable[[str, str], str],
) -> Piece:
    name = attachment.question.removeprefix(f"{EVIDENCE}.")
    asked = shots.questions.get(name)
    piece = Piece(
        file=file,
        attachment=attachment,
        number=number,
        side=side_of(case, attachment.by),
        shot=asked.question.title if asked else text("evidence.piece"),
        video=attachment.media_type not in PHOTOS,
        looked=report is not None,
    )
    if report is None:
        return piece
    if report.reason:
        return msgspec.structs.replace(piece, wrong=why_not(report.reason), report=report)
    return msgspec.structs.replace(
        piece,
        report=report,
        frames=tuple(
            Frame(
                url=url(file, f"frame-{place}"),
                at=each.at,
                clock=clock(each.at),
                why=text(f"evidence.why.{each.why}"),
                alarm=each.alarm,
                blurred=each.blurred,
            )
            for place, each in enumerate(report.frames)
        ),
        playback=url(file, "playback") if report.playback_size else "",
        facts=facts_of(report),
        doubts=tuple(each.text for each in report.doubts),
    )


def clock(seconds: float) -> str:
    """Return an instant of a video as minutes, seconds and hundredths."""
    return f"{int(seconds // 60)}:{seconds % 60:05.2f}"


def facts_of(report: bundle.Report) -> tuple[tuple[Text, str], ...]:
    """Return what a file says of itself, in words."""
    facts = report.facts
    if facts is None:
        return ()
    rows: list[tuple[Text, str]] = [
        (text("evidence.fact.picture"), f"{facts.width} × {facts.height}, {facts.codec}"),
    ]
    if facts.seconds:
        rate = f"{facts.rate:g}/s" + (" ~" if facts.variable else "")
        rows.append((text("evidence.fact.length"), f"{clock(facts.seconds)}, {facts.frames}, {rate}"))
    if facts.recorded is not None:
        rows.append((text("evidence.fact.recorded"), instant_text(facts.recorded).zh))
    if facts.maker:
        rows.append((text("evidence.fact.maker"), facts.maker))
    if facts.software:
        rows.append((text("evidence.fact.software"), facts.software))
    if facts.place:
        rows.append((text("evidence.fact.place"), f"{facts.place[0]:.5f}, {facts.place[1]:.5f}"))
    if facts.rotation:
        rows.append((text("evidence.fact.turned"), f"{facts.rotation}°"))
    return tuple(rows)
