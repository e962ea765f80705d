"""How many digits a calculation can need, and whether two parts of an expression say the same."""

from __future__ import annotations

from decimal import Decimal

from zhuoli.core.feel.tree import Call, Literal, Name, Node, Product, Sum, Within, children
from zhuoli.core.feel.types import Type, written

MAX_DIGITS = 38
"""Digits that a DECIMAL of DuckDB and of Spark holds: a calculation that could need more is refused."""


def digits(node: Node) -> tuple[int, int]:
    """Return how many digits a number can have before and after the point."""
    match node:
        case Literal(value=value) if isinstance(value, int | Decimal):
            integral, _, fraction = _unsigned(value).partition(".")
            return len(integral.lstrip("0")), len(fraction)
        case Name(type=Type(whole=True)):
            return 12, 0
        case Sum(terms=terms):
            sizes = [digits(term) for _, term in terms]
            return max(size[0] for size in sizes) + len(terms) - 1, max(size[1] for size in sizes)
        case Product(factors=factors):
            sizes = [digits(factor) for factor in factors]
            return sum(size[0] for size in sizes) + len(sizes) - 1, sum(size[1] for size in sizes)
        case Call(function="round", arguments=(value, Literal(value=int(places)))):
            before, after = digits(value)
            return before + 1, min(after, places)
        case Call():
            return 6, 0
        case _:
            return 12, 6


def _unsigned(value: int | Decimal) -> str:
    return written(value).removeprefix("-")


def plain(node: Node) -> object:
    """Return the node without its places, to tell whether two parts say the same."""
    match node:
        case Name(name=name):
            return ("name", name)
        case Literal(value=value):
            return ("literal", type(value).__name__, value)
        case _:
            extra = getattr(node, "function", getattr(node, "operator", ""))
            signs = tuple(sign for sign, _ in node.terms) if isinstance(node, Sum) else ()
            tests = repr(node.tests) if isinstance(node, Within) else ""
            return (type(node).__name__, extra, signs, tests, tuple(plain(child) for child in children(node)))
