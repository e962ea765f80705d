"""A file of ``registers/`` becomes a checked descriptor; every mistake names file, line and what to write instead."""

from __future__ import annotations

from pathlib import Path

import msgspec

from zhuoli.core.registers.check import check_register, check_together
from zhuoli.core.registers.model import Register
from zhuoli.core.scenario.build import Reading, build, required_keys
from zhuoli.core.scenario.catalog import mistake
from zhuoli.core.scenario.folder import has_errors, sort_mistakes
from zhuoli.core.scenario.marks import Marks
from zhuoli.core.scenario.shapes import record
from zhuoli.core.scenario.source import LARGEST
from zhuoli.core.scenario.yamltree import compose
from zhuoli.core.text import Mistake


class Registers(msgspec.Struct, frozen=True):
    """What the folder holds: the sound registers by id in the order of names, and every mistake."""

    registers: dict[str, Register]
    mistakes: list[Mistake]


def read_registers(folder: Path) -> Registers:
    """Read every descriptor of a folder; a broken one never takes the others down."""
    if not folder.is_dir():
        return Registers({}, [mistake("no_folder", (str(folder), 0, 0), path=str(folder))])
    found: dict[str, Register] = {}
    marks: dict[str, Marks] = {}
    mistakes: list[Mistake] = []
    for path in sorted(folder.glob("*.yaml")):
        register, wrong, places = _read(path)
        mistakes += wrong
        if register is not None:
            found[register.register] = register
            marks[register.register] = places
    for name, wrong in check_together(found, marks).items():
        mistakes += wrong
        del found[name]
    return Registers(found, mistakes)


def read_register(path: Path) -> tuple[Register | None, list[Mistake]]:
    """Read one descriptor; what it says of other registers is not looked at."""
    return _read(path)[:2]


def _read(path: Path) -> tuple[Register | None, list[Mistake], Marks]:
    file = str(path)
    empty = Marks(main=file)
    try:
        raw = path.read_bytes()
    except OSError:
        return None, [mistake("missing_file", (file, 0, 0), name=path.name, what=_NOT_THERE)], empty
    if len(raw) > LARGEST:
        return None, [mistake("file_too_large", (file, 0, 0), size=len(raw), limit=LARGEST)], empty
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, [mistake("not_utf8", (file, 0, 0))], empty
    root, mistakes = compose(text, file)
    shape = record(Register)
    if root is None:
        if not mistakes:
            mistakes = [mistake("yaml_empty", (file, 1, 1), required=required_keys(shape))]
        return None, mistakes, empty
    reading = Reading(file)
    made = build(root, shape, reading, "register")
    mistakes += reading.mistakes
    marks = Marks({file: root}, main=file)
    if isinstance(made, Register):
        mistakes += check_register(made, marks, path.stem)
    sound = isinstance(made, Register) and not has_errors(mistakes)
    return (made if sound else None), sort_mistakes(mistakes), marks


_NOT_THERE = "write registers/NAME.yaml · 写 registers/名称.yaml"
