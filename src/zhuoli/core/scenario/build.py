"""A tree of YAML nodes becomes structs of the model; every deviation becomes a mistake.

Reading goes on after a mistake. What can be repaired without guessing (an unknown key, a missing
translation, a second copy of a key) is repaired for the rest of the run, so that the checker can still say
what else is wrong; what cannot is *lost*, and the checker is not asked.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_args

import msgspec
import yaml

from zhuoli.core.scenario.catalog import LANGUAGES, did_you_mean, mistake, nearest
from zhuoli.core.scenario.queries import Subject
from zhuoli.core.scenario.shapes import Anything, Bilingual, Key, Listing, Mapping, Record, Scalar, Shape
from zhuoli.core.scenario.yamltree import place_of
from zhuoli.core.text import Mistake, Text

DEEPEST = 12
"""How deep plain data (what an example gives and expects) may be nested."""

ID = re.compile(r"[a-z\u4e00-\u9fff][a-z0-9_\u4e00-\u9fff]*\Z")
CHOICE_ID = re.compile(r"[A-Za-z0-9_\u4e00-\u9fff]+\Z")
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+\Z")
_NOTHING = ("", "~", "null")
_TRUE = {"yes", "on", "y", "true", "是", "1"}


class _Lost:
    """What stands for a value that could not be read."""


LOST = _Lost()


@dataclass
class Reading:
    """The run over one file: where we are and what was found."""

    file: str
    mistakes: list[Mistake] = field(default_factory=list)
    lost: bool = False

    def say(self, code: str, node: yaml.Node, **values: object) -> None:
        """Note a mistake at ``node``."""
        self.mistakes.append(mistake(code, place_of(node, self.file), **values))

    def lose(self, code: str, node: yaml.Node, **values: object) -> _Lost:
        """Note a mistake after which nothing can stand in for the value."""
        self.say(code, node, **values)
        self.lost = True
        return LOST


Reader = Callable[[yaml.Node, str, Reading], Any]


def build(node: yaml.Node, shape: Shape, reading: Reading, name: str) -> Any:
    """Make the value of ``shape`` from ``node``; ``LOST`` when it cannot be made. ``name`` is for sentences."""
    return _reader(shape)(node, name, reading)


def required_keys(shape: Shape) -> str:
    """The mandatory keys of a file, for the sentence about an empty one."""
    keys = shape.keys.values() if isinstance(shape, Record) else ()
    return ", ".join(key.name for key in keys if key.required)


def _reader(shape: Shape) -> Reader:
    match shape:
        case Scalar(kind="word", choices=()):
            return _word
        case Scalar(kind="word"):
            return _choice_reader(shape.choices)
        case Scalar(kind="integer"):
            return _integer
        case Scalar(kind="boolean"):
            return _boolean
        case Scalar():
            return _literal
        case Bilingual():
            return _text
        case Anything():
            return _anything
        case Listing():
            return _list_reader(shape)
        case Mapping():
            return _mapping_reader(shape)
        case Record():
            return _record_reader(shape)


def _scalar(node: yaml.Node, name: str, reading: Reading) -> str | _Lost:
    if not isinstance(node, yaml.ScalarNode):
        return reading.lose("not_a_word", node, key=name)
    if _is_bare(node) and node.value in _NOTHING:
        return reading.lose("empty_value", node, key=name)
    return str(node.value)


def _word(node: yaml.Node, name: str, reading: Reading) -> str | _Lost:
    value = _scalar(node, name, reading)
    return value.strip() if isinstance(value, str) else value


_SUBJECTS = frozenset(get_args(Subject))
_PERSONS = frozenset(
    {
        "person",
        "people",
        "party",
        "resident",
        "citizen",
        "driver",
        "owner",
        "worker",
        "tenant",
        "个人",
        "人",
        "人员",
    }
)
"""What authors write for a subject that no register and no model may have."""


def _choice_reader(choices: tuple[str, ...]) -> Reader:
    allowed = list(choices)
    known = frozenset(choices)

    def read(node: yaml.Node, name: str, reading: Reading) -> str | _Lost:
        value = _word(node, name, reading)
        if isinstance(value, _Lost) or value in known:
            return value
        return reading.lose(
            "person_subject" if known == _SUBJECTS and value.lower() in _PERSONS else "unknown_value",
            node,
            value=value,
            nearest=did_you_mean(value, allowed),
            allowed=", ".join(allowed),
        )

    return read


def _integer(node: yaml.Node, name: str, reading: Reading) -> int | _Lost:
    value = _scalar(node, name, reading)
    if isinstance(value, _Lost):
        return value
    if _is_bare(node) and _INTEGER.match(value) and len(value) <= 15:
        return int(value)
    return reading.lose("not_an_integer", node, value=value)


def _boolean(node: yaml.Node, name: str, reading: Reading) -> bool | _Lost:
    value = _scalar(node, name, reading)
    if isinstance(value, _Lost):
        return value
    if _is_bare(node) and value in ("true", "false"):
        return value == "true"
    better = "true" if value.lower() in _TRUE else "false"
    return reading.lose("not_true_false", node, value=value, better=better)


def _literal(node: yaml.Node, name: str, reading: Reading) -> str | int | bool | _Lost:
    value = _scalar(node, name, reading)
    return value if isinstance(value, _Lost) else _plain(node, value)


def _plain(node: yaml.Node, value: str) -> Any:
    """The meaning of a single value where any kind may stand; dates and yes/no stay words."""
    if not _is_bare(node):
        return value
    if value in ("true", "false"):
        return value == "true"
    if _INTEGER.match(value):
        return int(value) if len(value) <= 18 else value
    return float(value) if _DECIMAL.match(value) else value


def _anything(node: yaml.Node, name: str, reading: Reading, depth: int = 0) -> Any:
    if depth > DEEPEST:
        return reading.lose("too_deep", node, limit=DEEPEST)
    if isinstance(node, yaml.ScalarNode):
        if _is_bare(node) and node.value in _NOTHING:
            return None
        return _plain(node, node.value)
    if isinstance(node, yaml.SequenceNode):
        return [_anything(item, name, reading, depth + 1) for item in node.value]
    pairs = _pairs(node, reading)
    return {key: _anything(value, key, reading, depth + 1) for key, (_, value) in pairs.items()}


def _text(node: yaml.Node, name: str, reading: Reading) -> Text | _Lost:
    if not isinstance(node, yaml.MappingNode):
        written = node.value if isinstance(node, yaml.ScalarNode) else ""
        chinese = any("\u4e00" <= sign <= "\u9fff" for sign in written)
        zh, en = (written, "…") if chinese else ("…", written or "…")
        return reading.lose("not_text", node, zh=zh, en=en)
    said: dict[str, str] = {}
    for key, (at, value) in _pairs(node, reading).items():
        if key not in LANGUAGES:
            nothing = isinstance(value, yaml.ScalarNode) and value.value == ""
            if nothing:
                reading.say("comma_in_text", at, key=key)
            else:
                reading.say(
                    "unknown_key",
                    at,
                    key=key,
                    where=Text("双语文字", "a text in both languages"),
                    nearest="",
                    allowed="zh, en",
                )
        elif not isinstance(value, yaml.ScalarNode):
            reading.lose("not_a_word", value, key=key)
            said[key] = "…"
        elif value.value.strip() and not (_is_bare(value) and value.value in _NOTHING):
            said[key] = value.value.strip()
    for language, called in LANGUAGES.items():
        if language not in said:
            reading.say("missing_translation", node, language=called)
    if not said:
        reading.lost = True
        return LOST
    first = next(iter(said.values()))
    return Text(said.get("zh", first), said.get("en", first))


def _list_reader(shape: Listing) -> Reader:
    read = _reader(shape.item)

    def read_list(node: yaml.Node, name: str, reading: Reading) -> tuple[Any, ...] | _Lost:
        if isinstance(node, yaml.SequenceNode):
            items = [read(item, name, reading) for item in node.value]
        elif shape.single:
            items = [read(node, name, reading)]
        else:
            written = node.value if isinstance(node, yaml.ScalarNode) and node.value else "…"
            return reading.lose("not_a_list", node, key=name, value=written)
        return LOST if any(item is LOST for item in items) else tuple(items)

    return read_list


def _mapping_reader(shape: Mapping) -> Reader:
    read = _reader(shape.item)
    pattern = CHOICE_ID if isinstance(shape.item, Record) and shape.item.name == "Choice" else ID

    def read_mapping(node: yaml.Node, name: str, reading: Reading) -> dict[str, Any] | _Lost:
        if not isinstance(node, yaml.MappingNode):
            return reading.lose("not_a_mapping", node, key=name, example="…: …")
        made: dict[str, Any] = {}
        whole = True
        for key, (at, value) in _pairs(node, reading).items():
            if shape.ids and not pattern.match(key):
                reading.say("bad_id", at, key=key, better=_better_id(key))
            one = read(value, key, reading)
            if one is LOST:
                whole = False
            else:
                made[key] = one
        return made if whole else LOST

    return read_mapping


def _record_reader(shape: Record) -> Reader:
    """Return the reader of a struct, made once; other threads see it only when it is whole."""
    found = _structs.get(shape.struct)
    if found is not None:
        return found
    with _making:
        return _structs.get(shape.struct) or _make_record_reader(shape)


def _make_record_reader(shape: Record) -> Reader:
    inner: dict[str, tuple[Key, Reader]] = {}

    def read_record(node: yaml.Node, name: str, reading: Reading) -> Any:
        if shape.short_word and isinstance(node, yaml.ScalarNode):
            word = _word(node, name, reading)
            return LOST if word is LOST else shape.struct(**{shape.short_word: word})
        if not isinstance(node, yaml.MappingNode):
            return _wrong_record(shape, node, name, reading)
        pairs = _pairs(node, reading)
        if shape.short_text and pairs and all(key in LANGUAGES for key in pairs):
            title = _text(node, name, reading)
            return LOST if title is LOST else shape.struct(title=title)
        values: dict[str, Any] = {}
        meant: set[str] = set()
        whole = True
        for key, (at, value) in pairs.items():
            known = inner.get(key)
            if known is None:
                meant.add(_unknown(shape, key, at, value, name, pairs, reading))
                continue
            one = known[1](value, key, reading)
            values[known[0].field] = one
            whole = whole and one is not LOST
        for key, (spec, _) in inner.items():
            if spec.required and spec.field not in values:
                whole = False
                reading.lost = True
                if key not in meant:
                    reading.say("missing_key", node, where=_called(shape, name), key=key, line=_sample(spec))
        return shape.struct(**values) if whole else LOST

    inner.update({name: (key, _reader(key.shape)) for name, key in shape.keys.items()})
    _structs[shape.struct] = read_record
    return read_record


_making = threading.RLock()
_structs: dict[type[msgspec.Struct], Reader] = {}


def _unknown(
    shape: Record,
    key: str,
    at: yaml.Node,
    value: yaml.Node,
    name: str,
    pairs: dict[str, tuple[yaml.Node, yaml.Node]],
    reading: Reading,
) -> str:
    """Say that ``key`` is unknown; gives the key that was probably meant."""
    open_keys = [one for one in shape.keys if one not in pairs]
    near = nearest(key, open_keys) or next((new for old, new in _ALIASES.items() if old == key), "")
    near = near if near in shape.keys else ""
    reading.say(
        "unknown_key",
        at,
        key=key,
        where=_called(shape, name),
        nearest=Text(f"是不是“{near}”？", f"Did you mean “{near}”? ") if near else "",
        allowed=", ".join(shape.keys),
    )
    return near


_ALIASES = {"when": "if", "who": "as", "give": "with", "condition": "if", "name": "title", "label": "title"}


def _wrong_record(shape: Record, node: yaml.Node, name: str, reading: Reading) -> _Lost:
    if shape.short_text and isinstance(node, yaml.ScalarNode):
        return _as_lost(_text(node, name, reading))
    keys = [key for key in shape.keys.values() if key.required] or list(shape.keys.values())[:2]
    return reading.lose("not_a_mapping", node, key=name, example=", ".join(f"{key.name}: …" for key in keys))


def _as_lost(_: object) -> _Lost:
    return LOST


def _pairs(node: yaml.Node, reading: Reading) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    """Keys with their nodes; a repeated key is said and its later copies are left out."""
    made: dict[str, tuple[yaml.Node, yaml.Node]] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            reading.lose("key_not_text", key)
        elif key.value in made:
            first = made[key.value][0].start_mark.line + 1
            reading.say("duplicate_key", key, key=key.value, first=first)
        else:
            made[key.value] = (key, value)
    return made


def _called(shape: Record, name: str) -> Text:
    """How the record is called in a sentence: “stages › handling” is the author's word, not ours."""
    return Text(f"“{name}”({shape.name})", f"“{name}” ({shape.name})")


def _sample(key: Key) -> Text:
    match key.shape:
        case Bilingual():
            return Text(f"{key.name}: {{zh: …, en: …}}", f"{key.name}: {{zh: …, en: …}}")
        case Listing():
            return Text(f"{key.name}: [ … ]", f"{key.name}: [ … ]")
        case Mapping() | Record():
            return Text(f"{key.name}: {{ … }}", f"{key.name}: {{ … }}")
        case Scalar(choices=choices) if choices:
            return Text(f"{key.name}: {choices[0]}", f"{key.name}: {choices[0]}")
    return Text(f"{key.name}: …", f"{key.name}: …")


def _is_bare(node: yaml.Node) -> bool:
    """Written without quotes or block sign."""
    return not getattr(node, "style", None)


def _better_id(key: str) -> str:
    better = re.sub(r"[^a-z0-9_\u4e00-\u9fff]+", "_", key.lower()).strip("_")
    return better if ID.match(better) else f"x_{better}".strip("_")
