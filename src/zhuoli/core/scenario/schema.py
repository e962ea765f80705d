"""The published JSON Schema of a scenario folder, made from the same shapes as the reader.

Editors check and complete with it as one types; the reader says the same and more. One schema per YAML file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from zhuoli.core.scenario.build import CHOICE_ID, ID
from zhuoli.core.scenario.reference import KEYS, TITLES
from zhuoli.core.scenario.shapes import (
    Anything,
    Bilingual,
    Key,
    Listing,
    Mapping,
    Record,
    Scalar,
    Shape,
    file_shapes,
)
from zhuoli.core.text import Text

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_WORD = ["string", "number", "boolean"]

Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """The schema of each YAML file, by the file's stem."""
    made = {}
    for file, shape in file_shapes().items():
        stem = file.removesuffix(".yaml")
        title = Text(f"着力点场景：{file}", f"Zhuoli scenario: {file}")
        made[stem] = schema_of(shape, f"urn:zhuoli:scenario:1:{stem}", title, Words(TITLES, KEYS))
    return made


@dataclass(frozen=True)
class Words:
    """What structs are called, and what their keys mean."""

    titles: dict[str, Text]
    keys: dict[str, dict[str, Text]]


def schema_of(shape: Shape, name: str, title: Text, words: Words) -> Schema:
    """The schema of one file of ``shape``; ``name`` is its URN."""
    made = _Maker(words)
    body = made.schema(shape)
    return {
        "$schema": DIALECT,
        "$id": name,
        "title": f"{title.en} · {title.zh}",
        **(body if "$ref" not in body else made.definitions.pop(body["$ref"].rpartition("/")[2])),
        "$defs": {each: made.definitions[each] for each in sorted(made.definitions)},
    }


def schema_text(schema: Schema) -> str:
    """A schema as it is published: indented JSON in UTF-8 with a final newline."""
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


class _Maker:
    """Makes schemas, and keeps the definition of each struct that they mention."""

    def __init__(self, words: Words) -> None:
        self.definitions: dict[str, Schema] = {}
        self._words = words

    def schema(self, shape: Shape) -> Schema:
        """The schema of any shape."""
        if isinstance(shape, Scalar):
            return _scalar(shape)
        if isinstance(shape, Anything):
            return {}
        if isinstance(shape, Bilingual):
            self.definitions.setdefault("Text", _text())
            return {"$ref": "#/$defs/Text"}
        if isinstance(shape, Listing):
            inner = self.schema(shape.item)
            many: Schema = {"type": "array", "items": inner}
            return {"anyOf": [inner, many]} if shape.single else many
        if isinstance(shape, Mapping):
            return self._mapping(shape)
        if shape.name not in self.definitions:
            self.definitions[shape.name] = {}
            self.definitions[shape.name] = self._record(shape)
        return {"$ref": f"#/$defs/{shape.name}"}

    def _mapping(self, shape: Mapping) -> Schema:
        found: Schema = {"type": "object", "additionalProperties": self.schema(shape.item)}
        if shape.ids:
            choices = isinstance(shape.item, Record) and shape.item.name == "Choice"
            pattern = (CHOICE_ID if choices else ID).pattern.removesuffix(r"\Z")
            found["propertyNames"] = {"pattern": f"^{pattern}$"}
        return found

    def _record(self, shape: Record) -> Schema:
        title = self._words.titles[shape.name]
        full: Schema = {
            "type": "object",
            "properties": {name: self._key(shape, key) for name, key in shape.keys.items()},
            "required": [name for name, key in shape.keys.items() if key.required],
            "additionalProperties": False,
        }
        called = {"title": f"{title.en} · {title.zh}"}
        if shape.short_text:
            return {**called, "anyOf": [self.schema(Bilingual()), full]}
        if shape.short_word:
            return {**called, "anyOf": [{"type": _WORD}, full]}
        return {**called, **full}

    def _key(self, shape: Record, key: Key) -> Schema:
        words = self._words.keys[shape.name][key.name]
        found = {**self.schema(key.shape), "description": f"{words.en} · {words.zh}"}
        if isinstance(key.default, str | int | bool) and key.default != "":
            found["default"] = key.default
        return found


def _scalar(shape: Scalar) -> Schema:
    if shape.choices:
        return {"enum": list(shape.choices)}
    return {"type": shape.kind if shape.kind in ("integer", "boolean") else _WORD}


def _text() -> Schema:
    one = {"type": _WORD, "minLength": 1}
    return {
        "title": "A text in both languages · 双语文字",
        "type": "object",
        "properties": {"zh": one, "en": one},
        "required": ["zh", "en"],
        "additionalProperties": False,
    }
