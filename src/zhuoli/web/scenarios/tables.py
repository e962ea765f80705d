"""Decision tables twice: as the sheet that their author wrote, and each rule in words."""

from __future__ import annotations

import csv
import io

import msgspec

from zhuoli.core.case.plan import Plan
from zhuoli.core.feel.rules import HIT_POLICIES
from zhuoli.core.scenario.explain import sections
from zhuoli.core.scenario.labels import labels_of
from zhuoli.core.text import Text
from zhuoli.web.scenarios.blocks import Shown, shown

ROLES = {"when": "when", "then": "then", "note": "note", "如果": "when", "则": "then", "说明": "note"}


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A table: its hit policy in words, its columns (role, heading), its rows, and its rules in words."""

    name: str
    policy: Text
    columns: tuple[tuple[str, Text], ...]
    rows: tuple[tuple[str, ...], ...]
    rules: tuple[Shown, ...]


def of(plan: Plan, language: str) -> list[Sheet]:
    """Return the tables of a scenario, in the order of their names."""
    said = _rules(plan, language)
    labels = labels_of(plan.scenario)
    return [
        _sheet(
            name, plan.scenario.tables[name], HIT_POLICIES[table.policy], labels, said.get(name, ()), language
        )
        for name, table in plan.tables.items()
    ]


def _sheet(
    name: str, source: str, policy: Text, labels: dict[str, Text], rules: tuple[Shown, ...], language: str
) -> Sheet:
    grid = [row for row in csv.reader(io.StringIO(source.lstrip("\ufeff"))) if any(row)]
    header, *rows = grid
    kept: list[int] = []
    columns: list[tuple[str, Text]] = []
    for number, cell in enumerate(header[1:], start=1):
        role, _, heading = cell.strip().partition(" ")
        kind = ROLES.get(role, "when")
        other = ".en" if language == "zh" else ".zh"
        if kind == "note" and heading.endswith(other):
            continue
        kept.append(number)
        heading = heading.removesuffix(".zh").removesuffix(".en")
        columns.append((kind, labels.get(heading, Text(heading, heading))))
    body = tuple((row[0], *(row[number] if number < len(row) else "" for number in kept)) for row in rows)
    return Sheet(name=name, policy=policy, columns=tuple(columns), rows=body, rules=rules)


def _rules(plan: Plan, language: str) -> dict[str, tuple[Shown, ...]]:
    """Take each table's rules in words from the explanation of the scenario."""
    found: dict[str, tuple[Shown, ...]] = {}
    for section in sections(plan.scenario):
        if section.name != "tables":
            continue
        name = ""
        for block, one in zip(section.blocks, shown(section.blocks, language), strict=True):
            if one.kind == "h3":
                name = block.text.en
            elif name:
                found[name] = (*found.get(name, ()), one)
    return found
