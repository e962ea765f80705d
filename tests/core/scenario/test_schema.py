"""The published schema is the model; the reader accepts exactly the form that the schema accepts."""

from __future__ import annotations

import copy
import json
import typing
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from zhuoli.core.scenario import feeds, model, queries
from zhuoli.core.scenario.build import LOST, Reading, build
from zhuoli.core.scenario.reference import KEYS, TITLES
from zhuoli.core.scenario.schema import schema_text, schemas
from zhuoli.core.scenario.shapes import ELSEWHERE, RENAMED, file_shapes
from zhuoli.core.scenario.yamltree import compose

from .helpers import GOOD

PUBLISHED = Path(__file__).parents[3] / "docs" / "schema"
FILES = ("scenario", "form", "indicators", "examples")
MODULES = (model.__name__, queries.__name__, feeds.__name__)


@pytest.mark.parametrize("stem", [*FILES, "query", "feeds"])
def test_what_is_published_is_what_the_model_says(stem: str) -> None:
    written = (PUBLISHED / f"{stem}.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(schemas()[stem]), "run ./zhuoli scenario schema --out docs/schema"
    jsonschema.Draft202012Validator.check_schema(json.loads(written))


def structs_of_the_model() -> dict[str, list[str]]:
    """Every struct with its keys as they are written, found by walking the annotations, not the shapes."""
    found: dict[str, list[str]] = {}

    def walk(kind: Any) -> None:
        for inner in typing.get_args(kind):
            walk(inner)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__module__ in MODULES:
            if kind.__name__ in found:
                return
            hints = typing.get_type_hints(kind)
            found[kind.__name__] = [RENAMED.get(name, name) for name in kind.__struct_fields__]
            for hint in hints.values():
                walk(hint)

    walk(model.Scenario)
    return found


def struct_called(name: str) -> Any:
    return next(found for module in (model, queries, feeds) if (found := getattr(module, name, None)))


def test_the_keys_of_model_schema_reader_and_reference_are_the_same() -> None:
    ours = structs_of_the_model()
    ours["Scenario"] = [key for key in ours["Scenario"] if key not in ELSEWHERE]
    del ours["Notice"]  # a Markdown file, not a mapping
    assert {name: list(keys) for name, keys in KEYS.items()}.keys() == ours.keys() == TITLES.keys()
    for name, keys in ours.items():
        assert list(KEYS[name]) == keys, name
    for stem, schema in schemas().items():
        definitions = {**schema["$defs"], "": schema}
        for name, body in definitions.items():
            full = next((one for one in body.get("anyOf", [body]) if "properties" in one), None)
            if full is None or name == "Text":
                continue
            struct = name or ("Query" if stem == "query" else "Scenario")
            assert list(full["properties"]) == ours[struct], (stem, struct)
            fields = {
                RENAMED.get(one.name, one.name): one for one in msgspec.structs.fields(struct_called(struct))
            }
            assert full["required"] == [key for key in ours[struct] if fields[key].required]


@pytest.mark.parametrize("name", sorted(structs_of_the_model().keys() - {"Notice"}))
def test_the_reader_names_the_same_keys(name: str) -> None:
    from zhuoli.core.scenario.shapes import record

    keys = list(KEYS[name])
    shape = file_shapes()["scenario.yaml"] if name == "Scenario" else record(struct_called(name))
    root, _ = compose("zz_unknown: 1\n", "x")
    reading = Reading("x")
    assert root is not None
    build(root, shape, reading, "x")
    said = next(one for one in reading.mistakes if one.code == "unknown_key")
    assert said.remedy.en == f"Keys allowed here: {', '.join(keys)}"


def plain(stem: str) -> Any:
    """A good file as plain data, with every bare value as a string or what JSON has for it."""
    return yaml.load((GOOD / f"{stem}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def as_reader_sees(stem: str, data: Any) -> bool:
    """Whether the reader finds the form of ``data`` right (warnings about content aside)."""
    text = json.dumps(data, ensure_ascii=False)
    root, problems = compose(text, "x")
    assert root is not None, problems
    reading = Reading("x")
    value = build(root, file_shapes()[f"{stem}.yaml"], reading, stem)
    assert (value is LOST) <= bool(reading.mistakes)
    return not reading.mistakes


def typed(data: Any) -> Any:
    """Bare values of YAML as the JSON that an editor would check: numbers and true/false."""
    if isinstance(data, dict):
        return {key: typed(value) for key, value in data.items()}
    if isinstance(data, list):
        return [typed(value) for value in data]
    if data in ("true", "false"):
        return data == "true"
    return int(data) if data.isdigit() and len(data) < 9 and not data.startswith("0") else data


def paths(data: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here]
    if isinstance(data, dict):
        for key, value in data.items():
            found += paths(value, (*here, key))
    if isinstance(data, list):
        for number, value in enumerate(data):
            found += paths(value, (*here, number))
    return found


GOOD_DATA = {stem: typed(plain(stem)) for stem in FILES}
GOOD_PATHS = {stem: [path for path in paths(data) if path] for stem, data in GOOD_DATA.items()}
VALIDATORS = {stem: jsonschema.Draft202012Validator(schema) for stem, schema in schemas().items()}


@pytest.mark.parametrize("stem", FILES)
def test_schema_and_reader_accept_the_good_files(stem: str) -> None:
    assert list(VALIDATORS[stem].iter_errors(GOOD_DATA[stem])) == []
    assert as_reader_sees(stem, GOOD_DATA[stem])


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_schema_and_reader_agree_on_changed_files(data: st.DataObject) -> None:
    stem = data.draw(st.sampled_from(FILES))
    path = data.draw(st.sampled_from(GOOD_PATHS[stem]))
    changed = copy.deepcopy(GOOD_DATA[stem])
    parent = changed
    for step in path[:-1]:
        parent = parent[step]
    act = data.draw(st.sampled_from(["drop", "word", "list", "mapping", "number", "true", "rename"]))
    if act == "drop":
        del parent[path[-1]]
    elif act == "rename" and isinstance(parent, dict):
        parent["zzz"] = parent.pop(path[-1])
    else:
        values = {"list": [], "mapping": {}, "number": 7, "true": True}
        parent[path[-1]] = values.get(act, "word")
    assert as_reader_sees(stem, changed) == VALIDATORS[stem].is_valid(changed), (stem, path, act)
