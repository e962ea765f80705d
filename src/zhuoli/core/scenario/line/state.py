"""Where a case stands on its line: what a drawing needs to know, in words that are ready to be shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_text

StageState = Literal["available", "active", "completed", "terminated"]
Mark = Literal["", "answered", "settled", "unconfirmed", "withdrawn", "refused", "merged"]

_MARKS: dict[str, Mark] = {
    "closed": "answered",
    "settled": "settled",
    "unconfirmed": "unconfirmed",
    "withdrawn": "withdrawn",
    "refused": "refused",
    "merged": "merged",
}


class StageNow(msgspec.Struct, frozen=True, kw_only=True):
    """One stop: its state, and what stands below its name (when it began or ended)."""

    state: StageState
    note: Text | None = None


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """A joint unit: at which stage it came in, and whether its part is done."""

    title: Text
    stage: str
    ended: bool = False


class LineState(msgspec.Struct, frozen=True, kw_only=True):
    """How far a case is.

    ``paused`` draws the stretch ahead dashed, ``pause`` says why. ``terminus`` is what the last stop says (the
    promised date), ``opened`` what the first one says. ``mark`` is how the case has ended, if it has.
    """

    stages: dict[str, StageNow] = {}
    paused: bool = False
    pause: Text | None = None
    terminus: Text | None = None
    opened: Text | None = None
    mark: Mark = ""
    branches: tuple[Branch, ...] = ()


def line_state(case: Case, unit_name: Callable[[str], Text], year: int | None = None) -> LineState:
    """The state of a case for its line; ``unit_name`` names joint units, ``year`` is the reader's present year.

    Instants are written in words in Asia/Shanghai; the promised date comes before the statutory one.
    """
    stages = {}
    begun: list[tuple[int, str]] = []
    for name, item in case.items.items():
        if item.kind != "stage":
            continue
        begun.append((item.since, name))
        state: StageState = "active" if item.state == "suspended" else item.state
        note = instant_text(item.since if item.ended is None else item.ended, year, midnight_ends_day=False)
        stages[name] = StageNow(state=state, note=note)
    clock = case.clocks.get("case")
    paused = (clock is not None and clock.stopped) or case.suspended
    due = None
    if clock is not None and clock.ended is None:
        due = instant_text(clock.due, year) if clock.due is not None else None
    # What was struck off, or left unconfirmed, says when that was; the answer before it is a stop of its own.
    last = case.closed if case.status == "closed" or case.ended is None else case.ended
    ended = instant_text(last, year, midnight_ends_day=False) if last is not None else None
    return LineState(
        stages=stages,
        paused=paused,
        pause=Text("计时已停", "clock stopped") if paused else None,
        terminus=ended if case.status not in ("received", "accepted") else due,
        opened=instant_text(case.opened, year, midnight_ends_day=False) if case.opened else None,
        mark=_MARKS.get(case.status, ""),
        branches=tuple(
            Branch(title=unit_name(unit), stage=_stage_at(begun, joint.since), ended=joint.ended is not None)
            for unit, joint in case.joint.items()
        ),
    )


def _stage_at(begun: list[tuple[int, str]], instant: int) -> str:
    """The stage that had begun last at ``instant`` (empty: none had)."""
    before = [(since, name) for since, name in begun if since <= instant]
    return max(before)[1] if before else ""
