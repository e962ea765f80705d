"""Descriptors: those that ship are sound, the schema is the model, and each mistake says where and what instead."""

from __future__ import annotations

import json
import typing
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml

from zhuoli.core.registers import model, read_register, read_registers
from zhuoli.core.registers.catalog import CHECKS
from zhuoli.core.registers.reference import KEYS, TITLES
from zhuoli.core.registers.schema import register_schema
from zhuoli.core.registers.special import special_word
from zhuoli.core.scenario.schema import schema_text
from zhuoli.core.scenario.shapes import RENAMED

ROOT = Path(__file__).parents[3]
GOOD = """\
format: 1
register: wells
title: {zh: 水井, en: Wells}
description: {zh: 一行是一口井, en: One row is one well}
subject: place
purpose: {zh: 安全, en: Safety}
source: {zh: 登记, en: Lists}
fresh_days: 30
primaryKey: well
partition: county
fields:
  - {name: well, title: {zh: 编号, en: Well}, constraints: {required: true}}
  - {name: county, title: {zh: 县区, en: County}, format: division, constraints: {required: true}}
  - {name: depth, title: {zh: 深度, en: Depth}, type: number, constraints: {minimum: 0, maximum: 300}}
  - {name: dug, title: {zh: 日期, en: Dug}, type: date, constraints: {minimum: "1950-01-01"}}
  - {name: kind, title: {zh: 类别, en: Kind}, categories: [{value: a, label: {zh: 甲, en: A}}]}
foreignKeys:
  - {fields: [well], reference: {resource: "", fields: [well]}}
"""


def read(tmp_path: Path, text: str) -> tuple[model.Register | None, list[Any]]:
    path = tmp_path / "wells.yaml"
    path.write_text(text, encoding="utf-8")
    return read_register(path)


def test_what_ships_is_sound() -> None:
    found = read_registers(ROOT / "registers")
    assert not found.mistakes
    assert {"villages", "auxiliary_posts", "vans", "fire_equipment", "loop_cases"} <= found.registers.keys()
    for name, one in found.registers.items():
        assert one.subject in model.SUBJECTS
        assert not one.personal or one.deletion is not None, name
        assert name.startswith("loop_") == (one.fed_by == "loop")


def test_what_flows_from_the_loop_is_nobodys_personal_data() -> None:
    for name, one in read_registers(ROOT / "registers").registers.items():
        if one.fed_by == "loop":
            assert not one.personal, name
            assert not {"party", "requester", "phone", "answers", "text", "actor", "post"} & set(one.names)


def test_the_published_schema_is_the_model() -> None:
    written = (ROOT / "docs" / "schema" / "register.schema.json").read_text(encoding="utf-8")
    assert written == schema_text(register_schema()), (
        "run ./zhuoli register schema --out docs/schema/register.schema.json"
    )
    jsonschema.Draft202012Validator.check_schema(json.loads(written))


def test_schema_accepts_what_ships() -> None:
    validator = jsonschema.Draft202012Validator(register_schema())
    for path in (ROOT / "registers").glob("*.yaml"):
        loaded = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # words stay words
        wrong = [
            one.message
            for one in validator.iter_errors(loaded)
            if "'integer'" not in one.message and "'boolean'" not in one.message
        ]
        assert not wrong, path.name


def test_keys_of_model_schema_and_reference_are_the_same() -> None:
    found: dict[str, list[str]] = {}

    def walk(kind: Any) -> None:
        for inner in typing.get_args(kind):
            walk(inner)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind.__module__ == model.__name__:
            hints = typing.get_type_hints(kind)
            found[kind.__name__] = [RENAMED.get(name, name) for name in kind.__struct_fields__]
            for hint in hints.values():
                walk(hint)

    walk(model.Register)
    assert {name: list(keys) for name, keys in KEYS.items()} == found
    assert TITLES.keys() == found.keys()
    schema = register_schema()
    shapes = {**schema["$defs"], "Register": schema}
    for name, keys in found.items():
        assert list(shapes[name]["properties"]) == keys


MISTAKES = [
    ("format: 1", "format: 2", "unknown_format", 1),
    ("register: wells", "register: holes", "register_id_differs", 2),
    ("name: depth,", "name: Tiefe,", "bad_field_name", 14),
    ("name: depth,", "name: well,", "same_field", 14),
    ("fresh_days: 30", "fresh_days: 0", "bad_days", 8),
    ("fresh_days: 30", "fresh: 30", "unknown_key", 8),
    ("primaryKey: well", "primaryKey: wel", "unknown_field", 9),
    ("primaryKey: well", "primaryKey: depth", "key_not_required", 9),
    ("primaryKey: well", "primaryKey: []", "no_primary_key", 9),
    ("partition: county", "partition: depth", "bad_partition", 10),
    ("minimum: 0, maximum: 300", "minimum: 400, maximum: 300", "limits_crossed", 14),
    ("minimum: 0, maximum: 300", "minLength: 3", "limit_not_here", 14),
    ('minimum: "1950-01-01"', "minimum: 1950", "bad_limit", 15),
    ("type: date, constraints: {", 'type: date, constraints: {pattern: "(", ', "bad_pattern", 15),
    ("type: date,", "type: date, format: plate,", "format_not_here", 15),
    ("type: date,", "type: day,", "unknown_value", 15),
    ("name: kind,", "name: kind, type: integer,", "categories_not_here", 16),
    ("categories: [{", "categories: [{value: a, label: {zh: 乙, en: B}}, {", "same_category", 16),
    ("name: kind,", "name: religion,", "special_category", 16),
    ("zh: 类别", "zh: 民族", "special_category", 16),
    ("name: kind,", "name: kind, personal: true,", "personal_without_purpose", 16),
    ("name: kind,", "name: kind, personal: true,", "personal_without_deletion", 11),
    ("{name: well,", "{name: well, personal: true, purpose: {zh: 甲, en: A},", "personal_key", 9),
    ("format: division", "format: resident_id", "not_marked_personal", 13),
    ("subject: place", "subject: person", "person_subject", 5),
    ("fields: [well]}}", "fields: [well, depth]}}", "unequal_key", 18),
    ("{zh: 水井, en: Wells}", "{zh: 水井}", "missing_translation", 3),
]


@pytest.mark.parametrize(("old", "new", "code", "line"), MISTAKES, ids=lambda each: str(each)[:24])
def test_each_mistake_names_its_line(tmp_path: Path, old: str, new: str, code: str, line: int) -> None:
    assert old in GOOD
    _, mistakes = read(tmp_path, GOOD.replace(old, new, 1))
    assert (code, line) in [(one.code, one.line) for one in mistakes], [
        (one.code, one.line, one.message.en) for one in mistakes
    ]
    for one in mistakes:
        assert one.file.endswith("wells.yaml")
        assert all((one.message.zh, one.message.en, one.remedy.zh, one.remedy.en))


def test_the_good_one_is_good_and_every_code_is_used(tmp_path: Path) -> None:
    register, mistakes = read(tmp_path, GOOD)
    assert register is not None
    assert not mistakes
    others = {"unknown_register", "unlike_types", "deletion_not_a_date", "reserved_name", "no_fields"}
    assert CHECKS.keys() <= {each[2] for each in MISTAKES} | others


def test_registers_are_held_against_each_other(tmp_path: Path) -> None:
    (tmp_path / "wells.yaml").write_text(GOOD.replace('resource: ""', "resource: sources"), encoding="utf-8")
    (tmp_path / "wrong.yaml").write_text(
        GOOD.replace("register: wells", "register: wrong").replace(
            'resource: "", fields: [well]', "resource: wells, fields: [depth]"
        ),
        encoding="utf-8",
    )
    found = read_registers(tmp_path)
    assert [one.code for one in found.mistakes] == ["unknown_register", "unlike_types"]
    assert not found.registers


def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "wells.yaml").write_bytes(b"\xff\xfe\x00")
    assert [one.code for one in read_registers(tmp_path).mistakes] == ["not_utf8"]
    assert [one.code for one in read_registers(tmp_path / "nowhere").mistakes] == ["no_folder"]


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("民族乡", True),
        ("健康状况", True),
        ("surface", False),
        ("face_id", True),
        ("trace", False),
        ("county", False),
        ("general", False),
    ],
)
def test_special_categories_are_known_by_their_words(name: str, refused: bool) -> None:
    assert bool(special_word(name)) == refused
