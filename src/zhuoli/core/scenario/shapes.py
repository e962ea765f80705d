"""What may be written where: the model seen from the file.

A *shape* says which keys a mapping may have and what follows each. Shapes are derived from the structs in
``model``; reader, JSON Schema and reference page are all made from them, so they cannot differ. The few
places where a file is written otherwise than the struct are listed here and nowhere else: renamed keys
(``if``, ``as``, ``with``), short forms, and lists that may be written as a single value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import msgspec
from msgspec import inspect

from zhuoli.core.scenario import feeds, model, queries
from zhuoli.core.text import Text

RENAMED = {
    "when": "if",
    "who": "as",
    "give": "with",
    "primary_key": "primaryKey",
    "foreign_keys": "foreignKeys",
    "missing_values": "missingValues",
    "shortest": "minLength",
    "longest": "maxLength",
}
"""Fields whose key in a file is a word that Python keeps for itself, or the word of a standard (Table Schema)."""

SINGLE = {"appointment", "entry", "exit", "on", "primary_key", "row"}
"""Lists that may be written as one value when there is only one."""

SHORT_TEXT: set[type] = {model.Outcome, model.Choice, model.Result, model.PartyRole, model.Purpose}
"""Structs that may be written as just their title, ``{zh: …, en: …}``."""

SHORT_WORD: dict[type, str] = {model.Due: "promised", feeds.FeedValue: "value"}
"""Structs that may be written as one word, which is then this field."""

ELSEWHERE = {
    "forms",
    "pictures",
    "templates",
    "exports",
    "feeds",
    "tables",
    "notices",
    "indicators",
    "examples",
    "query",
    "finds",
    "sql",
    "servings_text",
    "version",
}
"""Fields of ``Scenario`` that come from other files of the folder."""


@dataclass(frozen=True)
class Scalar:
    """One value: a word, a whole number, true or false, one of ``choices``, or a ``literal`` of any kind."""

    kind: Literal["word", "integer", "boolean", "literal"]
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bilingual:
    """A text in both languages."""


@dataclass(frozen=True)
class Anything:
    """Plain data whose meaning is checked elsewhere."""


@dataclass(frozen=True)
class Listing:
    """A list; ``single`` says that one item may stand for itself."""

    item: Shape
    single: bool = False


@dataclass(frozen=True)
class Mapping:
    """Ids (or free words) and what they stand for."""

    item: Shape
    ids: bool


@dataclass(frozen=True)
class Key:
    """One key of a record: its name in the file, the struct's field, and what follows."""

    name: str
    field: str
    shape: Shape
    required: bool
    default: Any = None


@dataclass(frozen=True)
class Record:
    """A mapping with a fixed set of keys; becomes ``struct``."""

    struct: type[msgspec.Struct]
    keys: dict[str, Key] = field(default_factory=dict)
    short_text: bool = False
    short_word: str = ""

    @property
    def name(self) -> str:
        """The struct's name, used as the definition's name in the schema and the reference."""
        return self.struct.__name__


Shape = Scalar | Bilingual | Anything | Listing | Mapping | Record


@cache
def file_shapes() -> dict[str, Shape]:
    """The shape of each YAML file of a folder."""
    whole = record(model.Scenario)
    main = {name: key for name, key in whole.keys.items() if key.field not in ELSEWHERE}
    return {
        "scenario.yaml": Record(model.Scenario, main),
        "form.yaml": Mapping(record(model.Form), ids=True),
        "pictures.yaml": Mapping(record(model.Picture), ids=True),
        "exports.yaml": Mapping(record(model.FieldList), ids=True),
        "feeds.yaml": Mapping(record(feeds.Feed), ids=True),
        "templates.yaml": Mapping(record(model.Template), ids=True),
        "indicators.yaml": Mapping(record(model.Indicator), ids=True),
        "examples.yaml": Mapping(record(model.Example), ids=True),
        "query.yaml": record(queries.Query),
        "finds.yaml": Mapping(record(queries.Find), ids=True),
    }


@cache
def record(struct: type[msgspec.Struct]) -> Record:
    """The shape of one struct of the model."""
    made = Record(
        struct,
        short_text=struct in SHORT_TEXT,
        short_word=SHORT_WORD.get(struct, ""),
    )
    info = inspect.type_info(struct)
    if not isinstance(info, inspect.StructType):
        raise TypeError(f"{struct} is not a struct")
    for one in info.fields:
        name = RENAMED.get(one.name, one.name)
        default = one.default
        if default is msgspec.NODEFAULT and one.default_factory is not msgspec.NODEFAULT:
            default = one.default_factory()
        made.keys[name] = Key(
            name, one.name, _shape(one.type, one.name), one.required, None if one.required else default
        )
    return made


def _shape(kind: inspect.Type, name: str) -> Shape:
    match kind:
        case inspect.AnyType():
            return Anything()
        case inspect.StrType():
            return Scalar("word")
        case inspect.IntType():
            return Scalar("integer")
        case inspect.BoolType():
            return Scalar("boolean")
        case inspect.LiteralType(values=values):
            return Scalar("word", tuple(sorted(str(value) for value in values if value)))
        case inspect.StructType(cls=cls):
            return Bilingual() if cls is Text else record(cls)
        case inspect.VarTupleType(item_type=item):
            return Listing(_shape(item, name), single=name in SINGLE)
        case inspect.DictType(value_type=value):
            inner = _shape(value, name)
            return Mapping(inner, ids=isinstance(inner, Record))
        case inspect.UnionType(types=types):
            real = [one for one in types if not isinstance(one, inspect.NoneType)]
            return _shape(real[0], name) if len(real) == 1 else Scalar("literal")
    raise TypeError(f"the reader does not know {kind} (field {name})")
