"""The line from left to right: the thin strip of a list, and the line of a case with names and times."""

from __future__ import annotations

from typing import NamedTuple

from zhuoli.core.scenario.line import symbols
from zhuoli.core.scenario.line.state import Branch, LineState
from zhuoli.core.scenario.line.stops import MARKS, START, STATES, Stop, stops, terminus
from zhuoli.core.scenario.line.svg import Element, path
from zhuoli.core.scenario.line.text import balanced, widest, wrap
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.text import Text

NAME, NOTE = 14.0, 12.0
RADIUS = 8.0
MARGIN = 8.0
LANE = 34.0
"""From the main line up to a siding or branch, and from one lane's labels to the next lane."""
LEAST_COLUMN = 68.0

STRIP_HEIGHT = 20.0
STRIP_GAP = 22.0


class Drawing(NamedTuple):
    """Elements and the size of what they fill, in pixels."""

    elements: list[Element]
    width: float
    height: float


class _Lane(NamedTuple):
    """Something beside the main line at a column: a siding with its stop, or the joint units of a stage."""

    column: int
    titles: tuple[Text, ...]
    stop: Stop | None
    open: bool
    over: bool = False


def strip(scenario: Scenario, state: LineState | None, language: str) -> Drawing:
    """The thin line of a list row, 20 pixels high, without words (stops say theirs on hovering)."""
    found = stops(scenario, state)
    y, radius = STRIP_HEIGHT / 2, 5.0
    xs = [radius + 2 + STRIP_GAP * number for number in range(len(found) + 2)]
    elements = _tracks(found, xs, y, state, thick=3)
    elements.append(symbols.start(xs[0], y, radius * 0.9, START.in_language(language)))
    for x, one in zip(xs[1:], found, strict=False):
        radius_here = radius * (0.7 if one.siding else 1)
        elements.append(symbols.stop(x, y, radius_here, one.state, _said(one, language)))
    title, _ = terminus(scenario, state)
    mark = state.mark if state is not None else ""
    elements.append(symbols.end(xs[-1], y, radius, mark, title.in_language(language)))
    if state is not None and any(not one.ended for one in state.branches):
        elements.append(_strip_branch(found, xs, y))
    return Drawing(elements, xs[-1] + radius + 3, STRIP_HEIGHT)


def case(scenario: Scenario, state: LineState | None, language: str, width: float) -> Drawing:
    """The line of a case; at least ``width`` pixels wide, wider when words would not fit."""
    found = stops(scenario, state)
    last, last_notes = terminus(scenario, state)
    opened = (state.opened,) if state is not None and state.opened is not None else ()
    labels: list[tuple[Text, tuple[Text, ...]]] = [
        (START, opened),
        *((one.title, one.notes) for one in found),
        (last, last_notes),
    ]
    column = _column(labels, state, language, (width - 2 * MARGIN) / len(labels))
    xs = [MARGIN + column * (number + 0.5) for number in range(len(labels))]
    lanes = _lanes(found, state)
    above, heights = _above(lanes, column, language)
    y = MARGIN + above + RADIUS * 1.2
    elements = _tracks(found, xs, y, state, thick=4)
    for number, lane in enumerate(lanes):
        for beside in lane:
            elements += _beside(beside, xs[beside.column], y, y - heights[number], column, language)
    for x, one in zip(xs[1:], found, strict=False):
        if not one.siding:
            elements.append(symbols.stop(x, y, RADIUS, one.state, _said(one, language)))
    elements.append(symbols.start(xs[0], y, RADIUS, START.in_language(language)))
    mark = state.mark if state is not None else ""
    elements.append(symbols.end(xs[-1], y, RADIUS * 1.2, mark, last.in_language(language)))
    below = 0.0
    for number, (x, (title, notes)) in enumerate(zip(xs, labels, strict=True)):
        one_stop = found[number - 1] if 0 < number <= len(found) else None
        if one_stop is not None and one_stop.siding:
            continue
        active = one_stop is not None and one_stop.state == "active"
        sealed = number == len(labels) - 1 and mark == "settled"
        drawn, tall = _label(title, notes, x, y + RADIUS * 1.2 + 8, column - 8, language, active, sealed)
        elements += drawn
        below = max(below, tall)
    return Drawing(elements, 2 * MARGIN + column * len(labels), y + RADIUS * 1.2 + 8 + below + MARGIN)


def _column(
    labels: list[tuple[Text, tuple[Text, ...]]], state: LineState | None, language: str, wanted: float
) -> float:
    """The width of a column: what is wanted, but never so narrow that a word would have to be cut."""
    pieces = [LEAST_COLUMN]
    for title, notes in labels:
        pieces.append(_longest_word(title.in_language(language), NAME))
        pieces += [_longest_word(note.in_language(language), NOTE) for note in notes]
    for branch in state.branches if state is not None else ():
        pieces.append(_longest_word(branch.title.in_language(language), NOTE))
    return max(wanted, *pieces)


def _longest_word(text: str, size: float) -> float:
    # Broken as narrowly as the rules allow: what is then widest cannot be broken without cutting a word.
    lines = [line for word in text.split(" ") for line in wrap(word, size, size * 4)] if text else []
    whole = [word for word in text.split(" ") if word.isascii()]
    return max(widest(lines, size), widest(whole, size)) + 12


def _tracks(
    found: list[Stop], xs: list[float], y: float, state: LineState | None, thick: float
) -> list[Element]:
    """The main line from stop to stop; sidings are passed by."""
    main = [0, *(number + 1 for number, one in enumerate(found) if not one.siding), len(xs) - 1]
    ends = state is not None and state.mark in ("settled", "answered", "unconfirmed")
    begun = [True]
    begun += [one.state is None or one.state != "available" for one in found if not one.siding]
    begun.append(state is None or ends)
    active = [number for number, one in enumerate(found, start=1) if one.state == "active" and not one.siding]
    halted = (active[-1] if active else _furthest(main, begun)) if state is not None and state.paused else -1
    drawn = []
    for number in range(len(main) - 1):
        here, there = main[number], main[number + 1]
        data = symbols.straight(xs[here], y, xs[there], y)
        passed = begun[number] and begun[number + 1]
        drawn.append(symbols.track(data, passed=passed, dashed=here == halted, thick=thick))
    return drawn


def _furthest(main: list[int], begun: list[bool]) -> int:
    return max(column for column, yes in zip(main, begun, strict=True) if yes)


def _lanes(found: list[Stop], state: LineState | None) -> list[list[_Lane]]:
    """Sidings in the lane next to the line, joint units there too, or one lane above where it is taken."""
    sidings = [
        _Lane(number, (one.title,), one, False) for number, one in enumerate(found, start=1) if one.siding
    ]
    columns = {one.id: number for number, one in enumerate(found, start=1)}
    together: dict[int, list[Branch]] = {}
    for branch in state.branches if state is not None else ():
        together.setdefault(columns.get(branch.stage, 0), []).append(branch)
    taken = {one.column for one in sidings}
    joint = [
        _Lane(column, tuple(map(_unit, units)), None, not all(one.ended for one in units), column in taken)
        for column, units in together.items()
    ]
    lanes = [sidings + [one for one in joint if not one.over], [one for one in joint if one.over]]
    return [lane for lane in lanes if lane]


def _unit(branch: Branch) -> Text:
    """A joint unit's name, ticked when its part is done."""
    return Text(f"{branch.title.zh}\u00a0✓", f"{branch.title.en}\u00a0✓") if branch.ended else branch.title


def _above(lanes: list[list[_Lane]], column: float, language: str) -> tuple[float, list[float]]:
    """The room above the main line, and how high each lane lies above it."""
    heights = []
    at = 0.0
    for lane in lanes:
        at += LANE
        heights.append(at)
        at += 10 + max(symbols.height(_lines(one, column, language)[0], NOTE) for one in lane)
        at += max(symbols.height(_lines(one, column, language)[1], NOTE) for one in lane)
    return at, heights


def _lines(one: _Lane, column: float, language: str) -> tuple[list[str], list[str]]:
    room = column * 0.92 - 12
    names = [line for title in one.titles for line in balanced(title.in_language(language), NOTE, room)]
    notes = one.stop.notes if one.stop is not None else ()
    return names, [line for note in notes for line in balanced(note.in_language(language), NOTE, room)]


def _beside(one: _Lane, x: float, main: float, lane: float, column: float, language: str) -> list[Element]:
    """A siding with its stop, or a joint unit that comes in and, when done, goes out."""
    half, flat = column * 0.46, column * 0.18
    lead, bend = column * 0.16, min(12.0, column * 0.16)
    if one.over:  # straight up beside the siding's words, then over them
        way_in = path(
            ("M", x - half, main),
            ("L", x - half, lane + bend),
            ("Q", x - half, lane, x - half + bend, lane),
            ("L", x + flat, lane),
        )
        way_out = path(
            ("L", x + half - bend, lane), ("Q", x + half, lane, x + half, lane + bend), ("L", x + half, main)
        )
    else:
        way_in = path(
            ("M", x - half, main),
            ("C", x - half + lead, main, x - flat - lead, lane, x - flat, lane),
            ("L", x + flat, lane),
        )
        way_out = path(("C", x + flat + lead, lane, x + half - lead, main, x + half, main))
    state = one.stop.state if one.stop is not None else ("active" if one.open else "completed")
    data = way_in if one.open else f"{way_in} {way_out}"
    passed = state is None or state in ("active", "completed")
    drawn = [symbols.track(data, passed=passed, thick=3)]
    names, notes = _lines(one, column, language)
    if one.stop is not None:
        drawn.append(symbols.stop(x, lane, RADIUS * 0.75, one.stop.state, _said(one.stop, language)))
    elif one.open:
        drawn.append(symbols.stop(x + flat, lane, RADIUS * 0.5, "active", "、".join(names)))
    top = lane - 10 - symbols.height([*names, *notes], NOTE)
    kind = "active" if state == "active" else "name"
    drawn.append(symbols.words(names, x, top, NOTE, kind=kind, bold=kind == "active"))
    if notes:
        drawn.append(symbols.words(notes, x, top + symbols.height(names, NOTE), NOTE, kind="note"))
    return drawn


def _label(
    title: Text,
    notes: tuple[Text, ...],
    x: float,
    y: float,
    room: float,
    language: str,
    active: bool,
    sealed: bool,
) -> tuple[list[Element], float]:
    """What stands below a stop; gives its height too."""
    lines = balanced(title.in_language(language), NAME, room)
    tall = symbols.height(lines, NAME)
    if sealed:
        sign, wide = symbols.seal(0, 0, MARKS["settled"].in_language(language), NAME)
        sign, _ = symbols.seal(x - wide / 2, y, MARKS["settled"].in_language(language), NAME)
        drawn, tall = [sign], NAME * 1.9 + 6
    else:
        drawn = [symbols.words(lines, x, y, NAME, kind="active" if active else "name", bold=active)]
    for note in notes:
        said = balanced(note.in_language(language), NOTE, room)
        drawn.append(symbols.words(said, x, y + tall + 2, NOTE, kind="note"))
        tall += symbols.height(said, NOTE) + 2
    return drawn, tall


def _strip_branch(found: list[Stop], xs: list[float], y: float) -> Element:
    """A short branch that comes in at the current stop of a strip."""
    active = [number for number, one in enumerate(found, start=1) if one.state == "active"]
    x = xs[active[-1] if active else 0]
    data = path(("M", x - 12, y - 8), ("C", x - 6, y - 8, x - 8, y, x, y))
    return symbols.track(data, passed=True, thick=2)


def _said(one: Stop, language: str) -> str:
    title = one.title.in_language(language)
    if one.state is None:
        return title
    return f"{title}{'：' if language.startswith('zh') else ': '}{STATES[one.state].in_language(language)}"
