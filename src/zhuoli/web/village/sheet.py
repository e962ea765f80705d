"""The monthly sheet of a village: what was done, what was found, what came of it, and on which days nothing was noted.

It prints itself: at the end of a month the worker sets the sheet of each village in which anything was noted, and keeps
it in ``<data>/sheets/<month>/``. It can be had at any time, too. A sheet tells of a village, never of whoever did the rounds.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from zhuoli.channels.papers import Block, Facts, Heading, Paper, Paragraph, Table, plain, print_paper
from zhuoli.core.case.plan import Plan
from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.core.worktime.instants import date_from_day, day_begins, day_from_date
from zhuoli.environment import read_environment
from zhuoli.office import rounds
from zhuoli.office.rounds import Month
from zhuoli.web import door, viewers, when
from zhuoli.web.errors import not_found
from zhuoli.web.village import telling
from zhuoli.web.village.served import Village, duty_name, village_of
from zhuoli.web.wording import text

OUTCOMES = ("done", "answered", "open", "no", "ended")
"""What can have come of a matter, in the order in which a sheet tells it: words ``village.outcome.<name>``."""
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar month: its first local day and the first one after it."""

    year: int
    month: int
    first: int
    after: int

    @property
    def key(self) -> str:
        """``2026-05``."""
        return f"{self.year:04}-{self.month:02}"

    @property
    def name(self) -> Text:
        """The month in words."""
        return telling.month_name(self.year, self.month)


def span(written: str) -> Span:
    """Return the month written ``2026-05``.

    Raises:
        BadRequestPage: 404, it is none.
    """
    match = _MONTH.fullmatch(written)
    if match is None:
        raise not_found(text("village.no_month"))
    return span_of(int(match[1]), int(match[2]))


def span_of(year: int, month: int) -> Span:
    """Return a calendar month."""
    first = local(0).date().replace(year=year, month=month, day=1)
    later = first.replace(year=year + 1, month=1) if month == 12 else first.replace(month=month + 1)
    return Span(year=year, month=month, first=day_from_date(first), after=day_from_date(later))


def month_before(now: int) -> Span:
    """Return the month that was over last."""
    day = local(now).date()
    return span_of(day.year - 1, 12) if day.month == 1 else span_of(day.year, day.month - 1)


def month_of(plan: Plan, village: str, of: Span, now: int) -> Month:
    """Count the month of one village."""
    return rounds.months(plan.scenario.scenario, [village], of.first, of.after, now)[village]


def paper(plan: Plan, village: Village, of: Span, month: Month, station: Text, lang: str) -> Paper:
    """Return the sheet as a paper in one language."""

    def say(value: Text) -> str:
        return value.in_language(lang)

    duties = telling.duties(plan, month.rounds)
    blocks: list[Block] = [
        Facts(tuple((say(name), value, False) for name, value in facts(month, lang))),
        Heading(say(text("village.sheet.duties"))),
        Table(
            (say(text("village.sheet.duty")), say(text("village.sheet.times"))),
            tuple((say(each.title), str(each.today)) for each in duties),
        ),
        Heading(say(text("village.sheet.found"))),
    ]
    lines = [telling.line(plan, each, month.came) for each in month.found]
    if lines:
        head = tuple(
            say(text(f"village.sheet.{name}")) for name in ("day", "what", "where", "receipt", "came")
        )
        rows = tuple(
            (
                short_day(each.round.at, lang),
                " ".join(part for part in (say(each.kind) if each.kind else "", each.round.note) if part),
                each.round.spot or "–",
                each.came.receipt if each.came else "–",
                say(each.said),
            )
            for each in lines
        )
        blocks.append(Table(head, rows))
    else:
        blocks.append(Paragraph(plain(say(text("village.sheet.nothing")))))
    blocks += [
        Heading(say(text("village.sheet.places"))),
        Paragraph(plain(places(month, lang))),
        Heading(say(text("village.sheet.quiet"))),
        Paragraph(plain(quiet_days(month, lang))),
        Paragraph(plain(say(text("village.sheet.rule")))),
    ]
    return Paper(
        lang=lang,
        title=say(text("village.sheet.title", village=village.name, month=of.name)),
        under_title=say(village.full),
        issuer=say(station),
        house=say(text("paper.house")),
        number=f"{village.code}-{of.key}",
        made=say(text("paper.made", day=when.dated_day(when.now()))),
        page=say(text("paper.page")).replace("[", "{").replace("]", "}"),
        blocks=tuple(blocks),
        mark=say(text("paper.demo")) if viewers.demo() else "",
    )


def facts(month: Month, lang: str) -> list[tuple[Text, str]]:
    """Return the figures of a month: names and values."""
    outcomes = month.outcomes
    matters = sum(outcomes.values())
    parts = [
        text("village.outcome", what=text(f"village.outcome.{name}"), n=outcomes[name]).in_language(lang)
        for name in OUTCOMES
        if outcomes[name]
    ]
    came = ("、" if lang == "zh" else ", ").join(parts)
    return [
        (text("village.sheet.rounds"), str(len(month.rounds))),
        (text("village.sheet.kinds"), f"{len(month.by_duty)} / 10"),
        (text("village.sheet.days"), f"{len(month.days) - len(month.quiet)} / {len(month.days)}"),
        (text("village.sheet.found_n"), str(len(month.found))),
        (text("village.sheet.matters"), f"{matters}{_bracket(came, lang)}"),
        (text("village.sheet.until"), when.dated(month.until, lang)),
    ]


def _bracket(words: str, lang: str) -> str:
    if not words:
        return ""
    return f"（{words}）" if lang == "zh" else f" ({words})"


def places(month: Month, lang: str) -> str:
    """Return the places that were named, the most visited first."""
    if not month.spots:
        return text("village.sheet.no_places").in_language(lang)
    between = "、" if lang == "zh" else ", "
    return between.join(f"{spot} ×{number}" for spot, number in month.spots.most_common(40))


def quiet_days(month: Month, lang: str) -> str:
    """Return the days without a round, neighbouring ones as a span."""
    if not month.quiet:
        return text("village.sheet.no_quiet").in_language(lang)
    spans: list[list[int]] = []
    for day in month.quiet:
        if spans and spans[-1][-1] == day - 1:
            spans[-1].append(day)
        else:
            spans.append([day])
    said = [
        str(date_from_day(each[0]).day)
        if len(each) == 1
        else f"{date_from_day(each[0]).day}–{date_from_day(each[-1]).day}"
        for each in spans
    ]
    days = ("、" if lang == "zh" else ", ").join(said)
    return text("village.sheet.quiet_days", n=len(month.quiet), days=days).in_language(lang)


def short_day(at: int, lang: str) -> str:
    """Return a day within the month of the sheet."""
    day = local(at)
    return f"{day.month}/{day.day}" if lang == "zh" else f"{day.day}/{day.month}"


def station_of(village: str) -> Text:
    """Return the police station that arranges the rounds of a village."""
    unit = door.directory().responsible("public_order", village)
    return (door.directory().name(unit) if unit else None) or text("now.nobody_yet")


# --- printing by itself -------------------------------------------------------------------------------------


class Printed(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet that was set: of which village, where it lies, how many seconds it took."""

    village: str
    file: Path
    seconds: float


def folder(of: Span) -> Path:
    """Return where the sheets of a month are kept."""
    return read_environment().data / "sheets" / of.key


def kept(village: str, of: Span) -> Path:
    """Return the file of a sheet that has printed itself, whether it is there or not."""
    return folder(of) / f"{village}.pdf"


def print_sheets(
    of: Span, into: Path, *, villages: Iterable[str] | None = None, lang: str = "zh", again: bool = False
) -> Iterator[Printed]:
    """Set the sheets of a month, of all villages with rounds unless some are named; what is there is left alone.

    Raises:
        PaperFailed: the typesetter gave up.
    """
    name = duty_name()
    if not name:
        return
    plan = door.plan(name)
    now = when.now()
    wanted = villages
    if wanted is None:
        wanted = rounds.villages_with_rounds(name, day_begins(of.first), day_begins(of.after))
    for code in wanted:
        file = into / f"{code}.pdf"
        village = village_of(code)
        if village is None or (file.exists() and not again):
            continue
        begun = time.perf_counter()
        month = month_of(plan, code, of, now)
        if not month.rounds and villages is None:
            continue
        pdf = print_paper(paper(plan, village, of, month, station_of(code), lang))
        into.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".part")
        fresh.write_bytes(pdf)
        fresh.replace(file)
        yield Printed(village=code, file=file, seconds=time.perf_counter() - begun)


def print_what_is_due(now: int, seconds: float = 600.0) -> int:
    """Set the sheets of the month that was over last, as many as fit into ``seconds``; return how many."""
    of = month_before(now)
    until = time.monotonic() + seconds
    count = 0
    for _ in print_sheets(of, folder(of)):
        count += 1
        if time.monotonic() > until:
            break
    return count
