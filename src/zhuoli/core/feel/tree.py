"""The parts of an expression. ``at`` is the column of its first character, from 1; ``type`` is set by the check."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TypeAlias

import msgspec

from zhuoli.core.feel.types import BOOLEAN, Type

Constant: TypeAlias = str | int | Decimal | bool | datetime.date


class Name(msgspec.Struct, frozen=True):
    """The answer to a question, or another declared name such as ``handle.outcome``."""

    at: int
    name: str
    type: Type | None = None


class Literal(msgspec.Struct, frozen=True):
    """A value that is written in the expression."""

    at: int
    value: Constant
    type: Type | None = None


class Sum(msgspec.Struct, frozen=True):
    """Terms with their signs (+1, -1), from left to right."""

    at: int
    terms: tuple[tuple[int, Node], ...]
    type: Type | None = None


class Product(msgspec.Struct, frozen=True):
    """Factors."""

    at: int
    factors: tuple[Node, ...]
    type: Type | None = None


class Call(msgspec.Struct, frozen=True):
    """A function of the language and its arguments."""

    at: int
    function: str
    arguments: tuple[Node, ...]
    type: Type | None = None


class Compare(msgspec.Struct, frozen=True):
    """``left operator right``; the operator is one of = != < <= > >=."""

    at: int
    operator: str
    left: Node
    right: Node


class Exactly(msgspec.Struct, frozen=True):
    """A test: the value is this one."""

    at: int
    value: Node


class Span(msgspec.Struct, frozen=True):
    """A test: the value lies between two ends; an end that is ``None`` is open without limit."""

    at: int
    low: Node | None
    low_closed: bool
    high: Node | None
    high_closed: bool


class Within(msgspec.Struct, frozen=True):
    """One of the tests holds for the value (none of them, when ``negated``); a cell of a table is one of these."""

    at: int
    value: Node
    tests: tuple[Exactly | Span, ...]
    negated: bool = False


class Not(msgspec.Struct, frozen=True):
    """The contrary."""

    at: int
    item: Node


class And(msgspec.Struct, frozen=True):
    """Every item holds; asked from left to right until one does not."""

    at: int
    items: tuple[Node, ...]


class Or(msgspec.Struct, frozen=True):
    """An item holds; asked from left to right until one does."""

    at: int
    items: tuple[Node, ...]


Test: TypeAlias = Exactly | Span
Node: TypeAlias = Name | Literal | Sum | Product | Call | Compare | Within | Not | And | Or


def type_of(node: Node) -> Type | None:
    """Return the type of a checked node; ``None`` where a mistake was found."""
    if isinstance(node, Name | Literal | Sum | Product | Call):
        return node.type
    return BOOLEAN


def names_in(node: Node) -> tuple[str, ...]:
    """Return the names that the node reads or asks ``answered`` of, in the order in which they first stand."""
    found: dict[str, None] = {}
    _collect(node, found, with_answered=True)
    return tuple(found)


def names_read(node: Node) -> tuple[str, ...]:
    """Return the names whose value the node reads: those that ``answered`` alone asks for are left out."""
    found: dict[str, None] = {}
    _collect(node, found, with_answered=False)
    return tuple(found)


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below."""
    match node:
        case Sum(terms=terms):
            return tuple(term for _, term in terms)
        case Product(factors=factors):
            return factors
        case Call(arguments=arguments):
            return arguments
        case Compare(left=left, right=right):
            return (left, right)
        case Within(value=value, tests=tests):
            return (value, *(part for test in tests for part in parts_of(test)))
        case Not(item=item):
            return (item,)
        case And(items=items) | Or(items=items):
            return items
        case _:
            return ()


def parts_of(test: Test) -> tuple[Node, ...]:
    """Return the nodes of a test."""
    if isinstance(test, Exactly):
        return (test.value,)
    return tuple(part for part in (test.low, test.high) if part is not None)


def _collect(node: Node, found: dict[str, None], *, with_answered: bool) -> None:
    if isinstance(node, Name):
        found[node.name] = None
    elif with_answered or not (isinstance(node, Call) and node.function == "answered"):
        for child in children(node):
            _collect(child, found, with_answered=with_answered)
