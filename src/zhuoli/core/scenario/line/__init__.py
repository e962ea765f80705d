"""A case as a metro line, drawn as SVG: in a list, on the case, and in the explanation of its scenario.

Stages are stops, a stage that need not be passed lies on a siding, a joint unit is a branch that comes in and
goes out, a stopped clock is a dashed stretch, the promised date is the terminus. Colours stand in the drawing
and can be set again by class (``LINE_CSS``); no script, no style attribute, nothing loaded from elsewhere.
"""

from __future__ import annotations

from typing import Literal

from zhuoli.core.scenario.line.across import case, strip
from zhuoli.core.scenario.line.down import down
from zhuoli.core.scenario.line.state import Branch, LineState, StageNow, line_state
from zhuoli.core.scenario.line.stops import described
from zhuoli.core.scenario.line.style import FONT, LINE_CSS, PAPER
from zhuoli.core.scenario.line.svg import Element
from zhuoli.core.scenario.model import Scenario

Size = Literal["strip", "case", "narrow", "explanation"]

__all__ = ["LINE_CSS", "Branch", "LineState", "Size", "StageNow", "line_state", "line_svg"]

_WIDTHS: dict[Size, float] = {"strip": 0, "case": 720, "narrow": 340, "explanation": 560}


def line_svg(
    scenario: Scenario,
    state: LineState | None = None,
    language: str = "zh",
    size: Size = "case",
    *,
    width: float = 0,
    ident: str = "line",
    alone: bool = False,
) -> str:
    """Draw the line of a case, or of a scenario when there is no ``state``.

    ``size``: ``strip`` (20 px high, no words), ``case`` (left to right), ``narrow`` (the same, top to bottom, for
    phones), ``explanation`` (top to bottom with tasks). ``width`` is in pixels (0: usual); a line whose words
    need more room is wider. ``ident`` must be unique on a page. ``alone`` makes a file of its own.
    """
    room = width or _WIDTHS[size]
    if size == "strip":
        drawing = strip(scenario, state, language)
    elif size == "case":
        drawing = case(scenario, state, language, room)
    else:
        drawing = down(scenario, state, language, room, details=size == "explanation")
    wide, tall = round(drawing.width + 0.5), round(drawing.height + 0.5)
    head = [
        Element("title", text=scenario.title.in_language(language), id=f"{ident}-title"),
        Element("desc", text=described(scenario, state).in_language(language), id=f"{ident}-desc"),
    ]
    if alone:
        head.append(Element("style", text=LINE_CSS))
        head.append(Element("rect", width=wide, height=tall, fill=PAPER, class_="zl-paper"))
    return Element(
        "svg",
        [*head, *drawing.elements],
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {wide} {tall}",
        width=wide,
        height=tall,
        role="img",
        aria_labelledby=f"{ident}-title {ident}-desc",
        lang="zh-CN" if language.startswith("zh") else "en",
        font_family=FONT,
        class_=f"zl-line zl-line--{size}{' zl-line--alone' if alone else ''}",
    ).write()
