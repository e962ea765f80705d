"""A decision table as it was read: columns, rules, hit policy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from zhuoli.core.feel.tree import Constant, Node, Within
from zhuoli.core.feel.types import Type
from zhuoli.core.text import Text

HitPolicy = Literal["U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#"]

HIT_POLICIES: Mapping[str, Text] = {
    "U": Text("唯一：任何情况下只有一条规则适用", "unique: exactly one rule fits"),
    "A": Text("任一：几条规则同时适用时结论相同", "any: rules that fit together agree"),
    "P": Text("优先：取结论优先的规则", "priority: the rule whose outcome comes first in the row of values"),
    "F": Text("首条：取最上面的适用规则", "first: the uppermost rule that fits"),
    "R": Text("按行：列出全部适用规则的结论", "rule order: all outcomes, from top to bottom"),
    "O": Text(
        "按优先：按优先顺序列出全部结论", "output order: all outcomes, in the order of the row of values"
    ),
    "C": Text("收集：列出全部适用规则的结论", "collect: all outcomes"),
    "C+": Text("求和", "collect: the sum of the outcomes"),
    "C<": Text("取最小", "collect: the smallest outcome"),
    "C>": Text("取最大", "collect: the greatest outcome"),
    "C#": Text("计数", "collect: the number of rules that fit"),
}
"""The hit policies of DMN (OMG DMN 1.4, section 8.2.10)."""

LIST_POLICIES = frozenset({"R", "O", "C"})
"""Policies that give lists."""
ZERO_POLICIES = frozenset({"R", "O", "C", "C#"})
"""Policies for which no hit is an answer: the empty list, or zero."""
RANKED_POLICIES = frozenset({"P", "O"})
"""Policies that need the row of values, in order of priority."""


class Input(msgspec.Struct, frozen=True):
    """An input column: the expression of its heading."""

    text: str
    node: Node
    type: Type


class Output(msgspec.Struct, frozen=True):
    """An output column; ``order`` holds its allowed values, the most important first, where they are given."""

    name: str
    type: Type
    order: tuple[Constant, ...] = ()


class Rule(msgspec.Struct, frozen=True):
    """One row: a cell for every input, a value for every output; ``line`` is its row in the sheet.

    The else row has number 0 and no cells.
    """

    number: int
    line: int
    cells: tuple[Within, ...]
    outputs: tuple[Constant, ...]
    notes: Mapping[str, Text]


class Rules(msgspec.Struct, frozen=True):
    """A whole table. ``otherwise`` is the else row."""

    file: str
    policy: HitPolicy
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    otherwise: Rule | None = None

    def rank(self, rule: Rule) -> tuple[int, ...]:
        """Return the place of a rule's outcome in the row of values, column by column; less is more important."""
        return tuple(
            output.order.index(value) if output.order else 0
            for output, value in zip(self.outputs, rule.outputs, strict=True)
        )
