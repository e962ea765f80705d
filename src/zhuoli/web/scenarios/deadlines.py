"""Time limits with an example: if it began next working morning, when would it end, and why on that day?"""

from __future__ import annotations

import msgspec

from zhuoli.core.case.plan import Clockwork, Plan
from zhuoli.core.text import Text
from zhuoli.core.worktime import Calendar, Limit, explain, in_sentences, parse_duration
from zhuoli.core.worktime.instants import HOUR, day_begins, day_of
from zhuoli.core.worktime.words import set_off
from zhuoli.web import door, when
from zhuoli.web.wording import text


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One limit: of what, which kind, how long, its ground, and when it would end (ms UTC) with every reason."""

    title: Text
    kind: Text
    length: Text
    ground: Text | None
    due: int | None
    why: tuple[Text, ...]


def example_start(calendar: Calendar) -> int:
    """Return ten o'clock of the next working morning, ms UTC."""
    return day_begins(calendar.next_working(day_of(when.now()) + 1)) + 10 * HOUR


def of(plan: Plan) -> list[Example]:
    """Return the limits of the whole matter, of the loop, of stages and tasks, in this order."""
    calendar = door.calendar()
    start = example_start(calendar)
    scenario = plan.scenario
    named: list[tuple[Text, Clockwork | None, object]] = [
        (text("limit.accept"), plan.clocks.get("loop.accept"), scenario.acceptance.due),
        (text("limit.case"), plan.clocks.get("case"), scenario.due),
        *((item.title, item.clock, None) for item in plan.order if item.clock is not None),
        (text("limit.joint"), plan.clocks.get("loop.contribute"), scenario.joint.due),
        (text("limit.review"), plan.clocks.get("loop.review"), scenario.review.due),
        (text("limit.confirm"), plan.clocks.get("loop.confirm"), None),
    ]
    found: list[Example] = []
    for title, clock, due in named:
        if clock is None:
            continue
        ground = getattr(due, "ground", None)
        law = (
            Text(f"《{ground.law}》{ground.articles}", f"{ground.law} {ground.articles}") if ground else None
        )
        for kind, limit in (("promised", clock.promised), ("statutory", clock.statutory)):
            if limit is not None:
                found.append(
                    _example(title, kind, limit, law if kind == "statutory" else None, start, calendar)
                )
    return found


def length_of(written: str) -> Text:
    """Return a duration of a scenario in words."""
    return set_off(parse_duration(written).text())


def _example(
    title: Text, kind: str, limit: Limit, law: Text | None, start: int, calendar: Calendar
) -> Example:
    explanation = explain(limit, start, (), calendar)
    return Example(
        title=title,
        kind=text(f"limit_kind.{kind}"),
        length=set_off(limit.duration.text()),
        ground=law,
        due=explanation.due,
        why=tuple(in_sentences(explanation)),
    )
