"""The published JSON Schema of a scenario folder, made from the same shapes as the reader.

Editors check and complete with it as one types; the reader says the same and more. One schema per YAML file.
"""

from __future__ import annotations

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
        definitions: dict[str, Schema] = {}
        body = _schema(shape, definitions)
        title = Text(f"着力点场景：{file}", f"Zhuoli scenario: {file}")
        made[stem] = {
            "$schema": DIALECT,
            "$id": f"urn:zhuoli:scenario:1:{stem}",
            "title": f"{title.en} · {title.zh}",
            **(body if "$ref" not in body else definitions.pop(body["$ref"].rpartition("/")[2])),
            "$defs": {name: definitions[name] for name in sorted(definitions)},
        }
    return made


def schema_text(schema: Schema) -> str:
    """A schema as it is published: indented JSON in UTF-8 with a final newline."""
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def _schema(shape: Shape, definitions: dict[str, Schema]) -> Schema:
    if isinstance(shape, Scalar):
        return _scalar(shape)
    if isinstance(shape, Anything):
        return {}
    if isinstance(shape, Bilingual):
        definitions.setdefault("Text", _text())
        return {"$ref": "#/$defs/Text"}
    if isinstance(shape, Listing):
        inner = _schema(shape.item, definitions)
        many: Schema = {"type": "array", "items": inner}
        return {"anyOf": [inner, many]} if shape.single else many
    if isinstance(shape, Mapping):
        return _mapping(shape, definitions)
    if shape.name not in definitions:
        definitions[shape.name] = {}
        definitions[shape.name] = _record(shape, definitions)
    return {"$ref": f"#/$defs/{shape.name}"}


def _scalar(shape: Scalar) -> Schema:
    if shape.choices:
        return {"enum": list(shape.choices)}
    return {"type": shape.kind if shape.kind in ("integer", "boolean") else _WORD}


def _mapping(shape: Mapping, definitions: dict[str, Schema]) -> Schema:
    found: Schema = {"type": "object", "additionalProperties": _schema(shape.item, definitions)}
    if shape.ids:
        choices = isinstance(shape.item, Record) and shape.item.name == "Choice"
        pattern = (CHOICE_ID if choices else ID).pattern.removesuffix(r"\Z")
        found["propertyNames"] = {"pattern": f"^{pattern}$"}
    return found


def _record(shape: Record, definitions: dict[str, Schema]) -> Schema:
    title = TITLES[shape.name]
    full: Schema = {
        "type": "object",
        "properties": {name: _key(shape, key, definitions) for name, key in shape.keys.items()},
        "required": [name for name, key in shape.keys.items() if key.required],
        "additionalProperties": False,
    }
    called = {"title": f"{title.en} · {title.zh}"}
    if shape.short_text:
        return {**called, "anyOf": [_schema(Bilingual(), definitions), full]}
    if shape.short_word:
        return {**called, "anyOf": [{"type": _WORD}, full]}
    return {**called, **full}


def _key(shape: Record, key: Key, definitions: dict[str, Schema]) -> Schema:
    words = KEYS[shape.name][key.name]
    found = {**_schema(key.shape, definitions), "description": f"{words.en} · {words.zh}"}
    if isinstance(key.default, str | int | bool) and key.default != "":
        found["default"] = key.default
    return found


def _text() -> Schema:
    one = {"type": _WORD, "minLength": 1}
    return {
        "title": "A text in both languages · 双语文字",
        "type": "object",
        "properties": {"zh": one, "en": one},
        "required": ["zh", "en"],
        "additionalProperties": False,
    }
