"""The function that decides a table.

Exact meaning: a rule is the ``and`` of its cells from left to right, so that a missing answer is an error where a
cell that still matters looks at it; FIRST asks rules from top to bottom until one fits, every other policy asks all.
``_general`` computes just that on masks. The generated fast path serves the usual case, where every input that is
looked at has a plain value: nothing can be missing then, and the mask of all inputs together says everything.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import msgspec

from zhuoli.core.feel.errors import ManyRules, NoRule, RunError
from zhuoli.core.feel.masks import Column, bits, lookup
from zhuoli.core.feel.python import exact_reader
from zhuoli.core.feel.rules import LIST_POLICIES, RANKED_POLICIES, Rule, Rules
from zhuoli.core.feel.tree import Name
from zhuoli.core.feel.types import INSTANT_LIMIT, NUMBER_LIMIT, canonical
from zhuoli.core.text import Text

MAX_REMEMBERED = 4096


class Decision(msgspec.Struct, frozen=True):
    """The outcome of a table: values by output, the rules that fired, and the notes of each of them.

    The else row has number 0. Decisions are shared between calls; their mappings cannot be changed.
    """

    outputs: Mapping[str, Any]
    rules: tuple[int, ...]
    notes: tuple[Mapping[str, Text], ...]


def decider(table: Rules) -> Callable[[Mapping[str, Any]], Decision]:
    """Return the function that decides ``table`` for values keyed by name."""
    return _Decider(table).made()


def in_order(table: Rules) -> list[Rule]:
    """Return the rules in the order of their bits: by priority where outcomes are ranked, else from top to bottom."""
    if table.policy in RANKED_POLICIES:
        return sorted(table.rules, key=table.rank)
    return list(table.rules)


def columns_of(table: Rules, rules: list[Rule]) -> list[Column]:
    """Return the masks of every input over ``rules``."""
    return [
        Column(each.type, [rule.cells[index] for rule in rules]) for index, each in enumerate(table.inputs)
    ]


class _Decider:
    def __init__(self, table: Rules) -> None:
        self.table = table
        self.rules = in_order(table)
        self.columns = columns_of(table, self.rules)
        self.readers = [exact_reader(each.node) for each in table.inputs]
        self.everything = (1 << len(self.rules)) - 1
        self.known = _Remembered(self)
        if table.policy in ("U", "F", "P"):
            for index, rule in enumerate(self.rules):
                self.known[1 << index] = self.one(rule)

    def made(self) -> Callable[[Mapping[str, Any]], Decision]:
        bound: dict[str, Any] = {
            "general": self.general,
            "known": self.known,
            "date": datetime.date,
            "Failure": (KeyError, TypeError, RunError),
        }
        reads: list[str] = []
        guards: list[str] = []
        masks: list[str] = []
        for index, column in enumerate(self.columns):
            if not column.is_free:
                self._column(index, column, bound, reads, guards, masks)
        source = "def decide(values):\n    try:\n"
        source += "".join(f"        {line}\n" for line in reads)
        mask = " & ".join(masks) if masks else str(self.everything)
        if guards:
            source += f"        if not ({' and '.join(guards)}):\n            return general(values)\n"
        if self.table.policy in ("F", "P"):
            source += f"        hits = {mask}\n        return known[hits & -hits]\n"
        else:
            source += f"        return known[{mask}]\n"
        source += "    except Failure:\n        return general(values)\n"
        exec(compile(source, "<table>", "exec"), bound)  # noqa: S102 - made of bound names and fixed words only
        function: Callable[[Mapping[str, Any]], Decision] = bound["decide"]
        return function

    def _column(
        self,
        index: int,
        column: Column,
        bound: dict[str, Any],
        reads: list[str],
        guards: list[str],
        masks: list[str],
    ) -> None:
        """Add the source that finds the mask of one input."""
        node, kind = self.table.inputs[index].node, column.kind.kind
        local = f"v{index}"
        if isinstance(node, Name):
            bound[f"k{index}"] = node.name
            read = f"values[k{index}]"
        else:
            bound[f"r{index}"] = self.readers[index]
            read = f"r{index}(values)"
        match kind:
            case "choice":
                bound[f"m{index}"] = column.exact
                masks.append(f"m{index}[{read}]")
            case "boolean":
                reads.append(f"{local} = {read}")
                guards.append(f"type({local}) is bool")
                masks.append(f"({column.exact[True]} if {local} else {column.exact[False]})")
            case "text":
                bound[f"m{index}"] = column.exact.get
                reads.append(f"{local} = {read}")
                guards.append(f"type({local}) is str")
                masks.append(f"m{index}({local}, {column.other})")
            case "many":
                bound[f"m{index}"] = _many_mask(column)
                masks.append(f"m{index}({read})")
            case _:
                limits = {"date": None, "datetime": (-INSTANT_LIMIT, INSTANT_LIMIT)}.get(
                    kind, (-NUMBER_LIMIT, NUMBER_LIMIT)
                )
                bounds, found, bisection = lookup(column, limits)
                bound[f"b{index}"], bound[f"m{index}"] = bounds, found
                reads.append(f"{local} = {read}")
                if isinstance(node, Name):
                    guards.append(f"type({local}) is {'date' if kind == 'date' else 'int'}")
                if bisection is not None:
                    bound[f"s{index}"] = bisection
                    masks.append(f"m{index}[s{index}(b{index}, {local})]")
                else:
                    bound["left"], bound["right"] = bisect_left, bisect_right
                    masks.append(f"m{index}[left(b{index}, {local}) + right(b{index}, {local})]")

    def general(self, values: Mapping[str, Any]) -> Decision:
        """Decide by the exact meaning, whatever is missing or wrong among the values."""
        mask, failed = self.everything, 0
        failures: list[tuple[int, RunError]] = []
        for column, read in zip(self.columns, self.readers, strict=True):
            asking = mask & ~column.free
            if not asking:
                continue
            try:
                value = read(values)
            except RunError as error:
                failures.append((asking, error))
                failed |= asking
                mask &= column.free
            else:
                mask &= column.mask(value)
        if self.table.policy == "F":
            hit = mask & -mask
            failed = failed & (hit - 1) if hit else failed
            mask = hit
        elif self.table.policy == "P" and not failed:
            mask &= -mask
        if failed:
            first = min(bits(failed), key=lambda bit: self.rules[bit].line)
            for asking, failure in failures:
                if asking >> first & 1:
                    raise failure
        return self.known[mask]

    def resolve(self, mask: int) -> Decision:
        """Return the decision for a mask of rules that fit."""
        table, hits = self.table, [self.rules[bit] for bit in bits(mask)]
        if not hits and table.policy not in LIST_POLICIES and table.policy != "C#":
            if table.otherwise is None:
                raise NoRule(table.file)
            return self.one(table.otherwise)
        numbers = tuple(rule.number for rule in hits)
        notes = tuple(MappingProxyType(dict(rule.notes)) for rule in hits)
        if table.policy in ("U", "A", "F", "P"):
            if (len(hits) > 1 and table.policy == "U") or len({rule.outputs for rule in hits}) > 1:
                raise ManyRules(table.file, numbers)
            return Decision(self.one(hits[0]).outputs, numbers, notes)
        outputs: dict[str, Any] = {}
        for index, output in enumerate(table.outputs):
            found: list[Any] = [rule.outputs[index] for rule in hits]
            match table.policy:
                case "C+":
                    outputs[output.name] = canonical(sum(found))
                case "C<":
                    outputs[output.name] = min(found)
                case "C>":
                    outputs[output.name] = max(found)
                case "C#":
                    outputs[output.name] = len(found)
                case _:
                    outputs[output.name] = tuple(found)
        return Decision(MappingProxyType(outputs), numbers, notes)

    def one(self, rule: Rule) -> Decision:
        """Return the decision of a single rule."""
        names = (output.name for output in self.table.outputs)
        outputs = MappingProxyType(dict(zip(names, rule.outputs, strict=True)))
        return Decision(outputs, (rule.number,), (MappingProxyType(dict(rule.notes)),))


class _Remembered(dict[int, Decision]):
    """Decisions by mask, made when they are first asked for."""

    def __init__(self, decider: _Decider) -> None:
        super().__init__()
        self.decider = decider

    def __missing__(self, mask: int | None) -> Decision:
        if mask is None:
            raise TypeError("a number out of range has no mask")
        decision = self.decider.resolve(mask)
        if len(self) < MAX_REMEMBERED:
            self[mask] = decision
        return decision


def _many_mask(column: Column) -> Callable[[Any], int]:
    allowed = frozenset(column.kind.values)

    def mask(value: Any) -> int:
        if type(value) not in (tuple, list) or not allowed.issuperset(value):
            raise TypeError
        return column.mask(value)

    return mask
