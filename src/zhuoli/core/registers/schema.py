"""The published JSON Schema of a descriptor, made from the same shapes as the reader."""

from __future__ import annotations

from zhuoli.core.registers.model import Register
from zhuoli.core.registers.reference import KEYS, TITLES
from zhuoli.core.scenario.schema import Schema, Words, schema_of
from zhuoli.core.scenario.shapes import record
from zhuoli.core.text import Text


def register_schema() -> Schema:
    """The schema of ``registers/*.yaml``."""
    return schema_of(
        record(Register),
        "urn:zhuoli:register:1",
        Text("着力点登记册", "Zhuoli register"),
        Words(TITLES, KEYS),
    )
