"""A part of a YAML file that has parts of its own, in one cell: one line each, “answers/place = 620102001000”.

Parts of a list are numbered: “files/#1/name = dark.jpg”; a list of words stands on one line: “tasks = [accept；look]”.
Something that is but a word or a number is that word. What was not changed means exactly what it meant.
"""

from __future__ import annotations

import re
from typing import Any

from zhuoli.channels.workbook.leaves import LIST

EQUALS = " = "
_NUMBERED = re.compile(r"#([1-9][0-9]{0,3})\Z")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,8})\Z")
_NAMED = {"true": True, "false": False, "null": None}
Keys = tuple[str, ...]


class Unreadable(ValueError):
    """A line that cannot be read."""


def shown(value: Any) -> str:
    """The text of a cell."""
    if not isinstance(value, dict | list) or _is_short(value):
        return _said(value)
    return "\n".join(f"{'/'.join(keys)}{EQUALS}{_said(one)}" for keys, one in _flat(value, ()))


def read(text: str, before: Any = None) -> Any:
    """What a cell means; lines that ``before`` has as well mean what they mean there.

    Raises:
        Unreadable: a line is none, or two lines contradict each other.
    """
    if text == shown(before) and before is not None:
        return before
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) == 1 and EQUALS not in lines[0]:
        return _value(lines[0].strip())
    known = dict(_flat(before, ())) if isinstance(before, dict | list) else {}
    tree: dict[str, Any] = {}
    for line in lines:
        name, equals, written = line.partition(
            EQUALS.rstrip() if line.rstrip().endswith(EQUALS.rstrip()) else EQUALS
        )
        keys = tuple(key.strip() for key in name.strip().split("/"))
        if not equals or not all(keys):
            raise Unreadable(line.strip())
        old = known.get(keys)
        value = old if keys in known and _said(old) == written.strip() else _value(written.strip())
        _put(tree, keys, value, line.strip())
    return _lists(tree)


def _flat(value: Any, keys: Keys) -> list[tuple[Keys, Any]]:
    if isinstance(value, dict) and value:
        return [one for key, inner in value.items() for one in _flat(inner, (*keys, str(key)))]
    if isinstance(value, list) and value and not _is_short(value):
        return [one for at, inner in enumerate(value, start=1) for one in _flat(inner, (*keys, f"#{at}"))]
    return [(keys, value)]


def _is_short(value: Any) -> bool:
    """Whether a value stands on one line: a word, nothing, or a list of words."""
    if isinstance(value, dict):
        return not value
    if isinstance(value, list):
        return all(isinstance(one, str) and one and not re.search(r"[；;\[\]\n]", one) for one in value)
    return True


def _said(value: Any) -> str:
    if isinstance(value, list):
        return f"[{LIST.join(value)}]"
    if isinstance(value, dict):
        return "{}"
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "null"}[value]
    word = str(value)
    if isinstance(value, str) and (
        word != word.strip() or not word or _value(word.replace("\n", "\\n")) != word
    ):
        word = f'"{word}"'
    return word.replace("\n", "\\n")


def _value(written: str) -> Any:
    if written == "{}":
        return {}
    if written.startswith("[") and written.endswith("]"):
        words = [one.strip() for one in written[1:-1].replace(";", LIST).split(LIST)]
        return [one for one in words if one]
    if written in _NAMED:
        return _NAMED[written]
    if _WHOLE.match(written):
        return int(written)
    if len(written) > 1 and written[0] == written[-1] == '"':
        written = written[1:-1]
    return written.replace("\\n", "\n")


def _put(tree: dict[str, Any], keys: Keys, value: Any, line: str) -> None:
    for key in keys[:-1]:
        inner = tree.setdefault(key, {})
        if not isinstance(inner, dict):
            raise Unreadable(line)
        tree = inner
    if keys[-1] in tree:
        raise Unreadable(line)
    tree[keys[-1]] = value


def _lists(tree: Any) -> Any:
    if not isinstance(tree, dict):
        return tree
    if tree and all(_NUMBERED.match(key) for key in tree):
        return [_lists(inner) for inner in tree.values()]
    return {key: _lists(inner) for key, inner in tree.items()}
