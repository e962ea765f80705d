"""The single words and sentences of a YAML file, each with where it stands and what it means: sheets 文字 and 参数."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Literal

import msgspec
import yaml

from zhuoli.channels.workbook.words import CONDITION, DURATION, NO, YES, code_of, digits, offered
from zhuoli.core.scenario.directory_words import COMPETENCES, ROLES
from zhuoli.core.scenario.reference import KEYS, TITLES
from zhuoli.core.scenario.shapes import Bilingual, Listing, Mapping, Record, Scalar, Shape
from zhuoli.core.text import Text

Kind = Literal["text", "word", "integer", "boolean", "list", "literal"]
Path = tuple[str | int, ...]

NOT_CARRIED = {("format",), ("scenario",)}
"""What a workbook never changes."""
LIST = "；"
"""Between the words of a list in one cell."""
_DURATIONS = {"promised", "statutory", "extension", "within", "after", "retention", "reopen_within"}
_CONDITIONS = {"if", "relevant", "required_if", "constraint", "calculate", "of", "count", "measure"}
_LANGUAGES = {"zh", "en"}
_NUMBER = re.compile(r"-?[0-9]{1,15}\Z")


class Leaf(msgspec.Struct, frozen=True, kw_only=True):
    """One word or sentence: its path as keys stand in the file, where that is in words, and its value as it is shown."""

    path: Path
    kind: Kind
    where: Text
    meaning: Text
    zh: str = ""
    en: str = ""
    value: str = ""
    choices: tuple[str, ...] = ()
    hint: Text | None = None

    @property
    def key(self) -> str:
        """The path as one word."""
        return "/".join(str(step) for step in self.path)


def leaves(root: yaml.Node, shape: Shape, skip: frozenset[str] = frozenset()) -> list[Leaf]:
    """Return all leaves of a file in its order; entries of the file named in ``skip`` are left out."""
    return list(_walk(root, shape, (), (), Text("", ""), skip))


def _walk(
    node: yaml.Node, shape: Shape, path: Path, where: tuple[Text, ...], meaning: Text, skip: frozenset[str]
) -> Iterator[Leaf]:
    if path in NOT_CARRIED or (len(path) == 1 and path[0] in skip):
        return
    match shape:
        case Bilingual():
            yield from _text(node, path, where, meaning)
        case Scalar():
            if isinstance(node, yaml.ScalarNode):
                yield _single(node, shape, path, where, meaning)
        case Listing():
            yield from _list(node, shape, path, where, meaning, skip)
        case Mapping():
            for key, inner in _pairs(node):
                title = _title(inner) or Text(key, key)
                yield from _walk(inner, shape.item, (*path, key), (*where, title), meaning, skip)
        case Record():
            yield from _record(node, shape, path, where, meaning, skip)


def _record(
    node: yaml.Node, shape: Record, path: Path, where: tuple[Text, ...], meaning: Text, skip: frozenset[str]
) -> Iterator[Leaf]:
    pairs = list(_pairs(node))
    if shape.short_text and pairs and all(key in _LANGUAGES for key, _ in pairs):
        yield from _text(node, path, where, meaning)
        return
    if shape.short_word and isinstance(node, yaml.ScalarNode):
        yield _single(node, Scalar("word"), path, where, meaning)
        return
    for key, inner in pairs:
        known = shape.keys.get(key)
        if known is None:
            continue
        said = KEYS[shape.name][key]
        step: tuple[Text, ...] = ()
        if isinstance(known.shape, Record):
            step = (TITLES[known.shape.name],)
        elif isinstance(known.shape, Mapping | Listing) and isinstance(known.shape.item, Record):
            step = (TITLES[known.shape.item.name],)
        yield from _walk(inner, known.shape, (*path, key), (*where, *step), said, skip)


def _list(
    node: yaml.Node, shape: Listing, path: Path, where: tuple[Text, ...], meaning: Text, skip: frozenset[str]
) -> Iterator[Leaf]:
    if not isinstance(node, yaml.SequenceNode):
        yield from _walk(node, shape.item, path, where, meaning, skip)
        return
    if isinstance(shape.item, Scalar):
        words = [item.value for item in node.value if isinstance(item, yaml.ScalarNode)]
        if len(words) == len(node.value) and not any(LIST in word or ";" in word for word in words):
            hint = Text(f"几个之间用“{LIST}”隔开", "put ； between several")
            if shape.item.choices:
                listed = "、".join(offered(code).replace(" · ", " ") for code in shape.item.choices)
                hint = Text(f"{hint.zh}；可用：{listed}", f"{hint.en}; {', '.join(shape.item.choices)}")
            yield Leaf(
                path=path, kind="list", where=_said(where), meaning=meaning, value=LIST.join(words), hint=hint
            )
        return
    for number, item in enumerate(node.value):
        name = Text(f"第 {number + 1} 条", f"no. {number + 1}")
        yield from _walk(item, shape.item, (*path, number), (*where, name), meaning, skip)


def _text(node: yaml.Node, path: Path, where: tuple[Text, ...], meaning: Text) -> Iterator[Leaf]:
    said = {key: inner.value.strip() for key, inner in _pairs(node) if isinstance(inner, yaml.ScalarNode)}
    if said and set(said) <= _LANGUAGES:
        yield Leaf(
            path=path,
            kind="text",
            where=_said(where),
            meaning=meaning,
            zh=said.get("zh", ""),
            en=said.get("en", ""),
        )


def _single(node: yaml.ScalarNode, shape: Scalar, path: Path, where: tuple[Text, ...], meaning: Text) -> Leaf:
    name = str(path[-1])
    choices: tuple[str, ...] = ()
    value, hint = node.value.strip(), None
    if shape.kind == "boolean":
        choices, value = (YES, NO), {"true": YES, "false": NO}.get(value, value)
    elif shape.choices:
        choices, value = tuple(offered(code) for code in shape.choices), offered(value)
    elif name == "competence":
        choices, value = tuple(offered(code) for code in COMPETENCES), offered(value, COMPETENCES.get(value))
    elif name == "role":
        choices = tuple(offered(code, title) for code, title in ROLES.items())
        value = offered(value, ROLES.get(value))
    elif name in _DURATIONS:
        hint = DURATION
    elif name in _CONDITIONS:
        hint = CONDITION
    return Leaf(
        path=path,
        kind=shape.kind,
        where=_said(where),
        meaning=meaning,
        value=value,
        choices=choices,
        hint=hint,
    )


def _said(where: tuple[Text, ...]) -> Text:
    return Text(" › ".join(one.zh for one in where), " › ".join(one.en for one in where))


def _pairs(node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, inner in node.value:
            yield key.value, inner


def _title(node: yaml.Node) -> Text | None:
    """What a part is called: its title, or itself where it is nothing but a title."""
    pairs = dict(_pairs(node))
    named = pairs.get("title", node)
    said = {key: inner.value for key, inner in _pairs(named) if isinstance(inner, yaml.ScalarNode)}
    return Text(said["zh"], said["en"]) if set(said) == _LANGUAGES else None


def put_word(tree: Any, leaf: Leaf, written: str) -> None:
    """Put what stands in a cell into a plain tree; an empty cell takes the entry out."""
    if written == leaf.value:
        return
    *above, last = leaf.path
    parent = _inside(tree, above)
    if not written and isinstance(parent, dict):
        del parent[last]
        return
    parent[last] = typed(leaf.kind, written, leaf.choices)


def put_text(tree: Any, leaf: Leaf, zh: str, en: str) -> None:
    """Put a sentence in both languages into a plain tree; without any of them the entry is taken out."""
    said = _inside(tree, leaf.path)
    for language, old, new in (("zh", leaf.zh, zh), ("en", leaf.en, en)):
        if old == new:
            continue
        if new:
            said[language] = new
        else:
            said.pop(language, None)
    if not said and leaf.path:
        parent = _inside(tree, leaf.path[:-1])
        if isinstance(parent, dict):
            del parent[leaf.path[-1]]


def typed(kind: Kind, written: str, choices: Iterable[str] = ()) -> Any:
    """The value that a cell means: what cannot be of its kind stays the word that it is, for the checker to name."""
    if kind in ("integer", "word"):
        written = digits(written)
    if kind == "boolean":
        return {YES: True, NO: False, "true": True, "false": False}.get(written, written)
    if kind in ("integer", "literal") and _NUMBER.match(written):
        return int(written)
    if kind == "literal" and written in ("true", "false"):
        return written == "true"
    if kind == "list":
        words = [word.strip() for word in written.replace(";", LIST).split(LIST)]
        return [code_of(word) for word in words if word]
    return code_of(written, choices)


def _inside(tree: Any, path: list[str | int] | Path) -> Any:
    for step in path:
        tree = tree[step]
    return tree
