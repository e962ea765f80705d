"""A round and what came of it, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from zhuoli.core.case.plan import Plan
from zhuoli.core.scenario.model import Question
from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.core.worktime.instants import DAY
from zhuoli.office.rounds import NOTHING, Came, Round
from zhuoli.web import door, when
from zhuoli.web.wording import maybe, text

REMEMBERED = 62 * DAY
"""How far back (ms) a phone shows what was noted."""
USUAL_SPOTS = ("hall", "school", "gate", "road")
"""Places that most villages have, offered while none was named yet: words ``village_spot.<name>``."""


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """One of the ten duties as a button: how often it was noted today."""

    key: str
    title: Text
    hint: Text | None
    today: int


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A round as a list shows it; ``said`` is what came of it in one sentence, ``outcome`` its kind for the mark."""

    round: Round
    duty: Text
    kind: Text | None
    said: Text
    outcome: str
    awaits: bool
    came: Came | None


def duties(plan: Plan, today: Iterable[Round]) -> list[Duty]:
    """Return the ten duties in the order of the form."""
    noted = [each.duty for each in today]
    return [
        Duty(key=key, title=each.title, hint=each.hint, today=noted.count(key))
        for key, each in plan.forms["form"].questions["duty"].question.choices.items()
    ]


def line(plan: Plan, found: Round, came: Mapping[str, Came]) -> Line:
    """Tell one round."""
    asks = plan.forms["form"].questions
    matter = came.get(found.need)
    said, outcome = _what_came(found, matter)
    return Line(
        round=found,
        duty=_title(asks["duty"].question, found.duty) or Text(found.duty, found.duty),
        kind=_title(asks["kind"].question, found.kind),
        said=said,
        outcome=outcome,
        awaits=matter is not None and matter.status == "closed",
        came=matter,
    )


def one_each(lines: Iterable[Line]) -> list[Line]:
    """Return the lines with each matter once: the newest round that led to it."""
    seen: set[str] = set()
    kept = []
    for each in lines:
        if each.round.need and each.round.need in seen:
            continue
        seen.add(each.round.need)
        kept.append(each)
    return kept


def _what_came(found: Round, matter: Came | None) -> tuple[Text, str]:
    if found.found == NOTHING:
        return text("village.in_order"), "fine"
    if found.status == "withdrawn":
        return text("village.taken_back"), "ended"
    if matter is None:
        return (
            (text("village.by_hand"), "open")
            if found.status == "settled"
            else (text("village.waits"), "open")
        )
    unit = door.directory().name(matter.unit) or text("now.nobody_yet")
    if matter.outcome == "open":
        if matter.status == "received":
            return text("village.received", unit=unit), "open"
        if matter.late:
            return text("village.late", unit=unit), "late"
        if matter.promised is not None:
            return text("village.promised", unit=unit, day=when.day(matter.promised)), "open"
        return text("village.working", unit=unit), "open"
    return text(f"village.came.{matter.outcome}", unit=unit), matter.outcome


def spots(found: Iterable[Round], most: int) -> list[Text]:
    """Return the places that were named most in a village; the usual ones until there are enough."""
    counts: dict[str, int] = {}
    for each in found:
        if each.spot:
            counts[each.spot] = counts.get(each.spot, 0) + 1
    named = [Text(spot, spot) for spot in sorted(counts, key=lambda spot: (-counts[spot], spot))]
    usual = [text(f"village_spot.{name}") for name in USUAL_SPOTS]
    known = {each.zh for each in named} | {each.en for each in named}
    return [*named, *(each for each in usual if each.zh not in known and each.en not in known)][:most]


def phrases(plan: Plan, lang: str) -> dict[str, list[str]]:
    """Return for each kind of thing the sentences that can be tapped instead of typed."""
    kinds = plan.forms["form"].questions["kind"].question.choices
    found = {kind: maybe(f"village_phrase.{kind}") for kind in kinds}
    return {kind: said.in_language(lang).split("|") for kind, said in found.items() if said is not None}


def months_back(now: int, count: int = 4) -> list[tuple[str, Text]]:
    """Return the last months, this one first: ``2026-05`` and its name."""
    year, month = local(now).year, local(now).month
    found = []
    for _ in range(count):
        found.append((f"{year:04}-{month:02}", month_name(year, month)))
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return found


def month_name(year: int, month: int) -> Text:
    """Return a month in words."""
    return Text(f"{year}年{month}月", f"{_MONTHS[month - 1]} {year}")


def _title(question: Question, key: str) -> Text | None:
    found = question.choices.get(key)
    return found.title if found is not None else None


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
