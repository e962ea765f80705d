"""Conditions that are true, or false, whatever is answered."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from zhuoli.core.feel.errors import RunError
from zhuoli.core.feel.python import function_of
from zhuoli.core.feel.tree import And, Call, Compare, Exactly, Literal, Name, Node, Not, Or, Within, names_in
from zhuoli.core.feel.types import Type

MAX_COMBINATIONS = 20_000


def constant_outcome(node: Node) -> bool | None:
    """Return the only outcome a checked condition can have; ``None`` if it has two, or if it cannot be told.

    Each name is compared with constants only, so it is enough to try one value on each constant and one between any two.
    """
    types: dict[str, Type] = {}
    constants: dict[str, set[Any]] = {name: set() for name in names_in(node)}
    if not _gather(node, types, constants):
        return None
    asked = {name for name in constants if name not in types}
    samples: list[list[Any]] = []
    total = 1
    for name in constants:
        found = [True] if name in asked else _samples(types[name], constants[name])
        if _asks(node, name):
            found = [*found, None]
        samples.append(found)
        total *= len(found)
        if total > MAX_COMBINATIONS:
            return None
    evaluate = function_of(node)
    outcomes = set()
    for combination in itertools.product(*samples):
        try:
            outcomes.add(bool(evaluate(dict(zip(constants, combination, strict=True)))))
        except RunError:
            continue
        if len(outcomes) == 2:
            return None
    return outcomes.pop() if outcomes else None


def _gather(node: Node, types: dict[str, Type], constants: Mapping[str, set[Any]]) -> bool:
    match node:
        case Name(name=name, type=kind) if kind is not None:
            types[name] = kind
            return True
        case Literal() | Call(function="answered"):
            return True
        case Not(item=item):
            return _gather(item, types, constants)
        case And(items=items) | Or(items=items):
            return all(_gather(item, types, constants) for item in items)
        case Compare(left=Name(name=name, type=kind), right=Literal(value=value)) if kind is not None:
            types[name] = kind
            constants[name].add(value)
            return True
        case Compare(left=Literal(), right=Name()):
            return _gather(Compare(node.at, node.operator, node.right, node.left), types, constants)
        case Call(function="contains", arguments=(Name(name=name, type=kind), Literal())) if kind is not None:
            types[name] = kind
            return True
        case Within(value=Name(name=name, type=kind), tests=tests) if kind is not None:
            types[name] = kind
            parts = [
                part
                for test in tests
                for part in ((test.value,) if isinstance(test, Exactly) else (test.low, test.high))
                if part is not None
            ]
            constants[name].update(part.value for part in parts if isinstance(part, Literal))
            return all(isinstance(part, Literal) for part in parts)
        case _:
            return False


def _asks(node: Node, name: str) -> bool:
    match node:
        case Call(function="answered", arguments=(Name(name=asked),)):
            return asked == name
        case Not(item=item):
            return _asks(item, name)
        case And(items=items) | Or(items=items):
            return any(_asks(item, name) for item in items)
        case _:
            return False


def _samples(kind: Type, constants: set[Any]) -> list[Any]:
    match kind.kind:
        case "choice":
            return list(kind.values)
        case "boolean":
            return [True, False]
        case "many":
            if len(kind.values) > 12:
                return [None] * (MAX_COMBINATIONS + 1)
            return [
                tuple(itertools.compress(kind.values, picked))
                for picked in itertools.product((False, True), repeat=len(kind.values))
            ]
        case "text":
            other = "x"
            while other in constants:
                other += "x"
            return [*constants, other]
        case "date":
            days = sorted(constants) or [datetime.date(2000, 1, 1)]
            around = {day + datetime.timedelta(days=step) for day in days for step in (-1, 0, 1)}
            return sorted(around)
        case _:
            step = Decimal("0.000001") if kind.kind == "number" and not kind.whole else 1
            points = sorted(constants) or [0]
            around_numbers = {point + change for point in points for change in (-step, 0, step)}
            return sorted(value for value in around_numbers if abs(value) < 10**12)
