"""Choosing a row of a register in a form (``register:`` of a question): those of the county by their names, the town's first.

Where the register has no rows, or there is no county yet, the question stays a plain text.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from zhuoli.core.registers.model import Register
from zhuoli.core.text import Text
from zhuoli.lake.row_names import NamedRow, kinds, name_of_row, rows_of
from zhuoli.web import door
from zhuoli.web.registers.known import registers

Options = tuple[tuple[Text, tuple[tuple[str, Text], ...]], ...]
"""Choices under headings: the value that is sent, and what is shown."""


def row_options(register: str, place: str, chosen: str = "") -> Options:
    """Return what can be chosen for a place (12 digits), under headings; ``chosen`` is among it wherever it lies."""
    known = registers().get(register)
    rows = rows_of(_lake(), known, place) if known is not None else ()
    if known is None or not rows:
        return ()
    town = place[:9] if place[6:9] not in ("", "000") else ""
    near = [row for row in rows if town and row.place.startswith(town)]
    groups = [(door.places().full_name(f"{town}000"), near)] if near else []
    groups += _by_kind(known, [row for row in rows if row not in near])
    found = [
        (title or known.title, tuple((row.key, _text(row.name)) for row in some)) for title, some in groups
    ]
    if chosen and all(row.key != chosen for row in rows):
        found.append((known.title, ((chosen, row_name(register, chosen)),)))
    return tuple(found)


def row_name(register: str, key: str) -> Text:
    """Return what a row is called, with its key; the key alone where it is none."""
    known = registers().get(register)
    name = name_of_row(_lake(), known, key) if known is not None else None
    return Text(f"{name}（{key}）", f"{name} ({key})") if name else _text(key)


def _by_kind(register: Register, rows: list[NamedRow]) -> list[tuple[Text | None, list[NamedRow]]]:
    field = kinds(register)
    if field is None:
        return [(register.title, rows)] if rows else []
    groups = [(one.label, [row for row in rows if row.kind == one.value]) for one in field.categories]
    return [(title, some) for title, some in groups if some]


def _text(name: str) -> Text:
    return Text(name, name)


def _lake() -> Path:
    lake: Path = settings.ENVIRONMENT.data / "lake"
    return lake
