"""The signs on a line: stops, ends, stretches of track, lines of text. Never colour alone: shape says it too."""

from __future__ import annotations

from zhuoli.core.scenario.line.state import Mark, StageState
from zhuoli.core.scenario.line.style import ACCENT, AHEAD, INK, PAPER, QUIET, SEAL
from zhuoli.core.scenario.line.svg import Element, path
from zhuoli.core.scenario.line.text import width

LINE_HEIGHT = 1.4
DASHES = "5 5"


def track(data: str, *, passed: bool, dashed: bool = False, thick: float = 4) -> Element:
    """A stretch of the line: thick where the case has been, thin ahead, dashed while the clock stands still."""
    return Element(
        "path",
        d=data,
        fill="none",
        stroke=ACCENT if passed else AHEAD,
        stroke_width=thick if passed else thick * 0.6,
        stroke_dasharray=DASHES if dashed else None,
        stroke_linecap="round" if not dashed else None,
        class_="zl-track" if passed else "zl-track zl-track--ahead",
    )


def straight(x1: float, y1: float, x2: float, y2: float) -> str:
    """The data of a straight stretch."""
    return path(("M", x1, y1), ("L", x2, y2))


def stop(x: float, y: float, radius: float, state: StageState | None, said: str) -> Element:
    """A stop: filled while under way, a ring when done, a small grey ring ahead, struck through when stopped."""
    kind = state or "completed"
    colour = {"available": AHEAD, "terminated": QUIET}.get(kind, ACCENT)
    size = radius * (0.8 if kind == "available" else 1.2 if kind == "active" else 1)
    group = Element("g", [Element("title", text=said)])
    group.add(
        Element(
            "circle",
            cx=x,
            cy=y,
            r=size,
            fill=ACCENT if kind == "active" else PAPER,
            stroke=colour,
            stroke_width=radius * 0.4,
            class_=f"zl-stop zl-stop--{kind}",
        )
    )
    if kind == "terminated":
        cross = radius * 0.7
        group.add(
            Element(
                "path",
                d=straight(x - cross, y + cross, x + cross, y - cross),
                stroke=QUIET,
                stroke_width=radius * 0.4,
                class_="zl-stop zl-stop--terminated",
            )
        )
    return group


def start(x: float, y: float, radius: float, said: str, *, downwards: bool = False) -> Element:
    """Where the line begins: a short bar across it."""
    bar = straight(x - radius, y, x + radius, y) if downwards else straight(x, y - radius, x, y + radius)
    return Element(
        "g",
        [
            Element("title", text=said),
            Element(
                "path",
                d=bar,
                stroke=ACCENT,
                stroke_width=radius * 0.5,
                stroke_linecap="round",
                class_="zl-track",
            ),
        ],
    )


def end(x: float, y: float, radius: float, mark: Mark, said: str) -> Element:
    """The terminus: a double ring while it lies ahead, a seal when settled, a plain sign for every other end."""
    group = Element("g", [Element("title", text=said)])
    if mark == "settled":
        return group.add(_seal_sign(x, y, radius))
    group.add(
        Element(
            "circle",
            cx=x,
            cy=y,
            r=radius,
            fill=PAPER,
            stroke=INK,
            stroke_width=radius * 0.3,
            stroke_dasharray=f"{radius * 0.6:.1f} {radius * 0.5:.1f}" if mark == "unconfirmed" else None,
            class_="zl-end",
        )
    )
    if mark in ("", "answered"):
        fill = INK if mark == "answered" else PAPER
        inner = Element(
            "circle",
            cx=x,
            cy=y,
            r=radius * 0.45,
            fill=fill,
            stroke=INK,
            stroke_width=radius * 0.25,
            class_="zl-end",
        )
        return group.add(inner)
    bar = radius * 0.5
    signs: dict[str, list[tuple[float, float, float, float]]] = {
        "withdrawn": [(-bar, 0, bar, 0)],
        "refused": [(-bar, -bar, bar, bar), (-bar, bar, bar, -bar)],
        "merged": [(-bar, bar, bar, -bar), (0, -bar, bar, -bar), (bar, -bar, bar, 0)],
    }
    for x1, y1, x2, y2 in signs.get(mark, []):
        line = straight(x + x1, y + y1, x + x2, y + y2)
        group.add(Element("path", d=line, stroke=INK, stroke_width=radius * 0.3, class_="zl-end"))
    return group


def words(
    lines: list[str],
    x: float,
    y: float,
    size: float,
    *,
    anchor: str = "middle",
    kind: str = "name",
    bold: bool = False,
) -> Element:
    """Lines of text; ``y`` is the top of the first line, ``kind`` is name, active or note."""
    colour = {"name": INK, "active": ACCENT, "note": QUIET}[kind]
    classes = {"name": "zl-name", "active": "zl-name zl-name--active", "note": "zl-note"}[kind]
    made = Element(
        "text",
        font_size=size,
        font_weight=600 if bold else None,
        fill=colour,
        text_anchor=None if anchor == "start" else anchor,
        class_=classes,
    )
    for number, line in enumerate(lines):
        baseline = y + size * (0.95 + number * LINE_HEIGHT)
        made.add(Element("tspan", text=line, x=x, y=baseline))
    return made


def height(lines: list[str], size: float) -> float:
    """The height of lines of text."""
    return len(lines) * size * LINE_HEIGHT if lines else 0.0


def seal(x: float, y: float, said: str, size: float) -> tuple[Element, float]:
    """The red seal around ``said``, its top left at (x, y); gives its width too. The only red on any screen."""
    wide = width(said, size) + size
    tall = size * 1.9
    group = Element("g", transform=f"rotate(-4 {x + wide / 2:.1f} {y + tall / 2:.1f})")
    group.add(
        Element(
            "rect",
            x=x,
            y=y,
            width=wide,
            height=tall,
            rx=3,
            fill="none",
            stroke=SEAL,
            stroke_width=2,
            class_="zl-seal",
        ),
        Element(
            "text",
            text=said,
            x=x + wide / 2,
            y=y + tall * 0.68,
            font_size=size,
            font_weight=600,
            fill=SEAL,
            text_anchor="middle",
            class_="zl-seal-text",
        ),
    )
    return group, wide


def _seal_sign(x: float, y: float, radius: float) -> Element:
    side = radius * 1.8
    stroke = straight(x - radius * 0.45, y, x - radius * 0.1, y + radius * 0.4)
    tick = f"{stroke} L{x + radius * 0.5:.1f} {y - radius * 0.4:.1f}"
    return Element(
        "g",
        [
            Element(
                "rect",
                x=x - side / 2,
                y=y - side / 2,
                width=side,
                height=side,
                rx=2,
                fill=PAPER,
                stroke=SEAL,
                stroke_width=radius * 0.3,
                class_="zl-seal",
            ),
            Element("path", d=tick, fill="none", stroke=SEAL, stroke_width=radius * 0.3, class_="zl-seal"),
        ],
    )
