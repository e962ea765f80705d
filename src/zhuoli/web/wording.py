"""The words of all screens: ``texts/*.yaml``, key → {zh, en}, both always filled.

A key is looked up once; an unknown key is a mistake of the program and raises, and a test walks all templates
and modules so that no page finds out first.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Formatter

import yaml

from zhuoli.core.text import Text

FOLDER = Path(__file__).parent / "texts"


class BadWording(Exception):
    """A text file has a double key, an empty language or different places in the two languages."""


@cache
def texts() -> dict[str, Text]:
    """Read all text files.

    Raises:
        BadWording: naming file and key.
    """
    found: dict[str, Text] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for key, pair in _pairs(path.read_text("utf-8")):
            if key in found:
                raise BadWording(f"{path.name}: {key} is written twice")
            if not isinstance(pair, dict) or set(pair) != {"zh", "en"}:
                raise BadWording(f"{path.name}: {key} needs exactly zh and en")
            zh, en = str(pair["zh"] or ""), str(pair["en"] or "")
            if not zh or not en:
                raise BadWording(f"{path.name}: {key} is empty in one language")
            if places(zh) != places(en):
                raise BadWording(f"{path.name}: {key} has different places: {places(zh)} and {places(en)}")
            found[key] = Text(zh, en)
    return found


def _pairs(source: str) -> list[tuple[str, object]]:
    """Return keys and values in their order, keys that are written twice twice."""
    loader = yaml.CSafeLoader(source)
    try:
        node = loader.get_single_node()
    finally:
        loader.dispose()
    if not isinstance(node, yaml.MappingNode):
        return []
    return [(str(key.value), loader.construct_object(value, deep=True)) for key, value in node.value]


def places(sentence: str) -> set[str]:
    """Return the names of the ``{name}`` places of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def text(key: str, /, **values: object) -> Text:
    """Return the text of a key with its places filled.

    Raises:
        KeyError: no such key, or a place without a value.
    """
    found = texts()[key]
    return found.format(**values) if values or "{" in found.zh else found


def maybe(key: str) -> Text | None:
    """Return the text of a key, or None when there is none (for words that scenarios may bring themselves)."""
    return texts().get(key)
