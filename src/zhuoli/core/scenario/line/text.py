"""How wide text is, and where it may be broken: without a font at hand, from the kinds of its signs.

Widths are in ems and err on the wide side, so that text set in any usual sans fits where it was measured.
"""

from __future__ import annotations

import unicodedata

_NARROW = set("iljtfr.,;:'|!()[] I")
_WIDE = set("mwMW@%—…")
_NOT_AT_START = set("✓\u00a0，。、；：！？）》”’』】%,.;:!?)]}")
_SHORT = 4
"""So many signs in brackets stay together: a weekday."""
_NOT_AT_END = set("（《“‘『【([{")


def width(text: str, size: float) -> float:
    """The width of one line of ``text`` at ``size`` pixels."""
    return sum(_em(sign) for sign in text) * size


def wrap(text: str, size: float, room: float) -> list[str]:
    """Break ``text`` into lines no wider than ``room`` pixels.

    Chinese may be broken between any two characters but not before a closing sign or after an opening one;
    other text between words, and within a word only when the word alone is too wide.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if not line or width(line + piece.rstrip(), size) <= room:
            line += piece
        else:
            lines.append(line.rstrip())
            line = piece.lstrip()
        while width(line.rstrip(), size) > room and len(line) > 1:
            cut = _fitting(line, size, room)
            lines.append(line[:cut])
            line = line[cut:]
    if line.strip():
        lines.append(line.rstrip())
    return lines or [""]


def balanced(text: str, size: float, room: float) -> list[str]:
    """Break ``text`` into as few lines as ``wrap`` does, but of like length, so that no character stands alone."""
    lines = wrap(text, size, room)
    least = widest([piece.rstrip() for piece in _pieces(text)], size)
    for share in (0.55, 0.65, 0.75, 0.85, 0.95):
        if room * share < least:
            continue
        narrower = wrap(text, size, room * share)
        if len(narrower) == len(lines):
            return narrower
    return lines


def widest(lines: list[str], size: float) -> float:
    """The width of the widest line."""
    return max((width(line, size) for line in lines), default=0.0)


def _em(sign: str) -> float:
    if unicodedata.east_asian_width(sign) in ("W", "F") or sign in "“”‘’—…·✓":
        return 1.0
    if sign in _NARROW:
        return 0.36
    if sign in _WIDE:
        return 0.92
    return 0.7 if sign.isupper() else 0.6


def _pieces(text: str) -> list[str]:
    """The smallest parts that stay together: a Chinese character with its signs, a word with its blank."""
    pieces: list[str] = []
    for sign in text:
        wide = unicodedata.east_asian_width(sign) in ("W", "F")
        before = pieces[-1] if pieces else ""
        glued = before and (
            sign in _NOT_AT_START
            or before[-1] in _NOT_AT_END
            or (not wide and not before[-1].isspace() and not _is_wide(before[-1]))
            or (sign.isspace() and not before[-1].isspace())
            or (before[0] == "（" and "）" not in before and len(before) < _SHORT)
        )
        if glued:
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in ("W", "F")


def _fitting(line: str, size: float, room: float) -> int:
    """How many signs of a line that cannot be broken fit; at least one."""
    for count in range(len(line) - 1, 1, -1):
        if width(line[:count], size) <= room:
            return count
    return 1
