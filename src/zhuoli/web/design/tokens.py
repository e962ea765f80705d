"""The tokens as the style sheet gives them, and how well their colours can be told apart (WCAG 2.2)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

FILE = Path(__file__).parents[1] / "static" / "css" / "tokens.css"
Theme = Literal["measure", "light", "dark", "dark_chosen", "print", "forced"]

TEXT = 4.5
"""Least contrast of text to its ground (WCAG 2.2, 1.4.3 AA)."""
SIGN = 3.0
"""Least contrast of what must be seen to use a page: edges of fields, shapes, the focus (1.4.11 AA)."""


class Pair(msgspec.Struct, frozen=True):
    """A colour that stands on another, and the contrast that it needs there."""

    front: str
    ground: str
    least: float


GROUNDS = ("paper", "sheet", "tint")
PAIRS: tuple[Pair, ...] = (
    *(
        Pair(front, ground, TEXT)
        for front in ("ink", "soft", "accent", "accent-strong", "late", "green", "amber", "stopped", "seal")
        for ground in GROUNDS
    ),
    *(Pair("edge", ground, SIGN) for ground in GROUNDS),
    *(Pair("focus-ring", ground, SIGN) for ground in GROUNDS),
    Pair("on-accent", "accent", TEXT),
    Pair("on-accent", "accent-strong", TEXT),
    Pair("ink", "accent-tint", TEXT),
    Pair("soft", "accent-tint", TEXT),
    Pair("accent", "accent-tint", TEXT),
    Pair("accent-strong", "accent-tint", TEXT),
    Pair("on-focus", "focus", TEXT),
    Pair("ink", "green-tint", TEXT),
    Pair("green", "green-tint", TEXT),
    Pair("ink", "amber-tint", TEXT),
    Pair("amber", "amber-tint", TEXT),
    Pair("ink", "late-tint", TEXT),
    Pair("late", "late-tint", TEXT),
    Pair("soft", "late-tint", TEXT),
    Pair("scan-ink", "scan-paper", TEXT),
)
"""Every colour on every ground on which the style sheets put it."""
LINES = frozenset({"line"})
"""Rules between things that are told apart without them: no contrast is asked of these."""
LAYERS = frozenset({"veil", "lift"})
"""What lies over a page or under something that floats; no text stands on it."""

_SELECTORS: dict[str, Theme] = {
    ':root, [data-theme="light"]': "light",
    ":root": "measure",
    '[data-theme="dark"]': "dark_chosen",
}
_MEDIA: dict[str, Theme] = {
    "(prefers-color-scheme: dark)": "dark",
    "print": "print",
    "(forced-colors: active)": "forced",
}


@cache
def themes() -> dict[Theme, dict[str, str]]:
    """Read the style sheet: for each theme its tokens, by name without the two dashes."""
    css = re.sub(r"/\*.*?\*/", "", FILE.read_text("utf-8"), flags=re.DOTALL)
    found: dict[Theme, dict[str, str]] = {}
    for media, body in re.findall(r"@media ([^{]+)\{((?:[^{}]*\{[^{}]*\})+)\s*\}", css):
        theme = _MEDIA.get(media.strip())
        if theme is not None:
            for block in re.findall(r"\{([^{}]*)\}", body):
                found.setdefault(theme, {}).update(_declared(block))
    plain = re.sub(r"@media [^{]+\{(?:[^{}]*\{[^{}]*\})+\s*\}", "", css)
    for selector, block in re.findall(r"([^{}]+)\{([^{}]*)\}", plain):
        theme = _SELECTORS.get(" ".join(selector.split()))
        if theme is not None:
            found.setdefault(theme, {}).update(_declared(block))
    return found


def colours(theme: Theme) -> dict[str, str]:
    """Return the plain colours of a theme: name to ``#rrggbb``."""
    return {name: value for name, value in themes()[theme].items() if value.startswith("#")}


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours ``#rrggbb``, from 1 to 21 (WCAG 2.2, relative luminance of sRGB)."""
    first, second = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (first + 0.05) / (second + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _declared(block: str) -> dict[str, str]:
    return {name: value.strip() for name, value in re.findall(r"--([a-z0-9-]+):\s*([^;]+);", block)}
