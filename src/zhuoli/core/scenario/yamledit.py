"""Changes values in a YAML text and leaves everything else as it was written: comments, order, quotes, blank lines.

    edited(text, value)

``value`` is what the text shall mean afterwards: mappings, lists, words, numbers, true and false. A word is equal to a
scalar that is written the same, with or without quotes. Only what differs is written anew; what is equal keeps its every byte.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

import yaml

from zhuoli.core.scenario.yamltree import Loader

WIDTH = 120
"""A mapping or list that fits into so many characters stands on one line."""

# A plain word that YAML and the reader of scenarios take for nothing else than itself.
_PLAIN = re.compile(
    r"[A-Za-z0-9_\u4e00-\u9fff\u201c\u300a(（/.](?:[^\x00-\x1f\"'#:,\[\]{}&*!|>@`\\]|:(?=\S)(?![,\]}]))*\Z"
)
_NUMBER = re.compile(r"[-+.]?[0-9][-+0-9_.:eExXo]*\Z|\.+\Z")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})\Z")
_FRACTION = re.compile(r"-?[0-9]+\.[0-9]+\Z")
_RESERVED = {"true", "false", "null", "~", "yes", "no", "on", "off", "True", "False", "Null", "NULL", ""}


class _Edit(NamedTuple):
    """Characters from ``start`` up to ``end`` are replaced by ``text``."""

    start: int
    end: int
    text: str


def plain(node: yaml.Node) -> Any:
    """What a node says, with every scalar as the word that is written."""
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    return {key.value: plain(value) for key, value in node.value}


def meant(node: yaml.Node) -> Any:
    """What a node says, with numbers, true, false and null as such where they are written without quotes."""
    if isinstance(node, yaml.SequenceNode):
        return [meant(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {key.value: meant(value) for key, value in node.value}
    word: str = node.value
    if node.style:  # type: ignore[attr-defined]  # what is neither list nor mapping is a scalar
        return word
    if word in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[word]
    if _WHOLE.match(word):
        return int(word)
    return float(word) if _FRACTION.match(word) and str(float(word)) == word else word


def edited(text: str, value: Any) -> str:
    """Return ``text`` changed so that it means ``value``; the very same text where it does already.

    Lines end with a line feed. Where the places of a text cannot be followed, it is written anew as a whole.
    """
    root = yaml.compose(text, Loader=Loader)
    if root is None:
        return rendered(value)
    changed = _applied(text, _edits(text, root, value), 0, len(text))
    again = yaml.compose(changed, Loader=Loader)
    if again is None or not _equal(again, value):
        return rendered(value)
    return changed


def rendered(value: Any) -> str:
    """Write a whole document."""
    return "\n".join(_block(value, 0)) + "\n"


def _edits(text: str, node: yaml.Node, value: Any) -> list[_Edit]:
    if _equal(node, value):
        return []
    if isinstance(node, yaml.MappingNode) and isinstance(value, dict):
        return _mapping(text, node, value)
    if isinstance(node, yaml.SequenceNode) and isinstance(value, list) and len(value) == len(node.value):
        return [one for item, new in zip(node.value, value, strict=True) for one in _edits(text, item, new)]
    if isinstance(node, yaml.SequenceNode) and isinstance(value, list) and value and not node.flow_style:
        return _sequence(text, node, value)
    return [_replaced(text, node, value)]


def _sequence(text: str, node: yaml.SequenceNode, value: list[Any]) -> list[_Edit]:
    """Items that are still there keep their text, with the comments above them; the others are written anew."""
    old = node.value
    # The first of the items still to come that means the same; so an item that came or went moves the others only.
    wanted: list[int | None] = []
    at = 0
    for new in value:
        found = next((number for number in range(at, len(old)) if _equal(old[number], new)), None)
        wanted.append(found)
        at = at if found is None else found + 1
    marks = [text.rfind("-", 0, item.start_mark.index) for item in old]
    begins = [text.rfind("\n", 0, mark) + 1 for mark in marks]
    indent = marks[0] - begins[0]
    if any(text[begin:mark].strip(" ") for begin, mark in zip(begins, marks, strict=True)):
        return [_replaced(text, node, value)]
    ends: list[int] = []
    for item in old:
        end = text.find("\n", _end(text, item))
        ends.append(len(text) if end < 0 else end)
    starts = [begins[0], *(min(end + 1, len(text)) for end in ends[:-1])]
    lines = [
        "\n".join(_block([new], indent)) if number is None else text[starts[number] : ends[number]]
        for number, new in zip(wanted, value, strict=True)
    ]
    return [_Edit(starts[0], ends[-1], "\n".join(lines))]


def _mapping(text: str, node: yaml.MappingNode, value: dict[str, Any]) -> list[_Edit]:
    old = {key.value: (key, inner) for key, inner in node.value}
    if list(old) == list(value):
        return [one for key, (_, inner) in old.items() for one in _edits(text, inner, value[key])]
    if node.flow_style or not old:
        return [_replaced(text, node, value)]
    parts = _parts(text, node)
    first = node.value[0][0].start_mark
    indent = first.column
    begin = first.index - indent if text[first.index - indent : first.index].isspace() or not indent else None
    lines: list[str] = []
    for key, new in value.items():
        if key not in old:
            lines += _entry(key, new, indent)
            continue
        start, end = parts[key]
        lines.append(_applied(text, _edits(text, old[key][1], new), start, end))
    start = min(start for start, _ in parts.values())
    end = max(end for _, end in parts.values())
    joined = "\n".join(lines)
    if begin is None:
        # The mapping begins behind a dash: its first line has no indentation of its own.
        joined = joined.lstrip(" ")
        start = first.index
    return [_Edit(start, end, joined)]


def _parts(text: str, node: yaml.MappingNode) -> dict[str, tuple[int, int]]:
    """Where each entry of a block mapping stands, with the comments above it and the one behind it."""
    parts: dict[str, tuple[int, int]] = {}
    before: int | None = None
    for key, inner in node.value:
        line = key.start_mark.index - key.start_mark.column
        start = line if before is None else before
        end = text.find("\n", _end(text, inner))
        end = len(text) if end < 0 else end
        parts[key.value] = (start, end)
        before = min(end + 1, len(text))
    return parts


def _end(text: str, node: yaml.Node) -> int:
    """Behind the last character that belongs to a node (a block's own mark stands before what comes next)."""
    if isinstance(node, yaml.ScalarNode):
        if node.style in ("|", ">"):
            return node.start_mark.index + len(text[node.start_mark.index : node.end_mark.index].rstrip())
        return int(node.end_mark.index)
    if getattr(node, "flow_style", False) or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(text, last[1] if isinstance(node, yaml.MappingNode) else last)


def _replaced(text: str, node: yaml.Node, value: Any) -> _Edit:
    """Write a value in the place of a node, on one line where it stood on one line, else as a block."""
    start, end = node.start_mark.index, _end(text, node)
    flow = _inline(value)
    if isinstance(node, yaml.ScalarNode) and not isinstance(value, dict | list):
        if node.style in ("'", '"') and isinstance(value, str):
            flow = json.dumps(value, ensure_ascii=False)
        return _Edit(start, end, flow)
    if (
        getattr(node, "flow_style", False)
        or isinstance(node, yaml.ScalarNode)
        or not isinstance(value, dict | list)
    ):
        return _Edit(start, end, flow)
    indent = node.start_mark.column
    return _Edit(start, end, "\n".join(_block(value, indent)).lstrip(" "))


def _applied(text: str, edits: list[_Edit], start: int, end: int) -> str:
    """Return the characters from ``start`` to ``end`` after the edits, which lie within them and do not overlap."""
    made, at = [], start
    for edit in sorted(edits):
        made += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*made, text[at:end]])


def _equal(node: yaml.Node, value: Any) -> bool:
    if isinstance(node, yaml.ScalarNode):
        if value is None:
            return not node.style and node.value == "null"
        if isinstance(value, bool):
            return not node.style and node.value == ("true" if value else "false")
        if isinstance(value, int | float):
            return not node.style and node.value == str(value)
        return isinstance(value, str) and node.value == value
    if isinstance(node, yaml.SequenceNode):
        same = isinstance(value, list) and len(value) == len(node.value)
        return same and all(_equal(item, new) for item, new in zip(node.value, value, strict=True))
    if not isinstance(value, dict) or [key.value for key, _ in node.value] != list(value):
        return False
    return all(_equal(inner, value[key.value]) for key, inner in node.value)


def _entry(key: str, value: Any, indent: int) -> list[str]:
    name = _scalar(key)
    flow = _inline(value)
    nested = isinstance(value, dict | list) and value
    if not nested or (_short(value) and indent + len(name) + len(flow) + 2 <= WIDTH):
        return [f"{' ' * indent}{name}: {flow}"]
    deeper = indent if isinstance(value, list) else indent + 2
    return [f"{' ' * indent}{name}:", *_block(value, deeper + (2 if isinstance(value, list) else 0))]


def _block(value: Any, indent: int) -> list[str]:
    if isinstance(value, dict) and value:
        return [line for key, inner in value.items() for line in _entry(key, inner, indent)]
    if isinstance(value, list) and value:
        lines: list[str] = []
        for item in value:
            inner = _block(item, indent + 2) if not _short(item) else [" " * (indent + 2) + _inline(item)]
            lines += [" " * indent + "- " + inner[0].lstrip(" "), *inner[1:]]
        return lines
    return [" " * indent + _inline(value)]


def _short(value: Any) -> bool:
    """Whether a value may stand on one line: plain values, lists of these, and mappings of these."""
    if isinstance(value, dict):
        return all(not isinstance(inner, dict | list) or _is_text(inner) for inner in value.values())
    if isinstance(value, list):
        return all(not isinstance(inner, dict | list) for inner in value)
    return True


def _is_text(value: Any) -> bool:
    return isinstance(value, dict) and set(value) <= {"zh", "en"}


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_inline(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(inner) for inner in value) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    word = str(value)
    bare = _PLAIN.match(word) and word not in _RESERVED and word == word.strip() and not _NUMBER.match(word)
    return word if bare else json.dumps(word, ensure_ascii=False)
