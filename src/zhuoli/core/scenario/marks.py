"""Where a part of a scenario stands in its folder: file, line and column of every key and value.

A part is named by its path in the model, such as ``("stages", "handling", "entry", 0, "when")``. Renamed
keys and short forms are followed; where a part was left out, the place of the nearest part around it is
given.
"""

from __future__ import annotations

import yaml

from zhuoli.core.scenario.catalog import Place
from zhuoli.core.scenario.shapes import RENAMED
from zhuoli.core.scenario.source import MAIN
from zhuoli.core.scenario.yamltree import place_of

Path = tuple[str | int, ...]

_FILE_OF = {
    "forms": "form.yaml",
    "pictures": "pictures.yaml",
    "templates": "templates.yaml",
    "exports": "exports.yaml",
    "feeds": "feeds.yaml",
    "indicators": "indicators.yaml",
    "examples": "examples.yaml",
    "query": "query.yaml",
    "finds": "finds.yaml",
}


class Marks:
    """The places of one folder. Without trees (a scenario from the store) only file names are known."""

    def __init__(
        self,
        trees: dict[str, yaml.Node] | None = None,
        texts: dict[str, str] | None = None,
        main: str = MAIN,
    ) -> None:
        self._trees = trees or {}
        self._texts = texts or {}
        self._main = main

    def key(self, *path: str | int) -> Place:
        """Where the last key of ``path`` stands."""
        return self._find(path)[0]

    def value(self, *path: str | int) -> Place:
        """Where the value at ``path`` begins."""
        return self._find(path)[1]

    def within(self, path: Path, column: int, line: int = 1) -> Place:
        """The place of character ``column`` (from 1) on ``line`` (from 1) of a word's text."""
        node = self._node(path)
        file, at, start = self.value(*path)
        if not isinstance(node, yaml.ScalarNode) or node.style in ("|", ">"):
            return file, at + (line if at and node is not None else 0), max(column, 1) if at else 0
        quoted = 1 if node.style else 0
        return file, at + line - 1, start + quoted + max(column, 1) - 1 if line == 1 else max(column, 1)

    def in_notice(self, notice: str, body: str, line: int, column: int) -> Place:
        """The place of a character of a notice's body, given by line and column within that body."""
        file = f"notices/{notice}.md"
        text = self._texts.get(file, "")
        start = text.find(body)
        return (file, text.count("\n", 0, start) + line, column) if start >= 0 and text else (file, 0, 0)

    def _find(self, path: Path) -> tuple[Place, Place]:
        name, rest = self._start(path)
        root = self._trees.get(name)
        if root is None:
            place = (name, 0, 0)
            return place, place
        key, value, _ = _walk(root, rest)
        return _at(name, key), _at(name, value)

    def _node(self, path: Path) -> yaml.Node | None:
        name, rest = self._start(path)
        root = self._trees.get(name)
        if root is None:
            return None
        _, value, whole = _walk(root, rest)
        return value if whole else None

    def _start(self, path: Path) -> tuple[str, Path]:
        first = str(path[0]) if path else ""
        if first in _FILE_OF:
            return _FILE_OF[first], path[1:]
        if first == "tables" and len(path) > 1:
            return f"{path[1]}.csv", ()
        if first == "notices" and len(path) > 1:
            return f"notices/{path[1]}.md", ()
        return self._main, path


def _at(name: str, node: yaml.Node) -> Place:
    return place_of(node, name)


def _walk(root: yaml.Node, path: Path) -> tuple[yaml.Node, yaml.Node, bool]:
    """Key node, value node, and whether the path was followed to its end (short forms count as followed)."""
    key = value = root
    for step in path:
        if isinstance(value, yaml.SequenceNode):
            if not isinstance(step, int) or step >= len(value.value):
                return key, value, False
            key = value = value.value[step]
        elif isinstance(step, int):
            continue
        elif isinstance(value, yaml.MappingNode):
            name = RENAMED.get(step, step)
            pair = next((pair for pair in value.value if pair[0].value == name), None)
            if pair is None and name != step:
                pair = next((pair for pair in value.value if pair[0].value == step), None)
            if pair is None:
                return key, value, False
            key, value = pair
    return key, value, True
