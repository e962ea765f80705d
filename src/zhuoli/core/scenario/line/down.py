"""The line from top to bottom: for narrow screens, and for the explanation of a scenario with its tasks."""

from __future__ import annotations

from itertools import pairwise

from zhuoli.core.scenario.line import symbols
from zhuoli.core.scenario.line.across import Drawing
from zhuoli.core.scenario.line.state import LineState, Mark
from zhuoli.core.scenario.line.stops import MARKS, START, STATES, Stop, stops, terminus
from zhuoli.core.scenario.line.svg import Element, path
from zhuoli.core.scenario.line.text import wrap
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.text import Text

NAME, NOTE = 16.0, 13.0
RADIUS = 8.0
TRACK, SIDING, WORDS = 20.0, 46.0, 68.0
"""Where the line, a siding and the words stand, in pixels from the left."""
GAP = 18.0
MARGIN = 10.0


class _Row:
    """One stop and its words: where it begins, how high it is, and what it draws."""

    def __init__(self, y: float, side: bool) -> None:
        self.y = y
        self.side = side
        self.elements: list[Element] = []
        self.bottom = y

    @property
    def centre(self) -> float:
        """The height of the stop: the middle of its name's first line."""
        return self.y + NAME * 0.62

    def write(self, text: str, room: float, size: float, kind: str, *, bold: bool = False) -> None:
        """Add words below those that are there."""
        if not text:
            return
        lines = wrap(text, size, room)
        made = symbols.words(lines, WORDS, self.bottom, size, anchor="start", kind=kind, bold=bold)
        self.elements.append(made)
        self.bottom += symbols.height(lines, size) + 2


def down(
    scenario: Scenario, state: LineState | None, language: str, width: float, *, details: bool
) -> Drawing:
    """The line from top to bottom, exactly ``width`` pixels wide (at least 200)."""
    width = max(width, 200.0)
    room = width - WORDS - MARGIN
    found = stops(scenario, state, details=details)
    rows: list[_Row] = []
    first = _Row(MARGIN, side=False)
    first.write(START.in_language(language), room, NAME, "name", bold=True)
    if state is not None and state.opened is not None:
        first.write(state.opened.in_language(language), room, NOTE, "note")
    rows.append(first)
    for one in found:
        rows.append(_stage(one, state, rows[-1].bottom + GAP, room, language))
    mark: Mark = state.mark if state is not None else ""
    rows.append(_last(scenario, state, mark, rows[-1].bottom + GAP, room, language))
    tracks = _tracks(found, rows, state)
    signs = [symbols.start(TRACK, first.centre, RADIUS, START.in_language(language), downwards=True)]
    for one, row in zip(found, rows[1:], strict=False):
        x = SIDING if one.siding else TRACK
        said = one.title.in_language(language)
        if one.state is not None:
            said += f" · {STATES[one.state].in_language(language)}"
        signs.append(symbols.stop(x, row.centre, RADIUS * (0.75 if one.siding else 1), one.state, said))
    said = terminus(scenario, state)[0].in_language(language)
    signs.append(symbols.end(TRACK, rows[-1].centre, RADIUS * 1.2, mark, said))
    words = [element for row in rows for element in row.elements]
    return Drawing([*tracks, *signs, *words], width, rows[-1].bottom + MARGIN)


def _stage(one: Stop, state: LineState | None, y: float, room: float, language: str) -> _Row:
    row = _Row(y, side=one.siding)
    active = one.state == "active"
    row.write(one.title.in_language(language), room, NAME, "active" if active else "name", bold=True)
    if one.siding and one.state in (None, "available"):
        row.write(Text("视情况", "where needed").in_language(language), room, NOTE, "note")
    for note in one.notes:
        row.write(note.in_language(language), room, NOTE, "note")
    for detail in one.details:
        row.write(detail.in_language(language), room, NOTE, "name")
    for branch in state.branches if state is not None else ():
        if branch.stage == one.id:
            joint = Text(f"联合办理：{branch.title.zh}", f"Joint handling: {branch.title.en}")
            _join(row, branch.ended)
            row.write(joint.in_language(language), room, NOTE, "note" if branch.ended else "active")
    return row


def _join(row: _Row, ended: bool) -> None:
    """A short branch beside the line, at the height of the words that follow."""
    y = row.bottom + NOTE * 0.62
    data = path(("M", TRACK, y - 14), ("C", TRACK, y - 4, TRACK + 10, y, SIDING - 4, y))
    row.elements.append(symbols.track(data, passed=True, thick=3))
    if not ended:
        row.elements.append(symbols.stop(SIDING - 2, y, RADIUS * 0.5, "active", ""))


def _last(
    scenario: Scenario, state: LineState | None, mark: Mark, y: float, room: float, language: str
) -> _Row:
    row = _Row(y, side=False)
    title, notes = terminus(scenario, state)
    if mark == "settled":
        sign, _ = symbols.seal(WORDS, y - 4, MARKS["settled"].in_language(language), NAME)
        row.elements.append(sign)
        row.bottom += NAME * 1.9 + 2
    else:
        row.write(title.in_language(language), room, NAME, "name", bold=True)
    for note in notes:
        row.write(note.in_language(language), room, NOTE, "note")
    return row


def _tracks(found: list[Stop], rows: list[_Row], state: LineState | None) -> list[Element]:
    """The main line from row to row, and the sidings that leave it and come back."""
    drawn: list[Element] = []
    main = [number for number, row in enumerate(rows) if not row.side]
    ended = state is not None and state.mark in ("settled", "answered", "unconfirmed")

    def begun(number: int) -> bool:
        if number == 0:
            return True
        if number == len(rows) - 1:
            return state is None or ended
        return found[number - 1].state != "available"

    active = [number for number in main[1:-1] if found[number - 1].state == "active"]
    reached = [number for number in main if begun(number)]
    halted = (active or reached)[-1] if state is not None and state.paused else -1
    for here, there in pairwise(main):
        data = symbols.straight(TRACK, rows[here].centre, TRACK, rows[there].centre)
        drawn.append(symbols.track(data, passed=begun(here) and begun(there), dashed=here == halted))
    for number, one in enumerate(found, start=1):
        if one.siding:
            y, before, after = rows[number].centre, rows[number].y - GAP, rows[number].bottom + GAP / 2
            data = path(
                ("M", TRACK, before),
                ("C", TRACK, before + 14, SIDING, y - 22, SIDING, y - 6),
                ("L", SIDING, max(y + 6, after - 26)),
                ("C", SIDING, max(y + 16, after - 10), TRACK, after - 12, TRACK, after + 4),
            )
            drawn.append(symbols.track(data, passed=one.state in (None, "active", "completed"), thick=3))
    return drawn
