"""A folder is read and checked: the scenario if it is sound, and everything that is wrong with it.

    scenario, mistakes = read_folder(Path("scenarios/public_need"))

Reading goes through every file even after the first mistake. The scenario is given only when there is no
mistake of severity ``error``; warnings do not stop it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from zhuoli.core.scenario.build import LOST, Reading, build, required_keys
from zhuoli.core.scenario.catalog import mistake
from zhuoli.core.scenario.check import check_scenario
from zhuoli.core.scenario.check.onward import check_across, opened_by
from zhuoli.core.scenario.choices import with_choices
from zhuoli.core.scenario.marks import Marks
from zhuoli.core.scenario.model import FORMAT, Notice, Scenario
from zhuoli.core.scenario.notices import read_notice
from zhuoli.core.scenario.shapes import file_shapes
from zhuoli.core.scenario.source import (
    LIVES,
    MAIN,
    NOTICES,
    Files,
    folder_files,
    from_bytes,
    life_of,
    placed,
    shared_name,
    version_of,
)
from zhuoli.core.scenario.yamltree import borrowed, completed, compose
from zhuoli.core.text import Mistake, Text

_TABLE = re.compile(r"[^/]+\.csv\Z")
_NOT_A_TABLE = {"servings.csv"}
_FIELD_OF = {
    "form.yaml": "forms",
    "pictures.yaml": "pictures",
    "templates.yaml": "templates",
    "exports.yaml": "exports",
    "feeds.yaml": "feeds",
    "indicators.yaml": "indicators",
    "examples.yaml": "examples",
    "query.yaml": "query",
    "finds.yaml": "finds",
}
_OPTIONAL = {
    "indicators.yaml",
    "pictures.yaml",
    "templates.yaml",
    "exports.yaml",
    "feeds.yaml",
    "query.yaml",
    "finds.yaml",
}
_WHY: dict[str, Text] = {
    MAIN: Text(
        "每个场景都有 scenario.yaml；用 zhuoli scenario new 起一个",
        "Every scenario has a scenario.yaml; start one with zhuoli scenario new",
    ),
    "form.yaml": Text("写 form.yaml，其中有受理表 intake", "Write form.yaml with the form intake"),
    "examples.yaml": Text(
        "写 examples.yaml，至少一个示例；示例就是场景的测试",
        "Write examples.yaml with at least one example: examples are a scenario's tests",
    ),
}


def read_folder(path: Path, *, check: bool = True) -> tuple[Scenario | None, list[Mistake]]:
    """Read and check the scenario folder ``path``; never raises for what an author wrote.

    With ``check=False`` only form is looked at, not meaning. Files in mistakes are named with ``path``.
    """
    files, found = folder_files(path)
    if files or not found:
        scenario, more = read_files(files, folder=path.resolve().name, check=check)
    else:
        scenario, more = None, []
    mistakes = [
        msgspec.structs.replace(one, file=placed(path, one.file)) for one in sort_mistakes(found + more)
    ]
    return (None if has_errors(mistakes) else scenario), mistakes


def across(path: Path, scenario: Scenario, others: Mapping[str, Scenario]) -> list[Mistake]:
    """Check what a sound scenario hands on against the scenarios that take it; files are named with ``path``.

    Lines are looked up only where something is wrong.
    """
    if not check_across(scenario, others):
        return []
    found = check_across(scenario, others, marks_of(path, MAIN))
    return [msgspec.structs.replace(one, file=placed(path, one.file)) for one in sort_mistakes(found)]


def marks_of(path: Path, *names: str) -> Marks:
    """Return where everything stands in these files of a folder, for checks of a scenario that is sound by itself."""
    files, _ = folder_files(path)
    texts = _decode(files, [])
    composed = {name: compose(texts[name], name)[0] for name in names if name in texts}
    return Marks({name: root for name, root in composed.items() if root is not None}, texts)


def beside(path: Path, scenario: Scenario) -> dict[str, Scenario]:
    """Read the scenarios that one hands on to, from the folders beside its own."""
    others: dict[str, Scenario] = {}
    for name in opened_by(scenario):
        folder = path.resolve().parent / name
        if (folder / MAIN).is_file():
            other, _ = read_folder(folder, check=False)
            if other is not None:
                others[other.scenario] = other
    return others


def read_bytes(data: bytes, *, check: bool = False) -> tuple[Scenario | None, list[Mistake]]:
    """Read an archive made by ``folder_bytes``; a stored version was checked when it was stored.

    Raises:
        ValueError: these bytes are no such archive.
    """
    return read_files(from_bytes(data), check=check)


def read_files(
    files: Files, *, folder: str = "", check: bool = True
) -> tuple[Scenario | None, list[Mistake]]:
    """Read a folder's files given as bytes; ``folder`` is the name that the scenario's id must equal."""
    found: list[Mistake] = []
    texts = _decode(files, found)
    trees: dict[str, yaml.Node] = {}
    values: dict[str, Any] = {}
    lost = len(texts) < len(files)
    shared = {shared_name(name)[1]: (name, text) for name, text in texts.items() if shared_name(name)[0]}
    life, line = life_of(files.get(MAIN, b""))
    if life and not shared:
        found.append(mistake("life_missing", (MAIN, line, 7), name=life, folder=LIVES))
        return None, found
    for name in file_shapes():
        if name in shared:
            texts.setdefault(name, "{}")
        if name not in files and name not in shared:
            if name not in _OPTIONAL:
                found.append(mistake("missing_file", (name, 0, 0), name=name, what=_WHY[name]))
                lost = True
            continue
        if name not in texts:
            continue
        value, root, mistakes, missed = _read_yaml(name, texts[name], shared.get(name))
        if root is not None:
            trees[name] = root
        found += mistakes
        lost = lost or missed or value is LOST
        values[name] = value
    notices = _read_notices(texts, found)
    lost = lost or len(notices) < sum(name.startswith(f"{NOTICES}/") for name in texts)
    if lost or MAIN not in values:
        return None, sort_mistakes(found)
    marks = Marks(trees, texts)
    scenario = with_choices(_assemble(values, texts, notices, files), marks, found)
    found += _identity(scenario, folder, marks)
    if check:
        found += check_scenario(scenario, marks)
    return (None if has_errors(found) else scenario), sort_mistakes(found)


def has_errors(mistakes: list[Mistake]) -> bool:
    """Whether one of them is more than a warning."""
    return any(one.severity == "error" for one in mistakes)


def sort_mistakes(mistakes: list[Mistake]) -> list[Mistake]:
    """In the order of the files, then of lines."""
    return sorted(mistakes, key=lambda one: (one.file, one.line, one.column, one.code))


def _decode(files: Files, found: list[Mistake]) -> dict[str, str]:
    texts = {}
    for name, data in files.items():
        try:
            texts[name] = data.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            found.append(mistake("not_utf8", (name, line, 0)))
    return texts


@lru_cache(maxsize=64)
def _read_yaml(
    name: str, text: str, shared: tuple[str, str] | None
) -> tuple[Any, yaml.Node | None, tuple[Mistake, ...], bool]:
    """Read one file: its value, its tree, what is wrong with it, whether something of it is lost.

    Folders that differ in little have files that are the same to the letter; values and trees are never changed.
    """
    shape = file_shapes()[name]
    root, problems = compose(text, name)
    if shared is not None and root is not None:
        common, more = borrowed(shared[1], shared[0])
        problems = [*problems, *more]
        root = root if common is None else completed(root, common)
    reading = Reading(name)
    reading.mistakes += problems
    if root is None:
        if not problems:
            reading.mistakes.append(mistake("yaml_empty", (name, 1, 1), required=required_keys(shape) or "…"))
        return LOST, None, tuple(reading.mistakes), True
    value = build(root, shape, reading, name)
    return value, root, tuple(reading.mistakes), reading.lost


def _read_notices(texts: dict[str, str], found: list[Mistake]) -> dict[str, Notice]:
    notices = {}
    for name, text in texts.items():
        if name.startswith(f"{NOTICES}/"):
            notice, problems = read_notice(text, name)
            found += problems
            if notice is not None:
                notices[Path(name).stem] = notice
    return notices


def _assemble(
    values: dict[str, Any], texts: dict[str, str], notices: dict[str, Notice], files: Files
) -> Scenario:
    tables = {
        Path(name).stem: text
        for name, text in texts.items()
        if _TABLE.match(name) and name not in _NOT_A_TABLE
    }
    parts = {field: values[name] for name, field in _FIELD_OF.items() if name in values}
    scenario: Scenario = msgspec.structs.replace(
        values[MAIN],
        tables=tables,
        notices=notices,
        sql=texts.get("query.sql", ""),
        servings_text=texts.get("servings.csv", ""),
        version=version_of(files),
        **parts,
    )
    return scenario


def _identity(scenario: Scenario, folder: str, marks: Marks) -> list[Mistake]:
    found = []
    if scenario.format != FORMAT:
        place = marks.value("format")
        found.append(mistake("unknown_format", place, value=scenario.format, known=FORMAT))
    if folder and scenario.scenario != folder:
        place = marks.value("scenario")
        found.append(mistake("id_differs", place, written=scenario.scenario, folder=folder))
    return found
