"""The line of a case and of a matter, ready to stand in a page: wide and narrow, and the strip of a list."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from django.utils.safestring import SafeString, mark_safe

from zhuoli.core.case.facts import Directory
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.scenario.line import LineState, line_state, line_svg
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.store.codec import decode_state
from zhuoli.store.models import StateRecord
from zhuoli.web import when
from zhuoli.web.cases import subject

NARROW = 320
"""Pixels that a phone of 360 leaves."""


class Line(msgspec.Struct, frozen=True):
    """The same line twice: from left to right, and from top to bottom for a phone; the page shows one of them."""

    wide: SafeString
    narrow: SafeString


def of_case(plan: Plan, case: Case, directory: Directory, language: str) -> Line:
    """Draw how far a case is."""
    return _both(plan.scenario, _state(case, directory), language)


def of_matter(scenario: Scenario, language: str) -> Line:
    """Draw how a matter goes, before it is raised."""
    return _both(scenario, None, language)


class Seen(msgspec.Struct, frozen=True):
    """What a row shows of a case's state: its strip, what it is about, and how many tasks the reader's unit has in it."""

    strip: SafeString
    subject: Text | None
    tasks: int = 0


def rows(
    cases: Iterable[tuple[int, Plan]], directory: Directory, language: str, unit: str = ""
) -> dict[int, Seen]:
    """Draw the thin strips of a list and say what its cases are about, for all of them in one statement."""
    plans = dict(cases)
    seen: dict[int, Seen] = {}
    for number, state in StateRecord.objects.filter(case_id__in=plans).values_list("case_id", "state"):
        case, plan = decode_state(state), plans[number]
        drawing = line_svg(plan.scenario, _state(case, directory), language, "strip", ident=f"strip-{number}")
        tasks = sum(
            item.state == "active" and item.unit == unit and item.kind in ("human", "loop")
            for item in case.items.values()
        )
        seen[number] = Seen(drawn(drawing), subject(plan, case), tasks)
    return seen


def _both(scenario: Scenario, state: LineState | None, language: str) -> Line:
    return Line(
        wide=drawn(line_svg(scenario, state, language, "case", ident="line-wide")),
        narrow=drawn(line_svg(scenario, state, language, "narrow", width=NARROW, ident="line-narrow")),
    )


def _state(case: Case, directory: Directory) -> LineState:
    return line_state(case, lambda unit: directory.name(unit) or Text(unit, unit), local(when.now()).year)


def drawn(drawing: str) -> SafeString:
    """Return a drawing of the core as part of a page."""
    return mark_safe(drawing)  # noqa: S308 - drawn by the core, which escapes the scenario's words
